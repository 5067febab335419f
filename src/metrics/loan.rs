//! What a loan went through: its days, its figures, and which of several hedges comes first.

use super::evidence::Evidence;
use super::summary::{LoanSummary, LtvPeak};
use super::trade::Trade;
use crate::engine::{LoanMark, Ltv, Step};
use crate::market::Settlement;
use crate::portfolio::{EntryKind, Loan, Side, price_at_ltv};
use crate::sort;
use crate::units::{Day, Timestamp, total};
use std::cmp::Ordering;

/// One day of a loan; money in USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoanDay {
    /// The UTC day whose prices these are: a mark at 00:00 closes the day before, but for the opening.
    pub date: Day,
    /// Lowest index of its marks' bars.
    pub low: f64,
    /// Highest one.
    pub high: f64,
    /// Index at its last mark.
    pub close: f64,
    /// Units of collateral.
    pub units: f64,
    /// units x close.
    pub collateral: f64,
    /// Options at their marks; short is negative.
    pub option_value: f64,
    /// Cash; below 0 where it paid for options.
    pub cash: f64,
    /// Principal and interest owed.
    pub debt: f64,
    /// collateral + options + cash - debt.
    pub net_value: f64,
    /// Long options held, contracts.
    pub contracts: f64,
    /// Loan-to-value without options and cash.
    pub unhedged: Ltv,
    /// Loan-to-value of the account.
    pub hedged: Ltv,
    /// The worst unhedged loan-to-value reaches the margin call.
    pub call_unhedged: bool,
    /// The worst loan-to-value of the account reaches it.
    pub call_hedged: bool,
    /// Price at which the unhedged loan-to-value is that of a margin call; `None` without units.
    pub call_price: Option<f64>,
    /// What the premium that was traded up to its last mark rests on.
    pub evidence: Evidence,
}

/// A loan's days, kept up to date step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct LoanBook {
    loan: Loan,
    contract_size: f64,
    settlement: Settlement,
    opening: Option<LoanDay>,
    start_value: f64,
    days: Vec<LoanDay>,
    snapshot: Option<Timestamp>,
    sold: f64,
    payoff: f64,
    evidence: Evidence,
}

impl LoanBook {
    /// No days yet.
    pub fn new(loan: Loan, contract_size: f64, settlement: Settlement) -> LoanBook {
        let (opening, days, snapshot) = (None, Vec::new(), None);
        let (start_value, sold, payoff, evidence) = (0.0, 0.0, 0.0, Evidence::default());
        LoanBook { loan, contract_size, settlement, opening, start_value, days, snapshot, sold, payoff, evidence }
    }

    /// Days in order.
    pub fn days(&self) -> &[LoanDay] {
        &self.days
    }

    /// Takes a step, and the trades as they stand after it; a mark without a newer snapshot adds no day.
    pub fn update(&mut self, step: &Step, trades: &[Trade]) {
        let Some(mark) = &step.loan else { return };
        let usd =
            |amount: f64, index: f64| if self.settlement == Settlement::Inverse { amount * index } else { amount };
        let received = step.settlements.iter().filter(|s| s.quantity > 0.0);
        self.payoff += total(received.map(|s| usd(s.quantity * s.value, s.delivery)));
        let sales = step.ledger.iter().filter(|entry| entry.kind == EntryKind::Liquidation);
        self.sold += total(sales.map(|entry| -entry.coins.0));
        self.evidence = Evidence::sum([self.evidence, Evidence::of_fills(&step.fills)].into_iter());
        let is_new = self.snapshot != Some(step.snapshot_time);
        self.snapshot = Some(step.snapshot_time);
        let day = self.day_of(step, mark, trades);
        if self.opening.is_none() {
            (self.opening, self.start_value) = (Some(day), step.hodl.usd.0);
        }
        match self.days.last_mut() {
            Some(last) if last.date == day.date || !is_new => last.take(&day),
            _ => self.days.push(day),
        }
    }

    fn day_of(&self, step: &Step, mark: &LoanMark, trades: &[Trade]) -> LoanDay {
        let reaches = |ltv: Option<f64>| ltv.is_none_or(|ltv| ltv >= self.loan.margin_call_ltv);
        let long = trades.iter().rev().filter(|trade| trade.is_open()).filter_map(|trade| trade.legs.last());
        let coins = total(long.filter(|leg| leg.side == Side::Long).map(|leg| leg.size));
        let opens = self.opening.is_none();
        LoanDay {
            date: if opens { step.time.day() } else { step.time.plus_ms(-1).day() },
            low: mark.low,
            high: mark.high,
            close: step.index,
            units: mark.units.0,
            collateral: mark.units.0 * step.index,
            option_value: step.option_value.usd.0,
            cash: step.cash.0 + (step.coins.0 - mark.units.0) * step.index,
            debt: mark.debt.0,
            net_value: step.equity.usd.0,
            contracts: coins / self.contract_size,
            unhedged: mark.unhedged,
            hedged: mark.hedged,
            call_unhedged: reaches(mark.unhedged.worst),
            call_hedged: reaches(mark.hedged.worst),
            call_price: price_at_ltv(mark.own_debt.0, mark.units.0, self.loan.margin_call_ltv),
            evidence: self.evidence,
        }
    }

