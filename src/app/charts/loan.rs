//! The chart of a loan: loan-to-value with and without the hedge, and the price with the margin call and the strikes.

use super::frame::{Canvases, Chart, Picture, Sentence, Spoken};
use super::layout::{LEFT, Pane, across, stacked};
use super::paint::{axis, clip, evidence_of, source_of, time_axis};
use super::tools::Tools;
use crate::app::state::{App, app};
use crate::display::caption::{Caption, loan_sentence};
use crate::display::format::{day, percent, usd_axis};
use crate::display::loan::{ltv, price};
use crate::display::loan_plot::LoanLines;
use crate::display::plot::{Scale, cut, decimate, window};
use crate::display::span::Span;
use crate::units::Timestamp;
use crate::web::canvas::{Align, Dash, Palette, Pen};
use leptos::prelude::*;

/// Room of the words of both margin calls beside one another, CSS pixels.
const APART: f64 = 240.0;

/// Time axis and panes in a drawing of this size.
fn layout(lines: &LoanLines, span: Span, (width, height): (f64, f64)) -> (Scale, Pane, Pane) {
    let [ratio, value] = stacked(height, [(0.55, lines.ltv_range(span)), (0.45, lines.price_range(span))], 0.1);
    (across(span, width), ratio, value)
}

fn paint(pen: &Pen, palette: &Palette, lines: &LoanLines, span: Span) {
    let (x, ratio, value) = layout(lines, span, (pen.width, pen.height));
    let view = window(&lines.times, span.0, span.1);
    pen.font(&palette.font);
    time_axis(pen, palette, &x, &[ratio, value]);
    axis(pen, palette, &x, ratio, 5, |v, decimals| percent(v, decimals.saturating_sub(2)));
    axis(pen, palette, &x, value, 4, usd_axis);
    pen.text("Loan-to-value at the low", (LEFT, ratio.top - 10.0), &palette.muted, Align::Left);
    pen.text("Price and strike, USD", (LEFT, value.top - 10.0), &palette.muted, Align::Left);
    let path = |values: &[f64], pane: Pane| decimate(cut(&lines.times, &view), cut(values, &view), &x, &pane.y);
    clip(pen, &x, ratio);
    pen.line(&path(&lines.unhedged, ratio), &palette.hodl, 1.5, Dash::Dashed);
    pen.line(&path(&lines.hedged, ratio), palette.series(0), 2.0, Dash::Solid);
    // On the side where no margin call has its own words.
    let middle = (x.from_px + x.to_px) / 2.0;
    let is_left = lines.breaches.iter().flatten().any(|place| x.px(lines.times[*place] as f64) > middle);
    let side = if is_left { (x.from_px + 4.0, Align::Left) } else { (x.to_px - 4.0, Align::Right) };
    // Left out where they would touch: the pane below says it again.
    let has_room = lines.breaches[1].is_none_or(|place| (x.px(lines.times[place] as f64) - side.0).abs() > APART);
    level(pen, palette, &x, ratio, (lines.margin_call, if has_room { "margin call" } else { "" }), side);
    if let Some(liquidation) = lines.liquidation {
        level(pen, palette, &x, ratio, (liquidation, "liquidation"), side);
    }
    breach(pen, palette, lines, &x, ratio);
    pen.unclip();
    clip(pen, &x, value);
    pen.line(&path(&lines.close, value), &palette.muted, 1.25, Dash::Solid);
    let calls = path(&lines.call_price, value);
    pen.line(&calls, &palette.loss, 1.5, Dash::Dashed);
    strikes(pen, palette, lines, &x, value);
    if let Some((_, y)) = calls.last() {
        words_above(pen, palette, (x.to_px - 4.0, *y), "margin call", Align::Right);
    }
    pen.unclip();
}

/// A threshold across a pane, with its word.
fn level(pen: &Pen, palette: &Palette, x: &Scale, pane: Pane, (at, word): (f64, &str), (px, align): (f64, Align)) {
    let y = pane.y.px(at);
    pen.line(&[(x.from_px, y), (x.to_px, y)], &palette.loss, 1.5, Dash::Solid);
    if !word.is_empty() {
        words_above(pen, palette, (px, y), word, align);
    }
}

/// A word above a line, on a ground of its own, so that no curve runs through it.
fn words_above(pen: &Pen, palette: &Palette, (px, py): (f64, f64), word: &str, align: Align) {
    let wide = pen.text_width(word) + 6.0;
    let left = if align == Align::Right { px - wide + 3.0 } else { px - 3.0 };
    pen.rect(left, py - 16.0, wide, 13.0, &palette.surface);
    pen.text(word, (px, py - 9.0), &palette.loss, align);
}

/// The first day of each margin call: a filled diamond hedged, a hollow ring unhedged, with its date.
fn breach(pen: &Pen, palette: &Palette, lines: &LoanLines, x: &Scale, pane: Pane) {
    let [hedged, unhedged] = lines.breaches;
    let at = |place: usize, values: &[f64]| {
        let y = values.get(place).copied().filter(|v| v.is_finite()).unwrap_or(pane.y.to);
        (x.px(lines.times[place] as f64), pane.y.px(y.min(pane.y.to)))
    };
    let date = |place: usize| day(Timestamp(lines.times[place] - 1));
    if let Some(place) = unhedged {
        let (px, py) = at(place, &lines.unhedged);
        pen.dot((px, py), 5.0, &palette.surface, &palette.loss);
        let align = if px > x.to_px - 150.0 { Align::Right } else { Align::Left };
        let beside = if align == Align::Right { -10.0 } else { 10.0 };
        pen.text(
            &format!("unhedged call {}", date(place)),
            (px + beside, (py - 12.0).max(pane.top + 8.0)),
            &palette.text,
            align,
        );
    }
    if let Some(place) = hedged {
        let (px, py) = at(place, &lines.hedged);
        pen.shape(&[(px - 6.0, py), (px, py - 6.0), (px + 6.0, py), (px, py + 6.0)], &palette.loss);
    }
}

