//! Nine numbers for one expiry: SVI and corrections by Levenberg-Marquardt, rounded, free of butterflies.
//!
//! Everything runs in units of the at-the-money deviation, `x = ln(K/F) / (sigma_r sqrt T)` and
//! `u = sigma / sigma_r`, so that one starting point and one set of bounds serve every tenor.

use super::linear::solve;
use crate::market::surface::{SMILE_SCALE, smile_of};
use crate::pricing::{CORRECTION_CENTRES, Svi, bump};

/// One strike's volatility as a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmileTarget {
    /// `ln(K/F) / sqrt T`.
    pub y: f64,
    /// Volatility, a fraction.
    pub vol: f64,
    /// Weight of the deviation, above 0.
    pub weight: f64,
}

/// Numbers of a smile.
const N: usize = 9;
/// Most steps of the search, taken or refused.
const MOST_STEPS: usize = 40;
/// Searches for one smile.
const PASSES: usize = 4;
/// A step that gains less than this share of the cost ends the search.
const LEAST_GAIN: f64 = 1e-7;
/// Pulls of the corrections towards 0 per unit of `u`, tried in this order; the last one leaves plain SVI.
const PULLS: [f64; 8] = [0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 1e6];
/// Least variance that a trial may have, in `u^2`.
const LEAST_VARIANCE: f64 = 1e-5;
/// Even points over the listed strikes at which butterflies are tested.
pub const BUTTERFLY_POINTS: u32 = 201;

/// The smile of `targets` (ascending in `y`, not empty) as whole numbers.
///
/// It is free of butterflies between the first and the last `y`: where the best one is not, the corrections
/// are pulled towards 0 until it is; where SVI alone is not, its wings are flattened, at last to a flat smile.
pub fn fit_smile(targets: &[SmileTarget], years: f64) -> ([i32; 9], Repair) {
    let reference = vol_at_forward(targets);
    let fit_svi = |pull: f64| round_svi(&search(targets, reference, pull), reference);
    for (i, pull) in PULLS.into_iter().enumerate() {
        let svi = fit_svi(pull);
        let numbers = with_corrections(svi, targets, pull);
        if is_free_of_butterflies(&numbers, targets, years) {
            return (numbers, if i == 0 { Repair::None } else { Repair::PulledCorrections });
        }
    }
    (flattened(fit_svi(PULLS[PULLS.len() - 1]), targets, years), Repair::FlattenedWings)
}

/// What was done to a smile to be free of butterflies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    None,
    /// The corrections are smaller than the best ones.
    PulledCorrections,
    /// The wings are flatter than the best ones.
    FlattenedWings,
}

/// Volatility at `y = 0`, linear between the neighbours.
fn vol_at_forward(targets: &[SmileTarget]) -> f64 {
    let above = targets.partition_point(|t| t.y < 0.0);
    match (above.checked_sub(1).and_then(|i| targets.get(i)), targets.get(above)) {
        (Some(low), Some(high)) => low.vol + (high.vol - low.vol) * (-low.y / (high.y - low.y)),
        (Some(only), None) | (None, Some(only)) => only.vol,
        (None, None) => 1.0,
    }
}

/// A target in units of the reference, with the corrections' heights there.
struct Row {
    x: f64,
    u: f64,
    weight: f64,
    bumps: [f64; 4],
}

impl Row {
    /// `scale` is the smile's own volatility at the forward in units of the reference.
    fn new(target: &SmileTarget, reference: f64, scale: f64) -> Row {
        let x = target.y / reference;
        let bumps = CORRECTION_CENTRES.map(|centre| bump(x / scale - centre)[0]);
        Row { x, u: target.vol / reference, weight: target.weight, bumps }
    }
}

/// Normal equations at a point of the search.
struct Normal {
    cost: f64,
    hessian: [[f64; N]; N],
    gradient: [f64; N],
}

/// Searches `[a, ln b, atanh rho, m, ln s, c1..c4]` in units of the reference.
///
/// The corrections sit where the SVI part puts the deviation at the forward, so the search is run again from
/// its end until they sit where they were assumed to.
fn search(targets: &[SmileTarget], reference: f64, pull: f64) -> [f64; N] {
    let rows = |scale: f64| -> Vec<Row> { targets.iter().map(|t| Row::new(t, reference, scale)).collect() };
    let first = rows(1.0);
    let mut params = descend(start(&first, pull), &first, pull);
    for _ in 1..PASSES {
        let scale = centre_vol(&params).clamp(0.5, 2.0);
        params = descend(params, &rows(scale), pull);
    }
    params
}

/// Volatility of the SVI part at the forward, in units of the reference.
fn centre_vol(params: &[f64; N]) -> f64 {
    let [a, log_b, arc_rho, m, log_s, ..] = *params;
    let (b, s) = (libm::exp(log_b), libm::exp(log_s));
    (a + b * ((m * m + s * s).sqrt() - libm::tanh(arc_rho) * m)).max(0.0).sqrt()
}

