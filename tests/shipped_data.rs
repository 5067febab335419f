//! The recorded datasets and ETH as they ship: what is in them, what a bare request makes of them.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::digest::sha256_hex;
use chainwalk::import::check::check;
use chainwalk::market::{DataKind, Dataset, PackSource};
use chainwalk::run::resolve;
use common::shipped::{shipped, walked_on_shipped};
use serde_json::json;
use std::fs;

fn dataset(id: &str) -> Dataset {
    shipped().catalog().expect("the shipped catalog").dataset(id).expect(id).clone()
}

/// All files are what the catalog says, by size and hash, none is left over, the catalog is small, and all of it is far below 25 MB.
#[test]
fn every_file_is_vouched_for_and_small() {
    let source = shipped();
    let catalog = source.catalog().expect("a catalog");
    let catalog_bytes = source.bytes("catalog.json").expect("a file").len() as u64;
    let packs: u64 = catalog.datasets.iter().flat_map(|d| &d.packs).map(|p| p.bytes).sum();
    assert!(catalog_bytes < 200_000 && packs < 10_000_000, "{catalog_bytes} {packs}");
    for entry in catalog.datasets.iter().flat_map(|d| &d.packs) {
        let bytes = source.bytes(&entry.path).expect("a file");
        assert_eq!((bytes.len() as u64, sha256_hex(&bytes)), (entry.bytes, entry.sha256.clone()), "{}", entry.path);
    }
    let folders = catalog.datasets.iter().map(|d| fs::read_dir(source.folder.join(&d.id)).expect("a folder").count());
    assert_eq!(folders.sum::<usize>(), catalog.datasets.iter().map(|d| d.packs.len()).sum::<usize>());
    for dataset in catalog.datasets.iter().filter(|d| d.model.is_none()) {
        for entry in &dataset.packs {
            let snapshots = source.pack(dataset, entry).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(snapshots.len(), entry.snapshots as usize);
        }
    }
}

/// What docs/DATA.md says of arbitrage among fitted marks.
#[test]
fn fitted_marks_have_no_butterfly() {
    for (id, calendars, compared) in [("btc-2026", 0, 132_598), ("eth-2026", 1, 59_906)] {
        let counts = check(&shipped(), &dataset(id), || ());
        let bounds = &counts.bounds;
        assert!(counts.faults.is_empty() && bounds.butterfly_checked > 250_000, "{id}: {:?}", counts.faults);
        assert_eq!((bounds.butterfly, bounds.calendar, bounds.calendar_checked), (0, calendars, compared), "{id}");
    }
}

