//! The report's drawing: equity against HODL, the index with the strikes, and the drawdown, one above the other.

use crate::display::caption::dates;
use crate::display::curves::{Curves, Money};
use crate::display::format::{number, percent, usd_axis};
use crate::display::panes::{WORD_ABOVE_FOOT, draw_marks, panes, shades};
use crate::display::plot::{Scale, TimeTick, nice_ticks, time_ticks};
use crate::display::svg::{Align, Dash, Svg};

pub(super) const WIDTH: f64 = 960.0;
/// Where the plots begin, and where they end, before the figures of the axis.
pub(super) const LEFT: f64 = 8.0;
pub(super) const RIGHT: f64 = 890.0;
/// Top and height of the three plots, and where the dates stand.
const EQUITY: (f64, f64) = (28.0, 230.0);
const INDEX: (f64, f64) = (294.0, 180.0);
const DRAWDOWN: (f64, f64) = (510.0, 90.0);
const DATES: f64 = 616.0;
const HEIGHT: f64 = 628.0;

/// The drawing, `coin` by its name; nothing before the first mark.
pub fn chart(curves: &Curves, money: Money, coin: &str) -> Option<String> {
    let (from, to) = curves.span()?;
    let x = Scale { from: from as f64, to: (to.max(from + 1)) as f64, from_px: LEFT, to_px: RIGHT };
    let mut svg = Svg::default();
    svg.font("11px system-ui, sans-serif");
    let shades = shades(&curves.bands, &x);
    for ((left, right), word, _) in &shades {
        svg.rect(*left, INDEX.0, right - left, INDEX.1, &format!("var(--{word})"));
    }
    for (part, (place, pane)) in [EQUITY, INDEX, DRAWDOWN].into_iter().zip(panes(curves, money, coin)).enumerate() {
        let y = axis(&mut svg, &x, place, (&pane.title, pane.range), |value, decimals| match (part, money) {
            (0, Money::Coin) => number(value, decimals),
            (2, _) => percent(value, decimals.saturating_sub(2)),
            _ => usd_axis(value, decimals),
        });
        pane.draw(&mut svg, &curves.times, &x, &y);
        if part == 1 {
            draw_marks(&mut svg, curves, &x, &y);
            for (_, word, left) in &shades {
                if let Some(left) = left {
                    let at = (*left, INDEX.0 + INDEX.1 - WORD_ABOVE_FOOT);
                    svg.rimmed_text(word, at, ("var(--muted)", "var(--surface)"), Align::Left);
                }
            }
        }
    }
    dates_below(&mut svg, &x, DATES);
    let names: Vec<&str> = curves.units.iter().map(|unit| unit.name.as_str()).collect();
    let words = format!(
        "Equity of {} against HODL, the index with the strikes, and the drawdown, {}.",
        names.join(", "),
        dates((from, to))
    );
    Some(svg.within_html(WIDTH, HEIGHT, "Equity against HODL", &words))
}

/// Title, lines and figures of an axis; the scale of what is drawn on it.
pub(super) fn axis(
    svg: &mut Svg,
    x: &Scale,
    (top, height): (f64, f64),
    (title, (low, high)): (&str, (f64, f64)),
    words: impl Fn(f64, usize) -> String,
) -> Scale {
    let y = Scale { from: low, to: high, from_px: top + height, to_px: top };
    svg.text(title, (LEFT, top - 10.0), "var(--muted)", Align::Left);
    for tick in dates_of(x) {
        let at = x.px(tick.time as f64);
        svg.line(&[(at, top), (at, top + height)], "var(--line)", 1.0, Dash::Solid);
    }
    let (ticks, decimals) = nice_ticks(low, high, (height / 44.0) as usize);
    for tick in ticks {
        let at = y.px(tick);
        svg.line(&[(LEFT, at), (RIGHT, at)], "var(--line)", 1.0, Dash::Solid);
        svg.text(&words(tick, decimals), (RIGHT + 6.0, at), "var(--muted)", Align::Left);
    }
    y
}

fn dates_of(x: &Scale) -> Vec<TimeTick> {
    time_ticks(x.from as i64, x.to as i64, 9)
}

/// The dates below a drawing.
pub(super) fn dates_below(svg: &mut Svg, x: &Scale, at: f64) {
    for tick in dates_of(x) {
        let px = x.px(tick.time as f64);
        let align = if px < LEFT + 20.0 { Align::Left } else { Align::Centre };
        svg.text(&tick.label, (px, at), "var(--muted)", align);
    }
}
