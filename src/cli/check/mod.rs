//! `check DIR`: reads every file of a data folder as the engine would and counts what is in it, as JSON.
//!
//! Faults (exit code 1): a refused catalog or pack (hash, order, crossed quotes, limits), a header that says
//! something else than its packs, and quotes outside the no-arbitrage bounds on more than one option in a hundred.
//! Butterfly and calendar counts on marks are information: real venues break them by ticks every day.

mod bounds;

use super::Failure;
use super::files::{FileSource, progress};
use crate::import::folder::count_gaps;
use crate::market::catalog::{DataKind, Dataset};
use crate::market::cells::quantile;
use crate::market::observed::{Observed, Sides};
use crate::market::{MarketSnapshot, PackSource};
use crate::units::Timestamp;
use bounds::Bounds;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Share of options outside the no-arbitrage bounds above which a dataset is at fault.
const GROSS_SHARE: f64 = 0.01;

/// Check a data folder.
#[derive(clap::Args)]
pub(super) struct Check {
    /// The folder with catalog.json.
    dir: PathBuf,
}

/// What is printed.
#[derive(Serialize)]
struct Answer {
    faults: usize,
    datasets: Vec<Counts>,
}

/// What is in a dataset.
#[derive(Default, Serialize)]
struct Counts {
    id: String,
    packs: usize,
    bytes: u64,
    snapshots: usize,
    expiries: u64,
    options: u64,
    #[serde(flatten)]
    sides: Sides,
    /// Median of (ask - bid) / mid by the bounds of |delta|, a fraction; `null` where no option is.
    relative_spread: Vec<Option<f64>>,
    without_iv: u64,
    gaps: u32,
    longest_gap_hours: f64,
    delivery_missing: u64,
    without_atm_iv_30: u64,
    #[serde(flatten)]
    bounds: Bounds,
    faults: Vec<String>,
    #[serde(skip)]
    observed: Observed,
    #[serde(skip)]
    expiry_times: BTreeSet<Timestamp>,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let source = FileSource { folder: self.dir };
        let catalog = match source.catalog() {
            Ok(catalog) => catalog,
            Err(e) => return Err(Failure::Failed(e.into())),
        };
        let bar = progress(catalog.datasets.iter().map(|d| d.packs.len() as u64).sum(), "checking");
        let datasets: Vec<Counts> = catalog.datasets.iter().map(|d| check(&source, d, || bar.inc(1))).collect();
        bar.finish_and_clear();
        let answer = Answer { faults: datasets.iter().map(|d| d.faults.len()).sum(), datasets };
        super::say(serde_json::to_string_pretty(&answer).map_err(anyhow::Error::from)?)?;
        if answer.faults == 0 { Ok(()) } else { Err(Failure::Fault) }
    }
}

fn check(source: &impl PackSource, dataset: &Dataset, mut step: impl FnMut()) -> Counts {
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
