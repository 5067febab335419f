//! A seeded market of one month: a random walk, six hours apart, with a chain of Black-76 quotes on the venue's ticks.

use super::market::{Market, absent};
use chainwalk::market::catalog::DailyBar;
use chainwalk::market::{RawChain, RawQuotes, RawSnapshot};
use chainwalk::pricing::{OptionKind, price};
use chainwalk::units::{DAY_MS, Day, HOUR_MS, Timestamp};

/// A linear congruential generator (Knuth's MMIX constants), uniform in [0, 1).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Snapshots from 30 December 2025 on.
pub const SNAPSHOTS: usize = 128;

fn side(kind: OptionKind, forward: f64, strikes: &[f64], years: f64, vol: f64, random: &mut Seeded) -> RawQuotes {
    let mut quotes = absent(strikes.len());
    for (i, strike) in strikes.iter().enumerate() {
        let mark = price(kind, forward, *strike, years, vol) / forward;
        let tick = if mark > 0.005 { 0.0005 } else { 0.0001 };
        let ticks = mark / tick;
        let (bid, ask) = ((ticks - 1.0).floor() * tick, (ticks + 1.0).ceil() * tick);
        quotes.mark[i] = mark;
        quotes.iv[i] = vol;
        // one quote in sixteen is missing
        if bid > 0.0 && random.next() > 1.0 / 16.0 {
            quotes.bid[i] = bid;
        }
        if random.next() > 1.0 / 16.0 {
            quotes.ask[i] = ask;
        }
    }
    quotes
}

/// The market of a seed; the same seed gives the same bytes.
pub fn wave(seed: u64) -> Market {
    let mut random = Seeded(seed);
    let begin = Day::parse("2025-12-30").expect("a day");
    let mut index = 100_000.0;
    let mut raw = Vec::new();
    for i in 0..SNAPSHOTS {
        // one snapshot in thirty is missing: a gap of half a day
        if i > 0 && random.next() < 1.0 / 30.0 {
            continue;
        }
        let time = begin.start().plus_ms(2 * HOUR_MS + i as i64 * 6 * HOUR_MS);
        index *= 1.0 + (random.next() - 0.5) * 0.03;
        let days = [1, 3, 7, 14, 28].map(|ahead| Day(time.day().0 + ahead));
        let chains = days.map(|day| chain(day.start().plus_ms(8 * HOUR_MS), time, index, &mut random));
        raw.push(RawSnapshot { time, index, high: None, low: None, chains: chains.into() });
    }
    let mut market = Market::new(raw);
    market.dataset.daily = closes(begin, &mut random);
    market
}

fn chain(expiry: Timestamp, time: Timestamp, index: f64, random: &mut Seeded) -> RawChain {
    let forward = index * (1.0 + 0.05 * expiry.years_since(time));
    let strikes: Vec<f64> = (0..14).map(|k| (index / 2_000.0).round() * 2_000.0 + f64::from(k - 6) * 2_000.0).collect();
    let (years, vol) = (expiry.years_since(time), 0.4 + 0.3 * random.next());
    let call = side(OptionKind::Call, forward, &strikes, years, vol, random);
    let put = side(OptionKind::Put, forward, &strikes, years, vol, random);
    RawChain { expiry, forward, strikes, call, put }
}

/// 260 daily closes that end with the run.
fn closes(begin: Day, random: &mut Seeded) -> Vec<DailyBar> {
    let mut close = 90_000.0;
    let bar = |i: i32| {
        close *= 1.0 + (random.next() - 0.49) * 0.06;
        DailyBar { date: Day(begin.0 - 220 + i), open: close, high: close, low: close, close }
    };
    (0..260).map(bar).collect()
}

/// Days of the market that a run can use.
pub const START: &str = "2026-01-01";
pub const END: &str = "2026-01-28";

#[allow(clippy::assertions_on_constants, reason = "the two must stay together")]
const _: () = assert!(SNAPSHOTS as i64 * 6 * HOUR_MS >= 31 * DAY_MS);
