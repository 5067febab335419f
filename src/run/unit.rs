//! One variant of a run: its account, its steps and its figures.

use super::checkpoint::Past;
use super::incidents::Incidents;
use super::resolve::Resolved;
use super::state::UnitState;
use crate::engine::{Backtest, BacktestConfig, FillAction, Mark, Note, Standing, Step};
use crate::market::{Contract, MarketContext, MarketSnapshot};
use crate::metrics::{CostColumn, Metrics, Summary, Trade, cost_column};
use crate::strategy::{ExitStyle, HedgePlan, Inspected, ScanRules, ScanView, Structure, Variant, candidates, hedge};
use crate::units::{DAY_MS, Timestamp};
use std::fmt;

/// One variant of a run.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The variant's name.
    pub name: String,
    /// Where it stands.
    pub state: UnitState,
    /// Its exit style.
    pub style: ExitStyle,
    /// One record a mark.
    pub steps: Vec<Step>,
    /// Its figures so far.
    pub metrics: Metrics,
    /// Why and when it failed; `None` otherwise.
    pub error: Option<UnitError>,
    incidents: Incidents,
    config: BacktestConfig,
    backtest: Backtest,
}

/// Why and when a variant failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// "Kind: message".
    pub message: String,
    /// The last mark that it stepped; `None` before the first.
    pub date: Option<Timestamp>,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.date.map_or(Ok(()), |date| write!(f, ", after {}", date.format("%Y-%m-%d %H:%M")))
    }
}

/// What a step saw.
#[derive(Clone, Debug)]
pub struct Inspection<'a> {
    /// The state.
    pub snapshot: &'a MarketSnapshot,
    /// Its context.
    pub context: MarketContext,
    /// Every option of the structure's kind, in contract order; none for a variant that hedges.
    pub options: Vec<Inspected>,
    /// The hedge that the state gives; `None` where it lists none, and for a variant that does not hedge.
    pub hedge: Option<HedgePlan>,
}

impl Unit {
    /// A variant before its first of `marks` marks.
    pub(super) fn new(variant: &Variant, resolved: &Resolved, marks: usize) -> Unit {
        let (request, dataset) = (&resolved.request, &resolved.dataset);
        let style = request.style_of(variant);
        let config = BacktestConfig {
            variant: variant.clone(),
            style,
            account: request.account.clone(),
            costs: request.costs.clone(),
            cost_multiple: 1.0,
            settlement: dataset.settlement,
            tick: dataset.tick.clone(),
            lot: dataset.lot,
            contract_size: dataset.contract_size,
        };
        Unit {
            name: variant.name.clone(),
            state: if variant.enabled { UnitState::Pending } else { UnitState::Skipped },
            style,
            steps: Vec::with_capacity(if variant.enabled { marks } else { 0 }),
            metrics: Metrics::new(dataset.settlement, dataset.day_count)
                .with_loan(request.account.loan.as_ref(), dataset.contract_size),
            incidents: Incidents::default(),
            error: None,
            backtest: Backtest::new(config.clone()),
            config,
        }
    }

