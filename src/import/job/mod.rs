//! An import as a value: a format, its settings, files by name; the command line and the page's worker run the same one.

mod formats;
mod in_order;
mod series;

use super::closes::{WARM_UP_DAYS, daily_bars, delivery_prices};
use super::csv_map::CsvMap;
use super::folder::PackFile;
use super::optionsdx::OptionsDx;
use super::pack_writer::PackWriter;
use super::thin::{Cadence, Thinner};
use super::{ImportError, Report, deribit_months, tardis};
use crate::market::RawSnapshot;
use crate::market::catalog::Dataset;
use crate::units::Day;
use formats::{api, end_of_day, mapped, months, summaries};
use series::modelled;
use std::io::Read;

pub use series::Modelled;

/// What is imported and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Id of the dataset; `None` = the format's own.
    pub id: Option<String>,
    /// The format with its settings.
    pub format: Format,
}

/// A format with its settings.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// Months of Deribit snapshots as JSON.
    Months {
        /// Coin to keep; `None` where the files hold one.
        underlying: Option<String>,
    },
    /// Deribit summary CSV, one snapshot a file.
    Summary {
        /// Coin to keep.
        underlying: String,
    },
    /// Results of Deribit's public API.
    Api {
        /// Coin to keep.
        underlying: String,
        /// Declared minutes between snapshots.
        cadence_minutes: u32,
    },
    /// Tardis.dev `options_chain`, thinned.
    Tardis(Thinned),
    /// OptionsDX end-of-day text.
    OptionsDx(OptionsDx),
    /// Any CSV with a column mapping.
    Csv(Box<CsvMap>),
    /// Prices of the underlying, with option prices by a model.
    Series(Box<Modelled>),
}

/// How a stream is thinned.
#[derive(Clone, Debug, PartialEq)]
pub struct Thinned {
    /// Coin to keep.
    pub underlying: String,
    /// Minutes between snapshots.
    pub cadence_minutes: u32,
    /// Minutes after which a row is too old for a snapshot.
    pub max_age_minutes: u32,
}

/// What opens a file, as often as it is asked for.
type Open<'a> = Box<dyn Fn() -> Result<Box<dyn Read>, ImportError> + 'a>;

/// A file by the name that errors call it by.
pub struct Source<'a> {
    /// Its name.
    pub name: String,
    /// What opens it.
    pub open: Open<'a>,
}

/// The files of an import.
#[derive(Default)]
pub struct Inputs<'a> {
    /// Options, or the prices of a series, in the order in which they are read.
    pub options: Vec<Source<'a>>,
    /// Delivery prices: CSV of date, ccy, price.
    pub delivery: Option<Source<'a>>,
    /// Hourly or daily bars of the underlying: CSV of ts, open, high, low, close.
    pub closes: Option<Source<'a>>,
    /// Volatility beside a price series: CSV of a time and a figure.
    pub vol: Option<Source<'a>>,
    /// Yields in percent beside a price series: CSV of `Date` and a column.
    pub yields: Option<Source<'a>>,
}

/// Where packs go as soon as they are full.
pub trait Out {
    /// Takes a pack.
    ///
    /// # Errors
    /// It cannot be put anywhere.
    fn keep(&mut self, pack: PackFile) -> Result<(), ImportError>;
    /// Forgets all packs, and what was read until now: the files are read from the first on.
    fn forget(&mut self);
    /// Rows that there is memory for where they do not come in time order; no bound unless one is stated.
    fn most_collected(&self) -> u64 {
        u64::MAX
    }
}

/// Runs an import; packs go to `out` on the way, the dataset that vouches for them is the answer.
///
/// Rows in time order take the memory of one pack, however many there are; in another order they are read a second time and collected
/// whole. A price series takes the memory of its days.
///
/// # Errors
/// A setting or a file that is not of the format, or nothing that could be kept; `report` says what was dropped until then.
pub fn run(plan: &Plan, inputs: &Inputs<'_>, out: &mut dyn Out, report: &mut Report) -> Result<Dataset, ImportError> {
    let ended = imported(plan, inputs, out, report);
    // A row may be refused when its snapshot is made, after rows of a later file.
    let place = |file: &str| inputs.options.iter().position(|source| source.name == file);
    report.errors.sort_by_key(|error| place(&error.file).unwrap_or(usize::MAX));
    ended
}

