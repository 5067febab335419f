//! What snapshots hold, counted: sides of the book, quotes a day, spreads by delta and tenor.

use super::cells::Cells;
use super::{Dataset, MarketSnapshot};
use crate::units::{Day, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// Upper bounds of the columns of spreads: |delta|.
pub const SPREAD_DELTAS: [f64; 6] = [0.05, 0.10, 0.20, 0.35, 0.65, 0.90];

/// Options by the sides of the book that they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sides {
    /// Bid and ask.
    pub two_sided: u64,
    /// A bid alone.
    pub bid_only: u64,
    /// An ask alone.
    pub ask_only: u64,
    /// Neither.
    pub unquoted: u64,
}

impl Sides {
    /// All options.
    pub fn options(&self) -> u64 {
        self.two_sided + self.bid_only + self.ask_only + self.unquoted
    }

    /// Options with at least one side.
    pub fn quoted(&self) -> u64 {
        self.options() - self.unquoted
    }

    /// Share of options with both sides, a fraction; `None` without an option.
    pub fn two_sided_share(&self) -> Option<f64> {
        (self.options() > 0).then(|| self.two_sided as f64 / self.options() as f64)
    }

    /// Counts an option.
    pub fn add(&mut self, bid: Option<f64>, ask: Option<f64>) {
        let count = match (bid, ask) {
            (Some(_), Some(_)) => &mut self.two_sided,
            (Some(_), None) => &mut self.bid_only,
            (None, Some(_)) => &mut self.ask_only,
            (None, None) => &mut self.unquoted,
        };
        *count += 1;
    }

    /// Counts the options of a snapshot.
    pub fn add_snapshot(&mut self, snapshot: &MarketSnapshot) {
        for chain in &snapshot.chains {
            for columns in [&chain.call, &chain.put] {
                (0..chain.strikes.len()).for_each(|row| self.add(columns.bid(row), columns.ask(row)));
            }
        }
    }
}

/// A UTC day's snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCount {
    /// Snapshots.
    pub snapshots: u32,
    /// Options of all of them.
    pub sides: Sides,
}

/// What was counted so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Times of the snapshots, ascending where they were added so.
    pub times: Vec<Timestamp>,
    /// Options of each of them.
    pub options: Vec<u64>,
    /// Counts by UTC day.
    pub days: BTreeMap<Day, DayCount>,
    /// `(ask - bid) / mid` of two-sided options by days to expiry and |delta|, a fraction.
    ///
    /// Four bytes each, so that medians are of the values themselves: 16 MB of the 4.0 million of `btc-long`, the most that ships.
    pub spreads: Cells,
}

impl Default for Observed {
    fn default() -> Observed {
        Observed { times: Vec::new(), options: Vec::new(), days: BTreeMap::new(), spreads: Cells::new(&SPREAD_DELTAS) }
    }
}

/// `(ask - bid) / mid`, a fraction; `None` where a side is missing or both are 0.
pub fn relative_spread(bid: Option<f64>, ask: Option<f64>) -> Option<f64> {
    let (bid, ask) = bid.zip(ask)?;
    (ask + bid > 0.0).then(|| 2.0 * (ask - bid) / (ask + bid))
}

impl Observed {
    /// Counts a snapshot.
    pub fn add(&mut self, snapshot: &MarketSnapshot) {
        self.times.push(snapshot.time);
        let day = self.days.entry(snapshot.time.day()).or_default();
        day.snapshots += 1;
        day.sides.add_snapshot(snapshot);
        self.options.push(snapshot.chains.iter().map(|chain| 2 * chain.strikes.len() as u64).sum());
        for chain in &snapshot.chains {
            let days = chain.expiry.days_since(snapshot.time);
            for columns in [&chain.call, &chain.put] {
                for row in 0..chain.strikes.len() {
                    let spread = relative_spread(columns.bid(row), columns.ask(row));
                    if let Some((spread, delta)) = spread.zip(columns.delta(row)) {
                        self.spreads.add(days, delta.abs(), spread);
                    }
                }
            }
        }
    }

    /// The middle number of options of the last `most` snapshots, the upper one of an even number; `None` without a snapshot.
    pub fn usual_options(&self, most: usize) -> Option<u64> {
        let mut last = self.options[self.options.len().saturating_sub(most)..].to_vec();
        last.sort_unstable();
        last.get(last.len() / 2).copied()
    }

    /// All counted options.
    pub fn sides(&self) -> Sides {
        self.days.values().fold(Sides::default(), |sum, day| Sides {
            two_sided: sum.two_sided + day.sides.two_sided,
            bid_only: sum.bid_only + day.sides.bid_only,
            ask_only: sum.ask_only + day.sides.ask_only,
            unquoted: sum.unquoted + day.sides.unquoted,
        })
    }
}

impl Dataset {
    /// True where the open time between two neighbouring snapshots is above 1.5 times the cadence.
    pub fn is_gap(&self, earlier: Timestamp, later: Timestamp) -> bool {
        self.calendar.open_ms(earlier, later) > self.gap_ms()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{RawChain, RawQuotes};
    use crate::units::{DAY_MS, Price};

    fn snapshot(ms: i64) -> MarketSnapshot {
        let nan = f64::NAN;
        let quotes = |bid: [f64; 3], ask: [f64; 3]| RawQuotes {
            bid: bid.to_vec(),
            ask: ask.to_vec(),
            mark: vec![0.05; 3],
            iv: vec![0.5, 0.5, nan],
            open_interest: Vec::new(),
        };
        let chain = RawChain {
            expiry: Timestamp(ms + 5 * DAY_MS),
            forward: 100.0,
            strikes: vec![90.0, 100.0, 110.0],
            call: quotes([0.02, 0.03, 0.01], [0.04, nan, 0.02]),
            put: quotes([nan, 0.01, nan], [0.03, 0.03, nan]),
        };
        MarketSnapshot::new(Timestamp(ms), Price(100.0), None, None, vec![chain], 0.0).expect("a snapshot")
    }

    #[test]
    fn sides_days_and_spreads_are_counted() {
        let mut seen = Observed::default();
        for ms in [0, 6 * 3_600_000, DAY_MS] {
            seen.add(&snapshot(ms));
        }
        let day = seen.days[&Day(0)];
        assert_eq!(day.snapshots, 2);
        assert_eq!(day.sides, Sides { two_sided: 6, bid_only: 2, ask_only: 2, unquoted: 2 });
        assert_eq!((day.sides.options(), day.sides.quoted(), day.sides.two_sided_share()), (12, 10, Some(0.5)));
        assert_eq!((seen.sides().options(), seen.times.len()), (18, 3));
        assert_eq!((seen.usual_options(8), Observed::default().usual_options(8)), (Some(6), None));
        seen.options = vec![1, 1, 1, 30, 10, 20];
        assert_eq!((seen.usual_options(3), seen.usual_options(4)), (Some(20), Some(20)), "the last ones count");
        // Without a volatility there is no delta, and so no cell: calls of 90 and puts of 100 are left.
        assert_eq!(seen.spreads.all().count(), 6);
        let near = seen.spreads.median(1, 4).expect("puts at the forward");
        assert!((near - 1.0).abs() < 1e-6, "{near}");
    }

    #[test]
    fn a_relative_spread_needs_both_sides() {
        assert_eq!(relative_spread(Some(1.0), Some(3.0)), Some(1.0));
        assert_eq!((relative_spread(None, Some(3.0)), relative_spread(Some(0.0), Some(0.0))), (None, None));
    }
}
