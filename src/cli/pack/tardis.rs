//! `pack tardis`.

use super::{Common, coin, complete, nothing_kept, print_summary};
use crate::cli::Failure;
use crate::cli::files::{PackStage, expand, name, open, progress};
use crate::import::folder::DatasetFiles;
use crate::import::pack_writer::PackWriter;
use crate::import::thin::{Cadence, Thinner};
use crate::import::{ImportError, Report, deribit_months, tardis};
use crate::market::{Dataset, RawSnapshot};
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
        coin(&self.underlying)?;
        let files = expand(&self.inputs, &[".csv", ".csv.gz"]).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let mut stage = PackStage::new(&self.common.out);
        let (mut writer, mut report) = (PackWriter::new(self.header()), Report::default());
        let mut sink = |snapshot: RawSnapshot, report: &mut Report| -> Result<(), ImportError> {
            let Some(pack) = writer.push(snapshot, report)? else { return Ok(()) };
            stage.add(&pack).map_err(|e| ImportError::format(&pack.path, format!("{e:#}")))
        };
        let mut thinner = Thinner::new(self.cadence());
        for path in &files {
            let reader = open(path).map_err(Failure::input)?;
            tardis::read(reader, &name(path), &self.underlying, &mut thinner, &mut report, &mut sink)
                .map_err(Failure::input)?;
            bar.inc(1);
        }
        thinner.finish(&mut report, &mut sink).map_err(Failure::input)?;
        bar.finish_and_clear();
        let span = writer.days().ok_or_else(|| nothing_kept(&report))?;
        complete(&self.common.context, writer.header_mut(), span, &mut report)?;
        let (last, dataset) = writer.finish().map_err(Failure::input)?;
        stage.add(&last)?;
        let files = DatasetFiles { dataset, packs: Vec::new() };
        print_summary(&files, &report);
        stage.commit(files.dataset)
    }

    fn cadence(&self) -> Cadence {
        let ms = |minutes: u32| i64::from(minutes) * 60_000;
        Cadence { every_ms: ms(self.cadence_minutes), max_age_ms: ms(self.max_age_minutes) }
    }

    fn header(&self) -> Dataset {
        let id = self.common.context.id.clone();
        let id = id.unwrap_or_else(|| format!("{}-tardis", self.underlying.to_lowercase()));
        Dataset {
            cadence_minutes: self.cadence_minutes,
            source: "Tardis.dev options_chain files of Deribit".into(),
            ..deribit_months::header(id, &self.underlying)
        }
    }
}
