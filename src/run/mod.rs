//! A run: one request, one dataset, its variants stepped together over the same snapshots.

pub mod checkpoint;
pub mod example;
pub mod export;
pub mod grid;
mod incidents;
mod loan;
pub mod output;
pub mod request;
pub mod resolve;
pub mod state;
pub mod unit;

pub use checkpoint::{Checkpoint, CheckpointMismatch, Past, UnitCheckpoint};
pub use grid::Grid;
pub use loan::{hedge_fault, undercollateralised};
pub use request::{RunRequest, Timeframe};
pub use resolve::{Remedy, RequestError, Resolved, dataset_for, resolve};
pub use state::{Command, IllegalCommand, Outcome, RunState, UnitState};
pub use unit::{Inspection, Unit, UnitError};

use crate::digest::{RunDigest, sha256_hex};
use crate::engine::{Bar, Mark, Step};
use crate::market::catalog::DailyBar;
use crate::market::{Dataset, Deliveries, History, IvHistory, MarketContext, MarketSnapshot};
use crate::units::{DAY_MS, HOUR_MS, Timestamp};
use std::borrow::Cow;
use std::ops::Range;

/// Version of the engine: results of different versions are not compared silently.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Days of snapshots before the start that the volatility percentile looks back on.
const LOOK_BACK_DAYS: i64 = 181;
/// The same where snapshots are also the closes: 200 sessions of five a week, and holidays.
const LOOK_BACK_DAYS_OF_CLOSES: i64 = 310;

/// What an advance came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// The wanted steps were made, or the state does not step.
    Continue,
    /// The pack of this index (within the dataset's packs) is needed next.
    NeedData(usize),
    /// The last mark was reached.
    Complete,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Decisions made.
    pub decisions_done: usize,
    /// Decisions in all.
    pub decisions_total: usize,
    /// Marks passed.
    pub marks_done: usize,
    /// Marks in all.
    pub marks_total: usize,
    /// The last mark passed; `None` before the first.
    pub time: Option<Timestamp>,
}

impl Progress {
    /// Decisions done / total, 0 to 1; marks where there is no decision.
    pub fn fraction(&self) -> f64 {
        if self.marks_done == self.marks_total {
            return 1.0;
        }
        match self.decisions_total {
            0 => self.marks_done as f64 / self.marks_total.max(1) as f64,
            total => self.decisions_done as f64 / total as f64,
        }
    }
}

impl Resolved {
    /// The marks of the request.
    pub fn grid(&self) -> Grid {
        let dataset = &self.dataset;
        Grid::new(&self.request, dataset.packs.first().map_or(dataset.first.start(), |pack| pack.first))
    }

    /// The packs that a run needs, in order: from the look-back before the start through the last mark.
    pub fn packs(&self) -> Range<usize> {
        let (dataset, grid) = (&self.dataset, self.grid());
        let packs = &dataset.packs;
        let days = if dataset.closes_are_snapshots() { LOOK_BACK_DAYS_OF_CLOSES } else { LOOK_BACK_DAYS };
        let from = self.request.start.start().plus_ms(-days * DAY_MS);
        let begin = packs.partition_point(|pack| pack.first <= from).saturating_sub(1);
        let last_mark = grid.len().checked_sub(1).map_or(from, |i| grid.time(i));
        let end = packs.partition_point(|pack| pack.first <= last_mark);
        begin..end.max(begin)
    }
}

/// A run between two marks.
#[derive(Clone, Debug)]
pub struct Run {
    resolved: Resolved,
    grid: Grid,
    history: History,
    ivs: IvHistory,
    deliveries: Deliveries,
    units: Vec<Unit>,
    state: RunState,
    next_mark: usize,
    seen: usize,
    decisions_done: usize,
    decisions_total: usize,
    refusal: Option<RequestError>,
}

