//! One variant's account walking from mark to mark: settle, take marks, test exits, decide, value.

use super::hedge::HedgeOrder;
use super::order::Order;
use super::step::{Events, Note, Reason, Settled, Step};
use crate::market::catalog::{Settlement, TickRule};
use crate::market::{Deliveries, Delivery, MarketContext, MarketSnapshot};
use crate::portfolio::{Account, Costs, EntryKind, FeeSchedule, FillAt, Ledger, LedgerEntry, OpenTrade};
use crate::strategy::{
    Candidate, Cover, ExitRules, ExitStyle, HedgeView, Scan, ScanRules, ScanView, Scanned, Selection, Trigger, Variant,
    entry_block, exit_trigger, scan,
};
use crate::units::{Coin, Day, Price, Timestamp, Usd};
use serde::{Deserialize, Serialize};

/// Everything a backtest is told once.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestConfig {
    /// The strategy.
    pub variant: Variant,
    /// Its exit style.
    pub style: ExitStyle,
    /// The opening account.
    pub account: Account,
    /// What trading costs.
    pub costs: Costs,
    /// Fees and slippage are charged this many times (1; 0, 2, 3 for the cost table).
    pub cost_multiple: f64,
    /// Inverse or linear.
    pub settlement: Settlement,
    /// Tick rule of the quotes.
    pub tick: TickRule,
    /// Least increment of an order, coins.
    pub lot: f64,
    /// Coins in one contract.
    pub contract_size: f64,
}

impl BacktestConfig {
    /// What a hedge is planned on at a state.
    pub fn hedge_view<'a>(&'a self, t: Timestamp, snapshot: &'a MarketSnapshot) -> HedgeView<'a> {
        HedgeView {
            t,
            snapshot,
            costs: &self.costs,
            cost_multiple: self.cost_multiple,
            tick: &self.tick,
            contract_size: self.contract_size,
        }
    }
}

/// One mark of the grid with the state at it.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The mark.
    pub time: Timestamp,
    /// It is a decision.
    pub decision: bool,
    /// It is the last one.
    pub last: bool,
    /// The state is too old to trade on.
    pub gap: bool,
    /// The newest snapshot at or before `time`.
    pub snapshot: &'a MarketSnapshot,
    /// The context of the state.
    pub context: &'a MarketContext,
    /// Delivery prices known so far.
    pub deliveries: &'a Deliveries,
    /// Where the index was since the mark before.
    pub bar: Bar,
}

/// The range of the index since the mark before, USD, its own included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Highest.
    pub high: f64,
    /// Lowest.
    pub low: f64,
}

impl Bar {
    /// The range of a single price.
    pub fn at(price: f64) -> Bar {
        Bar { high: price, low: price }
    }
    /// The range with another one in it.
    pub fn with(self, high: f64, low: f64) -> Bar {
        Bar { high: self.high.max(high), low: self.low.min(low) }
    }
}

/// A backtest between two marks.
#[derive(Clone, Debug)]
pub struct Backtest {
    pub(super) config: BacktestConfig,
    pub(super) fees: FeeSchedule,
    rules: ExitRules,
    pub(super) ledger: Ledger,
    pub(super) open: Vec<OpenTrade>,
    pub(super) orders: Vec<Order>,
    pub(super) next_trade: u32,
    started: bool,
    pub(super) liquidated: bool,
    cover_short: bool,
    pub(super) hedge_order: Option<HedgeOrder>,
    /// The UTC day up to which interest is booked; `None` before the first mark.
    pub(super) accrued_to: Option<Day>,
    /// What the opening account alone owes.
    pub(super) hodl_debt: Usd,
}

/// What changes of a backtest from mark to mark: with its configuration, all there is to go on from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    ledger: Ledger,
    open: Vec<OpenTrade>,
    orders: Vec<Order>,
    next_trade: u32,
    started: bool,
    liquidated: bool,
    cover_short: bool,
    #[serde(default)]
    hedge_order: Option<HedgeOrder>,
    #[serde(default)]
    accrued_to: Option<Day>,
    #[serde(default)]
    hodl_debt: Usd,
}

