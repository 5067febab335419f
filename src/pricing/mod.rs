//! Pricing: f64 in, f64 out; knows nothing of markets.

use serde::{Deserialize, Serialize};

/// Call or put; calls sort before puts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionKind {
    /// The right to buy.
    Call,
    /// The right to sell.
    Put,
}
