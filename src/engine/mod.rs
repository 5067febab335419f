//! One step of a backtest: a pure function of the account and the next mark; it cannot fail.

pub mod backtest;
pub mod few;
mod order;
pub mod step;
mod valuation;

pub use crate::portfolio::{Account, Costs, FillAt, FillRule, Loan};
pub use crate::strategy::{EntryBlock, Refusal, ScanCounts, Trigger};
pub use backtest::{Backtest, BacktestConfig, Mark, Standing};
pub use few::Few;
pub use step::{Fill, FillAction, Held, NetGreeks, Note, Reason, RollRefusal, Settled, Step, Worth};
