//! What is in a dataset, counted as the engine would read it, and what is wrong with it.
//!
//! Butterfly and calendar counts on marks are information: real venues break them by ticks every day.

use super::bounds::Bounds;
use super::folder::count_gaps;
use crate::market::catalog::{DataKind, Dataset};
use crate::market::cells::quantile;
use crate::market::observed::{Observed, Sides};
use crate::market::{MarketSnapshot, PackSource};
use crate::units::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Share of options outside the no-arbitrage bounds above which a dataset is at fault.
const GROSS_SHARE: f64 = 0.01;

/// What is in a dataset.
#[derive(Default, Serialize)]
pub struct Counts {
    /// The dataset.
    pub id: String,
    /// Files.
    pub packs: usize,
    /// Bytes of the files.
    pub bytes: u64,
    /// Snapshots.
    pub snapshots: usize,
    /// Expiries of all snapshots.
    pub expiries: u64,
    /// Options of all snapshots.
    pub options: u64,
    /// Options by the sides that they have.
    #[serde(flatten)]
    pub sides: Sides,
    /// Median of (ask - bid) / mid by the bounds of |delta|, a fraction; `null` where no option is.
    pub relative_spread: Vec<Option<f64>>,
    /// Options without a volatility.
    pub without_iv: u64,
    /// Intervals of session time above 1.5 times the cadence.
    pub gaps: u32,
    /// The longest interval, hours of session time.
    pub longest_gap_hours: f64,
    /// Expiries within the span without a delivery price.
    pub delivery_missing: u64,
    /// Snapshots without a 30-day volatility at the forward.
    pub without_atm_iv_30: u64,
    /// No-arbitrage counts.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// What is wrong, one sentence each.
    pub faults: Vec<String>,
    #[serde(skip)]
    observed: Observed,
    #[serde(skip)]
    expiry_times: BTreeSet<Timestamp>,
}

/// Reads every pack of a dataset; `step` is called after each.
pub fn check(source: &impl PackSource, dataset: &Dataset, mut step: impl FnMut()) -> Counts {
    let mut counts = Counts { id: dataset.id.clone(), packs: dataset.packs.len(), ..Counts::default() };
    for entry in &dataset.packs {
        counts.bytes += entry.bytes;
        match source.pack(dataset, entry) {
            Ok(snapshots) => snapshots.iter().for_each(|snapshot| counts.observe(snapshot, dataset)),
            Err(e) => counts.faults.push(e.to_string()),
        }
        step();
    }
    counts.conclude(dataset);
    counts
}

impl Counts {
    fn observe(&mut self, snapshot: &MarketSnapshot, dataset: &Dataset) {
        self.snapshots += 1;
        self.expiries += snapshot.chains.len() as u64;
        self.without_atm_iv_30 += u64::from(snapshot.levels.atm_iv_30.is_none());
        for chain in &snapshot.chains {
            self.expiry_times.insert(chain.expiry);
            for columns in [&chain.call, &chain.put] {
                let has_none = |i: &usize| columns.iv(*i).is_none();
                self.without_iv += (0..chain.strikes.len()).filter(has_none).count() as u64;
            }
        }
        self.observed.add(snapshot);
        self.bounds.observe(snapshot, dataset);
    }

    /// Compares the header with the packs, and adds what only the whole shows.
    fn conclude(&mut self, dataset: &Dataset) {
        (self.sides, self.options) = (self.observed.sides(), self.observed.sides().options());
        let Observed { times, spreads, .. } = std::mem::take(&mut self.observed);
        self.gaps = count_gaps(dataset, &times);
        let (_, columns) = spreads.size();
        let rounded = |share: f64| (1e4 * share).round() / 1e4;
        self.relative_spread = (0..columns).map(|column| quantile(spreads.column(column), 0.5).map(rounded)).collect();
        let open_ms = |w: &[Timestamp]| dataset.calendar.open_ms(w[0], w[1]);
        let longest = times.windows(2).map(open_ms).max().unwrap_or(0);
        self.longest_gap_hours = (longest as f64 / 36_000.0).round() / 100.0;
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return };
        // A modelled market settles at its own index of the expiry's instant.
        let is_known = |e: &Timestamp| dataset.model.is_some() && times.binary_search(e).is_ok();
        let is_missing = |e: &&Timestamp| **e <= *last && !dataset.delivery.contains_key(&e.day()) && !is_known(e);
        self.delivery_missing = self.expiry_times.iter().filter(is_missing).count() as u64;
        if !self.faults.is_empty() {
            return;
        }
        let mut expect = |what: &str, found: String, stated: String| {
            if found != stated {
                self.faults.push(format!("{} {what}: found {stated}, expected {found} as the packs say", dataset.id));
            }
        };
        expect("first", first.day().to_string(), dataset.first.to_string());
        expect("last", last.day().to_string(), dataset.last.to_string());
        expect("quality.gaps", self.gaps.to_string(), dataset.quality.gaps.to_string());
        if dataset.kind == DataKind::Recorded {
            let share = self.sides.two_sided_share().unwrap_or(0.0);
            expect("quality.two_sided_pct", format!("{share:.6}"), format!("{:.6}", dataset.quality.two_sided_pct));
        }
        let outside = self.bounds.bid_above_upper_bound + self.bounds.ask_below_intrinsic;
        if outside as f64 > GROSS_SHARE * self.options as f64 {
            let found = format!("found {outside} of {} quotes outside the no-arbitrage bounds", self.options);
            self.faults.push(format!("{}: {found}, expected at most 1 %", dataset.id));
        }
    }
}
