//! The pack format, version 1: a month (modelled: a year) of snapshots as columnar JSON (`docs/FORMAT.md`).
//!
//! [`decode_pack`] checks a file against its catalog entry before it reads it, reads it within limits, and
//! returns all of its snapshots or one sentence that names the file, the snapshot and the field.

mod bars;
mod fitted;
mod modelled;
mod recorded;
mod wire;

pub use bars::read_bars;
pub use fitted::{FittedSnapshot, SnapshotFitError, encode_fitted, read_fitted};
pub use modelled::{LEVELS_PER_ONE, ModelledSnapshot, RATES_PER_ONE, encode_modelled, read_modelled};

use super::catalog::{DataKind, Dataset, PackEntry, Settlement};
use super::snapshot::{MarketSnapshot, RawSnapshot, SnapshotError};
use crate::units::Timestamp;
use sha2::{Digest, Sha256};

/// The format's version.
pub const SCHEMA: u32 = 1;
/// Largest pack that is read, bytes.
pub const MAX_PACK_BYTES: u64 = 64 << 20;
/// Most snapshots of a pack.
pub const MAX_SNAPSHOTS: usize = 50_000;
/// Most expiries of a snapshot.
pub const MAX_EXPIRIES: usize = 200;
/// Most strikes of an expiry.
pub const MAX_STRIKES: usize = 4_000;

/// Memory that is asked for at a time, bytes.
const PIECE_OF_MEMORY: usize = 4 << 20;

/// Has memory at hand for the next snapshots, asked for in one piece.
///
/// A browser takes up to a millisecond each time a program's memory grows, and by itself the allocator grows it by 64 kB.
fn make_room() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(PIECE_OF_MEMORY)));
}

/// Why a pack is refused; each prints as one sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PackError {
    /// The file has another size than its entry.
    #[error("{path}: found {found} bytes, expected {expected} as the catalog says")]
    Size {
        /// The file.
        path: String,
        /// Its size.
        found: u64,
        /// The entry's size.
        expected: u64,
    },
    /// The file is too large to be read.
    #[error("{path}: found {found} bytes, expected at most {MAX_PACK_BYTES}")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size.
        found: u64,
    },
    /// The file has other bytes than its entry.
    #[error("{path}: found sha256 {found}, expected {expected} as the catalog says")]
    Hash {
        /// The file.
        path: String,
        /// Its hash.
        found: String,
        /// The entry's hash.
        expected: String,
    },
    /// The file is not a pack: no JSON, an unknown or missing field, a wrong type, a limit passed.
    #[error("{path}: {at}: {message}")]
    Shape {
        /// The file.
        path: String,
        /// Path of the field in the file, `snapshots[3].chains[0].call.bid[2]`.
        at: String,
        /// What was found and what was expected.
        message: String,
    },
    /// A snapshot breaks an invariant.
    #[error("{path}: snapshot {time}: {source}")]
    Snapshot {
        /// The file.
        path: String,
        /// The snapshot.
        time: Timestamp,
        /// Field, found, expected.
        source: SnapshotError,
    },
    /// The snapshots are not those of the entry.
    #[error("{path}: {at}: found {found}, expected {expected}")]
    Span {
        /// The file.
        path: String,
        /// `snapshot 2026-01-03T08:00:00Z`, or `snapshots`.
        at: String,
        /// What was found.
        found: String,
        /// What would be right.
        expected: String,
    },
}

/// What the pack's integers count, by settlement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Units {
    /// Bid and ask: integers in one coin (inverse) or one USD (linear).
    pub(crate) quote: f64,
    /// Marks: the same.
    pub(crate) mark: f64,
    /// Volatilities: hundredths of a volatility point in 1.00.
    pub(crate) iv: f64,
}

impl Units {
    pub(crate) fn of(settlement: Settlement) -> Units {
        match settlement {
            Settlement::Inverse => Units { quote: 10_000.0, mark: 1_000_000.0, iv: 10_000.0 },
            Settlement::Linear => Units { quote: 100.0, mark: 10_000.0, iv: 10_000.0 },
        }
    }
}

/// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a pack of a `recorded` dataset; the same snapshots give the same bytes.
///
/// Figures are rounded to the format's units: 0.0001 coin (linear: cents) for bid and ask, 0.000001 coin
/// (0.0001 USD) for marks, hundredths of a point for volatilities.
pub fn encode_pack(dataset: &Dataset, snapshots: &[RawSnapshot]) -> Vec<u8> {
    recorded::encode(&dataset.id, Units::of(dataset.settlement), snapshots)
}