impl Run {
    /// A draft run of a resolved request.
    pub fn new(resolved: Resolved) -> Run {
        let (dataset, grid) = (&resolved.dataset, resolved.grid());
        Run {
            grid,
            history: History::new(&dataset.daily, dataset.day_count),
            ivs: IvHistory::default(),
            deliveries: Deliveries::new(dataset.delivery.clone()).exact_at_expiry(dataset.model.is_some()),
            units: resolved.request.variants.iter().map(|v| Unit::new(v, &resolved, grid.len())).collect(),
            state: RunState::Draft,
            next_mark: 0,
            seen: 0,
            decisions_done: 0,
            decisions_total: grid.decisions(),
            refusal: None,
            resolved,
        }
    }

    /// The request and its dataset.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// The daily closes that are known so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Where the run stands.
    pub fn state(&self) -> RunState {
        self.state
    }

    /// Variants in request order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            decisions_done: self.decisions_done,
            decisions_total: self.decisions_total,
            marks_done: self.next_mark,
            marks_total: self.grid.len(),
            time: self.next_mark.checked_sub(1).map(|i| self.grid.time(i)),
        }
    }

    /// The packs that are needed, in order.
    pub fn packs(&self) -> Range<usize> {
        self.resolved.packs()
    }

    /// The first pack that is missing for a mark, given how many snapshots there are.
    fn missing_pack(&self, t: Timestamp, snapshots: usize) -> Option<usize> {
        let packs = &self.resolved.dataset.packs;
        let mut held = 0;
        self.packs().take_while(|i| packs[*i].first <= t).find(|i| {
            held += packs[*i].snapshots as usize;
            held > snapshots
        })
    }

    /// The pack that the next mark waits for, given how many snapshots of `packs()` there are; `None` where it can be made.
    pub fn pack_wanted(&self, snapshots: usize) -> Option<usize> {
        let is_next = self.next_mark < self.grid.len();
        is_next.then(|| self.missing_pack(self.grid.time(self.next_mark), snapshots)).flatten()
    }

    /// Applies a command between two steps.
    ///
    /// # Errors
    /// The command does nothing in this state.
    pub fn command(&mut self, command: Command) -> Result<Outcome, IllegalCommand> {
        let outcome = self.state.on(command)?;
        match outcome {
            Outcome::To(state) => self.state = state,
            Outcome::Onward => self.state = RunState::Running,
            Outcome::Concluded => self.state = self.concluded(),
            Outcome::NewRun | Outcome::Gone => {}
        }
        let ended = match self.state {
            RunState::Stopped => Some(UnitState::Stopped),
            RunState::Failed => Some(UnitState::Failed),
            _ => None,
        };
        if let Some(ended) = ended {
            self.units.iter_mut().for_each(|unit| unit.end(ended));
        }
        Ok(outcome)
    }

    /// Ends the run because data or platform failed; partial results are kept.
    pub fn fail(&mut self, message: &str) {
        self.fault(&format!("Data: {message}"));
    }

    /// Why its first prices refuse the request: a loan that they do not cover; `None` otherwise.
    pub fn refusal(&self) -> Option<&RequestError> {
        self.refusal.as_ref()
    }

    fn fault(&mut self, message: &str) {
        if self.command(Command::Fault).is_ok() {
            for unit in self.units.iter_mut().filter(|unit| unit.state == UnitState::Failed) {
                let date = unit.steps.last().map(|step| step.time);
                unit.error = Some(UnitError { message: message.into(), date });
            }
        }
    }

    fn concluded(&self) -> RunState {
        let any = |state: UnitState| self.units.iter().any(|unit| unit.state == state);
        let all_failed = self.units.iter().all(|unit| unit.state == UnitState::Failed);
        if all_failed {
            RunState::Failed
        } else if any(UnitState::Failed) {
            RunState::Partial
        } else if any(UnitState::Stopped) {
            RunState::Stopped
        } else {
            RunState::Completed
        }
    }

    /// Makes at most `max_steps` steps over the snapshots of `packs()` that are there so far, in order.
    ///
    /// Steps while running; while paused only for a single step (`command(SingleStep)` first).
    pub fn advance(&mut self, snapshots: &[MarketSnapshot], max_steps: usize) -> Advance {
        if !matches!(self.state, RunState::Running | RunState::Paused) {
            return Advance::Continue;
        }
        for _ in 0..max_steps {
            if self.next_mark == self.grid.len() || self.units.iter().all(Unit::is_done) {
                return self.conclude();
            }
            let t = self.grid.time(self.next_mark);
            if let Some(pack) = self.missing_pack(t, snapshots.len()) {
                return Advance::NeedData(pack);
            }
            self.step(t, snapshots);
            if self.state.is_final() {
                return Advance::Complete;
            }
        }
        if self.next_mark == self.grid.len() { self.conclude() } else { Advance::Continue }
    }

    fn conclude(&mut self) -> Advance {
        self.units.iter_mut().for_each(|unit| unit.end(UnitState::Completed));
        self.next_mark = self.grid.len();
        self.decisions_done = self.decisions_total;
        self.state = self.concluded();
        Advance::Complete
    }

    /// One mark of every variant.
    fn step(&mut self, t: Timestamp, snapshots: &[MarketSnapshot]) {
        while let Some(snapshot) = snapshots.get(self.seen).filter(|snapshot| snapshot.time <= t) {
            self.ivs.observe(snapshot.time, &snapshot.levels);
            self.deliveries.observe(snapshot.time, snapshot.index);
            if self.resolved.dataset.closes_are_snapshots() {
                self.history.observe(snapshot.time, snapshot.index);
            }
            self.seen += 1;
        }
        let decision = self.grid.is_decision(t);
        self.next_mark += 1;
        self.decisions_done += usize::from(decision);
        let Some(snapshot) = self.seen.checked_sub(1).map(|i| &snapshots[i]) else {
            return;
        };
        self.refusal = match self.units.iter().any(|unit| !unit.steps.is_empty()) {
            true => None,
            false => loan::undercollateralised(&self.resolved.request.account, snapshot.index),
        };
        if let Some(refusal) = &self.refusal {
            let message = format!("Request: {refusal}");
            return self.fault(&message);
        }
        let context = MarketContext::at(t, snapshot, &self.history, self.needs_percentile().then_some(&self.ivs));
        let mark = Mark {
            time: t,
            decision,
            last: self.next_mark == self.grid.len(),
            gap: is_gap(&self.resolved.dataset, snapshot, t),
            snapshot,
            context: &context,
            deliveries: &self.deliveries,
            bar: self.bar(t, &snapshots[..self.seen]),
        };
        self.units.iter_mut().filter(|unit| !unit.is_done()).for_each(|unit| unit.step(&mark));
    }

    /// An entry filter looks at the volatility's percentile, which is by far the dearest figure of a context.
    fn needs_percentile(&self) -> bool {
        self.units.iter().any(|unit| unit.config().variant.entry.min_iv_percentile.is_some())
    }

    /// The range of the index since the mark before `t`: of the snapshots' own highs and lows, else of the daily bars that
    /// ended since; at the first mark, and where nothing is known, the index alone.
    ///
    /// A daily bar is scaled to the index where the state is of the day's last hour.
    fn bar(&self, t: Timestamp, seen: &[MarketSnapshot]) -> Bar {
        let Some(state) = seen.last() else { return Bar::at(0.0) };
        let at_index = Bar::at(state.index.0);
        let Some(before) = self.next_mark.checked_sub(2).map(|i| self.grid.time(i)) else { return at_index };
        let new = &seen[seen.partition_point(|snapshot| snapshot.time <= before)..];
        let own = |bar: Bar, snapshot: &MarketSnapshot| {
            let (high, low) = (snapshot.high.unwrap_or(snapshot.index), snapshot.low.unwrap_or(snapshot.index));
            bar.with(high.0, low.0)
        };
        let bar = new.iter().fold(at_index, own);
        if state.low.is_some() {
            return bar;
        }
        let daily = |bar: Bar, day: &DailyBar| {
            let is_its_close = (0..=HOUR_MS).contains(&day.date.next().start().ms_since(state.time));
            let scale = if is_its_close { state.index.0 / day.close } else { 1.0 };
            bar.with(day.high * scale, day.low * scale)
        };
        self.ended_days(before, t).iter().fold(bar, daily)
    }

    /// The daily bars whose days ended after `before` and at or before `t`.
    fn ended_days(&self, before: Timestamp, t: Timestamp) -> &[DailyBar] {
        let daily = &self.resolved.dataset.daily;
        let until = |time: Timestamp| daily.partition_point(|bar| bar.date.next().start() <= time);
        &daily[until(before)..until(t)]
    }

    /// It ended before its last mark, stopped or failed; its figures are partial and not annualised.
    pub fn is_cut_short(&self) -> bool {
        matches!(self.state, RunState::Stopped | RunState::Failed)
    }

    /// What a step saw: context and every option with its score terms or its refusal; `None` without such a step.
    pub fn inspect<'a>(&self, unit: usize, step: usize, snapshots: &'a [MarketSnapshot]) -> Option<Inspection<'a>> {
        let (unit, step, at) = self.step_and_snapshot(unit, step, snapshots)?;
        Some(unit.inspect(step, &snapshots[at], self.context(step.time, snapshots, at)))
    }

    /// A step with its variant and the place of the snapshot that it saw; `None` without such a step, or where its snapshot is not among these.
    pub fn step_and_snapshot(
        &self,
        unit: usize,
        step: usize,
        snapshots: &[MarketSnapshot],
    ) -> Option<(&Unit, &Step, usize)> {
        let unit = self.units.get(unit)?;
        let step = unit.steps.get(step)?;
        let at = snapshots.binary_search_by(|s| s.time.cmp(&step.snapshot_time)).ok()?;
        Some((unit, step, at))
    }

    /// The context of a step on the snapshot at a place; a run that is only looked at has observed none yet.
    fn context(&self, t: Timestamp, snapshots: &[MarketSnapshot], at: usize) -> MarketContext {
        let unseen = snapshots.get(self.seen..=at).unwrap_or_default();
        let (mut history, mut ivs) = (Cow::Borrowed(&self.history), Cow::Borrowed(&self.ivs));
        for snapshot in unseen {
            ivs.to_mut().observe(snapshot.time, &snapshot.levels);
            if self.resolved.dataset.closes_are_snapshots() {
                history.to_mut().observe(snapshot.time, snapshot.index);
            }
        }
        MarketContext::at(t, &snapshots[at], &history, Some(&ivs))
    }

    /// The digest of everything that happened so far, 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut digest = RunDigest::default();
        for unit in &self.units {
            digest.variant(&unit.steps, self.resolved.dataset.tick.per_one, unit.state as u8);
        }
        digest.finish()
    }

    /// SHA-256 of the canonical request, the hashes of the packs used and the engine's version.
    pub fn fingerprint(&self) -> String {
        let lines = [self.resolved.request.canonical(), self.pack_hashes(), ENGINE_VERSION.to_owned()];
        sha256_hex(lines.join("\n").as_bytes())
    }

    /// SHA-256 of the packs used, in order, a line each; then of the model that makes quotes of them, where there is one.
    pub fn pack_hashes(&self) -> String {
        let dataset = &self.resolved.dataset;
        let mut hashes: Vec<String> = dataset.packs[self.packs()].iter().map(|pack| pack.sha256.clone()).collect();
        if let Some(model) = &dataset.model {
            let rules = serde_json::json!([model, dataset.calendar, dataset.rate]);
            hashes.push(sha256_hex(rules.to_string().as_bytes()));
        }
        hashes.join("\n")
    }

    /// Warnings of the request and of what happened, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.resolved.warnings.clone();
        for warning in self.units.iter().flat_map(Unit::warnings) {
            // what is said of the loan is said of the account, which all variants share
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        warnings
    }
}

fn is_gap(dataset: &Dataset, snapshot: &MarketSnapshot, t: Timestamp) -> bool {
    dataset.calendar.open_ms(snapshot.time, t) > dataset.gap_ms()
}
