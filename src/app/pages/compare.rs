//! The Compare page.

use crate::display::Side;
use leptos::prelude::*;

/// The Compare page.
#[component]
pub fn Compare(sides: Vec<Side>) -> impl IntoView {
    let count = sides.len();
    view! { <main class="page" id="compare"><h2>"Compare"</h2><p>{count}</p></main> }
}
