//! Every rule and default that shaped a result, as rows of words.

use super::evidence::kind_words;
use super::fields::{Field, Kind, SHARED, VARIANT};
use super::hedges::words;
use super::{At, Draft, format};
use crate::json;
use crate::market::{Catalog, Dataset};
use crate::run::{ENGINE_VERSION, Resolved, Run};

/// Names and values.
pub type Rows = Vec<(String, String)>;

/// What tells this result from any other.
pub fn proof_rows(run: &Run) -> Rows {
    vec![
        ("Engine".into(), ENGINE_VERSION.into()),
        ("Digest of the steps".into(), run.digest()),
        ("Fingerprint of request, data and engine".into(), run.fingerprint()),
    ]
}

/// What the prices are and where they come from.
pub fn data_rows(d: &Dataset) -> Rows {
    let (kind, words) = kind_words(d);
    let row = |name: &str, value: String| (name.to_owned(), value);
    let mut rows = vec![
        row("Dataset", format!("{} ({})", d.title, d.id)),
        row("Prices", format!("{kind}. {words}")),
        row(
            "Snapshots",
            format!(
                "every {}, a gap above {} h",
                super::datasets::cadence_words(d),
                format::number(d.gap_ms() as f64 / 3.6e6, 0)
            ),
        ),
        row("Two-sided quotes", format::percent(d.quality.two_sided_pct, 1)),
        row("Gaps", d.quality.gaps.to_string()),
        row("Source", d.source.clone()),
        row("Licence", d.licence.clone()),
    ];
    if let Some(fit) = &d.quality.fit_error {
        rows.push(row(
            "Fit inside bid-ask",
            format!("{} of {} quotes", format::percent(fit.inside_bid_ask, 1), format::count(fit.quotes as usize)),
        ));
    }
    rows.extend(d.notes.iter().map(|n| row("Note", n.clone())));
    rows
}

/// The whole request through the form's own fields, so that words and units are the same.
pub fn setting_groups(resolved: &Resolved) -> Vec<(String, Rows)> {
    let catalog = Catalog::of(vec![resolved.dataset.clone()]);
    let whole = resolved.request.to_value();
    let Some(draft) = Draft::of_request(&whole, &catalog) else { return Vec::new() };
    let of = |fields: &[Field], at: At| {
        // Held to expiry, no exit rule is tested.
        let rolls = matches!(at, At::Variant(place) if draft.style_of(place) == "tp_and_roll");
        let is_tested = |path: &str| rolls || path == "exit.style" || !path.starts_with("exit.");
        let used = fields.iter().filter(|f| draft.is_in_use(at, f.path) && is_tested(f.path));
        used.filter_map(|f| setting(f, draft.text(at, f.path))).collect::<Rows>()
    };
    let mut groups = vec![("Settings".to_owned(), of(SHARED, At::Shared))];
    for place in 0..draft.variant_count() {
        let at = At::Variant(place);
        let mut rows = of(VARIANT, at);
        rows.extend(draft.hedge(place).map(|hedge| ("Legs of the hedge".to_owned(), words(&hedge))));
        groups.push((draft.text(at, "name").to_owned(), rows));
    }
    groups
}

fn setting(field: &Field, text: &str) -> Option<(String, String)> {
    let words = match field.kind {
        Kind::Choice(list) => list.iter().find(|(v, _)| *v == text).map_or(text, |(_, w)| *w).to_owned(),
        _ if field.path == "size" && text.is_empty() => "the whole holding".to_owned(),
        _ if field.path == "max_open" && text.is_empty() => "no limit".to_owned(),
        _ if field.path == "entry.weekdays" && text.is_empty() => "every day".to_owned(),
        _ if text.is_empty() => "off".to_owned(),
        Kind::Flag => if text == "true" { "yes" } else { "no" }.to_owned(),
        // As a time of day it can have the visitor's own beside it.
        _ if field.unit == "h UTC" && json::number(text).is_some_and(|hour| hour < 24.0) => {
            format!("{text:0>2}:00 UTC")
        }
        _ => format!("{text} {}", field.unit).trim().to_owned(),
    };
    (!matches!(field.path, "costs.fees.bps" | "costs.fill.fraction")).then(|| (field.label.to_owned(), words))
}

/// Rules that no setting changes.
pub fn rule_rows() -> Rows {
    [
        ("HODL", "The opening account without options, at the same marks."),
        ("Look-ahead", "A step sees the newest snapshot at or before its time and nothing later."),
        ("Gap", "A snapshot older than 1.5 times the cadence: expired legs settle, nothing trades."),
        ("Expiry", "Settles at the delivery price; where the dataset has none, at the newest index before it."),
        ("Order within a step", "Settle, mark, test exits, then consider one entry, then value the account."),
        ("Prices", "Black-76 on the expiry's forward; delta is N(d1), recomputed from the mark volatility."),
        ("Ties", "By expiry, then strike."),
    ]
    .map(|(a, b)| (a.to_owned(), b.to_owned()))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::resolve;
    use serde_json::json;

    #[test]
    fn what_is_listed_is_what_applies() {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("the catalog");
        let rows = |style: &str| {
            let written = json!({ "exit_style": style }).to_string();
            let groups = setting_groups(&resolve(&written, &catalog).expect("a request"));
            groups.into_iter().flat_map(|(_, rows)| rows).collect::<Vec<_>>()
        };
        let has = |rows: &Rows, name: &str| rows.iter().any(|row| row.0 == name);
        let (held, rolled) = (rows("hold_to_expiry"), rows("tp_and_roll"));
        for rule in ["Take profit", "Defend", "Rolls"] {
            assert!(has(&rolled, rule) && !has(&held, rule), "{rule}");
        }
        assert!(held.contains(&("First decision at".into(), "08:00 UTC".into())), "{held:?}");
    }
}
