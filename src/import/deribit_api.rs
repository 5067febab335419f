//! Results of Deribit's public API as JSON: `get_order_book` and `ticker`, `get_book_summary_by_currency`, `get_instruments`.
//!
//! One result a line, or a file that is one JSON value; the `result` of an answer, lists of them and objects that hold them by name
//! are opened. Prices are in coin and 0 means none, volatilities in percent, times milliseconds; results without a time are of the `as_of` of
//! the object that holds them. Where no option of an expiry states a forward, it is the price of its future in the same snapshot.
//! Source: docs.deribit.com, "Market data".

use super::board::{Board, BoardRules, Row, RowQuote};
use super::closes::parse_time;
use super::deribit_summary::none_if_zero;
use super::rows::{Gathering, Rows};
use super::{ImportError, Report};
use crate::market::catalog::Dataset;
use crate::market::{Contract, RawSnapshot, Settlement};
use crate::pricing::OptionKind;
use crate::units::{Price, Timestamp};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

/// Why a result is left out that is about no option, nor a future that gives one its forward.
const NO_OPTION: &str = "result about no option";
/// Lines that show whether a file is one JSON value.
const FIRST_LINES: usize = 3;
/// Levels of lists and objects that are opened in search of results.
const DEPTH: u32 = 6;

/// A result about an option.
pub enum Listed {
    /// Its contract, whatever its name says.
    Instrument(String, Contract),
    /// Its figures at a moment.
    Quote(Quote),
    /// The future of its expiry at a moment.
    Future(Future),
}

/// A future that is dated.
pub struct Future {
    expiry: Timestamp,
    time: Timestamp,
    /// Its mark, else the middle of bid and ask; USD.
    price: f64,
    /// A forward was taken from it.
    is_used: bool,
}

/// A result about one option, and where it stood.
pub struct Quote {
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

/// Hands on the results of a file about options of a coin, `BTC` or `ETH`; a line that is no JSON and a result that cannot be read are
/// errors by line. A file of one value is read whole, one of lines line by line.
///
/// # Errors
/// The file cannot be read, or a result is not taken.
pub fn read(
    reader: impl Read,
    file: &str,
    underlying: &str,
    into: &mut dyn Rows<Listed>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let unreadable = |e: std::io::Error| ImportError::format(file, e);
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let mut results = Reading { underlying, as_of: None, into, report };
    let (mut begun, mut lines, mut read) = (Vec::new(), 0, 0);
    while lines < FIRST_LINES && reader.read_until(b'\n', &mut begun).map_err(unreadable)? > 0 {
        lines += usize::from(!is_blank(&begun[read..]));
        read = begun.len();
    }
    if may_be_one_value(&begun) {
        reader.read_to_end(&mut begun).map_err(unreadable)?;
        if let Ok(whole) = serde_json::from_slice(&begun) {
            return results.open_whole(whole, file);
        }
    }
    let mut reader = begun.as_slice().chain(reader);
    let (mut line, mut number) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut line).map_err(unreadable)? > 0 {
        number += 1;
        if !is_blank(&line) {
            results.line(&line, Place { file, line: number })?;
        }
        line.clear();
    }
    Ok(())
}

/// True where the first lines of a file may be one JSON value, which goes on after them: a line that is cut short is none with the two after it.
fn may_be_one_value(lines: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(lines).map_or_else(|e| e.is_eof(), |_| true)
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// A file as its results are looked for.
struct Reading<'a> {
    underlying: &'a str,
    /// Time of results that state none.
    as_of: Option<Timestamp>,
    into: &'a mut dyn Rows<Listed>,
    report: &'a mut Report,
}

impl Reading<'_> {
    fn line(&mut self, line: &[u8], place: Place<'_>) -> Result<(), ImportError> {
        match serde_json::from_slice::<Value>(line) {
            Ok(value) => self.open(value, &mut || place, DEPTH),
            Err(e) => {
                let found = format!("found no JSON ({e}), expected a result of the API");
                self.report.error(place.file, place.line, found);
                Ok(())
            }
        }
    }

    /// Opens a file that is one value.
    fn open_whole(&mut self, whole: Value, file: &str) -> Result<(), ImportError> {
        let mut number = 0;
        let mut place = || {
            number += 1;
            Place { file, line: number }
        };
        self.open(whole, &mut place, DEPTH)
    }

    /// Takes a result, or opens what holds results.
    fn open<'a>(&mut self, value: Value, place: &mut dyn FnMut() -> Place<'a>, depth: u32) -> Result<(), ImportError> {
        match value {
            Value::Object(mut object) => {
                if object.get("instrument_name").is_some_and(Value::is_string) {
                    return self.take(&object, place());
                }
                let outer = self.as_of;
                self.as_of = object.get("as_of").and_then(Value::as_str).and_then(parse_time).or(outer);
                let opened = if let (Some(result), true) = (object.remove("result"), depth > 0) {
                    self.open(result, place, depth - 1)
                } else if depth > 0 && object.values().any(|v| v.is_object() || v.is_array()) {
                    object.into_iter().try_for_each(|(_, inner)| self.open(inner, place, depth - 1))
                } else {
                    self.report.drop_rows("result about no instrument", 1);
                    Ok(())
                };
                self.as_of = outer;
                opened
            }
            Value::Array(list) if depth > 0 => {
                list.into_iter().try_for_each(|inner| self.open(inner, place, depth - 1))
            }
            _ => Ok(()),
        }
    }

    fn take(&mut self, object: &Map<String, Value>, place: Place<'_>) -> Result<(), ImportError> {
        let name = object.get("instrument_name").and_then(Value::as_str).unwrap_or_default();
        let listed = match () {
            () if !is_option_name(name) => {
                future(name, self.underlying, object, self.as_of).map(Listed::Future).ok_or(Left::Out(NO_OPTION))
            }
            () if name.split('-').next() != Some(self.underlying) => Err(Left::Out("option of another coin")),
            () if object.contains_key("expiration_timestamp") => instrument(name, object),
            () => quote(name, object, (place, self.as_of)).map(Listed::Quote),
        };
        match listed {
            Ok(listed) => return self.into.take(listed, self.report),
            Err(Left::Out(reason)) => self.report.drop_rows(reason, 1),
            Err(Left::Unreadable(message)) => self.report.error(place.file, place.line, message),
        }
        Ok(())
    }
}

