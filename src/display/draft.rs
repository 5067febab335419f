//! The form's draft: one text a field, so that unfinished typing survives, and the way to a request and back.

use super::fields::{Field, Kind, SHARED, VARIANT, is_first};
use super::format::plain;
use super::groups;
use crate::json;
use crate::market::{Catalog, Dataset};
use crate::portfolio::Account;
use crate::run::{Remedy, RunRequest};
use crate::strategy::Variant;
use crate::units::Day;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where a field stands: in the request, or in the variant of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The whole request.
    Shared,
    /// The variant of this place.
    Variant(usize),
}

impl At {
    /// The path of a field as the request's errors name it.
    pub fn path(self, field: &str) -> String {
        match self {
            At::Shared => field.to_owned(),
            At::Variant(i) => format!("variants[{i}].{field}"),
        }
    }
}

/// What is wrong with the draft, at a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Path of the field; empty where no field is meant.
    pub field: String,
    /// One sentence.
    pub message: String,
    /// A change that would mend it.
    pub remedy: Option<Remedy>,
}

impl Problem {
    pub(super) fn at(field: String, label: &str, message: &str) -> Problem {
        Problem { field, message: format!("{label}: {message}"), remedy: None }
    }
}

/// Paths of the first and the last day.
const DATES: [&str; 2] = ["start", "end"];
/// Exit styles and the words that a variant's name gets for them.
const EXIT_STYLES: [(&str, &str); 2] = [("hold_to_expiry", "hold"), ("tp_and_roll", "roll")];

pub(super) type Texts = BTreeMap<&'static str, String>;

/// Texts of one part of the form beside what no field shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) texts: Texts,
    pub(super) rest: Value,
}

/// The draft of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    defaults: Value,
    shared: Part,
    pub(super) variants: Vec<Part>,
}

/// The request that an empty one means on a dataset, all fields written.
pub fn defaults_of(dataset: &Dataset) -> Value {
    let mut whole = RunRequest::default().to_value();
    let variant = serde_json::to_value(Variant::default()).unwrap_or_default();
    whole["costs"]["fees"] = serde_json::to_value(dataset.fees).unwrap_or_default();
    if dataset.defaults.is_object() {
        overlay(&mut whole, &dataset.defaults);
    }
    whole["underlying"] = json!(dataset.underlying);
    let mut first = variant;
    if let Some(written) = dataset.defaults.pointer("/variants/0") {
        overlay(&mut first, written);
    }
    whole["variants"] = json!([first]);
    whole
}

