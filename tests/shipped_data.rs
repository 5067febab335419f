//! The recorded datasets and ETH as they ship: what is in them, what a bare request makes of them.

use chainwalk::cli::FileSource;
use chainwalk::market::{DataKind, Dataset, PackSource};
use chainwalk::run::{Advance, Command, Run, resolve};
use serde_json::json;
use std::path::Path;

fn shipped() -> FileSource {
    FileSource { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data") }
}

fn dataset(id: &str) -> Dataset {
    shipped().catalog().expect("the shipped catalog").dataset(id).expect(id).clone()
}

fn walked(request: serde_json::Value) -> Run {
    let source = shipped();
    let catalog = source.catalog().expect("a catalog");
    let mut run = Run::new(resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{request}: {e}")));
    run.command(Command::Start).and_then(|_| run.command(Command::Data)).expect("it starts");
    let mut snapshots = Vec::new();
    loop {
        match run.advance(&snapshots, 1_000) {
            Advance::Complete => return run,
            Advance::Continue => {}
            Advance::NeedData(pack) => {
                let dataset = &run.resolved().dataset;
                snapshots.extend(source.pack(dataset, &dataset.packs[pack]).expect("a pack"));
            }
        }
    }
}

/// All files are what the catalog says, the catalog is small, and all of it is far below 25 MB.
#[test]
fn every_file_is_vouched_for_and_small() {
    let source = shipped();
    let catalog = source.catalog().expect("a catalog");
    let catalog_bytes = source.bytes("catalog.json").expect("a file").len() as u64;
    let packs: u64 = catalog.datasets.iter().flat_map(|d| &d.packs).map(|p| p.bytes).sum();
    println!("catalog {catalog_bytes} bytes, packs {packs} bytes");
    assert!(catalog_bytes < 200_000 && packs < 10_000_000, "{catalog_bytes} {packs}");
    for dataset in catalog.datasets.iter().filter(|d| d.model.is_none()) {
        for entry in &dataset.packs {
            let snapshots = source.pack(dataset, entry).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(snapshots.len(), entry.snapshots as usize);
        }
    }
}

#[test]
fn what_a_bare_request_runs_on() {
    let catalog = shipped().catalog().expect("a catalog");
    for (request, id, end) in [
        (json!({}), "btc-2026", "2026-06-30"),
        (json!({ "underlying": "ETH" }), "eth-2026", "2026-03-31"),
        (json!({ "underlying": "MSFT" }), "msft-2026", "2026-04-13"),
        (json!({ "dataset": "btc-board-2024-12-31" }), "btc-board-2024-12-31", "2024-12-31"),
        (json!({ "underlying": "BTC", "start": "2026-06-01", "end": "2026-06-30" }), "btc-2026", "2026-06-30"),
        (json!({ "underlying": "BTC", "start": "2024-12-31", "end": "2024-12-31" }), "btc-board-2024-12-31", "2024-12-31"),
        (json!({ "underlying": "BTC", "start": "2024-12-01", "end": "2024-12-31" }), "btc-long", "2024-12-31"),
    ] {
        let resolved = resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{request}: {e}"));
        assert_eq!((&resolved.dataset.id[..], &resolved.request.end.to_string()[..]), (id, end), "{request}");
    }
    let late = resolve(r#"{"underlying":"BTC","start":"2026-06-01","end":"2026-07-31"}"#, &catalog).expect_err("late");
    assert_eq!(late.to_string(), "Data not available after 2026-06-30. Set the end date to 2026-06-30 or earlier.");
}

#[test]
fn a_bare_request_sells_calls_on_a_hundred_shares() {
    let run = walked(json!({ "dataset": "msft-2026" }));
    let unit = &run.units()[0];
    let trades: Vec<String> = unit
        .trades()
        .iter()
        .map(|t| {
            let contract = t.legs[0].contract;
            format!("{} {} {}", t.legs[0].opened.day(), contract.name("MSFT"), t.legs[0].size)
        })
        .collect();
    println!("{trades:#?} {} {:?}", run.digest(), run.warnings());
    assert_eq!(trades.len(), 3);
}

#[test]
fn a_month_of_eth_is_walked() {
    let run = walked(json!({ "dataset": "eth-2026", "end": "2026-01-31" }));
    println!("{} trades, {}", run.units()[0].trades().len(), run.digest());
    let eth = dataset("eth-2026");
    assert_eq!((eth.kind, eth.underlying.as_str(), eth.packs.len()), (DataKind::Fitted, "ETH", 4));
    let error = eth.quality.fit_error.expect("a measured error");
    println!("{error:?}");
}

#[test]
fn one_instant_shows_a_board() {
    let run = walked(json!({ "dataset": "btc-board-2024-12-31" }));
    let step = run.units()[0].steps.iter().find(|s| s.decision).expect("a decision");
    println!("{} {:?}", step.time, run.digest());
    let board = dataset("btc-board-2024-12-31");
    let snapshots = shipped().pack(&board, &board.packs[0]).expect("a pack");
    let options: usize = snapshots[0].chains.iter().map(|c| 2 * c.strikes.len()).sum();
    assert_eq!((snapshots.len(), snapshots[0].time.iso(), options), (1, "2024-12-31T22:00:00Z".to_string(), 792));
}
