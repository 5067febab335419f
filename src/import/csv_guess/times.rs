//! How times and kinds are written, and how far apart snapshots are.

use super::super::csv_map::{FormatMap, read_time};
use super::sample::{Sample, kind_of};
use crate::units::{HOUR_MS, Timestamp};

/// The columns of time and expiry.
pub(super) struct Times {
    pub(super) time: usize,
    pub(super) expiry: usize,
    pub(super) is_coin: bool,
}

impl Times {
    /// How times and kinds are written, and the minutes between snapshots.
    pub(super) fn formats(&self, sample: &Sample, kind: usize, notes: &mut Vec<String>) -> (FormatMap, u32) {
        let format = |column| sample.time_format(column).unwrap_or("auto");
        let (time, expiry) = (format(self.time), format(self.expiry));
        let close = if self.is_coin { "08:00" } else { "20:00" };
        for (what, column, format) in [("time", self.time, time), ("expiry", self.expiry, expiry)] {
            if format == "%d/%m/%Y" && sample.most(column, |t| read_time(t, "%m/%d/%Y", close).is_some()) {
                notes.push(format!("{what} is read as day/month/year; month/day/year would fit as well"));
            }
            let is_midnight = |t: &str| read_time(t, format, "00:00").is_some_and(|t| t.day().start() == t);
            if sample.most(column, is_midnight) && !format.starts_with("unix") {
                notes.push(format!("{what} has no time of day: {close} UTC is assumed"));
            }
        }
        let of_kind = |is_call: bool| -> Vec<String> {
            let mut texts: Vec<String> =
                sample.values(kind).filter(|t| kind_of(t) == Some(is_call)).map(str::to_lowercase).collect();
            texts.sort();
            texts.dedup();
            if texts.is_empty() { vec![if is_call { "call".into() } else { "put".into() }] } else { texts }
        };
        let formats = FormatMap {
            time: time.into(),
            time_of_day: close.into(),
            expiry: expiry.into(),
            expiry_time_of_day: close.into(),
            call: of_kind(true),
            put: of_kind(false),
        };
        (formats, self.cadence(sample, time, notes))
    }

    fn sorted(&self, sample: &Sample, format: &str) -> Vec<Timestamp> {
        let mut times: Vec<Timestamp> =
            sample.values(self.time).filter_map(|text| read_time(text, format, "00:00")).collect();
        times.sort();
        times.dedup();
        times
    }

    /// The middle distance of neighbouring times, minutes; a day where the sample has one time.
    fn cadence(&self, sample: &Sample, format: &str, notes: &mut Vec<String>) -> u32 {
        let times = self.sorted(sample, format);
        let mut gaps: Vec<i64> = times.windows(2).map(|w| w[1].ms_since(w[0]) / 60_000).collect();
        gaps.sort_unstable();
        match gaps.get(gaps.len() / 2) {
            Some(minutes) => u32::try_from((*minutes).clamp(1, 10_080)).unwrap_or(1440),
            None => {
                notes.push(format!(
                    "the first {} rows are of one time: a cadence of a day is assumed",
                    sample.rows.len()
                ));
                1440
            }
        }
    }

    /// Coins trade every day; of others a quote on a weekend tells.
    pub(super) fn has_weekends(&self, sample: &Sample) -> bool {
        let format = sample.time_format(self.time).unwrap_or("auto");
        self.is_coin || self.sorted(sample, format).iter().any(|t| Timestamp(t.0 - HOUR_MS).day().weekday() >= 5)
    }
}
