//! How the PnL of closed trades is spread.

use super::format::count;
use super::lines::{Axis, Lines, Series, Tone};
use super::rows;
use crate::market::Settlement;
use crate::metrics::Trade;

/// Fewest and most bins that are aimed at.
const FEWEST: f64 = 5.0;
const MOST: f64 = 24.0;

/// One bin: values above `from`, up to and with `to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Lower edge, not in the bin: a trade of exactly 0 is no win.
    pub from: f64,
    /// Upper edge, in the bin.
    pub to: f64,
    /// Trades.
    pub trades: usize,
}

impl Bin {
    /// Its middle.
    pub fn centre(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// Its trades are wins.
    pub fn is_win(&self) -> bool {
        self.from >= 0.0
    }
}

/// Trades by their PnL.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Bins of one width, ascending, 0 an edge; the first and the last are not empty.
    pub bins: Vec<Bin>,
    /// Arithmetic mean.
    pub mean: f64,
    /// Median; between the middle two of an even count.
    pub median: f64,
    /// Least, with its place among the values.
    pub worst: (usize, f64),
    /// Greatest, with its place among the values.
    pub best: (usize, f64),
    /// Values.
    pub count: usize,
    /// Values above 0.
    pub wins: usize,
}

/// The PnL against HODL of closed trades in opening order with each trade's number from 1, in the quote currency or in USD.
pub fn closed_pnls(trades: &[Trade], is_usd: bool) -> Vec<(u32, f64)> {
    let pnl = |t: &Trade| if is_usd { t.pnl_vs_hodl_usd() } else { t.pnl_vs_hodl() };
    trades.iter().filter(|t| !t.is_open()).map(|t| (t.id + 1, pnl(t))).collect()
}

/// The value at a share of a sorted list, between neighbours in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// The next number of the row 1, 2, 5, 10, ... at or above `width`.
fn round_up(width: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(width)));
    [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * power).find(|w| *w >= width * (1.0 - 1e-9)).unwrap_or(width)
}

/// Width of the bins: Freedman and Diaconis, 2 x interquartile range / cube root of the count, within what gives 5 to 24
/// bins, rounded up to 1, 2 or 5 times a power of ten; one unit of the only value where all are equal.
fn width_of(sorted: &[f64]) -> f64 {
    let (low, high) = (sorted[0].min(0.0), sorted[sorted.len() - 1].max(0.0));
    let range = high - low;
    if range <= 0.0 {
        return 1.0;
    }
    let spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    let width = 2.0 * spread / libm::cbrt(sorted.len() as f64);
    round_up(width.clamp(range / MOST, range / FEWEST))
}

/// The bin of a value in widths from 0: above `place x width`, up to and with the next edge.
fn place_of(value: f64, width: f64) -> i64 {
    let place = libm::ceil(value / width) as i64 - 1;
    // an edge is a product, and a quotient may miss it by a rounding
    if value > (place + 1) as f64 * width {
        place + 1
    } else if value <= place as f64 * width {
        place - 1
    } else {
        place
    }
}

