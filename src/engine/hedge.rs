//! The hedge of a variant: bought whole or not at all, held, rolled, and replaced once it has expired.

use super::backtest::{Backtest, Mark};
use super::order::Opening;
use super::step::{Events, Note, Reason};
use crate::portfolio::{FillAt, Side, Way};
use crate::pricing::Expiry;
use crate::strategy::Trigger;
use crate::strategy::hedge::{HedgePlan, PlannedLeg, plan};
use crate::units::{Price, Timestamp};
use serde::{Deserialize, Serialize};

/// A hedge that waits for the next snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct HedgeOrder {
    legs: Vec<PlannedLeg>,
    trigger: Trigger,
    /// Time of the snapshot on which it was decided.
    placed_on: Timestamp,
}

impl Backtest {
    /// What a hedging variant does at a mark: a waiting order, a roll, a decision.
    pub(super) fn walk_hedge(&mut self, mark: &Mark, events: &mut Events) {
        let mut unrolled = None;
        if !mark.gap && !self.liquidated {
            self.fill_waiting_hedge(mark, events);
            self.close_uncovered(mark, events);
            unrolled = self.roll_hedge(mark, events);
        }
        if mark.decision {
            self.decide_hedge(mark, events);
            events.reason = unrolled.or(events.reason);
        }
        if let Some(order) = self.hedge_order.take_if(|_| mark.last) {
            events.happened.notes.push(Note::NotExecuted { trade: self.next_trade, trigger: order.trigger });
        }
    }

    /// A decision of a hedging variant: buys the hedge where none is held.
    fn decide_hedge(&mut self, mark: &Mark, events: &mut Events) {
        let coverage = self.config.variant.hedge.as_ref().map_or(0.0, |hedge| hedge.coverage);
        events.reason = if mark.gap {
            Some(Reason::Gap)
        } else if coverage == 0.0 || self.ledger.units().0 <= 0.0 || self.liquidated {
            Some(Reason::NothingToHedge)
        } else if !self.open.is_empty() {
            Some(Reason::Hedged)
        } else if self.hedge_order.is_some() {
            Some(Reason::Waiting)
        } else {
            self.order_hedge(Trigger::Entry, mark, events)
        };
    }

    /// Replaces a hedge that is near its expiry, where a later expiry is listed.
    fn roll_hedge(&mut self, mark: &Mark, events: &mut Events) -> Option<Reason> {
        let days = self.config.variant.hedge.as_ref()?.roll_days_before_expiry?;
        let is_due = |held: Timestamp| held.days_since(mark.time) <= days;
        let held = self.open.first().map(|trade| trade.contract.expiry);
        let is_due = held.is_some_and(is_due) && self.hedge_order.is_none() && self.ledger.units().0 > 0.0;
        if is_due { self.order_hedge(Trigger::Roll, mark, events) } else { None }
    }

    /// Closes a hedge that has more calls sold than units left, after a sale by the lender; the next decision buys another.
    fn close_uncovered(&mut self, mark: &Mark, events: &mut Events) {
        let calls = self.open.iter().filter(|trade| trade.side == Side::Short).map(|trade| trade.size);
        if crate::units::total(calls) > self.ledger.units().0 * (1.0 + 1e-12) {
            self.execute_hedge(Vec::new(), Trigger::Liquidation, mark, events);
        }
    }

    /// Executes a hedge that waited, once a later snapshot is there.
    fn fill_waiting_hedge(&mut self, mark: &Mark, events: &mut Events) {
        if let Some(order) = self.hedge_order.take_if(|order| mark.snapshot.time > order.placed_on) {
            self.execute_hedge(order.legs, order.trigger, mark, events);
        }
    }

