//! `window.chainwalk`: the page's commands and kept runs for scripts.

use super::state::{App, CatalogState, Session};
use super::{address, driver, export, keep, reopen};
use crate::display::Draft;
use crate::display::api::{self, ApiError, Method, Query};
use crate::market::Catalog;
use crate::run::{Command, ENGINE_VERSION, Resolved, Run, RunState, resolve};
use crate::store::Bundle;
use crate::web::{border, lock, task};
use leptos::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Puts the interface on the window.
pub fn offer(app: App) {
    let interface = border::Interface::default();
    interface.constant("version", ENGINE_VERSION);
    for method in Method::ALL {
        interface.method(method.name(), move |a, b| async move {
            answer(app, method, a, b).await.map_err(|refused| border::to_js(&refused.to_value()))
        });
    }
    interface.publish("chainwalk");
}

async fn answer(app: App, method: Method, a: JsValue, b: JsValue) -> Result<JsValue, ApiError> {
    ready(app).await;
    let reads_runs = matches!(method, Method::Runs | Method::Run | Method::Export | Method::Label | Method::Delete);
    if reads_runs {
        settled(app).await;
    }
    let value = match method {
        Method::Start => start(app, json_of(a)?).await?,
        Method::Status => status(app),
        Method::Pause => command(app, Command::Pause).await,
        Method::Resume => command(app, Command::Resume).await,
        Method::Step => command(app, Command::SingleStep).await,
        Method::Stop => command(app, Command::Stop).await,
        Method::Runs => runs(app, json_of(a)?).await?,
        Method::Run => run(app, &text("id", &a)?).await?,
        Method::Export => return exported(app, &text("id", &a)?, &text("format", &b)?).await,
        Method::Import => import(app, a).await?,
        Method::Label => label(app, &text("id", &a)?, &text("text", &b)?).await?,
        Method::Delete => delete(app, &text("id", &a)?).await?,
        Method::Datasets => api::datasets(catalog(app)?.as_ref()),
        Method::Health => health(app),
    };
    Ok(border::to_js(&value))
}

/// Waits until the list of datasets and the storage have answered, well or not.
async fn ready(app: App) {
    while app.archive().is_none() || app.catalog.with_untracked(|c| matches!(c, CatalogState::Loading)) {
        task::sleep(10).await;
    }
}

/// Waits until the end of the run on screen is kept, so that what follows sees it.
async fn settled(app: App) {
    let is_late = |s: &Session| {
        let ended = s.run.as_ref().map(Run::state).filter(|state| state.is_final());
        s.saving.is_some() && ended.is_some() && (s.is_saving || s.saved.state != ended)
    };
    while app.session.with_value(is_late) {
        task::sleep(5).await;
    }
}

fn json_of(value: JsValue) -> Result<Value, ApiError> {
    border::of_js(value).map_err(|why| ApiError::InvalidRequest(format!("the argument is not JSON: {why}")))
}

fn text(name: &str, value: &JsValue) -> Result<String, ApiError> {
    value.as_string().ok_or_else(|| ApiError::not_text(name))
}

fn catalog(app: App) -> Result<Arc<Catalog>, ApiError> {
    let unread = || ApiError::Data("the list of datasets could not be read; reload the page".into());
    app.catalog_ready_untracked().ok_or_else(unread)
}

async fn start(app: App, written: Value) -> Result<Value, ApiError> {
    let busy = |place: &str| ApiError::AlreadyRunning(format!("backtest already running{place}"));
    if app.is_active_untracked() || app.starting.get_untracked() {
        return Err(busy(""));
    }
    let catalog = catalog(app)?;
    let written = if written.is_null() { Value::Object(Map::new()) } else { written };
    let resolved = resolve(&written.to_string(), &catalog).map_err(|e| ApiError::InvalidRequest(e.to_string()))?;
    let written = into_form(app, written, &resolved, &catalog);
    address::write(app, &written, true);
    let id = driver::begin(app, written, resolved, true).await.ok_or_else(|| busy(" in another tab"))?;
    Ok(json!({ "run_id": id }))
}

/// Sets the form to a request; what the form would write of it, where that means the same.
fn into_form(app: App, written: Value, resolved: &Resolved, catalog: &Catalog) -> Value {
    let Some(draft) = Draft::of_request(&written, catalog) else { return written };
    let tidy = draft.to_request().ok();
    app.draft.set(draft);
    app.problems.set(Vec::new());
    let means_the_same =
        |tidy: &Value| resolve(&tidy.to_string(), catalog).is_ok_and(|r| r.request == resolved.request);
    tidy.filter(means_the_same).unwrap_or(written)
}

