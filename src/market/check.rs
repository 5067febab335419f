//! What a snapshot must satisfy before anything is computed from it.
//!
//! The checks hold for figures in the quote currency and for a pack's integers alike, so that a refusal
//! prints what stands in the file.

use super::catalog_check::END_OF_TIME;
use super::snapshot::{RawChain, RawQuotes, RawSnapshot, SnapshotError};
use crate::units::Timestamp;

fn refuse(at: impl Into<String>, found: impl ToString, expected: &str) -> SnapshotError {
    SnapshotError { at: at.into(), found: found.to_string(), expected: expected.to_string() }
}

fn is_price(value: f64) -> bool {
    value > 0.0 && value < f64::INFINITY
}

/// Refuses the first figure that breaks an invariant of [`super::MarketSnapshot`].
pub(super) fn check(raw: &RawSnapshot) -> Result<(), SnapshotError> {
    for (name, value) in [("index", Some(raw.index)), ("high", raw.high), ("low", raw.low)] {
        if let Some(value) = value.filter(|v| !is_price(*v)) {
            return Err(refuse(name, value, "a positive number"));
        }
    }
    if let (Some(high), Some(low)) = (raw.high, raw.low)
        && high < low
    {
        return Err(refuse("high", format!("{high} below low {low}"), "low <= high"));
    }
    if raw.time.0 < 0 || raw.time >= END_OF_TIME {
        return Err(refuse("t", raw.time, "a time of the years 1970 to 2199"));
    }
    let mut before = raw.time;
    for chain in &raw.chains {
        check_expiry(chain, raw.time, before)?;
        before = chain.expiry;
    }
    Ok(())
}

/// The name of an expiry in a refusal: its day, or its instant where that is not the day's whole hour.
fn expiry_name(expiry: Timestamp) -> String {
    format!("expiry {}", expiry.format("%Y-%m-%d"))
}

fn check_expiry(chain: &RawChain, time: Timestamp, before: Timestamp) -> Result<(), SnapshotError> {
    let name = expiry_name(chain.expiry);
    if chain.expiry <= time {
        return Err(refuse(name, chain.expiry, &format!("an expiry after the snapshot's time {time}")));
    }
    if chain.expiry >= END_OF_TIME {
        return Err(refuse(name, chain.expiry, "an expiry before 2200"));
    }
    if chain.expiry <= before {
        return Err(refuse(name, format!("{} after {before}", chain.expiry), "expiries in ascending order"));
    }
    if !is_price(chain.forward) {
        return Err(refuse(format!("{name} forward"), chain.forward, "a positive number"));
    }
    check_strikes(&chain.strikes, &name)?;
    check_quotes(&chain.call, chain.strikes.len(), &name, "call")?;
    check_quotes(&chain.put, chain.strikes.len(), &name, "put")
}

fn check_strikes(strikes: &[f64], name: &str) -> Result<(), SnapshotError> {
    let mut before = 0.0;
    for (i, strike) in strikes.iter().copied().enumerate() {
        if !is_price(strike) {
            return Err(refuse(format!("{name} strikes[{i}]"), strike, "a positive number"));
        }
        if strike <= before {
            let found = format!("{strike} after {before}");
            return Err(refuse(format!("{name} strikes[{i}]"), found, "strikes in ascending order"));
        }
        before = strike;
    }
    Ok(())
}

fn check_quotes(quotes: &RawQuotes, rows: usize, name: &str, kind: &str) -> Result<(), SnapshotError> {
    let columns = [
        ("bid", &quotes.bid),
        ("ask", &quotes.ask),
        ("mark", &quotes.mark),
        ("iv", &quotes.iv),
        ("oi", &quotes.open_interest),
    ];
    for (field, column) in columns {
        let is_left_out = field == "oi" && column.is_empty();
        if column.len() != rows && !is_left_out {
            let expected = format!("{rows}, one a strike");
            return Err(refuse(format!("{name} {kind}.{field}"), format!("{} figures", column.len()), &expected));
        }
        // NaN is an absent figure and passes: no comparison with it holds.
        if let Some(i) = column.iter().position(|v| *v < 0.0 || *v == f64::INFINITY) {
            return Err(refuse(format!("{name} {kind}.{field}[{i}]"), column[i], "a number of 0 or more, or null"));
        }
    }
    if let Some(i) = (0..rows).find(|&i| quotes.bid[i] > quotes.ask[i]) {
        let found = format!("{} above ask {}", quotes.bid[i], quotes.ask[i]);
        return Err(refuse(format!("{name} {kind}.bid[{i}]"), found, "bid <= ask"));
    }
    Ok(())
}
