//! One step of a backtest: a pure function of the account and the next mark; it cannot fail.

pub mod backtest;
pub mod few;
mod hedge;
mod loan;
mod order;
pub mod step;
mod valuation;

pub use crate::portfolio::{Account, Costs, FillAt, FillRule, Loan};
pub use crate::strategy::{EntryBlock, Refusal, ScanCounts, Trigger};
pub use backtest::{Backtest, BacktestConfig, Bar, Mark, Standing};
pub use few::Few;
pub use step::{
    Fill, FillAction, Happened, Happenings, Held, LoanMark, Ltv, NetGreeks, Note, Reason, RollRefusal, Settled, Step,
    Worth,
};
