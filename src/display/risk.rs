//! Greeks, margin and rolling figures of a variant as lines over time, and its drawdowns as rows.

use super::Money;
use super::format::{day, number, or_dash, percent, usd};
use super::lines::{Axis, Lines, Series, Tone};
use crate::engine::{Step, Worth};
use crate::market::Settlement;
use crate::metrics::rolling::{Rolled, rolled};
use crate::metrics::{Drawdown, EquityPoint};
use crate::units::{DAY_MS, Timestamp};

/// Points of a line at most: of longer runs every second, third, ... day is drawn.
const MOST_POINTS: usize = 600;

/// Drawdowns in the table at most.
pub const MOST_FALLS: usize = 5;

/// The windows of the rolling figures, days.
pub const WINDOWS: [u32; 3] = [30, 90, 365];

/// What is drawn of the options that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gauge {
    /// Coins of the account and option deltas, coins.
    Delta,
    /// Change of the delta for 1 % of the index, coins.
    Gamma,
    /// USD for a volatility point.
    Vega,
    /// USD a day.
    Theta,
    /// Maintenance margin beside the equity, quote currency.
    Margin,
}

impl Gauge {
    /// All; the last only where something is margined.
    pub const ALL: [Gauge; 5] = [Gauge::Delta, Gauge::Gamma, Gauge::Vega, Gauge::Theta, Gauge::Margin];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Gauge::Delta => "Net delta",
            Gauge::Gamma => "Gamma",
            Gauge::Vega => "Vega",
            Gauge::Theta => "Theta",
            Gauge::Margin => "Margin",
        }
    }

    /// Its key in the glossary.
    pub fn key(self) -> &'static str {
        match self {
            Gauge::Delta => "net_delta",
            Gauge::Gamma => "net_gamma",
            Gauge::Vega => "net_vega",
            Gauge::Theta => "net_theta",
            Gauge::Margin => "margin",
        }
    }

    fn unit(self, settlement: Settlement) -> &'static str {
        match (self, settlement) {
            (Gauge::Delta, _) => "Net delta, coins",
            (Gauge::Gamma, _) => "Gamma, coins for 1 % of the index",
            (Gauge::Vega, _) => "Vega, USD for a volatility point",
            (Gauge::Theta, _) => "Theta, USD a day",
            (Gauge::Margin, Settlement::Inverse) => "Margin and equity, coins",
            (Gauge::Margin, Settlement::Linear) => "Margin and equity, USD",
        }
    }

    fn axis(self, settlement: Settlement) -> Axis {
        match (self, settlement) {
            (Gauge::Vega | Gauge::Theta, _) | (Gauge::Margin, Settlement::Linear) => Axis::Usd,
            _ => Axis::Number,
        }
    }

    fn value(self, step: &Step) -> Option<f64> {
        let greeks = step.greeks;
        Some(match self {
            Gauge::Delta => step.coins.0 + greeks.delta,
            Gauge::Gamma => greeks.gamma * step.index / 100.0,
            Gauge::Vega => greeks.vega / 100.0,
            Gauge::Theta => greeks.theta,
            Gauge::Margin => step.margin?,
        })
    }
}

/// True where some step is margined.
pub fn is_margined(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.margin.is_some())
}

/// The last step of each UTC day, thinned to so many points, the last always among them.
fn daily(steps: &[Step]) -> Vec<&Step> {
    let days: Vec<&Step> = steps.chunk_by(|a, b| a.time.day() == b.time.day()).filter_map(|day| day.last()).collect();
    thinned(days.len()).map(|place| days[place]).collect()
}

/// Even places of so many, the last always among them.
fn thinned(count: usize) -> impl Iterator<Item = usize> {
    let every = count.div_ceil(MOST_POINTS).max(1);
    (0..count).filter(move |place| (count - 1 - place).is_multiple_of(every))
}

fn at(time: Timestamp) -> f64 {
    time.0 as f64
}

/// One figure of what is held, day by day.
pub fn gauge_lines(steps: &[Step], gauge: Gauge, settlement: Settlement) -> Lines {
    let days = daily(steps);
    let line = |name: &str, value: &dyn Fn(&Step) -> Option<f64>| Series {
        name: name.into(),
        points: days.iter().filter_map(|step| Some((at(step.time), value(step)?))).collect(),
        ..Series::default()
    };
    let mut series = vec![line(gauge.title(), &|step| gauge.value(step))];
    match gauge {
        Gauge::Delta => series.push(line("Options alone", &|step| Some(step.greeks.delta))),
        Gauge::Margin => series.push(line("Equity", &|step| {
            let Worth { coin, usd } = step.equity;
            Some(if settlement == Settlement::Inverse { coin.0 } else { usd.0 })
        })),
        _ => {}
    }
    Lines {
        x: Axis::Time,
        x_title: "Day",
        y: gauge.axis(settlement),
        y_title: gauge.unit(settlement),
        series,
        has_zero: true,
        ..Lines::default()
    }
}

