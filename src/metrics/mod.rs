//! Figures of a run, read from its steps and nothing else.

pub mod summary;
pub mod trade;

pub use summary::{Drawdown, Month, Summary};
pub use trade::{Leg, Trade};
