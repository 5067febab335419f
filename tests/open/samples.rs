//! Every importer on the recorded samples, as the page imports them: what is kept and dropped stands in docs/DATA.md, row by row.

use crate::{import, is_published, recorded, whole};
use chainwalk::display::format::count;
use chainwalk::import::check::check;
use chainwalk::market::MemorySource;
use std::collections::{BTreeMap, BTreeSet};

/// Files of the shared folder that are one dataset, what the table calls them, and what the page's form is changed to.
type Sample = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const SUMMARIES: [&str; 7] = [
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T045402Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T092323Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T153349Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T212330Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260202T045019Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260202T093900Z.csv.gz",
    "data/raw/deribit-summary-csv/deribit_options_snapshot_20260202T154514Z.csv.gz",
];

const BTC_MONTHS: [&str; 7] = [
    "data/deribit/BTC-2025-12.json.gz",
    "data/deribit/BTC-2026-01.json.gz",
    "data/deribit/BTC-2026-02.json.gz",
    "data/deribit/BTC-2026-03.json.gz",
    "data/deribit/BTC-2026-04.json.gz",
    "data/deribit/BTC-2026-05.json.gz",
    "data/deribit/BTC-2026-06.json.gz",
];

const ETH_MONTHS: [&str; 4] = [
    "data/deribit/ETH-2025-12.json.gz",
    "data/deribit/ETH-2026-01.json.gz",
    "data/deribit/ETH-2026-02.json.gz",
    "data/deribit/ETH-2026-03.json.gz",
];

const SAMPLES: [Sample; 14] = [
    (
        "`tardis`, the documented rows, the only recorded ones at hand",
        &["data/raw/tardis/options_chain_sample.csv"],
        &[("max_age_minutes", "60")],
    ),
    ("`optionsdx`, June 2021", &["data/raw/optionsdx/btc_eod_202106.txt.gz"], &[]),
    (
        "`deribit-api`, every BTC order book of an instant",
        &["data/raw/deribit-order-book/btc_options_data_20230412_1042.jsonl.gz"],
        &[],
    ),
    (
        "`deribit-api`, every ETH order book of an instant",
        &["data/raw/deribit-order-book/eth_options_data_20230412_1043.jsonl.gz"],
        &[("underlying", "ETH")],
    ),
    (
        "`deribit-api`, tickers, a book, a summary of futures and instruments",
        &[
            "data/registry/openbb-deribit/option_tickers.json",
            "data/registry/openbb-deribit/order_book.json",
            "data/registry/openbb-deribit/book_summary_future.json",
            "data/registry/openbb-deribit/instruments_option.json",
        ],
        &[],
    ),
    (
        "`deribit-api`, a board of BTC whose forwards are its futures",
        &["data/registry/quantflow/deribit_btc.json.gz"],
        &[],
    ),
    ("`deribit-summary`, seven files, BTC", &SUMMARIES, &[]),
    ("`deribit-summary`, seven files, ETH", &SUMMARIES, &[("underlying", "ETH")]),
    ("`deribit-months`, seven files, BTC", &BTC_MONTHS, &[]),
    ("`deribit-months`, four files, ETH", &ETH_MONTHS, &[("underlying", "ETH")]),
    (
        "`csv`, guessed: MSFT, 18 days",
        &["data/registry/options-framework/MSFT_chain_2026-03-17_2026-04-13.csv.gz"],
        &[("underlying", "MSFT")],
    ),
    ("`csv`, guessed: a board of BTC", &["data/registry/surface-lib/options_snapshots_20250101.csv"], &[]),
    ("`long`: BTC by the hour, 2019 to 2026", &["data/spot/BTCUSDT_1h.csv.gz"], &[]),
    ("`long`: GLD by the day, 2016 to 2026", &["data/spot/GLD_1d.csv.gz"], &[("rate", "0.03")]),
];

#[test]
fn every_recorded_sample_is_imported_as_docs_say() {
    for (title, names, changed) in SAMPLES {
        let Some(files) = recorded(names) else { return };
        let imported = import(&files, changed, &whole(1 << 20)).unwrap_or_else(|e| panic!("{title}: {e}"));
        let (dataset, report) = (imported.dataset, imported.report);
        let packs = imported.packs.into_iter().map(|pack| (pack.path, pack.bytes)).collect();
        let counts = check(&MemorySource { files: packs }, &dataset, || ());
        assert_eq!((&counts.faults[..], &report.errors[..]), (&[][..], &[][..]), "{title}: {report}");
        let dropped: Vec<String> =
            report.dropped.iter().map(|(reason, n)| format!("{} {reason}", count(*n as usize))).collect();
        is_published(&format!(
            "| {title} | {} | {} | {} | {} |",
            count(counts.snapshots),
            count(report.kept as usize),
            count(counts.sides.two_sided as usize),
            if dropped.is_empty() { "none".into() } else { dropped.join("; ") }
        ));
    }
}

/// The futures that stand in for the forwards of a recorded board agree with its own options: a call and a put of one strike near the money
/// allow the forwards from strike / (1 - (call bid - put ask)) to strike / (1 - (call ask - put bid)).
#[test]
fn futures_are_the_forwards_that_calls_and_puts_allow() {
    let Some(files) = recorded(&["data/registry/quantflow/deribit_btc.json.gz"]) else { return };
    let board: serde_json::Value = serde_json::from_slice(&files[0].1).expect("a board");
    let rows = |list: &str| board[list].as_array().expect("a list").clone();
    let of = |row: &serde_json::Value| -> Option<(String, [f64; 2])> {
        Some((row["instrument_name"].as_str()?.to_owned(), [row["bid_price"].as_f64()?, row["ask_price"].as_f64()?]))
    };
    let options: BTreeMap<String, [f64; 2]> = rows("options").iter().filter_map(of).collect();
    let (mut pairs, mut expiries) = (0, BTreeSet::new());
    for (future, [least, most]) in rows("futures").iter().filter_map(of) {
        let is_near = |strike: f64| (2.0 * strike / (least + most) - 1.0).abs() < 0.05;
        for (name, [call_bid, call_ask]) in &options {
            let Some(stem) = name.strip_suffix("-C").filter(|stem| stem.starts_with(&format!("{future}-"))) else {
                continue;
            };
            let strike = stem.rsplit('-').next().and_then(|text| text.parse::<f64>().ok()).expect("a strike");
            let Some([put_bid, put_ask]) = options.get(&format!("{stem}-P")).filter(|_| is_near(strike)) else {
                continue;
            };
            let [from, to] = [call_bid - put_ask, call_ask - put_bid].map(|spread| strike / (1.0 - spread));
            assert!(from <= most && to >= least, "{name}: {from} to {to}, {future} {least} to {most}");
            (pairs, _) = (pairs + 1, expiries.insert(future.clone()));
        }
    }
    assert_eq!((pairs, expiries.len()), (90, 13));
}
