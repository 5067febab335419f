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
        let days = expiry.days_since(t);
        let spanned = days.max(LEAST_DAYS);
        let deviation = curve.vol(spanned) * (spanned / DAYS_PER_YEAR).sqrt();
        let share = rule.step_share(days);
        let [lowest, highest] = rule.moneyness;
        let listed = self.strikes.entry(expiry).or_default();
        let near = (rule.near_deviations * deviation).min(rule.near_most);
        for (reach, share) in [(near, share), (rule.far_deviations * deviation, share * rule.wing_steps)] {
            let reach = libm::exp(reach);
            add(listed, index * f64::max(1.0 / reach, lowest), index * f64::min(reach, highest), share);
        }
        listed
    }

    /// Forgets expiries up to `t`.
    pub fn forget(&mut self, t: Timestamp) {
        self.strikes = self.strikes.split_off(&t.plus_ms(1));
    }
}

/// Adds the strikes of a lattice within `low..=high` that `listed`, ascending, does not have yet.
///
/// At every strike the lattice has the step that is round and at most `share` of it, whatever the index is: as the index
/// moves, strikes are added beside those that are listed and none between them.
fn add(listed: &mut Vec<f64>, low: f64, high: f64, share: f64) {
    let known = listed.len();
    let mut strike = (low * PER_USD).ceil().max(1.0) as u64;
    let last = (high * PER_USD).floor().max(0.0) as u64;
    while strike <= last {
        let step = nice_step(strike as f64 / PER_USD * share);
        if strike.is_multiple_of(step) {
            // By division, which gives the double nearest to the decimal.
            let usd = strike as f64 / PER_USD;
            if listed[..known].binary_search_by(|k| k.total_cmp(&usd)).is_err() {
                listed.push(usd);
            }
        }
        strike = (strike / step + 1) * step;
    }
    if listed.len() > known {
        listed.sort_unstable_by(f64::total_cmp);
    }
}

/// The largest of 1, 2.5 and 5 times a power of ten that is at most `usd`, in 1/1000 USD; at least 1.
fn nice_step(usd: f64) -> u64 {
    let most = usd * PER_USD;
    let mut power = 1_u64;
    while power < 1_000_000_000_000 && (power * 10) as f64 <= most {
        power *= 10;
    }
    let nice = [5 * power, 5 * power / 2, power];
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
            (0.0021, 1),
            (0.0026, 1),
            (0.006, 5),
            (0.011, 10),
            (0.3, 250),
            (1.0, 1_000),
            (1.99, 1_000),
            (2.2, 1_000),
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
        add(&mut listed, 0.2, 0.4, 0.26);
        assert_eq!(listed, [0.2, 0.25, 0.3, 0.35, 0.4]);
        add(&mut listed, 0.6, 0.5, 0.1);
        assert_eq!(listed.len(), 5);
        let mut coarse = Vec::new();
        add(&mut coarse, 90.0, 130.0, 0.06);
        assert_eq!(coarse, [90.0, 95.0, 100.0, 105.0, 110.0, 115.0, 120.0, 125.0, 130.0]);
        let mut moved = coarse.clone();
        add(&mut moved, 97.3, 141.0, 0.06);
        assert_eq!(moved[..9], coarse[..], "nothing comes between what is listed");
        assert_eq!(moved[9..], [135.0, 140.0]);
    }

    #[test]
    fn steps_grow_with_the_strike() {
        let mut listed = Vec::new();
        add(&mut listed, 8.0, 14.0, 0.1);
        assert_eq!(listed, [8.0, 8.5, 9.0, 9.5, 10.0, 11.0, 12.0, 13.0, 14.0]);
    }
}
