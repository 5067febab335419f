//! The chart of a comparison: every column's equity, and how far each is from its HODL, under one crosshair.

use super::frame::{Canvases, Chart, Picture, Sentence, Spoken};
use super::layout::{LEFT, Pane, across, stacked};
use super::paint::{axis, clip, equity_words, time_axis};
use super::tools::Tools;
use super::units::{AmountOrPercent, Currency};
use crate::app::clock::utc_and_yours;
use crate::display::Money;
use crate::display::caption::{
    Caption, EquityLine, dates, equity_sentence, equity_title, equity_value, evidence_words, legend, source, unit_of,
};
use crate::display::compare::{Column, Lines, first_look, lines, marks, ranges, time_of, value_at};
use crate::display::format::{number, or_dash, percent_signed, signed, usd_signed};
use crate::display::plot::{Scale, cut, decimate, window};
use crate::display::span::Span;
use crate::units::{DAY_MS, Timestamp};
use crate::web::canvas::{Align, Dash, Palette, Pen};
use leptos::prelude::*;
use std::sync::Arc;

/// What is drawn, and how.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    lines: Vec<Lines>,
    marks: Vec<i64>,
    time: Option<Span>,
    is_usd: bool,
    is_percent: bool,
    /// The coin of all columns, or that word.
    coin: String,
}

impl Drawn {
    fn money(&self) -> Money {
        if self.is_usd { Money::Usd } else { Money::Coin }
    }
}

/// Time axis and panes in a drawing of this size.
fn layout(drawn: &Drawn, span: Span, (width, height): (f64, f64)) -> Option<(Scale, Pane, Pane)> {
    let ranges = ranges(&drawn.lines, span)?;
    let [equity, apart] = stacked(height, [(0.6, ranges.equity), (0.4, ranges.apart)], 0.08);
    Some((across(span, width), equity, apart))
}

fn paint(pen: &Pen, palette: &Palette, drawn: &Drawn, span: Span) {
    let Some((x, equity, apart)) = layout(drawn, span, (pen.width, pen.height)) else { return };
    pen.font(&palette.font);
    time_axis(pen, palette, &x, &[equity, apart]);
    let words = |v, d| equity_words(v, d, drawn.money(), drawn.is_percent);
    axis(pen, palette, &x, equity, 5, words);
    axis(pen, palette, &x, apart, 4, words);
    let title = equity_title(unit_of(drawn.money(), &drawn.coin), drawn.is_percent);
    pen.text(&title, (LEFT, equity.top - 10.0), &palette.muted, Align::Left);
    let apart_title = format!("Against HODL, {}", unit_of(drawn.money(), &drawn.coin));
    pen.text(&apart_title, (LEFT, apart.top - 10.0), &palette.muted, Align::Left);
    let path = |l: &Lines, values: &[f64], pane: Pane| {
        let view = window(&l.times, span.0, span.1);
        decimate(cut(&l.times, &view), cut(values, &view), &x, &pane.y)
    };
    clip(pen, &x, equity);
    let is_one = drawn.lines.iter().filter(|l| !l.hodl.is_empty()).count() < 2;
    for (place, l) in drawn.lines.iter().enumerate() {
        let colour = if is_one { &palette.hodl } else { palette.series(place) };
        pen.line(&path(l, &l.hodl, equity), colour, 1.25, Dash::Dashed);
    }
    for (place, l) in drawn.lines.iter().enumerate().rev() {
        pen.line(&path(l, &l.equity, equity), palette.series(place), 1.75, Dash::of_series(place));
    }
    pen.unclip();
    clip(pen, &x, apart);
    let zero = apart.y.px(0.0);
    pen.line(&[(x.from_px, zero), (x.to_px, zero)], &palette.hodl, 1.25, Dash::Dashed);
    for (place, l) in drawn.lines.iter().enumerate().rev() {
        pen.line(&path(l, &l.apart, apart), palette.series(place), 1.75, Dash::of_series(place));
    }
    pen.unclip();
}

fn paint_cursor(pen: &Pen, palette: &Palette, drawn: &Drawn, span: Span, at: i64) {
    let Some((x, equity, apart)) = layout(drawn, span, (pen.width, pen.height)) else { return };
    let px = x.px(at as f64);
    let line = [(px.round() + 0.5, equity.top), (px.round() + 0.5, apart.bottom)];
    pen.line(&line, &palette.text, 1.0, Dash::Dotted);
    for (place, l) in drawn.lines.iter().enumerate() {
        for (values, pane) in [(&l.equity, equity), (&l.apart, apart)] {
            if let Some(value) = value_at(&l.times, values, at) {
                pen.dot((px, pane.y.px(value)), 3.5, palette.series(place), &palette.surface);
            }
        }
    }
}

