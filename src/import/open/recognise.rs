//! What a file is, by its name and its beginning.

use super::Head;
use crate::import::csv_guess::series::{Series, other_years};
use serde_json::Value;

/// Fewest columns of a CSV of options: time, expiry, strike, kind and a price of the underlying.
const FEWEST_COLUMNS: usize = 5;

/// What a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A dataset folder as an archive.
    #[default]
    Zip,
    /// The catalog of a dataset folder.
    Catalog,
    /// A pack of a dataset folder.
    Pack,
    /// Tardis.dev `options_chain`.
    Tardis,
    /// OptionsDX of a coin.
    OptionsDxCoin,
    /// OptionsDX of a stock.
    OptionsDxStock,
    /// Results of Deribit's public API.
    Api,
    /// Deribit summary CSV.
    Summary,
    /// A month of Deribit snapshots.
    Months,
    /// A CSV whose columns must be named.
    Csv,
    /// Delivery prices, beside options.
    Delivery,
    /// Bars of the underlying, beside options or a series of their own.
    Bars,
    /// A time and a figure: a price, or a volatility.
    Series,
}

impl Kind {
    /// Its name for people.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Zip => "A dataset folder in an archive",
            Kind::Catalog | Kind::Pack => "A dataset folder",
            Kind::Tardis => "Tardis.dev options_chain",
            Kind::OptionsDxCoin => "OptionsDX end of day, options on a coin",
            Kind::OptionsDxStock => "OptionsDX end of day, options on a stock",
            Kind::Api => "Results of Deribit's public API",
            Kind::Summary => "Deribit book summaries",
            Kind::Months => "Months of Deribit snapshots",
            Kind::Csv => "A CSV of options",
            Kind::Delivery => "Delivery prices",
            Kind::Bars => "Prices of the underlying",
            Kind::Series => "A price series",
        }
    }

    /// It only says something about options in other files.
    pub fn is_beside(self) -> bool {
        matches!(self, Kind::Delivery | Kind::Bars | Kind::Series)
    }

    /// Files of both kinds make one dataset.
    pub fn goes_with(self, other: Kind) -> bool {
        let folder = |kind| matches!(kind, Kind::Catalog | Kind::Pack);
        self == other || folder(self) && folder(other)
    }
}

/// What a file is.
///
/// # Errors
/// One sentence: file, found, right.
pub fn recognise(head: &Head) -> Result<Kind, String> {
    let refuse = |found: &str, right: &str| Err(format!("{}: found {found}, expected {right}", head.name));
    let bytes = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head.bytes);
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Zip);
    }
    if bytes.is_empty() {
        return refuse("an empty file", "one with option quotes or prices");
    }
    if bytes.contains(&0) {
        return refuse("bytes that are no text", "CSV, JSON lines, either in gzip, or a dataset folder as zip");
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start();
    if text.starts_with("[QUOTE_") {
        return Ok(if first_line(text).contains("[C_BID]") { Kind::OptionsDxStock } else { Kind::OptionsDxCoin });
    }
    if text.starts_with(['{', '[']) {
        let words =
            "catalog.json with its packs, months of snapshots, or results of Deribit's API with instrument_name";
        return json_kind(text).map_or_else(|| refuse("other JSON", words), Ok);
    }
    let columns: Vec<String> = columns(bytes).iter().map(|column| column.to_lowercase()).collect();
    if let Some(kind) = csv_kind(&columns) {
        return Ok(kind);
    }
    if Series::of(bytes, &head.name).is_some() {
        return Ok(Kind::Series);
    }
    if columns.len() < FEWEST_COLUMNS {
        if let Some(found) = other_years(bytes, &head.name) {
            return Err(format!("{}: {found}", head.name));
        }
        let found = match columns.len() {
            0 | 1 => "text without columns".to_owned(),
            n => format!("{n} columns, {}", columns.join(", ")),
        };
        let right = "a time with a price, or at least five: time, expiry, strike, call or put, price of the underlying";
        return refuse(&found, right);
    }
    Ok(Kind::Csv)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The columns' names of a CSV.
pub(super) fn columns(bytes: &[u8]) -> Vec<String> {
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    rows.headers().map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default()
}

fn json_kind(text: &str) -> Option<Kind> {
    let head: String = text.chars().take(400).filter(|c| !c.is_whitespace()).collect();
    let has = |part: &str| head.contains(part);
    if has("\"datasets\":[") {
        return Some(Kind::Catalog);
    }
    if has("\"dataset\":\"") && has("\"kind\":\"") {
        return Some(Kind::Pack);
    }
    if has("\"venue\":\"deribit\"") && has("\"ccy\":") {
        return Some(Kind::Months);
    }
    let names_instruments = text.contains("\"instrument_name\"");
    let is_json = serde_json::from_str::<Value>(first_line(text)).is_ok() || text.len() > first_line(text).len();
    (names_instruments && is_json).then_some(Kind::Api)
}

/// The kind of a CSV whose columns are known, in lower case.
fn csv_kind(columns: &[String]) -> Option<Kind> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let all = |names: &[&str]| names.iter().all(|name| has(name));
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    let has_strike = columns.iter().any(|column| column.contains("strike"));
    if all(&["exchange", "symbol", "local_timestamp", "strike_price", "expiration"]) {
        return Some(Kind::Tardis);
    }
    if all(&["timestamp", "instrument_name", "underlying", "mark_price", "index_price"]) {
        return Some(Kind::Summary);
    }
    let is_dated = any(&["ts", "time", "timestamp", "date"]);
    if is_dated && !has_strike && (any(&["close", "adjclose"])) {
        return Some(Kind::Bars);
    }
    let is_delivery = any(&["delivery_proxy", "delivery_price", "delivery", "price"]);
    (has("date") && is_delivery && !has_strike && columns.len() < FEWEST_COLUMNS).then_some(Kind::Delivery)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str, text: &str) -> Head {
        Head { name: name.into(), size: text.len() as u64, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for (name, text, sentence) in [
            ("a.csv", "", "a.csv: found an empty file, expected one with option quotes or prices"),
            (
                "a.png",
                "\u{89}PNG\0",
                "a.png: found bytes that are no text, expected CSV, JSON lines, either in gzip, or a dataset folder as zip",
            ),
            (
                "a.csv",
                "name,age\nA,3\n",
                "a.csv: found 2 columns, name, age, expected a time with a price, or at least five: time, expiry, strike, call or put, price of the underlying",
            ),
            (
                "a.txt",
                "Dear all\n",
                "a.txt: found text without columns, expected a time with a price, or at least five: time, expiry, strike, call or put, price of the underlying",
            ),
            (
                "a.json",
                "{\"a\": 1}",
                "a.json: found other JSON, expected catalog.json with its packs, months of snapshots, or results of Deribit's API with instrument_name",
            ),
        ] {
            assert_eq!(recognise(&head(name, text)), Err(sentence.into()));
        }
    }

    #[test]
    fn prices_beside_options_are_told_apart() {
        for (text, kind) in [
            ("date,ccy,delivery_price\n", Kind::Delivery),
            ("ts,open,high,low,close,volume\n", Kind::Bars),
            ("Date,Close\n", Kind::Bars),
            ("observation_date,GVZCLS\n2024-01-02,20\n", Kind::Series),
            ("when,open,high,low,last,volume\n2024-01-02,1,2,1,2,9\n", Kind::Series),
            ("date,strike,expiry,type,spot,price\n", Kind::Csv),
        ] {
            assert_eq!(recognise(&head("x.csv", text)), Ok(kind), "{text}");
        }
    }
}
