//! What came of an import, and what can be done with it.

use super::list::Acts;
use super::opening;
use super::talk::put_away;
use crate::import::open::{Done, Part};
use crate::market::Dataset;
use leptos::prelude::*;
use std::sync::Arc;

/// What was kept, dropped, changed and found.
#[component]
pub(super) fn Outcome(done: Arc<Done>, datasets: Arc<Vec<Dataset>>) -> impl IntoView {
    let opening = opening();
    let acts = |dataset: &Dataset| {
        view! { <p class="open-buttons"><strong>{format!("{} is ready in this tab.", dataset.id)}</strong><Acts dataset=dataset.clone() is_new=true/></p> }
    };
    view! {
        <div class="open-result" id="open-result" tabindex="-1" role="group" aria-label="What came of the import">
            {datasets.iter().map(acts).collect_view()}
            <div class="open-parts">{done.parts.iter().map(part).collect_view()}</div>
            <p class="open-buttons"><button type="button" class="quiet" on:click=move |_| put_away(opening)>"Put away"</button></p>
        </div>
    }
}

fn part(part: &Part) -> AnyView {
    let row = |(name, figure): &(String, String)| {
        view! { <div><dt>{name.clone()}</dt><dd>{figure.clone()}</dd></div> }
    };
    view! {
        <section>
            <h4>{part.title.clone()}</h4>
            {(!part.rows.is_empty()).then(|| view! { <dl class="rows">{part.rows.iter().map(row).collect_view()}</dl> })}
            {part.lines.iter().map(|line| view! { <p class="help">{line.clone()}</p> }).collect_view()}
        </section>
    }
    .into_any()
}
