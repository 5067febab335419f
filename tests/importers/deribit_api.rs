//! Results of the Deribit API.

use crate::common::shared;
use crate::{dropped, errors, gunzip, made_up};
use chainwalk::import::Report;
use chainwalk::import::deribit_api::Collected;
use chainwalk::market::RawSnapshot;
use chainwalk::pricing::price;

fn collect(files: &[(&str, &[u8])], underlying: &str) -> (Vec<RawSnapshot>, Report) {
    let (mut results, mut report) = (Collected::new(underlying), Report::default());
    for (name, bytes) in files {
        results.read(*bytes, name, &mut report).expect("a file");
    }
    (results.finish(&mut report), report)
}

#[test]
fn order_books_of_ten_minutes_are_a_snapshot() {
    let (snapshots, report) = collect(&[("b.jsonl", &made_up("deribit-books.jsonl"))], "BTC");
    let seen: Vec<(i64, f64)> = snapshots.iter().map(|s| (s.time.0, s.index)).collect();
    assert_eq!(seen, [(1_767_430_802_000, 100_020.0), (1_767_434_402_000, 100_500.0)], "the newest of each");
    let chain = &snapshots[0].chains[0];
    assert_eq!(
        (chain.forward, chain.call.bid[0], chain.call.ask[0], chain.call.iv[0]),
        (100_115.0, 0.025, 0.026, 0.486)
    );
    assert!(chain.put.bid[0].is_nan(), "0 is none");
    assert_eq!(
        dropped(&report),
        [
            ("book that is not open", 1),
            ("option of another coin", 1),
            ("result about no instrument", 1),
            ("result about no option", 1),
            ("second row of one option at one time", 1),
            ("unreadable row", 5),
        ]
    );
    assert_eq!(
        errors(&report),
        [
            "b.jsonl:8: found best_bid_price \"0.1\", expected a number of 0 or more, or null",
            "b.jsonl:9: found no underlying_price of BTC-9JAN26-110000-C, expected a positive number",
            "b.jsonl:10: found timestamp none, expected milliseconds since 1970",
            "b.jsonl:13: found no JSON (expected ident at line 1 column 2), expected a result of the API",
            "b.jsonl:11: found instrument \"BTC-9JAX26-110000-C\", expected a name like BTC-5JUL26-65000-C",
        ]
    );
}

#[test]
fn summaries_take_expiry_and_strike_from_their_instruments() {
    let (summaries, instruments) = (made_up("deribit-summaries.json"), made_up("deribit-instruments.json"));
    let (snapshots, report) = collect(&[("s.json", &summaries), ("i.json", &instruments)], "BTC");
    let chains: Vec<(String, f64)> = snapshots[0].chains.iter().map(|c| (c.expiry.iso(), c.strikes[0])).collect();
    let expected = [("2026-01-09T08:00:00Z", 100_000.0), ("2026-01-09T09:00:00Z", 150_000.0)];
    assert_eq!(chains, expected.map(|(iso, strike)| (iso.to_string(), strike)));
    assert_eq!(snapshots[0].index, 100_000.0, "the estimated delivery price is the index");
    let [near, far] = [&snapshots[0].chains[0].call, &snapshots[0].chains[1].call];
    assert!((0.4..0.6).contains(&near.iv[0]), "from the mark: {}", near.iv[0]);
    assert_eq!((far.iv[0], far.ask[0]), (0.615, 0.001));
    assert_eq!(
        errors(&report),
        [
            "i.json:3: found contract_size 1000 of BTC-9JAN26-2-C, expected 1",
            "i.json:4: found option_type Some(\"both\") of BTC-9JAN26-3-C, expected call or put",
            "i.json:5: found no strike of BTC-9JAN26-4-C, expected a positive number",
        ]
    );
    let (by_name, _) = collect(&[("s.json", &summaries)], "BTC");
    assert_eq!(by_name[0].chains[0].strikes, [1.5, 100_000.0], "without them by the name");
}

/// Every order book of an instant: marks, printed to 0.0001 coin, against Black-76 at the book's own volatility and underlying. Those
/// further off are deep in the money two days before expiry, where mark and underlying are of different moments.
#[test]
fn recorded_order_books_price_by_black_76() {
    for (coin, file, options, expiries, two_sided, near) in [
        ("BTC", "data/raw/deribit-order-book/btc_options_data_20230412_1042.jsonl.gz", 630, 9, 429, 620),
        ("ETH", "data/raw/deribit-order-book/eth_options_data_20230412_1043.jsonl.gz", 494, 9, 325, 492),
    ] {
        let Some(path) = shared(file) else { return };
        let bytes = gunzip(&path);
        let errors: Vec<f64> = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(mark_error).collect();
        let within = errors.iter().filter(|e| **e <= 1e-4).count();
        let worst = errors.iter().copied().fold(0.0, f64::max);
        let (snapshots, report) = collect(&[(file, &bytes)], coin);
        let quotes = || snapshots[0].chains.iter().flat_map(|c| [&c.call, &c.put]);
        let both: usize = quotes().map(|q| q.bid.iter().zip(&q.ask).filter(|(b, a)| b <= a).count()).sum();
        println!(
            "order books, {coin}: {options} options, {both} two-sided, {within} marks within 1e-4 coin, worst {worst:.6}"
        );
        assert_eq!((snapshots.len(), report.dropped_rows(), snapshots[0].chains.len()), (1, 0, expiries), "{report}");
        assert_eq!(
            (quotes().map(|q| q.iv.iter().filter(|v| !v.is_nan()).count()).sum::<usize>(), both),
            (options, two_sided)
        );
        assert!(within == near && worst < 5e-4, "{within} {worst}");
    }
}

/// |mark - Black-76| of a book, coin.
fn mark_error(line: &[u8]) -> f64 {
    let book: serde_json::Value = serde_json::from_slice(line).expect("a book");
    let number = |field: &str| book[field].as_f64().expect("a number");
    let (_, option) =
        chainwalk::market::Contract::parse(book["instrument_name"].as_str().expect("a name")).expect("a contract");
    let forward = number("underlying_price");
    let at = chainwalk::units::Timestamp(book["timestamp"].as_i64().expect("a time"));
    let usd = price(option.kind, forward, option.strike.0, option.expiry.years_since(at), number("mark_iv") / 100.0);
    (usd / forward - number("mark_price")).abs()
}

#[test]
fn recorded_answers_of_another_package_are_read() {
    let names = ["option_tickers.json", "instruments_option.json", "book_summary_future.json", "order_book.json"];
    let mut files = Vec::new();
    for name in names {
        let Some(path) = shared(&format!("data/registry/openbb-deribit/{name}")) else { return };
        files.push((name, std::fs::read(path).expect("a file")));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, &bytes[..])).collect();
    let (snapshots, report) = collect(&files, "BTC");
    assert_eq!(dropped(&report), [("option of another coin", 86), ("result about no option", 14)]);
    let chain = &snapshots[0].chains[0];
    assert_eq!((snapshots.len(), snapshots[0].index, &chain.strikes[..]), (1, 80_807.52, &[68e3, 69e3, 70e3][..]));
    assert_eq!((chain.call.bid[0], chain.call.ask[0], chain.forward), (0.1565, 0.161, 80_809.22));
}