/// What the puts guarantee, as steps.
fn strikes(pen: &Pen, palette: &Palette, lines: &LoanLines, x: &Scale, pane: Pane) {
    for put in &lines.puts {
        let to = put.to.unwrap_or_else(|| lines.times.last().copied().unwrap_or(put.from));
        let (from, to, y) = (x.px(put.from as f64), x.px(to as f64), pane.y.px(put.strike));
        pen.line(&[(from, y), (to, y)], palette.series(0), 2.0, Dash::Dotted);
        pen.line(&[(from, y - 4.0), (from, y + 4.0)], palette.series(0), 2.0, Dash::Solid);
    }
}

fn paint_cursor(pen: &Pen, palette: &Palette, lines: &LoanLines, span: Span, at: i64) {
    let Some(place) = lines.day_at(at) else { return };
    let (x, ratio, value) = layout(lines, span, (pen.width, pen.height));
    let px = x.px(lines.times[place] as f64);
    let line = [(px.round() + 0.5, ratio.top), (px.round() + 0.5, value.bottom)];
    pen.line(&line, &palette.text, 1.0, Dash::Dotted);
    let dots = [
        (lines.unhedged[place], ratio, palette.hodl.as_str()),
        (lines.hedged[place], ratio, palette.series(0)),
        (lines.close[place], value, palette.muted.as_str()),
    ];
    for (v, pane, colour) in dots.into_iter().filter(|dot| dot.0.is_finite()) {
        pen.dot((px, pane.y.px(v)), 3.5, colour, &palette.surface);
    }
}

/// The lines of the loan as they are drawn now.
struct Lines(Memo<LoanLines>, App);

impl Picture for Lines {
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
        self.0.with_untracked(|lines| see(&lines.times));
    }
    fn whole(&self) -> Option<Span> {
        self.0.with_untracked(|lines| (!lines.times.is_empty()).then_some(lines.span))
    }
    fn caption(&self, span: Span) -> Option<Caption> {
        let entries = self.0.with_untracked(|lines| words_at(lines, None).1);
        let legend = entries.into_iter().map(|(key, name, _)| (key.to_owned(), name.to_owned())).collect();
        Some(Caption {
            name: "loan",
            title: "The loan".into(),
            legend,
            evidence: evidence_of(self.1, None),
            source: source_of(self.1, span),
            ..Caption::default()
        })
    }
}

/// Loan-to-value and price of one variant, with their words at the crosshair shared with the other charts.
#[component]
pub fn LoanChart(
    /// What is drawn.
    lines: Memo<LoanLines>,
) -> impl IntoView {
    let app = app();
    let summary = Signal::derive(move || lines.with(loan_sentence));
    let own = Chart::new(
        Lines(lines, app),
        summary,
        "loan-plot",
        "Chart of the loan-to-value with and without the hedge, and of the price. Left and right move the cursor by days, plus and minus zoom, Escape resets.",
    );
    let chart = Chart { cursor: app.cursor, zoom: app.zoom, ..own };
    view! {
        <div class="line-head">
            <Words lines=lines cursor=app.cursor/>
            // The days below the charts are its table.
            <Tools chart=chart.clone() has_table=false/>
        </div>
        <div class="plot-box low"><Canvases chart=chart.clone()/></div>
        <Spoken chart=chart.clone() words=Signal::derive(move || spoken(&lines.with(|lines| words_at(lines, app.cursor.get()))))/>
        <Sentence chart=chart/>
    }
}

fn spoken((time, entries): &(String, Vec<Entry>)) -> String {
    let entries = entries.iter().map(|(_, name, value)| format!("{name} {value}"));
    format!("{time}: {}", entries.collect::<Vec<_>>().join(", "))
}

#[component]
fn Words(lines: Memo<LoanLines>, cursor: RwSignal<Option<i64>>) -> impl IntoView {
    let words = Memo::new(move |_| lines.with(|lines| words_at(lines, cursor.get())));
    view! {
        <div class="readout">
            <span class="readout-time">{move || words.with(|w| w.0.clone())}</span>
            {move || words.get().1.into_iter().map(|(series, name, value)| view! {
                <span class="readout-entry" data-series=series>
                    <span class="swatch" aria-hidden="true"></span>
                    <span class="readout-name">{name}</span>
                    <span class="readout-value">{value}</span>
                </span>
            }).collect_view()}
        </div>
    }
}

type Entry = (&'static str, &'static str, String);

fn words_at(lines: &LoanLines, cursor: Option<i64>) -> (String, Vec<Entry>) {
    let at = cursor.or(lines.times.last().copied()).and_then(|time| lines.day_at(time));
    let Some(place) = at else { return (String::new(), Vec::new()) };
    let ratio = |v: f64| ltv(Some(v).filter(|v| v.is_finite()));
    let mut entries = vec![
        ("1", "With the hedge", ratio(lines.hedged[place])),
        ("hodl", "Without", ratio(lines.unhedged[place])),
        ("index", "Price", price(lines.close[place])),
    ];
    if lines.call_price[place].is_finite() {
        entries.push(("call", "Margin-call price", price(lines.call_price[place])));
    }
    if let Some(strike) = lines.strike_at(lines.times[place] - 1) {
        entries.push(("strike", "Strike held", price(strike)));
    }
    (day(Timestamp(lines.times[place] - 1)), entries)
}