fn overlay(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                overlay(below.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

impl Draft {
    /// The draft that an empty request means on a dataset, its dates inside the dataset.
    pub fn new(dataset: &Dataset) -> Draft {
        let mut draft = Draft::read(&json!({}), defaults_of(dataset));
        for (path, bound) in [("start", dataset.first), ("end", dataset.last)] {
            let day = Day::parse(draft.text(At::Shared, path));
            if day.is_none_or(|d| d < dataset.first || d > dataset.last) {
                draft.set(At::Shared, path, bound.to_string());
            }
        }
        draft
    }

    /// The draft of a request as it was written, differences only, against a catalog.
    pub fn of_request(written: &Value, catalog: &Catalog) -> Option<Draft> {
        let id = written.get("dataset").and_then(Value::as_str);
        let underlying = written.get("underlying").and_then(Value::as_str).unwrap_or("BTC");
        let named = id.and_then(|id| catalog.dataset(id));
        let dataset = named.or_else(|| catalog.datasets.iter().find(|d| d.underlying == underlying));
        let dataset = dataset.or(catalog.datasets.first())?;
        if written.as_object().is_none_or(Map::is_empty) {
            return Some(Draft::new(dataset));
        }
        Some(Draft::read(written, defaults_of(dataset)))
    }

    pub(super) fn read(written: &Value, defaults: Value) -> Draft {
        let shared = Part::read(SHARED, written, &defaults, &["variants"]);
        let defaults_variant = defaults["variants"][0].clone();
        let empty = vec![json!({})];
        let list = written.get("variants").and_then(Value::as_array).unwrap_or(&empty);
        let variants = list.iter().map(|v| Part::read(VARIANT, v, &defaults_variant, &[])).collect();
        Draft { defaults, shared, variants }
    }

    /// Moves the draft to another dataset: texts that were the old defaults become the new ones; dates only where the dataset was
    /// chosen by its name, since otherwise they are what chose it.
    pub fn rebase(&mut self, dataset: &Dataset, is_named: bool) {
        let fresh = Draft::new(dataset);
        let old = Draft::read(&json!({}), self.defaults.clone());
        let move_part = |part: &mut Part, old: &Part, fresh: &Part| {
            for (path, text) in &mut part.texts {
                if (is_named || !DATES.contains(path))
                    && old.texts.get(path) == Some(text)
                    && let Some(new) = fresh.texts.get(path)
                {
                    text.clone_from(new);
                }
            }
        };
        move_part(&mut self.shared, &old.shared, &fresh.shared);
        for part in &mut self.variants {
            move_part(part, &old.variants[0], &fresh.variants[0]);
        }
        for path in DATES.into_iter().filter(|_| is_named) {
            let text = self.text(At::Shared, path).to_owned();
            if Day::parse(&text).is_some_and(|d| d < dataset.first || d > dataset.last) {
                self.set(At::Shared, path, fresh.text(At::Shared, path).to_owned());
            }
        }
        self.defaults = fresh.defaults;
    }

    fn part(&self, at: At) -> Option<&Part> {
        match at {
            At::Shared => Some(&self.shared),
            At::Variant(i) => self.variants.get(i),
        }
    }

    /// A field's text; empty where there is no such field.
    pub fn text(&self, at: At, path: &str) -> &str {
        self.part(at).and_then(|p| p.texts.get(path)).map_or("", String::as_str)
    }

    /// The field says something: the loan or the hedge that it belongs to is there, or it belongs to none.
    pub fn is_in_use(&self, at: At, path: &str) -> bool {
        self.part(at).is_some_and(|part| groups::is_in_use(path, &part.texts))
    }

    /// Sets a field's text; with the structure, the name that says the old one.
    pub fn set(&mut self, at: At, path: &'static str, text: impl Into<String>) {
        let text = text.into();
        if let (At::Variant(place), "structure") = (at, path) {
            self.rename(place, &text);
        }
        let part = match at {
            At::Shared => Some(&mut self.shared),
            At::Variant(i) => self.variants.get_mut(i),
        };
        if let Some(part) = part {
            part.texts.insert(path, text);
        }
    }

    /// The key of the exit style that a variant runs with: its own, else the run's.
    pub fn style_of(&self, place: usize) -> &str {
        let own = self.text(At::Variant(place), "exit.style");
        if own.is_empty() { self.text(At::Shared, "exit_style") } else { own }
    }

    /// A variant sells puts, which the account's cash secures.
    pub fn sells_puts(&self) -> bool {
        (0..self.variants.len())
            .any(|i| !self.is_hedge(i) && self.text(At::Variant(i), "structure") == "cash_secured_put")
    }

    /// True for a field that the form's first few have; `field` as the request's errors name it, or within a variant.
    pub fn is_first(&self, field: &str) -> bool {
        is_first(field) || field == "account.cash_usd" && self.sells_puts()
    }

    /// Labels of the settings beyond the form's first few that differ from the defaults, in the order of the form; of a single variant.
    pub fn changed_beyond(&self) -> Vec<&'static str> {
        let untouched = Draft::read(&json!({}), self.defaults.clone());
        let changed = |fields: &'static [Field], part: &Part, base: &Part| {
            let differs = |f: &&Field| !self.is_first(f.path) && part.texts.get(f.path) != base.texts.get(f.path);
            fields.iter().filter(differs).map(|f| f.label).collect::<Vec<_>>()
        };
        let mut all = changed(SHARED, &self.shared, &untouched.shared);
        if let (Some(part), Some(base)) = (self.variants.first(), untouched.variants.first()) {
            all.extend(changed(VARIANT, part, base));
        }
        all
    }

    /// True for what the form's first few fields cannot show: a loan, a hedge, another number of variants than one.
    pub fn needs_all(&self) -> bool {
        self.text(At::Shared, "account.loan") == "true" || self.variants.len() != 1 || self.is_hedge(0)
    }

    /// How many variants there are.
    pub fn variant_count(&self) -> usize {
        self.variants.len()
    }

    /// Adds a copy of a variant (of the defaults where there is none) under a free name; its place.
    pub fn add_variant(&mut self, like: Option<usize>) -> usize {
        let fresh = || Part::read(VARIANT, &json!({}), &self.defaults["variants"][0], &[]);
        let mut part = like.and_then(|i| self.variants.get(i).cloned()).unwrap_or_else(fresh);
        let name = part.texts.get("name").cloned().unwrap_or_default();
        let stem = stem_of(&name);
        let taken = |n: &String| self.variants.iter().any(|v| v.texts.get("name") == Some(n));
        let free = (2..).map(|k| format!("{stem} {k}")).find(|n| !taken(n));
        part.texts.insert("name", free.unwrap_or(name));
        let place = like.map_or(self.variants.len(), |i| (i + 1).min(self.variants.len()));
        self.variants.insert(place, part);
        place
    }

    /// Puts the two exit styles of a variant side by side: it and a copy, each with its own style and name.
    pub fn both_exit_styles(&mut self, place: usize) {
        let Some(part) = self.variants.get(place).cloned() else { return };
        let name = part.texts.get("name").cloned().unwrap_or_default();
        let pair = EXIT_STYLES.map(|(style, words)| {
            let mut own = part.clone();
            own.texts.insert("exit.style", style.into());
            own.texts.insert("name", format!("{name}, {words}"));
            own
        });
        self.variants.splice(place..=place, pair);
    }

    /// The opening account as the texts say; `None` while one of them cannot be read.
    pub fn account(&self) -> Option<Account> {
        let mut problems = Vec::new();
        let written = self.shared.write(SHARED, &self.defaults, At::Shared, &mut problems);
        let mut account = self.defaults["account"].clone();
        overlay(&mut account, written.get("account").unwrap_or(&json!({})));
        let is_whole = !problems.iter().any(|p| p.field.starts_with("account."));
        is_whole.then(|| json::of_value(&account).ok()).flatten()
    }

    /// The name of a variant that nobody has named.
    pub(super) fn default_name(&self) -> String {
        self.defaults["variants"][0]["name"].as_str().unwrap_or("Variant").to_owned()
    }

    /// The variant is the one that an empty request has.
    pub fn is_untouched(&self, place: usize) -> bool {
        let fresh = || Part::read(VARIANT, &json!({}), &self.defaults["variants"][0], &[]);
        self.variants.get(place).is_some_and(|part| *part == fresh())
    }

    /// Removes a variant; the last one stays.
    pub fn remove_variant(&mut self, place: usize) {
        if self.variants.len() > 1 && place < self.variants.len() {
            self.variants.remove(place);
        }
    }

    /// The request, differences from the defaults only.
    ///
    /// # Errors
    /// Every text that cannot be read, at its field.
    pub fn to_request(&self) -> Result<Value, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut request = self.shared.write(SHARED, &self.defaults, At::Shared, &mut problems);
        let base = &self.defaults["variants"][0];
        let variants: Vec<Value> = self
            .variants
            .iter()
            .enumerate()
            .map(|(i, p)| p.write(VARIANT, base, At::Variant(i), &mut problems))
            .collect();
        if variants.len() != 1 || variants[0].as_object().is_some_and(|v| !v.is_empty()) {
            request["variants"] = Value::Array(variants);
        }
        // What is chosen beside these defaults stands there already.
        if request.get("underlying").is_none() && self.defaults["underlying"] != json!("BTC") {
            request["underlying"] = self.defaults["underlying"].clone();
        }
        if problems.is_empty() { Ok(request) } else { Err(problems) }
    }
}

