//! Rows of `strategy_pnl.json`: fills, payoffs, settlements and short trades on tiny chains.

use crate::common::market::{Market, absent};
use crate::common::runs::walked;
use crate::{Verdict, not_applicable, same, text};
use chainwalk::market::catalog::{Settlement, TickRule, TickStep};
use chainwalk::market::{Contract, RawChain, RawSnapshot};
use chainwalk::metrics::ratios::win_rate;
use chainwalk::portfolio::{Costs, FillRule, OpenTrade, Touch, Way};
use chainwalk::pricing::OptionKind;
use chainwalk::strategy::{ExitRules, Trigger, exit_trigger};
use chainwalk::units::{DAY_MS, Day, HOUR_MS, Price, Timestamp};
use serde_json::{Value, json};

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{} has no number {key}", text(row, "id")))
}

/// Ticks too fine to round what a row expects.
fn fine() -> TickRule {
    TickRule { per_one: 100_000_000, steps: vec![TickStep { up_to: None, step: 1 }] }
}

fn kind_of(name: &str) -> OptionKind {
    if name.contains("call") { OptionKind::Call } else { OptionKind::Put }
}

fn contract(kind: OptionKind, strike: f64) -> Contract {
    Contract { expiry: Timestamp(30 * DAY_MS), strike: Price(strike), kind }
}

fn fill_rule(name: &str) -> Option<FillRule> {
    match name {
        "bid_ask" => Some(FillRule::BidAsk),
        "mid" => Some(FillRule::Mid),
        _ => None,
    }
}

/// What an order is filled at; a sale at nothing brings nothing.
fn filled(fill: FillRule, way: Way, bid: f64, ask: f64) -> f64 {
    let touch = Touch { bid: Some(bid), ask: Some(ask), mark: None };
    Costs { fill, ..Default::default() }.fill_price(&touch, way, &fine(), 1.0).map_or(0.0, |f| f.price)
}

fn pair(quote: &Value) -> (f64, f64) {
    (quote[0].as_f64().expect("a bid"), quote[1].as_f64().expect("an ask"))
}

fn is_long(leg: &Value) -> bool {
    text(leg, "side") == "long"
}

/// Paid for the legs at entry, and received for them at exit.
fn on_chain(row: &Value, chain: &Value) -> Verdict {
    let Some(fill) = fill_rule(text(row, "fill")) else { return not_applicable("a fill model of the peer's own") };
    let (mut cost, mut proceeds) = (0.0, 0.0);
    for leg in row["legs"].as_array().expect("legs") {
        let sign = number(leg, "qty") * if is_long(leg) { 1.0 } else { -1.0 };
        let (open, close) = if is_long(leg) { (Way::Buy, Way::Sell) } else { (Way::Sell, Way::Buy) };
        let at = |time: &str, way: Way| match text(leg, "kind") {
            "spot" => number(chain, &format!("spot_{time}")),
            kind => {
                let (bid, ask) = pair(&chain[time][kind][format!("{:.1}", number(leg, "strike"))]);
                filled(fill, way, bid, ask)
            }
        };
        cost += sign * at("entry", open);
        proceeds += sign * at("exit", close);
    }
    let expect = &row["expect"];
    let places = row["round_dp"].as_i64().unwrap_or(9);
    let tolerance = 0.5 * libm::pow(10.0, -places as f64) + 1e-6;
    let figures =
        [("total_entry_cost", cost), ("total_exit_proceeds", proceeds), ("pct_change", (proceeds - cost) / cost.abs())];
    let figures: Vec<_> = figures.iter().map(|(name, x)| (*name, Some(*x), &expect[*name], tolerance)).collect();
    let verdict = same(&figures.into_iter().filter(|(_, _, expected, _)| !expected.is_null()).collect::<Vec<_>>());
    if matches!(verdict, Verdict::Checked) && is_covered_call(row) {
        covered_call(row, chain, proceeds - cost)
    } else {
        verdict
    }
}

fn is_covered_call(row: &Value) -> bool {
    let legs = row["legs"].as_array().expect("legs");
    legs.len() == 2 && text(&legs[0], "kind") == "spot" && text(&legs[1], "kind") == "call" && !is_long(&legs[1])
}

