//! What the prices of a dataset are, in words.

use super::format::number;
use crate::market::{DataKind, Dataset};

/// What synthetic prices are.
pub const SYNTHETIC: &str = "A made-up path; nothing of it ever happened.";

/// The badge of a kind of prices.
pub fn badge(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Recorded => "Recorded",
        DataKind::Fitted => "Fitted",
        DataKind::Modelled => "Modelled",
        DataKind::Synthetic => "Synthetic",
    }
}

/// The badge of a dataset's kind, and one sentence on its prices.
pub fn kind_words(dataset: &Dataset) -> (&'static str, String) {
    let error = |digits: usize| {
        let fit = dataset.quality.fit_error.as_ref();
        fit.map(|fit| (number(fit.median_vol_points, digits), number(fit.p95_vol_points, digits)))
    };
    let words = match dataset.kind {
        DataKind::Recorded => "Real quotes.".into(),
        DataKind::Fitted => error(2).map_or_else(
            || "Smiles fitted to real quotes.".into(),
            |(median, p95)| {
                format!("Smiles fitted to real quotes; median error {median} volatility points, 95 % under {p95}.")
            },
        ),
        DataKind::Modelled => error(1).map_or_else(
            || "A model on a price series; no option price is real.".into(),
            |(median, p95)| {
                format!(
                    "A model on a price series; median error {median} volatility points against real quotes, 95 % under {p95}."
                )
            },
        ),
        DataKind::Synthetic => SYNTHETIC.into(),
    };
    (badge(dataset.kind), words)
}
