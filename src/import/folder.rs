//! From raw snapshots to a dataset: packs by UTC month and the catalog entry that vouches for them.

use super::{ImportError, Report};
use crate::market::catalog::{Catalog, Dataset, Quality};
use crate::market::codec::{SCHEMA, Units, encode_pack, pack_entry};
use crate::market::{RawQuotes, RawSnapshot, Settlement};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// A file of a dataset, by its path beside the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct PackFile {
    /// `btc-2026/2026-01.json`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A dataset with its files.
#[derive(Clone, Debug, PartialEq)]
pub struct DatasetFiles {
    /// The catalog entry.
    pub dataset: Dataset,
    /// One file a UTC month, by time.
    pub packs: Vec<PackFile>,
}

/// Writes `snapshots` as monthly packs and completes the header: first, last, quality, entries.
///
/// Snapshots are put in time order, of two at one time the first is kept, and each is checked as a reader would.
pub fn assemble(
    mut header: Dataset,
    mut snapshots: Vec<RawSnapshot>,
    report: &mut Report,
) -> Result<DatasetFiles, ImportError> {
    snapshots.sort_by_key(|s| s.time);
    let before = snapshots.len();
    snapshots.dedup_by_key(|s| s.time);
    report.drop_rows("second snapshot of one time", (before - snapshots.len()) as u64);
    let (Some(first), Some(last)) = (snapshots.first(), snapshots.last()) else { return Err(ImportError::Empty) };
    header.first = first.time.day();
    header.last = last.time.day();
    header.quality = quality(&header, &snapshots);
    report.kept = snapshots.iter().map(options).sum();
    round(&mut snapshots, Units::of(header.settlement), report);
    for snapshot in &snapshots {
        let refused =
            |e: crate::market::SnapshotError| ImportError::Snapshot { time: snapshot.time, message: e.to_string() };
        snapshot.check().map_err(refused)?;
    }
    let mut months: BTreeMap<String, Vec<RawSnapshot>> = BTreeMap::new();
    for snapshot in snapshots {
        months.entry(snapshot.time.format("%Y-%m")).or_default().push(snapshot);
    }
    let mut packs = Vec::new();
    header.packs.clear();
    for (month, snapshots) in months {
        let bytes = encode_pack(&header, &snapshots);
        let path = format!("{}/{month}.json", header.id);
        header.packs.push(pack_entry(path.clone(), &bytes, &snapshots));
        packs.push(PackFile { path, bytes });
    }
    header.check()?;
    Ok(DatasetFiles { dataset: header, packs })
}

/// Options of a snapshot with at least one figure.
pub(super) fn options(snapshot: &RawSnapshot) -> u64 {
    let has_figure = |q: &RawQuotes, i: usize| ![&q.bid, &q.ask, &q.mark, &q.iv].into_iter().all(|c| c[i].is_nan());
    let quotes = snapshot.chains.iter().flat_map(|c| [&c.call, &c.put]);
    quotes.map(|q| (0..q.bid.len()).filter(|i| has_figure(q, *i)).count() as u64).sum()
}

/// Rounds the figures of one snapshot; see [`assemble`].
pub(super) fn round_one(snapshot: &mut RawSnapshot, settlement: Settlement, report: &mut Report) {
    round(std::slice::from_mut(snapshot), Units::of(settlement), report);
}

/// Rounds bids, asks and marks to the format's units and counts those that change; a bid of 0 units is none.
///
/// Volatilities are rounded too, to hundredths of a point, which is not counted.
fn round(snapshots: &mut [RawSnapshot], units: Units, report: &mut Report) {
    let mut changed = [0, 0];
    let chains = snapshots.iter_mut().flat_map(|s| &mut s.chains);
    for quotes in chains.flat_map(|c| [&mut c.call, &mut c.put]) {
        for bid in &mut quotes.bid {
            let is_nothing = (*bid * units.quote).round() == 0.0;
            report.note("bid under half a unit, set to none", u64::from(is_nothing));
            if is_nothing {
                *bid = f64::NAN;
            }
        }
        let columns = [
            (&mut quotes.bid, units.quote, 0),
            (&mut quotes.ask, units.quote, 0),
            (&mut quotes.mark, units.mark, 1),
            (&mut quotes.iv, units.iv, 2),
        ];
        for (column, unit, which) in columns {
            for value in column.iter_mut().filter(|v| !v.is_nan()) {
                let whole = (*value * unit).round();
                if let Some(count) = changed.get_mut(which) {
                    *count += u64::from((*value * unit - whole).abs() > 1e-6 * whole.max(1.0));
                }
                *value = whole / unit;
            }
        }
    }
    report.note("bid or ask rounded to the format's unit", changed[0]);
    report.note("mark rounded to the format's unit", changed[1]);
}

fn quality(header: &Dataset, snapshots: &[RawSnapshot]) -> Quality {
    let quotes = || snapshots.iter().flat_map(|s| &s.chains).flat_map(|c| [&c.call, &c.put]);
    let two_sided = |q: &RawQuotes| q.bid.iter().zip(&q.ask).filter(|(b, a)| !b.is_nan() && !a.is_nan()).count();
    let all: usize = quotes().map(|q| q.bid.len()).sum();
    let both: usize = quotes().map(two_sided).sum();
    let times: Vec<Timestamp> = snapshots.iter().map(|s| s.time).collect();
    let gaps = count_gaps(header, &times);
    Quality { two_sided_pct: if all == 0 { 0.0 } else { both as f64 / all as f64 }, gaps, fit_error: None }
}

/// Intervals of session time between neighbouring snapshots above 1.5 times the cadence.
pub fn count_gaps(dataset: &Dataset, times: &[Timestamp]) -> u32 {
    let is_gap = |w: &&[Timestamp]| dataset.calendar.open_ms(w[0], w[1]) > dataset.gap_ms();
    times.windows(2).filter(is_gap).count() as u32
}

/// Adds a dataset to a catalog, or takes the place of the one with its id; the others stay.
pub fn merge(catalog: Option<Catalog>, dataset: Dataset) -> Catalog {
    let mut catalog = catalog.unwrap_or(Catalog { schema: SCHEMA, datasets: Vec::new() });
    match catalog.datasets.iter_mut().find(|d| d.id == dataset.id) {
        Some(old) => *old = dataset,
        None => catalog.datasets.push(dataset),
    }
    catalog
}
