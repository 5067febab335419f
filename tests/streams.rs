//! Packs leave an import while its files are read, and it takes the memory of one pack, however many the rows are.
//!
//! The rows are made on the way: boards of four expiries, half a year of them, each format in its own shape.

mod common;

use chainwalk::import::folder::PackFile;
use chainwalk::import::job::{self, Format, Inputs, Out, Plan, Source};
use chainwalk::import::optionsdx::OptionsDx;
use chainwalk::import::{ImportError, Report};
use chainwalk::market::Dataset;
use chainwalk::market::catalog::ExerciseStyle;
use chainwalk::units::Timestamp;
use common::peak_mib;
use std::cell::Cell;
use std::fmt::Write;
use std::io::Read;
use std::rc::Rc;

/// 2026-01-01, ms.
const START_MS: i64 = 1_767_225_600_000;
const HOUR_MS: i64 = 3_600_000;
/// Snapshots are this far apart.
const EVERY_MS: i64 = 4 * HOUR_MS;
/// Half a year of them.
const SNAPSHOTS: i64 = 6 * 181;
/// Strikes of an expiry; an option of each kind.
const STRIKES: i64 = 40;
const EXPIRIES: i64 = 4;

/// An option as it is quoted.
struct Quoted {
    time: Timestamp,
    expiry: Timestamp,
    strike: i64,
    is_call: bool,
    /// USD.
    forward: f64,
    /// Coin, or USD of a stock.
    bid: f64,
}

/// The options of a snapshot; expiries are at 08:00 UTC of the coming Saturdays.
fn options(snapshot: i64) -> impl Iterator<Item = Quoted> {
    let time = Timestamp(START_MS + snapshot * EVERY_MS);
    let week = (time.0 - START_MS) / (7 * 24 * HOUR_MS);
    (0..EXPIRIES * STRIKES * 2).map(move |i| {
        let (strike, weeks) = (60_000 + 2_000 * (i / 2 % STRIKES), 1 + week + i / 2 / STRIKES);
        let wiggle = ((snapshot * 7 + i) % 40) as f64;
        Quoted {
            time,
            expiry: Timestamp(START_MS + (weeks * 7 * 24 + 56) * HOUR_MS),
            strike,
            is_call: i % 2 == 0,
            forward: 100_000.0 + wiggle,
            bid: 0.01 + 5e-4 * wiggle,
        }
    })
}

impl Quoted {
    fn name(&self) -> String {
        let letter = if self.is_call { 'C' } else { 'P' };
        format!("BTC-{}-{}-{letter}", self.expiry.format("%-d%b%y").to_uppercase(), self.strike)
    }
}

/// A format: how a snapshot is written, and what stands before all of them.
#[derive(Clone, Copy)]
struct Shape {
    name: &'static str,
    format: fn() -> Format,
    head: &'static str,
    text: fn(i64) -> String,
    tail: &'static str,
    /// Snapshots of a file.
    of_file: i64,
}

fn coin_rows(snapshot: i64) -> String {
    let mut text = String::new();
    for q in options(snapshot) {
        let (kind, seconds) = (if q.is_call { "call" } else { "put" }, q.time.0 / 1000);
        let (name, expiry, ask) = (q.name(), q.expiry.0 / 1000, q.bid + 1e-3);
        let row = writeln!(
            text,
            "{seconds}, 2026-01-03 04:00, {name}, BTC, {:.2}, {expiry}, {kind}, {}, {:.4}, {ask:.4}, 12.5, 48.5",
            q.forward, q.strike, q.bid
        );
        row.expect("a text takes all");
    }
    text
}

fn stock_rows(snapshot: i64) -> String {
    let mut text = String::new();
    for q in options(snapshot).filter(|q| q.is_call) {
        let (seconds, expiry, bid) = (q.time.0 / 1000, q.expiry.0 / 1000, 100.0 * q.bid);
        let (strike, ask) = (q.strike as f64 / 1000.0, bid + 0.05);
        let row =
            writeln!(text, "{seconds}, 100.5, {expiry}, {strike}, {bid:.2}, {ask:.2}, {bid:.2}, {ask:.2}, 2026-01-03");
        row.expect("a text takes all");
    }
    text
}

