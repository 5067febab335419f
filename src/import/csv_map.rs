//! The column mapping of a generic CSV, `MAP.json` (`docs/FORMAT.md`).

use super::ImportError;
use super::closes::{parse_clock, parse_time};
use crate::market::catalog::{Calendar, DataKind, Dataset, ExerciseStyle, FeePreset, Quality, Settlement, TickRule};
use crate::units::{Day, Timestamp};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A mapping: what the dataset is, where its columns are, how they are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvMap {
    /// Facts of the dataset that no row states.
    pub dataset: DatasetMap,
    /// Column names.
    pub columns: ColumnMap,
    /// How times and kinds are written.
    #[serde(default)]
    pub formats: FormatMap,
    /// What the numbers count.
    #[serde(default)]
    pub units: UnitMap,
    /// Rows are kept whose column (key) has this text (value).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, String>,
}

/// Facts of the dataset; see [`Dataset`] for the fields of the same names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are the catalog's, documented there")]
pub struct DatasetMap {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub underlying: String,
    #[serde(default = "file")]
    pub venue: String,
    pub settlement: Settlement,
    pub cadence_minutes: u32,
    #[serde(default)]
    pub calendar: Calendar,
    #[serde(default = "year")]
    pub day_count: u32,
    #[serde(default = "one")]
    pub contract_size: f64,
    #[serde(default = "one")]
    pub lot: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tick: Option<TickRule>,
    #[serde(default = "no_fees")]
    pub fees: FeePreset,
    #[serde(default)]
    pub rate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_minute_utc: Option<u32>,
    #[serde(default)]
    pub exercise: ExerciseStyle,
    #[serde(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defaults: Option<serde_json::Value>,
    #[serde(default = "file")]
    pub source: String,
    #[serde(default = "unknown")]
    pub licence: String,
    #[serde(default)]
    pub notes: Vec<String>,
}

fn file() -> String {
    "a file of the user".into()
}
fn unknown() -> String {
    "not stated".into()
}
fn year() -> u32 {
    365
}
fn one() -> f64 {
    1.0
}
fn no_fees() -> FeePreset {
    FeePreset::None
}

/// Column names; the optional ones may be absent from the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMap {
    /// When the row was quoted.
    pub time: String,
    /// When the option expires.
    pub expiry: String,
    /// Strike, USD.
    pub strike: String,
    /// Call or put.
    pub kind: String,
    /// Best bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bid: Option<String>,
    /// Best ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// Mark; the mid where there is none and both sides are quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Mark volatility; from the mark where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iv: Option<String>,
    /// Price of the underlying, USD.
    pub underlying_price: String,
    /// Forward of the expiry, USD; from the underlying price and the rate where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward: Option<String>,
    /// Open interest, coins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_interest: Option<String>,
}

/// How times and kinds are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormatMap {
    /// `auto` (ISO), `unix_s`, `unix_ms`, `unix_us`, or a pattern like `%d/%m/%Y %H:%M`, UTC.
    pub time: String,
    /// What time of day a time without one means, `HH:MM` UTC.
    pub time_of_day: String,
    /// As `time`, for expiries.
    pub expiry: String,
    /// What time of day an expiry without one means, `HH:MM` UTC.
    pub expiry_time_of_day: String,
    /// Texts that mean a call, whatever their case.
    pub call: Vec<String>,
    /// Texts that mean a put, whatever their case.
    pub put: Vec<String>,
}

impl Default for FormatMap {
    fn default() -> FormatMap {
        let texts = |t: &[&str]| t.iter().map(|t| t.to_string()).collect();
        FormatMap {
            time: "auto".into(),
            time_of_day: "08:00".into(),
            expiry: "auto".into(),
            expiry_time_of_day: "08:00".into(),
            call: texts(&["call", "c"]),
            put: texts(&["put", "p"]),
        }
    }
}

/// What the prices are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceUnit {
    /// Coin of an inverse option, USD of a linear one.
    #[default]
    Quote,
    /// Coin.
    Coin,
    /// USD; for an inverse option divided by the row's underlying price.
    Usd,
}

/// What the volatilities are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IvUnit {
    /// 0.65.
    #[default]
    Fraction,
    /// 65.
    Percent,
}

/// What the numbers count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnitMap {
    /// Bid, ask and mark.
    pub price: PriceUnit,
    /// Volatility.
    pub iv: IvUnit,
}

impl CsvMap {
    /// Reads `MAP.json`; an unknown field or a time of day that is none is refused by name.
    pub fn parse(bytes: &[u8], file: &str) -> Result<CsvMap, ImportError> {
        let map: CsvMap = crate::json::read(bytes).map_err(|e| ImportError::format(file, e))?;
        let formats = &map.formats;
        for (field, clock) in
            [("time_of_day", &formats.time_of_day), ("expiry_time_of_day", &formats.expiry_time_of_day)]
        {
            parse_clock(clock).ok_or_else(|| {
                ImportError::format(file, format!("formats.{field}: found {clock:?}, expected HH:MM"))
            })?;
        }
        if map.dataset.settlement == Settlement::Linear && map.units.price == PriceUnit::Coin {
            return Err(ImportError::format(file, "units.price: found coin on a linear dataset, expected usd"));
        }
        Ok(map)
    }

