//! The stages of a run in words: validating inputs, fetching prices, running, complete, and where it failed.

use crate::run::RunState;

/// What is known of a run's way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// It is about to begin.
    pub is_starting: bool,
    /// Its state; `None` before any run.
    pub state: Option<RunState>,
    /// Its first prices refused the request.
    pub is_refused: bool,
    /// Its data could not be read.
    pub has_no_data: bool,
}

/// The stage that a run is in, or in which it ended; nothing before any run.
pub fn words(way: Way) -> &'static str {
    match way.state {
        _ if way.is_starting => "Validating inputs",
        None | Some(RunState::Draft) => "",
        Some(RunState::Loading) => "Fetching prices",
        Some(RunState::Running) => "Running",
        Some(RunState::Paused) => "Running, held",
        Some(RunState::Completed) => "Complete",
        Some(RunState::Partial) => "Complete, some variants failed",
        Some(RunState::Stopped) => "Stopped",
        Some(RunState::Failed) if way.is_refused => "Failed at: validating inputs",
        Some(RunState::Failed) if way.has_no_data => "Failed at: fetching prices",
        Some(RunState::Failed) => "Failed at: running",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_word() {
        let at = |state| Way { state: Some(state), ..Way::default() };
        let rows = [
            (Way::default(), ""),
            (Way { is_starting: true, ..at(RunState::Completed) }, "Validating inputs"),
            (at(RunState::Loading), "Fetching prices"),
            (at(RunState::Running), "Running"),
            (at(RunState::Completed), "Complete"),
            (Way { is_refused: true, ..at(RunState::Failed) }, "Failed at: validating inputs"),
            (Way { has_no_data: true, ..at(RunState::Failed) }, "Failed at: fetching prices"),
            (at(RunState::Failed), "Failed at: running"),
        ];
        for (way, expected) in rows {
            assert_eq!(words(way), expected);
        }
    }
}
