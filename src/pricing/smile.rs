//! A smile of nine numbers: SVI in scaled log-moneyness and four corrections near the money.

use super::svi::{Svi, SviError};

/// Where the corrections are centred, in standard deviations `z = ln(K/F) / (sigma_0 sqrt T)`.
pub const CORRECTION_CENTRES: [f64; 4] = [-1.5, -0.5, 0.5, 1.5];

/// Scale of a correction in standard deviations; it is 0 beyond twice this from its centre.
pub const CORRECTION_WIDTH: f64 = 1.0;

/// The smile of one expiry, nine numbers.
///
/// ```text
/// y = ln(K/F) / sqrt T
/// sigma(y) = sqrt(v(y)) + sum of c_i B(y / sigma_0 - z_i), sigma_0 = sqrt(v(0))
/// v(y) = a + b (rho (y - m) + sqrt((y - m)^2 + s^2))
/// ```
///
/// `v` is raw SVI (Gatheral and Jacquier 2014) as variance per year, which keeps its parameters of one
/// size at every tenor; `B` is the cubic B-spline of height 1 that ends at +-2, so that slope and
/// curvature stay continuous and the wings are those of SVI.
///
/// Invariant: `svi` is in its domain and `v(0)` is above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smile {
    svi: Svi,
    corrections: [f64; 4],
    /// `1 / (sigma_0 CORRECTION_WIDTH)`.
    per_width: f64,
}

/// A volatility with its first and second derivative by `y`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmilePoint {
    /// Volatility, a fraction per root year.
    pub vol: f64,
    /// Its slope by `y`.
    pub slope: f64,
    /// Its curvature by `y`.
    pub curvature: f64,
}

impl Smile {
    /// The smile of SVI parameters in `y` and corrections in volatility (0.01 = one point).
    pub fn new(svi: Svi, corrections: [f64; 4]) -> Result<Smile, SviError> {
        let Svi { a, b, rho, m, sigma } = svi;
        let is_finite = [a, b, rho, m, sigma].iter().chain(&corrections).all(|x| x.is_finite());
        let (least, centre) = (svi.least_variance(), svi.total_variance(0.0));
        match () {
            () if !is_finite => return Err(SviError::NotFinite),
            () if b < 0.0 => return Err(SviError::NegativeSlope(b)),
            () if rho.abs() >= 1.0 => return Err(SviError::Tilt(rho)),
            () if sigma <= 0.0 => return Err(SviError::Roundness(sigma)),
            () if least < 0.0 => return Err(SviError::NegativeVariance(least)),
            () if centre <= 0.0 => return Err(SviError::NegativeVariance(centre)),
            () => {}
        }
        Ok(Smile { svi, corrections, per_width: 1.0 / (centre.sqrt() * CORRECTION_WIDTH) })
    }

    /// Volatility at `y = ln(K/F) / sqrt T`, a fraction; not positive or NaN where the smile has none.
    pub fn vol(&self, y: f64) -> f64 {
        let weights = self.weights(y);
        let mut vol = self.svi.total_variance(y).sqrt();
        for (correction, weight) in self.corrections.iter().zip(weights) {
            vol += correction * weight;
        }
        vol
    }

    /// Height of each correction at `y`, for fitting them.
    pub fn weights(&self, y: f64) -> [f64; 4] {
        let z = y * self.per_width;
        CORRECTION_CENTRES.map(|centre| bump(z - centre / CORRECTION_WIDTH)[0])
    }

    /// Volatility with its derivatives at `y`.
    pub fn point(&self, y: f64) -> SmilePoint {
        let vol = self.svi.total_variance(y).sqrt();
        let slope = self.svi.slope(y) / (2.0 * vol);
        let curvature = (0.5 * self.svi.curvature(y) - slope * slope) / vol;
        let mut point = SmilePoint { vol, slope, curvature };
        for (correction, centre) in self.corrections.iter().zip(CORRECTION_CENTRES) {
            let [height, first, second] = bump(y * self.per_width - centre / CORRECTION_WIDTH);
            point.vol += correction * height;
            point.slope += correction * first * self.per_width;
            point.curvature += correction * second * (self.per_width * self.per_width);
        }
        point
    }

