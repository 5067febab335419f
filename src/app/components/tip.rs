//! A label with an explanation that hover and focus show.

use leptos::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Explanations so far: each has an id of its own, whatever else is on the page.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A label whose explanation appears on hover, focus or tap; Escape hides it.
#[component]
pub fn Tip(
    /// The label.
    label: &'static str,
    /// The explanation, one paragraph a line.
    lines: Vec<String>,
) -> impl IntoView {
    let id = format!("tip-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let hide = |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            crate::web::page::blur();
        }
    };
    view! {
        <span class="tip">
            <button type="button" class="tip-label" aria-describedby=id.clone() on:keydown=hide>{label}</button>
            <span class="tip-box" role="tooltip" id=id>
                {lines.into_iter().map(|line| view! { <span class="tip-line">{line}</span> }).collect_view()}
            </span>
        </span>
    }
}
