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
    /// Accrued on a loan.
    Interest,
    /// Units sold by a lender, and the debt they paid.
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
    /// Change of the debt.
    #[serde(default)]
    pub debt: Usd,
}

impl LedgerEntry {
    /// What an entry does for the account at a price, USD.
    pub fn worth_usd(&self, price: f64) -> f64 {
        self.coins.0 * price + self.cash.0 - self.debt.0
    }
}

/// The balances, changed only by entries; each balance is the sum of its entries in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    coins: Coin,
    cash: Usd,
    deposited_coins: Coin,
    deposited_cash: Usd,
    #[serde(default)]
    debt: Usd,
    #[serde(default)]
    interest: Usd,
    #[serde(default)]
    borrowed: Usd,
    #[serde(default)]
    premium_interest: Usd,
    #[serde(default)]
    sold: Coin,
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
        self.owe(entry);
    }

    /// Follows the debt: a repayment takes the interest first, then the principal.
    fn owe(&mut self, entry: &LedgerEntry) {
        self.debt += entry.debt;
        match entry.kind {
            EntryKind::Interest => self.interest += entry.debt,
            EntryKind::Liquidation => {
                self.sold += -entry.coins;
                self.interest = Usd((self.interest.0 + entry.debt.0).max(0.0));
                self.borrowed = Usd(self.borrowed.0.min(self.principal().0));
                self.premium_interest = Usd(self.premium_interest.0.min(self.interest.0));
            }
            EntryKind::Premium | EntryKind::Fee | EntryKind::Settlement => self.borrowed += entry.debt,
            EntryKind::Deposit => {}
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
    /// What is owed: principal and interest.
    pub fn debt(&self) -> Usd {
        self.debt
    }
    /// The part of the debt that bears interest.
    pub fn principal(&self) -> Usd {
        self.debt - self.interest
    }
    /// The part of the principal that paid for options.
    pub fn borrowed(&self) -> Usd {
        self.borrowed
    }
    /// What is owed for the loan alone: without what was borrowed for options and its interest.
    pub fn own_debt(&self) -> Usd {
        self.debt - self.borrowed - self.premium_interest
    }
    /// Counts interest of what was borrowed for options, which is inside the interest that is posted.
    pub fn count_premium_interest(&mut self, interest: Usd) {
        self.premium_interest += interest;
    }
    /// Units of collateral: deposited and not sold by the lender.
    pub fn units(&self) -> Coin {
        self.deposited_coins - self.sold
    }
}
