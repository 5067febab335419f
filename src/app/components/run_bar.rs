//! The run bar: start and stop, pause, step, pace, and how far it is.

use super::Icon;
use crate::app::clock::daily_and_yours;
use crate::app::driver;
use crate::app::state::{App, CatalogState, Speed, Status, app};
use crate::display::labels::in_labels;
use crate::display::plan::{parted, plan};
use crate::display::stages::{self, Way};
use crate::display::{Problem, format};
use crate::run::{Command, RunState, resolve};
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One main button, the commands beside it, the pace and the progress.
#[component]
pub fn RunBar() -> impl IntoView {
    let app = app();
    let state = Memo::new(move |_| app.status.with(|s| s.state));
    let paused = Memo::new(move |_| state.get() == Some(RunState::Paused));
    let active = Memo::new(move |_| app.is_active());
    // Until the list of datasets is there, a press would only be refused.
    let waiting = Memo::new(move |_| app.catalog.with(|c| matches!(c, CatalogState::Loading)));
    // The second press of a double click is not a second wish.
    let is_echo = |event: &leptos::ev::MouseEvent| event.detail() > 1;
    let main = move |event: leptos::ev::MouseEvent| match (is_echo(&event), active.get_untracked()) {
        (true, _) => {}
        (false, true) => driver::command(app, Command::Stop),
        (false, false) => driver::start(app),
    };
    let hold = move |event: leptos::ev::MouseEvent| {
        if is_echo(&event) {
            return;
        }
        driver::command(app, if paused.get_untracked() { Command::Resume } else { Command::Pause });
    };
    let step = move |_| {
        if !paused.get_untracked() {
            driver::command(app, Command::Pause);
        }
        driver::command(app, Command::SingleStep);
    };
    // The focus goes on with the run: Space on the button that has it pauses what walks, and starts what does not.
    Effect::new(move |before: Option<bool>| {
        let is_active = active.get();
        let (left, next): (&[&str], _) = if is_active { (&["start"], "pause") } else { (&["pause", "step"], "start") };
        let is_left = || !app.is_sample() && left.iter().any(|id| page::has_focus(id));
        if before.is_some_and(|before| before != is_active) && is_left() {
            spawn_local(async move {
                task::next_turn().await;
                page::focus(next);
            });
        }
        is_active
    });
    view! {
        <section class="run-bar" aria-label="Run">
            <h2 class="unseen" id=app.id("run") tabindex="-1">"Run"</h2>
            <div class="run-buttons">
                <button type="button" id=app.id("start") class="main" class:stop=active disabled=waiting on:click=main>
                    {move || if active.get() { view! { <Icon name="stop"/> } } else { view! { <Icon name="play"/> } }}
                    <span>{move || if active.get() { "Stop Backtest" } else { "Start Backtest" }}</span>
                </button>
                <button type="button" id=app.id("pause") disabled=move || !active.get() on:click=hold>
                    {move || if paused.get() { view! { <Icon name="play"/> } } else { view! { <Icon name="pause"/> } }}
                    <span>{move || if paused.get() { "Resume" } else { "Pause" }}</span>
                </button>
                <button type="button" id=app.id("step") disabled=move || !active.get() on:click=step>
                    <Icon name="step"/><span>"Step"</span>
                </button>
                <Pace/>
            </div>
            <ProgressLine/>
        </section>
    }
}

/// The plan of a form whose problems are told beside its fields.
const INCOMPLETE: &str = "These settings cannot run yet.";

/// What the form's settings will do, in a sentence; what keeps them from running, where they cannot.
#[component]
pub fn Plan() -> impl IntoView {
    view! { <p class="plan" id=app().id("plan")><PlanWords/></p> }
}

/// The words of [`Plan`], and below them what is worth knowing of the settings.
#[component]
pub fn PlanWords() -> impl IntoView {
    let words = plan_words(app());
    let before = move || words.with(|words| words.as_ref().map(|(plan, _)| parted(plan).0.to_owned()));
    let dates = move || words.with(|words| words.as_ref().map(|(plan, _)| parted(plan).1.to_owned()));
    let notes = move || {
        let notes = words.with(|words| words.as_ref().map(|(_, notes)| notes.clone()).unwrap_or_default());
        notes.into_iter().map(|note| view! { <span class="plan-note">{note}</span> }).collect_view()
    };
    view! { {before}<span class="unbroken">{dates}</span>{notes} }
}