impl Backtest {
    /// A backtest before its first mark.
    pub fn new(config: BacktestConfig) -> Backtest {
        let fees = FeeSchedule::new(config.costs.fees, config.settlement);
        let rules = match config.style {
            ExitStyle::TpAndRoll => config.variant.exit.clone(),
            ExitStyle::HoldToExpiry => no_rules(),
        };
        let hodl_debt = Usd(config.account.loan.as_ref().map_or(0.0, |loan| loan.principal_usd));
        Backtest {
            config,
            fees,
            rules,
            ledger: Ledger::default(),
            open: Vec::new(),
            orders: Vec::new(),
            next_trade: 0,
            started: false,
            liquidated: false,
            cover_short: false,
            hedge_order: None,
            accrued_to: None,
            hodl_debt,
        }
    }

    /// What changes from mark to mark.
    pub fn standing(&self) -> Standing {
        Standing {
            ledger: self.ledger.clone(),
            open: self.open.clone(),
            orders: self.orders.clone(),
            next_trade: self.next_trade,
            started: self.started,
            liquidated: self.liquidated,
            cover_short: self.cover_short,
            hedge_order: self.hedge_order.clone(),
            accrued_to: self.accrued_to,
            hodl_debt: self.hodl_debt,
        }
    }

    /// The backtest of a configuration, standing where another of the same configuration stood.
    pub fn standing_at(config: BacktestConfig, standing: Standing) -> Backtest {
        let Standing { ledger, open, orders, next_trade, started, liquidated, cover_short, .. } = standing;
        let Standing { hedge_order, accrued_to, hodl_debt, .. } = standing;
        let mut backtest = Backtest { ledger, open, orders, next_trade, started, ..Backtest::new(config) };
        (backtest.liquidated, backtest.cover_short) = (liquidated, cover_short);
        (backtest.hedge_order, backtest.accrued_to, backtest.hodl_debt) = (hedge_order, accrued_to, hodl_debt);
        backtest
    }

    /// True once the margin was used up and every trade is closed, or the loan has ended; no further step trades.
    pub fn is_liquidated(&self) -> bool {
        self.liquidated
    }

    /// Open trades in opening order.
    pub fn open_trades(&self) -> &[OpenTrade] {
        &self.open
    }

    /// Advances to a mark and tells everything that happened there.
    pub fn step(&mut self, mark: &Mark) -> Step {
        let mut happening = Events::default();
        let events = &mut happening;
        if !self.started {
            self.deposit(mark.time, events);
            self.draw_loan(mark, events);
        }
        self.accrue(mark, events);
        self.settle(mark, events);
        self.take_marks(mark.snapshot);
        self.watch_low(mark, events);
        if self.config.variant.hedge.is_some() {
            self.walk_hedge(mark, events);
        } else {
            self.walk_shorts(mark, events);
        }
        self.watch_cover(events);
        self.watch_close(mark, events);
        self.record(mark, happening)
    }

    fn walk_shorts(&mut self, mark: &Mark, events: &mut Events) {
        if !mark.gap {
            self.fill_waiting_orders(mark, events);
            self.test_exits(mark, events);
        }
        if mark.decision {
            self.decide(mark, events);
        }
        if mark.last {
            self.abandon_orders(events);
        }
    }

    fn deposit(&mut self, time: Timestamp, events: &mut Events) {
        self.started = true;
        let Account { coins, cash_usd, .. } = self.config.account;
        for (coins, cash) in [(Coin(coins), Usd(0.0)), (Coin(0.0), Usd(cash_usd))] {
            if coins.0 != 0.0 || cash.0 != 0.0 {
                let (kind, debt) = (EntryKind::Deposit, Usd(0.0));
                self.post(LedgerEntry { time, kind, trade: None, coins, cash, debt }, events);
            }
        }
    }

    pub(super) fn post(&mut self, entry: LedgerEntry, events: &mut Events) {
        self.ledger.post(&entry);
        events.happened.ledger.push(entry);
    }

    /// Books an amount of the quote currency; what a hedge pays and receives is USD at the index.
    pub(super) fn book(
        &mut self,
        time: Timestamp,
        kind: EntryKind,
        trade: u32,
        amount: f64,
        index: f64,
        events: &mut Events,
    ) {
        if amount == 0.0 {
            return;
        }
        if self.config.variant.hedge.is_some() {
            return self.book_hedge(time, kind, trade, self.quote_worth(amount, Price(index)).usd.0, events);
        }
        let (coins, cash) = match self.config.settlement {
            Settlement::Inverse => (Coin(amount), Usd(0.0)),
            Settlement::Linear => (Coin(0.0), Usd(amount)),
        };
        self.post(LedgerEntry { time, kind, trade: Some(trade), coins, cash, debt: Usd(0.0) }, events);
    }

