//! The fields of a generic CSV: its mapping, guessed as far as it goes.

use super::summary::ended;
use super::values::{Reading, choice, column, text};
use super::{Field, Form, Head, Problem, recognise};
use crate::display::format::sentence;
use crate::import::closes::parse_clock;
use crate::import::csv_guess::{self, Guess};
use crate::import::csv_map::CsvMap;
use crate::json;
use serde_json::{Map, Value, json};

pub(super) const COLUMNS: &str = "Columns";
const WRITING: &str = "How it is written";
pub(super) const DATASET: &str = "The dataset";
/// What times are in.
pub(super) const UTC: &str = "UTC; the time of day may be missing.";

/// Key, label and help of each column; the first five are needed.
const MAPPED: [(&str, &str, &str); 11] = [
    ("time", "Quoted at", ""),
    ("expiry", "Expiry", ""),
    ("strike", "Strike", "USD."),
    ("kind", "Call or put", ""),
    ("underlying_price", "Price of the underlying", "USD."),
    ("bid", "Bid", "0 and empty mean none."),
    ("ask", "Ask", "0 and empty mean none."),
    ("mark", "Mark", "Without one, the middle of bid and ask."),
    ("iv", "Volatility", "Without one, from the mark."),
    ("forward", "Forward", "Without one, from the price of the underlying and the rate."),
    ("open_interest", "Open interest", ""),
];
/// Columns that every mapping has.
const NEEDED: usize = 5;
/// Columns of which one is needed at least.
const PRICES: [&str; 4] = ["bid", "ask", "mark", "iv"];
/// Ways to write a time.
pub(super) const TIMES: [(&str, &str); 9] = [
    ("auto", "2026-01-31 16:00"),
    ("unix_s", "Seconds since 1970"),
    ("unix_ms", "Milliseconds since 1970"),
    ("unix_us", "Microseconds since 1970"),
    ("%Y-%m-%d %H:%M:%S%.f%:z", "2026-01-31 16:00:00+02:00"),
    ("%Y%m%d", "20260131"),
    ("%Y/%m/%d", "2026/01/31"),
    ("%d/%m/%Y", "31/01/2026"),
    ("%m/%d/%Y", "01/31/2026"),
];

/// A guess, or what is known where it is not whole.
fn guess(head: &Head) -> (Value, Vec<String>) {
    match csv_guess::guess(head.bytes.as_slice(), &head.name) {
        Ok(Guess { map, notes, .. }) => {
            let notes = notes.iter().map(|note| sentence(note)).collect();
            (serde_json::to_value(map).unwrap_or_default(), notes)
        }
        Err(fault) => {
            let found = csv_guess::found(head.bytes.as_slice(), &head.name).unwrap_or_default();
            let columns: Map<String, Value> =
                found.into_iter().map(|f| (f.field.to_owned(), f.column.into())).collect();
            let id = csv_guess::id_of(&head.name);
            let dataset = json!({"id": id, "settlement": "linear", "cadence_minutes": 1440, "calendar": "continuous", "fees": "none"});
            let formats = json!({"time": "auto", "time_of_day": "08:00", "expiry": "auto", "expiry_time_of_day": "08:00", "call": ["call", "c"], "put": ["put", "p"]});
            (json!({"columns": columns, "dataset": dataset, "formats": formats}), vec![ended(&fault.to_string())])
        }
    }
}

/// Adds the fields of a CSV, with what was guessed.
pub(super) fn add_fields(form: &mut Form, head: &Head) {
    let (map, notes) = guess(head);
    form.notes.extend(notes);
    form.fields.extend(columns(&map, &recognise::columns(&head.bytes)));
    form.fields.extend(writing(&map));
    form.fields.extend(dataset(&map));
}

fn columns(map: &Value, names: &[String]) -> Vec<Field> {
    let field = |(place, (key, label, help)): (usize, &(&str, &str, &str))| {
        let value = map["columns"][key].as_str().unwrap_or_default();
        column(COLUMNS, &format!("columns.{key}"), label, value, names, help, place < NEEDED)
    };
    let mut fields: Vec<Field> = MAPPED.iter().enumerate().map(field).collect();
    let filter = map["filters"].as_object().and_then(|filters| filters.iter().next());
    let (by, kept) = filter.map_or(("", ""), |(column, kept)| (column.as_str(), kept.as_str().unwrap_or_default()));
    let all: Vec<(&str, &str)> =
        std::iter::once(("", "All rows")).chain(names.iter().map(|name| (name.as_str(), name.as_str()))).collect();
    fields.push(Field {
        required: false,
        ..choice(COLUMNS, "filter", "Keep rows by", by, &all, "Where a file has more than one underlying.")
    });
    fields.push(Field { required: false, ..text(COLUMNS, "kept", "Kept where it says", kept, "Exactly this text.") });
    fields
}

fn writing(map: &Value) -> Vec<Field> {
    let said = |key: &str| map["formats"][key].as_str().unwrap_or_default().to_owned();
    let words = |key: &str| {
        let list = map["formats"][key].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    };
    let unit = |key: &str, other: &str| map["units"][key].as_str().unwrap_or(other).to_owned();
    let clock = "HH:MM UTC, of a time without a time of day.";
    let prices = [("quote", "Coin if inverse, USD if linear"), ("coin", "Coin"), ("usd", "USD")];
    let vols = [("fraction", "Fractions, 0.65"), ("percent", "Percent, 65")];
    vec![
        choice(WRITING, "formats.time", "Quote times are written", &said("time"), &TIMES, UTC),
        text(WRITING, "formats.time_of_day", "Hour of a quote", said("time_of_day"), clock),
        choice(WRITING, "formats.expiry", "Expiries are written", &said("expiry"), &TIMES, UTC),
        text(WRITING, "formats.expiry_time_of_day", "Hour of expiry", said("expiry_time_of_day"), clock),
        text(WRITING, "formats.call", "A call is", words("call"), "Texts, with commas between; capitals do not count."),
        text(WRITING, "formats.put", "A put is", words("put"), "Texts, with commas between; capitals do not count."),
        choice(WRITING, "units.price", "Prices are in", &unit("price", "quote"), &prices, ""),
        choice(WRITING, "units.iv", "Volatilities are", &unit("iv", "fraction"), &vols, ""),
    ]
}

