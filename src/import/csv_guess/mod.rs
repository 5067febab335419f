//! A mapping guessed from a CSV's headers and first rows, with what each guess rests on.

mod columns;
mod sample;
pub mod series;
mod times;

pub use sample::SAMPLE_ROWS;

use super::ImportError;
use super::csv_map::{ColumnMap, CsvMap, IvUnit, PriceUnit, UnitMap};
use columns::Found;
use sample::{Sample, kind_of, plain};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use times::Times;

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

/// Columns that may name the underlying.
const SYMBOLS: [&str; 9] =
    ["symbol", "underlying_symbol", "asset", "currency", "base_currency", "ticker", "root", "act_symbol", "sym"];
/// Guesses the mapping of a CSV from its headers and its first rows.
///
/// # Errors
/// A column that every mapping needs is not found; the sentence names the field and the headers there are.
pub fn guess(reader: impl Read, file: &str) -> Result<Guess, ImportError> {
    let sample = Sample::read(reader, file)?;
    let found = Found::of(&sample);
    let [time, expiry, strike, kind, index] = needed(&sample, &found, file)?;
    let mut notes = Vec::new();
    let is_coin = is_coin(&sample, &found, [strike, kind, index]);
    let times = Times { time, expiry, is_coin };
    let (formats, cadence) = times.formats(&sample, kind, &mut notes);
    let (underlying, filters) = symbol(&sample, &mut notes);
    notes.push(if is_coin {
        "prices are taken as coin and options as inverse: options in the money cost a part of one coin".into()
    } else {
        "prices are taken as USD and options as linear, contract and lot as 1: set contract_size and lot (100 of a stock)"
            .into()
    });
    let price = if is_coin { PriceUnit::Coin } else { PriceUnit::Usd };
    let units = UnitMap { price, iv: iv_unit(&sample, &found, &mut notes) };
    let is_continuous = times.has_weekends(&sample);
    let dataset = json!({
        "id": id_of(file),
        "underlying": underlying,
        "settlement": if is_coin { "inverse" } else { "linear" },
        "cadence_minutes": cadence,
        "calendar": if is_continuous { json!("continuous") } else { json!({"weekdays": {"holidays": []}}) },
        "day_count": if is_continuous { 365 } else { 252 },
        "fees": if is_coin { "deribit" } else { "none" },
    });
    let dataset = crate::json::of_value(&dataset).map_err(|e| ImportError::format(file, e))?;
    let map = CsvMap { dataset, columns: column_map(&sample, &found), formats, units, filters };
    Ok(Guess { fields: fields(&sample, &found), map, notes })
}

/// The id of a file's dataset: its name up to the first dot, as an id is written.
pub fn id_of(file: &str) -> String {
    plain(file.split('.').next().unwrap_or("data")).replace('_', "-").trim_matches('-').to_owned()
}

/// The columns that are found, where they do not suffice for a guess.
///
/// # Errors
/// The file has no headers or no row.
pub fn found(reader: impl Read, file: &str) -> Result<Vec<GuessedField>, ImportError> {
    let sample = Sample::read(reader, file)?;
    Ok(fields(&sample, &Found::of(&sample)))
}

/// The columns of time, expiry, strike, kind and price of the underlying.
fn needed(sample: &Sample, found: &Found, file: &str) -> Result<[usize; 5], ImportError> {
    let need = |field: &str| {
        found.at(field).ok_or_else(|| {
            let headers = sample.headers.join(", ");
            let missing = || format!("found no column of {field} among {headers}, expected one; write a mapping");
            let is_time = matches!(field, "time" | "expiry");
            ImportError::format(file, sample.other_years().filter(|_| is_time).unwrap_or_else(missing))
        })
    };
    Ok([need("time")?, need("expiry")?, need("strike")?, need("kind")?, need("underlying_price")?])
}

fn column_map(sample: &Sample, found: &Found) -> ColumnMap {
    let name = |field: &str| found.at(field).map(|i| sample.headers[i].clone());
    let whole = |field: &str| name(field).unwrap_or_default();
    ColumnMap {
        time: whole("time"),
        expiry: whole("expiry"),
        strike: whole("strike"),
        kind: whole("kind"),
        bid: name("bid"),
        ask: name("ask"),
        mark: name("mark"),
        iv: name("iv"),
        underlying_price: whole("underlying_price"),
        forward: name("forward"),
        open_interest: name("open_interest"),
    }
}

fn fields(sample: &Sample, found: &Found) -> Vec<GuessedField> {
    let field = |(field, (column, evidence)): (&&'static str, &(usize, Evidence))| GuessedField {
        field,
        column: sample.headers[*column].clone(),
        evidence: *evidence,
    };
    found.columns.iter().map(field).collect()
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
