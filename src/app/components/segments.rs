//! One of a few choices, as buttons beside one another.

use leptos::prelude::*;

/// Buttons of which one is pressed.
#[component]
pub fn Segments(
    /// What a screen reader calls the choice.
    label: &'static str,
    /// The words of the choices.
    #[prop(into)]
    words: Signal<Vec<String>>,
    /// The place of the one that is chosen.
    #[prop(into)]
    chosen: Signal<usize>,
    /// Takes the place of another.
    choose: Callback<usize>,
    /// None can be chosen now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let take = move |place| {
        if chosen.get_untracked() != place {
            choose.run(place);
        }
    };
    view! {
        <div class="segments" role="group" aria-label=label>
            {move || words.get().into_iter().enumerate().map(|(place, words)| view! {
                <button type="button" disabled=disabled aria-pressed=move || (chosen.get() == place).to_string() on:click=move |_| take(place)>{words}</button>
            }).collect_view()}
        </div>
    }
}
