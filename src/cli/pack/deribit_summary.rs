//! `pack deribit-summary`.

use super::{Common, default_id, finish};
use crate::cli::Failure;
use crate::cli::files::{expand, name, open, progress};
use crate::import::{Report, deribit_months, deribit_summary};
use std::path::PathBuf;

/// Deribit summary CSV files, one snapshot a file.
#[derive(clap::Args)]
pub(in crate::cli) struct DeribitSummary {
    /// Summary files, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Coin to keep.
    #[arg(long, default_value = "BTC")]
    underlying: String,
    #[command(flatten)]
    common: Common,
}

impl DeribitSummary {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = expand(&self.inputs, &[".csv", ".csv.gz"]).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let (mut board, mut report) = (deribit_summary::board(), Report::default());
        for path in &files {
            let reader = open(path).map_err(Failure::input)?;
            deribit_summary::read(reader, &name(path), &self.underlying, &mut board, &mut report)
                .map_err(Failure::input)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let snapshots = board.finish(&mut report);
        let id = self.common.context.id.clone().unwrap_or_else(|| default_id(&self.underlying, &snapshots));
        finish(&self.common, deribit_months::header(id, &self.underlying), snapshots, report)
    }
}
