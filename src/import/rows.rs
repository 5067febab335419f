//! What takes rows as they are read, and what makes snapshots of them.

use super::{ImportError, Report};
use crate::market::RawSnapshot;
use crate::market::catalog::Dataset;
use crate::units::Timestamp;

/// What takes rows as they are read.
pub trait Rows<T> {
    /// Takes a row.
    ///
    /// # Errors
    /// It cannot be taken, and reading ends.
    fn take(&mut self, row: T, report: &mut Report) -> Result<(), ImportError>;
}

/// Rows of a format that are gathered until their snapshot is whole.
pub trait Gathering: Rows<<Self as Gathering>::Row> {
    /// A row.
    type Row;
    /// Rows this near the first of a snapshot belong to it, milliseconds.
    const SPAN_MS: i64 = 0;

    /// When a row was quoted; `None` of one that belongs to no snapshot.
    fn time(row: &Self::Row) -> Option<Timestamp>;

    /// Options of a row.
    fn options(_row: &Self::Row) -> u64 {
        1
    }

    /// The snapshots by time of all rows since the last call; every figure that was derived or changed is counted.
    fn snapshots(&mut self, report: &mut Report) -> Vec<RawSnapshot>;

    /// Adds to the header what only all rows together say, once the last snapshot is made.
    fn complete(&mut self, _header: &mut Dataset, _report: &mut Report) {}
}
