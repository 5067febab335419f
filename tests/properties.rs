//! What holds for every market: no look-ahead, nothing lost in the ledger, variants apart, scores between 0 and 10.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::engine::{FillAction, Step};
use chainwalk::metrics::identity::largest_error;
use chainwalk::portfolio::{EntryKind, LedgerEntry};
use chainwalk::run::Run;
use chainwalk::strategy::ScoreWeights;
use common::market::Market;
use common::runs::walked;
use common::wave::{END, START, Seeded, wave};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Requests over the random month: both styles, all fill rules, three variants.
fn requests() -> impl Strategy<Value = Value> {
    let styles = prop::sample::select(vec!["hold_to_expiry", "tp_and_roll"]);
    let fills = prop::sample::select(vec![json!("bid_ask"), json!("mid"), json!("mark"), json!(0.4)]);
    let fill_at = prop::sample::select(vec!["snapshot", "next_snapshot"]);
    let grids = prop::sample::select(vec![("4h", 4), ("4h", 24), ("1h", 6), ("1d", 24)]);
    let slippage = prop::sample::select(vec![0, 1]);
    (styles, fills, fill_at, grids, slippage).prop_map(|(style, fill, fill_at, (timeframe, interval), ticks)| {
        json!({
            "dataset": "made", "start": START, "end": END, "exit_style": style, "timeframe": timeframe,
            "decision_interval_hours": interval,
            "costs": { "fill": fill, "fill_at": fill_at, "slippage_ticks": ticks },
            "account": { "coins": 2, "cash_usd": 150_000 },
            "variants": [
                { "name": "Call", "min_dte": 1, "exit": { "stop_loss": 3 } },
                { "name": "Put", "structure": "cash_secured_put", "max_open": 2, "min_dte": 0.2, "min_score": 0 },
                { "name": "Bare", "cover": "none", "max_open": 3, "selection": "nearest", "target_dte": 3, "min_dte": 0.2,
                  "size": 0.4, "exit": { "dte_exit": 0.5, "max_hold_days": 4 } },
            ],
        })
    })
}

/// Requests of a loan with hedges over the random month: who pays, when it fills, how it is left.
fn loans() -> impl Strategy<Value = Value> {
    let premium = prop::sample::select(vec!["cash", "borrow"]);
    let fill_at = prop::sample::select(vec!["snapshot", "next_snapshot"]);
    let liquidation = prop::sample::select(vec![json!(null), json!(0.76), json!(0.8)]);
    let then = prop::sample::select(vec!["sell", "end"]);
    let grids = prop::sample::select(vec![("4h", 24), ("1h", 24), ("1d", 48)]);
    let principal = 120_000.0..145_000.0_f64;
    (premium, fill_at, liquidation, then, grids, principal).prop_map(|(premium, fill_at, ltv, then, grid, principal)| {
        let put = |moneyness: f64, weight: f64| json!({ "kind": "put", "side": "long", "moneyness": moneyness, "weight": weight });
        json!({
            "dataset": "made", "start": START, "end": END, "timeframe": grid.0, "decision_interval_hours": grid.1,
            "costs": { "fill_at": fill_at, "slippage_ticks": 1 },
            "account": { "coins": 2, "loan": {
                "principal_usd": principal, "apr": 0.2, "margin_call_ltv": 0.75, "liquidation_ltv": ltv,
                "on_liquidation": then, "premium": premium,
            } },
            "variants": [
                { "name": "None", "hedge": { "coverage": 0 } },
                { "name": "Put", "hedge": { "tenor_days": 7, "legs": [{ "kind": "put", "side": "long", "delta": 0.4, "weight": 1 }] } },
                { "name": "Ladder", "hedge": { "kind": "ladder", "tenor_days": 14, "roll_days_before_expiry": 4,
                  "whole_contracts": true, "legs": [put(1.0, 0.5), put(0.95, 0.5)] } },
                { "name": "Collar", "hedge": { "kind": "collar", "tenor_days": 60, "coverage": 0.5, "legs": [
                  put(0.97, 1.0), { "kind": "call", "side": "short", "pays_for_puts": true, "weight": 1 }] } },
            ],
        })
    })
}

