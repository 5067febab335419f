//! From what somebody writes to what runs: refusals with their exact sentence, defaults, the choice of a dataset, links.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::market::{Catalog, DataKind, Dataset};
use chainwalk::run::{Remedy, RequestError, Resolved, resolve};
use chainwalk::share::{self, Link};
use chainwalk::units::Day;
use common::market::dataset;
use common::wave::wave;
use serde_json::{Value, json};

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// Recorded BTC from 30 December 2025 through 31 December 2026.
fn catalog() -> Catalog {
    wave(1).catalog()
}

fn refused(text: &str) -> RequestError {
    resolve(text, &catalog()).expect_err(text)
}

fn accepted(written: Value, catalog: &Catalog) -> Resolved {
    resolve(&written.to_string(), catalog).unwrap_or_else(|e| panic!("{written}: {e}"))
}

#[test]
fn refusals_of_the_whole_request() {
    for (text, field, sentence) in [
        ("", "", "the request is not JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "", "the request is not a JSON object"),
        (r#"{"start":"2026-02-30"}"#, "start", r#"start: "2026-02-30" is not a date; write YYYY-MM-DD"#),
        (r#"{"start":"2026-02-01","end":"2026-01-01"}"#, "start", "start date must be before end date"),
        (
            r#"{"start":"2025-01-01"}"#,
            "start",
            "Data not available before 2025-12-30. Set the start date to 2025-12-30 or later.",
        ),
        (
            r#"{"end":"2027-01-01"}"#,
            "end",
            "Data not available after 2026-12-31. Set the end date to 2026-12-31 or earlier.",
        ),
        (r#"{"schema":2}"#, "schema", "schema: 2 is not a version that is read here; write 1"),
        (r#"{"dataset":"nope"}"#, "dataset", r#"dataset: "nope" is not in the catalog; it has made"#),
        (
            r#"{"dataset":"made","underlying":"ETH"}"#,
            "underlying",
            r#"underlying: "ETH" is not the underlying of made, which is "BTC""#,
        ),
        (r#"{"underlying":"DOGE"}"#, "underlying", r#"underlying: there is no dataset of "DOGE""#),
        (r#"{"timeframe":"2h"}"#, "timeframe", "timeframe: unknown variant `2h`, expected one of `1h`, `4h`, `1d`"),
        (r#"{"decision_interval_hours":0}"#, "decision_interval_hours", "decision_interval_hours: 0 is not positive"),
        (
            r#"{"decision_interval_hours":4,"timeframe":"1d"}"#,
            "decision_interval_hours",
            "decision interval 4 h is not a multiple of the timeframe 1d",
        ),
        (
            r#"{"decision_interval_hours":8,"decision_offset_hours":2,"timeframe":"4h"}"#,
            "decision_offset_hours",
            "decision offset 2 h is not a multiple of the timeframe 4h",
        ),
        (
            r#"{"decision_offset_hours":24}"#,
            "decision_offset_hours",
            "decision_offset_hours: 24 is not between 0 and 23",
        ),
        (r#"{"account":{"coins":-1}}"#, "account.coins", "account.coins: -1 is not a number of at least 0"),
        (r#"{"account":{"coins":0}}"#, "account", "account: coins and cash_usd are both 0; deposit something"),
        (r#"{"variants":[]}"#, "variants", "variants: there is none; write at least one"),
    ] {
        let error = refused(text);
        assert_eq!((error.field.as_str(), error.to_string().as_str()), (field, sentence), "{text}");
    }
}

#[test]
fn refusals_of_costs() {
    for (costs, field, sentence) in [
        (
            r#"{"fill":"best"}"#,
            "costs.fill",
            r#""best" is not a fill rule; write "bid_ask", "mid", "mark" or a number from 0 (mid) to 1 (touch)"#,
        ),
        (r#"{"fill":1.5}"#, "costs.fill", "1.5 is not between 0 (mid) and 1 (touch)"),
        (r#"{"fees":"cheap"}"#, "costs.fees", r#""cheap" is not a fee preset; write "deribit", "none" or {"bps": 3}"#),
        (
            r#"{"fees":{"bps":1,"cap":2}}"#,
            "costs.fees",
            r#"{"bps":1,"cap":2} is not a fee preset; write "deribit", "none" or {"bps": 3}"#,
        ),
        (r#"{"fees":{"bps":-1}}"#, "costs.fees.bps", "-1 is not a number of at least 0"),
        (r#"{"slippage_ticks":-1}"#, "costs.slippage_ticks", "-1 is not a number of at least 0"),
        (r#"{"slippage_bps":-1}"#, "costs.slippage_bps", "-1 is not a number of at least 0"),
    ] {
        let error = refused(&format!(r#"{{"costs":{costs}}}"#));
        assert_eq!((error.field.as_str(), error.to_string()), (field, format!("{field}: {sentence}")), "{costs}");
    }
}

#[test]
fn refusals_of_a_variant() {
    for (variant, field, sentence) in [
        (r#"{"name":" "}"#, "name", "write a name of 1 to 80 characters"),
        (r#"{"min_delta":0.4}"#, "min_delta", "0.4 is above max_delta 0.35"),
        (r#"{"max_delta":1.4}"#, "max_delta", "1.4 is above 1"),
        (r#"{"min_dte":30}"#, "min_dte", "30 is above max_dte 21"),
        (r#"{"min_score":11}"#, "min_score", "11 is above 10"),
        (r#"{"size":2}"#, "size", "2 is more than the 1 that is deposited to cover it"),
        (r#"{"size":0}"#, "size", "0 is not positive"),
        (r#"{"max_spread":0}"#, "max_spread", "0 is not positive"),
        (r#"{"max_open":0}"#, "max_open", "0 is not positive; write null for no limit"),
        (
            r#"{"max_open":null}"#,
            "max_open",
            r#"no limit needs cover "none"; write a number or declare the structure uncovered"#,
        ),
        (
            r#"{"structure":"iron_condor"}"#,
            "structure",
            "unknown variant `iron_condor`, expected `covered_call` or `cash_secured_put`",
        ),
        (r#"{"selection":"best"}"#, "selection", "unknown variant `best`, expected `score` or `nearest`"),
        (
            r#"{"weights":"modern"}"#,
            "weights",
            r#""modern" is not a score profile; write "classic" or an object of weights"#,
        ),
        (r#"{"weights":{"premium_full_pct":-1}}"#, "weights.premium_full_pct", "-1 is not positive"),
        (r#"{"weights":{"dte_width":0}}"#, "weights.dte_width", "0 is not positive"),
        (r#"{"weights":{"delta":1e308}}"#, "weights.delta", &format!("{} is not between -100 and 100", 1e308)),
        (r#"{"entry":{"weekdays":[0]}}"#, "entry.weekdays", "write days from 1 (Monday) to 7 (Sunday)"),
        (r#"{"entry":{"min_iv_percentile":50}}"#, "entry.min_iv_percentile", "50 is not between 0 and 1"),
        (r#"{"exit":{"take_profit":80}}"#, "exit.take_profit", "80 is above 1; it is a share of the premium"),
        (r#"{"exit":{"defend":0}}"#, "exit.defend", "0 is not positive"),
        (r#"{"exit":{"stop_loss":-2}}"#, "exit.stop_loss", "-2 is not positive"),
        (r#"{"exit":{"dte_exit":-1}}"#, "exit.dte_exit", "-1 is not a number of at least 0"),
        (r#"{"exit":{"max_rolls":-1}}"#, "exit.max_rolls", "invalid value: integer `-1`, expected u32"),
    ] {
        let error = refused(&format!(r#"{{"variants":[{variant}]}}"#));
        let field = format!("variants[0].{field}");
        assert_eq!((&error.field, error.to_string()), (&field, format!("{field}: {sentence}")), "{variant}");
    }
    let twice = refused(r#"{"variants":[{"name":"A"},{"name":"A"}]}"#);
    assert_eq!(twice.to_string(), r#"variants[1].name: "A" is the name of another variant; names are unique"#);
}

#[test]
fn unknown_fields_are_named_with_their_path() {
    for (text, field) in [
        (r#"{"strat":"2026-01-01"}"#, "strat"),
        (r#"{"costs":{"fil":"mid"}}"#, "costs.fil"),
        (r#"{"account":{"coin":1}}"#, "account.coin"),
        (r#"{"variants":[{},{"name":"B","target_dlta":0.2}]}"#, "variants[1].target_dlta"),
        (r#"{"variants":[{"exit":{"take_profits":1}}]}"#, "variants[0].exit.take_profits"),
        (r#"{"variants":[{"entry":{"weekday":[1]}}]}"#, "variants[0].entry.weekday"),
    ] {
        let error = refused(text);
        let name = field.rsplit('.').next().expect("a name");
        assert_eq!(error.field, field, "{text}");
        assert!(error.to_string().starts_with(&format!("{field}: unknown field `{name}`, expected")), "{error}");
    }
    let weights = refused(r#"{"variants":[{"weights":{"delt":1}}]}"#);
    assert!(weights.to_string().starts_with("variants[0].weights: unknown field `delt`, expected one of"), "{weights}");
}

#[test]
fn a_range_error_offers_its_remedy() {
    assert_eq!(refused(r#"{"start":"2025-01-01"}"#).remedy, Some(Remedy::SetStart(day("2025-12-30"))));
    assert_eq!(refused(r#"{"end":"2027-01-01"}"#).remedy, Some(Remedy::SetEnd(day("2026-12-31"))));
    assert_eq!(
        refused(r#"{"start":"2027-03-01","end":"2027-03-02"}"#).remedy,
        Some(Remedy::SetStart(day("2026-12-31")))
    );
    assert_eq!(refused(r#"{"schema":2}"#).remedy, None);
}

#[test]
fn the_canonical_form_has_every_field_and_reads_back() {
    let catalog = catalog();
    let bare = accepted(json!({}), &catalog);
    assert_eq!((bare.request.dataset.as_deref(), bare.request.decision_offset_hours), (Some("made"), Some(8)));
    let canonical = bare.request.canonical();
    assert!(canonical.starts_with(r#"{"account":{"cash_usd":0.0,"coins":1.0,"loan":null},"costs":{"fees":"deribit","#));
    for field in ["take_profit\":0.8", "defend\":0.98", "min_dte_to_roll\":2.0", "min_score\":3.0", "max_open\":1"] {
        assert!(canonical.contains(field), "{field} in {canonical}");
    }
    let again = resolve(&canonical, &catalog).expect("the canonical form");
    assert_eq!(again.request.canonical(), canonical);
    // the same in another order and with defaults written out
    let other =
        accepted(json!({ "exit_style": "hold_to_expiry", "dataset": "made", "account": { "coins": 1 } }), &catalog);
    assert_eq!(other.request.canonical(), canonical);
    let hours =
        |interval: i64| accepted(json!({ "decision_interval_hours": interval }), &catalog).request.offset_hours();
    assert_eq!([hours(4), hours(23), hours(24), hours(168)], [0, 0, 8, 8]);
}

fn named(id: &str, kind: DataKind, cadence_minutes: u32, first: &str, last: &str) -> Dataset {
    Dataset { id: id.into(), kind, cadence_minutes, last: day(last), ..dataset(day(first)) }
}

#[test]
fn the_best_dataset_that_covers_the_dates_is_chosen() {
    let datasets = vec![
        named("modelled", DataKind::Modelled, 60, "2020-01-01", "2026-12-31"),
        named("fitted", DataKind::Fitted, 60, "2025-06-01", "2026-06-30"),
        named("coarse", DataKind::Recorded, 1440, "2026-01-01", "2026-06-30"),
        named("fine", DataKind::Recorded, 60, "2026-03-01", "2026-06-30"),
    ];
    let catalog = Catalog::of(datasets);
    for (start, end, expected) in [
        ("2026-03-01", "2026-06-30", "fine"),
        ("2026-02-28", "2026-06-30", "coarse"),
        ("2025-12-31", "2026-06-30", "fitted"),
        ("2025-05-31", "2026-06-30", "modelled"),
        ("2026-03-01", "2026-07-01", "modelled"),
    ] {
        let resolved = accepted(json!({ "start": start, "end": end }), &catalog);
        assert_eq!(resolved.dataset.id, expected, "{start} to {end}");
    }
    let error = resolve(r#"{"start":"2019-12-31"}"#, &catalog).expect_err("before all data");
    assert_eq!(error.to_string(), "Data not available before 2020-01-01. Set the start date to 2020-01-01 or later.");
    let named = accepted(json!({ "dataset": "modelled" }), &catalog);
    assert_eq!(named.dataset.id, "modelled", "a dataset that is named is taken");
    let error =
        resolve(r#"{"dataset":"fitted","variants":[{"min_open_interest":5}]}"#, &catalog).expect_err("no interest");
    let sentence = "fitted keeps no open interest; set it to 0 or choose a recorded dataset";
    assert_eq!(error.to_string(), format!("variants[0].min_open_interest: {sentence}"));
}

#[test]
fn a_datasets_own_defaults_lie_beneath_what_is_written() {
    let mut shares = dataset(day("2026-01-01"));
    shares.defaults = json!({
        "account": { "coins": 100 }, "decision_offset_hours": 21, "costs": { "fees": { "bps": 1 } },
        "variants": [{ "target_dte": 30, "max_dte": 60, "exit": { "defend": null } }],
    });
    let catalog = Catalog::of(vec![shares]);
    let bare = accepted(json!({}), &catalog).request;
    assert_eq!((bare.account.coins, bare.decision_offset_hours), (100.0, Some(21)));
    assert_eq!((bare.variants[0].target_dte, bare.variants[0].exit.defend), (30.0, None));
    assert_eq!(bare.variants[0].exit.take_profit, Some(0.8), "what neither writes is the printed default");
    let written = json!({
        "account": { "cash_usd": 5 }, "costs": { "fees": "none" },
        "variants": [{ "name": "A", "target_dte": 14 }, { "name": "B", "exit": { "defend": 0.99 } }],
    });
    let request = accepted(written, &catalog).request;
    assert_eq!((request.account.coins, request.account.cash_usd), (100.0, 5.0));
    assert_eq!(serde_json::to_value(request.costs.fees).expect("fees"), json!("none"));
    let of = |i: usize| (request.variants[i].target_dte, request.variants[i].max_dte, request.variants[i].exit.defend);
    assert_eq!((of(0), of(1)), ((14.0, 60.0, None), (30.0, 60.0, Some(0.99))));
}

#[test]
fn warnings_of_what_was_written() {
    let catalog = catalog();
    for (written, warning) in [
        (
            json!({ "variants": [{ "exit": { "stop_loss": 2 } }] }),
            "Covered call: hold_to_expiry ignores the exit rules that are written for it",
        ),
        (
            json!({ "variants": [{ "cover": "none" }] }),
            "Covered call: uncovered; margin is the venue's standard margin before August 2026",
        ),
        (
            json!({ "variants": [{ "structure": "cash_secured_put" }] }),
            "Covered call: no cash is deposited, so no put can be secured",
        ),
        (
            json!({ "variants": [{ "target_delta": 0.5 }] }),
            "Covered call: target_delta 0.5 is not between min_delta 0.15 and max_delta 0.35",
        ),
        (
            json!({ "variants": [{ "target_dte": 2 }] }),
            "Covered call: target_dte 2 is not between min_dte 3 and max_dte 21",
        ),
    ] {
        assert_eq!(accepted(written, &catalog).warnings, [warning]);
    }
    let quiet = json!({ "exit_style": "tp_and_roll", "variants": [{ "exit": { "stop_loss": 2 } }] });
    assert!(accepted(quiet, &catalog).warnings.is_empty());
    let own = json!({ "exit_style": "tp_and_roll", "variants": [{ "exit": { "style": "hold_to_expiry" } }] });
    assert!(accepted(own, &catalog).warnings.is_empty(), "a style is no rule");
}

#[test]
fn a_link_carries_a_whole_request() {
    let catalog = catalog();
    let base = accepted(json!({}), &catalog).request.to_value();
    for written in [
        json!({}),
        json!({ "start": "2026-02-01", "exit_style": "tp_and_roll", "costs": { "fill": 0.25, "fees": { "bps": 2.5 } } }),
        json!({ "variants": [{ "name": "A" }, { "name": "Ünï — ö", "max_open": null, "cover": "none", "weights": { "delta": 5 } }] }),
        json!({ "variants": [{ "exit": { "take_profit": null }, "entry": { "weekdays": [1, 5] } }] }),
    ] {
        let request = accepted(written.clone(), &catalog).request;
        let link = Link { written: share::differences(&request.to_value(), &base), claim: None };
        let read = share::decode(&format!("#{}", share::encode(&link))).unwrap_or_else(|e| panic!("{written}: {e}"));
        assert_eq!(accepted(read.written, &catalog).request, request, "{written}");
    }
}

#[test]
fn a_dataset_that_somebody_opened_is_taken_where_it_is_named() {
    let mut catalog = catalog();
    let shipped = catalog.datasets[0].clone();
    catalog.open(Dataset { id: "mine".into(), cadence_minutes: 1, ..shipped.clone() });
    catalog.open(Dataset { id: "other".into(), underlying: "XYZ".into(), ..shipped.clone() });
    let dates = json!({"start": "2026-02-01", "end": "2026-02-02"});
    let chosen = |more: Value, catalog: &Catalog| {
        let mut written = dates.clone();
        written.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        accepted(written, catalog).dataset.id
    };
    assert_eq!(chosen(json!({}), &catalog), shipped.id, "a finer one that was opened changes no link");
    assert_eq!(chosen(json!({"dataset": "mine"}), &catalog), "mine");
    assert_eq!(chosen(json!({"underlying": "XYZ"}), &catalog), "other", "the only one of its underlying");
    assert_eq!((catalog.shipped().len(), catalog.own().len()), (1, 2));
    catalog.close("mine");
    catalog.close(&shipped.id);
    assert_eq!((catalog.shipped().len(), catalog.own().len()), (1, 1), "what ships is not closed");
}
