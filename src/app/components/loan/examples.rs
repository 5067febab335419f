//! Examples that one press fills in and starts.

use crate::app::state::{App, app};
use crate::app::{address, driver};
use crate::display::Draft;
use crate::display::scenarios::examples;
use crate::web::page;
use leptos::prelude::*;
use serde_json::Value;

/// A button an example.
#[component]
pub fn Examples() -> impl IntoView {
    let app = app();
    let list = Memo::new(move |_| app.catalog_ready().map(|catalog| examples(&catalog).len()).unwrap_or_default());
    let button = move |place: usize| {
        let example = app.catalog_ready_untracked().and_then(|catalog| examples(&catalog).into_iter().nth(place))?;
        let written = example.written;
        let press = move |_| begin(app, &written);
        Some(view! {
            <button type="button" class="chip" disabled=move || app.is_active() on:click=press>{example.title}</button>
        })
    };
    view! {
        <div class="chips" role="group" aria-label="Examples">
            {move || (0..list.get()).map(button).collect_view()}
        </div>
    }
}

/// Fills the form with a request and starts it.
fn begin(app: App, written: &Value) {
    let filled = app.catalog_ready_untracked().and_then(|catalog| Draft::of_request(written, &catalog));
    if let Some(draft) = filled {
        address::fill_form(app, draft);
        driver::start(app);
        // Where the form stands below the results they are what is looked for.
        page::scroll_to_top();
    }
}
