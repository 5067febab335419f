//! `pack deribit-summary`.

use super::{Common, pack};
use crate::cli::Failure;
use crate::import::job::Format;
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
        let DeribitSummary { inputs, underlying, common } = self;
        pack(&inputs, &[".csv", ".csv.gz"], &common, Format::Summary { underlying })
    }
}
