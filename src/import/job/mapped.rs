//! A generic CSV: in time order it is written as it is read, else it is collected whole.

use super::{Inputs, Out, Plan, Writing, collected};
use crate::import::board::{Board, Row};
use crate::import::csv_map::CsvMap;
use crate::import::pack_writer::PackWriter;
use crate::import::{ImportError, Report, csv_rows};
use crate::market::catalog::Dataset;
use crate::units::Timestamp;

pub(super) fn mapped(
    plan: &Plan,
    map: &CsvMap,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let mut header = map.header();
    if let Some(id) = &plan.id {
        header.id.clone_from(id);
    }
    let begun = report.clone();
    match in_order(header.clone(), map, inputs, out, report) {
        Err(ImportError::Unordered) => {}
        ended => return ended,
    }
    out.forget();
    *report = begun;
    let most = out.most_collected();
    let mut rows = Bounded { board: csv_rows::board(map), left: most, most };
    for (reader, file) in inputs.readers() {
        csv_rows::read(reader?, file, map, &mut rows, report)?;
    }
    let mut board = rows.board;
    header.delivery = std::mem::take(&mut board.delivery);
    let snapshots = board.finish(report);
    collected(header, snapshots, inputs, out, report)
}

/// Reads rows that come in time order, in the memory of one pack.
///
/// # Errors
/// [`ImportError::Unordered`] at the first row that comes too late for its snapshot.
fn in_order(
    header: Dataset,
    map: &CsvMap,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let writing = Writing { writer: PackWriter::new(header), out };
    let mut rows = Ordered { board: csv_rows::board(map), newest: Timestamp(i64::MIN), writing };
    for (reader, file) in inputs.readers() {
        csv_rows::read(reader?, file, map, &mut rows, report)?;
    }
    rows.write(report)?;
    rows.writing.writer.header_mut().delivery = std::mem::take(&mut rows.board.delivery);
    rows.writing.finish(inputs, report)
}

/// Rows in any order, all of them in memory.
struct Bounded {
    board: Board,
    left: u64,
    most: u64,
}

impl csv_rows::Rows for Bounded {
    fn take(&mut self, row: Row, report: &mut Report) -> Result<(), ImportError> {
        self.left = self.left.checked_sub(1).ok_or_else(|| too_many(self.most))?;
        self.board.add(row, report);
        Ok(())
    }
}

fn too_many(most: u64) -> ImportError {
    ImportError::Setting(format!(
        "found rows that are not in time order, and more than {most} of them: expected a file sorted by time, or chainwalk pack csv"
    ))
}

/// Rows of one instant, written when the first row of a later one comes.
struct Ordered<'a> {
    board: Board,
    newest: Timestamp,
    writing: Writing<'a>,
}

impl Ordered<'_> {
    fn write(&mut self, report: &mut Report) -> Result<(), ImportError> {
        self.board.take(report).into_iter().try_for_each(|snapshot| self.writing.take(snapshot, report))
    }
}

impl csv_rows::Rows for Ordered<'_> {
    fn take(&mut self, row: Row, report: &mut Report) -> Result<(), ImportError> {
        if row.time < self.newest {
            return Err(ImportError::Unordered);
        }
        if row.time > self.newest {
            self.write(report)?;
            self.newest = row.time;
        }
        self.board.add(row, report);
        Ok(())
    }
}
