//! The recorder against a local server that answers in the venue's shapes: good, slow, busy, half, malformed, twice, killed.
#![cfg(not(target_arch = "wasm32"))]

mod common;

#[path = "record/recorded.rs"]
mod recorded;

use chainwalk::market::Contract;
use chainwalk::pricing::price;
use chainwalk::units::Timestamp;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the server answers one question.
#[derive(Clone, Debug, PartialEq)]
enum Manner {
    Good,
    /// After this many milliseconds.
    Slow(u64),
    /// The first half of the body, then the end.
    Half,
    Status(u16),
    /// The venue's own refusal, by its code.
    Refuses(i64),
    NotJson,
    /// Another body.
    Says(Value),
}

/// Noon of 20 November 2026, µs.
const NOON_US: i64 = 1_795_176_000_000_000;
const HOUR_US: i64 = 3_600_000_000;

/// A server with a clock; the manners are those of the board's questions, in order, then good. `elsewhere` are the manners of other
/// questions, by their names.
struct Server {
    address: String,
    now_us: Arc<Mutex<i64>>,
    manners: Arc<Mutex<Vec<Manner>>>,
    asked: Arc<AtomicUsize>,
    elsewhere: Arc<Mutex<Vec<(&'static str, Manner)>>>,
}

impl Server {
    fn new(manners: Vec<Manner>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (now_us, manners) = (Arc::new(Mutex::new(NOON_US)), Arc::new(Mutex::new(manners)));
        let asked = Arc::new(AtomicUsize::new(0));
        let elsewhere = Arc::new(Mutex::new(Vec::new()));
        let server = Server {
            address,
            now_us: now_us.clone(),
            manners: manners.clone(),
            asked: asked.clone(),
            elsewhere: elsewhere.clone(),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (now_us, manners, asked) = (now_us.clone(), manners.clone(), asked.clone());
                let elsewhere = elsewhere.clone();
                std::thread::spawn(move || {
                    let Ok(stream) = stream else { return };
                    let now = *now_us.lock().expect("the clock");
                    let elsewhere = elsewhere.lock().expect("a manner").clone();
                    let _ = answer(stream, now, &manners, &asked, elsewhere);
                });
            }
        });
        server
    }

    fn pass(&self, us: i64) {
        *self.now_us.lock().expect("the clock") += us;
    }

    fn then(&self, manners: Vec<Manner>) {
        *self.manners.lock().expect("manners") = manners;
    }

    fn arguments<'a>(&'a self, folder: &'a str) -> Vec<&'a str> {
        vec!["record", "--out", folder, "--base", &self.address, "--timeout", "1", "--attempts", "3", "--pause", "0.01"]
    }

    fn record(&self, folder: &Path) -> Output {
        let folder = folder.to_str().expect("a path");
        Command::new(env!("CARGO_BIN_EXE_chainwalk")).args(self.arguments(folder)).output().expect("the program")
    }

    fn begin(&self, folder: &Path) -> Child {
        let folder = folder.to_str().expect("a path");
        let mut command = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
        command.args(self.arguments(folder)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program")
    }
}

fn answer(
    mut stream: TcpStream,
    now_us: i64,
    manners: &Mutex<Vec<Manner>>,
    asked: &AtomicUsize,
    elsewhere: Vec<(&str, Manner)>,
) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let length = stream.read(&mut request)?;
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let is_board = request.contains("get_book_summary_by_currency");
    let manner = if is_board {
        asked.fetch_add(1, Ordering::SeqCst);
        let mut left = manners.lock().expect("manners");
        if left.is_empty() { Manner::Good } else { left.remove(0) }
    } else {
        let asked_for = elsewhere.into_iter().find(|(question, _)| request.contains(question));
        asked_for.map_or(Manner::Good, |(_, manner)| manner)
    };
    let result = if is_board {
        board(now_us)
    } else if request.contains("get_index_price") {
        json!({ "index_price": 90_000.5, "estimated_delivery_price": 90_000.5 })
    } else {
        json!({ "data": [{ "date": "2026-11-20", "delivery_price": 89_000.25 }], "records_total": 1 })
    };
    let good = json!({ "jsonrpc": "2.0", "result": result, "usIn": now_us - 10, "usOut": now_us, "usDiff": 10, "testnet": false });
    let (status, body) = match &manner {
        Manner::Status(status) => (*status, String::new()),
        Manner::Refuses(code) => {
            (400, json!({ "jsonrpc": "2.0", "error": { "code": code, "message": "no" } }).to_string())
        }
        Manner::NotJson => (200, "<html>busy</html>".to_owned()),
        Manner::Says(value) => (200, value.to_string()),
        Manner::Good | Manner::Slow(_) | Manner::Half => (200, good.to_string()),
    };
    if let Manner::Slow(ms) = manner {
        #[allow(clippy::disallowed_methods, reason = "a slow server is what is tested")]
        std::thread::sleep(Duration::from_millis(ms));
    }
    let sent = if manner == Manner::Half { &body[..body.len() / 2] } else { &body };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(sent.as_bytes())
}

