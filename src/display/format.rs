//! Numbers to text: grouped digits, a real minus sign, and an en dash for what is absent.

use crate::json;
use crate::units::Timestamp;

/// What stands for an absent figure.
pub const ABSENT: &str = "–";
const MINUS: &str = "\u{2212}";

/// A number with grouped digits and a fixed count of decimals; what rounds to zero carries no sign.
pub fn number(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let negative = value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(digits.len() + 6);
    if negative {
        text.push_str(MINUS);
    }
    for (i, c) in whole.char_indices() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// The same with a plus sign before what is above zero.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let above = value > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if above { format!("+{text}") } else { text }
}

/// Whole dollars with the sign in front, `−$1,234`; cents below 100.
pub fn usd(value: f64) -> String {
    with_dollar(number(value, usd_decimals(value)))
}

/// A tick of an axis in USD, `$70k`; `decimals` are what neighbouring ticks need.
pub fn usd_axis(value: f64, decimals: usize) -> String {
    if value == 0.0 {
        return "$0".into();
    }
    if value.abs() >= 1000.0 {
        let decimals = if decimals > 0 { 2 } else { usize::from(value % 1000.0 != 0.0) };
        format!("{}k", with_dollar(number(value / 1000.0, decimals)))
    } else {
        with_dollar(number(value, decimals))
    }
}

/// Dollars with a plus or a minus.
pub fn usd_signed(value: f64) -> String {
    with_dollar(signed(value, usd_decimals(value)))
}

fn usd_decimals(value: f64) -> usize {
    if value.abs() < 100.0 { 2 } else { 0 }
}

/// A number as dollars, the sign in front: `−1.5` -> `−$1.5`.
pub fn with_dollar(text: String) -> String {
    let at = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    format!("{}${}", &text[..at], &text[at..])
}

/// A share of one as percent, `0.3712` -> `37.1 %`.
pub fn percent(value: f64, decimals: usize) -> String {
    format!("{} %", number(value * 100.0, decimals))
}

/// The same with a sign.
pub fn percent_signed(value: f64, decimals: usize) -> String {
    format!("{} %", signed(value * 100.0, decimals))
}

/// A figure, or an en dash where it is absent.
pub fn or_dash(value: Option<f64>, show: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| ABSENT.to_owned(), show)
}

