//! The hedged loan: the contract's own checks, refusals, parity of the collar, the range of the index, the ranking.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::engine::FillAction;
use chainwalk::market::catalog::{DailyBar, Settlement, TickRule};
use chainwalk::market::{RawChain, RawSnapshot};
use chainwalk::metrics::loan::{Contender, Criterion, compare, ranking};
use chainwalk::metrics::{LoanSummary, LtvPeak};
use chainwalk::pricing::{OptionKind, discounted};
use chainwalk::run::{RunState, UnitState, resolve};
use chainwalk::strategy::{HedgeKind, templates};
use chainwalk::units::{DAY_MS, Day, HOUR_MS, Price, Timestamp};
use common::market::{Market, absent};
use common::runs::walked;
use serde_json::{Value, json};

/// Daily snapshots at 08:00 from 1 January 2026 of a flat surface in dollars, quoted at the mark; every expiry lists every strike.
fn flat(prices: &[f64], expiries: &[i32], strikes: &[f64], vol: f64, rate: f64) -> Market {
    let first = Day::parse("2026-01-01").expect("a day");
    let at = |day: i32| Day(first.0 + day).start().plus_ms(8 * HOUR_MS);
    let snapshot = |(i, index): (usize, &f64)| {
        let time = at(i as i32);
        let later = expiries.iter().map(|day| at(*day)).filter(|expiry| *expiry > time);
        let chains = later.map(|expiry| chain(*index, time, expiry, strikes, vol, rate)).collect();
        RawSnapshot { time, index: *index, high: None, low: None, chains }
    };
    let mut market = Market::new(prices.iter().enumerate().map(snapshot).collect());
    market.dataset.settlement = Settlement::Linear;
    market.dataset.tick = TickRule::cents();
    market.dataset.cadence_minutes = 1440;
    market.dataset.rate = rate;
    market.price();
    market
}

fn chain(index: f64, time: Timestamp, expiry: Timestamp, strikes: &[f64], vol: f64, rate: f64) -> RawChain {
    let years = expiry.years_since(time);
    let forward = index * libm::exp(rate * years);
    let side = |kind: OptionKind| {
        let mut quotes = absent(strikes.len());
        for (i, strike) in strikes.iter().enumerate() {
            let price = discounted(kind, forward, *strike, years, vol, rate).price;
            (quotes.bid[i], quotes.ask[i], quotes.mark[i], quotes.iv[i]) = (price, price, price, vol);
        }
        quotes
    };
    RawChain { expiry, forward, strikes: strikes.to_vec(), call: side(OptionKind::Call), put: side(OptionKind::Put) }
}

fn request(days: usize, account: Value, hedges: Value) -> Value {
    let end = Day(Day::parse("2026-01-01").expect("a day").0 + days as i32 - 1);
    json!({ "dataset": "made", "start": "2026-01-01", "end": end, "timeframe": "1d", "costs": { "fees": "none" },
            "account": account, "variants": hedges })
}

fn put(moneyness: f64) -> Value {
    json!({ "name": format!("Put {moneyness}"),
            "hedge": { "legs": [{ "kind": "put", "side": "long", "moneyness": moneyness, "weight": 1 }] } })
}

fn summary(run: &chainwalk::run::Run, unit: usize) -> LoanSummary {
    run.units()[unit].summary(false).and_then(|s| s.loan).expect("a loan")
}

#[test]
fn twelve_month_puts_to_the_printed_digits() {
    for (moneyness, expected) in [(1.0, 19.689_444), (0.95, 11.775_219), (0.90, 6.358_385)] {
        let forward = 460.0 * libm::exp(0.045);
        let price = discounted(OptionKind::Put, forward, 460.0 * moneyness, 1.0, 0.16, 0.045).price;
        assert!((price - expected).abs() < 5e-7, "{moneyness}: {price}");
    }
    // the same through a market and its fills, rounded to the cent against the buyer
    let market = flat(&[460.0, 461.0], &[365], &[414.0, 437.0, 460.0], 0.16, 0.045);
    let run = walked(&market, &request(2, json!({ "coins": 1 }), json!([put(1.0), put(0.95), put(0.9)])));
    let paid: Vec<f64> = run.units().iter().map(|unit| unit.steps[0].fills[0].price).collect();
    assert_eq!(paid, [19.69, 11.78, 6.36]);
}

