//! The fit of recorded months, and the dataset that ships.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::cli::FileSource;
use chainwalk::import::fit::{Deviations, fit_dataset};
use chainwalk::import::folder::assemble;
use chainwalk::import::{Report, deribit_months};
use chainwalk::market::catalog::{DataKind, Dataset};
use chainwalk::market::codec::{FittedSnapshot, decode_pack, encode_fitted, read_fitted, sha256_hex};
use chainwalk::market::surface::{ExpiryFit, ExpiryGrid, QuoteRule};
use chainwalk::market::{Chain, MemorySource, PackSource, RawChain, RawSnapshot};
use chainwalk::pricing::OptionKind;
use chainwalk::units::{DAY_MS, Day, HOUR_MS, Timestamp};
use std::io::Read;
use std::path::Path;

/// Even points over the listed strikes at which butterflies are tested.
const POINTS: u32 = 201;

fn rule(dataset: &Dataset) -> QuoteRule<'_> {
    QuoteRule { settlement: dataset.settlement, tick: &dataset.tick, rate: dataset.rate }
}

/// A recorded folder in memory, with its dataset.
fn recorded(header: Dataset, snapshots: Vec<RawSnapshot>) -> (MemorySource, Dataset) {
    let files = assemble(header, snapshots, &mut Report::default()).expect("a dataset");
    let packs = files.packs.into_iter().map(|pack| (pack.path, pack.bytes));
    (MemorySource { files: packs.collect() }, files.dataset)
}

fn fitted_header(recorded: &Dataset, id: &str) -> Dataset {
    Dataset { id: id.into(), kind: DataKind::Fitted, ..recorded.clone() }
}

fn made_up_fit() -> ExpiryFit {
    ExpiryFit {
        smile: [9_000, 30_000, -2_500, 500, 3_000, 20, -15, 10, 5],
        spread: [[2, 4, 6, 8, 12, 30], [2, 4, 6, 8, 12, 40], [2, 3, 5, 7, 10, 24], [2, 3, 5, 7, 10, 30]],
        quoted: [[0, 22], [3, 25], [5, 25], [0, 24]],
    }
}

fn made_up_snapshots(header: &Dataset) -> Vec<RawSnapshot> {
    let start = Day::parse("2026-03-02").expect("a day").start().plus_ms(HOUR_MS);
    let expiry = start.plus_ms(9 * DAY_MS + 7 * HOUR_MS);
    let at = |i: i64| {
        let time = start.plus_ms(i * 6 * HOUR_MS);
        let strikes = (0..25).map(|k| 58_000.0 + 1_000.0 * f64::from(k)).collect();
        let grid = ExpiryGrid { expiry, forward: 70_000.0 + 137.0 * i as f64, strikes };
        let chain = made_up_fit().quotes(grid, time, rule(header)).expect("a positive smile");
        RawSnapshot { time, index: 69_950.0, high: None, low: None, chains: vec![chain] }
    };
    (0..4).map(at).collect()
}

#[test]
fn a_made_up_smile_is_fitted_back() {
    let header = deribit_months::header("made-up".into(), "BTC");
    let (source, dataset) = recorded(header.clone(), made_up_snapshots(&header));
    let mut report = Report::default();
    let (files, months) =
        fit_dataset(&source, &dataset, fitted_header(&dataset, "made-up-fit"), &mut report, || {}).expect("a fit");
    assert_eq!(report.kept, 4 * 2 * 25);
    assert_eq!(report.dropped_rows(), 0);
    let deviations = &months[0].deviations;
    let [median, p95] = deviations.vol_percentiles();
    assert!(median < 0.01 && p95 < 0.03, "volatility points: median {median}, 95 % {p95}");
    let [both, equal, near] = deviations.touches;
    // A touch tells a distance to half a tick only, so a few of the fitted ones round the other way.
    assert!(equal * 10 >= both * 9 && near * 100 >= both * 99, "{equal} equal and {near} near of {both} touches");
    assert_eq!(deviations.touches_of_one, 0);

    let snapshots = decode_pack(&files.packs[0].bytes, &files.dataset, &files.dataset.packs[0]).expect("a pack");
    let recorded = source.snapshots(&dataset).expect("recorded packs");
    for (fitted, recorded) in snapshots.iter().zip(&recorded) {
        assert_eq!((fitted.time, fitted.index), (recorded.time, recorded.index));
        assert_eq!(fitted.chains[0].strikes, recorded.chains[0].strikes);
        assert_eq!(fitted.chains[0].call.bid(23), None, "no bid beyond the quoted rows");
        assert_eq!(fitted.chains[0].call.open_interest(0), None);
    }
    let again = fit_dataset(&source, &dataset, fitted_header(&dataset, "made-up-fit"), &mut report, || {});
    assert_eq!(again.expect("a fit").0, files, "same input, same bytes");
}

