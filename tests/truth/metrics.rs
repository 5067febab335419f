//! Rows of `metrics.json`: series of returns, levels or PnLs with one expected figure.

use crate::{Verdict, not_applicable, same, text};
use chainwalk::engine::{NetGreeks, Step, Worth};
use chainwalk::market::Settlement;
use chainwalk::metrics::ratios::{DrawdownTracker, Ratios, annualised, downside_risk, profit_factor, win_rate};
use chainwalk::metrics::{Metrics, Summary};
use chainwalk::units::{Coin, DAY_MS, Day, Timestamp, Usd};
use serde_json::Value;

/// A mark without trades: equity alone.
fn mark(time: Timestamp, equity: f64, hodl: f64) -> Step {
    let worth = |x: f64| Worth { coin: Coin(x), usd: Usd(x) };
    Step {
        time,
        snapshot_time: time,
        index: 1.0,
        gap: false,
        decision: false,
        traded: false,
        reason: None,
        happened: Default::default(),
        held: Default::default(),
        coins: Coin(equity),
        cash: Usd(0.0),
        option_value: Worth::default(),
        liquidation_value: Worth::default(),
        equity: worth(equity),
        hodl: worth(hodl),
        greeks: NetGreeks::default(),
        margin: None,
        loan: None,
    }
}

/// The summaries after each daily mark of an equity series that begins at `first`.
fn summaries(levels: &[f64], first: Timestamp) -> Vec<Summary> {
    let mut metrics = Metrics::new(Settlement::Linear, 365);
    let step = |(i, level): (usize, &f64)| {
        metrics.update(&mark(first.plus_ms(i as i64 * DAY_MS), *level, levels[0]));
        metrics.summary(false)
    };
    levels.iter().enumerate().map(step).collect()
}

/// 1 and its growth by each return.
fn compounded(returns: &[f64]) -> Vec<f64> {
    let mut level = 1.0;
    let grow = |r: &f64| {
        level *= 1.0 + r;
        level
    };
    std::iter::once(1.0).chain(returns.iter().map(grow).collect::<Vec<_>>()).collect()
}

fn depth(levels: &[f64]) -> Option<f64> {
    summaries(levels, Timestamp(0)).last().and_then(|s| s.max_drawdown).map(|d| d.depth)
}

/// Days from peak to recovery of the longest recovered drawdown, each followed by a tracker of its own.
fn longest_recovery_days(levels: &[f64]) -> f64 {
    let mut longest = 0;
    for (at, peak) in levels.iter().enumerate() {
        let mut tracker = DrawdownTracker::default();
        let end = levels[at + 1..].iter().position(|level| level >= peak).map(|after| at + 1 + after);
        for (day, level) in levels[at..=end.unwrap_or(at)].iter().enumerate() {
            tracker.update(Timestamp(day as i64 * DAY_MS), *level);
        }
        let worst = tracker.worst().expect("a level");
        longest = longest.max(worst.recovery.map_or(0, |recovery| recovery.ms_since(worst.peak) / DAY_MS));
    }
    longest as f64
}

/// A series by name or as it is written; an absent value is `None`.
fn series(value: &Value, all: &Value) -> Vec<Option<f64>> {
    let list = value.as_str().map_or(value, |name| &all[name]);
    list.as_array().map_or_else(Vec::new, |values| values.iter().map(Value::as_f64).collect())
}

/// Returns above a rate a period (a number, a series, or absent = 0), where both are there.
fn excess(returns: &[Option<f64>], rate: &Value, all: &Value) -> Vec<f64> {
    let rates = match rate {
        Value::String(_) | Value::Array(_) => series(rate, all),
        _ => vec![Some(rate.as_f64().unwrap_or(0.0)); returns.len()],
    };
    returns.iter().zip(rates).filter_map(|(r, rate)| r.zip(rate).map(|(r, rate)| r - rate)).collect()
}

