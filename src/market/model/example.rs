//! One option of a model, for showing what a factor on the volatility does to a premium.

use super::Model;
use crate::pricing::{Expiry, OptionKind};
use crate::units::DAY_MS;

/// An option at its model's volatility.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExampleCall {
    /// Strike as a share of the forward.
    pub strike: f64,
    /// Volatility, a fraction.
    pub vol: f64,
    /// Undiscounted price as a share of the forward.
    pub premium: f64,
}

/// Strikes as shares of the forward between which a delta is looked for.
const STRIKES: (f64, f64) = (1.0, 20.0);

impl Model {
    /// The call of a delta (0 to 0.5) `days` before its expiry; `None` where the model has no smile there.
    pub fn call_of_delta(&self, level: f64, days: f64, delta: f64) -> Option<ExampleCall> {
        let smile = self.curve(level).fit((days * DAY_MS as f64) as i64, 1, 1.0).smile().ok()?;
        let years = days / 365.0;
        let expiry = Expiry::new(1.0, years);
        let vol = |strike: f64| smile.vol(libm::log(strike) / years.sqrt());
        let (mut low, mut high) = STRIKES;
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            let is_above = expiry.greeks(OptionKind::Call, middle, vol(middle)).delta > delta;
            if is_above { low = middle } else { high = middle }
        }
        let (strike, vol) = (low, vol(low));
        Some(ExampleCall { strike, vol, premium: expiry.price(OptionKind::Call, strike, vol) })
    }
}
