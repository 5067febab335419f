//! A chart of plain lines over any axis, with its legend under the crosshair and the same figures as a table.

use super::frame::{Canvases, Chart, Picture, Sentence, Spoken};
use super::layout::{LEFT, Pane, across};
use super::paint::{axis, clip, evidence_of, faded, time_axis};
use super::tools::Tools;
use crate::app::state::{App, app};
use crate::display::caption::{Caption, source};
use crate::display::lines::{Axis, Lines, Range, Series, Tone, inside};
use crate::display::plot::{Scale, nice_ticks};
use crate::display::span::Span;
use crate::run::ENGINE_VERSION;
use crate::units::DAY_MS;
use crate::web::canvas::{Align, Dash, Palette, Pen};
use leptos::prelude::*;

/// Room above the pane, and below it.
const HEAD: f64 = 20.0;
const FOOT: f64 = 40.0;
/// Half of a whisker's end.
const CAP: f64 = 2.5;
/// The gap between two bars, and between two strokes of a hatching.
const GAP: f64 = 2.0;
const HATCH: f64 = 7.0;
/// Most points that are dotted: more would touch.
const MOST_DOTS: usize = 80;

/// The places of the crosshair as x.
fn xs(span: Span) -> Range {
    (Lines::x_of(span.0), Lines::x_of(span.1))
}

fn layout(lines: &Lines, span: Span, (width, height): (f64, f64)) -> Option<(Scale, Pane)> {
    let ((from, to), (low, high)) = (xs(span), lines.y_range(xs(span))?);
    let (top, bottom) = (HEAD, (height - FOOT).max(HEAD + 20.0));
    let y = Scale { from: low, to: high, from_px: bottom, to_px: top };
    Some((Scale { from, to, ..across(span, width) }, Pane { top, bottom, y }))
}

fn paint(pen: &Pen, palette: &Palette, lines: &Lines, span: Span) {
    pen.font(&palette.font);
    let Some((x, pane)) = layout(lines, span, (pen.width, pen.height)) else { return };
    if lines.x == Axis::Time {
        time_axis(pen, palette, &x, &[pane]);
    } else {
        x_axis(pen, palette, lines, &x, pane);
    }
    axis(pen, palette, &x, pane, 5, |v, decimals| lines.y.words(v, decimals));
    pen.text(lines.y_title, (LEFT, pane.top - 10.0), &palette.muted, Align::Left);
    pen.text(lines.x_title, (x.to_px, pane.bottom + 30.0), &palette.muted, Align::Right);
    clip(pen, &x, pane);
    if lines.bars.is_none() {
        rules(pen, palette, lines, &x, pane);
    }
    if lines.y != Axis::Percent {
        let zero = pane.y.px(0.0);
        pen.line(&[(x.from_px, zero), (x.to_px, zero)], &palette.hodl, 1.0, Dash::Dashed);
    }
    // What is a point alone stands above the lines.
    let all = || lines.series.iter().enumerate().rev();
    let is_point = |series: &Series| series.points.len() == 1;
    let points = all().filter(|(_, series)| is_point(series));
    for (place, series) in all().filter(|(_, series)| !is_point(series)).chain(points) {
        let stroke = palette.of_key(&series.tone.key(place));
        match lines.bars {
            Some(wide) => paint_bars(pen, (stroke.0, series.tone == Tone::Loss), series, (&x, &pane.y), wide),
            None => paint_series(pen, stroke, &palette.surface, series, &x, &pane.y),
        }
    }
    // Bars would hide them, and they the bars' values.
    if lines.bars.is_some() {
        rules(pen, palette, lines, &x, pane);
        lines.series.iter().for_each(|series| values_of_bars(pen, palette, series, (&x, &pane.y)));
    }
    pen.unclip();
}

