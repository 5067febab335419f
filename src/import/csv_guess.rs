//! A mapping guessed from a CSV's headers and first rows, with what each guess rests on.

use super::ImportError;
use super::csv_map::{ColumnMap, CsvMap, FormatMap, IvUnit, PriceUnit, UnitMap, read_time};
use super::deribit_summary::figure;
use crate::units::{DAY_MS, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;

/// Rows that a guess looks at.
pub const SAMPLE_ROWS: usize = 2_000;

/// What a guess rests on, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The header is a usual one and the values fit.
    NameAndValues,
    /// Only the values fit.
    Values,
}

/// A field of the mapping and the column that was found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessedField {
    /// `time`, `expiry`, `strike` ...
    pub field: &'static str,
    /// The column's name.
    pub column: String,
    /// What the guess rests on.
    pub evidence: Evidence,
}

/// A guessed mapping; to be looked at before it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The mapping.
    pub map: CsvMap,
    /// Its columns.
    pub fields: Vec<GuessedField>,
    /// What was assumed, in sentences.
    pub notes: Vec<String>,
}

/// The usual names of each field, in lower case with underscores, the most telling first.
const NAMES: [(&str, &[&str]); 11] = [
    (
        "time",
        &[
            "quote_datetime",
            "quote_time",
            "quote_unixtime",
            "snapshot_ts",
            "snapshot_time",
            "timestamp",
            "datetime",
            "quote_ts",
            "quote_date",
            "quotedate",
            "trade_date",
            "data_date",
            "as_of",
            "time",
            "ts",
            "date",
            "day",
        ],
    ),
    (
        "expiry",
        &[
            "expiration_ts",
            "expiry_datetime",
            "expiration_datetime",
            "expiry_unix",
            "expire_unix",
            "expiration",
            "expiry",
            "expiration_date",
            "expiry_date",
            "expire_date",
            "exdate",
            "exp_date",
            "maturity",
            "exp",
        ],
    ),
    ("strike", &["strike", "strike_price", "strikeprice", "k"]),
    (
        "kind",
        &["option_type", "option_right", "cp_flag", "call_put", "callput", "put_call", "right", "cp", "type", "kind"],
    ),
    ("bid", &["bid_price", "bid", "best_bid_price", "best_bid", "bid_close", "b"]),
    ("ask", &["ask_price", "ask", "best_ask_price", "best_ask", "best_offer", "offer", "ask_close", "a"]),
    ("mark", &["mark_price", "mark", "mid_price", "mid", "theoretical_price", "fair_value"]),
    ("iv", &["mark_iv", "implied_volatility", "implied_vol", "impl_volatility", "iv", "vol", "sigma"]),
    (
        "underlying_price",
        &[
            "index_price",
            "spot_price",
            "spot",
            "underlying_last",
            "underlying_price",
            "stock_price",
            "und_price",
            "underlying_close",
            "underlying",
            "s",
        ],
    ),
    ("forward", &["forward", "forward_price", "futures_price", "future_price", "fwd"]),
    ("open_interest", &["open_interest", "openinterest", "oi"]),
];
/// Columns that may name the underlying.
const SYMBOLS: [&str; 9] =
    ["symbol", "underlying_symbol", "asset", "currency", "base_currency", "ticker", "root", "act_symbol", "sym"];
