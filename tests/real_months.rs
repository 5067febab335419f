//! The recorded months of January to June 2026: the identity at every mark, and figures of an independent
//! implementation of the same contract.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::cli::FileSource;
use chainwalk::import::Report;
use chainwalk::import::closes::{WARM_UP_DAYS, daily_bars, delivery_prices};
use chainwalk::import::long::{Beside, LongSpec, assemble_long};
use chainwalk::market::catalog::DailyBar;
use chainwalk::market::{Contract, MemorySource, PackSource, RawSnapshot};
use chainwalk::metrics::{Trade, identity::largest_error};
use chainwalk::run::{Run, RunState};
use chainwalk::units::{Day, Timestamp};
use common::market::Market;
use common::runs::walked;
use common::shared;
use serde_json::json;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn unzipped(path: &PathBuf) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    bytes
}

/// The BTC months as one dataset, read once; `None` where the shared folder is absent.
fn btc() -> Option<&'static Market> {
    static MARKET: OnceLock<Option<Market>> = OnceLock::new();
    MARKET.get_or_init(read_btc).as_ref()
}

fn read_btc() -> Option<Market> {
    let (mut report, mut raw) = (Report::default(), Vec::<RawSnapshot>::new());
    for month in ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
        let name = format!("data/deribit/BTC-{month}.json.gz");
        raw.extend(common::month(&unzipped(&shared(&name)?), &name, &mut report));
    }
    assert!(report.errors.is_empty(), "{report}");
    let mut market = Market::new(raw);
    let (first, last) = (market.dataset.first, market.raw[market.raw.len() - 1].time.day());
    let delivery = std::fs::File::open(shared("data/deribit/delivery-proxy.csv")?).expect("delivery prices");
    market.dataset.delivery =
        delivery_prices(delivery, "delivery-proxy.csv", "BTC", (first, last), &mut report).expect("delivery prices");
    let bars = unzipped(&shared("data/spot/BTCUSDT_1h.csv.gz")?);
    let span = (Day(first.0 - WARM_UP_DAYS), last);
    market.dataset.daily = daily_bars(bars.as_slice(), "BTCUSDT_1h.csv.gz", span, &mut report).expect("bars");
    market.dataset.last = last;
    Some(market)
}

/// A run on four-hour marks, checked by the identity.
fn run(market: &Market, style: &str, fill: &str, interval: i64, offset: Option<i64>) -> Run {
    let request = json!({
        "dataset": "made", "timeframe": "4h", "exit_style": style, "decision_interval_hours": interval,
        "decision_offset_hours": offset, "costs": { "fill": fill },
    });
    let run = walked(market, &request);
    let error = largest_error(&run.units()[0].steps, market.dataset.settlement, &run.resolved().request.account);
    assert!(error < 1e-9, "{request}: identity off by {error}");
    assert_eq!(run.state(), RunState::Completed);
    assert_eq!(run.units()[0].steps.len(), 181 * 6);
    run
}

fn pnl_vs_hodl(run: &Run) -> f64 {
    run.units()[0].metrics.summary(false).final_pnl_vs_hodl_coin
}

#[test]
fn the_figures_of_an_independent_implementation() {
    let Some(market) = btc() else { return };
    // style, fill, interval, offset, final PnL against HODL in coin to four digits
    let known = [
        ("hold_to_expiry", "bid_ask", 24, Some(8), 0.1648),
        ("hold_to_expiry", "bid_ask", 24, Some(0), 0.0310),
        ("tp_and_roll", "bid_ask", 24, None, 0.0004),
        ("tp_and_roll", "mid", 4, None, 0.0340),
    ];
    for (style, fill, interval, offset, expected) in known {
        let found = pnl_vs_hodl(&run(market, style, fill, interval, offset));
        assert!((found - expected).abs() <= 0.5e-4, "{style} {fill} {interval} h {offset:?}: {found}");
    }
}

#[test]
fn both_styles_both_fills_both_intervals() {
    let Some(market) = btc() else { return };
    println!("final PnL against HODL, coin (marks every 4 h)");
    let mut digests = Vec::new();
    for style in ["hold_to_expiry", "tp_and_roll"] {
        for fill in ["bid_ask", "mid"] {
            for interval in [4, 24] {
                let run = run(market, style, fill, interval, None);
                println!("{style:15} {fill:8} {interval:2} h {:8.4} {}", pnl_vs_hodl(&run), &run.digest()[..12]);
                digests.push(run.digest());
            }
        }
    }
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 8, "eight different runs");
}

