//! Treasury yields by day.

use crate::import::{ImportError, Report};
use crate::units::Day;
use std::io::Read;

/// Yearly yields by day, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yields {
    days: Vec<(Day, f64)>,
}

impl Yields {
    /// The newest yield of a day at or before `day`, a fraction a year with yearly compounding; `None` before the first.
    pub fn at(&self, day: Day) -> Option<f64> {
        let known = self.days.partition_point(|(known, _)| *known <= day);
        known.checked_sub(1).map(|i| self.days[i].1)
    }

    /// True where `day` is later than every yield.
    pub fn is_after(&self, day: Day) -> bool {
        self.days.last().is_some_and(|(last, _)| *last < day)
    }
}

/// Reads a CSV of `Date` and a column of yields in percent; days without one are passed over.
///
/// # Errors
/// The file lacks a column.
pub fn read_yields(reader: impl Read, file: &str, column: &str, report: &mut Report) -> Result<Yields, ImportError> {
    let mut rows = csv::Reader::from_reader(reader);
    let headers = rows.headers().map_err(|e| ImportError::format(file, e))?.clone();
    let find = |name: &str| {
        let missing = || ImportError::format(file, format!("found no column {name}, expected one"));
        headers.iter().position(|h| h.trim().eq_ignore_ascii_case(name)).ok_or_else(missing)
    };
    let (date, value) = (find("date")?, find(column)?);
    let mut days: Vec<(Day, f64)> = Vec::new();
    for record in rows.records() {
        let record = record.map_err(|e| ImportError::format(file, e))?;
        let line = record.position().map_or(0, |p| p.line());
        let field = |i: usize| record.get(i).unwrap_or_default().trim();
        if field(value).is_empty() {
            continue;
        }
        match (Day::parse(field(date)), field(value).parse::<f64>()) {
            (Some(day), Ok(percent)) if percent.abs() < 100.0 => days.push((day, percent / 100.0)),
            _ => report.error(file, line, "found no date with a yield in percent, expected both"),
        }
    }
    days.sort_by_key(|(day, _)| *day);
    days.dedup_by_key(|(day, _)| *day);
    Ok(Yields { days })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_known_yield_holds() {
        let csv = "Date,1 Mo,1 Yr\n2024-01-02,5.5,4.8\n2024-01-03,,\n2024-01-05,5.4,4.84\nx,1,2\n";
        let mut report = Report::default();
        let yields = read_yields(csv.as_bytes(), "made-up.csv", "1 Yr", &mut report).expect("yields");
        let day = |text: &str| Day::parse(text).expect("a date");
        assert_eq!(yields.at(day("2024-01-01")), None);
        assert_eq!(yields.at(day("2024-01-04")), Some(0.048));
        assert_eq!(yields.at(day("2024-02-01")), Some(0.0484));
        assert!(yields.is_after(day("2024-02-01")) && !yields.is_after(day("2024-01-05")));
        assert_eq!(report.errors[0].line, 5);
        assert!(read_yields(csv.as_bytes(), "made-up.csv", "2 Yr", &mut report).is_err());
    }
}
