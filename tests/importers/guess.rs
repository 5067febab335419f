//! Guessed mappings.

use crate::common::shared;
use crate::{gunzip, made_up};
use chainwalk::import::csv_guess::{Evidence, Guess, guess};
use chainwalk::import::csv_map::CsvMap;
use chainwalk::import::{Report, csv_rows};
use chainwalk::market::RawSnapshot;

fn packed(guess: &Guess, bytes: &[u8]) -> (Vec<RawSnapshot>, Report) {
    let (mut board, mut report) = (csv_rows::board(&guess.map), Report::default());
    csv_rows::read(bytes, "x.csv", &guess.map, &mut board, &mut report).expect("rows");
    (board.finish(&mut report), report)
}

#[test]
fn names_and_values_tell() {
    let bytes = made_up("guess-coin.csv");
    let found = guess(&bytes[..], "guess-coin.csv").expect("a guess");
    let fields: Vec<(&str, &str, Evidence)> =
        found.fields.iter().map(|f| (f.field, &f.column[..], f.evidence)).collect();
    use Evidence::{NameAndValues, Values};
    assert_eq!(
        fields,
        [
            ("ask", "best_ask", NameAndValues),
            ("bid", "best_bid", NameAndValues),
            ("expiry", "maturity date", Values),
            ("iv", "iv", NameAndValues),
            ("kind", "side", Values),
            ("strike", "strike", NameAndValues),
            ("time", "snapshot time", NameAndValues),
            ("underlying_price", "spot", NameAndValues),
        ]
    );
    assert_eq!(
        found.notes,
        [
            "expiry has no time of day: 08:00 UTC is assumed",
            "2 underlyings in one file: only BTC is kept",
            "prices are taken as coin and options as inverse: options in the money cost a part of one coin",
            "volatilities are taken as percent",
        ]
    );
    assert_eq!((found.map.dataset.cadence_minutes, &found.map.dataset.id[..]), (240, "guess-coin"));
    let text = serde_json::to_vec(&found.map).expect("JSON");
    assert_eq!(CsvMap::parse(&text, "m.json").expect("what is printed is a mapping"), found.map);
    let (snapshots, report) = packed(&found, &bytes);
    assert_eq!((snapshots.len(), report.errors.len()), (2, 0), "{report}");
    assert_eq!(snapshots[0].time.iso(), "2026-01-03T08:00:00Z", "the offset counts");
    assert_eq!(
        (snapshots[0].chains[0].expiry.iso(), snapshots[0].chains[0].strikes.len()),
        ("2026-01-09T08:00:00Z".into(), 3)
    );
}

#[test]
fn a_file_with_unreadable_rows_is_still_guessed() {
    let found = guess(&made_up("chain.csv")[..], "chain.csv").expect("a guess");
    assert_eq!((&found.map.formats.time[..], &found.map.formats.expiry[..]), ("%d/%m/%Y", "auto"));
    assert_eq!(found.map.filters.get("sym").map(String::as_str), Some("XYZ"));
    assert!(found.notes.iter().any(|n| n.starts_with("prices are taken as USD")), "{:?}", found.notes);
}

#[test]
fn what_cannot_be_guessed_is_said() {
    for (text, refused) in [
        ("a,b\n", "x.csv: found no row, expected some to guess from"),
        (
            "date,expiry,strike,type,spot\n02/01/1962,09/01/2026,100,C,99\n",
            "x.csv: found year 1962 in the first rows of date, expected 1970 to 2099; leave out the rows of other years",
        ),
        ("a,b\n1,2\n", "x.csv: found no column of time among a, b, expected one; write a mapping"),
        (
            "date,expiry,strike,type\n2026-01-02,2026-01-09,100,C\n",
            "x.csv: found no column of underlying_price among date, expiry, strike, type, expected one; write a mapping",
        ),
    ] {
        assert_eq!(guess(text.as_bytes(), "x.csv").expect_err(text).to_string(), refused);
    }
    let ambiguous = "date,expiry,strike,type,bid,spot\n02/03/2026,09/03/2026,100,C,1,100\n";
    let found = guess(ambiguous.as_bytes(), "x.csv").expect("a guess");
    assert_eq!(found.notes[0], "time is read as day/month/year; month/day/year would fit as well");
    let stamped = "timestamp,expiry,strike,type,bid,spot\n1767430800123,1767945600000,100,C,1,100\n";
    let formats = guess(stamped.as_bytes(), "x.csv").expect("a guess").map.formats;
    assert_eq!((&formats.time[..], &formats.expiry[..]), ("unix_ms", "unix_ms"));
}

#[test]
fn recorded_files_are_guessed_and_read() {
    for (file, underlying, is_coin, snapshots, options) in [
        ("data/registry/options-framework/MSFT_chain_2026-03-17_2026-04-13.csv.gz", "MSFT", false, 18, 65_000),
        ("data/registry/surface-lib/options_snapshots_20250101.csv", "BTC", true, 1, 792),
        ("data/raw/deribit-summary-csv/deribit_options_snapshot_20260201T045402Z.csv.gz", "BTC", true, 1, 700),
    ] {
        let Some(path) = shared(file) else { return };
        let bytes = if file.ends_with(".gz") { gunzip(&path) } else { std::fs::read(&path).expect("a file") };
        let found = guess(&bytes[..], file.rsplit('/').next().unwrap_or(file)).expect("a guess");
        let settlement = if is_coin { "Inverse" } else { "Linear" };
        assert_eq!(format!("{:?}", found.map.dataset.settlement), settlement, "{file}");
        let (read, report) = packed(&found, &bytes);
        let rows: usize = read.iter().flat_map(|s| &s.chains).map(|c| 2 * c.strikes.len()).sum();
        println!("guessed {file}: {} snapshots, {rows} options, {}", read.len(), report.dropped_rows());
        assert!(read.len() == snapshots && rows >= options && report.errors.is_empty(), "{file}: {rows} {report}");
        assert!(file.contains("summary") || found.map.dataset.underlying == underlying);
    }
}