/// Every dollar of a hedge is booked, on the cash or on the debt.
fn assert_hedge_conserved(steps: &[Step]) {
    for step in steps {
        let booked = |kinds: &[EntryKind]| {
            let entries = step.ledger.iter().filter(|entry| kinds.contains(&entry.kind));
            entries.map(|entry| entry.cash.0 - entry.debt.0).sum::<f64>()
        };
        let premiums: f64 = step.fills.iter().map(|f| (-f.quantity * f.price - f.fee) * f.index).sum();
        let settled: f64 = step.settlements.iter().map(|s| (s.quantity * s.value - s.fee) * s.delivery).sum();
        let all = booked(&[EntryKind::Premium, EntryKind::Fee, EntryKind::Settlement]);
        assert!((all - premiums - settled).abs() < 1e-6, "{}: {all} against {premiums} and {settled}", step.time);
        let moved = |entry: &LedgerEntry| entry.coins.0 != 0.0;
        let kinds = [EntryKind::Deposit, EntryKind::Liquidation];
        assert!(step.ledger.iter().filter(|e| moved(e)).all(|e| kinds.contains(&e.kind)), "{}: units stay", step.time);
        let loan = step.loan.as_ref().expect("a loan");
        assert!(loan.low <= step.index && loan.high >= step.index && loan.debt.0 >= 0.0, "{}", step.time);
    }
}

/// Replaces everything that is not known before snapshot `from`: quotes, index, closes, delivery prices.
fn other_future(market: &Market, from: usize, seed: u64) -> Market {
    let mut other = market.clone();
    let mut random = Seeded(seed);
    let cut = other.raw[from].time;
    for raw in &mut other.raw[from..] {
        raw.index *= 0.7 + 0.6 * random.next();
        for chain in &mut raw.chains {
            chain.forward *= 0.7 + 0.6 * random.next();
            for quotes in [&mut chain.call, &mut chain.put] {
                for i in 0..quotes.bid.len() {
                    let scale = 0.2 + 2.0 * random.next();
                    [&mut quotes.bid[i], &mut quotes.ask[i], &mut quotes.mark[i], &mut quotes.iv[i]]
                        .into_iter()
                        .for_each(|x| *x *= scale);
                }
            }
        }
    }
    // a day's close is known from the next day on
    for bar in other.dataset.daily.iter_mut().filter(|bar| bar.date >= cut.day()) {
        bar.close *= 0.5 + random.next();
        bar.low *= 0.5;
    }
    other.price();
    other
}

fn steps_before<'a>(run: &'a Run, unit: usize, market: &Market, from: usize) -> &'a [Step] {
    let steps = &run.units()[unit].steps;
    let known = steps.partition_point(|step| step.time < market.raw[from].time);
    &steps[..known]
}

/// Every entry is a fill's, a settlement's or a deposit, and every one of those is booked.
fn assert_conserved(steps: &[Step]) {
    for step in steps {
        let booked = |kind| step.ledger.iter().filter(|e| e.kind == kind).map(|e| e.coins.0).sum::<f64>();
        let premiums: f64 = step.fills.iter().map(|fill| -fill.quantity * fill.price).sum();
        let settled: f64 = step.settlements.iter().map(|s| s.quantity * s.value).sum();
        let fees: f64 =
            step.fills.iter().map(|fill| fill.fee).chain(step.settlements.iter().map(|settled| settled.fee)).sum();
        assert!((booked(EntryKind::Premium) - premiums).abs() < 1e-12, "{}", step.time);
        assert!((booked(EntryKind::Settlement) - settled).abs() < 1e-12, "{}", step.time);
        assert!((booked(EntryKind::Fee) + fees).abs() < 1e-12, "{}", step.time);
        assert!(step.ledger.iter().all(|entry| entry.time <= step.time), "{}", step.time);
    }
    let deposits = steps.iter().flat_map(|s| &s.ledger).filter(|e| e.kind == EntryKind::Deposit).count();
    assert_eq!(deposits, 2, "coins and cash, once");
}