/// Upper case first, full stop last; the name of a file keeps its letters.
pub fn sentence(text: &str) -> String {
    let is_file =
        text.split_whitespace().next().is_some_and(|word| word.trim_end_matches(['.', ':']).contains(['/', '.']));
    let mut letters = text.chars();
    let upper = |c: char| if is_file { c.to_string() } else { c.to_uppercase().collect() };
    let first: String = letters.next().map(upper).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Lower case first, for words that go on within a sentence.
pub fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A text in pieces, and within which of them no line is to be broken: a word with figures and hyphens, such as a day, and a number with
/// its unit.
pub fn pieces(text: &str) -> Vec<(&str, bool)> {
    let is_hyphened = |word: &str| word.len() <= 32 && word.contains('-') && word.bytes().any(|b| b.is_ascii_digit());
    let is_unit = |word: &str| {
        let word = word.trim_end_matches(|c| ".,;:)".contains(c));
        ["%", "h", "d", "min"].contains(&word)
            || (!word.is_empty() && word.len() < 5 && word.bytes().all(|b| b.is_ascii_uppercase()))
    };
    let (mut pieces, mut from, mut at) = (Vec::new(), 0, 0);
    while at < text.len() {
        let word_at = |at: usize| text[at..].split(' ').next().unwrap_or_default();
        let mut end = at + word_at(at).len();
        let is_with_unit =
            text[..end].ends_with(|c: char| c.is_ascii_digit()) && end < text.len() && is_unit(word_at(end + 1));
        if is_with_unit {
            end += 1 + word_at(end + 1).len();
        }
        if is_with_unit || is_hyphened(&text[at..end]) {
            pieces.extend([(&text[from..at], false), (&text[at..end], true)]);
            from = end;
        }
        at = end + 1;
    }
    pieces.push((&text[from..], false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// A count with grouped digits.
pub fn count(value: usize) -> String {
    number(value as f64, 0)
}

/// The shortest decimal text of a number that a person would type, at most 12 significant digits.
pub fn plain(value: f64) -> String {
    let rounded = json::number(&format!("{value:.11e}")).unwrap_or(value);
    rounded.to_string()
}

/// A size in bytes, `1.4 MB`.
pub fn bytes(value: u64) -> String {
    match value {
        0..1_000 => format!("{value} B"),
        1_000..1_000_000 => format!("{} kB", number(value as f64 / 1e3, 0)),
        1_000_000..1_000_000_000 => format!("{} MB", number(value as f64 / 1e6, 1)),
        _ => format!("{} GB", number(value as f64 / 1e9, 1)),
    }
}

/// A length of time, `4 s`, `1 min 20 s`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).ceil() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// An instant to the minute, `2026-01-05 08:00`.
pub fn minute(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M")
}

/// An instant on a clock that is this many minutes ahead of UTC, as it stands beside the UTC one: `01:00 on 2026-07-01 your time`; empty where the
/// clocks agree.
pub fn your_time(time: Timestamp, ahead_minutes: i32) -> String {
    if ahead_minutes == 0 {
        return String::new();
    }
    let local = time.plus_ms(i64::from(ahead_minutes) * 60_000);
    let is_same_day = local.day() == time.day();
    format!("{} your time", local.format(if is_same_day { "%H:%M" } else { "%H:%M on %Y-%m-%d" }))
}

/// The same in a table, behind the UTC time: `10:00`, and `01:00 +1 d` on the next day; empty where the clocks agree.
pub fn your_clock(time: Timestamp, ahead_minutes: i32) -> String {
    if ahead_minutes == 0 {
        return String::new();
    }
    let local = time.plus_ms(i64::from(ahead_minutes) * 60_000);
    let apart = match local.day().0 - time.day().0 {
        0 => "",
        days if days > 0 => " +1 d",
        _ => " −1 d",
    };
    format!("{}{apart}", local.format("%H:%M"))
}

/// A day as it stands in sentences, tables and fields, `2026-01-05`.
pub fn day(time: Timestamp) -> String {
    time.day().to_string()
}

/// Days in words of one letter, `6.7 d`.
pub fn days(value: f64) -> String {
    format!("{} d", number(value, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visitors_clock_stands_beside_utc() {
        let late = Timestamp::parse_minute("2026-06-30T23:00").expect("a minute");
        assert_eq!(your_time(late, 120), "01:00 on 2026-07-01 your time");
        assert_eq!(your_time(late, -270), "18:30 your time");
        assert_eq!(your_time(late, 0), "");
        assert_eq!(
            [120, -270, -24 * 60, 0].map(|ahead| your_clock(late, ahead)),
            ["01:00 +1 d", "18:30", "23:00 −1 d", ""]
        );
    }

    #[test]
    fn days_and_numbers_with_their_unit_stay_on_a_line() {
        let rows: [(&str, &[(&str, bool)]); 4] = [
            ("", &[]),
            ("in a word", &[("in a word", false)]),
            (
                "2026-02-07: +4.30 %; on 7 days",
                &[("2026-02-07:", true), (" ", false), ("+4.30 %;", true), (" on 7 days", false)],
            ),
            ("to 1.0 BTC on 2026-02-07.", &[("to ", false), ("1.0 BTC", true), (" on ", false), ("2026-02-07.", true)]),
        ];
        for (text, expected) in rows {
            assert_eq!(pieces(text), expected);
        }
    }

    #[test]
    fn numbers_read_like_numbers() {
        let rows = [
            (number(1_234_567.891, 2), "1,234,567.89"),
            (number(-0.004, 2), "0.00"),
            (number(-1_000.0, 0), "−1,000"),
            (signed(0.0, 3), "0.000"),
            (signed(12.5, 1), "+12.5"),
            (usd(-1_234.4), "−$1,234"),
            (usd_signed(12.0), "+$12.00"),
            (usd_axis(70_000.0, 0), "$70k"),
            (usd_axis(-2_500.0, 0), "−$2.5k"),
            (usd_axis(450.0, 0), "$450"),
            (usd_axis(0.5, 1), "$0.5"),
            (usd_axis(0.0, 0), "$0"),
            (percent(0.371, 1), "37.1 %"),
            (percent_signed(-0.02, 1), "−2.0 %"),
            (or_dash(None, |x| number(x, 1)), "–"),
            (bytes(1_440_000), "1.4 MB"),
            (bytes(2_000_000_000), "2.0 GB"),
            (sentence("the storage failed: disk."), "The storage failed: disk."),
            (sentence("stopped."), "Stopped."),
            (sentence("btc-2026/2026-03.json cannot be fetched"), "btc-2026/2026-03.json cannot be fetched."),
            (sentence("quotes.csv: nothing is in it"), "quotes.csv: nothing is in it."),
            (duration(80.2), "1 min 21 s"),
            (plain(0.1 + 0.2), "0.3"),
            (plain(7.0), "7"),
        ];
        for (found, expected) in rows {
            assert_eq!(found, expected);
        }
    }
}
