//! Runs whose digests are pinned; the same list is checked natively and in a real browser, from the pack bytes.

#[path = "../common/market.rs"]
#[allow(dead_code, reason = "only a golden run's market is made here")]
mod market;

use chainwalk::digest::sha256_hex;
use chainwalk::market::codec::{decode_pack, encode_pack, pack_entry};
use chainwalk::market::{Catalog, Dataset};
use chainwalk::run::{Advance, Command, Run, resolve};
use market::Market;

const CATALOG: &[u8] = include_bytes!("../../assets/data/catalog.json");
const DECEMBER: &[u8] = include_bytes!("../../assets/data/btc-2026/2025-12.json");
const JANUARY: &[u8] = include_bytes!("../../assets/data/btc-2026/2026-01.json");

/// Request over December and January, and digest.
const CASES: [(&str, &str); 4] = [
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
    (
        r#"{"dataset":"btc-2026","end":"2026-01-31","account":{"coins":1,"loan":{"principal_usd":60000,"apr":0.08,"liquidation_ltv":0.85}},"variants":[{"name":"Put","hedge":{"tenor_days":91}},{"name":"Ladder","hedge":{"kind":"ladder","tenor_days":30,"roll_days_before_expiry":7,"legs":[{"kind":"put","side":"long","moneyness":1,"weight":0.5},{"kind":"put","side":"long","delta":0.25,"weight":0.5}]}},{"name":"Collar","hedge":{"kind":"collar","tenor_days":182,"legs":[{"kind":"put","side":"long","moneyness":0.95,"weight":1},{"kind":"call","side":"short","pays_for_puts":true,"weight":1}]}}]}"#,
        "039147e27b454b402b0ef01aed56a0180b4cf890ebb9af22694a8bcedd4a86d6",
    ),
];

/// A year of modelled options on gold with its look-back, a hedged loan on it, and its digest.
const GOLD: [&[u8]; 2] =
    [include_bytes!("../../assets/data/gld-long/2019.json"), include_bytes!("../../assets/data/gld-long/2020.json")];
const GOLD_LOAN: (&str, &str) = (
    r#"{"dataset":"gld-long","start":"2020-01-02","end":"2020-12-30","account":{"coins":1000,"loan":{"principal_usd":106000}},"variants":[{"name":"None","hedge":{"coverage":0}},{"name":"Put","hedge":{}},{"name":"Collar","hedge":{"kind":"collar","legs":[{"kind":"put","side":"long","moneyness":0.95,"weight":1},{"kind":"call","side":"short","pays_for_puts":true,"weight":1}]}}]}"#,
    "396ea3198b8ea8a8b5fe7694c0b465c777903c1d9f980026c4cca225ba52d7d3",
);

/// Recorded datasets: id, one pack, a request over it, and its digest.
const RECORDED: [(&str, &str, &[u8], &str, &str); 2] = [
    (
        "btc-board-2024-12-31",
        "2024-12.json",
        include_bytes!("../../assets/data/btc-board-2024-12-31/2024-12.json"),
        r#"{"dataset":"btc-board-2024-12-31"}"#,
        "d96621157b3bd27d6d1a2f4bd8783303f4b058a1fa3535adfdd96e9d0e11fc2f",
    ),
    (
        "msft-2026",
        "2026-04.json",
        include_bytes!("../../assets/data/msft-2026/2026-04.json"),
        r#"{"dataset":"msft-2026","start":"2026-04-01"}"#,
        "d65b0eef5bbf5938248a3f59e876cf2650971890b36b22fb6b813e336552f25c",
    ),
];

/// A golden run: market, request, and the answer that `tests/golden.rs` keeps.
const GOLDEN: [&str; 3] = [
    include_str!("../golden/take_profit_roll/market.json"),
    include_str!("../golden/take_profit_roll/request.json"),
    include_str!("../golden/take_profit_roll/expected.json"),
];
/// SHA-256 of the golden market as a pack of recorded quotes.
const GOLDEN_PACK: &str = "6bad4d5b4063b73ba46d9e81f2027c78ff67390415ef13ff7631eb528b7f6604";

