//! Packs of datasets with a model: an index and a level of volatility a snapshot; the quotes follow from the catalog.

use super::fitted::FittedSnapshot;
use super::wire::{Column, Limited, read};
use super::{MAX_EXPIRIES, MAX_STRIKES, PackError, SCHEMA};
use crate::market::catalog::{Dataset, Settlement};
use crate::market::model::{Listing, Model};
use crate::market::snapshot::{MarketSnapshot, SnapshotError};
use crate::market::surface::{ExpiryGrid, QuoteRule};
use crate::units::Timestamp;
use serde::Deserialize;
use std::io::Write;

/// Whole numbers of a level of volatility in 1.00: hundredths of a point.
pub const LEVELS_PER_ONE: f64 = 10_000.0;
/// Whole numbers of a rate in 1.00: thousandths of a percent.
pub const RATES_PER_ONE: f64 = 100_000.0;
/// Greatest level of volatility, 1000 %.
const MAX_LEVEL: u32 = 100_000;
/// Greatest rate either way, 100 %.
const MAX_RATE: i32 = 100_000;
/// Indices that a lattice of strikes is made for, USD.
const INDICES: (f64, f64) = (0.001, 1e9);

/// One instant of a modelled market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelledSnapshot {
    /// When.
    pub time: Timestamp,
    /// The index, USD.
    pub index: f64,
    /// Highest index since the previous snapshot; `None` where the dataset has none.
    pub high: Option<f64>,
    /// Lowest index since the previous snapshot; `None` where the dataset has none.
    pub low: Option<f64>,
    /// The level of volatility, hundredths of a point.
    pub level: u32,
    /// Continuous annual rate, thousandths of a percent; `None` = the catalog's.
    pub rate: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSnapshot {
    t: i64,
    index: f64,
    #[serde(default)]
    high: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
    vol: u32,
    #[serde(default)]
    rate: Option<i32>,
    /// First snapshot only: expiries and strikes that were listed before this file.
    #[serde(default)]
    listed: Option<Limited<WireListed, MAX_EXPIRIES>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireListed {
    expiry: i64,
    strikes: Column<MAX_STRIKES, true>,
}

fn refusal(at: impl Into<String>, found: impl ToString, expected: impl ToString) -> SnapshotError {
    SnapshotError { at: at.into(), found: found.to_string(), expected: expected.to_string() }
}

/// Reads all snapshots, or refuses; each is expanded, checked and priced as it is taken.
pub(super) fn decode<'a>(
    bytes: &[u8],
    dataset: &'a Dataset,
    model: &'a Model,
    path: &'a str,
) -> Result<impl Iterator<Item = Result<MarketSnapshot, PackError>> + use<'a>, PackError> {
    let (snapshots, mut listing) = read_modelled(bytes, dataset, path)?;
    Ok(snapshots.into_iter().map(move |snapshot| {
        let refuse = |source| PackError::Snapshot { path: path.to_string(), time: snapshot.time, source };
        let (fitted, rate) = snapshot.expand(dataset, model, &mut listing).map_err(refuse)?;
        let rule = QuoteRule { settlement: dataset.settlement, tick: &dataset.tick, rate };
        fitted.price(rule).map_err(refuse)
    }))
}

/// Reads the snapshots of a modelled pack with what was listed before them, without turning them into quotes.
pub fn read_modelled(
    bytes: &[u8],
    dataset: &Dataset,
    path: &str,
) -> Result<(Vec<ModelledSnapshot>, Listing), PackError> {
    let wire: Vec<WireSnapshot> = read(bytes, dataset, path)?;
    let mut listing = Listing::default();
    let mut snapshots = Vec::with_capacity(wire.len());
    for (i, snapshot) in wire.into_iter().enumerate() {
        let time = Timestamp(snapshot.t);
        let read = snapshot.modelled(i == 0, &mut listing);
        snapshots.push(read.map_err(|source| PackError::Snapshot { path: path.to_string(), time, source })?);
    }
    Ok((snapshots, listing))
}

impl WireSnapshot {
    fn modelled(self, is_first: bool, listing: &mut Listing) -> Result<ModelledSnapshot, SnapshotError> {
        let WireSnapshot { t, index, high, low, vol, rate, listed } = self;
        if !(INDICES.0..=INDICES.1).contains(&index) {
            return Err(refusal("index", index, format!("a number from {} to {}", INDICES.0, INDICES.1)));
        }
        if !(1..=MAX_LEVEL).contains(&vol) {
            return Err(refusal("vol", vol, format!("hundredths of a point, 1 to {MAX_LEVEL}")));
        }
        if let Some(rate) = rate.filter(|rate| rate.abs() > MAX_RATE) {
            return Err(refusal("rate", rate, format!("thousandths of a percent, at most {MAX_RATE} either way")));
        }
        if listed.is_some() && !is_first {
            return Err(refusal("listed", "it", "it in the first snapshot of a file only"));
        }
        for WireListed { expiry, strikes } in listed.map(|list| list.0).unwrap_or_default() {
            let is_ascending = strikes.0.windows(2).all(|w| w[0] < w[1]);
            let is_positive = strikes.0.iter().all(|k| *k > 0.0 && *k < f64::INFINITY);
            if !is_ascending || !is_positive {
                return Err(refusal(
                    "listed",
                    format!("strikes of {}", Timestamp(expiry)),
                    "positive ones in ascending order",
                ));
            }
            listing.insert(Timestamp(expiry), strikes.0);
        }
        Ok(ModelledSnapshot { time: Timestamp(t), index, high, low, level: vol, rate })
    }
}

