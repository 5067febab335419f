//! Modelled and synthetic datasets: the pack format, what ships, and how far the model is from outside figures.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::import::Report;
use chainwalk::import::closes::daily_bars;
use chainwalk::import::long::scenario::SCENARIOS;
use chainwalk::import::long::{Beside, LongSpec, assemble_long, read_yields};
use chainwalk::market::catalog::{Calendar, DailyBar, DataKind, PackEntry};
use chainwalk::market::codec::{FittedSnapshot, ModelledSnapshot, PackError, read_bars, sha256_hex};
use chainwalk::market::model::{Listing, Model, Shape, Tenor};
use chainwalk::market::surface::{ExpiryGrid, QuoteRule};
use chainwalk::market::windows::Bar;
use chainwalk::market::{Catalog, Dataset, History, MarketSnapshot, PackSource, Settlement, TickRule, decode_pack};
use chainwalk::run::resolve;
use chainwalk::units::{DAY_MS, Day, Timestamp};
use common::shipped::{shipped, walked_on_shipped};
use proptest::prelude::*;
use serde_json::json;
use std::sync::OnceLock;

fn day(text: &str) -> Day {
    Day::parse(text).expect("a date")
}

fn shipped_dataset(id: &str) -> Dataset {
    shipped().catalog().expect("the shipped catalog").dataset(id).expect(id).clone()
}

/// A small made dataset after the shipped rule of `id`: 40 days from 2024-02-26, the index up and down.
fn made(id: &str) -> (Dataset, Vec<u8>, PackEntry) {
    let mut spec = LongSpec::shipped(id).expect("a shipped specification").expect("it reads");
    (spec.first, spec.warm_up_from) = (day("2024-02-26"), day("2024-02-26"));
    let bar = |i: i32| {
        let close = 100.0 + f64::from(i % 9);
        DailyBar { date: Day(spec.first.0 + i), open: close, high: close + 1.0, low: close - 1.0, close }
    };
    let bars: Vec<DailyBar> = (0..40).map(bar).collect();
    let mut report = Report::default();
    let snapshots = spec.snapshots(&bars, &Beside::default(), &mut report);
    let mut files = assemble_long(&spec, &snapshots, &mut report).expect("a dataset");
    let entry = files.dataset.packs[0].clone();
    (files.dataset, files.packs.remove(0).bytes, entry)
}

fn decode(dataset: &Dataset, text: &str, entry: &PackEntry) -> Result<Vec<MarketSnapshot>, PackError> {
    let entry = PackEntry { bytes: text.len() as u64, sha256: sha256_hex(text.as_bytes()), ..entry.clone() };
    decode_pack(text.as_bytes(), dataset, &entry)
}

#[test]
fn a_bad_pack_is_refused_in_one_sentence() {
    let (dataset, bytes, entry) = made("gld-long");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(decode(&dataset, &text, &entry).expect("a good pack").len(), entry.snapshots as usize);
    let at = "gld-long/2024.json: snapshot 2024-02-26T21:00:00Z: ";
    for (from, to, expected) in [
        ("\"vol\":1600", "\"vol\":0", format!("{at}vol: found 0, expected hundredths of a point, 1 to 100000")),
        ("\"vol\":1600", "\"vol\":-1", "gld-long/2024.json: snapshots[0].vol: invalid value".into()),
        ("\"vol\":1600", "\"vol\":16.5", "gld-long/2024.json: snapshots[0].vol: invalid type".into()),
        ("\"vol\":1600", "\"vol\":200000", format!("{at}vol: found 200000, expected")),
        ("\"index\":100", "\"index\":0", format!("{at}index: found 0, expected a number from 0.001 to 1000000000")),
        ("\"index\":100", "\"index\":-5", format!("{at}index: found -5, expected a number")),
        ("\"high\":101", "\"high\":98", format!("{at}high: found 98 below low 99, expected low <= high")),
        ("\"vol\":1600", "\"vol\":1600,\"rate\":200000", format!("{at}rate: found 200000, expected thousandths")),
        ("\"vol\":1600", "\"vol\":1600,\"x\":1", "gld-long/2024.json: snapshots[0].x: unknown field `x`".into()),
        (
            "\"vol\":1600",
            "\"vol\":1600,\"listed\":[{\"expiry\":1709931600000,\"strikes\":[90,80]}]",
            format!("{at}listed: found strikes of 2024-03-08T21:00:00Z, expected positive ones in ascending order"),
        ),
        ("modelled", "fitted", "gld-long/2024.json: kind: found kind Fitted, expected Modelled".into()),
        (
            "\"t\":1709067600000",
            "\"t\":1708981200000",
            "gld-long/2024.json: snapshot 2024-02-26T21:00:00Z: found it after".into(),
        ),
    ] {
        assert!(text.contains(from), "{from}");
        let found = decode(&dataset, &text.replacen(from, to, 1), &entry).expect_err(to).to_string();
        assert!(found.starts_with(&expected) && !found.contains('\n'), "{found}\n{expected}");
    }
    let second = text.replacen("\"t\":1709067600000", "\"listed\":[],\"t\":1709067600000", 1);
    let found = decode(&dataset, &second, &entry).expect_err("listed twice").to_string();
    assert!(found.ends_with("listed: found it, expected it in the first snapshot of a file only"), "{found}");
}

