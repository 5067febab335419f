//! A stream of option rows becomes a snapshot at every cadence boundary, in memory that does not grow with the stream.

use super::board::{Board, BoardRules, Row, RowQuote};
use super::{ImportError, Report};
use crate::market::{Contract, RawSnapshot, Settlement};
use crate::units::{Price, Timestamp};
use std::collections::BTreeMap;

/// When snapshots are cut, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// Milliseconds between snapshots, positive; they are cut at multiples of it since 1970.
    pub every_ms: i64,
    /// Age above which a state is left out of a snapshot, milliseconds.
    pub max_age_ms: i64,
}

/// The newest row of an option.
struct State {
    time: Timestamp,
    forward: f64,
    quote: RowQuote,
    is_in_a_snapshot: bool,
}

/// What takes a snapshot as soon as it is cut.
pub trait Sink: FnMut(RawSnapshot, &mut Report) -> Result<(), ImportError> {}
impl<F: FnMut(RawSnapshot, &mut Report) -> Result<(), ImportError>> Sink for F {}

/// The newest state of every live option, and the next boundary.
pub struct Thinner {
    cadence: Cadence,
    states: BTreeMap<Contract, State>,
    next: Option<Timestamp>,
}

impl Thinner {
    /// No state yet.
    pub fn new(cadence: Cadence) -> Thinner {
        Thinner { cadence, states: BTreeMap::new(), next: None }
    }

    /// Takes a row whose `time` is the moment it was known, and whose `forward` is not NaN.
    ///
    /// First hands on a snapshot for every boundary before that moment: the state at a boundary is what was known at it
    /// or before it. A row from before the last boundary, or older than its option's state, is dropped and counted.
    ///
    /// # Errors
    /// What the sink refuses.
    pub fn add(&mut self, row: Row, report: &mut Report, sink: &mut impl Sink) -> Result<(), ImportError> {
        self.cut_before(row.time, report, sink)?;
        let next = *self.next.get_or_insert_with(|| self.cadence.at_or_after(row.time));
        if row.time.0 <= next.0 - self.cadence.every_ms {
            report.drop_rows("row out of order: its snapshot was already cut", 1);
            return Ok(());
        }
        let contract = Contract { expiry: row.expiry, strike: Price(row.strike), kind: row.kind };
        let state = State { time: row.time, forward: row.forward, quote: row.quote, is_in_a_snapshot: false };
        match self.states.get(&contract) {
            Some(old) if old.time > row.time => report.drop_rows("row older than the one before it of its option", 1),
            _ => {
                let old = self.states.insert(contract, state);
                let is_thinned = old.is_some_and(|old| !old.is_in_a_snapshot);
                report.drop_rows("thinned: a newer row of the option came before the snapshot", u64::from(is_thinned));
            }
        }
        Ok(())
    }

    /// Cuts the last snapshot, at the boundary after the last row, of the states that are not too old by then.
    ///
    /// # Errors
    /// What the sink refuses.
    pub fn finish(mut self, report: &mut Report, sink: &mut impl Sink) -> Result<(), ImportError> {
        let Some(next) = self.next else { return Ok(()) };
        self.cut(next, report, sink)?;
        let unused = self.states.values().filter(|state| !state.is_in_a_snapshot).count();
        report.drop_rows("row after the last snapshot", unused as u64);
        Ok(())
    }

    fn cut_before(&mut self, t: Timestamp, report: &mut Report, sink: &mut impl Sink) -> Result<(), ImportError> {
        while let Some(next) = self.next.filter(|next| *next < t) {
            self.cut(next, report, sink)?;
            // Nothing is left to age: the boundaries until the row are empty.
            let is_empty = self.states.is_empty();
            self.next = Some(if is_empty { self.cadence.at_or_after(t) } else { next.plus_ms(self.cadence.every_ms) });
        }
        Ok(())
    }

    fn cut(&mut self, at: Timestamp, report: &mut Report, sink: &mut impl Sink) -> Result<(), ImportError> {
        self.forget_old(at, report);
        if self.states.is_empty() {
            report.note("boundary without a state young enough: no snapshot", 1);
            return Ok(());
        }
        for snapshot in self.board(at, report).finish(report) {
            sink(snapshot, report)?;
        }
        Ok(())
    }

    fn forget_old(&mut self, at: Timestamp, report: &mut Report) {
        let oldest = at.plus_ms(-self.cadence.max_age_ms);
        let (mut expired, mut old) = (0, 0);
        self.states.retain(|contract, state| {
            let is_expired = contract.expiry <= at;
            let is_old = state.time < oldest;
            let unused = u64::from(!state.is_in_a_snapshot);
            expired += if is_expired { unused } else { 0 };
            old += if is_old && !is_expired { unused } else { 0 };
            !is_expired && !is_old
        });
        report.drop_rows("option expired before the snapshot", expired);
        report.drop_rows("row too old at the snapshot", old);
    }

