//! The months, which the page shows as a table, drawn once more as a file.

use super::frame::{Chart, Picture};
use super::paint::{evidence_of, faded, source_of};
use crate::app::state::App;
use crate::display::caption::Caption;
use crate::display::months::Year;
use crate::display::span::Span;
use crate::units::MONTHS;
use crate::web::canvas::{Align, Palette, Pen};
use leptos::prelude::*;

/// The gap between two cells.
const GAP: f64 = 2.0;
/// Most of a cell's height, and of its tint.
const TALLEST: f64 = 44.0;
const TINT: f64 = 0.26;

/// The months as they are when they are saved, and what stands around them.
struct Drawn {
    app: App,
    unit: RwSignal<usize>,
    title: Signal<String>,
    years: Signal<Vec<Year>>,
}

/// The heat map as something that can be saved as charts are.
pub fn years_chart(
    (app, unit): (App, RwSignal<usize>),
    title: Signal<String>,
    summary: Signal<String>,
    years: Signal<Vec<Year>>,
) -> Chart {
    Chart::new(Drawn { app, unit, title, years }, summary, "months", "")
}

impl Picture for Drawn {
    fn track(&self) {}
    fn paint(&self, pen: &Pen, palette: &Palette, _: Span) {
        pen.font(&palette.font);
        self.years.with_untracked(|years| paint(pen, palette, years));
    }
    fn paint_cursor(&self, _: &Pen, _: &Palette, _: Span, _: i64) {}
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        see(&[]);
    }
    fn whole(&self) -> Option<Span> {
        None
    }
    fn caption(&self, _: Span) -> Option<Caption> {
        let span = self.app.session.with_value(|s| s.curves.span()).unwrap_or((0, 0));
        let evidence = evidence_of(self.app, Some(self.unit.get_untracked()));
        let (title, source) = (self.title.get_untracked(), source_of(self.app, span));
        Some(Caption { name: "months", title, evidence, source, ..Caption::default() })
    }
}

fn paint(pen: &Pen, palette: &Palette, years: &[Year]) {
    let wide = pen.width / 14.0;
    let high = (pen.height / (years.len() + 1) as f64).min(TALLEST);
    let centre = |column: usize, row: usize| ((column as f64 + 0.5) * wide, (row as f64 + 0.5) * high);
    let write = |words: &str, column: usize, row: usize, colour: &str| {
        pen.text(words, centre(column, row), colour, Align::Centre);
    };
    for (column, name) in MONTHS.iter().chain(&["Total"]).enumerate() {
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