/// Ways to write a time, in the order of trial.
const TIMES: [&str; 9] =
    ["auto", "unix_s", "unix_ms", "unix_us", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y"];

/// The head of a file.
struct Sample {
    headers: Vec<String>,
    names: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Sample {
    fn read(reader: impl Read, file: &str) -> Result<Sample, ImportError> {
        let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(reader);
        let headers: Vec<String> =
            csv.headers().map_err(|e| ImportError::format(file, e))?.iter().map(str::to_string).collect();
        let rows: Vec<csv::StringRecord> = csv.records().flatten().take(SAMPLE_ROWS).collect();
        if rows.is_empty() {
            return Err(ImportError::format(file, "found no row, expected some to guess from"));
        }
        let names = headers.iter().map(|h| plain(h)).collect();
        Ok(Sample { headers, names, rows })
    }

    /// The filled fields of a column.
    fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).filter(|text| !text.is_empty())
    }

    /// True where the column has values and four of five pass: a file may have rows that cannot be read.
    fn most(&self, column: usize, passes: impl Fn(&str) -> bool) -> bool {
        let (all, passed) = (self.values(column).count(), self.values(column).filter(|text| passes(text)).count());
        all > 0 && 5 * passed >= 4 * all
    }

    fn numbers(&self, column: usize) -> Vec<f64> {
        self.values(column).filter_map(|text| text.parse().ok()).collect()
    }

    /// The format in which every value of the column is a time of the years 2000 to 2100.
    fn time_format(&self, column: usize) -> Option<&'static str> {
        let is_time = |text: &str, format| {
            let year = |t: Timestamp| t.day().year_month().0;
            read_time(text, format, "00:00").is_some_and(|t| (2000..2100).contains(&year(t)))
        };
        TIMES.into_iter().find(|format| self.most(column, |text| is_time(text, format)))
    }

    /// Whether the column's values can be those of a field.
    fn fits(&self, field: &str, column: usize) -> bool {
        let is_figure = |text: &str| figure("", text).is_ok();
        match field {
            "time" | "expiry" => self.time_format(column).is_some(),
            "kind" => self.most(column, |text| kind_of(text).is_some()),
            "strike" | "underlying_price" => {
                self.most(column, |t| t.parse::<f64>().is_ok_and(|v| v > 0.0 && v.is_finite()))
            }
            _ => self.most(column, is_figure),
        }
    }
}

/// Lower case, brackets off, anything else than letters and digits an underscore.
fn plain(header: &str) -> String {
    let lower = header.trim().trim_matches(['[', ']']).to_lowercase();
    lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// `Some(true)` of a call, `Some(false)` of a put.
fn kind_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "c" | "call" | "calls" => Some(true),
        "p" | "put" | "puts" => Some(false),
        _ => None,
    }
}

/// The columns that were found, by field.
struct Found {
    columns: BTreeMap<&'static str, (usize, Evidence)>,
}

impl Found {
    fn of(sample: &Sample) -> Found {
        let mut found = Found { columns: BTreeMap::new() };
        for (field, names) in NAMES {
            let at = |name: &&str| sample.names.iter().position(|n| n == *name);
            let named = names.iter().filter_map(at).find(|i| !found.is_taken(*i) && sample.fits(field, *i));
            if let Some(column) = named {
                found.columns.insert(field, (column, Evidence::NameAndValues));
            }
        }
        for field in ["kind", "time", "expiry"] {
            found.by_values(field, sample);
        }
        found
    }

    /// A column whose values can only be this field's, where no name told.
    fn by_values(&mut self, field: &'static str, sample: &Sample) {
        let is_free = |i: &usize| !self.is_taken(*i) && sample.fits(field, *i) && !is_plain_number(field, *i, sample);
        let free = (0..sample.headers.len()).find(is_free);
        if let (false, Some(column)) = (self.columns.contains_key(field), free) {
            self.columns.insert(field, (column, Evidence::Values));
        }
    }

    fn is_taken(&self, column: usize) -> bool {
        self.columns.values().any(|(taken, _)| *taken == column)
    }

    fn at(&self, field: &str) -> Option<usize> {
        self.columns.get(field).map(|(column, _)| *column)
    }
}

/// Numbers may be unix times by chance: without a name they are none.
fn is_plain_number(field: &str, column: usize, sample: &Sample) -> bool {
    field != "kind" && sample.time_format(column).is_some_and(|format| format.starts_with("unix"))
}

