//! A pen on a 2D canvas, sized for the screen's pixels, with colours from the stylesheet.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
}

/// Where text stands against its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Begins at the point.
    Left,
    /// Is centred on it.
    Centre,
    /// Ends at it.
    Right,
}

/// A canvas and its context in CSS pixels.
pub struct Pen {
    context: CanvasRenderingContext2d,
    /// Width, CSS pixels.
    pub width: f64,
    /// Height, CSS pixels.
    pub height: f64,
}

impl Pen {
    /// Takes a canvas, sets its bitmap to the screen's pixels and clears it; `None` without a context or a size.
    pub fn on(canvas: &HtmlCanvasElement) -> Option<Pen> {
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let ratio = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(1.0, 4.0);
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
        context.set_line_join("round");
        Some(Pen { context, width, height })
    }

    /// Sets the font of all text.
    pub fn font(&self, font: &str) {
        self.context.set_font(font);
    }

    /// Draws only inside a rectangle until `unclip`.
    pub fn clip(&self, x: f64, y: f64, width: f64, height: f64) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        self.context.clip();
    }

    /// Ends the last `clip`.
    pub fn unclip(&self) {
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
        let pattern: &[f64] = match dash {
            Dash::Solid => &[],
            Dash::Dashed => &[6.0, 4.0],
            Dash::Dotted => &[1.5, 3.0],
        };
        let lengths: Array = pattern.iter().map(|v| wasm_bindgen::JsValue::from_f64(*v)).collect();
        // A pattern of finite numbers is never refused.
        drop(self.context.set_line_dash(&lengths));
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.trace(path);
        self.context.stroke();
    }

    /// The area between a path and a level.
    pub fn area(&self, path: &[(f64, f64)], level: f64, colour: &str) {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        self.trace(path);
        self.context.line_to(last.0, level);
        self.context.line_to(first.0, level);
        self.context.close_path();
        self.context.set_fill_style_str(colour);
        self.context.fill();
    }

    /// A filled rectangle.
    pub fn rect(&self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(x, y, width, height);
    }

    /// A filled polygon.
    pub fn shape(&self, path: &[(f64, f64)], colour: &str) {
        self.trace(path);
        self.context.close_path();
        self.context.set_fill_style_str(colour);
        self.context.fill();
    }

    /// A dot, filled with `fill` and ringed with `ring`.
    pub fn dot(&self, (x, y): (f64, f64), radius: f64, fill: &str, ring: &str) {
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
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        });
        self.context.set_fill_style_str(colour);
        // Text that cannot be drawn has no place to be told.
        drop(self.context.fill_text(text, x, y));
    }

    /// The width of a text in CSS pixels.
    pub fn text_width(&self, text: &str) -> f64 {
        self.context.measure_text(text).map_or(0.0, |m| m.width())
    }
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

    /// The colour of the variant of a place.
    pub fn series(&self, place: usize) -> &str {
        self.series.get(place % self.series.len().max(1)).map_or("", String::as_str)
    }
}
