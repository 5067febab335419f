//! The loan of an account: interest, where it stands at the low of a mark's bar, what a liquidation does.

use super::backtest::{Backtest, Mark};
use super::step::{AtLow, Events, LoanMark, Ltv, Note};
use crate::portfolio::{EntryKind, LedgerEntry, Loan, OnLiquidation, PremiumFrom, loan_to_value, units_to_sell};
use crate::units::{Coin, Timestamp, Usd};

impl Backtest {
    /// Books what the opening account owes.
    pub(super) fn draw_loan(&mut self, mark: &Mark, events: &mut Events) {
        let Some(loan) = self.config.account.loan else { return };
        self.owe(mark.time, EntryKind::Deposit, None, loan.principal_usd, events);
        if self.unhedged_ltv(mark.snapshot.index.0).is_none_or(|ltv| ltv >= loan.margin_call_ltv) {
            events.happened.notes.push(Note::StartsAboveMarginCall);
        }
    }

    fn owe(&mut self, time: Timestamp, kind: EntryKind, trade: Option<u32>, debt: f64, events: &mut Events) {
        if debt != 0.0 {
            let entry = LedgerEntry { time, kind, trade, coins: Coin(0.0), cash: Usd(0.0), debt: Usd(debt) };
            self.post(entry, events);
        }
    }

    /// Adds the interest of the midnights since the last mark; HODL pays its own.
    pub(super) fn accrue(&mut self, mark: &Mark, events: &mut Events) {
        let Some(loan) = self.config.account.loan else { return };
        let today = mark.time.day();
        let days = self.accrued_to.map_or(0, |last| i64::from(today.0 - last.0));
        self.accrued_to = Some(today);
        if days > 0 {
            self.ledger.count_premium_interest(Usd(loan.interest(self.ledger.borrowed().0, days)));
            self.owe(today.start(), EntryKind::Interest, None, loan.interest(self.ledger.principal().0, days), events);
            self.hodl_debt += Usd(loan.interest(loan.principal_usd, days));
        }
    }

    /// Books an amount of a hedge in USD: paid from the cash or, where the loan says so, borrowed and paid back first.
    pub(super) fn book_hedge(&mut self, time: Timestamp, kind: EntryKind, trade: u32, usd: f64, events: &mut Events) {
        let borrows = self.config.account.loan.as_ref().is_some_and(|loan| loan.premium == PremiumFrom::Borrow);
        let debt = if borrows { (-usd).max(-self.ledger.borrowed().0) } else { 0.0 };
        let (cash, debt) = (Usd(usd + debt), Usd(debt));
        self.post(LedgerEntry { time, kind, trade: Some(trade), coins: Coin(0.0), cash, debt }, events);
    }

    /// What stands against the debt at a price, USD, with the options worth `options`.
    fn value_usd(&self, price: f64, options: f64) -> f64 {
        self.ledger.coins().0 * price + self.ledger.cash().0 + options
    }

    fn unhedged_ltv(&self, price: f64) -> Option<f64> {
        loan_to_value(self.ledger.own_debt().0, self.ledger.units().0 * price)
    }

    /// Looks at the loan at the low of the bar, before anything is traded, and liquidates where it must.
    pub(super) fn watch_low(&mut self, mark: &Mark, events: &mut Events) {
        let Some(loan) = self.config.account.loan.filter(|_| !self.liquidated) else { return };
        let low = mark.bar.low;
        let options: f64 =
            (0..self.open.len()).map(|at| self.open[at].quantity() * self.option_usd_at(at, low, mark)).sum();
        let value = self.value_usd(low, options);
        let hedged = loan_to_value(self.ledger.debt().0, value);
        events.at_low = Some(AtLow { unhedged: self.unhedged_ltv(low), hedged });
        match (hedged, loan.liquidation_ltv) {
            (None, _) => self.end_loan(Note::WipedOut, events),
            (Some(ltv), Some(threshold)) if ltv >= threshold => self.liquidate(&loan, value, threshold, mark, events),
            _ => {}
        }
    }

    fn end_loan(&mut self, why: Note, events: &mut Events) {
        self.liquidated = true;
        events.happened.notes.push(why);
    }

    fn liquidate(&mut self, loan: &Loan, value: f64, threshold: f64, mark: &Mark, events: &mut Events) {
        if loan.on_liquidation == OnLiquidation::End {
            return self.end_loan(Note::LoanEnded, events);
        }
        let (low, debt) = (mark.bar.low, self.ledger.debt().0);
        let units = self.ledger.units().0.min(debt / low);
        let sold = units_to_sell(debt, value, units, low, loan.margin_call_ltv);
        let paid = Usd(-sold * low);
        let (time, kind) = (mark.time, EntryKind::Liquidation);
        self.post(LedgerEntry { time, kind, trade: None, coins: Coin(-sold), cash: Usd(0.0), debt: paid }, events);
        events.happened.notes.push(Note::UnitsSold);
        let left = loan_to_value(self.ledger.debt().0, value + paid.0);
        if left.is_none_or(|ltv| ltv >= threshold) {
            self.end_loan(Note::WipedOut, events);
        }
    }

    /// Where the loan stands after the fills of the mark; without anything against it the variant ends.
    pub(super) fn watch_close(&mut self, mark: &Mark, events: &mut Events) {
        if self.config.account.loan.is_none() {
            return;
        }
        let index = mark.snapshot.index;
        let options: f64 =
            self.open.iter().map(|trade| trade.quantity() * self.quote_worth(trade.mark, index).usd.0).sum();
        let close = AtLow {
            unhedged: self.unhedged_ltv(index.0),
            hedged: loan_to_value(self.ledger.debt().0, self.value_usd(index.0, options)),
        };
        let low = events.at_low.unwrap_or(close);
        let hedged = Ltv { close: close.hedged, worst: worse(low.hedged, close.hedged) };
        let unhedged = Ltv { close: close.unhedged, worst: worse(low.unhedged, close.unhedged) };
        if hedged.close.is_none() && !self.liquidated {
            self.end_loan(Note::WipedOut, events);
        }
        let (debt, own_debt, units) = (self.ledger.debt(), self.ledger.own_debt(), self.ledger.units());
        let (high, low) = (mark.bar.high, mark.bar.low);
        events.loan = Some(Box::new(LoanMark { debt, own_debt, units, high, low, unhedged, hedged }));
    }
}

/// The higher of two ratios; `None` (nothing against the debt) is the highest.
fn worse(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    Some(one?.max(other?))
}
