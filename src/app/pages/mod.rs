//! The pages.

mod backtest;

pub use backtest::Backtest;
