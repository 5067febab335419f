//! The pages.

mod backtest;
mod compare;
mod data;
mod embed;
mod gallery;
mod help;
mod runs;
mod verify;

pub use backtest::Backtest;
pub use compare::Compare;
pub use data::Data;
pub use embed::Embed;
pub use gallery::Gallery;
pub use help::{Glossary, Help};
pub use runs::{RunCard, Runs};
pub use verify::{CheckWords, Checked, Checks, Verify};
