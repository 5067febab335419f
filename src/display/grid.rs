//! The grid of dates by variants: what each variant did in each stretch of the run.

use crate::engine::{FillAction, Step};
use crate::run::{Unit, UnitState};

/// Most stretches that a run is cut into.
const MOST_CELLS: usize = 60;

/// What a variant did in one stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Not reached yet.
    Pending,
    /// It held nothing.
    Idle,
    /// It held an option.
    Held,
    /// It opened a leg.
    Opened,
    /// It had ended before: failed, stopped or liquidated.
    Ended,
    /// It was switched off.
    Skipped,
}

impl Cell {
    /// Its name in the stylesheet.
    pub fn key(self) -> &'static str {
        match self {
            Cell::Pending => "pending",
            Cell::Idle => "idle",
            Cell::Held => "held",
            Cell::Opened => "opened",
            Cell::Ended => "ended",
            Cell::Skipped => "skipped",
        }
    }
}

/// The cells of a variant over `marks` marks, of which `done` are passed.
pub fn cells(unit: &Unit, done: usize, marks: usize) -> Vec<Cell> {
    let count = marks.clamp(1, MOST_CELLS);
    let bound = |cell: usize| cell * marks / count;
    (0..count).map(|cell| cell_of(unit, bound(cell), bound(cell + 1), done)).collect()
}

fn cell_of(unit: &Unit, from: usize, to: usize, done: usize) -> Cell {
    if unit.state == UnitState::Skipped {
        return Cell::Skipped;
    }
    let end = to.min(unit.steps.len());
    let steps = unit.steps.get(from..end).unwrap_or_default();
    let opened = |step: &Step| step.fills.iter().any(|fill| fill.action == FillAction::Open);
    match steps.last() {
        None if from < done || unit.is_done() => Cell::Ended,
        None => Cell::Pending,
        Some(_) if steps.iter().any(opened) => Cell::Opened,
        Some(_) if steps.iter().any(|step| !step.held.is_empty()) => Cell::Held,
        Some(_) => Cell::Idle,
    }
}

/// The state of a variant in words.
pub fn state_words(state: UnitState) -> &'static str {
    match state {
        UnitState::Pending => "waits",
        UnitState::Running => "runs",
        UnitState::Completed => "done",
        UnitState::Failed => "failed",
        UnitState::Skipped => "off",
        UnitState::Stopped => "stopped",
        UnitState::Liquidated => "liquidated",
    }
}