/// Two expiries of twelve strikes at one volatility.
fn board(now_us: i64) -> Value {
    let mut rows = Vec::new();
    for (expiry, forward) in [("25DEC26", 90_100.0), ("26MAR27", 90_900.0)] {
        for k in 0..12_i32 {
            let strike = 70_000 + 4_000 * k;
            for kind in ["C", "P"] {
                let name = format!("BTC-{expiry}-{strike}-{kind}");
                let contract = Contract::parse(&name).expect("a name").1;
                let years = contract.expiry.years_since(Timestamp(now_us / 1000));
                let mark = price(contract.kind, forward, f64::from(strike), years, 0.455) / forward;
                let bid = (k > 0).then(|| (mark * 2000.0).floor() / 2000.0).filter(|bid| *bid > 0.0);
                rows.push(json!({
                    "instrument_name": name, "underlying_index": format!("BTC-{expiry}"),
                    "underlying_price": forward, "bid_price": bid, "ask_price": (mark * 2000.0).ceil() / 2000.0 + 0.0005,
                    "mark_price": mark, "mark_iv": 45.5, "open_interest": 12.5, "creation_timestamp": now_us / 1000,
                }));
            }
        }
    }
    json!(rows)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The folder passes its check; its number of snapshots.
fn checked(folder: &Path) -> u64 {
    let output = Command::new(env!("CARGO_BIN_EXE_chainwalk")).arg("check").arg(folder).output().expect("the program");
    let counts: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((output.status.code(), &counts["faults"]), (Some(0), &json!(0)), "{counts}");
    counts["datasets"].get(0).map_or(0, |dataset| dataset["snapshots"].as_u64().expect("a count"))
}

fn packs(folder: &Path) -> Vec<String> {
    let inside = fs::read_dir(folder.join("btc-live")).expect("packs");
    let mut names: Vec<String> =
        inside.map(|f| f.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_history_grows_snapshot_by_snapshot() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-grows"));
    for n in 1..=3 {
        let output = server.record(&folder);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("kept 48 options, dropped 0 rows"), "{}", text(&output.stdout));
        assert_eq!(checked(&folder), n);
        assert_eq!(packs(&folder), [format!("2026-11-{n:04}.json")], "one file a month, no leftovers");
        server.pass(HOUR_US);
    }
    server.pass(11 * 24 * HOUR_US);
    assert_eq!(server.record(&folder).status.code(), Some(0));
    assert_eq!((checked(&folder), packs(&folder).len()), (4, 2), "a new month is a new file");
    let catalog: Value =
        serde_json::from_slice(&fs::read(folder.join("catalog.json")).expect("a catalog")).expect("JSON");
    let dataset = &catalog["datasets"][0];
    assert_eq!(dataset["delivery"]["2026-11-20"], 89_000.25);
    assert_eq!((&dataset["kind"], &dataset["quality"]["gaps"]), (&json!("recorded"), &json!(1)));
    let share = dataset["quality"]["two_sided_pct"].as_f64().expect("a share");
    assert!((share - 44.0 / 48.0).abs() < 1e-9, "{share}");
    let request = folder.join("request.json");
    fs::write(&request, r#"{"dataset":"btc-live","start":"2026-11-20","end":"2026-11-20"}"#).expect("a request");
    let mut run = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
    run.args(["run".as_ref(), request.as_os_str(), "--data".as_ref(), folder.as_os_str()]);
    assert_eq!(run.output().expect("the program").status.code(), Some(0), "what was recorded can be walked");
}

#[test]
fn passing_faults_are_asked_again() {
    for (name, manner) in [
        ("slow", Manner::Slow(3_000)),
        ("half", Manner::Half),
        ("busy", Manner::Status(429)),
        ("down", Manner::Status(503)),
        ("limited", Manner::Refuses(10_028)),
        ("html", Manner::NotJson),
    ] {
        let (server, folder) = (Server::new(vec![manner.clone(), manner]), folder(&format!("record-{name}")));
        let output = server.record(&folder);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        assert_eq!((server.asked.load(Ordering::SeqCst), checked(&folder)), (3, 1), "{name}");
    }
}

#[test]
fn lasting_faults_leave_the_folder_as_it_was() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-faults"));
    assert_eq!(server.record(&folder).status.code(), Some(0));
    server.pass(HOUR_US);
    let before = fs::read(folder.join("catalog.json")).expect("a catalog");
    let wrap = |result: Value| Manner::Says(json!({ "result": result, "usOut": NOON_US + HOUR_US }));
    for (manners, sentence) in [
        (
            vec![Manner::NotJson; 3],
            "get_book_summary_by_currency: an answer that is not JSON: expected value at line 1 column 1, after 3 attempts",
        ),
        (
            vec![Manner::Status(429); 3],
            "get_book_summary_by_currency: found status 429, expected 200, after 3 attempts",
        ),
        (
            vec![Manner::Refuses(11_044)],
            "get_book_summary_by_currency: the venue says {\"code\":11044,\"message\":\"no\"}",
        ),
        (vec![wrap(json!([]))], "found no option, expected a board"),
        (vec![wrap(json!({ "a": 1 }))], "found no list of options, expected one"),
        (
            vec![wrap(
                json!([{ "instrument_name": "BTC-25DEC26-70000-C", "creation_timestamp": 1, "mark_price": 0.1, "underlying_price": 9e4 }]),
            )],
            "found 2 options, 0 rows dropped, expected a whole board",
        ),
        (
            vec![Manner::Says(json!({ "result": [] }))],
            "get_book_summary_by_currency: an answer of another shape: missing field `usOut`",
        ),
    ] {
        server.then(manners);
        let output = server.record(&folder);
        assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(1), sentence));
        assert_eq!(fs::read(folder.join("catalog.json")).expect("a catalog"), before);
        assert_eq!(checked(&folder), 1);
    }
    server.then(Vec::new());
    assert_eq!((server.record(&folder).status.code(), checked(&folder)), (Some(0), 2));
}

