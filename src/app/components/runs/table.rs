//! The list of kept runs.

use super::line::Line;
use super::shelf;
use super::tools::Nothing;
use crate::display::runs::{self, Column, RunRow};
use leptos::prelude::*;

/// All runs that are asked for, one line each.
#[component]
pub fn RunTable(active: Memo<Option<String>>) -> impl IntoView {
    let shelf = shelf();
    let rows = Memo::new(move |_| {
        let (query, order, active) = (shelf.query.get(), shelf.order.get(), active.get());
        shelf.with_runs(|kept| runs::rows(kept, &query, order, active.as_deref()))
    });
    let ids = Memo::new(move |_| rows.with(|rows| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()));
    let row_of = move |id: String| {
        let find = move |old: Option<&RunRow>| {
            let found = rows.with(|rows| rows.iter().find(|row| row.id == id).cloned());
            found.or_else(|| old.cloned()).unwrap_or_default()
        };
        Memo::new(find)
    };
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty()) fallback=|| view! { <Nothing/> }>
            <div class="table-box" tabindex="0" role="region" aria-label="Kept runs" id="runs-table">
                <table class="run-list">
                    <colgroup>
                        <col class="c-pick"/><col/><col class="c-word"/><col class="c-of"/><col class="c-day"/><col class="c-variants"/>
                        <col class="c-pnl"/><col class="c-num"/><col class="c-num"/><col class="c-done"/><col class="c-created"/>
                        <col class="c-digest"/><col class="c-acts"/>
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col"><span class="unseen">"Select"</span></th>
                            {Column::ALL.map(|(column, title, is_number)| view! { <Head column=column title=title is_number=is_number/> })}
                            <th scope="col"><span class="unseen">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || ids.get() key=|id| id.clone() let:id>
                            <Line id=id.clone() row=row_of(id)/>
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
    }
}

/// A title that orders the list.
#[component]
fn Head(column: Column, title: &'static str, is_number: bool) -> impl IntoView {
    let shelf = shelf();
    let aria = move || shelf.order.with(|order| order.aria(column));
    let arrow = move || match aria() {
        "ascending" => "▴",
        "descending" => "▾",
        _ => "",
    };
    view! {
        <th scope="col" class:num=is_number aria-sort=aria>
            <button type="button" class="sort" on:click=move |_| shelf.order.update(|order| *order = order.pressed(column))>
                {title}<span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
}
