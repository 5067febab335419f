//! The front page before a run: its head, its form, its tabs, and what stands where there is nothing yet.

use super::Part;
use super::around::{Around, Sample, TIME, sample_of, shown, when_read};
use super::samples::{at, columns};
use super::whole::borrows;
use crate::app::charts::HeroChart;
use crate::app::components::{
    Assumptions, Costs, Form, Header, LoanResult, Log, Months, Plan, Risk, Steps, Tabs, Trades,
};
use crate::app::driver;
use crate::app::state::{App, Column, Opening, app};
use crate::display::{At, Draft, Route};
use crate::market::Catalog;
use crate::run::RunState;
use leptos::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// The page's head, and the chart before a run.
#[component]
pub fn Heads() -> impl IntoView {
    view! { <Part title="Head"><Sample set=|app| app.route.set(Route::Backtest)><Header/><HeroChart/></Sample><h2 class="unseen">"Parts"</h2></Part> }
}

/// A fold that is closed.
const CLOSED: &str = "details:not([open]) > summary";

/// The form: untouched, with problems, while a run is under way with every fold open, with all settings and a variant that is
/// switched off, and with a loan and hedges, two of which are unfolded.
#[component]
pub fn Forms() -> impl IntoView {
    let page = app();
    let form = move |draft: Option<Draft>, all: bool, folds: usize, set: fn(App)| {
        let sample = sample_of(page);
        sample.all_settings.set(all);
        sample.unfolded.set(all);
        sample.draft.set(draft.unwrap_or_default());
        set(sample);
        view! { <Around sample=sample press=CLOSED times=folds><Plan/><Form/></Around> }
    };
    let wrong = |sample: App| {
        sample.draft.update(|draft| draft.set(At::Shared, "start", "2001-01-01"));
        driver::recheck(sample);
    };
    let borrowed = |sample: App| {
        sample.opening.set(Some(Opening { dataset: "gld-long".into(), time: TIME, price: 143.95 }));
    };
    let forms = move |catalog: Arc<Catalog>| {
        let draft = |written| Draft::of_request(&written, &catalog);
        let rolls = || draft(json!({ "exit_style": "tp_and_roll" }));
        let off = json!({ "variants": [{}, { "name": "Switched off", "enabled": false }] });
        view! {
            {form(draft(json!({})), false, 0, |_| ())}
            {form(rolls(), false, 0, wrong)}
            {form(rolls(), true, 7, |sample| sample.status.set(at(RunState::Running)))}
            {form(draft(off), true, 0, |_| ())}
            {form(draft(borrows(&catalog)), true, 4, borrowed)}
        }
    };
    view! { <Part title="Settings"><div class="gallery-forms">{move || page.catalog_ready().map(forms)}</div></Part> }
}

/// The tabs of one variant and of several with a loan; then what each says before there is anything to show.
#[component]
pub fn Before() -> impl IntoView {
    let unit = RwSignal::new(0);
    let borrowed = |app: App| {
        app.columns.set(columns().into_iter().map(|column| Column { summary: None, ..column }).collect());
        when_read(app, |app, catalog| app.shown.set(shown(borrows(catalog), false, catalog)));
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
