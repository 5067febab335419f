//! The head of a CSV, and what its values can be.

use super::super::ImportError;
use super::super::csv_map::{read_time, written_year};
use super::super::deribit_summary::figure;
use crate::units::Timestamp;
use std::io::Read;

/// Rows that a guess looks at.
pub const SAMPLE_ROWS: usize = 2_000;
/// Ways to write a time, in the order of trial.
const TIMES: [&str; 9] =
    ["auto", "unix_s", "unix_ms", "unix_us", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y"];

/// The head of a file.
pub(super) struct Sample {
    pub(super) headers: Vec<String>,
    /// The same, plain.
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<csv::StringRecord>,
}

impl Sample {
    pub(super) fn read(reader: impl Read, file: &str) -> Result<Sample, ImportError> {
        let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(reader);
        let headers: Vec<String> =
            csv.headers().map_err(|e| ImportError::format(file, e))?.iter().map(str::to_string).collect();
        let rows: Vec<csv::StringRecord> = csv.records().flatten().take(SAMPLE_ROWS).collect();
        if rows.is_empty() {
            return Err(ImportError::format(file, "found no row, expected some to guess from"));
        }
        let names = headers.iter().map(|h| plain(h)).collect();
        Ok(Sample { headers, names, rows })
    }

    /// The filled fields of a column.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).filter(|text| !text.is_empty())
    }

    /// True where the column has values and four of five pass: a file may have rows that cannot be read.
    pub(super) fn most(&self, column: usize, passes: impl Fn(&str) -> bool) -> bool {
        let (all, passed) = (self.values(column).count(), self.values(column).filter(|text| passes(text)).count());
        all > 0 && 5 * passed >= 4 * all
    }

    pub(super) fn numbers(&self, column: usize) -> Vec<f64> {
        self.values(column).filter_map(|text| text.parse().ok()).collect()
    }

    /// The format in which the values of the column are times of the years 1970 to 2100; numbers of seconds, of 2000 to 2100, since small ones
    /// are anything.
    pub(super) fn time_format(&self, column: usize) -> Option<&'static str> {
        let is_time = |text: &str, format: &str| {
            let first = if format.starts_with("unix") { 2000 } else { 1970 };
            let year = |t: Timestamp| t.day().year_month().0;
            read_time(text, format, "00:00").is_some_and(|t| (first..2100).contains(&year(t)))
        };
        TIMES.into_iter().find(|format| self.most(column, |text| is_time(text, format)))
    }

    /// What is said of a file whose times are of years that it cannot have; `None` of any other.
    pub(super) fn other_years(&self) -> Option<String> {
        let years = |column: usize, format: &str| {
            let year = |text: &str| written_year(text, format).filter(|year| (1000..3000).contains(year));
            let is_dated = self.most(column, |text| year(text).is_some());
            is_dated.then(|| self.values(column).filter_map(year).fold((i32::MAX, 0), |(a, b), y| (a.min(y), b.max(y))))
        };
        let of_column = |column: usize| {
            let (first, last) = TIMES.iter().filter(|f| !f.starts_with("unix")).find_map(|f| years(column, f))?;
            let years = if first == last { format!("year {first}") } else { format!("years {first} to {last}") };
            Some(format!(
                "found {years} in the first rows of {}, expected 1970 to 2099; leave out the rows of other years",
                self.headers[column]
            ))
        };
        (0..self.headers.len()).filter(|column| self.time_format(*column).is_none()).find_map(of_column)
    }

    /// Whether the column's values can be those of a field.
    pub(super) fn fits(&self, field: &str, column: usize) -> bool {
        let is_figure = |text: &str| figure("", text).is_ok();
        match field {
            "time" | "expiry" => self.time_format(column).is_some(),
            "kind" => self.most(column, |text| kind_of(text).is_some()),
            "strike" | "underlying_price" => {
                self.most(column, |t| t.parse::<f64>().is_ok_and(|v| v > 0.0 && v.is_finite()))
            }
            _ => self.most(column, is_figure),
        }
    }
}

/// Lower case, brackets off, anything else than letters and digits an underscore.
pub(super) fn plain(header: &str) -> String {
    let lower = header.trim().trim_matches(['[', ']']).to_lowercase();
    lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// `Some(true)` of a call, `Some(false)` of a put.
pub(super) fn kind_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "c" | "call" | "calls" => Some(true),
        "p" | "put" | "puts" => Some(false),
        _ => None,
    }
}
