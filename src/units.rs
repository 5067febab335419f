//! Units: instants, calendar days and money, with only the sums that make sense.

use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// Milliseconds in an ACT/365 year.
pub const YEAR_MS: f64 = 365.0 * 86_400_000.0;

/// Names of the months, three letters.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The sum in the order given; of nothing +0, where the standard library's is -0 and prints so.
pub fn total(numbers: impl IntoIterator<Item = f64>) -> f64 {
    numbers.into_iter().fold(0.0, |sum, number| sum + number)
}

/// An instant: milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub fn ms_since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }
    /// Fractional days from `earlier` to `self`.
    pub fn days_since(self, earlier: Timestamp) -> f64 {
        self.ms_since(earlier) as f64 / DAY_MS as f64
    }
    /// ACT/365 years from `earlier` to `self`.
    pub fn years_since(self, earlier: Timestamp) -> f64 {
        self.ms_since(earlier) as f64 / YEAR_MS
    }
    /// The UTC day that holds this instant.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MS) as i32)
    }
    /// The instant `ms` milliseconds later.
    pub fn plus_ms(self, ms: i64) -> Timestamp {
        Timestamp(self.0 + ms)
    }
    /// ISO 8601 in UTC, to the second, or to the millisecond where there is a fraction.
    pub fn iso(self) -> String {
        let format = if self.0.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S.%fZ" };
        self.format(format)
    }
    /// Reads `YYYY-MM-DDTHH:MM`, UTC; `None` for anything else.
    pub fn parse_minute(text: &str) -> Option<Timestamp> {
        let [year, month, day, hour, minute] = numbers(text, "0000-00-00T00:00")?;
        let start = Day::from_ymd(year as i32, month, day)?.start();
        (hour < 24 && minute < 60).then(|| start.plus_ms(i64::from(hour) * HOUR_MS + i64::from(minute) * 60_000))
    }
    /// Formats in UTC, `%Y-%m-%d %H:%M:%S`, with `%-d` for a day without a zero, `%b` and `%y` for a month and a year in short, and `%f`
    /// for three digits of milliseconds; an instant outside chrono's years prints its milliseconds. chrono's own formatter, which
    /// knows far more, would be a part of what every visitor downloads.
    pub fn format(self, format: &str) -> String {
        let Some(time) = chrono::DateTime::from_timestamp_millis(self.0) else { return self.0.to_string() };
        let mut parts = format.split('%');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (letters, rest) =
                part.split_at_checked(if part.starts_with('-') { 2 } else { 1 }).unwrap_or((part, ""));
            let (number, digits) = match letters {
                "Y" => (time.year(), 4),
                "y" => (time.year().rem_euclid(100), 2),
                "m" => (time.month() as i32, 2),
                "d" => (time.day() as i32, 2),
                "-d" => (time.day() as i32, 1),
                "H" => (time.hour() as i32, 2),
                "M" => (time.minute() as i32, 2),
                "S" => (time.second() as i32, 2),
                "f" => (self.0.rem_euclid(1000) as i32, 3),
                _ => {
                    text += if letters == "b" { MONTHS[time.month0() as usize] } else { letters };
                    text += rest;
                    continue;
                }
            };
            text += &format!("{number:0digits$}");
            text += rest;
        }
        text
    }
}

/// The numbers of a text that has a digit for each 0 of `shape`, and all else as `shape` has it.
fn numbers<const N: usize>(text: &str, shape: &str) -> Option<[u32; N]> {
    let (mut numbers, mut place) = ([0; N], 0);
    for (found, wanted) in text.bytes().zip(shape.bytes()) {
        match wanted {
            b'0' if found.is_ascii_digit() => numbers[place] = 10 * numbers[place] + u32::from(found - b'0'),
            mark if mark != b'0' && mark == found => place += 1,
            _ => return None,
        }
    }
    (text.len() == shape.len()).then_some(numbers)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// A UTC calendar day, counted from 1970-01-01; written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// The day's first instant, 00:00 UTC.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY_MS)
    }
    /// The day of a calendar date; `None` where there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        let date = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        Some(Day((date - chrono::NaiveDate::default()).num_days() as i32))
    }
    /// Reads `YYYY-MM-DD`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Day> {
        let [year, month, day] = numbers(text, "0000-00-00")?;
        Day::from_ymd(year as i32, month, day)
    }
    /// The following day.
    pub fn next(self) -> Day {
        Day(self.0 + 1)
    }
    /// Calendar year and month (1 to 12).
    pub fn year_month(self) -> (i32, u32) {
        let date = chrono::NaiveDate::default() + chrono::Duration::days(i64::from(self.0));
        (date.year(), date.month())
    }
    /// The last day of its calendar month.
    pub fn month_end(self) -> Day {
        let (year, month) = self.year_month();
        let next = if month == 12 { Day::from_ymd(year + 1, 1, 1) } else { Day::from_ymd(year, month + 1, 1) };
        next.map_or(self, |day| Day(day.0 - 1))
    }
    /// Monday is 0, Sunday is 6.
    pub fn weekday(self) -> u8 {
        (i64::from(self.0) + 3).rem_euclid(7) as u8
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.start().format("%Y-%m-%d"))
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Day, D::Error> {
        let text = String::deserialize(d)?;
        Day::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a date; write YYYY-MM-DD")))
    }
}

