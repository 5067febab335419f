//! `pack csv`.

use super::{Common, Context, pack_files};
use crate::cli::Failure;
use crate::cli::files::{expand, name, open, read};
use crate::import::csv_guess::{Evidence, Guess, guess};
use crate::import::csv_map::CsvMap;
use crate::import::job::Format;
use std::path::PathBuf;

/// Any CSV with a column mapping.
#[derive(clap::Args)]
pub(in crate::cli) struct Csv {
    /// Files, or folders of them.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// The mapping; docs/FORMAT.md describes it.
    #[arg(long, required_unless_present = "guess", conflicts_with = "guess")]
    map: Option<PathBuf>,
    /// Guess the mapping from the first file's headers and rows and print it; nothing is written without --out.
    #[arg(long)]
    guess: bool,
    /// Data folder to write to; its catalog keeps its other datasets.
    #[arg(long, required_unless_present = "guess")]
    out: Option<PathBuf>,
    #[command(flatten)]
    context: Context,
}

impl Csv {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = expand(&self.inputs, &[".csv", ".csv.gz"]).map_err(Failure::input)?;
        let map = match &self.map {
            Some(path) => CsvMap::parse(&read(path).map_err(Failure::input)?, &name(path)).map_err(Failure::input)?,
            None => guessed(files.first())?,
        };
        let Some(out) = self.out else { return Ok(()) };
        pack_files(&files, &Common { out, context: self.context }, Format::Csv(Box::new(map)))
    }
}

/// The guess from a file, printed: the mapping as JSON, what it rests on to standard error.
fn guessed(first: Option<&PathBuf>) -> Result<CsvMap, Failure> {
    let path = first.ok_or_else(|| Failure::BadInput("found no CSV file, expected one to guess from".into()))?;
    let Guess { map, fields, notes } =
        guess(open(path).map_err(Failure::input)?, &name(path)).map_err(Failure::input)?;
    for field in &fields {
        let evidence = match field.evidence {
            Evidence::NameAndValues => "by its name and its values",
            Evidence::Values => "by its values alone",
        };
        eprintln!("{}: {:?}, {evidence}", field.field, field.column);
    }
    notes.iter().for_each(|note| eprintln!("{note}"));
    println!("{}", serde_json::to_string_pretty(&map).map_err(anyhow::Error::from)?);
    Ok(map)
}
