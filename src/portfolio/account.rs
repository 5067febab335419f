//! What an account starts with.

use serde::{Deserialize, Serialize};

/// The opening account of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Coins (for an equity: shares) deposited at the first mark.
    pub coins: f64,
    /// Cash deposited at the first mark, USD.
    pub cash_usd: f64,
    /// A loan against the coins; read and checked, not simulated yet.
    pub loan: Option<Loan>,
}

impl Default for Account {
    fn default() -> Self {
        Account { coins: 1.0, cash_usd: 0.0, loan: None }
    }
}

/// What a liquidation does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLiquidation {
    /// Sells units.
    #[default]
    Sell,
    /// Ends the variant.
    End,
}

/// Where a hedge's premium comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PremiumFrom {
    /// The USD cash.
    #[default]
    Cash,
    /// The loan.
    Borrow,
}

/// A loan against the units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Loan {
    /// Principal, USD.
    pub principal_usd: f64,
    /// Simple annual interest, a fraction.
    pub apr: f64,
    /// Loan-to-value of a margin call.
    pub margin_call_ltv: f64,
    /// Loan-to-value of a liquidation.
    pub liquidation_ltv: Option<f64>,
    /// What a liquidation does.
    pub on_liquidation: OnLiquidation,
    /// Where the premium comes from.
    pub premium: PremiumFrom,
}

impl Default for Loan {
    fn default() -> Self {
        Loan {
            principal_usd: 0.0,
            apr: 0.0,
            margin_call_ltv: 0.75,
            liquidation_ltv: None,
            on_liquidation: OnLiquidation::Sell,
            premium: PremiumFrom::Cash,
        }
    }
}
