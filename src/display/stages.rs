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

/// What is announced of a run: each state once, and the quarters of its way.
///
/// `fraction` is the share of decisions done, 0 to 1. A run that `has_begun`, with a mark behind it, is running to the ear while it
/// waits for its next data.
pub fn spoken(state: Option<RunState>, fraction: f64, has_begun: bool) -> String {
    match state {
        None | Some(RunState::Draft) => String::new(),
        Some(RunState::Running | RunState::Loading) if has_begun => match (fraction * 4.0) as u32 {
            0 => "Backtest running".to_owned(),
            quarters => format!("Running, {} percent", quarters.min(3) * 25),
        },
        Some(state) => format!("Backtest {}", state.label().to_lowercase()),
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

    #[test]
    fn quarters_are_announced_and_a_wait_on_the_way_is_not() {
        let rows = [
            (None, 0.0, false, ""),
            (Some(RunState::Loading), 0.0, false, "Backtest loading"),
            (Some(RunState::Running), 0.0, true, "Backtest running"),
            (Some(RunState::Loading), 0.1, true, "Backtest running"),
            (Some(RunState::Running), 0.25, true, "Running, 25 percent"),
            (Some(RunState::Loading), 0.49, true, "Running, 25 percent"),
            (Some(RunState::Running), 0.99, true, "Running, 75 percent"),
            (Some(RunState::Running), 1.0, true, "Running, 75 percent"),
            (Some(RunState::Paused), 0.5, true, "Backtest paused"),
            (Some(RunState::Completed), 1.0, true, "Backtest finished"),
        ];
        for (state, fraction, has_begun, expected) in rows {
            assert_eq!(spoken(state, fraction, has_begun), expected, "{state:?} at {fraction}");
        }
    }
}
