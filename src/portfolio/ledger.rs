//! The ledger: the only way a balance changes.

use crate::units::{Coin, Timestamp, Usd};
use serde::{Deserialize, Serialize};

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Brought into the account.
    Deposit,
    /// Received (+) or paid (-) for an option.
    Premium,
    /// Paid to the venue.
    Fee,
    /// Received (+) or paid (-) at expiry.
    Settlement,
    /// Paid on a loan.
    Interest,
    /// Moved by a liquidation.
    Liquidation,
}

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// When it is booked; an expiry's own instant for its settlement.
    pub time: Timestamp,
    /// What for.
    pub kind: EntryKind,
    /// The trade; `None` for deposits and interest.
    pub trade: Option<u32>,
    /// Change of the coins.
    pub coins: Coin,
    /// Change of the cash.
    pub cash: Usd,
}
