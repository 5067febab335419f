//! Packs of `recorded` datasets: quotes as integers, column by column.

use super::wire::{Column, Limited, read};
use super::{MAX_EXPIRIES, MAX_STRIKES, PackError, SCHEMA, Units};
use crate::market::catalog::Dataset;
use crate::market::snapshot::{MarketSnapshot, RawChain, RawQuotes, RawSnapshot};
use crate::units::Timestamp;
use serde::Deserialize;
use std::io::Write;

/// Whole numbers or null.
type Whole = Column<MAX_STRIKES, false>;
/// Numbers or null.
type Numbers = Column<MAX_STRIKES, true>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSnapshot {
    t: i64,
    index: f64,
    #[serde(default)]
    high: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
    chains: Limited<WireChain, MAX_EXPIRIES>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireChain {
    expiry: i64,
    forward: f64,
    strikes: Numbers,
    call: WireQuotes,
    put: WireQuotes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireQuotes {
    bid: Whole,
    ask: Whole,
    mark: Whole,
    iv: Whole,
    #[serde(default)]
    oi: Numbers,
}

/// Reads all snapshots, or refuses; each is checked and priced as it is taken.
pub(super) fn decode<'a>(
    bytes: &[u8],
    dataset: &'a Dataset,
    path: &'a str,
) -> Result<impl Iterator<Item = Result<MarketSnapshot, PackError>> + use<'a>, PackError> {
    let units = Units::of(dataset.settlement);
    let wire: Vec<WireSnapshot> = read(bytes, dataset, path)?;
    Ok(wire.into_iter().map(move |snapshot| {
        let mut raw = snapshot.raw();
        raw.check().map_err(|source| PackError::Snapshot { path: path.to_string(), time: raw.time, source })?;
        raw.chains.iter_mut().for_each(|chain| chain.divide(units));
        Ok(raw.price_checked(dataset.rate, &[]))
    }))
}

impl WireSnapshot {
    /// The snapshot with the file's integers as they stand, so that a refusal quotes the file.
    fn raw(self) -> RawSnapshot {
        let chains = self.chains.0.into_iter().map(WireChain::raw).collect();
        RawSnapshot { time: Timestamp(self.t), index: self.index, high: self.high, low: self.low, chains }
    }
}

impl WireChain {
    fn raw(self) -> RawChain {
        RawChain {
            expiry: Timestamp(self.expiry),
            forward: self.forward,
            strikes: self.strikes.0,
            call: self.call.raw(),
            put: self.put.raw(),
        }
    }
}

impl WireQuotes {
    fn raw(self) -> RawQuotes {
        let WireQuotes { bid, ask, mark, iv, oi } = self;
        RawQuotes { bid: bid.0, ask: ask.0, mark: mark.0, iv: iv.0, open_interest: oi.0 }
    }
}

impl RawChain {
    /// Turns integers into the quote currency: by division, which gives the double nearest to the decimal.
    fn divide(&mut self, units: Units) {
        for quotes in [&mut self.call, &mut self.put] {
            let columns = [
                (&mut quotes.bid, units.quote),
                (&mut quotes.ask, units.quote),
                (&mut quotes.mark, units.mark),
                (&mut quotes.iv, units.iv),
            ];
            for (column, unit) in columns {
                column.iter_mut().for_each(|value| *value /= unit);
            }
        }
    }
}

/// Writes a pack, one snapshot a line.
pub(super) fn encode(id: &str, units: Units, snapshots: &[RawSnapshot]) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{{\"schema\":{SCHEMA},\"dataset\":{id:?},\"kind\":\"recorded\",\"snapshots\":[");
    for (i, snapshot) in snapshots.iter().enumerate() {
        let _ = out.write_all(if i == 0 { b"\n" } else { b",\n" });
        encode_snapshot(&mut out, units, snapshot);
    }
    let _ = out.write_all(b"\n]}\n");
    out
}

fn encode_snapshot(out: &mut Vec<u8>, units: Units, snapshot: &RawSnapshot) {
    let _ = write!(out, "{{\"t\":{},\"index\":{}", snapshot.time.0, snapshot.index);
    for (name, value) in [("high", snapshot.high), ("low", snapshot.low)] {
        if let Some(value) = value {
            let _ = write!(out, ",\"{name}\":{value}");
        }
    }
    let _ = out.write_all(b",\"chains\":[");
    for (i, chain) in snapshot.chains.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let _ = write!(out, "{{\"expiry\":{},\"forward\":{},\"strikes\":", chain.expiry.0, chain.forward);
        encode_column(out, &chain.strikes, None);
        for (name, quotes) in [("call", &chain.call), ("put", &chain.put)] {
            let _ = write!(out, ",\"{name}\":{{");
            encode_quotes(out, units, quotes);
            out.push(b'}');
        }
        out.push(b'}');
    }
    let _ = out.write_all(b"]}");
}

fn encode_quotes(out: &mut Vec<u8>, units: Units, quotes: &RawQuotes) {
    let columns = [
        ("bid", &quotes.bid, units.quote),
        ("ask", &quotes.ask, units.quote),
        ("mark", &quotes.mark, units.mark),
        ("iv", &quotes.iv, units.iv),
    ];
    for (i, (name, column, unit)) in columns.into_iter().enumerate() {
        let _ = write!(out, "{}\"{name}\":", if i == 0 { "" } else { "," });
        encode_column(out, column, Some(unit));
    }
    if !quotes.open_interest.is_empty() {
        let _ = out.write_all(b",\"oi\":");
        encode_column(out, &quotes.open_interest, None);
    }
}

/// Writes a column as whole numbers of `1/unit`, or as it stands.
fn encode_column(out: &mut Vec<u8>, column: &[f64], unit: Option<f64>) {
    out.push(b'[');
    for (i, value) in column.iter().copied().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let _ = match unit {
            _ if value.is_nan() => out.write_all(b"null"),
            Some(unit) => write!(out, "{}", (value * unit).round() as i64),
            None => write!(out, "{value}"),
        };
    }
    out.push(b']');
}
