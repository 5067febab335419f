//! Implied volatility: the inverse of Black-76 to the last attainable digits.
//!
//! A closed-form guess within a few percent is polished by fourth-order steps on an objective that is
//! nearly straight: the reciprocal of the log price outside the inflection, the log of the distance
//! to the upper bound inside it. Neither can underflow, so prices of 1e-300 invert like any other.
//!
//! Sources: P. Jäckel, "Let's Be Rational", Wilmott (2015), for the objectives;
//! D. Stefanica and R. Radoicic, "An explicit implied volatility formula", IJTAF 20 (2017), for the guess.

use super::OptionKind;
use super::normal::LN_SQRT_2PI;
use super::side::{Side, log_ratio};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Steps at most; two are usual.
const MAX_STEPS: usize = 16;

/// A step of this relative size leaves an error under the last bit, since each has order four.
const LAST_STEP: f64 = 3e-5;

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
            if step.abs() <= LAST_STEP * deviation {
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

/// Deviation within a few percent (12.8 % in the farthest wing), in closed form.
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
    // exp(x) - 1 at x = k/2, (1 - 2/pi) k and (2/pi - 1/2) k, out of one exponential.
    let half = excess / (1.0 + root_ratio);
    let part = libm::expm1((1.0 - FRAC_2_PI) * distance);
    let rest = (half - part) / (1.0 + part);
    let (sinh, cosh_less_one) = hyperbolic(part);
    let slant = 8.0 * hyperbolic(half).0 * hyperbolic(rest).0;
    let level = price / root_ratio;
    let g = 4.0 * level * (level + 2.0 * hyperbolic(half).0);
    let a = 4.0 * (sinh * sinh);
    let b = 4.0 * (1.0 + cosh_less_one) * g + 2.0 * slant;
    let c = 4.0 * g * (headroom / root_ratio) * (root_ratio + level);
    let root = (b * b + 4.0 * a * c).sqrt();
    let w = 2.0 * c / (b + root);
    // Near the money 1 - w, the root of the mirrored quadratic, keeps the digits that w loses.
    let mirrored = a + 4.0 * g * cosh_less_one + 2.0 * slant + g * g;
    let log_w = if w < 0.5 { libm::log(w) } else { libm::log1p(-2.0 * mirrored / (2.0 * a + b + root)) };
    let gamma = -FRAC_PI_2 * log_w;
    let outer = (gamma + distance).sqrt();
    let inner = if gamma > distance { (gamma - distance).sqrt() } else { 0.0 };
    let is_outside = price < inflection_price(excess, part);
    let deviation = if is_outside { 2.0 * distance / (outer + inner) } else { outer + inner };
    (deviation > 0.0 && deviation < f64::INFINITY).then_some(deviation)
}

/// Pólya's price at `s^2 = 2 k`; `part = exp((1 - 2/pi) k) - 1`.
fn inflection_price(excess: f64, part: f64) -> f64 {
    // exp(-2 k / pi), and what it lacks of 1 without cancellation.
    let decay = (1.0 + part) / (1.0 + excess);
    let lack = (excess - part) / (1.0 + excess);
    let tail = decay * decay;
    0.5 - 0.5 * (1.0 + excess) * (tail / (1.0 + (lack * (1.0 + decay)).sqrt()))
}

/// `sinh x` and `cosh x - 1` of `growth = exp(x) - 1`.
fn hyperbolic(growth: f64) -> (f64, f64) {
    let shrink = growth / (1.0 + growth);
    (0.5 * (growth + shrink), 0.5 * (growth - shrink))
}
