//! What an account starts with.

use super::loan::Loan;
use serde::{Deserialize, Serialize};

/// The opening account of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Coins (for an equity: shares) deposited at the first mark.
    pub coins: f64,
    /// Cash deposited at the first mark, USD.
    pub cash_usd: f64,
    /// A loan against the coins.
    pub loan: Option<Loan>,
}

impl Default for Account {
    fn default() -> Self {
        Account { coins: 1.0, cash_usd: 0.0, loan: None }
    }
}
