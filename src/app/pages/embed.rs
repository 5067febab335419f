//! Chart and key numbers alone, for a frame in another page.

use crate::app::ADVICE;
use crate::app::charts::HeroChart;
use crate::app::components::{KeyNumbers, Notice, Plan, Questions, VerdictLine};
use crate::web::page;
use leptos::prelude::*;

/// The embedded result, with the way to the whole page.
#[component]
pub fn Embed() -> impl IntoView {
    let address = page::address().replacen("embed=1&", "", 1).replacen("?embed=1", "", 1).replacen("&embed=1", "", 1);
    view! {
        <main class="results embed">
            <h1 class="unseen">"A backtest by chainwalk"</h1>
            <Notice/>
            <Questions/>
            <VerdictLine/>
            <Plan/>
            <HeroChart/>
            <KeyNumbers/>
            <footer class="foot"><a href=address target="_blank" rel="noopener">"Open in chainwalk"</a>". "{ADVICE}</footer>
        </main>
    }
}