#[test]
fn half_a_board_is_not_taken() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-half-board"));
    for _ in 0..3 {
        assert_eq!(server.record(&folder).status.code(), Some(0));
        server.pass(HOUR_US);
    }
    let now = NOON_US + 3 * HOUR_US;
    let part = |rows: usize| {
        let rows: Vec<Value> = board(now).as_array().expect("rows")[..rows].to_vec();
        Manner::Says(json!({ "result": rows, "usOut": now }))
    };
    let before = fs::read(folder.join("catalog.json")).expect("a catalog");
    server.then(vec![part(22)]);
    let output = server.record(&folder);
    let sentence =
        "btc-live: found 22 options, expected about 48 as in the last snapshots; nothing recorded (--least-share 0.5)";
    assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(3), sentence));
    assert_eq!(fs::read(folder.join("catalog.json")).expect("a catalog"), before);
    assert_eq!(checked(&folder), 3);
    server.then(vec![part(24)]);
    assert_eq!((server.record(&folder).status.code(), checked(&folder)), (Some(0), 4), "half of it is enough");
}

/// A catalog that is gone or broken is put right by hand: what it named is never thrown away.
#[test]
fn a_history_without_its_catalog_is_left_alone() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-lost"));
    for _ in 0..2 {
        assert_eq!(server.record(&folder).status.code(), Some(0));
        server.pass(HOUR_US);
    }
    let catalog = folder.join("catalog.json");
    let whole = fs::read(&catalog).expect("a catalog");
    for (broken, sentence) in
        [(None, "found no catalog that names btc-live beside 1 packs of it"), (Some(&whole[..40]), "catalog.json")]
    {
        match broken {
            None => fs::remove_file(&catalog).expect("removed"),
            Some(bytes) => fs::write(&catalog, bytes).expect("written"),
        }
        let output = server.record(&folder);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(sentence), "{}", text(&output.stderr));
        assert_eq!(packs(&folder), ["2026-11-0002.json"], "nothing is lost");
    }
    fs::write(&catalog, whole).expect("written");
    assert_eq!(server.record(&folder).status.code(), Some(0));
    assert_eq!(checked(&folder), 3);
}

#[test]
fn a_second_run_within_half_the_cadence_records_nothing() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-twice"));
    assert_eq!(server.record(&folder).status.code(), Some(0));
    server.pass(HOUR_US / 3);
    let output = server.record(&folder);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("there is a snapshot of 2026-11-20T12:00:00Z already; nothing recorded"));
    assert_eq!(checked(&folder), 1);
}

#[test]
fn only_one_recorder_works_in_a_folder() {
    let (server, folder) = (Server::new(vec![Manner::Slow(800)]), folder("record-both"));
    let mut first = server.begin(&folder);
    while server.asked.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    let second = server.record(&folder);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second.stderr).starts_with("another recorder is at work in "), "{}", text(&second.stderr));
    assert!(first.wait().expect("an end").success());
    assert_eq!(checked(&folder), 1);
}

#[test]
fn a_first_recording_that_fails_leaves_a_sound_folder() {
    let (server, folder) = (Server::new(vec![Manner::NotJson; 3]), folder("record-first"));
    assert_eq!((server.record(&folder).status.code(), checked(&folder)), (Some(1), 0));
    let dead = Server { address: "http://127.0.0.1:1".into(), ..Server::new(Vec::new()) };
    assert_eq!((dead.record(&folder).status.code(), checked(&folder)), (Some(1), 0));
    assert_eq!((server.record(&folder).status.code(), checked(&folder)), (Some(0), 1));
}

