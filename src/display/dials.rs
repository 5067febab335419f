//! The dials: settings of a variant that somebody turns while the result follows.

use super::fields;
use super::{At, Draft};
use crate::json;

/// A setting with its reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// The field's path within a variant.
    pub path: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Its unit; empty for none.
    pub unit: &'static str,
    /// Least value, as the form writes it.
    pub least: f64,
    /// Greatest value.
    pub greatest: f64,
    /// Between two neighbours.
    pub step: f64,
}

/// What can be turned at the variant of a place, for the exit style that it runs with; nothing where there is no such variant.
///
/// Target delta and days stay between the least and the greatest that the variant allows.
pub fn dials(draft: &Draft, place: usize) -> Vec<Dial> {
    if place >= draft.variant_count() {
        return Vec::new();
    }
    let at = At::Variant(place);
    let number = |path| json::number(draft.text(at, path).trim());
    let dial = |path, reach: Option<(f64, f64)>, step| {
        let field = fields::variant(path)?;
        let (least, greatest) = reach.filter(|(least, greatest)| greatest - least >= step)?;
        Some(Dial { path, label: field.label, unit: field.unit, least, greatest, step })
    };
    if draft.is_hedge(place) {
        let is_priced = draft.text(at, fields::LEG_PATHS[0].by) == "moneyness";
        let strike = is_priced.then_some((60.0, 110.0));
        let all = [
            dial("hedge.coverage", Some((0.0, 100.0)), 5.0),
            dial("hedge.tenor_days", Some((7.0, 365.0)), 1.0),
            dial(fields::LEG_PATHS[0].moneyness, strike, 1.0),
        ];
        return all.into_iter().flatten().collect();
    }
    let rolls = draft.style_of(place) == "tp_and_roll";
    let all = [
        dial("target_delta", number("min_delta").zip(number("max_delta")), 0.01),
        dial("target_dte", number("min_dte").zip(number("max_dte")), 1.0),
        dial("min_score", Some((0.0, 10.0)), 0.5).filter(|_| draft.text(at, "selection") != "nearest"),
        dial("exit.take_profit", Some((5.0, 95.0)), 5.0).filter(|_| rolls),
    ];
    all.into_iter().flatten().collect()
}

/// The first of the variants at these places whose dials change something, else the first of all: a hedge of nothing costs the same at any
/// tenor and strike.
pub fn first_of_effect(draft: &Draft, places: impl Iterator<Item = usize> + Clone) -> Option<usize> {
    let covers = |place: usize| json::number(draft.text(At::Variant(place), "hedge.coverage")) != Some(0.0);
    places.clone().find(|place| !draft.is_hedge(*place) || covers(*place)).or_else(|| places.clone().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::RunRequest;
    use serde_json::json;

    fn fresh() -> Draft {
        Draft::read(&json!({}), RunRequest::default().to_value())
    }

    fn paths(draft: &Draft) -> Vec<&'static str> {
        dials(draft, 0).iter().map(|dial| dial.path).collect()
    }

    #[test]
    fn a_variant_offers_what_its_exit_style_and_selection_use() {
        let mut draft = fresh();
        assert_eq!(paths(&draft), ["target_delta", "target_dte", "min_score"]);
        draft.set(At::Variant(0), "exit.style", "tp_and_roll");
        assert!(paths(&draft).contains(&"exit.take_profit"));
        draft.set(At::Variant(0), "selection", "nearest");
        assert!(!paths(&draft).contains(&"min_score"));
        assert_eq!(dials(&draft, 1), []);
    }

    #[test]
    fn the_reach_is_what_the_variant_allows() {
        let mut draft = fresh();
        draft.set(At::Variant(0), "min_delta", "0.1");
        draft.set(At::Variant(0), "max_dte", "30");
        let found = dials(&draft, 0);
        assert_eq!((found[0].least, found[0].greatest, found[1].greatest), (0.1, 0.35, 30.0));
        draft.set(At::Variant(0), "min_delta", "0.1x");
        assert_eq!(paths(&draft)[0], "target_dte", "no reach, no dial");
    }

    #[test]
    fn a_hedge_has_dials_of_its_own() {
        let mut draft = fresh();
        draft.take_template(0, "Put 95 %, 12 months", &[]);
        assert_eq!(paths(&draft), ["hedge.coverage", "hedge.tenor_days", "hedge.legs[0].moneyness"]);
    }

    #[test]
    fn dials_begin_where_they_change_something() {
        let mut draft = fresh();
        draft.add_variant(None);
        draft.take_template(0, "No hedge", &[]);
        draft.take_template(1, "Put 95 %, 12 months", &[]);
        assert_eq!(first_of_effect(&draft, 0..2), Some(1));
        assert_eq!(first_of_effect(&draft, 0..1), Some(0), "none does");
        assert_eq!(first_of_effect(&fresh(), 0..1), Some(0), "a call is sold");
        assert_eq!(first_of_effect(&draft, 0..0), None);
    }
}
