//! Packs of `fitted` datasets (and of modelled ones without a model): smile and spread parameters instead of quotes.

use super::wire::{Column, Limited, read};
use super::{MAX_EXPIRIES, MAX_STRIKES, PackError, SCHEMA};
use crate::market::catalog::Dataset;
use crate::market::snapshot::{MarketSnapshot, RawSnapshot, SnapshotError};
use crate::market::surface::{ExpiryFit, ExpiryGrid, QuoteRule};
use crate::units::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;

/// Numbers.
type Numbers = Column<MAX_STRIKES, true>;

/// The error of one fitted snapshot, as whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SnapshotFitError {
    /// Median absolute error between 10 and 90 delta, thousandths of a volatility point.
    pub median: u32,
    /// 95th percentile of the same.
    pub p95: u32,
    /// Two-sided quotes whose recorded bid-ask holds the fitted mark, of 1000.
    pub inside: u32,
}

/// One fitted instant.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedSnapshot {
    /// When the recorded snapshot was taken.
    pub time: Timestamp,
    /// The venue's index, USD.
    pub index: f64,
    /// Highest index since the previous snapshot; `None` where the dataset has none.
    pub high: Option<f64>,
    /// Lowest index since the previous snapshot; `None` where the dataset has none.
    pub low: Option<f64>,
    /// The fit's error; `None` for modelled data.
    pub error: Option<SnapshotFitError>,
    /// Expiries, ascending, each with its parameters.
    pub chains: Vec<(ExpiryGrid, ExpiryFit)>,
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
    #[serde(default)]
    error: Option<[u32; 3]>,
    chains: Limited<WireChain, MAX_EXPIRIES>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireChain {
    expiry: i64,
    forward: f64,
    /// The whole list, where it is not the previous one with additions.
    #[serde(default)]
    strikes: Option<Numbers>,
    /// Strikes new since this expiry was last seen in the file.
    #[serde(default)]
    add: Option<Numbers>,
    smile: [i32; 9],
    spread: [[i32; 6]; 4],
    quoted: [[u16; 2]; 4],
}

/// Strike lists by expiry as the file goes on.
type StrikeLists = BTreeMap<i64, Vec<f64>>;

/// Reads all snapshots, or refuses; each is checked and priced as it is taken.
pub(super) fn decode<'a>(
    bytes: &[u8],
    dataset: &'a Dataset,
    path: &'a str,
) -> Result<impl Iterator<Item = Result<MarketSnapshot, PackError>> + use<'a>, PackError> {
    let rule = QuoteRule { settlement: dataset.settlement, tick: &dataset.tick, rate: dataset.rate };
    let fitted = read_fitted(bytes, dataset, path)?;
    Ok(fitted.into_iter().map(move |snapshot| {
        let time = snapshot.time;
        snapshot.price(rule).map_err(|source| PackError::Snapshot { path: path.to_string(), time, source })
    }))
}

/// Reads the parameters of a fitted pack, without turning them into quotes.
pub fn read_fitted(bytes: &[u8], dataset: &Dataset, path: &str) -> Result<Vec<FittedSnapshot>, PackError> {
    let wire: Vec<WireSnapshot> = read(bytes, dataset, path)?;
    let mut lists = StrikeLists::new();
    wire.into_iter()
        .map(|snapshot| {
            let time = Timestamp(snapshot.t);
            snapshot.fitted(&mut lists).map_err(|source| PackError::Snapshot { path: path.to_string(), time, source })
        })
        .collect()
}

impl FittedSnapshot {
    /// The snapshot with the quotes of all expiries; refused where an expiry's parameters are out of their domain, and where
    /// [`MarketSnapshot::new`] would.
    ///
    /// Without a rate the greeks that the quotes were made from are the snapshot's, and are not computed again.
    pub fn price(self, rule: QuoteRule) -> Result<MarketSnapshot, SnapshotError> {
        let FittedSnapshot { time, index, high, low, error, chains } = self;
        let (mut quoted, mut known) = (Vec::with_capacity(chains.len()), Vec::new());
        for (grid, fit) in chains {
            let expiry = grid.expiry;
            let is_forward = grid.forward > 0.0 && grid.forward < f64::INFINITY;
            if expiry <= time || !is_forward {
                return Err(refusal(expiry, "forward", grid.forward, "a positive forward and an expiry after t"));
            }
            let priced = fit.quotes_and_greeks(grid, time, rule);
            let (chain, greeks) = priced.map_err(|error| refusal(expiry, "smile", error, "a positive smile"))?;
            quoted.push(chain);
            if rule.rate == 0.0 {
                known.push(greeks);
            }
        }
        let raw = RawSnapshot { time, index, high, low, chains: quoted };
        raw.check()?;
        Ok(MarketSnapshot { fit_error: error, ..raw.price_checked(rule.rate, &known) })
    }
}

impl WireSnapshot {
    fn fitted(self, lists: &mut StrikeLists) -> Result<FittedSnapshot, SnapshotError> {
        let chains = self.chains.0.into_iter().map(|chain| chain.fitted(lists)).collect::<Result<_, _>>()?;
        let error = self.error.map(|[median, p95, inside]| SnapshotFitError { median, p95, inside });
        let (time, index) = (Timestamp(self.t), self.index);
        Ok(FittedSnapshot { time, index, high: self.high, low: self.low, error, chains })
    }
}