#[test]
fn the_check_of_the_contract_on_a_flat_surface() {
    let market = flat(&[100.0, 96.0, 92.0, 88.0, 85.0], &[365], &[90.0, 95.0, 100.0, 105.0], 0.16, 0.045);
    let account = json!({ "coins": 1000, "loan": { "principal_usd": 68_000 } });
    let run = walked(&market, &request(5, account, json!([{ "name": "None", "hedge": { "coverage": 0 } }, put(1.0)])));
    let (bare, hedged) = (summary(&run, 0), summary(&run, 1));
    assert_eq!(bare.first_margin_call_unhedged, Day::parse("2026-01-04"));
    assert_eq!(hedged.first_margin_call_unhedged, Day::parse("2026-01-04"));
    assert_eq!((bare.margin_call_days_hedged, hedged.margin_call_days_hedged), (2, 0));
    assert_eq!(hedged.first_margin_call_hedged, None);
}

#[test]
fn a_collar_is_worth_its_strikes_at_expiry() {
    for last in [60.0, 79.0, 90.0, 100.0, 112.0, 150.0] {
        let market = flat(&[100.0, 100.0, last], &[2], &[80.0, 90.0, 100.0, 110.0, 120.0], 0.9, 0.0);
        let collar = json!({ "name": "Collar", "hedge": { "kind": "collar", "tenor_days": 2, "legs": [
            { "kind": "put", "side": "long", "moneyness": 0.9, "weight": 1 },
            { "kind": "call", "side": "short", "moneyness": 1.1, "weight": 1 }] } });
        let run =
            walked(&market, &request(3, json!({ "coins": 3, "loan": { "principal_usd": 100 } }), json!([collar])));
        let (first, end) = (&run.units()[0].steps[0], &run.units()[0].steps[2]);
        let net = first.fills.iter().map(|fill| -fill.quantity * fill.price).sum::<f64>();
        // put-call parity: unit + put - call is the index within the strikes
        let worth = 3.0 * last.clamp(90.0, 110.0) + net - 100.0;
        assert!((end.equity.usd.0 - worth).abs() < 1e-9, "{last}: {} is not {worth}", end.equity.usd.0);
    }
}

/// A put on every unit guarantees strike x units at expiry: the loan is covered exactly where that, less its premium, is enough.
#[test]
fn a_put_guarantees_its_strike_at_expiry() {
    for last in [1.0, 50.0, 89.0, 95.0, 130.0] {
        let market = flat(&[100.0, 97.0, last], &[2], &[80.0, 90.0, 100.0], 0.6, 0.0);
        let account = json!({ "coins": 10, "loan": { "principal_usd": 800, "apr": 0.1 } });
        let mut hedge = put(0.9);
        hedge["hedge"]["tenor_days"] = json!(2);
        let run = walked(&market, &request(3, account, json!([hedge])));
        let (steps, premium) = (&run.units()[0].steps, -run.units()[0].steps[0].cash.0);
        let loan = steps[2].loan.as_ref().expect("a loan");
        let owed = 800.0 * (1.0 + 0.1 * 2.0 / 365.0);
        assert!((loan.debt.0 - owed).abs() < 1e-9);
        let guaranteed = 10.0 * f64::max(90.0, last) - premium;
        assert!((loan.hedged.close.expect("a ratio") - owed / guaranteed).abs() < 1e-12, "{last}");
    }
}

/// The loan alone is what it would be without a hedge, whoever pays for one.
#[test]
fn what_is_borrowed_for_a_hedge_is_no_part_of_the_loan_alone() {
    let market = flat(&[100.0, 92.0, 91.5], &[365], &[95.0, 100.0], 0.3, 0.0);
    let account = |premium: &str| json!({ "coins": 100, "cash_usd": 50, "loan": { "principal_usd": 6800, "apr": 0.365, "premium": premium } });
    let runs = ["cash", "borrow"].map(|premium| {
        walked(
            &market,
            &request(3, account(premium), json!([{ "name": "None", "hedge": { "coverage": 0 } }, put(1.0)])),
        )
    });
    let alone: Vec<LoanSummary> = runs.iter().flat_map(|run| [summary(run, 0), summary(run, 1)]).collect();
    for other in &alone[1..] {
        assert_eq!(other.opening_ltv, alone[0].opening_ltv);
        assert_eq!(other.margin_call_price, alone[0].margin_call_price);
        assert_eq!(other.start_value, 100.0 * 100.0 + 50.0 - 6800.0);
        let (found, expected) = (other.max_ltv_unhedged_worst.ltv, alone[0].max_ltv_unhedged_worst.ltv);
        assert!((found.expect("a ratio") - expected.expect("a ratio")).abs() < 1e-12);
        assert_eq!(other.margin_call_days_unhedged, alone[0].margin_call_days_unhedged);
    }
    let last = runs[1].units()[1].steps[2].loan.as_ref().expect("a loan");
    // 6.8 a day of its own, and the premium's on top
    assert!((last.own_debt.0 - 6813.6).abs() < 1e-9 && last.debt.0 > last.own_debt.0 + 1000.0, "{last:?}");
}

