//! Return and risk ratios of series; the definitions of semantics "Metrics".

use super::summary::Drawdown;
use crate::market::context::{deviation_about, mean};
use crate::units::{Timestamp, total};

/// Fewest returns from which a ratio is computed.
pub const FEWEST_RETURNS: usize = 10;

/// Volatility, Sharpe and Sortino ratio of a series of returns, which have their mean and deviation in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ratios {
    /// Sample deviation x sqrt(periods a year); `None` under two returns.
    pub volatility: Option<f64>,
    /// Mean / sample deviation x sqrt(periods a year), risk-free 0; `None` under two returns or without deviation.
    pub sharpe: Option<f64>,
    /// Mean x periods a year / downside risk; `None` where no return is negative.
    pub sortino: Option<f64>,
}

impl Ratios {
    /// The ratios of `returns`, of which there are `per_year` in a year.
    pub fn of(returns: &[f64], per_year: f64) -> Ratios {
        let Some(downside) = downside_risk(returns, per_year) else { return Ratios::default() };
        let mean = mean(returns);
        let deviation = (returns.len() >= 2).then(|| deviation_about(mean, returns));
        let largest = returns.iter().map(|r| r.abs()).fold(0.0, |largest, r| if r > largest { r } else { largest });
        // equal returns leave a rounding of their mean as deviation
        let deviates = |deviation: &f64| *deviation > 1e-12 * largest;
        Ratios {
            volatility: deviation.map(|deviation| deviation * per_year.sqrt()),
            sharpe: deviation.filter(deviates).map(|deviation| mean / deviation * per_year.sqrt()),
            sortino: (downside > 0.0).then(|| mean * per_year / downside),
        }
    }
}

/// Root mean square of the negative returns over all periods x sqrt(periods a year); `None` without returns.
pub fn downside_risk(returns: &[f64], per_year: f64) -> Option<f64> {
    let falls = returns.iter().map(|r| if *r < 0.0 { *r } else { 0.0 });
    let squares: f64 = falls.map(|fall| fall * fall).sum();
    (!returns.is_empty()).then(|| (squares / returns.len() as f64).sqrt() * per_year.sqrt())
}

/// (1 + total)^(1/years) - 1; `None` without time or when everything is lost and more.
pub fn annualised(total: f64, years: f64) -> Option<f64> {
    (years > 0.0 && total > -1.0).then(|| libm::pow(1.0 + total, 1.0 / years) - 1.0)
}

/// Sum of gains / sum of losses; `None` without a loss.
pub fn profit_factor(pnls: &[f64]) -> Option<f64> {
    let gains = total(pnls.iter().copied().filter(|p| *p > 0.0));
    let losses = total(pnls.iter().copied().filter(|p| *p < 0.0));
    (losses < 0.0).then(|| gains / -losses)
}

/// Share of values above 0; `None` without values.
pub fn win_rate(pnls: &[f64]) -> Option<f64> {
    (!pnls.is_empty()).then(|| pnls.iter().filter(|p| **p > 0.0).count() as f64 / pnls.len() as f64)
}

/// Follows a series and keeps its deepest drawdown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawdownTracker {
    peak: Option<(Timestamp, f64)>,
    worst: Drawdown,
}

impl DrawdownTracker {
    /// Takes the next value.
    pub fn update(&mut self, time: Timestamp, value: f64) {
        let Some((peak_time, peak)) = self.peak else {
            self.peak = Some((time, value));
            self.worst = Drawdown { peak: time, trough: time, ..Default::default() };
            return;
        };
        if value >= peak {
            if self.worst.depth > 0.0 && self.worst.recovery.is_none() {
                self.worst.recovery = Some(time);
            }
            // of equal highs the last is the peak: the fall begins there
            self.peak = Some((time, value));
        } else if (peak - value) / peak > self.worst.depth {
            let depth = (peak - value) / peak;
            self.worst = Drawdown { depth, amount: peak - value, peak: peak_time, trough: time, recovery: None };
        }
    }

    /// The deepest drawdown so far; depth 0 where the series never fell, `None` without values.
    pub fn worst(&self) -> Option<Drawdown> {
        self.peak.map(|_| self.worst)
    }

    /// How far the last peak is above `value`, as a fraction of the peak, >= 0.
    pub fn depth_at(&self, value: f64) -> f64 {
        self.peak.map_or(0.0, |(_, peak)| ((peak - value) / peak).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn drawdown_with_recovery() {
        let mut tracker = DrawdownTracker::default();
        for (t, value) in [100.0, 110.0, 99.0, 105.0, 110.0, 104.5].into_iter().enumerate() {
            tracker.update(Timestamp(t as i64), value);
        }
        let worst = tracker.worst().expect("values");
        assert!((worst.depth - 0.1).abs() < 1e-15 && worst.amount == 11.0);
        assert_eq!((worst.peak, worst.trough, worst.recovery), (Timestamp(1), Timestamp(2), Some(Timestamp(4))));
        let written = serde_json::to_value(worst).expect("JSON");
        assert_eq!((&written["peak"], &written["recovery"]), (&json!(Timestamp(1).iso()), &json!(Timestamp(4).iso())));
        tracker.update(Timestamp(6), 88.0);
        let worst = tracker.worst().expect("values");
        assert_eq!((worst.peak, worst.trough, worst.recovery), (Timestamp(4), Timestamp(6), None));
    }

    #[test]
    fn ratios_without_an_answer() {
        assert_eq!(Ratios::of(&[0.01, 0.01], 365.0).sharpe, None);
        assert_eq!(Ratios::of(&[0.01, 0.02], 365.0).sortino, None);
        assert_eq!(profit_factor(&[1.0]), None);
        assert_eq!(win_rate(&[]), None);
        assert_eq!(annualised(-1.0, 1.0), None);
    }
}
