//! Pricing: Black-76, its greeks, implied volatility and the SVI smile; `f64` in, `f64` out.
//!
//! Nothing here knows a market. Every transcendental goes through `libm`, sums have a fixed order and
//! nothing is fused, so that native and wasm builds give the same bits.

mod black76;
mod implied;
mod normal;
mod side;
mod smile;
mod svi;

pub use black76::{Expiry, FORMULAS, Greeks, discounted, greeks, price};
pub use implied::implied_vol;
pub use normal::{cdf, mills, pdf};
pub use smile::{CORRECTION_CENTRES, Smile, SmilePoint, bump};
pub use svi::{Svi, SviError};

use serde::{Deserialize, Serialize};

/// The right an option gives: to buy (`Call`, sorted first) or to sell (`Put`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionKind {
    /// The right to buy at the strike.
    Call,
    /// The right to sell at the strike.
    Put,
}

impl OptionKind {
    /// Payoff in USD per coin of underlying, at least 0.
    ///
    /// ```text
    /// call max(0, F - K), put max(0, K - F)
    /// ```
    pub fn intrinsic(self, forward: f64, strike: f64) -> f64 {
        let exercise = match self {
            OptionKind::Call => forward - strike,
            OptionKind::Put => strike - forward,
        };
        if exercise > 0.0 { exercise } else { 0.0 }
    }
}