fn status(app: App) -> Value {
    app.session.with_value(|s| api::status(s.run.as_ref(), s.who.as_ref(), s.state()))
}

/// Sends a command; what has no effect says so.
async fn command(app: App, command: Command) -> Value {
    let refused = app.session.with_value(|s| match &s.run {
        None => Some("no backtest is on screen".to_owned()),
        Some(run) => run.state().on(command).err().map(|refused| refused.to_string()),
    });
    if refused.is_none() {
        driver::command(app, command);
    }
    if command == Command::SingleStep && refused.is_none() {
        stepped(app).await;
    }
    json!({ "state": app.session.with_value(|s| s.state()), "message": refused })
}

/// Waits until the step that was asked for is made, for its data too; not where the run goes on or ends meanwhile.
async fn stepped(app: App) {
    let is_due = |s: &Session| s.credit >= 1.0 && s.state() == RunState::Paused;
    while app.session.with_value(is_due) {
        if app.session.with_value(Session::is_starved) {
            task::sleep(10).await;
        } else {
            task::next_turn().await;
        }
    }
}

async fn runs(app: App, query: Value) -> Result<Value, ApiError> {
    let query = Query::of(&query)?;
    let (kept, _) = export::archive(app)?.list().await?;
    Ok(api::runs(&kept, &query))
}

async fn run(app: App, id: &str) -> Result<Value, ApiError> {
    let archive = export::archive(app)?;
    let kept = archive.find(id).await?;
    if kept.run.state.is_final() {
        return Ok(api::run(&kept, &archive.trades(id).await?));
    }
    // Its trades are written when it is over; until then they follow from its steps.
    let walking = |s: &Session| s.saving.as_ref().filter(|saving| saving.id == id).and(s.run.as_ref()).map(Run::trades);
    if let Some(trades) = app.session.with_value(walking) {
        return Ok(api::run(&kept, &trades));
    }
    let (past, kept) = reopen::past_run(app, id).await.map_err(ApiError::Data)?;
    Ok(api::run(&kept, &past.trades()))
}

async fn exported(app: App, id: &str, format: &str) -> Result<JsValue, ApiError> {
    match format {
        "json" => Ok(export::json_of(app, id).await?.into()),
        "csv" => {
            let files = export::csv_of(app, id).await?;
            let file = |(name, bytes): (&str, Vec<u8>)| (name.to_owned(), String::from_utf8_lossy(&bytes).into());
            Ok(border::to_js(&Value::Object(files.into_iter().map(file).collect())))
        }
        "zip" => Ok(border::bytes_to_js(&export::zip_of(app, id).await?)),
        _ => Err(ApiError::InvalidRequest(format!("format: {format:?} is not one of json, csv, zip"))),
    }
}

async fn import(app: App, file: JsValue) -> Result<Value, ApiError> {
    let unreadable = || ApiError::InvalidRequest("file: expected a file, its bytes or its text".into());
    let bytes = border::bytes_of_js(file).await.ok_or_else(unreadable)?;
    let id = export::archive(app)?.import(&Bundle::parse(&bytes)?, &keep::fresh_id()).await?;
    app.kept.update(|n| *n += 1);
    Ok(json!({ "run_id": id }))
}

async fn label(app: App, id: &str, text: &str) -> Result<Value, ApiError> {
    export::archive(app)?.label(id, text.trim()).await?;
    app.kept.update(|n| *n += 1);
    Ok(json!({ "id": id, "label": text.trim() }))
}

async fn delete(app: App, id: &str) -> Result<Value, ApiError> {
    keep::delete(app, id).await?;
    Ok(json!({ "id": id }))
}

fn health(app: App) -> Value {
    let datasets = app.catalog_ready_untracked().map_or(0, |catalog| catalog.datasets.len());
    let is_kept = app.archive().is_some_and(|archive| archive.store().is_kept());
    let fault = app.store_fault.get_untracked();
    let status = match (datasets, &fault) {
        (0, _) => "failed",
        (_, Some(_)) => "degraded",
        _ => "ok",
    };
    json!({
        "status": status,
        "storage": if is_kept { "indexeddb" } else { "memory" },
        "locks": if lock::is_native() { "web_locks" } else { "lease" },
        "version": ENGINE_VERSION,
        "datasets": datasets,
    })
}
