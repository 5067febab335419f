//! The head of a chosen dataset: what it is, where it comes from, and a run from here.

use crate::app::clock::daily_and_yours;
use crate::app::components::unbroken;
use crate::app::desk::both;
use crate::app::state::App;
use crate::app::{address, driver, keep};
use crate::display::datasets::facts;
use crate::display::evidence::kind_words;
use crate::display::{At, Route};
use crate::market::Dataset;
use crate::units::Day;
use crate::web::page;
use leptos::prelude::*;
use std::sync::Arc;

/// Title, kind, facts, source, licence and notes; "Backtest from here" fills the form.
#[component]
pub fn DatasetHead(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, desk) = both();
    let (kind, words) = kind_words(&dataset);
    let facts = facts(&dataset);
    let (title, source, licence, notes) =
        (dataset.title.clone(), dataset.source.clone(), dataset.licence.clone(), dataset.notes.clone());
    let begin = move |_| {
        let day = untrack(|| desk.place()).map(|(snapshots, place)| snapshots[place].time.day());
        backtest(app, &dataset, day.unwrap_or(dataset.first));
    };
    view! {
        <section class="card data-card" aria-labelledby="dataset">
            <header class="data-head">
                <h3 id="dataset" tabindex="-1">{title}</h3>
                <span class="badge" data-kind=kind>{kind}</span>
                <button type="button" class="push" id="backtest-from-here" disabled=move || app.is_active() on:click=begin>"Backtest from here"</button>
            </header>
            <p>{unbroken(&words)}</p>
            <dl class="facts wide">
                {facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{daily_and_yours(value)}</dd></div> }).collect_view()}
            </dl>
            <dl class="rows">
                <div><dt>"Source"</dt><dd>{source}</dd></div>
                <div><dt>"Licence"</dt><dd>{licence}</dd></div>
                {(!notes.is_empty()).then(|| view! {
                    <div><dt>"Notes"</dt><dd class="lines">{notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view()}</dd></div>
                })}
            </dl>
        </section>
    }
}

/// Fills the form's dataset and first day, and the last where it would lie before it; everything else stays.
fn backtest(app: App, dataset: &Dataset, day: Day) {
    app.draft.update(|draft| {
        draft.set(At::Shared, "underlying", dataset.underlying.clone());
        draft.set(At::Shared, "dataset", dataset.id.clone());
        draft.rebase(dataset, true);
        draft.set(At::Shared, "start", day.to_string());
        if Day::parse(draft.text(At::Shared, "end")).is_none_or(|end| end <= day) {
            draft.set(At::Shared, "end", dataset.last.to_string());
        }
    });
    keep::go(app, Route::Backtest);
    address::follow_form(app, true);
    driver::recheck(app);
    page::scroll_to_top();
    app.unfolded.set(true);
    page::focus("f-start");
}
