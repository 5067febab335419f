//! What the page shows as elements and not on a canvas, drawn once more as a file: the histogram, the months, the inspector's plots.

use super::frame::{Chart, Picture};
use super::paint::{evidence_of, faded, source_of};
use crate::app::state::App;
use crate::display::caption::Caption;
use crate::display::histogram::Bars;
use crate::display::inspect::{HEIGHT, SmallPlot, WIDTH};
use crate::display::months::{NAMES, Year};
use crate::display::span::Span;
use crate::web::canvas::{Align, Dash, Palette, Pen};
use leptos::prelude::*;

/// Room above a drawing, and below it.
const HEAD: f64 = 24.0;
const FOOT: f64 = 28.0;
/// The gap between two bars or cells.
const GAP: f64 = 2.0;
/// Between two strokes of a loss's hatching.
const HATCH: f64 = 7.0;
/// Most of a cell's height, and of its tint.
const TALLEST: f64 = 44.0;
const TINT: f64 = 0.26;

/// A drawing that nobody walks along.
#[derive(Clone, Debug, PartialEq)]
pub enum Still {
    /// Closed trades by their PnL.
    Bars(Bars),
    /// Months, a row a year.
    Years(Vec<Year>),
    /// A plot of the inspector.
    Small(SmallPlot),
}

/// A drawing as it is when it is saved, and what stands around it.
struct Drawn {
    app: App,
    name: &'static str,
    title: Signal<String>,
    still: Signal<Still>,
}

/// A drawing that can be saved as charts are.
pub fn still(
    app: App,
    (id, name): (&'static str, &'static str),
    title: Signal<String>,
    summary: Signal<String>,
    still: Signal<Still>,
) -> Chart {
    Chart::new(Drawn { app, name, title, still }, summary, id, "")
}

impl Picture for Drawn {
    fn track(&self) {}
    fn paint(&self, pen: &Pen, palette: &Palette, _: Span) {
        pen.font(&palette.font);
        self.still.with_untracked(|still| match still {
            Still::Bars(bars) => paint_bars(pen, palette, bars),
            Still::Years(years) => paint_years(pen, palette, years),
            Still::Small(plot) => paint_small(pen, palette, plot),
        });
    }
    fn paint_cursor(&self, _: &Pen, _: &Palette, _: Span, _: i64) {}
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        see(&[]);
    }
    fn whole(&self) -> Option<Span> {
        None
    }
    fn caption(&self, _: Span) -> Option<Caption> {
        let legend: &[(&str, &str)] = self.still.with_untracked(|still| match still {
            Still::Bars(_) => &[("loss", "Loss"), ("gain", "Win"), ("mean", "Mean"), ("median", "Median")][..],
            Still::Small(plot) if !plot.other.is_empty() => &[("1", "Account"), ("hodl", "HODL")],
            Still::Years(_) | Still::Small(_) => &[],
        });
        let legend = legend.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
        let span = self.app.session.with_value(|s| s.curves.span()).unwrap_or((0, 0));
        let (title, evidence, source) = (self.title.get_untracked(), evidence_of(self.app), source_of(self.app, span));
        Some(Caption { name: self.name, title, legend, evidence, source, ..Caption::default() })
    }
}

