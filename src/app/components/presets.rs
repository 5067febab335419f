//! Presets: a press fills the form in and starts.

use crate::app::reopen::{self, Again};
use crate::app::state::app;
use crate::app::{address, driver};
use crate::display::Draft;
use crate::display::presets::{Preset, presets};
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A button a preset; what the form is now is marked and explained.
#[component]
pub fn Presets() -> impl IntoView {
    let app = app();
    let list = Memo::new(move |_| app.catalog_ready().map(|catalog| presets(&catalog).len()).unwrap_or_default());
    let current = Memo::new(move |_| {
        let (catalog, written) = (app.catalog_ready()?, app.draft.with(|draft| draft.to_request()).ok()?);
        let is_it =
            |preset: &Preset| Draft::of_request(&preset.written, &catalog)?.to_request().ok().filter(|w| *w == written);
        let (place, preset) = presets(&catalog).into_iter().enumerate().find(|(_, preset)| is_it(preset).is_some())?;
        Some((place, preset.words))
    });
    let button = move |place: usize| {
        let preset = app.catalog_ready_untracked().and_then(|catalog| presets(&catalog).into_iter().nth(place))?;
        let written = preset.written;
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
        Some(view! {
            <button type="button" class="chip" title=preset.words aria-pressed=move || current.get().is_some_and(|(at, _)| at == place).to_string() disabled=move || app.is_active() on:click=press>{preset.title}</button>
        })
    };
    view! {
        <div class="chips" role="group" aria-label="Presets">
            {move || (0..list.get()).map(button).collect_view()}
        </div>
        <p class="help preset-words">{move || current.get().map_or("Own settings: none of the presets.", |(_, words)| words)}</p>
    }
}
