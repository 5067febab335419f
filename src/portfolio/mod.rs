//! The account: what it starts with, ledger, open trades, costs, fees, margin, loan.

pub mod account;
pub mod costs;
pub mod fees;
pub mod ledger;
pub mod loan;
pub mod margin;
pub mod position;

pub use account::Account;
pub use costs::{Costs, FillAt, FillPrice, FillRule, Touch, Way};
pub use fees::FeeSchedule;
pub use ledger::{EntryKind, Ledger, LedgerEntry};
pub use loan::{Loan, OnLiquidation, PremiumFrom, loan_to_value, price_at_ltv, units_to_sell};
pub use margin::{Margin, short_margin};
pub use position::{OpenTrade, Side};