fn dataset(map: &Value) -> Vec<Field> {
    let said = |key: &str, other: &str| match &map["dataset"][key] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        _ => other.to_owned(),
    };
    let calendar = if map["dataset"]["calendar"].is_object() { "weekdays" } else { "continuous" };
    let settlements = [("inverse", "Inverse: in coin"), ("linear", "Linear: in USD")];
    let calendars = [("continuous", "Every day"), ("weekdays", "Weekdays")];
    let styles = [("european", "European"), ("american", "American, treated as European")];
    vec![
        text(DATASET, "underlying", "Underlying", said("underlying", ""), "BTC, SPY and so on."),
        choice(DATASET, "settlement", "Settlement", &said("settlement", "linear"), &settlements, ""),
        choice(DATASET, "fees", "Fees", &said("fees", "none"), &[("deribit", "Deribit's"), ("none", "None")], ""),
        text(
            DATASET,
            "cadence_minutes",
            "Minutes between snapshots",
            said("cadence_minutes", "1440"),
            "More than 1.5 times of it is a gap.",
        ),
        choice(DATASET, "calendar", "Open", calendar, &calendars, ""),
        text(
            DATASET,
            "contract_size",
            "Contract size",
            said("contract_size", "1"),
            "Units of the underlying in a contract; 100 of a US stock.",
        ),
        text(DATASET, "lot", "Order step", said("lot", "1"), "Units of the underlying."),
        text(DATASET, "rate", "Rate per year", said("rate", "0"), "Continuous, a fraction; 0.04 is 4 %."),
        choice(DATASET, "exercise", "Exercise", &said("exercise", "european"), &styles, ""),
    ]
}

/// The mapping that the fields say.
///
/// # Errors
/// A sentence at each field that is wrong.
pub(super) fn read(mut fields: Reading<'_>, id: &str, head: &Head) -> Result<CsvMap, Vec<Problem>> {
    let mut columns = Map::new();
    for (place, (key, _, _)) in MAPPED.iter().enumerate() {
        let (path, needed) = (format!("columns.{key}"), place < NEEDED);
        let column = if needed { Some(fields.some(&path, "a column of the file")) } else { fields.maybe(&path) };
        columns.extend(column.map(|column| ((*key).to_owned(), Value::String(column))));
    }
    if !PRICES.iter().any(|key| columns.contains_key(*key)) {
        fields.refuse("columns.bid", "Found no column of bid, ask, mark or volatility, expected one at least.".into());
    }
    let clocks = ["formats.time_of_day", "formats.expiry_time_of_day"].map(|key| clock(&mut fields, key));
    let words = |text: String| -> Vec<String> {
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let [call, put] = [("formats.call", "call"), ("formats.put", "put")]
        .map(|(key, what)| words(fields.some(key, &format!("a text that means a {what}"))));
    let is_positive = |value: &f64| *value > 0.0 && value.is_finite();
    let [size, lot] = ["contract_size", "lot"].map(|key| fields.figure(key, is_positive, "a positive number"));
    let rate = fields.rate("rate");
    let cadence = fields.minutes("cadence_minutes");
    let (underlying, settlement) = (fields.some("underlying", "a name, BTC or SPY"), fields.text("settlement"));
    if settlement == "linear" && fields.text("units.price") == "coin" {
        fields.refuse("units.price", "Found coin on a linear dataset, expected USD.".into());
    }
    let is_continuous = fields.text("calendar") != "weekdays";
    let filters: Map<String, Value> =
        fields.maybe("filter").map(|column| (column, Value::String(fields.text("kept")))).into_iter().collect();
    let map = json!({
        "dataset": {
            "id": id,
            "underlying": underlying,
            "settlement": settlement,
            "cadence_minutes": cadence,
            "calendar": if is_continuous { json!("continuous") } else { json!({"weekdays": {"holidays": []}}) },
            "day_count": if is_continuous { 365 } else { 252 },
            "contract_size": size,
            "lot": lot,
            "rate": rate,
            "fees": fields.text("fees"),
            "exercise": fields.text("exercise"),
        },
        "columns": columns,
        "formats": {
            "time": fields.text("formats.time"),
            "time_of_day": clocks[0],
            "expiry": fields.text("formats.expiry"),
            "expiry_time_of_day": clocks[1],
            "call": call,
            "put": put,
        },
        "units": { "price": fields.text("units.price"), "iv": fields.text("units.iv") },
        "filters": filters,
    });
    fields.finish(map).and_then(|map| {
        let unreadable =
            |e: serde_json::Error| vec![Problem { key: "id".into(), text: format!("{}: {e}.", head.name) }];
        json::of_value::<CsvMap>(&map).map_err(unreadable)
    })
}

fn clock(fields: &mut Reading<'_>, key: &str) -> String {
    let text = fields.text(key);
    if parse_clock(&text).is_none() {
        fields.refuse(key, format!("Found {text:?}, expected HH:MM."));
    }
    text
}