/// The newest value of a gauge with the least and the greatest of all marks, in a sentence; empty without a value.
pub fn gauge_words(steps: &[Step], gauge: Gauge) -> String {
    let values = || steps.iter().filter_map(|step| gauge.value(step));
    let Some(last) = values().next_back() else { return String::new() };
    let (least, greatest) = values().fold((last, last), |(low, high), v| (low.min(v), high.max(v)));
    let words = |v: f64| match gauge {
        Gauge::Vega | Gauge::Theta => usd(v),
        _ => number(v, 4),
    };
    format!("{} now {}; over all marks from {} to {}.", gauge.title(), words(last), words(least), words(greatest))
}

/// A rolling figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rolling {
    /// Return of the window.
    Return,
    /// Annualised volatility.
    Volatility,
    /// Sharpe ratio.
    Sharpe,
    /// Return - HODL's return.
    AgainstHodl,
}

impl Rolling {
    /// All.
    pub const ALL: [Rolling; 4] = [Rolling::Return, Rolling::Volatility, Rolling::Sharpe, Rolling::AgainstHodl];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Rolling::Return => "Return",
            Rolling::Volatility => "Volatility",
            Rolling::Sharpe => "Sharpe",
            Rolling::AgainstHodl => "Against HODL",
        }
    }

    /// Its key in the glossary.
    pub fn key(self) -> &'static str {
        match self {
            Rolling::Return => "rolling_return",
            Rolling::Volatility => "rolling_volatility",
            Rolling::Sharpe => "rolling_sharpe",
            Rolling::AgainstHodl => "rolling_vs_hodl",
        }
    }

    fn axis(self) -> Axis {
        match self {
            Rolling::Return | Rolling::AgainstHodl => Axis::Change,
            Rolling::Volatility => Axis::Percent,
            Rolling::Sharpe => Axis::Number,
        }
    }

    /// The variant's value and HODL's; `None` for HODL where the figure is a comparison with it.
    fn values(self, rolled: &Rolled) -> (Option<f64>, Option<f64>) {
        match self {
            Rolling::Return => (Some(rolled.change), Some(rolled.hodl_change)),
            Rolling::Volatility => (rolled.ratios.volatility, rolled.hodl_ratios.volatility),
            Rolling::Sharpe => (rolled.ratios.sharpe, rolled.hodl_ratios.sharpe),
            Rolling::AgainstHodl => (Some(rolled.change - rolled.hodl_change), None),
        }
    }
}

/// One rolling figure of a variant and of HODL over windows of `days`; no point before the first window is full.
pub fn rolling_lines(
    closes: &[EquityPoint],
    figure: Rolling,
    days: u32,
    per_year: f64,
    (name, money): (&str, Money),
) -> Lines {
    let worth: fn(&Worth) -> f64 = match money {
        Money::Usd => |worth| worth.usd.0,
        Money::Coin => |worth| worth.coin.0,
    };
    let (mut own, mut hodl) = (Vec::new(), Vec::new());
    for place in thinned(closes.len()) {
        let Some(rolled) = rolled(closes, place, days, per_year, worth) else { continue };
        let values = figure.values(&rolled);
        let x = at(closes[place].time);
        own.extend(values.0.map(|y| (x, y)));
        hodl.extend(values.1.map(|y| (x, y)));
    }
    let line = |name: &str, points, tone| Series { name: name.into(), points, tone, ..Series::default() };
    let mut series = vec![line(name, own, Tone::Placed)];
    if figure != Rolling::AgainstHodl {
        series.push(line("HODL", hodl, Tone::Hodl));
    }
    let y_title = match figure {
        Rolling::Return => "Return of the window",
        Rolling::Volatility => "Volatility, annualised",
        Rolling::Sharpe => "Sharpe of the window",
        Rolling::AgainstHodl => "Return - HODL's return",
    };
    Lines { x: Axis::Time, x_title: "Day", y: figure.axis(), y_title, series, ..Lines::default() }
}

/// One line of the drawdowns.
#[derive(Clone, Debug, PartialEq)]
pub struct FallRow {
    /// The peak before it.
    pub start: String,
    /// The lowest mark.
    pub trough: String,
    /// When the peak was reached again, or that it was not.
    pub end: String,
    /// Share of the peak.
    pub depth: String,
    /// The same in money.
    pub amount: String,
    /// Days from peak to trough.
    pub down: String,
    /// Days from trough to recovery; a dash while under water.
    pub back: String,
    /// Depth against the deepest, 0 to 1.
    pub share: f64,
}

/// Columns of the drawdowns.
pub const FALL_COLUMNS: [&str; 7] = ["Start", "Depth", "Amount", "Trough", "End", "Days down", "Days back"];

