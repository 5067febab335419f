//! From files to a form, and from the form to an import.

use super::summary::ended;
use super::values::{Reading, choice, free_id, text};
use super::{Field, Form, Head, Kind, Problem, Values, csv_form, recognise, series_form};
use crate::display::format;
use crate::import::csv_guess::id_of;
use crate::import::job::{Format, Plan, Thinned};
use crate::import::optionsdx::OptionsDx;
use crate::market::catalog::ExerciseStyle;

/// Rows of a preview.
const PREVIEW_ROWS: usize = 6;
/// Characters of a preview's field.
const PREVIEW_CHARS: usize = 120;
const IMPORT: &str = "Import";

/// Files by what they are for; places in the list that was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// What the files with options are.
    pub kind: Kind,
    /// These files, by name.
    pub options: Vec<usize>,
    /// Delivery prices.
    pub delivery: Option<usize>,
    /// Bars of the underlying.
    pub closes: Option<usize>,
    /// Volatility beside a price series.
    pub vol: Option<usize>,
    /// Files that are left out, one sentence each.
    pub refused: Vec<String>,
}

/// Sorts files: the first that holds options decides what the others must be.
fn sort(heads: &[Head]) -> Result<Taken, Vec<String>> {
    let mut places: Vec<usize> = (0..heads.len()).collect();
    places.sort_by(|a, b| heads[*a].name.cmp(&heads[*b].name));
    let (mut refused, mut known) = (Vec::new(), Vec::new());
    for place in places {
        match recognise(&heads[place]) {
            Ok(kind) => known.push((place, kind)),
            Err(sentence) => refused.push(ended(&sentence)),
        }
    }
    let Some((first, kind)) = known.iter().copied().find(|(_, kind)| !kind.is_beside()) else {
        if let Some(taken) = series_form::sort(heads, &known) {
            return Ok(Taken { refused: refused.into_iter().chain(taken.refused).collect(), ..taken });
        }
        let alone = |(place, kind): &(usize, Kind)| {
            let (head, words) = (&heads[*place], kind.words().to_lowercase());
            let alone = || format!("{}: found {words} alone, expected option quotes with them.", head.name);
            series_form::wrong_years(head).unwrap_or_else(alone)
        };
        refused.extend(known.iter().map(alone));
        return Err(refused);
    };
    let mut taken = Taken { kind, ..Taken::default() };
    for (place, other) in known {
        match other {
            Kind::Delivery if taken.delivery.is_none() => taken.delivery = Some(place),
            Kind::Bars if taken.closes.is_none() => taken.closes = Some(place),
            _ if kind == Kind::Zip && place != first => refused.push(apart(&heads[place], other, &heads[first], kind)),
            _ if other.goes_with(kind) => taken.options.push(place),
            _ => refused.push(apart(&heads[place], other, &heads[first], kind)),
        }
    }
    Ok(Taken { refused, ..taken })
}

pub(super) fn apart(head: &Head, found: Kind, first: &Head, right: Kind) -> String {
    let (found, right) = (found.words(), right.words());
    format!("{}: found {found}, expected {right} as in {}; open it by itself.", head.name, first.name)
}

