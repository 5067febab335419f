//! The report's drawing of a loan: loan-to-value with and without the hedge over the thresholds, and the price with the margin call.

use super::chart::{LEFT, RIGHT, WIDTH, axis, dates_below};
use crate::display::caption::loan_sentence;
use crate::display::format::{percent, usd_axis};
use crate::display::loan_plot::{HeldPut, LoanLines};
use crate::display::plot::{Scale, decimate, padded};
use crate::display::svg::{Align, Dash, Svg};

/// Top and height of the two plots, and where the dates stand.
const RATIO: (f64, f64) = (28.0, 220.0);
const PRICE: (f64, f64) = (284.0, 180.0);
const DATES: f64 = 486.0;
const HEIGHT: f64 = 498.0;
/// Room above and below the lines.
const AIR: f64 = 0.1;

/// The drawing; nothing before the first day has ended.
pub fn chart(lines: &LoanLines) -> Option<String> {
    let (from, to) = lines.span;
    lines.times.first()?;
    let x = Scale { from: from as f64, to: to.max(from + 1) as f64, from_px: LEFT, to_px: RIGHT };
    let mut svg = Svg::default();
    svg.font("11px system-ui, sans-serif");
    let ratio = ("Loan-to-value at the low", padded(lines.ltv_range(lines.span), AIR));
    let ratio = axis(&mut svg, &x, RATIO, ratio, |value, decimals| percent(value, decimals.saturating_sub(2)));
    let price = ("Price and strike, USD", padded(lines.price_range(lines.span), AIR));
    let price = axis(&mut svg, &x, PRICE, price, usd_axis);
    dates_below(&mut svg, &x, DATES);
    // What has nothing against it, or no call, has no place on its axis.
    let path = |values: &[f64], y: &Scale| {
        let seen = lines.times.iter().zip(values).filter(|(_, v)| v.is_finite());
        let (times, values): (Vec<i64>, Vec<f64>) = seen.map(|(t, v)| (*t, v.clamp(y.from, y.to))).unzip();
        decimate(&times, &values, &x, y)
    };
    svg.line(&path(&lines.unhedged, &ratio), "var(--hodl)", 1.5, Dash::Dashed);
    svg.line(&path(&lines.hedged, &ratio), "var(--series-1)", 2.0, Dash::Solid);
    let levels = [(Some(lines.margin_call), "margin call"), (lines.liquidation, "liquidation")];
    for (at, word) in levels.into_iter().filter_map(|(level, word)| Some((ratio.px(level?), word))) {
        svg.line(&[(LEFT, at), (RIGHT, at)], "var(--loss)", 1.5, Dash::Solid);
        svg.text(word, (RIGHT - 4.0, at - 9.0), "var(--loss)", Align::Right);
    }
    svg.line(&path(&lines.close, &price), "var(--muted)", 1.25, Dash::Solid);
    svg.line(&path(&lines.call_price, &price), "var(--loss)", 1.5, Dash::Dashed);
    for HeldPut { from, to, strike } in &lines.puts {
        let until = to.map_or(x.to_px, |to| x.px(to as f64).min(x.to_px));
        let y = price.px(*strike);
        svg.line(&[(x.px(*from as f64), y), (until, y)], "var(--series-1)", 2.0, Dash::Dotted);
    }
    Some(svg.within_html(WIDTH, HEIGHT, "The loan", &loan_sentence(lines)))
}
