//! What several test files have in common.

#[allow(dead_code, reason = "not every test file makes a market")]
pub mod market;
#[allow(dead_code, reason = "not every test file runs one")]
pub mod runs;
#[cfg(not(target_arch = "wasm32"))]
#[allow(dead_code, reason = "not every test file reads what ships")]
pub mod shipped;
#[allow(dead_code, reason = "golden runs look at all of a run")]
pub mod view;
#[allow(dead_code, reason = "not every test file walks a random market")]
pub mod wave;

use chainwalk::import::Report;
use chainwalk::import::deribit_months::{Months, Written};
use chainwalk::import::rows::Gathering;
use chainwalk::market::RawSnapshot;
use std::path::{Path, PathBuf};

/// Path of a file in the project's shared folder of outside values.
///
/// The folder is `CHAINWALK_SHARED`, or `../shared` beside this package, and has a folder `truth`. `None`, with one line on
/// standard error, where there is no such folder; a panic where only the file is missing.
#[allow(dead_code, reason = "not every test file reads outside values")]
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CHAINWALK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if !folder.join("truth").is_dir() {
        eprintln!("skipped {path}: no outside values in {} (CHAINWALK_SHARED, see CONTRIBUTING.md)", folder.display());
        return None;
    }
    let file = folder.join(path);
    assert!(file.exists(), "{} is missing from the shared folder", file.display());
    Some(file)
}

/// Path of a file under this package's `tests/fixtures`.
#[allow(dead_code, reason = "not every test file reads fixtures")]
pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// The snapshots of a month's file, by time.
#[allow(dead_code, reason = "not every test file reads months")]
pub fn month(bytes: &[u8], file: &str, report: &mut Report) -> Vec<RawSnapshot> {
    let (written, mut months) = (Written::parse(bytes, file).expect("a month"), Months::default());
    written.read(&mut months, report).expect("snapshots");
    months.snapshots(report)
}

/// The most memory this process ever held, MiB; `None` where the system does not say.
#[allow(dead_code, reason = "not every test file measures memory")]
pub fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
