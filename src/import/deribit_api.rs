//! Results of Deribit's public API as JSON: `get_order_book` and `ticker`, `get_book_summary_by_currency`, `get_instruments`.
//!
//! One result a line, or a file that is one JSON value; the `result` of an answer, lists of them and objects that hold them by name
//! are opened. Prices are in coin and 0 means none, volatilities in percent, times milliseconds.
//! Source: docs.deribit.com, "Market data".

use super::board::{Board, BoardRules, Row, RowQuote};
use super::deribit_summary::none_if_zero;
use super::{ImportError, Report};
use crate::market::{Contract, RawSnapshot, Settlement};
use crate::pricing::OptionKind;
use crate::units::{Price, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::Read;

/// Results this near the first of a snapshot belong to it: a board is asked for one instrument after the other.
const SNAPSHOT_MS: i64 = 600_000;
/// Levels of lists and objects that are opened in search of results.
const DEPTH: u32 = 6;

/// Results as they are collected.
pub struct Collected {
    underlying: String,
    instruments: BTreeMap<String, Contract>,
    quotes: Vec<Quote>,
}

/// A result about one option, and where it stood.
struct Quote {
    name: String,
    time: Timestamp,
    index: f64,
    forward: f64,
    quote: RowQuote,
    file: String,
    line: u64,
}

/// The place of a value: its file, and its line or, in a file that is one value, its number.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    line: u64,
}

impl Collected {
    /// Nothing yet of a coin, `BTC` or `ETH`.
    pub fn new(underlying: &str) -> Collected {
        Collected { underlying: underlying.to_string(), instruments: BTreeMap::new(), quotes: Vec::new() }
    }

    /// Adds the results of a file; a line that is no JSON and a result that cannot be read are errors by line.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&mut self, mut reader: impl Read, file: &str, report: &mut Report) -> Result<(), ImportError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|e| ImportError::format(file, e))?;
        if let Ok(whole) = serde_json::from_slice::<Value>(&bytes) {
            let mut number = 0;
            self.open(
                whole,
                &mut |_| {
                    number += 1;
                    Place { file, line: number }
                },
                DEPTH,
                report,
            );
            return Ok(());
        }
        for (i, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let place = Place { file, line: i as u64 + 1 };
            match serde_json::from_slice::<Value>(line) {
                Ok(value) => self.open(value, &mut |()| place, DEPTH, report),
                Err(_) if line.iter().all(u8::is_ascii_whitespace) => {}
                Err(e) => report.error(file, place.line, format!("found no JSON ({e}), expected a result of the API")),
            }
        }
        Ok(())
    }

    /// Takes a result, or opens what holds results.
    fn open<'a>(&mut self, value: Value, place: &mut dyn FnMut(()) -> Place<'a>, depth: u32, report: &mut Report) {
        match value {
            Value::Object(mut object) => {
                if object.get("instrument_name").is_some_and(Value::is_string) {
                    self.take(&object, place(()), report);
                } else if let (Some(result), true) = (object.remove("result"), depth > 0) {
                    self.open(result, place, depth - 1, report);
                } else if depth > 0 && object.values().any(|v| v.is_object() || v.is_array()) {
                    object.into_iter().for_each(|(_, inner)| self.open(inner, place, depth - 1, report));
                } else {
                    report.drop_rows("result about no instrument", 1);
                }
            }
            Value::Array(list) if depth > 0 => {
                list.into_iter().for_each(|inner| self.open(inner, place, depth - 1, report));
            }
            _ => {}
        }
    }

    fn take(&mut self, object: &Map<String, Value>, place: Place<'_>, report: &mut Report) {
        let name = object.get("instrument_name").and_then(Value::as_str).unwrap_or_default();
        let taken = match () {
            () if !is_option_name(name) => Err(Left::Out("result about no option")),
            () if name.split('-').next() != Some(&self.underlying) => Err(Left::Out("option of another coin")),
            () if object.contains_key("expiration_timestamp") => self.take_instrument(name, object),
            () => quote(name, object, place).map(|quote| self.quotes.push(quote)),
        };
        match taken {
            Ok(()) => {}
            Err(Left::Out(reason)) => report.drop_rows(reason, 1),
            Err(Left::Unreadable(message)) => report.error(place.file, place.line, message),
        }
    }

    fn take_instrument(&mut self, name: &str, object: &Map<String, Value>) -> Result<(), Left> {
        let expiry = time(object, "expiration_timestamp")?;
        let strike = number(object, "strike")?;
        let size = number(object, "contract_size")?;
        if size != 1.0 && !size.is_nan() {
            return Err(Left::Unreadable(format!("found contract_size {size} of {name}, expected 1")));
        }
        let kind = match object.get("option_type").and_then(Value::as_str) {
            Some("call") => OptionKind::Call,
            Some("put") => OptionKind::Put,
            other => {
                return Err(Left::Unreadable(format!("found option_type {other:?} of {name}, expected call or put")));
            }
        };
        if strike.is_nan() || strike == 0.0 {
            return Err(Left::Unreadable(format!("found no strike of {name}, expected a positive number")));
        }
        self.instruments.insert(name.to_string(), Contract { expiry, strike: Price(strike), kind });
        Ok(())
    }

    /// The snapshots by time: results within ten minutes of the first are one, of its newest moment and index; of two results
    /// about one option the newer is kept. Expiry and strike are the instrument's, where the files list it, else the name's.
    pub fn finish(mut self, report: &mut Report) -> Vec<RawSnapshot> {
        self.quotes.sort_by_key(|q| q.time);
        let rules =
            BoardRules { settlement: Settlement::Inverse, rate: 0.0, iv_from_mark: false, has_open_interest: true };
        let mut board = Board::new(rules);
        let mut rest = &self.quotes[..];
        while let Some(first) = rest.first() {
            let end = first.time.plus_ms(SNAPSHOT_MS);
            let (group, later) = rest.split_at(rest.partition_point(|q| q.time <= end));
            self.add_group(group, &mut board, report);
            rest = later;
        }
        board.finish(report)
    }

    fn add_group(&self, group: &[Quote], board: &mut Board, report: &mut Report) {
        let Some(newest) = group.last() else { return };
        let index = group.iter().rev().map(|q| q.index).find(|index| !index.is_nan()).unwrap_or(f64::NAN);
        for q in group.iter().rev() {
            let listed = self.instruments.get(&q.name).copied();
            let Some(contract) = listed.or_else(|| Contract::parse(&q.name).map(|(_, contract)| contract)) else {
                let found = format!("found instrument {:?}, expected a name like BTC-5JUL26-65000-C", q.name);
                report.error(&q.file, q.line, found);
                continue;
            };
            let Contract { expiry, strike, kind } = contract;
            let (time, forward, quote) = (newest.time, q.forward, q.quote);
            board.add(Row { time, expiry, strike: strike.0, kind, index, forward, quote }, report);
        }
    }
}

