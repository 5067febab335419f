//! Keeps the run: opens the storage, saves while it walks, and goes on where a closed page left it.

use super::driver::{self, Begun};
use super::loader;
use super::state::{App, Question, Saved, Session, Status};
use crate::display::Route;
use crate::run::{Run, RunState, resolve};
use crate::store::{Archive, Kept, Level, LogLine, Retention, Save, Saving, StoreError};
use crate::web::{kept, page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// Longest time between two saves of a run that walks.
const SAVE_MS: f64 = 2_000.0;
/// Most marks between two saves.
const SAVE_MARKS: usize = 500;
/// Lines of the log in memory.
const MOST_LINES: usize = 2_000;

/// Opens the storage; without one, runs last as long as the tab, and a sentence says so.
pub async fn open(app: App) {
    let (store, fault) = kept::open().await;
    app.archive.set_value(Some(Rc::new(Archive::new(store))));
    app.store_fault.set(fault.map(|fault| fault.to_string()));
    app.kept.update(|n| *n += 1);
}

/// Offers the newest run that was under way when its page closed, unless one is under way in another tab.
pub async fn offer_interrupted(app: App) {
    let Some(archive) = app.archive() else { return };
    let active = app.session.try_with_value(|s| s.saving.as_ref().map(|saving| saving.id.clone())).flatten();
    match archive.interrupted(active.as_deref()).await {
        Ok(mut runs) if !runs.is_empty() => {
            let newest = Box::new(runs.swap_remove(0));
            app.question.set(Some(Question::Interrupted(newest)));
        }
        Ok(_) => {}
        Err(fault) => app.store_fault.set(Some(fault.to_string())),
    }
}

/// A name for a run that begins now.
pub fn fresh_id() -> String {
    let now = crate::units::Timestamp(page::wall_clock_ms());
    format!("{}-{}", now.format("%Y%m%d-%H%M%S"), page::random_letters(4))
}

/// Adds a line to the log.
pub fn log(app: App, level: Level, variant: Option<&str>, message: impl Into<String>) {
    app.session.update_value(|s| {
        let line = LogLine {
            run: s.saving.as_ref().map(|saving| saving.id.clone()).unwrap_or_default(),
            line: s.log.last().map_or(0, |last| last.line + 1),
            time_ms: page::wall_clock_ms(),
            level,
            variant: variant.map(str::to_owned),
            date: s.progress().time.map(|t| t.iso()),
            message: message.into(),
        };
        if s.log.len() == MOST_LINES {
            s.log.remove(0);
            s.logged = s.logged.saturating_sub(1);
        }
        s.log.push(line);
    });
}

/// Saves the run where that is due; `now` where it must not wait.
pub fn save(app: App, now: bool) {
    let Some(archive) = app.archive() else { return };
    let save = app.session.try_update_value(|s| due_save(s, now)).flatten();
    let Some((save, lines, is_over)) = save else { return };
    spawn_local(async move {
        let kept = save.kept.clone();
        let written = archive.save(save).await;
        let failed = written.is_err();
        app.session.update_value(|s| {
            s.is_saving = false;
            if let (Ok(()), Some(saving)) = (&written, s.saving.as_mut()) {
                saving.kept = kept;
                s.logged = s.logged.max(lines);
            }
            if failed {
                // The run goes on in memory; what was kept of it stays.
                s.saving = None;
            }
        });
        if let Err(fault) = written {
            app.store_fault.set(Some(fault.to_string()));
        }
        if is_over && !failed {
            clean(app, &archive).await;
        }
        app.kept.update(|n| *n += 1);
        // What happened meanwhile, the end above all, is not left for a later save that never comes.
        if !failed {
            self::save(app, false);
        }
    });
}

fn due_save(s: &mut Session, now: bool) -> Option<(Save, usize, bool)> {
    if s.is_saving {
        return None;
    }
    let (run, saving) = (s.run.as_ref()?, s.saving.as_ref()?);
    let now_saved = Saved { at_ms: task::now_ms(), marks: run.progress().marks_done, state: Some(run.state()) };
    let is_changed = s.saved.state != now_saved.state;
    let is_due = now
        || is_changed
        || now_saved.at_ms - s.saved.at_ms >= SAVE_MS
        || now_saved.marks >= s.saved.marks + SAVE_MARKS;
    let is_new = is_changed || s.saved.marks != now_saved.marks || s.logged < s.log.len();
    if !(is_due && is_new) {
        return None;
    }
    let lines = s.log.get(s.logged..).unwrap_or_default();
    let save = Save::of(run, saving, page::wall_clock_ms(), lines);
    s.saved = now_saved;
    s.is_saving = true;
    Some((save, s.log.len(), run.state().is_final()))
}

async fn clean(app: App, archive: &Archive<kept::AnyStore>) {
    let chosen = archive.setting(Retention::SETTING).await.ok().flatten();
    match archive.clean(Retention::of(chosen.as_ref()), page::wall_clock_ms()).await {
        Ok(freed) if freed.runs > 0 => app.notice.set(Some(format!(
            "{} old runs were cleared away, {} freed; the Runs page says how many are kept.",
            freed.runs,
            crate::display::format::bytes(freed.bytes as u64)
        ))),
        Ok(_) => {}
        Err(fault) => app.store_fault.set(Some(fault.to_string())),
    }
}

/// Goes on with an interrupted run; one that cannot says why, and can be run again.
pub async fn resume(app: App, kept: Kept) {
    match resumed(app, &kept).await {
        Ok((run, saving)) => {
            driver::show(app, run, Begun { written: kept.run.written.clone(), saving: Some(saving), walks: true })
                .await;
        }
        Err(reason) => app.question.set(Some(Question::CannotResume(Box::new(kept), reason))),
    }
}

async fn resumed(app: App, kept: &Kept) -> Result<(Run, Saving), String> {
    let archive = app.archive().ok_or("the storage is not open")?;
    let catalog = app.catalog_ready_untracked().ok_or("the list of datasets is not there")?;
    let id = kept.run.id.as_str();
    let missing = || StoreError::Corrupt(format!("run {id} has no checkpoint"));
    let checkpoint = archive.checkpoint(id).await.and_then(|c| c.ok_or_else(missing)).map_err(|e| e.to_string())?;
    let past = archive.past(id).await.map_err(|e| e.to_string())?;
    let resolved = resolve(&kept.run.request.to_string(), &catalog).map_err(|e| e.to_string())?;
    let steps = past.iter().map(|unit| unit.steps.len()).collect();
    let run = Run::resume(resolved, checkpoint.checkpoint, past).map_err(|e| e.to_string())?;
    let written = kept.run.written.clone();
    Ok((run, Saving { id: id.to_owned(), created_ms: kept.run.created_ms, written, kept: steps }))
}

/// Shows a kept run as it was left; while a backtest is under way that one stays on screen.
pub async fn show_kept(app: App, id: &str) {
    if app.status.with_untracked(Status::is_active) {
        let is_on_screen = |s: &Session| s.saving.as_ref().is_some_and(|saving| saving.id == id);
        if !app.session.with_value(is_on_screen) {
            let text = "A backtest is under way here: stop it, or let it finish, before another run is opened.";
            app.notice.set(Some(text.into()));
        }
        return;
    }
    match past_run(app, id).await {
        Ok((run, kept)) => {
            let differs = run.fingerprint() != kept.run.fingerprint;
            driver::show(app, run, Begun { written: kept.run.written.clone(), saving: None, walks: false }).await;
            if differs {
                app.notice.set(Some(format!(
                    "This run was computed by engine {} on data that may have changed since; it is shown as it was.",
                    kept.run.engine_version
                )));
            }
        }
        Err(text) => {
            app.notice.set(Some(format!("The run cannot be shown: {text}.")));
            go(app, Route::Backtest);
        }
    }
}

/// A kept run, whatever its state, with its record.
pub async fn past_run(app: App, id: &str) -> Result<(Run, Kept), String> {
    let archive = app.archive().ok_or("the storage is not open")?;
    let catalog = app.catalog_ready_untracked().ok_or("the list of datasets is not there")?;
    let kept = archive.find(id).await.map_err(|e| e.to_string())?;
    let past = archive.past(id).await.map_err(|e| e.to_string())?;
    let resolved = resolve(&kept.run.request.to_string(), &catalog).map_err(|e| e.to_string())?;
    Ok((Run::of_past(resolved, kept.run.state, kept.run.marks_done, past), kept))
}

/// Puts a kept run's settings into the form and starts anew.
pub fn run_again(app: App, kept: &Kept) {
    if let Some(catalog) = app.catalog_ready_untracked()
        && let Some(draft) = crate::display::Draft::of_request(&kept.run.written, &catalog)
    {
        app.draft.set(draft);
        go(app, Route::Backtest);
        driver::start_again(app);
    }
}

/// Deletes an interrupted run that nobody wants to go on with.
pub async fn discard(app: App, id: String) {
    if let Some(archive) = app.archive()
        && let Err(fault) = archive.delete(&id).await
    {
        app.store_fault.set(Some(fault.to_string()));
    }
    app.question.set(None);
    app.kept.update(|n| *n += 1);
}

/// Moves to a page, as a new entry of the history.
pub fn go(app: App, route: Route) {
    if route == Route::Backtest {
        driver::write_address(app, true);
    } else {
        page::set_fragment(&route.fragment(), true);
    }
    app.route.set(route);
}

/// Follows the address: a page, a kept run, or a link.
pub fn follow_address(app: App) {
    let route = Route::of(&page::fragment());
    app.route.set(route.clone());
    match route {
        Route::Kept(id) => spawn_local(async move { show_kept(app, &id).await }),
        Route::Backtest => loader::read_address(app),
        _ => {}
    }
}

/// True where a run's state lets it go on.
pub fn is_interrupted(state: RunState) -> bool {
    !state.is_final()
}
