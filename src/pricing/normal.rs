//! The standard normal distribution, built on one rational function: the Mills ratio.
//!
//! With the ratio `R(x) = N(-x) / n(x)` a Black price needs a single exponential for both of its
//! probabilities, keeps full relative precision in the wings, and its logarithm cannot underflow.

/// `1 / sqrt(2 pi)`, the height of the normal density at 0.
const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// `ln sqrt(2 pi)`.
pub(super) const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

/// Beyond this `1/x` is the Mills ratio to the last bit, and the powers below stay finite.
const MILLS_TAIL: f64 = 1e10;

// Type (10, 11) in x, fitted here in 80-digit arithmetic by interpolation at the Chebyshev nodes of
// t = (x - 3.8) / (x + 3.8); the constant is the neighbour with N(0) = 1/2 exactly; its own relative error over [0, inf) is 2.1e-17. All coefficients are
// positive, so the sums cancel nothing.
#[rustfmt::skip]
const MILLS_NUMERATOR: [[f64; 4]; 3] = [
    [1.253_314_137_315_500_1, 2.148_251_288_828_330_7, 1.819_087_619_664_433_7, 9.860_993_268_861_152e-1],
    [3.758_889_908_739_138e-1, 1.048_856_377_607_750_7e-1, 2.168_205_550_899_366e-2, 3.285_384_653_182_111e-3],
    [3.509_052_628_599_392e-4, 2.406_147_684_838_128_2e-5, 8.167_186_438_585_948e-7, 0.0],
];
#[rustfmt::skip]
const MILLS_DENOMINATOR: [[f64; 4]; 3] = [
    [1.0, 2.511_941_096_883_848_3, 2.955_660_945_327_694_7, 2.155_060_635_411_634_6],
    [1.084_654_831_265_659, 3.968_774_023_551_256_4e-1, 1.081_228_994_760_115_4e-1, 2.203_132_733_432_884_2e-2],
    [3.309_446_130_032_623e-3, 3.517_219_815_037_88e-4, 2.406_147_684_838_130_3e-5, 8.167_186_438_585_948e-7],
];

/// Mills ratio of the standard normal distribution for `x >= 0`, to about 1e-15 relative.
///
/// ```text
/// R(x) = N(-x) / n(x)
/// ```
///
/// Source: J. P. Mills, "Table of the ratio: area to bounding ordinate", Biometrika 18 (1926).
#[inline]
pub fn mills(x: f64) -> f64 {
    if x > MILLS_TAIL {
        return 1.0 / x;
    }
    polynomial(&MILLS_NUMERATOR, x) / polynomial(&MILLS_DENOMINATOR, x)
}

/// Density of the standard normal distribution.
///
/// ```text
/// n(x) = exp(-x^2 / 2) / sqrt(2 pi)
/// ```
#[inline]
pub fn pdf(x: f64) -> f64 {
    INV_SQRT_2PI * libm::exp(-0.5 * (x * x))
}

/// Probability that a standard normal variable is at most `x`, precise in both tails.
///
/// ```text
/// N(x) = n(x) R(-x) for x <= 0, 1 - n(x) R(x) for x > 0
/// ```
pub fn cdf(x: f64) -> f64 {
    let tail = pdf(x) * mills(x.abs());
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Orders `i` of the series below, and `1 / (i (i + 1))`, by which its factorials grow.
const SERIES: [(f64, f64); 5] =
    [(2.0, 1.0 / 6.0), (4.0, 1.0 / 20.0), (6.0, 1.0 / 42.0), (8.0, 1.0 / 72.0), (10.0, 1.0 / 110.0)];

/// Fall of the Mills ratio over `[middle - half, middle + half]`, for `half (1 + middle) < 0.1`.
///
/// The plain difference would cancel; the series in the moments of the ratio does not.
///
/// ```text
/// R(m - t) - R(m + t) = 2 (M1 t + M3 t^3/3! + M5 t^5/5! + ...)
/// M0 = R(m), M1 = 1 - m M0, M(i+1) = i M(i-1) - m M(i)
/// ```
pub(super) fn mills_fall(middle: f64, half: f64) -> f64 {
    let square = half * half;
    let mut even = mills(middle);
    let mut odd = 1.0 - middle * even;
    let mut power = half;
    let mut sum = odd * power;
    for (order, growth) in SERIES {
        even = (order - 1.0) * even - middle * odd;
        odd = order * odd - middle * even;
        power *= growth * square;
        sum += odd * power;
    }
    2.0 * sum
}

/// Polynomial with coefficients from the constant up: Horner's rule on every fourth of them, side by
/// side, so that one sum seldom waits for another.
#[inline]
fn polynomial(coefficients: &[[f64; 4]; 3], x: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    let [low, middle, high] = coefficients;
    let part = |i: usize| (high[i] * fourth + middle[i]) * fourth + low[i];
    (part(0) + x * part(1)) + square * (part(2) + x * part(3))
}
