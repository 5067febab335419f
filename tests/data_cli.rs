//! `run`, `pack`, `check` and `price` as commands: output, exit codes, one line on stderr.

mod common;

use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn chainwalk(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
    let mut child = command
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("input");
    child.wait_with_output().expect("an end")
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_packed_folder_passes_its_check_and_a_damaged_one_does_not() {
    let folder = folder("data-cli");
    let out = folder.to_str().expect("a path");
    let months = "tests/fixtures/import/months.json";
    let delivery = "tests/fixtures/import/delivery.csv";
    let packed = chainwalk(&["pack", "deribit-months", months, "--delivery", delivery, "--out", out], "");
    assert_eq!((packed.status.code(), text(&packed.stderr)), (Some(0), String::new()));
    let summary = text(&packed.stdout);
    assert!(
        summary.contains("btc-deribit-2026: 2 snapshots") && summary.contains("dropped 2: expiry not"),
        "{summary}"
    );

    let map = "tests/fixtures/import/chain-map.json";
    let csv = chainwalk(&["pack", "csv", "tests/fixtures/import/chain.csv", "--map", map, "--out", out], "");
    assert_eq!(csv.status.code(), Some(0), "{}", text(&csv.stderr));

    let checked = chainwalk(&["check", out], "");
    let counts: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!((checked.status.code(), &counts["faults"]), (Some(0), &serde_json::json!(0)), "{counts}");
    assert_eq!(counts["datasets"][1]["id"], "made-up");
    assert_eq!(counts["datasets"][0]["snapshots"], 2);

    let pack = folder.join("btc-deribit-2026/2026-01.json");
    let damaged = fs::read_to_string(&pack).expect("a pack").replacen("500", "501", 1);
    fs::write(&pack, damaged).expect("a file");
    let checked = chainwalk(&["check", out], "");
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stdout).contains("btc-deribit-2026/2026-01.json: found sha256"));
}

/// Every format of made-up files into one folder, which then passes its check.
#[test]
fn every_format_is_packed() {
    let folder = folder("data-cli-formats");
    let out = folder.to_str().expect("a path");
    let fixture = |name: &str| format!("tests/fixtures/import/{name}");
    for (args, said) in [
        (vec!["tardis", "tardis.csv", "--max-age-minutes", "60"], "btc-tardis: 2 snapshots"),
        (vec!["optionsdx", "optionsdx-coin.txt"], "btc-optionsdx: 1 snapshots"),
        (
            vec!["optionsdx", "optionsdx-stock.txt", "--underlying", "XYZ", "--rate", "0.04"],
            "xyz-optionsdx: 1 snapshots",
        ),
        (vec!["deribit-api", "deribit-books.jsonl", "--cadence-minutes", "60"], "btc-deribit-2026: 2 snapshots"),
        (
            vec![
                "deribit-api",
                "deribit-summaries.json",
                "tests/fixtures/import/deribit-instruments.json",
                "--id",
                "sums",
            ],
            "sums: 1 snapshots",
        ),
        (vec!["csv", "guess-coin.csv", "--guess"], "guess-coin: 2 snapshots"),
    ] {
        let file = fixture(args[1]);
        let whole = [&["pack", args[0], &file], &args[2..], &["--out", out]].concat();
        let packed = chainwalk(&whole, "");
        let (summary, error) = (text(&packed.stdout), text(&packed.stderr));
        assert_eq!(packed.status.code(), Some(0), "{args:?} {error}");
        assert!(summary.contains(said), "{args:?} {summary}");
    }
    let checked = chainwalk(&["check", out], "");
    let counts: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!((checked.status.code(), counts["datasets"].as_array().map(Vec::len)), (Some(0), Some(6)), "{counts}");
    let parts = fs::read_dir(folder.join("btc-tardis")).expect("a folder").count();
    assert_eq!(parts, 1, "nothing half written stays");

    let guessed = chainwalk(&["pack", "csv", &fixture("guess-coin.csv"), "--guess"], "");
    let map: serde_json::Value = serde_json::from_slice(&guessed.stdout).expect("a mapping");
    assert_eq!((guessed.status.code(), &map["columns"]["expiry"]), (Some(0), &json!("maturity date")));
    assert!(text(&guessed.stderr).starts_with("ask: \"best_ask\", by its name and its values\n"));

    let refused = chainwalk(&["pack", "tardis", &fixture("tardis.csv"), "--underlying", "SOL", "--out", out], "");
    let line = "found underlying \"SOL\", expected BTC or ETH (options paid in coin)\n";
    assert_eq!((refused.status.code(), text(&refused.stderr)), (Some(2), line.to_string()));
    let refused = chainwalk(&["pack", "csv", &fixture("guess-coin.csv"), "--out", out], "");
    assert_eq!(refused.status.code(), Some(2), "neither --map nor --guess");
}

#[test]
fn bad_input_is_one_line_and_exit_code_2() {
    let folder = folder("data-cli-bad");
    let out = folder.to_str().expect("a path");
    for input in [
        "tests/fixtures/import/absent.json",
        "tests/fixtures/import/delivery.csv",
        "tests/fixtures/import/months-bad.json",
    ] {
        let refused = chainwalk(&["pack", "deribit-months", input, "--out", out], "");
        let line = text(&refused.stderr);
        assert_eq!((refused.status.code(), line.lines().count()), (Some(2), 1), "{line}");
        assert!(!folder.join("catalog.json").exists());
    }
    assert_eq!(chainwalk(&["check", out], "").status.code(), Some(1));
}

