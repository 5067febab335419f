//! The report's drawing: equity against HODL, the index with the strikes, and the drawdown, one above the other.

use crate::display::caption::dates;
use crate::display::curves::{Curves, Money, Outcome};
use crate::display::format::{number, percent, usd, with_dollar};
use crate::display::plot::{Scale, decimate, extent, nice_ticks, padded, time_ticks, union};
use crate::display::svg::{Align, Dash, Svg};

const WIDTH: f64 = 960.0;
/// Where the plots begin, after the figures of the axis.
const LEFT: f64 = 72.0;
const RIGHT: f64 = 950.0;
/// Top and height of the three plots, and where the dates stand.
const EQUITY: (f64, f64) = (28.0, 230.0);
const INDEX: (f64, f64) = (294.0, 180.0);
const DRAWDOWN: (f64, f64) = (510.0, 90.0);
const DATES: f64 = 616.0;
const HEIGHT: f64 = 628.0;

/// The colour of a series by its place, as the stylesheet names it.
pub fn series(place: usize) -> String {
    format!("var(--series-{})", place % 6 + 1)
}

/// The drawing; nothing before the first mark.
pub fn chart(curves: &Curves, money: Money, coin: &str) -> Option<String> {
    let (from, to) = curves.span()?;
    let x = Scale { from: from as f64, to: (to.max(from + 1)) as f64, from_px: LEFT, to_px: RIGHT };
    let mut svg = Svg::default();
    svg.font("11px system-ui, sans-serif");
    equity(&mut svg, curves, money, coin, &x);
    index(&mut svg, curves, &x);
    drawdown(&mut svg, curves, money, &x);
    for tick in time_ticks(from, to, 9) {
        svg.text(&tick.label, (x.px(tick.time as f64), DATES), "var(--muted)", Align::Centre);
    }
    let names: Vec<&str> = curves.units.iter().map(|unit| unit.name.as_str()).collect();
    let words = format!(
        "Equity of {} against HODL, the index with the strikes, and the drawdown, {}.",
        names.join(", "),
        dates((from, to))
    );
    // A name space is for files of their own; within HTML it would be the only address of another host.
    Some(svg.document(WIDTH, HEIGHT, "Equity against HODL", &words).replacen(
        " xmlns=\"http://www.w3.org/2000/svg\"",
        "",
        1,
    ))
}

/// Title, lines and figures of an axis; the scale of what is drawn on it.
fn axis(
    svg: &mut Svg,
    (top, height): (f64, f64),
    title: &str,
    range: (f64, f64),
    words: impl Fn(f64, usize) -> String,
) -> Scale {
    let (low, high) = range;
    let y = Scale { from: low, to: high, from_px: top + height, to_px: top };
    svg.text(title, (LEFT, top - 12.0), "var(--muted)", Align::Left);
    let (ticks, decimals) = nice_ticks(low, high, (height / 44.0) as usize);
    for tick in ticks {
        let at = y.px(tick);
        svg.line(&[(LEFT, at), (RIGHT, at)], "var(--line)", 1.0, Dash::Solid);
        svg.text(&words(tick, decimals), (LEFT - 8.0, at), "var(--muted)", Align::Right);
    }
    y
}

fn equity(svg: &mut Svg, curves: &Curves, money: Money, coin: &str, x: &Scale) {
    let own = curves.units.iter().map(|unit| extent(unit.equity(money).iter().copied()));
    let range = own.fold(extent(curves.hodl(money).iter().copied()), union).unwrap_or((0.0, 1.0));
    let title = match money {
        Money::Usd => "Equity, USD".to_owned(),
        Money::Coin => format!("Equity, {coin}"),
    };
    let words = |value: f64, decimals: usize| match money {
        Money::Usd => with_dollar(number(value, decimals)),
        Money::Coin => number(value, decimals),
    };
    let y = axis(svg, EQUITY, &title, padded(range, 0.06), words);
    svg.line(&decimate(&curves.times, curves.hodl(money), x, &y), "var(--muted)", 1.5, Dash::Dashed);
    for (place, unit) in curves.units.iter().enumerate() {
        svg.line(&decimate(&curves.times, unit.equity(money), x, &y), &series(place), 1.75, Dash::of_series(place));
    }
}

fn index(svg: &mut Svg, curves: &Curves, x: &Scale) {
    let segments = || curves.units.iter().flat_map(|unit| &unit.segments);
    let strikes = extent(segments().map(|segment| segment.strike));
    let range = union(extent(curves.index.iter().copied()), strikes).unwrap_or((0.0, 1.0));
    let y = axis(svg, INDEX, "Index and strikes, USD", padded(range, 0.06), |value, decimals| match decimals {
        0 => usd(value.round()).replace(".00", ""),
        _ => with_dollar(number(value, decimals)),
    });
    svg.line(&decimate(&curves.times, &curves.index, x, &y), "var(--text)", 1.25, Dash::Solid);
    for segment in segments() {
        let (colour, dash) = match segment.outcome() {
            Outcome::Gain => ("var(--gain)", Dash::Solid),
            Outcome::Loss => ("var(--loss)", Dash::Dashed),
            Outcome::Open => ("var(--muted)", Dash::Dotted),
        };
        let (from, to) = (x.px(segment.from as f64), segment.to.map_or(RIGHT, |to| x.px(to as f64)));
        let at = y.px(segment.strike);
        svg.line(&[(from, at), (to.min(RIGHT), at)], colour, 2.0, dash);
    }
}

fn drawdown(svg: &mut Svg, curves: &Curves, money: Money, x: &Scale) {
    let lowest = curves.units.iter().map(|unit| extent(unit.drawdown(money).iter().copied())).fold(None, union);
    let low = lowest.map_or(-0.01, |(low, _)| low.min(-0.001) * 1.05);
    let y = axis(svg, DRAWDOWN, "Drawdown", (low, 0.0), |value, decimals| percent(value, decimals.saturating_sub(2)));
    for (place, unit) in curves.units.iter().enumerate() {
        svg.line(&decimate(&curves.times, unit.drawdown(money), x, &y), &series(place), 1.5, Dash::of_series(place));
    }
}