/// Levenberg and Marquardt's damped steps from `params`.
fn descend(mut params: [f64; N], rows: &[Row], pull: f64) -> [f64; N] {
    let Some(mut at) = normal(&params, rows, pull) else { return params };
    let mut damping = 1e-2;
    for _ in 0..MOST_STEPS {
        let mut damped = at.hessian;
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += damping * (row[i] + 1e-9);
        }
        let trial = solve(damped, at.gradient).map(|step| moved(&params, &step));
        match trial.and_then(|trial| normal(&trial, rows, pull).map(|n| (trial, n))) {
            Some((trial, next)) if next.cost < at.cost => {
                let gain = at.cost - next.cost;
                (params, at) = (trial, next);
                damping = f64::max(damping / 5.0, 1e-9);
                if gain < LEAST_GAIN * at.cost {
                    break;
                }
            }
            _ => damping *= 6.0,
        }
        if damping > 1e9 {
            break;
        }
    }
    params
}

/// A bounded step against the gradient.
fn moved(params: &[f64; N], step: &[f64; N]) -> [f64; N] {
    let mut next = *params;
    for (value, step) in next.iter_mut().zip(step) {
        *value -= step.clamp(-1.0, 1.0);
    }
    for (index, low, high) in [(1, -8.0, 3.0), (2, -3.0, 3.0), (3, -6.0, 6.0), (4, -5.0, 2.5)] {
        next[index] = next[index].clamp(low, high);
    }
    next
}