#[test]
fn what_a_bare_request_runs_on() {
    let catalog = shipped().catalog().expect("a catalog");
    for (request, id, end) in [
        (json!({}), "btc-2026", "2026-06-30"),
        (json!({ "underlying": "BTC", "start": "2026-03-01" }), "btc-2026", "2026-06-30"),
        (json!({ "underlying": "ETH" }), "eth-2026", "2026-03-31"),
        (json!({ "underlying": "MSFT" }), "msft-2026", "2026-04-13"),
        (json!({ "dataset": "btc-board-2024-12-31" }), "btc-board-2024-12-31", "2024-12-31"),
        (json!({ "underlying": "BTC", "start": "2026-06-01", "end": "2026-06-30" }), "btc-2026", "2026-06-30"),
        (
            json!({ "underlying": "BTC", "start": "2024-12-31", "end": "2024-12-31" }),
            "btc-board-2024-12-31",
            "2024-12-31",
        ),
        (json!({ "underlying": "BTC", "start": "2024-12-01", "end": "2024-12-31" }), "btc-long", "2024-12-31"),
    ] {
        let resolved = resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{request}: {e}"));
        assert_eq!((&resolved.dataset.id[..], &resolved.request.end.to_string()[..]), (id, end), "{request}");
    }
    let early = resolve(r#"{"underlying":"BTC","start":"2025-06-01"}"#, &catalog).expect_err("early");
    assert_eq!(early.to_string(), "Data not available before 2025-12-30. Set the start date to 2025-12-30 or later.");
    let late = resolve(r#"{"underlying":"BTC","start":"2026-06-01","end":"2026-07-31"}"#, &catalog).expect_err("late");
    assert_eq!(late.to_string(), "Data not available after 2026-06-30. Set the end date to 2026-06-30 or earlier.");
}

/// By hand, USD a share, from the quotes: sold at the bid, 1.37 + 1.67 + 1.78 + 2.19 + 2.00 = 9.01; settled on the spot price of the day of
/// expiry, 0 + 0 + 2.88 + 4.37; the last is marked at its mid, 2.065. A hundred shares make -30.50 USD, less fees of
/// 0.00002 of 38,xxx USD for each of five sales and of half of it for the two deliveries.
#[test]
fn a_bare_request_sells_calls_on_a_hundred_shares() {
    let run = walked_on_shipped(&json!({ "dataset": "msft-2026" }));
    let unit = &run.units()[0];
    let sold: Vec<String> = unit
        .trades()
        .iter()
        .map(|t| format!("{} {} {}", t.legs[0].opened.day(), t.legs[0].contract.name("MSFT"), t.legs[0].size))
        .collect();
    assert_eq!(
        sold,
        [
            "2026-03-17 MSFT-23MAR26-407d5-C 100",
            "2026-03-23 MSFT-30MAR26-392d5-C 100",
            "2026-03-30 MSFT-6APR26-370-C 100",
            "2026-04-06 MSFT-13APR26-380-C 100",
            "2026-04-13 MSFT-20APR26-395-C 100",
        ]
    );
    let summary = serde_json::to_value(run.output()).expect("JSON");
    let figure = |name: &str| summary["variants"][0]["metrics"][name].as_f64().expect(name);
    assert!((figure("option_pnl") + 30.5).abs() < 1e-9 && (figure("premium_collected") - 901.0).abs() < 1e-9);
    assert!((figure("fees") - 3.797_74).abs() < 1e-9 && (figure("final_pnl_vs_hodl") + 34.297_74).abs() < 1e-9);
    let note = "msft-2026: American options are treated as European";
    assert!(run.warnings().iter().any(|w| w == note) && run.warnings().iter().all(|w| !w.contains("approximated")));
    assert_eq!(run.digest(), "17291bbc9d9a2813ead9018aec12406a8aa0a89a0a971ef411ffaecc29af1bc9");
}

/// Quotes of 20:00 UTC are fresh at a decision of that hour and 14 hours old at ten the next morning.
#[test]
fn every_result_says_what_its_premium_rests_on() {
    let words = |request: serde_json::Value| walked_on_shipped(&request).evidence_line().words;
    assert_eq!(
        words(json!({ "dataset": "msft-2026" })),
        "100 % of premium from two-sided quotes, 0 % from quotes older than 12 h."
    );
    assert_eq!(
        words(json!({ "dataset": "msft-2026", "timeframe": "1h", "decision_offset_hours": 10 })),
        "100 % of premium from two-sided quotes, 100 % from quotes older than 12 h."
    );
    let hedge = json!({ "dataset": "gld-long", "start": "2020-01-02", "end": "2020-03-31",
        "variants": [{ "hedge": { "kind": "put", "tenor_days": 30 } }] });
    let run = walked_on_shipped(&hedge);
    let figures = run.variant_outputs()[0].metrics.clone();
    assert!(figures.premium_collected == 0.0 && figures.premium_traded > 0.0, "a put that was bought counts");
    assert!(run.evidence_line().words.starts_with("All premium is the model's, none was quoted"));
}

#[test]
fn a_month_of_eth_is_walked() {
    let run = walked_on_shipped(&json!({ "dataset": "eth-2026", "end": "2026-01-31" }));
    assert_eq!(run.units()[0].trades().len(), 4);
    assert_eq!(run.digest(), "f7c075782c9268ce6b08e2c87d30489324f0c6002c491196a7df786623474200");
    let eth = dataset("eth-2026");
    assert_eq!((eth.kind, eth.underlying.as_str(), eth.packs.len()), (DataKind::Fitted, "ETH", 4));
    let error = eth.quality.fit_error.expect("a measured error");
    assert_eq!((error.median_vol_points, error.p95_vol_points, error.inside_bid_ask), (0.041, 0.23, 0.9855));
}

#[test]
fn one_instant_shows_a_board() {
    let run = walked_on_shipped(&json!({ "dataset": "btc-board-2024-12-31" }));
    let step = run.units()[0].steps.iter().find(|s| s.decision).expect("a decision");
    assert!(step.traded && step.time.iso() == "2024-12-31T22:00:00Z", "{:?}", step.reason);
    let board = dataset("btc-board-2024-12-31");
    let snapshots = shipped().pack(&board, &board.packs[0]).expect("a pack");
    let options: usize = snapshots[0].chains.iter().map(|c| 2 * c.strikes.len()).sum();
    assert_eq!((snapshots.len(), snapshots[0].time.iso(), options), (1, "2024-12-31T22:00:00Z".to_string(), 792));
}