/// The rows of drawdowns, deepest first.
pub fn fall_rows(falls: &[Drawdown], money: Money, underlying: &str) -> Vec<FallRow> {
    let deepest = falls.first().map_or(1.0, |fall| fall.depth);
    let row = |fall: &Drawdown| FallRow {
        start: day(fall.peak),
        trough: day(fall.trough),
        end: fall.recovery.map_or_else(|| "still under water".into(), day),
        depth: percent(-fall.depth, if fall.depth < 0.01 { 3 } else { 2 }),
        amount: match money {
            Money::Usd => usd(-fall.amount),
            Money::Coin => format!("{} {underlying}", number(-fall.amount, 5)),
        },
        down: number(fall.days_down(), 1),
        back: or_dash(fall.days_back(), |days| number(days, 1)),
        share: fall.depth / deepest,
    };
    falls.iter().map(row).collect()
}

/// The deepest drawdown and how long the account was under water, in a sentence.
pub fn fall_words(falls: &[Drawdown]) -> String {
    let Some(deepest) = falls.first() else { return "The equity never fell below an earlier mark.".into() };
    let end = match deepest.days_back() {
        Some(back) => format!("and came back in {} days", number(back, 1)),
        None => "and has not come back".to_owned(),
    };
    let down = number(deepest.trough.ms_since(deepest.peak) as f64 / DAY_MS as f64, 1);
    format!("The deepest, {} on {}, took {down} days {end}.", percent(-deepest.depth, 2), day(deepest.trough))
}

/// The names of the gauges that are offered, in the order of [`Gauge::ALL`].
pub fn offered(is_margined: bool) -> Vec<String> {
    let count = Gauge::ALL.len() - usize::from(!is_margined);
    Gauge::ALL[..count].iter().map(|gauge| gauge.title().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::format::ABSENT;
    use crate::units::{Coin, Usd};

    #[test]
    fn points_are_thinned_and_the_newest_stays() {
        assert_eq!(thinned(3).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(thinned(0).count(), 0);
        let many: Vec<usize> = thinned(1501).collect();
        assert!(many.len() <= MOST_POINTS && many.last() == Some(&1500) && many[1] - many[0] == 3, "{}", many.len());
    }

    #[test]
    fn drawdowns_read_as_rows() {
        let fall = |depth: f64, recovery: Option<i64>| Drawdown {
            depth,
            amount: depth * 1000.0,
            peak: Timestamp(0),
            trough: Timestamp(3 * DAY_MS),
            recovery: recovery.map(|d| Timestamp(d * DAY_MS)),
        };
        let falls = [fall(0.2, Some(8)), fall(0.1, None)];
        let rows = fall_rows(&falls, Money::Usd, "BTC");
        assert_eq!((rows[0].depth.as_str(), rows[0].amount.as_str()), ("−20.00 %", "−$200"));
        assert_eq!((rows[0].end.as_str(), rows[0].down.as_str(), rows[0].back.as_str()), ("1970-01-09", "3.0", "5.0"));
        assert_eq!((rows[1].end.as_str(), rows[1].back.as_str(), rows[1].share), ("still under water", ABSENT, 0.5));
        assert_eq!(fall_rows(&falls, Money::Coin, "BTC")[1].amount, "−100.00000 BTC");
        assert_eq!(fall_words(&falls), "The deepest, −20.00 % on 1970-01-04, took 3.0 days and came back in 5.0 days.");
        assert_eq!(fall_words(&[]), "The equity never fell below an earlier mark.");
    }

    #[test]
    fn rolling_lines_begin_when_the_window_is_full() {
        let close = |day: i64| {
            let worth = |usd: f64| Worth { coin: Coin(1.0), usd: Usd(usd) };
            let equity = worth(100.0 + day as f64);
            EquityPoint { time: Timestamp(day * DAY_MS), equity, hodl: worth(100.0) }
        };
        let closes: Vec<EquityPoint> = (0..40).map(close).collect();
        let lines = rolling_lines(&closes, Rolling::Return, 30, 365.0, ("A", Money::Usd));
        assert_eq!(lines.series[0].points.len(), 10);
        assert_eq!(lines.series[0].points[0], (30.0 * DAY_MS as f64, 130.0 / 100.0 - 1.0));
        let against = rolling_lines(&closes, Rolling::AgainstHodl, 30, 365.0, ("A", Money::Usd));
        assert_eq!((against.series.len(), against.series[0].points[0].1), (1, 130.0 / 100.0 - 1.0));
        let coin = rolling_lines(&closes, Rolling::Sharpe, 30, 365.0, ("A", Money::Coin));
        assert!(coin.series.iter().all(|s| s.points.is_empty()), "what does not vary has no ratio");
        let long = rolling_lines(&closes, Rolling::Return, 90, 365.0, ("A", Money::Usd));
        assert!(long.series[0].points.is_empty());
    }
}
