//! Components: each shows what it is given and sends commands.

mod assumptions;
pub mod compare;
mod costs;
mod field;
mod form;
mod header;
mod icon;
mod inspector;
mod key_numbers;
mod loan;
mod log;
mod months;
mod notice;
mod questions;
mod run_bar;
pub mod runs;
mod steps;
mod tabs;
mod terms;
mod tip;
mod trades;
mod unit_grid;
mod variant_card;

pub use field::FieldInput;
pub use form::Form;
pub use header::Header;
pub use icon::Icon;
pub use inspector::Inspector;
pub use key_numbers::KeyNumbers;
pub use notice::{Notice, ResultBanner};
pub use questions::{Questions, StoreFault, VerdictLine, name_of, open};
pub use run_bar::RunBar;
pub use tabs::Tabs;
pub use terms::explain;
pub use tip::Tip;
pub use unit_grid::UnitGrid;
