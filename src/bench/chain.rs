//! A made-up year of a Bitcoin option market, the same bytes from the same seed in every world.
//!
//! 365 snapshots, one a day at 08:00 UTC, of about 600 options each; what is listed, quoted and rounded follows
//! the venue's habits, so that packs are as large and scans as long as real ones.
//!
//! ```text
//! spot       daily log returns of 60 % volatility, from 60,000
//! forward    spot exp(0.06 T)
//! expiries   1 and 2 days, three Fridays, three month ends, quarter ends within a year
//! strikes    every 500 to 5,000 by tenor, listed while near the forward at any snapshot, kept until expiry
//! volatility level + 0.10 exp(-T / 0.15) - 0.10 x / sqrt(T + 0.05) + 0.25 x^2 / (T + 0.05), x = ln(K / F)
//! quotes     Black-76 in coin, less and plus a half spread, on the tick
//! ```

use crate::import::Report;
use crate::import::deribit_months::header;
use crate::import::folder::{DatasetFiles, assemble};
use crate::market::{Dataset, RawChain, RawQuotes, RawSnapshot};
use crate::pricing::{Expiry, OptionKind};
use crate::units::{DAY_MS, Day, HOUR_MS, Timestamp, YEAR_MS};
use std::collections::{BTreeMap, BTreeSet};

/// Id of the dataset.
pub const ID: &str = "bench-year";

/// 2024-01-01.
const FIRST: Day = Day(19_723);
/// Snapshots.
const DAYS: i32 = 365;
/// Seed of the price path.
const SEED: u64 = 20_240_249;
/// Steepest basis a year.
const BASIS: f64 = 0.06;
/// Half width of the listed strikes in `ln(K / F)`, for one year.
const BAND: f64 = 0.54;

/// The year as a dataset with its files.
///
/// # Errors
/// The importer's, which a test shows not to occur.
pub fn year() -> Result<DatasetFiles, crate::import::ImportError> {
    let (mut path, mut listed) = (Path::new(), BTreeMap::new());
    let mut dataset = Dataset { cadence_minutes: 1440, ..header(ID.into(), "BTC") };
    dataset.title = "A made-up year of daily chains".into();
    dataset.source = "chainwalk's seeded generator".into();
    dataset.licence = "MIT OR Apache-2.0".into();
    let mut snapshots = Vec::new();
    for day in (FIRST.0..FIRST.0 + DAYS).map(Day) {
        dataset.delivery.insert(day, path.spot);
        snapshots.push(snapshot(day, &path, &mut listed));
        path.advance();
    }
    assemble(dataset, snapshots, &mut Report::default())
}

/// Spot and volatility level from day to day.
struct Path {
    random: u64,
    spot: f64,
    level: f64,
}

impl Path {
    fn new() -> Path {
        Path { random: SEED, spot: 60_000.0, level: 0.55 }
    }

    fn advance(&mut self) {
        let (move_by, level_by) = (self.normal(), self.normal());
        let spot = self.spot * libm::exp(0.0002 + 0.6 / 365.0_f64.sqrt() * move_by);
        self.spot = (spot * 100.0).round() / 100.0;
        self.level += 0.03 * (0.55 - self.level) + 0.012 * level_by;
    }

    /// Nearly normal: twelve uniforms less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Sebastiano Vigna's SplitMix64, its upper 53 bits as a fraction.
    fn uniform(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn at_eight(day: Day) -> Timestamp {
    day.start().plus_ms(8 * HOUR_MS)
}

/// Whether `today` has options that expire on `day`.
fn is_expiry(today: Day, day: Day) -> bool {
    let days = day.0 - today.0;
    let month = day.year_month().1;
    let ends_month = Day(day.0 + 7).year_month().1 != month;
    let is_regular = days <= 23 || ends_month && (days <= 92 || month.is_multiple_of(3));
    days <= 2 || day.weekday() == 4 && is_regular
}

fn snapshot(today: Day, path: &Path, listed: &mut BTreeMap<Day, BTreeSet<i64>>) -> RawSnapshot {
    listed.retain(|day, _| *day > today);
    for day in (today.0 + 1..=today.0 + 366).map(Day).filter(|day| is_expiry(today, *day)) {
        list_strikes(day.0 - today.0, path.spot, listed.entry(day).or_default());
    }
    let time = at_eight(today);
    let chains = listed.iter().map(|(day, strikes)| chain(*day, time, path, strikes)).collect();
    RawSnapshot { time, index: path.spot, high: None, low: None, chains }
}

fn years(days: i32) -> f64 {
    f64::from(days) * DAY_MS as f64 / YEAR_MS
}

fn forward(spot: f64, years: f64) -> f64 {
    (spot * libm::exp(BASIS * years) * 100.0).round() / 100.0
}

/// Adds the strikes that are near the forward now.
fn list_strikes(days: i32, spot: f64, strikes: &mut BTreeSet<i64>) {
    let step = match days {
        ..=10 => 500,
        11..=45 => 1_000,
        46..=130 => 2_000,
        _ => 5_000,
    };
    let years = years(days.max(2));
    let forward = forward(spot, years);
    let reach = libm::exp((BAND * years.sqrt()).min(1.1));
    let (low, high) = (forward / reach / step as f64, forward * reach / step as f64);
    strikes.extend((low.ceil() as i64..=high.floor() as i64).map(|k| k * step));
}

fn chain(day: Day, time: Timestamp, path: &Path, strikes: &BTreeSet<i64>) -> RawChain {
    let expiry = at_eight(day);
    let years = expiry.years_since(time);
    let forward = forward(path.spot, years);
    let strikes: Vec<f64> = strikes.iter().map(|k| *k as f64).collect();
    let (mut call, mut put) = (RawQuotes::default(), RawQuotes::default());
    for strike in &strikes {
        let x = libm::log(strike / forward);
        let smile = -0.10 * x / (years + 0.05).sqrt() + 0.25 * x * x / (years + 0.05);
        let iv = (path.level + 0.10 * libm::exp(-years / 0.15) + smile).clamp(0.2, 2.5);
        let iv = (iv * 10_000.0).round() / 10_000.0;
        let wing = 1.0 + 0.4 * x.abs() / (years + 0.02).sqrt();
        let (call_greeks, put_greeks) = Expiry::new(forward, years).call_put(*strike, iv);
        for (quotes, greeks) in [(&mut call, call_greeks), (&mut put, put_greeks)] {
            push(quotes, greeks.price / forward, iv, wing);
        }
    }
    RawChain { expiry, forward, strikes, call, put }
}

fn push(quotes: &mut RawQuotes, mark: f64, iv: f64, wing: f64) {
    let half_spread = (0.015 * mark + 0.0003 * wing).max(0.0001);
    let tick = if mark >= 0.005 { 0.0005 } else { 0.0001 };
    let bid = ((mark - half_spread) / tick).floor() * tick;
    quotes.bid.push(if bid > 0.0 { bid } else { f64::NAN });
    quotes.ask.push(((mark + half_spread) / tick).ceil() * tick);
    quotes.mark.push(mark);
    quotes.iv.push(iv);
    quotes.open_interest.push((iv * 1_000.0).round());
}

/// An option with its price and the volatility that gave it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Priced {
    pub(super) kind: OptionKind,
    pub(super) forward: f64,
    pub(super) strike: f64,
    pub(super) years: f64,
    pub(super) price: f64,
    pub(super) vol: f64,
}
