//! The Runs page in its states.

use super::Part;
use super::around::{Sample, TIME};
use crate::app::components::runs::{Gone, Limits, Listing, Said, Shelf, Undo, active};
use crate::app::pages::RunCard;
use crate::app::state::app;
use crate::display::runs::Query;
use crate::run::{RunState, UnitState};
use crate::store::{Kept, Removed, RunRecord, UnitRecord};
use leptos::context::Provider;
use leptos::prelude::*;
use serde_json::{Value, json};

/// A run that was kept in a state.
pub fn kept(state: RunState) -> Kept {
    let is_over = state.is_final();
    let id = format!("sample-{}", state.label().to_lowercase());
    Kept {
        run: RunRecord {
            schema: 1,
            id: id.clone(),
            state,
            created_ms: TIME.0,
            finished_ms: is_over.then_some(TIME.0),
            underlying: "BTC".into(),
            dataset: "btc-2026".into(),
            start: "2026-01-01".into(),
            end: "2026-06-30".into(),
            exit_style: "hold_to_expiry".into(),
            variants: vec!["Covered call".into()],
            written: Value::Null,
            request: Value::Null,
            fingerprint: String::new(),
            engine_version: String::new(),
            digest: is_over.then(|| "5e1f0c".repeat(10)),
            per_one: 10_000,
            progress: if is_over { 1.0 } else { 0.4 },
            decisions_done: if is_over { 181 } else { 72 },
            decisions_total: 181,
            marks_done: 1_740,
            warnings: Vec::new(),
            evidence: None,
        },
        label: if is_over { String::new() } else { "A label that somebody gave".into() },
        units: vec![UnitRecord {
            run: id.clone(),
            unit: 0,
            name: "Covered call".into(),
            state: UnitState::Completed,
            error: None,
            error_after: None,
            style: String::new(),
            metrics: json!({ "final_pnl_vs_hodl_coin": 0.0859, "total_return": -0.12, "max_drawdown": 0.316 }),
            evidence: None,
        }],
    }
}

/// The list and what is said above it: before it is read, unreadable, empty, with none that fits, and with runs in every state.
#[component]
pub fn KeptRuns() -> impl IntoView {
    use RunState::{Completed, Failed, Partial, Paused, Running, Stopped};
    let of = |states: &[RunState]| Listing::Ready(states.iter().map(|state| kept(*state)).collect(), Vec::new());
    let shelf = |listing: Listing| {
        let shelf = Shelf::new();
        shelf.listing.set(listing);
        shelf
    };
    let shows = |shelf: Shelf, press: &'static str| view! { <Sample press=press><Stood shelf=shelf/></Sample> };
    let unfit = shelf(of(&[Completed]));
    unfit.query.set(Query { search: "Something else".into(), ..Query::default() });
    // One is under way in another tab, and one was when its page closed.
    let full = shelf(of(&[Completed, Running, Paused, Stopped, Partial, Failed]));
    let id = |state| kept(state).run.id;
    full.elsewhere.set(Some(id(Running)));
    full.selected.set(vec![id(Completed), id(Stopped)]);
    full.unfolded.set(Some(id(Partial)));
    full.gone.set(vec![Gone { serial: 1, name: "Calm call".into(), removed: Removed::default() }]);
    full.said.set(vec![
        (true, "Imported Covered call, BTC, 2026-01-01 to 2026-06-30.".into()),
        (false, "notes.json is not imported: it is no exported run.".into()),
    ]);
    let faults = vec!["a record of a newer build of the page: reload the page".into()];
    view! {
        <Part title="Kept runs">
            {shows(shelf(Listing::Loading), "")}
            {shows(shelf(Listing::Failed("the browser keeps no storage for this page".into())), "")}
            {shows(shelf(Listing::Ready(Vec::new(), faults)), "")}
            {shows(unfit, "")}
            {shows(full, ".run-name button")}
            <Sample><Limits/></Sample>
        </Part>
    }
}

/// The Runs page on a state of its list.
#[component]
fn Stood(shelf: Shelf) -> impl IntoView {
    let app = app();
    let active = Memo::new(move |_| active(app, shelf));
    view! { <Provider value=shelf><Undo/><Said/><RunCard active=active/></Provider> }
}