/// Returns by month, from the per-month table.
fn by_month(row: &Value, returns: &[f64]) -> Verdict {
    let Some(start) = Day::parse(text(row, "start_date")).filter(|_| text(row, "freq") == "D") else {
        return not_applicable("not a daily series");
    };
    let levels = compounded(returns);
    let all = summaries(&levels, Day(start.0 - 1).start());
    let months = all.last().map(|s| s.months.clone()).unwrap_or_default();
    let found: Vec<f64> =
        months.iter().filter(|m| (m.year, m.month) >= start.year_month()).map(|m| m.return_usd).collect();
    list(&found, row)
}

fn list(found: &[f64], row: &Value) -> Verdict {
    let expected = row["expect"].as_array().cloned().unwrap_or_default();
    if expected.len() != found.len() {
        return Verdict::Differs(format!("{} values, expected {}", found.len(), expected.len()));
    }
    let tolerance = row["abs_tol"].as_f64().unwrap_or(0.0);
    let figures: Vec<_> = found.iter().zip(&expected).map(|(f, e)| ("value", Some(*f), e, tolerance)).collect();
    same(&figures)
}

pub fn judge(row: &Value, all: &Value) -> Verdict {
    let written = series(&row["series"], all);
    let values: Vec<f64> = written.iter().copied().flatten().collect();
    let levels = compounded(&values);
    let per_year = row["periods_per_year"].as_f64().unwrap_or(252.0);
    let total = levels[levels.len() - 1] - 1.0;
    // the row counts periods without a value as time that passed
    let annual = || annualised(total, written.len() as f64 / per_year);
    let last = |s: Vec<Summary>| s.last().map(|s| s.total_return);
    let found = match text(row, "metric") {
        "cum_return_final" => last(summaries(&levels, Timestamp(0))),
        "cum_returns" => {
            // a period without a value shows no change
            let whole: Vec<f64> = written.iter().map(|r| r.unwrap_or(0.0)).collect();
            let after: Vec<f64> =
                summaries(&compounded(&whole), Timestamp(0)).iter().skip(1).map(|s| s.total_return).collect();
            return list(&after, row);
        }
        "max_drawdown" if values.is_empty() => None,
        "max_drawdown" => depth(&levels).map(|d| -d),
        "max_drawdown_from_equity" => depth(&values).map(|d| -d),
        "annual_return" => annual(),
        "annual_return_from_equity" => {
            let years = row["duration_days"].as_f64().unwrap_or(0.0) / 365.0;
            last(summaries(&values, Timestamp(0))).and_then(|total| annualised(total, years))
        }
        "calmar" => annual().zip(depth(&levels).filter(|d| *d > 0.0)).map(|(annual, depth)| annual / depth),
        "annual_volatility" => Ratios::of(&values, per_year).volatility,
        "annual_variance" => Ratios::of(&values, per_year).volatility.map(|v| v * v),
        "sharpe" => {
            let rate = if row["risk_free_series"].is_null() { "risk_free_per_period" } else { "risk_free_series" };
            Ratios::of(&excess(&written, &row[rate], all), per_year).sharpe
        }
        "sortino" => Ratios::of(&excess(&written, &row["required_return"], all), per_year).sortino,
        "downside_risk" => downside_risk(&excess(&written, &row["required_return"], all), per_year),
        "win_rate" => win_rate(&values),
        "profit_factor" => profit_factor(&values),
        "longest_drawdown_recovery_days" => Some(longest_recovery_days(&values)),
        "aggregate_returns" if text(row, "convert_to") == "monthly" => return by_month(row, &values),
        "aggregate_returns" => return not_applicable("the contract's table of returns is by month"),
        other => return not_applicable(format!("{other} is not a metric of the contract")),
    };
    same(&[(text(row, "metric"), found, &row["expect"], row["abs_tol"].as_f64().unwrap_or(0.0))])
}

#[test]
fn what_has_no_deviation_has_no_ratio() {
    for returns in [[0.01; 9], [0.0; 9], [-0.003; 9], [1.0 / 3.0; 9]] {
        assert_eq!(Ratios::of(&returns, 365.0).sharpe, None, "{returns:?}");
    }
    assert_eq!(Ratios::of(&[], 252.0), Ratios::default());
    assert_eq!(Ratios::of(&[0.01], 252.0).volatility, None);
}
