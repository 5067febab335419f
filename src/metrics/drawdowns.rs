//! Every fall of a series from a peak to its recovery, the deepest first.

use super::Drawdown;
use crate::sort;
use crate::units::Timestamp;

/// The deepest falls of a series in time order, at most `most` of them, deepest first; of equal ones the earlier first.
///
/// A fall begins at the last of equal highs and ends where its peak is reached again; the last may not have ended.
/// The first is the maximum drawdown of the same series. Values at or below 0 begin no fall, since a depth is a
/// fraction of its peak.
pub fn deepest(points: impl IntoIterator<Item = (Timestamp, f64)>, most: usize) -> Vec<Drawdown> {
    let mut falls: Vec<Drawdown> = Vec::new();
    let mut peak: Option<(Timestamp, f64)> = None;
    let mut fall: Option<Drawdown> = None;
    for (time, value) in points {
        let Some((peak_time, high)) = peak.filter(|(_, high)| value < *high) else {
            falls.extend(fall.take().map(|fall| Drawdown { recovery: Some(time), ..fall }));
            peak = Some((time, value));
            continue;
        };
        let depth = (high - value) / high;
        if high > 0.0 && fall.is_none_or(|fall| depth > fall.depth) {
            fall = Some(Drawdown { depth, amount: high - value, peak: peak_time, trough: time, recovery: None });
        }
    }
    falls.extend(fall);
    sort::by(&mut falls, |a, b| b.depth.total_cmp(&a.depth));
    falls.truncate(most);
    falls
}

impl Drawdown {
    /// Days from the peak to the trough.
    pub fn days_down(&self) -> f64 {
        self.trough.days_since(self.peak)
    }
    /// Days from the trough to the recovery; `None` while still under water.
    pub fn days_back(&self) -> Option<f64> {
        self.recovery.map(|end| end.days_since(self.trough))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::ratios::DrawdownTracker;
    use crate::units::DAY_MS;

    fn days(values: &[f64]) -> Vec<(Timestamp, f64)> {
        values.iter().enumerate().map(|(day, value)| (Timestamp(day as i64 * DAY_MS), *value)).collect()
    }

    #[test]
    fn falls_are_told_apart_and_ranked() {
        // 100 -> 90 -> 100 (10 %), then 110 twice, 88 (20 %), 99, 110, then 104.5 (5 %), still under water
        let points = days(&[100.0, 90.0, 100.0, 110.0, 110.0, 88.0, 99.0, 110.0, 104.5, 107.0]);
        let falls = deepest(points.clone(), 5);
        let depths: Vec<f64> = falls.iter().map(|fall| (fall.depth * 1000.0).round()).collect();
        assert_eq!(depths, [200.0, 100.0, 50.0]);
        assert_eq!(
            (falls[0].amount, falls[0].peak, falls[0].trough),
            (22.0, Timestamp(4 * DAY_MS), Timestamp(5 * DAY_MS))
        );
        assert_eq!((falls[0].days_down(), falls[0].days_back()), (1.0, Some(2.0)));
        assert_eq!((falls[2].trough, falls[2].days_back()), (Timestamp(8 * DAY_MS), None));
        assert_eq!(deepest(points.clone(), 1).len(), 1);
        let mut tracker = DrawdownTracker::default();
        points.into_iter().for_each(|(time, value)| tracker.update(time, value));
        assert_eq!(tracker.worst(), Some(falls[0]), "the first is the maximum drawdown");
    }

    #[test]
    fn a_series_that_never_falls_has_none() {
        assert_eq!(deepest(days(&[1.0, 1.0, 2.0]), 5), []);
        assert_eq!(deepest(days(&[]), 5), []);
        assert_eq!(deepest(days(&[-1.0, -2.0, 0.0, -1.0]), 5), [], "no fraction of nothing");
    }
}
