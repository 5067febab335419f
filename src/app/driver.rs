//! Drives a run on the page's own thread: commands, slices of a few milliseconds, and what is published when.

use super::state::{App, CatalogState, Column, Question, Saved, Session, Shown, Status, Verdict};
use super::{address, keep, loader, prices, remember};
use crate::display::api::Who;
use crate::display::{Curves, Problem, Route, log, rows};
use crate::run::{Advance, Command, ENGINE_VERSION, Resolved, Run, RunState, Unit, UnitState, resolve};
use crate::share::Claim;
use crate::store::{Level, LogLine, Saving};
use crate::web::lock::Held;
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::sync::Arc;

/// A slice while the page is seen.
const SLICE_MS: f64 = 8.0;
/// A slice in a hidden tab.
const HIDDEN_SLICE_MS: f64 = 40.0;
/// Least time between two refreshes of the tables: of a walk, and at full speed, where every row is another each time.
const TABLES_MS: f64 = 250.0;
const FULL_TABLES_MS: f64 = 500.0;
/// Least time between two publications: of a walk, every frame; at full speed less often, since drawing is what takes the time.
const FRAME_MS: f64 = 15.0;
const FULL_FRAME_MS: f64 = 120.0;

/// Reads the form into a request that can run, or tells what is wrong with it.
pub fn check(app: App) -> Result<(Value, Resolved), Vec<Problem>> {
    let written = app.draft.with_untracked(|d| d.to_request())?;
    let catalog = match app.catalog.get_untracked() {
        CatalogState::Ready(catalog) => catalog,
        CatalogState::Loading => return Err(vec![sentence("The list of datasets is still loading.")]),
        CatalogState::Failed(text) => return Err(vec![sentence(&text)]),
    };
    let resolved = resolve(&written.to_string(), &catalog).map_err(|e| vec![Problem::from(e)])?;
    match prices::refusal(app, &resolved) {
        Some(refused) => Err(vec![Problem::from(refused)]),
        None => Ok((written, resolved)),
    }
}

fn sentence(text: &str) -> Problem {
    Problem { field: String::new(), message: text.to_owned(), remedy: None }
}

/// Checks the form again, so that mended problems vanish and new ones appear.
pub fn recheck(app: App) {
    app.problems.set(check(app).err().unwrap_or_default());
}

/// Starts a run of the form, or shows what is wrong and takes the focus there.
pub fn start(app: App) {
    start_unless_kept(app, false);
}

/// Starts a run of the form, though the same one may be kept.
pub fn start_again(app: App) {
    start_unless_kept(app, true);
}

fn start_unless_kept(app: App, again: bool) {
    match check(app) {
        Err(problems) => {
            app.problems.set(problems);
            spawn_local(async {
                task::next_turn().await;
                page::focus("problems");
            });
        }
        Ok((written, resolved)) => {
            app.problems.set(Vec::new());
            if !app.is_active() && !app.starting.get_untracked() {
                address::follow_form(app, true);
                spawn_local(async move { drop(begin(app, written, resolved, again).await) });
            }
        }
    }
}

/// Stops the run of another tab and starts the form's here.
pub fn stop_and_start(app: App) {
    app.question.set(None);
    if let Ok((written, resolved)) = check(app) {
        spawn_local(async move { drop(begin_as(app, written, resolved, Above::Running, None).await) });
    }
}

/// What a run that begins sets itself above.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    /// Nothing: the same run that is kept, and a run in another tab, come first.
    Nothing,
    /// The same run that may be kept already.
    Kept,
    /// The run of another tab, too, which is stopped.
    Running,
}

/// Begins a run; `again` though the same one may be kept already. Its name in the storage; `None` where it did not begin.
pub async fn begin(app: App, written: Value, resolved: Resolved, again: bool) -> Option<String> {
    begin_as(app, written, resolved, if again { Above::Kept } else { Above::Nothing }, None).await
}

