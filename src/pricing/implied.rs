//! Implied volatility: the inverse of Black-76 to the last attainable digits.
//!
//! A closed-form guess, sharpened to a few 1e-4, is polished by fourth-order steps (mostly one) on an objective that is
//! nearly straight: the reciprocal of the log price outside the inflection, the log of the distance
//! to the upper bound inside it. Neither can underflow, so prices of 1e-300 invert like any other.
//!
//! Sources: P. Jäckel, "Let's Be Rational", Wilmott (2015), for the objectives;
//! D. Stefanica and R. Radoicic, "An explicit implied volatility formula", IJTAF 20 (2017), for the guess.

use super::OptionKind;
use super::normal::LN_SQRT_2PI;
use super::side::{Side, log_ratio};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Steps at most; one is usual.
const MAX_STEPS: usize = 16;

/// A step of this size `e`, relative to a deviation up to 1, leaves an error of about the last bit: `e^4 / 20`.
const LAST_STEP: f64 = 3e-4;

/// `sqrt(2 pi)`, deviation over price at the money.
const SQRT_2PI: f64 = 2.506_628_274_631_000_7;

/// Volatility that gives an undiscounted price, as a fraction per root year.
///
/// `None` where there is none: the price is not strictly between intrinsic and the forward (call) or
/// the strike (put), or an argument is not positive and finite.
pub fn implied_vol(kind: OptionKind, forward: f64, strike: f64, years: f64, undiscounted_price: f64) -> Option<f64> {
    let is_positive = |value: f64| value > 0.0 && value < f64::INFINITY;
    let bound = match kind {
        OptionKind::Call => forward,
        OptionKind::Put => strike,
    };
    let time_value = undiscounted_price - kind.intrinsic(forward, strike);
    let headroom = bound - undiscounted_price;
    let is_solvable = [forward, strike, years, time_value, headroom].into_iter().all(is_positive);
    is_solvable.then(|| Target::new(forward, strike, time_value, headroom).deviation() / years.sqrt())
}

/// An out-of-the-money price to invert, in units of the lower of forward and strike.
struct Target {
    /// `|ln(F/K)|`.
    distance: f64,
    /// Logarithm of the price.
    log_price: f64,
    inverse_log_price: f64,
    /// What the price lacks of its upper bound.
    headroom: f64,
    /// The guess.
    start: f64,
}

impl Target {
    fn new(forward: f64, strike: f64, time_value: f64, headroom: f64) -> Self {
        let (low, high) = if forward <= strike { (forward, strike) } else { (strike, forward) };
        let (price, headroom) = (time_value / low, headroom / low);
        let log_price =
            if price > f64::MIN_POSITIVE { libm::log(price) } else { libm::log(time_value) - libm::log(low) };
        let distance = log_ratio(low, high);
        let start = guess((high - low) / low, distance, price, headroom)
            .map(|guess| sharpened(guess, distance))
            .unwrap_or_else(|| distance / (-2.0 * log_price).sqrt() + SQRT_2PI * price);
        Self { distance, log_price, inverse_log_price: 1.0 / log_price, headroom, start }
    }

    /// The deviation `sigma sqrt T` that gives the price.
    fn deviation(&self) -> f64 {
        let mut deviation = self.start;
        for _ in 0..MAX_STEPS {
            let step = self.step(deviation);
            if !step.is_finite() {
                break;
            }
            deviation += step.clamp(-0.5 * deviation, deviation);
            let unit = if deviation < 1.0 { deviation } else { 1.0 };
            if step.abs() <= LAST_STEP * unit {
                break;
            }
        }
        deviation
    }

    /// Householder's third-order step towards the root of the objective at `deviation`.
    ///
    /// ```text
    /// outside  g = 1 / ln b - 1 / ln target, inside  g = ln(1 - b) - ln(1 - target)
    /// db/ds = n(near), d ln n(near) / ds = p = near far / s
    /// ```
    fn step(&self, deviation: f64) -> f64 {
        let inverse = 1.0 / deviation;
        let middle = self.distance * inverse;
        let side = Side::new(middle, 0.5 * deviation);
        let log_density = -0.5 * (side.near * side.near) - LN_SQRT_2PI;
        let p = side.near * side.far * inverse;
        let dp = -3.0 * (middle * inverse) * (middle * inverse) - 0.25;
        let q = 1.0 / side.spread;
        if side.is_inside {
            let second = p + q;
            let newton = side.spread * (libm::log(side.spread / self.headroom) + log_density);
            householder(newton, second, second * second + dp + q * second)
        } else {
            let second = p - q;
            let third = second * second + dp - q * second;
            let log_value = libm::log(side.spread) + log_density;
            let ratio = q / log_value;
            let newton = (self.log_price - log_value) * log_value * side.spread * self.inverse_log_price;
            householder(newton, second - 2.0 * ratio, third - 6.0 * ratio * (second - ratio))
        }
    }
}

