//! Sentences for the whole page and the banner above the results.

use super::{Icon, Presets, unbroken};
use crate::app::clock::and_yours;
use crate::app::state::{CatalogState, Status, app};
use crate::app::{driver, keep, loader};
use crate::display::example::{EXAMPLE_NEXT, EXAMPLE_TITLE, EXAMPLE_WORDS};
use crate::display::format::sentence;
use crate::run::{RunState, UnitState};
use crate::web::{offline, page};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

/// A sentence that can be put away; nothing where there is none.
#[component]
pub fn Notice() -> impl IntoView {
    let app = app();
    let failed = move || match app.catalog.get() {
        CatalogState::Failed(text) => Some(text),
        _ => None,
    };
    view! {
        {move || failed().map(|text| view! {
            <div class="banner bad" role="alert">
                <p><strong>"The list of datasets could not be read. "</strong>{unbroken(&text)}</p>
                <button type="button" on:click=move |_| loader::load_catalog(app)>"Try again"</button>
                {page::asked("catalog").map(|_| view! { <a href=page::base_address()>"Use this site's data"</a> })}
            </div>
        })}
        {move || app.notice.get().map(|text| view! {
            <div class="banner" role="status">
                <p>{unbroken(&text)}</p>
                <button type="button" class="quiet square" aria-label="Put away" on:click=move |_| app.notice.set(None)>
                    <Icon name="close"/>
                </button>
            </div>
        })}
    }
}

/// Offers a newer build of the page, which waits until it is asked for; a run under way is kept and can be resumed in it.
#[component]
pub fn NewerBuild() -> impl IntoView {
    let app = app();
    let reload = move |_| {
        spawn_local(async move {
            keep::flush(app).await;
            offline::take_over().await;
        });
    };
    view! {
        <Show when=move || app.is_newer_there.get()>
            <div class="banner calm wide" role="status" id=app.id("newer")>
                <p><strong>"A newer chainwalk is ready. "</strong>"This page stays as it is until you press Reload here."</p>
                <button type="button" on:click=reload>"Reload"</button>
                <button type="button" class="quiet square" aria-label="Put away" on:click=move |_| app.is_newer_there.set(false)>
                    <Icon name="close"/>
                </button>
            </div>
        </Show>
    }
}

/// Where the form says something else by now.
const EXAMPLE_OF_OTHERS: &str = "The form has other settings by now: Start Backtest runs those.";

/// Says what the results are: an example, previous settings, partial, an error, or nothing yet.
#[component]
pub fn ResultBanner() -> impl IntoView {
    let app = app();
    let edited = Memo::new(move |_| {
        let shown = app.shown.get().filter(|_| !app.is_following.get());
        shown.is_some_and(|s| !s.example && app.written.with(|written| written.as_ref() != Some(&s.written)))
    });
    let is_changed = Memo::new(move |_| app.written.with(|written| *written != Some(json!({}))));
    let failed_units = Memo::new(move |_| {
        app.columns
            .with(|c| c.iter().filter(|c| c.state == UnitState::Failed).map(failure).collect::<Vec<_>>().join(" "))
    });
    let message = Memo::new(move |_| app.status.with(|s| state_words(s, &failed_units.get())));
    view! {
        {move || message.get().map(|(class, strong, text)| view! {
            <div class=class role="alert">
                <p><strong>{strong}" "</strong>{unbroken(&text)}</p>
                <button type="button" on:click=move |_| driver::start(app)>"Start again"</button>
            </div>
        })}
        {move || app.shown.get().filter(|s| s.example).map(|_| view! {
            <div class="banner calm example">
                <p>
                    <strong>{EXAMPLE_TITLE}" "</strong>
                    {EXAMPLE_WORDS}" "
                    <span class="next">{move || if is_changed.get() { EXAMPLE_OF_OTHERS } else { EXAMPLE_NEXT }}</span>
                </p>
                <Presets/>
            </div>
        })}
        {move || edited.get().then(|| view! {
            <div class="banner calm" role="status">
                <p><strong>"Previous settings. "</strong>"The form was edited since; the results below belong to what it said before."</p>
                {move || (!app.is_active()).then(|| view! {
                    <button type="button" on:click=move |_| driver::start(app)>"Run with the new settings"</button>
                })}
            </div>
        })}
    }
}

fn failure(column: &crate::app::state::Column) -> String {
    let why = column.error.as_ref().map_or_else(|| "failed".into(), |error| and_yours(&error.to_string()));
    format!("{}: {why}.", column.name)
}

type Words = (&'static str, &'static str, String);

fn state_words(status: &Status, failed: &str) -> Option<Words> {
    match status.state? {
        RunState::Failed => {
            let text = status.sentence.clone().unwrap_or_else(|| failed.to_owned());
            Some(("banner bad", "The run ended with an error.", sentence(&text)))
        }
        RunState::Partial => Some(("banner warn", "Some variants failed.", failed.to_owned())),
        RunState::Stopped => Some((
            "banner calm",
            "Stopped.",
            "The figures are partial: they end where the run was stopped and are not annualised.".into(),
        )),
        _ => None,
    }
}