#[test]
fn faults_of_the_other_questions_cost_the_snapshot_or_the_delivery_prices_alone() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-other"));
    let manners = || {
        [Manner::Status(500), Manner::NotJson, Manner::Half, Manner::Says(json!({ "result": {}, "usOut": NOON_US }))]
    };
    let ask = |question, manner| *server.elsewhere.lock().expect("manners") = vec![(question, manner)];
    for manner in manners() {
        ask("get_index_price", manner.clone());
        let output = server.record(&folder);
        assert_eq!((output.status.code(), checked(&folder)), (Some(1), 0), "{manner:?}: {}", text(&output.stderr));
    }
    for (snapshots, manner) in (1..).zip(manners()) {
        ask("get_delivery_prices", manner.clone());
        assert_eq!((server.record(&folder).status.code(), checked(&folder)), (Some(0), snapshots), "{manner:?}");
        server.pass(HOUR_US);
    }
}

/// The files of a folder and of the dataset in it, again elsewhere.
fn copied(from: &Path, to: PathBuf) -> PathBuf {
    for part in ["", "btc-live"] {
        fs::create_dir_all(to.join(part)).expect("a folder");
        let Ok(files) = fs::read_dir(from.join(part)) else { continue };
        for file in files.filter_map(Result::ok).filter(|file| file.path().is_file()) {
            fs::copy(file.path(), to.join(part).join(file.file_name())).expect("a copy");
        }
    }
    to
}

#[test]
fn a_kill_between_two_writes_leaves_a_sound_folder() {
    let (server, whole) = (Server::new(Vec::new()), folder("record-between"));
    server.then(vec![Manner::NotJson; 3]);
    assert_eq!(server.record(&whole).status.code(), Some(1), "a folder without a snapshot");
    for round in 0..3 {
        let torn = copied(&whole, folder(&format!("record-torn-{round}")));
        assert_eq!(server.record(&whole).status.code(), Some(0));
        // The new pack is written, its catalog is not yet, and the old pack is still there.
        let new = packs(&whole).pop().expect("a pack");
        fs::copy(whole.join("btc-live").join(&new), torn.join("btc-live").join(&new)).expect("a copy");
        assert_eq!(checked(&torn), round, "as before the recording");
        // The catalog is written, the old pack is not taken away yet.
        let late = copied(&torn, folder(&format!("record-late-{round}")));
        fs::copy(whole.join("catalog.json"), late.join("catalog.json")).expect("a copy");
        assert_eq!(checked(&late), round + 1);
        for folder in [&torn, &late] {
            if *folder == late {
                server.pass(HOUR_US);
            }
            let output = server.record(folder);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        }
        assert_eq!((checked(&torn), checked(&late)), (round + 1, round + 2));
        assert_eq!((packs(&torn).len(), packs(&late).len()), (1, 1), "leftovers are gone");
    }
}

#[test]
fn a_kill_at_any_moment_leaves_a_sound_folder() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-killed"));
    assert_eq!(server.record(&folder).status.code(), Some(0));
    let mut snapshots = 1;
    // How long an undisturbed recording takes here: the kills are spread over it and a little beyond.
    #[allow(clippy::disallowed_methods, reason = "the kill comes at another moment each time")]
    let whole = {
        server.pass(HOUR_US);
        let begun = std::time::Instant::now();
        assert_eq!(server.record(&folder).status.code(), Some(0));
        snapshots += 1;
        begun.elapsed()
    };
    // The two ends are certain: nothing is written before the board is answered, and all of it once the program has ended.
    server.pass(HOUR_US);
    let asked = server.asked.load(Ordering::SeqCst);
    server.then(vec![Manner::Slow(800)]);
    let mut child = server.begin(&folder);
    while server.asked.load(Ordering::SeqCst) == asked {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().expect("an end");
    assert_eq!(checked(&folder), snapshots, "killed while it waited for the board");
    // Between them the clock and the machine's load choose the place of a kill, so that each may come before or after the catalog is written.
    for round in 0..40_u32 {
        server.pass(HOUR_US);
        let mut child = server.begin(&folder);
        #[allow(clippy::disallowed_methods, reason = "the kill comes at another moment each time")]
        std::thread::sleep(whole * round / 32);
        let _ = child.kill();
        child.wait().expect("an end");
        let found = checked(&folder);
        assert!(found == snapshots || found == snapshots + 1, "{found} after {snapshots}");
        snapshots = found;
    }
    server.pass(HOUR_US);
    assert_eq!(server.record(&folder).status.code(), Some(0));
    assert_eq!((checked(&folder), packs(&folder).len()), (snapshots + 1, 1), "leftovers are gone");
}
