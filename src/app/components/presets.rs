//! Presets: a press fills the form in and starts.

use crate::app::reopen::{self, Again};
use crate::app::state::app;
use crate::app::{address, driver};
use crate::display::presets::Preset;
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A button a preset; what the form is now is marked and explained.
#[component]
pub fn Presets() -> impl IntoView {
    let app = app();
    let current = Memo::new(move |_| {
        app.written.with(|written| {
            let is_it = |preset: &Preset| written.is_some() && preset.typed == *written;
            app.presets.with(|all| all.iter().position(is_it))
        })
    });
    let button = move |(place, preset): (usize, Preset)| {
        let Preset { title, words, written, .. } = preset;
        let press = move |_| {
            address::take_request(app, &written);
            // One that was walked before is there at once.
            spawn_local(async move {
                if !reopen::show_same(app, Again::Whole).await {
                    driver::start(app);
                }
            });
            // Where the form stands below the results they are what is looked for.
            page::scroll_to_top();
        };
        view! {
            <button type="button" class="chip" title=words aria-pressed=move || (current.get() == Some(place)).to_string() disabled=move || app.is_active() on:click=press>{title}</button>
        }
    };
    let words =
        move || current.get().and_then(|place| app.presets.with(|all| all.get(place).map(|preset| preset.words)));
    view! {
        <div class="chips" role="group" aria-label="Presets">
            {move || app.presets.get().into_iter().enumerate().map(button).collect_view()}
        </div>
        <p class="help preset-words">{move || words().unwrap_or("Own settings: none of the presets.")}</p>
    }
}
