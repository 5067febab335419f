//! What the account is worth at a mark, and how much room it has for another short.

use super::backtest::{Backtest, Mark};
use super::order::Order;
use super::step::{Events, Held, NetGreeks, Step, Worth};
use crate::market::Columns;
use crate::market::catalog::Settlement;
use crate::portfolio::{OpenTrade, Side, short_margin};
use crate::pricing::OptionKind;
use crate::strategy::{Candidate, Cover, Structure};
use crate::units::{Coin, Price, Usd, total};

/// Relative tolerance within which a size fits its cover.
const FITS: f64 = 1e-12;

impl Backtest {
    /// The record of a mark: what happened, and what the account is worth after all fills.
    pub(super) fn record(&self, mark: &Mark, events: Events) -> Step {
        let index = mark.snapshot.index;
        let (mut value, mut liquidation) = (0.0, 0.0);
        let mut greeks = NetGreeks::default();
        for trade in &self.open {
            let located = mark.snapshot.columns_at(trade.place);
            let touch = located.and_then(|(columns, row)| match trade.side {
                Side::Long => columns.bid(row),
                Side::Short => columns.ask(row),
            });
            value += trade.quantity() * trade.mark;
            liquidation += trade.quantity() * touch.unwrap_or(trade.mark);
            if let Some((columns, row)) = located {
                add_greeks(&mut greeks, trade.quantity(), columns, row);
            }
        }
        let (coins, cash, debt) = (self.ledger.coins(), self.ledger.cash(), self.ledger.debt());
        let account = &self.config.account;
        Step {
            time: mark.time,
            snapshot_time: mark.snapshot.time,
            index: index.0,
            gap: mark.gap,
            decision: mark.decision,
            traded: events.traded,
            reason: events.reason,
            happened: events.happened,
            held: self.open.iter().map(Held::from).collect(),
            coins,
            cash,
            option_value: self.quote_worth(value, index),
            liquidation_value: self.quote_worth(liquidation, index),
            equity: self.worth(coins, cash, debt, value, index),
            hodl: self.worth(Coin(account.coins), Usd(account.cash_usd), self.hodl_debt, 0.0, index),
            greeks,
            margin: (self.config.variant.cover == Cover::None).then(|| self.maintenance(index)),
            loan: events.loan,
        }
    }

    /// An amount of the quote currency at an index.
    pub(super) fn quote_worth(&self, amount: f64, index: Price) -> Worth {
        match self.config.settlement {
            Settlement::Inverse => Worth { coin: Coin(amount), usd: Coin(amount) * index },
            Settlement::Linear => Worth { coin: Usd(amount) / index, usd: Usd(amount) },
        }
    }

    fn worth(&self, coins: Coin, cash: Usd, debt: Usd, options: f64, index: Price) -> Worth {
        let cash = cash - debt;
        match self.config.settlement {
            Settlement::Inverse => {
                let coin = coins + Coin(options) + cash / index;
                Worth { coin, usd: coin * index }
            }
            Settlement::Linear => {
                let usd = coins * index + cash + Usd(options);
                Worth { coin: usd / index, usd }
            }
        }
    }

    #[inline]
    fn margin_of(&self, trade: &OpenTrade, index: Price) -> crate::portfolio::Margin {
        let contract = &trade.contract;
        short_margin(contract.kind, contract.strike.0, index.0, trade.mark, self.config.settlement)
    }

    fn maintenance(&self, index: Price) -> f64 {
        total(self.open.iter().map(|trade| trade.size * self.margin_of(trade, index).maintenance))
    }

    /// Margin is enforced on uncovered variants with a limit on open trades; without one it is only reported.
    fn is_margined(&self) -> bool {
        self.config.variant.cover == Cover::None && self.config.variant.max_open.is_some()
    }

    fn equity_quote(&self, index: Price) -> f64 {
        let value = self.open.iter().map(|trade| trade.quantity() * trade.mark).sum();
        let worth = self.worth(self.ledger.coins(), self.ledger.cash(), self.ledger.debt(), value, index);
        match self.config.settlement {
            Settlement::Inverse => worth.coin.0,
            Settlement::Linear => worth.usd.0,
        }
    }

    /// The equity is below the maintenance margin of the open shorts.
    pub(super) fn margin_breached(&self, mark: &Mark) -> bool {
        let index = mark.snapshot.index;
        self.is_margined() && !self.open.is_empty() && self.equity_quote(index) < self.maintenance(index)
    }

    /// Another trade may be open, and not all of the cover is used.
    pub(super) fn has_room(&self) -> bool {
        let variant = &self.config.variant;
        let entries = self.orders.iter().filter(|order| order.reserved().is_some()).count();
        let count_fits = variant.max_open.is_none_or(|most| self.open.len() + entries < most as usize);
        let cover_fits = match (variant.cover, variant.structure) {
            (Cover::None, _) => true,
            (_, Structure::CoveredCall) => self.call_size().is_some_and(|size| size > 0.0),
            (_, Structure::CashSecuredPut) => self.used_cash(None) < self.ledger.deposited_cash().0,
        };
        count_fits && cover_fits
    }

    /// Coins of open and waiting shorts.
    fn used_coins(&self) -> f64 {
        let open: f64 = self.open.iter().map(|trade| trade.size).sum();
        let waiting: f64 = self.orders.iter().filter_map(|order| order.reserved()).map(|(_, size)| size).sum();
        open + waiting
    }