/// Curves of all columns with their legend, or the same figures as a table.
#[component]
pub fn CompareChart(
    /// What is compared.
    columns: Memo<Arc<Vec<Column>>>,
) -> impl IntoView {
    let (money, percent) = untrack(|| columns.with(|columns| first_look(columns)));
    let (money, percent) = (RwSignal::new(money), RwSignal::new(percent));
    let drawn = Memo::new(move |_| {
        let (is_usd, is_percent) = (money.get() == Money::Usd, percent.get());
        let lines = columns.with(|columns| lines(columns, money.get(), is_percent));
        let coin = columns.with(|columns| coin_of(columns));
        Drawn { marks: marks(&lines), time: time_of(&lines), lines, is_usd, is_percent, coin }
    });
    let coin = Signal::derive(move || columns.with(|columns| coin_of(columns)));
    let empty = Memo::new(move |_| drawn.with(|drawn| drawn.time.is_none()));
    let summary = Signal::derive(move || columns.with(|columns| drawn.with(|drawn| sentence(columns, drawn))));
    let chart = Chart::new(
        Curves(drawn, columns),
        summary,
        "compare-plot",
        "Chart of the equity of all columns. Left and right move the cursor, shift by days, plus and minus zoom, Escape resets.",
    );
    let (cursor, table, curves) = (chart.cursor, chart.table, StoredValue::new(chart.clone()));
    view! {
        <section class="chart card" aria-label="Chart">
            <header class="chart-head">
                <h3>"Curves"</h3>
                <div class="switches">
                    <Currency money=money coin=coin/>
                    <AmountOrPercent percent=percent/>
                    <Tools chart=chart.clone()/>
                </div>
            </header>
            <Legend columns=columns drawn=drawn cursor=cursor/>
            <Show when=move || !empty.get() fallback=|| view! { <p class="nothing">"None of these has made a mark yet, so there are no curves."</p> }>
                <Show when=move || !table.get() fallback=move || view! { <DataTable columns=columns drawn=drawn/> }>
                    <div class="plot-box low">
                        <Canvases chart=curves.get_value()/>
                    </div>
                </Show>
            </Show>
            <Spoken chart=chart.clone() words=Signal::derive(move || spoken(&columns.get(), &drawn.get(), cursor.get()))/>
            <Sentence chart=chart/>
        </section>
    }
}

/// The name of the coin where all columns have one.
fn coin_of(columns: &[Column]) -> String {
    let first = columns.first().map_or("Coin", |column| column.underlying.as_str());
    if columns.iter().all(|column| column.underlying == first) { first.to_owned() } else { "Coin".to_owned() }
}

/// All curves in one sentence.
fn sentence(columns: &[Column], drawn: &Drawn) -> String {
    let parts = columns.iter().zip(&drawn.lines);
    let lines: Vec<EquityLine> =
        parts.map(|(c, l)| EquityLine { name: &c.title, times: &l.times, values: l.equity.clone() }).collect();
    let hodls: Vec<f64> = drawn.lines.iter().filter_map(|l| l.hodl.last().copied()).collect();
    let hodl = hodls.first().copied().filter(|_| hodls.len() == 1);
    let coin = coin_of(columns);
    equity_sentence(&lines, hodl, drawn.is_percent, unit_of(drawn.money(), &coin), &|v| words(drawn, v, &coin))
}

/// The columns' curves as they are drawn now.
struct Curves(Memo<Drawn>, Memo<Arc<Vec<Column>>>);

impl Picture for Curves {
    fn track(&self) {
        self.0.track();
    }
    fn paint(&self, pen: &Pen, palette: &Palette, span: Span) {
        self.0.with_untracked(|drawn| paint(pen, palette, drawn, span));
    }
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, span: Span, at: i64) {
        self.0.with_untracked(|drawn| paint_cursor(pen, palette, drawn, span, at));
    }
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        self.0.with_untracked(|drawn| see(&drawn.marks));
    }
    fn whole(&self) -> Option<Span> {
        self.0.with_untracked(|drawn| drawn.time)
    }
    fn caption(&self, span: Span) -> Option<Caption> {
        Some(self.1.with_untracked(|columns| caption(columns, span)))
    }
}

fn caption(columns: &[Column], span: Span) -> Caption {
    let all = |of: fn(&Column) -> &String| {
        let mut all: Vec<&str> = columns.iter().map(|column| of(column).as_str()).collect();
        all.dedup();
        all.join(", ")
    };
    Caption {
        name: "compare",
        title: "Curves side by side".into(),
        legend: legend(columns.iter().map(|column| column.title.clone()), &[("hodl", "HODL")]),
        evidence: evidence_words(columns.iter().filter_map(|c| Some((c.title.as_str(), c.evidence.as_ref()?)))),
        source: source(&all(|column| &column.data), &dates(span), &all(|column| &column.engine)),
        ..Caption::default()
    }
}

/// An amount, or a share, as the chart shows it.
fn words(drawn: &Drawn, value: f64, coin: &str) -> String {
    equity_value(value, drawn.money(), drawn.is_percent, coin)
}