#[test]
fn a_bad_model_is_refused_by_its_field() {
    let (dataset, ..) = made("btc-long");
    let catalog = Catalog::of(vec![Dataset { packs: Vec::new(), ..dataset }]);
    let text = String::from_utf8(catalog.encode().expect("a catalog")).expect("UTF-8");
    assert_eq!(Catalog::parse(text.as_bytes()), Ok(catalog));
    for (from, to, expected) in [
        ("\"anchor\":0.6", "\"anchor\":0", "btc-long model.anchor: found 0, expected"),
        ("\"weekly\":3", "\"weekly\":99", "btc-long model.grid.weekly: found 99, expected at most 52"),
        (
            "\"days\":1.0,\"factor\"",
            "\"days\":8.0,\"factor\"",
            "btc-long model.tenors[1].days: found 7, expected days in ascending order",
        ),
        ("\"rho\":0.12", "\"rho\":1.2", "btc-long model.tenors[0].shape: found svi rho: 1.2 is not between -1 and 1"),
        ("\"kind\":\"modelled\"", "\"kind\":\"fitted\"", "btc-long model: found fitted, expected a model only where"),
        ("\"wing_steps\":8.0", "\"wing_steps\":0.5", "btc-long model.grid.wing_steps: found 0.5, expected 1 to 100"),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        let found = Catalog::parse(text.replacen(from, to, 1).as_bytes()).expect_err(to).to_string();
        assert!(found.starts_with(&format!("catalog: {expected}")), "{found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_pack_is_refused_or_sound(at in 0_usize..3_000, byte in 0_u8..128) {
        static MADE: OnceLock<(Dataset, Vec<u8>, PackEntry)> = OnceLock::new();
        let (dataset, mut bytes, entry) = MADE.get_or_init(|| made("gld-long")).clone();
        let place = at % bytes.len();
        bytes[place] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            match decode(&dataset, &text, &entry) {
                Ok(snapshots) => prop_assert_eq!(snapshots.len(), entry.snapshots as usize),
                Err(error) => prop_assert!(error.to_string().starts_with("gld-long/2024.json")),
            }
            let _ = read_bars(text.as_bytes(), &dataset, "x");
        }
    }
}

#[test]
fn what_is_listed_stays_listed_over_the_border_of_a_pack() {
    for id in ["gld-long", "btc-long"] {
        let (source, dataset) = (shipped(), shipped_dataset(id));
        let mut before: Option<MarketSnapshot> = None;
        for entry in &dataset.packs[..4] {
            for snapshot in source.pack(&dataset, entry).expect("a pack") {
                for old in before.iter().flat_map(|b| &b.chains).filter(|c| c.expiry > snapshot.time) {
                    let new = snapshot
                        .chain(old.expiry)
                        .unwrap_or_else(|| panic!("{} is gone at {}", old.expiry, snapshot.time));
                    let is_kept = |k: &f64| new.strikes.binary_search_by(|x| x.total_cmp(k)).is_ok();
                    assert!(old.strikes.iter().all(is_kept), "a strike of {} is gone at {}", old.expiry, snapshot.time);
                }
                before = Some(snapshot);
            }
        }
    }
}

