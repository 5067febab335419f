//! `pack FORMAT INPUT... --out DIR`: recorded files become a dataset folder, with a summary of what was left out.

mod csv;
mod deribit_api;
mod deribit_months;
mod deribit_summary;
mod fit;
mod long;
mod optionsdx;
mod tardis;

use super::Failure;
use super::files::{name, open, write_dataset};
use crate::import::closes::{WARM_UP_DAYS, daily_bars, delivery_prices};
use crate::import::folder::{DatasetFiles, assemble};
use crate::import::{ImportError, Report};
use crate::market::RawSnapshot;
use crate::market::catalog::Dataset;
use crate::units::Day;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The formats.
#[derive(Subcommand)]
pub(super) enum Pack {
    /// Months of Deribit snapshots as JSON, plain or gzip.
    DeribitMonths(deribit_months::DeribitMonths),
    /// Deribit summary CSV files, one snapshot a file.
    DeribitSummary(deribit_summary::DeribitSummary),
    /// Results of Deribit's public API as JSON lines, plain or gzip.
    DeribitApi(deribit_api::DeribitApi),
    /// Tardis.dev options_chain CSV, plain or gzip, thinned while it streams.
    Tardis(tardis::Tardis),
    /// OptionsDX end-of-day text, plain or gzip.
    #[command(name = "optionsdx")]
    OptionsDx(optionsdx::OptionsDx),
    /// Any CSV, plain or gzip, with a column mapping that is given or guessed.
    Csv(csv::Csv),
    /// A recorded data folder, reduced to smiles and spreads.
    Fit(fit::Fit),
    /// Years of daily prices, with option prices by a model.
    Long(long::Long),
    /// A made-up path: crash, bleed, v, melt-up or sideways.
    Scenario(long::Scenarios),
}

impl Pack {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Pack::DeribitMonths(pack) => pack.run(),
            Pack::DeribitSummary(pack) => pack.run(),
            Pack::DeribitApi(pack) => pack.run(),
            Pack::Tardis(pack) => pack.run(),
            Pack::OptionsDx(pack) => pack.run(),
            Pack::Csv(pack) => pack.run(),
            Pack::Fit(pack) => pack.run(),
            Pack::Long(pack) => pack.run(),
            Pack::Scenario(pack) => pack.run(),
        }
    }
}

/// What all formats take besides their inputs.
#[derive(Args)]
struct Common {
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    context: Context,
}

/// What no input of options states.
#[derive(Args)]
struct Context {
    /// Dataset id.
    #[arg(long)]
    id: Option<String>,
    /// Delivery prices: CSV of date, ccy, price.
    #[arg(long)]
    delivery: Option<PathBuf>,
    /// Hourly or daily bars of the underlying: CSV of ts, open, high, low, close.
    #[arg(long)]
    closes: Option<PathBuf>,
}

/// The id of a dataset that was not given one, `btc-deribit-2026`: the year of the last snapshot.
fn default_id(underlying: &str, snapshots: &[RawSnapshot]) -> String {
    let year = snapshots.iter().map(|s| s.time).max().map_or_else(String::new, |t| t.format("-%Y"));
    format!("{}-deribit{year}", underlying.to_lowercase())
}

/// Completes the header, writes the folder and prints the summary.
fn finish(
    common: &Common,
    mut header: Dataset,
    snapshots: Vec<RawSnapshot>,
    mut report: Report,
) -> Result<(), Failure> {
    let span = days(&snapshots).ok_or_else(|| nothing_kept(&report))?;
    complete(&common.context, &mut header, span, &mut report)?;
    let files = assemble(header, snapshots, &mut report).map_err(Failure::input)?;
    print_summary(&files, &report);
    write_dataset(&common.out, files)
}

/// Adds delivery prices and daily bars of the days of the first and the last snapshot.
fn complete(context: &Context, header: &mut Dataset, span: (Day, Day), report: &mut Report) -> Result<(), Failure> {
    if let Some(path) = &context.delivery {
        let reader = open(path).map_err(Failure::input)?;
        let read = delivery_prices(reader, &name(path), &header.underlying, span, report);
        header.delivery.extend(read.map_err(Failure::input)?);
    }
    if let Some(path) = &context.closes {
        let reader = open(path).map_err(Failure::input)?;
        let span = (Day(span.0.0 - WARM_UP_DAYS), span.1);
        header.daily = daily_bars(reader, &name(path), span, report).map_err(Failure::input)?;
    }
    Ok(())
}

/// Refuses what is no coin of inverse options.
fn coin(underlying: &str) -> Result<(), Failure> {
    if underlying == "BTC" || underlying == "ETH" {
        return Ok(());
    }
    Err(Failure::BadInput(format!("found underlying {underlying:?}, expected BTC or ETH (options paid in coin)")))
}

fn days(snapshots: &[RawSnapshot]) -> Option<(Day, Day)> {
    let times = || snapshots.iter().map(|s| s.time);
    Some((times().min()?.day(), times().max()?.day()))
}

/// The refusal of an import without a snapshot, with what became of its rows in the same line.
fn nothing_kept(report: &Report) -> Failure {
    let counts = report.dropped.iter().map(|(reason, n)| format!("{n} {reason}"));
    let reasons: Vec<String> = counts.chain(report.errors.first().map(|e| format!("first {e}"))).collect();
    let dropped = if reasons.is_empty() { String::new() } else { format!("; dropped: {}", reasons.join(", ")) };
    Failure::BadInput(format!("{}{dropped}", ImportError::Empty))
}

fn print_summary(files: &DatasetFiles, report: &Report) {
    let dataset = &files.dataset;
    let snapshots: u32 = dataset.packs.iter().map(|p| p.snapshots).sum();
    let bytes: u64 = dataset.packs.iter().map(|p| p.bytes).sum();
    println!("{}: {snapshots} snapshots from {} to {}, {bytes} bytes", dataset.id, dataset.first, dataset.last);
    for pack in &dataset.packs {
        println!("  {}: {} snapshots, {} bytes", pack.path, pack.snapshots, pack.bytes);
    }
    println!(
        "  {} delivery prices, {} daily bars, {:.1} % of quotes two-sided, {} gaps",
        dataset.delivery.len(),
        dataset.daily.len(),
        100.0 * dataset.quality.two_sided_pct,
        dataset.quality.gaps
    );
    println!("{report}");
}
