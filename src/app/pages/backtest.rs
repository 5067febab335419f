//! The Backtest page: form, run bar, chart, key numbers, tabs.

use crate::app::charts::HeroChart;
use crate::app::components::{
    Dials, Form, Inspector, KeyNumbers, LoanBanner, Notice, Plan, Questions, ResultBanner, RunBar, Tabs, UnitGrid,
    VerdictLine,
};
use crate::web::task;
use leptos::prelude::*;

/// The front page.
#[component]
pub fn Backtest() -> impl IntoView {
    view! {
        // In the order of a narrow window, for the eye and for Tab: the results, the form, the tabs. A wide one has the form beside them.
        <main class="layout">
            <div class="results">
                <RunBar/>
                <Plan/>
                <Notice/>
                <Questions/>
                <VerdictLine/>
                <ResultBanner/>
                <LoanBanner/>
                <Later part=|| view! { <HeroChart/> }.into_any()/>
                <Later part=|| view! { <Dials/> }.into_any()/>
                <Later part=|| view! { <UnitGrid/> <KeyNumbers/> }.into_any()/>
            </div>
            <section class="rail" aria-label="Settings">
                <Later part=|| view! { <Form/> }.into_any()/>
            </section>
            <Later part=|| view! { <Tabs/> }.into_any()/>
        </main>
        <Inspector/>
    }
}

/// A part of the page that is built in a turn of its own, so that no turn takes long on a slow machine.
#[component]
pub fn Later(
    /// What is built.
    part: fn() -> AnyView,
) -> impl IntoView {
    let is_due = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        task::next_turn().await;
        // a page that is gone meanwhile needs no part
        let _ = is_due.try_set(true);
    });
    view! { <Show when=move || is_due.get()>{part()}</Show> }
}
