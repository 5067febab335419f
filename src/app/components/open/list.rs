//! The datasets that somebody opened, and what can be done with each.

use super::talk::save_folder;
use super::{Stage, opening};
use crate::app::own;
use crate::app::state::app;
use crate::display::format::bytes;
use crate::display::runs::storage_words;
use crate::market::Dataset;
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    let to_keep = format!("Keep {title} in this browser");
    let class = if is_new { "main" } else { "" };
    view! {
        <button type="button" class=class aria-label=format!("Use {title} now") on:click=move |_| own::choose(app, &to_use)>"Use it now"</button>
        <Show when=move || !is_kept.get()>
            <button type="button" aria-label=to_keep.clone() on:click=keep.clone()>"Keep it in this browser"</button>
        </Show>
        <button type="button" aria-label=format!("Save {title} as a dataset folder")
            on:click=move |_| save_folder(app, opening, to_save.clone())>"Save as dataset folder"</button>
    }
}

/// What was opened in this tab or is kept, with the storage that is used.
#[component]
pub(super) fn OwnList() -> impl IntoView {
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
        {move || {
            let own = own();
            (!own.is_empty()).then(|| view! {
                <section aria-labelledby="own-title" id="own-data">
                    <h4 id="own-title">"Your data"</h4>
                    <ul class="own-list">{own.into_iter().map(|dataset| view! { <Line dataset=dataset/> }).collect_view()}</ul>
                    <p class="help" id="own-storage">{used}</p>
                </section>
            })
        }}
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
    let is_asked = RwSignal::new(false);
    let label = format!("Remove {id}");
    let remove = move |_| {
        let id = id.clone();
        if !is_asked.get_untracked() {
            return is_asked.set(true);
        }
        spawn_local(async move {
            match own::remove(app, &id).await {
                Ok(()) => opening.say(true, format!("{id} is removed; runs on it stay on the Runs page.")),
                Err(text) => opening.say(false, format!("{id} is not removed: {text}.")),
            }
            page::focus("open-pick");
        });
    };
    view! {
        <li>
            <div class="own-name"><strong>{dataset.id.clone()}</strong><span class="help">{dataset.title.clone()}", "{words}{place}</span></div>
            <div class="open-buttons">
                <Acts dataset=dataset is_new=false/>
                <button type="button" class="quiet" aria-label=move || if is_asked.get() { format!("{label} for good") } else { label.clone() }
                    on:click=remove on:blur=move |_| is_asked.set(false)>
                    {move || if is_asked.get() { "Remove for good" } else { "Remove" }}
                </button>
            </div>
        </li>
    }
}
