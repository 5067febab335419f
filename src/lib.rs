//! chainwalk: an options backtester that lives in a browser tab.
//!
//! A backtest is a value that is advanced one step at a time by a pure function of the next market
//! snapshot. The modules below are listed bottom to top; a module uses only what stands above it.

pub mod units;
pub mod json;
pub mod sort;
pub mod pricing;
pub mod market;
pub mod portfolio;
pub mod strategy;
pub mod engine;
pub mod digest;
pub mod metrics;
pub mod run;
pub mod share;
pub mod store;
pub mod display;
pub mod import;
#[cfg(feature = "bench")]
pub mod bench;
#[cfg(target_arch = "wasm32")]
pub mod web;
#[cfg(target_arch = "wasm32")]
pub mod worker;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
