//! Tardis streams.

use crate::common::shared;
use crate::{dropped, errors, made_up};
use chainwalk::import::thin::{Cadence, Thinner};
use chainwalk::import::{ImportError, Report, tardis};
use chainwalk::market::RawSnapshot;

fn read(bytes: &[u8], max_age_minutes: i64) -> (Vec<RawSnapshot>, Report) {
    let mut thinner = Thinner::new(Cadence { every_ms: 3_600_000, max_age_ms: max_age_minutes * 60_000 });
    let (mut report, mut snapshots) = (Report::default(), Vec::new());
    let mut sink = |snapshot: RawSnapshot, _: &mut Report| {
        snapshots.push(snapshot);
        Ok::<(), ImportError>(())
    };
    tardis::read(bytes, "t.csv", "BTC", &mut thinner, &mut report, &mut sink).expect("rows");
    thinner.finish(&mut report, &mut sink).expect("an end");
    (snapshots, report)
}

#[test]
fn a_stream_is_thinned() {
    let (snapshots, report) = read(&made_up("tardis.csv"), 60);
    let times: Vec<String> = snapshots.iter().map(|s| s.time.iso()).collect();
    assert_eq!(times, ["2026-01-03T09:00:00Z", "2026-01-03T11:00:00Z"]);
    let chain = &snapshots[0].chains[0];
    assert_eq!((snapshots[0].index, chain.forward), (100_120.0, 100_120.0), "the newest row's");
    assert_eq!((chain.call.bid[0], chain.call.mark[0], chain.call.iv[0]), (0.0105, 0.0111, 0.505));
    assert!(chain.call.ask[0].is_nan() && chain.put.bid[0].is_nan(), "empty is none");
    assert_eq!(chain.put.open_interest, [2.0]);
    assert_eq!(
        dropped(&report),
        [
            ("option of another coin", 1),
            ("option of another exchange than deribit", 1),
            ("row without an underlying price", 1),
            ("thinned: a newer row of the option came before the snapshot", 1),
            ("unreadable row", 4),
        ]
    );
    assert_eq!(
        errors(&report),
        [
            "t.csv:7: found type \"straddle\", expected call or put",
            "t.csv:8: found local_timestamp \"soon\", expected microseconds since 1970",
            "t.csv:9: found strike_price \"0\", expected a positive number",
            "t.csv:10: found bid_price \"-1\", expected a number of 0 or more, or nothing",
        ]
    );
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let mut thinner = Thinner::new(Cadence { every_ms: 1, max_age_ms: 1 });
    let mut sink = |_: RawSnapshot, _: &mut Report| Ok::<(), ImportError>(());
    let refused = tardis::read(&b"a,b\n1,2\n"[..], "t.csv", "BTC", &mut thinner, &mut Report::default(), &mut sink);
    assert_eq!(refused.expect_err("no columns").to_string(), "t.csv: found no column exchange, expected one");
}

#[test]
fn the_documented_rows_are_read() {
    let Some(path) = shared("data/raw/tardis/options_chain_sample.csv") else { return };
    let (snapshots, report) = read(&std::fs::read(path).expect("the sample"), 60);
    assert_eq!((snapshots.len(), report.dropped_rows()), (2, 0), "{report}");
    let [first, second] = [&snapshots[0].chains[0], &snapshots[1].chains[0]];
    assert_eq!(snapshots[0].time.iso(), "2020-06-08T01:00:00Z");
    assert_eq!((first.forward, first.put.bid[0], first.put.ask[0], first.put.iv[0]), (9756.36, 0.0205, 0.0235, 0.6289));
    assert!(second.put.bid[0].is_nan() && second.put.ask[0].is_nan());
    assert_eq!((second.put.mark[0], second.strikes[0]), (2.4467, 160_000.0));
}
