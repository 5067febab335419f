//! Opening one's own files: what they are taken for, and that the page packs what `chainwalk pack` packs.
#![cfg(not(target_arch = "wasm32"))]

mod common;

#[path = "open/samples.rs"]
mod samples;
#[path = "open/series.rs"]
mod series;

use chainwalk::import::check::check;
use chainwalk::import::folder::PackFile;
use chainwalk::import::job::{self, Inputs, Out, Source};
use chainwalk::import::open::{
    Ask, Form, HEAD_BYTES, Head, Kind, Tell, Values, folder, look, plan, recognise, summary,
};
use chainwalk::import::{ImportError, Report};
use chainwalk::market::source::MemorySource;
use chainwalk::market::{Catalog, Dataset};
use chainwalk::store::zip::zip;
use common::{fixture, shared};
use flate2::read::MultiGzDecoder;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

/// A reader that gives what it is told to, a few bytes at a time.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..size].copy_from_slice(&self.bytes[self.at..self.at + size]);
        (self.at, self.turn) = (self.at + size, self.turn + 1);
        Ok(size)
    }
}

struct Kept {
    packs: Vec<PackFile>,
    /// How often the files were read.
    readings: u32,
    /// Rows that may be collected.
    most: u64,
}

impl Kept {
    fn new(most: u64) -> Kept {
        Kept { packs: Vec::new(), readings: 0, most }
    }
}

impl Out for Kept {
    fn keep(&mut self, pack: PackFile) -> Result<(), ImportError> {
        self.packs.push(pack);
        Ok(())
    }
    fn forget(&mut self) {
        self.packs.clear();
        self.readings += 1;
    }
    fn most_collected(&self) -> u64 {
        self.most
    }
}

struct Imported {
    dataset: Dataset,
    packs: Vec<PackFile>,
    report: Report,
    /// How often the files were read.
    readings: u32,
}

type File = (String, Vec<u8>);

fn made_up(names: &[&str]) -> Vec<File> {
    let read = |name: &&str| (name.to_string(), fs::read(fixture(&format!("import/{name}"))).expect("a fixture"));
    names.iter().map(read).collect()
}

/// Files of the shared folder, through gzip; `None` where there is no such folder.
fn recorded(names: &[&str]) -> Option<Vec<File>> {
    let read = |name: &&str| {
        let path = shared(name)?;
        let bytes = fs::read(&path).expect("a file");
        let mut plain = Vec::new();
        match name.ends_with(".gz") {
            true => MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).map(drop).expect("gzip"),
            false => plain = bytes,
        }
        Some((path.file_name()?.to_string_lossy().into_owned(), plain))
    };
    names.iter().map(read).collect()
}

/// docs/DATA.md has this row of a table.
fn is_published(row: &str) {
    println!("{row}");
    let is_there = include_str!("../docs/DATA.md").lines().any(|line| line == row);
    assert!(is_there, "docs/DATA.md has another row than {row}");
}

fn heads(files: &[File]) -> Vec<Head> {
    let head = |(name, bytes): &File| Head {
        name: name.clone(),
        size: bytes.len() as u64,
        bytes: bytes[..bytes.len().min(HEAD_BYTES)].to_vec(),
    };
    files.iter().map(head).collect()
}

fn values(form: &Form) -> Values {
    form.fields.iter().map(|field| (field.key.clone(), field.value.clone())).collect()
}

/// What the page makes of files, with a form that says what it says at first but for `changed`.
fn import(files: &[File], changed: &[(&str, &str)], sizes: &[usize]) -> Result<Imported, String> {
    import_at_most(u64::MAX, files, changed, sizes)
}

