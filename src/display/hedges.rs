//! Hedges in the form: templates, those of one's own, and what a hedge is in words.

use super::draft::{At, Draft, Problem, stem_of};
use super::fields::{LEG_PATHS, MOST_LEGS, STRUCTURES};
use super::format::{number, plain, sentence};
use super::groups::{PUTS, read_legs, show_legs};
use crate::run::hedge_fault;
use crate::strategy::{Hedge, HedgeKind, HedgeLeg, templates};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The setting that holds one's own templates.
pub const SETTING: &str = "hedge_templates";
/// The templates that are compared unless others are chosen.
pub const COMPARED: [&str; 6] = [
    "No hedge",
    "Put ATM, 12 months",
    "Put 95 %, 12 months",
    "Put 90 %, 12 months",
    "Ladder 100/90 %, 12 months",
    "Collar 95 %, 12 months",
];
/// Tenors with a name: days and words.
pub const TENORS: [(&str, &str); 6] = [
    ("30", "1 month"),
    ("91", "3 months"),
    ("182", "6 months"),
    ("365", "12 months"),
    ("547", "18 months"),
    ("730", "24 months"),
];

/// A template that a person saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Own {
    /// Unique among all templates.
    pub name: String,
    /// The hedge.
    pub hedge: Hedge,
}

/// One's own templates as they are kept; what cannot be read is left out.
pub fn own_of(kept: Option<&Value>) -> Vec<Own> {
    let items = kept.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| crate::json::of_value(item).ok()).collect()
}

/// One's own templates as they are to be kept.
pub fn to_kept(own: &[Own]) -> Value {
    serde_json::to_value(own).unwrap_or_else(|_| json!([]))
}

/// One's own templates with one more.
///
/// # Errors
/// Why it cannot be saved, one sentence.
pub fn with_own(own: &[Own], name: &str, hedge: &Hedge) -> Result<Vec<Own>, String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("Write a name for the template.".into());
    }
    if templates().iter().any(|t| t.name == name) || own.iter().any(|t| t.name == name) {
        return Err(format!("There is a template {name:?} already; choose another name."));
    }
    if let Some(fault) = hedge_fault(hedge) {
        return Err(sentence(&Problem::from(fault).message));
    }
    let new = Own { name: name.to_owned(), hedge: hedge.clone() };
    Ok(own.iter().cloned().chain([new]).collect())
}

/// The hedge of a name, built in or one's own.
pub fn named(name: &str, own: &[Own]) -> Option<Hedge> {
    let built_in = templates().into_iter().find(|t| t.name == name).map(|t| t.hedge);
    built_in.or_else(|| own.iter().find(|t| t.name == name).map(|t| t.hedge.clone()))
}

/// The name of a hedge among the templates; `None` of one that is none of them.
pub fn name_of(hedge: &Hedge, own: &[Own]) -> Option<String> {
    let built_in = templates().into_iter().find(|t| t.hedge == *hedge).map(|t| t.name.to_owned());
    built_in.or_else(|| own.iter().find(|t| t.hedge == *hedge).map(|t| t.name.clone()))
}

/// How many puts a kind has, and whether it has a call, given the text that counts the puts.
pub(super) fn shape(kind: &str, puts: &str) -> (usize, bool) {
    let wanted = puts.parse::<usize>().unwrap_or(1);
    match kind {
        "ladder" => (wanted.clamp(2, MOST_LEGS - 1), false),
        "collar" => (wanted.clamp(1, MOST_LEGS - 1), true),
        _ => (1, false),
    }
}

/// The legs that a kind begins with.
fn first_legs(kind: &str) -> Vec<HedgeLeg> {
    match kind {
        "ladder" => vec![HedgeLeg::put(1.0, 0.5), HedgeLeg::put(0.9, 0.5)],
        "collar" => vec![HedgeLeg::put(0.95, 1.0), HedgeLeg::paying_call()],
        _ => vec![HedgeLeg::put(0.95, 1.0)],
    }
}

