//! The JSON API's values, and that its TypeScript declarations name the same things.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::display::api::{self, ApiError, CODES, Method, Query, Who};
use chainwalk::display::log;
use chainwalk::metrics::{GLOSSARY, LOAN_GLOSSARY};
use chainwalk::portfolio::Loan;
use chainwalk::run::{Run, RunRequest, RunState, UnitState};
use chainwalk::store::{Archive, BundleError, Kept, Level, MemoryStore, Save, Saving, StoreError};
use chainwalk::strategy::Hedge;
use common::runs::{started, walked};
use common::wave::{END, START, wave};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const DECLARATIONS: &str = include_str!("../assets/chainwalk.d.ts");

/// The memory twin never waits.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the memory twin waited"),
    }
}

fn request() -> Value {
    json!({
        "dataset": "made", "start": START, "end": END, "timeframe": "4h", "decision_interval_hours": 8,
        "exit_style": "tp_and_roll",
        "variants": [{ "name": "Off", "enabled": false }, { "name": "Roll", "min_dte": 2 }, { "name": "Two", "max_open": 2, "size": 0.5 }],
    })
}

fn who() -> Who {
    Who { id: "a".into(), started_ms: 1_000, finished_ms: None }
}

/// A run at the first mark after which its second variant holds an option.
fn holding() -> Run {
    let market = wave(3);
    let mut run = started(&market, &request());
    while run.units()[1].steps.last().is_none_or(|step| step.held.is_empty()) {
        run.advance(&market.snapshots, 1);
    }
    run
}

fn kept(archive: &Archive<MemoryStore>, id: &str, created_ms: i64, run: &Run) -> Kept {
    let saving = Saving { id: id.into(), created_ms, written: request(), kept: Vec::new() };
    now(archive.save(Save::of(run, &saving, created_ms + 5_000, &[]))).expect("memory");
    now(archive.find(id)).expect("kept")
}

/// The names that an interface declares itself.
fn declared(interface: &str) -> BTreeSet<String> {
    let head = DECLARATIONS.lines().position(|line| {
        line.strip_prefix(&format!("export interface {interface} "))
            .is_some_and(|rest| rest.starts_with('{') || rest.starts_with("extends"))
    });
    let lines = DECLARATIONS.lines().skip(head.unwrap_or_else(|| panic!("no interface {interface}")) + 1);
    let own = lines.take_while(|line| *line != "}").filter_map(|line| line.strip_prefix("  "));
    let name = |line: &str| {
        let line = line.strip_prefix("readonly ").unwrap_or(line);
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        (end > 0 && line[end..].starts_with(['(', ':', '?'])).then(|| line[..end].to_owned())
    };
    own.filter_map(name).collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap_or_else(|| panic!("{value} is no object")).keys().cloned().collect()
}

#[test]
fn declarations_name_every_method() {
    let mut names: BTreeSet<String> = Method::ALL.iter().map(|method| method.name().to_owned()).collect();
    assert_eq!(names.len(), Method::ALL.len());
    names.insert("version".into());
    assert_eq!(declared("Chainwalk"), names);
    for (code, _) in CODES {
        assert!(DECLARATIONS.contains(&format!("\"{code}\"")), "{code}");
    }
}

