//! What a trader knows at an instant besides the chain: returns, realised volatility, regime, surface levels.
//!
//! Everything here is a function of the past: the close of UTC day D is known from D+1 00:00 on, and the
//! percentile of today's volatility is taken among the days before today.

use super::catalog::DailyBar;
use super::snapshot::{MarketSnapshot, SurfaceLevels};
use crate::units::{Day, Price, Timestamp};
use serde::{Deserialize, Serialize};

/// The market's regime by the last close against its 200-day mean and the 30-day return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    /// from200 > 0.05 and r30 > 0.10.
    Bull,
    /// from200 < -0.05 and r30 < -0.10.
    Bear,
    /// Anything else.
    Sideways,
}

/// The part of the context that daily closes give; a figure without enough history is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DailyContext {
    /// Last close / the close a day earlier - 1.
    pub r1: Option<f64>,
    /// Last close / the close 7 days earlier - 1.
    pub r7: Option<f64>,
    /// Last close / the close 30 days earlier - 1.
    pub r30: Option<f64>,
    /// Annualised sample deviation of the last 7 daily log returns.
    pub rv7: Option<f64>,
    /// Annualised sample deviation of the last 30 daily log returns.
    pub rv30: Option<f64>,
    /// Last close / mean of the last 50 closes - 1.
    pub from50: Option<f64>,
    /// Last close / mean of the last 200 closes - 1.
    pub from200: Option<f64>,
    /// Regime; `None` without 200 closes.
    pub regime: Option<Regime>,
}

/// The whole context of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MarketContext {
    /// From daily closes.
    #[serde(flatten)]
    pub daily: DailyContext,
    /// At-the-forward volatility at 30 days of the state's snapshot.
    pub atm_iv_30: Option<f64>,
    /// Share of the last 180 daily values of `atm_iv_30` below today's; `None` under 30 values.
    pub iv_percentile: Option<f64>,
    /// iv(25-delta put) - iv(25-delta call) at 30 days.
    pub skew: Option<f64>,
    /// atm_iv(90 d) - atm_iv(7 d).
    pub term_slope: Option<f64>,
}

/// Daily closes with the context of each day computed once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    days: Vec<(Day, DailyContext)>,
    bars: Vec<(Day, f64)>,
    closes: Vec<f64>,
    returns: Vec<f64>,
    day_count: f64,
}

impl History {
    /// Computes the context after each close of `bars` (ascending by date); `day_count` annualises (365 or 252).
    pub fn new(bars: &[DailyBar], day_count: u32) -> History {
        let mut history = History { day_count: f64::from(day_count), ..History::default() };
        bars.iter().for_each(|bar| history.close(bar.date, bar.close));
        history
    }

    /// Takes the close of a day, later than all before it.
    fn close(&mut self, day: Day, close: f64) {
        if let Some(before) = self.closes.last() {
            self.returns.push(libm::log(close / before));
        }
        self.bars.push((day, close));
        self.closes.push(close);
        let context = daily_context(&self.bars, &self.closes, &self.returns, self.day_count);
        self.days.push((day, context));
    }

    /// Takes a daily snapshot's index as the close of the day that ends with it or holds it; snapshots come in time order.
    ///
    /// A snapshot at 00:00 UTC closes the day before.
    pub fn observe(&mut self, time: Timestamp, index: Price) {
        let day = time.plus_ms(-1).day();
        if self.bars.last().is_none_or(|(last, _)| *last < day) {
            self.close(day, index.0);
        }
    }

    /// The context that is known at `t`: the newest close of a day before `t`'s.
    pub fn at(&self, t: Timestamp) -> DailyContext {
        let known = self.days.partition_point(|(day, _)| *day < t.day());
        known.checked_sub(1).map_or_else(DailyContext::default, |i| self.days[i].1)
    }
}

/// The newest close at or before `days` calendar days before the last bar; `None` before the history.
fn close_before(bars: &[(Day, f64)], days: i32) -> Option<f64> {
    let wanted = Day(bars.last()?.0.0 - days);
    let known = bars.partition_point(|(day, _)| *day <= wanted);
    known.checked_sub(1).map(|i| bars[i].1)
}

fn daily_context(bars: &[(Day, f64)], closes: &[f64], returns: &[f64], day_count: f64) -> DailyContext {
    let n = closes.len();
    let last = closes[n - 1];
    let change = |days: i32| close_before(bars, days).map(|close| last / close - 1.0);
    let from_mean = |days: usize| (n >= days).then(|| last / mean(&closes[n - days..]) - 1.0);
    let realised = |days: usize| {
        (returns.len() >= days).then(|| sample_deviation(&returns[returns.len() - days..]) * day_count.sqrt())
    };
    let (r30, from200) = (change(30), from_mean(200));
    let regime = from200.zip(r30).map(|(from200, r30)| {
        if from200 > 0.05 && r30 > 0.10 {
            Regime::Bull
        } else if from200 < -0.05 && r30 < -0.10 {
            Regime::Bear
        } else {
            Regime::Sideways
        }
    });
    DailyContext {
        r1: change(1),
        r7: change(7),
        r30,
        rv7: realised(7),
        rv30: realised(30),
        from50: from_mean(50),
        from200,
        regime,
    }
}

/// Arithmetic mean; the caller gives at least one value.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Sample standard deviation (n - 1); the caller gives at least two values.
pub fn sample_deviation(values: &[f64]) -> f64 {
    deviation_about(mean(values), values)
}

/// Sample standard deviation (n - 1) of at least two values whose mean is known.
pub fn deviation_about(mean: f64, values: &[f64]) -> f64 {
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

/// Days of history the percentile looks back.
const PERCENTILE_DAYS: usize = 180;
/// Fewest daily values that make a percentile.
const PERCENTILE_LEAST: usize = 30;

/// One at-the-forward volatility a UTC day, the last snapshot's of each day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IvHistory {
    days: Vec<(Day, f64)>,
}

impl IvHistory {
    /// Takes a snapshot's level; snapshots come in time order.
    pub fn observe(&mut self, time: Timestamp, levels: &SurfaceLevels) {
        let Some(iv) = levels.atm_iv_30 else { return };
        match self.days.last_mut() {
            Some((day, value)) if *day == time.day() => *value = iv,
            _ => self.days.push((time.day(), iv)),
        }
    }

    /// The share of the last 180 daily values before `day` that are below `iv`; `None` under 30 values.
    pub fn percentile(&self, day: Day, iv: f64) -> Option<f64> {
        let end = self.days.partition_point(|(d, _)| *d < day);
        let past = &self.days[end.saturating_sub(PERCENTILE_DAYS)..end];
        let below = past.iter().filter(|(_, value)| *value < iv).count();
        (past.len() >= PERCENTILE_LEAST).then(|| below as f64 / past.len() as f64)
    }
}

impl MarketContext {
    /// The context of a step at `t` whose state is `snapshot`; without `ivs` there is no percentile, for whom asks for none.
    pub fn at(t: Timestamp, snapshot: &MarketSnapshot, history: &History, ivs: Option<&IvHistory>) -> MarketContext {
        let levels = &snapshot.levels;
        MarketContext {
            daily: history.at(t),
            atm_iv_30: levels.atm_iv_30,
            iv_percentile: levels.atm_iv_30.zip(ivs).and_then(|(iv, ivs)| ivs.percentile(t.day(), iv)),
            skew: levels.skew_30,
            term_slope: levels.atm_iv_90.zip(levels.atm_iv_7).map(|(far, near)| far - near),
        }
    }
}