fn import_at_most(most: u64, files: &[File], changed: &[(&str, &str)], sizes: &[usize]) -> Result<Imported, String> {
    let heads = heads(files);
    let form = look(&heads, &[]).map_err(|lines| lines.join(" "))?;
    let mut values = values(&form);
    values.extend(changed.iter().map(|(key, value)| (key.to_string(), value.to_string())));
    let (taken, plan) = plan(&heads, &values, &[]).map_err(|p| format!("{}: {}", p[0].key, p[0].text))?;
    let source = |place: usize| {
        let (name, bytes) = files[place].clone();
        let sizes = sizes.to_vec();
        let open = move || -> Result<Box<dyn Read>, ImportError> {
            Ok(Box::new(Pieces { bytes: bytes.clone(), at: 0, sizes: sizes.clone(), turn: 0 }))
        };
        Source { name, open: Box::new(open) }
    };
    let inputs = Inputs {
        options: taken.options.iter().map(|place| source(*place)).collect(),
        delivery: taken.delivery.map(source),
        closes: taken.closes.map(source),
        vol: taken.vol.map(source),
        yields: None,
    };
    let (mut kept, mut report) = (Kept::new(most), Report::default());
    let dataset = job::run(&plan.expect("no folder"), &inputs, &mut kept, &mut report).map_err(|e| match e {
        ImportError::Empty => report.nothing_kept(),
        other => other.to_string(),
    })?;
    Ok(Imported { dataset, packs: kept.packs, report, readings: kept.readings })
}

fn catalog_of(dataset: &Dataset) -> Vec<u8> {
    Catalog::of(vec![dataset.clone()]).encode().expect("a catalog")
}

fn whole(bytes: usize) -> Vec<usize> {
    vec![bytes]
}

/// The files of a folder by their paths.
fn read_folder(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let catalog = fs::read(folder.join("catalog.json")).expect("a catalog");
    let packs = Catalog::parse(&catalog).expect("a sound catalog").datasets.into_iter().flat_map(|d| d.packs);
    let mut files: BTreeMap<String, Vec<u8>> =
        packs.map(|p| (p.path.clone(), fs::read(folder.join(&p.path)).expect("a pack"))).collect();
    files.insert("catalog.json".into(), catalog);
    files
}

/// Files, what the form is changed to, and the command with its arguments.
type Case = (&'static [&'static str], &'static [(&'static str, &'static str)], &'static [&'static str]);

#[test]
fn the_page_packs_what_the_command_packs() {
    let cases: [Case; 8] = [
        (&["tardis.csv"], &[("max_age_minutes", "60")], &["tardis", "--max-age-minutes", "60"]),
        (&["optionsdx-coin.txt"], &[], &["optionsdx"]),
        (
            &["optionsdx-stock.txt"],
            &[("underlying", "XYZ"), ("rate", "0.04")],
            &["optionsdx", "--underlying", "XYZ", "--rate", "0.04"],
        ),
        (&["deribit-books.jsonl"], &[("cadence_minutes", "60")], &["deribit-api", "--cadence-minutes", "60"]),
        (&["deribit-instruments.json", "deribit-summaries.json"], &[], &["deribit-api"]),
        (&["summary.csv"], &[], &["deribit-summary"]),
        (&["months.json", "delivery.csv", "hourly.csv"], &[], &["deribit-months"]),
        (&["guess-coin.csv"], &[], &["csv", "--guess"]),
    ];
    for (names, changed, command) in cases {
        let imported = import(&made_up(names), changed, &whole(1 << 16)).expect("an import");
        let id = imported.dataset.id.clone();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("open-{id}-{}", names[0]));
        let _ = fs::remove_dir_all(&folder);
        let path = |name: &&str| fixture(&format!("import/{name}"));
        let beside = ["delivery.csv", "hourly.csv"];
        let mut pack = Command::new(env!("CARGO_BIN_EXE_chainwalk"));
        pack.arg("pack").arg(command[0]).args(names.iter().filter(|name| !beside.contains(name)).map(path));
        for (name, flag) in beside.iter().zip(["--delivery", "--closes"]).filter(|(name, _)| names.contains(name)) {
            pack.arg(flag).arg(path(name));
        }
        pack.args(&command[1..]).args(["--id", &id]).arg("--out").arg(&folder);
        assert_same_bytes(imported, pack, &folder, names);
    }
}

