//! `pack optionsdx`.

use super::{Common, coin, finish};
use crate::cli::Failure;
use crate::cli::files::{expand, name, open, progress};
use crate::import::optionsdx::{Collected, Layout, read};
use crate::import::{Report, deribit_months};
use crate::market::catalog::{Calendar, ExerciseStyle, FeePreset, Settlement, TickRule};
use crate::market::{Dataset, RawSnapshot};
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
        let files = expand(&self.inputs, &[".txt", ".txt.gz", ".csv", ".csv.gz"]).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let (mut rows, mut report) = (Collected::new(self.rate), Report::default());
        for path in &files {
            let reader = open(path).map_err(Failure::input)?;
            read(reader, &name(path), &self.underlying, &mut rows, &mut report).map_err(Failure::input)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let is_stock = rows.layout == Some(Layout::Strikes);
        let delivery = std::mem::take(&mut rows.board.delivery);
        let snapshots = rows.board.finish(&mut report);
        let mut header = if is_stock { self.stock(&snapshots) } else { self.coin()? };
        header.delivery = if is_stock { delivery } else { header.delivery };
        finish(&self.common, header, snapshots, report)
    }

    fn id(&self) -> String {
        let id = self.common.context.id.clone();
        id.unwrap_or_else(|| format!("{}-optionsdx", self.underlying.to_lowercase()))
    }

    fn coin(&self) -> Result<Dataset, Failure> {
        coin(&self.underlying)?;
        Ok(Dataset {
            cadence_minutes: 1440,
            source: "OptionsDX end-of-day files of Deribit".into(),
            ..deribit_months::header(self.id(), &self.underlying)
        })
    }

    fn stock(&self, snapshots: &[RawSnapshot]) -> Dataset {
        let expiries = snapshots.iter().flat_map(|s| &s.chains).map(|c| c.expiry);
        let minute = expiries.map(|e| e.ms_since(e.day().start()) / 60_000).max().unwrap_or(20 * 60);
        let is_european = self.exercise == "european";
        Dataset {
            title: format!("{} options, end of day, recorded", self.underlying),
            venue: "us".into(),
            settlement: Settlement::Linear,
            cadence_minutes: 1440,
            calendar: Calendar::Weekdays { holidays: Vec::new() },
            day_count: 252,
            contract_size: self.contract_size,
            lot: self.contract_size,
            tick: TickRule::cents(),
            fees: FeePreset::None,
            rate: self.rate,
            expiry_minute_utc: minute as u32,
            exercise: if is_european { ExerciseStyle::European } else { ExerciseStyle::American },
            defaults: serde_json::json!({"account": {"holding": self.contract_size}}),
            source: "OptionsDX end-of-day files".into(),
            ..deribit_months::header(self.id(), &self.underlying)
        }
    }
}
