//! What the inspector shows of a step.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::display::inspect::why;
use common::runs::walked;
use common::wave::{END, START, wave};
use serde_json::json;

#[test]
fn the_payoff_compares_with_the_opening_account() {
    let market = wave(1);
    let run = walked(
        &market,
        &json!({
            "dataset": "made", "start": START, "end": END, "timeframe": "1d",
            "account": { "coins": 0, "cash_usd": 200_000 }, "variants": [{ "structure": "cash_secured_put", "min_score": 0 }],
        }),
    );
    let unit = &run.units()[0];
    let at = unit.steps.iter().position(|step| !step.held.is_empty()).expect("an open put");
    let seen = run.inspect(0, at, &market.snapshots).expect("its step");
    let payoff = why(unit, &unit.steps[at], &seen, "BTC").payoff.expect("a payoff");
    let mut heights = payoff.other.split(['M', 'L']).filter_map(|point| point.split(' ').nth(1));
    let first = heights.next().expect("points");
    assert!(heights.all(|height| height == first), "cash alone is worth the same at every index: {}", payoff.other);
}

#[test]
fn a_hedge_says_what_was_wanted_and_what_the_chain_has() {
    let market = wave(1);
    let run = walked(
        &market,
        &json!({
            "dataset": "made", "start": START, "end": END, "timeframe": "1d",
            "account": { "coins": 2, "loan": { "principal_usd": 100_000, "premium": "borrow" } },
            "variants": [{ "name": "Put", "hedge": { "tenor_days": 60, "legs": [{ "kind": "put", "side": "long", "moneyness": 0.95, "weight": 1 }] } }],
        }),
    );
    let unit = &run.units()[0];
    let at = unit.steps.iter().position(|step| !step.fills.is_empty()).expect("a bought put");
    let seen = run.inspect(0, at, &market.snapshots).expect("its step");
    let shown = why(unit, &unit.steps[at], &seen, "BTC");
    assert!(
        shown.hedge[0].starts_with("Wanted 60 days: an expiry in 2")
            && shown.hedge[0].ends_with(", the longest listed.")
    );
    assert!(
        shown.hedge[1].starts_with("+2.00 × BTC-") && shown.hedge[1].contains("95.0 % of the index"),
        "{}",
        shown.hedge[1]
    );
    assert!(shown.candidates.is_empty() && shown.refused.is_empty(), "a hedge scans nothing");
    assert!(shown.ledger.iter().any(|entry| entry.debt.is_some()), "the premium is borrowed");
    assert!(shown.held[0].starts_with("+2.00 ×") && shown.held[0].contains("bought at"), "{}", shown.held[0]);
    // a floor under the account: at the lowest index it is worth no less than the opening account there
    let payoff = shown.payoff.expect("a payoff");
    let first = |path: &str| path[1..].split(['L', ' ']).nth(1).and_then(|y| y.parse::<f64>().ok()).expect("a height");
    assert!(first(&payoff.line) < first(&payoff.other), "higher on the page is more money");
}
