//! Option rows in any order become snapshots: one forward an expiry, one row a strike, volatilities from marks.

use super::deribit_months::uncross;
use super::rows::{Gathering, Rows};
use super::{ImportError, Report};
use crate::market::{RawChain, RawQuotes, RawSnapshot, Settlement};
use crate::pricing::{OptionKind, implied_vol};
use crate::units::{Day, Timestamp};
use std::collections::BTreeMap;

/// One option at one instant; NaN = absent. Prices are in the quote currency, volatility is a fraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// When it was quoted.
    pub time: Timestamp,
    /// Expiry.
    pub expiry: Timestamp,
    /// Strike, USD, positive and finite.
    pub strike: f64,
    /// Call or put.
    pub kind: OptionKind,
    /// Price of the underlying, USD; NaN where the rows have only forwards, and then the nearest expiry's is taken.
    pub index: f64,
    /// Forward of the expiry, USD; NaN = from the price of the underlying and the rate.
    pub forward: f64,
    /// The figures.
    pub quote: RowQuote,
}

/// The figures of a row; NaN = absent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowQuote {
    /// Best bid.
    pub bid: f64,
    /// Best ask.
    pub ask: f64,
    /// Mark.
    pub mark: f64,
    /// Mark volatility.
    pub iv: f64,
    /// Open interest, coins.
    pub open_interest: f64,
}

/// What is done with the figures once all rows of an instant are there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoardRules {
    /// Inverse or linear.
    pub settlement: Settlement,
    /// Continuous rate: forwards that the rows lack, and prices of linear options.
    pub rate: f64,
    /// Takes volatilities from the marks even where the rows have one.
    pub iv_from_mark: bool,
    /// Keeps open interest.
    pub has_open_interest: bool,
}

/// Rows of an expiry at an instant.
#[derive(Default)]
struct ExpiryRows {
    forwards: Vec<f64>,
    /// By the strike's bits, which order as positive numbers do.
    strikes: BTreeMap<u64, [Option<RowQuote>; 2]>,
}

/// Rows of an instant.
struct Instant {
    index: f64,
    expiries: BTreeMap<Timestamp, ExpiryRows>,
}

/// Rows as they are collected.
pub struct Board {
    rules: BoardRules,
    instants: BTreeMap<Timestamp, Instant>,
    /// Underlying prices at the expiries of rows that were quoted on the day they expired.
    pub delivery: BTreeMap<Day, f64>,
}

impl Board {
    /// An empty board.
    pub fn new(rules: BoardRules) -> Board {
        Board { rules, instants: BTreeMap::new(), delivery: BTreeMap::new() }
    }

    /// Takes a row, or counts why not: expired, without a figure, or the second of its option.
    ///
    /// A row that is quoted on the day of its expiry, at or after it, is a settlement fact: its underlying
    /// price is the day's delivery price.
    pub fn add(&mut self, row: Row, report: &mut Report) {
        let Row { time, expiry, strike, kind, index, forward, quote } = row;
        if expiry <= time {
            if expiry.day() == time.day() {
                self.delivery.entry(expiry.day()).or_insert(index);
            }
            return report.drop_rows("expiry not after the quote's time (settlement fact)", 1);
        }
        if [quote.bid, quote.ask, quote.mark, quote.iv].into_iter().all(f64::is_nan) {
            return report.drop_rows("neither bid nor ask nor mark nor volatility", 1);
        }
        let instant = self.instants.entry(time).or_insert_with(|| Instant { index, expiries: BTreeMap::new() });
        report.note(
            "underlying price differs from the first of its snapshot, which is kept",
            u64::from(instant.index.to_bits() != index.to_bits()),
        );
        let rows = instant.expiries.entry(expiry).or_default();
        let slot = &mut rows.strikes.entry(strike.to_bits()).or_default()[kind as usize];
        if slot.is_some() {
            return report.drop_rows("second row of one option at one time", 1);
        }
        *slot = Some(quote);
        if !forward.is_nan() {
            rows.forwards.push(forward);
        }
    }

    /// The snapshots by time; every figure that was derived or changed is counted.
    pub fn finish(mut self, report: &mut Report) -> Vec<RawSnapshot> {
        self.snapshots(report)
    }
}

impl Rows<Row> for Board {
    fn take(&mut self, row: Row, report: &mut Report) -> Result<(), ImportError> {
        self.add(row, report);
        Ok(())
    }
}

impl Gathering for Board {
    type Row = Row;

    fn time(row: &Row) -> Option<Timestamp> {
        Some(row.time)
    }

    fn snapshots(&mut self, report: &mut Report) -> Vec<RawSnapshot> {
        let rules = self.rules;
        let snapshot = |(time, instant): (Timestamp, Instant)| {
            let mut index = instant.index;
            let chain = |(expiry, rows): (Timestamp, ExpiryRows)| rules.chain(time, expiry, index, rows, report);
            let chains: Vec<RawChain> = instant.expiries.into_iter().map(chain).collect();
            if let (true, Some(nearest)) = (index.is_nan(), chains.first()) {
                index = nearest.forward;
                report.note("price of the underlying from the nearest expiry's forward", 1);
            }
            RawSnapshot { time, index, high: None, low: None, chains }
        };
        std::mem::take(&mut self.instants).into_iter().map(snapshot).collect()
    }
}