/// What was imported is what the command writes into the folder.
fn assert_same_bytes(imported: Imported, mut pack: Command, folder: &Path, names: &[&str]) {
    let packed = pack.output().expect("a program");
    assert!(packed.status.success(), "{names:?} {}", String::from_utf8_lossy(&packed.stderr));
    let mut files: BTreeMap<String, Vec<u8>> = imported.packs.into_iter().map(|p| (p.path, p.bytes)).collect();
    files.insert("catalog.json".into(), catalog_of(&imported.dataset));
    assert!(files == read_folder(folder), "{names:?}: other bytes than the command's");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn pieces_may_end_anywhere(sizes in prop::collection::vec(1usize..90, 1..12), which in 0usize..4) {
        let names: [&[&str]; 4] = [&["tardis.csv"], &["optionsdx-coin.txt"], &["deribit-books.jsonl"], &["guess-coin.csv"]];
        let files = made_up(names[which]);
        let (small, large) = (import(&files, &[], &sizes), import(&files, &[], &[1 << 20]));
        let (small, large) = (small.expect("pieces"), large.expect("one piece"));
        prop_assert_eq!(small.packs, large.packs);
        prop_assert_eq!((small.dataset, small.report), (large.dataset, large.report));
    }
}

#[test]
fn rows_in_any_order_give_the_same_packs() {
    let files = made_up(&["guess-coin.csv"]);
    let text = String::from_utf8(files[0].1.clone()).expect("text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let turned = vec![("guess-coin.csv".to_string(), (lines.join("\n") + "\n").into_bytes())];
    let refused = import_at_most(3, &turned, &[], &[4096]).err();
    let sentence = "found rows that are not in time order, and more than 3 of them: expected files sorted by time, or chainwalk pack";
    assert_eq!(refused.as_deref(), Some(sentence));
    assert!(import_at_most(3, &files, &[], &[4096]).is_ok(), "rows in time order are never collected");
    let (ordered, turned) = (import(&files, &[], &[4096]).expect("rows"), import(&turned, &[], &[4096]).expect("rows"));
    assert_eq!((ordered.readings, turned.readings), (1, 2), "only the turned one is read twice");
    assert_eq!(ordered.packs, turned.packs);
    assert_eq!(ordered.report, turned.report);
}

/// What is listed after it was needed begins the import anew, and is then used.
#[test]
fn a_late_future_or_instrument_is_not_missed() {
    let option = |hour: i64, name: &str| {
        let time = 1_767_430_800_000 + hour * 3_600_000;
        format!(
            "{{\"timestamp\":{time},\"instrument_name\":\"{name}\",\"best_bid_price\":0.02,\"best_ask_price\":0.03,\"underlying_price\":100000}}\n"
        )
    };
    let instrument = "{\"instrument_name\":\"BTC-9JAN26-100-C\",\"expiration_timestamp\":1767945600000,\"strike\":101000,\"option_type\":\"call\"}\n".to_owned();
    let future = "{\"timestamp\":1767430860000,\"instrument_name\":\"BTC-9JAN26\",\"mark_price\":100500}\n".to_owned();
    let bare = option(0, "BTC-9JAN26-100-C").replace(",\"underlying_price\":100000", "");
    for (lines, readings) in [
        ([&instrument, &option(0, "BTC-9JAN26-100-C"), &option(1, "BTC-9JAN26-100-C")], 1),
        ([&option(0, "BTC-9JAN26-100-C"), &option(1, "BTC-9JAN26-100-C"), &instrument], 2),
        ([&future, &bare, &option(1, "BTC-9JAN26-100-C")], 1),
        ([&bare, &option(1, "BTC-9JAN26-100-C"), &future], 2),
    ] {
        let files = [("books.jsonl".to_owned(), lines.map(String::as_str).concat().into_bytes())];
        let imported = import(&files, &[], &whole(4096)).expect("an import");
        let counts = (imported.readings, imported.report.kept, imported.report.dropped_rows());
        assert_eq!(counts, (readings, 2, 0), "{lines:?}");
        let pack = String::from_utf8_lossy(&imported.packs[0].bytes).into_owned();
        let (has_strike, has_forward) = (pack.contains("101000"), pack.contains("100500"));
        assert!(has_strike != has_forward, "{lines:?}: {pack}");
    }
}

#[test]
fn files_are_taken_for_what_they_are() {
    for (name, kind) in [
        ("tardis.csv", Kind::Tardis),
        ("optionsdx-coin.txt", Kind::OptionsDxCoin),
        ("optionsdx-stock.txt", Kind::OptionsDxStock),
        ("deribit-books.jsonl", Kind::Api),
        ("deribit-summaries.json", Kind::Api),
        ("summary.csv", Kind::Summary),
        ("months.json", Kind::Months),
        ("chain.csv", Kind::Csv),
        ("guess-coin.csv", Kind::Csv),
        ("delivery.csv", Kind::Delivery),
        ("hourly.csv", Kind::Bars),
        ("made-up-fund.csv", Kind::Series),
    ] {
        assert_eq!(recognise(&heads(&made_up(&[name]))[0]), Ok(kind), "{name}");
    }
    let form = look(&heads(&made_up(&["tardis.csv", "guess-coin.csv", "hourly.csv"])), &["guess-coin".into()])
        .expect("a form");
    assert_eq!(
        (form.format.as_str(), form.files.as_str()),
        ("A CSV of options", "guess-coin.csv, 423 B, with daily bars of hourly.csv")
    );
    let apart = "tardis.csv: found Tardis.dev options_chain, expected A CSV of options as in guess-coin.csv; open it by itself.";
    assert_eq!(form.refused, [apart]);
    assert_eq!(
        form.fields.iter().find(|f| f.key == "id").map(|f| f.value.as_str()),
        Some("guess-coin-2"),
        "the name is taken"
    );
    let alone = look(&heads(&made_up(&["delivery.csv"])), &[]).expect_err("no options");
    assert_eq!(alone, ["delivery.csv: found delivery prices alone, expected option quotes with them."]);
    let series = look(&heads(&made_up(&["made-up-coin.csv", "made-up-coin-vol.csv"])), &[]).expect("a form");
    assert_eq!(
        (series.format.as_str(), series.files.as_str()),
        ("A price series", "made-up-coin.csv, 2 kB, with the volatility of made-up-coin-vol.csv")
    );
    assert_eq!(form.preview[0][1], "currency");
    assert_eq!(form.preview.len(), 6);
}

#[test]
fn a_wrong_field_says_so() {
    let csv = made_up(&["guess-coin.csv"]);
    for (key, value, sentence) in [
        ("id", "My data", "Found \"My data\", expected lower-case letters, digits and hyphens."),
        ("columns.strike", "", "Found nothing, expected a column of the file."),
        ("formats.time_of_day", "8", "Found \"8\", expected HH:MM."),
        ("cadence_minutes", "0", "Found \"0\", expected whole minutes from 1 to 10080."),
        ("contract_size", "-1", "Found \"-1\", expected a positive number."),
        ("formats.call", "", "Found nothing, expected a text that means a call."),
    ] {
        let refused = import(&csv, &[(key, value)], &[4096]).err();
        assert_eq!(refused.as_deref(), Some(format!("{key}: {sentence}").as_str()));
    }
    let none = [("columns.bid", ""), ("columns.ask", ""), ("columns.mark", ""), ("columns.iv", "")];
    let refused = import(&csv, &none, &[4096]).err().unwrap_or_default();
    assert_eq!(refused, "columns.bid: Found no column of bid, ask, mark or volatility, expected one at least.");
    let refused = plan(&heads(&csv), &values(&look(&heads(&csv), &[]).expect("a form")), &["guess-coin".into()]);
    let problem = &refused.expect_err("taken")[0];
    assert_eq!(problem.text, "Found \"guess-coin\", which a dataset here already has, expected another id.");
}

#[test]
fn columns_that_no_name_tells_are_chosen_by_hand() {
    let text =
        "when,until,level,way,ref,lo,hi\n2026-01-03,2026-01-09,100,C,101,2,3\n2026-01-03,2026-01-09,100,P,101,1,2\n";
    let files = vec![("made_up.csv".to_string(), text.as_bytes().to_vec())];
    let form = look(&heads(&files), &[]).expect("a form");
    assert!(form.notes[0].starts_with("made_up.csv: found no column of "), "{:?}", form.notes);
    let chosen = [
        ("columns.time", "when"),
        ("columns.expiry", "until"),
        ("columns.strike", "level"),
        ("columns.kind", "way"),
        ("columns.underlying_price", "ref"),
        ("columns.bid", "lo"),
        ("columns.ask", "hi"),
        ("underlying", "XYZ"),
    ];
    let imported = import(&files, &chosen, &[4096]).expect("an import");
    assert_eq!((imported.dataset.id.as_str(), imported.report.kept), ("made-up", 2));
}

#[test]
fn a_saved_folder_opens_again() {
    let imported = import(&made_up(&["guess-coin.csv"]), &[], &[4096]).expect("an import");
    let mut files = vec![("catalog.json".to_string(), catalog_of(&imported.dataset))];
    files.extend(imported.packs.iter().map(|p| (p.path.clone(), p.bytes.clone())));
    let bytes = zip(&files).expect("an archive");
    assert_eq!(recognise(&Head { name: "x.zip".into(), size: 1, bytes: bytes.clone() }), Ok(Kind::Zip));
    let inside = folder::unzip("x.zip", &bytes).expect("files");
    assert_eq!(inside, files);
    let opened = folder::open(inside, &[]).expect("a folder");
    assert_eq!(opened.datasets[0].0, imported.dataset);
    assert_eq!(opened.datasets[0].1[0], imported.packs[0].bytes);
    // the same as loose files, whatever they are called
    let loose =
        |path: &str| if path.ends_with("catalog.json") { "catalog.json".to_string() } else { "one.json".into() };
    let renamed: Vec<File> = files.iter().map(|(path, bytes)| (loose(path), bytes.clone())).collect();
    for (head, kind) in heads(&renamed).iter().zip([Kind::Catalog, Kind::Pack]) {
        assert_eq!(recognise(head), Ok(kind));
    }
    assert!(folder::open(renamed, &[]).is_ok());
    let taken = folder::open(files.clone(), &["guess-coin".into()]).expect_err("taken");
    assert_eq!(taken, ["guess-coin: found an id that a dataset here already has, expected another."]);
    let lacking = folder::open(files[..1].to_vec(), &[]).expect_err("no pack");
    assert_eq!(
        lacking,
        ["guess-coin: found no file with the hash of guess-coin/2026-01.json, expected every pack of the catalog."]
    );
    let packs_alone = folder::open(files[1..].to_vec(), &[]).expect_err("no catalog");
    assert_eq!(packs_alone, ["Found packs without catalog.json, expected the whole dataset folder."]);
    let damaged = folder::unzip("x.zip", &bytes[..bytes.len() / 2]).expect_err("half");
    assert!(damaged.starts_with("x.zip: found a damaged archive"), "{damaged}");
}

#[test]
fn what_came_of_it_is_said() {
    let imported = import(&made_up(&["guess-coin.csv"]), &[], &[4096]).expect("an import");
    let files = imported.packs.into_iter().map(|p| (p.path, p.bytes)).collect();
    let counts = check(&MemorySource { files }, &imported.dataset, || ());
    let parts = summary(&imported.dataset, Some(&imported.report), &counts);
    let titles: Vec<&str> = parts.iter().map(|part| part.title.as_str()).collect();
    assert_eq!(titles, ["guess-coin: BTC options, recorded", "Dropped rows", "Changed on the way", "Checked"]);
    let figure = |part: usize, name: &str| parts[part].rows.iter().find(|row| row.0 == name).map(|row| row.1.as_str());
    assert_eq!((figure(0, "Snapshots"), figure(0, "Options")), (Some("2"), Some("8")));
    assert_eq!(figure(1, "Left out by the map's filters"), Some("1"));
    assert_eq!(figure(3, "Quotes outside the no-arbitrage bounds"), Some("0"));
}

#[test]
fn what_is_said_between_page_and_worker_is_json() {
    let form = look(&heads(&made_up(&["tardis.csv"])), &[]).expect("a form");
    let told = serde_json::to_string(&Tell::Found(form.clone())).expect("JSON");
    assert_eq!(serde_json::from_str::<Tell>(&told).expect("a message"), Tell::Found(form));
    let ask = Ask::Import { values: Values::from([("id".into(), "x".into())]), taken: vec!["y".into()] };
    let asked = serde_json::to_string(&ask).expect("JSON");
    assert_eq!(serde_json::from_str::<Ask>(&asked).expect("a message"), ask);
}