/// Why a result is not kept.
enum Left {
    Out(&'static str),
    Unreadable(String),
}

/// True for names of four parts that end in `-C` or `-P`; futures and combinations have others.
fn is_option_name(name: &str) -> bool {
    name.split('-').count() == 4 && (name.ends_with("-C") || name.ends_with("-P"))
}

fn quote(name: &str, object: &Map<String, Value>, place: Place<'_>) -> Result<Quote, Left> {
    if object.get("state").and_then(Value::as_str).is_some_and(|state| state != "open") {
        return Err(Left::Out("book that is not open"));
    }
    let is_summary = object.contains_key("creation_timestamp");
    let [at, bid, ask, index] = if is_summary {
        ["creation_timestamp", "bid_price", "ask_price", "estimated_delivery_price"]
    } else {
        ["timestamp", "best_bid_price", "best_ask_price", "index_price"]
    };
    let forward = number(object, "underlying_price")?;
    if forward.is_nan() || forward == 0.0 {
        return Err(Left::Unreadable(format!("found no underlying_price of {name}, expected a positive number")));
    }
    Ok(Quote {
        name: name.to_string(),
        time: time(object, at)?,
        index: none_if_zero(number(object, index)?),
        forward,
        quote: RowQuote {
            bid: none_if_zero(number(object, bid)?),
            ask: none_if_zero(number(object, ask)?),
            mark: number(object, "mark_price")?,
            iv: none_if_zero(number(object, "mark_iv")? / 100.0),
            open_interest: number(object, "open_interest")?,
        },
        file: place.file.to_string(),
        line: place.line,
    })
}

/// A number of 0 or more; NaN where it is null or absent.
fn number(object: &Map<String, Value>, field: &str) -> Result<f64, Left> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(f64::NAN),
        Some(value) => value
            .as_f64()
            .filter(|v| *v >= 0.0)
            .ok_or_else(|| Left::Unreadable(format!("found {field} {value}, expected a number of 0 or more, or null"))),
    }
}

fn time(object: &Map<String, Value>, field: &str) -> Result<Timestamp, Left> {
    let ms = object.get(field).and_then(Value::as_i64).filter(|ms| (0..=7_258_118_400_000).contains(ms));
    ms.map(Timestamp).ok_or_else(|| {
        let found = object.get(field).map_or("none".to_string(), Value::to_string);
        Left::Unreadable(format!("found {field} {found}, expected milliseconds since 1970"))
    })
}