/// Begins the run of a link, which is compared at its end with what its sender saw.
pub async fn begin_link(app: App, written: Value, resolved: Resolved, claim: Option<Claim>) -> Option<String> {
    begin_as(app, written, resolved, Above::Kept, claim).await
}

async fn begin_as(app: App, written: Value, resolved: Resolved, above: Above, claim: Option<Claim>) -> Option<String> {
    app.starting.set(true);
    let begun = begin_alone(app, written, resolved, above, claim).await;
    app.starting.set(false);
    begun
}

async fn begin_alone(
    app: App,
    written: Value,
    resolved: Resolved,
    above: Above,
    claim: Option<Claim>,
) -> Option<String> {
    let mut run = Run::new(resolved);
    app.question.set(None);
    if let (Above::Nothing, Some(archive)) = (above, keep::opened(app).await)
        && let Ok(Some(kept)) = archive.identical(&run.fingerprint()).await
    {
        app.question.set(Some(Question::Identical(Box::new(kept))));
        return None;
    }
    if let Err(refused) = run.command(Command::Start) {
        app.notice.set(Some(refused.to_string()));
        return None;
    }
    if app.route.with_untracked(|route| *route != Route::Backtest) {
        address::write(app, &written, true);
    }
    let id = keep::fresh_id();
    let lock = keep::lock(app, keep::active(&id, &run), above == Above::Running).await?;
    let saving = Saving { id: id.clone(), created_ms: task::wall_ms(), written: written.clone(), kept: Vec::new() };
    let who = Who { id: id.clone(), started_ms: saving.created_ms, finished_ms: None };
    show(
        app,
        run,
        Begun { written, who, saving: Some(saving), lock: Some(lock), log: Vec::new(), claim, live_ms: None },
    )
    .await;
    Some(id)
}

/// How a run comes on screen.
pub struct Begun {
    /// What was written of its request.
    pub written: Value,
    /// Who it is.
    pub who: Who,
    /// Who it is in the storage; `None` where it is not to be written there.
    pub saving: Option<Saving>,
    /// The right to walk; without it the run is only looked at.
    pub lock: Option<Held>,
    /// Its log so far, all of it kept.
    pub log: Vec<LogLine>,
    /// What its sender saw come of it; `None` where no link said.
    pub claim: Option<Claim>,
    /// Milliseconds of computing, where it followed the dials.
    pub live_ms: Option<f64>,
}

/// Puts a run on screen in place of the one before, and lets it walk.
pub async fn show(app: App, run: Run, begun: Begun) {
    let Begun { written, who, saving, lock, log, claim, live_ms } = begun;
    keep::flush(app).await;
    app.verdict.set(claim.as_ref().map(|_| Verdict::Pending));
    let walks = lock.is_some();
    let resolved = run.resolved().clone();
    app.money.set(remember::money_of(&resolved));
    let is_new = walks && log.is_empty();
    let span = |resolved: &Resolved| (resolved.dataset.id.clone(), resolved.request.start, resolved.request.end);
    let is_same_span =
        app.shown.with_untracked(|shown| shown.as_ref().map(|s| span(&s.resolved)) == Some(span(&resolved)));
    let generation = app.session.try_update_value(|s| {
        s.curves = Curves::new(run.units().iter().map(|u| u.name.as_str()));
        s.rows = vec![Vec::new(); run.units().len()];
        s.tape.aim(&resolved.dataset.snapshots_key(), &run.packs());
        s.told = run.units().iter().map(|unit| if is_new { UnitState::Pending } else { unit.state }).collect();
        s.run = Some(run);
        s.who = Some(who);
        s.generation += 1;
        s.active_ms = 0.0;
        s.credit = 0.0;
        s.saving = saving;
        s.claim = claim;
        s.is_foreign = false;
        s.lock = lock;
        s.saved = Saved::default();
        s.logged = log.last().map_or(0, |line| line.line + 1);
        s.log = log;
        s.wake.raise();
        grow(s);
        s.generation
    });
    let Some(generation) = generation else { return };
    app.log.update(|n| *n += 1);
    let shown = Shown { example: false, live_ms, written, resolved: Arc::new(resolved) };
    let zoom = if is_same_span { app.zoom.get_untracked() } else { remember::zoom_of(&shown) };
    // A run that walks on has yet to come to its steps.
    let inspected = if walks { None } else { remember::inspected_of(&shown) };
    app.shown.set(Some(shown));
    app.zoom.set(zoom);
    app.cursor.set(None);
    app.inspected.set(inspected);
    if live_ms.is_none() {
        app.question.set(None);
    }
    publish(app, None, true);
    loader::load(app, generation);
    if walks {
        let begun = if is_new { "Begun" } else { "Gone on with after its page was closed," };
        keep::log(app, Level::Info, None, format!("{begun} by engine {ENGINE_VERSION}."));
        tell_units(app);
        spawn_local(drive(app, generation));
    }
}

