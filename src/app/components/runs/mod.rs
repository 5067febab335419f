//! Parts of the Runs page: the list and what can be done with it.

mod limits;
mod line;
mod table;
mod tools;

pub use limits::Limits;
pub use table::RunTable;
pub use tools::{Choices, Said, Tools, Undo, take_all};

use crate::app::state::{App, Question, Status};
use crate::app::{keep, reopen};
use crate::display::Route;
use crate::display::runs::{Order, Query, name_of};
use crate::store::{Kept, Removed};
use crate::web::{lock, page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How long a deletion can be undone.
pub const UNDO_MS: u32 = 10_000;
/// Between two looks at a run of another tab.
const LOOK_MS: u32 = 3_000;

/// What the storage says.
#[derive(Clone)]
pub enum Listing {
    /// It is being read.
    Loading,
    /// The runs, and what could not be read, one sentence each.
    Ready(Vec<Kept>, Vec<String>),
    /// It cannot be read.
    Failed(String),
}

/// A run that was deleted and can be put back.
#[derive(Clone)]
pub struct Gone {
    /// Counts deletions.
    pub serial: u32,
    /// What it was called.
    pub name: String,
    /// Its rows.
    pub removed: Removed,
}

/// The state of the Runs page; it outlives a look at another page.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The runs.
    pub listing: RwSignal<Listing>,
    /// Which are asked for.
    pub query: RwSignal<Query>,
    /// In which order.
    pub order: RwSignal<Order>,
    /// Names of the selected runs, in the order of their selection.
    pub selected: RwSignal<Vec<String>>,
    /// The line whose details are open.
    pub unfolded: RwSignal<Option<String>>,
    /// What was deleted just now.
    pub gone: RwSignal<Vec<Gone>>,
    /// What came of imports and exports: whether it went well, and a sentence.
    pub said: RwSignal<Vec<(bool, String)>>,
    /// The run that is under way in another tab.
    pub elsewhere: RwSignal<Option<String>>,
    reads: StoredValue<u32>,
    deletions: StoredValue<u32>,
}

impl Shelf {
    /// A page that has read nothing yet.
    pub fn new() -> Shelf {
        Shelf {
            listing: RwSignal::new(Listing::Loading),
            query: RwSignal::new(Query::default()),
            order: RwSignal::new(Order::default()),
            selected: RwSignal::new(Vec::new()),
            unfolded: RwSignal::new(None),
            gone: RwSignal::new(Vec::new()),
            said: RwSignal::new(Vec::new()),
            elsewhere: RwSignal::new(None),
            reads: StoredValue::new(0),
            deletions: StoredValue::new(0),
        }
    }

    /// Looks at the runs; an empty list before they are read. Tracked.
    pub fn with_runs<T>(&self, look: impl FnOnce(&[Kept]) -> T) -> T {
        self.listing.with(|listing| match listing {
            Listing::Ready(runs, _) => look(runs),
            _ => look(&[]),
        })
    }

    /// A run by its name; not tracked.
    pub fn find(&self, id: &str) -> Option<Kept> {
        untrack(|| self.with_runs(|runs| runs.iter().find(|kept| kept.run.id == id).cloned()))
    }
}

impl Default for Shelf {
    fn default() -> Shelf {
        Shelf::new()
    }
}

/// The state of the Runs page.
pub fn shelf() -> Shelf {
    expect_context::<Shelf>()
}

/// The name of the run that is under way in this tab or another; tracked.
pub fn active(app: App, shelf: Shelf) -> Option<String> {
    let own = |_| app.session.try_with_value(|s| s.saving.as_ref().map(|saving| saving.id.clone())).flatten();
    let is_own = app.is_active().then_some(());
    is_own.and_then(own).or_else(|| shelf.elsewhere.get())
}

