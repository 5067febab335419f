//! Runs that are kept: records with their own wire types, and the storage they go to.
//!
//! A storage holds rows in tables and changes them in transactions, nothing more; [`Archive`] says what the rows mean.

pub mod archive;
pub mod bundle;
pub mod lease;
pub mod memory;
pub mod own;
pub mod records;
pub mod steps;
pub mod tables;
pub mod zip;

pub use archive::{Archive, Freed, Kept, Removed, Retention, Save, Saving};
pub use bundle::{Bundle, BundleError};
pub use lease::{Active, Lease, Renewal};
pub use memory::MemoryStore;
pub use records::{CheckpointRecord, Level, LogLine, PackRecord, RunRecord, UnitRecord};
pub use tables::{Change, Key, Row, Table};

use std::future::Future;

/// Why something is not kept or not found; one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The browser gives no storage: a private window, or a setting.
    #[error(
        "this browser keeps nothing for this page ({0}): runs last as long as the tab; export what you want to keep"
    )]
    Refused(String),
    /// No space is left.
    #[error("the browser's storage is full: delete old runs on the Runs page, and what follows is kept again")]
    Full,
    /// Another tab holds an older layout open.
    #[error("another tab of this page holds an older storage open: close it and reload")]
    Blocked,
    /// A newer build wrote the storage.
    #[error("the storage was written by a newer chainwalk: reload the page to get it")]
    Newer,
    /// A row that cannot be read.
    #[error(
        "a stored record cannot be read ({0}): it is left as it is, and the others are not touched; a newer chainwalk may read it"
    )]
    Corrupt(String),
    /// A run that is not there.
    #[error("run {0} is not kept in this browser")]
    NotFound(String),
    /// Anything else the storage says.
    #[error("the storage failed: {0}; reload the page if it goes on")]
    Failed(String),
}

/// A storage of rows.
///
/// A transaction is applied whole or not at all, and is seen by every later read.
pub trait RunStore {
    /// Rows of a table whose key begins with `prefix`, in key order; an empty key means all.
    fn read(&self, table: Table, prefix: Key) -> impl Future<Output = Result<Vec<Row>, StoreError>>;
    /// Applies changes in one transaction, in order.
    fn write(&self, changes: Vec<Change>) -> impl Future<Output = Result<(), StoreError>>;
}
