//! Results that follow the dials: the form's run over the snapshots that are in memory, whole and at once, and never kept.

use super::driver::{self, Begun};
use super::keep;
use super::state::{App, Session};
use crate::display::api::Who;
use crate::run::{Advance, Command, Resolved, Run};
use crate::web::task;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Milliseconds of computing between two turns of the event loop.
const SLICE_MS: f64 = 8.0;
/// Marks between two looks at the clock.
pub(super) const CHUNK: usize = 64;

/// True where everything that the form's run needs is in memory, and nothing else is under way; tracked.
pub fn is_ready(app: App) -> bool {
    app.tables.track();
    app.draft.track();
    !app.is_active() && driver::check(app).is_ok_and(|(_, resolved)| app.session.with_value(|s| has_all(s, &resolved)))
}

/// The same, not tracked.
pub fn is_ready_untracked(app: App) -> bool {
    untrack(|| is_ready(app))
}

fn has_all(session: &Session, resolved: &Resolved) -> bool {
    session.tape.holds(&resolved.dataset.snapshots_key(), &resolved.packs())
}

/// Changes the form and lets the result follow; what is asked meanwhile is computed once, as it then stands.
pub fn turn(app: App, change: impl FnOnce()) {
    let is_busy = app.is_following.get_untracked();
    app.is_following.set(true);
    change();
    if !is_busy {
        spawn_local(follow(app));
    }
}

/// Computes the form's run and shows it, and again until the form stays as it is; the data are in memory.
pub async fn follow(app: App) {
    let mut done = None;
    let problems = loop {
        let (written, resolved) = match driver::check(app) {
            Ok(checked) => checked,
            Err(problems) => break problems,
        };
        if done.as_ref() == Some(&written) || app.is_active_untracked() || app.starting.get_untracked() {
            break Vec::new();
        }
        let begun = task::now_ms();
        let Some(run) = compute(app, resolved).await else { break Vec::new() };
        let live_ms = Some(task::now_ms() - begun);
        let now = task::wall_ms();
        let who = Who { id: keep::fresh_id(), started_ms: now, finished_ms: Some(now) };
        done = Some(written.clone());
        driver::show(app, run, Begun { written, who, saving: None, lock: None, log: Vec::new(), claim: None, live_ms })
            .await;
        // The page paints what it has before the next is computed.
        task::next_turn().await;
    };
    app.problems.set(problems);
    app.is_following.set(false);
}

/// The whole run; `None` where its snapshots are not all there, or another run has begun.
async fn compute(app: App, resolved: Resolved) -> Option<Run> {
    let mut run = Run::new(resolved);
    run.command(Command::Start).ok()?;
    run.command(Command::Data).ok()?;
    let ended = to_end(&mut run, |run| {
        app.session.try_with_value(|s| {
            let is_alone = s.run.as_ref().is_none_or(|run| run.state().is_final());
            let is_there = is_alone && has_all(s, run.resolved());
            is_there.then(|| run.advance(s.tape.from_pack(run.packs().start), CHUNK))
        })?
    })
    .await?;
    (ended == Advance::Complete).then_some(run)
}

/// Advances a run, a chunk of marks at a time, until there is nothing to go on with; the page has its turns in between. It does
/// not wait for what was pressed: a slider's own run would.
/// What the run ended with; `None` where `advance` gave it up.
pub(super) async fn to_end(run: &mut Run, advance: impl Fn(&mut Run) -> Option<Advance>) -> Option<Advance> {
    let mut begun = task::now_ms();
    loop {
        match advance(run)? {
            Advance::Continue => {}
            ended => return Some(ended),
        }
        if task::now_ms() - begun > SLICE_MS {
            task::next_turn().await;
            begun = task::now_ms();
        }
    }
}