/// The plan, and the warnings of a request that can run.
fn plan_words(app: App) -> Memo<Option<(String, Vec<String>)>> {
    Memo::new(move |_| {
        let catalog = app.catalog_ready()?;
        let found = app.written.with(|written| written.as_ref().map(|written| resolve(&written.to_string(), &catalog)));
        let refused = match found {
            Some(Ok(resolved)) => {
                let notes = resolved.warnings.iter().map(|warning| format!("{}.", in_labels(warning))).collect();
                return Some((daily_and_yours(plan(&resolved.request)), notes));
            }
            // What is told at its field is not told again.
            _ if app.problems.with(|problems| !problems.is_empty()) => INCOMPLETE.to_owned(),
            Some(Err(refused)) => format::sentence(&Problem::from(refused).message),
            None => {
                let problems = app.draft.with(|draft| draft.to_request()).err().unwrap_or_default();
                format::sentence(&problems.into_iter().next().map_or_else(String::new, |problem| problem.message))
            }
        };
        Some((refused, Vec::new()))
    })
}

#[component]
fn Pace() -> impl IntoView {
    let app = app();
    let choose = move |event| {
        let key = event_target_value(&event);
        page::set_preference("speed", &key);
        app.speed.set(Speed::of_key(&key));
    };
    view! {
        <label class="pace">
            <span>"Pace"</span>
            <select id=app.id("pace") prop:value=move || app.speed.get().key() on:change=choose>
                {Speed::ALL.map(|(speed, key, words)| view! {
                    <option value=key selected=app.speed.get_untracked() == speed>{words}</option>
                })}
            </select>
        </label>
    }
}

#[component]
fn ProgressLine() -> impl IntoView {
    let app = app();
    let word = Memo::new(move |_| app.status.with(|s| s.state.map_or("IDLE", RunState::label)));
    let stage = Memo::new(move |_| {
        let is_starting = app.starting.get();
        app.status.with(|s| {
            let (is_refused, has_no_data) = (s.is_refused, s.sentence.is_some());
            stages::words(Way { is_starting, state: s.state, is_refused, has_no_data })
        })
    });
    let is_told = Memo::new(move |_| {
        use RunState::{Completed, Paused, Running, Stopped};
        !app.starting.get() && app.status.with(|s| matches!(s.state, Some(Running | Paused | Stopped | Completed)))
    });
    let percent = Memo::new(move |_| app.status.with(|s| format::percent(s.fraction, 0)));
    let decisions = Memo::new(move |_| {
        app.status
            .with(|s| if s.decisions.1 > 0 { format!("{} / {}", s.decisions.0, s.decisions.1) } else { String::new() })
    });
    let date = Memo::new(move |_| app.status.with(|s| s.time.map(format::day).unwrap_or_default()));
    let rest = Memo::new(move |_| app.status.with(rest_words));
    let spoken = Memo::new(move |_| app.status.with(|s| stages::spoken(s.state, s.fraction, s.time.is_some())));
    view! {
        <div class="progress-line">
            <span class="word" id=app.id("status") data-state=word>{word}</span>
            // Where the word of the state says the same, it is for the ear alone.
            <span class="figure stage" class:unseen=move || is_told.get() id=app.id("stage")>{stage}</span>
            <div
                class="progress" role="progressbar" aria-label="Progress of the run" aria-valuemin="0" aria-valuemax="100"
                aria-valuenow=move || app.status.with(|s| (s.fraction * 100.0) as u32)
                style:--done=move || app.status.with(|s| s.fraction.to_string())
            >
                <span></span>
            </div>
            <span class="figure percent" id=app.id("percent")>{percent}</span>
            <span class="figure decisions" id=app.id("decisions") title="Decisions done / due">{decisions}</span>
            <span class="figure date" id=app.id("date")>{date}</span>
            <span class="figure rest" id=app.id("rest")>{rest}</span>
            <span class="unseen" role="status">{spoken}</span>
        </div>
    }
}

fn rest_words(status: &Status) -> String {
    if let (Some((done, total)), true) = (status.bytes, status.is_active())
        && done < total
    {
        return format!("{} of {}", format::bytes(done), format::bytes(total));
    }
    match (status.state, status.seconds_left) {
        (Some(RunState::Running), Some(left)) => format!("{} left", format::duration(left)),
        _ => String::new(),
    }
}