fn paint_bars(pen: &Pen, palette: &Palette, bars: &Bars) {
    let (bottom, height) = (pen.height - FOOT, pen.height - FOOT - HEAD);
    let wide = pen.width / bars.bins.len().max(1) as f64;
    for (place, bin) in bars.bins.iter().enumerate() {
        let (left, high) = (place as f64 * wide + GAP / 2.0, bin.share * height);
        let (top, across) = (bottom - high, wide - GAP);
        if bin.sign == "gain" {
            pen.rect(left, top, across, high, &palette.gain);
        } else {
            hatched(pen, (left, top, across, high), &palette.loss);
        }
        if bin.trades > 0 {
            pen.text(&bin.trades.to_string(), (left + across / 2.0, top - 9.0), &palette.muted, Align::Centre);
        }
    }
    pen.line(&[(0.0, bottom), (pen.width, bottom)], &palette.muted, 1.0, Dash::Solid);
    for (at, dash) in [(bars.mean, Dash::Solid), (bars.median, Dash::Dashed)] {
        pen.line(&[(at * pen.width, 0.0), (at * pen.width, bottom)], &palette.text, 1.5, dash);
    }
    for (at, words) in &bars.ticks {
        let align = match *at {
            at if at < 0.1 => Align::Left,
            at if at > 0.9 => Align::Right,
            _ => Align::Centre,
        };
        pen.text(words, (at * pen.width, bottom + 14.0), &palette.muted, align);
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

fn paint_years(pen: &Pen, palette: &Palette, years: &[Year]) {
    let wide = pen.width / 14.0;
    let high = (pen.height / (years.len() + 1) as f64).min(TALLEST);
    let centre = |column: usize, row: usize| ((column as f64 + 0.5) * wide, (row as f64 + 0.5) * high);
    let write = |words: &str, column: usize, row: usize, colour: &str| {
        pen.text(words, centre(column, row), colour, Align::Centre);
    };
    for (column, name) in NAMES.iter().chain(&["Year"]).enumerate() {
        write(name, column + 1, 0, &palette.muted);
    }
    for (row, year) in years.iter().enumerate() {
        write(&year.year.to_string(), 0, row + 1, &palette.text);
        for (column, cell) in year.months.iter().chain([&year.total]).enumerate() {
            let colour = if cell.sign == "loss" { &palette.loss } else { &palette.gain };
            let (left, top) = ((column + 1) as f64 * wide, (row + 1) as f64 * high);
            if !cell.sign.is_empty() {
                pen.rect(left, top, wide - GAP, high - GAP, &faded(colour, cell.heat * TINT));
            }
            write(&cell.words, column + 1, row + 1, &palette.text);
        }
    }
}

fn paint_small(pen: &Pen, palette: &Palette, plot: &SmallPlot) {
    let (across, down) = (pen.width / WIDTH, pen.height / HEIGHT);
    let to = |(x, y): (f64, f64)| (x * across, y * down);
    let path = |points: &[(f64, f64)]| points.iter().map(|point| to(*point)).collect::<Vec<_>>();
    let (left, right, bottom) = (44.0, WIDTH - 8.0, HEIGHT - 22.0);
    for (y, words) in &plot.y_ticks {
        pen.line(&[to((left, *y)), to((right, *y))], &palette.grid, 1.0, Dash::Solid);
        pen.text(words, to((left - 4.0, *y)), &palette.muted, Align::Right);
    }
    for (x, words) in &plot.x_ticks {
        pen.text(words, to((*x, bottom + 8.0)), &palette.muted, Align::Centre);
    }
    if let Some((x, y, words)) = plot.rule {
        pen.line(&[to((x, 10.0)), to((x, bottom))], &palette.muted, 1.0, Dash::Dotted);
        pen.text(words, to((x + 3.0, y)), &palette.muted, Align::Left);
    }
    pen.line(&path(&plot.other), &palette.hodl, 1.5, Dash::Dashed);
    pen.line(&path(&plot.line), palette.series(0), 2.0, Dash::Solid);
    path(&plot.dots).into_iter().for_each(|dot| pen.dot(dot, 2.5, palette.series(0), &palette.surface));
    if let Some((x, y, words)) = &plot.mark {
        let (x, y) = to((*x, *y));
        let (shift, align) = if x > pen.width * 0.62 { (-10.0, Align::Right) } else { (10.0, Align::Left) };
        pen.dot((x, y), 5.0, &palette.surface, &palette.text);
        pen.text(words, (x + shift, y + 16.0), &palette.text, align);
    }
}
