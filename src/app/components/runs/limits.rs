//! How much is kept, for how long, and clearing up.

use crate::app::state::{App, app};
use crate::display::runs::{freed_words, retention_of, storage_words};
use crate::store::Retention;
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Storage used, the limits, and the button that clears up by them.
#[component]
pub fn Limits() -> impl IntoView {
    let app = app();
    let used = RwSignal::new(String::new());
    let (runs, days) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<(usize, &'static str)>);
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        app.kept.track();
        spawn_local(async move { drop(used.try_set(storage_words(page::storage_estimate().await))) });
    });
    Effect::new(move |first: Option<bool>| {
        app.kept.track();
        let is_read = first.unwrap_or_default();
        if let Some(archive) = app.archive().filter(|_| !is_read) {
            spawn_local(async move {
                let chosen = archive.setting(Retention::SETTING).await.ok().flatten();
                let Retention { most_runs, most_days } = Retention::of(chosen.as_ref());
                drop(runs.try_set(most_runs.to_string()));
                drop(days.try_set(most_days.map(|n| n.to_string()).unwrap_or_default()));
            });
            return true;
        }
        is_read
    });
    let check = move || {
        let limits = retention_of(&runs.get_untracked(), &days.get_untracked());
        problem.set(limits.err());
        limits.ok()
    };
    let commit = move |_| {
        if let Some(limits) = check() {
            spawn_local(async move { drop(said.try_set(keep_limits(app, limits).await)) });
        }
    };
    let clear = move |_| {
        if let Some(limits) = check() {
            spawn_local(async move { drop(said.try_set(clear_up(app, limits).await)) });
        }
    };
    view! {
        <section class="card limits" aria-label="Storage">
            <h3>"Storage"</h3>
            <p class="quiet-text" id="run-storage">{used}</p>
            <div class="limit-fields">
                <Limit id="most-runs" place=0 label="Finished runs kept" unit="runs" help="The oldest go first." text=runs problem=problem commit=commit/>
                <Limit id="most-days" place=1 label="For at most" unit="days" help="Empty: whatever their age." text=days problem=problem commit=commit/>
                <button type="button" id="clear-up" on:click=clear>"Clear up now"</button>
            </div>
            <p role="status" id="cleared">{said}</p>
        </section>
    }
}

#[component]
fn Limit(
    id: &'static str,
    place: usize,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    text: RwSignal<String>,
    problem: RwSignal<Option<(usize, &'static str)>>,
    commit: impl Fn(leptos::ev::Event) + 'static,
) -> impl IntoView {
    let own = Memo::new(move |_| problem.get().filter(|(at, _)| *at == place).map(|(_, words)| words));
    view! {
        <div class="field" class:has-problem=move || own.get().is_some()>
            <label for=id>{label}</label>
            <div class="input">
                <input type="text" inputmode="numeric" id=id autocomplete="off" aria-describedby=format!("{id}-help")
                    aria-invalid=move || own.get().map(|_| "true") prop:value=text
                    on:input=move |e| text.set(event_target_value(&e)) on:change=commit/>
                <span class="unit">{unit}</span>
            </div>
            <p class=move || if own.get().is_some() { "problem" } else { "help" } id=format!("{id}-help")>{move || own.get().unwrap_or(help)}</p>
        </div>
    }
}

async fn keep_limits(app: App, limits: Retention) -> String {
    let Some(archive) = app.archive() else { return "The storage is not open.".into() };
    match archive.set(Retention::SETTING, limits.to_value()).await {
        Ok(()) => "Kept. Older runs go when the next one ends, or when you clear up.".into(),
        Err(fault) => format!("Not kept: {fault}."),
    }
}

async fn clear_up(app: App, limits: Retention) -> String {
    let Some(archive) = app.archive() else { return "The storage is not open.".into() };
    let freed = archive.clean(limits, crate::web::task::wall_ms()).await;
    app.kept.update(|n| *n += 1);
    freed.map_or_else(|fault| format!("Not cleared up: {fault}."), freed_words)
}