#[test]
fn what_ships_is_small_and_reaches_two_years() {
    let (source, catalog) = (shipped(), shipped().catalog().expect("the shipped catalog"));
    let bytes = |id: &str| catalog.dataset(id).expect(id).packs.iter().map(|p| p.bytes).sum::<u64>();
    assert!(bytes("btc-long") + bytes("gld-long") < 1_500_000);
    let ids: Vec<&str> = catalog.datasets.iter().map(|d| d.id.as_str()).collect();
    let scenarios = SCENARIOS.map(|s| format!("scenario-{}", s.name));
    assert_eq!(ids[..4], ["btc-2026", "eth-2026", "msft-2026", "btc-board-2024-12-31"]);
    assert_eq!(ids[4..6], ["btc-long", "gld-long"]);
    assert_eq!(ids[6..], scenarios);
    for dataset in catalog.datasets.iter().filter(|d| d.model.is_some()) {
        let middle = &dataset.packs[dataset.packs.len() / 2];
        let snapshots = source.pack(dataset, middle).expect("a pack");
        let options: usize = snapshots.iter().flat_map(|s| &s.chains).map(|c| 2 * c.strikes.len()).sum();
        let mean = options / snapshots.len();
        assert!((200..1_100).contains(&mean), "{}: {mean} options a snapshot", dataset.id);
        for snapshot in &snapshots {
            let days =
                |least: f64| snapshot.chains.iter().map(|c| c.expiry.days_since(snapshot.time)).find(|d| *d >= least);
            for tenor in [30.0, 91.0, 182.0, 365.0, 548.0, 730.0] {
                assert!(days(tenor).is_some(), "{}: no expiry of {tenor} days at {}", dataset.id, snapshot.time);
            }
            assert!(snapshot.levels.atm_iv_30.is_some() && snapshot.levels.skew_30.is_some(), "{}", snapshot.time);
        }
        let read = read_bars(&source.bytes(&middle.path).expect("a file"), dataset, &middle.path).expect("bars");
        let closes: Vec<f64> = snapshots.iter().map(|s| s.index.0).collect();
        assert_eq!(read.iter().map(|b| b.close).collect::<Vec<_>>(), closes);
    }
    let fitted = catalog.dataset("btc-2026").expect("btc-2026");
    let bytes = source.bytes(&fitted.packs[1].path).expect("a file");
    let bars = read_bars(&bytes, fitted, "x").expect("bars of a fitted pack");
    assert_eq!(bars.len(), fitted.packs[1].snapshots as usize);
}

#[test]
fn a_flat_model_gives_the_known_premiums() {
    let flat = Shape { b: 0.0, rho: 0.0, m: 0.0, s: 1.0 };
    let mut model = shipped_dataset("gld-long").model.expect("a model");
    model.tenors = vec![Tenor { days: 30.0, factor: 1.0, elasticity: 1.0, shape: flat }];
    let tick = TickRule::cents();
    let time = day("2026-01-02").start();
    let expiry = time.plus_ms(365 * DAY_MS);
    let (spot, rate) = (460.0, 0.045);
    let grid = ExpiryGrid { expiry, forward: spot * libm::exp(rate), strikes: vec![414.0, 437.0, 460.0] };
    let rule = QuoteRule { settlement: Settlement::Linear, tick: &tick, rate };
    let fit = model.curve(0.16).fit(expiry.ms_since(time), 3, 100.0 * grid.forward);
    let chain = fit.quotes(grid, time, rule).expect("quotes");
    for (mark, known) in chain.put.mark.iter().zip([6.358_385, 11.775_219, 19.689_444]) {
        assert!((mark - known).abs() <= 0.5e-4, "{mark} against {known}");
    }
    assert!(chain.put.iv.iter().all(|iv| (iv - 0.16).abs() < 1e-12));
}

#[test]
fn covered_calls_run_on_what_ships() {
    for (request, trades) in [
        (json!({ "underlying": "BTC", "start": "2022-01-01", "end": "2022-12-31" }), 40..60),
        (json!({ "dataset": "gld-long" }), 6..20),
        (json!({ "dataset": "scenario-crash" }), 10..40),
    ] {
        let run = walked_on_shipped(&request);
        let unit = &run.units()[0];
        assert!(trades.contains(&unit.trades().len()), "{request}: {} trades", unit.trades().len());
        assert!(run.warnings().iter().all(|w| !w.contains("approximated")), "{:?}", run.warnings());
        let first = &unit.steps[0];
        assert!(run.history().at(first.time).from200.is_some() || request["dataset"] == "scenario-crash", "{request}");
        let error = chainwalk::metrics::identity::largest_error(
            &unit.steps,
            run.resolved().dataset.settlement,
            &run.resolved().request.account,
        );
        assert!(error < 1e-9, "{request}: identity off by {error}");
    }
}