/// Sends a command to the run; what it refuses is shown.
pub fn command(app: App, command: Command) {
    let refused = app.session.try_update_value(|s| {
        let run = s.run.as_mut()?;
        let outcome = run.command(command);
        match command {
            _ if outcome.is_err() => {}
            Command::SingleStep => s.credit = s.credit.floor() + 1.0,
            _ => s.credit = 0.0,
        }
        s.wake.raise();
        outcome.err().map(|e| e.to_string())
    });
    match refused.flatten() {
        Some(text) => app.notice.set(Some(text)),
        None => keep::log(app, Level::Info, None, format!("{}.", said(command))),
    }
    publish(app, None, true);
    keep::save(app, false);
}

/// A command in the past tense, for the log.
fn said(command: Command) -> &'static str {
    match command {
        Command::Pause => "Paused",
        Command::Resume => "Resumed",
        Command::SingleStep => "One step",
        Command::Stop => "Stopped",
        _ => "Told to go on",
    }
}

/// What a slice ended with.
#[derive(Clone, Copy, PartialEq)]
enum Slice {
    /// Go on.
    More,
    /// Nothing to do until somebody wakes the driver.
    Wait,
    /// The run is over, or another has begun.
    Over,
}

async fn drive(app: App, generation: u64) {
    // A command that follows the start at once comes before the first mark.
    task::next_turn().await;
    let mut before = task::now_ms();
    loop {
        while app.session.try_with_value(|s| s.composing.is_some()) == Some(true) {
            task::give_way().await;
        }
        // What was pressed is seen before the run takes the processor again.
        task::after_press().await;
        let hidden = task::hidden();
        let pace = app.speed.get_untracked().days_a_second();
        let now = task::now_ms();
        let slice = app.session.try_update_value(|s| slice(s, generation, pace, now - before, hidden));
        before = now;
        match slice {
            Some(Slice::More) => {
                // What is pressed meanwhile comes before what is shown of the slice.
                task::give_way().await;
                publish(app, None, false);
                tell_units(app);
                keep::save(app, false);
                match (hidden, pace) {
                    (true, _) => task::sleep(0).await,
                    (false, Some(_)) => task::sleep(10).await,
                    (false, None) => task::next_turn().await,
                }
            }
            Some(Slice::Wait) => {
                publish(app, None, true);
                keep::save(app, false);
                let Some(wake) = app.session.try_with_value(|s| s.wake.clone()) else { return };
                wake.await;
                before = task::now_ms();
            }
            Some(Slice::Over) | None => break,
        }
    }
    if app.session.try_with_value(|s| s.generation) == Some(generation) {
        publish(app, None, true);
        conclude(app);
    }
}

