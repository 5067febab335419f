//! A pen on a 2D canvas, sized for the screen's pixels, or on paper that becomes SVG; colours from the stylesheet.

use super::page;
pub use crate::display::svg::{Align, Dash};
use crate::display::svg::{RIM, Svg};
use js_sys::Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// A canvas and its context in CSS pixels.
pub struct Pen {
    context: CanvasRenderingContext2d,
    /// Where the strokes go instead of the canvas, which then only measures text.
    paper: Option<RefCell<Svg>>,
    /// Width, CSS pixels.
    pub width: f64,
    /// Height, CSS pixels.
    pub height: f64,
}

/// Points of a line whose joins nobody sees, and which take a third of the drawing when they are round.
const DENSE: usize = 400;

thread_local! {
    /// The font that was last set, in our words and in the browser's.
    static FONT: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
}

impl Pen {
    /// Takes a canvas of this size in CSS pixels, sets its bitmap to the screen's pixels and clears it; `None` without a context or a size.
    ///
    /// The size is the caller's, who was told of it: asking the canvas would lay the page out anew at every stroke of a run.
    pub fn on(canvas: &HtmlCanvasElement, size: (f64, f64)) -> Option<Pen> {
        let ratio = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(1.0, 4.0);
        Pen::sized(canvas, size, ratio)
    }

    /// A pen on a canvas of this size in CSS pixels, with so many of the bitmap's pixels in each.
    fn sized(canvas: &HtmlCanvasElement, (width, height): (f64, f64), ratio: f64) -> Option<Pen> {
        let (pixels_wide, pixels_high) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if pixels_wide == 0 || pixels_high == 0 {
            return None;
        }
        if canvas.width() != pixels_wide || canvas.height() != pixels_high {
            canvas.set_width(pixels_wide);
            canvas.set_height(pixels_high);
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        Some(Pen { context, paper: None, width, height })
    }

    /// A pen whose strokes become SVG; `None` where the browser cannot measure text.
    pub fn paper(width: f64, height: f64) -> Option<Pen> {
        let measuring = Pen::sized(&new_canvas()?, (1.0, 1.0), 1.0)?;
        Some(Pen { paper: Some(RefCell::default()), width, height, ..measuring })
    }

    /// What was drawn on paper, as SVG with a title and a description; empty of a canvas.
    pub fn document(&self, title: &str, description: &str) -> String {
        let document = |paper: &RefCell<Svg>| paper.borrow().document(self.width, self.height, title, description);
        self.paper.as_ref().map(document).unwrap_or_default()
    }

    /// Draws with its origin and its size elsewhere: left, top, width and height.
    pub fn within(&mut self, (x, y, width, height): (f64, f64, f64, f64), draw: &mut dyn FnMut(&Pen)) {
        let size = (self.width, self.height);
        (self.width, self.height) = (width, height);
        if let Some(paper) = &self.paper {
            paper.borrow_mut().shift(x, y);
        } else {
            self.context.save();
            // A shift by finite numbers is never refused.
            drop(self.context.translate(x, y));
        }
        draw(self);
        self.unclip();
        (self.width, self.height) = size;
    }

    /// Sets the font of all text.
    pub fn font(&self, font: &str) {
        if let Some(paper) = &self.paper {
            paper.borrow_mut().font(font);
        }
        // Setting one makes the browser bring the page's style up to date, which costs more than the drawing.
        let is_set = FONT.with_borrow(|known| known.0 == font && known.1 == self.context.font());
        if !is_set {
            self.context.set_font(font);
            FONT.set((font.to_owned(), self.context.font()));
        }
    }

    /// Draws only inside a rectangle until `unclip`.
    pub fn clip(&self, x: f64, y: f64, width: f64, height: f64) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().clip(x, y, width, height);
        }
        self.context.save();
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        self.context.clip();
    }

    /// Ends the last `clip`.
    pub fn unclip(&self) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().end();
        }
        self.context.restore();
    }

    fn trace(&self, path: &[(f64, f64)]) {
        self.context.begin_path();
        for (i, (x, y)) in path.iter().enumerate() {
            if i == 0 {
                self.context.move_to(*x, *y);
            } else {
                self.context.line_to(*x, *y);
            }
        }
    }

    /// A line through points.
    pub fn line(&self, path: &[(f64, f64)], colour: &str, width: f64, dash: Dash) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().line(path, colour, width, dash);
        }
        let lengths: Array = dash.pattern().iter().map(|v| JsValue::from_f64(*v)).collect();
        // A pattern of finite numbers is never refused.
        drop(self.context.set_line_dash(&lengths));
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.set_line_join(if path.len() < DENSE { "round" } else { "bevel" });
        self.trace(path);
        self.context.stroke();
    }

    /// The area between a path and a level.
    pub fn area(&self, path: &[(f64, f64)], level: f64, colour: &str) {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        let mut around = path.to_vec();
        around.extend([(last.0, level), (first.0, level)]);
        self.shape(&around, colour);
    }

    /// A filled rectangle.
    pub fn rect(&self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().rect(x, y, width, height, colour);
        }
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(x, y, width, height);
    }

    /// A filled polygon.
    pub fn shape(&self, path: &[(f64, f64)], colour: &str) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().shape(path, colour);
        }
        self.trace(path);
        self.context.close_path();
        self.context.set_fill_style_str(colour);
        self.context.fill();
    }

    /// A dot, filled with `fill` and ringed with `ring`.
    pub fn dot(&self, (x, y): (f64, f64), radius: f64, fill: &str, ring: &str) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().dot((x, y), radius, fill, ring);
        }
        self.context.begin_path();
        if self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU).is_err() {
            return;
        }
        self.context.set_fill_style_str(fill);
        self.context.fill();
        drop(self.context.set_line_dash(&Array::new()));
        self.context.set_stroke_style_str(ring);
        self.context.set_line_width(1.5);
        self.context.stroke();
    }

    /// Text, centred on its height.
    pub fn text(&self, text: &str, (x, y): (f64, f64), colour: &str, align: Align) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().text(text, (x, y), colour, align);
        }
        self.align(align);
        self.context.set_fill_style_str(colour);
        // Text that cannot be drawn has no place to be told.
        drop(self.context.fill_text(text, x, y));
    }

    /// Text with a rim of the ground's colour, so that it can be read over lines.
    pub fn rimmed_text(&self, text: &str, (x, y): (f64, f64), (colour, ground): (&str, &str), align: Align) {
        if let Some(paper) = &self.paper {
            return paper.borrow_mut().rimmed_text(text, (x, y), (colour, ground), align);
        }
        self.align(align);
        drop(self.context.set_line_dash(&Array::new()));
        self.context.set_line_join("round");
        self.context.set_line_width(RIM);
        self.context.set_stroke_style_str(ground);
        drop(self.context.stroke_text(text, x, y));
        self.text(text, (x, y), colour, align);
    }

    fn align(&self, align: Align) {
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        });
    }

    /// The width of a text in CSS pixels.
    pub fn text_width(&self, text: &str) -> f64 {
        self.context.measure_text(text).map_or(0.0, |m| m.width())
    }
}

