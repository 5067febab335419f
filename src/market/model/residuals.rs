//! How far a model's volatilities are from recorded ones, or from a fit to them.

use super::Model;
use crate::market::MarketSnapshot;
use crate::market::cells::Cells;
use crate::units::DAY_MS;

/// Upper bounds of the columns: minus the call's delta, so that deep puts come first.
pub const CALL_DELTAS: [f64; 6] = [-0.90, -0.65, -0.45, -0.35, -0.20, -0.10];

/// The recorded smile of one expiry at one instant, out of the money.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedSmile {
    /// Milliseconds to the expiry.
    ms: i64,
    /// The model's level of volatility at that instant.
    level: f64,
    points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    /// `ln(K/F) / sqrt T`.
    y: f64,
    /// Recorded mark volatility.
    iv: f64,
    /// Delta of the call of this strike.
    call_delta: f64,
}

/// The recorded smiles of a snapshot at a level of the model; options without a volatility are left out.
pub fn recorded_smiles(snapshot: &MarketSnapshot, level: f64) -> impl Iterator<Item = RecordedSmile> + '_ {
    snapshot.chains.iter().map(move |chain| {
        let root = chain.expiry.years_since(snapshot.time).sqrt();
        let point = |(row, strike): (usize, &f64)| {
            let columns = if *strike >= chain.forward.0 { &chain.call } else { &chain.put };
            let (iv, call_delta) = columns.iv(row).zip(chain.call.delta(row))?;
            Some(Point { y: libm::log(strike / chain.forward.0) / root, iv, call_delta })
        };
        let points = chain.strikes.iter().enumerate().filter_map(point).collect();
        RecordedSmile { ms: chain.expiry.ms_since(snapshot.time), level, points }
    })
}

impl Model {
    /// Model minus recorded volatility in points, by days to expiry and delta of the call.
    ///
    /// An expiry at which the model has no smile is passed over.
    pub fn residuals<'a>(&self, recorded: impl IntoIterator<Item = &'a RecordedSmile>) -> Cells {
        let mut cells = Cells::new(&CALL_DELTAS);
        for RecordedSmile { ms, level, points } in recorded {
            let Ok(smile) = self.curve(*level).fit(*ms, 1, 1.0).smile() else { continue };
            let days = *ms as f64 / DAY_MS as f64;
            for Point { y, iv, call_delta } in points {
                cells.add(days, -call_delta, 100.0 * (smile.vol(*y) - iv));
            }
        }
        cells
    }
}
