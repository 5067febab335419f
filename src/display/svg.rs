//! A drawing as SVG text: the strokes of a canvas, written down.

/// Width of the rim of a text that stands over lines, pixels.
pub const RIM: f64 = 3.0;

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
    /// Strokes longer than [`Dash::Dashed`].
    Long,
    /// A stroke, then a dot.
    StrokeDot,
    /// A stroke, then two dots.
    StrokeDots,
    /// Strokes shorter than [`Dash::Dashed`].
    Short,
}

impl Dash {
    /// Lengths of strokes and gaps, pixels; none of an unbroken line.
    pub fn pattern(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[6.0, 4.0],
            Dash::Dotted => &[1.5, 3.0],
            Dash::Long => &[14.0, 4.0],
            Dash::StrokeDot => &[9.0, 3.0, 2.0, 3.0],
            Dash::StrokeDots => &[9.0, 3.0, 2.0, 3.0, 2.0, 3.0],
            Dash::Short => &[3.0, 3.0],
        }
    }

    /// The dash of the line of a place from 0 on, so that lines are told apart without their colours; the style sheet's swatches have
    /// the same. [`Dash::Dashed`] is none of them: it is HODL's.
    pub fn of_series(place: usize) -> Dash {
        [Dash::Solid, Dash::Long, Dash::StrokeDot, Dash::Dotted, Dash::StrokeDots, Dash::Short][place % 6]
    }
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

/// Points of a path, pixels.
pub type Path<'a> = &'a [(f64, f64)];

/// A drawing that grows stroke by stroke.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Svg {
    body: String,
    font: String,
}

impl Svg {
    /// Sets the font of all text that follows, `600 16px sans-serif`; the weight may be left out.
    pub fn font(&mut self, font: &str) {
        let (size, family) = font.split_once("px ").unwrap_or(("11", font));
        let (weight, size) = size.split_once(' ').unwrap_or(("400", size));
        self.font = format!(
            "font-family=\"{}\" font-size=\"{}\" font-weight=\"{}\"",
            escaped(family),
            escaped(size),
            escaped(weight)
        );
    }

    /// Draws only inside a rectangle until [`Svg::end`].
    pub fn clip(&mut self, x: f64, y: f64, width: f64, height: f64) {
        // Named after its rectangle, so that drawings which stand in one page share a name only where it means the same.
        let [left, top, wide, high] = [x, y, width, height].map(short);
        let id = format!("clip_{left}_{top}_{wide}_{high}");
        self.push(&format!(
            "<clipPath id=\"{id}\"><rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\"/></clipPath><g clip-path=\"url(#{id})\">"
        ));
    }

    /// Draws moved by so much until [`Svg::end`].
    pub fn shift(&mut self, x: f64, y: f64) {
        self.push(&format!("<g transform=\"translate({} {})\">", short(x), short(y)));
    }

    /// Ends the last `clip` or `shift`.
    pub fn end(&mut self) {
        self.push("</g>");
    }

    /// A line through points.
    pub fn line(&mut self, path: Path, colour: &str, width: f64, dash: Dash) {
        if path.is_empty() {
            return;
        }
        let pattern: Vec<String> = dash.pattern().iter().map(|length| short(*length)).collect();
        let broken =
            if pattern.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", pattern.join(" ")) };
        let stroke = paint("stroke", colour);
        self.push(&format!(
            "<path d=\"{}\" fill=\"none\" {stroke} stroke-width=\"{}\" stroke-linejoin=\"round\"{broken}/>",
            data(path),
            short(width)
        ));
    }

    /// A filled polygon.
    pub fn shape(&mut self, path: Path, colour: &str) {
        if !path.is_empty() {
            self.push(&format!("<path d=\"{}Z\" {}/>", data(path), paint("fill", colour)));
        }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        let (corner, fill) = (place((x, y)), paint("fill", colour));
        self.push(&format!("<rect {corner} width=\"{}\" height=\"{}\" {fill}/>", short(width), short(height)));
    }

