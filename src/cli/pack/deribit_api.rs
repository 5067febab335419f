//! `pack deribit-api`.

use super::{Common, coin, default_id, finish};
use crate::cli::Failure;
use crate::cli::files::{expand, name, open, progress};
use crate::import::deribit_api::Collected;
use crate::import::{Report, deribit_months};
use crate::market::Dataset;
use std::path::PathBuf;

/// Results of Deribit's public API: order books or tickers, or book summaries with instruments.
#[derive(clap::Args)]
pub(in crate::cli) struct DeribitApi {
    /// Files of one result a line or of one JSON value, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Coin to keep.
    #[arg(long, default_value = "BTC")]
    underlying: String,
    /// Declared minutes between snapshots.
    #[arg(long, default_value_t = 360, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    cadence_minutes: u32,
    #[command(flatten)]
    common: Common,
}

impl DeribitApi {
    pub(super) fn run(self) -> Result<(), Failure> {
        coin(&self.underlying)?;
        let endings = [".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"];
        let files = expand(&self.inputs, &endings).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let (mut results, mut report) = (Collected::new(&self.underlying), Report::default());
        for path in &files {
            let reader = open(path).map_err(Failure::input)?;
            results.read(reader, &name(path), &mut report).map_err(Failure::input)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let snapshots = results.finish(&mut report);
        let id = self.common.context.id.clone().unwrap_or_else(|| default_id(&self.underlying, &snapshots));
        let header = Dataset { cadence_minutes: self.cadence_minutes, ..deribit_months::header(id, &self.underlying) };
        finish(&self.common, header, snapshots, report)
    }
}
