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

/// The balances, changed only by entries; each balance is the sum of its entries in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    coins: Coin,
    cash: Usd,
    deposited_coins: Coin,
    deposited_cash: Usd,
}

impl Ledger {
    /// Applies an entry.
    pub fn post(&mut self, entry: &LedgerEntry) {
        self.coins += entry.coins;
        self.cash += entry.cash;
        if entry.kind == EntryKind::Deposit {
            self.deposited_coins += entry.coins;
            self.deposited_cash += entry.cash;
        }
    }
    /// Coins in the account.
    pub fn coins(&self) -> Coin {
        self.coins
    }
    /// Cash in the account; may be negative.
    pub fn cash(&self) -> Usd {
        self.cash
    }
    /// Coins ever deposited: the cover of short calls.
    pub fn deposited_coins(&self) -> Coin {
        self.deposited_coins
    }
    /// Cash ever deposited: the security of short puts.
    pub fn deposited_cash(&self) -> Usd {
        self.deposited_cash
    }
}