    /// Settles expired legs at the delivery price, booked at the expiry.
    fn settle(&mut self, mark: &Mark, events: &mut Events) {
        while let Some(at) = self.open.iter().position(|trade| trade.contract.expiry <= mark.time) {
            let trade = self.open.remove(at);
            let settled = self.settlement_of(&trade, mark);
            let expiry = trade.contract.expiry;
            self.book(
                expiry,
                EntryKind::Settlement,
                trade.id,
                trade.quantity() * settled.value,
                settled.delivery,
                events,
            );
            self.book(expiry, EntryKind::Fee, trade.id, -settled.fee, settled.delivery, events);
            events.happened.settlements.push(settled);
        }
    }

    fn settlement_of(&self, trade: &OpenTrade, mark: &Mark) -> Settled {
        let contract = trade.contract;
        let stand_in = Delivery {
            price: mark.snapshot.index,
            approximated_age_ms: Some(contract.expiry.ms_since(mark.snapshot.time)),
        };
        let delivery = mark.deliveries.at(contract.expiry).unwrap_or(stand_in);
        let value = contract.payout(delivery.price, self.config.settlement);
        let fee = self.fees.delivery(value, delivery.price.0, contract.is_daily()) * trade.size;
        Settled {
            trade: trade.id,
            contract,
            quantity: trade.quantity(),
            delivery: delivery.price.0,
            value,
            fee: fee * self.config.cost_multiple,
            approximated_age_ms: delivery.approximated_age_ms,
        }
    }

    /// Finds every open contract in the state and takes its mark; what is not quoted keeps its last one.
    fn take_marks(&mut self, snapshot: &MarketSnapshot) {
        for trade in &mut self.open {
            trade.place = snapshot.find_again(&trade.contract, trade.place);
            if let Some(mark) = snapshot.columns_at(trade.place).and_then(|(columns, row)| columns.mark(row)) {
                trade.mark = mark;
            } else {
                trade.place = None;
            }
        }
    }

    /// Tests the exits of every open trade in opening order, each with its roll at once.
    fn test_exits(&mut self, mark: &Mark, events: &mut Events) {
        let liquidate = self.margin_breached(mark);
        if self.config.style == ExitStyle::HoldToExpiry && !liquidate {
            return;
        }
        let mut at = 0;
        while let Some(trade) = self.open.get(at) {
            let id = trade.id;
            if let Some(trigger) = self.exit_of(trade, liquidate, mark, events) {
                self.place(Order::exit(id, trigger, mark.snapshot.time), mark, events);
            }
            // A closed trade leaves its place to the next one; a roll takes it again.
            at += usize::from(self.open.get(at).is_some_and(|trade| trade.id == id));
        }
    }

    /// Why an open trade is to be left now; `None` where it stays, or where an order for it waits.
    fn exit_of(&self, trade: &OpenTrade, liquidate: bool, mark: &Mark, events: &mut Events) -> Option<Trigger> {
        if self.orders.iter().any(|order| order.trade == trade.id) {
            return None;
        }
        if trade.place.is_none() {
            if self.config.style == ExitStyle::TpAndRoll {
                events.happened.notes.push(Note::NotQuoted { trade: trade.id });
            }
            return None;
        }
        if liquidate {
            return Some(Trigger::Liquidation);
        }
        exit_trigger(&self.rules, trade, trade.mark, mark.snapshot.index.0, mark.time)
    }

    /// Executes an order now, or lets it wait for the next snapshot.
    fn place(&mut self, mut order: Order, mark: &Mark, events: &mut Events) {
        match self.config.costs.fill_at {
            FillAt::Snapshot => self.execute(order, mark, events),
            FillAt::NextSnapshot => {
                if let Some(trigger) = order.close {
                    order.roll = self.plan_roll(order.trade, trigger, mark, events);
                }
                self.orders.push(order);
            }
        }
    }

