//! Loading: hash, decode and greeks of a made-up year of daily chains, about 222,000 options.

use chainwalk::import::deribit_months::header;
use chainwalk::market::codec::{pack_entry, sha256_hex};
use chainwalk::market::{RawChain, RawQuotes, RawSnapshot, decode_pack, encode_pack};
use chainwalk::units::{DAY_MS, Timestamp};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// Ten expiries of 30 strikes, calls and puts, every day of a year.
fn year() -> Vec<RawSnapshot> {
    (0..365).map(|day| snapshot(Timestamp(1_767_225_600_000 + day * DAY_MS))).collect()
}

fn snapshot(time: Timestamp) -> RawSnapshot {
    let chains = (1..=10i64).map(|i| chain(time.plus_ms(i * i * DAY_MS))).collect();
    RawSnapshot { time, index: 90_000.0, high: None, low: None, chains }
}

fn chain(expiry: Timestamp) -> RawChain {
    let strikes: Vec<f64> = (0..30).map(|i| 60_000.0 + 2_000.0 * f64::from(i)).collect();
    let column =
        |scale: f64| strikes.iter().enumerate().map(|(i, k)| scale * (1.0 + i as f64) * (k / 90_000.0)).collect();
    let quotes = RawQuotes {
        bid: column(0.002),
        ask: column(0.0021),
        mark: column(0.002_051),
        iv: strikes.iter().map(|k| 0.5 + (k / 90_000.0 - 1.0) * (k / 90_000.0 - 1.0)).collect(),
        open_interest: strikes.iter().enumerate().map(|(i, _)| 12.5 * i as f64).collect(),
    };
    RawChain { expiry, forward: 90_500.0, strikes, call: quotes.clone(), put: quotes }
}

fn load(c: &mut Criterion) {
    let (dataset, year) = (header("made-up".into(), "BTC"), year());
    let bytes = encode_pack(&dataset, &year);
    let entry = pack_entry("made-up/year.json".into(), &bytes, &year);
    let megabytes = bytes.len() as f64 / 1e6;
    c.bench_function(&format!("load/sha256 of {megabytes:.1} MB"), |b| b.iter(|| sha256_hex(black_box(&bytes))));
    c.bench_function("load/year of daily chains, 219,000 options", |b| {
        b.iter(|| decode_pack(black_box(&bytes), &dataset, &entry).map(|s| s.len()))
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = load
}
criterion_main!(benches);
