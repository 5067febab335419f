//! The grid of a run: which instants are marks and which of them are decisions.

use super::request::{RunRequest, Timeframe};
use crate::units::{DAY_MS, HOUR_MS, Timestamp};

/// Marks at equal distances, some of which are decisions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    first: Timestamp,
    step_ms: i64,
    count: usize,
    first_decision: Timestamp,
    interval_ms: i64,
}

impl Grid {
    /// The grid of a request; marks before `first_snapshot` are no steps.
    pub fn new(request: &RunRequest, first_snapshot: Timestamp) -> Grid {
        let start = request.start.start();
        let offset = start.plus_ms(request.offset_hours() * HOUR_MS);
        let step_ms = request.timeframe.ms();
        let of_day = request.offset_hours() % 24 * HOUR_MS;
        let origin = if request.timeframe == Timeframe::Day { start.plus_ms(of_day) } else { start };
        let end = request.end.start().plus_ms(DAY_MS);
        let skipped = (first_snapshot.ms_since(origin).max(0) + step_ms - 1) / step_ms;
        let first = origin.plus_ms(skipped * step_ms);
        let count = (end.ms_since(first).max(0) + step_ms - 1) / step_ms;
        Grid {
            first,
            step_ms,
            count: count as usize,
            first_decision: offset,
            interval_ms: request.decision_interval_hours * HOUR_MS,
        }
    }

    /// Number of marks.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True where the span holds no mark.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The mark of a position.
    pub fn time(&self, position: usize) -> Timestamp {
        self.first.plus_ms(position as i64 * self.step_ms)
    }

    /// Whether an instant of the grid is a decision.
    pub fn is_decision(&self, t: Timestamp) -> bool {
        let since = t.ms_since(self.first_decision);
        since >= 0 && since % self.interval_ms == 0
    }

    /// Number of decisions.
    pub fn decisions(&self) -> usize {
        (0..self.count).filter(|i| self.is_decision(self.time(*i))).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Day;

    fn grid(timeframe: Timeframe, interval: i64, offset: Option<i64>, first_snapshot: &str) -> Grid {
        let day = |text: &str| Day::parse(text).expect("a date");
        let request = RunRequest {
            start: day("2026-01-01"),
            end: day("2026-01-03"),
            timeframe,
            decision_interval_hours: interval,
            decision_offset_hours: offset,
            ..Default::default()
        };
        Grid::new(&request, day(first_snapshot).start().plus_ms(1))
    }

    #[test]
    fn marks_and_decisions() {
        let hourly = grid(Timeframe::Hour, 24, None, "2025-12-30");
        assert_eq!((hourly.len(), hourly.decisions()), (72, 3));
        assert_eq!(hourly.time(71).iso(), "2026-01-03T23:00:00Z");
        assert!(hourly.is_decision(hourly.time(8)) && !hourly.is_decision(hourly.time(0)));
        let four = grid(Timeframe::FourHours, 4, None, "2025-12-30");
        assert_eq!((four.len(), four.decisions()), (18, 18));
        let daily = grid(Timeframe::Day, 24, None, "2025-12-30");
        assert_eq!((daily.len(), daily.decisions(), daily.time(0).iso()), (3, 3, "2026-01-01T08:00:00Z".into()));
        let late = grid(Timeframe::Hour, 24, None, "2026-01-02");
        assert_eq!((late.len(), late.decisions(), late.time(0).iso()), (47, 2, "2026-01-02T01:00:00Z".into()));
        let weekly = grid(Timeframe::Hour, 168, Some(30), "2025-12-30");
        assert_eq!((weekly.decisions(), weekly.is_decision(weekly.time(30))), (1, true));
    }
}
