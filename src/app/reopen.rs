//! Goes on where a closed page left off: kept runs come back on screen, to be looked at or walked on.

use super::driver::{self, Begun};
use super::keep::{go, lock, opened};
use super::state::{App, Question, Session};
use super::{address, loader};
use crate::display::api::Who;
use crate::display::{Draft, Route};
use crate::run::{Command, Run, RunState, resolve};
use crate::store::lease::Active;
use crate::store::{Kept, RunRecord, Saving, StoreError};
use crate::web::history;
use crate::web::lock::Held;
use leptos::prelude::*;

/// Goes on with an interrupted run; one that cannot says why, and can be run again.
pub async fn resume(app: App, kept: Kept) {
    if app.starting.get_untracked() || app.is_active_untracked() {
        return;
    }
    app.starting.set(true);
    resume_alone(app, kept).await;
    app.starting.set(false);
}

async fn resume_alone(app: App, kept: Kept) {
    let run = &kept.run;
    let progress = format!("{} of {} done", run.decisions_done, run.decisions_total);
    let active = Active { id: run.id.clone(), name: run.variants.join(" and "), progress };
    // Locked before it is read: another tab may be at it.
    let Some(lock) = lock(app, active, false).await else { return };
    match resumed(app, &kept).await {
        Ok((mut run, saving)) => {
            // A run that was just resumed is paused; the press meant that it goes on.
            let _ = run.command(Command::Resume);
            fill_form(app, &kept);
            go(app, Route::Backtest);
            let begun = begun(app, &kept, Some((saving, lock))).await;
            driver::show(app, run, begun).await;
        }
        Err(reason) => app.question.set(Some(Question::CannotResume(Box::new(kept), reason))),
    }
}

/// How a kept run comes on screen, with its log; it walks where it may.
async fn begun(app: App, kept: &Kept, walks: Option<(Saving, Held)>) -> Begun {
    let RunRecord { id, created_ms, finished_ms, written, .. } = kept.run.clone();
    let log = match app.archive() {
        Some(archive) => archive.log(&id).await,
        None => Ok(Vec::new()),
    };
    let log = log.unwrap_or_else(|fault| {
        app.store_fault.set(Some(fault.to_string()));
        Vec::new()
    });
    let who = Who { id, started_ms: created_ms, finished_ms };
    let (saving, lock) = walks.unzip();
    Begun { written, who, saving, lock, log, claim: None, live_ms: None }
}

async fn resumed(app: App, kept: &Kept) -> Result<(Run, Saving), String> {
    let archive = app.archive().ok_or("the storage is not open")?;
    let catalog = app.catalog_ready_untracked().ok_or("the list of datasets is not there")?;
    let id = kept.run.id.as_str();
    if archive.find(id).await.is_ok_and(|now| now.run.state.is_final()) {
        return Err("it was finished in another tab: open it on the Runs page".into());
    }
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
    if app.is_active_untracked() {
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
            fill_form(app, &kept);
            let begun = begun(app, &kept, None).await;
            driver::show(app, run, begun).await;
            app.session.update_value(|s| s.is_foreign = differs);
            if differs {
                app.notice.set(Some(format!(
                    "This run was computed by engine {} on data that may have changed since; it is shown as it was.",
                    kept.run.engine_version
                )));
            }
        }
        // A banner says so, and reading the list again follows the address again.
        Err(_) if app.catalog_ready_untracked().is_none() => {}
        Err(text) => {
            app.notice.set(Some(format!("The run cannot be shown: {text}. The form shows the defaults.")));
            // In place: Back would only come here again.
            history::set_fragment("", false);
            app.route.set(Route::Backtest);
            loader::read_address(app);
        }
    }
}

/// A kept run, whatever its state, with its record.
pub async fn past_run(app: App, id: &str) -> Result<(Run, Kept), String> {
    let archive = opened(app).await.ok_or("the storage is not open")?;
    let catalog = app.catalog_ready_untracked().ok_or("the list of datasets is not there")?;
    let kept = archive.find(id).await.map_err(|e| e.to_string())?;
    let past = archive.past(id).await.map_err(|e| e.to_string())?;
    let resolved = resolve(&kept.run.request.to_string(), &catalog).map_err(|e| e.to_string())?;
    Ok((Run::of_past(resolved, kept.run.state, kept.run.marks_done, past), kept))
}

/// Puts a kept run's settings into the form.
fn fill_form(app: App, kept: &Kept) {
    if let Some(catalog) = app.catalog_ready_untracked()
        && let Some(draft) = Draft::of_request(&kept.run.written, &catalog)
    {
        address::fill_form(app, draft);
    }
}

/// Puts a kept run's settings into the form and starts anew.
pub fn run_again(app: App, kept: &Kept) {
    fill_form(app, kept);
    go(app, Route::Backtest);
    driver::start_again(app);
}

/// Which kept results of the form's request are shown again.
#[derive(Clone, Copy, PartialEq)]
pub enum Again {
    /// Those that were walked to their end.
    Whole,
    /// Stopped and partial ones too.
    Any,
}

/// Shows the newest kept result of the form's request, where it is not on screen already; false where there is none of this engine and
/// these data, or where the form was changed or a run begun meanwhile.
pub async fn show_same(app: App, which: Again) -> bool {
    let wanted = || driver::check(app).ok().map(|(_, resolved)| Run::new(resolved).fingerprint());
    let Some(fingerprint) = wanted() else { return false };
    let is_here = |s: &Session| {
        let is_it = |run: &Run| match which {
            Again::Whole => run.state() == RunState::Completed,
            Again::Any => run.state().is_final(),
        } && run.fingerprint() == fingerprint;
        s.run.as_ref().is_some_and(is_it)
    };
    if app.session.with_value(is_here) {
        return true;
    }
    let Some(archive) = opened(app).await else { return false };
    let found = match which {
        Again::Whole => archive.identical(&fingerprint).await,
        Again::Any => archive.last(&fingerprint).await,
    };
    let Ok(Some(kept)) = found else { return false };
    let Ok((run, kept)) = past_run(app, &kept.run.id).await else { return false };
    let begun = begun(app, &kept, None).await;
    if !app.is_free() || wanted().as_ref() != Some(&fingerprint) {
        return false;
    }
    driver::show(app, run, begun).await;
    true
}
