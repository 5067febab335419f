//! The surface of a model at one level of volatility.

use super::{Model, Shape, Tenor};
use crate::market::surface::{ExpiryFit, HALF_SPREADS_PER_UNIT, SMILE_SCALE};
use crate::units::DAY_MS;

/// Days in the ACT/365 year.
const DAYS_PER_YEAR: f64 = 365.0;
/// Least growth of total variance from a tenor node to the next: no calendar spread has a negative price.
const LEAST_GROWTH: f64 = 1.000_1;

/// A model at one level of volatility.
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    tenors: &'a [Tenor],
    /// Total variance at the forward by tenor, in volatility squared times days.
    variance: Vec<f64>,
}

impl Model {
    /// The surface at a `level` of volatility (fraction), times the model's factor.
    pub fn curve(&self, level: f64) -> Curve<'_> {
        Curve::new(self, level, self.vol_factor)
    }

    /// The surface at a level without the factor: what the strikes follow, so that a factor moves prices alone.
    pub fn plain_curve(&self, level: f64) -> Curve<'_> {
        Curve::new(self, level, 1.0)
    }
}

impl<'a> Curve<'a> {
    /// ```text
    /// vol(node) = vol_factor x factor x anchor (level / anchor)^elasticity
    /// ```
    fn new(model: &'a Model, level: f64, vol_factor: f64) -> Curve<'a> {
        let mut variance: Vec<f64> = Vec::with_capacity(model.tenors.len());
        let ratio = libm::log(level / model.anchor);
        for tenor in &model.tenors {
            let vol = vol_factor * tenor.factor * model.anchor * libm::exp(tenor.elasticity * ratio);
            let least = variance.last().map_or(0.0, |before| before * LEAST_GROWTH);
            variance.push(f64::max(vol * vol * tenor.days, least));
        }
        Curve { tenors: &model.tenors, variance }
    }

    /// At-the-forward volatility at `days`, a fraction: total variance linear between nodes, volatility constant beyond them.
    pub fn vol(&self, days: f64) -> f64 {
        let last = self.tenors.len() - 1;
        let flat = |node: usize| (self.variance[node] / self.tenors[node].days).sqrt();
        let after = self.tenors.partition_point(|tenor| tenor.days < days);
        match after {
            0 => flat(0),
            node if node > last => flat(last),
            node => {
                let (near, far) = (&self.tenors[node - 1], &self.tenors[node]);
                let share = (days - near.days) / (far.days - near.days);
                let total = self.variance[node - 1] + (self.variance[node] - self.variance[node - 1]) * share;
                (total / days).sqrt()
            }
        }
    }

    /// The node at or before `days`, and the share of the next one, linear in the root of time.
    fn place(&self, days: f64) -> (usize, f64) {
        let after = self.tenors.partition_point(|tenor| tenor.days <= days);
        let node = after.saturating_sub(1);
        match self.tenors.get(node + 1) {
            Some(next) if after > 0 => {
                let (from, to) = (self.tenors[node].days.sqrt(), next.days.sqrt());
                (node, (days.sqrt() - from) / (to - from))
            }
            _ => (node, 0.0),
        }
    }

    /// Smile shape and half-spreads at `days`.
    fn mix(&self, days: f64) -> (Shape, [f64; 6]) {
        let (node, share) = self.place(days);
        let here = &self.tenors[node];
        let Some(next) = self.tenors.get(node + 1).filter(|_| share > 0.0) else {
            return (here.shape, here.half_spread);
        };
        let mut half = here.half_spread;
        for (value, to) in half.iter_mut().zip(next.half_spread) {
            *value += (to - *value) * share;
        }
        (here.shape.toward(&next.shape, share), half)
    }

    /// The whole numbers of an expiry `ms` ahead with `rows` strikes, all of them quoted.
    ///
    /// `units` is the worth of one forward in units of the tick rule: the tick rule's `per_one` for inverse quotes,
    /// times the forward for linear ones.
    pub fn fit(&self, ms: i64, rows: usize, units: f64) -> ExpiryFit {
        let days = ms as f64 / DAY_MS as f64;
        let vol = self.vol(days);
        let (shape, half) = self.mix(days);
        let deviation = vol * (days / DAYS_PER_YEAR).sqrt();
        let spread = half.map(|share| {
            let halves = (share * deviation * units * HALF_SPREADS_PER_UNIT).round();
            // At least half a tick, so that bid and ask never meet.
            if halves > 1.0 { halves.min(2e9) as i32 } else { 1 }
        });
        let row_count = rows.min(usize::from(u16::MAX)) as u16;
        ExpiryFit { smile: smile_numbers(&shape, vol), spread: [spread; 4], quoted: [[0, row_count]; 4] }
    }
}

/// The nine whole numbers of a shape at a volatility.
fn smile_numbers(shape: &Shape, vol: f64) -> [i32; 9] {
    let svi = shape.at(vol);
    let mut numbers = [0; 9];
    let values = [svi.a, svi.b, svi.rho, svi.m, svi.sigma];
    for (number, (value, scale)) in numbers.iter_mut().zip(values.into_iter().zip(SMILE_SCALE)) {
        *number = (value * scale).round() as i32;
    }
    // Roundness stays above 0 at the least volatility.
    numbers[4] = numbers[4].max(1);
    numbers
}
