//! Daily bars from an hourly or daily price series, and delivery prices by date.

use super::csv_map::read_time;
use super::{ImportError, Report, column};
use crate::market::catalog::DailyBar;
use crate::units::{DAY_MS, Day, HOUR_MS, Timestamp};
use std::collections::BTreeMap;
use std::io::Read;

/// Days of bars before the first snapshot: 200 for the longest mean, and some.
pub const WARM_UP_DAYS: i32 = 212;

/// A day's bar as it grows, with the time of its newest part.
struct Growing {
    bar: DailyBar,
    newest: Timestamp,
}

/// Columns of a price series, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarColumns {
    /// When the price was.
    pub time: String,
    /// How times are written, as `formats.time` of a mapping says.
    pub format: String,
    /// Price at the begin; `None` = the close.
    pub open: Option<String>,
    /// Highest price; `None` = the higher of open and close.
    pub high: Option<String>,
    /// Lowest price; `None` = the lower of open and close.
    pub low: Option<String>,
    /// Price at the end.
    pub close: String,
}

impl BarColumns {
    /// The columns under their usual names, ISO times; open, high and low are all there or none of them.
    pub(super) fn usual(headers: &csv::StringRecord, file: &str) -> Result<BarColumns, ImportError> {
        let column = |names: &[&str]| {
            let found = headers.iter().find(|h| names.iter().any(|n| h.trim().eq_ignore_ascii_case(n)));
            let missing = || ImportError::format(file, format!("found no column {}, expected one", names[0]));
            found.map(str::to_owned).ok_or_else(missing)
        };
        let time = column(&["ts", "time", "timestamp", "date"])?;
        let close = column(&["close", "adjclose"])?;
        let [open, high, low] = ["open", "high", "low"].map(|name| column(&[name]));
        let format = "auto".into();
        if open.is_err() && high.is_err() && low.is_err() {
            return Ok(BarColumns { time, format, open: None, high: None, low: None, close });
        }
        Ok(BarColumns { time, format, open: Some(open?), high: Some(high?), low: Some(low?), close })
    }
}

/// Reads `ts|date|time, open, high, low, close` rows into daily bars from `first` through `last`.
///
/// A file with closes alone is read with each row's close in place of the three, which is noted by row.
/// A day's close is the close of its last bar: the 23:00 one of an hourly series; a day without it is counted.
///
/// # Errors
/// The file lacks a column.
pub fn daily_bars(
    reader: impl Read,
    file: &str,
    days: (Day, Day),
    report: &mut Report,
) -> Result<Vec<DailyBar>, ImportError> {
    let mut rows = csv::Reader::from_reader(reader);
    let headers = rows.headers().map_err(|e| ImportError::format(file, e))?.clone();
    read_bars(rows, file, &BarColumns::usual(&headers, file)?, days, report)
}

/// The same of a file whose columns are named.
///
/// # Errors
/// The file lacks a column.
pub fn named_bars(
    reader: impl Read,
    file: &str,
    columns: &BarColumns,
    days: (Day, Day),
    report: &mut Report,
) -> Result<Vec<DailyBar>, ImportError> {
    read_bars(csv::Reader::from_reader(reader), file, columns, days, report)
}

