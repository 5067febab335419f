//! Conditions on the market under which a trade may be opened.

use super::config::EntryFilters;
use crate::market::MarketContext;
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// Which entry condition blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryBlock {
    /// IV percentile below the minimum.
    IvPercentile,
    /// IV percentile absent.
    IvPercentileAbsent,
    /// Not one of the weekdays.
    Weekday,
    /// IV/RV below the minimum.
    IvRv,
    /// IV/RV absent.
    IvRvAbsent,
}

/// The first condition that blocks an entry at `t`; `None` = the entry is allowed.
///
/// IV/RV is the 30-day at-the-forward volatility over the 30-day realised volatility.
pub fn entry_block(filters: &EntryFilters, t: Timestamp, context: &MarketContext) -> Option<EntryBlock> {
    let below = |least: Option<f64>, value: &dyn Fn() -> Option<f64>, low: EntryBlock, absent: EntryBlock| {
        let least = least?;
        match value() {
            None => Some(absent),
            Some(value) => (value < least).then_some(low),
        }
    };
    let iv_rv = || context.atm_iv_30.zip(context.daily.rv30).filter(|(_, rv)| *rv > 0.0).map(|(iv, rv)| iv / rv);
    let percentile = || context.iv_percentile;
    below(filters.min_iv_percentile, &percentile, EntryBlock::IvPercentile, EntryBlock::IvPercentileAbsent)
        .or_else(|| {
            let days = filters.weekdays.as_ref()?;
            (!days.contains(&(t.day().weekday() + 1))).then_some(EntryBlock::Weekday)
        })
        .or_else(|| below(filters.min_iv_rv, &iv_rv, EntryBlock::IvRv, EntryBlock::IvRvAbsent))
}
