//! The drawing of the hero chart.

use super::layout::{LEFT, Layout, Look, Pane, shown};
use crate::app::state::App;
use crate::display::caption::{INDEX_TITLE, data_words, dates, drawdown_title, equity_title, source, unit_of};
use crate::display::format::{number, percent, usd_axis};
use crate::display::panes::{Shade, WORD_ABOVE_FOOT, end_mark, shades};
use crate::display::plot::{Scale, cut, decimate, nearest, nice_ticks, time_ticks};
use crate::display::span::Span;
use crate::display::{Curves, Money, Outcome, Segment, UnitCurve};
use crate::run::ENGINE_VERSION;
use crate::web::canvas::{Align, Dash, Palette, Pen};
use leptos::prelude::{WithUntracked, untrack};

/// Least width of a strike that has room for its variant's number.
const ROOM: f64 = 14.0;
/// How far a mark at the edge of a pane may stand out of it.
const MARK: f64 = 5.0;

/// How the value axis of the equity is written.
pub(super) fn equity_words(value: f64, decimals: usize, money: Money, is_percent: bool) -> String {
    match (is_percent, money) {
        (true, _) => percent(value, decimals.saturating_sub(2)),
        (false, Money::Coin) => number(value, decimals.max(2)),
        (false, Money::Usd) => usd_axis(value, decimals),
    }
}

/// What the run's charts rest on: its dataset, the dates of a span, and this engine.
pub(super) fn source_of(app: App, span: Span) -> String {
    let data = app.shown.with_untracked(|s| s.as_ref().map(|s| data_words(s.dataset())).unwrap_or_default());
    source(&data, &dates(span), ENGINE_VERSION)
}

/// What the premium of a variant rests on, or that of all together; empty before the first figure.
pub(super) fn evidence_of(app: App, unit: Option<usize>) -> String {
    untrack(|| app.evidence(unit)).map(|line| line.words).unwrap_or_default()
}

/// Draws all panes.
pub fn paint(pen: &Pen, palette: &Palette, curves: &Curves, look: Look, coin: &str) {
    let layout = Layout::new(curves, look, pen.width, pen.height);
    pen.font(&palette.font);
    if curves.times.is_empty() {
        return;
    }
    let shades = shades(&curves.bands, &layout.x);
    bands(pen, palette, &shades, layout.index);
    time_axis(pen, palette, &layout.x, &[layout.equity, layout.index, layout.drawdown]);
    axis(pen, palette, &layout.x, layout.equity, 5, |v, d| equity_words(v, d, look.money, look.percent));
    axis(pen, palette, &layout.x, layout.index, 4, usd_axis);
    axis(pen, palette, &layout.x, layout.drawdown, 2, |v, d| percent(v, d.saturating_sub(2)));
    titles(pen, palette, &layout, look, (coin, index_title(pen, curves, layout.x.to_px)));
    equity(pen, palette, curves, look, &layout);
    index(pen, palette, curves, &layout);
    drawdown(pen, palette, curves, look, &layout);
    regimes(pen, palette, &shades, layout.index);
}

/// Several variants that have legs write their places beside them, which is told where there is room for it.
fn index_title(pen: &Pen, curves: &Curves, right: f64) -> String {
    let longer = format!("{INDEX_TITLE} · 1–{} variant", curves.units.len());
    let has_room = LEFT + pen.text_width(&longer) <= right;
    if has_places(curves) && has_room { longer } else { INDEX_TITLE.to_owned() }
}

fn has_places(curves: &Curves) -> bool {
    curves.units.iter().filter(|unit| !unit.segments.is_empty()).count() > 1
}

fn titles(pen: &Pen, palette: &Palette, layout: &Layout, look: Look, (coin, index): (&str, String)) {
    let unit = unit_of(look.money, coin);
    let all = [
        (layout.equity, equity_title(unit, look.percent)),
        (layout.index, index),
        (layout.drawdown, drawdown_title(unit)),
    ];
    for (pane, words) in all {
        pen.text(&words, (LEFT, pane.top - 10.0), &palette.muted, Align::Left);
    }
}