/// What follows the end of a run: the log's last lines, the link's verdict, the last save.
fn conclude(app: App) {
    let ended = app.session.try_update_value(|s| {
        let run = s.run.as_ref()?;
        let verdict = s.claim.take().filter(|_| run.state() != RunState::Stopped).map(|claim| claim.differences(run));
        Some((run.state(), log::warnings(run), verdict, run.refusal().cloned()))
    });
    let Some(Some((state, warnings, verdict, refused))) = ended else { return };
    if let Some(refused) = refused {
        app.problems.set(vec![Problem::from(refused)]);
    }
    keep::unlock(app);
    tell_units(app);
    for (variant, warning) in warnings {
        keep::log(app, Level::Warning, variant.as_deref(), warning);
    }
    let level = if state == RunState::Failed { Level::Error } else { Level::Info };
    keep::log(app, level, None, format!("Ended: {}.", state.label().to_lowercase()));
    app.verdict.set(verdict.map(|moved| if moved.is_empty() { Verdict::Verified } else { Verdict::Differs(moved) }));
    keep::save(app, true);
}

/// Logs the variants that failed, were liquidated or are skipped, each once.
fn tell_units(app: App) {
    let news = app.session.try_update_value(|s| {
        let units = s.run.as_ref().map(Run::units).unwrap_or_default();
        let line = |unit: &Unit| {
            let (level, message) = log::unit_line(unit)?;
            Some((level, unit.name.clone(), unit.steps.last().map(|step| step.time.iso()), message))
        };
        let fresh = units.iter().zip(&mut s.told).filter(|(unit, told)| unit.state != **told);
        fresh
            .filter_map(|(unit, told)| {
                *told = unit.state;
                line(unit)
            })
            .collect::<Vec<_>>()
    });
    for (level, name, date, message) in news.unwrap_or_default() {
        keep::log_at(app, level, Some(&name), date, message);
    }
}

fn slice(s: &mut Session, generation: u64, pace: Option<f64>, elapsed_ms: f64, hidden: bool) -> Slice {
    if s.generation != generation {
        return Slice::Over;
    }
    let Some(run) = s.run.as_mut() else { return Slice::Over };
    let packs = run.packs();
    let single = run.state() == RunState::Paused && s.credit >= 1.0;
    match run.state() {
        state if state.is_final() => return Slice::Over,
        RunState::Paused if !single => return Slice::Wait,
        RunState::Loading if s.tape.next() <= packs.start => return Slice::Wait,
        // The packs may all be there from an earlier run; the table allows the news in this state.
        RunState::Loading => {
            let _ = run.command(Command::Data);
        }
        _ => {}
    }
    let marks_a_second = pace.map(|days| days * 24.0 / run.resolved().request.timeframe.hours() as f64);
    let mut allowed = match (single, marks_a_second) {
        (true, _) => s.credit.floor(),
        (false, None) => f64::MAX,
        (false, Some(rate)) => (s.credit + rate * elapsed_ms.min(250.0) / 1000.0).min(rate),
    };
    let begun = task::now_ms();
    let budget = if hidden { HIDDEN_SLICE_MS } else { SLICE_MS };
    let mut chunk = 4;
    let mut ended = Slice::More;
    while allowed >= 1.0 {
        let steps = if allowed < chunk as f64 { allowed as usize } else { chunk };
        let marks_before = run.progress().marks_done;
        let advance = run.advance(s.tape.from_pack(packs.start), steps);
        // Marks that wait for data are still allowed when they come.
        allowed -= run.progress().marks_done.saturating_sub(marks_before) as f64;
        match advance {
            Advance::Continue if run.progress().marks_done == marks_before => {
                ended = Slice::Wait;
                break;
            }
            Advance::Continue => {}
            Advance::NeedData(pack) if pack < s.tape.next() => {
                // The data came between two slices; a state that refuses the news needs none.
                let _ = run.command(Command::Data);
            }
            Advance::NeedData(_) => {
                ended = Slice::Wait;
                break;
            }
            Advance::Complete => {
                ended = Slice::Over;
                break;
            }
        }
        if task::now_ms() - begun > budget {
            break;
        }
        chunk = (chunk * 2).min(256);
    }
    s.credit = if allowed > 1e9 { 0.0 } else { allowed };
    s.active_ms += elapsed_ms.min(1000.0);
    grow(s);
    if single && ended == Slice::More { Slice::Wait } else { ended }
}