/// A name without the number that tells copies apart.
pub(super) fn stem_of(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()
}

impl Part {
    fn read(fields: &[Field], written: &Value, defaults: &Value, apart: &[&str]) -> Part {
        let mut rest = written.clone();
        for path in apart {
            remove(&mut rest, path);
        }
        let mut texts = Texts::new();
        for f in fields {
            let value = get(written, f.path).or_else(|| get(defaults, f.path)).unwrap_or(&Value::Null);
            let text = if groups::is_group(f.path) { value.is_object().to_string() } else { show(f, value) };
            texts.insert(f.path, text);
        }
        groups::read_defaults(fields, &mut texts, written);
        for (path, inner, custom) in UNIONS {
            if let Some(value) = get(written, path).or_else(|| get(defaults, path)) {
                read_union(&mut texts, path, inner, custom, value);
            }
        }
        for f in fields.iter().filter(|f| !groups::is_group(f.path)) {
            remove(&mut rest, f.path);
        }
        groups::tidy(&mut rest, &mut texts, written);
        if !rest.is_object() {
            rest = json!({});
        }
        Part { texts, rest }
    }

    pub(super) fn write(&self, fields: &[Field], defaults: &Value, at: At, problems: &mut Vec<Problem>) -> Value {
        let mut value = self.rest.clone();
        groups::begin(&mut value, &self.texts);
        for f in fields
            .iter()
            .filter(|f| groups::is_written(f.path, &self.texts))
            .filter(|f| !UNIONS.iter().any(|(_, inner, _)| *inner == f.path))
        {
            let text = self.texts.get(f.path).map_or("", String::as_str);
            let found = match UNIONS.iter().find(|u| u.0 == f.path) {
                Some((_, inner, custom)) if text == *custom => self.write_union(inner),
                _ => parse(f, text),
            };
            match found {
                Ok(v) if same(&v, &groups::default_of(f.path, defaults)) => {}
                Ok(v) => put(&mut value, f.path, v),
                Err(message) => problems.push(Problem::at(at.path(f.path), f.label, &message)),
            }
        }
        groups::write_legs(&mut value, &self.texts, at, problems);
        value
    }

