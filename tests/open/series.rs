//! Price series, with and without a volatility of their own: made-up ones, and recorded ones where they are.

use crate::common::{fixture, shared};
use crate::{Case, File, assert_same_bytes, heads, import, is_published, made_up, recorded, whole};
use chainwalk::display::format::count;
use chainwalk::import::open::look;
use chainwalk::market::DataKind;
use chainwalk::market::codec::read_modelled;
use chainwalk::units::Day;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_page_models_a_series_as_the_command_does() {
    const COIN: &str = "made-up-coin.csv";
    const VOL: &str = "made-up-coin-vol.csv";
    const FUND: &str = "made-up-fund.csv";
    let cases: [Case; 4] = [
        (&[COIN, VOL], &[], &["btc-long", "--underlying", "MADE"]),
        (
            &[COIN],
            &[("settlement", "inverse"), ("first", "2030-01-20")],
            &["btc-long", "--underlying", "MADE", "--settlement", "inverse", "--first", "2030-01-20"],
        ),
        (&[COIN, VOL], &[("vol.file", VOL), ("underlying", "XYZ"), ("model", "gld-long")], &["gld-long"]),
        (
            &[FUND],
            &[("underlying", "FUND"), ("rate", "0.03")],
            &["gld-long", "--underlying", "FUND", "--weekdays", "--rate", "0.03"],
        ),
    ];
    for (turn, (names, changed, command)) in cases.into_iter().enumerate() {
        let imported = import(&made_up(names), changed, &whole(1 << 16)).expect("an import");
        assert_eq!(imported.dataset.kind, DataKind::Modelled);
        assert_eq!(imported.dataset.quality.fit_error, None, "no error of another underlying is said of this one");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("series-{turn}"));
        let _ = fs::remove_dir_all(&folder);
        let path = |name: &str| fixture(&format!("import/{name}"));
        let mut pack = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
        pack.args(["pack", "long", command[0], "--id", &imported.dataset.id, "--prices"]).arg(path(names[0]));
        pack.args(names[1..].iter().flat_map(|name| ["--vol".into(), path(name).into_os_string()]));
        pack.args(&command[1..]).arg("--out").arg(&folder);
        assert_same_bytes(imported, pack, &folder, names);
    }
}

/// Times before 1970 are not read; the refusal says so, whatever the columns are called.
#[test]
fn a_series_that_begins_too_early_says_its_years() {
    let years = "found years 1927 to 1931 in the first rows of";
    let right = "expected 1970 to 2099; leave out the rows of other years.";
    for (header, dates) in [
        ("Date,Close", ["1927-12-30", "1931-01-02"]),
        ("when,what", ["12/30/1927", "01/02/1931"]),
        ("Date,Open,High,Low,Close,Volume", ["1927-12-30", "1931-01-02"]),
        ("quoted,until,k,way,ref,lo", ["1927-12-30", "1931-01-02"]),
    ] {
        let figures = ",17.5".repeat(header.matches(',').count());
        let text = format!("{header}\n{}{figures}\n{}{figures}\n", dates[0], dates[1]);
        let files = [("made-up.csv".to_owned(), text.into_bytes())];
        let column = header.split(',').next().unwrap_or_default();
        let refused = import(&files, &[], &whole(1 << 16)).err().unwrap_or_default();
        if column == "quoted" {
            let form = look(&heads(&files), &[]).expect("a form, for its columns can be chosen by hand");
            assert_eq!(form.notes[0], format!("made-up.csv: {years} {column}, {right}"));
        } else {
            assert_eq!(refused, format!("made-up.csv: {years} {column}, {right}"), "{header}");
        }
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("early.csv");
        fs::write(&path, &files[0].1).expect("a file");
        let mut pack = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
        pack.args(["pack", "long", "gld-long", "--id", "early", "--prices"]).arg(&path).arg("--out").arg("nowhere");
        let said = pack.output().expect("a program");
        assert_eq!(said.status.code(), Some(2));
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains(&format!("early.csv: {years} {column}, {}", right.trim_end_matches('.'))), "{said}");
    }
}

#[test]
fn a_volatility_of_its_own_is_the_level() {
    let files = made_up(&["made-up-coin-vol.csv", "made-up-coin.csv"]);
    let imported = import(&files, &[], &whole(1 << 16)).expect("an import");
    let level = |text: &str| {
        let snapshot = text.split("{\"t\"").nth(20).expect("the twentieth");
        let (_, vol) = snapshot.split_once("\"vol\":").expect("a level");
        vol.chars().take_while(char::is_ascii_digit).collect::<String>()
    };
    let text = String::from_utf8(imported.packs[0].bytes.clone()).expect("text");
    let csv = String::from_utf8(files[0].1.clone()).expect("text");
    let known = csv.lines().nth(20).and_then(|line| line.split(',').nth(1)).expect("a figure").replace('.', "");
    assert_eq!(level(&text), known, "hundredths of a point, as the file has them");
    assert_eq!(imported.report.notes["day with the volatility of a day before"], 1, "one day is missing");
    let realised = import(&files[1..], &[], &whole(1 << 16)).expect("an import");
    assert_ne!(level(&String::from_utf8(realised.packs[0].bytes.clone()).expect("text")), known);
    // Where the other file is chosen, prices and volatility change places, and no figure of it is a price in points.
    let turned = [
        ("vol.file", "made-up-coin.csv"),
        ("vol.time", "time"),
        ("vol.value", "close"),
        ("columns.time", "timestamp"),
        ("columns.open", ""),
        ("columns.high", ""),
        ("columns.low", ""),
    ];
    let refused = import(&files, &turned, &whole(1 << 16)).err().unwrap_or_default();
    assert!(refused.contains("found no snapshot to keep"), "{refused}");
    let lacking = import(&files, &[("vol.value", "open")], &whole(1 << 16)).err();
    assert_eq!(lacking.as_deref(), Some("vol.value: Found \"open\", expected one of timestamp, close."));
}

