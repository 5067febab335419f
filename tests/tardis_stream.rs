//! A Tardis stream of any length is thinned in the memory of one month of snapshots.
//!
//! The rows are made on the way. `CHAINWALK_STREAM_MB` is the length, 150 where it is not set; the figures in docs/DATA.md are of
//! `CHAINWALK_STREAM_MB=5000 cargo test --release --test tardis_stream -- --nocapture`.

mod common;

use chainwalk::import::pack_writer::PackWriter;
use chainwalk::import::thin::{Cadence, Thinner};
use chainwalk::import::{ImportError, Report, deribit_months, tardis};
use chainwalk::market::RawSnapshot;
use common::peak_mib;
use std::fmt::Write;
use std::io::Read;

const HEADER: &str = "exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,open_interest,last_price,bid_price,\
bid_amount,bid_iv,ask_price,ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,vega,theta,rho\n";
/// 2026-01-01, microseconds.
const START_US: u64 = 1_767_225_600_000_000;
const WEEK_US: u64 = 7 * 86_400_000_000;
/// Options of the board; each has a row every five minutes.
const OPTIONS: u64 = 1_000;
const ROW_US: u64 = 300_000_000 / OPTIONS;

/// Rows as they are asked for.
struct Rows {
    left: u64,
    row: u64,
    buffer: String,
    taken: usize,
}

impl Rows {
    fn new(bytes: u64) -> Rows {
        Rows { left: bytes, row: 0, buffer: HEADER.into(), taken: 0 }
    }

    fn refill(&mut self) {
        self.buffer.clear();
        self.taken = 0;
        while self.buffer.len() < 1 << 16 && self.left > 0 {
            let before = self.buffer.len();
            self.write_row();
            self.left = self.left.saturating_sub((self.buffer.len() - before) as u64);
        }
    }

    fn write_row(&mut self) {
        let (row, option) = (self.row, self.row % OPTIONS);
        self.row += 1;
        let time = START_US + row * ROW_US;
        let week = 60 + option / 100;
        let (strike, is_call) = (50_000 + option % 100 / 2 * 2_000, option.is_multiple_of(2));
        let (letter, word) = if is_call { ('C', "call") } else { ('P', "put") };
        let wiggle = (row / OPTIONS * 7 + option) % 40;
        let (bid, forward) = (0.01 + wiggle as f64 * 5e-4, 100_000 + wiggle * 10);
        let (ask, mark, expiry) = (bid + 1e-3, bid + 5e-4, START_US + week * WEEK_US);
        let written = writeln!(
            self.buffer,
            "deribit,BTC-W{week}-{strike}-{letter},{time},{},{word},{strike},{expiry},{}.5,0.0{wiggle},{bid:.4},12.5,48.{wiggle},{ask:.4},\
             7.3,51.{wiggle},{mark:.6},5{}.25,BTC-W{week},{forward}.25,0.51234,0.00001,123.45678,-45.67891,12.34567",
            time + 1_500,
            option % 90,
            wiggle % 10,
        );
        written.expect("a text takes all");
    }
}

impl Read for Rows {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.taken == self.buffer.len() {
            self.refill();
        }
        let n = to.len().min(self.buffer.len() - self.taken);
        to[..n].copy_from_slice(&self.buffer.as_bytes()[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a throughput needs a clock")]
fn memory_does_not_grow_with_the_stream() {
    let megabytes = std::env::var("CHAINWALK_STREAM_MB").map_or(150, |text| text.parse::<u64>().expect("a number"));
    let bytes = megabytes * 1_000_000;
    let began = std::time::Instant::now();
    let mut writer = PackWriter::new(deribit_months::header("stream".into(), "BTC"));
    let (mut thinner, mut report) =
        (Thinner::new(Cadence { every_ms: 3_600_000, max_age_ms: 900_000 }), Report::default());
    let (mut packs, mut written) = (0, 0);
    let mut sink = |snapshot: RawSnapshot, report: &mut Report| -> Result<(), ImportError> {
        if let Some(pack) = writer.push(snapshot, report)? {
            (packs, written) = (packs + 1, written + pack.bytes.len());
        }
        Ok(())
    };
    tardis::read(Rows::new(bytes), "stream", "BTC", &mut thinner, &mut report, &mut sink).expect("rows");
    thinner.finish(&mut report, &mut sink).expect("an end");
    let (last, dataset) = writer.finish().expect("a dataset");
    let seconds = began.elapsed().as_secs_f64();
    let snapshots: u32 = dataset.packs.iter().map(|p| p.snapshots).sum();
    println!(
        "tardis: {megabytes} MB in {seconds:.1} s, {:.0} MB/s; {snapshots} snapshots, {} packs, {} bytes; peak memory {:?} MiB",
        megabytes as f64 / seconds,
        packs + 1,
        written + last.bytes.len(),
        peak_mib()
    );
    let rows = report.kept + report.dropped_rows();
    assert!(report.errors.is_empty() && rows * 180 < bytes && rows * 260 > bytes, "{rows} {report}");
    assert_eq!(dataset.quality.gaps, 0);
    assert!(report.kept > u64::from(snapshots - 1) * (OPTIONS - 1), "{report}");
    // A month of snapshots is held until its pack is written; short streams never fill one.
    let most = if megabytes <= 500 { 32 } else { 110 };
    assert!(peak_mib().is_none_or(|peak| peak < most), "{:?} MiB", peak_mib());
}
