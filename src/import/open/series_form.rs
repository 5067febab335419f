//! The fields of a price series, perhaps with one of volatility: columns, hours, settlement, and whose model it takes.

use super::csv_form::{COLUMNS, DATASET, TIMES, UTC};
use super::form::{Taken, apart};
use super::summary::ended;
use super::values::{Reading, choice, column, text};
use super::{Field, Form, Head, Kind, Problem, recognise};
use crate::import::closes::BarColumns;
use crate::import::csv_guess::series::{Series, other_years};
use crate::import::csv_map::IvUnit;
use crate::import::job::Modelled;
use crate::import::long::{Hours, LongSpec, Own, VolColumns};
use crate::market::catalog::Settlement;
use crate::units::Day;

const VOLATILITY: &str = "Volatility";
/// Days that warm up a level of realised volatility: the slow half-life.
const WARM_UP: i32 = 120;
/// Days of snapshots that a warm-up must leave.
const LEFT: i32 = 30;
/// Endings of a pair's name that are no part of the underlying's.
const QUOTED_IN: [&str; 4] = ["USDT", "USDC", "BUSD", "USD"];
const MODELS: [(&str, &str); 2] = [("btc-long", "BTC"), ("gld-long", "Gold")];

fn series_of(head: &Head) -> Option<Series> {
    Series::of(head.bytes.as_slice(), &head.name)
}

fn columns_of(head: &Head) -> Vec<String> {
    recognise::columns(&head.bytes)
}

/// Sorts files of which none holds options: prices by their first day, one file of volatility; `None` where there is no price.
pub(super) fn sort(heads: &[Head], known: &[(usize, Kind)]) -> Option<Taken> {
    let mut taken = Taken { kind: Kind::Series, ..Taken::default() };
    let mut found = Vec::new();
    for (place, kind) in known {
        let head = &heads[*place];
        match series_of(head).filter(|_| *kind != Kind::Delivery || columns_of(head).iter().any(|c| c == "price")) {
            Some(series) => found.push((*place, series)),
            None => taken.refused.push(wrong_years(head).unwrap_or_else(|| apart(head, *kind, head, Kind::Series))),
        }
    }
    if found.len() > 1 {
        let named = found.iter().position(|(place, series)| series.is_vol_by_name(&heads[*place].name));
        taken.vol = named.or_else(|| most_restless(&found)).map(|at| found.remove(at).0);
    }
    found.sort_by_key(|(_, series)| series.days());
    taken.options = found.iter().map(|(place, _)| *place).collect();
    let first = *taken.options.first()?;
    taken.options.retain(|place| {
        let is_alike = columns_of(&heads[*place]) == columns_of(&heads[first]);
        if !is_alike {
            let (name, right) = (&heads[*place].name, &heads[first].name);
            taken.refused.push(format!(
                "{name}: found other columns than those of {right}, expected the same; open it by itself."
            ));
        }
        is_alike
    });
    Some(taken)
}

/// What is said of a file whose times are of years that none can have.
pub(super) fn wrong_years(head: &Head) -> Option<String> {
    other_years(head.bytes.as_slice(), &head.name).map(|found| ended(&format!("{}: {found}", head.name)))
}

/// Of two series without a telling name, the one that may be a volatility and moves more from row to row.
fn most_restless(found: &[(usize, Series)]) -> Option<usize> {
    let [(_, a), (_, b)] = found else { return None };
    match (a.unrest(), b.unrest()) {
        (None, None) => None,
        (a, b) => Some(usize::from(b > a)),
    }
}

/// The underlying's name as the file's begins, `BTC` of `BTCUSDT_1h.csv`.
fn underlying_of(head: &Head) -> String {
    let name: String = head.name.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
    QUOTED_IN.iter().find_map(|end| name.strip_suffix(end).filter(|rest| !rest.is_empty())).unwrap_or(&name).to_owned()
}

/// Adds the fields, with what was guessed.
pub(super) fn add_fields(form: &mut Form, heads: &[Head], taken: &Taken) {
    let Some((first, series)) =
        taken.options.first().and_then(|place| Some((&heads[*place], series_of(&heads[*place])?)))
    else {
        return;
    };
    form.notes.push(
        "Options are not in these files: every option price is computed by a model, and the result says so.".into(),
    );
    form.fields.extend(price_fields(&series.bars(), &columns_of(first)));
    form.fields.push(choice(COLUMNS, "formats.time", "Times are written", &series.bars().format, &TIMES, UTC));
    let known: Vec<usize> = taken.options.iter().copied().chain(taken.vol).collect();
    if known.len() > 1 {
        form.fields.extend(vol_fields(heads, &known, taken.vol));
    }
    form.fields.extend(dataset_fields(first, &series, taken.vol.is_some()));
    if let Some((from, to)) = series.days() {
        form.notes.push(format!("The first rows are of {from} to {to}."));
    }
}