macro_rules! money {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);
        impl Add for $name { type Output = $name; fn add(self, o: $name) -> $name { $name(self.0 + o.0) } }
        impl Sub for $name { type Output = $name; fn sub(self, o: $name) -> $name { $name(self.0 - o.0) } }
        impl Neg for $name { type Output = $name; fn neg(self) -> $name { $name(-self.0) } }
        impl AddAssign for $name { fn add_assign(&mut self, o: $name) { self.0 += o.0 } }
        impl Mul<f64> for $name { type Output = $name; fn mul(self, k: f64) -> $name { $name(self.0 * k) } }
    };
}

money!(
    /// An amount of US dollars.
    Usd
);
money!(
    /// An amount of the underlying coin (for an equity: shares).
    Coin
);
money!(
    /// US dollars for one coin.
    Price
);

impl Mul<Price> for Coin {
    type Output = Usd;
    fn mul(self, price: Price) -> Usd {
        Usd(self.0 * price.0)
    }
}

impl Div<Price> for Usd {
    type Output = Coin;
    fn div(self, price: Price) -> Coin {
        Coin(self.0 / price.0)
    }
}

/// With two digits and separated thousands, `$1,234.50`.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:.2}", self.0.abs());
        let (whole, cents) = digits.split_once('.').unwrap_or((&digits, "00"));
        let grouped: Vec<&str> =
            whole.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
        let sign = if self.0 < 0.0 { "-" } else { "" };
        write!(f, "{sign}${}.{cents}", grouped.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_prints() {
        for (amount, text) in
            [(68_000.0, "$68,000.00"), (1_234_567.895, "$1,234,567.90"), (-5.5, "-$5.50"), (0.0, "$0.00")]
        {
            assert_eq!(Usd(amount).to_string(), text);
        }
    }

    #[test]
    fn instants_print_as_chrono_prints_them() {
        for ms in [0, -1, 951_782_399_999, 1_767_225_600_000, 1_783_000_000_123, 4_102_444_800_000, -62_135_596_800_000]
        {
            let time = chrono::DateTime::from_timestamp_millis(ms).expect("in chrono's years");
            for format in ["%Y-%m-%dT%H:%M:%S", "%-d %b", "%-d%b%y", "/%Y-%m", "%b %Y", "none", "%"] {
                let expected = if format == "%" { String::new() } else { time.format(format).to_string() };
                assert_eq!(Timestamp(ms).format(format), expected, "{ms} {format}");
            }
        }
        assert_eq!(Timestamp(-1).iso(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Timestamp(i64::MAX).iso(), i64::MAX.to_string());
    }

    #[test]
    fn days_read_and_print() {
        let day = Day::parse("2026-01-02").expect("a date");
        assert_eq!(day.to_string(), "2026-01-02");
        assert_eq!(day.weekday(), 4);
        assert_eq!(day.start().iso(), "2026-01-02T00:00:00Z");
        assert_eq!(Timestamp(-1).day().to_string(), "1969-12-31");
        let end = |text: &str| Day::parse(text).map(|day| day.month_end().to_string());
        assert_eq!((end("2024-02-03"), end("2025-12-31")), (Some("2024-02-29".into()), Some("2025-12-31".into())));
        assert_eq!(Day::parse("2026-02-30"), None);
        for text in ["26-2-3", "2026-1-002", "+026-01-02", "2026-01-2 ", "2026/01/02", "2026-01-02T", "2026-13-01", ""]
        {
            assert_eq!(Day::parse(text), None, "{text:?}");
        }
        let minute = |text: &str| Timestamp::parse_minute(text).map(Timestamp::iso);
        assert_eq!(minute("2024-02-29T23:59"), Some("2024-02-29T23:59:00Z".into()));
        for text in ["2026-02-29T00:00", "2026-01-02T24:00", "2026-01-02T00:60", "2026-01-02 00:00", "2026-01-02T0:00"]
        {
            assert_eq!(minute(text), None, "{text:?}");
        }
    }
}