/// Results as they are gathered: those within ten minutes of the first are one snapshot, of its newest moment and index; of two about one option
/// the newer is kept. Expiry and strike are the instrument's, where the files list it, else the name's. A future belongs to a snapshot that spans
/// no more than ten minutes with it.
#[derive(Default)]
pub struct Results {
    instruments: BTreeMap<String, Contract>,
    quotes: Vec<Quote>,
    futures: Vec<Future>,
    /// Until when a future would have changed what was handed on.
    wanting: Option<Timestamp>,
    /// Some were handed on, by what was listed until then.
    has_begun: bool,
}

impl Rows<Listed> for Results {
    /// # Errors
    /// [`ImportError::Unordered`] where a listing or a future changes what was handed on.
    fn take(&mut self, listed: Listed, _: &mut Report) -> Result<(), ImportError> {
        match listed {
            Listed::Quote(quote) => self.quotes.push(quote),
            Listed::Instrument(name, contract) => {
                if self.has_begun && self.contract(&name) != Some(contract) {
                    return Err(ImportError::Unordered);
                }
                self.instruments.insert(name, contract);
            }
            Listed::Future(future) if self.wanting.is_some_and(|until| future.time <= until) => {
                return Err(ImportError::Unordered);
            }
            Listed::Future(future) => self.futures.push(future),
        }
        Ok(())
    }
}

impl Gathering for Results {
    type Row = Listed;
    /// A board is asked for one instrument after the other.
    const SPAN_MS: i64 = 600_000;

    fn time(listed: &Listed) -> Option<Timestamp> {
        match listed {
            Listed::Quote(quote) => Some(quote.time),
            Listed::Instrument(..) | Listed::Future(_) => None,
        }
    }

    fn snapshots(&mut self, report: &mut Report) -> Vec<RawSnapshot> {
        let mut quotes = std::mem::take(&mut self.quotes);
        quotes.sort_by_key(|q| q.time);
        let rules =
            BoardRules { settlement: Settlement::Inverse, rate: 0.0, iv_from_mark: false, has_open_interest: true };
        let mut board = Board::new(rules);
        let (mut rest, mut begun) = (&quotes[..], None);
        while let Some(first) = rest.first() {
            let end = first.time.plus_ms(Results::SPAN_MS);
            begun = Some(first.time);
            let (group, later) = rest.split_at(rest.partition_point(|q| q.time <= end));
            self.add_group(group, &mut board, report);
            rest = later;
        }
        self.has_begun = true;
        // A later snapshot begins more than ten minutes after this one.
        if let Some(begun) = begun {
            self.retire(begun, report);
        }
        board.finish(report)
    }

    fn complete(&mut self, _: &mut Dataset, report: &mut Report) {
        self.retire(Timestamp(i64::MAX), report);
    }
}

impl Results {
    /// The snapshots by time of all that was taken.
    pub fn finish(mut self, report: &mut Report) -> Vec<RawSnapshot> {
        let snapshots = self.snapshots(report);
        self.retire(Timestamp(i64::MAX), report);
        snapshots
    }

    /// What an option is: as it is listed, else as its name says.
    fn contract(&self, name: &str) -> Option<Contract> {
        self.instruments.get(name).copied().or_else(|| Contract::parse(name).map(|(_, contract)| contract))
    }

