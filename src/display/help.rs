//! The Help page's tables, from the titles that the rest of the page shows.

use super::fields::{Field, Kind, LEGS, SHARED, VARIANT};
use crate::engine::Reason;
use crate::pricing::FORMULAS;
use crate::run::RunState;
use crate::strategy::{EntryBlock, Refusal, Trigger};

/// A term and what it means.
pub type Row = (&'static str, &'static str);

/// The page's sections: id within the address, title.
pub const SECTIONS: [Row; 13] = [
    ("start", "First steps"),
    ("fields", "Settings"),
    ("result", "Reading the result"),
    ("rules", "Exits and refusals"),
    ("glossary", "Glossary"),
    ("pricing", "Pricing"),
    ("trust", "How to trust this"),
    ("links", "Links and verification"),
    ("data", "Data and evidence"),
    ("hosting", "Hosting"),
    ("runs", "Keeping runs"),
    ("keys", "Keyboard"),
    ("api", "JSON API"),
];

/// Fields of the form in three lists: of the whole run, of a variant, of a leg of its hedge. Each is its label with its unit, and the
/// line that the form shows below it, with the choices where it has some.
pub fn fields() -> [(&'static str, Vec<(String, String)>); 3] {
    let term = |field: &Field| match field.unit {
        "" => field.label.to_owned(),
        unit => format!("{}, {unit}", field.label),
    };
    let choices = |field: &Field| match field.kind {
        Kind::Choice(list) => list.iter().map(|(_, words)| *words).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    };
    let row = |field: &Field| {
        let choices = choices(field);
        let words =
            if choices.is_empty() { field.help.to_owned() } else { format!("{} One of: {choices}.", field.help) };
        (term(field), words)
    };
    let rows = |fields: &[Field]| fields.iter().map(row).collect();
    // The legs' fields are the same for each.
    let one = LEGS.iter().take_while(|field| field.path.starts_with("hedge.legs[0]")).count();
    [("Of the run", rows(SHARED)), ("Of a variant", rows(VARIANT)), ("Of each leg of a hedge", rows(&LEGS[..one]))]
}

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

/// How an option is priced, by the formulas beside the code.
pub fn pricing() -> Vec<Row> {
    FORMULAS.to_vec()
}

/// The title and the words of a link's result that was recomputed the same.
pub const VERIFIED: Row = ("Verified", "recomputed here, same result.");
/// The title of one that was not.
pub const DIFFERS: &str = "Differs";

/// What can come of opening a link with a result.
pub fn verdicts() -> Vec<Row> {
    vec![
        (VERIFIED.0, "Recomputed here, step for step the same result."),
        (DIFFERS, "Recomputed here, another result: engine, data or settings moved, and the line says which."),
        (
            "Cannot be computed",
            "The data of the link are not here, or the link is damaged or from a newer version; the page stays usable.",
        ),
    ]
}

/// What carries a result, and how anybody can look at it.
pub fn proofs() -> Vec<Row> {
    vec![
        (
            "Published figures",
            "Prices, greeks and volatilities of textbooks, and settlement, fees and margin as the venue's pages say, each with its citation and tolerance.",
        ),
        (
            "Identities",
            "Call less put is forward less strike. At every mark, equity less HODL is what the ledger's entries add up to, by a second computation.",
        ),
        (
            "The digest",
            "SHA-256 of every step of a run: the same request gives the same digest in every browser and on the command line.",
        ),
        ("The data", "The catalog holds the SHA-256 of every file; a file that differs is refused, whole."),
        (
            "Every decision",
            "A click on a step shows the quotes of that moment, each candidate with its score, and why the others were refused.",
        ),
    ]
}

/// What a good result still does not say.
pub fn doubts() -> Vec<&'static str> {
    vec![
        "That a strategy earns: one history is one episode, and a parameter that was tried often enough fits it.",
        "That you would have had these fills: the quotes are real or fitted ones, but nobody has seen your order.",
        "That the prices were real: the badge says whether they are recorded, fitted, modelled or made up.",
        "That the venue's rules stay: fees and margin are those of the preset, for all dates alike.",
    ]
}

/// How to serve the page and data of one's own.
pub fn hosting() -> Vec<Row> {
    vec![
        (
            "The page",
            "The built site is a plain folder: any static host serves it, under any path, without a server's program and without settings.",
        ),
        (
            "A data folder",
            "catalog.json with the files that it names, as the Data page's Save as folder and chainwalk pack write it. The site's own is its folder data/.",
        ),
        (
            "?catalog=ADDRESS",
            "Runs on the folder of that catalog, on any host; the link that is sent names it too. Files are told apart by their hash, so a folder can be moved.",
        ),
        (
            "CORS",
            "A folder on another host needs the answer header Access-Control-Allow-Origin: * or the page's origin. The same host needs nothing.",
        ),
        ("?embed=1", "Chart and key numbers alone, for a frame in another page: put it before the # of a link."),
        (
            "Kept up to date",
            "chainwalk record appends a snapshot of the live market to a folder, for a job that runs every hour.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::fields::MOST_LEGS;

    #[test]
    fn every_field_of_the_form_is_explained_once() {
        let lists = fields();
        let counts = lists.each_ref().map(|(_, rows)| rows.len());
        assert_eq!(counts, [SHARED.len(), VARIANT.len(), LEGS.len() / MOST_LEGS]);
        for (title, rows) in lists {
            let mut terms: Vec<&str> = rows.iter().map(|(term, _)| term.as_str()).collect();
            assert!(rows.iter().all(|(term, words)| !term.is_empty() && words.ends_with('.')), "{title}: {rows:?}");
            terms.sort_unstable();
            terms.dedup();
            assert_eq!(terms.len(), rows.len(), "{title}: a field stands twice");
        }
    }

    #[test]
    fn every_row_says_something_of_its_own() {
        let mut all: Vec<&str> = refusals();
        all.extend(reasons());
        for (title, words) in exits()
            .into_iter()
            .chain(states())
            .chain(SECTIONS)
            .chain(proofs())
            .chain(hosting())
            .chain(pricing())
            .chain(verdicts())
        {
            assert!(!title.is_empty() && !words.is_empty());
            all.push(title);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a title stands twice");
    }
}
