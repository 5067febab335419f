//! The surface of a model at one level of volatility.

use super::{Model, Shape};
use crate::market::surface::{ExpiryFit, HALF_SPREADS_PER_UNIT, SMILE_SCALE};
use crate::units::DAY_MS;

/// Days in the ACT/365 year.
const DAYS_PER_YEAR: f64 = 365.0;
/// Least growth of total variance from a tenor node to the next: no calendar spread has a negative price.
const LEAST_GROWTH: f64 = 1.000_1;

/// A model at one level of volatility.
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    model: &'a Model,
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
        Curve { model, variance }
    }

    /// At-the-forward volatility at `days`, a fraction: total variance linear between nodes, volatility constant beyond them.
    pub fn vol(&self, days: f64) -> f64 {
        let last = self.model.tenors.len() - 1;
        let flat = |node: usize| (self.variance[node] / self.model.tenors[node].days).sqrt();
        let after = self.model.tenors.partition_point(|tenor| tenor.days < days);
        match after {
            0 => flat(0),
            node if node > last => flat(last),
            node => {
                let (near, far) = (&self.model.tenors[node - 1], &self.model.tenors[node]);
                let share = (days - near.days) / (far.days - near.days);
                let total = self.variance[node - 1] + (self.variance[node] - self.variance[node - 1]) * share;
                (total / days).sqrt()
            }
        }
    }

    /// The smile's shape at `days`.
    fn shape(&self, days: f64) -> Shape {
        let (node, share) = place(self.model.tenors.iter().map(|tenor| tenor.days), days);
        let tenor = |node: usize| self.model.tenors.get(node).map(|tenor| tenor.shape);
        let here = self.model.tenors[node].shape;
        tenor(node + 1).filter(|_| share > 0.0).map_or(here, |next| here.toward(&next, share))
    }

    /// Half-spreads at `days`, as shares of forward x volatility x root of years.
    fn half_spreads(&self, days: f64) -> [f64; 6] {
        let rows = &self.model.spreads;
        let (node, share) = place(rows.iter().map(|row| row.days), days);
        let mut half = rows[node].half;
        if let Some(next) = rows.get(node + 1) {
            half.iter_mut().zip(next.half).for_each(|(value, to)| *value += (to - *value) * share);
        }
        half
    }

    /// The whole numbers of an expiry `ms` ahead with `rows` strikes, all of them quoted.
    ///
    /// `units` is the worth of one forward in units of the tick rule: the tick rule's `per_one` for inverse quotes,
    /// times the forward for linear ones.
    pub fn fit(&self, ms: i64, rows: usize, units: f64) -> ExpiryFit {
        let days = ms as f64 / DAY_MS as f64;
        let vol = self.vol(days);
        let (shape, half) = (self.shape(days), self.half_spreads(days));
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

/// The row at or before `days` (the first where there is none), and the share of the next one, linear in the root of time.
fn place(rows: impl Iterator<Item = f64>, days: f64) -> (usize, f64) {
    let (mut node, mut before) = (0, None);
    for (i, row) in rows.enumerate() {
        match before {
            Some(from) if row > days => {
                return (node, (days.sqrt() - f64::sqrt(from)) / (row.sqrt() - f64::sqrt(from)));
            }
            None if row > days => return (0, 0.0),
            _ => (node, before) = (i, Some(row)),
        }
    }
    (node, 0.0)
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