/// Reads new steps into curves and table rows.
fn grow(s: &mut Session) {
    let Some(run) = s.run.as_ref() else { return };
    for (i, unit) in run.units().iter().enumerate() {
        let read = s.curves.units.get(i).map_or(0, |c| c.len());
        for (place, step) in unit.steps.iter().enumerate().skip(read) {
            if rows::is_shown(step) {
                s.rows[i].push(place as u32);
            }
        }
        s.curves.extend(i, &unit.steps, Some(run.history()));
    }
}

/// Sets the signals that follow the run: at most once a frame, tables a few times a second and not together with the
/// chart, which takes as long as they do; all of it `now`.
pub fn publish(app: App, bytes: Option<(u64, u64)>, now: bool) {
    let at = task::now_ms();
    let pace = app.speed.get_untracked().days_a_second();
    let due = app.session.try_update_value(|s| {
        let (every, tables_every) =
            if pace.is_some() { (FRAME_MS, TABLES_MS) } else { (FULL_FRAME_MS, FULL_TABLES_MS) };
        let tables = now || at - s.tables_ms >= tables_every;
        let is_apart = !tables && at - s.tables_ms >= every / 2.0;
        let frame = now || is_apart && at - s.published_ms >= every;
        if frame {
            s.published_ms = at;
        }
        let is_over = s.run.as_ref().is_some_and(|run| run.state().is_final());
        if let Some(who) = s.who.as_mut().filter(|who| is_over && who.finished_ms.is_none()) {
            who.finished_ms = Some(task::wall_ms());
        }
        if tables {
            s.tables_ms = at;
        }
        if let (true, Some(lock), Some(saving), Some(run)) = (tables, &s.lock, &s.saving, &s.run) {
            lock.publish(keep::active(&saving.id, run));
        }
        (frame.then(|| status_of(s, pace)), tables.then(|| columns_of(s)))
    });
    let Some((status, columns)) = due else { return };
    if let Some(mut status) = status {
        let old = app.status.get_untracked();
        status.bytes = bytes.or(old.bytes.filter(|_| status.is_active()));
        status.sentence = old.sentence.filter(|_| status.state == Some(RunState::Failed));
        app.status.set(status);
        app.frame.update(|n| *n = n.wrapping_add(1));
    }
    if let Some(columns) = columns {
        app.columns.set(columns);
        app.tables.update(|n| *n = n.wrapping_add(1));
    }
}

fn status_of(s: &Session, pace: Option<f64>) -> Status {
    let Some(run) = s.run.as_ref() else { return Status::default() };
    let progress = run.progress();
    let fraction = progress.fraction();
    let marks_left = progress.marks_total.saturating_sub(progress.marks_done) as f64;
    let rate = pace.map(|days| days * 24.0 / run.resolved().request.timeframe.hours() as f64);
    let measured =
        || (progress.marks_done > 20).then(|| s.active_ms / 1000.0 * marks_left / progress.marks_done as f64);
    let running = matches!(run.state(), RunState::Running | RunState::Paused);
    Status {
        state: Some(s.state()),
        fraction,
        decisions: (progress.decisions_done, progress.decisions_total),
        time: progress.time,
        seconds_left: running.then(|| rate.map(|r| marks_left / r).or_else(measured)).flatten(),
        bytes: None,
        sentence: None,
        is_refused: run.refusal().is_some(),
    }
}

fn columns_of(s: &Session) -> Vec<Column> {
    let units = s.run.as_ref().map(Run::units).unwrap_or_default();
    let column = |u: &crate::run::Unit| Column {
        name: u.name.clone(),
        state: u.state,
        style: u.style,
        error: u.error.clone(),
        summary: u.summary(s.run.as_ref().is_some_and(Run::is_cut_short)),
    };
    units.iter().map(column).collect()
}