/// The digest of a request over a dataset's first packs, with the bytes that are given in place of the catalog's.
fn digest(request: &str, mut dataset: Dataset, packs: &[&[u8]]) -> String {
    for (entry, bytes) in dataset.packs.iter_mut().zip(packs) {
        (entry.sha256, entry.bytes) = (sha256_hex(bytes), bytes.len() as u64);
    }
    let catalog = Catalog::of(vec![dataset.clone()]);
    let mut run = Run::new(resolve(request, &catalog).expect("a request"));
    let decoded = dataset.packs.iter().zip(packs).flat_map(|(e, b)| decode_pack(b, &dataset, e).expect("a pack"));
    let snapshots: Vec<_> = decoded.collect();
    run.command(Command::Start).expect("starts");
    run.command(Command::Data).expect("runs");
    assert_eq!(run.advance(&snapshots, usize::MAX), Advance::Complete);
    run.digest()
}

/// A pack in which the first figure after a key is another one.
fn edited(pack: &[u8], key: &str, edit: impl Fn(f64) -> f64) -> Vec<u8> {
    let text = std::str::from_utf8(pack).expect("JSON");
    let at = text.find(key).expect("the key") + key.len();
    let end = at + text[at..].find([',', ']']).expect("a figure");
    let figure: f64 = text[at..end].parse().expect("a number");
    format!("{}{}{}", &text[..at], edit(figure), &text[end..]).into_bytes()
}

/// Every pinned digest, and another one when the first index of January is a cent higher.
fn check_months() {
    let dataset = shipped("btc-2026");
    for (request, expected) in CASES {
        assert_eq!(digest(request, dataset.clone(), &[DECEMBER, JANUARY]), expected, "{request}");
    }
    let changed = edited(JANUARY, "\"index\":", |index| index + 0.01);
    assert_ne!(digest(CASES[0].0, dataset, &[DECEMBER, &changed]), CASES[0].1);
}

fn shipped(id: &str) -> Dataset {
    Catalog::parse(CATALOG).expect("the shipped catalog").dataset(id).expect("a dataset").clone()
}

/// Modelled quotes are made of prices and a level at load: the same in both worlds.
fn check_gold() {
    let mut dataset = shipped("gld-long");
    dataset.packs.retain(|entry| entry.path.ends_with("2019.json") || entry.path.ends_with("2020.json"));
    assert_eq!(digest(GOLD_LOAN.0, dataset, &GOLD), GOLD_LOAN.1);
}

/// Recorded quotes in coin and in USD.
fn check_recorded() {
    for (id, pack, bytes, request, expected) in RECORDED {
        let mut dataset = shipped(id);
        dataset.packs.retain(|entry| entry.path.ends_with(pack));
        assert_eq!(digest(request, dataset, &[bytes]), expected, "{request}");
    }
}

/// The golden run through a pack of its quotes, and another digest when its first bid is a tick (0.0005) higher.
fn check_golden() {
    let [market, request, expected] = GOLDEN;
    let expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
    let Market { mut dataset, raw, .. } = Market::parse(market);
    let pack = encode_pack(&dataset, &raw);
    assert_eq!(sha256_hex(&pack), GOLDEN_PACK);
    dataset.packs = vec![pack_entry("made/0.json".into(), &pack, &raw)];
    let expected = expected["recorded"]["digest"].as_str().expect("a digest");
    assert_eq!(digest(request, dataset.clone(), &[&pack]), expected);
    let changed = edited(&pack, "\"bid\":[", |bid| bid + 5.0);
    assert_ne!(digest(request, dataset, &[&changed]), expected);
}

/// All of it.
pub fn check() {
    check_months();
    check_gold();
    check_recorded();
    check_golden();
}
