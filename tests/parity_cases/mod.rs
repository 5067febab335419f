//! Runs whose digests are pinned; the same list is checked natively and in a real browser, from the pack bytes.

use chainwalk::digest::sha256_hex;
use chainwalk::market::{Catalog, decode_pack};
use chainwalk::run::{Advance, Command, Run, resolve};

const CATALOG: &[u8] = include_bytes!("../../assets/data/catalog.json");
const DECEMBER: &[u8] = include_bytes!("../../assets/data/btc-2026/2025-12.json");
const JANUARY: &[u8] = include_bytes!("../../assets/data/btc-2026/2026-01.json");

/// Request and digest.
pub const CASES: [(&str, &str); 3] = [
    (
        r#"{"dataset":"btc-2026","end":"2026-01-31"}"#,
        "6d3a597a160d2d0996d65e7c8e03c818e2214fae44e244a7b039d9bc472292d2",
    ),
    (
        r#"{"dataset":"btc-2026","end":"2026-01-31","exit_style":"tp_and_roll","decision_interval_hours":4}"#,
        "b431ab14d0bfa0cd7e527516446a9a0482013eb7a10c1df25727e6f7af7c9932",
    ),
    (
        r#"{"dataset":"btc-2026","end":"2026-01-31","costs":{"fill":"mid","slippage_ticks":1},"variants":[{"name":"Nearest","selection":"nearest","max_open":2,"size":0.5}]}"#,
        "8b4b1cbb01672cb0fef2f9d2517a2dc992e0fb7e36f40cac0480bb956e542dce",
    ),
];

/// The digest of a request over December and January, with the January bytes that are given.
pub fn digest(request: &str, january: &[u8]) -> String {
    let mut catalog = Catalog::parse(CATALOG).expect("the shipped catalog");
    catalog.datasets[0].packs[1].sha256 = sha256_hex(january);
    catalog.datasets[0].packs[1].bytes = january.len() as u64;
    let mut run = Run::new(resolve(request, &catalog).expect("a request"));
    let dataset = run.resolved().dataset.clone();
    let mut snapshots = decode_pack(DECEMBER, &dataset, &dataset.packs[0]).expect("December");
    snapshots.extend(decode_pack(january, &dataset, &dataset.packs[1]).expect("January"));
    run.command(Command::Start).expect("starts");
    run.command(Command::Data).expect("runs");
    assert_eq!(run.advance(&snapshots, usize::MAX), Advance::Complete);
    run.digest()
}

/// Every pinned digest, and another one when the first index of January is a cent higher.
pub fn check() {
    for (request, expected) in CASES {
        assert_eq!(digest(request, JANUARY), expected, "{request}");
    }
    let text = std::str::from_utf8(JANUARY).expect("JSON");
    let at = text.find("\"index\":").expect("an index") + "\"index\":".len();
    let end = at + text[at..].find(',').expect("a figure");
    let index: f64 = text[at..end].parse().expect("a number");
    let changed = format!("{}{}{}", &text[..at], index + 0.01, &text[end..]);
    assert_ne!(digest(CASES[0].0, changed.as_bytes()), CASES[0].1);
}