#[test]
fn calls_never_exceed_the_units() {
    let market = flat(&[100.0, 100.0], &[365], &[90.0, 100.0, 110.0, 120.0], 0.3, 0.0);
    let collar = json!({ "kind": "collar", "whole_contracts": true, "legs": [
        { "kind": "put", "side": "long", "moneyness": 0.9, "weight": 1 },
        { "kind": "call", "side": "short", "moneyness": 1.1, "weight": 1 }] });
    let run = walked(&market, &request(2, json!({ "coins": 1.5 }), json!([{ "name": "C", "hedge": collar }])));
    let held: Vec<f64> = run.units()[0].steps[0].fills.iter().map(|fill| fill.quantity).collect();
    assert_eq!(held, [2.0, -1.0], "puts are rounded up, calls down");
    // a sale by the lender leaves fewer units than calls: the hedge is closed and bought anew
    let mut market = flat(&[100.0, 70.0, 71.0], &[365], &[60.0, 70.0, 80.0, 90.0, 100.0, 110.0], 0.3, 0.0);
    market.raw[1].low = Some(66.0);
    market.raw.iter_mut().for_each(|raw| raw.low = raw.low.or(Some(raw.index)));
    market.price();
    let collar = json!({ "kind": "collar", "coverage": 1, "legs": [
        { "kind": "put", "side": "long", "moneyness": 0.7, "weight": 1 },
        { "kind": "call", "side": "short", "moneyness": 1.1, "weight": 1 }] });
    let account = json!({ "coins": 10, "loan": { "principal_usd": 700, "liquidation_ltv": 0.78 } });
    let run = walked(&market, &request(3, account, json!([{ "name": "C", "hedge": collar }])));
    let step = &run.units()[0].steps[1];
    let units = step.loan.as_ref().expect("a loan").units.0;
    assert!(units < 10.0 && units > 0.0, "{units}");
    let open: f64 = step
        .fills
        .iter()
        .filter(|fill| fill.action == FillAction::Open && fill.quantity < 0.0)
        .map(|fill| -fill.quantity)
        .sum();
    assert!((open - units).abs() < 1e-9, "{open} calls on {units} units");
    assert!(!run.warnings().iter().any(|warning| warning.contains("cover below balance")));
}

#[test]
fn a_roll_that_cannot_be_filled_says_so_and_is_replaced_at_expiry() {
    let mut market = flat(&[100.0, 100.0, 100.0, 100.0, 100.0, 100.0], &[4, 40], &[90.0, 100.0], 0.2, 0.0);
    for raw in &mut market.raw[1..] {
        raw.chains.iter_mut().filter(|chain| chain.strikes.len() > 1).for_each(|chain| {
            let near = chain.expiry.days_since(raw.time) < 10.0;
            chain.put.bid.iter_mut().filter(|_| near).for_each(|bid| *bid = f64::NAN);
        });
    }
    market.price();
    let mut hedge = put(0.9);
    (hedge["hedge"]["tenor_days"], hedge["hedge"]["roll_days_before_expiry"]) = (json!(4), json!(2));
    let run = walked(&market, &request(6, json!({ "coins": 1, "loan": { "principal_usd": 5 } }), json!([hedge])));
    let steps = &run.units()[0].steps;
    let reasons: Vec<Option<&str>> = steps.iter().map(|step| step.reason.map(|reason| reason.title())).collect();
    let unquoted = Some("a leg of the hedge is not quoted");
    assert_eq!(reasons, [None, Some("hedge is held"), unquoted, unquoted, None, Some("hedge is held")]);
    assert_eq!(
        steps[4].fills[0].contract.dte(steps[4].time),
        36.0,
        "the next one is bought once the old one has expired"
    );
    let told = "Put 0.9: a roll could not be filled at 2 marks, where an old option had no bid or a new one no ask";
    assert!(run.warnings().iter().any(|warning| warning == told), "{:?}", run.warnings());
}