    /// Plans a hedge and executes it, or lets it wait; the reason where nothing was bought.
    fn order_hedge(&mut self, trigger: Trigger, mark: &Mark, events: &mut Events) -> Option<Reason> {
        let Some(planned) = self.plan_hedge(mark) else {
            return Some(Reason::HedgeNotQuoted);
        };
        let held = self.open.first().map(|trade| trade.contract.expiry);
        if held.is_some() && planned.expiry() <= held {
            return Some(Reason::Hedged);
        }
        if let Some(leg) = planned.legs.first().filter(|_| mark.decision) {
            events.happened.contract = Some(leg.contract);
        }
        note_compromises(&planned, mark, events);
        if self.config.costs.fill_at == FillAt::NextSnapshot {
            self.hedge_order = Some(HedgeOrder { legs: planned.legs, trigger, placed_on: mark.snapshot.time });
            return Some(Reason::Waiting);
        }
        let bought = self.execute_hedge(planned.legs, trigger, mark, events);
        (!bought).then_some(Reason::HedgeNotQuoted)
    }

    fn plan_hedge(&self, mark: &Mark) -> Option<HedgePlan> {
        let hedge = self.config.variant.hedge.as_ref()?;
        let view = self.config.hedge_view(mark.time, mark.snapshot);
        plan(hedge, self.ledger.units().0, &view)
    }

    /// Closes what is held and opens the legs: all of them, or none where one cannot be filled.
    fn execute_hedge(&mut self, legs: Vec<PlannedLeg>, trigger: Trigger, mark: &Mark, events: &mut Events) -> bool {
        let closes = self.open.iter().map(|trade| (trade.contract, Way::to(-trade.quantity())));
        let opens = legs.iter().map(|leg| (leg.contract, Way::to(leg.side.signed(leg.size))));
        let can_fill = |(contract, way)| Self::quote(mark, &contract).and_then(|q| self.price(&q, way)).is_some();
        if !closes.chain(opens).all(can_fill) || legs.iter().any(|leg| leg.contract.expiry <= mark.time) {
            events.happened.notes.push(Note::NotExecuted { trade: self.next_trade, trigger });
            return false;
        }
        let closing = if trigger == Trigger::Liquidation { trigger } else { Trigger::DteExit };
        let mut closed = Vec::with_capacity(legs.len());
        while !self.open.is_empty() {
            closed.extend(self.close_leg(0, closing, mark, events));
        }
        for (i, leg) in legs.into_iter().enumerate() {
            let (id, rolls) = closed.get(i).map_or_else(|| (self.take_number(), 0), |old| (old.id, old.rolls + 1));
            let PlannedLeg { contract, side, size } = leg;
            let opening = Opening { contract, side, size, trigger, rolls, score: None };
            self.open_leg(id, self.open.len(), opening, mark, events);
        }
        true
    }

    fn take_number(&mut self) -> u32 {
        self.next_trade += 1;
        self.next_trade - 1
    }
}

fn note_compromises(planned: &HedgePlan, mark: &Mark, events: &mut Events) {
    if let Some(expiry) = planned.expiry().filter(|_| planned.is_off_tenor) {
        events.happened.notes.push(Note::OtherTenor { days: expiry.days_since(mark.time) });
    }
    if planned.is_unpaid {
        events.happened.notes.push(Note::CallDoesNotPay);
    }
}

impl Backtest {
    /// What a held option is worth at another price of the underlying, USD for one coin; its volatility and time stand.
    ///
    /// At the index itself, and where the state has no volatility of it, the mark stands.
    pub(super) fn option_usd_at(&self, at: usize, price: f64, mark: &Mark) -> f64 {
        let trade = &self.open[at];
        let (index, contract) = (mark.snapshot.index.0, trade.contract);
        let located = mark.snapshot.columns_at(trade.place).filter(|_| price != index);
        let volatility = located.and_then(|(columns, row)| columns.iv(row));
        let chain = mark.snapshot.chain(contract.expiry);
        let (Some(volatility), Some(chain)) = (volatility, chain) else {
            return self.quote_worth(trade.mark, Price(price)).usd.0;
        };
        let (forward, years) = (chain.forward.0 * price / index, contract.expiry.years_since(mark.snapshot.time));
        let expiry = Expiry::with_rate(forward, years, mark.snapshot.rate);
        contract.usd_at(price, &expiry, volatility, self.config.settlement)
    }
}
