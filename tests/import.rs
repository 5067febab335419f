//! Importers: what is kept, what is dropped and why, on made-up files and, where they are, on recorded ones.

mod common;

use chainwalk::import::closes::{daily_bars, delivery_prices};
use chainwalk::import::csv_map::CsvMap;
use chainwalk::import::deribit_months::{Written, header};
use chainwalk::import::folder::{DatasetFiles, assemble, merge};
use chainwalk::import::{Report, csv_rows, deribit_summary};
use chainwalk::market::{Catalog, MarketSnapshot, PackSource, decode_pack};
use chainwalk::units::{Day, Timestamp};
use common::{fixture, month, shared};
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

fn day(text: &str) -> Day {
    Day::parse(text).expect("a date")
}

fn made_up(name: &str) -> Vec<u8> {
    fs::read(fixture("import").join(name)).expect(name)
}

fn counts(report: &Report) -> Vec<(String, u64)> {
    report.dropped.iter().chain(&report.notes).map(|(reason, n)| (reason.clone(), *n)).collect()
}

fn read_back(files: &DatasetFiles) -> Vec<MarketSnapshot> {
    let entries = files.dataset.packs.iter().zip(&files.packs);
    entries.flat_map(|(entry, pack)| decode_pack(&pack.bytes, &files.dataset, entry).expect("a pack")).collect()
}

#[test]
fn months_become_packs() {
    let mut report = Report::default();
    let snapshots = month(&made_up("months.json"), "months.json", &mut report);
    let files = assemble(header("btc-made-up".into(), "BTC"), snapshots.clone(), &mut report).expect("a dataset");
    assert_eq!(
        counts(&report),
        [("expiry not after the snapshot".to_string(), 2), ("crossed quote, both sides set to none".to_string(), 1)]
    );
    assert_eq!(report.kept, 10);
    assert_eq!((files.dataset.first, files.dataset.last), (day("2026-01-03"), day("2026-01-04")));
    assert_eq!(files.packs[0].path, "btc-made-up/2026-01.json");
    assert_eq!(files.dataset.quality.gaps, 1);
    let read = read_back(&files);
    let call = &read[0].chains[0].call;
    assert_eq!((call.bid(0), call.bid(1), call.ask(1), call.bid(2)), (Some(0.05), None, None, None));
    assert_eq!((call.mark(2), call.iv(1), call.open_interest(0)), (Some(0.0002), Some(0.5525), Some(1.5)));
    assert_eq!((read[1].chains.len(), read[1].index.0), (1, 101_000.0));
    let again = assemble(header("btc-made-up".into(), "BTC"), snapshots, &mut Report::default()).expect("a dataset");
    assert_eq!(again, files, "same input, same bytes");
}

#[test]
fn a_snapshot_that_cannot_be_right_is_an_error_of_its_number() {
    let mut report = Report::default();
    assert!(month(&made_up("months-bad.json"), "months-bad.json", &mut report).is_empty());
    assert_eq!(
        report.errors[0].to_string(),
        "months-bad.json:1: snapshot 2026-01-03T09:00:00Z: expiry 2026-01-10 strikes[1]: found 95000 after 100000, \
         expected strikes in ascending order"
    );
    let refused = Written::parse(b"{\"schema\":1}", "x.json").err().expect("no month").to_string();
    assert!(refused.starts_with("x.json: ") && refused.contains("missing field"), "{refused}");
    let empty =
        assemble(header("btc-made-up".into(), "BTC"), Vec::new(), &mut report).expect_err("nothing").to_string();
    assert_eq!(empty, "found no snapshot to keep, expected at least one");
}

