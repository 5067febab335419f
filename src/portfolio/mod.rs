//! The account: what it starts with, ledger, open trades, costs, fees, margin.

pub mod account;
pub mod costs;
pub mod fees;
pub mod ledger;
pub mod margin;
pub mod position;

pub use account::{Account, Loan};
pub use costs::{Costs, FillAt, FillPrice, FillRule, Touch, Way};
pub use fees::FeeSchedule;
pub use ledger::{EntryKind, Ledger, LedgerEntry};
pub use margin::{Margin, short_margin};
pub use position::OpenTrade;