/// Grid lines of a pane's values, with their words right of it.
pub(super) fn axis(
    pen: &Pen,
    palette: &Palette,
    x: &Scale,
    pane: Pane,
    wanted: usize,
    words: impl Fn(f64, usize) -> String,
) {
    let wanted = wanted.min(((pane.bottom - pane.top) / 22.0) as usize).max(2);
    let (ticks, decimals) = nice_ticks(pane.y.from, pane.y.to, wanted);
    for tick in ticks {
        let (y, words) = (pane.y.px(tick).round() + 0.5, words(tick, decimals));
        if words.is_empty() {
            continue;
        }
        pen.line(&[(x.from_px, y), (x.to_px, y)], &palette.grid, 1.0, Dash::Solid);
        pen.text(&words, (x.to_px + 6.0, y), &palette.muted, Align::Left);
    }
}

/// Grid lines of the time through all panes, with their words below the last.
pub(super) fn time_axis(pen: &Pen, palette: &Palette, x: &Scale, panes: &[Pane]) {
    let most = ((x.to_px - x.from_px) / 60.0).max(2.0) as usize;
    for tick in time_ticks(x.from as i64, x.to as i64, most) {
        let at = x.px(tick.time as f64).round() + 0.5;
        for pane in panes {
            pen.line(&[(at, pane.top), (at, pane.bottom)], &palette.grid, 1.0, Dash::Solid);
        }
        let align = if at < x.from_px + 20.0 { Align::Left } else { Align::Centre };
        let bottom = panes.last().map_or(pen.height, |pane| pane.bottom);
        pen.text(&tick.label, (at, bottom + 12.0), &palette.muted, align);
    }
}

fn bands(pen: &Pen, palette: &Palette, shades: &[Shade], Pane { top, bottom, .. }: Pane) {
    for &((from, to), word, _) in shades {
        let colour = if word == "bull" { &palette.bull } else { &palette.bear };
        pen.rect(from, top, to - from, bottom - top, colour);
    }
}

/// The words of the bands, over the lines.
fn regimes(pen: &Pen, palette: &Palette, shades: &[Shade], pane: Pane) {
    for &(_, word, left) in shades {
        if let Some(left) = left {
            let at = (left, pane.bottom - WORD_ABOVE_FOOT);
            pen.rimmed_text(word, at, (&palette.muted, &palette.surface), Align::Left);
        }
    }
}

/// A colour of six digits with a share of its strength; any other as it is.
pub(super) fn faded(colour: &str, share: f64) -> String {
    if colour.len() == 7 && colour.starts_with('#') {
        format!("{colour}{:02x}", (255.0 * share.clamp(0.0, 1.0)) as u8)
    } else {
        colour.to_owned()
    }
}

/// Draws only inside a pane until `unclip`.
pub(super) fn clip(pen: &Pen, x: &Scale, pane: Pane) {
    // A ring at the last mark is a ring still.
    pen.clip(x.from_px - MARK, pane.top - MARK, x.to_px - x.from_px + 2.0 * MARK, pane.bottom - pane.top + 2.0 * MARK);
}

fn equity(pen: &Pen, palette: &Palette, curves: &Curves, look: Look, layout: &Layout) {
    clip(pen, &layout.x, layout.equity);
    let opening = curves.opening(look.money);
    let times = cut(&curves.times, &layout.view);
    let path = |values: &[f64]| {
        let seen: Vec<f64> = cut(values, &layout.view).iter().map(|v| shown(*v, opening, look.percent)).collect();
        decimate(times, &seen, &layout.x, &layout.equity.y)
    };
    pen.line(&path(curves.hodl(look.money)), &palette.hodl, 1.5, Dash::Dashed);
    for (i, unit) in curves.units.iter().enumerate().rev() {
        pen.line(&path(unit.equity(look.money)), palette.series(i), if i == 0 { 2.0 } else { 1.5 }, Dash::of_series(i));
    }
    pen.unclip();
}

fn index(pen: &Pen, palette: &Palette, curves: &Curves, layout: &Layout) {
    clip(pen, &layout.x, layout.index);
    let path = decimate(cut(&curves.times, &layout.view), cut(&curves.index, &layout.view), &layout.x, &layout.index.y);
    pen.line(&path, &palette.muted, 1.25, Dash::Solid);
    let now = curves.times.last().copied().unwrap_or_default();
    let mut numbered = Vec::new();
    let is_shared = has_places(curves);
    for (i, unit) in curves.units.iter().enumerate() {
        // Where several variants have legs the opening bar and a number say whose it is.
        let own = is_shared.then(|| (i + 1, palette.series(i)));
        for segment in &unit.segments {
            strike(pen, palette, layout, segment, now, own, &mut numbered);
        }
    }
    pen.unclip();
}

