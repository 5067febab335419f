//! The worst times to begin: start dates whose fall within a number of days is deepest.

use crate::sort;
use crate::units::{DAY_MS, Day, Timestamp};

/// Days between two starts that are both told of, at least.
pub const APART_DAYS: i32 = 30;

/// The index of one snapshot, USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// When the snapshot was taken.
    pub time: Timestamp,
    /// The index then.
    pub close: f64,
    /// Highest index since the previous snapshot.
    pub high: f64,
    /// Lowest index since the previous snapshot.
    pub low: f64,
}

/// A start and how far the index fell after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorstStart {
    /// UTC day of the starting snapshot.
    pub date: Day,
    /// Index at the start.
    pub close: f64,
    /// Lowest index within the window after the start.
    pub low: f64,
    /// UTC day of the snapshot that tells of this low.
    pub low_date: Day,
    /// Lowest index / index at the start, at most 1 where the index fell.
    pub ratio: f64,
}

/// At most `n` starts whose lowest low in the `days` after them is deepest as a ratio to their close, worst first.
///
/// Bars ascend by time. Of several bars of one UTC day the first is the start. Two starts are at least
/// [`APART_DAYS`] apart; of equal ratios the earlier comes first. A start whose window goes beyond the last bar counts, with
/// what is known of it, only where no window fits; the last bar itself, with nothing after it, does not.
pub fn worst_starts(bars: &[Bar], days: u32, n: usize) -> Vec<WorstStart> {
    let mut starts = all_starts(bars, i64::from(days) * DAY_MS);
    let last = bars.last().map_or(0, |bar| i64::from(bar.time.day().0));
    let fits = |start: &WorstStart| i64::from(start.date.0) + i64::from(days) <= last;
    if starts.iter().any(fits) {
        starts.retain(fits);
    }
    sort::by(&mut starts, |a, b| a.ratio.total_cmp(&b.ratio).then(a.date.cmp(&b.date)));
    let mut worst: Vec<WorstStart> = Vec::new();
    for start in starts {
        if worst.len() == n {
            break;
        }
        if worst.iter().all(|other| (other.date.0 - start.date.0).abs() >= APART_DAYS) {
            worst.push(start);
        }
    }
    worst
}

/// Every day's start with the lowest low after it, by a queue of lows that rise from its head.
fn all_starts(bars: &[Bar], window_ms: i64) -> Vec<WorstStart> {
    let mut starts = Vec::new();
    let mut lows = std::collections::VecDeque::new();
    let mut end = 0;
    for (i, bar) in bars.iter().enumerate() {
        while end < bars.len() && bars[end].time.ms_since(bar.time) <= window_ms {
            while lows.back().is_some_and(|&last: &usize| bars[last].low > bars[end].low) {
                lows.pop_back();
            }
            lows.push_back(end);
            end += 1;
        }
        while lows.front().is_some_and(|first| *first <= i) {
            lows.pop_front();
        }
        let is_first_of_day = i == 0 || bars[i - 1].time.day() < bar.time.day();
        if let Some(lowest) = lows.front().map(|at| bars[*at]).filter(|_| is_first_of_day) {
            starts.push(WorstStart {
                date: bar.time.day(),
                close: bar.close,
                low: lowest.low,
                low_date: lowest.time.day(),
                ratio: lowest.low / bar.close,
            });
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Daily bars: close and low.
    fn bars(prices: &[(f64, f64)]) -> Vec<Bar> {
        let bar = |(i, (close, low)): (usize, &(f64, f64))| Bar {
            time: Timestamp(i as i64 * DAY_MS),
            close: *close,
            high: *close,
            low: *low,
        };
        prices.iter().enumerate().map(bar).collect()
    }

    #[test]
    fn the_lowest_low_after_the_start_counts() {
        // The low of the starting bar came before its close and does not count.
        let bars = bars(&[(100.0, 20.0), (90.0, 85.0), (95.0, 60.0), (70.0, 65.0), (80.0, 70.0)]);
        let found = worst_starts(&bars, 2, 5);
        let day = Day;
        let expected = WorstStart { date: day(0), close: 100.0, low: 60.0, low_date: day(2), ratio: 0.6 };
        assert_eq!(found, [expected], "all others are within 30 days");
        assert_eq!(worst_starts(&bars, 1, 1)[0].date, day(1), "90 to 60 is the deepest within a day");
        assert_eq!(worst_starts(&bars, 0, 5), []);
        assert_eq!(worst_starts(&[], 30, 5), []);
        assert_eq!(worst_starts(&bars, 2, 0), []);
    }

    #[test]
    fn starts_are_a_month_apart_and_worst_first() {
        let mut prices = vec![(100.0, 100.0); 130];
        prices[50].1 = 70.0;
        prices[51].1 = 72.0;
        prices[100].1 = 50.0;
        let found: Vec<(i32, f64, i32)> =
            worst_starts(&bars(&prices), 10, 9).iter().map(|s| (s.date.0, s.low, s.low_date.0)).collect();
        // Of equals the earlier: day 90 sees the low of day 100; 30 days before it, none that touches it.
        assert_eq!(found[..2], [(90, 50.0, 100), (40, 70.0, 50)]);
        assert!(found[2..].iter().all(|(_, low, _)| *low == 100.0));
        let dates: Vec<i32> = found.iter().map(|f| f.0).collect();
        assert!(dates.iter().enumerate().all(|(i, a)| dates[..i].iter().all(|b| (a - b).abs() >= 30)), "{dates:?}");
    }

    #[test]
    fn a_window_that_fits_comes_before_one_that_does_not() {
        let mut prices = vec![(100.0, 100.0); 60];
        (prices[5].1, prices[59].1) = (90.0, 10.0);
        let found = worst_starts(&bars(&prices), 55, 1);
        assert_eq!((found[0].date.0, found[0].low), (4, 10.0), "the latest that fits sees the last low");
        let early = worst_starts(&bars(&prices[..59]), 55, 1);
        assert_eq!((early[0].date.0, early[0].low), (0, 90.0));
        assert_eq!(worst_starts(&bars(&prices), 400, 1)[0].low, 10.0, "where none fits, what is known counts");
    }

    #[test]
    fn a_long_series_agrees_with_a_plain_search() {
        let price = |i: i64| 100.0 + ((i * 7919) % 211) as f64 - ((i * i) % 97) as f64;
        let bars: Vec<Bar> = (0..400)
            .map(|i| Bar {
                time: Timestamp(i * DAY_MS / 2),
                close: price(i),
                high: price(i),
                low: price(i) - (i % 5) as f64,
            })
            .collect();
        for start in all_starts(&bars, 20 * DAY_MS) {
            let begin = start.date.start();
            let within = |b: &&Bar| b.time > begin && b.time.ms_since(begin) <= 20 * DAY_MS;
            let low = bars.iter().filter(within).map(|b| b.low).fold(f64::INFINITY, f64::min);
            assert_eq!(start.low, low, "{}", start.date);
        }
    }
}
