//! A loan against the units of an account: what is owed, how near that is to the collateral, what a liquidation sells.

use serde::{Deserialize, Serialize};

/// What a liquidation does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLiquidation {
    /// Sells units until the loan-to-value is that of a margin call.
    #[default]
    Sell,
    /// Ends the variant.
    End,
}

/// Where a hedge's premium comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PremiumFrom {
    /// The USD cash, which may go below 0 at no interest.
    #[default]
    Cash,
    /// The loan; what is received later pays this part back first.
    Borrow,
}

/// A loan against the units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Loan {
    /// Principal, USD.
    pub principal_usd: f64,
    /// Simple annual interest on the principal, a fraction; accrued at each UTC midnight (ACT/365), added to the debt.
    pub apr: f64,
    /// Loan-to-value of a margin call, a fraction between 0 and 1.
    pub margin_call_ltv: f64,
    /// Loan-to-value of a liquidation; `None` = units are never sold.
    pub liquidation_ltv: Option<f64>,
    /// What a liquidation does.
    pub on_liquidation: OnLiquidation,
    /// Where the premium of a hedge comes from.
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

impl Loan {
    /// Interest on a principal over whole days, USD.
    pub fn interest(&self, principal_usd: f64, days: i64) -> f64 {
        principal_usd * self.apr * days as f64 / 365.0
    }
}

/// Debt over what stands against it; `None` where nothing does ("wiped out"), 0 without debt.
///
/// ```text
/// unhedged = debt / (units x price), hedged = debt / (coins x price + options + cash)
/// ```
pub fn loan_to_value(debt_usd: f64, value_usd: f64) -> Option<f64> {
    (value_usd > 0.0).then(|| debt_usd / value_usd)
}

/// The price of one unit at which debt / (units x price) reaches a threshold, USD; `None` without units.
pub fn price_at_ltv(debt_usd: f64, units: f64, threshold: f64) -> Option<f64> {
    (units > 0.0 && threshold > 0.0).then(|| debt_usd / (threshold * units))
}

/// Units to sell at `price` so that the loan-to-value falls to `target`; all of them where that does not suffice.
///
/// ```text
/// (debt - x price) / (value - x price) = target  =>  x = (debt - target value) / (price (1 - target))
/// ```
pub fn units_to_sell(debt_usd: f64, value_usd: f64, units: f64, price: f64, target: f64) -> f64 {
    ((debt_usd - target * value_usd) / (price * (1.0 - target))).clamp(0.0, units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_and_prices() {
        for (debt, value, ltv) in
            [(68_000.0, 100_000.0, Some(0.68)), (0.0, 5.0, Some(0.0)), (1.0, 0.0, None), (1.0, -3.0, None)]
        {
            assert_eq!(loan_to_value(debt, value), ltv);
        }
        let price = price_at_ltv(68_000.0, 1000.0, 0.75).expect("a price");
        assert!((price - 90.666_666_666_666_67).abs() < 1e-12);
        assert_eq!(price_at_ltv(68_000.0, 0.0, 0.75), None);
    }

    #[test]
    fn a_sale_brings_the_ratio_to_its_target() {
        let (debt, units, price, cash) = (80_000.0, 1000.0, 85.0, -1000.0);
        let sold = units_to_sell(debt, units * price + cash, units, price, 0.75);
        let (debt, value) = (debt - sold * price, (units - sold) * price + cash);
        assert!((debt / value - 0.75).abs() < 1e-12 && sold > 0.0 && sold < units, "{sold}");
        assert_eq!(units_to_sell(80_000.0, -5.0, 10.0, 85.0, 0.75), 10.0, "all, where that does not suffice");
        assert_eq!(units_to_sell(10.0, 100.0, 10.0, 10.0, 0.75), 0.0, "none, where none is needed");
    }

    #[test]
    fn interest_is_simple_and_by_the_day() {
        let loan = Loan { apr: 0.05, ..Loan::default() };
        assert!((loan.interest(10_000.0, 365) - 500.0).abs() < 1e-9);
        assert!((loan.interest(10_000.0, 1) - 10_000.0 * 0.05 / 365.0).abs() < 1e-12);
    }
}
