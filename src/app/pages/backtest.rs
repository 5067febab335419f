//! The Backtest page: form, run bar, chart, key numbers, tabs.

use crate::app::charts::HeroChart;
use crate::app::components::{
    Dials, Form, Inspector, KeyNumbers, Later, LoanBanner, Notice, Plan, Questions, ResultBanner, RunBar, Tabs,
    UnitGrid, VerdictLine,
};
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
