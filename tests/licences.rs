//! Every dependency, on every platform, is under a licence that this project accepts.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use std::process::Command;

/// SPDX names. All of them allow use in a program under MIT OR Apache-2.0 that is given away as a web page.
const ACCEPTED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met with accepted licences alone; `/` is an old way to write `OR`.
fn accepted(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let fits = any_of(&words, &mut at);
    fits && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut fits = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        fits |= all_of(words, at);
    }
    fits
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut fits = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        fits &= one(words, at);
    }
    fits
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let fits = any_of(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return fits && closed;
    }
    let mut licence = (*word).to_string();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    ACCEPTED.contains(&licence.as_str())
}

/// `cargo metadata` of every platform; the sources of platforms other than this one are fetched where they are missing.
fn metadata() -> Value {
    let run = |offline: bool| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--format-version", "1", "--locked", "--quiet"]).args(offline.then_some("--offline"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs")
    };
    let mut output = run(true);
    if !output.status.success() {
        output = run(false);
    }
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

#[test]
fn every_dependency_has_an_accepted_licence() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    assert!(packages.len() > 50, "only {} packages: the list is not whole", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|p| !accepted(p["license"].as_str().unwrap_or("")))
        .map(|p| format!("{} {}: {}", p["name"], p["version"], p["license"]))
        .collect();
    assert!(refused.is_empty(), "licences to look at:\n{}", refused.join("\n"));
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let cases = [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT OR GPL-3.0-only AND Zlib", true),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
        ("Apache-2.0 WITH LLVM-exception OR LGPL-2.1-only", true),
        ("Apache-2.0 WITH Something-else", false),
        ("(MIT", false),
        ("MIT Zlib", false),
        ("", false),
    ];
    for (expression, expected) in cases {
        assert_eq!(accepted(expression), expected, "{expression:?}");
    }
}
