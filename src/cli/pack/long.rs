//! `pack long` and `pack scenario`: modelled and synthetic datasets.

use super::print_summary;
use crate::cli::Failure;
use crate::cli::files::{name, open, read, write_dataset};
use crate::import::closes::daily_bars;
use crate::import::long::scenario::{SCENARIOS, Scenario};
use crate::import::long::{LongSpec, Yields, assemble_long, read_yields};
use crate::import::{ImportError, Report};
use crate::market::catalog::DailyBar;
use crate::units::Day;
use std::path::PathBuf;

/// Years of daily prices, with option prices by a model.
#[derive(clap::Args)]
pub(in crate::cli) struct Long {
    /// Specification: `btc-long`, `gld-long`, or a JSON file.
    spec: String,
    /// Daily bars: CSV of date, open, high, low, close; of several files, a later one holds from its first day on.
    #[arg(long, required = true)]
    prices: Vec<PathBuf>,
    /// Yields in percent: CSV of Date and a column.
    #[arg(long)]
    rates: Option<PathBuf>,
    /// Column of the yields.
    #[arg(long, default_value = "1 Yr")]
    rate_column: String,
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long)]
    out: PathBuf,
}

impl Long {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut report = Report::default();
        let spec = self.spec().map_err(Failure::input)?;
        let bars = self.bars(&mut report)?;
        let yields = self.yields(&mut report)?;
        let snapshots = spec.snapshots(&bars, yields.as_ref(), &mut report);
        let files = assemble_long(&spec, &snapshots, &mut report).map_err(Failure::input)?;
        print_summary(&files.dataset, &report);
        write_dataset(&self.out, files)
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

    /// The files' bars, one after the other: a later file replaces the earlier ones from its first day on.
    fn bars(&self, report: &mut Report) -> Result<Vec<DailyBar>, Failure> {
        let mut bars: Vec<DailyBar> = Vec::new();
        for path in &self.prices {
            let reader = open(path).map_err(Failure::input)?;
            let all = (Day(0), Day(80_000));
            let later = daily_bars(reader, &name(path), all, report).map_err(Failure::input)?;
            let Some(first) = later.first().map(|bar| bar.date) else { continue };
            let kept = bars.partition_point(|bar| bar.date < first);
            report.note("day replaced by a later file", (bars.len() - kept) as u64);
            bars.truncate(kept);
            bars.extend(later);
        }
        Ok(bars)
    }

    fn yields(&self, report: &mut Report) -> Result<Option<Yields>, Failure> {
        let Some(path) = &self.rates else { return Ok(None) };
        let reader = open(path).map_err(Failure::input)?;
        let yields = read_yields(reader, &name(path), &self.rate_column, report).map_err(Failure::input)?;
        Ok(Some(yields))
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
