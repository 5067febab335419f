//! A kept run as files.

use super::state::App;
use super::{address, reopen};
use crate::display::api::ApiError;
use crate::display::report::report;
use crate::run::export::{equity_csv, loan_csv, steps_csv, trades_csv};
use crate::share;
use crate::store::Archive;
use crate::store::zip::zip;
use crate::web::kept::AnyStore;
use leptos::prelude::*;
use std::rc::Rc;

/// The kept runs.
///
/// # Errors
/// The storage is not open.
pub fn archive(app: App) -> Result<Rc<Archive<AnyStore>>, ApiError> {
    app.archive().ok_or_else(|| ApiError::Storage("the storage is not open".into()))
}

/// The file that [`Archive::import`] reads back.
///
/// # Errors
/// No such run, or the storage's.
pub async fn json_of(app: App, id: &str) -> Result<String, ApiError> {
    let bundle = archive(app)?.export(id).await?;
    // rows are JSON already
    Ok(serde_json::to_string(&bundle).unwrap_or_default())
}

/// Its rows as CSV: steps, trades and equity, and the days of its loan where it has one, by name.
///
/// # Errors
/// No such run, data that are no longer there, or the storage's.
pub async fn csv_of(app: App, id: &str) -> Result<Vec<(&'static str, Vec<u8>)>, ApiError> {
    archive(app)?.find(id).await?;
    let (run, _) = reopen::past_run(app, id).await.map_err(ApiError::Data)?;
    let mut files = vec![("steps", steps_csv(&run)), ("trades", trades_csv(&run)), ("equity", equity_csv(&run))];
    if run.resolved().request.account.loan.is_some() {
        files.push(("loan", loan_csv(&run)));
    }
    Ok(files)
}

/// Its report: one HTML page for people.
///
/// # Errors
/// As [`csv_of`].
pub async fn report_of(app: App, id: &str) -> Result<String, ApiError> {
    let (run, kept) = reopen::past_run(app, id).await.map_err(ApiError::Data)?;
    let link = share::address(&address::site(app), kept.run.written, Some(&run));
    Ok(report(&run, &link))
}

/// The report of the run on screen; `None` where it has not ended.
pub fn shown_report(app: App) -> Option<String> {
    let written = app.shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.written.clone()))?;
    app.session.with_value(|s| {
        let run = s.run.as_ref().filter(|run| run.state().is_final())?;
        let link = share::address(&address::site(app), written, Some(run).filter(|_| !s.is_foreign));
        Some(report(run, &link))
    })
}

/// All of them in one ZIP archive.
///
/// # Errors
/// As [`json_of`] and [`csv_of`].
pub async fn zip_of(app: App, id: &str) -> Result<Vec<u8>, ApiError> {
    let mut files = vec![(format!("chainwalk-{id}.json"), json_of(app, id).await?.into_bytes())];
    files.extend(csv_of(app, id).await?.into_iter().map(|(part, bytes)| (csv_name(id, part), bytes)));
    zip(&files).map_err(|fault| ApiError::Storage(fault.to_string()))
}

/// The name of a CSV file.
pub fn csv_name(id: &str, part: &str) -> String {
    format!("chainwalk-{id}-{part}.csv")
}
