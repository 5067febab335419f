//! Where datasets come from: files by their path beside the catalog.

use super::catalog::{Catalog, Dataset, PackEntry};
use super::catalog_check::CatalogError;
use super::codec::{PackError, decode_pack};
use super::snapshot::MarketSnapshot;
use std::collections::BTreeMap;

/// The catalog's file name.
pub const CATALOG_PATH: &str = "catalog.json";

/// Why a source has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SourceError {
    /// A file cannot be read.
    #[error("{path}: {message}")]
    File {
        /// The file.
        path: String,
        /// The reason.
        message: String,
    },
    /// The catalog is refused.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A pack is refused.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// Gives the catalog and the packs of a data folder.
pub trait PackSource {
    /// The bytes of a file at a path relative to the catalog.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, SourceError>;

    /// The catalog, checked.
    fn catalog(&self) -> Result<Catalog, SourceError> {
        Ok(Catalog::parse(&self.bytes(CATALOG_PATH)?)?)
    }

    /// The snapshots of one pack, checked against its entry.
    fn pack(&self, dataset: &Dataset, entry: &PackEntry) -> Result<Vec<MarketSnapshot>, SourceError> {
        Ok(decode_pack(&self.bytes(&entry.path)?, dataset, entry)?)
    }

    /// All snapshots of a dataset by time.
    fn snapshots(&self, dataset: &Dataset) -> Result<Vec<MarketSnapshot>, SourceError> {
        let mut all = Vec::new();
        for entry in &dataset.packs {
            all.extend(self.pack(dataset, entry)?);
        }
        Ok(all)
    }
}

/// Files in memory: opened in the page, or made by a test.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemorySource {
    /// Bytes by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl PackSource for MemorySource {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let missing = || SourceError::File { path: path.to_string(), message: "found no such file".into() };
        self.files.get(path).cloned().ok_or_else(missing)
    }
}