    /// Cash that secures open and waiting puts, those of one trade left out.
    fn used_cash(&self, left_out: Option<u32>) -> f64 {
        let open = self.open.iter().filter(|trade| Some(trade.id) != left_out);
        let open: f64 = open.map(|trade| trade.size * self.secured_strike(trade)).sum();
        let waiting = self.orders.iter().filter_map(|order| order.reserved());
        open + waiting.map(|(contract, size)| size * contract.strike.0).sum::<f64>()
    }

    /// The strike of an open put, or the one that it waits to be rolled to where that is higher.
    fn secured_strike(&self, trade: &OpenTrade) -> f64 {
        let rolls = self.orders.iter().filter(|order| order.trade == trade.id).filter_map(Order::next_leg);
        rolls.map(|contract| contract.strike.0).fold(trade.contract.strike.0, f64::max)
    }

    /// The highest strike to which a trade can be rolled at its size; `None` where no cash secures it.
    pub(super) fn highest_roll_strike(&self, trade: &OpenTrade) -> Option<f64> {
        let variant = &self.config.variant;
        let secured = variant.cover == Cover::Deposited && variant.structure == Structure::CashSecuredPut;
        let cash = self.ledger.deposited_cash().0 * (1.0 + FITS);
        secured.then(|| (cash - self.used_cash(Some(trade.id))) / trade.size)
    }

    fn shares(&self) -> f64 {
        f64::from(self.config.variant.max_open.unwrap_or(1))
    }

    /// Coins of the next covered call: what is written, else the cover, shared out in whole lots over `max_open`.
    fn call_size(&self) -> Option<f64> {
        let cover = self.ledger.deposited_coins().0;
        let shares = self.shares();
        let shared = || {
            if shares > 1.0 { whole_lots(cover / shares, self.config.lot) } else { cover }
        };
        let size = self.config.variant.size.unwrap_or_else(shared);
        (self.used_coins() + size <= cover * (1.0 + FITS)).then_some(size)
    }

    /// Coins of the next entry; `None` where its cover or margin does not suffice.
    pub(super) fn entry_size(&self, candidate: &Candidate, mark: &Mark) -> Option<f64> {
        let variant = &self.config.variant;
        if variant.cover == Cover::None {
            let size = variant.size.unwrap_or(self.config.contract_size);
            return (!self.is_margined() || self.initial_margin_fits(candidate, size, mark)).then_some(size);
        }
        match variant.structure {
            Structure::CoveredCall => self.call_size().filter(|size| *size > 0.0),
            Structure::CashSecuredPut => {
                let (cash, strike) = (self.ledger.deposited_cash().0, candidate.contract.strike.0);
                let size = variant.size.unwrap_or_else(|| whole_lots(cash / self.shares() / strike, self.config.lot));
                (size > 0.0 && self.used_cash(None) + size * strike <= cash * (1.0 + FITS)).then_some(size)
            }
        }
    }

    fn initial_margin_fits(&self, candidate: &Candidate, size: f64, mark: &Mark) -> bool {
        let index = mark.snapshot.index;
        let contract = &candidate.contract;
        let located = mark.snapshot.columns_at(mark.snapshot.find(contract));
        let own_mark = located.and_then(|(columns, row)| columns.mark(row)).unwrap_or(0.0);
        let new =
            short_margin(contract.kind, contract.strike.0, index.0, own_mark, self.config.settlement).initial * size;
        let open: f64 = self.open.iter().map(|trade| trade.size * self.margin_of(trade, index).initial).sum();
        open + new <= self.equity_quote(index)
    }

    /// The balance is below what the open shorts are covered by; never while none is open.
    pub(super) fn lacks_balance(&self) -> bool {
        let short = |trade: &&OpenTrade| trade.side == Side::Short;
        let kinds = |kind: OptionKind| self.open.iter().filter(short).filter(move |trade| trade.contract.kind == kind);
        let calls: f64 = kinds(OptionKind::Call).map(|trade| trade.size).sum();
        let puts: f64 = kinds(OptionKind::Put).map(|trade| trade.size * trade.contract.strike.0).sum();
        let exceeds = |needed: f64, balance: f64| needed > 0.0 && needed > balance * (1.0 + FITS);
        exceeds(calls, self.ledger.coins().0) || exceeds(puts, self.ledger.cash().0)
    }
}

/// A size rounded down to the lot. Where n lots make one coin it is divided by n, as 2.3 is 23/10 and not 23 x 0.1.
fn whole_lots(size: f64, lot: f64) -> f64 {
    let (lots, per_coin) = ((size / lot + 1e-9).floor(), (1.0 / lot).round());
    if (per_coin * lot - 1.0).abs() < 1e-9 { lots / per_coin } else { lots * lot }
}

fn add_greeks(greeks: &mut NetGreeks, quantity: f64, columns: &Columns, row: usize) {
    let Some([delta, gamma, vega, theta]) = columns.greeks(row) else { return };
    greeks.delta += quantity * delta;
    greeks.gamma += quantity * gamma;
    greeks.vega += quantity * vega;
    greeks.theta += quantity * theta;
}

#[cfg(test)]
mod tests {
    use super::whole_lots;

    #[test]
    fn sizes_are_whole_lots_and_print_so() {
        for (size, lot, whole) in [
            (2.39, 0.1, 2.3),
            (0.3, 0.1, 0.3),
            (0.75, 0.1, 0.7),
            (0.29, 0.01, 0.29),
            (0.09, 0.1, 0.0),
            (5.9, 1.0, 5.0),
            (250.0, 100.0, 200.0),
            (0.8, 0.3, 0.6),
        ] {
            assert_eq!(whole_lots(size, lot), whole, "{size} in lots of {lot}");
        }
    }
}