fn read_bars(
    mut rows: csv::Reader<impl Read>,
    file: &str,
    columns: &BarColumns,
    (first, last): (Day, Day),
    report: &mut Report,
) -> Result<Vec<DailyBar>, ImportError> {
    let headers = rows.headers().map_err(|e| ImportError::format(file, e))?.clone();
    let place = |name: &str| column(&headers, name.trim(), file);
    let maybe = |name: &Option<String>| name.as_deref().map(place).transpose();
    let (time, close) = (place(&columns.time)?, place(&columns.close)?);
    let [open, high, low] = [maybe(&columns.open)?, maybe(&columns.high)?, maybe(&columns.low)?];
    let is_close_only = open.is_none() && high.is_none() && low.is_none();
    let mut days: BTreeMap<Day, Growing> = BTreeMap::new();
    for record in rows.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                report.error(file, e.position().map_or(0, |p| p.line()), e);
                continue;
            }
        };
        let line = record.position().map_or(0, |p| p.line());
        let field = |i: usize| record.get(i).unwrap_or_default().trim();
        let Some(t) = read_time(field(time), &columns.format, "00:00") else {
            report.error(file, line, format!("found time {:?}, expected {}", field(time), written(&columns.format)));
            continue;
        };
        if t.day() < first || t.day() > last {
            continue;
        }
        let price = |i: usize| field(i).parse::<f64>().ok().filter(|p| *p > 0.0 && p.is_finite());
        let bar = || {
            let close = price(close)?;
            let open = open.map_or(Some(close), price)?;
            let high = high.map_or(Some(open.max(close)), price)?;
            let low = low.map_or(Some(open.min(close)), price)?;
            (low <= high).then_some(DailyBar { date: t.day(), open, high, low, close })
        };
        match bar() {
            Some(bar) => {
                report.note("row of a price series with a close alone", u64::from(is_close_only));
                grow(&mut days, t, bar);
            }
            None if is_close_only => report.error(file, line, "found no positive price, expected a close"),
            None => report.error(file, line, "found no four positive prices, expected open, high, low and close"),
        }
    }
    note_short_days(&days, report);
    Ok(days.into_values().map(|day| day.bar).collect())
}

/// A format of times for people.
pub(super) fn written(format: &str) -> &str {
    match format {
        "auto" => "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS",
        "unix_s" => "seconds since 1970",
        "unix_ms" => "milliseconds since 1970",
        "unix_us" => "microseconds since 1970",
        pattern => pattern,
    }
}

fn grow(days: &mut BTreeMap<Day, Growing>, t: Timestamp, part: DailyBar) {
    let Some(day) = days.get_mut(&part.date) else {
        days.insert(part.date, Growing { bar: part, newest: t });
        return;
    };
    day.bar.high = day.bar.high.max(part.high);
    day.bar.low = day.bar.low.min(part.low);
    if t >= day.newest {
        day.bar.close = part.close;
        day.newest = t;
    }
}

/// Notes days of an hourly series that end before 23:00, and days without any bar.
fn note_short_days(days: &BTreeMap<Day, Growing>, report: &mut Report) {
    let is_hourly = days.values().any(|d| d.newest != d.bar.date.start());
    let is_short = |d: &&Growing| d.newest < d.bar.date.start().plus_ms(DAY_MS - HOUR_MS);
    if is_hourly {
        let short = days.values().filter(is_short).count();
        report.note("day without its 23:00 bar, closed by the last bar present", short as u64);
    }
    if let (Some(first), Some(last)) = (days.keys().next(), days.keys().next_back()) {
        let span = i64::from(last.0 - first.0) + 1;
        report.note("day without any bar in the price series", (span - days.len() as i64).max(0) as u64);
    }
}

/// Reads `YYYY-MM-DD`, or with a time of day and an offset of zero (`+00:00`, `Z` or none).
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(day) = Day::parse(text) {
        return Some(day.start());
    }
    let day = Day::parse(text.get(..10)?)?;
    let clock = text.get(11..)?.trim_end_matches('Z').trim_end_matches("+00:00").trim_end_matches(" UTC");
    let is_separated = matches!(text.as_bytes().get(10), Some(b' ' | b'T'));
    is_separated.then(|| parse_clock(clock))?.map(|ms| day.start().plus_ms(ms))
}

/// Reads `HH:MM`, `HH:MM:SS` or with a fraction, as milliseconds after midnight.
pub fn parse_clock(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':').map(|p| (p.len() == 2).then(|| p.parse::<u32>().ok()).flatten());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    let is_clock = parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60;
    let is_digits = fraction.bytes().all(|b| b.is_ascii_digit());
    let ms: u32 = if fraction.is_empty() { 0 } else { format!("{fraction:0<3}").get(..3)?.parse().ok()? };
    let whole = i64::from(hours * 3600 + minutes * 60 + seconds) * 1000;
    (is_clock && is_digits).then_some(whole + i64::from(ms))
}

