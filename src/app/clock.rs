//! The visitor's own clock, beside the page's UTC.

use crate::display::format::{self, minute};
use crate::units::Timestamp;
use crate::web::{page, task};

/// An instant, ms UTC, by the visitor's clock, `01:00 on 2026-07-01 your time`; empty where that is UTC.
pub fn your_time(at: i64) -> String {
    format::your_time(Timestamp(at), page::minutes_ahead(at))
}

/// The same in a table, behind the UTC time.
pub fn your_clock(at: i64) -> String {
    format::your_clock(Timestamp(at), page::minutes_ahead(at))
}

/// The same behind a UTC minute that is text, `2026-01-05 08:00`; empty for other words.
pub fn your_clock_beside(minute: &str) -> String {
    Timestamp::parse_minute(&minute.replace(' ', "T")).map_or_else(String::new, |time| your_clock(time.0))
}

/// An instant, ms UTC, in UTC, and behind it by the visitor's clock where that differs.
pub fn utc_and_yours(at: i64) -> String {
    let yours = your_time(at);
    let apart = if yours.is_empty() { "" } else { " · " };
    format!("{} UTC{apart}{yours}", minute(Timestamp(at)))
}

/// Words that end in a UTC minute, such as when something failed, with the visitor's clock behind it; others as they are.
pub fn and_yours(words: &str) -> String {
    let begin = words.len().saturating_sub("2026-01-05 08:00".len());
    let time = words.get(begin..).and_then(|minute| Timestamp::parse_minute(&minute.replace(' ', "T")));
    time.map_or_else(|| words.to_owned(), |time| format!("{}{}", &words[..begin], utc_and_yours(time.0)))
}

/// A time of every day, `08:00` in UTC, by the visitor's clock of today: `now 13:30 yours`; empty where that is UTC, and for other words.
pub fn your_daily(time: &str) -> String {
    let today = Timestamp(task::wall_ms()).day();
    let yours = your_clock_beside(&format!("{today} {time}"));
    match yours.split_once(' ') {
        None if yours.is_empty() => yours,
        None => format!("now {yours} yours"),
        Some((time, apart)) => {
            format!("now {time} yours, the day {}", if apart == "+1 d" { "after" } else { "before" })
        }
    }
}

/// Words with times of every day, `08:00 UTC`, and behind each the visitor's; others as they are.
pub fn daily_and_yours(words: String) -> String {
    let mut parts = words.split(" UTC");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |before, after| {
        let yours = your_daily(before.rsplit(' ').next().unwrap_or_default());
        let beside = if yours.is_empty() { yours } else { format!(" ({yours})") };
        format!("{before} UTC{beside}{after}")
    })
}