fn chain_of(expiry: Timestamp, forward: f64, quotes: &Value) -> RawChain {
    let strikes: Vec<f64> = quotes.as_object().expect("strikes").keys().map(|k| k.parse().expect("a strike")).collect();
    let mut call = absent(strikes.len());
    for (i, quote) in quotes.as_object().expect("strikes").values().enumerate() {
        let (bid, ask) = pair(quote);
        (call.bid[i], call.ask[i], call.mark[i], call.iv[i]) = (bid, ask, (bid + ask) / 2.0, 0.2);
    }
    assert!(strikes.is_sorted(), "the file lists strikes in order");
    RawChain { expiry, forward, put: absent(strikes.len()), strikes, call }
}

/// The same covered call walked by a whole run: linear, the row's fill, closed an hour before its expiry.
fn covered_call(row: &Value, chain: &Value, expected: f64) -> Verdict {
    let day = |key: &str| Day::parse(text(chain, key)).expect("a day");
    let expiry = day("expiry").start().plus_ms(8 * HOUR_MS);
    let snapshot = |time: Timestamp, when: &str| {
        let spot = number(chain, &format!("spot_{when}"));
        let chains = vec![chain_of(expiry, spot, &chain[when]["call"])];
        RawSnapshot { time, index: spot, high: None, low: None, chains }
    };
    let first = day("entry_date").start().plus_ms(7 * HOUR_MS);
    let last = day("exit_date").start().plus_ms(7 * HOUR_MS);
    let mut market = Market::new(vec![snapshot(first, "entry"), snapshot(last, "exit")]);
    market.dataset.settlement = Settlement::Linear;
    market.dataset.tick = fine();
    market.dataset.cadence_minutes = 60 * 24 * 60;
    let strike = number(&row["legs"][1], "strike");
    // the peer chose the strike by its own deltas: no other can be sold
    for (i, k) in market.raw[0].chains[0].strikes.clone().iter().enumerate() {
        if *k != strike {
            market.raw[0].chains[0].call.bid[i] = f64::NAN;
        }
    }
    market.price();
    let request = json!({
        "dataset": "made", "start": text(chain, "entry_date"), "end": text(chain, "exit_date"), "timeframe": "1d",
        "decision_offset_hours": 7, "exit_style": "tp_and_roll", "costs": { "fees": "none", "fill": row["fill"] },
        "variants": [{
            "selection": "nearest", "min_delta": 0, "max_delta": 1, "min_dte": 1, "target_dte": 30, "max_dte": 60,
            "exit": { "take_profit": null, "defend": null, "dte_exit": 0.5, "max_rolls": 0 },
        }],
    });
    let run = walked(&market, &request);
    let summary = run.units()[0].metrics.summary(false);
    same(&[("pnl of the run", Some(summary.final_pnl), &json!(expected), 1e-6)])
}

fn single_fill(row: &Value) -> Verdict {
    let name = text(row, "fill");
    let inside =
        |key: &str| name.split_once(key).and_then(|(_, rest)| rest.split([',', ')']).next()?.parse::<f64>().ok());
    let volume = row["volume"].as_f64();
    let rule = match (fill_rule(name), inside("fill_ratio="), inside("threshold=").zip(volume)) {
        (Some(rule), _, _) => rule,
        (None, Some(ratio), _) if name.contains(">=") => FillRule::Fraction(ratio),
        // the peer's volume decides the fraction; the price at that fraction is ours
        (None, None, Some((threshold, volume))) => FillRule::Fraction((volume / threshold).min(1.0)),
        _ => return not_applicable("the peer's volume model decides the price"),
    };
    let way = if is_long(row) || text(row, "side") == "buy" { Way::Buy } else { Way::Sell };
    let found = filled(rule, way, number(row, "bid"), number(row, "ask"));
    same(&[("price", Some(found), &row["expect"]["price"], number(row, "abs_tol"))])
}

/// A round trip between mid and touch costs that share of the spread.
fn slippage_cost(row: &Value) -> Verdict {
    let (bid, ask, rule) = (number(row, "bid"), number(row, "ask"), FillRule::Fraction(number(row, "pct")));
    let a_contract = filled(rule, Way::Buy, bid, ask) - filled(rule, Way::Sell, bid, ask);
    let cost = a_contract * number(row, "contracts") * number(row, "multiplier");
    same(&[("cost", Some(cost), &row["expect"]["cost"], 1e-4)])
}