#[test]
fn snapshots_are_the_closes_that_a_list_of_them_would_give() {
    for (id, from) in [("gld-long", "2008-01-01"), ("btc-long", "2014-01-01")] {
        let dataset = shipped_dataset(id);
        let run =
            walked_on_shipped(&json!({ "dataset": id, "start": from, "end": from, "variants": [{ "enabled": true }] }));
        let mut bars = Vec::new();
        for entry in dataset.packs.iter().filter(|p| p.first <= day(from).next().start()) {
            let bytes = shipped().bytes(&entry.path).expect("a file");
            bars.extend(read_bars(&bytes, &dataset, &entry.path).expect("bars"));
        }
        let daily = |bar: &Bar| {
            let Bar { time, close, high, low } = *bar;
            DailyBar { date: time.plus_ms(-1).day(), open: close, high, low, close }
        };
        let daily: Vec<DailyBar> = bars.iter().map(daily).collect();
        let t = run.units()[0].steps[0].time;
        let whole = History::new(&daily, dataset.day_count).at(t);
        assert_eq!(run.history().at(t), whole, "{id}");
        assert!(whole.from200.is_some() && whole.rv30.is_some());
        let newest = daily.iter().rev().find(|bar| bar.date < t.day()).expect("a close");
        assert!(newest.date.0 >= t.day().0 - 3, "the close of the day before is known at {t}");
    }
}

