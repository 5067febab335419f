//! Tiny markets written by hand: a dataset, a few snapshots, one line of text a quote.

use chainwalk::digest::sha256_hex;
use chainwalk::market::catalog::{
    Calendar, Catalog, DailyBar, DataKind, Dataset, ExerciseStyle, FeePreset, PackEntry, Quality, Settlement, TickRule,
};
use chainwalk::market::{MarketSnapshot, RawChain, RawQuotes, RawSnapshot};
use chainwalk::units::{Day, HOUR_MS, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A dataset with all of its snapshots.
#[derive(Clone, Debug)]
pub struct Market {
    pub dataset: Dataset,
    pub raw: Vec<RawSnapshot>,
    pub snapshots: Vec<MarketSnapshot>,
}

/// `market.json` of a golden run. What is not written: inverse, six hours between snapshots, Deribit's ticks and fees.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    settlement: Settlement,
    cadence_minutes: u32,
    /// Delivery prices by date.
    delivery: BTreeMap<Day, f64>,
    /// Daily closes before the first snapshot's day, the last run ending the day before it: `[close, days]`.
    closes: Vec<(f64, usize)>,
    snapshots: Vec<WrittenSnapshot>,
}

impl Default for Written {
    fn default() -> Self {
        let (delivery, closes, snapshots) = Default::default();
        Written { settlement: Settlement::Inverse, cadence_minutes: 360, delivery, closes, snapshots }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSnapshot {
    /// `2026-01-01 08:00`, UTC.
    t: String,
    index: f64,
    #[serde(default)]
    high: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
    /// By the day of expiry, which is at 08:00 UTC.
    #[serde(default)]
    expiries: BTreeMap<Day, WrittenChain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChain {
    forward: f64,
    /// `STRIKE C|P BID ASK MARK IV%`, one option a line, `-` = absent.
    quotes: Vec<String>,
}

pub fn time(text: &str) -> Timestamp {
    let (day, clock) = text.split_once(' ').unwrap_or_else(|| panic!("{text}: write 2026-01-01 08:00"));
    let (hours, minutes) = clock.split_once(':').unwrap_or_else(|| panic!("{text}: write 2026-01-01 08:00"));
    let number = |digits: &str| digits.parse::<i64>().unwrap_or_else(|e| panic!("{text}: {e}"));
    let day = Day::parse(day).unwrap_or_else(|| panic!("{text}: no such day"));
    day.start().plus_ms(number(hours) * HOUR_MS + number(minutes) * 60_000)
}

pub fn absent(rows: usize) -> RawQuotes {
    let column = || vec![f64::NAN; rows];
    RawQuotes { bid: column(), ask: column(), mark: column(), iv: column(), open_interest: Vec::new() }
}

fn chain(day: Day, written: &WrittenChain) -> RawChain {
    let lines: Vec<Vec<&str>> = written.quotes.iter().map(|line| line.split_whitespace().collect()).collect();
    let number =
        |text: &str| if text == "-" { f64::NAN } else { text.parse().unwrap_or_else(|e| panic!("{text}: {e}")) };
    let mut strikes: Vec<f64> = lines.iter().map(|line| number(line[0])).collect();
    strikes.sort_by(f64::total_cmp);
    strikes.dedup();
    let (mut call, mut put) = (absent(strikes.len()), absent(strikes.len()));
    for line in lines {
        assert_eq!(line.len(), 6, "{line:?}: write strike, C or P, bid, ask, mark, iv");
        let row = strikes.iter().position(|k| *k == number(line[0])).expect("a strike");
        let quotes = if line[1] == "C" { &mut call } else { &mut put };
        let columns = [&mut quotes.bid, &mut quotes.ask, &mut quotes.mark, &mut quotes.iv];
        for (column, text) in columns.into_iter().zip(&line[2..]) {
            column[row] = number(text);
        }
        quotes.iv[row] /= 100.0;
    }
    RawChain { expiry: day.start().plus_ms(8 * HOUR_MS), forward: written.forward, strikes, call, put }
}

impl Market {
    /// Reads `market.json`.
    pub fn parse(text: &str) -> Market {
        let written: Written = serde_json::from_str(text).expect("a market");
        let raw: Vec<RawSnapshot> = written
            .snapshots
            .iter()
            .map(|s| RawSnapshot {
                time: time(&s.t),
                index: s.index,
                high: s.high,
                low: s.low,
                chains: s.expiries.iter().map(|(day, c)| chain(*day, c)).collect(),
            })
            .collect();
        let mut market = Market::new(raw);
        let dataset = &mut market.dataset;
        dataset.settlement = written.settlement;
        dataset.cadence_minutes = written.cadence_minutes;
        dataset.delivery = written.delivery;
        if written.settlement == Settlement::Linear {
            dataset.tick = TickRule::cents();
        }
        dataset.daily = bars_before(dataset.first, &written.closes);
        market
    }

    /// A recorded inverse dataset `made` of BTC around snapshots, one pack of all, known through the end of the year.
    pub fn new(raw: Vec<RawSnapshot>) -> Market {
        let first = raw.first().expect("a snapshot").time.day();
        let mut market = Market { dataset: dataset(first), raw, snapshots: Vec::new() };
        market.price();
        market.in_packs(usize::MAX)
    }

    /// Prices the raw snapshots again, after a change of them.
    pub fn price(&mut self) {
        let rate = self.dataset.rate;
        self.snapshots = self.raw.iter().map(|raw| raw.clone().price(rate).expect("a sound snapshot")).collect();
    }

    /// The same snapshots in packs of `n`.
    pub fn in_packs(mut self, n: usize) -> Market {
        let entry = |(i, part): (usize, &[RawSnapshot])| PackEntry {
            path: format!("made/{i}.json"),
            first: part[0].time,
            last: part[part.len() - 1].time,
            snapshots: part.len() as u32,
            bytes: 0,
            sha256: sha256_hex(&[i as u8]),
        };
        self.dataset.packs = self.raw.chunks(n.min(self.raw.len())).enumerate().map(entry).collect();
        self
    }

    pub fn catalog(&self) -> Catalog {
        Catalog::of(vec![self.dataset.clone()])
    }
}

fn bars_before(first: Day, closes: &[(f64, usize)]) -> Vec<DailyBar> {
    let closes: Vec<f64> = closes.iter().flat_map(|(close, days)| vec![*close; *days]).collect();
    let begin = first.0 - closes.len() as i32;
    let bar = |(i, c): (usize, &f64)| DailyBar { date: Day(begin + i as i32), open: *c, high: *c, low: *c, close: *c };
    closes.iter().enumerate().map(bar).collect()
}

/// The catalog entry of a made market.
pub fn dataset(first: Day) -> Dataset {
    Dataset {
        id: "made".into(),
        title: "made by hand".into(),
        underlying: "BTC".into(),
        venue: "deribit".into(),
        settlement: Settlement::Inverse,
        kind: DataKind::Recorded,
        cadence_minutes: 360,
        calendar: Calendar::Continuous,
        first,
        last: Day::parse("2026-12-31").expect("a day"),
        day_count: 365,
        contract_size: 1.0,
        lot: 0.1,
        tick: TickRule::deribit_inverse(),
        fees: FeePreset::Deribit,
        rate: 0.0,
        expiry_minute_utc: 480,
        exercise: ExerciseStyle::European,
        defaults: serde_json::Value::Null,
        delivery: BTreeMap::new(),
        daily: Vec::new(),
        source: "a test".into(),
        licence: "none".into(),
        notes: Vec::new(),
        quality: Quality::default(),
        model: None,
        packs: Vec::new(),
    }
}
