//! The Help page.

use leptos::prelude::*;

/// The Help page.
#[component]
pub fn Help() -> impl IntoView {
    view! { <main class="page" id="help"><h2>"Help"</h2></main> }
}
