//! How far a fit is from what was recorded.

use crate::market::Chain;
use crate::market::catalog::FitError;
use crate::market::codec::SnapshotFitError;
use crate::market::snapshot::{Columns, RawChain, RawQuotes};

/// |delta| between which volatilities are compared.
const COMPARED_DELTAS: [f64; 2] = [0.10, 0.90];
/// Slack of a comparison of prices: less than any unit of the format.
const SLACK: f64 = 1e-9;

/// Deviations of fitted expiries, collected over a snapshot, a month or a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deviations {
    /// |fitted - recorded| volatility of options between 10 and 90 delta, points.
    pub vol_points: Vec<f64>,
    /// Options.
    pub options: u64,
    /// Options with both sides, recorded.
    pub two_sided: u64,
    /// Options with both sides, fitted.
    pub two_sided_fitted: u64,
    /// Two-sided recorded quotes whose bid-ask holds the fitted mark.
    pub inside: u64,
    /// Two-sided recorded quotes whose bid-ask holds the recorded mark.
    pub inside_recorded: u64,
    /// Touches that both have, those of them that are equal, and those one tick apart at most.
    pub touches: [u64; 3],
    /// Touches that only one of the two has.
    pub touches_of_one: u64,
}

impl Deviations {
    /// Adds an expiry.
    pub fn add(&mut self, recorded: &Chain, fitted: &RawChain, step: impl Fn(f64) -> f64) {
        for (recorded, fitted) in [(&recorded.call, &fitted.call), (&recorded.put, &fitted.put)] {
            for row in 0..fitted.mark.len() {
                self.add_row(recorded, fitted, row, &step);
            }
        }
    }

    fn add_row(&mut self, recorded: &Columns, fitted: &RawQuotes, row: usize, step: impl Fn(f64) -> f64) {
        let quote = recorded.quote(row);
        self.options += 1;
        self.two_sided_fitted += u64::from(!fitted.bid[row].is_nan() && !fitted.ask[row].is_nan());
        if let (Some(iv), Some(delta)) = (quote.iv, quote.delta) {
            let [least, most] = COMPARED_DELTAS;
            if (least..=most).contains(&delta.abs()) {
                self.vol_points.push(100.0 * (fitted.iv[row] - iv).abs());
            }
        }
        if let (Some(bid), Some(ask)) = (quote.bid, quote.ask) {
            let holds = |mark: f64| bid - SLACK <= mark && mark <= ask + SLACK;
            self.two_sided += 1;
            self.inside += u64::from(holds(fitted.mark[row]));
            self.inside_recorded += u64::from(quote.mark.is_some_and(holds));
        }
        for (recorded, fitted) in [(quote.bid, fitted.bid[row]), (quote.ask, fitted.ask[row])] {
            match recorded {
                Some(recorded) if !fitted.is_nan() => {
                    let distance = (fitted - recorded).abs();
                    self.touches[0] += 1;
                    self.touches[1] += u64::from(distance < SLACK);
                    self.touches[2] += u64::from(distance < step(recorded) + SLACK);
                }
                _ => self.touches_of_one += u64::from(recorded.is_some() == fitted.is_nan()),
            }
        }
    }

    /// Adds another collection.
    pub fn extend(&mut self, other: &Deviations) {
        self.vol_points.extend_from_slice(&other.vol_points);
        self.options += other.options;
        self.two_sided += other.two_sided;
        self.two_sided_fitted += other.two_sided_fitted;
        self.inside += other.inside;
        self.inside_recorded += other.inside_recorded;
        self.touches_of_one += other.touches_of_one;
        for (sum, n) in self.touches.iter_mut().zip(other.touches) {
            *sum += n;
        }
    }

    /// Median and 95th percentile of the volatility deviations, points (nearest rank; 0 where there are none).
    pub fn vol_percentiles(&self) -> [f64; 2] {
        let mut sorted = self.vol_points.clone();
        sorted.sort_by(f64::total_cmp);
        [50, 95].map(|percent| {
            let rank = (sorted.len() * percent).div_ceil(100);
            rank.checked_sub(1).and_then(|i| sorted.get(i)).copied().unwrap_or(0.0)
        })
    }

    /// Share of two-sided recorded quotes whose bid-ask holds the fitted mark; 0 where there are none.
    pub fn inside_share(&self) -> f64 {
        share(self.inside, self.two_sided)
    }

    /// The figures of a catalog, rounded to a thousandth of a point and a hundredth of a percent.
    pub fn fit_error(&self) -> FitError {
        let round = |value: f64, digits: f64| (value * digits).round() / digits;
        let [median, p95] = self.vol_percentiles();
        FitError {
            median_vol_points: round(median, 1e3),
            p95_vol_points: round(p95, 1e3),
            inside_bid_ask: round(self.inside_share(), 1e4),
            quotes: self.two_sided,
        }
    }

    /// The figures of a snapshot in a pack.
    pub fn snapshot_error(&self) -> SnapshotFitError {
        let [median, p95] = self.vol_percentiles().map(|points| (1000.0 * points).round() as u32);
        SnapshotFitError { median, p95, inside: (1000.0 * self.inside_share()).round() as u32 }
    }
}

/// A share of a whole; 0 of nothing.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
