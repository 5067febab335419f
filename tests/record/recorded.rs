//! The recorder against answers that others recorded of the venue, where they are: in the venue's envelope, as it would give them.

use crate::common::shared;
use crate::{Manner, NOON_US, Server, checked, folder, packs, text};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Read;

/// A recorded file of the shared folder; `None` where there is no such folder.
fn recorded(name: &str) -> Option<Value> {
    let bytes = fs::read(shared(&format!("data/registry/{name}"))?).expect("a file");
    let mut plain = Vec::new();
    match name.ends_with(".gz") {
        true => MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).map(drop).expect("gzip"),
        false => plain = bytes,
    }
    Some(serde_json::from_slice(&plain).expect("JSON"))
}

fn answer(result: &Value, given_ms: i64) -> Manner {
    Manner::Says(json!({ "jsonrpc": "2.0", "result": result, "usIn": given_ms * 1000 - 10, "usOut": given_ms * 1000 }))
}

/// Answers to other questions than the board's are refused, each in its sentence, and change nothing.
#[test]
fn a_recorded_answer_that_is_no_board_is_refused() {
    let (server, folder) = (Server::new(Vec::new()), folder("record-recorded-other"));
    assert_eq!(server.record(&folder).status.code(), Some(0));
    let before = fs::read(folder.join("catalog.json")).expect("a catalog");
    let Some(time) = recorded("openbb-deribit/server_time.json").and_then(|time| time.as_i64()) else { return };
    let Some(tickers) = recorded("openbb-deribit/option_tickers.json") else { return };
    let listed: Value = tickers.as_object().expect("by name").values().cloned().collect();
    let of = |name: &str| recorded(name).expect(name);
    let board = of("quantflow/deribit_btc.json.gz");
    for (what, result, sentence) in [
        ("status", of("openbb-deribit/status.json"), "found no list of options, expected one"),
        ("tickers by name", tickers, "found no list of options, expected one"),
        ("tickers", listed, "found 6 options, 6 rows dropped, expected a whole board"),
        ("futures", of("openbb-deribit/book_summary_future.json"), "found no option, expected a board"),
        ("a perpetual", of("openbb-deribit/book_summary_instrument.json"), "found no option, expected a board"),
        ("instruments", of("openbb-deribit/instruments_option.json"), "found no option, expected a board"),
        ("lists by name", board.clone(), "found no list of options, expected one"),
        ("options without a time", board["options"].clone(), "found no option, expected a board"),
    ] {
        server.then(vec![answer(&result, time)]);
        let output = server.record(&folder);
        assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(1), sentence), "{what}");
        assert_eq!(fs::read(folder.join("catalog.json")).expect("a catalog"), before, "{what}");
    }
    assert_eq!(checked(&folder), 1);
}

/// The recorded index and delivery prices beside the made-up board, asked as the venue gave them.
#[test]
fn the_recorded_index_and_delivery_prices_are_kept() {
    let Some(index) = recorded("openbb-deribit/index_price.json") else { return };
    let Some(deliveries) = recorded("openbb-deribit/delivery_prices.json") else { return };
    let (server, folder) = (Server::new(Vec::new()), folder("record-recorded-index"));
    *server.elsewhere.lock().expect("manners") = vec![
        ("get_index_price", answer(&index, NOON_US / 1000)),
        ("get_delivery_prices", answer(&deliveries, NOON_US / 1000)),
    ];
    let output = server.record(&folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!((index["index_price"].as_f64(), checked(&folder)), (Some(80_814.47), 1));
    let pack = fs::read_to_string(folder.join("btc-live").join(&packs(&folder)[0])).expect("a pack");
    assert!(pack.contains("\"index\":80814.47"), "{}", &pack[..200]);
    let catalog: Value =
        serde_json::from_slice(&fs::read(folder.join("catalog.json")).expect("a catalog")).expect("JSON");
    let kept = &catalog["datasets"][0]["delivery"];
    assert_eq!(kept.as_object().map(|days| days.len()), Some(5), "{kept}");
    assert_eq!((&kept["2026-09-20"], &kept["2026-09-16"]), (&json!(80_321.21), &json!(75_764.23)));
}

/// A whole board of 868 options, given the time and forwards that the venue states in a row and that this recording has beside its rows.
#[test]
fn a_recorded_board_is_recorded_whole() {
    const GIVEN_MS: i64 = 1_785_607_084_320;
    let Some(board) = recorded("quantflow/deribit_btc.json.gz") else { return };
    assert_eq!(board["as_of"], "2026-08-01T17:58:04.320127+00:00");
    let mid =
        |row: &Value| row["bid_price"].as_f64().zip(row["ask_price"].as_f64()).map(|(bid, ask)| (bid + ask) / 2.0);
    let of =
        |name: &str| board["futures"].as_array().expect("a list").iter().find(|row| row["instrument_name"] == name);
    let complete = |row: &Value| {
        let mut row = row.clone();
        let name = row["instrument_name"].as_str().expect("a name").to_owned();
        let future = name.split('-').take(2).collect::<Vec<_>>().join("-");
        row["underlying_price"] = json!(of(&future).and_then(mid));
        row["creation_timestamp"] = json!(GIVEN_MS);
        row
    };
    let rows: Vec<Value> = board["options"].as_array().expect("a list").iter().map(complete).collect();
    let index = json!({ "index_price": of("BTC-PERPETUAL").and_then(mid) });
    let (server, folder) = (Server::new(vec![answer(&json!(rows), GIVEN_MS)]), folder("record-recorded-board"));
    *server.elsewhere.lock().expect("manners") = vec![("get_index_price", answer(&index, GIVEN_MS))];
    let output = server.record(&folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(
        said.starts_with("btc-live: recorded 2026-08-01T17:58:04.320Z, 1 snapshots in btc-live/2026-08-0001.json"),
        "{said}"
    );
    assert!(
        said.contains("kept 868 options, dropped 0 rows") && said.contains("note 802: mark from the mid"),
        "{said}"
    );
    assert_eq!(checked(&folder), 1);
    let catalog: Value =
        serde_json::from_slice(&fs::read(folder.join("catalog.json")).expect("a catalog")).expect("JSON");
    let share = catalog["datasets"][0]["quality"]["two_sided_pct"].as_f64().expect("a share");
    assert!((share - 802.0 / 868.0).abs() < 1e-9, "{share}");
}
