//! Packs of `fitted` and `modelled` datasets: smile and spread parameters instead of quotes.

use super::PackError;
use crate::market::catalog::Dataset;
use crate::market::snapshot::MarketSnapshot;

/// Refuses the pack: this version reads recorded packs only.
pub(super) fn decode(_bytes: &[u8], dataset: &Dataset, path: &str) -> Result<Vec<MarketSnapshot>, PackError> {
    Err(PackError::Shape {
        path: path.to_string(),
        at: "kind".into(),
        message: format!("found a dataset of kind {:?}, expected recorded", dataset.kind),
    })
}
