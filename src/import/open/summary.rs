//! What came of an import, in words.

use super::Part;
use crate::display::format::{bytes, count, percent};
use crate::import::Report;
use crate::import::check::Counts;
use crate::market::catalog::{DataKind, Dataset};

/// What is in a dataset, what was dropped, changed and found; `report` is `None` of a folder, which is taken as it is.
pub fn summary(dataset: &Dataset, report: Option<&Report>, counts: &Counts) -> Vec<Part> {
    let mut parts = vec![contents(dataset, counts), findings(dataset, counts)];
    if let Some(report) = report {
        parts.insert(1, rows("Dropped rows", &report.dropped, "Every row was kept."));
        parts.insert(2, rows("Changed on the way", &report.notes, "Nothing was changed or derived."));
        if !report.errors.is_empty() {
            let lines = report.errors.iter().map(|error| ended(&error.to_string())).collect();
            parts.insert(3, Part { title: "First rows that could not be read".into(), rows: Vec::new(), lines });
        }
    }
    parts
}

/// Upper case first.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// Full stop last; the names of files that sentences begin with keep their letters.
pub(super) fn ended(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn whole(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX))
}

fn pair(name: &str, figure: String) -> (String, String) {
    (name.to_owned(), figure)
}

fn contents(dataset: &Dataset, counts: &Counts) -> Part {
    let two_sided = counts.sides.two_sided_share().unwrap_or(0.0);
    let rows = vec![
        pair("Days", format!("{} to {}", dataset.first, dataset.last)),
        pair("Snapshots", count(counts.snapshots)),
        pair("Options", whole(counts.options)),
        pair("With bid and ask", percent(two_sided, 1)),
        pair("Without a volatility", whole(counts.without_iv)),
        pair("Delivery prices", count(dataset.delivery.len())),
        pair("Daily bars", count(dataset.daily.len())),
        pair("Files", format!("{} ({})", count(counts.packs), bytes(counts.bytes))),
    ];
    Part { title: format!("{}: {}", dataset.id, dataset.title), rows, lines: Vec::new() }
}

/// Counts by reason, the most frequent first.
fn rows(title: &str, counts: &std::collections::BTreeMap<String, u64>, nothing: &str) -> Part {
    let mut sorted: Vec<(&String, &u64)> = counts.iter().collect();
    sorted.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let rows: Vec<(String, String)> = sorted.into_iter().map(|(reason, n)| (capital(reason), whole(*n))).collect();
    let lines = if rows.is_empty() { vec![nothing.to_owned()] } else { Vec::new() };
    Part { title: title.into(), rows, lines }
}

fn findings(dataset: &Dataset, counts: &Counts) -> Part {
    let bounds = &counts.bounds;
    let outside = bounds.bid_above_upper_bound + bounds.ask_below_intrinsic;
    let mut rows = vec![
        pair("Gaps of more than 1.5 times the cadence", whole(u64::from(counts.gaps))),
        pair("Longest interval, hours", format!("{}", counts.longest_gap_hours)),
        pair("Quotes outside the no-arbitrage bounds", whole(outside)),
        pair("Butterflies in the marks", format!("{} of {}", whole(bounds.butterfly), whole(bounds.butterfly_checked))),
        pair(
            "Calendar spreads in the marks",
            format!("{} of {}", whole(bounds.calendar), whole(bounds.calendar_checked)),
        ),
    ];
    if counts.delivery_missing > 0 {
        rows.push(pair("Expiries without a delivery price", whole(counts.delivery_missing)));
    }
    let mut lines: Vec<String> = counts.faults.iter().map(|fault| ended(fault)).collect();
    if dataset.kind == DataKind::Recorded && dataset.daily.is_empty() {
        lines.push("There are no daily bars before the first day: regimes and returns begin with the quotes.".into());
    }
    Part { title: "Checked".into(), rows, lines }
}