fn new_canvas() -> Option<HtmlCanvasElement> {
    web_sys::window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()
}

/// Offers a drawing of this size in CSS pixels as a PNG of twice as many; `None` where the browser cannot draw it.
pub fn offer_png(name: String, size: (f64, f64), draw: &mut dyn FnMut(&mut Pen)) -> Option<()> {
    let canvas = new_canvas()?;
    draw(&mut Pen::sized(&canvas, size, 2.0)?);
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            page::offer(&name, &blob);
        }
    });
    canvas.to_blob(done.unchecked_ref()).ok()
}

/// Colours of the charts, read from the stylesheet's variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// Words.
    pub text: String,
    /// Quiet words.
    pub muted: String,
    /// Grid lines.
    pub grid: String,
    /// The ground.
    pub surface: String,
    /// HODL.
    pub hodl: String,
    /// Gain.
    pub gain: String,
    /// Loss.
    pub loss: String,
    /// Open.
    pub open: String,
    /// Bull band.
    pub bull: String,
    /// Bear band.
    pub bear: String,
    /// Selected range.
    pub select: String,
    /// Variants in order.
    pub series: Vec<String>,
    /// Fill under the first variant.
    pub wash: String,
    /// Font of labels.
    pub font: String,
}

impl Palette {
    /// Reads the variables as they hold now.
    pub fn read() -> Palette {
        let root = web_sys::window().and_then(|w| w.document()?.document_element().map(|e| (w, e)));
        let style = root.and_then(|(w, e)| w.get_computed_style(&e).ok().flatten());
        let get = |name: &str| {
            style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default().trim().to_owned()
        };
        Palette {
            text: get("--text"),
            muted: get("--muted"),
            grid: get("--line"),
            surface: get("--surface"),
            hodl: get("--hodl"),
            gain: get("--gain"),
            loss: get("--loss"),
            open: get("--open"),
            bull: get("--bull"),
            bear: get("--bear"),
            select: get("--select"),
            series: (1..=6).map(|i| get(&format!("--series-{i}"))).collect(),
            wash: get("--wash"),
            font: format!("11px {}", get("--font")),
        }
    }

    /// The font of labels in another size or weight, `600 16px`.
    pub fn font_of(&self, size: &str) -> String {
        self.font.replacen("11px", size, 1)
    }

    /// How a line of the legend is drawn, by its key: a place from 1 on, or what it stands for.
    pub fn of_key(&self, key: &str) -> (&str, Dash) {
        match key {
            "hodl" => (&self.hodl, Dash::Dashed),
            "index" => (&self.muted, Dash::Solid),
            "call" => (&self.loss, Dash::Dashed),
            "strike" => (self.series(0), Dash::Dotted),
            "gain" => (&self.gain, Dash::Solid),
            "loss" => (&self.loss, Dash::Short),
            "mean" => (&self.text, Dash::Solid),
            "median" => (&self.text, Dash::Dashed),
            place => {
                let place = place.parse::<usize>().unwrap_or(1).saturating_sub(1);
                (self.series(place), Dash::of_series(place))
            }
        }
    }

    /// The colour of the variant of a place.
    pub fn series(&self, place: usize) -> &str {
        self.series.get(place % self.series.len().max(1)).map_or("", String::as_str)
    }
}