fn books(snapshot: i64) -> String {
    let mut text = String::new();
    for (i, q) in options(snapshot).enumerate() {
        let (time, ask, mark) = (q.time.0 + i as i64, q.bid + 1e-3, q.bid + 5e-4);
        let row = writeln!(
            text,
            "{{\"timestamp\":{time},\"state\":\"open\",\"instrument_name\":\"{}\",\"index_price\":{:.2},\"underlying_price\":{:.2},\
             \"best_bid_price\":{:.4},\"best_ask_price\":{ask:.4},\"mark_price\":{mark:.4},\"mark_iv\":48.5,\"open_interest\":2.5}}",
            q.name(),
            q.forward - 10.0,
            q.forward,
            q.bid
        );
        row.expect("a text takes all");
    }
    text
}

fn summary_rows(snapshot: i64) -> String {
    let mut text = String::new();
    for q in options(snapshot) {
        let (ask, mark) = (q.bid + 1e-3, q.bid + 5e-4);
        let (time, name, forward, bid) = (q.time.iso(), q.name(), q.forward, q.bid);
        writeln!(text, "{time},{name},{forward:.2},{bid:.4},{ask:.4},{mark:.4},0.9,10.5,99990.25")
            .expect("a text takes all");
    }
    text
}

fn month_snapshot(snapshot: i64) -> String {
    let all: Vec<Quoted> = options(snapshot).collect();
    let list = |quotes: &[&Quoted], figure: &dyn Fn(&Quoted) -> String| {
        quotes.iter().map(|q| figure(q)).collect::<Vec<_>>().join(",")
    };
    let columns = |quotes: &[&Quoted]| {
        let of = |figure: &dyn Fn(&Quoted) -> String| list(quotes, figure);
        let (bid, ask) = (of(&|q| format!("{:.4}", q.bid)), of(&|q| format!("{:.4}", q.bid + 1e-3)));
        let (mark, vol) = (of(&|q| format!("{:.6}", q.bid + 5e-4)), of(&|_| "48.5".into()));
        format!("{{\"b\":[{bid}],\"a\":[{ask}],\"m\":[{mark}],\"v\":[{vol}]}}")
    };
    let expiry = |chain: &[Quoted]| {
        let [calls, puts] = [true, false].map(|call| chain.iter().filter(|q| q.is_call == call).collect::<Vec<_>>());
        let strikes = list(&calls, &|q| q.strike.to_string());
        let (e, forward) = (chain[0].expiry.0, chain[0].forward);
        format!("{{\"e\":{e},\"F\":{forward},\"k\":[{strikes}],\"c\":{},\"p\":{}}}", columns(&calls), columns(&puts))
    };
    let chains: Vec<String> = all.chunk_by(|a, b| a.expiry == b.expiry).map(expiry).collect();
    let comma = if snapshot % MONTH == 0 { "" } else { "," };
    format!("{comma}{{\"t\":{},\"spot\":99990.25,\"x\":[{}]}}\n", all[0].time.0, chains.join(","))
}

/// Snapshots of a file of months: all but as long as a month.
const MONTH: i64 = 181;

fn end_of_day(contract_size: f64) -> Format {
    let underlying = if contract_size == 1.0 { "BTC" } else { "XYZ" }.to_string();
    Format::OptionsDx(OptionsDx { underlying, rate: 0.02, exercise: ExerciseStyle::European, contract_size })
}

