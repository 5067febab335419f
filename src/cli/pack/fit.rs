//! `pack fit`.

use crate::cli::Failure;
use crate::cli::files::{FileSource, progress, write_dataset};
use crate::import::Report;
use crate::import::fit::{Deviations, MonthFit, fit_dataset, share};
use crate::market::PackSource;
use crate::market::catalog::{DataKind, Dataset};
use std::path::PathBuf;

/// A recorded data folder, reduced to index, forwards, strikes, smiles and spreads.
#[derive(clap::Args)]
pub(in crate::cli) struct Fit {
    /// Folder with a catalog and its recorded packs.
    recorded: PathBuf,
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long)]
    out: PathBuf,
    /// Recorded dataset; needed where the folder holds more than one.
    #[arg(long)]
    dataset: Option<String>,
    /// Id of the fitted dataset; the recorded one's with `-fitted` where it is not given.
    #[arg(long)]
    id: Option<String>,
    /// Title of the fitted dataset.
    #[arg(long)]
    title: Option<String>,
    /// Where the fitted figures come from.
    #[arg(long)]
    source: Option<String>,
    /// Licence of the fitted figures.
    #[arg(long)]
    licence: Option<String>,
    /// The parts of a request that differ from the printed defaults, JSON; the recorded ones where it is not given.
    #[arg(long, value_parser = |text: &str| serde_json::from_str::<serde_json::Value>(text))]
    defaults: Option<serde_json::Value>,
    /// A note for people; may be repeated.
    #[arg(long)]
    note: Vec<String>,
}

impl Fit {
    pub(super) fn run(self) -> Result<(), Failure> {
        let source = FileSource { folder: self.recorded.clone() };
        let recorded = self.recorded(&source)?;
        let snapshots = recorded.packs.iter().map(|p| u64::from(p.snapshots)).sum();
        let bar = progress(snapshots, "fitting");
        let mut report = Report::default();
        let header = self.header(&recorded);
        let fitted = fit_dataset(&source, &recorded, header, &mut report, || bar.inc(1));
        bar.finish_and_clear();
        let (files, months) = fitted.map_err(Failure::input)?;
        print_summary(&files.dataset, &months, &report);
        write_dataset(&self.out, files)
    }

    fn recorded(&self, source: &FileSource) -> Result<Dataset, Failure> {
        let catalog = source.catalog().map_err(Failure::input)?;
        let is_wanted = |d: &&Dataset| match &self.dataset {
            Some(id) => d.id == *id,
            None => d.kind == DataKind::Recorded,
        };
        let mut found = catalog.datasets.iter().filter(is_wanted);
        match (found.next(), found.next(), &self.dataset) {
            (Some(one), None, _) => Ok(one.clone()),
            (None, _, Some(id)) => Err(Failure::BadInput(format!("found no dataset {id:?} in the folder"))),
            (None, _, None) => Err(Failure::BadInput("found no recorded dataset in the folder, expected one".into())),
            (Some(_), Some(_), _) => {
                Err(Failure::BadInput("found several recorded datasets, expected one or --dataset".into()))
            }
        }
    }

    fn header(&self, recorded: &Dataset) -> Dataset {
        let mut header = recorded.clone();
        header.kind = DataKind::Fitted;
        header.id = self.id.clone().unwrap_or_else(|| format!("{}-fitted", recorded.id));
        header.title = self.title.clone().unwrap_or_else(|| format!("{} (fitted)", recorded.title));
        if let Some(source) = &self.source {
            header.source.clone_from(source);
        }
        if let Some(licence) = &self.licence {
            header.licence.clone_from(licence);
        }
        if let Some(defaults) = &self.defaults {
            header.defaults.clone_from(defaults);
        }
        header.notes.extend(self.note.iter().cloned());
        header
    }
}

/// Column heads of the summary's table.
const HEADS: [&str; 9] = ["bytes", "median", "p95", "inside", "both", "fitted", "equal", "1 tick", "one"];

fn print_summary(dataset: &Dataset, months: &[MonthFit], report: &Report) {
    let bytes: u64 = months.iter().map(|m| m.bytes).sum();
    println!("{}: {} months from {} to {}, {bytes} bytes", dataset.id, months.len(), dataset.first, dataset.last);
    println!("  median, p95: |fitted - recorded| volatility in points between 10 and 90 delta");
    println!(
        "  inside: two-sided quotes that hold the fitted mark; both: options with both sides, recorded and fitted"
    );
    println!(
        "  equal, 1 tick: touches that are the recorded one, or at most a tick from it; one: of one of the two only"
    );
    print_row("month", HEADS.map(String::from));
    let mut all = Deviations::default();
    for month in months {
        let name = month.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
        print_row(name, figures(month.bytes, &month.deviations));
        all.extend(&month.deviations);
    }
    print_row("all", figures(bytes, &all));
    println!("{report}");
}

fn figures(bytes: u64, deviations: &Deviations) -> [String; 9] {
    let [median, p95] = deviations.vol_percentiles().map(|points| format!("{points:.3}"));
    let percent = |part: u64, whole: u64| format!("{:.2}%", 100.0 * share(part, whole));
    let [both, equal, near] = deviations.touches;
    [
        bytes.to_string(),
        median,
        p95,
        percent(deviations.inside, deviations.two_sided),
        percent(deviations.two_sided, deviations.options),
        percent(deviations.two_sided_fitted, deviations.options),
        percent(equal, both),
        percent(near, both),
        percent(deviations.touches_of_one, 2 * deviations.options),
    ]
}

fn print_row(name: &str, figures: [String; 9]) {
    println!("  {name:<8}{}", figures.map(|figure| format!("{figure:>9}")).concat());
}
