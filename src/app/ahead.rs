//! Reads what a run of the form would need before anybody presses Start, while the example is on screen.

use super::loader::read_packs;
use super::state::App;
use super::{driver, live};
use crate::display::Route;
use crate::web::{observe, page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::ops::Range;

/// Milliseconds for which the form must want the same data.
const CALM_MS: u32 = 300;
/// Milliseconds after which a page that nobody has touched is read as one that is looked at.
const PATIENCE_MS: u32 = 6_000;
/// Most snapshots that are read unasked: years of a modelled dataset would take a hundred megabytes of memory.
const MOST_SNAPSHOTS: u32 = 1_500;

/// The packs of a dataset, by its key.
type Need = (String, Range<usize>);

/// Keeps the data of the form's run at hand before there is a run, unless the visitor's browser is to save data.
pub fn follow(app: App) {
    if page::saves_data() {
        return;
    }
    // An address with settings was opened or reloaded: their result is computed as soon as it can be.
    let fragment = page::fragment();
    let asked = StoredValue::new(!fragment.is_empty() && Route::of(&fragment) == Route::Backtest);
    // Data are read for somebody who is there: at the first sign of them, or once the page has stood for a while.
    let is_met = RwSignal::new(false);
    observe::on_presence(move || is_met.set(true));
    spawn_local(async move {
        task::sleep(PATIENCE_MS).await;
        is_met.set(true);
    });
    let need = Memo::new(move |_| {
        app.draft.track();
        if !is_met.get() || !app.route.with(Route::is_front) {
            return None;
        }
        let is_example = app.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.example));
        let (_, resolved) = driver::check(app).ok().filter(|_| is_example)?;
        let packs = resolved.packs();
        let snapshots: u32 = resolved.dataset.packs[packs.clone()].iter().map(|entry| entry.snapshots).sum();
        (snapshots <= MOST_SNAPSHOTS).then(|| (resolved.dataset.snapshots_key(), packs))
    });
    Effect::new(move |_| {
        if let Some(wanted) = need.get() {
            spawn_local(read(app, need, wanted, asked));
        }
    });
}

/// Reads what is missing; what cannot be read is told by the run that needs it.
async fn read(app: App, need: Memo<Option<Need>>, wanted: Need, asked: StoredValue<bool>) {
    task::sleep(CALM_MS).await;
    let (key, packs) = wanted.clone();
    let is_still_wanted = {
        let wanted = wanted.clone();
        move || {
            need.try_get_untracked().flatten().as_ref() == Some(&wanted)
                && app.session.try_with_value(|s| s.run.is_none()) == Some(true)
        }
    };
    let is_wanted = is_still_wanted.clone();
    let Some((_, resolved)) = driver::check(app).ok().filter(|_| is_wanted()) else { return };
    let next = app.session.try_update_value(|s| {
        s.tape.aim(&key, &packs);
        s.tape.next()
    });
    let Some(next) = next else { return };
    drop(read_packs(app, &resolved.dataset, next..packs.end, move |_| is_wanted(), |_| {}).await);
    // The dials look again whether all is there.
    app.tables.update(|n| *n = n.wrapping_add(1));
    // Whoever is asked whether to go on with a run is not shown another.
    let is_asked = app.question.with_untracked(Option::is_some);
    let is_due = is_still_wanted() && !is_asked && asked.try_update_value(std::mem::take) == Some(true);
    if is_due && live::is_ready_untracked(app) {
        live::turn(app, || ());
    }
}
