//! Market facts: contracts, snapshots, context, catalog and the file format.

pub mod catalog;
pub mod context;
pub mod contract;
pub mod snapshot;

pub use catalog::{Calendar, Catalog, DataKind, Dataset, Settlement, TickRule};
pub use context::{History, IvHistory, MarketContext, Regime};
pub use contract::Contract;
pub use snapshot::{Chain, MarketSnapshot, Quote, RawChain, RawQuotes, SnapshotError, SurfaceLevels};