/// The form of files that were chosen or dropped; `ids` are those of datasets that are there.
///
/// # Errors
/// No file holds options: one sentence each.
pub fn look(heads: &[Head], ids: &[String]) -> Result<Form, Vec<String>> {
    let taken = sort(heads)?;
    let Some(first) = taken.options.first().and_then(|place| heads.get(*place)) else { return Err(taken.refused) };
    let mut form = Form {
        format: taken.kind.words().into(),
        files: files_words(heads, &taken),
        preview: preview(first, taken.kind),
        refused: taken.refused.clone(),
        ..Form::default()
    };
    let coin = coin_of(first);
    let id = match taken.kind {
        Kind::Zip | Kind::Catalog | Kind::Pack => return Ok(form),
        Kind::Csv => {
            csv_form::add_fields(&mut form, first);
            id_of(&first.name)
        }
        Kind::Series => {
            series_form::add_fields(&mut form, heads, &taken);
            id_of(&first.name)
        }
        kind => {
            form.fields = fields(kind, first, coin);
            form.notes.push(note(kind).into());
            let source = match kind {
                Kind::Tardis => "tardis",
                Kind::OptionsDxCoin | Kind::OptionsDxStock => "optionsdx",
                _ => "deribit",
            };
            let underlying = if kind == Kind::OptionsDxStock { stock_of(first) } else { coin.to_owned() };
            format!("{}-{source}", underlying.to_lowercase())
        }
    };
    let help = "Its name in requests and links: lower-case letters, digits, hyphens.";
    form.fields.insert(0, text("The dataset", "id", "Name", free_id(&id, ids), help));
    // Fields of a heading stand together.
    form.fields.sort_by_key(|field| field.section == "The dataset");
    Ok(form)
}

/// The files that belong together, in words.
fn files_words(heads: &[Head], taken: &Taken) -> String {
    let size: u64 = taken.options.iter().map(|place| heads[*place].size).sum();
    let names = match taken.options.as_slice() {
        [one] => heads[*one].name.clone(),
        many => format!("{} files", many.len()),
    };
    let beside = |place: Option<usize>, what: &str| {
        place.map_or_else(String::new, |place| format!(", with {what} of {}", heads[place].name))
    };
    let [delivery, closes, vol] = [
        beside(taken.delivery, "delivery prices"),
        beside(taken.closes, "daily bars"),
        beside(taken.vol, "the volatility"),
    ];
    format!("{names}, {}{delivery}{closes}{vol}", format::bytes(size))
}

fn coin_of(head: &Head) -> &'static str {
    let text = String::from_utf8_lossy(&head.bytes);
    let place = |coin: &str| text.find(coin).unwrap_or(usize::MAX);
    if place("ETH-") < place("BTC-") { "ETH" } else { "BTC" }
}

/// The stock that a file's name begins with.
fn stock_of(head: &Head) -> String {
    let name: String = head.name.chars().take_while(char::is_ascii_alphabetic).collect();
    name.to_uppercase()
}

fn fields(kind: Kind, head: &Head, coin: &str) -> Vec<Field> {
    let coins = [("BTC", "BTC"), ("ETH", "ETH")];
    let underlying = choice(IMPORT, "underlying", "Coin", coin, &coins, "Rows of other coins are left out.");
    let cadence =
        |minutes: &str, help: &str| text(IMPORT, "cadence_minutes", "Minutes between snapshots", minutes, help);
    match kind {
        Kind::Tardis => vec![
            underlying,
            cadence("60", "The stream is thinned to one snapshot each."),
            text(IMPORT, "max_age_minutes", "Oldest row, minutes", "15", "Older rows are left out of a snapshot."),
        ],
        Kind::Api => vec![underlying, cadence("360", "More than 1.5 times of it is a gap.")],
        Kind::OptionsDxStock => vec![
            text(IMPORT, "underlying", "Stock", stock_of(head), "The files do not say it."),
            text(IMPORT, "rate", "Rate per year", "0", "Continuous, a fraction; 0.04 is 4 %."),
            choice(
                IMPORT,
                "exercise",
                "Exercise",
                "american",
                &[("american", "American, treated as European"), ("european", "European")],
                "",
            ),
            text(IMPORT, "contract_size", "Contract size", "100", "Shares in a contract."),
        ],
        _ => vec![underlying],
    }
}

