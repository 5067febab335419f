//! A modelled surface: how a level of volatility becomes expiries, strikes, smiles and spreads.
//!
//! A pack of a dataset with a model keeps of each snapshot only its index and a level of volatility; all else follows
//! from the rules here, which stand in the catalog. The same snapshots give the same quotes everywhere.

mod curve;
mod example;
mod grid;
pub mod residuals;
mod strikes;

pub use curve::Curve;
pub use example::ExampleCall;
pub use grid::{GridRule, MonthDay, StrikeStep};
pub use residuals::{RecordedSmile, recorded_smiles};
pub use strikes::Listing;

use super::surface::SPREAD_NODES;
use crate::pricing::{Svi, SviError};
use serde::{Deserialize, Serialize};

/// Least and greatest factor of a request on the level of volatility.
pub const VOL_FACTORS: (f64, f64) = (0.2, 3.0);
/// Most rows by tenor.
const MAX_TENORS: usize = 40;

fn one() -> f64 {
    1.0
}

/// The rules that turn an index and a level of volatility into a chain of options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Multiplies every volatility; 1 = as calibrated. A request's `vol_factor` takes its place.
    #[serde(default = "one")]
    pub vol_factor: f64,
    /// The level that long tenors lean to, a fraction.
    pub anchor: f64,
    /// Which expiries and strikes are listed.
    pub grid: GridRule,
    /// Volatility and smile by tenor, ascending.
    pub tenors: Vec<Tenor>,
    /// Half-spreads by tenor, ascending.
    pub spreads: Vec<SpreadRow>,
}

/// The surface at one tenor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenor {
    /// Days to expiry.
    pub days: f64,
    /// At-the-forward volatility where the level is the anchor, as a share of the level.
    pub factor: f64,
    /// Change of the logarithm of at-the-forward volatility by that of the level, 0 to 2.
    pub elasticity: f64,
    /// The smile in standardised moneyness.
    pub shape: Shape,
}

/// Half-spreads at one tenor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpreadRow {
    /// Days to expiry.
    pub days: f64,
    /// Half-spread at each |delta| of [`SPREAD_NODES`], as a share of forward x volatility x root of years.
    pub half: [f64; 6],
}

/// A smile whose level is 1: raw SVI of `z = ln(K/F) / (sigma sqrt T)` with variance 1 at the forward.
///
/// ```text
/// v(z) = 1 + b (rho (z - m) + sqrt((z - m)^2 + s^2)) - b (sqrt(m^2 + s^2) - rho m)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Mean slope of the wings, at least 0.
    pub b: f64,
    /// Tilt, strictly between -1 and 1.
    pub rho: f64,
    /// Centre in deviations.
    pub m: f64,
    /// Roundness of the vertex in deviations, above 0.
    pub s: f64,
}

impl Shape {
    /// The smile at an at-the-forward volatility, as a function of `y = ln(K/F) / sqrt T`.
    pub fn at(&self, vol: f64) -> Svi {
        let Shape { b, rho, m, s } = *self;
        let a = 1.0 - b * ((m * m + s * s).sqrt() - rho * m);
        Svi { a: vol * vol * a, b: vol * b, rho, m: vol * m, sigma: vol * s }
    }

    /// The shape at a share of the way to another.
    fn toward(&self, other: &Shape, share: f64) -> Shape {
        let mix = |from: f64, to: f64| from + (to - from) * share;
        Shape {
            b: mix(self.b, other.b),
            rho: mix(self.rho, other.rho),
            m: mix(self.m, other.m),
            s: mix(self.s, other.s),
        }
    }

    fn check(&self) -> Result<Svi, SviError> {
        self.at(1.0).checked()
    }
}

/// Why a model is refused: the field, what was found, what would be right.
pub(super) type Fault = (String, String, String);

fn require(holds: bool, at: impl Into<String>, found: impl ToString, expected: &str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err((at.into(), found.to_string(), expected.to_string())) }
}

/// Rows by tenor: at least one, ascending.
fn check_days(field: &str, days: impl ExactSizeIterator<Item = f64>) -> Result<(), Fault> {
    let n = days.len();
    require((1..=MAX_TENORS).contains(&n), field, n, &format!("1 to {MAX_TENORS}"))?;
    let mut before = 0.0;
    for (i, days) in days.enumerate() {
        let is_later = days > before && days <= 36_600.0;
        require(is_later, format!("{field}[{i}].days"), days, "days in ascending order, at most 36600")?;
        before = days;
    }
    Ok(())
}

impl Model {
    /// Refuses the first figure that no surface can be made of.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let is_level = |x: f64| x > 0.0 && x <= 10.0;
        require(is_level(self.vol_factor), "vol_factor", self.vol_factor, "a number above 0, at most 10")?;
        require(is_level(self.anchor), "anchor", self.anchor, "a fraction above 0, at most 10")?;
        self.grid.check()?;
        check_days("tenors", self.tenors.iter().map(|tenor| tenor.days))?;
        for (i, tenor) in self.tenors.iter().enumerate() {
            let at = |field: &str| format!("tenors[{i}].{field}");
            require(is_level(tenor.factor), at("factor"), tenor.factor, "a number above 0, at most 10")?;
            let is_share = (0.0..=2.0).contains(&tenor.elasticity);
            require(is_share, at("elasticity"), tenor.elasticity, "a number from 0 to 2")?;
            tenor.shape.check().map_err(|e| (at("shape"), e.to_string(), "a smile without arbitrage".into()))?;
        }
        check_days("spreads", self.spreads.iter().map(|row| row.days))?;
        for (i, row) in self.spreads.iter().enumerate() {
            for (node, half) in SPREAD_NODES.iter().zip(row.half) {
                let is_spread = (0.0..=10.0).contains(&half);
                require(is_spread, format!("spreads[{i}].half at {node}"), half, "a number from 0 to 10")?;
            }
        }
        Ok(())
    }
}
