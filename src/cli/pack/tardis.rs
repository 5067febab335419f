//! `pack tardis`.

use super::{Common, pack};
use crate::cli::Failure;
use crate::import::job::{Format, Thinned};
use std::path::PathBuf;

/// Tardis.dev `options_chain` files of Deribit, thinned on the way.
#[derive(clap::Args)]
pub(in crate::cli) struct Tardis {
    /// Files in the order of time, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Coin to keep.
    #[arg(long, default_value = "BTC")]
    underlying: String,
    /// Minutes between snapshots.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    cadence_minutes: u32,
    /// Minutes after which an option's newest row is too old for a snapshot.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    max_age_minutes: u32,
    #[command(flatten)]
    common: Common,
}

impl Tardis {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Tardis { inputs, underlying, cadence_minutes, max_age_minutes, common } = self;
        let format = Format::Tardis(Thinned { underlying, cadence_minutes, max_age_minutes });
        pack(&inputs, &[".csv", ".csv.gz"], &common, format)
    }
}