fn rules(pen: &Pen, palette: &Palette, lines: &Lines, x: &Scale, pane: Pane) {
    let places: Vec<f64> = lines.rules.iter().map(|(at, _)| x.px(*at).round() + 0.5).collect();
    for (px, (_, word)) in places.iter().zip(&lines.rules) {
        let dash = if *word == "mean" { Dash::Solid } else { Dash::Dashed };
        let line = [(*px, pane.top), (*px, pane.bottom)];
        // a bar behind it may have its colour
        pen.line(&line, &palette.surface, 3.25, Dash::Solid);
        pen.line(&line, &palette.hodl, 1.25, dash);
    }
    for (place, (px, (_, word))) in places.iter().zip(&lines.rules).enumerate() {
        // One below the other, for they may stand close; away from the others, or towards the middle, for one may stand at the edge.
        let others = places.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, px)| *px);
        let wide = pen.text_width(word) + 8.0;
        let is_free = |left: f64| {
            left >= x.from_px && left + wide <= x.to_px && others.clone().all(|o| o < left || o > left + wide)
        };
        let to_the_right = px <= &((x.from_px + x.to_px) / 2.0);
        let right = if is_free(*px) == is_free(px - wide) { to_the_right } else { is_free(*px) };
        let (left, shift, align) = if right { (*px + 1.0, 4.0, Align::Left) } else { (px - wide, -4.0, Align::Right) };
        let y = pane.top + 6.0 + 13.0 * place as f64;
        pen.rect(left, y - 6.5, wide - 1.0, 13.0, &palette.surface);
        pen.text(word, (px + shift, y), &palette.muted, align);
    }
}

fn x_axis(pen: &Pen, palette: &Palette, lines: &Lines, x: &Scale, pane: Pane) {
    let wanted = ((x.to_px - x.from_px) / 80.0).max(3.0) as usize;
    let (ticks, decimals) = nice_ticks(x.from, x.to, wanted);
    let mut free = f64::MIN;
    for tick in ticks {
        let at = x.px(tick).round() + 0.5;
        pen.line(&[(at, pane.top), (at, pane.bottom)], &palette.grid, 1.0, Dash::Solid);
        let words = lines.x.words(tick, decimals);
        let wide = pen.text_width(&words);
        let (align, left) = if at < x.from_px + 20.0 { (Align::Left, at) } else { (Align::Centre, at - wide / 2.0) };
        // Long words leave out every other tick's.
        if left >= free {
            pen.text(&words, (at, pane.bottom + 12.0), &palette.muted, align);
            free = left + wide + 4.0;
        }
    }
}

fn paint_series(pen: &Pen, (colour, dash): (&str, Dash), ground: &str, series: &Series, x: &Scale, y: &Scale) {
    for (at, low, high) in &series.whiskers {
        let (px, low, high) = (x.px(*at), y.px(*low), y.px(*high));
        pen.line(&[(px, low), (px, high)], colour, 1.0, Dash::Solid);
        for end in [low, high] {
            pen.line(&[(px - CAP, end), (px + CAP, end)], colour, 1.0, Dash::Solid);
        }
    }
    let path: Vec<(f64, f64)> = inside(&series.points, (x.from, x.to)).iter().map(|p| (x.px(p.0), y.px(p.1))).collect();
    pen.line(&path, colour, 1.75, dash);
    let size = if series.points.len() == 1 { 4.5 } else { 2.5 };
    if path.len() <= MOST_DOTS {
        path.iter().for_each(|point| pen.dot(*point, size, colour, ground));
    }
}

/// Bars from zero up; those of a loss are hatched.
fn paint_bars(pen: &Pen, (colour, is_hatched): (&str, bool), series: &Series, (x, y): (&Scale, &Scale), wide: f64) {
    for (at, value) in series.points.iter().filter(|p| p.1 != 0.0) {
        let (left, right) = (x.px(at - wide / 2.0) + GAP / 2.0, x.px(at + wide / 2.0) - GAP / 2.0);
        let (top, bottom) = (y.px(*value), y.px(0.0));
        if is_hatched {
            hatched(pen, (left, top, right - left, bottom - top), colour);
        } else {
            pen.rect(left, top, right - left, bottom - top, colour);
        }
    }
}

/// The value of each bar above it.
fn values_of_bars(pen: &Pen, palette: &Palette, series: &Series, (x, y): (&Scale, &Scale)) {
    for (at, value) in series.points.iter().filter(|p| p.1 != 0.0) {
        let (px, py, words) = (x.px(*at), y.px(*value) - 9.0, Axis::Count.words(*value, 0));
        let wide = pen.text_width(&words) + 4.0;
        pen.rect(px - wide / 2.0, py - 6.5, wide, 13.0, &palette.surface);
        pen.text(&words, (px, py), &palette.muted, Align::Centre);
    }
}

