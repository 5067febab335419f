//! The Runs page.

use leptos::prelude::*;

/// The Runs page.
#[component]
pub fn Runs() -> impl IntoView {
    view! { <main class="page" id="runs"><h2>"Runs"</h2></main> }
}