fn note(kind: Kind) -> &'static str {
    match kind {
        Kind::Tardis => "Options of Deribit on BTC and ETH are read; a row counts from when it arrived.",
        Kind::OptionsDxCoin => {
            "Prices are in coin. There is no mark: it is computed from the row's volatility and forward."
        }
        Kind::OptionsDxStock => "Prices are in USD; volatilities follow from the middle of bid and ask.",
        Kind::Api => "Results within ten minutes are one snapshot.",
        Kind::Summary => "A file is one snapshot; volatilities follow from the marks.",
        _ => "A file is a month of snapshots.",
    }
}

fn preview(head: &Head, kind: Kind) -> Vec<Vec<String>> {
    let cut = |text: &str| text.chars().take(PREVIEW_CHARS).collect::<String>();
    match kind {
        Kind::Zip | Kind::Catalog | Kind::Pack => Vec::new(),
        Kind::Api | Kind::Months => {
            let text = String::from_utf8_lossy(&head.bytes);
            let lines = text.lines().filter(|line| !line.trim().is_empty()).take(PREVIEW_ROWS / 2);
            std::iter::once(vec!["Line".to_owned()]).chain(lines.map(|line| vec![cut(line)])).collect()
        }
        _ => {
            let mut csv = csv::ReaderBuilder::new()
                .trim(csv::Trim::All)
                .flexible(true)
                .has_headers(false)
                .from_reader(head.bytes.as_slice());
            csv.records().flatten().take(PREVIEW_ROWS + 1).map(|row| row.iter().map(cut).collect()).collect()
        }
    }
}

/// The import that a form asks for; `None` of a dataset folder, which is taken as it is.
///
/// # Errors
/// A sentence at each field that is wrong; one without a field where no file holds options.
pub fn plan(heads: &[Head], values: &Values, ids: &[String]) -> Result<(Taken, Option<Plan>), Vec<Problem>> {
    let nowhere = |lines: Vec<String>| lines.into_iter().map(|text| Problem { key: String::new(), text }).collect();
    let mut taken = sort(heads).map_err(nowhere)?;
    let Some(first) = taken.options.first().and_then(|place| heads.get(*place)) else {
        return Err(nowhere(taken.refused));
    };
    if matches!(taken.kind, Kind::Zip | Kind::Catalog | Kind::Pack) {
        return Ok((taken, None));
    }
    let mut fields = Reading::of(values);
    let id = fields.id(ids);
    let underlying = fields.text("underlying");
    let format = match taken.kind {
        Kind::Csv => Format::Csv(Box::new(csv_form::read(fields, &id, first)?)),
        Kind::Series => Format::Series(Box::new(series_form::read(fields, &id, heads, &mut taken)?)),
        kind => {
            let format = of_fields(kind, &mut fields, underlying);
            fields.finish(format)?
        }
    };
    Ok((taken, Some(Plan { id: Some(id), format })))
}

fn of_fields(kind: Kind, fields: &mut Reading<'_>, underlying: String) -> Format {
    match kind {
        Kind::Tardis => Format::Tardis(Thinned {
            underlying,
            cadence_minutes: fields.minutes("cadence_minutes"),
            max_age_minutes: fields.minutes("max_age_minutes"),
        }),
        Kind::Api => Format::Api { underlying, cadence_minutes: fields.minutes("cadence_minutes") },
        Kind::Summary => Format::Summary { underlying },
        Kind::OptionsDxStock => Format::OptionsDx(OptionsDx {
            underlying: fields.some("underlying", "the stock's name"),
            rate: fields.rate("rate"),
            exercise: match fields.text("exercise").as_str() {
                "european" => ExerciseStyle::European,
                _ => ExerciseStyle::American,
            },
            contract_size: fields.figure(
                "contract_size",
                |size: &f64| *size > 0.0 && size.is_finite(),
                "a positive number",
            ),
        }),
        Kind::OptionsDxCoin => Format::OptionsDx(OptionsDx {
            underlying,
            rate: 0.0,
            exercise: ExerciseStyle::European,
            contract_size: 1.0,
        }),
        _ => Format::Months { underlying: Some(underlying) },
    }
}
