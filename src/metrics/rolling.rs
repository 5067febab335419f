//! Figures of the last so many days, day by day.

use super::EquityPoint;
use super::ratios::{FEWEST_RETURNS, Ratios};
use crate::engine::{Step, Worth};
use crate::units::Day;

/// Figures of a window that ends at one daily close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rolled {
    /// Close / close at the beginning of the window - 1, a fraction.
    pub change: f64,
    /// The same of HODL.
    pub hodl_change: f64,
    /// Volatility and ratios of the daily returns within the window.
    pub ratios: Ratios,
    /// The same of HODL.
    pub hodl_ratios: Ratios,
}

/// The daily closes of steps in time order: the first mark at or after each 00:00 UTC, as in the volatility of the whole run.
pub fn daily_closes(steps: &[Step]) -> Vec<EquityPoint> {
    let point = |step: &Step| EquityPoint { time: step.time, equity: step.equity, hodl: step.hodl };
    steps.chunk_by(|a, b| a.time.day() == b.time.day()).map(|day| point(&day[0])).collect()
}

/// The figures of the window of `days` days that ends at a close; `None` before the window is full.
///
/// A window begins at the last close that is at least `days` days earlier, so that days without a market make it no
/// shorter. Volatility and ratios are absent under ten daily returns; `per_year` returns are in a year.
pub fn rolled(closes: &[EquityPoint], at: usize, days: u32, per_year: f64, money: fn(&Worth) -> f64) -> Option<Rolled> {
    let end = closes.get(at)?;
    let first_day = Day(end.time.day().0 - days as i32);
    let start = closes[..at].partition_point(|close| close.time.day() <= first_day).checked_sub(1)?;
    let window = &closes[start..=at];
    let figures = |worth: fn(&EquityPoint) -> &Worth| {
        let change = |from: &EquityPoint, to: &EquityPoint| money(worth(to)) / money(worth(from)) - 1.0;
        let returns: Vec<f64> = window.windows(2).map(|pair| change(&pair[0], &pair[1])).collect();
        let enough = returns.len() >= FEWEST_RETURNS;
        (change(&window[0], end), if enough { Ratios::of(&returns, per_year) } else { Ratios::default() })
    };
    let (change, ratios) = figures(|close| &close.equity);
    let (hodl_change, hodl_ratios) = figures(|close| &close.hodl);
    Some(Rolled { change, hodl_change, ratios, hodl_ratios })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Coin, DAY_MS, Timestamp, Usd};

    fn close(day: i64, equity: f64) -> EquityPoint {
        let worth = |usd: f64| Worth { coin: Coin(1.0), usd: Usd(usd) };
        EquityPoint { time: Timestamp(day * DAY_MS), equity: worth(equity), hodl: worth(100.0 + day as f64) }
    }

    fn usd(worth: &Worth) -> f64 {
        worth.usd.0
    }

    #[test]
    fn a_window_is_empty_before_it_is_full() {
        let closes: Vec<EquityPoint> = (0..5).map(|day| close(day, 100.0 + 10.0 * day as f64)).collect();
        assert_eq!(rolled(&closes, 2, 3, 365.0, usd), None);
        let full = rolled(&closes, 3, 3, 365.0, usd).expect("three days");
        assert!((full.change - 0.3).abs() < 1e-12 && (full.hodl_change - 0.03).abs() < 1e-12);
        assert_eq!(full.ratios, Ratios::default(), "three returns are too few");
        let next = rolled(&closes, 4, 3, 365.0, usd).expect("it moves on");
        assert!((next.change - (140.0 / 110.0 - 1.0)).abs() < 1e-12);
        assert_eq!(rolled(&closes, 9, 3, 365.0, usd), None, "no such close");
    }

    #[test]
    fn a_weekend_makes_a_window_no_shorter() {
        let closes = [close(0, 100.0), close(1, 101.0), close(4, 105.0), close(5, 106.0)];
        assert_eq!(rolled(&closes, 1, 3, 252.0, usd), None);
        assert!((rolled(&closes, 2, 3, 252.0, usd).expect("four days").change - (105.0 / 101.0 - 1.0)).abs() < 1e-12);
        assert!((rolled(&closes, 3, 3, 252.0, usd).expect("from day 1").change - (106.0 / 101.0 - 1.0)).abs() < 1e-12);
    }

    #[test]
    fn ratios_are_those_of_the_windows_returns() {
        // +1 %, -1 % in turns: mean and deviation by hand
        let mut value = 100.0;
        let mut closes = vec![close(0, value)];
        for day in 1..=20 {
            value *= if day % 2 == 1 { 1.01 } else { 0.99 };
            closes.push(close(day, value));
        }
        let last = rolled(&closes, 20, 20, 365.0, usd).expect("twenty days");
        let deviation = 0.01 * (20.0_f64 / 19.0).sqrt();
        assert!((last.ratios.volatility.expect("it varies") - deviation * 365.0_f64.sqrt()).abs() < 1e-9);
        assert!(last.ratios.sharpe.expect("it varies").abs() < 1e-9, "the mean is 0");
        let coin = rolled(&closes, 20, 20, 365.0, |worth| worth.coin.0).expect("twenty days");
        assert_eq!((coin.change, coin.ratios.sharpe), (0.0, None), "what does not vary has no ratio");
    }
}
