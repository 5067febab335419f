//! Months of a variant.

use super::segments::Segments;
use super::tabs::Nothing;
use crate::app::charts::{Save, TableSwitch, years_chart};
use crate::app::state::app;
use crate::display::months::{Cell, Measure, NAMES, Year, list, summary, years};
use crate::metrics::Month;
use leptos::prelude::*;

/// Figures by month: a heat map of one of them, or a list of all.
#[component]
pub fn Months(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let measure = RwSignal::new(0usize);
    let table = RwSignal::new(false);
    let months = Memo::new(move |_| {
        app.columns
            .with(|c| c.get(unit.get()).and_then(|c| c.summary.as_ref()).map(|s| s.months.clone()).unwrap_or_default())
    });
    let chosen = move || Measure::ALL[measure.get()];
    let title = Signal::derive(move || format!("Months: {}", chosen().title()));
    let summed = Signal::derive(move || months.with(|m| summary(m, chosen())));
    let map = Memo::new(move |_| months.with(|m| years(m, chosen())));
    let chart = StoredValue::new(years_chart(app, title, summed, map.into()));
    let words = Signal::stored(Measure::ALL.map(|m| m.title().to_owned()).to_vec());
    view! {
        <Show when=move || months.with(|m| !m.is_empty()) fallback=|| view! { <Nothing text="Months appear as the run passes them."/> }>
            <div class="part-head">
                <Show when=move || !table.get()>
                    <Segments label="Figure of the months" words=words chosen=measure choose=Callback::new(move |m| measure.set(m))/>
                </Show>
                <div class="chart-tools">
                    <Show when=move || !table.get()><Save chart=chart.get_value()/></Show>
                    <TableSwitch table=table/>
                </div>
            </div>
            {move || if table.get() {
                view! { <List months=months/> }.into_any()
            } else {
                view! {
                    <p class="part-words" id="months-words">{summed}</p>
                    <Map rows=map/>
                }.into_any()
            }}
            <p class="table-note">
                "From the previous month's last mark to this month's. A year compounds its months' returns; coins add up. The tint is the size against the largest month."
            </p>
        </Show>
    }
}

#[component]
fn Map(rows: Memo<Vec<Year>>) -> impl IntoView {
    let line = |year: Year| {
        view! {
            <tr>
                <th scope="row">{year.year}</th>
                {year.months.into_iter().map(|cell| view! { <Tinted cell=cell/> }).collect_view()}
                <Tinted cell=year.total/>
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label="Heat map of the months, a row a year">
            <table class="year-map">
                <thead><tr>
                    <th scope="col">"Year"</th>
                    {NAMES.map(|name| view! { <th scope="col" class="num">{name}</th> })}
                    <th scope="col" class="num">"Year"</th>
                </tr></thead>
                <tbody>{move || rows.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn List(months: Memo<Vec<Month>>) -> impl IntoView {
    let line = |(name, cells): (String, [Cell; 4])| {
        view! { <tr><th scope="row">{name}</th>{cells.into_iter().map(|cell| view! { <Tinted cell=cell/> }).collect_view()}</tr> }
    };
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Figures by month">
            <table class="months">
                <thead><tr>
                    <th scope="col">"Month"</th>
                    {Measure::ALL.map(|m| view! { <th scope="col" class="num">{m.title()}</th> })}
                </tr></thead>
                <tbody>{move || months.with(|m| list(m)).into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Tinted(cell: Cell) -> impl IntoView {
    view! { <td class="num tint" data-sign=cell.sign style:--heat=cell.heat.to_string()>{cell.words}</td> }
}
