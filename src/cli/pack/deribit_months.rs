//! `pack deribit-months`.

use super::{Common, default_id, finish};
use crate::cli::Failure;
use crate::cli::files::{expand, name, progress, read};
use crate::import::{Report, deribit_months};
use std::path::PathBuf;

/// Months of Deribit snapshots as JSON.
#[derive(clap::Args)]
pub(in crate::cli) struct DeribitMonths {
    /// Month files, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Currency to keep; needed where the inputs hold more than one.
    #[arg(long)]
    underlying: Option<String>,
    #[command(flatten)]
    common: Common,
}

impl DeribitMonths {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = expand(&self.inputs, &[".json", ".json.gz"]).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let (mut report, mut underlying) = (Report::default(), self.underlying.clone());
        let mut snapshots = Vec::new();
        for path in &files {
            let bytes = read(path).map_err(Failure::input)?;
            let month = deribit_months::read(&bytes, &name(path), &mut report).map_err(Failure::input)?;
            bar.inc(1);
            let wanted = underlying.get_or_insert_with(|| month.underlying.clone());
            if *wanted == month.underlying {
                snapshots.extend(month.snapshots);
            } else if self.underlying.is_some() {
                report.note("month file of another currency, left out", 1);
            } else {
                let found = format!(
                    "{}: found {} after {wanted}, expected one currency or --underlying",
                    name(path),
                    month.underlying
                );
                return Err(Failure::BadInput(found));
            }
        }
        bar.finish_and_clear();
        let underlying = underlying.unwrap_or_default();
        let id = self.common.context.id.clone().unwrap_or_else(|| default_id(&underlying, &snapshots));
        finish(&self.common, deribit_months::header(id, &underlying), snapshots, report)
    }
}
