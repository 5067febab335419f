//! What the core says of a request, in the form's words: labels in place of JSON's names.

use super::draft::Problem;
use super::fields::{self, Field, Kind, LEGS, SHARED, VARIANT};
use super::format::lowered;
use crate::run::RequestError;

impl From<RequestError> for Problem {
    fn from(e: RequestError) -> Problem {
        // An account that is empty begins with its units.
        let field = if e.field == "account" { "account.coins".to_owned() } else { e.field.clone() };
        let message =
            match (e.message.strip_prefix(&e.field).and_then(|rest| rest.strip_prefix(": ")), field_of(&field)) {
                (Some(said), Some(f)) => format!("{}: {}", f.label, typed(f, &in_labels(said))),
                _ => in_labels(&e.message),
            };
        Problem { field, message, remedy: e.remedy }
    }
}

/// The field of an error's path, or the one that the path lies within.
fn field_of(path: &str) -> Option<&'static Field> {
    let found = match path.strip_prefix("variants[").and_then(|rest| rest.split_once("].")) {
        Some((_, within)) => fields::variant(within),
        None => fields::shared(path).or_else(|| fields::variant(path)),
    };
    found.or_else(|| field_of(path.rsplit_once('.')?.0))
}

/// A sentence about a field in what is typed there: percent of what JSON has as a share, and nothing for its null.
fn typed(field: &Field, said: &str) -> String {
    let said = said.replace("write null", "leave it empty");
    let (Kind::Number(places @ 1..) | Kind::Optional(places @ 1..)) = field.kind else { return said };
    let shifted =
        |word: &str| crate::json::number(word).map(|x| super::format::plain(x * libm::pow(10.0, places.into())));
    // What follows the semicolon explains shares.
    let words = said.split(';').next().unwrap_or_default().split(' ');
    words.map(|word| shifted(word).unwrap_or_else(|| word.to_owned())).collect::<Vec<_>>().join(" ")
}

/// The core's words with the label of every field, and the words of every choice, that they name as JSON does.
pub fn in_labels(text: &str) -> String {
    let label = |word: &str| {
        let of_field = |f: &Field| match f.kind {
            _ if f.path.rsplit('.').next() == Some(word) => Some(f.label),
            Kind::Choice(all) => all.iter().find(|(value, _)| *value == word).map(|(_, words)| *words),
            _ => None,
        };
        // A name of one word is a word like others.
        word.contains('_').then(|| SHARED.iter().chain(VARIANT).chain(LEGS).find_map(of_field)).flatten()
    };
    text.split(' ').map(|word| label(word).map_or_else(|| word.to_owned(), lowered)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::hedges::with_own;
    use crate::market::Catalog;
    use crate::run::resolve;
    use crate::strategy::Hedge;
    use serde_json::{Value, json};

    fn catalog() -> Catalog {
        Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog")
    }

    #[test]
    fn refusals_stand_at_their_field_in_its_words() {
        let variant = |written: Value| json!({ "variants": [written] });
        let loan = |written: Value| json!({ "account": { "loan": written } });
        for (mut written, field, message) in [
            (variant(json!({ "target_delta": 25 })), "variants[0].target_delta", "Target delta: 25 is above 1"),
            (variant(json!({ "min_dte": 30 })), "variants[0].min_dte", "Minimum days: 30 is above maximum days 21"),
            (
                variant(json!({ "max_open": 0 })),
                "variants[0].max_open",
                "Open trades: 0 is not positive; leave it empty for no limit",
            ),
            (
                variant(json!({ "size": 2 })),
                "variants[0].size",
                "Size: 2 is more than the 1 that is deposited to cover it",
            ),
            (
                variant(json!({ "exit": { "take_profit": 1.2 } })),
                "variants[0].exit.take_profit",
                "Take profit: 120 is above 100",
            ),
            (
                variant(json!({ "hedge": { "legs": [] } })),
                "variants[0].hedge.legs",
                "Hedge: a put hedge has one put; found 0 puts and 0 calls",
            ),
            (
                json!({ "decision_offset_hours": 25 }),
                "decision_offset_hours",
                "First decision at: 25 is not between 0 and 23",
            ),
            (
                json!({ "account": { "coins": 0 } }),
                "account.coins",
                "Units: coins and cash are both 0; deposit something",
            ),
            (loan(json!({ "apr": 12 })), "account.loan.apr", "Interest: 1200 is above 1000"),
            (
                loan(json!({ "liquidation_ltv": 0.7 })),
                "account.loan.liquidation_ltv",
                "Liquidation at: 70 is not between margin call at 75 and 100",
            ),
            (
                json!({ "start": "2001-01-01" }),
                "start",
                "Data not available before 2025-12-30. Set the start date to 2025-12-30 or later.",
            ),
            (
                variant(json!({ "weights": { "dte_width": 0 } })),
                "variants[0].weights.dte_width",
                "variants[0].weights.dte_width: 0 is not positive",
            ),
        ] {
            written["dataset"] = json!("btc-2026");
            let problem = Problem::from(resolve(&written.to_string(), &catalog()).expect_err("refused"));
            assert_eq!((problem.field.as_str(), problem.message.as_str()), (field, message));
        }
        let own = with_own(&[], "Mine", &Hedge { tenor_days: 0.0, ..Hedge::default() });
        assert_eq!(own, Err("Tenor: 0 is not positive.".into()));
    }

    #[test]
    fn warnings_name_fields_by_their_labels() {
        let written = json!({ "variants": [{ "target_delta": 0.5, "target_dte": 60, "exit": { "max_rolls": 1 } }] });
        let warnings = resolve(&written.to_string(), &catalog()).expect("it runs").warnings;
        assert_eq!(
            warnings.iter().map(|warning| in_labels(warning)).collect::<Vec<_>>(),
            [
                "Covered call: hold to expiry ignores the exit rules that are written for it",
                "Covered call: target delta 0.5 is not between minimum delta 0.15 and maximum delta 0.35",
                "Covered call: target days 60 is not between minimum days 3 and maximum days 21",
            ]
        );
    }
}