/// Guesses the mapping of a CSV from its headers and its first rows.
///
/// # Errors
/// A column that every mapping needs is not found; the sentence names the field and the headers there are.
pub fn guess(reader: impl Read, file: &str) -> Result<Guess, ImportError> {
    let sample = Sample::read(reader, file)?;
    let found = Found::of(&sample);
    let need = |field: &str| {
        found.at(field).ok_or_else(|| {
            let headers = sample.headers.join(", ");
            ImportError::format(
                file,
                format!("found no column of {field} among {headers}, expected one; write a mapping"),
            )
        })
    };
    let [time, expiry, strike, kind, index] =
        [need("time")?, need("expiry")?, need("strike")?, need("kind")?, need("underlying_price")?];
    let mut notes = Vec::new();
    let is_coin = is_coin(&sample, &found, [strike, kind, index]);
    let times = Times { time, expiry, is_coin };
    let (formats, cadence) = times.formats(&sample, kind, &mut notes);
    let (underlying, filters) = symbol(&sample, &mut notes);
    let name = |field: &str| found.at(field).map(|i| sample.headers[i].clone());
    let whole = |i: usize| sample.headers[i].clone();
    let columns = ColumnMap {
        time: whole(time),
        expiry: whole(expiry),
        strike: whole(strike),
        kind: whole(kind),
        bid: name("bid"),
        ask: name("ask"),
        mark: name("mark"),
        iv: name("iv"),
        underlying_price: whole(index),
        forward: name("forward"),
        open_interest: name("open_interest"),
    };
    notes.push(if is_coin {
        "prices are taken as coin and options as inverse: options in the money cost a part of one coin".into()
    } else {
        "prices are taken as USD and options as linear, contract and lot as 1: set contract_size and lot (100 of a stock)".into()
    });
    let units = UnitMap {
        price: if is_coin { PriceUnit::Coin } else { PriceUnit::Usd },
        iv: iv_unit(&sample, &found, &mut notes),
    };
    let id: String = plain(file.split('.').next().unwrap_or("data")).replace('_', "-");
    let dataset = json!({
        "id": id.trim_matches('-'),
        "underlying": underlying,
        "settlement": if is_coin { "inverse" } else { "linear" },
        "cadence_minutes": cadence,
        "calendar": if times.has_weekends(&sample) { json!("continuous") } else { json!({"weekdays": {"holidays": []}}) },
        "day_count": if times.has_weekends(&sample) { 365 } else { 252 },
        "fees": if is_coin { "deribit" } else { "none" },
    });
    let dataset = crate::json::of_value(&dataset).map_err(|e| ImportError::format(file, e))?;
    let fields = found.columns.iter().map(|(field, (column, evidence))| GuessedField {
        field,
        column: whole(*column),
        evidence: *evidence,
    });
    Ok(Guess { fields: fields.collect(), map: CsvMap { dataset, columns, formats, units, filters }, notes })
}

/// The columns of time and expiry.
struct Times {
    time: usize,
    expiry: usize,
    is_coin: bool,
}

impl Times {
    /// How times and kinds are written, and the minutes between snapshots.
    fn formats(&self, sample: &Sample, kind: usize, notes: &mut Vec<String>) -> (FormatMap, u32) {
        let format = |column| sample.time_format(column).unwrap_or("auto");
        let (time, expiry) = (format(self.time), format(self.expiry));
        let close = if self.is_coin { "08:00" } else { "20:00" };
        for (what, column, format) in [("time", self.time, time), ("expiry", self.expiry, expiry)] {
            if format == "%d/%m/%Y" && sample.most(column, |t| read_time(t, "%m/%d/%Y", close).is_some()) {
                notes.push(format!("{what} is read as day/month/year; month/day/year would fit as well"));
            }
            let is_midnight = |t: &str| read_time(t, format, "00:00").is_some_and(|t| t.day().start() == t);
            if sample.most(column, is_midnight) && !format.starts_with("unix") {
                notes.push(format!("{what} has no time of day: {close} UTC is assumed"));
            }
        }
        let of_kind = |is_call: bool| -> Vec<String> {
            let mut texts: Vec<String> =
                sample.values(kind).filter(|t| kind_of(t) == Some(is_call)).map(str::to_lowercase).collect();
            texts.sort();
            texts.dedup();
            if texts.is_empty() { vec![if is_call { "call".into() } else { "put".into() }] } else { texts }
        };
        let formats = FormatMap {
            time: time.into(),
            time_of_day: close.into(),
            expiry: expiry.into(),
            expiry_time_of_day: close.into(),
            call: of_kind(true),
            put: of_kind(false),
        };
        (formats, self.cadence(sample, time, notes))
    }

