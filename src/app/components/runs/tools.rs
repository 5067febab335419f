//! What stands above the list: search, filters, import, comparison, and what was said.

use super::{Shelf, put_back, shelf, undo_id};
use crate::app::components::Icon;
use crate::app::state::{App, app};
use crate::app::{files, keep};
use crate::display::route::MOST_SIDES;
use crate::display::runs::{self, choices, count_words, word_of};
use crate::display::{Route, Side};
use crate::web::files::chosen;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Search, filters and import; below them the selection.
#[component]
pub fn Tools(active: Memo<Option<String>>) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let shown = Memo::new(move |_| {
        let query = shelf.query.get();
        let active = active.get();
        shelf.with_runs(|runs| (runs.iter().filter(|kept| query.fits(kept, active.as_deref())).count(), runs.len()))
    });
    let underlyings = Memo::new(move |_| shelf.with_runs(|runs| choices(runs, |kept| &kept.run.underlying)));
    let words = Memo::new(move |_| {
        let active = active.get();
        shelf.with_runs(|runs| choices(runs, |kept| word_of(kept, active.as_deref())))
    });
    let import = move |event: leptos::ev::Event| take_all(app, shelf, chosen(&event));
    view! {
        <div class="run-tools" class:bare=move || shown.with(|(_, all)| *all == 0)>
            <label class="tool grow"><span>"Search"</span>
                <input type="search" id=app.id("run-search") placeholder="Label, variant, dataset, date" autocomplete="off"
                    prop:value=move || shelf.query.with(|q| q.search.clone())
                    on:input=move |e| shelf.query.update(|q| q.search = event_target_value(&e))/>
            </label>
            <label class="tool"><span>"Underlying"</span>
                <select id=app.id("run-underlying") on:change=move |e| shelf.query.update(|q| q.underlying = event_target_value(&e))>
                    <Choices all="All" values=underlyings chosen=Signal::derive(move || shelf.query.with(|q| q.underlying.clone()))/>
                </select>
            </label>
            <label class="tool"><span>"State"</span>
                <select id=app.id("run-state") on:change=move |e| shelf.query.update(|q| q.word = event_target_value(&e))>
                    <Choices all="All" values=words chosen=Signal::derive(move || shelf.query.with(|q| q.word.clone()))/>
                </select>
            </label>
            <label class="file-button">
                <Icon name="plus"/><span>"Import runs"</span>
                <input type="file" id=app.id("run-import") class="unseen" multiple=true accept=".json,.zip,application/json,application/zip" on:change=import/>
            </label>
        </div>
        <div class="run-selection">
            <span class="quiet-text" role="status" id=app.id("run-count")>{move || shown.with(|(some, all)| count_words(*some, *all))}</span>
            <Show when=move || shown.with(|(_, all)| *all > 0)><Selection/></Show>
        </div>
    }
}

/// What a list offers, of which all together come first.
#[component]
pub fn Choices(
    /// Its words for all, which has no value.
    all: &'static str,
    /// The others.
    values: Memo<Vec<String>>,
    /// The one that is chosen.
    chosen: Signal<String>,
) -> impl IntoView {
    let option = move |value: String| {
        let (own, words) = (value.clone(), value.clone());
        view! { <option value=value prop:selected=move || chosen.with(|c| *c == own)>{words}</option> }
    };
    view! {
        <option value="" prop:selected=move || chosen.with(String::is_empty)>{all}</option>
        {move || values.get().into_iter().map(option).collect_view()}
    }
}

/// How many columns the selected runs would give.
fn columns(shelf: Shelf) -> usize {
    let selected = shelf.selected.get();
    shelf
        .with_runs(|runs| runs.iter().filter(|kept| selected.contains(&kept.run.id)).map(|kept| kept.units.len()).sum())
}

#[component]
fn Selection() -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let count = Memo::new(move |_| shelf.selected.with(Vec::len));
    let fits = Memo::new(move |_| (1..=MOST_SIDES).contains(&count.get()) && columns(shelf) > 1);
    let words = move || match count.get() {
        0 | 1 if fits.get() => "1 selected, with several variants".to_owned(),
        0 => "Select two to four runs to compare them".to_owned(),
        1 => "1 selected; one more to compare".to_owned(),
        n if n > MOST_SIDES => format!("{n} selected; at most {MOST_SIDES} can be compared"),
        n => format!("{n} selected"),
    };
    let compare = move |_| {
        let sides = shelf.selected.get_untracked().into_iter().map(|run| Side { run, unit: None });
        keep::go(app, Route::Compare(sides.collect()));
    };
    view! {
        <span class="quiet-text push">{words}</span>
        <Show when=move || { count.get() > 0 }>
            <button type="button" class="quiet" on:click=move |_| shelf.selected.set(Vec::new())>"Clear"</button>
        </Show>
        <button type="button" id=app.id("compare-selected") disabled=move || !fits.get() on:click=compare>"Compare"</button>
    }
}

/// Reads files back, one after the other, and says of each what came of it.
pub fn take_all(app: App, shelf: Shelf, all: Vec<File>) {
    if all.is_empty() {
        return;
    }
    shelf.said.set(Vec::new());
    spawn_local(async move {
        for file in all {
            let line = match files::take(app, &file).await {
                Ok(text) => (true, text),
                Err(reason) => (false, format!("{} is not imported: {reason}.", file.name())),
            };
            shelf.said.update(|said| said.push(line));
        }
        app.kept.update(|n| *n += 1);
    });
}

/// What came of imports and exports, each line until it is put away.
#[component]
pub fn Said() -> impl IntoView {
    let shelf = shelf();
    let line = |(went_well, text): (bool, String)| {
        let class = if went_well { "said" } else { "said bad" };
        view! { <p class=class>{text}</p> }
    };
    let put_away = move |_| shelf.said.set(Vec::new());
    view! {
        <div role="status" aria-live="polite" id=app().id("run-said")>
            {move || {
                let said = shelf.said.get();
                let class = if said.iter().all(|line| line.0) { "banner calm" } else { "banner warn" };
                (!said.is_empty()).then(|| view! {
                    <div class=class>
                        <div class="lines">{said.into_iter().map(line).collect_view()}</div>
                        <button type="button" class="quiet square" aria-label="Put away" on:click=put_away><Icon name="close"/></button>
                    </div>
                })
            }}
        </div>
    }
}

/// Deletions that can be undone.
#[component]
pub fn Undo() -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    view! {
        <div role="status" aria-live="polite" id=app.id("run-undo")>
            <For each=move || shelf.gone.get() key=|gone| gone.serial let:gone>
                <div class="banner calm">
                    <p>{format!("Deleted {}.", gone.name)}</p>
                    <button type="button" id=undo_id(gone.serial) on:click=move |_| put_back(app, shelf, gone.clone())>"Undo"</button>
                </div>
            </For>
        </div>
    }
}

/// Says that nothing fits, or that nothing is kept yet.
#[component]
pub fn Nothing() -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let is_filtered = move || shelf.with_runs(|runs| !runs.is_empty());
    view! {
        <div class="nothing">
            <Show
                when=is_filtered
                fallback=move || view! {
                    <p>"No runs are kept yet. Every run that you start is kept here, in this browser and nowhere else."</p>
                    <button type="button" class="main" on:click=move |_| keep::go(app, Route::Backtest)>"Go to Backtest"</button>
                }
            >
                <p>"No run fits this search and these filters."</p>
                <button type="button" on:click=move |_| shelf.query.set(runs::Query::default())>"Show all runs"</button>
            </Show>
        </div>
    }
}
