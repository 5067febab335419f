//! What the front page shows of its example before the program is there: plain HTML, made beforehand, with no script in it.

use super::caption::{curves_sentence, equity_value};
use super::curves::{Curves, Money, Outcome};
use super::example::{self, EXAMPLE_TITLE, EXAMPLE_WORDS};
use super::key_numbers::{self, ROWS};
use super::plan::plan;
use super::plot::{Scale, decimate, extent, padded, union};
use super::svg::{Dash, Svg, escaped};
use crate::market::Settlement;
use crate::metrics::summary::figure;
use crate::run::example::Example;
use crate::run::{Resolved, UnitState};
use std::fmt::Write;

/// Size of a pane's drawing, which the page stretches over the pane.
const WIDE: f64 = 200.0;
const HIGH: f64 = 100.0;

/// The example's plan, chart and key numbers, within the same classes as the page's own; `resolved` is its request.
pub fn first_paint(example: &Example, resolved: &Resolved) -> String {
    let dataset = &resolved.dataset;
    let view = example::view_of(example, dataset.settlement);
    let money = if dataset.settlement == Settlement::Inverse { Money::Coin } else { Money::Usd };
    let coin = dataset.underlying.as_str();
    let tiles = ROWS.map(|key| {
        let title = figure(key).map_or("", |figure| figure.title);
        let cell = key_numbers::cell(key, UnitState::Completed, view.summaries.first(), dataset.settlement, coin);
        let (sign, main, below) = (cell.sign, escaped(&cell.main), escaped(&cell.below));
        format!(
            "<div class=\"tile\"><dt>{title}</dt><dd><span class=\"figure-main\" data-sign=\"{sign}\">{main}</span>\
             <span class=\"figure-below\">{below}</span></dd></div>\n"
        )
    });
    format!(
        "<p class=\"plan\">{}</p>\n\
         <div class=\"banner calm example\"><p><strong>{EXAMPLE_TITLE} </strong>{EXAMPLE_WORDS}</p></div>\n\
         <section class=\"chart card\" aria-label=\"Chart of the example\">\n\
         <h2 class=\"chart-head\">Equity against HODL</h2>\n\
         <p class=\"readout\">{}</p>\n<div class=\"first-plot\" aria-hidden=\"true\">\n{}</div>\n\
         <p class=\"plot-sentence\">{}</p>\n</section>\n\
         <section class=\"numbers\" aria-label=\"Key numbers of the example\"><dl class=\"tiles\">\n{}</dl></section>\n",
        escaped(&plan(&resolved.request)),
        readout(&view.curves, money, coin),
        panes(&view.curves, money, coin),
        escaped(&curves_sentence(&view.curves, money, false, coin)),
        tiles.concat()
    )
}

/// What each line of equity is, and where it ends.
fn readout(curves: &Curves, money: Money, coin: &str) -> String {
    let units =
        curves.units.iter().enumerate().map(|(place, unit)| {
            (format!("{}", place % 6 + 1), unit.name.as_str(), unit.equity(money).last().copied())
        });
    let hodl = ("hodl".to_owned(), "HODL", curves.hodl(money).last().copied());
    units.chain([hodl]).fold(String::new(), |mut out, (series, name, value)| {
        let value = value.map_or_else(String::new, |value| equity_value(value, money, false, coin));
        // writing to a String cannot fail
        let _ = write!(
            out,
            "<span class=\"readout-entry\" data-series=\"{series}\"><span class=\"swatch\"></span><span class=\"readout-name\">{}</span>\
             <span class=\"readout-value\">{}</span></span>",
            escaped(name),
            escaped(&value)
        );
        out
    })
}

/// Equity against HODL, the index with the strikes, and the drawdown, one above the other.
fn panes(curves: &Curves, money: Money, coin: &str) -> String {
    let Some((from, to)) = curves.span() else { return String::new() };
    let x = Scale { from: from as f64, to: to as f64, from_px: 0.0, to_px: WIDE };
    let reach = |values: &[f64]| extent(values.iter().copied());
    let pane = |title: &str, range: Option<(f64, f64)>, draw: &dyn Fn(&mut Svg, &Scale)| {
        let (low, high) = padded(range.unwrap_or((0.0, 1.0)), 0.08);
        let mut svg = Svg::default();
        draw(&mut svg, &Scale { from: low, to: high, from_px: HIGH, to_px: 0.0 });
        format!(
            "<div><p>{}</p><svg viewBox=\"0 0 {WIDE} {HIGH}\" preserveAspectRatio=\"none\">\n{}</svg></div>\n",
            escaped(title),
            svg.strokes()
        )
    };
    let line = |svg: &mut Svg, values: &[f64], y: &Scale, colour: &str, dash: Dash| {
        svg.line(&decimate(&curves.times, values, &x, y), colour, 1.5, dash);
    };
    let series = |place: usize| format!("var(--series-{})", place % 6 + 1);
    let segments = || curves.units.iter().flat_map(|unit| &unit.segments);

    let equities = curves.units.iter().map(|unit| reach(unit.equity(money)));
    let equity = pane(
        if money == Money::Coin { "Equity, coin" } else { "Equity, USD" },
        equities.fold(reach(curves.hodl(money)), union),
        &|svg, y| {
            line(svg, curves.hodl(money), y, "var(--hodl)", Dash::Dashed);
            for (place, unit) in curves.units.iter().enumerate() {
                line(svg, unit.equity(money), y, &series(place), Dash::Solid);
            }
        },
    );
    let index = pane(
        &format!("{coin} index and strikes, USD"),
        union(reach(&curves.index), extent(segments().map(|segment| segment.strike))),
        &|svg, y| {
            line(svg, &curves.index, y, "var(--muted)", Dash::Solid);
            for segment in segments() {
                let (colour, dash) = match segment.outcome() {
                    Outcome::Gain => ("var(--gain)", Dash::Solid),
                    Outcome::Loss => ("var(--loss)", Dash::Dashed),
                    Outcome::Open => ("var(--open)", Dash::Dotted),
                };
                let at = y.px(segment.strike);
                let until = segment.to.map_or(WIDE, |to| x.px(to as f64));
                svg.line(&[(x.px(segment.from as f64), at), (until, at)], colour, 2.0, dash);
            }
        },
    );
    let falls = curves.units.iter().map(|unit| reach(unit.drawdown(money)));
    let drawdown = pane("Drawdown", falls.fold(Some((0.0, 0.0)), union), &|svg, y| {
        for (place, unit) in curves.units.iter().enumerate() {
            line(svg, unit.drawdown(money), y, &series(place), Dash::Solid);
        }
    });
    [equity, index, drawdown].concat()
}