/// A leg: gains are solid with a triangle up, losses dashed with a triangle down, open ones dotted with a ring. Its number stands
/// where none was written yet.
fn strike(
    pen: &Pen,
    palette: &Palette,
    layout: &Layout,
    segment: &Segment,
    now: i64,
    own: Option<(usize, &str)>,
    numbered: &mut Vec<(f64, f64)>,
) {
    let to = segment.to.unwrap_or(now);
    if (to as f64) < layout.x.from || (segment.from as f64) > layout.x.to {
        return;
    }
    let y = layout.index.y.px(segment.strike);
    let (from, end) = (layout.x.px(segment.from as f64), layout.x.px(to as f64));
    let (colour, dash) = match segment.outcome() {
        Outcome::Gain => (&palette.gain, Dash::Solid),
        Outcome::Loss => (&palette.loss, Dash::Dashed),
        Outcome::Open => (&palette.open, Dash::Dotted),
    };
    pen.line(&[(from, y), (end, y)], colour, 2.0, dash);
    pen.line(
        &[(from, y - 3.5), (from, y + 3.5)],
        own.map_or(colour, |own| own.1),
        own.map_or(1.5, |_| 3.0),
        Dash::Solid,
    );
    let is_free = !numbered.iter().any(|(px, py)| (px - from).abs() < 9.0 && (py - y).abs() < 13.0);
    if let Some((number, colour)) = own.filter(|_| end - from >= ROOM && is_free) {
        numbered.push((from, y));
        pen.rect(from + 2.0, y - 14.0, 8.0, 12.0, &palette.surface);
        pen.text(&number.to_string(), (from + 3.0, y - 7.0), colour, Align::Left);
    }
    match end_mark(segment.outcome(), (end, y)) {
        Some(mark) => pen.shape(&mark, colour),
        None => pen.dot((end, y), 3.0, &palette.surface, colour),
    }
}

fn drawdown(pen: &Pen, palette: &Palette, curves: &Curves, look: Look, layout: &Layout) {
    clip(pen, &layout.x, layout.drawdown);
    let path = |u: &UnitCurve| {
        decimate(
            cut(&curves.times, &layout.view),
            cut(u.drawdown(look.money), &layout.view),
            &layout.x,
            &layout.drawdown.y,
        )
    };
    for (i, unit) in curves.units.iter().enumerate().rev() {
        let line = path(unit);
        if i == 0 {
            pen.area(&line, layout.drawdown.y.px(0.0), &palette.wash);
        }
        pen.line(&line, palette.series(i), 1.25, Dash::of_series(i));
    }
    pen.unclip();
}

/// Draws the crosshair on the layer above.
pub fn paint_cursor(pen: &Pen, palette: &Palette, curves: &Curves, look: Look, at: i64) {
    let layout = Layout::new(curves, look, pen.width, pen.height);
    let Some(i) = nearest(&curves.times, at) else { return };
    let x = layout.x.px(curves.times[i] as f64);
    let line = [(x.round() + 0.5, layout.equity.top), (x.round() + 0.5, layout.drawdown.bottom)];
    pen.line(&line, &palette.text, 1.0, Dash::Dotted);
    let opening = curves.opening(look.money);
    let dot = |value: Option<&f64>, pane: Pane, colour: &str, own: bool| {
        if let Some(value) = value {
            let value = if own { shown(*value, opening, look.percent) } else { *value };
            pen.dot((x, pane.y.px(value)), 3.5, colour, &palette.surface);
        }
    };
    dot(curves.hodl(look.money).get(i), layout.equity, &palette.hodl, true);
    for (k, unit) in curves.units.iter().enumerate() {
        dot(unit.equity(look.money).get(i), layout.equity, palette.series(k), true);
        dot(unit.drawdown(look.money).get(i), layout.drawdown, palette.series(k), false);
    }
    dot(curves.index.get(i), layout.index, &palette.muted, false);
}
