//! OptionsDX end-of-day text: bracketed headers, either one row an option (crypto) or one row a strike with call and put (stocks).
//!
//! Only `QUOTE_UNIXTIME` and the expiry's unix time are used: the printed times are of a local clock. The crypto files are
//! Deribit's: prices in coin, `UNDERLYING_PRICE` is the forward of the row's expiry at the moment the row was read, and there is no mark, so that it
//! is Black-76 at the row's own `MARK_IV` and forward. The stock files are in USD per share.

use super::board::{Board, BoardRules, Row, RowQuote};
use super::deribit_summary::{figure, none_if_zero};
use super::rows::{Gathering, Rows};
use super::{ImportError, Report, deribit_months};
use crate::market::catalog::{Calendar, ExerciseStyle, FeePreset, TickRule};
use crate::market::{Dataset, RawSnapshot, Settlement};
use crate::pricing::{OptionKind, price as black76};
use crate::units::Timestamp;
use std::io::Read;

/// Which of the two layouts a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One row an option, in coin.
    Options,
    /// One row a strike with columns of call and put, in USD.
    Strikes,
}

/// What the files do not state.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionsDx {
    /// Coin to keep, or the stock of files that do not name theirs.
    pub underlying: String,
    /// Continuous rate per year, for the forwards of a stock.
    pub rate: f64,
    /// Exercise style of a stock's options.
    pub exercise: ExerciseStyle,
    /// Units of the underlying in a contract of a stock.
    pub contract_size: f64,
}

impl OptionsDx {
    /// The header of a coin's dataset; the packs complete days and quality.
    pub fn coin(&self, id: String) -> Dataset {
        Dataset {
            cadence_minutes: 1440,
            source: "OptionsDX end-of-day files of Deribit".into(),
            ..deribit_months::header(id, &self.underlying)
        }
    }

    /// The header of a stock's dataset; its rows complete delivery prices and the time of day of an expiry.
    pub fn stock(&self, id: String) -> Dataset {
        Dataset {
            title: format!("{} options, end of day, recorded", self.underlying),
            venue: "us".into(),
            settlement: Settlement::Linear,
            cadence_minutes: 1440,
            calendar: Calendar::Weekdays { holidays: Vec::new() },
            day_count: 252,
            contract_size: self.contract_size,
            lot: self.contract_size,
            tick: TickRule::cents(),
            fees: FeePreset::None,
            rate: self.rate,
            expiry_minute_utc: 20 * 60,
            exercise: self.exercise,
            defaults: serde_json::json!({"account": {"holding": self.contract_size}}),
            source: "OptionsDX end-of-day files".into(),
            ..deribit_months::header(id, &self.underlying)
        }
    }
}

/// Rows of one layout as they are gathered.
pub struct Boards {
    /// The rows.
    pub board: Board,
    layout: Layout,
    /// Minutes after midnight of the latest time of day of an expiry.
    latest_minute: Option<u32>,
}

impl Boards {
    /// Nothing yet; `rate` makes the forwards of stocks.
    pub fn new(layout: Layout, rate: f64) -> Boards {
        let board = Board::new(match layout {
            Layout::Options => {
                BoardRules { settlement: Settlement::Inverse, rate: 0.0, iv_from_mark: false, has_open_interest: true }
            }
            Layout::Strikes => {
                BoardRules { settlement: Settlement::Linear, rate, iv_from_mark: true, has_open_interest: false }
            }
        });
        Boards { board, layout, latest_minute: None }
    }
}

impl Rows<Row> for Boards {
    fn take(&mut self, row: Row, report: &mut Report) -> Result<(), ImportError> {
        self.board.take(row, report)
    }
}

impl Gathering for Boards {
    type Row = Row;

    fn time(row: &Row) -> Option<Timestamp> {
        Some(row.time)
    }

    fn snapshots(&mut self, report: &mut Report) -> Vec<RawSnapshot> {
        let snapshots = self.board.snapshots(report);
        let minute = |expiry: Timestamp| (expiry.ms_since(expiry.day().start()) / 60_000) as u32;
        let minutes = snapshots.iter().flat_map(|s| &s.chains).map(|chain| minute(chain.expiry));
        self.latest_minute = self.latest_minute.max(minutes.max());
        snapshots
    }

