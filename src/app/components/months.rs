//! Months of a variant.

use super::segments::Segments;
use super::tabs::Nothing;
use crate::app::charts::{Save, TableSwitch, years_chart};
use crate::app::remember;
use crate::app::state::app;
use crate::display::months::{Cell, Measure, Year, list, summary, words_at, years};
use crate::metrics::Month;
use crate::units::MONTHS;
use leptos::prelude::*;

/// Figures by month: a heat map of one of them, or a list of all.
#[component]
pub fn Months(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let measure = remember::place(app, "month", Measure::ALL.len());
    let months = Memo::new(move |_| {
        app.columns
            .with(|c| c.get(unit.get()).and_then(|c| c.summary.as_ref()).map(|s| s.months.clone()).unwrap_or_default())
    });
    // The cell that is pointed at: a year and a month, or the year as a whole.
    let at = RwSignal::new(None::<Place>);
    // Only what keys point at is read out.
    let is_keyed = RwSignal::new(false);
    let at_words = move || {
        let said = at.get().map(|(year, month)| months.with(|m| words_at(m, year, month)));
        said.filter(|said| !said.is_empty())
            .unwrap_or_else(|| "Point at a month, touch it, or walk with the arrow keys for all of its figures.".into())
    };
    let chosen = move || Measure::ALL[measure.get()];
    let title = Signal::derive(move || format!("Months: {}", chosen().title()));
    let summed = Signal::derive(move || months.with(|m| summary(m, chosen())));
    let map = Memo::new(move |_| months.with(|m| years(m, chosen())));
    let chart = StoredValue::new(years_chart((app, unit), title, summed, map.into()));
    let table = chart.with_value(|chart| chart.table);
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
                    <p class="part-words" id="month-words">{at_words}</p>
                    <p class="unseen" role="status">{move || if is_keyed.get() { at_words() } else { String::new() }}</p>
                    <Map rows=map at=at is_keyed=is_keyed/>
                }.into_any()
            }}
            <p class="table-note">
                "From the previous month's last mark to this month's. A year compounds its months' returns; coins add up. The tint is the size against the largest month."
            </p>
        </Show>
    }
}

/// A place of the map: a year and a month, 1 to 12, or the year as a whole.
type Place = (i32, Option<u32>);

/// The column of the years.
const WHOLE: usize = 12;

/// Where an arrow key leads from a place; `None` for another key, and without a year.
fn next(rows: &[Year], from: Option<Place>, key: &str) -> Option<Place> {
    let last = rows.len().checked_sub(1)?;
    let (row, column) = match from {
        Some((year, month)) => {
            (rows.iter().position(|r| r.year == year)?, month.map_or(WHOLE, |month| month as usize - 1))
        }
        None => (0, WHOLE),
    };
    let (row, column) = match key {
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, (column + 1).min(WHOLE)),
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => ((row + 1).min(last), column),
        "Home" => (row, 0),
        "End" => (row, WHOLE),
        _ => return None,
    };
    Some((rows[row].year, (column < WHOLE).then_some(column as u32 + 1)))
}

#[component]
fn Map(rows: Memo<Vec<Year>>, at: RwSignal<Option<Place>>, is_keyed: RwSignal<bool>) -> impl IntoView {
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let place = match event.key().as_str() {
            "Escape" if at.with_untracked(Option::is_some) => None,
            key => match rows.with_untracked(|rows| next(rows, at.get_untracked(), key)) {
                Some(place) => Some(place),
                None => return,
            },
        };
        event.prevent_default();
        is_keyed.set(true);
        at.set(place);
    };
    let point = move |place: Option<Place>| {
        is_keyed.set(false);
        at.set(place);
    };
    let line = move |year: Year| {
        let cell = move |place: Place, cell: Cell| {
            view! {
                <td class="num tint" class:pointed=move || at.get() == Some(place) data-sign=cell.sign
                    style:--heat=cell.heat.to_string() on:pointerenter=move |_| point(Some(place))>{cell.words}</td>
            }
        };
        let name = year.year;
        view! {
            <tr>
                <th scope="row">{name}</th>
                {year.months.into_iter().zip(1..).map(|(month, number)| cell((name, Some(number)), month)).collect_view()}
                {cell((name, None), year.total)}
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label="Heat map of the months, a row a year. The arrow keys walk through it."
            aria-describedby="months-words" on:keydown=keys on:pointerleave=move |_| point(None)>
            <table class="year-map">
                <thead><tr>
                    <th scope="col">"Year"</th>
                    {MONTHS.map(|name| view! { <th scope="col" class="num">{name}</th> })}
                    <th scope="col" class="num">"Total"</th>
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