#[test]
fn a_daily_low_is_scaled_only_where_the_state_is_of_the_days_last_hour() {
    let mut market = flat(&[100.0, 110.0, 110.0], &[365], &[100.0], 0.2, 0.0);
    let first = Day::parse("2026-01-01").expect("a day");
    market.dataset.daily = vec![DailyBar { date: first, open: 100.0, high: 104.0, low: 91.0, close: 100.0 }];
    let none = json!([{ "name": "None", "hedge": { "coverage": 0 } }]);
    let account = json!({ "coins": 10, "loan": { "principal_usd": 680 } });
    let low = |market: &Market| {
        let run = walked(market, &request(2, account.clone(), none.clone()));
        run.units()[0].steps[1].loan.as_ref().expect("a loan").low
    };
    // the second snapshot is eight hours after the day's end, at another price
    assert_eq!(low(&market), 91.0);
    let midnight = first.next().start();
    market.raw[1].time = midnight;
    market.price();
    let market = market.in_packs(usize::MAX);
    assert!(
        (low(&market) - 91.0 * 110.0 / 100.0).abs() < 1e-9,
        "at the day's end the index and the close are one price"
    );
}

#[test]
fn daily_lows_of_the_price_series_stand_in() {
    let mut market = flat(&[100.0, 100.0, 100.0], &[365], &[100.0], 0.2, 0.0);
    let first = Day::parse("2026-01-01").expect("a day");
    let bar = |day: i32, low: f64| DailyBar { date: Day(first.0 + day), open: 100.0, high: 104.0, low, close: 100.0 };
    market.dataset.daily = vec![bar(-1, 50.0), bar(0, 91.0), bar(1, 88.0), bar(2, 10.0)];
    let account = json!({ "coins": 10, "loan": { "principal_usd": 680 } });
    let none = json!([{ "name": "None", "hedge": { "coverage": 0 } }]);
    let run = walked(&market, &request(3, account, none));
    let lows: Vec<f64> = run.units()[0].steps.iter().map(|step| step.loan.as_ref().expect("a loan").low).collect();
    // the day before the start is not the loan's, and the last day's low is not known yet
    assert_eq!(lows, [100.0, 91.0, 88.0]);
    assert_eq!(summary(&run, 0).first_margin_call_hedged, Day::parse("2026-01-03"));
    assert!(run.warnings().is_empty(), "{:?}", run.warnings());
}

#[test]
fn an_uncovered_loan_is_refused_at_its_first_price() {
    let market = flat(&[65.0, 66.0], &[365], &[60.0], 0.2, 0.0);
    let run =
        walked(&market, &request(2, json!({ "coins": 1000, "loan": { "principal_usd": 68_000 } }), json!([put(1.0)])));
    let refusal = run.refusal().expect("a refusal");
    let sentence = "Historical scenario starts undercollateralised: loan $68,000.00 exceeds the opening collateral $65,000.00 \
                    at $65.00. Reduce the loan or add units.";
    assert_eq!((refusal.field.as_str(), refusal.message.as_str()), ("account.loan.principal_usd", sentence));
    assert_eq!((run.state(), run.units()[0].state), (RunState::Failed, UnitState::Failed));
    assert!(run.units()[0].steps.is_empty());
}

