//! The three backtests, and what they must come to.

use super::{BenchError, chain};
use crate::market::Dataset;
use crate::metrics::Trade;
use crate::run::{Run, RunState, Unit};
use serde::Deserialize;
use serde_json::{Value, json};

/// Which backtest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// One short call at a time.
    A,
    /// A new short call every day.
    B,
    /// 50 variants of A: calls and puts by delta and days to expiry.
    C,
}

/// Days to expiry wanted, least and most.
const TENORS: [(u32, u32, u32); 5] = [(7, 4, 12), (14, 8, 20), (21, 14, 30), (30, 20, 45), (60, 45, 90)];
/// Deltas wanted.
const DELTAS: [f64; 5] = [0.10, 0.15, 0.20, 0.30, 0.40];

/// The request of a backtest over a whole dataset, JSON.
pub fn request(dataset: &Dataset, rules: Rules) -> String {
    let variants = match rules {
        Rules::A => vec![variant("covered_call", 0.30, 0.20, 0.40, TENORS[3], Some(1))],
        Rules::B => vec![variant("covered_call", 0.30, 0.20, 0.40, TENORS[3], None)],
        Rules::C => sweep(),
    };
    json!({
        "dataset": dataset.id, "start": dataset.first, "end": dataset.last, "timeframe": "1d", "variants": variants,
    })
    .to_string()
}

fn sweep() -> Vec<Value> {
    let mut variants = Vec::new();
    for structure in ["covered_call", "cash_secured_put"] {
        for delta in DELTAS {
            let least = if delta - 0.1 > 0.02 { delta - 0.1 } else { 0.02 };
            variants.extend(TENORS.map(|tenor| variant(structure, delta, least, delta + 0.1, tenor, Some(1))));
        }
    }
    variants
}

fn variant(structure: &str, delta: f64, least: f64, most: f64, tenor: (u32, u32, u32), max_open: Option<u32>) -> Value {
    let (days, fewest, longest) = tenor;
    json!({
        "name": format!("{structure} {delta} {days}"), "structure": structure, "selection": "nearest",
        "target_delta": delta, "min_delta": least, "max_delta": most,
        "target_dte": days, "min_dte": fewest, "max_dte": longest,
        "max_open": max_open, "cover": "none", "scan": "when_free",
    })
}

/// Trades and digests of A, B and C on the made-up year.
const MADE_UP: [(usize, &str); 3] = [
    (13, "2925eb6a3cf3c890ca044357608080ce48043b55912f19cd6942a98d84a0f6f4"),
    (326, "cb269b0e20ca6d35e613ff24f836f9130622609813f6a5cb21263f28879a4b28"),
    (1175, "9dffa901c10142075574ea803a447d6d2d696d4c7d596d7dfa1a74e5ec722c41"),
];

/// What an outside engine found: its closed trades and their sum in coin.
#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "A")]
    a: ExpectedA,
    #[serde(rename = "B")]
    b: ExpectedB,
    #[serde(rename = "C")]
    c: Vec<ExpectedC>,
}

#[derive(Deserialize)]
struct ExpectedA {
    trades: Vec<Value>,
    pnl_coin: f64,
}

#[derive(Deserialize)]
struct ExpectedB {
    n: usize,
    pnl_coin: f64,
}

#[derive(Deserialize)]
struct ExpectedC {
    trades: usize,
    pnl_coin: f64,
}

impl Expected {
    /// Trades and sum of every variant of A, B and C.
    fn variants(&self) -> [Vec<(usize, f64)>; 3] {
        [
            vec![(self.a.trades.len(), self.a.pnl_coin)],
            vec![(self.b.n, self.b.pnl_coin)],
            self.c.iter().map(|c| (c.trades, c.pnl_coin)).collect(),
        ]
    }
}

/// Tolerance on a sum, coin: the outside engine settles on unrounded prices.
const SUM_TOLERANCE: f64 = 2e-6;

/// Refuses runs that are not what they must be: by an outside engine's file, or by the pinned digests of the made-up year.
pub(super) fn check(dataset: &Dataset, runs: &[Run], expected: Option<&[u8]>) -> Result<(), BenchError> {
    if let Some(run) = runs.iter().find(|run| run.state() != RunState::Completed) {
        return Err(BenchError(format!("a run ended as {:?}", run.state())));
    }
    match expected {
        Some(bytes) => {
            let expected: Expected = serde_json::from_slice(bytes).map_err(BenchError::from)?;
            runs.iter().zip(expected.variants()).try_for_each(|(run, variants)| check_sums(run, &variants))
        }
        None if dataset.id == chain::ID => runs.iter().zip(MADE_UP).try_for_each(check_digest),
        None => Err(BenchError(format!("{}: nothing says what its results must be", dataset.id))),
    }
}

fn check_sums(run: &Run, expected: &[(usize, f64)]) -> Result<(), BenchError> {
    let closed = |unit: &Unit| {
        let pnls: Vec<f64> = unit.trades().iter().filter(|t| !t.is_open()).map(Trade::pnl_vs_hodl).collect();
        (pnls.len(), pnls.iter().sum::<f64>())
    };
    for (unit, (trades, sum)) in run.units().iter().zip(expected) {
        let found = closed(unit);
        if found.0 != *trades || (found.1 - sum).abs() > SUM_TOLERANCE {
            return Err(BenchError(format!("{}: found {found:?}, expected ({trades}, {sum})", unit.name)));
        }
    }
    if run.units().len() == expected.len() { Ok(()) } else { Err(BenchError("another number of variants".into())) }
}

fn check_digest((run, (trades, digest)): (&Run, (usize, &str))) -> Result<(), BenchError> {
    let found: usize = run.units().iter().map(|unit| unit.trades().len()).sum();
    let found = (found, run.digest());
    if (found.0, found.1.as_str()) == (trades, digest) {
        return Ok(());
    }
    Err(BenchError(format!("found {found:?}, expected {:?}", (trades, digest))))
}
