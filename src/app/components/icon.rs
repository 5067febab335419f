//! A few line icons.

use leptos::prelude::*;

/// Draws one of a few 16-pixel icons; it says nothing to screen readers.
#[component]
pub fn Icon(
    /// Which one: `play`, `stop`, `pause`, `step`, `link`, `theme`, `close`, `copy`, `plus`, `edit`, `trash`.
    name: &'static str,
) -> impl IntoView {
    let path = match name {
        "play" => "M4 2.5v11l9.5-5.5z",
        "stop" => "M3 3h10v10H3z",
        "pause" => "M4 3h3v10H4zM9 3h3v10H9z",
        "step" => "M3 2.5v11l7-5.5zM11 3h2.2v10H11z",
        "link" => "M6.5 9.5l3-3M7 4.5l1.6-1.6a2.9 2.9 0 0 1 4.1 4.1L11 8.6M9 11.5l-1.6 1.6a2.9 2.9 0 0 1-4.1-4.1L5 7.4",
        "theme" => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
        "close" => "M3.5 3.5l9 9M12.5 3.5l-9 9",
        "copy" => "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
        "edit" => "M3 13l.7-3L10.5 3.2a1.6 1.6 0 0 1 2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3",
        "plus" => "M8 3v10M3 8h10",
        _ => "M3.5 4.5h9M6.5 4V2.7h3V4M4.7 4.7l.6 8.8h5.4l.6-8.8",
    };
    let filled = matches!(name, "play" | "stop" | "pause" | "step");
    let class = if filled { "icon filled" } else { "icon" };
    view! {
        <svg class=class viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=path/>
        </svg>
    }
}
