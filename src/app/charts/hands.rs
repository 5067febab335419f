//! What hands do with a chart: mouse, wheel, fingers, keys.

use super::frame::Chart;
use crate::display::keys::{Look, look};
use crate::display::plot::nearest;
use crate::web::task::Frame;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use web_sys::{PointerEvent, WheelEvent};

/// Pixels that make a press a drag.
const DRAG: f64 = 6.0;
/// What a pixel of the wheel, or of a pinch on a touchpad, zooms by: e to this power.
const A_WHEEL_PIXEL: f64 = 0.005;
/// Pixels of a wheel that counts lines.
const A_LINE: f64 = 16.0;

/// The pointers on one chart.
pub struct Hands {
    chart: Chart,
    frame_box: NodeRef<Div>,
    /// A range that is being selected, pixels.
    selected: StoredValue<Option<(f64, f64)>>,
    /// Draws crosshair and selection.
    draw: Frame,
    /// Fingers that are down: pointer and pixel.
    fingers: RefCell<Vec<(i32, f64)>>,
    /// Where a mouse that moves the axis was last, pixels.
    grip: Cell<Option<f64>>,
}

impl Hands {
    /// Hands on a chart.
    pub fn new(
        chart: Chart,
        frame_box: NodeRef<Div>,
        selected: StoredValue<Option<(f64, f64)>>,
        draw: Frame,
    ) -> StoredValue<Hands, LocalStorage> {
        StoredValue::new_local(Hands {
            chart,
            frame_box,
            selected,
            draw,
            fingers: RefCell::default(),
            grip: Cell::default(),
        })
    }

    fn size(&self) -> (f64, f64) {
        let size = |div: web_sys::HtmlDivElement| (f64::from(div.client_width()), f64::from(div.client_height()));
        self.frame_box.get_untracked().map_or((1.0, 1.0), size)
    }

    fn point(&self, event: &PointerEvent) {
        self.chart.point_at((f64::from(event.offset_x()), f64::from(event.offset_y())), self.size());
    }

    fn select(&self, range: Option<(f64, f64)>) {
        self.selected.set_value(range);
        self.draw.ask();
    }

    /// A finger or a button goes down.
    pub fn down(&self, event: &PointerEvent) {
        let x = f64::from(event.offset_x());
        if event.pointer_type() != "mouse" {
            self.fingers.borrow_mut().push((event.pointer_id(), x));
            return self.point(event);
        }
        if event.button() != 0 || self.chart.bounds().is_none() {
            return;
        }
        if let Some(element) = self.frame_box.get_untracked() {
            // Without the capture a drag ends at the chart's edge.
            drop(element.set_pointer_capture(event.pointer_id()));
        }
        if event.shift_key() {
            self.grip.set(Some(x));
        } else {
            self.select(Some((x, x)));
        }
    }

    /// A pointer moves: two fingers zoom and pan, a mouse selects or pans, anything else moves the crosshair.
    pub fn moved(&self, event: &PointerEvent) {
        let x = f64::from(event.offset_x());
        if self.pinched(event.pointer_id(), x) {
            return;
        }
        if let Some(last) = self.grip.replace(self.grip.get().map(|_| x)) {
            return self.pan(last - x);
        }
        if let Some((from, _)) = self.selected.get_value() {
            self.select(Some((from, x)));
        }
        self.point(event);
    }

    /// Moves a finger; true where it is one of two.
    fn pinched(&self, pointer: i32, x: f64) -> bool {
        let mut fingers = self.fingers.borrow_mut();
        let Some(place) = fingers.iter().position(|(id, _)| *id == pointer) else { return false };
        let places = |fingers: &[(i32, f64)]| Some((fingers.first()?.1, fingers.get(1)?.1));
        let before = places(&fingers);
        fingers[place].1 = x;
        let (Some(before), Some(after)) = (before, places(&fingers)) else { return false };
        let axis = self.chart.axis(self.size().0);
        self.chart.cursor.set(None);
        self.chart.look(|bounds, _| bounds.pinched(&axis, before, after));
        true
    }

    /// Moves what is looked at by pixels.
    fn pan(&self, by_px: f64) {
        let axis = self.chart.axis(self.size().0);
        let by = axis.value(axis.from_px + by_px) - axis.from;
        self.chart.look(|bounds, span| bounds.shifted(span, by as i64));
    }