#[test]
fn the_best_dataset_is_still_chosen() {
    let catalog = shipped().catalog().expect("a catalog");
    for (request, id) in [
        (json!({}), "btc-2026"),
        (json!({ "underlying": "BTC", "start": "2026-01-05", "end": "2026-01-20" }), "btc-2026"),
        (json!({ "start": "2022-01-01", "end": "2022-06-30" }), "btc-long"),
        (json!({ "underlying": "GLD" }), "gld-long"),
        (json!({ "underlying": "GLD", "start": "2008-01-01", "end": "2008-12-31" }), "gld-long"),
    ] {
        let resolved = resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{request}: {e}"));
        assert_eq!(resolved.dataset.id, id, "{request}");
    }
    let early =
        resolve(r#"{"underlying":"GLD","start":"2003-01-01","end":"2005-01-01"}"#, &catalog).expect_err("early");
    assert_eq!(early.to_string(), "Data not available before 2004-11-18. Set the start date to 2004-11-18 or later.");
}

#[test]
fn the_factor_moves_prices_and_nothing_else() {
    let catalog = shipped().catalog().expect("a catalog");
    let resolved = |request: serde_json::Value| resolve(&request.to_string(), &catalog);
    let plain = resolved(json!({ "dataset": "gld-long" })).expect("a request");
    assert!(!plain.request.canonical().contains("vol_factor"));
    let scaled = resolved(json!({ "dataset": "gld-long", "vol_factor": 1.5 })).expect("a request");
    assert!(scaled.request.canonical().contains("\"vol_factor\":1.5"));
    assert_ne!(plain.dataset.snapshots_key(), scaled.dataset.snapshots_key());
    let pack = |dataset: &Dataset| shipped().pack(dataset, &dataset.packs[3]).expect("a pack");
    let (a, b) = (pack(&plain.dataset), pack(&scaled.dataset));
    for (a, b) in a.iter().zip(&b) {
        let grid = |s: &MarketSnapshot| s.chains.iter().map(|c| (c.expiry, c.strikes.clone())).collect::<Vec<_>>();
        assert_eq!(grid(a), grid(b));
        let ratio = b.levels.atm_iv_30.zip(a.levels.atm_iv_30).map(|(b, a)| b / a);
        assert!(ratio.is_some_and(|r| (r - 1.5).abs() < 0.01), "{ratio:?} at {}", a.time);
    }
    for (request, sentence) in [
        (
            json!({ "vol_factor": 1.1 }),
            "vol_factor: btc-2026 is fitted; only a modelled or synthetic dataset takes a factor",
        ),
        (json!({ "dataset": "gld-long", "vol_factor": 0.2 }), "vol_factor: 0.2 is not above 0.2 and at most 3"),
        (json!({ "dataset": "gld-long", "vol_factor": 3.5 }), "vol_factor: 3.5 is not above 0.2 and at most 3"),
    ] {
        assert_eq!(resolved(request).expect_err(sentence).to_string(), sentence);
    }
}

#[test]
fn a_scenario_is_the_same_for_the_same_seed() {
    for scenario in &SCENARIOS {
        let files = |seed: u64| scenario.dataset(seed, &mut Report::default()).expect("a scenario");
        let first = files(1);
        assert_eq!(first.dataset.kind, DataKind::Synthetic);
        assert_eq!(first, files(1));
        assert_ne!(first.packs[0].bytes, files(2).packs[0].bytes);
        let shipped = shipped_dataset(&first.dataset.id);
        assert_eq!(shipped, first.dataset, "what ships is made with seed 1");
        let levels = shipped_dataset("scenario-crash");
        assert_eq!(levels.calendar, Calendar::Continuous);
    }
    // Volatility rises in a fall.
    let dataset = shipped_dataset("scenario-crash");
    let snapshots = shipped().pack(&dataset, &dataset.packs[0]).expect("a pack");
    let vol = |text: &str| snapshots.iter().find(|s| s.time.day() == day(text)).and_then(|s| s.levels.atm_iv_30);
    assert!(vol("2030-04-21") > vol("2030-03-31").map(|v| 2.0 * v), "{:?} {:?}", vol("2030-04-21"), vol("2030-03-31"));
}

#[test]
fn a_snapshot_expands_to_the_forwards_of_its_rate() {
    let dataset = shipped_dataset("gld-long");
    let model: &Model = dataset.model.as_ref().expect("a model");
    let time = day("2024-03-01").start().plus_ms(75_600_000);
    let snapshot = ModelledSnapshot { time, index: 190.0, high: None, low: None, level: 1_500, rate: Some(5_000) };
    let (expanded, rate): (FittedSnapshot, f64) =
        snapshot.expand(&dataset, model, &mut Listing::default()).expect("a snapshot");
    assert_eq!(rate, 0.05);
    let (grid, _) = expanded.chains.last().expect("an expiry");
    assert_eq!(grid.forward, 190.0 * libm::exp(0.05 * grid.expiry.years_since(time)));
    assert!(
        expanded.chains.iter().all(|(grid, _)| grid.expiry > Timestamp(time.0) && grid.expiry.0 % DAY_MS == 75_600_000)
    );
}

/// The bars of a file of the shared folder; a gzip file is unpacked.
fn shared_bars(path: &str, report: &mut Report) -> Option<Vec<DailyBar>> {
    let file = std::fs::File::open(common::shared(path)?).expect(path);
    let all = (Day(0), Day(80_000));
    let read = match path.ends_with(".gz") {
        true => daily_bars(flate2::read::GzDecoder::new(file), path, all, report),
        false => daily_bars(file, path, all, report),
    };
    Some(read.expect(path))
}

#[test]
fn what_ships_is_made_again_from_its_prices() {
    let mut report = Report::default();
    let registry = |path: &str| format!("data/registry/{path}");
    let Some(btc) = shared_bars(&registry("brk_oracle/btcusd_daily_ohlc_2010-2026.csv"), &mut report) else { return };
    let Some(mut gold) = shared_bars(&registry("pandas-ml-quant-rl/GLD.csv.gz"), &mut report) else { return };
    let Some(later) = shared_bars(&registry("tiportfolio/gld_2018_2024_yf.csv"), &mut report) else { return };
    gold.retain(|bar| bar.date < later[0].date);
    let (before, after) = (gold[gold.len() - 1], later[0]);
    assert_eq!((before.date, after.date), (day("2017-12-29"), day("2018-01-02")));
    assert!((after.close / before.close - 1.0).abs() < 0.02, "the two series meet");
    gold.extend(later);
    let Some(yields) = common::shared(&registry("dailytreasuryrates/dailytreasuryrates-cache.csv")) else { return };
    let yields = std::fs::File::open(yields).expect("yields");
    let yields = read_yields(yields, "yields", "1 Yr", &mut report).expect("yields");
    for (id, bars, yields) in [("btc-long", btc, None), ("gld-long", gold, Some(yields))] {
        let spec = LongSpec::shipped(id).expect("a specification").expect("it reads");
        let beside = Beside { yields, vol: None };
        let snapshots = spec.snapshots(&bars, &beside, &mut report);
        assert!(snapshots.iter().all(|s| s.rate.is_some() == beside.yields.is_some()));
        let files = assemble_long(&spec, &snapshots, &mut report).expect("a dataset");
        assert_eq!(files.dataset, shipped_dataset(id), "script/data makes what ships");
    }
    assert!(!report.notes.contains_key("high or low moved to hold open and close"), "{report}");
}