/// PnL at expiry of legs of coins (or shares) and options, at a price.
fn payoff_at(row: &Value, price: f64) -> f64 {
    let leg_pnl = |leg: &Value| {
        let sign = number(leg, "qty") * if is_long(leg) { 1.0 } else { -1.0 };
        match text(leg, "kind") {
            "spot" => sign * (price - number(leg, "price")),
            kind => {
                let intrinsic = contract(kind_of(kind), number(leg, "strike")).intrinsic_usd(Price(price));
                sign * (intrinsic - number(leg, "premium"))
            }
        }
    };
    row["legs"].as_array().expect("legs").iter().map(leg_pnl).sum::<f64>() - row["fees"].as_f64().unwrap_or(0.0)
}

fn payoff(row: &Value) -> Verdict {
    let legs = row["legs"].as_array().expect("legs");
    let tolerance = number(row, "abs_tol");
    // a payoff is straight between the strikes: its extremes are at the strikes and the ends of the domain
    let mut corners: Vec<f64> = legs.iter().filter_map(|leg| leg["strike"].as_f64()).collect();
    corners.extend(row["domain"].as_array().into_iter().flatten().filter_map(Value::as_f64));
    let values: Vec<f64> = corners.iter().map(|price| payoff_at(row, *price)).collect();
    let cost = |leg: &Value| {
        let paid = leg["price"].as_f64().or(leg["premium"].as_f64()).expect("a price") * number(leg, "qty");
        if is_long(leg) { -paid } else { paid }
    };
    let per_point: f64 = legs.iter().map(|leg| number(leg, "qty")).fold(0.0, f64::max);
    let zero = json!(0.0);
    let mut figures: Vec<(&str, Option<f64>, &Value, f64)> = Vec::new();
    for (key, expected) in row["expect"].as_object().expect("figures") {
        let price = || key.rsplit_once('_').and_then(|(_, at)| at.parse::<f64>().ok());
        let x = expected.as_f64().unwrap_or(f64::NAN);
        let figure = match key.as_str() {
            "max_profit" => (values.iter().copied().max_by(f64::total_cmp), expected, tolerance),
            "max_loss" => (values.iter().copied().min_by(f64::total_cmp), expected, tolerance),
            "strategy_cost" => (Some(legs.iter().map(cost).sum()), expected, tolerance),
            // prices on a grid of cents: within one of the price where the PnL is 0
            "breakeven" | "profit_range_from" | "profit_range_to" => {
                (Some(payoff_at(row, x)), &zero, 0.0101 * per_point)
            }
            _ => match price() {
                Some(price) => (Some(payoff_at(row, price)), expected, tolerance),
                None => continue,
            },
        };
        figures.push((key, figure.0, figure.1, figure.2));
    }
    same(&figures)
}

/// Coins that one short option of a whole run pays at delivery, and its PnL.
fn short_to_delivery(kind: OptionKind, strike: f64, delivery: f64, premium: f64) -> (f64, f64) {
    let begin = Day::parse("2026-01-01").expect("a day");
    let (first, expiry) = (begin.start().plus_ms(8 * HOUR_MS), Day(begin.0 + 8).start().plus_ms(8 * HOUR_MS));
    let mut quotes = absent(1);
    (quotes.bid[0], quotes.ask[0], quotes.mark[0], quotes.iv[0]) = (premium, premium, premium, 0.6);
    let (call, put) = match kind {
        OptionKind::Call => (quotes, absent(1)),
        OptionKind::Put => (absent(1), quotes),
    };
    let chain = RawChain { expiry, forward: strike, strikes: vec![strike], call, put };
    let at = |time, chains| RawSnapshot { time, index: strike, high: None, low: None, chains };
    let mut market = Market::new(vec![at(first, vec![chain]), at(expiry, Vec::new())]);
    market.dataset.delivery.insert(expiry.day(), delivery);
    market.dataset.cadence_minutes = 20_000;
    market.dataset.tick = fine();
    let structure = if kind == OptionKind::Call { "covered_call" } else { "cash_secured_put" };
    let request = json!({
        "dataset": "made", "end": "2026-01-09", "timeframe": "1d", "costs": { "fees": "none" }, "account": { "coins": 100 },
        "variants": [{ "structure": structure, "cover": "none", "selection": "nearest", "min_delta": 0, "max_delta": 1 }],
    });
    let run = walked(&market, &request);
    let trade = &run.units()[0].trades()[0];
    (trade.legs[0].close_price.expect("settled"), trade.pnl_vs_hodl())
}

