//! The Runs page: what is kept in this browser.

use crate::app::components::runs::{Limits, Listing, RunTable, Said, Tools, Undo, active, read, shelf, take_all};
use crate::app::components::{Notice, StoreFault};
use crate::app::state::app;
use crate::display::format::sentence;
use crate::web::files::{carries_files, dropped};
use leptos::prelude::*;

/// The kept runs; files that are dropped anywhere on the page are imported.
#[component]
pub fn Runs() -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    Effect::new(move |_| {
        app.kept.track();
        read(app, shelf);
    });
    let active = Memo::new(move |_| active(app, shelf));
    let is_above = RwSignal::new(false);
    let over = move |event: leptos::ev::DragEvent| {
        if carries_files(&event) {
            event.prevent_default();
            is_above.set(true);
        }
    };
    let drop_here = move |event: leptos::ev::DragEvent| {
        is_above.set(false);
        if carries_files(&event) {
            event.prevent_default();
            take_all(app, shelf, dropped(&event));
        }
    };
    view! {
        <main class="page" id="runs" class:above=is_above on:dragover=over on:dragleave=move |_| is_above.set(false) on:drop=drop_here>
            <header class="page-head">
                <h2>"Runs"</h2>
                <p class="quiet-text">"Kept in this browser. Drop exported runs anywhere on this page to import them."</p>
            </header>
            <Notice/>
            <StoreFault/>
            <Undo/>
            <Said/>
            <RunCard active=active/>
            <Limits/>
        </main>
    }
}

/// The list with what can be done with it; before it is read, and where it cannot be, a sentence.
#[component]
pub fn RunCard(active: Memo<Option<String>>) -> impl IntoView {
    let shelf = shelf();
    view! {
        <section class="card run-card" aria-label="List of runs">
            {move || shelf.listing.with(|listing| match listing {
                Listing::Loading => view! { <p class="nothing" role="status">"Reading the kept runs …"</p> }.into_any(),
                Listing::Failed(reason) => view! { <Unreadable reason=reason.clone()/> }.into_any(),
                Listing::Ready(..) => ().into_any(),
            })}
            <Show when=move || shelf.listing.with(|listing| matches!(listing, Listing::Ready(..)))>
                <Faults/>
                <Tools active=active/>
                <RunTable active=active/>
            </Show>
        </section>
    }
}

/// The storage cannot be read.
#[component]
fn Unreadable(reason: String) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    view! {
        <div class="banner bad" role="alert">
            <p><strong>"The kept runs cannot be read. "</strong>{sentence(&reason)}</p>
            <button type="button" on:click=move |_| read(app, shelf)>"Try again"</button>
        </div>
    }
}

/// Records that cannot be read, one sentence each; the others are listed.
#[component]
fn Faults() -> impl IntoView {
    let shelf = shelf();
    let faults = Memo::new(move |_| {
        shelf.listing.with(|listing| match listing {
            Listing::Ready(_, faults) => faults.clone(),
            _ => Vec::new(),
        })
    });
    view! {
        {move || faults.with(|faults| (!faults.is_empty()).then(|| view! {
            <div class="banner warn" role="status" id="run-faults">
                <div class="lines">{faults.iter().map(|fault| view! { <p>{sentence(fault)}</p> }).collect_view()}</div>
            </div>
        }))}
    }
}