    fn fill_waiting_orders(&mut self, mark: &Mark, events: &mut Events) {
        if self.orders.iter().any(|order| mark.snapshot.time > order.placed_on) {
            let (due, waiting) =
                std::mem::take(&mut self.orders).into_iter().partition(|order| mark.snapshot.time > order.placed_on);
            self.orders = waiting;
            let due: Vec<Order> = due;
            for order in due {
                self.execute(order, mark, events);
            }
        }
    }

    fn abandon_orders(&mut self, events: &mut Events) {
        for order in std::mem::take(&mut self.orders) {
            events.happened.notes.push(order.not_executed());
        }
    }

    /// Considers one entry.
    fn decide(&mut self, mark: &Mark, events: &mut Events) {
        if mark.gap {
            events.reason = Some(Reason::Gap);
            return;
        }
        let block = entry_block(&self.config.variant.entry, mark.time, mark.context);
        let free = !self.liquidated && self.has_room();
        if self.config.variant.scan == Scan::WhenFree && (block.is_some() || !free) {
            events.reason = Some(block.map_or(Reason::FullyCovered, Reason::EntryFilter));
            return;
        }
        let scanned = self.scan(mark, events, None);
        events.happened.scan = Some(scanned.counts);
        events.happened.best_score = scanned.best_score;
        events.happened.contract = scanned.chosen.map(|candidate| candidate.contract);
        let opened = match block {
            Some(block) => Err(Reason::EntryFilter(block)),
            None if !free => Err(Reason::FullyCovered),
            None => self.enter(&scanned, mark, events),
        };
        events.reason = opened.err();
    }

    fn enter(&mut self, scanned: &Scanned, mark: &Mark, events: &mut Events) -> Result<(), Reason> {
        let candidate = scanned.chosen.ok_or(Reason::NoCandidate)?;
        if !self.good_enough(&candidate) {
            return Err(Reason::BelowMinScore);
        }
        let size = self.entry_size(&candidate, mark).ok_or(Reason::FullyCovered)?;
        self.place(Order::entry(self.next_trade, candidate, size, mark.snapshot.time), mark, events);
        self.next_trade += 1;
        match self.config.costs.fill_at {
            FillAt::Snapshot if events.traded => Ok(()),
            FillAt::Snapshot => Err(Reason::NoCandidate),
            FillAt::NextSnapshot => Err(Reason::Waiting),
        }
    }

    pub(super) fn good_enough(&self, candidate: &Candidate) -> bool {
        let variant = &self.config.variant;
        variant.selection == Selection::Nearest || candidate.score >= variant.min_score
    }

    /// Scans for an entry, or for the roll of a trade (which frees its own expiry and may not reopen its contract).
    pub(super) fn scan(&self, mark: &Mark, events: &Events, rolling: Option<&OpenTrade>) -> Scanned {
        let variant = &self.config.variant;
        let mut just_closed: Vec<_> = events.closed_contracts().collect();
        just_closed.extend(rolling.map(|trade| trade.contract));
        let distinct = variant.max_open.is_some_and(|most| most > 1);
        let other = |trade: &&OpenTrade| rolling.is_none_or(|rolling| rolling.id != trade.id);
        let mut taken: Vec<Timestamp> = Vec::new();
        if distinct {
            taken.extend(self.open.iter().filter(other).map(|trade| trade.contract.expiry));
            taken.extend(self.orders.iter().filter_map(Order::opening_expiry));
        }
        let view = ScanView {
            t: mark.time,
            snapshot: mark.snapshot,
            context: mark.context,
            settlement: self.config.settlement,
            tick: &self.config.tick,
        };
        let rules = ScanRules {
            variant,
            costs: &self.config.costs,
            defend: self.rules.defend,
            just_closed: &just_closed,
            taken: &taken,
            highest_strike: rolling.and_then(|trade| self.highest_roll_strike(trade)),
        };
        scan(view, rules)
    }

    fn watch_cover(&mut self, events: &mut Events) {
        if self.config.variant.cover == Cover::None || self.config.variant.hedge.is_some() {
            return;
        }
        let short = self.lacks_balance();
        if short && !self.cover_short {
            events.happened.notes.push(Note::CoverBelowBalance);
        }
        self.cover_short = short;
    }
}

fn no_rules() -> ExitRules {
    ExitRules {
        style: None,
        take_profit: None,
        stop_loss: None,
        defend: None,
        dte_exit: None,
        max_hold_days: None,
        max_rolls: 0,
        min_dte_to_roll: 0.0,
    }
}