    /// The figures so far, the cost by the year where `annual_days` of a run are given; `None` before the first mark.
    pub fn summary(&self, trades: &[Trade], annual_days: Option<f64>) -> Option<LoanSummary> {
        let (first, last) = (self.opening?, self.days.last()?);
        let days = || self.days.iter();
        let cost = total(trades.iter().map(|trade| trade.fees_usd - trade.realised_usd));
        let calls = |call: fn(&LoanDay) -> bool| self.days.iter().filter(move |day| call(day));
        let (hedged, unhedged) = (|day: &LoanDay| day.call_hedged, |day: &LoanDay| day.call_unhedged);
        let headroom = |ltv: f64| 1.0 - ltv / self.loan.margin_call_ltv;
        Some(LoanSummary {
            opening_ltv: first.unhedged.close,
            start_value: self.start_value,
            end_value: last.net_value,
            hedge_cost: cost,
            hedge_cost_a_year: annual_days.map(|days| cost * 365.0 / days / first.collateral),
            payoff_realised: self.payoff,
            max_ltv_hedged_close: peak(days(), |day| day.hedged.close),
            max_ltv_hedged_worst: peak(days(), |day| day.hedged.worst),
            max_ltv_unhedged_close: peak(days(), |day| day.unhedged.close),
            max_ltv_unhedged_worst: peak(days(), |day| day.unhedged.worst),
            margin_call_days_hedged: calls(hedged).count() as u32,
            margin_call_days_unhedged: calls(unhedged).count() as u32,
            first_margin_call_hedged: calls(hedged).next().map(|day| day.date),
            first_margin_call_unhedged: calls(unhedged).next().map(|day| day.date),
            margin_call_price: first.call_price,
            least_headroom: peak(days(), |day| day.hedged.worst).ltv.map(headroom),
            units_sold: self.sold,
        })
    }
}

impl LoanDay {
    /// Lets a later mark of the same day close it.
    fn take(&mut self, later: &LoanDay) {
        let worse = |one: Option<f64>, other: Option<f64>| Some(one?.max(other?));
        let before = *self;
        *self = LoanDay {
            date: before.date,
            low: before.low.min(later.low),
            high: before.high.max(later.high),
            unhedged: Ltv { worst: worse(before.unhedged.worst, later.unhedged.worst), ..later.unhedged },
            hedged: Ltv { worst: worse(before.hedged.worst, later.hedged.worst), ..later.hedged },
            call_unhedged: before.call_unhedged || later.call_unhedged,
            call_hedged: before.call_hedged || later.call_hedged,
            ..*later
        };
    }
}

/// The first of the highest values, absent (wiped out) above all.
fn peak<'a>(days: impl Iterator<Item = &'a LoanDay>, ltv: impl Fn(&LoanDay) -> Option<f64>) -> LtvPeak {
    let height = |ltv: Option<f64>| ltv.unwrap_or(f64::INFINITY);
    let mut highest: Option<LtvPeak> = None;
    for day in days {
        let here = LtvPeak { ltv: ltv(day), date: Some(day.date) };
        if highest.is_none_or(|top| height(here.ltv) > height(top.ltv)) {
            highest = Some(here);
        }
    }
    highest.unwrap_or_default()
}

/// By what one hedge stands before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// It has no margin call.
    NoMarginCall,
    /// Its worst loan-to-value is lower.
    WorstLtv,
    /// It cost less.
    Cost,
    /// It ended with more.
    EndValue,
    /// Its name.
    Name,
}

/// One entry of a ranking.
#[derive(Clone, Copy, Debug)]
pub struct Contender<'a> {
    /// The variant's name.
    pub name: &'a str,
    /// Its figures.
    pub loan: &'a LoanSummary,
}

/// Which stands first, and the first criterion by which they differ.
pub fn compare(one: &Contender, other: &Contender) -> (Ordering, Criterion) {
    let called = |c: &Contender| c.loan.first_margin_call_hedged.is_some();
    let worst = |c: &Contender| c.loan.max_ltv_hedged_worst.ltv.unwrap_or(f64::INFINITY);
    let criteria = [
        (called(one).cmp(&called(other)), Criterion::NoMarginCall),
        (worst(one).total_cmp(&worst(other)), Criterion::WorstLtv),
        (one.loan.hedge_cost.total_cmp(&other.loan.hedge_cost), Criterion::Cost),
        (other.loan.end_value.total_cmp(&one.loan.end_value), Criterion::EndValue),
    ];
    let by_name = (one.name.cmp(other.name), Criterion::Name);
    criteria.into_iter().find(|(order, _)| order.is_ne()).unwrap_or(by_name)
}

/// Places of the contenders, best first: no margin call, lower worst loan-to-value, lower cost, higher end value, name.
pub fn ranking(contenders: &[Contender]) -> Vec<usize> {
    sort::places(contenders.len(), &|a, b| compare(&contenders[a], &contenders[b]).0)
}