/// Values in bins; `None` without values, or where one is no number.
pub fn histogram(values: &[f64]) -> Option<Histogram> {
    if values.is_empty() || !values.iter().all(|v| v.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let width = width_of(&sorted);
    let (first, last) = (place_of(sorted[0], width), place_of(sorted[sorted.len() - 1], width));
    let bin = |place: i64| Bin { from: place as f64 * width, to: (place + 1) as f64 * width, trades: 0 };
    let mut bins: Vec<Bin> = (first..=last).map(bin).collect();
    for value in &sorted {
        bins[(place_of(*value, width) - first) as usize].trades += 1;
    }
    let place = |value: f64| values.iter().position(|v| *v == value).unwrap_or_default();
    let (least, greatest) = (sorted[0], sorted[sorted.len() - 1]);
    Some(Histogram {
        bins,
        mean: values.iter().sum::<f64>() / values.len() as f64,
        median: quantile(&sorted, 0.5),
        worst: (place(least), least),
        best: (place(greatest), greatest),
        count: values.len(),
        wins: values.iter().filter(|v| **v > 0.0).count(),
    })
}

impl Histogram {
    /// The width of a bin.
    pub fn width(&self) -> f64 {
        self.bins.first().map_or(0.0, |b| b.to - b.from)
    }

    /// Wins, mean, median, worst and best in a sentence; `numbers` are the trades' numbers.
    pub fn summary(&self, numbers: &[u32], amount: impl Fn(f64) -> String) -> String {
        let named = |(place, value): (usize, f64)| {
            let number = numbers.get(place).map(|n| format!(" (trade {n})")).unwrap_or_default();
            format!("{}{number}", amount(value))
        };
        format!(
            "{} of {} closed trades won; mean {}, median {}; worst {}, best {}.",
            count(self.wins),
            count(self.count),
            amount(self.mean),
            amount(self.median),
            named(self.worst),
            named(self.best)
        )
    }
}

/// The bins of closed trades as bars and what is seen in a sentence, in the quote currency, or in USD at the index of each flow; linear
/// datasets flow in USD.
pub fn bars(trades: &[Trade], is_usd: bool, settlement: Settlement, underlying: &str) -> (String, Lines) {
    let (numbers, values): (Vec<u32>, Vec<f64>) = closed_pnls(trades, is_usd).into_iter().unzip();
    let settlement = if is_usd { Settlement::Linear } else { settlement };
    let amount = |value: f64| rows::amount(value, settlement, underlying);
    let Some(found) = histogram(&values) else { return ("No trade is closed yet.".into(), Lines::default()) };
    let series = |name: &str, tone, is_win: bool| Series {
        name: name.into(),
        points: found.bins.iter().filter(|b| b.is_win() == is_win).map(|b| (b.centre(), b.trades as f64)).collect(),
        tone,
        ..Series::default()
    };
    let (x, x_title) = match settlement {
        Settlement::Inverse => (Axis::Coin, "PnL against HODL, coin"),
        Settlement::Linear => (Axis::Usd, "PnL against HODL, USD"),
    };
    let lines = Lines {
        x,
        x_title,
        y: Axis::Count,
        y_title: "Closed trades",
        series: vec![series("Loss", Tone::Loss, false), series("Win", Tone::Gain, true)],
        rules: vec![(found.mean, "mean"), (found.median, "median")],
        has_zero: true,
        bars: Some(found.width()),
    };
    (found.summary(&numbers, amount), lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_follow_the_rule_and_zero_is_an_edge() {
        // quartiles of 1..8 are 2.75 and 6.25: 2 x 3.5 / 2 = 3.5, at most 8 / 5 = 1.6, rounded up to 2
        let values: Vec<f64> = (1..=8).map(f64::from).collect();
        let found = histogram(&values).expect("values");
        assert_eq!(found.width(), 2.0);
        assert_eq!(
            found.bins.iter().map(|b| b.trades).collect::<Vec<_>>(),
            [2, 2, 2, 2],
            "an upper edge is in its bin"
        );
        assert_eq!((found.mean, found.median, found.wins), (4.5, 4.5, 8));
        let mixed = histogram(&[-0.003, 0.001, 0.002, 0.003, 0.0]).expect("values");
        assert!(mixed.bins.iter().any(|b| b.from == 0.0) && mixed.bins[0].from < 0.0);
        let lost: usize = mixed.bins.iter().filter(|b| !b.is_win()).map(|b| b.trades).sum();
        assert_eq!((lost, mixed.wins), (2, 3), "a trade of 0 is no win");
        assert_eq!(mixed.bins.iter().map(|b| b.trades).sum::<usize>(), 5);
    }

    #[test]
    fn one_wild_trade_does_not_make_a_thousand_bins() {
        let mut values: Vec<f64> = (0..100).map(|i| 0.001 + 0.000_01 * f64::from(i)).collect();
        values.push(-1.0);
        let found = histogram(&values).expect("values");
        assert!(found.bins.len() <= MOST as usize + 1, "{}", found.bins.len());
        assert_eq!(found.worst, (100, -1.0));
    }

    #[test]
    fn few_and_equal_values_have_bins_too() {
        assert_eq!(histogram(&[]), None);
        assert_eq!(histogram(&[f64::NAN]), None);
        assert_eq!(histogram(&[0.0, 0.0]).map(|h| (h.bins.len(), h.wins)), Some((1, 0)));
        let one = histogram(&[0.004]).expect("a value");
        assert_eq!((one.bins.iter().map(|b| b.trades).sum::<usize>(), one.median), (1, 0.004));
        let equal = histogram(&[-5.0; 4]).expect("values");
        assert_eq!((equal.bins.len(), equal.bins[0].trades, equal.bins[0].to), (1, 4, -5.0));
    }

    #[test]
    fn the_sentence_names_worst_and_best() {
        let found = histogram(&[1.0, -2.0, 4.0]).expect("values");
        assert_eq!(
            found.summary(&[7, 8, 9], |v| format!("{v:.0}")),
            "2 of 3 closed trades won; mean 1, median 1; worst -2 (trade 8), best 4 (trade 9)."
        );
    }
}
