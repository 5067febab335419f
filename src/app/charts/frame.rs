//! A drawing on two canvases under one crosshair: what is drawn is the caller's, how it is used is the same everywhere.

use super::hands::{Hands, heard_key};
use super::layout::across;
use crate::app::components::{InSight, on_resize, unbroken};
use crate::app::remember;
use crate::app::state::{App, app};
use crate::display::caption::Caption;
use crate::display::plot::{Scale, nearest};
use crate::display::span::{Bounds, Span, leap};
use crate::units::DAY_MS;
use crate::web::canvas::{Palette, Pen};
use crate::web::task::Frame;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use std::sync::Arc;

/// What is drawn, and where the crosshair can stand.
pub trait Picture: Send + Sync {
    /// Follows what the drawing depends on.
    fn track(&self);
    /// Draws a span of the axis, all but the crosshair.
    fn paint(&self, pen: &Pen, palette: &Palette, span: Span);
    /// Draws the crosshair at a place of the axis.
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, span: Span, at: i64);
    /// Shows where the crosshair can stand, ascending.
    fn marks(&self, see: &mut dyn FnMut(&[i64]));
    /// The whole axis; `None` where there is none to zoom, or nothing to draw.
    fn whole(&self) -> Option<Span>;
    /// Answers a press at a place of the axis that was no drag.
    fn press(&self, _at: i64) {}
    /// What stands around it once it is exported; `None` where it cannot be.
    fn caption(&self, span: Span) -> Option<Caption>;
    /// The place on the axis of a point in a drawing of this size; `None` where nothing is drawn.
    fn place_at(&self, (px, _): (f64, f64), (width, _): (f64, f64), span: Span) -> Option<i64> {
        self.whole()?;
        let x = across(span, width);
        Some(x.value(px.clamp(x.from_px, x.to_px)) as i64)
    }
    /// A day on the axis; 0 where it is none of time.
    fn day(&self) -> i64 {
        DAY_MS
    }
    /// How many marks an arrow key walks; `None` for a key that does not.
    fn stride(&self, key: &str, is_shifted: bool, marks: &[i64]) -> Option<isize> {
        let stride = if is_shifted { leap(marks, self.day()) } else { 1 };
        match key {
            "ArrowLeft" => Some(-stride),
            "ArrowRight" => Some(stride),
            _ => None,
        }
    }
}

/// One chart on the page: what is drawn, and what of it is looked at.
#[derive(Clone)]
pub struct Chart {
    /// What is drawn.
    pub picture: Arc<dyn Picture>,
    /// Where the crosshair stands.
    pub cursor: RwSignal<Option<i64>>,
    /// The span that is looked at; `None` for the whole axis.
    pub zoom: RwSignal<Option<Span>>,
    /// The figures are shown as a table instead.
    pub table: RwSignal<bool>,
    /// Where keys moved the crosshair to: what it says there is read out.
    pub keyed: RwSignal<Option<i64>>,
    /// All of it in one sentence; empty where there is nothing to say.
    pub summary: Signal<String>,
    /// Unique id.
    pub id: &'static str,
    /// What a screen reader says of it.
    pub label: &'static str,
}

impl Chart {
    /// A chart with a crosshair and a zoom of its own.
    pub fn new(
        picture: impl Picture + 'static,
        summary: Signal<String>,
        id: &'static str,
        label: &'static str,
    ) -> Chart {
        let (cursor, zoom) = (RwSignal::new(None), RwSignal::new(None));
        let (table, keyed) = (remember::flag(app(), &format!("{id}-table")), RwSignal::new(None));
        Chart { picture: Arc::new(picture), cursor, zoom, table, keyed, summary, id, label }
    }

    /// How far zooming and panning may go; `None` where there is nothing to zoom.
    pub fn bounds(&self) -> Option<Bounds> {
        let whole = untrack(|| self.picture.whole())?;
        let mut bounds = None;
        untrack(|| self.picture.marks(&mut |marks| bounds = Some(Bounds::new(whole, marks))));
        bounds
    }

    /// The bounds, and the span within them that is looked at; `None` where there is nothing to zoom.
    fn view(&self) -> Option<(Bounds, Span)> {
        let bounds = self.bounds()?;
        let span = self.zoom.get_untracked().and_then(|span| bounds.fit(span)).unwrap_or(bounds.whole);
        Some((bounds, span))
    }

    /// The span that is looked at; (0, 1) where there is none.
    pub fn span(&self) -> Span {
        self.view().map_or((0, 1), |(_, span)| span)
    }

    /// The axis across a drawing of this width.
    pub fn axis(&self, width: f64) -> Scale {
        across(self.span(), width)
    }

    /// Looks at what `change` makes of the present span.
    pub fn look(&self, change: impl FnOnce(&Bounds, Span) -> Option<Span>) {
        if let Some((bounds, span)) = self.view() {
            self.zoom.set(change(&bounds, span));
        }
    }

    /// Looks at all of it, without a crosshair.
    pub fn reset(&self) {
        self.zoom.set(None);
        self.cursor.set(None);
    }