/// The same, errors as they come.
fn imported(plan: &Plan, inputs: &Inputs<'_>, out: &mut dyn Out, report: &mut Report) -> Result<Dataset, ImportError> {
    match &plan.format {
        Format::Months { underlying } => months(plan, underlying.as_deref(), inputs, out, report),
        Format::Summary { underlying } => summaries(plan, underlying, inputs, out, report),
        Format::Api { underlying, cadence_minutes } => api(plan, underlying, *cadence_minutes, inputs, out, report),
        Format::Tardis(rules) => thinned(plan, rules, inputs, out, report),
        Format::OptionsDx(rules) => end_of_day(plan, rules, inputs, out, report),
        Format::Csv(map) => mapped(plan, map, inputs, out, report),
        Format::Series(series) => modelled(series, inputs, out, report),
    }
}

impl Inputs<'_> {
    /// The files with options, opened one after the other.
    fn readers(&self) -> impl Iterator<Item = (Result<Box<dyn Read>, ImportError>, &str)> {
        self.options.iter().map(|source| ((source.open)(), source.name.as_str()))
    }
}

/// Refuses what is no coin of inverse options.
fn coin(underlying: &str) -> Result<(), ImportError> {
    if underlying == "BTC" || underlying == "ETH" {
        return Ok(());
    }
    Err(ImportError::Setting(format!("found underlying {underlying:?}, expected BTC or ETH (options paid in coin)")))
}

/// A dataset as it is written, and where its packs go.
struct Writing<'a> {
    writer: PackWriter,
    out: &'a mut dyn Out,
}

impl<'a> Writing<'a> {
    fn new(header: Dataset, out: &'a mut dyn Out) -> Writing<'a> {
        Writing { writer: PackWriter::new(header), out }
    }

    fn take(&mut self, snapshot: RawSnapshot, report: &mut Report) -> Result<(), ImportError> {
        match self.writer.push(snapshot, report)? {
            Some(pack) => self.out.keep(pack),
            None => Ok(()),
        }
    }

    /// Adds what no row of options states, then the last pack.
    fn finish(mut self, inputs: &Inputs<'_>, report: &mut Report) -> Result<Dataset, ImportError> {
        let span = self.writer.days().ok_or(ImportError::Empty)?;
        complete(self.writer.header_mut(), inputs, span, report)?;
        let (last, dataset) = self.writer.finish()?;
        self.out.keep(last)?;
        Ok(dataset)
    }
}

/// Adds delivery prices and daily bars of the days of the first and the last snapshot.
fn complete(
    header: &mut Dataset,
    inputs: &Inputs<'_>,
    span: (Day, Day),
    report: &mut Report,
) -> Result<(), ImportError> {
    if let Some(Source { name, open }) = &inputs.delivery {
        header.delivery.extend(delivery_prices(open()?, name, &header.underlying, span, report)?);
    }
    if let Some(Source { name, open }) = &inputs.closes {
        header.daily = daily_bars(open()?, name, (Day(span.0.0 - WARM_UP_DAYS), span.1), report)?;
    }
    Ok(())
}

fn thinned(
    plan: &Plan,
    rules: &Thinned,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let Thinned { underlying, cadence_minutes, max_age_minutes } = rules;
    coin(underlying)?;
    let id = plan.id.clone().unwrap_or_else(|| format!("{}-tardis", underlying.to_lowercase()));
    let header = Dataset {
        cadence_minutes: *cadence_minutes,
        source: "Tardis.dev options_chain files of Deribit".into(),
        ..deribit_months::header(id, underlying)
    };
    let ms = |minutes: u32| i64::from(minutes) * 60_000;
    let mut thinner = Thinner::new(Cadence { every_ms: ms(*cadence_minutes), max_age_ms: ms(*max_age_minutes) });
    let mut writing = Writing::new(header, out);
    let mut sink = |snapshot: RawSnapshot, report: &mut Report| writing.take(snapshot, report);
    for (reader, file) in inputs.readers() {
        tardis::read(reader?, file, underlying, &mut thinner, report, &mut sink)?;
    }
    thinner.finish(report, &mut sink)?;
    writing.finish(inputs, report)
}
