//! What the premium of a result rests on, with the badge of its prices.

use super::unbroken;
use crate::app::state::app;
use crate::display::evidence::badge;
use crate::metrics::EvidenceLine;
use leptos::prelude::*;

/// The evidence of what is shown, all variants together; nothing before the first figure.
#[component]
pub fn ShownEvidence() -> impl IntoView {
    let app = app();
    let line = Memo::new(move |_| app.evidence(None));
    view! { {move || line.get().map(|line| view! { <EvidenceWords line=line/> })} }
}

/// The badge and the sentence.
#[component]
pub fn EvidenceWords(line: EvidenceLine) -> impl IntoView {
    let kind = badge(line.kind);
    view! {
        <p class="evidence">
            <span class="badge" data-kind=kind>{kind}</span>
            <span>{unbroken(&line.words)}</span>
        </p>
    }
}