    /// Durrleman's function at `y`: not negative where the implied density is not.
    ///
    /// The usual form in total variance `w(k)`, rewritten for `sigma(y)`:
    ///
    /// ```text
    /// g = (1 - y sigma' / sigma)^2 - sigma^2 sigma'^2 T / 4 + sigma sigma''
    /// ```
    pub fn durrleman(&self, y: f64, years: f64) -> f64 {
        let SmilePoint { vol, slope, curvature } = self.point(y);
        let drift = 1.0 - y * slope / vol;
        let turn = vol * slope;
        drift * drift - 0.25 * (turn * turn) * years + vol * curvature
    }

    /// Whether volatility is positive and no butterfly has a negative price at `points` even steps of `from..=to`.
    pub fn is_butterfly_free(&self, from: f64, to: f64, years: f64, points: u32) -> bool {
        let last = if points > 1 { f64::from(points - 1) } else { 1.0 };
        (0..points).map(|point| from + (to - from) * (f64::from(point) / last)).all(|y| {
            let vol = self.vol(y);
            vol > 0.0 && self.durrleman(y, years) >= 0.0
        })
    }
}

/// The cubic B-spline on -2..2 scaled to height 1, with its first and second derivative.
pub fn bump(u: f64) -> [f64; 3] {
    let (x, sign) = if u < 0.0 { (-u, -1.0) } else { (u, 1.0) };
    if x < 1.0 {
        [1.0 - 1.5 * (x * x) + 0.75 * (x * x * x), sign * (2.25 * (x * x) - 3.0 * x), 4.5 * x - 3.0]
    } else if x < 2.0 {
        let rest = 2.0 - x;
        [0.25 * (rest * rest * rest), sign * (-0.75 * (rest * rest)), 1.5 * rest]
    } else {
        [0.0; 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smile() -> Smile {
        let svi = Svi { a: 0.05, b: 0.3, rho: -0.2, m: 0.05, sigma: 0.4 };
        Smile::new(svi, [0.004, -0.003, 0.002, 0.001]).expect("in its domain")
    }

    #[test]
    fn derivatives_agree_with_differences() {
        let (smile, h) = (smile(), 1e-4);
        for step in -30..=30 {
            let y = f64::from(step) * 0.07 + 0.003;
            let point = smile.point(y);
            let (up, down) = (smile.vol(y + h), smile.vol(y - h));
            assert!((point.vol - smile.vol(y)).abs() < 1e-14);
            assert!((point.slope - (up - down) / (2.0 * h)).abs() < 1e-6, "slope at {y}");
            assert!((point.curvature - (up - 2.0 * point.vol + down) / (h * h)).abs() < 1e-3, "curvature at {y}");
        }
    }

    #[test]
    fn without_corrections_it_is_svi_in_total_variance() {
        let (years, root) = (0.04, 0.2);
        let yearly = Svi { a: 0.05, b: 0.3, rho: -0.2, m: 0.05, sigma: 0.4 };
        let total = Svi { a: 0.05 * years, b: 0.3 * root, rho: -0.2, m: 0.05 * root, sigma: 0.4 * root };
        let smile = Smile::new(yearly, [0.0; 4]).expect("in its domain");
        for k in [-0.3, -0.1, 0.0, 0.05, 0.2] {
            let vol = total.vol(k, years).expect("positive");
            assert!((smile.vol(k / root) - vol).abs() < 1e-14);
            let density = total.durrleman(k).expect("positive");
            assert!((smile.durrleman(k / root, years) - density).abs() < 1e-12, "at {k}");
        }
    }
}