#[test]
fn delivery_and_closes_are_the_days_own() {
    let mut report = Report::default();
    let span = (day("2026-01-03"), day("2026-01-04"));
    let delivery =
        delivery_prices(&made_up("delivery.csv")[..], "delivery.csv", "BTC", span, &mut report).expect("prices");
    assert_eq!(delivery.into_iter().collect::<Vec<_>>(), [(span.0, 99_900.5), (span.1, 100_900.0)]);
    let span = (day("2025-06-01"), span.1);
    let bars = daily_bars(&made_up("hourly.csv")[..], "hourly.csv", span, &mut report).expect("bars");
    let closes: Vec<(String, f64)> = bars.iter().map(|b| (b.date.to_string(), b.close)).collect();
    let expected = [("2026-01-02", 99_900.0), ("2026-01-03", 99_950.0), ("2026-01-04", 101_000.0)];
    assert_eq!(closes, expected.map(|(date, close)| (date.to_string(), close)));
    assert_eq!([bars[0].open, bars[0].high, bars[0].low], [99_000.0, 100_500.0, 98_000.0]);
    assert_eq!(counts(&report), [("day without its 23:00 bar, closed by the last bar present".to_string(), 1)]);
}

#[test]
fn a_summary_file_is_one_snapshot_of_one_coin() {
    let (mut board, mut report) = (deribit_summary::board(), Report::default());
    deribit_summary::read(&made_up("summary.csv")[..], "summary.csv", "BTC", &mut board, &mut report).expect("rows");
    let snapshots = board.finish(&mut report);
    let [snapshot] = &snapshots[..] else { panic!("found {} snapshots", snapshots.len()) };
    assert_eq!((snapshot.time, snapshot.index), (Timestamp(1_769_921_642_172), 78_900.25));
    let chain = &snapshot.chains[0];
    assert_eq!((chain.forward, &chain.strikes[..]), (79_100.5, &[80_000.0, 90_000.0][..]), "the median forward");
    assert!(chain.put.bid[0].is_nan() && chain.call.ask[1].is_nan());
    assert!((chain.call.iv[0] - chain.put.iv[0]).abs() < 0.01 && chain.call.iv[0] != 0.9, "volatility from the mark");
    assert_eq!(report.errors[0].line, 6);
    assert_eq!(report.dropped["option of another coin"], 1);
    assert_eq!(report.dropped["unreadable row"], 1);
}

#[test]
fn a_mapped_csv_keeps_what_it_can() {
    let map = CsvMap::parse(&made_up("chain-map.json"), "chain-map.json").expect("a map");
    let (mut board, mut report) = (csv_rows::board(&map), Report::default());
    csv_rows::read(&made_up("chain.csv")[..], "chain.csv", &map, &mut board, &mut report).expect("rows");
    assert_eq!(board.delivery.clone().into_iter().collect::<Vec<_>>(), [(day("2026-01-16"), 103.25)]);
    let snapshots = board.finish(&mut report);
    let files = assemble(map.header(), snapshots, &mut report).expect("a dataset");
    let read = read_back(&files);
    assert_eq!(read[0].time.iso(), "2026-01-05T21:00:00Z");
    let chain = &read[0].chains[0];
    assert!((chain.forward.0 - 100.5 * libm::exp(0.04 * 11.0 / 365.0)).abs() < 1e-9);
    let (call, put) = (&chain.call, &chain.put);
    assert_eq!((call.bid(0), call.ask(0), call.mark(0), call.iv(0)), (Some(2.1), Some(2.2), Some(2.152), Some(0.255)));
    assert_eq!((call.bid(1), call.mark(1), put.bid(1)), (None, None, None));
    assert!(put.iv(0).is_some_and(|iv| (0.2..0.3).contains(&iv)), "{:?}", put.iv(0));
    let lines: Vec<u64> = report.errors.iter().map(|e| e.line).collect();
    assert_eq!(lines, [7, 8]);
    assert_eq!(report.errors[0].to_string(), "chain.csv:7: found kind \"X\", expected call|c or put|p");
    assert_eq!(report.kept, 4);
    assert_eq!(report.dropped["left out by the map's filters"], 1);
    assert_eq!(report.dropped["second row of one option at one time"], 1);
    assert_eq!(report.dropped["expiry not after the quote's time (settlement fact)"], 1);
    assert_eq!(report.notes["bid or ask rounded to the format's unit"], 1);
    let refused = CsvMap::parse(br#"{"columms":{}}"#, "m.json").expect_err("unknown field").to_string();
    assert!(refused.starts_with("m.json: ") && refused.contains("columms"), "{refused}");
}

#[test]
fn the_documented_map_reads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/daily-chain-map.json");
    let map = CsvMap::parse(&fs::read(path).expect("the example"), "daily-chain-map.json").expect("a map");
    assert_eq!(map.header().expiry_minute_utc, 480);
}

