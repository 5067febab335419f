//! What the front page shows of its example before the program is there: plain HTML, made beforehand, with no script in it.

use super::caption::{curves_sentence, equity_value};
use super::curves::{Curves, Money};
use super::evidence::badge;
use super::example::{self, EXAMPLE_NEXT, EXAMPLE_TITLE, EXAMPLE_WORDS};
use super::key_numbers::{self, ROWS};
use super::panes::{Pane, panes, shades};
use super::plan::{parted, plan};
use super::plot::Scale;
use super::svg::{Svg, escaped};
use crate::metrics::Evidence;
use crate::metrics::summary::figure;
use crate::run::example::Example;
use crate::run::{Resolved, UnitState};
use std::fmt::Write;

/// Size of a pane's drawing, which the page stretches over the pane.
const WIDE: f64 = 130.0;
const HIGH: f64 = 100.0;
/// Place of the pane of the index.
const INDEX: usize = 1;

/// The example's plan, chart and key numbers, within the same classes as the page's own; `resolved` is its request.
pub fn first_paint(example: &Example, resolved: &Resolved) -> String {
    let dataset = &resolved.dataset;
    let view = example::view_of(example, dataset.settlement);
    let money = Money::of(dataset.settlement);
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
    let plan = plan(&resolved.request);
    let (words, dates) = parted(&plan);
    let evidence = Evidence::sum(view.summaries.iter().map(Evidence::of)).line(dataset);
    format!(
        "<p class=\"plan\">{}<span class=\"unbroken\">{}</span></p>\n\
         <div class=\"banner calm example\"><p><strong>{EXAMPLE_TITLE} </strong>{EXAMPLE_WORDS} <span class=\"next\">{EXAMPLE_NEXT}</span></p></div>\n\
         <section class=\"chart card\" aria-label=\"Chart of the example\">\n\
         <h2 class=\"chart-head\">Equity against HODL</h2>\n\
         <p class=\"readout\">{}</p>\n<div class=\"first-plot\" aria-hidden=\"true\">\n{}</div>\n\
         <p class=\"plot-sentence\">{}</p>\n</section>\n\
         <div class=\"dials card\" aria-hidden=\"true\"></div>\n\
         <section class=\"numbers\" aria-label=\"Key numbers of the example\"><dl class=\"tiles\">\n{}</dl>\n\
         <div class=\"numbers-foot\"><p class=\"evidence\"><span class=\"badge\" data-kind=\"{kind}\">{kind}</span><span>{}</span></p></div></section>\n",
        escaped(words),
        escaped(dates),
        readout(&view.curves, money, coin),
        drawings(&view.curves, money, coin),
        escaped(&curves_sentence(&view.curves, money, false, coin)),
        tiles.concat(),
        escaped(&evidence.words),
        kind = badge(evidence.kind)
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

/// The panes one above the other, each stretched over its place.
fn drawings(curves: &Curves, money: Money, coin: &str) -> String {
    let Some((from, to)) = curves.span() else { return String::new() };
    let x = Scale { from: from as f64, to: to as f64, from_px: 0.0, to_px: WIDE };
    let drawing = |(place, pane): (usize, &Pane)| {
        let (low, high) = pane.range;
        let mut svg = Svg::default();
        if place == INDEX {
            for ((left, right), word, _) in shades(&curves.bands, &x) {
                svg.rect(left, 0.0, right - left, HIGH, &format!("var(--{word})"));
            }
        }
        pane.draw(&mut svg, &curves.times, &x, &Scale { from: low, to: high, from_px: HIGH, to_px: 0.0 });
        format!(
            "<div><p>{}</p><svg viewBox=\"0 0 {WIDE} {HIGH}\" preserveAspectRatio=\"none\">\n{}</svg></div>\n",
            escaped(&pane.title),
            svg.strokes()
        )
    };
    panes(curves, money, coin).iter().enumerate().map(drawing).collect()
}