/// A recorded series with an index of its volatility.
struct Recorded {
    /// What docs/DATA.md calls prices and index.
    title: &'static str,
    /// Prices, and the index; files of the shared folder.
    files: [&'static str; 2],
    /// The index's column.
    column: &'static str,
    /// What the page's form is changed to.
    changed: &'static [(&'static str, &'static str)],
    /// The command's template and its arguments for the same.
    command: &'static [&'static str],
}

const RECORDED: [Recorded; 3] = [
    Recorded {
        title: "BTC by the hour | DVOL of BTC",
        files: ["data/spot/BTCUSDT_1h.csv.gz", "data/spot/btc_dvol_daily.csv.gz"],
        column: "close",
        changed: &[],
        command: &["btc-long", "--underlying", "BTC", "--settlement", "inverse"],
    },
    Recorded {
        title: "ETH by the hour | DVOL of ETH",
        files: ["data/spot/ETHUSDT_1h.csv.gz", "data/spot/eth_dvol_daily.csv.gz"],
        column: "close",
        changed: &[],
        command: &["btc-long", "--underlying", "ETH", "--settlement", "inverse"],
    },
    Recorded {
        title: "GLD by the day | GVZ",
        files: ["data/spot/GLD_1d.csv.gz", "data/spot/GVZCLS.csv"],
        column: "GVZCLS",
        changed: &[("rate", "0.03")],
        command: &["gld-long", "--underlying", "GLD", "--weekdays", "--rate", "0.03"],
    },
];

/// Hundredths of a point by day, as the file of an index has them.
fn index_of((_, bytes): &File, column: &str) -> Vec<(Day, u32)> {
    let mut rows = csv::Reader::from_reader(&bytes[..]);
    let place = rows.headers().expect("headers").iter().position(|name| name == column).expect("its column");
    let row = |record: csv::StringRecord| {
        let day = Day::parse(&record[0]).expect("a day");
        record[place].parse::<f64>().ok().map(|points| (day, (100.0 * points).round() as u32))
    };
    rows.records().filter_map(|record| row(record.expect("a row"))).collect()
}

/// DVOL and GVZ as they were recorded: every level is the newest figure of the file, and the bytes are the command's.
#[test]
fn a_recorded_index_of_volatility_is_the_level() {
    for (turn, Recorded { title, files: names, column, changed, command }) in RECORDED.iter().enumerate() {
        let Some(files) = recorded(names) else { return };
        let imported = import(&files, changed, &whole(1 << 20)).expect("an import");
        let known = index_of(&files[1], column);
        let (mut days, mut of_before) = (0, 0);
        for pack in &imported.packs {
            let (snapshots, _) = read_modelled(&pack.bytes, &imported.dataset, &pack.path).expect("a pack");
            for snapshot in snapshots {
                let day = snapshot.time.plus_ms(-1).day();
                let (newest, level) = known[known.partition_point(|(known, _)| *known <= day) - 1];
                assert_eq!(snapshot.level, level, "{} {day}", names[1]);
                (days, of_before) = (days + 1, of_before + u64::from(newest != day));
            }
        }
        let noted = imported.report.notes.get("day with the volatility of a day before").copied().unwrap_or_default();
        assert_eq!((noted, imported.report.errors.len()), (of_before, 0), "{}", imported.report);
        let without = imported.report.dropped["day without a volatility of its own or the ten days before"];
        assert_eq!(imported.report.dropped_rows(), without, "{}", imported.report);
        is_published(&format!(
            "| {title} | {} | {} | {} | {} to {} |",
            count(days),
            count(of_before as usize),
            count(without as usize),
            imported.dataset.first,
            imported.dataset.last
        ));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("series-recorded-{turn}"));
        let _ = fs::remove_dir_all(&folder);
        let [prices, vol] = names.map(|name| shared(name).expect("as before"));
        let mut pack = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
        pack.args(["pack", "long", command[0], "--id", &imported.dataset.id, "--prices"]).arg(prices);
        pack.arg("--vol").arg(vol).args(&command[1..]).arg("--out").arg(&folder);
        assert_same_bytes(imported, pack, &folder, names);
    }
}
