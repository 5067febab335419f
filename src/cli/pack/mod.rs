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
use super::files::{PackStage, expand, name, open, progress};
use crate::import::folder::PackFile;
use crate::import::job::{self, Format, Inputs, Out, Plan, Source};
use crate::import::{ImportError, Report};
use crate::market::catalog::Dataset;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use std::path::{Path, PathBuf};

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

/// Imports the files of the inputs, writes the folder and prints the summary.
fn pack(inputs: &[PathBuf], endings: &[&str], common: &Common, format: Format) -> Result<(), Failure> {
    let files = expand(inputs, endings).map_err(Failure::input)?;
    pack_files(&files, common, format)
}

/// The same of files that are expanded already.
fn pack_files(files: &[PathBuf], common: &Common, format: Format) -> Result<(), Failure> {
    let Context { id, delivery, closes } = &common.context;
    let bar = progress(files.len() as u64, "reading");
    let inputs = Inputs {
        options: files.iter().map(|path| source(path, Some(&bar))).collect(),
        delivery: delivery.as_ref().map(|path| source(path, None)),
        closes: closes.as_ref().map(|path| source(path, None)),
        ..Inputs::default()
    };
    write(&Plan { id: id.clone(), format }, &inputs, &common.out, &bar)
}

/// Runs an import, writes the folder and prints the summary.
fn write(plan: &Plan, inputs: &Inputs<'_>, folder: &Path, bar: &ProgressBar) -> Result<(), Failure> {
    let mut stage = Stage { packs: PackStage::new(folder), bar };
    let mut report = Report::default();
    let packed = job::run(plan, inputs, &mut stage, &mut report);
    bar.finish_and_clear();
    let dataset = packed.map_err(|e| match e {
        ImportError::Empty => Failure::BadInput(report.nothing_kept()),
        other => Failure::input(other),
    })?;
    print_summary(&dataset, &report);
    stage.packs.commit(dataset)
}

/// Where packs go, and the bar over the files, which begins again where they are read again.
struct Stage<'a> {
    packs: PackStage,
    bar: &'a ProgressBar,
}

impl Out for Stage<'_> {
    fn keep(&mut self, pack: PackFile) -> Result<(), ImportError> {
        self.packs.add(&pack).map_err(|e| ImportError::Setting(format!("{e:#}")))
    }

    fn forget(&mut self) {
        self.packs.forget();
        self.bar.set_position(0);
    }
}

/// A file as an import reads it; `bar` moves on when it is opened.
fn source<'a>(path: &'a Path, bar: Option<&'a ProgressBar>) -> Source<'a> {
    let open = move || {
        bar.inspect(|bar| bar.inc(1));
        open(path).map_err(|e| ImportError::Setting(format!("{e:#}")))
    };
    Source { name: name(path), open: Box::new(open) }
}

fn print_summary(dataset: &Dataset, report: &Report) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::optionsdx::OptionsDx;
    use crate::market::catalog::ExerciseStyle;

    /// The first file of these is looked at before, and the months are read once for their year.
    #[test]
    fn a_file_that_is_opened_again_is_counted_once() {
        let fixture = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name);
        let folder = std::env::temp_dir().join(format!("chainwalk-bar-{}", std::process::id()));
        let end_of_day =
            OptionsDx { underlying: "BTC".into(), rate: 0.0, exercise: ExerciseStyle::European, contract_size: 1.0 };
        for (name, format) in [
            ("optionsdx-coin.txt", Format::OptionsDx(end_of_day)),
            ("months.json", Format::Months { underlying: None }),
        ] {
            let (path, bar) = (fixture(name), ProgressBar::hidden());
            let inputs = Inputs { options: vec![source(&path, Some(&bar))], ..Inputs::default() };
            let mut stage = Stage { packs: PackStage::new(&folder), bar: &bar };
            job::run(&Plan { id: None, format }, &inputs, &mut stage, &mut Report::default()).expect(name);
            assert_eq!(bar.position(), 1, "{name}");
        }
        std::fs::remove_dir_all(folder).expect("a folder");
    }
}
