//! Deribit summary CSV files: one snapshot a file, one row an option of either coin.
//!
//! Bid, ask, mark and forward of such a file come from one call; its volatility, delta and time to expiry come
//! from later ones or count 365.25 days, so volatilities are taken from the marks.

use super::board::{Board, BoardRules, Row, RowQuote};
use super::closes::parse_time;
use super::rows::Rows;
use super::{ImportError, Report, column};
use crate::market::{Contract, Settlement};
use crate::units::Timestamp;
use std::io::Read;

/// A board for summary files of a coin.
pub fn board() -> Board {
    Board::new(BoardRules { settlement: Settlement::Inverse, rate: 0.0, iv_from_mark: true, has_open_interest: true })
}

/// Where the columns are.
struct Columns {
    time: usize,
    instrument: usize,
    forward: usize,
    bid: usize,
    ask: usize,
    mark: usize,
    open_interest: usize,
    index: usize,
}

impl Columns {
    fn find(headers: &csv::StringRecord, file: &str) -> Result<Columns, ImportError> {
        let at = |name: &str| column(headers, name, file);
        Ok(Columns {
            time: at("timestamp")?,
            instrument: at("instrument_name")?,
            forward: at("underlying")?,
            bid: at("bid_price")?,
            ask: at("ask_price")?,
            mark: at("mark_price")?,
            open_interest: at("open_interest")?,
            index: at("index_price")?,
        })
    }
}

/// Hands on the rows of `underlying` of one file; its time and index are those of the coin's first row.
///
/// # Errors
/// The file is not of the format or cannot be read, or a row is not taken.
pub fn read(
    reader: impl Read,
    file: &str,
    underlying: &str,
    into: &mut dyn Rows<Row>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut rows = csv::Reader::from_reader(reader);
    let columns = Columns::find(rows.headers().map_err(|e| ImportError::format(file, e))?, file)?;
    let mut state: Option<(Timestamp, f64)> = None;
    for record in rows.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) if e.is_io_error() => return Err(ImportError::format(file, e)),
            Err(e) => {
                report.error(file, e.position().map_or(0, |p| p.line()), e);
                continue;
            }
        };
        let line = record.position().map_or(0, |p| p.line());
        match row(&record, &columns, underlying) {
            Ok(Some(mut row)) => {
                let (time, index) = *state.get_or_insert((row.time, row.index));
                (row.time, row.index) = (time, index);
                into.take(row, report)?;
            }
            Ok(None) => report.drop_rows("option of another coin", 1),
            Err(message) => report.error(file, line, message),
        }
    }
    Ok(())
}

/// A row of the coin; `None` for another coin's.
fn row(record: &csv::StringRecord, columns: &Columns, underlying: &str) -> Result<Option<Row>, String> {
    let field = |i: usize| record.get(i).unwrap_or_default().trim();
    let name = field(columns.instrument);
    let (coin, contract) = Contract::parse(name)
        .ok_or_else(|| format!("found instrument {name:?}, expected a name like BTC-5JUL26-65000-C"))?;
    if coin != underlying {
        return Ok(None);
    }
    let time = parse_time(field(columns.time))
        .ok_or_else(|| format!("found timestamp {:?}, expected an ISO time in UTC", field(columns.time)))?;
    let positive = |what: &str, i: usize| {
        let value = figure(what, field(i))?;
        if value > 0.0 { Ok(value) } else { Err(format!("found {what} {:?}, expected a positive number", field(i))) }
    };
    let price = |what: &str, i: usize| figure(what, field(i)).map(none_if_zero);
    let quote = RowQuote {
        bid: price("bid_price", columns.bid)?,
        ask: price("ask_price", columns.ask)?,
        mark: figure("mark_price", field(columns.mark))?,
        iv: f64::NAN,
        open_interest: figure("open_interest", field(columns.open_interest))?,
    };
    Ok(Some(Row {
        time,
        expiry: contract.expiry,
        strike: contract.strike.0,
        kind: contract.kind,
        index: positive("index_price", columns.index)?,
        forward: positive("underlying", columns.forward)?,
        quote,
    }))
}

/// A price of 0 means that there is none.
pub(super) fn none_if_zero(price: f64) -> f64 {
    if price == 0.0 { f64::NAN } else { price }
}

/// A figure of 0 or more; NaN where the field is empty or says so.
pub(super) fn figure(what: &str, text: &str) -> Result<f64, String> {
    if text.is_empty() || ["nan", "none", "null", "na", "n/a"].iter().any(|n| text.eq_ignore_ascii_case(n)) {
        return Ok(f64::NAN);
    }
    match text.parse::<f64>() {
        Ok(value) if value >= 0.0 && value.is_finite() => Ok(value),
        _ => Err(format!("found {what} {text:?}, expected a number of 0 or more, or nothing")),
    }
}