impl Draft {
    /// The variant hedges.
    pub fn is_hedge(&self, place: usize) -> bool {
        self.text(At::Variant(place), "hedge") == "true"
    }

    /// The hedge of a variant as its texts say; `None` where it has none, or where a text cannot be read.
    pub fn hedge(&self, place: usize) -> Option<Hedge> {
        let mut problems = Vec::new();
        let part = self.variants.get(place).filter(|_| self.is_hedge(place))?;
        let written = part.write(super::fields::VARIANT, &json!({}), At::Variant(place), &mut problems);
        problems.is_empty().then(|| crate::json::of_value(&written["hedge"]).ok()).flatten()
    }

    /// Puts, and whether there is a call.
    pub fn hedge_shape(&self, place: usize) -> (usize, bool) {
        let at = At::Variant(place);
        shape(self.text(at, "hedge.kind"), self.text(at, PUTS))
    }

    /// Lets a variant hedge by this; `None` takes its hedge away.
    pub fn set_hedge(&mut self, place: usize, hedge: Option<&Hedge>) {
        let at = At::Variant(place);
        self.set(at, "hedge", hedge.is_some().to_string());
        let Some(hedge) = hedge else { return };
        let kind = match hedge.kind {
            HedgeKind::Put => "put",
            HedgeKind::Ladder => "ladder",
            HedgeKind::Collar => "collar",
        };
        self.set(at, "hedge.kind", kind);
        self.set(at, "hedge.tenor_days", plain(hedge.tenor_days));
        self.set(at, "hedge.coverage", plain(hedge.coverage * 100.0));
        self.set(at, "hedge.whole_contracts", hedge.whole_contracts.to_string());
        self.set(at, "hedge.roll_days_before_expiry", hedge.roll_days_before_expiry.map(plain).unwrap_or_default());
        if let Some(part) = self.variants.get_mut(place) {
            show_legs(&mut part.texts, &hedge.legs);
        }
    }

    /// Lets a variant sell an option again, under the name that such a variant begins with.
    pub fn drop_hedge(&mut self, place: usize) {
        self.set_hedge(place, None);
        let stem = self.default_name();
        let name = self.free_name(&stem);
        self.set(At::Variant(place), "name", name);
        let structure = self.text(At::Variant(place), "structure").to_owned();
        self.rename(place, &structure);
    }

    /// Names a variant after the structure that it gets, where it is named after another one.
    pub(super) fn rename(&mut self, place: usize, structure: &str) {
        let stem = stem_of(self.text(At::Variant(place), "name"));
        let is_named = STRUCTURES.iter().any(|(_, title)| *title == stem);
        let title = STRUCTURES.iter().find(|(key, _)| *key == structure).map(|(_, title)| *title);
        if let Some(title) = title.filter(|title| is_named && *title != stem) {
            let name = self.free_name(title);
            self.set(At::Variant(place), "name", name);
        }
    }

    /// Another kind begins with legs of its own.
    pub fn set_hedge_kind(&mut self, place: usize, kind: &str) {
        self.set(At::Variant(place), "hedge.kind", kind);
        if let Some(part) = self.variants.get_mut(place) {
            show_legs(&mut part.texts, &first_legs(kind));
        }
    }

    /// Adds a put below the others, or takes the last one away; the weights are shared out anew.
    pub fn change_puts(&mut self, place: usize, more: bool) {
        let at = At::Variant(place);
        let (puts, has_call) = self.hedge_shape(place);
        let Some(part) = self.variants.get_mut(place) else { return };
        let mut legs = read_legs(&part.texts, at, &mut Vec::new());
        let call = if has_call { legs.pop() } else { None };
        if more && legs.len() < MOST_LEGS - 1 {
            let last = legs.last().and_then(|leg| leg.moneyness).unwrap_or(0.95);
            legs.push(HedgeLeg::put((last - 0.05).max(0.05), 1.0));
        } else if !more && puts > 1 {
            legs.pop();
        }
        // Weights are written in whole percent, so that their sum is exact.
        let (share, rest) = (100 / legs.len(), 100 % legs.len());
        for (i, leg) in legs.iter_mut().enumerate() {
            leg.weight = (share + usize::from(i < rest)) as f64 / 100.0;
        }
        legs.extend(call);
        show_legs(&mut part.texts, &legs);
    }

