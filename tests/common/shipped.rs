//! Walking a request over the data that ship.

use super::runs::started_on;
use chainwalk::cli::FileSource;
use chainwalk::market::PackSource;
use chainwalk::run::{Advance, Run, resolve};
use serde_json::Value;
use std::path::Path;

/// The data that ship.
pub fn shipped() -> FileSource {
    FileSource { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data") }
}

/// A run on the data that ship, at its last mark.
pub fn walked_on_shipped(request: &Value) -> Run {
    let source = shipped();
    let catalog = source.catalog().expect("the catalog");
    let mut run = started_on(resolve(&request.to_string(), &catalog).unwrap_or_else(|e| panic!("{request}: {e}")));
    let mut snapshots = Vec::new();
    loop {
        match run.advance(&snapshots, 1_000) {
            Advance::Complete => return run,
            Advance::Continue => {}
            Advance::NeedData(pack) => {
                let dataset = &run.resolved().dataset;
                snapshots.extend(source.pack(dataset, &dataset.packs[pack]).expect("a pack"));
            }
        }
    }
}
