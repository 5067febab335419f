//! Tardis.dev `options_chain` CSV: one row whenever an option's quote, mark or greeks change, thinned on the way.
//!
//! Times are microseconds; a row counts from when it arrived (`local_timestamp`), which is the order of the file. Bid, ask and mark
//! are in coin, volatilities in percent, an empty field means none. There is no index column: `underlying_price`
//! is the expiry's forward. Source: docs.tardis.dev, "Downloadable CSV files", data type `options_chain`.

use super::board::{Row, RowQuote};
use super::deribit_summary::{figure, none_if_zero};
use super::thin::{Sink, Thinner};
use super::{ImportError, Report, column};
use crate::pricing::OptionKind;
use crate::units::Timestamp;
use std::io::Read;

/// Where the columns are.
struct Columns {
    exchange: usize,
    symbol: usize,
    timestamp: usize,
    arrival: usize,
    kind: usize,
    strike: usize,
    expiration: usize,
    open_interest: usize,
    bid: usize,
    ask: usize,
    mark: usize,
    iv: usize,
    forward: usize,
}

impl Columns {
    fn find(headers: &csv::StringRecord, file: &str) -> Result<Columns, ImportError> {
        let at = |name: &str| column(headers, name, file);
        Ok(Columns {
            exchange: at("exchange")?,
            symbol: at("symbol")?,
            timestamp: at("timestamp")?,
            arrival: at("local_timestamp")?,
            kind: at("type")?,
            strike: at("strike_price")?,
            expiration: at("expiration")?,
            open_interest: at("open_interest")?,
            bid: at("bid_price")?,
            ask: at("ask_price")?,
            mark: at("mark_price")?,
            iv: at("mark_iv")?,
            forward: at("underlying_price")?,
        })
    }
}

/// Feeds the rows of `underlying` to the thinner; files follow one another in time.
///
/// # Errors
/// The file is not of the format or cannot be read, or the sink refuses a snapshot.
pub fn read(
    reader: impl Read,
    file: &str,
    underlying: &str,
    thinner: &mut Thinner,
    report: &mut Report,
    sink: &mut impl Sink,
) -> Result<(), ImportError> {
    let mut rows = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(reader);
    let columns = Columns::find(rows.headers().map_err(|e| ImportError::format(file, e))?, file)?;
    let mut record = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(e) if e.is_io_error() => return Err(ImportError::format(file, e)),
            Err(e) => {
                report.error(file, e.position().map_or(0, |p| p.line()), &e);
                continue;
            }
        }
        match row(&record, &columns, underlying) {
            Ok(Taken::Row(row)) => thinner.add(row, report, sink)?,
            Ok(Taken::Not(reason)) => report.drop_rows(reason, 1),
            Err(message) => report.error(file, record.position().map_or(0, |p| p.line()), message),
        }
    }
}

/// A readable row, or why it is left out.
enum Taken {
    Row(Row),
    Not(&'static str),
}

fn row(record: &csv::StringRecord, columns: &Columns, underlying: &str) -> Result<Taken, String> {
    let field = |i: usize| record.get(i).unwrap_or_default();
    if field(columns.exchange) != "deribit" {
        return Ok(Taken::Not("option of another exchange than deribit"));
    }
    let symbol = field(columns.symbol);
    if !symbol.strip_prefix(underlying).is_some_and(|rest| rest.starts_with('-')) {
        return Ok(Taken::Not("option of another coin"));
    }
    let kind = match field(columns.kind) {
        "call" => OptionKind::Call,
        "put" => OptionKind::Put,
        other => return Err(format!("found type {other:?}, expected call or put")),
    };
    let arrival = if field(columns.arrival).is_empty() { columns.timestamp } else { columns.arrival };
    let time = microseconds("local_timestamp", field(arrival))?;
    let expiry = microseconds("expiration", field(columns.expiration))?;
    let strike = figure("strike_price", field(columns.strike))?;
    if strike.is_nan() || strike == 0.0 {
        return Err(format!("found strike_price {:?}, expected a positive number", field(columns.strike)));
    }
    let price = |what: &str, i: usize| figure(what, field(i)).map(none_if_zero);
    let forward = price("underlying_price", columns.forward)?;
    let quote = RowQuote {
        bid: price("bid_price", columns.bid)?,
        ask: price("ask_price", columns.ask)?,
        mark: figure("mark_price", field(columns.mark))?,
        iv: none_if_zero(figure("mark_iv", field(columns.iv))? / 100.0),
        open_interest: figure("open_interest", field(columns.open_interest))?,
    };
    if forward.is_nan() {
        return Ok(Taken::Not("row without an underlying price"));
    }
    Ok(Taken::Row(Row { time, expiry, strike, kind, index: f64::NAN, forward, quote }))
}

/// The millisecond that a number of microseconds falls in, rounded up so that no row counts before it was known.
fn microseconds(what: &str, text: &str) -> Result<Timestamp, String> {
    match text.parse::<i64>() {
        Ok(us) if (0..=7_258_118_400_000_000).contains(&us) => Ok(Timestamp((us + 999).div_euclid(1000))),
        _ => Err(format!("found {what} {text:?}, expected microseconds since 1970")),
    }
}