fn hatched(pen: &Pen, (left, top, wide, high): (f64, f64, f64, f64), colour: &str) {
    pen.rect(left, top, wide, high, &faded(colour, 0.2));
    pen.clip(left, top, wide, high);
    let strokes = ((wide + high) / HATCH) as usize;
    for place in 0..=strokes {
        let from = left + place as f64 * HATCH;
        pen.line(&[(from, top), (from - high, top + high)], colour, 2.5, Dash::Solid);
    }
    pen.unclip();
}

fn paint_cursor(pen: &Pen, palette: &Palette, lines: &Lines, span: Span, at: i64) {
    let Some((x, pane)) = layout(lines, span, (pen.width, pen.height)) else { return };
    let px = x.px(Lines::x_of(at));
    pen.line(&[(px.round() + 0.5, pane.top), (px.round() + 0.5, pane.bottom)], &palette.text, 1.0, Dash::Dotted);
    for (place, series) in lines.series.iter().enumerate() {
        if let Some(near) = lines.point_near(series, at) {
            let (at, value) = series.points[near];
            pen.dot((x.px(at), pane.y.px(value)), 4.0, palette.of_key(&series.tone.key(place)).0, &palette.surface);
        }
    }
}

/// Lines as they are drawn now, what they are of (a title, and data with dates), the chart's id, and the page whose run they are of.
struct Drawn(Memo<Lines>, Callback<(), (String, String)>, &'static str, Option<(App, RwSignal<usize>)>);

impl Picture for Drawn {
    fn track(&self) {
        self.0.track();
    }
    fn paint(&self, pen: &Pen, palette: &Palette, span: Span) {
        self.0.with_untracked(|lines| paint(pen, palette, lines, span));
    }
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, span: Span, at: i64) {
        self.0.with_untracked(|lines| paint_cursor(pen, palette, lines, span, at));
    }
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        see(&self.0.with_untracked(Lines::marks));
    }
    fn whole(&self) -> Option<Span> {
        let (from, to) = self.0.with_untracked(Lines::x_range)?;
        Some((Lines::mark_of(from), Lines::mark_of(to)))
    }
    fn caption(&self, _: Span) -> Option<Caption> {
        let (title, data) = self.1.run(());
        let entry = |(place, series): (usize, &Series)| (series.tone.key(place), series.name.clone());
        let legend = self.0.with_untracked(|lines| lines.series.iter().enumerate().map(entry).collect());
        let (name, source) = (self.2.trim_end_matches("-plot"), source(&data, "", ENGINE_VERSION));
        let evidence = self.3.map(|(app, unit)| evidence_of(app, Some(unit.get_untracked()))).unwrap_or_default();
        Some(Caption { name, title, legend, evidence, source, ..Caption::default() })
    }
    fn day(&self) -> i64 {
        if self.0.with_untracked(|lines| lines.x == Axis::Time) { Lines::mark_of(DAY_MS as f64) } else { 0 }
    }
}