impl WireChain {
    fn fitted(self, lists: &mut StrikeLists) -> Result<(ExpiryGrid, ExpiryFit), SnapshotError> {
        let expiry = Timestamp(self.expiry);
        let list = match (self.strikes, lists.get(&self.expiry)) {
            (Some(all), _) => all.0,
            (None, Some(known)) => known.clone(),
            (None, None) => return Err(refusal(expiry, "strikes", "none", "a list where the expiry is first named")),
        };
        let strikes = with_additions(list, self.add);
        if strikes.len() > MAX_STRIKES {
            return Err(refusal(expiry, "strikes", strikes.len(), format!("at most {MAX_STRIKES}")));
        }
        for [first, end] in self.quoted {
            if first > end || usize::from(end) > strikes.len() {
                let expected = format!("rows in order, at most {}", strikes.len());
                return Err(refusal(expiry, "quoted", format!("{first} to {end}"), expected));
            }
        }
        lists.insert(self.expiry, strikes.clone());
        let fit = ExpiryFit { smile: self.smile, spread: self.spread, quoted: self.quoted };
        Ok((ExpiryGrid { expiry, forward: self.forward, strikes }, fit))
    }
}

fn with_additions(mut list: Vec<f64>, add: Option<Numbers>) -> Vec<f64> {
    if let Some(add) = add {
        list.extend(add.0);
        list.sort_unstable_by(f64::total_cmp);
    }
    list
}

fn refusal(expiry: Timestamp, field: &str, found: impl ToString, expected: impl ToString) -> SnapshotError {
    SnapshotError {
        at: format!("expiry {} {field}", expiry.day()),
        found: found.to_string(),
        expected: expected.to_string(),
    }
}

/// Writes a pack of a `fitted` or `modelled` dataset, one snapshot a line; the same snapshots give the same bytes.
pub fn encode_fitted(dataset: &Dataset, snapshots: &[FittedSnapshot]) -> Vec<u8> {
    let kind = dataset.kind.word();
    let mut out = Vec::new();
    let mut lists = StrikeLists::new();
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{{\"schema\":{SCHEMA},\"dataset\":{:?},\"kind\":\"{kind}\",\"snapshots\":[", dataset.id);
    for (i, snapshot) in snapshots.iter().enumerate() {
        let _ = out.write_all(if i == 0 { b"\n" } else { b",\n" });
        encode_snapshot(&mut out, snapshot, &mut lists);
    }
    let _ = out.write_all(b"\n]}\n");
    out
}

fn encode_snapshot(out: &mut Vec<u8>, snapshot: &FittedSnapshot, lists: &mut StrikeLists) {
    let _ = write!(out, "{{\"t\":{},\"index\":{}", snapshot.time.0, snapshot.index);
    for (name, value) in [("high", snapshot.high), ("low", snapshot.low)] {
        if let Some(value) = value {
            let _ = write!(out, ",\"{name}\":{value}");
        }
    }
    if let Some(SnapshotFitError { median, p95, inside }) = snapshot.error {
        let _ = write!(out, ",\"error\":[{median},{p95},{inside}]");
    }
    let _ = out.write_all(b",\"chains\":[");
    for (i, (grid, fit)) in snapshot.chains.iter().enumerate() {
        let _ = write!(out, "{}{{\"expiry\":{},\"forward\":{}", comma(i), grid.expiry.0, grid.forward);
        encode_strikes(out, grid, lists);
        let _ = write!(out, ",\"smile\":");
        encode_list(out, &fit.smile);
        let _ = write!(out, ",\"spread\":[");
        for (i, nodes) in fit.spread.iter().enumerate() {
            let _ = write!(out, "{}", comma(i));
            encode_list(out, nodes);
        }
        let _ = write!(out, "],\"quoted\":[");
        for (i, rows) in fit.quoted.iter().enumerate() {
            let _ = write!(out, "{}", comma(i));
            encode_list(out, rows);
        }
        let _ = write!(out, "]}}");
    }
    let _ = out.write_all(b"]}");
}

/// Writes what is new of a strike list: nothing, additions, or the whole.
fn encode_strikes(out: &mut Vec<u8>, grid: &ExpiryGrid, lists: &mut StrikeLists) {
    let known = lists.insert(grid.expiry.0, grid.strikes.clone());
    let has = |list: &[f64], strike: &f64| list.binary_search_by(|k| k.total_cmp(strike)).is_ok();
    let (name, list) = match known {
        Some(known) if known.iter().all(|strike| has(&grid.strikes, strike)) => {
            ("add", grid.strikes.iter().copied().filter(|strike| !has(&known, strike)).collect())
        }
        _ => ("strikes", grid.strikes.clone()),
    };
    if !list.is_empty() {
        let _ = write!(out, ",\"{name}\":");
        encode_list(out, &list);
    }
}

fn encode_list<T: std::fmt::Display>(out: &mut Vec<u8>, list: &[T]) {
    out.push(b'[');
    for (i, value) in list.iter().enumerate() {
        let _ = write!(out, "{}{value}", comma(i));
    }
    out.push(b']');
}

fn comma(position: usize) -> &'static str {
    if position == 0 { "" } else { "," }
}
