//! The pages.

mod backtest;
mod compare;
mod embed;
mod help;
mod runs;

pub use backtest::Backtest;
pub use compare::Compare;
pub use embed::Embed;
pub use help::Help;
pub use runs::Runs;
