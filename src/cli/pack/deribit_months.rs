//! `pack deribit-months`.

use super::{Common, pack};
use crate::cli::Failure;
use crate::import::job::Format;
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
        let DeribitMonths { inputs, underlying, common } = self;
        pack(&inputs, &[".json", ".json.gz"], &common, Format::Months { underlying })
    }
}