/// Reads `date, ccy, price` rows of one currency within `first` through `last`; a file without `ccy` is all of it.
///
/// The price is in the column `delivery_proxy`, `delivery_price`, `delivery` or `price`.
pub fn delivery_prices(
    reader: impl Read,
    file: &str,
    underlying: &str,
    (first, last): (Day, Day),
    report: &mut Report,
) -> Result<BTreeMap<Day, f64>, ImportError> {
    let mut rows = csv::Reader::from_reader(reader);
    let headers = rows.headers().map_err(|e| ImportError::format(file, e))?.clone();
    let find = |names: &[&str]| headers.iter().position(|h| names.contains(&h.trim()));
    let missing = |name: &str| ImportError::format(file, format!("found no column {name}, expected one"));
    let date = find(&["date"]).ok_or_else(|| missing("date"))?;
    let price =
        find(&["delivery_proxy", "delivery_price", "delivery", "price"]).ok_or_else(|| missing("delivery_price"))?;
    let currency = find(&["ccy", "currency", "underlying"]);
    let mut prices = BTreeMap::new();
    for record in rows.records() {
        let record = record.map_err(|e| ImportError::format(file, e))?;
        let line = record.position().map_or(0, |p| p.line());
        let field = |i: usize| record.get(i).unwrap_or_default().trim();
        if currency.is_some_and(|i| field(i) != underlying) {
            continue;
        }
        match (Day::parse(field(date)), field(price).parse::<f64>()) {
            (Some(day), Ok(price)) if price > 0.0 && price.is_finite() => {
                if day >= first && day <= last {
                    prices.insert(day, price);
                }
            }
            _ => report.error(file, line, "found no date with a positive price, expected both"),
        }
    }
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_in_utc() {
        for (text, iso) in [
            ("2026-01-02", "2026-01-02T00:00:00Z"),
            ("2026-01-02 03:04:05+00:00", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05.678912Z", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T03:04", "2026-01-02T03:04:00Z"),
        ] {
            assert_eq!(parse_time(text).map(Timestamp::iso).as_deref(), Some(iso), "{text}");
        }
        for bad in ["", "2026-13-01", "2026-01-02 25:00", "2026-01-02 03:04:05+02:00", "02/01/2026", "2026-01-02x03:04"]
        {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn closes_alone_are_bars_without_a_range() {
        let days = (Day::parse("2026-01-01").expect("day"), Day::parse("2026-01-31").expect("day"));
        let mut report = Report::default();
        let bars =
            daily_bars(&b"date,close\n2026-01-01,5\n2026-01-02,6\n"[..], "c.csv", days, &mut report).expect("bars");
        assert_eq!((bars.len(), bars[1].low, bars[1].close), (2, 6.0, 6.0));
        assert_eq!(report.notes["row of a price series with a close alone"], 2);
        let refused = daily_bars(&b"date,close,high\n"[..], "c.csv", days, &mut report).expect_err("no open");
        assert_eq!(refused.to_string(), "c.csv: found no column open, expected one");
    }

    #[test]
    fn a_day_closes_with_its_last_bar() {
        let csv = "ts,open,high,low,close,volume\n2026-01-01 22:00:00+00:00,1,2,1,2,0\n2026-01-01 23:00:00+00:00,2,4,2,3,0\n\
                   2026-01-02 00:00:00+00:00,3,5,0.5,4,0\n2026-01-03 00:00:00+00:00,3,x,3,4,0\n";
        let days = (Day::parse("2026-01-01").expect("day"), Day::parse("2026-01-31").expect("day"));
        let mut report = Report::default();
        let bars = daily_bars(csv.as_bytes(), "made-up.csv", days, &mut report).expect("bars");
        assert_eq!(bars.len(), 2);
        assert_eq!([bars[0].open, bars[0].high, bars[0].low, bars[0].close], [1.0, 4.0, 1.0, 3.0]);
        assert_eq!(report.notes["day without its 23:00 bar, closed by the last bar present"], 1);
        assert_eq!(report.errors[0].line, 5);
    }
}
