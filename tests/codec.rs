//! Packs: what is written is read back, and whatever is wrong is refused with one sentence.

use chainwalk::import::deribit_months::header;
use chainwalk::market::catalog::PackEntry;
use chainwalk::market::codec::{pack_entry, sha256_hex};
use chainwalk::market::{
    Catalog, Dataset, MarketSnapshot, MemorySource, PackSource, RawChain, RawQuotes, RawSnapshot, Settlement,
    decode_pack, encode_pack,
};
use chainwalk::units::{DAY_MS, Day, HOUR_MS, Timestamp};
use proptest::prelude::*;

const PATH: &str = "btc-2026/2026-01.json";

fn dataset() -> Dataset {
    header("btc-2026".into(), "BTC")
}

/// 2026-01-03T08:00:00Z and later, one a day.
fn time(i: usize) -> Timestamp {
    Day::parse("2026-01-03").expect("a date").start().plus_ms(8 * HOUR_MS + i as i64 * DAY_MS)
}

fn quotes(strikes: usize) -> RawQuotes {
    let column = |value: f64| vec![value; strikes];
    RawQuotes {
        bid: column(0.0115),
        ask: column(0.012),
        mark: column(0.011_75),
        iv: column(0.55),
        open_interest: column(12.5),
    }
}

fn snapshot(i: usize) -> RawSnapshot {
    let time = time(i);
    let chain = |days: i64| RawChain {
        expiry: time.plus_ms(days * DAY_MS),
        forward: 90_100.5,
        strikes: vec![80_000.0, 85_000.0, 90_000.0, 95_000.0, 100_000.0],
        call: quotes(5),
        put: quotes(5),
    };
    RawSnapshot { time, index: 90_000.25, high: Some(91_000.0), low: None, chains: vec![chain(6), chain(27)] }
}

fn pack() -> (String, PackEntry) {
    let snapshots = [snapshot(0), snapshot(1)];
    let bytes = encode_pack(&dataset(), &snapshots);
    let entry = pack_entry(PATH.into(), &bytes, &snapshots);
    (String::from_utf8(bytes).expect("UTF-8"), entry)
}

/// The entry of other bytes, so that size and hash pass.
fn vouch(entry: &PackEntry, bytes: &[u8]) -> PackEntry {
    PackEntry { bytes: bytes.len() as u64, sha256: sha256_hex(bytes), ..entry.clone() }
}

fn refusal(text: &str) -> String {
    let entry = vouch(&pack().1, text.as_bytes());
    decode_pack(text.as_bytes(), &dataset(), &entry).expect_err("a refusal").to_string()
}

