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
        <div class="layout">
            <aside class="rail" aria-label="Settings">
                <Form/>
            </aside>
            <main class="results" id="results" tabindex="-1">
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
                <Tabs/>
            </main>
        </div>
        <Inspector/>
    }
}
