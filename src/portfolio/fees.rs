//! The venue's fee schedule, per coin of underlying in the quote currency.

use crate::market::catalog::{FeePreset, Settlement};

/// Rates of a schedule. Deribit: trade 0.03 % of the coin (linear USDC 0.05 % of the index), delivery half of it,
/// both capped at 12.5 % of the option's price; dailies are delivered free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeeSchedule {
    settlement: Settlement,
    trade_rate: f64,
    delivery_rate: f64,
    dailies_free: bool,
}

/// The fee is at most this share of the option's price.
const CAP: f64 = 0.125;

impl FeeSchedule {
    /// The schedule of a preset on a dataset.
    pub fn new(preset: FeePreset, settlement: Settlement) -> FeeSchedule {
        let rates = |trade_rate, delivery_rate, dailies_free| FeeSchedule {
            settlement,
            trade_rate,
            delivery_rate,
            dailies_free,
        };
        match (preset, settlement) {
            (FeePreset::None, _) => rates(0.0, 0.0, false),
            (FeePreset::Deribit, Settlement::Inverse) => rates(0.0003, 0.00015, true),
            (FeePreset::Deribit, Settlement::Linear) => rates(0.0005, 0.00025, true),
            (FeePreset::Custom { bps }, _) => rates(bps / 10_000.0, bps / 20_000.0, true),
        }
    }

    fn capped(&self, rate: f64, price: f64, index: f64) -> f64 {
        let flat = match self.settlement {
            Settlement::Inverse => rate,
            Settlement::Linear => rate * index,
        };
        flat.min(CAP * price)
    }

    /// Fee for opening or closing one coin at `price` (quote currency) while the index is `index` (USD).
    pub fn trade(&self, price: f64, index: f64) -> f64 {
        self.capped(self.trade_rate, price, index)
    }

    /// Fee for the delivery of one coin at intrinsic `value` (quote currency) and delivery price `index`; 0 out of the money.
    pub fn delivery(&self, value: f64, index: f64, daily: bool) -> f64 {
        if daily && self.dailies_free { 0.0 } else { self.capped(self.delivery_rate, value, index) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deribit_cases() {
        let fees = FeeSchedule::new(FeePreset::Deribit, Settlement::Inverse);
        // support.deribit.com, Fees: 12.5 % of 0.0001
        assert_eq!(fees.trade(0.0001, 60_000.0), 1.25e-5);
        assert_eq!(fees.trade(0.05, 60_000.0), 0.0003);
        assert_eq!(fees.delivery(0.1, 60_000.0, false), 0.00015);
        assert_eq!(fees.delivery(0.1, 60_000.0, true), 0.0);
        assert_eq!(fees.delivery(0.0, 60_000.0, false), 0.0);
        let linear = FeeSchedule::new(FeePreset::Deribit, Settlement::Linear);
        assert_eq!(linear.trade(100.0, 2_000.0), 1.0);
    }
}
