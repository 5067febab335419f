//! The Backtest page: form, run bar, chart, key numbers, tabs.

use crate::app::charts::HeroChart;
use crate::app::components::{
    Dials, Form, Inspector, KeyNumbers, LoanBanner, Notice, Plan, Questions, ResultBanner, RunBar, Tabs, UnitGrid,
    VerdictLine,
};
use leptos::prelude::*;

/// The front page.
#[component]
pub fn Backtest() -> impl IntoView {
    view! {
        // The tabs stand beside the results and not in them: in a narrow window the form comes between, for the eye and for Tab.
        <main class="layout">
            <section class="rail" aria-label="Settings">
                <Form/>
            </section>
            <div class="results">
                <RunBar/>
                <Plan/>
                <Notice/>
                <Questions/>
                <VerdictLine/>
                <ResultBanner/>
                <LoanBanner/>
                <HeroChart/>
                <Dials/>
                <UnitGrid/>
                <KeyNumbers/>
            </div>
            <Tabs/>
        </main>
        <Inspector/>
    }
}
