//! `check DIR`: reads every file of a data folder as the engine would and counts what is in it, as JSON.
//!
//! Faults (exit code 1): a refused catalog or pack (hash, order, crossed quotes, limits), a header that says
//! something else than its packs, and quotes outside the no-arbitrage bounds on more than one option in a hundred.
//! Butterfly and calendar counts on marks are information: real venues break them by ticks every day.

use super::Failure;
use super::files::{FileSource, progress};
use crate::import::check::{Counts, check};
use crate::market::PackSource;
use serde::Serialize;
use std::path::PathBuf;

/// Check a data folder.
#[derive(clap::Args)]
pub(super) struct Check {
    /// The folder with catalog.json.
    dir: PathBuf,
}

/// What is printed.
#[derive(Serialize)]
struct Answer {
    faults: usize,
    datasets: Vec<Counts>,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let source = FileSource { folder: self.dir };
        let catalog = match source.catalog() {
            Ok(catalog) => catalog,
            Err(e) => return Err(Failure::Failed(e.into())),
        };
        let bar = progress(catalog.datasets.iter().map(|d| d.packs.len() as u64).sum(), "checking");
        let datasets: Vec<Counts> = catalog.datasets.iter().map(|d| check(&source, d, || bar.inc(1))).collect();
        bar.finish_and_clear();
        let answer = Answer { faults: datasets.iter().map(|d| d.faults.len()).sum(), datasets };
        super::say(serde_json::to_string_pretty(&answer).map_err(anyhow::Error::from)?)?;
        if answer.faults == 0 { Ok(()) } else { Err(Failure::Fault) }
    }
}