fn words_apart(drawn: &Drawn, value: f64) -> String {
    match (drawn.is_percent, drawn.is_usd) {
        (true, _) => percent_signed(value, 2),
        (false, true) => usd_signed(value),
        (false, false) => signed(value, 4),
    }
}

/// What a line says at the crosshair, or at its own last mark: equity, and apart from HODL.
fn seen(drawn: &Drawn, place: usize, cursor: Option<i64>) -> Option<(f64, f64)> {
    let l = drawn.lines.get(place)?;
    let at = cursor.or(l.times.last().copied())?;
    value_at(&l.times, &l.equity, at).zip(value_at(&l.times, &l.apart, at))
}

/// The legend, to be heard.
fn spoken(columns: &[Column], drawn: &Drawn, cursor: Option<i64>) -> String {
    let entry = |(place, column): (usize, &Column)| {
        let (value, apart) = seen(drawn, place, cursor)?;
        let (value, apart) = (words(drawn, value, &column.underlying), words_apart(drawn, apart));
        Some(format!("{} {value}, {apart} vs HODL", column.title))
    };
    let entries: Vec<String> = columns.iter().enumerate().filter_map(entry).collect();
    format!("{}: {}", cursor.map(utc_and_yours).unwrap_or_default(), entries.join("; "))
}

/// What each line is, and what it says at the crosshair, or at its own last mark.
#[component]
fn Legend(columns: Memo<Arc<Vec<Column>>>, drawn: Memo<Drawn>, cursor: RwSignal<Option<i64>>) -> impl IntoView {
    let time = move || match cursor.get() {
        Some(at) => utc_and_yours(at),
        None => "At the last mark".to_owned(),
    };
    let entry = move |(place, column): (usize, Column)| {
        let coin = column.underlying.clone();
        let at = move |drawn: &Drawn| seen(drawn, place, cursor.get());
        let value = move || drawn.with(|d| or_dash(at(d).map(|v| v.0), |v| words(d, v, &coin)));
        let beside =
            move || drawn.with(|d| at(d).map(|v| format!("{} vs HODL", words_apart(d, v.1))).unwrap_or_default());
        view! {
            <span class="readout-entry" data-series=(place + 1).to_string()>
                <span class="swatch" aria-hidden="true"></span>
                <span class="readout-name">{column.title}</span>
                <span class="readout-value">{value}</span>
                <span class="readout-beside">{beside}</span>
            </span>
        }
    };
    view! {
        <div class="readout">
            <span class="readout-time">{time}</span>
            {move || columns.get().iter().cloned().enumerate().map(entry).collect_view()}
            <span class="readout-entry" data-series="hodl">
                <span class="swatch" aria-hidden="true"></span><span class="readout-name">"HODL"</span>
            </span>
        </div>
    }
}

/// The lines of all columns as text, one line a day.
#[component]
fn DataTable(columns: Memo<Arc<Vec<Column>>>, drawn: Memo<Drawn>) -> impl IntoView {
    let names = move |column: &Column| {
        let (is_percent, money) = drawn.with(|d| (d.is_percent, d.money()));
        let unit = if is_percent { "change" } else { unit_of(money, &column.underlying) };
        [format!("{}, {unit}", column.title), format!("{}, vs HODL", column.title)]
    };
    let line = |(day, cells): (String, Vec<String>)| {
        view! { <tr><th scope="row">{day}</th>{cells.into_iter().map(|cell| view! { <td class="num">{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Equity and distance from HODL by day">
            <table>
                <thead><tr>
                    <th scope="col">"Day"</th>
                    {move || columns.get().iter().flat_map(names).map(|name| view! { <th scope="col" class="num">{name}</th> }).collect_view()}
                </tr></thead>
                <tbody>{move || drawn.with(daily).into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn daily(drawn: &Drawn) -> Vec<(String, Vec<String>)> {
    let decimals = if drawn.is_usd { 0 } else { 5 };
    let show = |v: f64| if drawn.is_percent { percent_signed(v, 2) } else { number(v, decimals) };
    let mut days: Vec<i64> = drawn.marks.iter().map(|t| t.div_euclid(DAY_MS)).collect();
    days.dedup();
    let first = |l: &Lines, day: i64| {
        let i = l.times.partition_point(|t| t.div_euclid(DAY_MS) < day);
        l.times.get(i).is_some_and(|t| t.div_euclid(DAY_MS) == day).then_some(i)
    };
    let both = |l: &Lines, day: i64| {
        let of = |values: &[f64]| first(l, day).and_then(|i| values.get(i).copied());
        [or_dash(of(&l.equity), show), or_dash(of(&l.apart), |v| words_apart(drawn, v))]
    };
    let cells = |day: i64| drawn.lines.iter().flat_map(|l| both(l, day)).collect();
    days.into_iter().map(|day| (Timestamp(day * DAY_MS).day().to_string(), cells(day))).collect()
}