const SHAPES: [Shape; 5] = [
    Shape {
        name: "optionsdx-coin",
        format: || end_of_day(1.0),
        head: "[QUOTE_UNIXTIME], [QUOTE_READTIME], [INSTRUMENT_NAME], [BASE_CURRENCY], [UNDERLYING_PRICE], [EXPIRY_UNIX], [OPTION_RIGHT], \
               [STRIKE], [BID_PRICE], [ASK_PRICE], [OPEN_INTEREST], [MARK_IV]\n",
        text: coin_rows,
        tail: "",
        of_file: SNAPSHOTS,
    },
    Shape {
        name: "optionsdx-stock",
        format: || end_of_day(100.0),
        head: "[QUOTE_UNIXTIME], [UNDERLYING_LAST], [EXPIRE_UNIX], [STRIKE], [C_BID], [C_ASK], [P_BID], [P_ASK], [QUOTE_DATE]\n",
        text: stock_rows,
        tail: "",
        of_file: SNAPSHOTS,
    },
    Shape {
        name: "deribit-api",
        format: || Format::Api { underlying: "BTC".into(), cadence_minutes: 240 },
        head: "",
        text: books,
        tail: "",
        of_file: SNAPSHOTS,
    },
    Shape {
        name: "deribit-summary",
        format: || Format::Summary { underlying: "BTC".into() },
        head: "timestamp,instrument_name,underlying,bid_price,ask_price,mark_price,implied_volatility,open_interest,index_price\n",
        text: summary_rows,
        tail: "",
        of_file: 1,
    },
    Shape {
        name: "deribit-months",
        format: || Format::Months { underlying: Some("BTC".into()) },
        head: "{\"schema\":1,\"venue\":\"deribit\",\"ccy\":\"BTC\",\"snapshots\":[",
        text: month_snapshot,
        tail: "]}",
        of_file: MONTH,
    },
];

/// A file as it is asked for.
struct Made {
    shape: Shape,
    next: i64,
    end: i64,
    buffer: String,
    taken: usize,
    /// Bytes of all files that this reading has read.
    read: Rc<Cell<u64>>,
}

impl Read for Made {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        while self.taken == self.buffer.len() && self.next <= self.end {
            let is_tail = self.next == self.end;
            self.buffer = if is_tail { self.shape.tail.into() } else { (self.shape.text)(self.next) };
            (self.next, self.taken) = (self.next + 1, 0);
        }
        let n = to.len().min(self.buffer.len() - self.taken);
        to[..n].copy_from_slice(&self.buffer.as_bytes()[self.taken..self.taken + n]);
        self.taken += n;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// Packs, and how many bytes this reading of the files had read when each came.
#[derive(Default)]
struct Kept {
    packs: Vec<PackFile>,
    at: Vec<u64>,
    read: Rc<Cell<u64>>,
    readings: u32,
}

impl Out for Kept {
    fn keep(&mut self, pack: PackFile) -> Result<(), ImportError> {
        self.at.push(self.read.get());
        // A page or a disk takes them; here only small ones are looked at.
        self.packs.push(if pack.bytes.len() < 1 << 20 { pack } else { PackFile { bytes: Vec::new(), ..pack } });
        Ok(())
    }

