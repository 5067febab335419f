//! The seeded chain of the performance kit: the same trades as two independent engines, and as a third, published one.
//!
//! The chain is made by the kit's own generator, which needs a Python with numpy: `CHAINWALK_PYTHON`, else
//! `.tools/venv/bin/python`, else `python3`. It is kept in `target/tmp` under its hash.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::digest::sha256_hex;
use chainwalk::import::csv_map::CsvMap;
use chainwalk::import::{Report, csv_rows, folder};
use chainwalk::market::{Catalog, Dataset, MarketSnapshot, MemorySource, PackSource};
use chainwalk::metrics::Trade;
use chainwalk::run::{Advance, Run, resolve};
use common::runs::started_on;
use common::shared;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Tolerance of a trade, coin.
const TRADE: f64 = 2e-7;
/// Tolerance of a total, coin.
const TOTAL: f64 = 2e-6;
const CHAIN_SHA256: &str = "bb6025ebb405f8dd8a88d068472aaa8f9d4707b23b45c5eb77e5e83202aa6755";

struct Kit {
    dataset: Dataset,
    snapshots: Vec<MarketSnapshot>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    dataset_sha256: String,
    #[serde(rename = "A")]
    a: One,
    #[serde(rename = "B")]
    b: Daily,
    #[serde(rename = "C")]
    c: Vec<Configuration>,
}

#[derive(Deserialize)]
struct One {
    trades: Vec<KitTrade>,
    pnl_coin: f64,
}

#[derive(Deserialize)]
struct Daily {
    n: usize,
    pnl_coin: f64,
    first: Vec<KitTrade>,
    last: Vec<KitTrade>,
}

#[derive(Deserialize)]
struct KitTrade {
    entry: String,
    exit: String,
    strike: f64,
    dte: f64,
    abs_delta: f64,
    bid_coin: f64,
    settle_coin: f64,
    pnl_coin: f64,
}

#[derive(Deserialize)]
struct Configuration {
    call: bool,
    delta: f64,
    dte: f64,
    trades: usize,
    pnl_coin: f64,
}

fn has_numpy(python: &Path) -> bool {
    Command::new(python).args(["-c", "import numpy"]).output().is_ok_and(|out| out.status.success())
}

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/venv/bin/python");
    let named = std::env::var_os("CHAINWALK_PYTHON").map(PathBuf::from);
    let found = named.into_iter().chain([own, "python3".into()]).find(|python| has_numpy(python));
    if found.is_none() {
        let reason = "no Python with numpy (set CHAINWALK_PYTHON, or install it into .tools/venv)";
        assert!(std::env::var_os("CHAINWALK_REQUIRE_SHARED").is_none(), "{reason}");
        eprintln!("skipped the performance kit: {reason}");
    }
    found
}

