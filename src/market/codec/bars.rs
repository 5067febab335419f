//! The index of a pack without its surfaces: for scans over years of any kind of dataset.

use super::PackError;
use super::wire::read;
use crate::market::catalog::Dataset;
use crate::market::snapshot::SnapshotError;
use crate::market::windows::Bar;
use crate::units::Timestamp;
use serde::Deserialize;

/// What every kind of pack has; the rest of a snapshot is passed over.
#[derive(Deserialize)]
struct WireBar {
    t: i64,
    index: f64,
    #[serde(default)]
    high: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
}

/// Reads index, highest and lowest index of each snapshot; where a pack has no high or low, the index stands in.
///
/// # Errors
/// The file is no pack of this dataset, its times do not ascend, or a price is not positive.
pub fn read_bars(bytes: &[u8], dataset: &Dataset, path: &str) -> Result<Vec<Bar>, PackError> {
    let wire: Vec<WireBar> = read(bytes, dataset, path)?;
    let mut bars: Vec<Bar> = Vec::with_capacity(wire.len());
    for WireBar { t, index, high, low } in wire {
        let time = Timestamp(t);
        let bar = Bar { time, close: index, high: high.unwrap_or(index), low: low.unwrap_or(index) };
        let refuse = |at: &str, found: f64, expected: &str| {
            let source = SnapshotError { at: at.into(), found: found.to_string(), expected: expected.into() };
            Err(PackError::Snapshot { path: path.to_string(), time, source })
        };
        for (at, price) in [("index", bar.close), ("high", bar.high), ("low", bar.low)] {
            if !(price > 0.0 && price < f64::INFINITY) {
                return refuse(at, price, "a positive number");
            }
        }
        if bars.last().is_some_and(|before| before.time >= time) {
            return refuse("t", t as f64, "snapshots in ascending order");
        }
        bars.push(bar);
    }
    Ok(bars)
}
