//! Outside values of metrics, trades, fees and margin: every row is checked through the program's own functions, or
//! listed with the reason why the contract has no answer to it. (`tests/pricing` holds the rows of Black's model,
//! `tests/perf_kit.rs` the trades of the peer engine.)
#![cfg(not(target_arch = "wasm32"))]

mod common;
#[path = "truth/deribit.rs"]
mod deribit;
#[path = "truth/loan.rs"]
mod loan;
#[path = "truth/metrics.rs"]
mod metrics;
#[path = "truth/strategy.rs"]
mod strategy;

use common::shared;
use serde_json::Value;
use std::collections::BTreeMap;

/// What became of a row.
pub enum Verdict {
    /// Every figure it expects was found.
    Checked,
    /// The contract has no such thing.
    NotApplicable(String),
    /// A figure differs.
    Differs(String),
}

/// Compares figures; absent equals absent.
pub fn same(figures: &[(&str, Option<f64>, &Value, f64)]) -> Verdict {
    for (name, found, expected, tolerance) in figures {
        let agrees = match (found, expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() <= *tolerance,
            (None, None) => true,
            _ => false,
        };
        if !agrees {
            return Verdict::Differs(format!("{name}: found {found:?}, expected {expected} within {tolerance}"));
        }
    }
    assert!(!figures.is_empty(), "a checked row has figures");
    Verdict::Checked
}

/// A row without an answer in the contract, with the reason.
pub fn not_applicable(reason: impl Into<String>) -> Verdict {
    Verdict::NotApplicable(reason.into())
}

fn read(file: &str) -> Option<Value> {
    let bytes = std::fs::read(shared(&format!("truth/{file}"))?).expect(file);
    Some(serde_json::from_slice(&bytes).expect(file))
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Judges the rows of a file, prints its line of the table, and fails on any difference.
fn table(file: &str, rows: &[Value], judge: impl Fn(&Value) -> Verdict) {
    assert!(!rows.is_empty(), "{file} has rows");
    let (mut checked, mut differing) = (0, Vec::new());
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in rows {
        let id = text(row, "id");
        match judge(row) {
            Verdict::Checked => checked += 1,
            Verdict::NotApplicable(reason) => reasons.entry(reason).or_default().push(id),
            Verdict::Differs(what) => differing.push(format!("{id}: {what}")),
        }
    }
    let left: usize = reasons.values().map(Vec::len).sum();
    let mut lines = format!("{file}: {} rows read, {checked} checked, {left} not applicable", rows.len());
    for (reason, ids) in &reasons {
        lines.push_str(&format!("\n    {}: {reason}", ids.join(" ")));
    }
    println!("{lines}");
    assert!(differing.is_empty(), "{file}: {}", differing.join("\n"));
    assert!(checked > left, "{file}: most rows are checked");
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn metrics_of_other_test_suites() {
    let Some(file) = read("metrics.json") else { return };
    table("metrics.json", rows(&file["cases"]), |row| metrics::judge(row, &file["series"]));
}

#[test]
fn trades_of_other_test_suites() {
    let Some(file) = read("strategy_pnl.json") else { return };
    table("strategy_pnl.json", rows(&file["cases"]), |row| strategy::judge(row, &file["chains"]));
}

#[test]
fn fees_and_margin_of_the_venue() {
    let Some(file) = read("deribit_fees_margin.json") else { return };
    table("deribit_fees_margin.json (fees)", rows(&file["fees"]), deribit::fee);
    table("deribit_fees_margin.json (margin)", rows(&file["margin"]), deribit::margin);
}

#[test]
fn loans_as_lenders_publish_them() {
    let Some(file) = read("loan.json") else { return };
    table("loan.json (published examples)", rows(&file["published_examples"]), loan::example);
    let others = rows(&file["cases"]);
    let left = others.iter().filter(|row| matches!(loan::case(row), Verdict::NotApplicable(_))).count();
    println!("loan.json (health factors): {left} of {} rows follow another protocol", others.len());
    assert_eq!(left, others.len());
}
