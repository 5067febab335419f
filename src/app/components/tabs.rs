//! The tabs below the key numbers.

use super::assumptions::Assumptions;
use super::costs::Costs;
use super::log::Log;
use super::months::Months;
use super::steps::Steps;
use super::trades::Trades;
use crate::app::state::app;
use leptos::prelude::*;

const TABS: [(&str, &str); 6] = [
    ("steps", "Steps"),
    ("trades", "Trades"),
    ("months", "Months"),
    ("costs", "Costs"),
    ("assumptions", "Assumptions"),
    ("log", "Log"),
];

/// Tabs with arrow keys; several variants are chosen beside them.
#[component]
pub fn Tabs() -> impl IntoView {
    let app = app();
    let open = RwSignal::new(0usize);
    let unit = RwSignal::new(0usize);
    let names = Memo::new(move |_| app.columns.with(|c| c.iter().map(|c| c.name.clone()).collect::<Vec<_>>()));
    Effect::new(move |_| {
        if names.with(Vec::len) <= unit.get_untracked() {
            unit.set(0);
        }
    });
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let here = open.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % TABS.len(),
            "ArrowLeft" => (here + TABS.len() - 1) % TABS.len(),
            "Home" => 0,
            "End" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        open.set(next);
        crate::web::page::focus(&format!("tab-{}", TABS[next].0));
    };
    let body = move || match open.get() {
        0 => view! { <Steps unit=unit/> }.into_any(),
        1 => view! { <Trades unit=unit/> }.into_any(),
        2 => view! { <Months unit=unit/> }.into_any(),
        3 => view! { <Costs unit=unit/> }.into_any(),
        4 => view! { <Assumptions/> }.into_any(),
        _ => view! { <Log/> }.into_any(),
    };
    view! {
        <section class="tabs card" aria-label="Details">
            <div class="tab-head">
                <div class="tab-list" role="tablist" aria-label="Details" on:keydown=walk>
                    {TABS.into_iter().enumerate().map(|(i, (key, words))| view! {
                        <button
                            type="button" role="tab" id=format!("tab-{key}") aria-controls="tab-panel"
                            aria-selected=move || (open.get() == i).to_string()
                            tabindex=move || if open.get() == i { "0" } else { "-1" }
                            on:click=move |_| open.set(i)
                        >{words}</button>
                    }).collect_view()}
                </div>
                <Show when=move || { names.with(Vec::len) > 1 && open.get() < 4 }>
                    <label class="pace"><span>"Variant"</span>
                        <select on:change=move |e| unit.set(event_target_value(&e).parse().unwrap_or(0))>
                            {move || names.get().into_iter().enumerate().map(|(i, name)| view! {
                                <option value=i.to_string() selected=unit.get_untracked() == i>{name}</option>
                            }).collect_view()}
                        </select>
                    </label>
                </Show>
            </div>
            <div id="tab-panel" role="tabpanel" aria-labelledby=move || format!("tab-{}", TABS[open.get()].0)>{body}</div>
        </section>
    }
}

/// What a tab says while there is nothing to show.
#[component]
pub fn Nothing(text: &'static str) -> impl IntoView {
    view! { <p class="nothing">{text}</p> }
}