#[test]
fn greeks_that_a_fit_passes_on_are_those_of_its_quotes() {
    let header = deribit_months::header("made-up".into(), "BTC");
    for rate in [0.0, 0.03] {
        let rule = QuoteRule { rate, ..rule(&header) };
        for raw in made_up_snapshots(&header) {
            let RawSnapshot { time, index, high, low, chains } = raw.clone();
            let grid =
                |chain: RawChain| ExpiryGrid { expiry: chain.expiry, forward: chain.forward, strikes: chain.strikes };
            let chains = chains.into_iter().map(|chain| (grid(chain), made_up_fit())).collect();
            let fitted = FittedSnapshot { time, index, high, low, error: None, chains };
            let (fitted, quoted) = (fitted.price(rule).expect("sound"), raw.price(rate).expect("sound"));
            assert_eq!(fitted.levels, quoted.levels);
            for (fitted, quoted) in fitted.chains.iter().zip(&quoted.chains) {
                for kind in [OptionKind::Call, OptionKind::Put] {
                    for row in 0..quoted.strikes.len() {
                        let bits = |chain: &Chain| chain.columns(kind).greeks(row).map(|g| g.map(f64::to_bits));
                        assert_eq!(bits(fitted), bits(quoted), "rate {rate}, {kind:?} {row}");
                    }
                }
            }
        }
    }
}

#[test]
fn only_recorded_data_is_fitted() {
    let header = deribit_months::header("made-up".into(), "BTC");
    let fitted = fitted_header(&header, "made-up");
    let error = fit_dataset(&MemorySource::default(), &fitted, fitted.clone(), &mut Report::default(), || {});
    assert_eq!(error.unwrap_err().to_string(), "made-up: found a dataset of kind Fitted, expected recorded");
}