    /// The states as rows of one instant; an expiry's forward is that of its newest row.
    fn board(&mut self, at: Timestamp, report: &mut Report) -> Board {
        let mut newest: BTreeMap<Timestamp, (Timestamp, f64)> = BTreeMap::new();
        for (contract, state) in &self.states {
            let known = newest.entry(contract.expiry).or_insert((state.time, state.forward));
            if state.time > known.0 {
                *known = (state.time, state.forward);
            }
        }
        let mut board = Board::new(RULES);
        for (contract, state) in &mut self.states {
            state.is_in_a_snapshot = true;
            let forward = newest.get(&contract.expiry).map_or(state.forward, |known| known.1);
            let Contract { expiry, strike, kind } = *contract;
            let row = Row { time: at, expiry, strike: strike.0, kind, index: f64::NAN, forward, quote: state.quote };
            board.add(row, report);
        }
        board
    }
}

const RULES: BoardRules =
    BoardRules { settlement: Settlement::Inverse, rate: 0.0, iv_from_mark: false, has_open_interest: true };

impl Cadence {
    fn at_or_after(&self, t: Timestamp) -> Timestamp {
        let into = t.0.rem_euclid(self.every_ms);
        if into == 0 { t } else { t.plus_ms(self.every_ms - into) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::OptionKind;

    const MINUTE: i64 = 60_000;

    fn row(minute: i64, strike: f64, bid: f64) -> Row {
        let quote = RowQuote { bid, ask: f64::NAN, mark: f64::NAN, iv: f64::NAN, open_interest: 0.0 };
        let (time, expiry) = (Timestamp(minute * MINUTE), Timestamp(600 * MINUTE));
        Row { time, expiry, strike, kind: OptionKind::Call, index: f64::NAN, forward: 100.0 + minute as f64, quote }
    }

    /// Minute, index, strikes, bids.
    type Cut = (i64, f64, Vec<f64>, Vec<f64>);

    /// Of rows as (minute, strike, bid).
    fn thin(rows: &[(i64, f64, f64)]) -> (Vec<Cut>, Report) {
        let mut thinner = Thinner::new(Cadence { every_ms: 60 * MINUTE, max_age_ms: 90 * MINUTE });
        let (mut report, mut cut) = (Report::default(), Vec::new());
        let mut sink = |s: RawSnapshot, _: &mut Report| {
            let chain = &s.chains[0];
            cut.push((s.time.0 / MINUTE, s.index, chain.strikes.clone(), chain.call.bid.clone()));
            Ok::<(), ImportError>(())
        };
        for &(minute, strike, bid) in rows {
            thinner.add(row(minute, strike, bid), &mut report, &mut sink).expect("a row");
        }
        thinner.finish(&mut report, &mut sink).expect("an end");
        (cut, report)
    }

    #[test]
    fn a_boundary_sees_the_newest_rows_at_it_or_before_it() {
        let (cut, report) = thin(&[(10, 100.0, 0.1), (20, 100.0, 0.2), (60, 110.0, 0.3), (61, 110.0, 0.4)]);
        let both = vec![100.0, 110.0];
        assert_eq!(cut, [(60, 160.0, both.clone(), vec![0.2, 0.3]), (120, 161.0, vec![110.0], vec![0.4])]);
        assert_eq!(report.dropped["thinned: a newer row of the option came before the snapshot"], 1);
        assert_eq!(report.notes["price of the underlying from the nearest expiry's forward"], 2);
    }

    #[test]
    fn a_hole_in_the_stream_has_no_snapshots() {
        let (cut, report) = thin(&[(50, 100.0, 0.1), (450, 100.0, 0.2), (590, 100.0, 0.3)]);
        let minutes: Vec<i64> = cut.iter().map(|c| c.0).collect();
        assert_eq!(minutes, [60, 120, 480, 540], "none when all is too old, none at the expiry");
        assert_eq!(report.notes["boundary without a state young enough: no snapshot"], 2);
        assert_eq!(report.dropped["option expired before the snapshot"], 1);
    }

    #[test]
    fn rows_out_of_order_are_dropped() {
        let (cut, report) =
            thin(&[(50, 100.0, 0.1), (61, 110.0, 0.2), (59, 100.0, 0.3), (70, 110.0, 0.4), (65, 110.0, 0.5)]);
        assert_eq!(cut[0].3, [0.1]);
        assert_eq!(cut[1].3, [0.1, 0.4]);
        assert_eq!(report.dropped["row out of order: its snapshot was already cut"], 1);
        assert_eq!(report.dropped["row older than the one before it of its option"], 1);
    }
}
