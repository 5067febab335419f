//! What the page is made of: the tokens of its style sheet, and its icons.

use super::Part;
use crate::app::components::Icon;
use leptos::prelude::*;

/// Colours by what they are for, as assets/tokens.css names them.
const COLOURS: [&str; 30] = [
    "ground",
    "surface",
    "raised",
    "line",
    "edge",
    "text",
    "muted",
    "accent",
    "accent-strong",
    "on-accent",
    "accent-soft",
    "gain",
    "loss",
    "gain-soft",
    "loss-soft",
    "warn-soft",
    "open",
    "hodl",
    "bull",
    "bear",
    "picked",
    "beyond",
    "select",
    "wash",
    "series-1",
    "series-2",
    "series-3",
    "series-4",
    "series-5",
    "series-6",
];
/// Sizes of type; the last is that of tables on paper.
const SIZES: [&str; 7] = ["tiny", "small", "body", "large", "title", "figure", "printed"];
/// Typefaces.
const FONTS: [&str; 2] = ["font", "mono"];
/// Lengths between parts.
const SPACES: [&str; 6] = ["s1", "s2", "s3", "s4", "s6", "s8"];
/// Corners, least first.
const RADII: [&str; 5] = ["radius-tiny", "radius-small", "radius", "radius-large", "radius-round"];
/// How long a change takes; a pointer over one shows it.
const DURATIONS: [&str; 2] = ["quick", "slow"];
const ICONS: [&str; 11] = ["play", "stop", "pause", "step", "link", "theme", "close", "copy", "plus", "edit", "trash"];

/// All of assets/tokens.css; `script/check-text` compares the names.
#[component]
pub fn Tokens() -> impl IntoView {
    view! {
        <Part title="Tokens">
            <ul class="gallery-row">
                {COLOURS.map(|name| view! {
                    <li class="gallery-colour"><span style:--own=format!("var(--{name})")></span>{name}</li>
                })}
            </ul>
            <ul class="gallery-row">
                {SIZES.map(|name| view! { <li class="gallery-size" style:--own=format!("var(--{name})")>{name}" 1,234.50"</li> })}
                {FONTS.map(|name| view! { <li class="gallery-font" style:--own=format!("var(--{name})")>{name}" 1,234.50"</li> })}
            </ul>
            <ul class="gallery-row">
                {SPACES.map(|name| view! { <li class="gallery-space" style:--own=format!("var(--{name})")><span></span>{name}</li> })}
                <li class="gallery-row-height"><span></span>"row"</li>
            </ul>
            <ul class="gallery-row">
                {RADII.map(|name| view! { <li class="gallery-radius" style:--own=format!("var(--{name})")><span></span>{name}</li> })}
                <li class="gallery-shadow"><span></span>"shadow"</li>
                {DURATIONS.map(|name| view! { <li class="gallery-duration" style:--own=format!("var(--{name})")><span></span>{name}</li> })}
            </ul>
            <ul class="gallery-row">
                {ICONS.map(|name| view! { <li class="gallery-icon"><Icon name=name/>{name}</li> })}
            </ul>
        </Part>
    }
}