#[test]
fn a_pack_reads_back_by_division() {
    let (text, entry) = pack();
    let read = decode_pack(text.as_bytes(), &dataset(), &entry).expect("a pack");
    let priced: Vec<MarketSnapshot> = [0, 1].map(|i| snapshot(i).price(0.0).expect("a snapshot")).into();
    assert_eq!(read, priced);
    assert_eq!(read[0].chains[0].call.bid(0), Some(115.0 / 10_000.0));
    assert_eq!(read[0].chains[0].put.mark(4), Some(11_750.0 / 1_000_000.0));
    assert_eq!(encode_pack(&dataset(), &[snapshot(0), snapshot(1)]), text.as_bytes(), "same input, same bytes");
    assert!(text.starts_with(r#"{"schema":1,"dataset":"btc-2026","kind":"recorded","snapshots":["#), "{text}");
}

#[test]
fn each_fault_is_refused_in_one_sentence() {
    let (text, entry) = pack();
    let first = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        refusal(&text.replacen(from, to, 1))
    };
    let at = "btc-2026/2026-01.json: snapshot 2026-01-03T08:00:00Z: ";
    for (found, expected) in [
        (
            first(r#""bid":[115,115,115,115,115]"#, r#""bid":[115,115,115,115,121]"#),
            format!("{at}expiry 2026-01-09 call.bid[4]: found 121 above ask 120, expected bid <= ask"),
        ),
        (
            first(r#""bid":[115,"#, r#""bid":[-1,"#),
            format!("{at}expiry 2026-01-09 call.bid[0]: found -1, expected a number of 0 or more, or null"),
        ),
        (
            first("85000,90000", "90000,85000"),
            format!("{at}expiry 2026-01-09 strikes[2]: found 85000 after 90000, expected strikes in ascending order"),
        ),
        (
            first(r#""ask":[120,120,120,120,120]"#, r#""ask":[120,120,120,120]"#),
            format!("{at}expiry 2026-01-09 call.ask: found 4 figures, expected 5, one a strike"),
        ),
        (
            first(r#""index":90000.25"#, r#""index":0"#),
            format!("{at}index: found 0, expected a positive number"),
        ),
        (
            first(r#""forward":90100.5"#, r#""forward":-2"#),
            format!("{at}expiry 2026-01-09 forward: found -2, expected a positive number"),
        ),
        (
            first(&time(6).0.to_string(), &time(0).0.to_string()),
            format!(
                "{at}expiry 2026-01-03: found 2026-01-03T08:00:00Z, expected an expiry after the snapshot's time 2026-01-03T08:00:00Z"
            ),
        ),
        (
            first(&format!(r#"{{"t":{}"#, time(1).0), &format!(r#"{{"t":{}"#, time(0).0)),
            "btc-2026/2026-01.json: snapshot 2026-01-03T08:00:00Z: found it after 2026-01-03T08:00:00Z, expected snapshots in ascending order".into(),
        ),
    ] {
        assert_eq!(found, expected);
    }
    let starts = [
        (
            first("115,115", "115.5,115"),
            "snapshots[0].chains[0].call.bid[0]: invalid type: floating point `115.5`, expected an integer or null",
        ),
        (
            first("115,115", "\"115\",115"),
            "snapshots[0].chains[0].call.bid[0]: invalid type: string \"115\", expected an integer or null",
        ),
        (
            first("115,115", "[[1]],115"),
            "snapshots[0].chains[0].call.bid[0]: invalid type: sequence, expected an integer or null",
        ),
        (first("\"forward\"", "\"fwd\""), "snapshots[0].chains[0].fwd: unknown field `fwd`"),
        (first("\"schema\":1", "\"schema\":2"), "schema: found schema 2, expected 1"),
        (first("btc-2026", "eth-2026"), "dataset: found dataset \"eth-2026\", expected \"btc-2026\""),
        (first("\"recorded\"", "\"fitted\""), "kind: found kind Fitted, expected Recorded"),
        (first("\n]}\n", "\n]}{}"), "pack: trailing characters"),
        (first("\"index\":90000.25", "\"index\":1e999"), "snapshots[0].index: number out of range"),
    ];
    for (found, start) in starts {
        let rest = found.strip_prefix("btc-2026/2026-01.json: ").expect("the file's name");
        assert!(rest.starts_with(start), "{found}\n{start}");
        assert!(!found.contains('\n'));
    }
    let refuse =
        |bytes: &[u8], entry: &PackEntry| decode_pack(bytes, &dataset(), entry).expect_err("refused").to_string();
    assert_eq!(
        refuse(&text.as_bytes()[1..], &entry),
        format!("{PATH}: found {} bytes, expected {} as the catalog says", text.len() - 1, text.len())
    );
    let changed = text.replacen("115", "114", 1);
    assert!(refuse(changed.as_bytes(), &entry).starts_with(&format!("{PATH}: found sha256 ")));
    let other = PackEntry { snapshots: 3, ..entry.clone() };
    assert_eq!(refuse(text.as_bytes(), &other), format!("{PATH}: snapshots: found 2, expected 3 as the catalog says"));
    let later = PackEntry { last: time(2), ..entry };
    assert_eq!(
        refuse(text.as_bytes(), &later),
        format!("{PATH}: last snapshot: found {}, expected {} as the catalog says", time(1), time(2))
    );
}

#[test]
fn limits_hold() {
    let (text, _) = pack();
    let many = vec!["1"; 4_001].join(",");
    let found = refusal(&text.replacen("80000,85000", &many, 1));
    assert!(found.contains("found more than 4000 figures, expected at most 4000"), "{found}");
    let deep =
        format!("{}{}", r#"{"schema":1,"dataset":"btc-2026","kind":"recorded","snapshots":"#, "[".repeat(100_000));
    assert!(refusal(&deep).starts_with(PATH));
}

#[test]
fn a_catalog_is_read_with_the_same_care() {
    let (text, entry) = pack();
    let mut dataset = dataset();
    (dataset.first, dataset.last) = (time(0).day(), time(1).day());
    dataset.packs = vec![entry];
    let catalog = Catalog::of(vec![dataset.clone()]);
    let bytes = catalog.encode().expect("a catalog");
    assert_eq!(Catalog::parse(&bytes), Ok(catalog.clone()));

    let source = MemorySource {
        files: [("catalog.json".to_string(), bytes.clone()), (PATH.to_string(), text.into_bytes())].into(),
    };
    let read = source.catalog().expect("a catalog");
    assert_eq!(source.snapshots(&read.datasets[0]).expect("packs").len(), 2);
    assert_eq!(source.bytes("x").expect_err("absent").to_string(), "x: found no such file");

    let refuse = |from: &str, to: &str| {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        assert!(text.contains(from), "{from}");
        Catalog::parse(text.replacen(from, to, 1).as_bytes()).expect_err("refused").to_string()
    };
    for (from, to, expected) in [
        ("\"schema\":1", "\"schema\":2", "catalog: schema: found 2, expected 1"),
        (
            PATH,
            "../2026-01.json",
            "catalog: btc-2026 packs[0].path: found ../2026-01.json, expected a relative path of plain names",
        ),
        (
            "\"id\":\"btc-2026\"",
            "\"id\":\"BTC\"",
            "catalog: id: found BTC, expected lower-case letters, digits and hyphens",
        ),
        (
            "\"cadence_minutes\":360",
            "\"cadence_minutes\":0",
            "catalog: btc-2026 cadence_minutes: found 0, expected a positive number",
        ),
        (
            "\"first\":\"2026-01-03\"",
            "\"first\":\"2026-02-03\"",
            "catalog: btc-2026 first: found 2026-02-03, expected a day that is not after last",
        ),
        ("\"lot\":0.1", "\"lot\":-1", "catalog: btc-2026 lot: found -1, expected a positive number"),
    ] {
        assert_eq!(refuse(from, to), expected);
    }
    assert!(refuse("\"venue\"", "\"venu\"").starts_with("catalog: datasets[0].venu: unknown field `venu`"));
    assert!(refuse("2026-01-03", "2026-02-30").contains("not a date"));
    let twice = Catalog::of(vec![dataset.clone(), dataset]);
    let found = Catalog::parse(&twice.encode().expect("a catalog")).expect_err("refused").to_string();
    assert_eq!(found, "catalog: datasets[1].id: found btc-2026, expected an id of its own");
}

/// A figure on the format's grid, or none.
fn figure(most: i64, unit: f64) -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(f64::NAN), 4 => (0..=most).prop_map(move |v| v as f64 / unit)]
}

fn any_quotes(rows: usize, quote: f64, mark: f64) -> impl Strategy<Value = RawQuotes> {
    let row =
        (figure(9_999, quote), figure(9_999, quote), figure(999_999, mark), figure(30_000, 10_000.0), 0..100_000u32);
    prop::collection::vec(row, rows).prop_map(|rows| {
        let mut quotes = RawQuotes::default();
        for (a, b, mark, iv, oi) in rows {
            let is_crossed = a > b;
            quotes.bid.push(if is_crossed { b } else { a });
            quotes.ask.push(if is_crossed { a } else { b });
            quotes.mark.push(mark);
            quotes.iv.push(iv);
            quotes.open_interest.push(f64::from(oi) / 10.0);
        }
        quotes
    })
}

fn any_chain(quote: f64, mark: f64) -> impl Strategy<Value = RawChain> {
    (prop::collection::btree_set(1..400_000u32, 0..8), 1.0..1e6f64).prop_flat_map(move |(strikes, forward)| {
        let n = strikes.len();
        (any_quotes(n, quote, mark), any_quotes(n, quote, mark)).prop_map(move |(call, put)| RawChain {
            expiry: Timestamp(0),
            forward,
            strikes: strikes.iter().map(|k| f64::from(*k) / 4.0).collect(),
            call,
            put,
        })
    })
}

fn any_snapshots(quote: f64, mark: f64) -> impl Strategy<Value = Vec<RawSnapshot>> {
    let one = (1.0..1e6f64, prop::collection::vec(any_chain(quote, mark), 0..4));
    prop::collection::vec(one, 1..4).prop_map(|all| {
        let raw = |(i, (index, mut chains)): (usize, (f64, Vec<RawChain>))| {
            let later =
                |(j, chain): (usize, &mut RawChain)| chain.expiry = time(i).plus_ms((j as i64 + 1) * 5 * HOUR_MS);
            chains.iter_mut().enumerate().for_each(later);
            RawSnapshot { time: time(i), index, high: Some(index * 1.5), low: Some(index / 3.0), chains }
        };
        all.into_iter().enumerate().map(raw).collect()
    })
}

/// NaN does not equal itself; its debug text does.
fn text(snapshots: &[MarketSnapshot]) -> String {
    format!("{snapshots:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn inverse_packs_round_trip(raw in any_snapshots(10_000.0, 1_000_000.0)) {
        round_trip(&dataset(), raw)?;
    }

    #[test]
    fn linear_packs_round_trip(raw in any_snapshots(100.0, 10_000.0)) {
        round_trip(&Dataset { settlement: Settlement::Linear, rate: 0.04, ..dataset() }, raw)?;
    }

    #[test]
    fn damaged_packs_never_panic(cut in 0..3_000usize, at in 0..3_000usize, byte: u8) {
        let (text, entry) = pack();
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = decode_pack(&bytes, &dataset(), &vouch(&entry, &bytes));
        bytes.truncate(cut);
        let _ = decode_pack(&bytes, &dataset(), &vouch(&entry, &bytes));
        let _ = Catalog::parse(&bytes);
    }

    #[test]
    fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode_pack(&bytes, &dataset(), &vouch(&pack().1, &bytes)).is_err());
        prop_assert!(Catalog::parse(&bytes).is_err());
    }
}

fn round_trip(dataset: &Dataset, raw: Vec<RawSnapshot>) -> Result<(), TestCaseError> {
    let bytes = encode_pack(dataset, &raw);
    let entry = pack_entry(PATH.into(), &bytes, &raw);
    let read = decode_pack(&bytes, dataset, &entry).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let priced: Vec<MarketSnapshot> = raw.into_iter().map(|r| r.price(dataset.rate).expect("a snapshot")).collect();
    prop_assert_eq!(text(&read), text(&priced));
    Ok(())
}
