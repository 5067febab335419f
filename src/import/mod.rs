//! Importers: what users bring becomes raw snapshots, with errors by line and a count of everything left out.
//!
//! Readers take bytes, so the page and the command line share them; only the command line opens files.

pub mod append;
pub mod board;
pub mod bounds;
pub mod check;
pub mod closes;
pub mod csv_map;
pub mod csv_rows;
pub mod csv_guess;
pub mod deribit_api;
pub mod deribit_months;
pub mod deribit_summary;
pub mod fit;
pub mod folder;
pub mod job;
pub mod long;
pub mod open;
pub mod optionsdx;
pub mod pack_writer;
pub mod rows;
pub mod tardis;
pub mod thin;

use std::collections::BTreeMap;
use std::fmt;

/// Row errors that a report keeps word for word; more are only counted.
const KEPT_ERRORS: usize = 20;

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The file.
    pub file: String,
    /// Its line, from 1; in JSON the snapshot's number.
    pub line: u64,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// What was kept and what was dropped and why; nothing is dropped silently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Options that were kept.
    pub kept: u64,
    /// Rows that were dropped, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Figures that were changed or derived on the way, by reason.
    pub notes: BTreeMap<String, u64>,
    /// The first rows that could not be read, of each file by line.
    pub errors: Vec<RowError>,
}

impl Report {
    /// Counts `n` dropped rows.
    pub fn drop_rows(&mut self, reason: &str, n: u64) {
        if n > 0 {
            *self.dropped.entry(reason.to_string()).or_default() += n;
        }
    }

    /// Counts `n` figures that were changed or derived.
    pub fn note(&mut self, what: &str, n: u64) {
        if n > 0 {
            *self.notes.entry(what.to_string()).or_default() += n;
        }
    }

    /// Counts a row that cannot be read, and keeps its error in its place among the file's while it is one of the first.
    pub fn error(&mut self, file: &str, line: u64, message: impl ToString) {
        self.drop_rows("unreadable row", 1);
        let later = self.errors.iter().position(|e| e.file == file && e.line > line);
        let after = || self.errors.iter().rposition(|e| e.file == file).map(|last| last + 1);
        let place = later.or_else(after).unwrap_or(self.errors.len());
        if place < KEPT_ERRORS {
            self.errors.insert(place, RowError { file: file.to_string(), line, message: message.to_string() });
            self.errors.truncate(KEPT_ERRORS);
        }
    }

    /// The refusal of an import without a snapshot, with what became of its rows in the same line.
    pub fn nothing_kept(&self) -> String {
        let counts = self.dropped.iter().map(|(reason, n)| format!("{n} {reason}"));
        let reasons: Vec<String> = counts.chain(self.errors.first().map(|e| format!("first {e}"))).collect();
        let dropped = if reasons.is_empty() { String::new() } else { format!("; dropped: {}", reasons.join(", ")) };
        format!("{}{dropped}", ImportError::Empty)
    }

    /// All dropped rows.
    pub fn dropped_rows(&self) -> u64 {
        self.dropped.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kept {} options, dropped {} rows", self.kept, self.dropped_rows())?;
        for (reason, n) in &self.dropped {
            write!(f, "\n  dropped {n}: {reason}")?;
        }
        for (what, n) in &self.notes {
            write!(f, "\n  note {n}: {what}")?;
        }
        for error in &self.errors {
            write!(f, "\n  {error}")?;
        }
        Ok(())
    }
}

/// The place of a column by its name.
///
/// # Errors
/// The file, and the column it lacks.
fn column(headers: &csv::StringRecord, name: &str, file: &str) -> Result<usize, ImportError> {
    let missing = || ImportError::format(file, format!("found no column {name}, expected one"));
    headers.iter().position(|h| h.trim() == name).ok_or_else(missing)
}

/// Why an import ends without a dataset.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// A file is not of the announced format.
    #[error("{file}: {message}")]
    Format {
        /// The file.
        file: String,
        /// What was found and what was expected.
        message: String,
    },
    /// A setting that the format does not know.
    #[error("{0}")]
    Setting(String),
    /// Rows that were to come in time order do not.
    #[error("found rows that are not in time order, expected each snapshot's rows together")]
    Unordered,
    /// Nothing is left to write.
    #[error("found no snapshot to keep, expected at least one")]
    Empty,
    /// A snapshot that was put together breaks an invariant.
    #[error("snapshot {time}: {message}")]
    Snapshot {
        /// The snapshot.
        time: crate::units::Timestamp,
        /// Field, found, expected.
        message: String,
    },
    /// The dataset's header cannot be right.
    #[error(transparent)]
    Dataset(#[from] crate::market::CatalogError),
}

impl ImportError {
    /// A file that is not of the announced format.
    pub fn format(file: &str, message: impl ToString) -> ImportError {
        ImportError::Format { file: file.to_string(), message: message.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_errors_of_a_file_are_kept_by_line() {
        let mut report = Report::default();
        for line in (1..=25).rev() {
            report.error("a", line, "found x");
        }
        report.error("b", 1, "found x");
        let lines: Vec<u64> = report.errors.iter().map(|e| e.line).collect();
        assert_eq!(lines, (1..=KEPT_ERRORS as u64).collect::<Vec<_>>());
        assert_eq!(report.dropped["unreadable row"], 26);
    }
}