/// Lines with their legend; or, on demand, their figures as a table.
#[component]
pub fn LineChart(
    /// What is drawn.
    lines: Memo<Lines>,
    /// Unique id.
    id: &'static str,
    /// What a screen reader says of it.
    label: &'static str,
    /// What is said where there is nothing to draw.
    empty: &'static str,
    /// What an exported drawing says of itself: its title, and the data with their dates.
    about: Callback<(), (String, String)>,
    /// It is one of the run's charts over time: one crosshair and one span for all of them.
    #[prop(optional)]
    with_run: bool,
    /// The variant of the run that the lines are of, where they are of one.
    #[prop(optional)]
    of_unit: Option<RwSignal<usize>>,
) -> impl IntoView {
    let summary = Signal::derive(move || lines.with(Lines::sentence));
    let page = app();
    let chart = Chart::new(Drawn(lines, about, id, of_unit.map(|unit| (page, unit))), summary, id, label);
    let (cursor, zoom, table) = (chart.cursor, chart.zoom, chart.table);
    if with_run {
        let (place, ms) = (|at: i64| Lines::mark_of(at as f64), |place: i64| Lines::x_of(place) as i64);
        go_together(cursor, page.cursor, place, ms);
        go_together(zoom, page.zoom, move |(a, b): Span| (place(a), place(b)), move |(a, b): Span| (ms(a), ms(b)));
    }
    // A place of one drawing is none of another, unless it is an instant of the run; and a span of one axis is none of another.
    Effect::new(move |before: Option<Axis>| {
        let axis = lines.with(|lines| lines.x);
        if !with_run {
            cursor.set(None);
        }
        if before.is_some_and(|before| before != axis) {
            zoom.set(None);
        }
        axis
    });
    let is_empty = move || lines.with(|lines| lines.series.iter().all(|series| series.points.is_empty()));
    let drawn = chart.clone();
    view! {
        <div class="line-chart">
            <div class="line-head">
                <Legend lines=lines cursor=cursor/>
                <Tools chart=chart.clone()/>
            </div>
            <Show when=move || !table.get() fallback=move || view! { <Table lines=lines label=label/> }>
                <div class="plot-box small">
                    <Canvases chart=drawn.clone()/>
                    <Show when=is_empty><p class="plot-empty">{empty}</p></Show>
                </div>
            </Show>
            <Spoken chart=chart.clone() words=Signal::derive(move || lines.with(|lines| spoken(lines, cursor.get())))/>
            <Sentence chart=chart/>
        </div>
    }
}

/// Keeps what is looked at in places of lines over time and the same in ms UTC together, whichever changes.
fn go_together<T: Copy + PartialEq + Send + Sync + 'static>(
    own: RwSignal<Option<T>>,
    shared: RwSignal<Option<T>>,
    place_of: impl Fn(T) -> T + Copy + 'static,
    ms_of: impl Fn(T) -> T + 'static,
) {
    Effect::new(move |_| {
        let wanted = shared.get().map(place_of);
        if own.get_untracked() != wanted {
            own.set(wanted);
        }
    });
    Effect::new(move |_| {
        let place = own.get();
        if place != shared.get_untracked().map(place_of) {
            shared.set(place.map(&ms_of));
        }
    });
}

/// The place of the crosshair and what each line is there.
fn spoken(lines: &Lines, cursor: Option<i64>) -> String {
    let (at, values) = lines.words_at(cursor);
    let named = lines.series.iter().zip(values).map(|(series, value)| format!("{} {value}", series.name));
    format!("{at}: {}", named.collect::<Vec<_>>().join(", "))
}

#[component]
fn Legend(lines: Memo<Lines>, cursor: RwSignal<Option<i64>>) -> impl IntoView {
    let entries = move || {
        lines.with(|lines| {
            let (at, values) = lines.words_at(cursor.get());
            let named = |(place, series): (usize, &Series)| (series.tone.key(place), series.name.clone());
            (at, lines.series.iter().enumerate().map(named).zip(values).collect::<Vec<_>>())
        })
    };
    view! {
        {move || {
            let (at, values) = entries();
            view! {
                <div class="readout">
                    {(!at.is_empty()).then(|| view! { <span class="readout-time">{move || lines.with(|lines| lines.x_title)}": "{at}</span> })}
                    {values.into_iter().map(|((key, name), value)| view! {
                        <span class="readout-entry" data-series=key>
                            <span class="swatch" aria-hidden="true"></span>
                            <span class="readout-name">{name}</span>
                            <span class="readout-value">{value}</span>
                        </span>
                    }).collect_view()}
                </div>
            }
        }}
    }
}

#[component]
fn Table(lines: Memo<Lines>, label: &'static str) -> impl IntoView {
    let line = |(at, cells): (String, Vec<String>)| {
        view! { <tr><th scope="row">{at}</th>{cells.into_iter().map(|cell| view! { <td class="num">{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label=label>
            <table>
                <thead><tr>
                    <th scope="col">{move || lines.with(|lines| lines.x_title)}</th>
                    {move || lines.with(|lines| lines.series.iter().map(|s| view! { <th scope="col" class="num">{s.name.clone()}</th> }).collect_view())}
                </tr></thead>
                <tbody>{move || lines.with(Lines::rows).into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
