//! The summary files against the months that hold the same snapshots.

use crate::common::{month, shared};
use crate::gunzip;
use chainwalk::import::{Report, deribit_summary};
use chainwalk::market::{RawChain, RawQuotes, RawSnapshot};

const FILES: [&str; 7] = [
    "20260201T045402Z",
    "20260201T092323Z",
    "20260201T153349Z",
    "20260201T212330Z",
    "20260202T045019Z",
    "20260202T093900Z",
    "20260202T154514Z",
];

/// Index, bids and asks are equal to the last bit, also those that are none; forwards to the cent and marks to the 0.000001 coin that the months are
/// written in.
#[test]
fn seven_boards_are_the_months_snapshots() {
    for coin in ["BTC", "ETH"] {
        let Some(file) = shared(&format!("data/deribit/{coin}-2026-02.json.gz")) else { return };
        let mut report = Report::default();
        let snapshots = month(&gunzip(&file), coin, &mut report);
        let (mut equal, mut absent, mut lost) = (0, 0, 0);
        for file in FILES {
            let Some(path) = shared(&format!("data/raw/deribit-summary-csv/deribit_options_snapshot_{file}.csv.gz"))
            else {
                return;
            };
            let ours = summary(&gunzip(&path), coin);
            let theirs = snapshots.iter().find(|s| s.time == ours.time).expect("the same snapshot");
            assert_eq!(ours.index, theirs.index, "{file}");
            let (same, missing) = compare(&ours, theirs);
            equal += same;
            absent += missing;
            lost += compare(theirs, &ours).1;
        }
        println!(
            "summaries, {coin}: {equal} options equal, {absent} of a file not in the month, {lost} of the month not in a file"
        );
        let all = if coin == "BTC" { 5_356 } else { 5_888 };
        assert_eq!((equal, absent, lost), (all, 0, 0), "{coin}");
    }
}

fn summary(bytes: &[u8], coin: &str) -> RawSnapshot {
    let (mut board, mut report) = (deribit_summary::board(), Report::default());
    deribit_summary::read(bytes, "summary", coin, &mut board, &mut report).expect("rows");
    assert!(report.errors.is_empty(), "{report}");
    board.finish(&mut report).remove(0)
}

/// Options that are equal, and options that the month lacks.
fn compare(ours: &RawSnapshot, theirs: &RawSnapshot) -> (usize, usize) {
    let (mut equal, mut absent) = (0, 0);
    for chain in &ours.chains {
        let Some(other) = theirs.chains.iter().find(|c| c.expiry == chain.expiry) else {
            absent += 2 * chain.strikes.len();
            continue;
        };
        assert!((chain.forward - other.forward).abs() < 0.0051, "{} {}", chain.forward, other.forward);
        for (i, strike) in chain.strikes.iter().enumerate() {
            match other.strikes.iter().position(|k| k == strike) {
                Some(j) => equal += same_rows(chain, other, i, j),
                None => absent += 2,
            }
        }
    }
    (equal, absent)
}

fn same_rows(chain: &RawChain, other: &RawChain, i: usize, j: usize) -> usize {
    for (a, b) in [(&chain.call, &other.call), (&chain.put, &other.put)] {
        let touches = |q: &RawQuotes, i: usize| [q.bid[i], q.ask[i]].map(f64::to_bits);
        let (ours, theirs) = (touches(a, i), touches(b, j));
        assert!(ours == theirs, "{} {}: {ours:?} {theirs:?}", chain.expiry, chain.strikes[i]);
        let is_far = (a.mark[i] - b.mark[j]).abs() > 0.51e-6;
        assert!(!is_far, "{} {}: {} {}", chain.expiry, chain.strikes[i], a.mark[i], b.mark[j]);
    }
    2
}
