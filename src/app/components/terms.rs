//! Titles and explanations of figures, from the one glossary of the metrics.

use crate::metrics::summary::figure;

/// Title and explanation of a figure: formula, sampling, what absence means.
pub fn explain(key: &str) -> (&'static str, Vec<String>) {
    let Some(f) = figure(key) else { return ("", Vec::new()) };
    let mut lines = vec![sentence(f.formula), format!("From {}.", f.sampling)];
    if f.no_data != "never absent" {
        lines.push(format!("A dash: {}.", f.no_data));
    }
    (f.title, lines)
}

/// Upper case in front and a full stop behind; a minus between blanks is a minus.
fn sentence(text: &str) -> String {
    let text = text.replace(" - ", " − ");
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