/// Sizes and strikes of what is open, mark by mark, from fills and settlements alone.
fn open_by_mark(steps: &[Step]) -> Vec<Vec<(u32, f64, f64)>> {
    let mut open: Vec<(u32, f64, f64)> = Vec::new();
    let mut after = Vec::new();
    for step in steps {
        open.retain(|(trade, ..)| step.settlements.iter().all(|settled| settled.trade != *trade));
        for fill in &step.fills {
            match fill.action {
                FillAction::Open => open.push((fill.trade, -fill.quantity, fill.contract.strike.0)),
                FillAction::Close => open.retain(|(trade, ..)| *trade != fill.trade),
            }
            assert!(fill.contract.expiry > step.time, "nothing trades at or after its expiry");
        }
        assert_eq!(open.len(), step.held.len(), "{}", step.time);
        after.push(open.clone());
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_future_changes_no_past_step(seed in 0_u64..1_000, from in 12_usize..110, request in requests()) {
        let market = wave(seed);
        let other = other_future(&market, from.min(market.raw.len() - 1), seed + 1);
        let from = from.min(market.raw.len() - 1);
        let (run, altered) = (walked(&market, &request), walked(&other, &request));
        let mut known = 0;
        for unit in 0..3 {
            let steps = steps_before(&run, unit, &market, from);
            prop_assert!(steps == steps_before(&altered, unit, &market, from), "variant {} looks ahead", unit);
            known += steps.len();
        }
        prop_assert!(known > 0);
        prop_assert!(run.digest() != altered.digest(), "the future matters to what comes");
    }

    #[test]
    fn the_ledger_loses_nothing(seed in 0_u64..1_000, request in requests()) {
        let run = walked(&wave(seed), &request);
        for unit in run.units() {
            assert_conserved(&unit.steps);
            let error = largest_error(&unit.steps, run.resolved().dataset.settlement, &run.resolved().request.account);
            prop_assert!(error < 1e-9, "{}: identity off by {}", unit.name, error);
        }
        let calls = open_by_mark(&run.units()[0].steps);
        prop_assert!(calls.iter().all(|open| open.iter().map(|(_, size, _)| size).sum::<f64>() <= 2.0 + 1e-9));
        let secured = |open: &Vec<(u32, f64, f64)>| {
            open.len() <= 2 && open.iter().map(|(_, size, strike)| size * strike).sum::<f64>() <= 150_000.0 + 1e-3
        };
        prop_assert!(open_by_mark(&run.units()[1].steps).iter().all(secured));
        prop_assert!(open_by_mark(&run.units()[2].steps).iter().all(|open| open.len() <= 3));
    }

    #[test]
    fn a_loan_loses_nothing_and_does_not_look_ahead(seed in 0_u64..1_000, from in 12_usize..110, request in loans()) {
        let market = wave(seed);
        let from = from.min(market.raw.len() - 1);
        let other = other_future(&market, from, seed + 1);
        let run = walked(&market, &request);
        prop_assume!(run.refusal().is_none());
        let altered = walked(&other, &request);
        for (i, unit) in run.units().iter().enumerate() {
            assert_hedge_conserved(&unit.steps);
            let error = largest_error(&unit.steps, run.resolved().dataset.settlement, &run.resolved().request.account);
            prop_assert!(error < 1e-9, "{}: identity off by {}", unit.name, error);
            let (known, again) = (steps_before(&run, i, &market, from), steps_before(&altered, i, &market, from));
            prop_assert!(known == again, "{} looks ahead", unit.name);
        }
    }

    #[test]
    fn variants_do_not_see_each_other(seed in 0_u64..1_000, request in requests()) {
        let market = wave(seed);
        let mut reversed = request.clone();
        reversed["variants"].as_array_mut().expect("variants").reverse();
        let (run, other) = (walked(&market, &request), walked(&market, &reversed));
        for unit in 0..3 {
            prop_assert!(run.units()[unit].steps == other.units()[2 - unit].steps);
            let mut alone = request.clone();
            alone["variants"] = json!([request["variants"][unit]]);
            prop_assert!(walked(&market, &alone).units()[0].steps == run.units()[unit].steps);
        }
    }

    #[test]
    fn scores_lie_between_0_and_10(
        seed in 0_u64..1_000,
        points in prop::array::uniform10(-100.0..100.0_f64),
        widths in prop::array::uniform3(1e-6..50.0_f64),
        own in any::<bool>(),
    ) {
        let [iv_rv, iv_rv_absent, delta, dte, premium, bull_near, bull_run, bear_fall, low_vol, stretched] = points;
        let [delta_width, dte_width, premium_full_pct] = widths;
        let weights = ScoreWeights {
            iv_rv, iv_rv_absent, delta, dte, premium, bull_near, bull_run, bear_fall, low_vol, stretched,
            delta_width, dte_width, premium_full_pct, ..Default::default()
        };
        let market = wave(seed);
        let weights = if own { json!(weights) } else { json!("classic") };
        let request = json!({
            "dataset": "made", "start": START, "end": END, "timeframe": "1d",
            "variants": [{ "weights": weights, "min_delta": 0, "max_delta": 1, "min_dte": 0, "max_dte": 60 }],
        });
        let run = walked(&market, &request);
        for (i, step) in run.units()[0].steps.iter().enumerate().filter(|(_, step)| !step.gap) {
            let seen = run.inspect(0, i, &market.snapshots).expect("a step that was made");
            let scores: Vec<f64> = seen.options.iter().filter_map(|o| o.terms.map(|terms| terms.total())).collect();
            prop_assert!(scores.iter().all(|score| (0.0..=10.0).contains(score)));
            prop_assert!(own || scores.iter().all(|score| *score <= 8.5));
            prop_assert_eq!(scores.iter().copied().max_by(f64::total_cmp), step.best_score);
            let counts = step.scan.expect("every decision scans");
            prop_assert_eq!(counts.candidates as usize, scores.len());
            prop_assert_eq!(counts.candidates + counts.refused.iter().sum::<u32>(), seen.options.len() as u32);
        }
    }
}
