//! Nine numbers for one expiry: SVI and corrections by Levenberg-Marquardt, rounded, free of butterflies.
//!
//! Everything runs in units of the at-the-money deviation, `x = ln(K/F) / (sigma_r sqrt T)` and
//! `u = sigma / sigma_r`, so that one starting point and one set of bounds serve every tenor.

use super::linear::solve;
use crate::market::surface::{SMILE_SCALE, smile_of};
use crate::pricing::{CORRECTION_CENTRES, Smile, Svi, bump};

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
/// A step that gains less than this share of the cost ends the search.
const LEAST_GAIN: f64 = 1e-7;
/// Pull of the corrections towards 0, per unit of `u`.
const CORRECTION_PULL: f64 = 0.02;
/// Least variance that a trial may have, in `u^2`.
const LEAST_VARIANCE: f64 = 1e-5;
/// Even points over the listed strikes at which butterflies are tested.
pub const BUTTERFLY_POINTS: u32 = 201;

/// The smile of `targets` (ascending in `y`, not empty) as whole numbers, and whether it was flattened to be
/// free of butterflies between the first and the last `y`.
pub fn fit_smile(targets: &[SmileTarget], years: f64) -> ([i32; 9], bool) {
    let reference = vol_at_forward(targets);
    let rows: Vec<Row> = targets.iter().map(|t| Row::new(t, reference)).collect();
    let params = search(&rows);
    let svi = round_svi(&params, reference);
    let numbers = with_corrections(svi, targets);
    free_of_butterflies(numbers, targets, years)
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
    fn new(target: &SmileTarget, reference: f64) -> Row {
        let x = target.y / reference;
        let bumps = CORRECTION_CENTRES.map(|centre| bump(x - centre)[0]);
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
fn search(rows: &[Row]) -> [f64; N] {
    let mut params = start(rows);
    let Some(mut at) = normal(&params, rows) else { return params };
    let mut damping = 1e-2;
    for _ in 0..MOST_STEPS {
        let mut damped = at.hessian;
        for (i, row) in damped.iter_mut().enumerate() {
            row[i] += damping * (row[i] + 1e-9);
        }
        let trial = solve(damped, at.gradient).map(|step| moved(&params, &step));
        match trial.and_then(|trial| normal(&trial, rows).map(|n| (trial, n))) {
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
fn start(rows: &[Row]) -> [f64; N] {
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
    if normal(&started, rows).is_some() { started } else { [1.0, libm::log(1e-3), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] }
}

/// Cost and its derivatives; `None` where a strike's variance is not positive.
fn normal(params: &[f64; N], rows: &[Row]) -> Option<Normal> {
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
    let pull = CORRECTION_PULL * CORRECTION_PULL;
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
fn with_corrections(svi: [i32; 5], targets: &[SmileTarget]) -> [i32; 9] {
    let [a, b, rho, m, s] = svi;
    let plain = [a, b, rho, m, s, 0, 0, 0, 0];
    let Ok(smile) = smile_of(&plain) else { return plain };
    let (mut hessian, mut gradient) = ([[0.0; 4]; 4], [0.0; 4]);
    for target in targets {
        let basis = smile.weights(target.y).map(|w| w * target.weight);
        accumulate(&mut hessian, &mut gradient, &basis, (target.vol - smile.vol(target.y)) * target.weight);
    }
    for (i, row) in hessian.iter_mut().enumerate() {
        row[i] += CORRECTION_PULL * CORRECTION_PULL;
    }
    let Some(best) = solve(hessian, gradient) else { return plain };
    let [c1, c2, c3, c4] = best.map(|c| (c * SMILE_SCALE[5]).round() as i32);
    [a, b, rho, m, s, c1, c2, c3, c4]
}

/// Weakens the corrections, then the wings, until no butterfly over the targets has a negative price.
///
/// The last resort is a flat smile at the forward's volatility, which has none.
fn free_of_butterflies(numbers: [i32; 9], targets: &[SmileTarget], years: f64) -> ([i32; 9], bool) {
    let (from, to) = (targets.first().map_or(0.0, |t| t.y), targets.last().map_or(0.0, |t| t.y));
    let is_free = |numbers: &[i32; 9]| {
        smile_of(numbers).is_ok_and(|smile| smile.is_butterfly_free(from, to, years, BUTTERFLY_POINTS))
    };
    if is_free(&numbers) {
        return (numbers, false);
    }
    for quarters in (0..4).rev() {
        let mut weaker = numbers;
        weaker[5..].iter_mut().for_each(|c| *c = *c * quarters / 4);
        if is_free(&weaker) {
            return (weaker, true);
        }
    }
    let plain = [numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]];
    let centre = svi_of(&plain).total_variance(0.0).max(0.01);
    let mut flatter = plain;
    for _ in 0..200 {
        flatter[1] = flatter[1] * 19 / 20;
        let svi = svi_of(&flatter);
        flatter[0] += ((centre - svi.total_variance(0.0)) * SMILE_SCALE[0]).round() as i32;
        let numbers = with_corrections(flatter, targets);
        if is_free(&numbers) {
            return (numbers, true);
        }
    }
    ([(centre * SMILE_SCALE[0]).round() as i32, 0, 0, 0, 1, 0, 0, 0, 0], true)
}

/// The smile of numbers that the fit made.
pub fn fitted(numbers: &[i32; 9]) -> Option<Smile> {
    smile_of(numbers).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(smile: &Smile, count: i32) -> Vec<SmileTarget> {
        let at = |i: i32| {
            let y = f64::from(i - count / 2) * 0.11 + 0.01;
            SmileTarget { y, vol: smile.vol(y), weight: libm::exp(-2.0 * y * y) + 0.02 }
        };
        (0..count).map(at).collect()
    }

    #[test]
    fn a_known_smile_is_found_again() {
        for (numbers, count) in [([9_000, 30_000, -2_500, 500, 3_000, 20, -15, 10, 5], 25), ([20_000, 5_000, 3_000, -800, 5_000, 0, 0, 0, 0], 11)] {
            let known = smile_of(&numbers).expect("in its domain");
            let targets = targets(&known, count);
            let (found, was_flattened) = fit_smile(&targets, 0.04);
            assert!(!was_flattened);
            let smile = fitted(&found).expect("in its domain");
            let worst = targets.iter().filter(|t| t.y.abs() < 1.0).map(|t| (smile.vol(t.y) - t.vol).abs()).fold(0.0, f64::max);
            assert!(worst < 2e-4, "{worst}");
        }
    }

    #[test]
    fn a_smile_with_butterflies_is_flattened() {
        let kink = |i: i32| SmileTarget { y: f64::from(i) * 0.1, vol: if i == 0 { 0.2 } else { 0.9 }, weight: 1.0 };
        let targets: Vec<SmileTarget> = (-8..=8).map(kink).collect();
        let (numbers, was_flattened) = fit_smile(&targets, 0.5);
        assert!(was_flattened);
        assert!(fitted(&numbers).expect("in its domain").is_butterfly_free(-0.8, 0.8, 0.5, BUTTERFLY_POINTS));
    }
}
