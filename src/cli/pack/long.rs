//! `pack long` and `pack scenario`: modelled and synthetic datasets.

use super::{print_summary, source, write};
use crate::cli::Failure;
use crate::cli::files::{name, progress, read, write_dataset};
use crate::import::job::{Format, Inputs, Modelled, Plan};
use crate::import::long::scenario::{SCENARIOS, Scenario};
use crate::import::long::{Hours, LongSpec, Own};
use crate::import::{ImportError, Report};
use crate::market::catalog::Settlement;
use crate::units::Day;
use std::path::PathBuf;

/// Years of daily prices, with option prices by a model.
#[derive(clap::Args)]
pub(in crate::cli) struct Long {
    /// Specification: `btc-long`, `gld-long`, or a JSON file; with `--id`, whose model a series of your own takes.
    spec: String,
    /// Daily or hourly bars, or closes alone: CSV with a time; of several files, a later one holds from its first day on.
    #[arg(long, required = true)]
    prices: Vec<PathBuf>,
    /// Volatility, the level of the model instead of what the prices realised: CSV with a time, points or fractions.
    #[arg(long)]
    vol: Option<PathBuf>,
    /// Yields in percent: CSV of Date and a column.
    #[arg(long)]
    rates: Option<PathBuf>,
    /// Column of the yields.
    #[arg(long, default_value = "1 Yr")]
    rate_column: String,
    #[command(flatten)]
    own: OwnSeries,
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long)]
    out: PathBuf,
}

/// A series of your own under the model of the specification.
#[derive(clap::Args)]
struct OwnSeries {
    /// Id of a dataset of your own: the specification is only its model.
    #[arg(long)]
    id: Option<String>,
    /// Name of your underlying.
    #[arg(long, requires = "id", default_value = "XYZ")]
    underlying: String,
    /// What its options are paid in: inverse (coin) or linear (USD).
    #[arg(long, requires = "id", default_value = "linear")]
    settlement: String,
    /// It is traded on weekdays and closes at 21:00 UTC; else every day, closing at 24:00.
    #[arg(long, requires = "id")]
    weekdays: bool,
    /// Rate per year, continuous, a fraction.
    #[arg(long, requires = "id", default_value_t = 0.0)]
    rate: f64,
    /// Day of the first snapshot; earlier prices warm up the level of volatility.
    #[arg(long, requires = "id")]
    first: Option<String>,
}

impl Long {
    pub(super) fn run(self) -> Result<(), Failure> {
        let spec = self.spec().map_err(Failure::input)?;
        let own = self.own.read().map_err(Failure::input)?;
        if self.vol.is_some() && own.is_none() && LongSpec::shipped(&self.spec).is_some() {
            let found = format!(
                "found {} with --vol, expected --id too: its measured errors are of realised volatility",
                self.spec
            );
            return Err(Failure::BadInput(found));
        }
        let rate_column = self.rate_column.clone();
        let series = Modelled { spec, own, prices: None, vol: None, rate_column };
        let bar = progress(self.prices.len() as u64, "reading");
        let inputs = Inputs {
            options: self.prices.iter().map(|path| source(path, None)).collect(),
            vol: self.vol.as_ref().map(|path| source(path, None)),
            yields: self.rates.as_ref().map(|path| source(path, None)),
            ..Inputs::default()
        };
        write(&Plan { id: None, format: Format::Series(Box::new(series)) }, &inputs, &self.out, &bar)
    }

    fn spec(&self) -> anyhow::Result<LongSpec> {
        match LongSpec::shipped(&self.spec) {
            Some(spec) => Ok(spec?),
            None => {
                let path = PathBuf::from(&self.spec);
                Ok(LongSpec::parse(&read(&path)?, &name(&path))?)
            }
        }
    }
}

impl OwnSeries {
    /// What is said of an own series; `None` where it has no id.
    fn read(&self) -> Result<Option<Own>, ImportError> {
        let Some(id) = self.id.clone() else { return Ok(None) };
        let refuse = |what: &str, found: &str, right: &str| {
            ImportError::Setting(format!("{what}: found {found:?}, expected {right}"))
        };
        let settlement = match self.settlement.as_str() {
            "inverse" => Settlement::Inverse,
            "linear" => Settlement::Linear,
            other => return Err(refuse("settlement", other, "inverse or linear")),
        };
        let day = |text: &String| Day::parse(text).ok_or_else(|| refuse("first", text, "a day, YYYY-MM-DD"));
        let first = self.first.as_ref().map(day).transpose()?;
        let hours = if self.weekdays { Hours::Weekdays } else { Hours::EveryDay };
        Ok(Some(Own { id, underlying: self.underlying.clone(), hours, settlement, rate: self.rate, first }))
    }
}

/// A made-up path: crash, bleed, v, melt-up or sideways.
#[derive(clap::Args)]
pub(in crate::cli) struct Scenarios {
    /// Its name.
    name: String,
    /// Seed of its noise.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long)]
    out: PathBuf,
}

impl Scenarios {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut report = Report::default();
        let scenario = Scenario::named(&self.name).ok_or_else(|| {
            let names = SCENARIOS.map(|scenario| scenario.name).join(", ");
            Failure::input(ImportError::format("scenario", format!("found {:?}, expected {names}", self.name)))
        })?;
        let files = scenario.dataset(self.seed, &mut report).map_err(Failure::input)?;
        print_summary(&files.dataset, &report);
        write_dataset(&self.out, files)
    }
}