#[test]
fn a_catalog_keeps_its_other_datasets() {
    let header = |id: &str| header(id.into(), "BTC");
    let catalog = merge(Some(merge(None, header("a"))), header("b"));
    let again = merge(Some(catalog), chainwalk::market::Dataset { title: "new".into(), ..header("a") });
    let ids: Vec<(&str, &str)> = again.datasets.iter().map(|d| (&d.id[..], &d.title[..])).collect();
    assert_eq!(ids, [("a", "new"), ("b", "Deribit BTC options, recorded")]);
}

fn gunzip(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(File::open(path).expect("a file")).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// The venue's own deltas: ours differ by their rounding and by the moment of the forward.
#[test]
fn a_recorded_month_is_read_whole() {
    let Some(path) = shared("data/deribit/BTC-2026-01.json.gz") else { return };
    let mut report = Report::default();
    let snapshots = month(&gunzip(&path), "BTC-2026-01", &mut report);
    let files = assemble(header("btc".into(), "BTC"), snapshots.clone(), &mut report).expect("a dataset");
    assert_eq!((report.dropped_rows(), report.notes.len(), snapshots.len()), (0, 0, 121));
    let read = read_back(&files);
    for (read, raw) in read.iter().zip(&snapshots) {
        assert_eq!((read.time, read.index.0), (raw.time, raw.index));
        for (chain, raw) in read.chains.iter().zip(&raw.chains) {
            assert_eq!((chain.expiry, chain.forward.0, &chain.strikes), (raw.expiry, raw.forward, &raw.strikes));
            for (i, mark) in raw.call.mark.iter().copied().enumerate() {
                let bid = Some(raw.call.bid[i]).filter(|b| !b.is_nan());
                assert_eq!((chain.call.mark(i), chain.call.bid(i)), (Some(mark), bid));
                assert_eq!(chain.call.iv(i).map(|iv| (iv * 1e4).round()), Some((raw.call.iv[i] * 1e4).round()));
            }
        }
        let levels = read.levels;
        assert!(levels.atm_iv_7.is_some() && levels.atm_iv_30.is_some() && levels.atm_iv_90.is_some());
        assert!(levels.skew_30.is_some_and(|skew| skew.abs() < 0.3), "{levels:?}");
    }
}

#[test]
fn a_recorded_summary_file_agrees_with_its_month() {
    let Some(summary) = shared("data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T045402Z.csv.gz") else {
        return;
    };
    let Some(file) = shared("data/deribit/BTC-2026-02.json.gz") else { return };
    let (mut board, mut report) = (deribit_summary::board(), Report::default());
    deribit_summary::read(&gunzip(&summary)[..], "summary", "BTC", &mut board, &mut report).expect("rows");
    let ours = board.finish(&mut report).remove(0);
    let theirs = month(&gunzip(&file), "BTC-2026-02", &mut report);
    let theirs = theirs.into_iter().find(|s| s.time == ours.time).expect("the same snapshot");
    assert_eq!(ours.index, theirs.index);
    let mut compared = 0;
    for chain in &ours.chains {
        let Some(other) = theirs.chains.iter().find(|c| c.expiry == chain.expiry) else { continue };
        for (i, strike) in chain.strikes.iter().enumerate() {
            let Some(j) = other.strikes.iter().position(|k| k == strike) else { continue };
            assert_eq!(chain.call.bid[i].to_bits(), other.call.bid[j].to_bits());
            assert_eq!(chain.put.ask[i].to_bits(), other.put.ask[j].to_bits());
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn a_folder_on_disk_is_a_source() {
    let source = chainwalk::cli::FileSource { folder: fixture("import") };
    assert!(source.bytes("months.json").is_ok());
    let refused = source.bytes("../import/months.json").expect_err("outside").to_string();
    assert!(refused.contains("leaves the folder"), "{refused}");
    assert!(source.catalog().is_err());
    assert!(Catalog::parse(b"{}").is_err());
}
