//! The identity of an account: equity - hodl = option cash flows + open option value - fees - interest that HODL does not
//! pay + what a lender's sale of units was worth.
//!
//! The left side is valued by the engine from balances and marks; the right side is summed here from the ledger.

use crate::engine::{FillAction, Step};
use crate::market::Settlement;
use crate::portfolio::{Account, EntryKind, LedgerEntry};
use crate::units::Day;

/// Running sums of the ledger's option flows and costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LedgerSums {
    coins: f64,
    cash: f64,
    interest_days: Option<Day>,
    principal: f64,
}

impl LedgerSums {
    /// Takes an entry; deposits are in equity and hodl alike.
    pub fn add(&mut self, entry: &LedgerEntry) {
        if entry.kind != EntryKind::Deposit {
            self.coins += entry.coins.0;
            self.cash += entry.cash.0 - entry.debt.0;
        } else {
            self.principal += entry.debt.0;
        }
    }

    /// Lets a day pass on which HODL pays the simple interest of its own principal at an annual rate.
    pub fn pass(&mut self, day: Day, apr: f64) {
        let days = self.interest_days.replace(day).map_or(0, |last| day.0 - last.0);
        self.cash += self.principal * apr * f64::from(days) / 365.0;
    }

    /// The right side in coin and in USD, with the open options at their marks.
    pub fn right_side(&self, open_value: f64, index: f64, settlement: Settlement) -> (f64, f64) {
        match settlement {
            Settlement::Inverse => {
                let coin = self.coins + self.cash / index + open_value;
                (coin, coin * index)
            }
            Settlement::Linear => {
                let usd = self.coins * index + self.cash + open_value;
                (usd / index, usd)
            }
        }
    }
}

/// The largest relative error of the identity over the marks, in coin or USD, whichever is worse.
///
/// Open options are valued again from the fills and the held marks.
pub fn largest_error(steps: &[Step], settlement: Settlement, account: &Account) -> f64 {
    let apr = account.loan.as_ref().map_or(0.0, |loan| loan.apr);
    let mut sums = LedgerSums::default();
    let mut open: Vec<(u32, f64)> = Vec::new();
    let mut worst = 0.0_f64;
    for step in steps {
        step.ledger.iter().for_each(|entry| sums.add(entry));
        sums.pass(step.time.day(), apr);
        open.retain(|(trade, _)| step.settlements.iter().all(|settled| settled.trade != *trade));
        for fill in &step.fills {
            open.retain(|(trade, _)| *trade != fill.trade);
            if fill.action == FillAction::Open {
                open.push((fill.trade, fill.quantity));
            }
        }
        let value_of =
            |trade: u32, mark: f64| open.iter().find(|(id, _)| *id == trade).map_or(f64::NAN, |(_, q)| q * mark);
        let value: f64 = step.held.iter().map(|held| value_of(held.trade, held.mark)).sum();
        let (coin, usd) = sums.right_side(value, step.index, settlement);
        let error = |left: f64, right: f64, scale: f64| ((left - right) / scale.abs().max(1e-300)).abs();
        let coin_error = error((step.equity.coin - step.hodl.coin).0, coin, step.equity.coin.0);
        let usd_error = error((step.equity.usd - step.hodl.usd).0, usd, step.equity.usd.0);
        let at_mark = if coin_error.is_nan() || usd_error.is_nan() { f64::INFINITY } else { coin_error.max(usd_error) };
        worst = worst.max(at_mark);
    }
    worst
}
