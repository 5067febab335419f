//! What is drawn from a whole run, and of a dataset, by the components of the pages on a state beside the page's own.

use super::Part;
use super::around::{Around, TIME, sample_of};
use crate::app::charts::{CompareChart, HeroChart};
use crate::app::components::compare::{CompareFigures, CompareHeads, CompareSettings};
use crate::app::components::data::{Browser, Calibration, CoverageCard, DatasetHead, DatasetList};
use crate::app::components::open::{OpenData, Opening};
use crate::app::components::{
    Assumptions, Costs, Dials, KeyNumbers, LoanBanner, LoanResult, Log, Months, Risk, UnitGrid,
};
use crate::app::desk::Desk;
use crate::app::loader::read_packs;
use crate::app::state::{App, app};
use crate::app::{driver, live};
use crate::display::compare::{Column, columns};
use crate::display::presets::presets;
use crate::display::{DataPlace, Draft, Route, Side};
use crate::market::Catalog;
use crate::store::{Archive, Level, LogLine, Save, Saving};
use crate::web::kept::AnyStore;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::sync::Arc;

/// The preset that has most to show: a loan, without a hedge and with three.
const PRESET: &str = "Gold loan, 2020";
/// A variant of it that hedges.
const HEDGED: usize = 1;
/// A dataset with a model, which has a calibration.
const DATASET: &str = "btc-long";
/// The name of the run in a storage of its own.
const RUN: &str = "sample";

/// The result of a preset, computed here: its chart, and what every tab makes of it.
#[component]
pub fn WholeRun() -> impl IntoView {
    let sample = sample_of(app());
    let compared = RwSignal::new(Arc::new(Vec::<Column>::new()));
    let is_there = Memo::new(move |_| compared.with(|columns| !columns.is_empty()));
    let unit = RwSignal::new(HEDGED);
    Effect::new(move |_| {
        if sample.catalog_ready().is_some() {
            spawn_local(async move {
                if let Some(columns) = walk(sample).await {
                    // a gallery that is gone needs no comparison
                    let _ = compared.try_set(Arc::new(columns));
                }
            });
        }
    });
    let columns = Memo::new(move |_| compared.get());
    view! {
        <div class="gallery-whole" data-whole=move || is_there.get().to_string()>
            <Show when=move || is_there.get() fallback=|| view! { <p class="quiet-text">"A run is computed …"</p> }>
                <Part title="Result"><Around sample=sample><LoanBanner/><HeroChart/><UnitGrid/><KeyNumbers/><Dials/></Around></Part>
                <Part title="Loan"><Around sample=sample><LoanResult unit=unit/></Around></Part>
                <Part title="Months"><Around sample=sample><Months unit=unit/></Around></Part>
                <Part title="Risk"><Around sample=sample><Risk unit=unit/></Around></Part>
                <Part title="Costs"><Around sample=sample><Costs unit=unit/></Around></Part>
                <Part title="Assumptions"><Around sample=sample><Assumptions/></Around></Part>
                <Part title="Log"><Around sample=sample><Log/></Around></Part>
                <Part title="Comparison">
                    <Around sample=sample press="summary">
                        <CompareHeads columns=columns/><CompareSettings columns=columns/><CompareChart columns=columns/><CompareFigures columns=columns/>
                    </Around>
                </Part>
            </Show>
        </div>
    }
}

/// What the preset writes; nothing where its data are not there.
pub fn borrows(catalog: &Catalog) -> Value {
    presets(catalog).into_iter().find(|preset| preset.title == PRESET).map(|preset| preset.written).unwrap_or_default()
}

/// Computes the preset's run as dials do, and what a comparison of its variants shows; `None` where its data cannot be read.
async fn walk(sample: App) -> Option<Vec<Column>> {
    let catalog = sample.catalog_ready_untracked()?;
    sample.draft.try_set(Draft::of_request(&borrows(&catalog), &catalog)?);
    let (written, resolved) = driver::check(sample).ok()?;
    let packs = resolved.packs();
    sample.session.try_update_value(|s| s.tape.aim(&resolved.dataset.snapshots_key(), &packs))?;
    read_packs(sample, &resolved.dataset, packs, |_| true, |_| {}).await.ok()?;
    live::follow(sample).await;
    let saving = Saving { id: RUN.into(), created_ms: TIME.0, written, kept: Vec::new() };
    let line = |line: u32, level, message: &str| LogLine {
        run: RUN.into(),
        line,
        time_ms: TIME.0,
        level,
        variant: None,
        message: message.into(),
        date: None,
    };
    let log = vec![line(0, Level::Info, "The run began."), line(1, Level::Warning, "Something is worth knowing.")];
    let save = sample.session.try_update_value(|s| {
        s.log.clone_from(&log);
        Some(Save::of(s.run.as_ref()?, &saving, TIME.0, &log))
    })??;
    sample.log.try_update(|n| *n += 1);
    let archive = Archive::new(AnyStore::memory());
    archive.save(save).await.ok()?;
    let run = (archive.find(RUN).await.ok()?, archive.equity(RUN).await.ok()?);
    Some(columns(&[Side { run: RUN.into(), unit: None }], &[run], None).0)
}

/// The parts of the Data page, of one dataset.
#[component]
pub fn DataParts() -> impl IntoView {
    let sample = sample_of(app());
    sample.route.set(Route::Data(DataPlace::dataset(DATASET)));
    let desk = Desk::new(sample);
    view! {
        <Provider value=desk>
            <Provider value=Opening::new()>
                <Around sample=sample>
                    <DatasetList/>
                    <OpenData/>
                    {move || desk.dataset.get().map(|dataset| view! {
                        <DatasetHead dataset=dataset.clone()/>
                        <Browser dataset=dataset.clone()/>
                        <CoverageCard dataset=dataset.clone()/>
                        <Calibration dataset=dataset/>
                    })}
                </Around>
            </Provider>
        </Provider>
    }
}