    /// A stock's expiries are at the latest time of day of one, and its rows of that day say what it was delivered at.
    fn complete(&mut self, header: &mut Dataset, _: &mut Report) {
        if self.layout == Layout::Strikes {
            header.delivery = std::mem::take(&mut self.board.delivery);
            header.expiry_minute_utc = self.latest_minute.unwrap_or(header.expiry_minute_utc);
        }
    }
}

/// The bracketed headers of a file.
struct Headers<'a> {
    names: Vec<String>,
    file: &'a str,
}

impl Headers<'_> {
    fn at(&self, name: &str) -> Result<usize, ImportError> {
        let missing = || ImportError::format(self.file, format!("found no column [{name}], expected one"));
        self.names.iter().position(|h| h == name).ok_or_else(missing)
    }

    fn layout(&self) -> Layout {
        if self.names.iter().any(|h| h == "C_BID") { Layout::Strikes } else { Layout::Options }
    }
}

impl<'a> Headers<'a> {
    fn read(rows: &mut csv::Reader<impl Read>, file: &'a str) -> Result<Headers<'a>, ImportError> {
        let found = rows.headers().map_err(|e| ImportError::format(file, e))?;
        Ok(Headers { names: found.iter().map(|h| h.trim_matches(['[', ']']).to_string()).collect(), file })
    }
}

fn csv_of<R: Read>(reader: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader)
}

/// The layout of a file.
///
/// # Errors
/// The file cannot be read.
pub fn layout(reader: impl Read, file: &str) -> Result<Layout, ImportError> {
    Ok(Headers::read(&mut csv_of(reader), file)?.layout())
}

/// Hands on the rows of one file; `underlying` is a coin's name and is not looked at in a stock's file, which has none.
///
/// # Errors
/// The file is not of the format, of another layout or cannot be read, or a row is not taken.
pub fn read(
    reader: impl Read,
    file: &str,
    (layout, underlying): (Layout, &str),
    into: &mut dyn Rows<Row>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let mut rows = csv_of(reader);
    let headers = Headers::read(&mut rows, file)?;
    if headers.layout() != layout {
        return Err(ImportError::format(file, "found another layout than in the file before, expected one of both"));
    }
    let columns = match layout {
        Layout::Options => Columns::Options(OptionColumns::find(&headers)?),
        Layout::Strikes => Columns::Strikes(StrikeColumns::find(&headers)?),
    };
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
        match columns.rows(&record, underlying) {
            Ok(Parsed::OtherCoin) => report.drop_rows("option of another coin", 1),
            Ok(Parsed::Rows(rows)) => rows.into_iter().flatten().try_for_each(|row| into.take(row, report))?,
            Err(message) => report.error(file, record.position().map_or(0, |p| p.line()), message),
        }
    }
}

/// What a line comes to.
enum Parsed {
    OtherCoin,
    Rows([Option<Row>; 2]),
}

/// Where the columns are, by layout.
enum Columns {
    Options(OptionColumns),
    Strikes(StrikeColumns),
}

impl Columns {
    fn rows(&self, record: &csv::StringRecord, underlying: &str) -> Result<Parsed, String> {
        match self {
            Columns::Options(columns) => columns.row(record, underlying),
            Columns::Strikes(columns) => columns.rows(record),
        }
    }
}

struct OptionColumns {
    time: usize,
    coin: usize,
    forward: usize,
    expiry: usize,
    kind: usize,
    strike: usize,
    bid: usize,
    ask: usize,
    open_interest: usize,
    iv: usize,
}

impl OptionColumns {
    fn find(headers: &Headers<'_>) -> Result<OptionColumns, ImportError> {
        Ok(OptionColumns {
            time: headers.at("QUOTE_UNIXTIME")?,
            coin: headers.at("BASE_CURRENCY")?,
            forward: headers.at("UNDERLYING_PRICE")?,
            expiry: headers.at("EXPIRY_UNIX")?,
            kind: headers.at("OPTION_RIGHT")?,
            strike: headers.at("STRIKE")?,
            bid: headers.at("BID_PRICE")?,
            ask: headers.at("ASK_PRICE")?,
            open_interest: headers.at("OPEN_INTEREST")?,
            iv: headers.at("MARK_IV")?,
        })
    }

