//! A figure a day from a CSV: Treasury yields, or a volatility.

use crate::import::closes::written;
use crate::import::csv_map::{IvUnit, read_time};
use crate::import::{ImportError, Report};
use crate::units::Day;
use std::io::Read;

/// Figures by day, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayValues {
    days: Vec<(Day, f64)>,
}

impl DayValues {
    /// The newest figure of a day at or before `day`, with its day; `None` before the first.
    pub fn newest(&self, day: Day) -> Option<(Day, f64)> {
        let known = self.days.partition_point(|(known, _)| *known <= day);
        known.checked_sub(1).map(|i| self.days[i])
    }

    /// The newest figure of a day at or before `day`; `None` before the first.
    pub fn at(&self, day: Day) -> Option<f64> {
        self.newest(day).map(|(_, value)| value)
    }

    /// True where `day` is later than every figure.
    pub fn is_after(&self, day: Day) -> bool {
        self.days.last().is_some_and(|(last, _)| *last < day)
    }
}

/// Columns of a volatility series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolColumns {
    /// When the volatility was.
    pub time: String,
    /// How times are written, as `formats.time` of a mapping says.
    pub format: String,
    /// The volatility.
    pub value: String,
    /// Fractions, or percent: the points of an index.
    pub unit: IvUnit,
}

/// What is read, and which figures are any.
struct Wanted<'a> {
    time: &'a str,
    format: &'a str,
    value: &'a str,
    /// The figure of a number as written; `None` where it is none.
    figure: &'a dyn Fn(f64) -> Option<f64>,
    /// What a row must hold.
    right: &'a str,
}

/// Reads a CSV of `Date` and a column of yields in percent: fractions a year with yearly compounding. Days without one are passed over.
///
/// # Errors
/// The file lacks a column.
pub fn read_yields(reader: impl Read, file: &str, column: &str, report: &mut Report) -> Result<DayValues, ImportError> {
    let figure = |percent: f64| (percent.abs() < 100.0).then_some(percent / 100.0);
    let right = "found no date with a yield in percent, expected both";
    read_values(reader, file, &Wanted { time: "date", format: "auto", value: column, figure: &figure, right }, report)
}

/// Reads a CSV of a volatility: fractions a year, from 0.01 to 10. Of several rows a day the last counts.
///
/// # Errors
/// The file lacks a column.
pub fn read_vol(
    reader: impl Read,
    file: &str,
    columns: &VolColumns,
    report: &mut Report,
) -> Result<DayValues, ImportError> {
    let (one, right) = match columns.unit {
        IvUnit::Percent => (100.0, "found no time with a volatility of 1 to 1000 points, expected both"),
        IvUnit::Fraction => (1.0, "found no time with a volatility of .01 to 10, a fraction, expected both"),
    };
    let figure = |vol: f64| Some(vol / one).filter(|vol| (0.01..=10.0).contains(vol));
    let VolColumns { time, format, value, .. } = columns;
    read_values(reader, file, &Wanted { time, format, value, figure: &figure, right }, report)
}

fn read_values(
    reader: impl Read,
    file: &str,
    wanted: &Wanted<'_>,
    report: &mut Report,
) -> Result<DayValues, ImportError> {
    let mut rows = csv::Reader::from_reader(reader);
    let headers = rows.headers().map_err(|e| ImportError::format(file, e))?.clone();
    let find = |name: &str| {
        let missing = || ImportError::format(file, format!("found no column {name}, expected one"));
        headers.iter().position(|h| h.trim().eq_ignore_ascii_case(name.trim())).ok_or_else(missing)
    };
    let (time, value) = (find(wanted.time)?, find(wanted.value)?);
    let mut read = Vec::new();
    for record in rows.records() {
        let record = record.map_err(|e| ImportError::format(file, e))?;
        let line = record.position().map_or(0, |p| p.line());
        let field = |i: usize| record.get(i).unwrap_or_default().trim();
        // A full stop is how FRED writes a day without a figure.
        if matches!(field(value), "" | ".") {
            continue;
        }
        let Some(t) = read_time(field(time), wanted.format, "00:00") else {
            report.error(file, line, format!("found time {:?}, expected {}", field(time), written(wanted.format)));
            continue;
        };
        match field(value).parse::<f64>().ok().and_then(wanted.figure) {
            Some(figure) => read.push((t, figure)),
            None => report.error(file, line, wanted.right),
        }
    }
    read.sort_by_key(|(t, _)| *t);
    let mut days: Vec<(Day, f64)> = Vec::new();
    for (day, figure) in read.into_iter().map(|(t, figure)| (t.day(), figure)) {
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some(last) => last.1 = figure,
            None => days.push((day, figure)),
        }
    }
    Ok(DayValues { days })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a date")
    }

    #[test]
    fn the_newest_known_yield_holds() {
        let csv = "Date,1 Mo,1 Yr\n2024-01-02,5.5,4.8\n2024-01-03,,\n2024-01-05,5.4,4.84\nx,1,2\n";
        let mut report = Report::default();
        let yields = read_yields(csv.as_bytes(), "made-up.csv", "1 Yr", &mut report).expect("yields");
        assert_eq!(yields.at(day("2024-01-01")), None);
        assert_eq!(yields.at(day("2024-01-04")), Some(0.048));
        assert_eq!(yields.at(day("2024-02-01")), Some(0.0484));
        assert!(yields.is_after(day("2024-02-01")) && !yields.is_after(day("2024-01-05")));
        assert_eq!(report.errors[0].line, 5);
        assert!(read_yields(csv.as_bytes(), "made-up.csv", "2 Yr", &mut report).is_err());
    }

    #[test]
    fn a_volatility_is_read_in_its_unit() {
        let columns = |unit| VolColumns { time: "date".into(), format: "auto".into(), value: "GVZCLS".into(), unit };
        let csv = "date,GVZCLS\n2024-01-02 08:00,20\n2024-01-02 16:00,21\n2024-01-03,.\n2024-01-04,0.2\n";
        let mut report = Report::default();
        let points =
            read_vol(csv.as_bytes(), "made-up.csv", &columns(IvUnit::Percent), &mut report).expect("a volatility");
        assert_eq!(points.newest(day("2024-01-09")), Some((day("2024-01-02"), 0.21)), "the last of its day");
        let refused = "made-up.csv:5: found no time with a volatility of 1 to 1000 points, expected both";
        assert_eq!(report.errors[0].to_string(), refused);
        let fractions =
            read_vol(csv.as_bytes(), "made-up.csv", &columns(IvUnit::Fraction), &mut report).expect("a volatility");
        assert_eq!(fractions.newest(day("2024-01-09")), Some((day("2024-01-04"), 0.2)));
    }
}
