//! Orders and their execution: closing a leg, opening one, or both for a roll.

use super::backtest::{Backtest, Mark};
use super::step::{Events, Fill, FillAction, Note, RollRefusal};
use crate::market::{Contract, Place, Quote};
use crate::portfolio::{EntryKind, FillPrice, OpenTrade, Side, Touch, Way};
use crate::strategy::{Candidate, Trigger};
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// What an order opens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Opening {
    pub(super) contract: Contract,
    pub(super) side: Side,
    pub(super) size: f64,
    pub(super) trigger: Trigger,
    pub(super) rolls: u32,
    /// Of the candidate that was chosen; `None` for a hedge.
    pub(super) score: Option<f64>,
}

impl Opening {
    /// Sells a candidate.
    fn sale(candidate: Candidate, size: f64, trigger: Trigger, rolls: u32) -> Opening {
        let Candidate { contract, score } = candidate;
        Opening { contract, side: Side::Short, size, trigger, rolls, score: Some(score) }
    }
}

/// An order of one trade: closes its leg, or opens a leg; `roll` is the leg that follows a close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) trade: u32,
    pub(super) close: Option<Trigger>,
    open: Option<Opening>,
    pub(super) roll: Option<Result<Candidate, RollRefusal>>,
    /// Time of the snapshot on which it was decided.
    pub(super) placed_on: Timestamp,
}

impl Order {
    pub(super) fn exit(trade: u32, trigger: Trigger, placed_on: Timestamp) -> Order {
        Order { trade, close: Some(trigger), open: None, roll: None, placed_on }
    }

    pub(super) fn entry(trade: u32, candidate: Candidate, size: f64, placed_on: Timestamp) -> Order {
        let opening = Opening::sale(candidate, size, Trigger::Entry, 0);
        Order { trade, close: None, open: Some(opening), roll: None, placed_on }
    }

    pub(super) fn not_executed(&self) -> Note {
        Note::NotExecuted { trade: self.trade, trigger: self.close.unwrap_or(Trigger::Entry) }
    }

    /// The expiry that a waiting order will take.
    pub(super) fn opening_expiry(&self) -> Option<Timestamp> {
        self.open.map(|opening| opening.contract).or(self.next_leg()).map(|contract| contract.expiry)
    }

    /// The contract that a waiting roll will open.
    pub(super) fn next_leg(&self) -> Option<Contract> {
        self.roll.and_then(Result::ok).map(|candidate| candidate.contract)
    }

    /// Contract and size of a waiting entry.
    pub(super) fn reserved(&self) -> Option<(Contract, f64)> {
        self.open.map(|opening| (opening.contract, opening.size))
    }
}

impl Backtest {
    /// Executes an order on the state; what cannot be filled is noted and dropped.
    pub(super) fn execute(&mut self, order: Order, mark: &Mark, events: &mut Events) {
        if let Some(opening) = order.open {
            if !self.open_leg(order.trade, self.open.len(), opening, mark, events) {
                events.happened.notes.push(order.not_executed());
            }
            return;
        }
        let Some(trigger) = order.close else { return };
        let position = self.open.iter().position(|trade| trade.id == order.trade);
        let closed = position.and_then(|at| self.close_leg(at, trigger, mark, events));
        let (Some(at), Some(closed)) = (position, closed) else {
            events.happened.notes.push(order.not_executed());
            return;
        };
        if trigger == Trigger::Liquidation && self.open.is_empty() {
            self.liquidated = true;
            events.happened.notes.push(Note::Liquidated);
        }
        let roll = order.roll.or_else(|| self.roll_of(&closed, trigger, mark, events));
        let refused = match roll {
            None => None,
            Some(Err(why)) => Some(why),
            Some(Ok(candidate)) => {
                let opening = Opening::sale(candidate, closed.size, Trigger::Roll, closed.rolls + 1);
                (!self.open_leg(closed.id, at, opening, mark, events)).then_some(RollRefusal::NoCandidate)
            }
        };
        if let Some(why) = refused {
            events.happened.notes.push(Note::RollRefused { trade: closed.id, why });
        }
    }

    /// The roll that follows a close of an open trade; `None` where this exit does not roll.
    pub(super) fn plan_roll(
        &self,
        trade: u32,
        trigger: Trigger,
        mark: &Mark,
        events: &Events,
    ) -> Option<Result<Candidate, RollRefusal>> {
        let trade = self.open.iter().find(|open| open.id == trade)?;
        self.roll_of(trade, trigger, mark, events)
    }