    /// How its trades are left, in words.
    pub fn style_title(&self) -> &'static str {
        if self.config.variant.hedge.is_some() { "Hedge" } else { self.style.title() }
    }

    /// It will not step any more.
    pub fn is_done(&self) -> bool {
        !matches!(self.state, UnitState::Pending | UnitState::Running)
    }

    pub(super) fn end(&mut self, state: UnitState) {
        if !self.is_done() {
            self.state = state;
        }
    }

    /// Ends it with its reason; its steps so far are kept.
    fn fail(&mut self, message: &str) {
        self.state = UnitState::Failed;
        self.error = Some(UnitError { message: message.into(), date: self.steps.last().map(|step| step.time) });
    }

    pub(super) fn step(&mut self, mark: &Mark) {
        let step = self.backtest.step(mark);
        if !step.is_finite() {
            return self.fail("Arithmetic: the account's figures left the range of numbers");
        }
        self.metrics.update(&step);
        self.incidents.update(&step);
        self.steps.push(step);
        self.state = if self.backtest.is_liquidated() { UnitState::Liquidated } else { UnitState::Running };
    }

    /// What changes of its account from mark to mark.
    pub(super) fn standing(&self) -> Standing {
        self.backtest.standing()
    }

    /// Takes the account of a checkpoint.
    pub(super) fn stand_at(&mut self, standing: Standing) {
        self.backtest = Backtest::standing_at(self.config.clone(), standing);
    }

    /// Takes what it left behind; the figures follow from the steps.
    pub(super) fn relive(&mut self, past: Past) {
        for step in &past.steps {
            self.metrics.update(step);
            self.incidents.update(step);
        }
        self.steps.extend(past.steps);
        self.state = past.state;
        self.error = past.error;
    }

    /// Its figures, those of a run that was cut short not annualised; `None` before its first mark.
    pub fn summary(&self, cut_short: bool) -> Option<Summary> {
        (!self.steps.is_empty()).then(|| self.metrics.summary(cut_short))
    }

    /// What the backtest was told.
    pub fn config(&self) -> &BacktestConfig {
        &self.config
    }

    /// The result if costs had been charged `multiple` times, trades held fixed.
    pub fn cost_column(&self, multiple: f64) -> CostColumn {
        cost_column(&self.steps, &self.config, multiple)
    }

    /// Trades in opening order.
    pub fn trades(&self) -> &[Trade] {
        self.metrics.trades()
    }

    pub(super) fn inspect<'a>(
        &self,
        step: &Step,
        snapshot: &'a MarketSnapshot,
        context: MarketContext,
    ) -> Inspection<'a> {
        if let Some(hedge) = &self.config.variant.hedge {
            let units = step.loan.as_ref().map_or(step.coins.0, |loan| loan.units.0);
            let hedge = hedge::plan(hedge, units, &self.config.hedge_view(step.time, snapshot));
            return Inspection { snapshot, context, options: Vec::new(), hedge };
        }
        let just_closed: Vec<Contract> = step.closed_contracts().collect();
        let opened_here = |contract: &Contract| {
            step.fills.iter().any(|fill| fill.action == FillAction::Open && fill.contract == *contract)
        };
        let distinct = self.config.variant.max_open.is_some_and(|most| most > 1);
        let legs = self.trades().iter().flat_map(|trade| &trade.legs);
        let held = legs.filter(|leg| leg.opened <= step.time && leg.closed.is_none_or(|closed| closed > step.time));
        let taken: Vec<Timestamp> =
            held.filter(|leg| distinct && !opened_here(&leg.contract)).map(|leg| leg.contract.expiry).collect();
        let view = ScanView {
            t: step.time,
            snapshot,
            context: &context,
            settlement: self.config.settlement,
            tick: &self.config.tick,
        };
        let rules = ScanRules {
            variant: &self.config.variant,
            costs: &self.config.costs,
            defend: self.config.variant.exit.defend.filter(|_| self.style == ExitStyle::TpAndRoll),
            just_closed: &just_closed,
            taken: &taken,
            highest_strike: None,
        };
        let options = candidates::inspect(view, rules);
        Inspection { snapshot, context, options, hedge: None }
    }

    /// Why it never began or ended before its last mark, where that is no failure.
    pub fn state_note(&self) -> Option<&'static str> {
        match self.state {
            UnitState::Skipped => Some("skipped, as it is switched off"),
            UnitState::Liquidated => Some(self.liquidation_note()),
            _ => None,
        }
    }

    fn liquidation_note(&self) -> &'static str {
        let ended_by = |note: &Note| self.steps.last().is_some_and(|step| step.notes.contains(note));
        if ended_by(&Note::WipedOut) {
            "liquidated: wiped out, nothing stands against the debt any more"
        } else if ended_by(&Note::LoanEnded) {
            "liquidated: the loan reached its liquidation threshold"
        } else {
            "liquidated: the equity fell below the maintenance margin"
        }
    }

    /// What happened to its loan and hedge that a person should know.
    fn loan_warnings(&self) -> Vec<String> {
        let seen = &self.incidents;
        let mut warnings = Vec::new();
        if seen.starts_above_margin_call {
            warnings.push("The loan starts above its margin-call level".to_owned());
        }
        if let (Some(hedge), Some(days)) = (&self.config.variant.hedge, seen.other_tenor) {
            let which = if days < hedge.tenor_days { "the longest listed" } else { "the first listed after it" };
            warnings.push(format!(
                "{}: no expiry is {:.0} days away; {which}, {days:.0} days, was taken",
                self.name, hedge.tenor_days
            ));
        }
        warnings.extend(self.late_hedge());
        if seen.unrolled > 0 {
            warnings.push(format!(
                "{}: a roll could not be filled at {} marks, where an old option had no bid or a new one no ask",
                self.name, seen.unrolled
            ));
        }
        if seen.call_does_not_pay {
            warnings.push(format!("{}: no call at the index or above it paid for the puts", self.name));
        }
        let sold: f64 = self.summary(true).and_then(|s| s.loan).map_or(0.0, |loan| loan.units_sold);
        if sold > 0.0 {
            warnings.push(format!("{}: the lender sold {sold:.4} units", self.name));
        }
        if self.steps.len() > 1 && self.steps[0].loan.is_some() && !seen.has_low {
            warnings.push(format!("{}: no intraday low; the index at each mark stands in", self.name));
        }
        warnings
    }

    /// A hedge that was first bought more than a day after the first mark.
    fn late_hedge(&self) -> Option<String> {
        let (first, bought) = (self.steps.first()?.time, self.incidents.first_fill?);
        let is_late = self.config.variant.hedge.is_some() && bought.ms_since(first) > DAY_MS;
        is_late.then(|| format!("{}: unhedged until {}, when a hedge could first be bought", self.name, bought.day()))
    }

    /// What happened that a person should know, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.incidents.approximated > 0 {
            let hours = self.incidents.oldest_age_ms as f64 / crate::units::HOUR_MS as f64;
            warnings.push(format!(
                "{}: delivery price approximated at {} settlements, by an index up to {hours:.1} h old",
                self.name, self.incidents.approximated
            ));
        }
        if self.incidents.cover_below_balance {
            let cover = match self.config.variant.structure {
                Structure::CoveredCall => "coins that cover the shorts",
                Structure::CashSecuredPut => "cash that secures the puts",
            };
            warnings.push(format!("{}: cover below balance: losses and fees took some of the {cover}", self.name));
        }
        warnings.extend(self.loan_warnings());
        if let Some(note) = self.state_note() {
            warnings.push(format!("{}: {note}", self.name));
        }
        let open = self.trades().iter().filter(|trade| trade.is_open()).count();
        if open > 0 && self.is_done() {
            warnings.push(format!("{}: {open} open at the end, valued at the mark", self.name));
        }
        warnings
    }
}