fn price_fields(columns: &BarColumns, names: &[String]) -> Vec<Field> {
    let maybe = |column: &Option<String>| column.clone().unwrap_or_default();
    let field = |(key, label, value, help): (&str, &str, String, &str)| {
        let is_needed = matches!(key, "columns.time" | "columns.close");
        column(COLUMNS, key, label, &value, names, help, is_needed)
    };
    [
        ("columns.time", "Time", columns.time.clone(), ""),
        ("columns.close", "Price at the close", columns.close.clone(), "USD."),
        ("columns.open", "Price at the open", maybe(&columns.open), "Without one, the close."),
        ("columns.high", "Highest price", maybe(&columns.high), "Without one, the higher of open and close."),
        ("columns.low", "Lowest price", maybe(&columns.low), "Without one, the lower of open and close."),
    ]
    .map(field)
    .into()
}

/// The file of volatility and its columns; the columns may be those of either file, since either may be it.
fn vol_fields(heads: &[Head], known: &[usize], vol: Option<usize>) -> Vec<Field> {
    let mut files = vec![("", "None: realised, from the prices")];
    files.extend(known.iter().map(|place| (heads[*place].name.as_str(), heads[*place].name.as_str())));
    let mut names: Vec<String> = Vec::new();
    for name in known.iter().flat_map(|place| columns_of(&heads[*place])) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let guess = vol.and_then(|place| series_of(&heads[place])).map(|series| series.vol());
    let said = |part: fn(&VolColumns) -> String| guess.as_ref().map(part).unwrap_or_default();
    let file = vol.map_or("", |place| heads[place].name.as_str());
    let unit = match guess.as_ref().map(|columns| columns.unit) {
        Some(IvUnit::Fraction) => "fraction",
        _ => "percent",
    };
    let format = guess.as_ref().map_or("auto", |columns| columns.format.as_str());
    let level = "The level of the model instead of what the prices realised: an index such as DVOL, VIX or GVZ.";
    let units = [("percent", "Points, 65"), ("fraction", "Fractions, 0.65")];
    vec![
        Field { required: false, ..choice(VOLATILITY, "vol.file", "Volatility", file, &files, level) },
        column(VOLATILITY, "vol.time", "Its time", &said(|c| c.time.clone()), &names, "", false),
        column(VOLATILITY, "vol.value", "Its figure", &said(|c| c.value.clone()), &names, "", false),
        choice(VOLATILITY, "vol.unit", "Its figures are", unit, &units, ""),
        choice(VOLATILITY, "vol.format", "Its times are written", format, &TIMES, UTC),
    ]
}

fn dataset_fields(head: &Head, series: &Series, has_vol: bool) -> Vec<Field> {
    let underlying = underlying_of(head);
    let is_coin = matches!(underlying.as_str(), "BTC" | "ETH");
    let (hours, model) = if series.has_weekends() { ("every_day", "btc-long") } else { ("weekdays", "gld-long") };
    let settlement = if is_coin { "inverse" } else { "linear" };
    let hours_words = [("every_day", "Every day"), ("weekdays", "Weekdays")];
    let settlements = [("inverse", "Inverse: in coin"), ("linear", "Linear: in USD")];
    let first = if has_vol { None } else { warmed_up(series) };
    let first_help = "Earlier prices only warm up the level of volatility; empty, the first day there is.";
    vec![
        text(DATASET, "underlying", "Underlying", underlying, "BTC, SPY and so on."),
        choice(
            DATASET,
            "model",
            "Model of",
            model,
            &MODELS,
            "Smile, terms and spreads of btc-long or gld-long; nobody measured them on your prices.",
        ),
        choice(DATASET, "settlement", "Settlement", settlement, &settlements, ""),
        choice(
            DATASET,
            "hours",
            "Open",
            hours,
            &hours_words,
            "A day closes, and options expire, at 24:00 UTC; on weekdays at 21:00.",
        ),
        text(DATASET, "rate", "Rate per year", "0", "Continuous, a fraction; 0.04 is 4 %."),
        Field { required: false, ..text(DATASET, "first", "First snapshot", first.unwrap_or_default(), first_help) },
    ]
}

