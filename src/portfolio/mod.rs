//! The account: ledger, positions, fees, cover, margin.

pub mod ledger;

pub use ledger::{EntryKind, LedgerEntry};