#[test]
fn refusals_of_a_loan_and_a_hedge() {
    let market = flat(&[100.0], &[365], &[100.0], 0.2, 0.0);
    let refused = |request: Value| resolve(&request.to_string(), &market.catalog()).expect_err("refused").to_string();
    for (loan, sentence) in [
        (json!({ "principal_usd": -1 }), "account.loan.principal_usd: -1 is not a number of at least 0"),
        (json!({ "margin_call_ltv": 1 }), "account.loan.margin_call_ltv: 1 is not between 0 and 1"),
        (json!({ "margin_call_ltv": 0 }), "account.loan.margin_call_ltv: 0 is not between 0 and 1"),
        (
            json!({ "liquidation_ltv": 0.7 }),
            "account.loan.liquidation_ltv: 0.7 is not between margin_call_ltv 0.75 and 1",
        ),
        (json!({ "apr": 12 }), "account.loan.apr: 12 is above 10; it is a fraction, 0.08 is 8 % a year"),
        (
            json!({ "lender": "x" }),
            "account.loan.lender: unknown field `lender`, expected one of `principal_usd`, `apr`, `margin_call_ltv`, \
             `liquidation_ltv`, `on_liquidation`, `premium`",
        ),
    ] {
        assert_eq!(refused(request(1, json!({ "coins": 1, "loan": loan }), json!([put(1.0)]))), sentence);
    }
    let no_units = request(1, json!({ "coins": 0, "cash_usd": 5, "loan": {} }), json!([put(1.0)]));
    assert_eq!(refused(no_units), "account.coins: 0 is not positive; a loan needs units");
    let leg =
        |kind: &str, side: &str, weight: f64| json!({ "kind": kind, "side": side, "moneyness": 0.9, "weight": weight });
    let (one, half) = (leg("put", "long", 1.0), leg("put", "long", 0.5));
    for (hedge, sentence) in [
        (json!({ "tenor_days": 0 }), "tenor_days: 0 is not positive"),
        (json!({ "coverage": 2.5 }), "coverage: 2.5 is above 2; it is a share of the units"),
        (json!({ "roll_days_before_expiry": 365 }), "roll_days_before_expiry: 365 is not below tenor_days 365"),
        (json!({ "legs": [] }), "legs: a put hedge has one put; found 0 puts and 0 calls"),
        (json!({ "legs": [half] }), "legs: the weights of the puts sum to 0.5, expected 1"),
        (json!({ "legs": [leg("put", "short", 1.0)] }), "legs[0].side: a hedge buys puts and sells calls"),
        (
            json!({ "legs": [{ "kind": "put", "side": "long", "weight": 1 }] }),
            "legs[0]: write exactly one of moneyness, delta and pays_for_puts",
        ),
        (json!({ "kind": "ladder", "legs": [one] }), "legs: a ladder has two puts or more; found 1 puts and 0 calls"),
        (
            json!({ "kind": "collar", "legs": [one] }),
            "legs: a collar has one put or more and one call; found 1 puts and 0 calls",
        ),
        (
            json!({ "kind": "collar", "legs": [one, leg("call", "short", 1.5)] }),
            "legs: the call's weight 1.5 is above 1: more calls than units",
        ),
    ] {
        let variants = json!([{ "name": "H", "hedge": hedge }]);
        assert_eq!(refused(request(1, json!({ "coins": 1 }), variants)), format!("variants[0].hedge.{sentence}"));
    }
}

#[test]
fn built_in_hedges_are_sound_and_their_names_unique() {
    let market =
        flat(&[100.0, 101.0], &[30, 91, 182, 365, 547, 730], &[90.0, 95.0, 100.0, 105.0, 110.0, 115.0], 0.2, 0.0);
    let variants: Vec<Value> =
        templates().iter().map(|t| serde_json::to_value(t.variant()).expect("a variant")).collect();
    let run = walked(&market, &request(2, json!({ "coins": 10, "loan": { "principal_usd": 500 } }), json!(variants)));
    assert_eq!(run.state(), RunState::Completed, "{:?}", run.refusal());
    for (template, unit) in templates().iter().zip(run.units()) {
        let legs = if template.hedge.coverage == 0.0 { 0 } else { template.hedge.legs.len() };
        assert_eq!(unit.trades().len(), legs, "{}", template.name);
        let held = unit.trades().iter().filter_map(|trade| trade.legs.first());
        held.for_each(|leg| assert_eq!(leg.dte, template.hedge.tenor_days, "{}", template.name));
    }
    assert!(!run.warnings().iter().any(|warning| warning.contains("away")), "{:?}", run.warnings());
    let collar = run.units().iter().find(|unit| unit.name.starts_with("Collar")).expect("a collar");
    assert!(collar.steps[0].cash.0 >= 0.0, "the call pays for the put");
    assert_eq!(templates().iter().filter(|t| t.hedge.kind == HedgeKind::Collar).count(), 1);
}

#[test]
fn a_tenor_that_is_not_listed_takes_the_longest_with_a_note() {
    let market = flat(&[100.0, 101.0], &[30, 91], &[95.0, 100.0], 0.2, 0.0);
    let run = walked(&market, &request(2, json!({ "coins": 1, "loan": { "principal_usd": 5 } }), json!([put(0.95)])));
    assert_eq!(run.units()[0].trades()[0].legs[0].dte, 91.0);
    let note = "Put 0.95: no expiry is 365 days away; the longest listed, 91 days, was taken";
    assert!(run.warnings().iter().any(|warning| warning == note), "{:?}", run.warnings());
}

