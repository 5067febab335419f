//! Where a run stands between two marks, and the way back into it.

use super::resolve::Resolved;
use super::state::{RunState, UnitState};
use super::unit::{Unit, UnitError};
use super::{ENGINE_VERSION, Run};
use crate::engine::{Standing, Step};
use serde::{Deserialize, Serialize};

/// What a run must be told to go on: only what changes, and no steps.
///
/// It is disposable: another request, dataset or engine refuses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Engine that made it.
    pub engine_version: String,
    /// Fingerprint of the run.
    pub fingerprint: String,
    /// Marks passed, the same in every variant that still steps.
    pub marks_done: usize,
    /// One a variant, in request order.
    pub units: Vec<UnitCheckpoint>,
}

/// Where one variant stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitCheckpoint {
    /// Steps made.
    pub steps: usize,
    /// Its account.
    pub standing: Standing,
}

/// What a variant left behind: enough to show it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// Where it stood.
    pub state: UnitState,
    /// Why it failed; `None` otherwise.
    pub error: Option<UnitError>,
    /// Its steps, from the first mark.
    pub steps: Vec<Step>,
}

/// Why a run cannot go on from a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointMismatch {
    /// Made by another engine.
    #[error("it was begun by engine {found}, and this is engine {ENGINE_VERSION}: run it again")]
    Engine {
        /// The engine that made it.
        found: String,
    },
    /// Made from another request or other data.
    #[error("its dataset has changed since it was begun: run it again")]
    Data,
    /// Steps and checkpoint are not of one moment.
    #[error("its record is damaged ({0}): run it again")]
    Damaged(String),
}

impl Run {
    /// Where the run stands; between two steps.
    pub fn checkpoint(&self) -> Checkpoint {
        let unit = |unit: &Unit| UnitCheckpoint { steps: unit.steps.len(), standing: unit.standing() };
        Checkpoint {
            engine_version: ENGINE_VERSION.into(),
            fingerprint: self.fingerprint(),
            marks_done: self.next_mark,
            units: self.units.iter().map(unit).collect(),
        }
    }

    /// A run as it was left: its state, its variants' steps and figures. It does not step.
    ///
    /// `marks_done` counts marks of the grid. Of `past`, what the request has no variant for is left out.
    pub fn of_past(resolved: Resolved, state: RunState, marks_done: usize, past: Vec<Past>) -> Run {
        let mut run = Run::new(resolved);
        run.state = state;
        run.next_mark = marks_done.min(run.grid.len());
        run.decisions_done = (0..run.next_mark).filter(|i| run.grid.is_decision(run.grid.time(*i))).count();
        for (unit, past) in run.units.iter_mut().zip(past) {
            unit.relive(past);
        }
        run
    }

    /// A paused run that goes on where a checkpoint was taken; `past` holds the steps up to it.
    ///
    /// # Errors
    /// The checkpoint is another engine's, another request's or dataset's, or does not fit the steps.
    pub fn resume(resolved: Resolved, checkpoint: Checkpoint, past: Vec<Past>) -> Result<Run, CheckpointMismatch> {
        if checkpoint.engine_version != ENGINE_VERSION {
            return Err(CheckpointMismatch::Engine { found: checkpoint.engine_version });
        }
        let kept: Vec<usize> = past.iter().map(|unit| unit.steps.len()).collect();
        let mut run = Run::of_past(resolved, RunState::Paused, checkpoint.marks_done, past);
        if run.fingerprint() != checkpoint.fingerprint {
            return Err(CheckpointMismatch::Data);
        }
        let due: Vec<usize> = checkpoint.units.iter().map(|unit| unit.steps).collect();
        if kept != due || due.len() != run.units.len() {
            return Err(CheckpointMismatch::Damaged(format!("{kept:?} steps, expected {due:?}")));
        }
        for (unit, at) in run.units.iter_mut().zip(checkpoint.units) {
            unit.stand_at(at.standing);
        }
        Ok(run)
    }
}
