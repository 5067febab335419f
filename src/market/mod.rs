//! Market facts: contracts, snapshots, context, catalog and the file format.

pub mod catalog;
mod catalog_check;
pub mod cells;
mod check;
pub mod codec;
pub mod context;
pub mod contract;
pub mod delivery;
mod levels;
pub mod model;
pub mod observed;
pub mod place;
pub mod snapshot;
pub mod source;
pub mod surface;
pub mod windows;

pub use catalog::{Calendar, Catalog, DataKind, Dataset, Settlement, TickRule};
pub use catalog_check::{CatalogError, is_dataset_id, is_safe_path};
pub use codec::{PackError, decode_pack, encode_pack};
pub use context::{History, IvHistory, MarketContext, Regime};
pub use contract::Contract;
pub use delivery::{Deliveries, Delivery};
pub use model::Model;
pub use place::Place;
pub use snapshot::{
    Chain, Columns, MarketSnapshot, Quote, RawChain, RawQuotes, RawSnapshot, SnapshotError, SurfaceLevels,
};
pub use source::{MemorySource, PackSource, SourceError};
