//! The tabs below the key numbers.

use super::assumptions::Assumptions;
use super::costs::Costs;
use super::loan::{LoanResult, best};
use super::log::Log;
use super::months::Months;
use super::on_resize;
use super::risk::Risk;
use super::steps::Steps;
use super::trades::Trades;
use crate::app::remember;
use crate::app::state::{Shown, app};
use crate::display::keys::{self, Walk};
use crate::run::RunState;
use crate::strategy::Variant;
use crate::web::{page, task};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The loan comes first, where there is one.
const TABS: [(&str, &str); 8] = [
    ("loan", "Loan"),
    ("steps", "Steps"),
    ("trades", "Trades"),
    ("months", "Months"),
    ("risk", "Risk"),
    ("costs", "Costs"),
    ("assumptions", "Assumptions"),
    ("log", "Log"),
];

/// Tabs with arrow keys; several variants are chosen beside them.
#[component]
pub fn Tabs() -> impl IntoView {
    let app = app();
    // The tab that was open comes back with the page.
    let before = (!app.is_sample()).then(|| page::preference("tab")).flatten();
    let before = before.and_then(|key| TABS.iter().position(|(known, _)| *known == key));
    let open = RwSignal::new(before.unwrap_or(1));
    // The row of tabs scrolls in a narrow window; the page itself stays where it is.
    let id_of = move |place: usize| app.own_id(&format!("tab-{}", TABS[place].0));
    let row = NodeRef::<Div>::new();
    on_resize(row, move |_| page::show_across(&id_of(open.get_untracked())));
    Effect::new(move |_| {
        let place = open.get();
        if app.is_sample() {
            return;
        }
        page::set_preference("tab", TABS[place].0);
        spawn_local(async move {
            task::next_frame().await;
            page::show_across(&id_of(place));
        });
    });
    let unit = RwSignal::new(0usize);
    Effect::new(move |_| {
        app.shown.with(|shown| shown.as_ref().and_then(remember::variant_of)).into_iter().for_each(|at| unit.set(at))
    });
    let has_loan = follow_loan(open, unit);
    let choose = move |event| {
        let place = event_target_value(&event).parse().unwrap_or(0);
        remember::set_variant(app, place);
        unit.set(place);
    };
    let names = Memo::new(move |_| app.columns.with(|c| c.iter().map(|c| c.name.clone()).collect::<Vec<_>>()));
    Effect::new(move |_| {
        if names.with(Vec::len) <= unit.get_untracked() {
            unit.set(0);
        }
    });
    let panel = app.own_id("tab-panel");
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let here = open.get_untracked();
        let first = usize::from(!has_loan.get_untracked());
        let (count, place) = (TABS.len() - first, here - first);
        let next = match keys::TABS.walk(&event.key()) {
            Some(Walk::On) => first + (place + 1) % count,
            Some(Walk::Back) => first + (place + count - 1) % count,
            Some(Walk::First) => first,
            Some(Walk::Last) => TABS.len() - 1,
            None => return,
        };
        event.prevent_default();
        open.set(next);
        page::focus(&id_of(next));
    };
    let body = move || match open.get() {
        0 => view! { <LoanResult unit=unit/> }.into_any(),
        1 => view! { <Steps unit=unit/> }.into_any(),
        2 => view! { <Trades unit=unit/> }.into_any(),
        3 => view! { <Months unit=unit/> }.into_any(),
        4 => view! { <Risk unit=unit/> }.into_any(),
        5 => view! { <Costs unit=unit/> }.into_any(),
        6 => view! { <Assumptions/> }.into_any(),
        _ => view! { <Log/> }.into_any(),
    };
    view! {
        <section class="tabs card" aria-label="Details">
            <div class="tab-head">
                <div class="tab-list" role="tablist" aria-label="Details" node_ref=row on:keydown=walk>
                    {TABS.into_iter().enumerate().map(|(i, (_, words))| view! {
                        <button
                            type="button" role="tab" id=id_of(i) aria-controls=panel.clone()
                            aria-selected=move || (open.get() == i).to_string()
                            hidden=move || i == 0 && !has_loan.get()
                            tabindex=move || if open.get() == i { "0" } else { "-1" }
                            on:click=move |_| open.set(i)
                        >{words}</button>
                    }).collect_view()}
                </div>
                <Show when=move || { names.with(Vec::len) > 1 && open.get() < 6 }>
                    <label class="pace"><span>"Variant"</span>
                        <select id=app.id("variant") on:change=choose>
                            {move || names.get().into_iter().enumerate().map(|(i, name)| view! {
                                <option value=i.to_string() prop:selected=move || unit.get() == i>{name}</option>
                            }).collect_view()}
                        </select>
                    </label>
                </Show>
            </div>
            <div id=panel.clone() role="tabpanel" aria-labelledby=move || id_of(open.get())>{body}</div>
        </section>
    }
}

/// Opens the Loan tab for runs with a loan, at a variant that hedges, and at the best one once the run is over.
fn follow_loan(open: RwSignal<usize>, unit: RwSignal<usize>) -> Memo<bool> {
    let app = app();
    let hedged = Memo::new(move |_| app.shown.with(|shown| first_hedged(shown.as_ref()?)));
    let remembered = move || app.shown.with_untracked(|shown| remember::variant_of(shown.as_ref()?));
    let has_loan = Memo::new(move |_| hedged.with(Option::is_some));
    let chosen = StoredValue::new(0usize);
    let choose = move |place: usize| {
        chosen.set_value(place);
        unit.set(place);
    };
    Effect::new(move |_| match hedged.get() {
        Some(place) => {
            open.set(0);
            choose(remembered().unwrap_or(place));
        }
        None if open.get_untracked() == 0 => open.set(1),
        None => {}
    });
    Effect::new(move |_| {
        let is_over = app.status.with(|s| s.state.is_some_and(RunState::is_final));
        // Whoever has looked at another variant stays there.
        if is_over && has_loan.get() && unit.get_untracked() == chosen.get_value() && remembered().is_none() {
            app.columns.track();
            best(app).into_iter().for_each(choose);
        }
    });
    has_loan
}

/// The first variant that hedges, or else the first of all; `None` without a loan.
fn first_hedged(shown: &Shown) -> Option<usize> {
    let request = &shown.resolved.request;
    let hedges = |variant: &Variant| variant.hedge.as_ref().is_some_and(|hedge| hedge.coverage > 0.0);
    request.account.loan.as_ref().map(|_| request.variants.iter().position(hedges).unwrap_or(0))
}

/// What a tab says while there is nothing to show.
#[component]
pub fn Nothing(text: &'static str) -> impl IntoView {
    view! { <p class="nothing">{text}</p> }
}