    /// A finger or a button goes up: what was selected is looked at.
    pub fn up(&self, event: &PointerEvent) {
        let range = self.selected.get_value().filter(|(a, b)| (a - b).abs() >= DRAG);
        if let Some((a, b)) = range {
            let axis = self.chart.axis(self.size().0);
            let at = |px: f64| axis.value(px.clamp(axis.from_px, axis.to_px)) as i64;
            self.chart.look(|bounds, _| bounds.fit((at(a.min(b)), at(a.max(b)))));
        } else if let (Some(_), Some(at)) = (self.selected.get_value(), self.chart.cursor.get_untracked()) {
            untrack(|| self.chart.picture.press(at));
        }
        self.let_go(event);
    }

    /// The browser took the pointer, to scroll the page with it.
    pub fn ended(&self, event: &PointerEvent) {
        self.let_go(event);
        self.chart.cursor.set(None);
    }

    /// A pointer leaves. What a finger pointed at stays, so that it can be read.
    pub fn left(&self, event: &PointerEvent) {
        self.let_go(event);
        if event.pointer_type() == "mouse" {
            self.chart.cursor.set(None);
        }
    }

    fn let_go(&self, event: &PointerEvent) {
        self.fingers.borrow_mut().retain(|(id, _)| *id != event.pointer_id());
        self.grip.set(None);
        self.select(None);
    }

    /// The wheel: with Ctrl, which a pinch on a touchpad sends too, it zooms; sideways it pans what is zoomed.
    pub fn turned(&self, event: &WheelEvent) {
        let scale = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { A_LINE } else { 1.0 };
        let (across, down) = (event.delta_x() * scale, event.delta_y() * scale);
        if self.chart.bounds().is_none() {
            return;
        }
        if event.ctrl_key() {
            let axis = self.chart.axis(self.size().0);
            let at = axis.value(f64::from(event.offset_x()).clamp(axis.from_px, axis.to_px)) as i64;
            let factor = libm::exp((down * A_WHEEL_PIXEL).clamp(-1.0, 1.0));
            self.chart.look(|bounds, span| bounds.scaled(span, at, factor));
        } else if across.abs() > down.abs() && self.chart.zoom.get_untracked().is_some() {
            self.pan(across);
        } else {
            return;
        }
        event.prevent_default();
    }
}

/// A key: arrows walk as the picture says, Home and End go to the ends; the others change what is looked at.
pub fn heard_key(chart: &Chart, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let (key, is_shifted) = (event.key(), event.shift_key());
    let is_heard = match look(&key, is_shifted) {
        Some(Look::Whole) => {
            // Where there is nothing to take back the key is the page's.
            let is_changed = chart.zoom.with_untracked(Option::is_some) || chart.cursor.with_untracked(Option::is_some);
            chart.reset();
            is_changed
        }
        Some(wanted) => {
            change(chart, wanted);
            chart.bounds().is_some()
        }
        None => walk(chart, &key, is_shifted),
    };
    if is_heard {
        event.prevent_default();
    }
}

fn change(chart: &Chart, wanted: Look) {
    let cursor = chart.cursor.get_untracked();
    chart.look(|bounds, (from, to)| {
        let at = cursor.unwrap_or(from + (to - from) / 2);
        match wanted {
            Look::Closer => bounds.scaled((from, to), at, 0.5),
            Look::Wider => bounds.scaled((from, to), at, 2.0),
            Look::Earlier => bounds.shifted((from, to), (from - to) / 4),
            Look::Later => bounds.shifted((from, to), (to - from) / 4),
            Look::Whole => None,
        }
    });
}

/// Moves the crosshair, and what is looked at with it; false for a key that does not.
fn walk(chart: &Chart, key: &str, is_shifted: bool) -> bool {
    let mut to = None;
    untrack(|| {
        chart.picture.marks(&mut |marks| {
            let Some(last) = marks.len().checked_sub(1) else { return };
            let here = chart.cursor.get_untracked().and_then(|at| nearest(marks, at)).unwrap_or(last);
            to = match (key, chart.picture.stride(key, is_shifted, marks)) {
                (_, Some(stride)) => Some(marks[here.saturating_add_signed(stride).min(last)]),
                ("Home", _) => Some(marks[0]),
                ("End", _) => Some(marks[last]),
                _ => None,
            };
        });
    });
    let Some(to) = to else { return false };
    chart.keyed.set(Some(to));
    chart.cursor.set(Some(to));
    if chart.zoom.get_untracked().is_some() {
        chart.look(|bounds, span| bounds.showing(span, to));
    }
    true
}