/// Householder's step from Newton's, with the ratios `g''/g'` and `g'''/g'`.
fn householder(newton: f64, second: f64, third: f64) -> f64 {
    let numerator = 1.0 + 0.5 * second * newton;
    let denominator = 1.0 + newton * (second + third * newton * (1.0 / 6.0));
    let factor = numerator / denominator;
    if factor > 0.0 { newton * factor } else { newton }
}

/// Deviation within a few percent (12.8 % in the farthest wing), in closed form; see [`sharpened`].
///
/// `excess = high/low - 1`, `distance = ln(high/low)`; price and headroom in units of `low`. Replaces
/// the normal distribution by Pólya's `1/2 + 1/2 sqrt(1 - exp(-2 x^2 / pi))`, for which the price is
/// a quadratic in `w`; the paper's terms are rewritten so that nothing cancels near the money.
/// `None` where the arithmetic leaves the range of numbers.
///
/// ```text
/// A w^2 + B w - C = 0, gamma = -pi/2 ln w
/// s = sqrt(gamma + k) -+ sqrt(gamma - k)      minus under the price at s^2 = 2 k
/// ```
fn guess(excess: f64, distance: f64, price: f64, headroom: f64) -> Option<f64> {
    let root_ratio = (1.0 + excess).sqrt();
    let inverse = 1.0 / root_ratio;
    // exp(x) - 1 at x = k/2, (1 - 2/pi) k and (2/pi - 1/2) k, out of one exponential.
    let half = excess / (1.0 + root_ratio);
    let part = libm::expm1((1.0 - FRAC_2_PI) * distance);
    let part_inverse = 1.0 / (1.0 + part);
    let rest = (half - part) * part_inverse;
    let (sinh, cosh_less_one) = hyperbolic(part, part_inverse);
    let (sinh_half, _) = hyperbolic(half, inverse);
    let slant = 8.0 * sinh_half * hyperbolic(rest, (1.0 + part) * inverse).0;
    let level = price * inverse;
    let g = 4.0 * level * (level + 2.0 * sinh_half);
    let a = 4.0 * (sinh * sinh);
    let b = 4.0 * (1.0 + cosh_less_one) * g + 2.0 * slant;
    let c = 4.0 * g * (headroom * inverse) * (root_ratio + level);
    let root = (b * b + 4.0 * a * c).sqrt();
    let w = 2.0 * c / (b + root);
    // Near the money 1 - w, the root of the mirrored quadratic, keeps the digits that w loses.
    let mirrored = a + 4.0 * g * cosh_less_one + 2.0 * slant + g * g;
    let log_w = if w < 0.5 { libm::log(w) } else { libm::log1p(-2.0 * mirrored / (2.0 * a + b + root)) };
    let gamma = -FRAC_PI_2 * log_w;
    let outer = (gamma + distance).sqrt();
    let inner = if gamma > distance { (gamma - distance).sqrt() } else { 0.0 };
    let is_outside = price < inflection_price(excess, part, inverse * inverse);
    let deviation = if is_outside { 2.0 * distance / (outer + inner) } else { outer + inner };
    (deviation > 0.0 && deviation < f64::INFINITY).then_some(deviation)
}

/// Takes from a guess what it is known to miss: 2e-4 are left while `|ln(F/K)|` is under 1.6 deviations, 5e-4 under
/// eight, deviations up to 1.35; beyond, a percent or so.
///
/// What is missed, `deviation / guess - 1`, was fitted here by least squares in `u = (distance / guess)^2` and, nearly
/// a straight line, in `guess^2`.
fn sharpened(guess: f64, distance: f64) -> f64 {
    let middle = distance / guess;
    let (u, square) = (middle * middle, guess * guess);
    let by_distance = u * (0.023_191_7 - u * (0.000_412_64 + u * 0.000_029_863_6));
    let by_deviation = square * (0.001_981_8 - u * (0.001_070_47 - u * 0.000_069_410_6));
    let scale = 1.0 + u * (0.038_979_1 + u * (0.018_440_2 + u * 0.000_221_58));
    guess * (1.0 + (by_distance + by_deviation) / scale)
}

/// Pólya's price at `s^2 = 2 k`; `part = exp((1 - 2/pi) k) - 1`, `inverse = 1 / (1 + excess)`.
fn inflection_price(excess: f64, part: f64, inverse: f64) -> f64 {
    // exp(-2 k / pi), and what it lacks of 1 without cancellation.
    let decay = (1.0 + part) * inverse;
    let lack = (excess - part) * inverse;
    let tail = decay * decay;
    0.5 - 0.5 * (1.0 + excess) * (tail / (1.0 + (lack * (1.0 + decay)).sqrt()))
}

/// `sinh x` and `cosh x - 1` of `growth = exp(x) - 1` and `inverse = exp(-x)`.
fn hyperbolic(growth: f64, inverse: f64) -> (f64, f64) {
    let shrink = growth * inverse;
    (0.5 * (growth + shrink), 0.5 * (growth - shrink))
}