fn inverse_settlement(row: &Value) -> Verdict {
    let (premium, delivery) = (number(row, "premium_btc"), number(row, "delivery_price"));
    // an option that costs nothing cannot be sold; its settlement does not depend on the premium
    let sold_at = if premium > 0.0 { premium } else { 0.05 };
    let (value, pnl) = short_to_delivery(kind_of(text(row, "option")), number(row, "strike"), delivery, sold_at);
    let sign = if text(row, "side") == "short" { 1.0 } else { -1.0 } * number(row, "amount");
    let expect = &row["expect"];
    let all = [
        ("settlement_btc", Some(-sign * value), &expect["settlement_btc"], 1e-12),
        ("settlement_usd", Some(-sign * value * delivery), &expect["settlement_usd"], 1e-8),
        ("pnl_btc", Some(sign * (pnl - sold_at + premium)), &expect["pnl_btc"], 1e-12),
    ];
    same(&all.into_iter().filter(|(_, _, expected, _)| !expected.is_null()).collect::<Vec<_>>())
}

/// A short and a long option of one expiry, in coin and by the USD of each flow.
fn inverse_vertical(row: &Value) -> Verdict {
    let (kind, short, long) = (kind_of(text(row, "option")), number(row, "short"), number(row, "long"));
    let (short_premium, long_premium) = (number(row, "short_prem"), number(row, "long_prem"));
    let pnl_coin = |delivery: f64| {
        short_to_delivery(kind, short, delivery, short_premium).1
            - short_to_delivery(kind, long, delivery, long_premium).1
    };
    let intrinsic = |strike: f64, price: f64| contract(kind, strike).intrinsic_usd(Price(price));
    let credit_usd = (short_premium - long_premium) * number(row, "entry_index");
    let pnl_usd = |price: f64| credit_usd - intrinsic(short, price) + intrinsic(long, price);
    let corners = [short, long, 0.5 * short.min(long), 2.0 * short.max(long)].map(pnl_usd);
    let mut figures: Vec<(&str, Option<f64>, &Value, f64)> = Vec::new();
    for (key, expected) in row["expect"].as_object().expect("figures") {
        let at = || key.strip_prefix("pnl_btc_at_").and_then(|price| price.parse::<f64>().ok());
        let found = match key.as_str() {
            "max_profit_usd_cashflow" => corners.iter().copied().max_by(f64::total_cmp),
            "max_loss_usd_cashflow" => corners.iter().copied().min_by(f64::total_cmp),
            _ => at().map(pnl_coin),
        };
        figures.extend(found.map(|found| (key.as_str(), Some(found), expected, 1e-9)));
    }
    same(&figures)
}

/// Bought and sold again, contracts of a fraction of a coin.
fn inverse_round_trip(row: &Value) -> Verdict {
    let coins = number(row, "multiplier") * number(row, "qty");
    let (entry, exit) = (number(row, "entry_btc"), number(row, "exit_btc"));
    let paid = filled(FillRule::BidAsk, Way::Buy, entry, entry) * coins;
    let received = filled(FillRule::BidAsk, Way::Sell, exit, exit) * coins;
    let expect = &row["expect"];
    same(&[
        ("cost_btc", Some(paid), &expect["cost_btc"], 1e-15),
        ("pnl_btc", Some(received - paid), &expect["pnl_btc"], 1e-15),
    ])
}

