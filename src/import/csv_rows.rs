//! Rows of a generic CSV, by the columns of its mapping.

use super::board::{Board, BoardRules, Row, RowQuote};
use super::csv_map::{ColumnMap, CsvMap, IvUnit, PriceUnit, read_time};
use super::deribit_summary::{figure, none_if_zero};
use super::rows::Rows;
use super::{ImportError, Report};
use crate::market::Settlement;
use crate::pricing::OptionKind;
use std::io::Read;

/// A board for the rows of a mapped file.
pub fn board(map: &CsvMap) -> Board {
    Board::new(BoardRules {
        settlement: map.dataset.settlement,
        rate: map.dataset.rate,
        iv_from_mark: false,
        has_open_interest: map.columns.open_interest.is_some(),
    })
}

/// Positions of the mapped columns in a file.
struct Places {
    time: usize,
    expiry: usize,
    strike: usize,
    kind: usize,
    index: usize,
    bid: Option<usize>,
    ask: Option<usize>,
    mark: Option<usize>,
    iv: Option<usize>,
    forward: Option<usize>,
    open_interest: Option<usize>,
    filters: Vec<(usize, String)>,
}

impl Places {
    fn find(map: &CsvMap, headers: &csv::StringRecord, file: &str) -> Result<Places, ImportError> {
        let at = |name: &String| {
            let missing =
                || ImportError::format(file, format!("found no column {name:?}, expected one as the map says"));
            headers.iter().position(|h| h.trim() == name).ok_or_else(missing)
        };
        let maybe = |name: &Option<String>| name.as_ref().map(at).transpose();
        let ColumnMap { time, expiry, strike, kind, bid, ask, mark, iv, underlying_price, forward, open_interest } =
            &map.columns;
        Ok(Places {
            time: at(time)?,
            expiry: at(expiry)?,
            strike: at(strike)?,
            kind: at(kind)?,
            index: at(underlying_price)?,
            bid: maybe(bid)?,
            ask: maybe(ask)?,
            mark: maybe(mark)?,
            iv: maybe(iv)?,
            forward: maybe(forward)?,
            open_interest: maybe(open_interest)?,
            filters: map.filters.iter().map(|(k, v)| Ok((at(k)?, v.clone()))).collect::<Result<_, ImportError>>()?,
        })
    }
}

/// Hands on the rows of one file.
///
/// # Errors
/// The file is not as the mapping says or cannot be read, or a row is not taken.
pub fn read(
    reader: impl Read,
    file: &str,
    map: &CsvMap,
    into: &mut dyn Rows<Row>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader);
    let places = Places::find(map, rows.headers().map_err(|e| ImportError::format(file, e))?, file)?;
    let mut record = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(e) => {
                report.error(file, e.position().map_or(0, |p| p.line()), &e);
                if e.is_io_error() {
                    return Err(ImportError::format(file, e));
                }
                continue;
            }
        }
        let line = record.position().map_or(0, |p| p.line());
        if places.filters.iter().any(|(i, text)| record.get(*i) != Some(text)) {
            report.drop_rows("left out by the map's filters", 1);
            continue;
        }
        match row(&record, &places, map) {
            Ok(row) => into.take(row, report)?,
            Err(message) => report.error(file, line, message),
        }
    }
}

fn row(record: &csv::StringRecord, places: &Places, map: &CsvMap) -> Result<Row, String> {
    let field = |i: usize| record.get(i).unwrap_or_default();
    let formats = &map.formats;
    let time = |i: usize, what: &str, format: &str, clock: &str| {
        read_time(field(i), format, clock).ok_or_else(|| format!("found {what} {:?}, expected {format}", field(i)))
    };
    let positive = |i: usize, what: &str| match figure(what, field(i))? {
        value if value > 0.0 => Ok(value),
        _ => Err(format!("found {what} {:?}, expected a positive number", field(i))),
    };
    let maybe = |i: Option<usize>, what: &str| i.map_or(Ok(f64::NAN), |i| figure(what, field(i)));
    let index = positive(places.index, "underlying price")?;
    let is_usd_coin = map.units.price == PriceUnit::Usd && map.dataset.settlement == Settlement::Inverse;
    let price_unit = if is_usd_coin { index } else { 1.0 };
    let price = |i: Option<usize>, what: &str| maybe(i, what).map(|p| p / price_unit);
    let iv_unit = if map.units.iv == IvUnit::Percent { 100.0 } else { 1.0 };
    Ok(Row {
        time: time(places.time, "time", &formats.time, &formats.time_of_day)?,
        expiry: time(places.expiry, "expiry", &formats.expiry, &formats.expiry_time_of_day)?,
        strike: positive(places.strike, "strike")?,
        kind: kind(field(places.kind), map)?,
        index,
        forward: none_if_zero(maybe(places.forward, "forward")?),
        quote: RowQuote {
            bid: none_if_zero(price(places.bid, "bid")?),
            ask: none_if_zero(price(places.ask, "ask")?),
            mark: price(places.mark, "mark")?,
            iv: none_if_zero(maybe(places.iv, "iv")? / iv_unit),
            open_interest: maybe(places.open_interest, "open interest")?,
        },
    })
}

fn kind(text: &str, map: &CsvMap) -> Result<OptionKind, String> {
    let is_one_of = |texts: &[String]| texts.iter().any(|t| t.eq_ignore_ascii_case(text));
    if is_one_of(&map.formats.call) {
        Ok(OptionKind::Call)
    } else if is_one_of(&map.formats.put) {
        Ok(OptionKind::Put)
    } else {
        Err(format!("found kind {text:?}, expected {} or {}", map.formats.call.join("|"), map.formats.put.join("|")))
    }
}