    /// Moves the crosshair to the mark nearest to a point; away where nothing is drawn.
    pub fn point_at(&self, at: (f64, f64), size: (f64, f64)) {
        let wanted = untrack(|| self.picture.place_at(at, size, self.span()));
        let mut found = None;
        untrack(|| self.picture.marks(&mut |marks| found = wanted.and_then(|at| Some(marks[nearest(marks, at)?]))));
        self.keyed.set(None);
        self.cursor.set(found);
    }
}

/// What a chart says at its crosshair, for those who hear it: only while keys move it, or every movement of a mouse would speak.
#[component]
pub fn Spoken(
    /// Of which chart.
    chart: Chart,
    /// What is said there.
    words: Signal<String>,
) -> impl IntoView {
    let Chart { keyed, cursor, .. } = chart;
    let is_said = move || keyed.get().is_some_and(|place| cursor.get() == Some(place));
    let said = move || if is_said() { words.get() } else { String::new() };
    view! { <p class="unseen" role="status">{said}</p> }
}

/// A picture with its crosshair, by pointer, by touch and by keyboard.
#[component]
pub fn Canvases(
    /// What is shown.
    chart: Chart,
) -> impl IntoView {
    let app = app();
    let (ink, above, frame_box) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let palette = StoredValue::new_local(Palette::default());
    // As the browser last told of it.
    let size = StoredValue::new((0.0, 0.0));
    let in_sight = use_context::<InSight>();
    let pen_on = move |canvas: NodeRef<Canvas>| {
        let is_seen = in_sight.is_none_or(|place| place.0.try_get_untracked().unwrap_or_default());
        let canvas = canvas.try_get_untracked().flatten()?;
        if is_seen { Pen::on(&canvas, size.try_get_value()?) } else { None }
    };
    let selected = StoredValue::new(None::<(f64, f64)>);
    let draw = {
        let chart = chart.clone();
        Frame::new(move || {
            if let Some(pen) = pen_on(ink) {
                palette.with_value(|palette| untrack(|| chart.picture.paint(&pen, palette, chart.span())));
            }
        })
    };
    let draw_cursor = {
        let chart = chart.clone();
        Frame::new(move || {
            let Some(pen) = pen_on(above) else { return };
            let seen = chart.view().map(|(_, span)| span);
            let span = seen.unwrap_or((0, 1));
            palette.with_value(|palette| {
                if let Some((a, b)) = selected.get_value() {
                    let x = across(span, pen.width);
                    let (from, to) = (a.min(b).max(x.from_px), a.max(b).min(x.to_px));
                    pen.rect(from, 0.0, to - from, pen.height, &palette.select);
                }
                let is_in_view = |at: &i64| seen.is_none_or(|(from, to)| (from..=to).contains(at));
                if let Some(at) = chart.cursor.get_untracked().filter(is_in_view) {
                    untrack(|| chart.picture.paint_cursor(&pen, palette, span, at));
                }
            });
        })
    };
    let both = {
        let (draw, draw_cursor) = (draw, draw_cursor.clone());
        move || {
            draw.ask();
            draw_cursor.ask();
        }
    };
    {
        let both = both.clone();
        Effect::new(move |_| {
            app.theme.track();
            app.system_theme.track();
            palette.set_value(Palette::read());
            both();
        });
    }
    {
        let (both, chart) = (both.clone(), chart.clone());
        Effect::new(move |_| {
            chart.picture.track();
            chart.zoom.track();
            if in_sight.is_none_or(|place| place.0.get()) {
                both();
            }
        });
    }
    let hands = Hands::new(chart.clone(), frame_box, selected, draw_cursor.clone());
    let cursor = chart.cursor;
    Effect::new(move |_| {
        cursor.track();
        draw_cursor.ask();
    });
    on_resize(frame_box, move |element| {
        size.set_value((f64::from(element.client_width()), f64::from(element.client_height())));
        both();
    });
    let (id, label, whole, keyed) = (app.own_id(chart.id), chart.label, chart.clone(), chart.keyed);
    let sentence = sentence_id(app, chart.id);
    view! {
        <div class="plot" node_ref=frame_box tabindex="0" role="group" id=id aria-label=label aria-describedby=sentence
            on:keydown=move |e| heard_key(&chart, &e) on:focusout=move |_| keyed.set(None)
            on:pointerdown=move |e| hands.with_value(|h| h.down(&e)) on:pointermove=move |e| hands.with_value(|h| h.moved(&e))
            on:pointerup=move |e| hands.with_value(|h| h.up(&e)) on:pointercancel=move |e| hands.with_value(|h| h.ended(&e))
            on:pointerleave=move |e| hands.with_value(|h| h.left(&e)) on:wheel=move |e| hands.with_value(|h| h.turned(&e))
            on:dblclick=move |_| whole.reset()>
            <canvas class="ink" node_ref=ink aria-hidden="true"></canvas>
            <canvas class="above" node_ref=above aria-hidden="true"></canvas>
        </div>
    }
}

fn sentence_id(app: App, id: &str) -> String {
    app.own_id(&format!("{id}-sentence"))
}

/// The chart's sentence below it, which describes it to screen readers too.
#[component]
pub fn Sentence(
    /// Of which chart.
    chart: Chart,
) -> impl IntoView {
    let summary = chart.summary;
    view! { <p class="plot-sentence" id=sentence_id(app(), chart.id)>{move || summary.with(|words| unbroken(words))}</p> }
}
