//! From raw snapshots to a dataset: packs by UTC month and the catalog entry that vouches for them.

use super::pack_writer::PackWriter;
use super::{ImportError, Report};
use crate::market::RawSnapshot;
use crate::market::catalog::{Catalog, Dataset};
use crate::units::Timestamp;

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
    header: Dataset,
    mut snapshots: Vec<RawSnapshot>,
    report: &mut Report,
) -> Result<DatasetFiles, ImportError> {
    snapshots.sort_by_key(|s| s.time);
    let mut writer = PackWriter::new(header);
    let mut packs = Vec::new();
    for snapshot in snapshots {
        packs.extend(writer.push(snapshot, report)?);
    }
    let (last, dataset) = writer.finish()?;
    packs.push(last);
    Ok(DatasetFiles { dataset, packs })
}

/// Intervals of session time between neighbouring snapshots above 1.5 times the cadence.
pub fn count_gaps(dataset: &Dataset, times: &[Timestamp]) -> u32 {
    times.windows(2).filter(|w| dataset.is_gap(w[0], w[1])).count() as u32
}

/// Adds a dataset to a catalog, or takes the place of the one with its id; the others stay.
pub fn merge(catalog: Option<Catalog>, dataset: Dataset) -> Catalog {
    let mut catalog = catalog.unwrap_or_else(|| Catalog::of(Vec::new()));
    match catalog.datasets.iter_mut().find(|d| d.id == dataset.id) {
        Some(old) => *old = dataset,
        None => catalog.datasets.push(dataset),
    }
    catalog
}