#[test]
fn a_bare_request() {
    let Some(market) = btc() else { return };
    let run = walked(market, &json!({ "dataset": "made" }));
    let unit = &run.units()[0];
    assert!(largest_error(&unit.steps, market.dataset.settlement, &run.resolved().request.account) < 1e-9);
    assert_eq!((unit.steps.len(), run.progress().decisions_total), (181 * 24, 181));
    assert!((pnl_vs_hodl(&run) - 0.1648).abs() < 1e-3, "marks of an hour hardly move it: {}", pnl_vs_hodl(&run));
    let summary = unit.metrics.summary(false);
    let total = summary.option_pnl - summary.fees + summary.revaluation;
    assert!((total - summary.final_pnl_vs_hodl).abs() < 1e-6, "the table sums to final_pnl_vs_hodl");
    assert!(summary.sharpe.is_some() && summary.sharpe_coin.is_some() && summary.months.len() == 6);
}

/// The shipped fit of the same months, as one pack under the same name.
fn fitted() -> Market {
    let source = FileSource { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data") };
    let mut dataset = source.catalog().expect("the shipped catalog").dataset("btc-2026").expect("btc-2026").clone();
    let snapshots = source.snapshots(&dataset).expect("the shipped packs");
    let last = dataset.packs[dataset.packs.len() - 1].last;
    dataset.packs.truncate(1);
    (dataset.packs[0].last, dataset.packs[0].snapshots) = (last, snapshots.len() as u32);
    dataset.id = "made".into();
    Market { dataset, raw: Vec::new(), snapshots }
}

/// What a day's decision at 08:00 chooses with nothing open, and its score; `None` in a gap.
fn choice(market: &Market, day: Day) -> Option<(Option<Contract>, Option<f64>)> {
    let request = json!({ "dataset": "made", "timeframe": "4h", "start": day, "end": day, "decision_offset_hours": 8 });
    let run = walked(market, &request);
    let step = run.units()[0].steps.iter().find(|step| step.decision).expect("a decision");
    (!step.gap).then_some((step.contract, step.best_score))
}

#[test]
fn the_fit_decides_as_the_recorded_months_do() {
    let Some(market) = btc() else { return };
    let fitted = fitted();
    let (first, last) = (Day::parse("2026-01-01").expect("a day"), Day::parse("2026-06-30").expect("a day"));
    let days = (first.0..=last.0).map(Day);
    let pairs: Vec<_> = days.filter_map(|day| choice(market, day).zip(choice(&fitted, day))).collect();
    let same = pairs.iter().filter(|(recorded, fitted)| recorded.0 == fitted.0).count();
    let scores = pairs.iter().filter_map(|(recorded, fitted)| Some((recorded.1? - fitted.1?).abs()));
    let mut scores: Vec<f64> = scores.collect();
    scores.sort_by(f64::total_cmp);
    let [median, p95] = [0.5, 0.95].map(|part| scores[(scores.len() as f64 * part) as usize]);
    let share = same as f64 / pairs.len() as f64;
    println!("same contract: {:.1} % of {} decisions that are no gap", 100.0 * share, pairs.len());
    println!("difference of the best score: median {median:.3}, p95 {p95:.3}");
    assert!(pairs.len() > 160 && share >= 0.9, "{same} of {}", pairs.len());
}

#[test]
fn the_fit_earns_what_the_recorded_months_do() {
    let Some(market) = btc() else { return };
    let fitted = fitted();
    println!("style, fill, hours: PnL against HODL fitted, recorded, coin; difference of premium; trades the same");
    for style in ["hold_to_expiry", "tp_and_roll"] {
        for (fill, interval) in [("bid_ask", 24), ("bid_ask", 4), ("mid", 24), ("mid", 4)] {
            let request = json!({
                "dataset": "made", "exit_style": style, "decision_interval_hours": interval, "costs": { "fill": fill },
            });
            let [ours, theirs] = [&fitted, market].map(|market| walked(market, &request));
            let [a, b] = [&ours, &theirs].map(pnl_vs_hodl);
            let premium = theirs.units()[0].metrics.summary(false).premium_collected;
            let legs = |run: &Run| -> Vec<Vec<(Contract, Timestamp, Option<Timestamp>)>> {
                let legs =
                    |trade: &Trade| trade.legs.iter().map(|leg| (leg.contract, leg.opened, leg.closed)).collect();
                run.units()[0].trades().iter().map(legs).collect()
            };
            let (found, known) = (legs(&ours), legs(&theirs));
            let same = known.iter().filter(|trade| found.contains(trade)).count();
            let difference = (a - b) / premium;
            println!(
                "{style:15} {fill:8} {interval:2}: {a:.5}, {b:.5}; {:.2} %; {same} of {}",
                100.0 * difference,
                known.len()
            );
            if (style, fill) == ("hold_to_expiry", "bid_ask") {
                assert!(difference.abs() <= 0.03, "{style} {fill} {interval} h: {a}, recorded {b}");
            }
        }
    }
}

/// The model of btc-long over the same months: its prices continued by the hourly series, which is not shipped.
fn modelled() -> Option<Market> {
    let mut report = Report::default();
    let mut bars = Vec::new();
    let all = (Day(0), Day::parse("2026-07-01").expect("a day"));
    for name in ["data/registry/brk_oracle/btcusd_daily_ohlc_2010-2026.csv", "data/spot/BTCUSDT_1h.csv.gz"] {
        let path = shared(name)?;
        let bytes = if name.ends_with(".gz") { unzipped(&path) } else { std::fs::read(&path).expect(name) };
        let last = bars.last().map_or(Day(0), |bar: &DailyBar| bar.date);
        let more = daily_bars(bytes.as_slice(), name, all, &mut report).expect(name);
        bars.extend(more.into_iter().filter(|bar| bar.date > last));
    }
    let spec = LongSpec::shipped("btc-long").expect("a specification").expect("it reads");
    let snapshots = spec.snapshots(&bars, &Beside::default(), &mut report);
    let files = assemble_long(&spec, &snapshots, &mut report).expect("a dataset");
    let packs = files.packs.into_iter().map(|pack| (pack.path, pack.bytes)).collect();
    let (source, mut dataset) = (MemorySource { files: packs }, files.dataset);
    dataset.packs.retain(|pack| pack.last >= Day::parse("2024-06-01").expect("a day").start());
    let snapshots = source.snapshots(&dataset).expect("packs");
    (dataset.id, dataset.defaults) = ("made".into(), json!({}));
    Some(Market { dataset, raw: Vec::new(), snapshots })
}

#[test]
fn what_the_model_earns_beside_the_recorded_months() {
    let (Some(market), Some(modelled)) = (btc(), modelled()) else { return };
    let published = include_str!("../docs/DATA.md");
    for (name, variant, style) in [
        ("25 delta, 7 days, held to expiry", json!({ "name": "Weekly" }), "hold_to_expiry"),
        ("25 delta, 7 days, take profit and roll", json!({ "name": "Roll" }), "tp_and_roll"),
        (
            "15 delta, 30 days, held to expiry",
            json!({ "name": "Monthly", "selection": "nearest", "target_delta": 0.15, "min_delta": 0.05, "target_dte": 30, "min_dte": 20, "max_dte": 45 }),
            "hold_to_expiry",
        ),
    ] {
        let request = json!({
            "dataset": "made", "timeframe": "1d", "start": "2026-01-01", "end": "2026-06-30", "exit_style": style,
            "decision_offset_hours": 8, "variants": [variant],
        });
        let [ours, theirs] = [&modelled, market].map(|market| walked(market, &request));
        let [a, b] = [&ours, &theirs].map(|run| run.units()[0].metrics.summary(false));
        let [pnl, premium] =
            [[a.final_pnl_vs_hodl_coin, b.final_pnl_vs_hodl_coin], [a.premium_collected, b.premium_collected]]
                .map(|[ours, theirs]| format!("{ours:.4} | {theirs:.4}"));
        let row = format!("| {name} | {pnl} | {premium} | {}, {} |", a.num_trades, b.num_trades);
        println!("{row}");
        assert!(published.lines().any(|line| line == row), "docs/DATA.md has another row than {row}");
        let ratio = a.premium_collected / b.premium_collected;
        assert!((0.7..1.5).contains(&ratio), "{name}: premium {ratio} times the recorded");
    }
}

#[test]
fn the_months_to_come_change_no_step() {
    let Some(market) = btc() else { return };
    let request = |end: &str| json!({ "dataset": "made", "timeframe": "4h", "end": end, "exit_style": "tp_and_roll" });
    let whole = walked(market, &request("2026-06-30"));
    let end = Day::parse("2026-03-31").expect("a day").next().start();
    let mut market = market.clone();
    market.raw.retain(|raw| raw.time < end);
    market.snapshots.retain(|snapshot| snapshot.time < end);
    let short = walked(&market.in_packs(usize::MAX), &request("2026-03-31"));
    let steps = &short.units()[0].steps;
    assert!(steps[..] == whole.units()[0].steps[..steps.len()]);
}
