//! `pack csv`.

use super::{Common, finish};
use crate::cli::Failure;
use crate::cli::files::{expand, name, open, progress, read};
use crate::import::csv_map::CsvMap;
use crate::import::{Report, csv_rows};
use std::path::PathBuf;

/// Any CSV with a column mapping.
#[derive(clap::Args)]
pub(in crate::cli) struct Csv {
    /// Files, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// The mapping; docs/FORMAT.md describes it.
    #[arg(long)]
    map: PathBuf,
    #[command(flatten)]
    common: Common,
}

impl Csv {
    pub(super) fn run(self) -> Result<(), Failure> {
        let map = read(&self.map).map_err(Failure::input)?;
        let map = CsvMap::parse(&map, &name(&self.map)).map_err(Failure::input)?;
        let files = expand(&self.inputs, &[".csv", ".csv.gz"]).map_err(Failure::input)?;
        let bar = progress(files.len() as u64, "reading");
        let (mut board, mut report) = (csv_rows::board(&map), Report::default());
        for path in &files {
            let reader = open(path).map_err(Failure::input)?;
            csv_rows::read(reader, &name(path), &map, &mut board, &mut report).map_err(Failure::input)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let mut header = map.header();
        header.delivery = std::mem::take(&mut board.delivery);
        if let Some(id) = &self.common.id {
            header.id.clone_from(id);
        }
        let snapshots = board.finish(&mut report);
        finish(&self.common, header, snapshots, report)
    }
}
