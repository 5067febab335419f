//! What the inspector shows of a step.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::display::inspect::why;
use chainwalk::display::payoff::Book;
use chainwalk::display::risk::{Gauge, gauge_lines};
use chainwalk::market::codec::SnapshotFitError;
use chainwalk::market::{MarketSnapshot, Settlement};
use chainwalk::metrics::RISK_GLOSSARY;
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
    let [account, hodl] = &payoff.series[..] else { panic!("account and HODL: {payoff:?}") };
    assert!(
        hodl.points.iter().all(|point| point.1 == 200_000.0),
        "cash alone is worth the same at every index: {hodl:?}"
    );
    let book = Book::of(unit, &unit.steps[at], seen.snapshot).expect("a put");
    let strike = book.options[0].contract.strike.0;
    let worth = |s: f64| account.points.iter().find(|p| p.0 == s).expect("a place").1;
    let (first, last) = (account.points[0].0, account.points[account.points.len() - 1].0);
    assert!(worth(first) < 200_000.0 && worth(strike) > 200_000.0 && worth(last) > 200_000.0, "{account:?}");
    assert_eq!(payoff.rules[0], (strike, "strike"));
}

#[test]
fn figures_that_need_it_are_in_the_glossary() {
    let market = wave(1);
    let run = walked(&market, &json!({ "dataset": "made", "start": START, "end": END, "timeframe": "1d" }));
    let seen = run.inspect(0, 0, &market.snapshots).expect("its step");
    let figures = why(&run.units()[0], &run.units()[0].steps[0], &seen, "BTC").market;
    for title in ["Skew 25 Δ", "Term slope", "Regime"] {
        assert!(figures.iter().any(|(name, _)| *name == title), "{title} in {figures:?}");
        assert!(RISK_GLOSSARY.iter().any(|figure| figure.title == title), "{title}");
    }
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
    let first = |place: usize| payoff.series[place].points.first().expect("points").1;
    assert!(first(0) > first(1), "{payoff:?}");
}

#[test]
fn what_is_held_is_worth_now_what_the_step_says() {
    let market = wave(1);
    let run = walked(
        &market,
        &json!({
            "dataset": "made", "start": START, "end": END, "timeframe": "1d",
            "account": { "coins": 1 }, "variants": [{ "structure": "covered_call", "min_score": 0 }],
        }),
    );
    let unit = &run.units()[0];
    let at = unit.steps.iter().position(|step| !step.held.is_empty()).expect("an open call");
    let step = &unit.steps[at];
    let seen = run.inspect(0, at, &market.snapshots).expect("its step");
    let book = Book::of(unit, step, seen.snapshot).expect("something is held");
    let (value, booked) = (book.value(step.index, step.snapshot_time), step.option_value.usd.0);
    assert!((value / booked - 1.0).abs() < 0.02, "{value} by its volatility, {booked} by its mark");
    let (fill, flow) = (&step.fills[0], book.options[0].flow);
    assert_eq!((flow.coin, flow.usd), (-fill.quantity * fill.price - fill.fee, 0.0), "the premium is kept in coin");
    let lines = gauge_lines(&unit.steps, Gauge::Delta, Settlement::Inverse);
    let last = unit.steps.last().expect("steps");
    assert_eq!(lines.series[0].points.last().map(|p| p.1), Some(last.coins.0 + last.greeks.delta));
    assert_eq!(lines.series[1].points.last().map(|p| p.1), Some(last.greeks.delta));
}

#[test]
fn a_fitted_snapshot_says_how_near_its_fit_is() {
    let mut market = wave(1);
    let run = walked(&market, &json!({ "dataset": "made", "start": START, "end": END, "timeframe": "1d" }));
    let unit = &run.units()[0];
    let said = |snapshots: &[MarketSnapshot]| {
        let seen = run.inspect(0, 3, snapshots).expect("its step");
        let market = why(unit, &unit.steps[3], &seen, "BTC").market;
        market.into_iter().find(|(name, _)| *name == "Fit error").map(|(_, words)| words)
    };
    assert_eq!(said(&market.snapshots), None, "what was not fitted has no error");
    let error = SnapshotFitError { median: 47, p95: 219, inside: 965 };
    market.snapshots.iter_mut().for_each(|snapshot| snapshot.fit_error = Some(error));
    assert_eq!(said(&market.snapshots).as_deref(), Some("median 0.047 volatility points, 95 % under 0.219"));
}
