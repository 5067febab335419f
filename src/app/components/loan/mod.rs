//! The hedged loan: its part of the form, and what came of it.

mod days;
mod figures;
mod form;
mod hedge_card;
mod places;
mod result;
mod templates;

pub use form::LoanFold;
pub use hedge_card::HedgeFields;
pub use result::{LoanBanner, LoanResult, best};
pub use templates::CompareTemplates;