    fn add_group(&mut self, group: &[Quote], board: &mut Board, report: &mut Report) {
        let Some(newest) = group.last() else { return };
        let index = group.iter().rev().map(|q| q.index).find(|index| !index.is_nan()).unwrap_or(f64::NAN);
        let stated = self.stated(group);
        let futures = self.take_futures(group, &stated);
        report.note("forward of an expiry from its future", futures.len() as u64);
        let mut rows = Vec::with_capacity(group.len());
        for q in group {
            let Some(contract) = self.contract(&q.name) else {
                let found = format!("found instrument {:?}, expected a name like BTC-5JUL26-65000-C", q.name);
                report.error(&q.file, q.line, found);
                continue;
            };
            let Contract { expiry, strike, kind } = contract;
            let forward = if q.forward.is_nan() { futures.get(&expiry).copied() } else { Some(q.forward) };
            let Some(forward) = forward else {
                let right = if stated[&expiry] { "a positive number" } else { "one, or a future of its expiry" };
                report.error(&q.file, q.line, format!("found no underlying_price of {}, expected {right}", q.name));
                continue;
            };
            rows.push(Row { time: newest.time, expiry, strike: strike.0, kind, index, forward, quote: q.quote });
        }
        rows.into_iter().rev().for_each(|row| board.add(row, report));
    }

    /// The expiries of a snapshot, and whether any option of one states a forward.
    fn stated(&self, group: &[Quote]) -> BTreeMap<Timestamp, bool> {
        let mut stated = BTreeMap::new();
        for q in group {
            if let Some(contract) = self.contract(&q.name) {
                *stated.entry(contract.expiry).or_default() |= !q.forward.is_nan();
            }
        }
        stated
    }

    /// The newest futures of the expiries that state no forward.
    fn take_futures(&mut self, group: &[Quote], stated: &BTreeMap<Timestamp, bool>) -> BTreeMap<Timestamp, f64> {
        let mut taken = BTreeMap::new();
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return taken };
        let (from, to) = (last.time.plus_ms(-Results::SPAN_MS), first.time.plus_ms(Results::SPAN_MS));
        for expiry in stated.iter().filter(|(_, is_stated)| !**is_stated).map(|(expiry, _)| *expiry) {
            self.wanting = Some(to);
            let of_expiry = |f: &&mut Future| f.expiry == expiry && f.time >= from && f.time <= to;
            if let Some(future) = self.futures.iter_mut().filter(of_expiry).max_by_key(|f| f.time) {
                future.is_used = true;
                taken.insert(expiry, future.price);
            }
        }
        taken
    }

    /// Forgets futures until a time, and counts those that gave no forward.
    fn retire(&mut self, until: Timestamp, report: &mut Report) {
        let unused = self.futures.iter().filter(|f| f.time <= until && !f.is_used).count();
        report.drop_rows(NO_OPTION, unused as u64);
        self.futures.retain(|f| f.time > until);
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

fn instrument(name: &str, object: &Map<String, Value>) -> Result<Listed, Left> {
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
    Ok(Listed::Instrument(name.to_string(), Contract { expiry, strike: Price(strike), kind }))
}

fn quote(
    name: &str,
    object: &Map<String, Value>,
    (place, as_of): (Place<'_>, Option<Timestamp>),
) -> Result<Quote, Left> {
    if !is_open(object) {
        return Err(Left::Out("book that is not open"));
    }
    let Fields { at, bid, ask, index } = Fields::of(object);
    Ok(Quote {
        name: name.to_string(),
        time: time_or(object, at, as_of)?,
        index: none_if_zero(number(object, index)?),
        forward: none_if_zero(number(object, "underlying_price")?),
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

/// The future of a coin with a date, where it has a price.
fn future(name: &str, underlying: &str, object: &Map<String, Value>, as_of: Option<Timestamp>) -> Option<Future> {
    if object.contains_key("expiration_timestamp") || !is_open(object) || name.split('-').count() != 2 {
        return None;
    }
    // A future is named as its options are, without strike and kind.
    let option = format!("{name}-1-C");
    let (coin, Contract { expiry, .. }) = Contract::parse(&option)?;
    let Fields { at, bid, ask, .. } = Fields::of(object);
    let positive = |field: &str| number(object, field).ok().filter(|price| *price > 0.0);
    let mid = || positive(bid).zip(positive(ask)).filter(|(bid, ask)| bid <= ask).map(|(bid, ask)| (bid + ask) / 2.0);
    let (time, price) = (time_or(object, at, as_of).ok()?, positive("mark_price").or_else(mid)?);
    (coin == underlying).then_some(Future { expiry, time, price, is_used: false })
}

fn is_open(object: &Map<String, Value>) -> bool {
    object.get("state").and_then(Value::as_str).is_none_or(|state| state == "open")
}

/// What the fields of a result are called.
struct Fields {
    at: &'static str,
    bid: &'static str,
    ask: &'static str,
    index: &'static str,
}

impl Fields {
    /// Summaries have other names than books and tickers.
    fn of(object: &Map<String, Value>) -> Fields {
        let has = |field: &str| object.contains_key(field);
        if has("creation_timestamp") || has("bid_price") && !has("timestamp") {
            Fields { at: "creation_timestamp", bid: "bid_price", ask: "ask_price", index: "estimated_delivery_price" }
        } else {
            Fields { at: "timestamp", bid: "best_bid_price", ask: "best_ask_price", index: "index_price" }
        }
    }
}

/// The time of a result; where it states none, that of what holds it.
fn time_or(object: &Map<String, Value>, field: &str, as_of: Option<Timestamp>) -> Result<Timestamp, Left> {
    as_of.filter(|_| !object.contains_key(field)).map_or_else(|| time(object, field), Ok)
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
