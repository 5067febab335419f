//! The out-of-the-money side of a strike, which Black's price and its inverse have in common.

use super::normal::{mills, mills_fall};

/// Below this the plain difference of two Mills ratios would cancel, and the series replaces it.
const SERIES_LIMIT: f64 = 0.1;

/// The out-of-the-money option of a strike, in units of the lower of forward and strike.
///
/// Call and put trade places with forward and strike, so one formula serves both:
///
/// ```text
/// near = |ln(F/K)| / s - s/2, far = near + s, s = sigma sqrt T
/// price = n(near) (R(near) - R(far))          outside: where it is small
/// 1 - price = n(near) (R(-near) + R(far))     inside: near < 0
/// ```
///
/// After P. Jäckel, "Let's Be Rational", Wilmott (2015), who normalises by the geometric mean.
pub(super) struct Side {
    /// `-d1` of the call above the forward, `d2` of the put below it.
    pub near: f64,
    /// `-d2` of the call above the forward, `d1` of the put below it.
    pub far: f64,
    /// Mills ratio of `|near|`.
    pub near_mills: f64,
    /// Mills ratio of `far`.
    pub far_mills: f64,
    /// Price over `n(near)`, or where `is_inside` its complement to 1 over `n(near)`.
    pub spread: f64,
    /// Whether `spread` is the complement's.
    pub is_inside: bool,
}

impl Side {
    /// The side at `middle = |ln(F/K)| / s >= 0` and `half = s / 2 > 0`.
    #[inline]
    pub fn new(middle: f64, half: f64) -> Self {
        let (near, far) = (middle - half, middle + half);
        let (near_mills, far_mills) = (mills(near.abs()), mills(far));
        let is_close = half * (1.0 + middle) < SERIES_LIMIT;
        let is_inside = near < 0.0 && !is_close;
        let spread = if is_close {
            mills_fall(middle, half)
        } else if is_inside {
            near_mills + far_mills
        } else {
            near_mills - far_mills
        };
        // In the far wing, where the density is 0, rounding may turn the difference around.
        let spread = if spread > 0.0 { spread } else { 0.0 };
        Self { near, far, near_mills, far_mills, spread, is_inside }
    }
}

/// `ln(high / low)` for `high >= low > 0`, with full relative precision near 0.
#[inline]
pub(super) fn log_ratio(low: f64, high: f64) -> f64 {
    let excess = high - low;
    if excess < 0.5 * low { libm::log1p(excess / low) } else { libm::log(high / low) }
}
