//! A drawing on two canvases under one crosshair: what is drawn is the caller's.

use crate::app::state::app;
use crate::display::plot::nearest;
use crate::web::canvas::{Palette, Pen};
use crate::web::observe::Resize;
use crate::web::task::Frame;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::PointerEvent;

/// What is drawn, and where the crosshair can stand.
pub trait Picture {
    /// Follows what the drawing depends on.
    fn track(&self);
    /// Draws all but the crosshair.
    fn paint(&self, pen: &Pen, palette: &Palette);
    /// Draws the crosshair, which stands at an instant, ms UTC.
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, at: i64);
    /// The instant at a place of a drawing of this size; `None` where nothing is drawn.
    fn time_at(&self, at: (f64, f64), size: (f64, f64)) -> Option<i64>;
    /// Where the crosshair can stand, ms UTC, ascending.
    fn marks(&self) -> Vec<i64>;
    /// How many marks an arrow key walks; `None` for a key that does not.
    fn stride(&self, key: &str, is_shifted: bool) -> Option<isize> {
        let stride = if is_shifted { 24 } else { 1 };
        match key {
            "ArrowLeft" => Some(-stride),
            "ArrowRight" => Some(stride),
            _ => None,
        }
    }
}

/// A picture with its crosshair, by pointer and by keyboard.
#[component]
pub fn Canvases(
    /// What is drawn.
    picture: Rc<dyn Picture>,
    /// Where the crosshair stands, ms UTC.
    cursor: RwSignal<Option<i64>>,
    /// Unique id.
    id: &'static str,
    /// What a screen reader says of it.
    label: &'static str,
) -> impl IntoView {
    let app = app();
    let (ink, above, frame_box) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let palette = StoredValue::new_local(Palette::default());
    let pen_on = |canvas: NodeRef<Canvas>| canvas.try_get_untracked().flatten().and_then(|c| Pen::on(&c));
    let draw = {
        let picture = Rc::clone(&picture);
        Frame::new(move || {
            if let Some(pen) = pen_on(ink) {
                palette.with_value(|palette| picture.paint(&pen, palette));
            }
        })
    };
    let draw_cursor = {
        let picture = Rc::clone(&picture);
        Frame::new(move || {
            if let (Some(pen), Some(at)) = (pen_on(above), cursor.get_untracked()) {
                palette.with_value(|palette| picture.paint_cursor(&pen, palette, at));
            }
        })
    };
    let both = {
        let (draw, draw_cursor) = (draw.clone(), draw_cursor.clone());
        move || {
            draw.ask();
            draw_cursor.ask();
        }
    };
    {
        let (both, picture) = (both.clone(), Rc::clone(&picture));
        Effect::new(move |_| {
            app.theme.track();
            app.system_theme.track();
            picture.track();
            palette.set_value(Palette::read());
            both();
        });
    }
    Effect::new(move |_| {
        cursor.track();
        draw_cursor.ask();
    });
    let resize = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        if let Some(element) = frame_box.get() {
            resize.set_value(Resize::watch(&element, both.clone()));
        }
    });
    let moved = {
        let picture = Rc::clone(&picture);
        move |event: PointerEvent| {
            let Some(canvas) = above.get_untracked() else { return };
            let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
            let wanted = picture.time_at((f64::from(event.offset_x()), f64::from(event.offset_y())), size);
            let marks = picture.marks();
            cursor.set(wanted.and_then(|at| nearest(&marks, at)).map(|i| marks[i]));
        }
    };
    view! {
        <div class="plot" node_ref=frame_box tabindex="0" role="group" id=id aria-label=label
            on:keydown=move |e| keys(picture.as_ref(), cursor, &e) on:pointermove=moved on:pointerleave=move |_| cursor.set(None)>
            <canvas class="ink" node_ref=ink aria-hidden="true"></canvas>
            <canvas class="above" node_ref=above aria-hidden="true"></canvas>
        </div>
    }
}

/// Arrows walk as the picture says; Escape takes the crosshair away.
fn keys(picture: &dyn Picture, cursor: RwSignal<Option<i64>>, event: &leptos::ev::KeyboardEvent) {
    let (key, marks) = (event.key(), picture.marks());
    let Some(last) = marks.len().checked_sub(1) else { return };
    let here = cursor.get_untracked().and_then(|t| nearest(&marks, t)).unwrap_or(last);
    let to = match (key.as_str(), picture.stride(&key, event.shift_key())) {
        (_, Some(stride)) => Some(here.saturating_add_signed(stride).min(last)),
        ("Home", _) => Some(0),
        ("End", _) => Some(last),
        ("Escape", _) => None,
        _ => return,
    };
    cursor.set(to.map(|place| marks[place]));
    event.prevent_default();
}
