//! Market facts: contracts, snapshots, context, catalog and the file format.

pub mod catalog;
pub mod context;
pub mod contract;
pub mod delivery;
pub mod snapshot;

pub use catalog::{Calendar, Catalog, DataKind, Dataset, Settlement, TickRule};
pub use context::{History, IvHistory, MarketContext, Regime};
pub use contract::Contract;
pub use delivery::{Deliveries, Delivery};
pub use snapshot::{Chain, Columns, MarketSnapshot, Place, Quote, RawChain, RawQuotes, SnapshotError, SurfaceLevels};
