//! Importers of Tardis, OptionsDX and the Deribit API and guessed mappings: made-up files, and recorded ones where they are.

mod common;

#[path = "importers/deribit_api.rs"]
mod deribit_api;
#[path = "importers/guess.rs"]
mod guess;
#[path = "importers/optionsdx.rs"]
mod optionsdx;
#[path = "importers/summaries.rs"]
mod summaries;
#[path = "importers/tardis.rs"]
mod tardis;

use chainwalk::import::Report;
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

fn made_up(name: &str) -> Vec<u8> {
    fs::read(common::fixture("import").join(name)).expect(name)
}

fn gunzip(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(File::open(path).expect("a file")).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// What was dropped, by reason.
fn dropped(report: &Report) -> Vec<(&str, u64)> {
    report.dropped.iter().map(|(reason, n)| (&reason[..], *n)).collect()
}

/// Every error as it prints.
fn errors(report: &Report) -> Vec<String> {
    report.errors.iter().map(ToString::to_string).collect()
}