/// The chain's bytes, made once for all builds; `None` where there is no folder or no Python.
fn chain() -> Option<Vec<u8>> {
    let generator = shared("perf/gen_chain.py")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let kept = folder.join(format!("perf-chain-{}.csv", &CHAIN_SHA256[..8]));
    if let Ok(bytes) = std::fs::read(&kept)
        && sha256_hex(&bytes) == CHAIN_SHA256
    {
        return Some(bytes);
    }
    // Named within its folder: the generator names its second file by the word `chain`, wherever that stands in a path.
    let name = format!("chain-{}.csv", std::process::id());
    let generator = std::fs::canonicalize(generator).expect("the generator");
    let run = Command::new(python()?).current_dir(folder).arg(generator).arg(&name).output();
    let (made, output) = (folder.join(&name), run.expect("the generator runs"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(&made).expect("the generator wrote its chain");
    assert_eq!(sha256_hex(&bytes), CHAIN_SHA256, "this numpy makes another chain");
    std::fs::rename(&made, &kept).expect("the chain is kept");
    let spot = folder.join(format!("spot-{}.csv", std::process::id()));
    std::fs::remove_file(spot).expect("the generator's second file");
    Some(bytes)
}

/// The chain packed and read back as `pack csv` would.
fn read_kit() -> Option<Kit> {
    let expected = std::fs::read(shared("perf/expected_trades.json")?).expect("expected trades");
    let expected: Expected = serde_json::from_slice(&expected).expect("expected trades");
    assert_eq!(expected.dataset_sha256, CHAIN_SHA256);
    let bytes = chain()?;
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/daily-chain-map.json");
    let map = CsvMap::parse(&std::fs::read(map).expect("the example map"), "daily-chain-map.json").expect("a map");
    let (mut board, mut report) = (csv_rows::board(&map), Report::default());
    csv_rows::read(bytes.as_slice(), "chain.csv", &map, &mut board, &mut report).expect("a chain");
    let mut header = map.header();
    header.delivery = std::mem::take(&mut board.delivery);
    let raw = board.finish(&mut report);
    let files = folder::assemble(header, raw, &mut report).expect("packs");
    println!("{report}");
    let source = MemorySource { files: files.packs.into_iter().map(|pack| (pack.path, pack.bytes)).collect() };
    let snapshots = source.snapshots(&files.dataset).expect("the packs read");
    Some(Kit { dataset: files.dataset, snapshots, expected })
}

fn kit() -> Option<&'static Kit> {
    static KIT: OnceLock<Option<Kit>> = OnceLock::new();
    KIT.get_or_init(read_kit).as_ref()
}

/// A variant by the kit's rules; margin never binds, as the account of [`run`] is large.
fn variant(name: &str, call: bool, delta: [f64; 3], dte: [f64; 3], max_open: Option<u32>) -> Value {
    let structure = if call { "covered_call" } else { "cash_secured_put" };
    json!({
        "name": name, "structure": structure, "selection": "nearest", "cover": "none", "max_open": max_open,
        "min_delta": delta[0], "target_delta": delta[1], "max_delta": delta[2],
        "min_dte": dte[0], "target_dte": dte[1], "max_dte": dte[2], "scan": "when_free",
    })
}

fn run(kit: &Kit, start: &str, end: &str, fees: &str, variants: Vec<Value>) -> Run {
    let request = json!({
        "dataset": kit.dataset.id, "start": start, "end": end, "timeframe": "1d",
        "account": { "coins": 1000 }, "costs": { "fees": fees }, "variants": variants,
    });
    let catalog = Catalog::of(vec![kit.dataset.clone()]);
    let mut run = started_on(resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{e}")));
    assert_eq!(run.advance(&kit.snapshots, usize::MAX), Advance::Complete);
    run
}

fn year(kit: &Kit, variants: Vec<Value>) -> Run {
    run(kit, "2024-01-01", "2024-12-30", "deribit", variants)
}

fn closed(run: &Run, unit: usize) -> Vec<&Trade> {
    run.units()[unit].trades().iter().filter(|trade| !trade.is_open()).collect()
}

fn total(trades: &[&Trade]) -> f64 {
    trades.iter().map(|trade| trade.pnl_vs_hodl()).sum()
}

fn near(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} is not {expected}");
}

fn compare(what: &str, trades: &[&Trade], expected: &[KitTrade]) {
    assert_eq!(trades.len(), expected.len(), "{what}");
    for (trade, kit) in trades.iter().zip(expected) {
        let [leg] = trade.legs.as_slice() else { panic!("{what}: one leg a trade") };
        let what = format!("{what} of {}", kit.entry);
        assert_eq!(leg.opened.day().to_string(), kit.entry, "{what}");
        assert_eq!(leg.contract.expiry.day().to_string(), kit.exit, "{what}");
        assert_eq!((leg.contract.strike.0, leg.dte, leg.size), (kit.strike, kit.dte, 1.0), "{what}");
        near(&what, leg.open_price, kit.bid_coin, 1e-12);
        near(&what, leg.delta.expect("a delta").abs(), kit.abs_delta, 2e-4);
        near(&what, leg.close_price.expect("settled"), kit.settle_coin, TRADE);
        near(&what, trade.pnl_vs_hodl(), kit.pnl_coin, TRADE);
    }
}

#[test]
fn a_one_short_call_at_a_time() {
    let Some(kit) = kit() else { return };
    let run = year(kit, vec![variant("A", true, [0.2, 0.3, 0.4], [20.0, 30.0, 45.0], Some(1))]);
    let trades = closed(&run, 0);
    compare("A", &trades, &kit.expected.a.trades);
    near("A", total(&trades), kit.expected.a.pnl_coin, TOTAL);
}

#[test]
fn b_a_new_short_call_every_day() {
    let Some(kit) = kit() else { return };
    let run = year(kit, vec![variant("B", true, [0.2, 0.3, 0.4], [20.0, 30.0, 45.0], None)]);
    assert_eq!(run.progress().decisions_done, 365);
    // the kit counts trades in the order in which they close
    let mut trades = closed(&run, 0);
    trades.sort_by_key(|trade| trade.legs[0].contract.expiry);
    let expected = &kit.expected.b;
    assert_eq!(trades.len(), expected.n);
    compare("B's first", &trades[..5], &expected.first);
    compare("B's last", &trades[trades.len() - 5..], &expected.last);
    near("B", total(&trades), expected.pnl_coin, TOTAL);
}

#[test]
fn c_fifty_configurations_in_one_run() {
    let Some(kit) = kit() else { return };
    let ranges = [[4.0, 7.0, 12.0], [8.0, 14.0, 20.0], [14.0, 21.0, 30.0], [20.0, 30.0, 45.0], [45.0, 60.0, 90.0]];
    let of = |c: &Configuration| {
        let dte = *ranges.iter().find(|range| range[1] == c.dte).expect("a range");
        let name = format!("{} {} {}", if c.call { "call" } else { "put" }, c.delta, c.dte);
        // the kit's own sums, so that a delta on the bound falls on the same side
        let delta = [f64::max(0.02, c.delta - 0.1), c.delta, c.delta + 0.1];
        variant(&name, c.call, delta, dte, Some(1))
    };
    let expected = &kit.expected.c;
    assert_eq!(expected.len(), 50);
    let run = year(kit, expected.iter().map(of).collect());
    for (i, configuration) in expected.iter().enumerate() {
        let (name, trades) = (&run.units()[i].name, closed(&run, i));
        assert_eq!(trades.len(), configuration.trades, "{name}");
        near(name, total(&trades), configuration.pnl_coin, TOTAL);
    }
}

#[derive(Deserialize)]
struct PeerTrade {
    entry: String,
    exit: String,
    expiration: String,
    strike: f64,
    credit_usd: f64,
    paid_at_expiry_usd: f64,
}

/// Nearest delta over all expiries in range: a score of delta alone; one run an entry, no fees, USD at each index.
#[test]
fn the_trades_of_a_peer_engine() {
    let Some(kit) = kit() else { return };
    let Some(path) = shared("truth/peer_engine_trades.json") else { return };
    let peer: Value = serde_json::from_slice(&std::fs::read(path).expect("peer trades")).expect("peer trades");
    let trades: Vec<PeerTrade> = serde_json::from_value(peer["trades"].clone()).expect("peer trades");
    let weights = json!({
        "iv_rv": 0, "iv_rv_absent": 0, "dte": 0, "premium": 0, "bull_near": 0, "bull_run": 0, "bear_fall": 0,
        "low_vol": 0, "stretched": 0,
    });
    assert!(!trades.is_empty());
    for trade in &trades {
        let mut variant = variant("peer", true, [0.2, 0.3, 0.4], [20.0, 30.0, 45.0], Some(1));
        variant["selection"] = json!("score");
        variant["min_score"] = json!(0);
        variant["weights"] = weights.clone();
        let run = run(kit, &trade.entry, &trade.exit, "none", vec![variant]);
        let leg = &run.units()[0].trades()[0].legs[0];
        assert_eq!(leg.opened.day().to_string(), trade.entry);
        assert_eq!(leg.contract.expiry.day().to_string(), trade.expiration);
        assert_eq!(leg.contract.strike.0, trade.strike, "{}", trade.entry);
        near(&trade.entry, leg.open_price * leg.index_open, trade.credit_usd, 0.01);
        let paid = leg.close_price.zip(leg.index_close).map(|(value, index)| value * index);
        near(&trade.exit, paid.expect("settled"), trade.paid_at_expiry_usd, 0.01);
    }
    println!("peer_engine_trades: {} rows read, {} checked", trades.len(), trades.len());
}
