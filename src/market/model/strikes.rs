//! Which strikes a modelled expiry has: a lattice around the index that only grows while the expiry is listed.

use super::{Curve, GridRule};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// Days whose deviation is the least that a lattice spans.
const LEAST_DAYS: f64 = 7.0;
/// Days in the ACT/365 year.
const DAYS_PER_YEAR: f64 = 365.0;
/// Strikes are whole multiples of 1/1000 USD.
const PER_USD: f64 = 1_000.0;

/// The strikes of every expiry so far: whoever holds an option finds it listed until it expires.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    strikes: BTreeMap<Timestamp, Vec<f64>>,
}

impl Listing {
    /// Takes over what was listed before, strikes in ascending order.
    pub fn insert(&mut self, expiry: Timestamp, strikes: Vec<f64>) {
        self.strikes.insert(expiry, strikes);
    }

    /// Expiries later than `t` with their strikes, ascending.
    pub fn later_than(&self, t: Timestamp) -> impl Iterator<Item = (Timestamp, &[f64])> {
        self.strikes.range(t.plus_ms(1)..).map(|(expiry, strikes)| (*expiry, strikes.as_slice()))
    }

    /// The strikes of an expiry at `t`: those listed before, and those that the rule lists around `index` now.
    pub fn list(&mut self, rule: &GridRule, curve: &Curve, t: Timestamp, index: f64, expiry: Timestamp) -> &[f64] {
        let days = expiry.days_since(t).max(LEAST_DAYS);
        let deviation = curve.vol(days) * (days / DAYS_PER_YEAR).sqrt();
        let listed = self.strikes.entry(expiry).or_default();
        for (low, high, step) in lattices(rule, index, deviation) {
            add(listed, low, high, step);
        }
        listed
    }

    /// Forgets expiries up to `t`.
    pub fn forget(&mut self, t: Timestamp) {
        self.strikes = self.strikes.split_off(&t.plus_ms(1));
    }
}

/// The lattice near the money and that of the wings: lowest and highest strike in USD, step in 1/1000 USD.
fn lattices(rule: &GridRule, index: f64, deviation: f64) -> [(f64, f64, u64); 2] {
    let [least, most] = rule.step_range;
    let share = (rule.step_deviations * deviation).clamp(least, most);
    let [low, high] = rule.moneyness;
    let range = |deviations: f64, share: f64| {
        let reach = libm::exp(deviations * deviation);
        (index * f64::max(1.0 / reach, low), index * f64::min(reach, high), nice_step(index * share))
    };
    [range(rule.near_deviations, share), range(rule.far_deviations, share * rule.wing_steps)]
}

/// Adds the multiples of `step` within `low..=high` that `listed`, ascending, does not have yet.
fn add(listed: &mut Vec<f64>, low: f64, high: f64, step: u64) {
    let size = step as f64 / PER_USD;
    let (first, last) = ((low / size).ceil().max(1.0) as u64, (high / size).floor().max(0.0) as u64);
    let known = listed.len();
    for multiple in first..=last {
        // By division, which gives the double nearest to the decimal.
        let strike = (multiple * step) as f64 / PER_USD;
        let is_known = |part: &[f64]| part.binary_search_by(|k| k.total_cmp(&strike)).is_ok();
        if !is_known(&listed[..known]) {
            listed.push(strike);
        }
    }
    if listed.len() > known {
        listed.sort_by(f64::total_cmp);
    }
}

/// The largest of 1, 2, 2.5 and 5 times a power of ten that is at most `usd`, in 1/1000 USD; at least 1.
fn nice_step(usd: f64) -> u64 {
    let most = usd * PER_USD;
    let mut power = 1_u64;
    while power < 1_000_000_000_000 && (power * 10) as f64 <= most {
        power *= 10;
    }
    let nice = [5 * power, 5 * power / 2, 2 * power, power];
    let is_even = |step: &u64| power > 1 || *step != 5 * power / 2;
    nice.into_iter().filter(is_even).find(|step| *step as f64 <= most).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_nice() {
        for (usd, step) in [
            (0.0001, 1),
            (0.0021, 2),
            (0.006, 5),
            (0.011, 10),
            (0.3, 250),
            (1.0, 1_000),
            (1.99, 1_000),
            (2.2, 2_000),
            (4.6, 2_500),
            (9.2, 5_000),
            (3_000.0, 2_500_000),
            (5_100.0, 5_000_000),
        ] {
            assert_eq!(nice_step(usd), step, "{usd}");
        }
    }

    #[test]
    fn a_lattice_adds_what_is_missing() {
        let mut listed = vec![0.2, 0.4];
        add(&mut listed, 0.1, 0.5, 100);
        assert_eq!(listed, [0.1, 0.2, 0.3, 0.4, 0.5]);
        add(&mut listed, 0.6, 0.5, 100);
        assert_eq!(listed.len(), 5);
    }
}
