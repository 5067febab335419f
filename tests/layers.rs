//! The layers of `src/`: a module uses only what stands below it. This file holds the table, reads every `crate::` and
//! `super::` path in the sources, and names each use that goes up.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Where a layer is compiled. `Browser` and `Native` layers never see each other.
#[derive(Clone, Copy, PartialEq)]
enum World {
    Both,
    Browser,
    Native,
}
use World::{Both, Browser, Native};

/// Bottom to top, in the order of `src/lib.rs`. A layer that has no file yet is no error.
const LAYERS: [(&str, World); 20] = [
    ("units", Both),
    ("json", Both),
    ("sort", Both),
    ("pricing", Both),
    ("market", Both),
    ("portfolio", Both),
    ("strategy", Both),
    ("engine", Both),
    ("digest", Both),
    ("metrics", Both),
    ("run", Both),
    ("share", Both),
    ("store", Both),
    ("display", Both),
    ("import", Both),
    ("bench", Both),
    ("web", Browser),
    ("worker", Browser),
    ("app", Browser),
    ("cli", Native),
];

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == layer)
}

fn may_use(from: &str, to: &str) -> bool {
    match (rank(from), rank(to)) {
        (Some(user), Some(used)) => {
            let world = LAYERS[used].1;
            used <= user && (world == Both || world == LAYERS[user].1)
        }
        _ => false,
    }
}

/// A word, `::` or a single mark, with its line number; comments, strings and character literals are left out.
fn tokens(source: &str) -> Vec<(usize, String)> {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut out, mut line, mut i) = (Vec::new(), 1, 0);
    while i < text.len() {
        let start = i;
        let hashes = (i + 1..).take_while(|&k| at(k) == '#').count();
        if at(i) == '/' && at(i + 1) == '/' {
            while i < text.len() && at(i) != '\n' {
                i += 1;
            }
        } else if at(i) == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= text.len() {
                    break;
                }
            }
        } else if at(i) == 'r' && at(i + 1 + hashes) == '"' {
            let closes = |k: usize| at(k) == '"' && (1..=hashes).all(|h| at(k + h) == '#');
            i += 2 + hashes;
            while i < text.len() && !closes(i) {
                i += 1;
            }
            i += 1 + hashes;
        } else if at(i) == '"' {
            i += 1;
            while i < text.len() && at(i) != '"' {
                i += if at(i) == '\\' { 2 } else { 1 };
            }
            i += 1;
        } else if at(i) == '\'' && at(i + 1) == '\\' {
            i += 3;
            while i < text.len() && at(i) != '\'' {
                i += 1;
            }
            i += 1;
        } else if at(i) == '\'' && at(i + 2) == '\'' {
            i += 3;
        } else {
            let end = (i..).find(|&k| !word(at(k))).unwrap_or(i);
            i = if end > i { end } else { i + if at(i) == ':' && at(i + 1) == ':' { 2 } else { 1 } };
            let token: String = text[start..i].iter().collect();
            if !token.trim().is_empty() {
                out.push((line, token));
            }
        }
        line += text[start..i.min(text.len())].iter().filter(|c| **c == '\n').count();
    }
    out
}

/// Every forbidden use in one file; `path` is relative to `src`.
fn violations(path: &str, source: &str) -> Vec<String> {
    let module: Vec<&str> = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect();
    let layer = module[0];
    let tokens = tokens(source);
    let token = |i: usize| tokens.get(i).map_or("", |(_, t)| t.as_str());
    let mut found = Vec::new();
    let mut refuse = |i: usize, what: String| found.push(format!("src/{path}:{}: {layer} {what}", tokens[i].0));
    let (mut braces, mut inline_modules) = (0, Vec::new());
    for i in 0..tokens.len() {
        match token(i) {
            "{" => {
                braces += 1;
                if i >= 2 && token(i - 2) == "mod" {
                    inline_modules.push(braces);
                }
            }
            "}" => {
                if inline_modules.last() == Some(&braces) {
                    inline_modules.pop();
                }
                braces -= 1;
            }
            "crate" if token(i + 1) == "::" => {
                for (k, name) in first_names(i + 2, &token) {
                    if !may_use(layer, name) {
                        refuse(k, format!("uses {name}, which does not stand below it"));
                    }
                }
            }
            "super" if token(i.wrapping_sub(1)) != "::" && token(i + 1) == "::" => {
                let climbs = (i..).step_by(2).take_while(|&k| token(k) == "super").count();
                if climbs >= module.len() + inline_modules.len() {
                    refuse(i, "leaves its layer through super; write crate::".into());
                }
            }
            _ => {}
        }
    }
    found
}

/// The first segment of a path, or of each path in a `{...}` group, that starts at token `i`.
fn first_names<'a>(i: usize, token: &impl Fn(usize) -> &'a str) -> Vec<(usize, &'a str)> {
    if token(i) != "{" {
        return vec![(i, token(i))];
    }
    let (mut names, mut depth, mut k) = (Vec::new(), 0, i);
    loop {
        match token(k) {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 || token(k).is_empty() {
            return names;
        }
        if depth == 1 && matches!(token(k), "{" | ",") && token(k + 1) != "}" {
            names.push((k + 1, token(k + 1)));
        }
        k += 1;
    }
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn no_module_uses_what_stands_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("a file below src").to_string_lossy().replace('\\', "/");
        if path != "lib.rs" && path != "main.rs" {
            found.extend(violations(&path, &fs::read_to_string(&file).expect("a readable file")));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn lib_rs_and_the_map_list_the_layers_in_this_order() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("src/lib.rs");
    let listed: Vec<&str> = lib.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let expected: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).filter(|name| listed.contains(name)).collect();
    assert_eq!(listed, expected);
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("the page");
    let map = page.split("## ").find(|part| part.starts_with("The map")).expect("its map");
    let rows: Vec<&str> = map.lines().filter_map(|l| Some(l.strip_prefix("| `")?.split_once('`')?.0)).collect();
    assert_eq!(rows, listed, "the map of ARCHITECTURE.md");
}

#[test]
fn the_check_sees_what_it_should() {
    let source = r##"
//! crate::cli in a comment /* is no use
/* nor crate::app /* nested */ here */
use crate::units::Usd;
use crate::{market::{Chain, run}, pricing, metrics::Summary,
    engine::Step};
fn f<'a>(c: &'a str) -> char { let _ = (r#"crate::app"#, "\"crate::web", '"', '\'', "x"); crate::web::now(); 'x' }
pub(super) fn g() { super::units::day(); }
mod tests { use super::*; use super::super::pricing; }
"##;
    let expected = [
        "src/portfolio/mod.rs:5: portfolio uses metrics, which does not stand below it",
        "src/portfolio/mod.rs:6: portfolio uses engine, which does not stand below it",
        "src/portfolio/mod.rs:7: portfolio uses web, which does not stand below it",
        "src/portfolio/mod.rs:8: portfolio leaves its layer through super; write crate::",
        "src/portfolio/mod.rs:9: portfolio leaves its layer through super; write crate::",
    ];
    assert_eq!(violations("portfolio/mod.rs", source), expected);
    assert_eq!(violations("portfolio/ledger.rs", "use super::fees; use super::super::units;").len(), 1);
    assert_eq!(violations("app/mod.rs", "use crate::web; use crate::import; use crate::cli;").len(), 1);
    assert_eq!(violations("cli/run.rs", "use crate::{app, web, import, engine};").len(), 2);
    assert_eq!(violations("web/mod.rs", "use crate::{app, display, nowhere};").len(), 2);
}
