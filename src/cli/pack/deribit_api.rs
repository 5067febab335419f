//! `pack deribit-api`.

use super::{Common, pack};
use crate::cli::Failure;
use crate::import::job::Format;
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
        let endings = [".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"];
        let DeribitApi { inputs, underlying, cadence_minutes, common } = self;
        pack(&inputs, &endings, &common, Format::Api { underlying, cadence_minutes })
    }
}
