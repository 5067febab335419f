//! One step of a backtest: a pure function of the account and the next mark; it cannot fail.

pub mod config;
pub mod step;

pub use config::{Account, Costs, FillAt, FillRule, Loan};
pub use step::{Fill, FillAction, Held, Note, Reason, Refusal, RollRefusal, ScanCounts, Settled, Step, Trigger, Worth};
