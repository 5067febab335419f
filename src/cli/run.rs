//! `run REQUEST.json --data DIR [--out DIR]`: one JSON object on stdout, CSV files on request.

use super::Failure;
use super::files::{FileSource, progress, read};
use crate::display::first_paint::first_paint;
use crate::display::report::report;
use crate::market::{MarketSnapshot, PackSource};
use crate::run::example::Example;
use crate::run::{Advance, Command, Run, RunState, export, resolve};
use crate::share;
use anyhow::Context;
use std::path::PathBuf;

/// Run a request.
#[derive(clap::Args)]
pub(super) struct RunArgs {
    /// The request, JSON; `-` reads standard input.
    request: PathBuf,
    /// Data folder with catalog.json.
    #[arg(long)]
    data: PathBuf,
    /// Folder for steps.csv, trades.csv and equity.csv, and loan.csv where there is a loan.
    #[arg(long)]
    out: Option<PathBuf>,
    /// File for a report: one HTML page with charts, figures, trades, settings and digest, for people.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Address of a chainwalk page, for the report's link; without it the link is its part behind the address.
    #[arg(long, requires = "report", default_value = "")]
    site: String,
    /// File for the page's example: the request, its digest, figures, trades and thinned curves. What of it is seen before
    /// the program is there goes beside it, as HTML.
    #[arg(long)]
    example: Option<PathBuf>,
}

/// Steps between two looks at the progress bar.
const SLICE: usize = 256;

impl RunArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let text = self.text()?;
        let source = FileSource { folder: self.data.clone() };
        let catalog = source.catalog().map_err(Failure::input)?;
        let resolved = resolve(&text, &catalog).map_err(Failure::input)?;
        let mut run = Run::new(resolved);
        walk(&mut run, &source)?;
        if let Some(refusal) = run.refusal().cloned() {
            return Err(Failure::input(refusal));
        }
        if let Some(folder) = &self.out {
            write_csv(&run, folder)?;
        }
        if let Some(path) = &self.report {
            let written = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
            let html = report(&run, &share::address(&self.site, written, Some(&run)));
            std::fs::write(path, html).with_context(|| path.display().to_string())?;
        }
        if let Some(path) = self.example.filter(|_| run.state() == RunState::Completed) {
            let written = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
            let example = Example::of(&run, written);
            let json = serde_json::to_string(&example).map_err(anyhow::Error::from)?;
            let seen_first = first_paint(&example, run.resolved());
            for (path, text) in [(path.with_extension("html"), seen_first), (path, json + "\n")] {
                std::fs::write(&path, text).with_context(|| path.display().to_string())?;
            }
        }
        let output = serde_json::to_string_pretty(&run.output()).map_err(anyhow::Error::from)?;
        super::say(output)?;
        match run.units().iter().find_map(|unit| unit.error.as_ref()) {
            Some(error) => Err(Failure::Failed(anyhow::anyhow!("{error}"))),
            None => Ok(()),
        }
    }

    fn text(&self) -> Result<String, Failure> {
        let bytes = if self.request.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin()).map(String::into_bytes).map_err(Failure::input)?
        } else {
            read(&self.request).map_err(Failure::input)?
        };
        String::from_utf8(bytes).map_err(|_| Failure::BadInput("the request is not UTF-8 text".into()))
    }
}

/// Walks a run to its end, pack by pack; a pack that cannot be read fails the run, which keeps what it made.
pub(super) fn walk(run: &mut Run, source: &FileSource) -> Result<(), Failure> {
    let bar = progress(run.progress().marks_total as u64, "running");
    let start = |run: &mut Run| run.command(Command::Start).and_then(|_| run.command(Command::Data));
    start(run).map_err(anyhow::Error::from)?;
    let mut snapshots: Vec<MarketSnapshot> = Vec::new();
    while !run.state().is_final() {
        match run.advance(&snapshots, SLICE) {
            Advance::Complete => {}
            Advance::Continue => bar.set_position(run.progress().marks_done as u64),
            Advance::NeedData(pack) => {
                let dataset = &run.resolved().dataset;
                match source.pack(dataset, &dataset.packs[pack]) {
                    Ok(read) => snapshots.extend(read),
                    Err(error) => run.fail(&error.to_string()),
                }
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn write_csv(run: &Run, folder: &std::path::Path) -> Result<(), Failure> {
    let context = || folder.display().to_string();
    std::fs::create_dir_all(folder).with_context(context)?;
    let mut files = vec![
        ("steps.csv", export::steps_csv(run)),
        ("trades.csv", export::trades_csv(run)),
        ("equity.csv", export::equity_csv(run)),
    ];
    if run.resolved().request.account.loan.is_some() {
        files.push(("loan.csv", export::loan_csv(run)));
    }
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).with_context(context)?;
    }
    Ok(())
}
