//! One option of a model, for showing what a factor on the volatility does to a premium.

use super::Model;
use crate::pricing::{Expiry, OptionKind};
use crate::units::DAY_MS;

/// An option at its model's volatility.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExampleCall {
    /// Strike as a share of the forward.
    pub strike: f64,
    /// Volatility, a fraction.
    pub vol: f64,
    /// Undiscounted price as a share of the forward.
    pub premium: f64,
}

/// Strikes as shares of the forward between which a delta is looked for.
const STRIKES: (f64, f64) = (1.0, 20.0);

impl Model {
    /// The call of a delta (0 to 0.5) `days` before its expiry; `None` where the model has no smile there.
    pub fn call_of_delta(&self, level: f64, days: f64, delta: f64) -> Option<ExampleCall> {
        let smile = self.curve(level).fit((days * DAY_MS as f64) as i64, 1, 1.0).smile().ok()?;
        let years = days / 365.0;
        let expiry = Expiry::new(1.0, years);
        let vol = |strike: f64| smile.vol(libm::log(strike) / years.sqrt());
        let (mut low, mut high) = STRIKES;
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            let is_above = expiry.greeks(OptionKind::Call, middle, vol(middle)).delta > delta;
            if is_above { low = middle } else { high = middle }
        }
        let (strike, vol) = (low, vol(low));
        Some(ExampleCall { strike, vol, premium: expiry.price(OptionKind::Call, strike, vol) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Catalog;
    use crate::market::model::recorded_smiles;
    use crate::market::{MarketSnapshot, RawChain, RawQuotes};
    use crate::units::{Price, Timestamp};

    fn model(id: &str) -> Model {
        let catalog = Catalog::parse(include_bytes!("../../../assets/data/catalog.json")).expect("the catalog");
        catalog.dataset(id).and_then(|dataset| dataset.model.clone()).expect("a model")
    }

    #[test]
    fn the_call_has_its_delta_and_a_factor_moves_it() {
        for id in ["btc-long", "gld-long"] {
            let model = model(id);
            let call = model.call_of_delta(0.4, 30.0, 0.25).expect("a call");
            let delta = Expiry::new(1.0, 30.0 / 365.0).greeks(OptionKind::Call, call.strike, call.vol).delta;
            assert!((delta - 0.25).abs() < 1e-9, "{id}: {delta}");
            let dearer = Model { vol_factor: 1.2, ..model }.call_of_delta(0.4, 30.0, 0.25).expect("a call");
            assert!((dearer.vol / call.vol - 1.2).abs() < 0.01 && dearer.premium > call.premium, "{id}");
        }
    }

    #[test]
    fn a_surface_has_no_residuals_against_itself() {
        let model = model("btc-long");
        let (level, days) = (0.6, 30);
        let smile = model.curve(level).fit(days * DAY_MS, 1, 1.0).smile().expect("a smile");
        let root = (days as f64 / 365.0).sqrt();
        let strikes: Vec<f64> = (70..=140).step_by(5).map(f64::from).collect();
        let iv: Vec<f64> = strikes.iter().map(|k| smile.vol(libm::log(k / 100.0) / root)).collect();
        let none = vec![f64::NAN; strikes.len()];
        let quotes = RawQuotes { bid: none.clone(), ask: none.clone(), mark: none, iv, open_interest: Vec::new() };
        let chain =
            RawChain { expiry: Timestamp(days * DAY_MS), forward: 100.0, strikes, call: quotes.clone(), put: quotes };
        let snapshot =
            MarketSnapshot::new(Timestamp(0), Price(100.0), None, None, vec![chain], 0.0).expect("a snapshot");
        let recorded: Vec<_> = recorded_smiles(&snapshot, level).collect();
        let own = model.residuals(&recorded);
        assert_eq!(own.all().count(), 15);
        assert!(own.all().all(|points| points.abs() < 1e-4));
        let dearer = Model { vol_factor: 1.1, ..model }.residuals(&recorded);
        let median = dearer.median(3, 3).expect("options near the forward");
        assert!((3.0..9.0).contains(&median), "a tenth more of 55 to 60 points, found {median}");
    }
}
