//! The front page before a run: its head, its form, its tabs, and what stands where there is nothing yet.

use super::Part;
use super::around::{Around, Sample, sample_of, shown, when_read};
use super::samples::{at, columns};
use super::whole::PRESET;
use crate::app::charts::HeroChart;
use crate::app::components::{
    Assumptions, Costs, Form, Header, LoanResult, Log, Months, Plan, Risk, Steps, Tabs, Trades,
};
use crate::app::driver;
use crate::app::state::{App, Column, app};
use crate::display::presets::presets;
use crate::display::{At, Draft, Route};
use crate::run::RunState;
use leptos::prelude::*;
use serde_json::{Value, json};

/// The page's head, and the chart before a run.
#[component]
pub fn Heads() -> impl IntoView {
    view! { <Part title="Head"><Sample set=|app| app.route.set(Route::Backtest)><Header/><HeroChart/></Sample><h2 class="unseen">"Parts"</h2></Part> }
}

/// The form: untouched, with problems, while a run is under way, and with all settings and a variant that is switched off.
#[component]
pub fn Forms() -> impl IntoView {
    let page = app();
    let form = move |written: Value, all: bool, set: fn(App)| {
        let sample = sample_of(page);
        sample.all_settings.set(all);
        when_read(sample, move |sample, catalog| {
            if let Some(draft) = Draft::of_request(&written, catalog) {
                sample.draft.set(draft);
                set(sample);
            }
        });
        view! { <Around sample=sample><Plan/><Form/></Around> }
    };
    let wrong = |sample: App| {
        sample.draft.update(|draft| draft.set(At::Shared, "start", "2001-01-01"));
        driver::recheck(sample);
    };
    let rolls = || json!({ "exit_style": "tp_and_roll" });
    let off = json!({ "variants": [{}, { "name": "Switched off", "enabled": false }] });
    view! {
        <Part title="Settings">
            <div class="gallery-forms">
                {form(json!({}), false, |_| ())}
                {form(rolls(), false, wrong)}
                {form(rolls(), true, |sample| sample.status.set(at(RunState::Running)))}
                {form(off, true, |_| ())}
            </div>
        </Part>
    }
}

/// The tabs of one variant and of several with a loan; then what each says before there is anything to show.
#[component]
pub fn Before() -> impl IntoView {
    let unit = RwSignal::new(0);
    let borrowed = |app: App| {
        app.columns.set(columns().into_iter().map(|column| Column { summary: None, ..column }).collect());
        when_read(app, |app, catalog| {
            let preset = presets(catalog).into_iter().find(|preset| preset.title == PRESET);
            app.shown.set(preset.and_then(|preset| shown(preset.written, false, catalog)));
        });
    };
    view! {
        <Part title="Tabs">
            <Sample><Tabs/></Sample>
            <Sample set=borrowed><Tabs/></Sample>
        </Part>
        <Part title="Nothing yet">
            <Sample>
                <LoanResult unit=unit/><Steps unit=unit/><Trades unit=unit/><Months unit=unit/><Risk unit=unit/><Costs unit=unit/><Assumptions/><Log/>
            </Sample>
        </Part>
    }
}