impl ModelledSnapshot {
    /// The rate that discounts its options, continuous, a fraction a year.
    pub fn rate_of(&self, dataset: &Dataset) -> f64 {
        self.rate.map_or(dataset.rate, |whole| f64::from(whole) / RATES_PER_ONE)
    }

    /// Expiries, strikes, smiles and spreads by the model, and the rate; `listing` holds what was listed before, and grows.
    ///
    /// ```text
    /// forward = index (inverse), index x exp(rate T) (linear)
    /// ```
    pub fn expand(
        &self,
        dataset: &Dataset,
        model: &Model,
        listing: &mut Listing,
    ) -> Result<(FittedSnapshot, f64), SnapshotError> {
        let ModelledSnapshot { time, index, high, low, level, .. } = *self;
        let (rate, level) = (self.rate_of(dataset), f64::from(level) / LEVELS_PER_ONE);
        let (curve, plain) = (model.curve(level), model.plain_curve(level));
        listing.forget(time);
        let mut chains = Vec::new();
        for expiry in model.grid.expiries(time, &dataset.calendar, dataset.expiry_minute_utc) {
            let strikes = listing.list(&model.grid, &plain, time, index, expiry).to_vec();
            if strikes.len() > MAX_STRIKES {
                let at = format!("expiry {} strikes", expiry.day());
                return Err(refusal(at, strikes.len(), format!("at most {MAX_STRIKES}")));
            }
            let forward = match dataset.settlement {
                Settlement::Inverse => index,
                Settlement::Linear => index * libm::exp(rate * expiry.years_since(time)),
            };
            let per_one = f64::from(dataset.tick.per_one);
            let units = if dataset.settlement == Settlement::Inverse { per_one } else { per_one * forward };
            let fit = curve.fit(expiry.ms_since(time), strikes.len(), units);
            chains.push((ExpiryGrid { expiry, forward, strikes }, fit));
        }
        Ok((FittedSnapshot { time, index, high, low, error: None, chains }, rate))
    }
}

/// Writes a pack of a dataset with a model, one snapshot a line; `listing` is what was listed before it, and after it on return.
///
/// # Errors
/// The model cannot be expanded at a snapshot.
pub fn encode_modelled(
    dataset: &Dataset,
    model: &Model,
    snapshots: &[ModelledSnapshot],
    listing: &mut Listing,
) -> Result<Vec<u8>, SnapshotError> {
    let (id, kind) = (&dataset.id, dataset.kind.word());
    let mut out = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{{\"schema\":{SCHEMA},\"dataset\":{id:?},\"kind\":\"{kind}\",\"snapshots\":[");
    for (i, snapshot) in snapshots.iter().enumerate() {
        let _ = out.write_all(if i == 0 { b"\n" } else { b",\n" });
        encode_snapshot(&mut out, snapshot);
        if i == 0 {
            encode_listed(&mut out, snapshot.time, listing);
        }
        out.push(b'}');
        snapshot.expand(dataset, model, listing)?;
    }
    let _ = out.write_all(b"\n]}\n");
    Ok(out)
}

fn encode_snapshot(out: &mut Vec<u8>, snapshot: &ModelledSnapshot) {
    let _ = write!(out, "{{\"t\":{},\"index\":{}", snapshot.time.0, snapshot.index);
    for (name, value) in [("high", snapshot.high), ("low", snapshot.low)] {
        if let Some(value) = value {
            let _ = write!(out, ",\"{name}\":{value}");
        }
    }
    let _ = write!(out, ",\"vol\":{}", snapshot.level);
    if let Some(rate) = snapshot.rate {
        let _ = write!(out, ",\"rate\":{rate}");
    }
}

fn encode_listed(out: &mut Vec<u8>, time: Timestamp, listing: &Listing) {
    let mut comma = ",\"listed\":[";
    for (expiry, strikes) in listing.later_than(time) {
        let strikes: Vec<String> = strikes.iter().map(f64::to_string).collect();
        let _ = write!(out, "{comma}{{\"expiry\":{},\"strikes\":[{}]}}", expiry.0, strikes.join(","));
        comma = ",";
    }
    if comma == "," {
        out.push(b']');
    }
}
