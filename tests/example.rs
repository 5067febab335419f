//! The example that the page shows first is a real result: running its request again gives its digest.
#![cfg(not(target_arch = "wasm32"))]

use chainwalk::cli::FileSource;
use chainwalk::display::first_paint::first_paint;
use chainwalk::market::PackSource;
use chainwalk::run::example::Example;
use chainwalk::run::{Advance, Command, Run, RunState, resolve};
use std::path::Path;

#[test]
fn the_example_recomputes() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let shipped = std::fs::read(assets.join("example.json")).expect("assets/example.json");
    let example: Example = serde_json::from_slice(&shipped).expect("an example");
    let source = FileSource { folder: assets.join("data") };
    let catalog = source.catalog().expect("the shipped catalog");
    let mut run = Run::new(resolve(&example.request.to_string(), &catalog).expect("its request"));
    let snapshots = source.snapshots(&run.resolved().dataset).expect("the shipped packs");
    run.command(Command::Start).expect("starts");
    run.command(Command::Data).expect("runs");
    assert_eq!(run.advance(&snapshots, usize::MAX), Advance::Complete);
    assert_eq!(run.state(), RunState::Completed);
    assert_eq!(run.digest(), example.digest);
    // not assert_eq, which would print both files
    assert!(
        Example::of(&run, example.request.clone()) == example,
        "assets/example.json is out of date: run script/data --update, or copy what it made"
    );
    let seen_first = std::fs::read_to_string(assets.join("example.html")).expect("assets/example.html");
    assert!(
        first_paint(&example, run.resolved()) == seen_first,
        "assets/example.html is out of date: run script/data --update, or copy what it made"
    );
}