    /// The dataset's header; `assemble` completes days, quality and packs.
    pub fn header(&self) -> Dataset {
        let d = self.dataset.clone();
        let clock = parse_clock(&self.formats.expiry_time_of_day).unwrap_or(0);
        let tick = d.tick.unwrap_or_else(|| match d.settlement {
            Settlement::Inverse => TickRule::deribit_inverse(),
            Settlement::Linear => TickRule::cents(),
        });
        Dataset {
            title: d.title.unwrap_or_else(|| format!("{} options, recorded", d.underlying)),
            id: d.id,
            underlying: d.underlying,
            venue: d.venue,
            settlement: d.settlement,
            kind: DataKind::Recorded,
            cadence_minutes: d.cadence_minutes,
            calendar: d.calendar,
            first: Day(0),
            last: Day(0),
            day_count: d.day_count,
            contract_size: d.contract_size,
            lot: d.lot,
            tick,
            fees: d.fees,
            rate: d.rate,
            expiry_minute_utc: d.expiry_minute_utc.unwrap_or((clock / 60_000) as u32),
            exercise: d.exercise,
            defaults: d.defaults.unwrap_or_else(|| serde_json::json!({})),
            delivery: BTreeMap::new(),
            daily: Vec::new(),
            source: d.source,
            licence: d.licence,
            notes: d.notes,
            quality: Quality::default(),
            model: None,
            packs: Vec::new(),
        }
    }
}

/// 2200-01-01, after which no time is read, milliseconds.
const LATEST_MS: i64 = 7_258_118_400_000;

/// Reads a time as a format of [`FormatMap`] says; `None` where it is not written so.
pub(super) fn read_time(text: &str, format: &str, time_of_day: &str) -> Option<Timestamp> {
    let at_clock = |day: Timestamp| parse_clock(time_of_day).map(|ms| day.plus_ms(ms));
    let known = |ms: i64| (0..LATEST_MS).contains(&ms).then_some(Timestamp(ms));
    let number = || text.parse::<f64>().ok().filter(|v| v.is_finite());
    let unix = |scale: f64| number().and_then(|v| known((v * scale).round() as i64));
    match format {
        "auto" if Day::parse(text).is_some() => at_clock(parse_time(text)?),
        "auto" => parse_time(text),
        "unix_s" => unix(1000.0),
        "unix_ms" => unix(1.0),
        "unix_us" => unix(0.001),
        offset if offset.contains("%z") || offset.contains("%:z") => {
            known(chrono::DateTime::parse_from_str(text, offset).ok()?.timestamp_millis())
        }
        pattern => match chrono::NaiveDateTime::parse_from_str(text, pattern) {
            Ok(time) => known(time.and_utc().timestamp_millis()),
            Err(_) => {
                let date = chrono::NaiveDate::parse_from_str(text, pattern).ok()?;
                at_clock(known(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis())?)
            }
        },
    }
}

/// The year of a time that is written as a format without a count since 1970 says, known or not.
pub(super) fn written_year(text: &str, format: &str) -> Option<i32> {
    match format {
        "auto" => parse_time(text).map(|time| time.day().year_month().0),
        offset if offset.contains("%z") || offset.contains("%:z") => {
            chrono::DateTime::parse_from_str(text, offset).ok().map(|time| time.year())
        }
        pattern => {
            let time = chrono::NaiveDateTime::parse_from_str(text, pattern).map(|time| time.date());
            time.or_else(|_| chrono::NaiveDate::parse_from_str(text, pattern)).ok().map(|day| day.year())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_the_map_says() {
        for (text, format, iso) in [
            ("2026-01-02", "auto", "2026-01-02T08:00:00Z"),
            ("2026-01-02 16:00", "auto", "2026-01-02T16:00:00Z"),
            ("1767340800", "unix_s", "2026-01-02T08:00:00Z"),
            ("1767340800123", "unix_ms", "2026-01-02T08:00:00.123Z"),
            ("02/01/2026", "%d/%m/%Y", "2026-01-02T08:00:00Z"),
            ("02/01/2026 21:30", "%d/%m/%Y %H:%M", "2026-01-02T21:30:00Z"),
            ("2026-01-02 01:30:00+02:00", "%Y-%m-%d %H:%M:%S%.f%:z", "2026-01-01T23:30:00Z"),
        ] {
            assert_eq!(read_time(text, format, "08:00").map(Timestamp::iso).as_deref(), Some(iso), "{text}");
        }
        for (text, format) in
            [("2026-01-02", "%d/%m/%Y"), ("1767340800123000", "unix_s"), ("nan", "unix_s"), ("-1", "unix_ms")]
        {
            assert_eq!(read_time(text, format, "08:00"), None, "{text}");
        }
    }
}
