//! Titles and explanations of figures, from the one glossary of the metrics.

use crate::display::format::sentence;
use crate::metrics::summary::figure;

/// Title and explanation of a figure: formula, sampling, what absence means.
pub fn explain(key: &str) -> (&'static str, Vec<String>) {
    let Some(f) = figure(key) else { return ("", Vec::new()) };
    let mut lines = vec![formula_sentence(f.formula), format!("From {}.", f.sampling)];
    if f.no_data != "never absent" {
        lines.push(format!("A dash: {}.", f.no_data));
    }
    (f.title, lines)
}

/// A formula as a sentence; a hyphen between blanks is a minus.
fn formula_sentence(text: &str) -> String {
    sentence(&text.replace(" - ", " − "))
}