    fn write_union(&self, inner: &str) -> Result<Value, String> {
        let text = self.texts.get(inner).map_or("", String::as_str);
        let number = number(text, 0)?;
        Ok(if inner.ends_with("bps") { json!({ "bps": number }) } else { number })
    }
}

/// Choices with a number of one's own: (path, path of the number's text, choice).
const UNIONS: [(&str, &str, &str); 2] =
    [("costs.fees", "costs.fees.bps", "custom"), ("costs.fill", "costs.fill.fraction", "fraction")];

fn read_union(texts: &mut Texts, path: &'static str, inner: &'static str, custom: &str, value: &Value) {
    if texts.contains_key(path) {
        let own = value.get("bps").or(Some(value)).and_then(Value::as_f64);
        texts.insert(inner, own.map_or_else(|| if custom == "custom" { "5".into() } else { "0.5".into() }, plain));
        if own.is_some() {
            texts.insert(path, custom.to_owned());
        }
    }
}

pub(super) fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |v, key| v.get(key))
}

pub(super) fn put(value: &mut Value, path: &str, new: Value) {
    let mut slot = value;
    for key in path.split('.') {
        if !slot.is_object() {
            *slot = json!({});
        }
        slot = &mut slot[key];
    }
    *slot = new;
}

/// Removes a path and the objects that it leaves empty.
pub(super) fn remove(value: &mut Value, path: &str) {
    let Some(map) = value.as_object_mut() else { return };
    match path.split_once('.') {
        None => {
            map.remove(path);
        }
        Some((head, tail)) => {
            if let Some(inner) = map.get_mut(head) {
                remove(inner, tail);
                if inner.as_object().is_some_and(Map::is_empty) {
                    map.remove(head);
                }
            }
        }
    }
}

/// Equal values, numbers by their value (`1` and `1.0` are one).
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