    fn sorted(&self, sample: &Sample, format: &str) -> Vec<Timestamp> {
        let mut times: Vec<Timestamp> =
            sample.values(self.time).filter_map(|text| read_time(text, format, "00:00")).collect();
        times.sort();
        times.dedup();
        times
    }

    /// The middle distance of neighbouring times, minutes; a day where the sample has one time.
    fn cadence(&self, sample: &Sample, format: &str, notes: &mut Vec<String>) -> u32 {
        let times = self.sorted(sample, format);
        let mut gaps: Vec<i64> = times.windows(2).map(|w| w[1].ms_since(w[0]) / 60_000).collect();
        gaps.sort_unstable();
        match gaps.get(gaps.len() / 2) {
            Some(minutes) => u32::try_from((*minutes).clamp(1, 10_080)).unwrap_or(1440),
            None => {
                notes.push(format!(
                    "the first {} rows are of one time: a cadence of a day is assumed",
                    sample.rows.len()
                ));
                1440
            }
        }
    }

    /// Coins trade every day; of others a quote on a weekend tells.
    fn has_weekends(&self, sample: &Sample) -> bool {
        let format = sample.time_format(self.time).unwrap_or("auto");
        self.is_coin || self.sorted(sample, format).iter().any(|t| Timestamp(t.0 - DAY_MS / 24).day().weekday() >= 5)
    }
}

/// Whether prices are in coin: options well in the money cost a part of one coin, and not their intrinsic value in USD.
fn is_coin(sample: &Sample, found: &Found, [strike, kind, index]: [usize; 3]) -> bool {
    let prices: Vec<usize> = ["bid", "ask", "mark"].iter().filter_map(|field| found.at(field)).collect();
    let (mut coin, mut usd) = (0, 0);
    for row in &sample.rows {
        let number = |i: usize| row.get(i).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let sign = if row.get(kind).and_then(kind_of) == Some(true) { 1.0 } else { -1.0 };
        let (index, intrinsic) = (number(index), sign * (number(index) - number(strike)));
        let price = prices.iter().map(|i| number(*i)).find(|price| *price > 0.0).unwrap_or(0.0);
        if price > 0.0 && intrinsic > 0.05 * index {
            let nearness = |usd: f64| (usd / intrinsic - 1.0).abs();
            if nearness(price * index) < nearness(price) { coin += 1 } else { usd += 1 }
        }
    }
    coin > usd
}

fn iv_unit(sample: &Sample, found: &Found, notes: &mut Vec<String>) -> IvUnit {
    let Some(column) = found.at("iv") else { return IvUnit::Fraction };
    let mut vols: Vec<f64> = sample.numbers(column).into_iter().filter(|v| *v > 0.0).collect();
    vols.sort_by(f64::total_cmp);
    let is_percent = vols.get(vols.len() / 2).is_some_and(|middle| *middle > 4.0);
    notes.push(format!("volatilities are taken as {}", if is_percent { "percent" } else { "fractions" }));
    if is_percent { IvUnit::Percent } else { IvUnit::Fraction }
}

/// The underlying's name and, where the column has several, the filter that keeps the most frequent.
fn symbol(sample: &Sample, notes: &mut Vec<String>) -> (String, BTreeMap<String, String>) {
    let is_name =
        |text: &str| text.len() <= 12 && !text.contains('-') && text.parse::<f64>().is_err() && text.is_ascii();
    let named = |name: &&str| sample.names.iter().position(|n| n == *name).filter(|i| sample.most(*i, is_name));
    let Some(column) = SYMBOLS.iter().find_map(named) else {
        notes.push("found no column of the underlying's name: set dataset.underlying".into());
        return ("XYZ".into(), BTreeMap::new());
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    sample.values(column).for_each(|text| *counts.entry(text).or_default() += 1);
    let most = counts.iter().max_by_key(|(_, n)| **n).map_or("XYZ", |(text, _)| *text).to_string();
    let filters = if counts.len() > 1 {
        notes.push(format!("{} underlyings in one file: only {most} is kept", counts.len()));
        BTreeMap::from([(sample.headers[column].clone(), most.clone())])
    } else {
        BTreeMap::new()
    };
    (most, filters)
}
