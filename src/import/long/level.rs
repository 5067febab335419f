//! The level of volatility of a price series, from nothing but its past closes.

use serde::{Deserialize, Serialize};

/// Two exponentially weighted averages of squared log returns, blended.
///
/// ```text
/// v(0) = prior^2 / day_count
/// v(i) = v(i-1) + (1 - 0.5^(1 / half-life)) (r(i)^2 - v(i-1)), r(i) = ln(close(i) / close(i-1))
/// level(i) = sqrt(day_count (fast_weight v_fast(i) + (1 - fast_weight) v_slow(i)))
/// ```
///
/// The level of a day uses that day's close and those before it, none after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// Half-life of the fast average in closes.
    pub fast_days: f64,
    /// Half-life of the slow average in closes.
    pub slow_days: f64,
    /// Weight of the fast average, 0 to 1.
    pub fast_weight: f64,
    /// Volatility that both start from, a fraction a year.
    pub prior: f64,
}

impl LevelRule {
    /// Refuses figures that give no level.
    pub(super) fn check(&self) -> Result<(), String> {
        let is_sound = self.fast_days > 0.0 && self.slow_days > 0.0 && self.prior > 0.0;
        let is_weight = (0.0..=1.0).contains(&self.fast_weight);
        let is_finite = self.fast_days.is_finite() && self.slow_days.is_finite() && self.prior <= 10.0;
        if is_sound && is_weight && is_finite {
            return Ok(());
        }
        Err(format!(
            "found level {self:?}, expected positive half-lives, a weight from 0 to 1 and a prior of at most 10"
        ))
    }

    /// The level after each close, annualised by `day_count`.
    pub fn levels(&self, closes: &[f64], day_count: u32) -> Vec<f64> {
        let day_count = f64::from(day_count);
        let gain = |half_life: f64| 1.0 - libm::pow(0.5, 1.0 / half_life);
        let (fast_gain, slow_gain) = (gain(self.fast_days), gain(self.slow_days));
        let start = self.prior * self.prior / day_count;
        let (mut fast, mut slow) = (start, start);
        let mut levels = Vec::with_capacity(closes.len());
        for (i, close) in closes.iter().enumerate() {
            if let Some(before) = i.checked_sub(1).map(|i| closes[i]) {
                let change = libm::log(close / before);
                fast += fast_gain * (change * change - fast);
                slow += slow_gain * (change * change - slow);
            }
            levels.push((day_count * (self.fast_weight * fast + (1.0 - self.fast_weight) * slow)).sqrt());
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: LevelRule = LevelRule { fast_days: 10.0, slow_days: 100.0, fast_weight: 0.5, prior: 0.2 };

    #[test]
    fn it_starts_at_the_prior_and_ends_at_what_is_realised() {
        // one percent up and down every day is 15.9 % a year
        let closes: Vec<f64> = (0..2_000).map(|i| if i % 2 == 0 { 100.0 } else { 101.0 }).collect();
        let levels = RULE.levels(&closes, 252);
        assert!((levels[0] - 0.2).abs() < 1e-12);
        let realised = libm::log(1.01) * 252_f64.sqrt();
        assert!((levels[1_999] - realised).abs() < 1e-4, "{}", levels[1_999]);
        assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1e-12));
    }

    #[test]
    fn no_level_knows_a_later_close() {
        let closes: Vec<f64> = (0..50).map(|i| 100.0 + f64::from(i % 7)).collect();
        let mut other = closes.clone();
        other[30..].iter_mut().for_each(|close| *close *= 3.0);
        let (a, b) = (RULE.levels(&closes, 252), RULE.levels(&other, 252));
        assert_eq!(a[..30], b[..30]);
        assert_ne!(a[30], b[30]);
    }
}
