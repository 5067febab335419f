//! Parts of a request that are there or not, as the form has them: the loan of an account, the hedge of a variant.

use super::draft::{At, Problem, Texts, get, parse, put, remove, same, show};
use super::fields::{self, Field, LEG_PATHS, MOST_LEGS};
use super::hedges;
use crate::portfolio::Loan;
use crate::pricing::OptionKind;
use crate::strategy::{Hedge, HedgeLeg};
use serde_json::{Value, json};

/// The path whose text is `true` where the part is there, and what an empty one means.
type Group = (&'static str, fn() -> Value);

const GROUPS: [Group; 2] = [
    ("account.loan", || serde_json::to_value(Loan::default()).unwrap_or_default()),
    ("hedge", || serde_json::to_value(Hedge::default()).unwrap_or_default()),
];
const LEGS: &str = "hedge.legs";
/// The text that says that the legs cannot be shown in fields and stand as they were written.
const RAW: &str = "hedge.legs.raw";
/// The text that counts the puts.
pub(super) const PUTS: &str = "hedge.puts";

/// The group that a path lies in, with the rest of the path.
fn group_of(path: &str) -> Option<(Group, &str)> {
    GROUPS.into_iter().find_map(|group| Some((group, path.strip_prefix(group.0)?.strip_prefix('.')?)))
}

/// The path stands for a group as a whole.
pub(super) fn is_group(path: &str) -> bool {
    GROUPS.iter().any(|group| group.0 == path)
}

fn is_on(path: &str, texts: &Texts) -> bool {
    texts.get(path).is_some_and(|text| text == "true")
}

/// The field is written by itself: it is no group, and its group is there.
pub(super) fn is_written(path: &str, texts: &Texts) -> bool {
    !is_group(path) && group_of(path).is_none_or(|(group, _)| is_on(group.0, texts))
}

/// The field says something: its group is there, or it is of none.
pub(super) fn is_in_use(path: &str, texts: &Texts) -> bool {
    let is_of_all = matches!(path, "name" | "enabled") || path.starts_with("hedge");
    // A variant that hedges sells nothing by itself.
    (is_group(path) || is_written(path, texts)) && (is_of_all || !is_on("hedge", texts))
}

/// What a field means where it is not written.
pub(super) fn default_of(path: &str, defaults: &Value) -> Value {
    match group_of(path) {
        Some((group, inner)) => get(&group.1(), inner).cloned().unwrap_or_default(),
        None => get(defaults, path).cloned().unwrap_or_default(),
    }
}

/// Fills in what a group's own defaults say, and the legs.
pub(super) fn read_defaults(fields: &[Field], texts: &mut Texts, written: &Value) {
    for f in fields.iter().filter(|f| group_of(f.path).is_some() && get(written, f.path).is_none()) {
        texts.insert(f.path, show(f, &default_of(f.path, &Value::Null)));
    }
    if texts.contains_key("hedge") {
        let legs = get(written, LEGS).map_or_else(|| Some(Hedge::default().legs), legs_of);
        texts.insert(RAW, legs.is_none().to_string());
        show_legs(texts, &legs.unwrap_or_else(|| Hedge::default().legs));
    }
}

/// Legs that the form can show; `None` of others.
fn legs_of(value: &Value) -> Option<Vec<HedgeLeg>> {
    let legs: Vec<HedgeLeg> = crate::json::of_value(value).ok()?;
    let puts = legs.iter().take_while(|leg| leg.kind == OptionKind::Put).count();
    let fits = 0 < puts && legs.len() <= MOST_LEGS && legs.len() - puts <= 1;
    fits.then_some(legs)
}

/// Writes legs into their texts.
pub(super) fn show_legs(texts: &mut Texts, legs: &[HedgeLeg]) {
    let empty = HedgeLeg::put(0.9, 0.5);
    for (i, paths) in LEG_PATHS.iter().enumerate() {
        let leg = legs.get(i).unwrap_or(&empty);
        let by = if leg.pays_for_puts {
            "pays"
        } else if leg.delta.is_some() {
            "delta"
        } else {
            "moneyness"
        };
        texts.insert(paths.by, by.to_owned());
        for (path, value, otherwise) in [
            (paths.moneyness, leg.moneyness, 1.1),
            (paths.delta, leg.delta, 0.25),
            (paths.weight, Some(leg.weight), 1.0),
        ] {
            if let Some(field) = fields::variant(path) {
                texts.insert(path, show(field, &json!(value.unwrap_or(otherwise))));
            }
        }
    }
    let puts = legs.iter().filter(|leg| leg.kind == OptionKind::Put).count();
    texts.insert(PUTS, puts.to_string());
}

/// Takes out of what no field shows the groups that the texts hold whole.
pub(super) fn tidy(rest: &mut Value, texts: &mut Texts, written: &Value) {
    if !is_on(RAW, texts) {
        remove(rest, LEGS);
    }
    for (path, _) in GROUPS {
        let is_empty = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
        if get(written, path).is_some() && get(rest, path).is_some_and(is_empty) {
            remove(rest, path);
        }
    }
}

/// Begins every group that is there, and leaves no trace of the others.
pub(super) fn begin(value: &mut Value, texts: &Texts) {
    for (path, _) in GROUPS.iter().filter(|group| texts.contains_key(group.0)) {
        if !is_on(path, texts) {
            remove(value, path);
        } else if get(value, path).is_none() {
            put(value, path, json!({}));
        }
    }
}

/// Writes the legs of a hedge that is there.
pub(super) fn write_legs(value: &mut Value, texts: &Texts, at: At, problems: &mut Vec<Problem>) {
    if !is_on("hedge", texts) || is_on(RAW, texts) {
        return;
    }
    let legs = serde_json::to_value(read_legs(texts, at, problems)).unwrap_or_default();
    if !same(&legs, &serde_json::to_value(Hedge::default().legs).unwrap_or_default()) {
        put(value, LEGS, legs);
    }
}

/// The legs that the texts say; what cannot be read is a problem.
pub(super) fn read_legs(texts: &Texts, at: At, problems: &mut Vec<Problem>) -> Vec<HedgeLeg> {
    let text = |path: &str| texts.get(path).map_or("", String::as_str);
    let (puts, has_call) = hedges::shape(text("hedge.kind"), text(PUTS));
    let mut number = |path: &'static str| {
        let field = fields::variant(path)?;
        let found = parse(field, text(path)).map(|value| value.as_f64());
        found.unwrap_or_else(|message| {
            problems.push(Problem::at(at.path(path), field.label, &message));
            None
        })
    };
    let mut leg = |place: usize| {
        let paths = LEG_PATHS[place];
        let mut leg = if place < puts { HedgeLeg::put(1.0, 1.0) } else { HedgeLeg::paying_call() };
        // A put on its own covers all that is covered.
        leg.weight = if puts == 1 && place == 0 { 1.0 } else { number(paths.weight).unwrap_or(1.0) };
        let by = text(paths.by);
        leg.pays_for_puts = by == "pays";
        leg.moneyness = if by == "moneyness" { number(paths.moneyness) } else { None };
        leg.delta = if by == "delta" { number(paths.delta) } else { None };
        leg
    };
    (0..puts + usize::from(has_call)).map(&mut leg).collect()
}
