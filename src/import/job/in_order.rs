//! Rows in time order are written as they are read; in another order they are read again and collected whole.

use super::{Inputs, Out, Writing};
use crate::import::rows::{Gathering, Rows};
use crate::import::{ImportError, Report};
use crate::market::catalog::Dataset;
use crate::units::Timestamp;

/// Imports the rows that `read` hands on, in the memory of one pack; where one comes too late for its snapshot, from the start again
/// and in the memory of all.
///
/// # Errors
/// What `read` or a snapshot is refused for, or more rows in no order than there is memory for.
pub(super) fn in_order<G: Gathering>(
    header: Dataset,
    begin: impl Fn() -> G,
    read: impl Fn(&mut dyn Rows<G::Row>, &mut Report) -> Result<(), ImportError>,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let begun = report.clone();
    out.forget();
    let writing = Writing::new(header.clone(), out);
    let mut rows = Ordered { gathered: begin(), written: Timestamp(i64::MIN), open: None, writing };
    match read(&mut rows, report).and_then(|()| close(rows.gathered, rows.writing, inputs, report)) {
        Err(ImportError::Unordered) => {}
        ended => return ended,
    }
    out.forget();
    *report = begun;
    let most = out.most_collected();
    let mut rows = Collected { gathered: begin(), left: most, most };
    read(&mut rows, report)?;
    close(rows.gathered, Writing::new(header, out), inputs, report)
}

/// Writes what is left, and completes the dataset.
fn close<G: Gathering>(
    mut gathered: G,
    mut writing: Writing<'_>,
    inputs: &Inputs<'_>,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    for snapshot in gathered.snapshots(report) {
        writing.take(snapshot, report)?;
    }
    gathered.complete(writing.writer.header_mut(), report);
    writing.finish(inputs, report)
}

/// The time of the newest row, for which the files are read once before; `None` without a row.
///
/// # Errors
/// A file that is not of the format.
pub(super) fn newest<G: Gathering>(
    read: impl Fn(&mut dyn Rows<G::Row>, &mut Report) -> Result<(), ImportError>,
    out: &mut dyn Out,
) -> Result<Option<Timestamp>, ImportError> {
    struct Newest<G: Gathering>(Option<Timestamp>, std::marker::PhantomData<G>);
    impl<G: Gathering> Rows<G::Row> for Newest<G> {
        fn take(&mut self, row: G::Row, _: &mut Report) -> Result<(), ImportError> {
            self.0 = self.0.max(G::time(&row));
            Ok(())
        }
    }
    out.forget();
    let mut newest = Newest::<G>(None, std::marker::PhantomData);
    read(&mut newest, &mut Report::default())?;
    Ok(newest.0)
}

/// Rows of one snapshot, written when the first row of a later one comes.
struct Ordered<'a, G> {
    gathered: G,
    /// The end of the last snapshot that was written.
    written: Timestamp,
    /// First and last row of the snapshot that is gathered.
    open: Option<(Timestamp, Timestamp)>,
    writing: Writing<'a>,
}

impl<G: Gathering> Ordered<'_, G> {
    /// Makes room for a row of a later snapshot.
    ///
    /// # Errors
    /// [`ImportError::Unordered`] where the row comes too late for its own.
    fn turn_to(&mut self, time: Timestamp, report: &mut Report) -> Result<(), ImportError> {
        let (first, last) = self.open.unwrap_or((time, time));
        if time <= self.written || last > time.plus_ms(G::SPAN_MS) {
            return Err(ImportError::Unordered);
        }
        if time <= first.plus_ms(G::SPAN_MS) {
            self.open = Some((first.min(time), last.max(time)));
            return Ok(());
        }
        for snapshot in self.gathered.snapshots(report) {
            self.writing.take(snapshot, report)?;
        }
        (self.written, self.open) = (first.plus_ms(G::SPAN_MS), Some((time, time)));
        Ok(())
    }
}

impl<G: Gathering> Rows<G::Row> for Ordered<'_, G> {
    fn take(&mut self, row: G::Row, report: &mut Report) -> Result<(), ImportError> {
        if let Some(time) = G::time(&row) {
            self.turn_to(time, report)?;
        }
        self.gathered.take(row, report)
    }
}

/// Rows in any order, all of them in memory.
struct Collected<G> {
    gathered: G,
    left: u64,
    most: u64,
}

impl<G: Gathering> Rows<G::Row> for Collected<G> {
    fn take(&mut self, row: G::Row, report: &mut Report) -> Result<(), ImportError> {
        self.left = self.left.checked_sub(G::options(&row)).ok_or_else(|| too_many(self.most))?;
        self.gathered.take(row, report)
    }
}

fn too_many(most: u64) -> ImportError {
    ImportError::Setting(format!(
        "found rows that are not in time order, and more than {most} of them: expected files sorted by time, or chainwalk pack"
    ))
}