/// The catalog entry of a file of `snapshots`, which are not empty and ascend by time.
pub fn pack_entry(path: String, bytes: &[u8], snapshots: &[RawSnapshot]) -> PackEntry {
    let time = |s: Option<&RawSnapshot>| s.map_or(Timestamp(0), |s| s.time);
    PackEntry {
        path,
        first: time(snapshots.first()),
        last: time(snapshots.last()),
        snapshots: snapshots.len() as u32,
        bytes: bytes.len() as u64,
        sha256: sha256_hex(bytes),
    }
}

/// Reads a pack that its entry vouches for: size and hash first, then limits, order and every invariant.
pub fn decode_pack(bytes: &[u8], dataset: &Dataset, entry: &PackEntry) -> Result<Vec<MarketSnapshot>, PackError> {
    let mut reader = PackReader::new(verify(bytes, entry)?, dataset, entry)?;
    while reader.price()? {}
    reader.finish()
}

/// Bytes of the size and the hash that their entry says.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'b>(&'b [u8]);

/// A verified and parsed pack that is priced one snapshot at a time, for a caller that must not hold a thread for long.
pub struct PackReader<'a> {
    entry: &'a PackEntry,
    rest: Box<dyn Iterator<Item = Result<MarketSnapshot, PackError>> + 'a>,
    snapshots: Vec<MarketSnapshot>,
}

impl<'a> PackReader<'a> {
    /// Parses a file that was found to be its entry's.
    ///
    /// # Errors
    /// The file is not in the format.
    pub fn new(
        Verified(bytes): Verified<'_>,
        dataset: &'a Dataset,
        entry: &'a PackEntry,
    ) -> Result<PackReader<'a>, PackError> {
        let rest: Box<dyn Iterator<Item = Result<MarketSnapshot, PackError>>> = match (dataset.kind, &dataset.model) {
            (DataKind::Recorded, _) => Box::new(recorded::decode(bytes, dataset, &entry.path)?),
            (_, Some(model)) => Box::new(modelled::decode(bytes, dataset, model, &entry.path)?),
            (_, None) => Box::new(fitted::decode(bytes, dataset, &entry.path)?),
        };
        Ok(PackReader { entry, rest, snapshots: Vec::with_capacity(entry.snapshots as usize) })
    }

    /// Checks and prices the next snapshot; false when there is none left.
    ///
    /// # Errors
    /// The snapshot breaks an invariant.
    pub fn price(&mut self) -> Result<bool, PackError> {
        make_room();
        let Some(next) = self.rest.next() else { return Ok(false) };
        self.snapshots.push(next?);
        Ok(true)
    }

    /// All snapshots, where their number, order and span are what the entry says.
    ///
    /// # Errors
    /// They are not.
    pub fn finish(self) -> Result<Vec<MarketSnapshot>, PackError> {
        check_span(&self.snapshots, self.entry)?;
        Ok(self.snapshots)
    }
}

/// Checks size and hash, apart from the rest for a caller that must not hold a thread for long.
///
/// # Errors
/// The file is not what its entry says.
pub fn verify<'b>(bytes: &'b [u8], entry: &PackEntry) -> Result<Verified<'b>, PackError> {
    let (path, found) = (entry.path.clone(), bytes.len() as u64);
    if found > MAX_PACK_BYTES {
        return Err(PackError::TooLarge { path, found });
    }
    if found != entry.bytes {
        return Err(PackError::Size { path, found, expected: entry.bytes });
    }
    let found = sha256_hex(bytes);
    if found != entry.sha256 {
        return Err(PackError::Hash { path, found, expected: entry.sha256.clone() });
    }
    Ok(Verified(bytes))
}

fn check_span(snapshots: &[MarketSnapshot], entry: &PackEntry) -> Result<(), PackError> {
    let refuse = |at: String, found: String, expected: String| {
        Err(PackError::Span { path: entry.path.clone(), at, found, expected })
    };
    if snapshots.len() != entry.snapshots as usize {
        return refuse(
            "snapshots".into(),
            snapshots.len().to_string(),
            format!("{} as the catalog says", entry.snapshots),
        );
    }
    for pair in snapshots.windows(2) {
        if pair[1].time <= pair[0].time {
            let found = format!("it after {}", pair[0].time);
            return refuse(format!("snapshot {}", pair[1].time), found, "snapshots in ascending order".into());
        }
    }
    for (snapshot, name, expected) in
        [(snapshots.first(), "first", entry.first), (snapshots.last(), "last", entry.last)]
    {
        if let Some(found) = snapshot.map(|s| s.time).filter(|time| *time != expected) {
            return refuse(format!("{name} snapshot"), found.to_string(), format!("{expected} as the catalog says"));
        }
    }
    Ok(())
}
