//! Where a loan is tried out: the worst dates to begin, and made-up paths.

use crate::app::state::{App, app};
use crate::app::{driver, prices};
use crate::display::At;
use crate::display::scenarios::{begin_on, move_to, start_words, synthetic};
use crate::market::Dataset;
use crate::market::windows::WorstStart;
use crate::units::Day;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was found of the worst starts.
#[derive(Clone, PartialEq)]
enum Found {
    Nothing,
    Reading,
    Failed,
    /// The dataset, and its starts.
    Starts(String, Vec<WorstStart>),
}

/// Worst start dates and made-up paths, each one press away.
#[component]
pub fn Places() -> impl IntoView {
    view! { <WorstStarts/><Synthetic/> }
}

#[component]
fn WorstStarts() -> impl IntoView {
    let app = app();
    let found = RwSignal::new(Found::Nothing);
    let dataset = Memo::new(move |_| app.form_dataset().map(|d| d.id));
    let find = move |_| {
        let Some(dataset) = app.form_dataset_untracked() else { return };
        found.set(Found::Reading);
        spawn_local(async move {
            let starts = prices::worst(app, &dataset).await;
            drop(found.try_set(starts.map_or(Found::Failed, |starts| Found::Starts(dataset.id.clone(), starts))));
        });
    };
    // Starts of another dataset are of no use.
    let shown = Memo::new(move |_| match found.get() {
        Found::Starts(of, _) if dataset.get().as_ref() != Some(&of) => Found::Nothing,
        found => found,
    });
    view! {
        <div class="places" role="group" aria-label="Worst start dates">
            <h3>"Worst start dates"</h3>
            {move || match shown.get() {
                Found::Nothing => view! {
                    <button type="button" class="chip" id=app.id("find-worst") disabled=move || app.is_active() on:click=find>"Find them in this dataset"</button>
                }.into_any(),
                Found::Reading => view! { <p class="help" role="status">"Reading the prices of all years …"</p> }.into_any(),
                Found::Failed => view! { <p class="problem" role="alert">"The prices could not be read; check the connection and try again."</p> }.into_any(),
                Found::Starts(_, starts) => starts.into_iter().map(|start| view! { <Start start=start/> }).collect_view().into_any(),
            }}
        </div>
    }
}

#[component]
fn Start(start: WorstStart) -> impl IntoView {
    let app = app();
    let (date, fall) = start_words(&start);
    view! {
        <button type="button" class="place" disabled=move || app.is_active() on:click=move |_| go(app, start.date)>
            <span>{date}</span><span class="help">{fall}</span>
        </button>
    }
}

fn go(app: App, start: Day) {
    let Some(dataset) = app.form_dataset_untracked() else { return };
    app.draft.update(|draft| begin_on(draft, start, &dataset));
    driver::recheck(app);
}

#[component]
fn Synthetic() -> impl IntoView {
    let app = app();
    let titles = Memo::new(move |_| {
        let catalog = app.catalog_ready();
        let paths = catalog.as_ref().map(|catalog| synthetic(catalog)).unwrap_or_default();
        paths.into_iter().map(|d| (d.id.clone(), d.title.clone())).collect::<Vec<_>>()
    });
    let opening = Memo::new(move |_| app.opening.with(|o| o.as_ref().map(|o| o.price)));
    let button = move |(id, title): (String, String)| {
        let mine = id.clone();
        let press = move |_| {
            let dataset = app.catalog_ready_untracked().and_then(|catalog| catalog.dataset(&id).cloned());
            if let Some((dataset, opening)) = dataset.zip(opening.get_untracked()) {
                spawn_local(go_to(app, dataset, opening));
            }
        };
        let chosen = move || app.draft.with(|d| d.text(At::Shared, "dataset") == mine).to_string();
        let (name, more) = split(&title);
        view! {
            <button type="button" class="place" aria-pressed=chosen disabled=move || app.is_active() || opening.get().is_none() on:click=press>
                <span>{name}</span><span class="help">{more}</span>
            </button>
        }
    };
    view! {
        <Show when=move || titles.with(|t| !t.is_empty())>
            <div class="places" role="group" aria-label="Synthetic scenarios">
                <h3>"Synthetic scenarios"</h3>
                <p class="help">"Made-up paths that begin at about $100; the units are scaled so that the opening collateral stays the same."</p>
                {move || titles.get().into_iter().map(button).collect_view()}
            </div>
        </Show>
    }
}

async fn go_to(app: App, dataset: Dataset, opening: f64) {
    match prices::first_price(app, &dataset).await {
        Some(first) => {
            app.draft.update(|draft| move_to(draft, &dataset, opening, first));
            driver::recheck(app);
        }
        None => app
            .notice
            .set(Some("The prices of the scenario could not be read; check the connection and try again.".into())),
    }
}

/// `Synthetic: crash, 50 % down in three weeks` as name and what happens.
fn split(title: &str) -> (String, String) {
    let bare = title.strip_prefix("Synthetic: ").unwrap_or(title);
    let (name, more) = bare.split_once(", ").unwrap_or((bare, ""));
    let mut letters = name.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    (format!("{first}{}", letters.as_str()), more.to_owned())
}
