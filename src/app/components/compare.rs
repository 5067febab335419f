//! Tables of a comparison: its columns, the settings that differ, and every figure.

use super::evidence::EvidenceWords;
use super::{Icon, Tip};
use crate::app::clock::and_yours;
use crate::app::keep;
use crate::app::state::app;
use crate::display::compare::{Column, FigureRow, Setting, figure_rows, settings_of};
use crate::display::figures::{Difference, explain};
use crate::display::key_numbers::Cell;
use crate::display::{Route, Side};
use leptos::prelude::*;
use std::sync::Arc;

/// The columns of a comparison, as they were last read.
pub type Columns = Memo<Arc<Vec<Column>>>;

/// One head a column: what it is, how it ended, and the ways to open it or to leave it out.
#[component]
pub fn CompareHeads(
    /// What is compared.
    columns: Columns,
) -> impl IntoView {
    let sides = Memo::new(move |_| columns.with(|all| all.iter().map(|c| c.side.clone()).collect::<Vec<_>>()));
    let head = move |(place, column): (usize, Column)| view! { <CompareHead place=place column=column sides=sides/> };
    view! {
        <ul class="compare-heads" aria-label="What is compared">
            {move || columns.get().iter().cloned().enumerate().map(head).collect_view()}
        </ul>
    }
}

#[component]
fn CompareHead(place: usize, column: Column, sides: Memo<Vec<Side>>) -> impl IntoView {
    let app = app();
    let leave_out = move |_| {
        let mut rest = sides.get_untracked();
        rest.remove(place);
        keep::go(app, Route::Compare(rest));
    };
    let is_last = move || sides.with(|sides| sides.len() < 2);
    let name = format!("Leave out {}", column.title);
    view! {
        <li class="card compare-head" data-series=(place + 1).to_string()>
            <div class="compare-title">
                <span class="swatch" aria-hidden="true"></span>
                <a href=Route::Kept(column.side.run).link() title="Open this run">{column.title}</a>
                <button type="button" class="quiet square small" aria-label=name title="Leave out" disabled=is_last on:click=leave_out>
                    <Icon name="close"/>
                </button>
            </div>
            <p class="quiet-text">{column.below}</p>
            {column.evidence.map(|line| view! { <EvidenceWords line=line/> })}
            <p><span class="word" data-state=column.word>{column.word}</span></p>
            {column.ending.map(|ending| view! { <p class="quiet-text">{and_yours(&ending)}</p> })}
        </li>
    }
}

fn titles(columns: Columns) -> impl IntoView {
    let title = |(place, column): (usize, &Column)| {
        let (title, words) = (column.title.clone(), column.title.clone());
        view! {
            <th scope="col" class="num" data-series=(place + 1).to_string() title=title>
                <span class="swatch" aria-hidden="true"></span>{words}
            </th>
        }
    };
    move || columns.get().iter().enumerate().map(title).collect_view()
}

/// The settings that differ, then, folded away, those that are the same.
#[component]
pub fn CompareSettings(
    /// What is compared.
    columns: Columns,
) -> impl IntoView {
    let settings = Memo::new(move |_| columns.with(|columns| settings_of(columns)));
    let differing = Signal::derive(move || settings.with(|s| s.0.clone()));
    let same = Signal::derive(move || settings.with(|s| s.1.clone()));
    view! {
        <section class="card compare-part" aria-label="Settings">
            <h3>"What differs"</h3>
            <Show
                when=move || settings.with(|s| !s.0.is_empty())
                fallback=|| view! { <p class="quiet-text">"No setting differs."</p> }
            >
                <SettingsTable columns=columns settings=differing label="Settings that differ"/>
            </Show>
            <details class="fold">
                <summary>
                    <span class="fold-name">"The same in all"</span>
                    <span class="fold-value">{move || settings.with(|s| format!("{} settings", s.1.len()))}</span>
                </summary>
                <SettingsTable columns=columns settings=same label="Settings that are the same"/>
            </details>
        </section>
    }
}

#[component]
fn SettingsTable(columns: Columns, settings: Signal<Vec<Setting>>, label: &'static str) -> impl IntoView {
    let line = |setting: Setting| {
        let cell = |text: String| {
            let title = text.clone();
            view! { <td class="num cut" title=title>{text}</td> }
        };
        let cells = setting.values.into_iter().map(cell);
        view! {
            <tr>
                <th scope="row">{setting.title}<code class="path">{setting.path}</code></th>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label=label>
            <table class="side-by-side" style:--columns=move || columns.with(|all| all.len().to_string())>
                <thead><tr><th scope="col">"Setting"</th>{titles(columns)}</tr></thead>
                <tbody>{move || settings.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Every figure of the glossary, each with its difference to the first column.
#[component]
pub fn CompareFigures(
    /// What is compared.
    columns: Columns,
) -> impl IntoView {
    let rows = Memo::new(move |_| columns.with(|columns| figure_rows(columns)));
    let line = |row: FigureRow| {
        let (title, lines) = explain(row.key);
        view! {
            <tr>
                <th scope="row"><Tip label=title lines=lines/></th>
                {row.cells.into_iter().map(|(cell, apart)| view! { <FigureCell cell=cell apart=apart/> }).collect_view()}
            </tr>
        }
    };
    view! {
        <section class="card compare-part" aria-label="Figures">
            <h3>"Figures"</h3>
            <p class="quiet-text">"Below each figure its difference to the first column; pp are percentage points."</p>
            <div class="table-box open" tabindex="0" role="region" aria-label="Every figure with its difference to the first column">
                <table class="side-by-side figures" style:--columns=move || columns.with(|all| all.len().to_string())>
                    <thead><tr><th scope="col">"Figure"</th>{titles(columns)}</tr></thead>
                    <tbody>{move || rows.get().into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn FigureCell(cell: Cell, apart: Option<Difference>) -> impl IntoView {
    let apart = apart.map(|apart| {
        let word = apart.word();
        view! {
            <span class="apart" data-sign=apart.sign title=word>{apart.text}<span class="unseen">{format!(" {word}")}</span></span>
        }
    });
    view! { <td class="num" title=cell.title><span class="figure-main" data-sign=cell.sign>{cell.main}</span>{apart}</td> }
}