    /// A dot, filled and ringed.
    pub fn dot(&mut self, (x, y): (f64, f64), radius: f64, fill: &str, ring: &str) {
        self.push(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {} {} stroke-width=\"1.5\"/>",
            short(x),
            short(y),
            short(radius),
            paint("fill", fill),
            paint("stroke", ring)
        ));
    }

    /// Text, centred on its height.
    pub fn text(&mut self, text: &str, at: (f64, f64), colour: &str, align: Align) {
        self.put_text(text, at, colour, align, "");
    }

    /// Text with a rim of the ground's colour, so that it can be read over lines.
    pub fn rimmed_text(&mut self, text: &str, at: (f64, f64), (colour, ground): (&str, &str), align: Align) {
        let rim = format!(
            " {} stroke-width=\"{RIM}\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            paint("stroke", ground)
        );
        self.put_text(text, at, colour, align, &rim);
    }

    fn put_text(&mut self, text: &str, at: (f64, f64), colour: &str, align: Align, rim: &str) {
        let anchor = match align {
            Align::Left => "start",
            Align::Centre => "middle",
            Align::Right => "end",
        };
        let (at, fill, text) = (place(at), paint("fill", colour), escaped(text));
        let font = std::mem::take(&mut self.font);
        self.push(&format!("<text {at} dy=\"0.35em\" text-anchor=\"{anchor}\" {font} {fill}{rim}>{text}</text>"));
        self.font = font;
    }

    /// The whole drawing of a size, pixels, with a title and a description for readers.
    pub fn document(&self, width: f64, height: f64, title: &str, description: &str) -> String {
        // A name space is for files of their own; within HTML it would be the only address of another host.
        self.element(" xmlns=\"http://www.w3.org/2000/svg\"", (width, height), title, description)
    }

    /// The whole drawing as an element of an HTML page.
    pub fn within_html(&self, width: f64, height: f64, title: &str, description: &str) -> String {
        self.element("", (width, height), title, description)
    }

    fn element(&self, space: &str, (width, height): (f64, f64), title: &str, description: &str) -> String {
        let (width, height) = (short(width), short(height));
        format!(
            "<svg{space} width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        )
    }

    /// The strokes alone, for an `svg` element of the caller's.
    pub fn strokes(&self) -> &str {
        &self.body
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }
}

fn data(path: Path) -> String {
    let point =
        |(i, (x, y)): (usize, &(f64, f64))| format!("{}{} {}", if i == 0 { 'M' } else { 'L' }, short(*x), short(*y));
    path.iter().enumerate().map(point).collect()
}

fn place((x, y): (f64, f64)) -> String {
    format!("x=\"{}\" y=\"{}\"", short(x), short(y))
}

/// At most two decimals; what is no number is 0.
fn short(value: f64) -> String {
    let rounded = if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 };
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A colour as an attribute. Not every reader of SVG knows `rgb(1 2 3 / 0.5)`, so its last part stands apart.
fn paint(attribute: &str, colour: &str) -> String {
    let parts = colour.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')).and_then(|all| all.split_once('/'));
    match parts {
        Some((rgb, share)) => {
            let rgb: Vec<&str> = rgb.split_whitespace().collect();
            let (rgb, share) = (escaped(&rgb.join(",")), escaped(share.trim()));
            format!("{attribute}=\"rgb({rgb})\" {attribute}-opacity=\"{share}\"")
        }
        None => format!("{attribute}=\"{}\"", escaped(colour)),
    }
}

