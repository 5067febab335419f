//! Rows of `deribit_fees_margin.json`.

use crate::{Verdict, not_applicable, same, text};
use chainwalk::market::Settlement;
use chainwalk::market::catalog::FeePreset;
use chainwalk::portfolio::{FeeSchedule, short_margin};
use chainwalk::pricing::OptionKind;
use serde_json::Value;

/// An index for schedules in coin, which do not look at it.
const ANY_INDEX: f64 = 60_000.0;

fn number(row: &Value, key: &str) -> Option<f64> {
    row[key].as_f64()
}

fn schedule(row: &Value) -> FeeSchedule {
    let linear = row["linear_usdc"].as_bool() == Some(true) || text(row, "kind").contains("linear");
    FeeSchedule::new(FeePreset::Deribit, if linear { Settlement::Linear } else { Settlement::Inverse })
}

fn six_decimals_half_up(x: f64) -> f64 {
    (x * 1e6 + 0.5 + 1e-9).floor() / 1e6
}

pub fn fee(row: &Value) -> Verdict {
    let (amount, index) = (number(row, "amount").unwrap_or(1.0), number(row, "index").unwrap_or(ANY_INDEX));
    let price = |key: &str| number(row, key).or_else(|| number(row, &key.replace("coin", "usdc"))).expect("a price");
    let fees = schedule(row);
    let unrounded = match text(row, "kind") {
        "trade" | "trade_linear" => fees.trade(price("price_coin"), index) * amount,
        "delivery" | "delivery_linear" => {
            fees.delivery(price("intrinsic_coin"), index, row["daily"].as_bool() == Some(true)) * amount
        }
        "combo_separate" => {
            let legs = row["legs"].as_array().expect("legs").iter();
            legs.map(|leg| fees.trade(leg[1].as_f64().expect("a price"), index) * leg[2].as_f64().expect("a size"))
                .sum()
        }
        "combo_official" => return not_applicable("no combos: each leg pays its own fee"),
        other => return not_applicable(format!("{other} is not a fee of the contract")),
    };
    // the contract's fees are unrounded; a row that rounds is met at its own decimals
    let found = if row["rounding"].is_null() { unrounded } else { six_decimals_half_up(unrounded) };
    let key = if row["expect_fee_coin"].is_null() { "expect_fee_usdc" } else { "expect_fee_coin" };
    same(&[(key, Some(found), &row[key], 1e-12)])
}

pub fn margin(row: &Value) -> Verdict {
    if let Some(dispute) = row["disputed"].as_str() {
        return not_applicable(format!("disputed: {dispute}"));
    }
    if text(row, "side") != "short" {
        return not_applicable("margin is computed for shorts alone; a long is paid in full");
    }
    let kind = if text(row, "option") == "call" { OptionKind::Call } else { OptionKind::Put };
    let linear = row["linear_usdc"].as_bool() == Some(true);
    let (settlement, unit) = if linear { (Settlement::Linear, "_usdc") } else { (Settlement::Inverse, "") };
    let mark = number(row, if linear { "mark_usdc" } else { "mark_coin" }).expect("a mark");
    let size = number(row, "amount").unwrap_or(1.0) * number(row, "contract_size").unwrap_or(1.0);
    let (strike, index) = (number(row, "strike").expect("a strike"), number(row, "index").expect("an index"));
    let margin = short_margin(kind, strike, index, mark, settlement);
    let (initial, maintenance) = (&row[format!("expect_initial{unit}")], &row[format!("expect_maintenance{unit}")]);
    let tolerance = if linear { 1e-8 } else { 1e-12 };
    let all = [
        ("initial", Some(margin.initial * size), initial, tolerance),
        ("maintenance", Some(margin.maintenance * size), maintenance, tolerance),
    ];
    // a row may print one of the two
    same(&all.into_iter().filter(|(_, _, expected, _)| !expected.is_null()).collect::<Vec<_>>())
}

#[test]
fn the_disputed_case_follows_the_printed_formula() {
    // call 70,000 at index 80,000, mark .02: in the money counts nothing, IM .15 + .02, MM .075 + .02
    let margin = short_margin(OptionKind::Call, 70_000.0, 80_000.0, 0.02, Settlement::Inverse);
    assert!((margin.initial - 0.17).abs() < 1e-12 && (margin.maintenance - 0.095).abs() < 1e-12);
}
