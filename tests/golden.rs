//! Golden runs: tiny markets made by hand, whose outcome each README works out to the tick.
//!
//! `expected.json` holds `hand`, figures written by a person and never by the program, and `recorded`, the digest.
//! `REFRESH_GOLDEN=1 cargo test --test golden` writes `recorded` anew; `hand` is compared all the same, and is
//! carried over as it is.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::metrics::identity::largest_error;
use chainwalk::portfolio::EntryKind;
use chainwalk::run::Run;
use common::market::Market;
use common::runs::walked;
use common::view::{differences, view};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A golden run: its folder, market, request and run.
struct Golden {
    name: String,
    folder: PathBuf,
    run: Run,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn market_of(folder: &Path) -> Market {
    let path = folder.join("market.json");
    match json_of(&path).get("same_as").and_then(Value::as_str) {
        Some(other) => market_of(&root().join(other)),
        None => Market::parse(&read(&path)),
    }
}

/// All golden runs, by name, each walked to its last mark.
fn all() -> Vec<Golden> {
    let folders = std::fs::read_dir(root()).expect("tests/golden");
    let mut folders: Vec<PathBuf> = folders.map(|f| f.expect("a folder").path()).filter(|f| f.is_dir()).collect();
    folders.sort();
    let golden = |folder: PathBuf| {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let run = walked(&market_of(&folder), &json_of(&folder.join("request.json")));
        Golden { name, folder, run }
    };
    folders.into_iter().map(golden).collect()
}

fn recorded(run: &Run) -> Value {
    json!({ "digest": run.digest(), "marks": run.units().iter().map(|u| u.steps.len()).collect::<Vec<_>>() })
}

#[test]
fn what_the_readmes_say_happens() {
    let refresh = std::env::var_os("REFRESH_GOLDEN").is_some();
    let mut found = Vec::new();
    for golden in all() {
        assert!(golden.folder.join("README.md").exists(), "{} explains itself", golden.name);
        let path = golden.folder.join("expected.json");
        let mut expected = json_of(&path);
        assert!(expected["hand"]["variants"].is_array(), "{}: figures by hand", golden.name);
        differences(&expected["hand"], &view(&golden.run), &golden.name, &mut found);
        let now = recorded(&golden.run);
        if refresh {
            expected["recorded"] = now;
            let text = serde_json::to_string_pretty(&expected).expect("JSON");
            std::fs::write(&path, text + "\n").expect("expected.json is written");
        } else {
            differences(&expected["recorded"], &now, &format!("{} recorded", golden.name), &mut found);
            if expected["recorded"]["digest"].is_null() {
                found.push(format!("{}: no recorded digest; REFRESH_GOLDEN=1 writes it", golden.name));
            }
        }
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_identity_holds_at_every_mark() {
    let golden = all();
    assert!(golden.len() >= 20, "{} golden runs", golden.len());
    for golden in golden {
        for unit in golden.run.units() {
            let error = largest_error(
                &unit.steps,
                golden.run.resolved().dataset.settlement,
                &golden.run.resolved().request.account,
            );
            assert!(error < 1e-9, "{} {}: {error}", golden.name, unit.name);
        }
    }
}

#[test]
fn the_identity_sees_a_single_lost_entry() {
    let mut dropped = 0;
    for golden in all() {
        let settlement = golden.run.resolved().dataset.settlement;
        for unit in golden.run.units() {
            for (at, step) in unit.steps.iter().enumerate() {
                for (i, entry) in step.ledger.iter().enumerate().filter(|(_, e)| e.kind != EntryKind::Deposit) {
                    let mut steps = unit.steps.clone();
                    steps[at].happened.ledger.remove(i);
                    let error = largest_error(&steps, settlement, &golden.run.resolved().request.account);
                    assert!(error > 1e-9, "{} {}: {entry:?} dropped unseen", golden.name, unit.name);
                    dropped += usize::from(entry.kind == EntryKind::Fee);
                }
            }
        }
    }
    assert!(dropped > 20, "{dropped} fees were dropped");
}

#[test]
fn balances_are_the_sums_of_their_entries() {
    for golden in all() {
        for unit in golden.run.units() {
            let (mut coins, mut cash, mut debt) = (0.0, 0.0, 0.0);
            for step in &unit.steps {
                step.ledger.iter().for_each(|entry| {
                    coins += entry.coins.0;
                    cash += entry.cash.0;
                    debt += entry.debt.0;
                });
                assert_eq!(
                    step.loan.as_ref().map_or(0.0, |loan| loan.debt.0),
                    debt,
                    "{} at {}",
                    golden.name,
                    step.time
                );
                assert_eq!((step.coins.0, step.cash.0), (coins, cash), "{} at {}", golden.name, step.time);
            }
        }
    }
}

#[test]
fn kept_steps_come_back_as_they_were() {
    use chainwalk::store::steps::{read_steps, write_steps};
    for golden in all() {
        for unit in golden.run.units() {
            let back = read_steps(&write_steps(&unit.steps));
            assert_eq!(back.as_deref(), Ok(unit.steps.as_slice()), "{}", golden.name);
        }
    }
}