#[test]
fn declarations_name_every_field() {
    let run = holding();
    let status = api::status(Some(&run), Some(&who()), RunState::Running);
    let archive = Archive::default();
    let market = wave(3);
    let kept = kept(&archive, "a", 1_000, &walked(&market, &request()));
    let record = api::run(&kept, &now(archive.trades("a")).expect("memory"));
    let item = api::runs(std::slice::from_ref(&kept), &Query::default())["items"][0].clone();
    let trade = &record["units"][1]["trades"][0];
    let mut metrics: BTreeSet<String> = GLOSSARY.iter().map(|figure| figure.key.to_owned()).collect();
    metrics.insert("months".into());
    let whole = RunRequest::default().to_value();
    let pairs = [
        ("Status", keys(&status)),
        ("RecentStep", keys(&status["recent_steps"][0])),
        ("Position", keys(&status["positions"][0])),
        ("UnitStatus", keys(&status["units"][0])),
        ("RunItem", keys(&item)),
        ("RunRecord", &keys(&record) - &keys(&item)),
        ("Evidence", keys(&status["evidence"])),
        ("RunUnit", keys(&record["units"][1])),
        ("Trade", keys(trade)),
        ("Leg", keys(&trade["legs"][0])),
        ("Dataset", keys(&api::datasets(&market.catalog())[0])),
        ("Metrics", &keys(&status["metrics"]) | &BTreeSet::from(["loan".to_owned()])),
        ("LoanSummary", LOAN_GLOSSARY.iter().map(|figure| figure.key.to_owned()).collect()),
        ("Month", keys(&record["units"][1]["metrics"]["months"][0])),
        ("Drawdown", keys(&record["units"][1]["metrics"]["max_drawdown"])),
        ("ApiError", keys(&ApiError::NotFound("x".into()).to_value())),
        ("RunRequest", &keys(&whole) | &BTreeSet::from(["vol_factor".to_owned()])),
        ("Loan", keys(&serde_json::to_value(Loan::default()).expect("a loan is JSON"))),
        ("Hedge", keys(&serde_json::to_value(Hedge::default()).expect("a hedge is JSON"))),
        ("Variant", keys(&whole["variants"][0])),
    ];
    for (interface, found) in pairs {
        assert_eq!(declared(interface), found, "{interface}");
    }
    assert_eq!(keys(&status["metrics"]), metrics);
}

#[test]
fn status_of_a_run_under_way() {
    let run = holding();
    let status = api::status(Some(&run), Some(&who()), RunState::Running);
    let unit = &run.units()[1];
    let last = unit.steps.last().expect("a step");
    let leg = unit.trades()[0].legs.last().expect("a leg");
    assert_eq!((&status["running"], &status["state"]), (&json!(true), &json!("running")));
    assert_eq!((&status["run_id"], &status["started_at"]), (&json!("a"), &json!("1970-01-01T00:00:01Z")));
    assert_eq!(status["finished_at"], Value::Null);
    assert_eq!((&status["start_date"], &status["end_date"]), (&json!(START), &json!(END)));
    assert_eq!(status["progress_pct"], json!(run.progress().fraction()));
    assert_eq!(status["current_time"], json!(last.time.iso()));
    assert_eq!(status["equity"], json!(last.equity.usd.0));
    assert_eq!(status["recent_steps"][0]["time"], json!(last.time.iso()));
    assert_eq!(status["recent_steps"][0]["traded"], json!(true));
    let position = &status["positions"][0];
    assert_eq!((&position["side"], &position["quantity"]), (&json!("short"), &json!(-leg.size)));
    let mark = unit.trades()[0].open_mark.expect("open");
    let gain = (leg.open_price - mark) * leg.size;
    assert_eq!(position["unrealized_pnl"], json!(gain * last.index));
    assert_eq!(position["unrealized_pnl_pct"], json!(gain / (leg.open_price * leg.size)));
    let states: Vec<&Value> = (0..3).map(|i| &status["units"][i]["state"]).collect();
    assert_eq!(states, [&json!("skipped"), &json!("running"), &json!("running")]);
    assert_eq!(status["units"][0]["date"], Value::Null);
}

#[test]
fn status_without_a_run_and_after_a_failure() {
    let nothing = api::status(None, None, RunState::Draft);
    assert_eq!((&nothing["running"], &nothing["state"]), (&json!(false), &json!("draft")));
    assert_eq!((&nothing["metrics"], &nothing["recent_steps"]), (&Value::Null, &json!([])));
    let mut run = holding();
    run.fail("march.json broke off");
    let who = Who { finished_ms: Some(2_000), ..who() };
    let failed = api::status(Some(&run), Some(&who), run.state());
    assert_eq!((&failed["running"], &failed["state"]), (&json!(false), &json!("failed")));
    assert_eq!(failed["error"], json!("Data: march.json broke off"), "two variants, one reason");
    assert_eq!(failed["finished_at"], json!("1970-01-01T00:00:02Z"));
    assert!(failed["progress_pct"].as_f64().is_some_and(|share| share < 1.0));
}