/// A copy of the shipped months through February 2026.
fn two_months(name: &str) -> PathBuf {
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data"), folder(name));
    fs::create_dir_all(to.join("btc-2026")).expect("a folder");
    for file in ["catalog.json", "btc-2026/2025-12.json", "btc-2026/2026-01.json", "btc-2026/2026-02.json"] {
        fs::copy(from.join(file), to.join(file)).expect("a copy");
    }
    to
}

#[test]
fn a_damaged_month_fails_the_run_and_keeps_what_was_walked() {
    let data = two_months("data-cli-run");
    let request = r#"{"dataset":"btc-2026","end":"2026-02-28","timeframe":"1d"}"#;
    let run = || chainwalk(&["run", "-", "--data", data.to_str().expect("a path")], request);
    let whole = run();
    assert_eq!((whole.status.code(), text(&whole.stderr)), (Some(0), String::new()));

    let pack = data.join("btc-2026/2026-02.json");
    fs::write(&pack, fs::read_to_string(&pack).expect("a pack").replacen("500", "501", 1)).expect("a file");
    let failed = run();
    let output: serde_json::Value = serde_json::from_slice(&failed.stdout).expect("JSON");
    let variant = &output["variants"][0];
    let error = variant["error"].as_str().expect("an error");
    assert!(error.starts_with("Data: btc-2026/2026-02.json: found sha256"), "{error}");
    assert_eq!(
        (failed.status.code(), &output["state"], &variant["state"]),
        (Some(1), &json!("failed"), &json!("failed"))
    );
    assert_eq!(variant["date"], "2026-01-31T08:00:00Z");
    assert_eq!(text(&failed.stderr), format!("{error}, after 2026-01-31 08:00\n"));
    assert!(variant["trades"].as_array().is_some_and(|trades| !trades.is_empty()));
}

#[test]
fn a_usage_error_says_what_is_wrong() {
    for (args, line) in [
        (vec!["run"], "error: the following required arguments were not provided: --data <DATA> <REQUEST>"),
        (vec!["check", "a", "b"], "error: unexpected argument 'b' found"),
    ] {
        let refused = chainwalk(&args, "");
        assert_eq!((refused.status.code(), text(&refused.stderr)), (Some(2), format!("{line}\n")));
    }
    for (args, command) in [(vec![], "check"), (vec!["pack"], "deribit-months")] {
        let refused = chainwalk(&args, "");
        let help = text(&refused.stderr);
        assert!(refused.status.code() == Some(2) && help.contains("Usage: ") && help.contains(command), "{help}");
    }
}

#[test]
fn prices_are_lines_in_and_lines_out() {
    let lines = "{\"kind\":\"call\",\"forward\":100,\"strike\":100,\"years\":1,\"vol\":0.2}\n\n\
                 {\"kind\":\"call\",\"forward\":100,\"strike\":100,\"years\":1,\"price\":7.965567455405786}\n";
    let priced = chainwalk(&["price"], lines);
    assert_eq!(priced.status.code(), Some(0));
    let answers: Vec<serde_json::Value> =
        text(&priced.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert!((answers[0]["price"].as_f64().expect("a price") - 7.965_567_455_405_8).abs() < 1e-12);
    assert!((answers[1]["iv"].as_f64().expect("a volatility") - 0.2).abs() < 1e-12);
    let refused = chainwalk(&["price"], "{\"kind\":\"straddle\"}\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).starts_with("line 1: kind: "), "{}", text(&refused.stderr));
}

/// The recorded datasets that ship, from the files of the packages that carry them: volatilities are computed, so the pricing has a say.
#[test]
fn the_recorded_datasets_that_ship_are_made_again() {
    let folder = folder("data-cli-shipped");
    let out = folder.to_str().expect("a path");
    for (file, id) in [
        ("options-framework/MSFT_chain_2026-03-17_2026-04-13.csv.gz", "msft-2026"),
        ("surface-lib/options_snapshots_20250101.csv", "btc-board-2024-12-31"),
    ] {
        let Some(chain) = common::shared(&format!("data/registry/{file}")) else { return };
        let (chain, map) = (chain.to_str().expect("a path").to_owned(), format!("script/maps/{id}.json"));
        let packed = chainwalk(&["pack", "csv", &chain, "--map", &map, "--out", out], "");
        assert_eq!(packed.status.code(), Some(0), "{}", text(&packed.stderr));
        let names = |folder: &Path| {
            let files = fs::read_dir(folder.join(id)).expect(id).map(|file| file.expect("a file").file_name());
            files.collect::<std::collections::BTreeSet<_>>()
        };
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data");
        assert_eq!(names(&folder), names(&assets));
        for name in names(&assets) {
            let read = |folder: &Path| fs::read(folder.join(id).join(&name)).expect("a pack");
            assert!(read(&folder) == read(&assets), "{id}: {name:?} differs from what ships");
        }
    }
}