pub(super) fn show(field: &Field, value: &Value) -> String {
    let places = match field.kind {
        Kind::Number(places) | Kind::Optional(places) => places,
        _ => 0,
    };
    match value {
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => plain(n.as_f64().unwrap_or_default() * libm::pow(10.0, f64::from(places))),
        Value::Array(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

pub(super) fn parse(field: &Field, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match field.kind {
        Kind::Text => Ok(json!(text)),
        Kind::Choice(_) | Kind::Dynamic if text.is_empty() => Ok(Value::Null),
        Kind::Choice(_) | Kind::Dynamic => Ok(json!(text)),
        Kind::Date => {
            Day::parse(text).map(|d| json!(d)).ok_or_else(|| format!("{text:?} is not a date; write YYYY-MM-DD"))
        }
        Kind::Number(places) => number(text, places),
        Kind::Optional(_) | Kind::OptionalWhole | Kind::List if text.is_empty() => Ok(Value::Null),
        Kind::Optional(places) => number(text, places),
        Kind::Whole | Kind::OptionalWhole => {
            text.parse::<i64>().map(|n| json!(n)).map_err(|_| format!("{text:?} is not a whole number"))
        }
        Kind::List => text
            .split([' ', ','])
            .filter(|s| !s.is_empty())
            .map(|s| s.parse::<u8>().map(|n| json!(n)).map_err(|_| format!("{s:?} is not a whole number")))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        Kind::Flag => Ok(json!(text == "true")),
    }
}

/// Reads a decimal, shifted in the text and not by a product, so that 33.3 % is exactly 0.333.
fn number(text: &str, places: u32) -> Result<Value, String> {
    let wrong = || if text.is_empty() { "write a number".to_owned() } else { format!("{text:?} is not a number") };
    if let Some((whole, thousand)) = text.split_once(',')
        && thousand.len() == 3
        && whole.starts_with(|c: char| ('1'..='9').contains(&c))
        && json::number(&format!("{whole}{thousand}")).is_some()
    {
        return Err(format!("{text:?} can be read in two ways; write {whole}{thousand} or {whole}.{thousand}"));
    }
    let typed = text.replace(',', ".");
    let plain = json::number(&typed).ok_or_else(wrong)?;
    let shifted = if typed.contains(['e', 'E']) {
        plain / libm::pow(10.0, f64::from(places))
    } else {
        json::number(&format!("{typed}e-{places}")).ok_or_else(wrong)?
    };
    if shifted.is_finite() { Ok(json!(shifted)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Value {
        RunRequest::default().to_value()
    }

    #[test]
    fn an_untouched_draft_is_an_empty_request() {
        let draft = Draft::read(&json!({}), defaults());
        assert_eq!(draft.to_request(), Ok(json!({})));
        assert_eq!(draft.text(At::Variant(0), "exit.take_profit"), "80");
        assert_eq!(draft.text(At::Shared, "costs.fill"), "bid_ask");
    }

    #[test]
    fn what_is_changed_beyond_the_first_fields_is_told() {
        let of = |written: Value| Draft::read(&written, defaults());
        assert_eq!(of(json!({})).changed_beyond(), Vec::<&str>::new());
        let first = json!({"start": "2026-02-01", "exit_style": "tp_and_roll", "variants": [{"name": "b", "target_delta": 0.3}]});
        assert_eq!(of(first.clone()).changed_beyond(), Vec::<&str>::new());
        let more = json!({"timeframe": "4h", "costs": {"slippage_bps": 5.0}, "variants": [{"min_delta": 0.05}]});
        assert_eq!(of(more).changed_beyond(), ["Timeframe", "Slippage, share", "Minimum delta"]);
        let needs = [
            first,
            json!({"variants": [{}, {"name": "b"}]}),
            json!({"account": {"loan": {}}}),
            json!({"variants": [{"hedge": {}}]}),
        ];
        assert_eq!(needs.map(|written| of(written).needs_all()), [false, true, true, true]);
        let first = [
            "start",
            "variants[0].target_delta",
            "",
            "variants[0].min_delta",
            "variants[1].target_delta",
            "costs.fees",
            "vol_factor",
        ];
        assert_eq!(first.map(is_first), [true, true, true, false, false, false, true]);
        let put = json!({"account": {"cash_usd": 5.0}, "variants": [{"structure": "cash_secured_put"}]});
        let cash = [put, json!({"account": {"cash_usd": 5.0}})].map(of);
        assert_eq!(cash.each_ref().map(|draft| draft.is_first("account.cash_usd")), [true, false]);
        assert_eq!(cash.map(|draft| draft.changed_beyond()), [vec![], vec!["Cash"]]);
    }

    #[test]
    fn a_name_that_says_the_structure_follows_it() {
        let named = |names: [&str; 2]| names.map(|name| json!({ "name": name }));
        let renamed = |names: [&str; 2], structure: &str| {
            let mut draft = Draft::read(&json!({ "variants": named(names) }), defaults());
            draft.set(At::Variant(1), "structure", structure);
            draft.text(At::Variant(1), "name").to_owned()
        };
        let (call, put) = ("covered_call", "cash_secured_put");
        assert_eq!(renamed(["Covered call", "Covered call 2"], put), "Cash-secured put");
        assert_eq!(renamed(["Cash-secured put", "Covered call"], put), "Cash-secured put 2");
        assert_eq!(renamed(["Mine", "Cash-secured put 2"], call), "Covered call");
        assert_eq!(renamed(["Mine", "Covered call 2"], call), "Covered call 2");
        assert_eq!(renamed(["Covered call", "Weekly"], put), "Weekly");
    }

    #[test]
    fn requests_round_trip() {
        let rows = [
            json!({"start": "2026-02-01", "costs": {"fill": 0.25, "fees": {"bps": 3.0}}}),
            json!({"variants": [{"target_delta": 0.3, "exit": {"take_profit": 0.333, "defend": null}}, {"name": "b", "max_open": null, "cover": "none"}]}),
            json!({"variants": [{"weights": {"iv_rv": 2.0}, "entry": {"weekdays": [1, 3]}}], "account": {"loan": {"apr": 0.1}}}),
        ];
        for row in rows {
            let draft = Draft::read(&row, defaults());
            assert_eq!(draft.to_request(), Ok(row));
        }
    }

    #[test]
    fn unfinished_text_stays_and_is_named() {
        let mut draft = Draft::read(&json!({}), defaults());
        draft.set(At::Variant(0), "target_dte", "7x");
        draft.set(At::Shared, "start", "2026-0");
        let fields: Vec<String> = draft.to_request().expect_err("two problems").into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["start", "variants[0].target_dte"]);
        assert_eq!(draft.text(At::Variant(0), "target_dte"), "7x");
    }

    #[test]
    fn dates_that_choose_a_dataset_stay_as_they_were_typed() {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog");
        let mut draft = Draft::of_request(&json!({}), &catalog).expect("a dataset");
        let long = catalog.dataset("btc-long").expect("it ships");
        draft.set(At::Shared, "start", "2001-01-01");
        draft.rebase(long, false);
        let dates = |draft: &Draft| DATES.map(|path| draft.text(At::Shared, path).to_owned());
        assert_eq!(dates(&draft), ["2001-01-01", "2026-06-30"]);
        draft.rebase(long, true);
        assert_eq!(dates(&draft), dates(&Draft::new(long)), "a dataset that was named brings its own");
    }

    #[test]
    fn another_underlying_can_be_chosen_more_than_once() {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog");
        let mut draft = Draft::of_request(&json!({}), &catalog).expect("a dataset");
        for underlying in ["ETH", "GLD", "BTC", "MSFT", "ETH"] {
            draft.set(At::Shared, "underlying", underlying.to_owned());
            let dataset = |id: &str| catalog.datasets.iter().find(|d| d.underlying == id).expect("it ships");
            assert_eq!(draft.to_request().expect("it is readable")["underlying"], json!(underlying));
            draft.rebase(dataset(underlying), true);
            let written = draft.to_request().expect("it is readable");
            assert_eq!(written["underlying"].as_str().unwrap_or("BTC"), underlying);
        }
    }

    #[test]
    fn a_comma_is_a_point_only_where_it_cannot_be_anything_else() {
        for (text, expected) in [("0,25", 0.25), ("0,250", 0.25), ("1,5", 1.5), ("1000", 1000.0)] {
            assert_eq!(number(text, 0), Ok(json!(expected)));
        }
        assert_eq!(number("1,000", 0), Err("\"1,000\" can be read in two ways; write 1000 or 1.000".into()));
    }

    #[test]
    fn copies_take_a_free_name() {
        let mut draft = Draft::read(&json!({}), defaults());
        let place = draft.add_variant(Some(0));
        assert_eq!((place, draft.text(At::Variant(1), "name")), (1, "Covered call 2"));
        draft.add_variant(Some(1));
        assert_eq!(draft.text(At::Variant(2), "name"), "Covered call 3");
        draft.remove_variant(0);
        assert_eq!(draft.variant_count(), 2);
    }

    #[test]
    fn both_exit_styles_are_two_variants_that_differ_in_nothing_else() {
        let mut draft = Draft::read(&json!({"variants": [{"target_delta": 0.3}]}), defaults());
        draft.both_exit_styles(0);
        let variant = |style: &str, words: &str| json!({"name": format!("Covered call, {words}"), "target_delta": 0.3, "exit": {"style": style}});
        let both = json!({"variants": [variant("hold_to_expiry", "hold"), variant("tp_and_roll", "roll")]});
        assert_eq!(draft.to_request(), Ok(both));
    }
}