#[test]
fn kept_runs_are_found() {
    let archive = Archive::default();
    let whole = walked(&wave(3), &request());
    let mut stopped = holding();
    stopped.command(chainwalk::run::Command::Stop).expect("runs");
    kept(&archive, "a", 1_000, &whole);
    kept(&archive, "b", 2_000, &stopped);
    kept(&archive, "c", 3_000, &whole);
    now(archive.label("a", "My Income run")).expect("kept");
    let list = now(archive.list()).expect("memory").0;
    let ids = |query: Value| {
        let found = api::runs(&list, &Query::of(&query).expect("a query"));
        let ids =
            found["items"].as_array().expect("a list").iter().map(|item| item["id"].as_str().unwrap_or("").to_owned());
        (found["total"].as_u64().unwrap_or(99), ids.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(ids(Value::Null), (3, "c b a".into()));
    assert_eq!(ids(json!({ "state": "stopped" })), (1, "b".into()));
    assert_eq!(ids(json!({ "search": "income" })), (1, "a".into()));
    assert_eq!(ids(json!({ "search": "roll", "limit": 1, "offset": 1 })), (3, "b".into()));
    assert_eq!(ids(json!({ "underlying": "ETH", "state": null })), (0, String::new()));
    assert_eq!(api::runs(&list, &Query::default())["items"][2]["label"], json!("My Income run"));
    assert_eq!(api::runs(&list, &Query::default())["items"][0]["digest"], json!(whole.digest()));
    for (query, sentence) in [
        (
            json!({ "status": "stopped" }),
            "status: unknown field, expected one of underlying, state, search, limit, offset",
        ),
        (json!({ "limit": -1 }), "limit: -1 is not a whole number from 0"),
        (json!({ "search": 3 }), "search: expected a text"),
        (json!(3), "runs: expected an object"),
    ] {
        assert_eq!(Query::of(&query), Err(ApiError::InvalidRequest(sentence.into())));
    }
    assert!(Query::of(&json!({ "state": "done" })).is_err_and(|e| e.to_string().contains("completed")));
}

#[test]
fn a_kept_run_has_the_figures_of_its_variants() {
    let archive = Archive::default();
    let whole = walked(&wave(3), &request());
    let kept = kept(&archive, "a", 1_000, &whole);
    let record = api::run(&kept, &now(archive.trades("a")).expect("memory"));
    let out = whole.variant_outputs();
    assert_eq!(record["units"][1]["trades"], serde_json::to_value(&out[1].trades).expect("JSON"));
    assert_eq!(record["units"][2]["metrics"]["final_pnl"], json!(out[2].metrics.final_pnl));
    assert_eq!(record["metrics"], record["units"][1]["metrics"], "of the first that is switched on");
    assert_eq!(record["units"][0]["metrics"], Value::Null, "it made no mark");
    assert_eq!(record["finished_at"], json!("1970-01-01T00:00:06Z"));
    assert_eq!(record["request"]["start"], json!(START));
}

#[test]
fn faults_have_their_code() {
    let code = |fault: StoreError| ApiError::from(fault).code();
    assert_eq!((code(StoreError::NotFound("a".into())), code(StoreError::Full)), ("not_found", "storage"));
    let bundle = |fault: BundleError| ApiError::from(fault).to_value();
    assert_eq!(bundle(BundleError::Newer(9))["code"], json!("data"));
    assert_eq!(bundle(StoreError::Full.into())["code"], json!("storage"));
    assert_eq!(
        bundle(BundleError::Unreadable("x".into()))["error"],
        json!("this file is not a run that chainwalk exported: x")
    );
}

#[test]
fn the_log_tells_how_variants_ended() {
    let mut run = holding();
    let lines = |run: &Run| run.units().iter().map(log::unit_line).collect::<Vec<_>>();
    let skipped = || Some((Level::Info, "Skipped, as it is switched off.".to_owned()));
    assert_eq!(lines(&run), [skipped(), None, None]);
    run.fail("no pack");
    let failed = || Some((Level::Error, "Failed. Data: no pack.".to_owned()));
    assert_eq!(lines(&run), [skipped(), failed(), failed()]);
    let warnings = log::warnings(&run);
    assert!(warnings.iter().all(|(variant, text)| variant.as_deref() != Some("Off") && text.ends_with('.')));
    assert!(warnings.contains(&(Some("Roll".into()), "1 open at the end, valued at the mark.".into())), "{warnings:?}");
    assert_eq!(run.units()[0].state, UnitState::Skipped);
}
