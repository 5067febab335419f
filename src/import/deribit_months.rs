//! Months of Deribit option snapshots as JSON: columns a kind, prices in coin, volatilities in percent.

use super::rows::{Gathering, Rows};
use super::{ImportError, Report};
use crate::market::catalog::{Calendar, DataKind, Dataset, ExerciseStyle, FeePreset, Quality, Settlement, TickRule};
use crate::market::{RawChain, RawQuotes, RawSnapshot};
use crate::units::{Day, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Month {
    schema: u32,
    venue: String,
    ccy: String,
    snapshots: Vec<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    t: i64,
    spot: f64,
    x: Vec<Expiry>,
}

#[derive(Deserialize)]
struct Expiry {
    e: i64,
    #[serde(rename = "F")]
    forward: f64,
    k: Vec<f64>,
    c: Quotes,
    p: Quotes,
}

#[derive(Deserialize)]
struct Quotes {
    b: Vec<Option<f64>>,
    a: Vec<Option<f64>>,
    m: Vec<Option<f64>>,
    v: Vec<Option<f64>>,
    #[serde(default)]
    oi: Vec<Option<f64>>,
}

/// A file as it is written, snapshot by snapshot to be read.
pub struct Written {
    file: String,
    month: Month,
}

impl Written {
    /// Parses a file.
    ///
    /// # Errors
    /// It is not of the format.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Written, ImportError> {
        let month: Month = crate::json::read(bytes).map_err(|e| ImportError::format(file, e))?;
        if month.schema != 1 || month.venue != "deribit" {
            let found = format!("found schema {} of {:?}, expected schema 1 of \"deribit\"", month.schema, month.venue);
            return Err(ImportError::format(file, found));
        }
        Ok(Written { file: file.to_string(), month })
    }

    /// `BTC` or `ETH`.
    pub fn underlying(&self) -> &str {
        &self.month.ccy
    }

    /// Hands on the snapshots in the file's order; one that breaks an invariant is an error of its number.
    ///
    /// # Errors
    /// A snapshot is not taken.
    pub fn read(self, into: &mut dyn Rows<RawSnapshot>, report: &mut Report) -> Result<(), ImportError> {
        for (i, wire) in self.month.snapshots.into_iter().enumerate() {
            let raw = wire.raw(report);
            match raw.check() {
                Ok(()) => into.take(raw, report)?,
                Err(e) => report.error(&self.file, i as u64 + 1, format!("snapshot {}: {e}", raw.time)),
            }
        }
        Ok(())
    }
}

/// Snapshots as the files have them.
#[derive(Default)]
pub struct Months(Vec<RawSnapshot>);

impl Rows<RawSnapshot> for Months {
    fn take(&mut self, snapshot: RawSnapshot, _: &mut Report) -> Result<(), ImportError> {
        self.0.push(snapshot);
        Ok(())
    }
}

impl Gathering for Months {
    type Row = RawSnapshot;

    fn time(snapshot: &RawSnapshot) -> Option<Timestamp> {
        Some(snapshot.time)
    }

    fn options(snapshot: &RawSnapshot) -> u64 {
        snapshot.chains.iter().map(|chain| 2 * chain.strikes.len() as u64).sum()
    }

    fn snapshots(&mut self, _: &mut Report) -> Vec<RawSnapshot> {
        let mut snapshots = std::mem::take(&mut self.0);
        snapshots.sort_by_key(|snapshot| snapshot.time);
        snapshots
    }
}

impl Snapshot {
    fn raw(self, report: &mut Report) -> RawSnapshot {
        let time = Timestamp(self.t);
        let mut chains = Vec::with_capacity(self.x.len());
        for expiry in self.x {
            if expiry.e <= self.t {
                report.drop_rows("expiry not after the snapshot", 2 * expiry.k.len() as u64);
                continue;
            }
            chains.push(expiry.raw(report));
        }
        chains.sort_by_key(|c| c.expiry);
        RawSnapshot { time, index: self.spot, high: None, low: None, chains }
    }
}

impl Expiry {
    fn raw(self, report: &mut Report) -> RawChain {
        RawChain {
            expiry: Timestamp(self.e),
            forward: self.forward,
            strikes: self.k,
            call: self.c.raw(report),
            put: self.p.raw(report),
        }
    }
}

impl Quotes {
    fn raw(self, report: &mut Report) -> RawQuotes {
        let column =
            |values: Vec<Option<f64>>| -> Vec<f64> { values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect() };
        let mut iv = column(self.v);
        iv.iter_mut().for_each(|v| *v /= 100.0);
        let mut quotes = RawQuotes {
            bid: column(self.b),
            ask: column(self.a),
            mark: column(self.m),
            iv,
            open_interest: column(self.oi),
        };
        report.note("crossed quote, both sides set to none", uncross(&mut quotes));
        quotes
    }
}

/// Removes both sides of quotes whose bid is above their ask; returns how many.
pub(super) fn uncross(quotes: &mut RawQuotes) -> u64 {
    let mut crossed = 0;
    for (bid, ask) in quotes.bid.iter_mut().zip(&mut quotes.ask) {
        if *bid > *ask {
            (*bid, *ask) = (f64::NAN, f64::NAN);
            crossed += 1;
        }
    }
    crossed
}

/// The header of a recorded Deribit coin dataset; `assemble` completes days, quality and packs.
pub fn header(id: String, underlying: &str) -> Dataset {
    let epoch = Day(0);
    Dataset {
        id,
        title: format!("Deribit {underlying} options, recorded"),
        underlying: underlying.to_string(),
        venue: "deribit".into(),
        settlement: Settlement::Inverse,
        kind: DataKind::Recorded,
        cadence_minutes: 360,
        calendar: Calendar::Continuous,
        first: epoch,
        last: epoch,
        day_count: 365,
        contract_size: 1.0,
        lot: if underlying == "BTC" { 0.1 } else { 1.0 },
        tick: TickRule::deribit_inverse(),
        fees: FeePreset::Deribit,
        rate: 0.0,
        expiry_minute_utc: 8 * 60,
        exercise: ExerciseStyle::European,
        defaults: serde_json::json!({}),
        delivery: BTreeMap::new(),
        daily: Vec::new(),
        source: "Deribit public API".into(),
        licence: "not stated; for the user's own checks".into(),
        notes: Vec::new(),
        quality: Quality::default(),
        model: None,
        packs: Vec::new(),
    }
}
