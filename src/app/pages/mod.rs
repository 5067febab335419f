//! The pages.

mod backtest;
mod compare;
mod data;
mod embed;
mod help;
mod runs;

pub use backtest::Backtest;
pub use compare::Compare;
pub use data::Data;
pub use embed::Embed;
pub use help::Help;
pub use runs::Runs;