#[test]
fn a_bad_fitted_pack_is_refused_in_a_sentence() {
    let header = fitted_header(&deribit_months::header("made-up".into(), "BTC"), "made-up");
    let good = r#"{"expiry":1772438400000,"forward":70000,"strikes":[69000,70000],"smile":[9000,30000,0,0,3000,0,0,0,0],"spread":[[2,2,2,2,2,2],[2,2,2,2,2,2],[2,2,2,2,2,2],[2,2,2,2,2,2]],"quoted":[[0,2],[0,2],[0,2],[0,2]]}"#;
    let read = |chain: &str| {
        let text = format!(
            r#"{{"schema":1,"dataset":"made-up","kind":"fitted","snapshots":[{{"t":1772340000000,"index":70000,"chains":[{chain}]}}]}}"#
        );
        let entry = chainwalk::market::catalog::PackEntry {
            path: "made-up.json".into(),
            first: Timestamp(1_772_340_000_000),
            last: Timestamp(1_772_340_000_000),
            snapshots: 1,
            bytes: text.len() as u64,
            sha256: sha256_hex(text.as_bytes()),
        };
        decode_pack(text.as_bytes(), &header, &entry)
    };
    let chain = &read(good).expect("a good pack")[0].chains[0];
    assert_eq!((chain.call.bid(1).is_some(), chain.strikes.len()), (true, 2));
    for (from, to, sentence) in [
        ("\"strikes\":[69000,70000],", "", "strikes: found none, expected a list where the expiry is first named"),
        ("[69000,70000]", "[70000,69000]", "strikes[1]: found 69000 after 70000, expected strikes in ascending order"),
        (
            "[[0,2],[0,2],[0,2],[0,2]]",
            "[[0,2],[0,3],[0,2],[0,2]]",
            "quoted: found 0 to 3, expected rows in order, at most 2",
        ),
        (
            "[9000,30000,",
            "[-90000,30000,",
            "smile: found svi least total variance: -0.81 is negative, expected a positive smile",
        ),
        ("0,0,3000,0,0,0,0]", "0,0,3000,-9999,-9999,-9999,-9999]", "expected a positive smile"),
        ("0,0,3000,0,0,0,0]", "0,0,3000,0,0,0]", "smile[7]: invalid length 8, expected an array of length 9"),
        ("\"forward\":70000", "\"forward\":0", "forward: found 0, expected a positive forward and an expiry after t"),
        ("1772438400000", "1772338400000", "expected a positive forward and an expiry after t"),
        ("\"smile\"", "\"smell\"", "unknown field `smell`"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        let error = read(&bad).expect_err(to).to_string();
        assert!(error.starts_with("made-up.json: ") && error.contains(sentence), "{error}");
    }
}

/// The shipped dataset.
fn shipped() -> (FileSource, Dataset) {
    let source = FileSource { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data") };
    let catalog = source.catalog().expect("assets/data/catalog.json");
    let dataset = catalog.dataset("btc-2026").expect("btc-2026").clone();
    (source, dataset)
}

#[test]
fn shipped_packs_read_back_to_their_bytes_and_have_no_butterflies() {
    let (source, dataset) = shipped();
    let mut smiles = 0;
    for entry in &dataset.packs {
        let bytes = source.bytes(&entry.path).expect("a pack");
        let snapshots = read_fitted(&bytes, &dataset, &entry.path).expect("parameters");
        assert!(encode_fitted(&dataset, &snapshots) == bytes, "{} reads back to its bytes", entry.path);
        for snapshot in &snapshots {
            let error = snapshot.error.expect("an error with each snapshot");
            assert!(error.p95 < 3_000 && error.inside > 700, "{} {error:?}", snapshot.time);
            for (grid, fit) in &snapshot.chains {
                let years = grid.expiry.years_since(snapshot.time);
                let y = |strike: Option<&f64>| libm::log(strike.expect("a strike") / grid.forward) / years.sqrt();
                let (from, to) = (y(grid.strikes.first()), y(grid.strikes.last()));
                let smile = fit.smile().expect("in its domain");
                assert!(smile.is_butterfly_free(from, to, years, POINTS), "{} {}", snapshot.time, grid.expiry);
                smiles += 1;
            }
        }
    }
    assert_eq!(smiles, 8_570);
}

#[test]
fn shipped_quotes_are_sane() {
    let (source, dataset) = shipped();
    let (mut touches, mut beyond_mark, mut two_sided, mut options) = (0_u64, 0_u64, 0_u64, 0_u64);
    let snapshots = source.snapshots(&dataset).expect("all packs");
    assert_eq!(snapshots.len(), 722);
    for chain in snapshots.iter().flat_map(|s| &s.chains) {
        for columns in [&chain.call, &chain.put] {
            for row in 0..chain.strikes.len() {
                let quote = columns.quote(row);
                let mark = quote.mark.expect("a mark");
                assert!(quote.iv.is_some_and(|iv| iv > 0.01 && iv < 10.0), "{:?}", quote.iv);
                options += 1;
                if let (Some(bid), Some(ask)) = (quote.bid, quote.ask) {
                    assert!(bid < ask, "bid {bid}, ask {ask}");
                    two_sided += 1;
                }
                touches += u64::from(quote.bid.is_some()) + u64::from(quote.ask.is_some());
                beyond_mark += u64::from(quote.bid.is_some_and(|bid| bid > mark + 1e-9));
                beyond_mark += u64::from(quote.ask.is_some_and(|ask| ask < mark - 1e-9));
            }
        }
    }
    let share = two_sided as f64 / options as f64;
    assert!((share - dataset.quality.two_sided_pct).abs() < 1e-4, "{share}");
    assert!(beyond_mark * 20 < touches, "{beyond_mark} of {touches} touches are beyond the mark");
}

/// A recorded month of the outside folder; `None` without the folder.
fn recorded_month(month: &str) -> Option<(MemorySource, Dataset)> {
    let name = format!("BTC-{month}.json.gz");
    let path = common::shared(&format!("data/deribit/{name}"))?;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).expect("the month");
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    let snapshots = common::month(&bytes, &name, &mut Report::default());
    Some(recorded(deribit_months::header("btc-recorded".into(), "BTC"), snapshots))
}

/// Fits a month anew: its deviations, and the hash of its pack.
fn fit_month(month: &str) -> Option<(Deviations, String)> {
    let (source, dataset) = recorded_month(month)?;
    let header = fitted_header(&dataset, "btc-2026");
    let (files, months) = fit_dataset(&source, &dataset, header, &mut Report::default(), || {}).expect("a fit");
    Some((months[0].deviations.clone(), files.dataset.packs[0].sha256.clone()))
}

#[test]
fn recorded_months_meet_the_targets_and_give_the_shipped_bytes() {
    for month in ["2025-12", "2026-02", "2026-06"] {
        let Some((deviations, sha256)) = fit_month(month) else { return };
        let [median, p95] = deviations.vol_percentiles();
        println!("{month}: median {median:.3}, 95 % {p95:.3}, inside {:.4}", deviations.inside_share());
        assert!(median < 0.15 && p95 < 0.6, "{month}: median {median}, 95 % {p95}");
        assert!(deviations.inside_share() >= 0.92, "{month}: inside {}", deviations.inside_share());
        let (_, dataset) = shipped();
        let path = format!("btc-2026/{month}.json");
        let entry = dataset.packs.iter().find(|p| p.path == path).expect("the month ships");
        assert_eq!(entry.sha256, sha256, "{month} is the pack that ships");
    }
}
