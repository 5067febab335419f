//! Run and unit states and the one table of what a command does in each.

use serde::{Deserialize, Serialize};

/// State of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Not started.
    Draft,
    /// Waits for its first or next data.
    Loading,
    /// Steps.
    Running,
    /// Waits for resume.
    Paused,
    /// Stopped by a person.
    Stopped,
    /// All units are done.
    Completed,
    /// Some failed.
    Partial,
    /// All failed.
    Failed,
}

impl RunState {
    /// All states.
    pub const ALL: [RunState; 8] = [
        RunState::Draft,
        RunState::Loading,
        RunState::Running,
        RunState::Paused,
        RunState::Stopped,
        RunState::Completed,
        RunState::Partial,
        RunState::Failed,
    ];

    /// Nothing will change it any more.
    pub fn is_final(self) -> bool {
        matches!(self, RunState::Stopped | RunState::Completed | RunState::Partial | RunState::Failed)
    }

    /// The word on screen.
    pub fn label(self) -> &'static str {
        match self {
            RunState::Draft => "IDLE",
            RunState::Loading => "LOADING",
            RunState::Running => "RUNNING",
            RunState::Paused => "PAUSED",
            RunState::Stopped => "STOPPED",
            RunState::Completed => "FINISHED",
            RunState::Partial => "PARTIAL",
            RunState::Failed => "ERROR",
        }
    }
}

/// State of one variant within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitState {
    /// Not begun.
    Pending,
    /// Steps.
    Running,
    /// Reached the last mark.
    Completed,
    /// Failed; its partial results are kept.
    Failed,
    /// Switched off.
    Skipped,
    /// Stopped with the run.
    Stopped,
    /// Its margin or equity was used up.
    Liquidated,
}

/// What a person, a driver or the data can do to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Begin.
    Start,
    /// The data that was waited for has come.
    Data,
    /// Hold.
    Pause,
    /// Go on.
    Resume,
    /// One mark.
    SingleStep,
    /// End now, keeping what there is.
    Stop,
    /// The data or the platform failed.
    Fault,
    /// The last mark was reached.
    EndOfMarks,
    /// Remove.
    Delete,
}

impl Command {
    /// All commands.
    pub const ALL: [Command; 9] = [
        Command::Start,
        Command::Data,
        Command::Pause,
        Command::Resume,
        Command::SingleStep,
        Command::Stop,
        Command::Fault,
        Command::EndOfMarks,
        Command::Delete,
    ];
}

/// What a command leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run is in this state now.
    To(RunState),
    /// Loading or running again, as the data allow.
    Onward,
    /// Completed, partial or failed, as the units say.
    Concluded,
    /// A new run begins; this one stays as it is.
    NewRun,
    /// The run is gone (stopped first where it was under way).
    Gone,
}

/// A command that does nothing in this state, with the sentence to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllegalCommand {
    /// Another run is under way.
    #[error("backtest already running")]
    AlreadyRunning,
    /// No effect here.
    #[error("{command:?} has no effect while the backtest is {state:?}")]
    NoEffect {
        /// What was asked.
        command: Command,
        /// The state it was asked in.
        state: RunState,
    },
}

impl RunState {
    /// The table of commands: what `command` leads to from this state.
    ///
    /// # Errors
    /// The command does nothing here.
    pub fn on(self, command: Command) -> Result<Outcome, IllegalCommand> {
        use Command as C;
        use RunState as S;
        match (self, command) {
            (S::Draft, C::Start) => Ok(Outcome::To(S::Loading)),
            (S::Loading | S::Running | S::Paused, C::Start) => Err(IllegalCommand::AlreadyRunning),
            (s, C::Start) if s.is_final() => Ok(Outcome::NewRun),
            (S::Loading | S::Running, C::Data) => Ok(Outcome::To(S::Running)),
            (S::Paused, C::Data) => Ok(Outcome::To(S::Paused)),
            (S::Loading | S::Running, C::Pause) => Ok(Outcome::To(S::Paused)),
            (S::Paused, C::Resume) => Ok(Outcome::Onward),
            (S::Paused, C::SingleStep) => Ok(Outcome::To(S::Paused)),
            (S::Loading | S::Running | S::Paused, C::Stop) => Ok(Outcome::To(S::Stopped)),
            (S::Loading | S::Running | S::Paused, C::Fault) => Ok(Outcome::To(S::Failed)),
            (S::Running | S::Paused, C::EndOfMarks) => Ok(Outcome::Concluded),
            (_, C::Delete) => Ok(Outcome::Gone),
            (state, command) => Err(IllegalCommand::NoEffect { command, state }),
        }
    }
}