impl BoardRules {
    fn chain(
        &self,
        time: Timestamp,
        expiry: Timestamp,
        index: f64,
        mut rows: ExpiryRows,
        report: &mut Report,
    ) -> RawChain {
        let years = expiry.years_since(time);
        let forward = median(&mut rows.forwards).unwrap_or_else(|| {
            report.note("forward of an expiry from the underlying price and the rate", 1);
            index * libm::exp(self.rate * years)
        });
        let strikes: Vec<f64> = rows.strikes.keys().map(|bits| f64::from_bits(*bits)).collect();
        let [call, put] = [OptionKind::Call, OptionKind::Put].map(|kind| {
            let mut quotes = RawQuotes::default();
            for (bits, slots) in &rows.strikes {
                let quote =
                    slots[kind as usize].map(|q| self.complete(q, kind, forward, f64::from_bits(*bits), years, report));
                self.push(&mut quotes, quote);
            }
            report.note("crossed quote, both sides set to none", uncross(&mut quotes));
            quotes
        });
        RawChain { expiry, forward, strikes, call, put }
    }

    /// Fills the mark from the mid and the volatility from the mark, where they are absent.
    fn complete(
        &self,
        mut q: RowQuote,
        kind: OptionKind,
        forward: f64,
        strike: f64,
        years: f64,
        report: &mut Report,
    ) -> RowQuote {
        if q.mark.is_nan() && !q.bid.is_nan() && !q.ask.is_nan() && q.bid <= q.ask {
            q.mark = (q.bid + q.ask) / 2.0;
            report.note("mark from the mid", 1);
        }
        if self.iv_from_mark || q.iv.is_nan() {
            let undiscounted = match self.settlement {
                Settlement::Inverse => q.mark * forward,
                Settlement::Linear => q.mark * libm::exp(self.rate * years),
            };
            let iv = implied_vol(kind, forward, strike, years, undiscounted);
            let what = if iv.is_some() {
                "volatility from the mark"
            } else {
                "no volatility: the mark has no time value or is absent"
            };
            report.note(what, 1);
            q.iv = iv.unwrap_or(f64::NAN);
        }
        q
    }

    fn push(&self, quotes: &mut RawQuotes, quote: Option<RowQuote>) {
        const NONE: RowQuote =
            RowQuote { bid: f64::NAN, ask: f64::NAN, mark: f64::NAN, iv: f64::NAN, open_interest: f64::NAN };
        let q = quote.unwrap_or(NONE);
        quotes.bid.push(q.bid);
        quotes.ask.push(q.ask);
        quotes.mark.push(q.mark);
        quotes.iv.push(q.iv);
        if self.has_open_interest {
            quotes.open_interest.push(q.open_interest);
        }
    }
}

/// The middle value, or the mean of the two in the middle; `None` of nothing.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    Some(if values.len().is_multiple_of(2) { (values[values.len() / 2 - 1] + upper) / 2.0 } else { upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(expiry_hours: i64, strike: f64, kind: OptionKind, bid: f64, ask: f64) -> Row {
        let quote = RowQuote { bid, ask, mark: f64::NAN, iv: f64::NAN, open_interest: f64::NAN };
        let expiry = Timestamp(expiry_hours * 3_600_000);
        Row { time: Timestamp(0), expiry, strike, kind, index: 100.0, forward: f64::NAN, quote }
    }

    #[test]
    fn rows_are_kept_or_counted() {
        let rules =
            BoardRules { settlement: Settlement::Linear, rate: 0.0, iv_from_mark: false, has_open_interest: false };
        let (mut board, mut report) = (Board::new(rules), Report::default());
        board.add(row(0, 100.0, OptionKind::Call, 1.0, 2.0), &mut report);
        board.add(row(240, 110.0, OptionKind::Call, 1.0, 2.0), &mut report);
        board.add(row(240, 110.0, OptionKind::Call, 1.0, 2.0), &mut report);
        board.add(row(240, 100.0, OptionKind::Put, 3.0, 2.0), &mut report);
        board.add(row(240, 100.0, OptionKind::Call, f64::NAN, f64::NAN), &mut report);
        assert_eq!(board.delivery[&Day(0)], 100.0);
        let snapshots = board.finish(&mut report);
        let chain = &snapshots[0].chains[0];
        assert_eq!((chain.forward, &chain.strikes[..]), (100.0, &[100.0, 110.0][..]));
        assert_eq!(chain.call.mark[1], 1.5);
        assert!(chain.call.iv[1] > 0.3 && chain.put.bid[0].is_nan() && chain.put.ask[0].is_nan());
        assert_eq!(report.dropped_rows(), 3);
        assert_eq!(report.notes["crossed quote, both sides set to none"], 1);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0]), Some(2.5));
    }
}
