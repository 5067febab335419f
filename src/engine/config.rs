//! What an account starts with and what trading costs.

use crate::market::catalog::FeePreset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// At which price an order is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum FillRule {
    /// Sells at the bid, buys at the ask.
    #[default]
    BidAsk,
    /// Halfway.
    Mid,
    /// At the venue's (or the model's) mark.
    Mark,
    /// Between mid (0) and touch (1).
    Fraction(f64),
}

impl Serialize for FillRule {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            FillRule::BidAsk => s.serialize_str("bid_ask"),
            FillRule::Mid => s.serialize_str("mid"),
            FillRule::Mark => s.serialize_str("mark"),
            FillRule::Fraction(x) => s.serialize_f64(*x),
        }
    }
}

impl<'de> Deserialize<'de> for FillRule {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<FillRule, D::Error> {
        use serde::de::Error;
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(s) if s == "bid_ask" => Ok(FillRule::BidAsk),
            serde_json::Value::String(s) if s == "mid" => Ok(FillRule::Mid),
            serde_json::Value::String(s) if s == "mark" => Ok(FillRule::Mark),
            serde_json::Value::Number(n) => match n.as_f64() {
                Some(x) if (0.0..=1.0).contains(&x) => Ok(FillRule::Fraction(x)),
                _ => Err(D::Error::custom(format!("{n} is not between 0 (mid) and 1 (touch)"))),
            },
            other => Err(D::Error::custom(format!(
                "{other} is not a fill rule; write \"bid_ask\", \"mid\", \"mark\" or a number from 0 (mid) to 1 (touch)"
            ))),
        }
    }
}

/// On which snapshot an order is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillAt {
    /// The one on which it was decided.
    #[default]
    Snapshot,
    /// The first later one.
    NextSnapshot,
}

/// What trading costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// Fee preset.
    pub fees: FeePreset,
    /// Fill rule.
    pub fill: FillRule,
    /// On which snapshot.
    pub fill_at: FillAt,
    /// Slippage in ticks against the trader.
    pub slippage_ticks: f64,
    /// Slippage in basis points of the price against the trader.
    pub slippage_bps: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Costs {
            fees: FeePreset::Deribit,
            fill: FillRule::BidAsk,
            fill_at: FillAt::Snapshot,
            slippage_ticks: 0.0,
            slippage_bps: 0.0,
        }
    }
}
