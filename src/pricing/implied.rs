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

/// Steps at most; two are usual.
const MAX_STEPS: usize = 12;

/// A step of this relative size leaves an error under the last bit, since each has order four.
const LAST_STEP: f64 = 3e-5;

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
    /// Logarithm of what the price lacks of its upper bound.
    log_headroom: f64,
    /// The guess.
    start: f64,
}

impl Target {
    fn new(forward: f64, strike: f64, time_value: f64, headroom: f64) -> Self {
        let (low, high) = if forward <= strike { (forward, strike) } else { (strike, forward) };
        let distance = log_ratio(low, high);
        let log_price = log_share(time_value, low);
        let start = guess(low, high, distance, time_value).unwrap_or_else(|| distance / (-2.0 * log_price).sqrt());
        Self { distance, log_price, log_headroom: log_share(headroom, low), start }
    }

    /// The deviation `sigma sqrt T` that gives the price.
    fn deviation(&self) -> f64 {
        let mut deviation = self.start;
        for _ in 0..MAX_STEPS {
            let step = self.step(deviation);
            let next = deviation + step;
            let next = if next > 0.5 * deviation { next } else { 0.5 * deviation };
            if !next.is_finite() || step.abs() <= LAST_STEP * deviation {
                return if next.is_finite() { next } else { deviation };
            }
            deviation = next;
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
        let middle = self.distance / deviation;
        let side = Side::new(middle, 0.5 * deviation);
        let log_value = libm::log(side.spread) - 0.5 * (side.near * side.near) - LN_SQRT_2PI;
        let p = side.near * side.far / deviation;
        let dp = -3.0 * (middle / deviation) * (middle / deviation) - 0.25;
        let q = 1.0 / side.spread;
        if side.is_inside {
            let second = p + q;
            let third = second * second + dp + q * second;
            householder((log_value - self.log_headroom) / q, second, third)
        } else {
            let second = p - q;
            let third = second * second + dp - q * second;
            let ratio = q / log_value;
            let newton = (self.log_price - log_value) * log_value / (q * self.log_price);
            let curved = second - 2.0 * ratio;
            householder(newton, curved, third - 6.0 * ratio * (second - ratio))
        }
    }
}

/// Householder's step from Newton's, with the ratios `g''/g'` and `g'''/g'`.
fn householder(newton: f64, second: f64, third: f64) -> f64 {
    let numerator = 1.0 + 0.5 * second * newton;
    let denominator = 1.0 + newton * (second + third * newton / 6.0);
    let factor = numerator / denominator;
    if factor > 0.0 { newton * factor } else { newton }
}

/// `ln(part / whole)`, also where the quotient would underflow.
fn log_share(part: f64, whole: f64) -> f64 {
    let share = part / whole;
    if share > f64::MIN_POSITIVE { libm::log(share) } else { libm::log(part) - libm::log(whole) }
}

/// Deviation within a few percent (12.8 % in the farthest wing), in closed form.
///
/// Replaces the normal distribution by Pólya's `1/2 + 1/2 sqrt(1 - exp(-2 x^2 / pi))`, for which the
/// price is a quadratic in `w`. The paper's terms are rewritten so that nothing cancels near the
/// money. `None` where the arithmetic leaves the range of numbers.
///
/// ```text
/// A w^2 + B w - C = 0, gamma = -pi/2 ln w
/// s = sqrt(gamma + k) -+ sqrt(gamma - k)      minus under the price at s^2 = 2 k
/// ```
fn guess(low: f64, high: f64, distance: f64, time_value: f64) -> Option<f64> {
    let mean = low.sqrt() * high.sqrt();
    let price = time_value / mean;
    let sinh_half = 0.5 * (high - low) / mean;
    let (sinh, cosh) = sinh_cosh((1.0 - TWO_OVER_PI) * distance);
    let (skew, _) = sinh_cosh((TWO_OVER_PI - 0.5) * distance);
    let g = 4.0 * price * (price + 2.0 * sinh_half);
    let a = 4.0 * (sinh * sinh);
    let b = 4.0 * cosh * g + 16.0 * sinh_half * skew;
    let c = g * (4.0 - g);
    let root = (b * b + 4.0 * a * c).sqrt();
    let w = 2.0 * c / (b + root);
    // 1 - w solves the mirrored quadratic; near the money only it keeps its digits.
    let mirrored = a + 4.0 * g * (sinh * sinh / (1.0 + cosh)) + 16.0 * sinh_half * skew + g * g;
    let log_w = if w < 0.5 { libm::log(w) } else { libm::log1p(-2.0 * mirrored / (2.0 * a + b + root)) };
    let gamma = -log_w / TWO_OVER_PI;
    let outer = (gamma + distance).sqrt();
    let inner = if gamma > distance { (gamma - distance).sqrt() } else { 0.0 };
    let deviation = if price < inflection_price(low, high, distance, mean) {
        2.0 * distance / (outer + inner)
    } else {
        outer + inner
    };
    (deviation > 0.0 && deviation < f64::INFINITY).then_some(deviation)
}

/// Pólya's price at `s^2 = 2 k`, in units of the geometric mean.
fn inflection_price(low: f64, high: f64, distance: f64, mean: f64) -> f64 {
    let tail = libm::exp(-2.0 * TWO_OVER_PI * distance);
    0.5 * low / mean - 0.5 * (high / mean) * (tail / (1.0 + (1.0 - tail).sqrt()))
}

/// `2 / pi`.
const TWO_OVER_PI: f64 = std::f64::consts::FRAC_2_PI;

/// Hyperbolic sine and cosine, precise near 0.
fn sinh_cosh(x: f64) -> (f64, f64) {
    let growth = libm::expm1(x);
    let shrink = growth / (1.0 + growth);
    (0.5 * (growth + shrink), 1.0 + 0.5 * (growth - shrink))
}