/// One round trip in an account.
fn simulation(row: &Value) -> Verdict {
    let (Some(fill), true) = (fill_rule(text(row, "fill")), row["entry"].is_array() && row["exit"].is_array()) else {
        return not_applicable("needs the peer's own chain and calendar of entries");
    };
    let short = text(row, "name").contains("short") || text(row, "side") == "short";
    let (open, close) = if short { (Way::Sell, Way::Buy) } else { (Way::Buy, Way::Sell) };
    let ((bid, ask), (exit_bid, exit_ask)) = (pair(&row["entry"]), pair(&row["exit"]));
    let gain = filled(fill, close, exit_bid, exit_ask) - filled(fill, open, bid, ask);
    let pnl = gain * number(row, "multiplier") * if short { -1.0 } else { 1.0 };
    let capital = number(row, "capital");
    let expect = &row["expect"];
    let all = [
        ("realized_pnl", Some(pnl), &expect["realized_pnl"], 1e-4),
        ("equity", Some(capital + pnl), &expect["equity"], 1e-4),
        ("total_return", Some(pnl / capital), &expect["total_return"], 1e-8),
        ("win_rate", win_rate(&[pnl]), &expect["win_rate"], 1e-12),
    ];
    same(&all.into_iter().filter(|(_, _, expected, _)| !expected.is_null()).collect::<Vec<_>>())
}

/// A single short option under stop loss and take profit, marked at mid on each date of the chain.
fn early_exit(row: &Value, chain: &Value) -> Verdict {
    let leg = text(row, "leg");
    if leg != "short call" && leg != "short put" {
        return not_applicable("the structures of this version are single shorts");
    }
    let quotes = chain[if leg.ends_with("call") { "call_bid_ask" } else { "put_bid_ask" }].as_array().expect("quotes");
    let mids: Vec<f64> = quotes.iter().map(|quote| (pair(quote).0 + pair(quote).1) / 2.0).collect();
    let rules = ExitRules {
        // a loss of x of the premium is a mark of 1 + x times the opening fill
        stop_loss: row["stop_loss"].as_f64().map(|loss| 1.0 - loss),
        take_profit: row["take_profit"].as_f64(),
        defend: None,
        ..Default::default()
    };
    let trade = OpenTrade {
        id: 0,
        contract: contract(kind_of(leg), 212.5),
        side: chainwalk::portfolio::Side::Short,
        size: 1.0,
        open_price: mids[0],
        opened: Timestamp(0),
        rolls: 0,
        mark: mids[0],
        place: None,
    };
    let left = mids.iter().enumerate().skip(1).take(mids.len() - 2);
    let mut exits =
        left.filter_map(|(i, mark)| Some((exit_trigger(&rules, &trade, *mark, 200.0, Timestamp(i as i64))?, *mark)));
    let (word, mark) = match exits.next() {
        Some((Trigger::StopLoss, mark)) => ("stop_loss", mark),
        Some((Trigger::TakeProfit, mark)) => ("take_profit", mark),
        _ => ("expiration", mids[mids.len() - 1]),
    };
    let expect = &row["expect"];
    if text(expect, "exit_type") != word {
        return Verdict::Differs(format!("left by {word}, expected {}", expect["exit_type"]));
    }
    match expect["pct_change"].as_f64() {
        Some(_) => {
            same(&[("pct_change", Some((mids[0] - mark) / mids[0]), &expect["pct_change"], number(row, "abs_tol"))])
        }
        None => Verdict::Checked,
    }
}

pub fn judge(row: &Value, chains: &Value) -> Verdict {
    match text(row, "kind") {
        "strategy_on_chain" => on_chain(row, &chains[text(row, "chain")]),
        "fill" => single_fill(row),
        "slippage_cost" => slippage_cost(row),
        "intrinsic" => {
            let contract = contract(kind_of(text(row, "option")), number(row, "strike"));
            let found = contract.intrinsic_usd(Price(number(row, "spot")));
            same(&[("value", Some(found), &row["expect"]["value"], number(row, "abs_tol"))])
        }
        "payoff" => payoff(row),
        "deribit_inverse_settlement" => inverse_settlement(row),
        "inverse_vertical_expiry" => inverse_vertical(row),
        "inverse_round_trip" => inverse_round_trip(row),
        "simulation" => simulation(row),
        "early_exit" => early_exit(row, &chains[text(row, "chain")]),
        "order_book_fill" => not_applicable("no order books: a quote has no size"),
        "lean_regression" => not_applicable("needs Lean's sample data"),
        other => not_applicable(format!("{other} is not of the contract")),
    }
}