    fn roll_of(
        &self,
        trade: &OpenTrade,
        trigger: Trigger,
        mark: &Mark,
        events: &Events,
    ) -> Option<Result<Candidate, RollRefusal>> {
        if !trigger.rolls() {
            return None;
        }
        let rules = &self.config.variant.exit;
        if trade.rolls >= rules.max_rolls {
            return Some(Err(RollRefusal::NoRollsLeft));
        }
        if trade.contract.dte(mark.time) <= rules.min_dte_to_roll {
            return Some(Err(RollRefusal::TooLate));
        }
        let chosen = self.scan(mark, events, Some(trade)).chosen;
        Some(chosen.filter(|candidate| self.good_enough(candidate)).ok_or(RollRefusal::NoCandidate))
    }

    pub(super) fn quote(mark: &Mark, contract: &Contract) -> Option<Quote> {
        Self::quote_at(mark, mark.snapshot.find(contract))
    }

    fn quote_at(mark: &Mark, place: Option<Place>) -> Option<Quote> {
        mark.snapshot.columns_at(place).map(|(columns, row)| columns.quote(row))
    }

    pub(super) fn price(&self, quote: &Quote, way: Way) -> Option<FillPrice> {
        let touch = Touch { bid: quote.bid, ask: quote.ask, mark: quote.mark };
        self.config.costs.fill_price(&touch, way, &self.config.tick, self.config.cost_multiple)
    }

    /// Buys a short leg back, or sells a long one; `None` where it cannot be filled.
    pub(super) fn close_leg(
        &mut self,
        at: usize,
        trigger: Trigger,
        mark: &Mark,
        events: &mut Events,
    ) -> Option<OpenTrade> {
        let trade = &self.open[at];
        let quote = Self::quote(mark, &trade.contract)?;
        let filled = self.price(&quote, Way::to(-trade.quantity()))?;
        let trade = self.open.remove(at);
        self.book_fill(&trade, -trade.quantity(), FillAction::Close, trigger, filled, &quote, None, mark, events);
        Some(trade)
    }

    /// Opens a leg and inserts it at a place of the opening order; false where it cannot be filled.
    pub(super) fn open_leg(&mut self, id: u32, at: usize, opening: Opening, mark: &Mark, events: &mut Events) -> bool {
        let Opening { contract, side, size, trigger, rolls, score } = opening;
        // an order that waited may meet a state older than the expiry at a mark that is not
        if contract.expiry <= mark.time {
            return false;
        }
        let place = mark.snapshot.find(&contract);
        let Some(quote) = Self::quote_at(mark, place) else {
            return false;
        };
        let Some(filled) = self.price(&quote, Way::to(side.signed(size))) else {
            return false;
        };
        let trade = OpenTrade {
            id,
            contract,
            side,
            size,
            open_price: filled.price,
            opened: mark.time,
            rolls,
            mark: quote.mark.unwrap_or(filled.price),
            place: place.filter(|_| quote.mark.is_some()),
        };
        self.book_fill(&trade, trade.quantity(), FillAction::Open, trigger, filled, &quote, score, mark, events);
        events.traded |= trigger == Trigger::Entry;
        self.open.insert(at, trade);
        true
    }

    #[allow(clippy::too_many_arguments, reason = "one place books every fill from its parts")]
    fn book_fill(
        &mut self,
        trade: &OpenTrade,
        quantity: f64,
        action: FillAction,
        trigger: Trigger,
        filled: FillPrice,
        quote: &Quote,
        score: Option<f64>,
        mark: &Mark,
        events: &mut Events,
    ) {
        let index = mark.snapshot.index.0;
        let fee = self.fees.trade(filled.price, index) * trade.size * self.config.cost_multiple;
        self.book(mark.time, EntryKind::Premium, trade.id, -quantity * filled.price, index, events);
        self.book(mark.time, EntryKind::Fee, trade.id, -fee, index, events);
        events.happened.fills.push(Fill {
            trade: trade.id,
            action,
            trigger,
            contract: trade.contract,
            quantity,
            price: filled.price,
            base_price: filled.base,
            fee,
            slippage: filled.slippage * trade.size,
            index,
            age_ms: mark.time.ms_since(mark.snapshot.time),
            two_sided: quote.bid.is_some() && quote.ask.is_some(),
            delta: quote.delta,
            score,
        });
    }
}
