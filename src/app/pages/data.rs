//! The Data page: what can be replayed, and what is in it.

use leptos::prelude::*;

/// The datasets.
#[component]
pub fn Data() -> impl IntoView {
    view! {
        <main class="page" id="data">
            <header class="page-head">
                <h2>"Data"</h2>
                <p class="quiet-text">"What can be replayed: where it comes from, how complete and how near to the market it is."</p>
            </header>
        </main>
    }
}