/// The day after the warm-up; `None` where it would leave little.
fn warmed_up(series: &Series) -> Option<String> {
    let (from, to) = series.days()?;
    (to.0 - from.0 >= WARM_UP + LEFT).then(|| Day(from.0 + WARM_UP).to_string())
}

/// What the fields say; `taken` is sorted as they say, too.
///
/// # Errors
/// A sentence at each field that is wrong.
pub(super) fn read(
    mut fields: Reading<'_>,
    id: &str,
    heads: &[Head],
    taken: &mut Taken,
) -> Result<Modelled, Vec<Problem>> {
    let vol = fields.maybe("vol.file");
    choose_vol(heads, taken, vol.as_deref(), &mut fields);
    let names = taken.options.first().map(|place| columns_of(&heads[*place])).unwrap_or_default();
    let prices = BarColumns {
        time: column_of(&mut fields, "columns.time", &names).unwrap_or_default(),
        format: fields.text("formats.time"),
        open: maybe_column(&mut fields, "columns.open", &names),
        high: maybe_column(&mut fields, "columns.high", &names),
        low: maybe_column(&mut fields, "columns.low", &names),
        close: column_of(&mut fields, "columns.close", &names).unwrap_or_default(),
    };
    let vol = taken.vol.map(|place| {
        let names = columns_of(&heads[place]);
        VolColumns {
            time: column_of(&mut fields, "vol.time", &names).unwrap_or_default(),
            format: fields.text("vol.format"),
            value: column_of(&mut fields, "vol.value", &names).unwrap_or_default(),
            unit: if fields.text("vol.unit") == "fraction" { IvUnit::Fraction } else { IvUnit::Percent },
        }
    });
    let first = fields.maybe("first").and_then(|text| {
        let day = Day::parse(&text);
        if day.is_none() {
            fields.refuse("first", format!("Found {text:?}, expected a day, YYYY-MM-DD."));
        }
        day
    });
    let own = Own {
        id: id.to_owned(),
        underlying: fields.some("underlying", "a name, BTC or SPY"),
        hours: if fields.text("hours") == "weekdays" { Hours::Weekdays } else { Hours::EveryDay },
        settlement: if fields.text("settlement") == "inverse" { Settlement::Inverse } else { Settlement::Linear },
        rate: fields.rate("rate"),
        first,
    };
    let model = fields.text("model");
    let spec = LongSpec::shipped(&model).and_then(Result::ok);
    if spec.is_none() {
        fields.refuse("model", format!("Found {model:?}, expected btc-long or gld-long."));
    }
    let read =
        spec.map(|spec| Modelled { spec, own: Some(own), prices: Some(prices), vol, rate_column: String::new() });
    fields.finish(read)?.ok_or_else(Vec::new)
}

/// Takes the file that was chosen for the volatility, or none; the others are prices.
fn choose_vol(heads: &[Head], taken: &mut Taken, name: Option<&str>, fields: &mut Reading<'_>) {
    taken.options.extend(taken.vol.take());
    let chosen = name.and_then(|name| taken.options.iter().position(|place| heads[*place].name == name));
    taken.vol = chosen.map(|at| taken.options.remove(at));
    taken.options.sort_by_key(|place| series_of(&heads[*place]).and_then(|series| series.days()));
    let mut kinds: Vec<Vec<String>> = taken.options.iter().map(|place| columns_of(&heads[*place])).collect();
    kinds.dedup();
    match kinds.len() {
        0 => fields.refuse("vol.file", "Found no other file, expected one of prices besides.".into()),
        1 => {}
        _ => fields.refuse("vol.file", "Found files with other columns, expected all prices to have the same.".into()),
    }
}

/// A column that the file must have.
fn column_of(fields: &mut Reading<'_>, key: &str, names: &[String]) -> Option<String> {
    let name = fields.some(key, "a column of the file");
    known_column(fields, key, name, names)
}

fn maybe_column(fields: &mut Reading<'_>, key: &str, names: &[String]) -> Option<String> {
    let name = fields.maybe(key)?;
    known_column(fields, key, name, names)
}

fn known_column(fields: &mut Reading<'_>, key: &str, name: String, names: &[String]) -> Option<String> {
    if name.is_empty() || names.contains(&name) {
        return Some(name).filter(|name| !name.is_empty());
    }
    fields.refuse(key, format!("Found {name:?}, expected one of {}.", names.join(", ")));
    None
}