/// Text that stands in an element or in an attribute of XML or HTML; what XML cannot hold is left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter < ' ' && !matches!(letter, '\t' | '\n' | '\r') => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every element's name in order of closing; fails on what is not well formed.
    fn closed(document: &str) -> Vec<String> {
        let (mut open, mut closed): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for part in document.split('<').skip(1) {
            let (tag, text) = part.split_once('>').expect("every < has its >");
            assert!(
                !text.contains('>')
                    && !text
                        .replace("&amp;", "")
                        .replace("&lt;", "")
                        .replace("&gt;", "")
                        .replace("&quot;", "")
                        .contains('&'),
                "{text}"
            );
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.trim_matches('/').split_whitespace().next().expect("a name").to_owned();
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => {
                    assert_eq!(open.pop().as_ref(), Some(&name), "{tag}");
                    closed.push(name);
                }
                (false, true) => closed.push(name),
                (false, false) => open.push(name),
            }
        }
        assert!(open.is_empty(), "{open:?} stay open");
        closed
    }

    #[test]
    fn no_two_series_have_one_dash() {
        let dashes: Vec<&[f64]> =
            (0..6).map(|place| Dash::of_series(place).pattern()).chain([Dash::Dashed.pattern()]).collect();
        for (place, dash) in dashes.iter().enumerate() {
            assert!(!dashes[..place].contains(dash), "{place}");
        }
        assert_eq!(Dash::of_series(6), Dash::of_series(0));
    }

    #[test]
    fn a_drawing_is_well_formed_and_escaped() {
        let mut svg = Svg::default();
        svg.font("600 16px \"Segoe UI\", sans-serif");
        svg.text("a < b & \"c\" \u{1}> d", (1.0, 2.0), "#123456", Align::Centre);
        svg.shift(10.0, 20.5);
        svg.clip(0.0, 0.0, 100.0, 50.0);
        svg.line(&[(0.0, 1.0 / 3.0), (f64::NAN, -0.001)], "#0b6e5f", 1.75, Dash::Dashed);
        svg.line(&[], "#0b6e5f", 1.0, Dash::Solid);
        svg.shape(&[(0.0, 0.0), (4.0, 0.0), (2.0, 4.0)], "rgb(11 110 95 / 0.12)");
        svg.end();
        svg.dot((5.0, 6.0), 3.0, "#fff", "#000");
        svg.rect(0.0, 0.0, 3.0, 4.0, "#fff");
        svg.end();
        let document = svg.document(960.0, 540.0, "Equity & more", "From <1> to 2");
        let expected = ["title", "desc", "text", "rect", "clipPath", "path", "path", "g", "circle", "rect", "g", "svg"];
        assert_eq!(closed(&document), expected);
        for part in [
            "viewBox=\"0 0 960 540\"",
            "<title>Equity &amp; more</title>",
            "<desc>From &lt;1&gt; to 2</desc>",
            "font-family=\"&quot;Segoe UI&quot;, sans-serif\" font-size=\"16\" font-weight=\"600\"",
            ">a &lt; b &amp; &quot;c&quot; &gt; d</text>",
            "d=\"M0 0.33L0 0\" fill=\"none\" stroke=\"#0b6e5f\" stroke-width=\"1.75\" stroke-linejoin=\"round\" stroke-dasharray=\"6 4\"",
            "fill=\"rgb(11,110,95)\" fill-opacity=\"0.12\"",
            "translate(10 20.5)",
        ] {
            assert!(document.contains(part), "{part} in {document}");
        }
    }

    #[test]
    fn text_cannot_end_its_element_or_attribute() {
        assert_eq!(
            escaped("<b class='x' id=\"y\">&</b>"),
            "&lt;b class=&#39;x&#39; id=&quot;y&quot;&gt;&amp;&lt;/b&gt;"
        );
        assert_eq!(escaped("a\u{0}\u{1b}\u{ffff}b\tc\n"), "ab\tc\n");
    }

    #[test]
    fn a_clip_is_named_after_its_rectangle() {
        let mut svg = Svg::default();
        for width in [1.0, 2.5] {
            svg.clip(0.0, 3.0, width, 4.0);
            svg.end();
        }
        let document = svg.document(1.0, 1.0, "", "");
        for name in ["clip_0_3_1_4", "clip_0_3_2.5_4"] {
            assert!(
                document.contains(&format!("id=\"{name}\"")) && document.contains(&format!("url(#{name})")),
                "{name}"
            );
        }
    }
}
