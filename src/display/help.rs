//! The Help page's tables, from the titles that the rest of the page shows.

use crate::engine::Reason;
use crate::run::RunState;
use crate::strategy::{EntryBlock, Refusal, Trigger};

/// A term and what it means.
pub type Row = (&'static str, &'static str);

/// The page's sections: id within the address, title.
pub const SECTIONS: [Row; 9] = [
    ("start", "First steps"),
    ("result", "Reading the result"),
    ("rules", "Exits and refusals"),
    ("glossary", "Glossary"),
    ("links", "Links and verification"),
    ("data", "Data and evidence"),
    ("runs", "Keeping runs"),
    ("keys", "Keyboard"),
    ("api", "JSON API"),
];

/// Exit rules in the order in which they are tested.
pub fn exits() -> Vec<Row> {
    let words = |trigger: Trigger| match trigger {
        Trigger::Liquidation => {
            "An uncovered variant's equity fell below the maintenance margin: all is closed, and the variant ends."
        }
        Trigger::StopLoss => "The mark reached so many times the opening fill.",
        Trigger::Defend => {
            "The index came too near the strike: index / strike for calls, strike / index for puts. Rolls."
        }
        Trigger::TakeProfit => "So much of the premium is earned: (opening fill − mark) / opening fill. Rolls.",
        Trigger::DteExit => "So few days to expiry are left.",
        Trigger::MaxHold => "The leg has been open for so many days.",
        _ => "Held to the end: settled at the delivery price.",
    };
    [
        Trigger::Liquidation,
        Trigger::StopLoss,
        Trigger::Defend,
        Trigger::TakeProfit,
        Trigger::DteExit,
        Trigger::MaxHold,
        Trigger::Expiry,
    ]
    .map(|trigger| (trigger.title(), words(trigger)))
    .to_vec()
}

/// Why an option is refused, in the order of the tests.
pub fn refusals() -> Vec<&'static str> {
    Refusal::ALL.map(Refusal::title).to_vec()
}

/// Why nothing was opened, most important first.
pub fn reasons() -> Vec<&'static str> {
    let filters = [
        EntryBlock::IvPercentile,
        EntryBlock::IvPercentileAbsent,
        EntryBlock::Weekday,
        EntryBlock::IvRv,
        EntryBlock::IvRvAbsent,
    ];
    let mut reasons = vec![Reason::Gap];
    reasons.extend(filters.map(Reason::EntryFilter));
    reasons.extend([Reason::FullyCovered, Reason::NoCandidate, Reason::BelowMinScore, Reason::Waiting]);
    reasons.into_iter().map(Reason::title).collect()
}

/// The run's states as the run bar shows them.
pub fn states() -> Vec<Row> {
    let words = |state: RunState| match state {
        RunState::Draft => "No run yet.",
        RunState::Loading => "Waits for data.",
        RunState::Running => "Walks through the dates.",
        RunState::Paused => "Waits for Resume or Step.",
        RunState::Stopped => "Stopped by hand: the figures end there and are not annualised.",
        RunState::Completed => "Every variant reached the last date, was liquidated, or is switched off.",
        RunState::Partial => "Some variants failed; the others are whole.",
        RunState::Failed => "All variants failed; what there was is kept.",
    };
    RunState::ALL.map(|state| (state.label(), words(state))).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_something_of_its_own() {
        let mut all: Vec<&str> = refusals();
        all.extend(reasons());
        for (title, words) in exits().into_iter().chain(states()).chain(SECTIONS) {
            assert!(!title.is_empty() && !words.is_empty());
            all.push(title);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a title stands twice");
    }
}
