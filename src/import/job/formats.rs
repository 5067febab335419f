//! How each format's files become rows, and what their dataset is called.

use super::in_order::{in_order, newest};
use super::{Inputs, Out, Plan, coin};
use crate::import::board::{Board, Row};
use crate::import::csv_map::CsvMap;
use crate::import::deribit_api::Results;
use crate::import::deribit_months::{Months, Written};
use crate::import::optionsdx::{Boards, Layout, OptionsDx};
use crate::import::rows::{Gathering, Rows};
use crate::import::{ImportError, Report, csv_rows, deribit_api, deribit_months, deribit_summary, optionsdx};
use crate::market::RawSnapshot;
use crate::market::catalog::Dataset;
use crate::units::Timestamp;
use std::io::Read;

/// The header of a dataset of Deribit's; where it was given no id it is `btc-deribit-2026`, of the newest row's year.
fn of_deribit<G: Gathering>(
    plan: &Plan,
    underlying: &str,
    read: impl Fn(&mut dyn Rows<G::Row>, &mut Report) -> Result<(), ImportError>,
    out: &mut dyn Out,
) -> Result<Dataset, ImportError> {
    let id = match &plan.id {
        Some(id) => id.clone(),
        None => {
            let year = newest::<G>(read, out)?.map_or_else(String::new, |time| time.format("-%Y"));
            format!("{}-deribit{year}", underlying.to_lowercase())
        }
    };
    Ok(deribit_months::header(id, underlying))
}

/// Months as JSON, a file at a time in memory.
pub(super) fn months(
    plan: &Plan,
    named: Option<&str>,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let month = |reader: Result<Box<dyn Read>, ImportError>, file: &str| {
        let mut bytes = Vec::new();
        reader?.read_to_end(&mut bytes).map_err(|e| ImportError::format(file, e))?;
        Written::parse(&bytes, file)
    };
    let wanted = match named {
        Some(named) => named.to_string(),
        None => {
            let (reader, file) = inputs.readers().next().ok_or(ImportError::Empty)?;
            month(reader, file)?.underlying().to_string()
        }
    };
    let read = |rows: &mut dyn Rows<RawSnapshot>, report: &mut Report| {
        for (reader, file) in inputs.readers() {
            let month = month(reader, file)?;
            let found = month.underlying();
            if found == wanted {
                month.read(rows, report)?;
            } else if named.is_some() {
                report.note("month file of another currency, left out", 1);
            } else {
                let found = format!("found {found} after {wanted}, expected one currency, or the one to keep named");
                return Err(ImportError::format(file, found));
            }
        }
        Ok(())
    };
    let header = of_deribit::<Months>(plan, &wanted, read, out)?;
    in_order(header, Months::default, read, inputs, out, report)
}

/// Book summaries as CSV, a snapshot a file.
pub(super) fn summaries(
    plan: &Plan,
    underlying: &str,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let read = |rows: &mut dyn Rows<Row>, report: &mut Report| {
        inputs.readers().try_for_each(|(reader, file)| deribit_summary::read(reader?, file, underlying, rows, report))
    };
    let header = of_deribit::<Board>(plan, underlying, read, out)?;
    in_order(header, deribit_summary::board, read, inputs, out, report)
}

/// Results of the public API.
pub(super) fn api(
    plan: &Plan,
    underlying: &str,
    cadence_minutes: u32,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    coin(underlying)?;
    let read = |rows: &mut dyn Rows<deribit_api::Listed>, report: &mut Report| {
        inputs.readers().try_for_each(|(reader, file)| deribit_api::read(reader?, file, underlying, rows, report))
    };
    let header = Dataset { cadence_minutes, ..of_deribit::<Results>(plan, underlying, read, out)? };
    in_order(header, Results::default, read, inputs, out, report)
}

/// OptionsDX, whose first file's layout is that of all.
pub(super) fn end_of_day(
    plan: &Plan,
    rules: &OptionsDx,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let (reader, file) = inputs.readers().next().ok_or(ImportError::Empty)?;
    let layout = optionsdx::layout(reader?, file)?;
    let id = plan.id.clone().unwrap_or_else(|| format!("{}-optionsdx", rules.underlying.to_lowercase()));
    let header = match layout {
        Layout::Strikes => rules.stock(id),
        Layout::Options => {
            coin(&rules.underlying)?;
            rules.coin(id)
        }
    };
    let read = |rows: &mut dyn Rows<Row>, report: &mut Report| {
        let of = (layout, rules.underlying.as_str());
        inputs.readers().try_for_each(|(reader, file)| optionsdx::read(reader?, file, of, rows, report))
    };
    in_order(header, || Boards::new(layout, rules.rate), read, inputs, out, report)
}

/// A generic CSV by its mapping.
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
    let read = |rows: &mut dyn Rows<Row>, report: &mut Report| {
        inputs.readers().try_for_each(|(reader, file)| csv_rows::read(reader?, file, map, rows, report))
    };
    in_order(header, || Mapped(csv_rows::board(map)), read, inputs, out, report)
}

/// Rows of a generic CSV, which say what was delivered.
struct Mapped(Board);

impl Rows<Row> for Mapped {
    fn take(&mut self, row: Row, report: &mut Report) -> Result<(), ImportError> {
        self.0.take(row, report)
    }
}

impl Gathering for Mapped {
    type Row = Row;

    fn time(row: &Row) -> Option<Timestamp> {
        Some(row.time)
    }

    fn snapshots(&mut self, report: &mut Report) -> Vec<RawSnapshot> {
        self.0.snapshots(report)
    }

    fn complete(&mut self, header: &mut Dataset, _: &mut Report) {
        header.delivery = std::mem::take(&mut self.0.delivery);
    }
}