#[test]
fn strikes_are_the_nearest_and_ties_go_up_for_puts_and_down_for_calls() {
    let market = flat(&[100.0], &[10], &[90.0, 100.0, 110.0], 0.9, 0.0);
    let strike_of = |kind: &str, side: &str, moneyness: f64| {
        let leg = json!({ "kind": kind, "side": side, "moneyness": moneyness, "weight": 1 });
        let legs = if kind == "put" {
            json!([leg])
        } else {
            json!([{ "kind": "put", "side": "long", "moneyness": 0.9, "weight": 1 }, leg])
        };
        let kind_of = if kind == "put" { "put" } else { "collar" };
        let hedge = json!([{ "name": "H", "hedge": { "kind": kind_of, "tenor_days": 10, "legs": legs } }]);
        let run = walked(&market, &request(1, json!({ "coins": 1 }), hedge));
        run.units()[0].steps[0].fills.last().expect("a fill").contract.strike
    };
    assert_eq!(strike_of("put", "long", 0.95), Price(100.0));
    assert_eq!(strike_of("call", "short", 1.05), Price(100.0));
    assert_eq!(strike_of("put", "long", 0.94), Price(90.0));
    assert_eq!(strike_of("call", "short", 1.06), Price(110.0));
}

#[test]
fn the_ranking_and_why() {
    let loan = |worst: f64, call: Option<Day>, cost: f64, end: f64| LoanSummary {
        max_ltv_hedged_worst: LtvPeak { ltv: Some(worst), date: Some(Day(0)) },
        first_margin_call_hedged: call,
        hedge_cost: cost,
        end_value: end,
        ..LoanSummary::default()
    };
    let called = loan(0.6, Some(Day(3)), 0.0, 900.0);
    let dear = loan(0.6, None, 50.0, 100.0);
    let cheap = loan(0.6, None, 10.0, 100.0);
    let richer = loan(0.6, None, 10.0, 120.0);
    let safest = loan(0.5, None, 500.0, 1.0);
    let gone = LoanSummary { max_ltv_hedged_worst: LtvPeak::default(), ..loan(0.0, Some(Day(1)), 0.0, 0.0) };
    let all =
        [("a", &called), ("b", &dear), ("d", &cheap), ("c", &cheap), ("e", &richer), ("f", &safest), ("g", &gone)];
    let contenders = all.map(|(name, loan)| Contender { name, loan });
    let names: Vec<&str> = ranking(&contenders).into_iter().map(|i| contenders[i].name).collect();
    assert_eq!(names, ["f", "e", "c", "d", "b", "a", "g"]);
    let why = |i: usize, j: usize| compare(&contenders[i], &contenders[j]).1;
    assert_eq!(
        [why(5, 4), why(4, 3), why(3, 2), why(2, 1), why(1, 0)],
        [Criterion::WorstLtv, Criterion::EndValue, Criterion::Name, Criterion::Cost, Criterion::NoMarginCall]
    );
}

#[test]
fn interest_runs_over_days_without_marks_of_their_own() {
    let market = flat(&[100.0; 8], &[365], &[100.0], 0.2, 0.0);
    let account = json!({ "coins": 10, "loan": { "principal_usd": 365, "apr": 0.1 } });
    let mut wanted = request(8, account, json!([{ "name": "None", "hedge": { "coverage": 0 } }]));
    for (timeframe, marks) in [("1d", 8), ("4h", 46), ("1h", 184)] {
        wanted["timeframe"] = json!(timeframe);
        let run = walked(&market, &wanted);
        let steps = &run.units()[0].steps;
        assert_eq!(steps.len(), marks, "{timeframe}");
        let debt = steps.last().and_then(|step| step.loan.as_ref()).expect("a loan").debt.0;
        assert!((debt - 365.0 - 7.0 * 0.1).abs() < 1e-9, "{timeframe}: {debt}");
        let days = run.units()[0].metrics.loan_days();
        assert_eq!(days.len(), 8, "{timeframe}: a day for each snapshot");
        assert_eq!(days[0].date.start().plus_ms(DAY_MS), Day::parse("2026-01-02").expect("a day").start());
    }
}