/// The best SVI with `m = 0`, `s = 1` in variance, which is linear (the inner problem of Zeliade's calibration).
fn start(rows: &[Row], pull: f64) -> [f64; N] {
    let (mut hessian, mut gradient) = ([[0.0; 3]; 3], [0.0; 3]);
    for row in rows {
        let weight = row.weight / (2.0 * row.u);
        let basis = [1.0, row.x, (row.x * row.x + 1.0).sqrt()].map(|b| b * weight);
        accumulate(&mut hessian, &mut gradient, &basis, row.u * row.u * weight);
    }
    for (i, row) in hessian.iter_mut().enumerate() {
        row[i] += 1e-9;
    }
    let [level, tilt, slope] = solve(hessian, gradient).unwrap_or([0.5, 0.0, 0.5]);
    let slope = slope.max(1e-3);
    let rho = (tilt / slope).clamp(-0.98, 0.98);
    let started = [level, libm::log(slope), libm::atanh(rho), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    if normal(&started, rows, pull).is_some() {
        started
    } else {
        [1.0, libm::log(1e-3), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    }
}

/// Cost and its derivatives; `None` where a strike's variance is not positive.
fn normal(params: &[f64; N], rows: &[Row], pull: f64) -> Option<Normal> {
    let [a, log_b, arc_rho, m, log_s, corrections @ ..] = *params;
    let (b, rho, s) = (libm::exp(log_b), libm::tanh(arc_rho), libm::exp(log_s));
    let (mut cost, mut hessian, mut gradient) = (0.0, [[0.0; N]; N], [0.0; N]);
    for row in rows {
        let arm = row.x - m;
        let radius = (arm * arm + s * s).sqrt();
        let lean = rho * arm + radius;
        let variance = a + b * lean;
        if variance.is_nan() || variance <= LEAST_VARIANCE {
            return None;
        }
        let root = variance.sqrt();
        let mut modelled = root;
        for (correction, height) in corrections.iter().zip(row.bumps) {
            modelled += correction * height;
        }
        let by_variance = 0.5 / root;
        let [c1, c2, c3, c4] = row.bumps;
        let slope = b * by_variance;
        let basis = [
            by_variance,
            slope * lean,
            slope * arm * (1.0 - rho * rho),
            -slope * (rho + arm / radius),
            slope * s * s / radius,
            c1,
            c2,
            c3,
            c4,
        ]
        .map(|b| b * row.weight);
        let residual = (modelled - row.u) * row.weight;
        cost += residual * residual;
        accumulate(&mut hessian, &mut gradient, &basis, residual);
    }
    let pull = pull * pull;
    for (i, correction) in corrections.iter().enumerate() {
        cost += pull * correction * correction;
        hessian[5 + i][5 + i] += pull;
        gradient[5 + i] += pull * correction;
    }
    Some(Normal { cost, hessian, gradient })
}

/// Adds one row to the normal equations.
fn accumulate<const M: usize>(hessian: &mut [[f64; M]; M], gradient: &mut [f64; M], basis: &[f64; M], target: f64) {
    for (i, left) in basis.iter().enumerate() {
        for (j, right) in basis.iter().enumerate() {
            hessian[i][j] += left * right;
        }
        gradient[i] += left * target;
    }
}

/// The SVI part in units of `y`, rounded to whole numbers of the pack, its least variance not negative.
fn round_svi(params: &[f64; N], reference: f64) -> [i32; 5] {
    let [a, log_b, arc_rho, m, log_s, ..] = *params;
    let values = [
        a * reference * reference,
        libm::exp(log_b) * reference,
        libm::tanh(arc_rho),
        m * reference,
        libm::exp(log_s) * reference,
    ];
    let mut numbers = [0; 5];
    for (number, (value, scale)) in numbers.iter_mut().zip(values.iter().zip(SMILE_SCALE)) {
        *number = (value * scale).round() as i32;
    }
    numbers[1] = numbers[1].max(0);
    numbers[2] = numbers[2].clamp(-9_999, 9_999);
    numbers[4] = numbers[4].max(1);
    let least = svi_of(&numbers).least_variance();
    if least < 0.0 {
        numbers[0] += (-least * SMILE_SCALE[0]).ceil() as i32;
    }
    numbers
}

fn svi_of(numbers: &[i32; 5]) -> Svi {
    let value = |i: usize| f64::from(numbers[i]) / SMILE_SCALE[i];
    Svi { a: value(0), b: value(1), rho: value(2), m: value(3), sigma: value(4) }
}

/// The corrections that are best for the rounded SVI, rounded.
fn with_corrections(svi: [i32; 5], targets: &[SmileTarget], pull: f64) -> [i32; 9] {
    let [a, b, rho, m, s] = svi;
    let plain = [a, b, rho, m, s, 0, 0, 0, 0];
    let Ok(smile) = smile_of(&plain) else { return plain };
    let (mut hessian, mut gradient) = ([[0.0; 4]; 4], [0.0; 4]);
    for target in targets {
        let basis = smile.weights(target.y).map(|w| w * target.weight);
        accumulate(&mut hessian, &mut gradient, &basis, (target.vol - smile.vol(target.y)) * target.weight);
    }
    for (i, row) in hessian.iter_mut().enumerate() {
        row[i] += pull * pull;
    }
    let Some(best) = solve(hessian, gradient) else { return plain };
    let [c1, c2, c3, c4] = best.map(|c| (c * SMILE_SCALE[5]).round() as i32);
    [a, b, rho, m, s, c1, c2, c3, c4]
}

fn is_free_of_butterflies(numbers: &[i32; 9], targets: &[SmileTarget], years: f64) -> bool {
    let (from, to) = (targets.first().map_or(0.0, |t| t.y), targets.last().map_or(0.0, |t| t.y));
    smile_of(numbers).is_ok_and(|smile| smile.is_butterfly_free(from, to, years, BUTTERFLY_POINTS))
}

/// Flattens the wings of an SVI, its volatility at the forward held, until no butterfly has a negative price.
fn flattened(svi: [i32; 5], targets: &[SmileTarget], years: f64) -> [i32; 9] {
    let [_, mut b, rho, m, s] = svi;
    let centre = svi_of(&svi).total_variance(0.0).max(0.01);
    while b > 0 {
        b = b * 19 / 20;
        let wings = svi_of(&[0, b, rho, m, s]).total_variance(0.0);
        let a = ((centre - wings) * SMILE_SCALE[0]).round() as i32;
        let numbers = [a, b, rho, m, s, 0, 0, 0, 0];
        if is_free_of_butterflies(&numbers, targets, years) {
            return numbers;
        }
    }
    [(centre * SMILE_SCALE[0]).round() as i32, 0, 0, 0, 1, 0, 0, 0, 0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Smile;

    fn targets(smile: &Smile, count: i32) -> Vec<SmileTarget> {
        let at = |i: i32| {
            let y = f64::from(i - count / 2) * 0.11 + 0.01;
            SmileTarget { y, vol: smile.vol(y), weight: libm::exp(-2.0 * y * y) + 0.02 }
        };
        (0..count).map(at).collect()
    }

    #[test]
    fn a_known_smile_is_found_again() {
        for (numbers, count) in [
            ([9_000, 30_000, -2_500, 500, 3_000, 20, -15, 10, 5], 25),
            ([20_000, 5_000, 3_000, -800, 5_000, 0, 0, 0, 0], 11),
        ] {
            let known = smile_of(&numbers).expect("in its domain");
            let targets = targets(&known, count);
            let (found, repair) = fit_smile(&targets, 0.04);
            assert_eq!(repair, Repair::None);
            let smile = smile_of(&found).expect("in its domain");
            let worst =
                targets.iter().filter(|t| t.y.abs() < 1.0).map(|t| (smile.vol(t.y) - t.vol).abs()).fold(0.0, f64::max);
            assert!(worst < 2e-4, "{worst}");
        }
    }

    #[test]
    fn a_smile_with_butterflies_is_flattened() {
        let kink = |i: i32| SmileTarget { y: f64::from(i) * 0.1, vol: if i == 0 { 0.2 } else { 0.9 }, weight: 1.0 };
        let targets: Vec<SmileTarget> = (-8..=8).map(kink).collect();
        let (numbers, repair) = fit_smile(&targets, 0.5);
        assert_ne!(repair, Repair::None);
        assert!(smile_of(&numbers).expect("in its domain").is_butterfly_free(-0.8, 0.8, 0.5, BUTTERFLY_POINTS));
    }
}
