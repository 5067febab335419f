//! `pack optionsdx`.

use super::{Common, pack};
use crate::cli::Failure;
use crate::import::job::Format;
use crate::import::optionsdx;
use crate::market::catalog::ExerciseStyle;
use std::path::PathBuf;

/// OptionsDX end-of-day text, of a coin or a stock.
#[derive(clap::Args)]
pub(in crate::cli) struct OptionsDx {
    /// Text files, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Coin to keep, or the stock of files that do not name theirs.
    #[arg(long, default_value = "BTC")]
    underlying: String,
    /// Continuous rate per year, for the forwards of a stock.
    #[arg(long, default_value_t = 0.0)]
    rate: f64,
    /// Exercise style of a stock's options, `american` or `european` (indices).
    #[arg(long, default_value = "american", value_parser = ["american", "european"])]
    exercise: String,
    /// Units of the underlying in a contract of a stock.
    #[arg(long, default_value_t = 100.0)]
    contract_size: f64,
    #[command(flatten)]
    common: Common,
}

impl OptionsDx {
    pub(super) fn run(self) -> Result<(), Failure> {
        let OptionsDx { inputs, underlying, rate, exercise, contract_size, common } = self;
        let is_european = exercise == "european";
        let exercise = if is_european { ExerciseStyle::European } else { ExerciseStyle::American };
        let format = Format::OptionsDx(optionsdx::OptionsDx { underlying, rate, exercise, contract_size });
        pack(&inputs, &[".txt", ".txt.gz", ".csv", ".csv.gz"], &common, format)
    }
}