    fn forget(&mut self) {
        self.packs.clear();
        self.at.clear();
        self.read.set(0);
        self.readings += 1;
    }
}

/// The files of `snapshots`, from the last to the first where they are `turned`; `turned` files of many snapshots begin with their last half.
fn import(shape: Shape, id: Option<&str>, snapshots: i64, turned: bool) -> (Dataset, Kept, Report) {
    let mut kept = Kept::default();
    let mut parts: Vec<(i64, i64)> = (0..snapshots)
        .step_by(shape.of_file as usize)
        .map(|from| (from, (from + shape.of_file).min(snapshots)))
        .collect();
    if turned && parts.len() == 1 {
        parts = vec![(0, snapshots / 2), (snapshots / 2, snapshots)];
    }
    if turned {
        parts.reverse();
    }
    let source = |(place, (from, end)): (usize, (i64, i64))| {
        let read = kept.read.clone();
        let open = move || -> Result<Box<dyn Read>, ImportError> {
            let (buffer, read) = (shape.head.to_string(), read.clone());
            Ok(Box::new(Made { shape, next: from, end, buffer, taken: 0, read }))
        };
        Source { name: format!("made-up-{place}"), open: Box::new(open) }
    };
    let inputs = Inputs { options: parts.into_iter().enumerate().map(source).collect(), ..Inputs::default() };
    let (mut report, plan) = (Report::default(), Plan { id: id.map(str::to_string), format: (shape.format)() });
    let dataset = job::run(&plan, &inputs, &mut kept, &mut report).unwrap_or_else(|e| panic!("{}: {e}", shape.name));
    (dataset, kept, report)
}

/// The memory of a month's pack, of the program and of what is read at a time; half a year would take several times as much.
const MOST_MIB: u64 = 32;

#[test]
fn packs_leave_while_files_are_read() {
    for shape in SHAPES {
        let (dataset, kept, report) = import(shape, Some("made-up"), SNAPSHOTS, false);
        let all = kept.read.get();
        println!(
            "{}: {} MB, packs after {:?} % of it, peak memory {:?} MiB",
            shape.name,
            all / 1_000_000,
            kept.at.iter().map(|at| 100 * at / all).collect::<Vec<_>>(),
            peak_mib()
        );
        assert!(report.errors.is_empty() && report.dropped_rows() == 0, "{}: {report}", shape.name);
        assert_eq!((kept.readings, kept.packs.len()), (1, 6), "{}", shape.name);
        assert_eq!(dataset.packs.iter().map(|p| i64::from(p.snapshots)).sum::<i64>(), SNAPSHOTS, "{}", shape.name);
        let days = [31, 59, 90, 120, 151].map(|day| day as f64 / 181.0);
        for (at, due) in kept.at.iter().zip(days) {
            let share = *at as f64 / all as f64;
            let late = if shape.of_file == MONTH { MONTH as f64 / SNAPSHOTS as f64 } else { 0.0 };
            assert!(share >= due - 0.02 && share < due + late + 0.03, "{}: {share} of {due}", shape.name);
        }
        assert!(peak_mib().is_none_or(|peak| peak < MOST_MIB), "{}: {:?} MiB", shape.name, peak_mib());
    }
}

#[test]
fn files_in_another_order_give_the_same_bytes() {
    for shape in SHAPES {
        let snapshots = if shape.of_file == MONTH { MONTH + 3 } else { 12 };
        let [ordered, turned] = [false, true].map(|turned| import(shape, Some("made-up"), snapshots, turned));
        assert_eq!(
            (ordered.1.readings, turned.1.readings),
            (1, 2),
            "{}: only the turned ones are read twice",
            shape.name
        );
        assert!(ordered.1.packs == turned.1.packs && ordered.0 == turned.0, "{}: other bytes", shape.name);
        assert_eq!(ordered.2, turned.2, "{}", shape.name);
    }
}

#[test]
fn without_an_id_the_newest_year_is_in_it() {
    for shape in SHAPES {
        let (dataset, kept, _) = import(shape, None, 3, false);
        let (id, readings) = match shape.name {
            "optionsdx-coin" => ("btc-optionsdx", 1),
            "optionsdx-stock" => ("xyz-optionsdx", 1),
            _ => ("btc-deribit-2026", 2),
        };
        assert_eq!((dataset.id.as_str(), kept.readings), (id, readings), "{}", shape.name);
        assert_eq!(kept.packs[0].path, format!("{id}/2026-01.json"));
    }
}

/// What a page shows of its progress: a file whose beginning was looked at, or that was read before for its year, counts once.
#[test]
fn every_byte_is_counted_once() {
    for shape in SHAPES {
        let files = if shape.of_file == 1 { 3 } else { 1 };
        let texts: usize = (0..3).map(|snapshot| (shape.text)(snapshot).len()).sum();
        let bytes = texts + files * (shape.head.len() + shape.tail.len());
        for id in [None, Some("made-up")] {
            let (_, kept, _) = import(shape, id, 3, false);
            assert_eq!(kept.read.get(), bytes as u64, "{}, {id:?}", shape.name);
        }
    }
}
