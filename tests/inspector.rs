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
