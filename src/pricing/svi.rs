//! The raw SVI smile of one expiry and its no-butterfly condition.
//!
//! Source: J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces",
//! Quantitative Finance 14 (2014).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Raw SVI: total implied variance as a function of log-moneyness `k = ln(K/F)`.
///
/// ```text
/// w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Svi {
    /// Level of variance, any sign.
    pub a: f64,
    /// Mean slope of the wings, at least 0.
    pub b: f64,
    /// Tilt, strictly between -1 and 1.
    pub rho: f64,
    /// Log-moneyness the smile is centred on.
    pub m: f64,
    /// Roundness of the vertex, above 0.
    pub sigma: f64,
}

/// Why five numbers are no SVI smile.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum SviError {
    /// A parameter is NaN or infinite.
    #[error("svi parameters must be finite")]
    NotFinite,
    /// The wings would open downwards.
    #[error("svi b: {0} is negative")]
    NegativeSlope(f64),
    /// The tilt leaves a wing falling.
    #[error("svi rho: {0} is not between -1 and 1")]
    Tilt(f64),
    /// The vertex would be a kink.
    #[error("svi sigma: {0} is not positive")]
    Roundness(f64),
    /// Variance would be negative at the vertex.
    #[error("svi least total variance: {0} is negative")]
    NegativeVariance(f64),
    /// A wing is steeper than Lee's moment bound of 2.
    #[error("svi wing slope b (1 + |rho|): {0} is above 2")]
    SteepWing(f64),
}

impl Svi {
    /// The smile itself where its parameters are in their domain: `b >= 0`, `|rho| < 1`, `sigma > 0`,
    /// least variance at least 0 and wings no steeper than 2 (R. Lee, Mathematical Finance 14, 2004).
    pub fn checked(self) -> Result<Self, SviError> {
        let Self { a, b, rho, m, sigma } = self;
        if ![a, b, rho, m, sigma].into_iter().all(f64::is_finite) {
            return Err(SviError::NotFinite);
        }
        let (least, steepest) = (self.least_variance(), b * (1.0 + rho.abs()));
        match () {
            () if b < 0.0 => Err(SviError::NegativeSlope(b)),
            () if rho.abs() >= 1.0 => Err(SviError::Tilt(rho)),
            () if sigma <= 0.0 => Err(SviError::Roundness(sigma)),
            () if least < 0.0 => Err(SviError::NegativeVariance(least)),
            () if steepest > 2.0 => Err(SviError::SteepWing(steepest)),
            () => Ok(self),
        }
    }

    /// Least total variance of the smile: `a + b sigma sqrt(1 - rho^2)`.
    pub fn least_variance(&self) -> f64 {
        self.a + self.b * self.sigma * (1.0 - self.rho * self.rho).sqrt()
    }

    /// Total variance `sigma_BS^2 T` at log-moneyness `k`.
    pub fn total_variance(&self, k: f64) -> f64 {
        let (x, radius) = self.arm(k);
        self.a + self.b * (self.rho * x + radius)
    }

    /// Slope of total variance at `k`: `b (rho + x / sqrt(x^2 + sigma^2))`, `x = k - m`.
    pub fn slope(&self, k: f64) -> f64 {
        let (x, radius) = self.arm(k);
        self.b * (self.rho + x / radius)
    }

    /// Curvature of total variance at `k`: `b sigma^2 / (x^2 + sigma^2)^(3/2)`.
    pub fn curvature(&self, k: f64) -> f64 {
        let (_, radius) = self.arm(k);
        self.b * (self.sigma * self.sigma) / (radius * radius * radius)
    }

    /// Implied volatility at `k`, a fraction per root year; `None` where variance or `years` is not positive.
    pub fn vol(&self, k: f64, years: f64) -> Option<f64> {
        let variance = self.total_variance(k) / years;
        (years > 0.0 && variance > 0.0).then(|| variance.sqrt())
    }

    /// Gradient of total variance at `k` by `[a, b, rho, m, sigma]`, for fitting.
    pub fn gradient(&self, k: f64) -> [f64; 5] {
        let (x, radius) = self.arm(k);
        [1.0, self.rho * x + radius, self.b * x, -self.slope(k), self.b * self.sigma / radius]
    }

    /// Durrleman's function: the implied density at `k` is not negative where it is not.
    ///
    /// `None` where total variance is not positive.
    ///
    /// ```text
    /// g(k) = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1/4) + w'' / 2
    /// ```
    pub fn durrleman(&self, k: f64) -> Option<f64> {
        let (w, slope) = (self.total_variance(k), self.slope(k));
        let drift = 1.0 - k * slope / (2.0 * w);
        let convexity = 0.5 * self.curvature(k);
        (w > 0.0).then(|| drift * drift - 0.25 * (slope * slope) * (1.0 / w + 0.25) + convexity)
    }

    /// Whether no butterfly in `from..=to` has a negative price, tested at `points` even steps.
    pub fn is_butterfly_free(&self, from: f64, to: f64, points: u32) -> bool {
        let last = if points > 1 { f64::from(points - 1) } else { 1.0 };
        (0..points)
            .map(|point| from + (to - from) * (f64::from(point) / last))
            .all(|k| self.durrleman(k).is_some_and(|density| density >= 0.0))
    }

    /// Distance from the centre and its hyperbolic radius.
    fn arm(&self, k: f64) -> (f64, f64) {
        let x = k - self.m;
        (x, (x * x + self.sigma * self.sigma).sqrt())
    }
}
