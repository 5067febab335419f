//! The Data page: what can be replayed, and what is in it.

use crate::app::components::after_a_frame;
use crate::app::components::data::{Browser, Calibration, CoverageCard, DatasetHead, DatasetList};
use crate::app::components::open::OpenData;
use crate::app::desk::Desk;
use crate::app::state::app;
use leptos::prelude::*;

/// The datasets, and the chosen one with its calendar, its chains and its calibration.
#[component]
pub fn Data() -> impl IntoView {
    let app = app();
    let desk = Desk::new(app);
    provide_context(desk);
    let is_due = RwSignal::new(false);
    after_a_frame(is_due);
    let wanted = Memo::new(move |_| {
        let id = app.route.with(|route| match route {
            crate::display::Route::Data(place) => place.dataset.clone(),
            _ => None,
        });
        id.filter(|_| app.catalog_ready().is_some() && desk.dataset.with(Option::is_none))
    });
    view! {
        <main class="page" id="data">
            <header class="page-head">
                <h2>"Data"</h2>
                <p class="quiet-text">"What can be replayed: where it comes from, how complete and how near to the market it is."</p>
            </header>
            // A press on a link does not wait for all of it.
            <Show when=move || is_due.get()>
                <DatasetList/>
                <OpenData/>
                {move || wanted.get().map(|id| view! {
                    <div class="banner warn" role="status"><p>"There is no dataset "{id}" here: choose one of the list."</p></div>
                })}
                {move || desk.dataset.get().map(|dataset| {
                    let has_model = dataset.model.is_some();
                    view! {
                        <DatasetHead dataset=dataset.clone()/>
                        <Browser dataset=dataset.clone()/>
                        <CoverageCard dataset=dataset.clone()/>
                        {has_model.then(|| view! { <Calibration dataset=dataset/> })}
                    }
                })}
            </Show>
        </main>
    }
}
