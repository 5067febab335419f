//! One more snapshot at the end of a recorded dataset: a new file for its month, and a header that says so.

use super::folder::{PackFile, count_gaps};
use super::pack_writer::{options, round};
use super::{ImportError, Report};
use crate::market::catalog::{Dataset, PackEntry};
use crate::market::codec::{decode_pack, encode_pack, pack_entry};
use crate::market::observed::Observed;
use crate::market::{PackSource, RawSnapshot};

/// End of a pack's text, behind its last snapshot.
const TAIL: &[u8] = b"\n]}\n";

/// Counts what a folder holds of a dataset, read as the engine would; one file at a time is held.
///
/// # Errors
/// A file is missing, changed or broken.
pub fn census(dataset: &Dataset, source: &impl PackSource) -> Result<Observed, ImportError> {
    let mut seen = Observed::default();
    for entry in &dataset.packs {
        let snapshots = source.pack(dataset, entry).map_err(|e| ImportError::format(&entry.path, e))?;
        snapshots.iter().for_each(|snapshot| seen.add(snapshot));
    }
    Ok(seen)
}

/// A dataset with one more snapshot: its header and the month's new file.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The catalog entry.
    pub dataset: Dataset,
    /// The month with the snapshot; under a name of its own, so that the old catalog still finds its file.
    pub pack: PackFile,
}

/// Adds a snapshot that is later than all others.
///
/// The month's file gets a new name, `btc-live/2026-11-0042.json`: whoever writes it first and the catalog after leaves a folder
/// that is whole at every moment.
///
/// # Errors
/// The snapshot is not later, breaks an invariant, or the month's file is not what its entry says.
pub fn append(
    mut dataset: Dataset,
    mut seen: Observed,
    mut snapshot: RawSnapshot,
    source: &impl PackSource,
    report: &mut Report,
) -> Result<Appended, ImportError> {
    let refuse = |message: String| ImportError::Snapshot { time: snapshot.time, message };
    if let Some(last) = seen.times.last().filter(|last| **last >= snapshot.time) {
        return Err(refuse(format!("found one of {last} already, expected a later one")));
    }
    round(&mut snapshot, dataset.settlement, report);
    let priced = snapshot.clone().price(dataset.rate);
    seen.add(&priced.map_err(|e| ImportError::Snapshot { time: snapshot.time, message: e.to_string() })?);
    report.kept = options(&snapshot);
    let month = snapshot.time.format("%Y-%m");
    let last = dataset.packs.last().filter(|entry| entry.last.format("%Y-%m") == month).cloned();
    let count = last.as_ref().map_or(0, |entry| entry.snapshots) + 1;
    let path = format!("{}/{month}-{count:04}.json", dataset.id);
    let (bytes, entry) = match &last {
        None => whole(&dataset, path, &snapshot),
        Some(old) => longer(&dataset, old, path, &snapshot, source)?,
    };
    if last.is_some() {
        dataset.packs.pop();
    }
    dataset.packs.push(entry);
    dataset.first = seen.times.first().map_or(dataset.first, |time| time.day());
    dataset.last = snapshot.time.day();
    dataset.quality.two_sided_pct = seen.sides().two_sided_share().unwrap_or(0.0);
    dataset.quality.gaps = count_gaps(&dataset, &seen.times);
    dataset.check()?;
    let path = dataset.packs.last().map(|entry| entry.path.clone()).unwrap_or_default();
    Ok(Appended { dataset, pack: PackFile { path, bytes } })
}

fn whole(dataset: &Dataset, path: String, snapshot: &RawSnapshot) -> (Vec<u8>, PackEntry) {
    let bytes = encode_pack(dataset, std::slice::from_ref(snapshot));
    let entry = pack_entry(path, &bytes, std::slice::from_ref(snapshot));
    (bytes, entry)
}

/// The month's text with the snapshot's line behind its last one, read back before it is believed.
fn longer(
    dataset: &Dataset,
    old: &PackEntry,
    path: String,
    snapshot: &RawSnapshot,
    source: &impl PackSource,
) -> Result<(Vec<u8>, PackEntry), ImportError> {
    let broken = |e: &dyn std::fmt::Display| ImportError::format(&old.path, e);
    let mut bytes = source.bytes(&old.path).map_err(|e| broken(&e))?;
    let alone = encode_pack(dataset, std::slice::from_ref(snapshot));
    let head = encode_pack(dataset, &[]).len() - TAIL.len();
    let (line, open) = (&alone[head..], bytes.len().saturating_sub(TAIL.len()));
    if !bytes.ends_with(TAIL) {
        return Err(broken(&"found no end of a pack, expected one as this program writes it"));
    }
    bytes.truncate(open);
    bytes.push(b',');
    bytes.extend_from_slice(line);
    let entry = PackEntry {
        path,
        first: old.first,
        last: snapshot.time,
        snapshots: old.snapshots + 1,
        bytes: bytes.len() as u64,
        sha256: crate::digest::sha256_hex(&bytes),
    };
    decode_pack(&bytes, dataset, &entry).map_err(|e| broken(&e))?;
    Ok((bytes, entry))
}
