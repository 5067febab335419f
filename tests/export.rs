//! The CSV files of a run say in every row what their prices are, and what the premiums rest on, as the headline does.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::market::DataKind;
use chainwalk::run::export;
use common::market::Market;
use common::runs::walked;
use serde_json::json;

/// Three calls are sold at the bid: .0100 on a quote with both sides, .0080 where there is a bid alone, and .0050 with both sides on a
/// snapshot that is 14 hours old. One coin each.
const MARKET: &str = r#"{
    "cadence_minutes": 14400,
    "delivery": { "2026-01-09": 100000, "2026-01-16": 100000 },
    "snapshots": [
        { "t": "2026-01-01 08:00", "index": 100000,
          "expiries": { "2026-01-09": { "forward": 100000, "quotes": ["105000 C 0.0100 0.0110 0.0104 60"] } } },
        { "t": "2026-01-09 08:00", "index": 100000,
          "expiries": { "2026-01-16": { "forward": 100000, "quotes": ["105000 C 0.0080 - 0.0084 60"] } } },
        { "t": "2026-01-15 18:00", "index": 100000,
          "expiries": { "2026-01-23": { "forward": 100000, "quotes": ["105000 C 0.0050 0.0055 0.0052 60"] } } }
    ]
}"#;

/// The cells of the columns that have these names.
fn columns(table: &[u8], names: &[&str]) -> Vec<Vec<String>> {
    let mut rows = csv::Reader::from_reader(table);
    let headers = rows.headers().expect("headers").clone();
    let place = |name: &&str| headers.iter().position(|header| header == *name).unwrap_or_else(|| panic!("no {name}"));
    let places: Vec<usize> = names.iter().map(place).collect();
    let cells = |row: csv::StringRecord| places.iter().map(|place| row[*place].to_owned()).collect();
    rows.records().map(|row| cells(row.expect("a row"))).collect()
}

#[test]
fn every_row_says_what_it_rests_on() {
    let mut market = Market::parse(MARKET);
    market.dataset.kind = DataKind::Fitted;
    let request = json!({
        "dataset": "made", "start": "2026-01-01", "end": "2026-01-18", "timeframe": "1d",
        "variants": [{ "selection": "nearest", "min_delta": 0.01, "max_delta": 0.99 }],
    });
    let run = walked(&market, &request);
    let figures = run.units()[0].metrics.summary(false);
    assert_eq!(figures.premium_traded, 0.01 + 0.008 + 0.005);

    let names = ["time_utc", "price_kind", "premium_traded_coin", "premium_two_sided_coin", "premium_old_coin"];
    let steps = columns(&export::steps_csv(&run), &names);
    assert!(steps.len() == 18 && steps.iter().all(|row| row[1] == "fitted"));
    let opened: Vec<&[String]> = steps.iter().filter(|row| row[2] != "0").map(|row| &row[..]).collect();
    assert_eq!(
        opened,
        [
            ["2026-01-01T08:00:00Z", "fitted", "0.01", "0.01", "0"],
            ["2026-01-09T08:00:00Z", "fitted", "0.008", "0", "0"],
            ["2026-01-16T08:00:00Z", "fitted", "0.005", "0.005", "0.005"],
        ]
    );

    let names = ["price_kind", "snapshot_age_minutes", "premium_two_sided_share", "premium_old_share"];
    let equity = columns(&export::equity_csv(&run), &names);
    let share = |part: f64| (part / figures.premium_traded).to_string();
    assert_eq!(equity[1], ["fitted", "1440", "1", "0"]);
    assert_eq!(equity[8], ["fitted", "0", &(0.01 / (0.01 + 0.008)).to_string(), "0"]);
    assert_eq!(equity[15], ["fitted", "840", &share(0.01 + 0.005), &share(0.005)]);
    let headline = [figures.two_sided_premium, figures.old_premium].map(|share| share.expect("premium").to_string());
    assert_eq!(equity[17][2..], headline, "the last row is the headline");

    let trades = columns(&export::trades_csv(&run), &["price_kind", "two_sided_quote", "snapshot_age_minutes"]);
    assert_eq!(trades, [["fitted", "true", "0"], ["fitted", "false", "0"], ["fitted", "true", "840"]]);
}

#[test]
fn nothing_is_said_of_premium_before_the_first() {
    let request = json!({
        "dataset": "made", "start": "2026-01-01", "end": "2026-01-18", "timeframe": "1d",
        "variants": [{ "min_delta": 0.9, "max_delta": 0.99 }],
    });
    let run = walked(&Market::parse(MARKET), &request);
    let equity = columns(&export::equity_csv(&run), &["price_kind", "premium_two_sided_share", "premium_old_share"]);
    assert!(equity.len() == 18 && equity.iter().all(|row| *row == ["recorded", "", ""]), "{equity:?}");
}

#[test]
fn a_loan_says_it_too() {
    let market = Market::parse(include_str!("golden/loan_interest_only/market.json"));
    let request = serde_json::from_str(include_str!("golden/loan_interest_only/request.json")).expect("a request");
    let names = ["price_kind", "premium_two_sided_share", "premium_old_share"];
    let days = columns(&export::loan_csv(&walked(&market, &request)), &names);
    assert!(!days.is_empty() && days.iter().all(|day| *day == ["recorded", "", ""]), "no premium: {days:?}");

    let lent = json!({
        "dataset": "made", "start": "2026-01-01", "end": "2026-01-18", "timeframe": "1d",
        "account": { "coins": 1, "loan": { "principal_usd": 40_000 } },
        "variants": [{ "selection": "nearest", "min_delta": 0.01, "max_delta": 0.99 }],
    });
    let run = walked(&Market::parse(MARKET), &lent);
    let figures = run.units()[0].metrics.summary(false);
    let names = ["date_utc", "premium_two_sided_share", "premium_old_share"];
    let days = columns(&export::loan_csv(&run), &names);
    let equity = columns(&export::equity_csv(&run), &names[1..]);
    assert_eq!(days[0], ["2026-01-01", "1", "0"]);
    assert_eq!(days.last().map(|day| &day[1..]), equity.last().map(|mark| &mark[..]), "as the equity has it");
    let headline = [figures.two_sided_premium, figures.old_premium].map(|share| share.expect("premium").to_string());
    assert_eq!(days.last().map(|day| &day[1..]), Some(&headline[..]), "the last row is the headline");
}
