//! Keeps the run: opens the storage, saves while it walks, deletes what nobody wants any more.

use super::driver;
use super::state::{App, Question, Saved, Session};
use super::{address, loader, own, reopen};
use crate::display::Route;
use crate::display::hedges::{Own, SETTING, own_of, to_kept};
use crate::market::Dataset;
use crate::market::catalog::PackEntry;
use crate::run::{Command, Run, RunState};
use crate::store::lease::Active;
use crate::store::{Archive, Level, LogLine, PackRecord, Removed, Retention, Save, StoreError};
use crate::web::kept::AnyStore;
use crate::web::lock::{self, Busy, Held};
use crate::web::{history, page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// Longest time between two saves of a run that walks.
pub const SAVE_MS: f64 = 2_000.0;
/// Most marks between two saves.
const SAVE_MARKS: usize = 500;
/// Lines of the log in memory.
const MOST_LINES: usize = 2_000;

/// Opens the storage; without one, runs last as long as the tab, and a sentence says so.
pub async fn open(app: App) {
    let (store, fault) = AnyStore::open().await;
    app.archive.set_value(Some(Rc::new(Archive::new(store))));
    app.store_fault.set(fault.map(|fault| fault.to_string()));
    app.kept.update(|n| *n += 1);
    if let Some(archive) = app.archive() {
        app.own_templates.set(own_of(archive.setting(SETTING).await.ok().flatten().as_ref()));
    }
}

/// Keeps one's own templates; where that fails they last as long as the page.
pub fn keep_templates(app: App, own: Vec<Own>) {
    let value = to_kept(&own);
    app.own_templates.set(own);
    spawn_local(async move {
        if let Some(archive) = opened(app).await
            && let Err(fault) = archive.set(SETTING, value).await
        {
            app.store_fault.set(Some(fault.to_string()));
        }
    });
}

/// The storage, once it is open.
pub async fn opened(app: App) -> Option<Rc<Archive<AnyStore>>> {
    while app.archive().is_none() {
        task::sleep(5).await;
    }
    app.archive()
}

/// Offers the newest run that was under way when its page closed, unless one is under way in another tab.
pub async fn offer_interrupted(app: App) {
    let Some(archive) = opened(app).await else { return };
    if lock::running(archive.store()).await.is_some() {
        return;
    }
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
    let now = crate::units::Timestamp(task::wall_ms());
    format!("{}-{}", now.format("%Y%m%d-%H%M%S"), page::random_letters(4))
}

/// Adds a line to the log, of the newest mark.
pub fn log(app: App, level: Level, variant: Option<&str>, message: impl Into<String>) {
    let date = app.session.with_value(|s| s.progress().time.map(|t| t.iso()));
    log_at(app, level, variant, date, message.into());
}

/// Adds a line to the log; `date` is the mark that it belongs to, ISO UTC.
pub fn log_at(app: App, level: Level, variant: Option<&str>, date: Option<String>, message: String) {
    app.session.update_value(|s| {
        let line = LogLine {
            run: s.saving.as_ref().map(|saving| saving.id.clone()).unwrap_or_default(),
            line: next_line(s),
            time_ms: task::wall_ms(),
            level,
            variant: variant.map(str::to_owned),
            date,
            message,
        };
        if s.log.len() >= MOST_LINES {
            s.log.remove(0);
        }
        s.log.push(line);
    });
    app.log.update(|n| *n += 1);
}

/// Takes the right to walk, from another tab where it `takes_over`; `None` where another run is under way, which is shown.
pub async fn lock(app: App, active: Active, takes_over: bool) -> Option<Held> {
    // The run before lets go once its driver has seen its end.
    let is_ending = |s: &Session| s.lock.is_some() && s.run.as_ref().is_some_and(|run| run.state().is_final());
    let archive = opened(app).await?;
    while app.session.with_value(|s| s.is_unlocking || is_ending(s)) {
        task::sleep(5).await;
    }
    let stop = move || driver::command(app, Command::Stop);
    let held = if takes_over {
        lock::take_over(archive.store(), active, stop).await
    } else {
        lock::acquire(archive.store(), active, stop).await
    };
    held.map_err(|Busy { active }| {
        let who =
            active.map_or_else(|| "its tab does not answer".to_owned(), |a| format!("{}, {}", a.name, a.progress));
        app.question.set(Some(Question::Busy(who)));
    })
    .ok()
}

/// Lets another tab run.
pub fn unlock(app: App) {
    if let Some(lock) = app.session.try_update_value(|s| s.lock.take()).flatten() {
        app.session.update_value(|s| s.is_unlocking = true);
        spawn_local(async move {
            lock.release().await;
            app.session.update_value(|s| s.is_unlocking = false);
        });
    }
}

/// What other tabs are told of a run.
pub fn active(id: &str, run: &Run) -> Active {
    let names: Vec<&str> = run.units().iter().map(|unit| unit.name.as_str()).collect();
    let progress = run.progress();
    Active {
        id: id.to_owned(),
        name: names.join(" and "),
        progress: format!("{} of {} done", progress.decisions_done, progress.decisions_total),
    }
}

/// A pack that was opened in this tab or is kept, whole; `None` where it is not, or not as the catalog has it.
pub async fn pack(app: App, entry: &PackEntry) -> Option<Vec<u8>> {
    if let Some(bytes) = own::pack(app, &entry.sha256).await {
        return Some(bytes);
    }
    let bytes = app.archive()?.pack(&entry.sha256).await.ok().flatten()?;
    (bytes.len() as u64 == entry.bytes).then_some(bytes)
}

/// Keeps a pack that was fetched and found sound; one that cannot be kept is fetched again the next time.
pub fn keep_pack(app: App, dataset: &Dataset, entry: &PackEntry, bytes: Vec<u8>) {
    let Some(archive) = app.archive() else { return };
    let (sha256, dataset) = (entry.sha256.clone(), dataset.id.clone());
    let pack = PackRecord { sha256, dataset, used_ms: task::wall_ms() };
    spawn_local(async move { drop(archive.keep_pack(&pack, bytes).await) });
}

/// Saves the run where that is due, a piece a turn, so that no press waits for all of it; `now` though it is not due yet.
pub fn save(app: App, now: bool) {
    if begin(app, now) {
        spawn_local(async move {
            while app.session.try_update_value(Session::compose) == Some(true) {
                task::give_way().await;
            }
            write(app).await;
        });
    }
}

/// Saves the run at once: its page may be gone in a moment.
pub fn save_at_once(app: App) {
    begin(app, true);
    app.session.update_value(|s| while s.compose() {});
    spawn_local(write(app));
}

/// Writes the save that was made; nothing where another took it.
async fn write(app: App) {
    let made = app.session.try_update_value(|s| s.composing.take()).flatten();
    let (Some((save, lines)), Some(archive)) = (made, app.archive()) else { return };
    let kept = save.kept.clone();
    let written = archive.save(save).await;
    let failed = written.is_err();
    let saved = app.session.try_update_value(|s| {
        s.is_saving = false;
        s.logged = if failed { s.logged } else { s.logged.max(lines) };
        match s.saving.as_mut() {
            Some(saving) if !failed => saving.kept = kept,
            // The run goes on in memory; what was kept of it stays.
            _ => s.saving = None,
        }
        (std::mem::take(&mut s.save_again) && !failed, s.saved.state.is_some_and(RunState::is_final))
    });
    match written {
        Err(fault) => app.store_fault.set(Some(fault.to_string())),
        Ok(()) if app.store_fault.with_untracked(Option::is_some) && app.is_storage_kept() => {
            app.store_fault.set(None);
        }
        Ok(()) => {}
    }
    let Some((again, is_over)) = saved else { return };
    if is_over && !failed {
        clean(app, &archive).await;
    }
    app.kept.update(|n| *n += 1);
    // What happened meanwhile, the end above all, is not left for a later save that never comes.
    self::save(app, again);
}

/// Writes what is left of the run on screen, and waits until it is written.
pub async fn flush(app: App) {
    save(app, true);
    while app.session.with_value(|s| s.is_saving) {
        task::sleep(5).await;
    }
}

/// Begins a save where one is due.
fn begin(app: App, now: bool) -> bool {
    app.archive().is_some() && app.session.try_update_value(|s| begin_in(s, now)) == Some(true)
}

fn begin_in(s: &mut Session, now: bool) -> bool {
    if s.is_saving {
        s.save_again |= now;
        return false;
    }
    let (Some(run), Some(saving)) = (&s.run, &s.saving) else { return false };
    let now_saved = Saved { at_ms: task::now_ms(), marks: run.progress().marks_done, state: Some(run.state()) };
    // Between running and waiting for data it goes to and fro.
    let is_walking = |state| matches!(state, Some(RunState::Running | RunState::Loading));
    let is_changed = s.saved.state != now_saved.state && !(is_walking(s.saved.state) && is_walking(now_saved.state));
    let is_due = now
        || is_changed
        || now_saved.at_ms - s.saved.at_ms >= SAVE_MS
        || now_saved.marks >= s.saved.marks + SAVE_MARKS;
    let is_new = is_changed || s.saved.marks != now_saved.marks || s.logged < next_line(s);
    if !(is_due && is_new) {
        return false;
    }
    let lines = &s.log[s.log.partition_point(|line| line.line < s.logged)..];
    s.composing = Some((Save::begun(run, saving, task::wall_ms(), lines), next_line(s)));
    s.saved = now_saved;
    s.is_saving = true;
    true
}

/// The place of the log's next line.
fn next_line(s: &Session) -> u32 {
    s.log.last().map_or(0, |last| last.line + 1)
}

async fn clean(app: App, archive: &Archive<AnyStore>) {
    let chosen = archive.setting(Retention::SETTING).await.ok().flatten();
    match archive.clean(Retention::of(chosen.as_ref()), task::wall_ms()).await {
        Ok(freed) if freed.runs > 0 => app.notice.set(Some(format!(
            "{} old runs were cleared away, {} freed; the Runs page says how many are kept.",
            freed.runs,
            crate::display::format::bytes(freed.bytes as u64)
        ))),
        Ok(_) => {}
        Err(fault) => app.store_fault.set(Some(fault.to_string())),
    }
}

/// Deletes an interrupted run that nobody wants to go on with.
pub async fn discard(app: App, id: String) {
    if let Err(fault) = delete(app, &id).await {
        app.store_fault.set(Some(fault.to_string()));
    }
    app.question.set(None);
}

/// Deletes a kept run; one that is under way here is stopped first, and is not written again.
///
/// # Errors
/// [`StoreError::NotFound`], or the storage's.
pub async fn delete(app: App, id: &str) -> Result<Removed, StoreError> {
    let archive = app.archive().ok_or_else(|| StoreError::NotFound(id.to_owned()))?;
    let is_here = app.session.with_value(|s| s.saving.as_ref().is_some_and(|saving| saving.id == id));
    let elsewhere = lock::running(archive.store()).await.and_then(|busy| busy.active).is_some_and(|run| run.id == id);
    if elsewhere && !is_here {
        return Err(StoreError::Failed("the run is under way in another tab: stop it there first".into()));
    }
    if is_here {
        if app.is_active_untracked() {
            driver::command(app, Command::Stop);
        }
        while app.session.with_value(|s| s.is_saving) {
            task::sleep(10).await;
        }
        app.session.update_value(|s| s.saving = None);
    }
    let removed = archive.delete(id).await;
    app.kept.update(|n| *n += 1);
    removed
}

/// Moves to a page, as a new entry of the history.
pub fn go(app: App, route: Route) {
    if route == Route::Backtest {
        if let Some(written) = app.addressed.get_value() {
            address::write(app, &written, true);
        }
    } else {
        history::set_fragment(&route.fragment(), true);
    }
    app.route.set(route);
}

/// Follows the address: a page, a kept run, or a link.
pub fn follow_address(app: App) {
    let fragment = page::fragment();
    let route = Route::of(&fragment);
    app.route.set(route.clone());
    // What is no part of a page goes from its address, too.
    if route != Route::Backtest && route.fragment() != fragment {
        history::set_fragment(&route.fragment(), false);
    }
    match route {
        Route::Kept(id) => spawn_local(async move { reopen::show_kept(app, &id).await }),
        Route::Backtest => loader::read_address(app),
        _ => {}
    }
}