/// Reads the runs anew; an answer that a later question overtook is left aside. What another tab runs is looked at again.
pub fn read(app: App, shelf: Shelf) {
    let Some(archive) = app.archive() else { return };
    let turn = shelf.reads.try_update_value(|n| {
        *n += 1;
        *n
    });
    spawn_local(async move {
        let is_own = app.status.with_untracked(Status::is_active);
        loop {
            let other = if is_own { None } else { lock::running(archive.store()).await.and_then(|busy| busy.active) };
            let listing = match archive.list().await {
                Ok((runs, faults)) => Listing::Ready(runs, faults.iter().map(ToString::to_string).collect()),
                Err(fault) => Listing::Failed(fault.to_string()),
            };
            if shelf.reads.try_get_value() != turn {
                return;
            }
            let has = |id: &String| matches!(&listing, Listing::Ready(runs, _) if runs.iter().any(|k| k.run.id == *id));
            shelf.selected.update(|ids| ids.retain(has));
            let is_elsewhere = other.is_some();
            shelf.elsewhere.set(other.map(|active| active.id));
            shelf.listing.set(listing);
            if !is_elsewhere || app.route.with_untracked(|route| *route != Route::Runs) {
                return;
            }
            task::sleep(LOOK_MS).await;
        }
    });
}

/// Deletes a run, one under way after it was stopped, and offers to undo that for a while.
pub fn delete(app: App, shelf: Shelf, id: String) {
    let Some(name) = shelf.find(&id).as_ref().map(name_of) else { return };
    spawn_local(async move {
        match keep::delete(app, &id).await {
            Ok(removed) => {
                let is_of_it = |q: &Question| matches!(q, Question::Interrupted(kept) if kept.run.id == id);
                if app.question.with_untracked(|question| question.as_ref().is_some_and(is_of_it)) {
                    app.question.set(None);
                }
                offer_undo(shelf, name, removed).await;
            }
            Err(fault) => tell(shelf, Err(format!("{name} is not deleted: {fault}."))),
        }
    });
}

async fn offer_undo(shelf: Shelf, name: String, removed: Removed) {
    let serial = shelf.deletions.try_update_value(|n| {
        *n += 1;
        *n
    });
    let Some(serial) = serial else { return };
    shelf.gone.update(|gone| gone.push(Gone { serial, name, removed }));
    task::next_turn().await;
    page::focus(&undo_id(serial));
    task::sleep(UNDO_MS).await;
    let had_focus = page::has_focus(&undo_id(serial));
    shelf.gone.update(|gone| gone.retain(|one| one.serial != serial));
    if had_focus {
        page::focus("runs-table");
    }
}

/// The DOM id of a deletion's undo button.
fn undo_id(serial: u32) -> String {
    format!("undo-{serial}")
}

/// Puts a deleted run back.
pub fn put_back(app: App, shelf: Shelf, gone: Gone) {
    let Some(archive) = app.archive() else { return };
    shelf.gone.update(|all| all.retain(|one| one.serial != gone.serial));
    spawn_local(async move {
        let Gone { name, removed, .. } = gone;
        let said = match archive.put_back(removed).await {
            Ok(()) => Ok(format!("{name} is back.")),
            Err(fault) => Err(format!("{name} is not back: {fault}.")),
        };
        tell(shelf, said);
        app.kept.update(|n| *n += 1);
        page::focus("runs-table");
    });
}

/// Goes on with an interrupted run on the front page.
pub fn resume(app: App, shelf: Shelf, id: &str) {
    if let Some(kept) = shelf.find(id) {
        app.question.set(None);
        // the front page has the answer, whatever it is
        keep::go(app, Route::Backtest);
        spawn_local(reopen::resume(app, kept));
    }
}

/// Says what came of something, in place of what was said before.
pub fn tell(shelf: Shelf, said: Result<String, String>) {
    let line = match said {
        Ok(text) => (true, text),
        Err(text) => (false, text),
    };
    shelf.said.set(vec![line]);
}
