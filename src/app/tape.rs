//! The snapshots that are loaded: consecutive packs of one dataset, kept from run to run.

use crate::market::MarketSnapshot;
use std::ops::Range;

/// Consecutive packs of one dataset.
///
/// Invariant: `ends[k]` is the count of snapshots up to and with pack `first + k`.
#[derive(Default)]
pub struct Tape {
    dataset: String,
    first: usize,
    ends: Vec<usize>,
    snapshots: Vec<MarketSnapshot>,
}

impl Tape {
    /// Keeps what serves these packs of a dataset and drops the rest.
    pub fn aim(&mut self, dataset: &str, packs: &Range<usize>) {
        let serves = self.dataset == dataset && self.first <= packs.start && packs.start <= self.next();
        if !serves {
            *self = Tape { dataset: dataset.to_owned(), first: packs.start, ..Tape::default() };
        }
    }

    /// True where all of these packs of a dataset are loaded.
    pub fn holds(&self, dataset: &str, packs: &Range<usize>) -> bool {
        self.dataset == dataset && self.first <= packs.start && packs.end <= self.next()
    }

    /// The pack that follows what is loaded.
    pub fn next(&self) -> usize {
        self.first + self.ends.len()
    }

    /// Adds a pack of a dataset, whole; false where it is not the next one.
    pub fn push(&mut self, dataset: &str, pack: usize, snapshots: Vec<MarketSnapshot>) -> bool {
        let is_next = self.dataset == dataset && self.next() == pack;
        if is_next {
            self.snapshots.extend(snapshots);
            self.ends.push(self.snapshots.len());
        }
        is_next
    }

    /// All snapshots from a pack on, in order.
    pub fn from_pack(&self, pack: usize) -> &[MarketSnapshot] {
        let before = pack.saturating_sub(self.first);
        let start = if before == 0 { 0 } else { self.ends.get(before - 1).copied().unwrap_or(self.snapshots.len()) };
        &self.snapshots[start..]
    }
}
