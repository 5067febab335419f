//! A chart as a file: the same drawing as on the screen, with its title, sentence and legend above it, and below it what it rests on.

use super::frame::Chart;
use crate::display::caption::{Caption, flowed, wrapped};
use crate::display::span::Span;
use crate::web::canvas::{Align, Palette, Pen, offer_png};
use crate::web::page;
use leptos::prelude::*;

/// The sheet's width and margin, and the drawing's height, CSS pixels.
const WIDTH: f64 = 960.0;
const MARGIN: f64 = 24.0;
const PLOT: f64 = 480.0;
/// Heights of a title, a line of words, and a row of the legend.
const TITLE: f64 = 26.0;
const LINE: f64 = 16.0;
const ROW: f64 = 20.0;
/// A legend's stroke, with the room after it; and the room between two entries.
const STROKE: f64 = 18.0;
const AFTER_STROKE: f64 = 6.0;
const BETWEEN: f64 = 18.0;
/// Fonts of the title and of words.
const TITLE_FONT: &str = "600 17px";
const WORDS_FONT: &str = "12px";

/// A caption laid out for the sheet.
struct Sheet {
    caption: Caption,
    summary: Vec<String>,
    /// Evidence and source.
    below: Vec<String>,
    /// Left edge and row of each entry of the legend.
    legend: Vec<(f64, usize)>,
    span: Span,
    palette: Palette,
}

impl Sheet {
    /// Lays out what a chart shows now; `None` where it cannot be exported.
    fn new(chart: &Chart) -> Option<Sheet> {
        let (span, palette) = (chart.span(), Palette::read());
        let caption = untrack(|| chart.picture.caption(span))?;
        let caption = Caption { summary: chart.summary.get_untracked(), ..caption };
        let measuring = Pen::paper(WIDTH, PLOT)?;
        measuring.font(&palette.font_of(WORDS_FONT));
        let (room, measure) = (WIDTH - 2.0 * MARGIN, |text: &str| measuring.text_width(text));
        let wide = |(_, name): &(String, String)| STROKE + AFTER_STROKE + measure(name);
        let widths: Vec<f64> = caption.legend.iter().map(wide).collect();
        Some(Sheet {
            summary: wrapped(&caption.summary, room, &measure),
            below: [&caption.evidence, &caption.source]
                .into_iter()
                .flat_map(|text| wrapped(text, room, &measure))
                .collect(),
            legend: flowed(&widths, room, BETWEEN),
            caption,
            span,
            palette,
        })
    }

    /// Where the legend begins, where the drawing begins, and the sheet's height.
    fn heights(&self) -> (f64, f64, f64) {
        let legend = MARGIN + TITLE + LINE * self.summary.len() as f64 + 6.0;
        let rows = self.legend.last().map_or(0, |(_, row)| row + 1);
        let plot = legend + ROW * rows as f64 + 8.0;
        (legend, plot, plot + PLOT + 8.0 + LINE * self.below.len() as f64 + MARGIN / 2.0)
    }

    fn paint(&self, pen: &mut Pen, chart: &Chart) {
        let (palette, (legend, plot, height)) = (&self.palette, self.heights());
        pen.rect(0.0, 0.0, WIDTH, height, &palette.surface);
        pen.font(&palette.font_of(TITLE_FONT));
        pen.text(&self.caption.title, (MARGIN, MARGIN + 6.0), &palette.text, Align::Left);
        pen.font(&palette.font_of(WORDS_FONT));
        lines(pen, &self.summary, MARGIN + TITLE, &palette.muted);
        for ((key, name), (left, row)) in self.caption.legend.iter().zip(&self.legend) {
            let (x, y) = (MARGIN + left, legend + ROW * (*row as f64 + 0.5));
            let (colour, dash) = palette.of_key(key);
            pen.line(&[(x, y), (x + STROKE, y)], colour, 2.0, dash);
            pen.text(name, (x + STROKE + AFTER_STROKE, y), &palette.text, Align::Left);
        }
        lines(pen, &self.below, plot + PLOT + 8.0, &palette.muted);
        let place = (MARGIN - 8.0, plot, WIDTH - 2.0 * MARGIN + 16.0, PLOT);
        pen.within(place, &mut |pen| untrack(|| chart.picture.paint(pen, palette, self.span)));
    }

    fn file(&self, ending: &str) -> String {
        format!("chainwalk-{}.{ending}", self.caption.name)
    }
}

/// Lines of words below one another.
fn lines(pen: &Pen, lines: &[String], top: f64, colour: &str) {
    for (place, line) in lines.iter().enumerate() {
        pen.text(line, (MARGIN, top + LINE * (place as f64 + 0.5)), colour, Align::Left);
    }
}

/// Offers the chart as a PNG of twice the sheet's pixels; `None` where the browser cannot draw it.
pub fn save_png(chart: &Chart) -> Option<()> {
    let sheet = Sheet::new(chart)?;
    offer_png(sheet.file("png"), (WIDTH, sheet.heights().2), &mut |pen| sheet.paint(pen, chart))
}

/// Offers the chart as SVG; `None` where the browser cannot measure its words.
pub fn save_svg(chart: &Chart) -> Option<()> {
    let sheet = Sheet::new(chart)?;
    let mut pen = Pen::paper(WIDTH, sheet.heights().2)?;
    sheet.paint(&mut pen, chart);
    let document = pen.document(&sheet.caption.title, &sheet.caption.summary);
    page::download(&sheet.file("svg"), "image/svg+xml", document.as_bytes());
    Some(())
}