    fn row(&self, record: &csv::StringRecord, underlying: &str) -> Result<Parsed, String> {
        let field = |i: usize| record.get(i).unwrap_or_default();
        if field(self.coin) != underlying {
            return Ok(Parsed::OtherCoin);
        }
        let time = seconds("QUOTE_UNIXTIME", field(self.time))?;
        let expiry = seconds("EXPIRY_UNIX", field(self.expiry))?;
        let strike = positive("STRIKE", field(self.strike))?;
        let forward = positive("UNDERLYING_PRICE", field(self.forward))?;
        let kind = match field(self.kind) {
            "call" => OptionKind::Call,
            "put" => OptionKind::Put,
            other => return Err(format!("found OPTION_RIGHT {other:?}, expected call or put")),
        };
        let price = |what: &str, i: usize| figure(what, field(i)).map(none_if_zero);
        let iv = price("MARK_IV", self.iv)? / 100.0;
        let years = expiry.years_since(time);
        let has_mark = years > 0.0 && iv > 0.0;
        let mark = if has_mark { black76(kind, forward, strike, years, iv) / forward } else { f64::NAN };
        let quote = RowQuote {
            bid: price("BID_PRICE", self.bid)?,
            ask: price("ASK_PRICE", self.ask)?,
            mark,
            iv,
            open_interest: figure("OPEN_INTEREST", field(self.open_interest))?,
        };
        Ok(Parsed::Rows([Some(Row { time, expiry, strike, kind, index: f64::NAN, forward, quote }), None]))
    }
}

struct StrikeColumns {
    time: usize,
    index: usize,
    expiry: usize,
    strike: usize,
    /// Bid and ask of the call, of the put.
    touches: [[usize; 2]; 2],
}

impl StrikeColumns {
    fn find(headers: &Headers<'_>) -> Result<StrikeColumns, ImportError> {
        Ok(StrikeColumns {
            time: headers.at("QUOTE_UNIXTIME")?,
            index: headers.at("UNDERLYING_LAST")?,
            expiry: headers.at("EXPIRE_UNIX")?,
            strike: headers.at("STRIKE")?,
            touches: [[headers.at("C_BID")?, headers.at("C_ASK")?], [headers.at("P_BID")?, headers.at("P_ASK")?]],
        })
    }

    fn rows(&self, record: &csv::StringRecord) -> Result<Parsed, String> {
        let field = |i: usize| record.get(i).unwrap_or_default();
        let time = seconds("QUOTE_UNIXTIME", field(self.time))?;
        let expiry = seconds("EXPIRE_UNIX", field(self.expiry))?;
        let strike = positive("STRIKE", field(self.strike))?;
        let index = positive("UNDERLYING_LAST", field(self.index))?;
        let mut rows = [None, None];
        for (row, (kind, touch)) in
            rows.iter_mut().zip([(OptionKind::Call, self.touches[0]), (OptionKind::Put, self.touches[1])])
        {
            let price = |what: &str, i: usize| figure(what, field(i)).map(none_if_zero);
            let (bid, ask) = (price("BID", touch[0])?, price("ASK", touch[1])?);
            let quote = RowQuote { bid, ask, mark: f64::NAN, iv: f64::NAN, open_interest: f64::NAN };
            *row = Some(Row { time, expiry, strike, kind, index, forward: f64::NAN, quote });
        }
        Ok(Parsed::Rows(rows))
    }
}

fn positive(what: &str, text: &str) -> Result<f64, String> {
    match figure(what, text)? {
        value if value > 0.0 => Ok(value),
        _ => Err(format!("found {what} {text:?}, expected a positive number")),
    }
}

fn seconds(what: &str, text: &str) -> Result<Timestamp, String> {
    match text.parse::<f64>() {
        Ok(s) if (0.0..=7_258_118_400.0).contains(&s) => Ok(Timestamp((s * 1000.0).round() as i64)),
        _ => Err(format!("found {what} {text:?}, expected seconds since 1970")),
    }
}
