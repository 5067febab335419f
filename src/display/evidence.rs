//! What the prices of a dataset are, in words.

use super::format::number;
use crate::market::{DataKind, Dataset};

/// The badge of a kind of prices, and what they are, in one sentence.
pub fn kind(kind: DataKind) -> (&'static str, &'static str) {
    match kind {
        DataKind::Recorded => ("Recorded", "Real quotes of a venue: some may be left out, none is changed."),
        DataKind::Fitted => {
            ("Fitted", "Real index, forwards and strikes; smiles and spreads are fitted to recorded quotes.")
        }
        DataKind::Modelled => ("Modelled", "Real prices of the underlying; every option price comes from a model."),
        DataKind::Synthetic => ("Synthetic", "A made-up path; nothing of it ever happened."),
    }
}

/// The badge of a kind of prices.
pub fn badge(of: DataKind) -> &'static str {
    kind(of).0
}

/// The badge of a dataset's kind, what its prices are, and how far from quotes, where that was measured.
pub fn kind_words(dataset: &Dataset) -> (&'static str, String) {
    let (badge, words) = kind(dataset.kind);
    let (digits, against) = if dataset.kind == DataKind::Fitted { (2, "") } else { (1, " against recorded ones") };
    let error = dataset.quality.fit_error.as_ref().map_or_else(String::new, |fit| {
        let [median, p95] = [fit.median_vol_points, fit.p95_vol_points].map(|points| number(points, digits));
        format!(" Median error {median} volatility points{against}, 95 % under {p95}.")
    });
    (badge, format!("{words}{error}"))
}