    /// Names a variant after a template and lets it hedge by it.
    pub fn take_template(&mut self, place: usize, name: &str, own: &[Own]) {
        let Some(hedge) = named(name, own) else { return };
        self.set_hedge(place, Some(&hedge));
        let free = self.free_name(name);
        self.set(At::Variant(place), "name", free);
    }

    fn has_name(&self, name: &str) -> bool {
        (0..self.variant_count()).any(|i| self.text(At::Variant(i), "name") == name)
    }

    /// A name that no variant has, with a number where it takes one.
    fn free_name(&self, stem: &str) -> String {
        let numbered = (2..).map(|k| format!("{stem} {k}"));
        std::iter::once(stem.to_owned()).chain(numbered).find(|name| !self.has_name(name)).unwrap_or_default()
    }

    /// Adds a variant a template; those that are there by name stay, and an untouched first variant gives way.
    pub fn compare_templates(&mut self, names: &[&str], own: &[Own]) {
        let untouched: Vec<usize> = (0..self.variant_count()).filter(|i| self.is_untouched(*i)).collect();
        for name in names.iter().filter(|name| named(name, own).is_some()) {
            if !self.has_name(name) {
                let place = self.add_variant(None);
                self.take_template(place, name, own);
            }
        }
        for place in untouched.into_iter().rev() {
            self.remove_variant(place);
        }
    }
}

/// What a hedge is, in a few words: `Put 95 % · 365 d`.
pub fn words(hedge: &Hedge) -> String {
    if hedge.coverage == 0.0 {
        return "no hedge".into();
    }
    let legs: Vec<String> = hedge.legs.iter().map(leg_words).collect();
    let cover = if hedge.coverage == 1.0 {
        String::new()
    } else {
        format!(" · {} % covered", number(hedge.coverage * 100.0, 0))
    };
    format!("{} · {} d{cover}", legs.join(" + "), plain(hedge.tenor_days))
}

/// One leg in words: `50 % put 95 %`.
pub fn leg_words(leg: &HedgeLeg) -> String {
    let share = if leg.weight == 1.0 { String::new() } else { format!("{} % ", plain(leg.weight * 100.0)) };
    let kind = if leg.kind == crate::pricing::OptionKind::Put { "put" } else { "call" };
    let strike = match (leg.moneyness, leg.delta) {
        (Some(moneyness), _) => format!("{} %", plain(moneyness * 100.0)),
        (_, Some(delta)) => format!("Δ {}", plain(delta)),
        _ => "that pays".into(),
    };
    format!("{share}{kind} {strike}")
}

