//! The datasets that somebody opened, and what can be done with each.

use super::talk::save_folder;
use super::{Opening, Stage, opening};
use crate::app::components::runs::UNDO_MS;
use crate::app::own;
use crate::app::state::{App, app};
use crate::display::format::bytes;
use crate::display::runs::storage_words;
use crate::market::Dataset;
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The DOM id of the button that puts a removed dataset back.
const UNDO: &str = "own-put-back";

/// What can be done with a dataset.
#[component]
pub(super) fn Acts(dataset: Dataset, is_new: bool) -> impl IntoView {
    let (app, opening) = (app(), opening());
    let (id, title) = (dataset.id.clone(), dataset.id.clone());
    let is_kept = Memo::new(move |_| {
        app.kept.track();
        app.own.with_value(|own| own.is_kept(&id))
    });
    let (to_use, to_save) = (dataset.clone(), dataset.clone());
    let keep = move |_| {
        let dataset = dataset.clone();
        spawn_local(async move {
            let id = dataset.id.clone();
            match own::keep(app, dataset).await {
                Ok(()) => opening.say(true, format!("{id} is kept in this browser.")),
                Err(text) => opening.say(false, format!("{id} is not kept: {text}.")),
            }
        });
    };
    // The name is in the words of each button, for who hears them or says them; the eye has it beside them.
    let named = StoredValue::new(format!("{title} "));
    let name = move || view! { <span class="unseen">{named.get_value()}</span> };
    let class = if is_new { "main" } else { "" };
    view! {
        <button type="button" class=class on:click=move |_| own::choose(app, &to_use)><span>"Use "{name()}"now"</span></button>
        <Show when=move || !is_kept.get()>
            <button type="button" on:click=keep.clone()><span>"Keep "{name()}"in this browser"</span></button>
        </Show>
        <button type="button" on:click=move |_| save_folder(app, opening, to_save.clone())>
            <span>"Save "{name()}"as a dataset folder"</span>
        </button>
    }
}

/// What was opened in this tab or is kept, with the storage that is used.
#[component]
pub fn OwnList() -> impl IntoView {
    let (app, opening) = (app(), opening());
    let used = RwSignal::new(String::new());
    Effect::new(move |_| {
        app.kept.track();
        spawn_local(async move { drop(used.try_set(storage_words(page::storage_estimate().await))) });
    });
    // What was imported just now stands above, with what came of it.
    let is_above = move |dataset: &Dataset| {
        opening.stage.with(|stage| match stage {
            Stage::Done(_, datasets) => datasets.iter().any(|above| above.id == dataset.id),
            _ => false,
        })
    };
    let own = move || {
        let all = app.catalog_ready().map(|catalog| catalog.own().to_vec()).unwrap_or_default();
        all.into_iter().filter(|dataset| !is_above(dataset)).collect::<Vec<_>>()
    };
    view! {
        <Undo/>
        {move || {
            let own = own();
            (!own.is_empty()).then(|| view! {
                <section aria-labelledby=app.own_id("own-title") id=app.id("own-data")>
                    <h4 id=app.own_id("own-title")>"Your data"</h4>
                    <ul class="own-list">{own.into_iter().map(|dataset| view! { <Line dataset=dataset/> }).collect_view()}</ul>
                    <p class="help" id=app.id("own-storage")>{used}</p>
                </section>
            })
        }}
    }
}

/// Removes a dataset, and offers to undo that for a while.
fn remove(app: App, opening: Opening, dataset: Dataset) {
    let id = dataset.id.clone();
    spawn_local(async move {
        match own::remove(app, &dataset).await {
            Ok(Some(removed)) => offer_undo(opening, id, removed).await,
            Ok(None) => opening.say(true, format!("{id} is removed; runs on it stay on the Runs page.")),
            Err(text) => opening.say(false, format!("{id} is not removed: {text}.")),
        }
    });
}

async fn offer_undo(opening: Opening, id: String, removed: own::Removed) {
    let serial = opening.at_work.try_update_value(|at| {
        at.gone = (at.gone.0 + 1, Some(removed));
        at.gone.0
    });
    opening.removed.set(Some(id));
    task::next_turn().await;
    page::focus(UNDO);
    task::sleep(UNDO_MS).await;
    if serial == Some(opening.at_work.with_value(|at| at.gone.0)) {
        forget(opening);
    }
}

/// Nothing can be put back any more; whoever stood on the button stands at the choice of files.
fn forget(opening: Opening) -> Option<own::Removed> {
    let had_focus = page::has_focus(UNDO);
    opening.removed.set(None);
    if had_focus {
        page::focus("open-pick");
    }
    opening.at_work.try_update_value(|at| at.gone.1.take()).flatten()
}

fn put_back(app: App, opening: Opening) {
    let Some(id) = opening.removed.get_untracked() else { return };
    let Some(removed) = forget(opening) else { return };
    spawn_local(async move {
        match own::put_back(app, removed).await {
            Ok(()) => opening.say(true, format!("{id} is back.")),
            Err(text) => opening.say(false, format!("{id} is back in this tab, and not kept: {text}.")),
        }
    });
}

/// What was removed just now.
#[component]
fn Undo() -> impl IntoView {
    let (app, opening) = (app(), opening());
    view! {
        <div role="status" aria-live="polite" id=app.id("own-undo")>
            {move || opening.removed.get().map(|id| view! {
                <div class="banner calm">
                    <p>{format!("{id} is removed; runs on it stay on the Runs page.")}</p>
                    <button type="button" id=UNDO on:click=move |_| put_back(app, opening)>"Undo"</button>
                </div>
            })}
        </div>
    }
}

#[component]
fn Line(dataset: Dataset) -> impl IntoView {
    let (app, opening) = (app(), opening());
    let id = dataset.id.clone();
    let of = id.clone();
    let place = move || {
        app.kept.track();
        if app.own.with_value(|own| own.is_kept(&of)) { "kept in this browser" } else { "in this tab alone" }
    };
    let size = bytes(dataset.packs.iter().map(|entry| entry.bytes).sum());
    let words = format!("{} to {}, {size}, ", dataset.first, dataset.last);
    let to_remove = dataset.clone();
    let remove = move |_| remove(app, opening, to_remove.clone());
    view! {
        <li>
            <div class="own-name"><strong>{dataset.id.clone()}</strong><span class="help">{dataset.title.clone()}", "{words}{place}</span></div>
            <div class="open-buttons">
                <Acts dataset=dataset is_new=false/>
                <button type="button" class="quiet" aria-label=format!("Remove {id}") on:click=remove>"Remove"</button>
            </div>
        </li>
    }
}