/// The paths of a leg's fields in the form.
pub fn leg_paths(place: usize) -> super::fields::LegPaths {
    LEG_PATHS[place.min(MOST_LEGS - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{RunRequest, resolve};

    fn draft(written: &Value) -> Draft {
        Draft::read(written, RunRequest::default().to_value())
    }

    #[test]
    fn loans_and_hedges_round_trip() {
        let collar = json!({"kind": "collar", "legs": [
            {"kind": "put", "side": "long", "moneyness": 0.9, "weight": 1.0},
            {"kind": "call", "side": "short", "delta": 0.2, "weight": 0.5}]});
        let rows = [
            json!({"account": {"coins": 1000.0, "loan": {"principal_usd": 68_000.0, "liquidation_ltv": 0.9, "on_liquidation": "end"}}}),
            json!({"account": {"loan": {}}, "variants": [{"name": "a", "hedge": {}}, {"name": "b", "hedge": collar}]}),
            json!({"variants": [{"hedge": {"coverage": 0.0, "tenor_days": 30.0, "whole_contracts": true}}]}),
            json!({"variants": [{"hedge": {"legs": [{"kind": "put", "unknown": 1}]}}]}),
            json!({"account": {"loan": {"unknown": 1}}}),
        ];
        for row in rows {
            assert_eq!(draft(&row).to_request(), Ok(row));
        }
    }

    #[test]
    fn every_template_round_trips_and_keeps_its_name() {
        for template in templates() {
            let mut draft = draft(&json!({}));
            draft.take_template(0, template.name, &[]);
            let hedge = draft.hedge(0).expect("a hedge");
            assert_eq!((&hedge, name_of(&hedge, &[]).as_deref()), (&template.hedge, Some(template.name)));
            let written = draft.to_request().expect("a request");
            assert_eq!(self::draft(&written).to_request(), Ok(written));
        }
    }

    #[test]
    fn a_part_that_is_switched_off_leaves_no_trace() {
        let mut draft =
            draft(&json!({"account": {"loan": {"principal_usd": 5.0}}, "variants": [{"hedge": {"coverage": 0.5}}]}));
        draft.set(At::Shared, "account.loan", "false");
        draft.set_hedge(0, None);
        assert_eq!(draft.to_request(), Ok(json!({})));
    }

    #[test]
    fn comparing_puts_templates_in_place_of_an_untouched_variant() {
        let mut draft = draft(&json!({}));
        draft.compare_templates(&COMPARED, &[]);
        let names: Vec<String> =
            (0..draft.variant_count()).map(|i| draft.text(At::Variant(i), "name").to_owned()).collect();
        assert_eq!(names, COMPARED);
        draft.compare_templates(&COMPARED, &[]);
        assert_eq!(draft.variant_count(), COMPARED.len(), "none is added twice");
    }

    #[test]
    fn puts_are_added_and_taken_with_weights_that_sum_to_one() {
        let mut draft = draft(&json!({}));
        draft.take_template(0, "Collar 95 %, 12 months", &[]);
        draft.change_puts(0, true);
        draft.change_puts(0, true);
        let hedge = draft.hedge(0).expect("a hedge");
        assert_eq!((hedge_fault(&hedge), hedge.legs.len()), (None, 4));
        draft.change_puts(0, false);
        draft.change_puts(0, false);
        assert_eq!(draft.hedge(0).and_then(|h| name_of(&h, &[])).as_deref(), Some("Collar 95 %, 12 months"));
    }

    #[test]
    fn own_templates_have_unique_names_and_sound_weights() {
        let ladder = Hedge {
            kind: HedgeKind::Ladder,
            legs: vec![HedgeLeg::put(1.0, 0.5), HedgeLeg::put(0.9, 0.4)],
            ..Hedge::default()
        };
        let saved = with_own(&[], " Mine ", &Hedge::default()).expect("saved");
        assert_eq!(own_of(Some(&to_kept(&saved))), saved);
        let refusals =
            [("Mine", &Hedge::default()), ("No hedge", &Hedge::default()), ("", &Hedge::default()), ("x", &ladder)];
        let said = refusals.map(|(name, hedge)| with_own(&saved, name, hedge).expect_err("refused"));
        assert_eq!(said[0], "There is a template \"Mine\" already; choose another name.");
        assert!(said[3].contains("weights of the puts sum to 0.9"), "{}", said[3]);
        assert_eq!(words(&ladder), "50 % put 100 % + 40 % put 90 % · 365 d");
    }

    #[test]
    fn what_the_form_writes_can_run() {
        let catalog =
            crate::market::Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog");
        let mut draft =
            Draft::of_request(&json!({"account": {"loan": {"principal_usd": 1.0}}}), &catalog).expect("a draft");
        draft.compare_templates(&COMPARED, &[]);
        let written = draft.to_request().expect("a request");
        let resolved = resolve(&written.to_string(), &catalog).expect("it runs");
        assert_eq!(resolved.request.variants.len(), COMPARED.len());
    }
}
