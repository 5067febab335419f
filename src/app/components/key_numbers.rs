//! The key numbers: one column a variant, each with its formula.

use super::Tip;
use super::evidence::ShownEvidence;
use crate::app::state::{Column, app};
use crate::app::{export, files, keep};
use crate::display::figures::explain;
use crate::display::key_numbers::{self, Cell, ROWS};
use crate::display::{Route, Side};
use crate::run::{RunState, UnitError, UnitState};
use crate::web::page;
use leptos::prelude::*;

/// The way to the comparison of a run's variants, where it is kept.
#[component]
fn CompareLink() -> impl IntoView {
    let app = app();
    let id = Memo::new(move |_| {
        app.kept.track();
        app.shown.track();
        let saved =
            app.session.with_value(|s| s.saving.as_ref().filter(|_| s.saved.marks > 0).map(|saving| saving.id.clone()));
        match app.route.get() {
            Route::Kept(id) if saved.is_none() => Some(id),
            _ => saved,
        }
    });
    let compare = move |_| {
        if let Some(run) = id.get_untracked() {
            keep::go(app, Route::Compare(vec![Side { run, unit: None }]));
        }
    };
    view! {
        <Show when=move || id.with(Option::is_some)>
            <p class="table-note"><button type="button" id=app.id("compare-variants") on:click=compare>"Compare the variants"</button></p>
        </Show>
    }
}

/// Saves the report of what is shown, once its run has ended.
#[component]
fn ReportButton() -> impl IntoView {
    let app = app();
    let is_over = move || {
        app.shown.track();
        app.status.with(|status| status.state.is_some_and(RunState::is_final))
    };
    let save = move |_| {
        let id = app.session.with_value(|s| s.who.as_ref().map(|who| who.id.clone()));
        if let Some(report) = export::shown_report(app) {
            let name = format!("chainwalk-{}.html", id.unwrap_or_else(|| "report".into()));
            page::download(&name, files::REPORT_TYPE, report.as_bytes());
        }
    };
    view! {
        <Show when=is_over>
            <button type="button" id=app.id("report") title="One HTML file with charts, figures, trades, settings and digest; opens anywhere, and prints" on:click=save>
                "Report"
            </button>
        </Show>
    }
}

/// Tiles for one variant, a table for several.
#[component]
pub fn KeyNumbers() -> impl IntoView {
    let app = app();
    let market = Memo::new(move |_| app.market());
    let several = Memo::new(move |_| app.columns.with(|c| c.len() > 1));
    let cell = move |row: usize, column: usize| {
        let (settlement, underlying) = market.get();
        let of = |c: &Column| key_numbers::cell(ROWS[row], c.state, c.summary.as_ref(), settlement, &underlying);
        app.columns.with(|c| c.get(column).map_or_else(|| key_numbers::absent("No run yet"), of))
    };
    view! {
        <section class="numbers" aria-label="Key numbers">
            <Show
                when=move || several.get()
                fallback=move || view! {
                    <dl class="tiles">
                        {(0..ROWS.len()).map(|row| view! {
                            <div class="tile">
                                <dt><Label row=row/></dt>
                                <dd><Figure cell=Signal::derive(move || cell(row, 0))/></dd>
                            </div>
                        }).collect_view()}
                    </dl>
                }
            >
                <NumbersTable cell=cell/>
                <CompareLink/>
            </Show>
            <div class="numbers-foot"><ShownEvidence/><ReportButton/></div>
        </section>
    }
}

#[component]
fn NumbersTable(cell: impl Fn(usize, usize) -> Cell + Copy + Send + Sync + 'static) -> impl IntoView {
    let app = app();
    let last_day = |error: &UnitError| error.date.map(|date| date.format(" after %Y-%m-%d"));
    let named = move |column: &Column| {
        let day = column.error.as_ref().and_then(last_day).unwrap_or_default();
        (column.name.clone(), (column.state == UnitState::Failed).then(|| format!(", failed{day}")))
    };
    let names = Memo::new(move |_| app.columns.with(|c| c.iter().map(named).collect::<Vec<_>>()));
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label="Key numbers by variant">
            <table class="compare">
                <thead>
                    <tr>
                        <th scope="col"><span class="unseen">"Figure"</span></th>
                        {move || names.get().into_iter().enumerate().map(|(i, (name, failed))| { let is_failed = failed.is_some(); view! {
                            <th scope="col" class="num" class:failed=is_failed data-series=i % 6 + 1>
                                <span class="swatch" aria-hidden="true"></span>{name}{failed}
                            </th>
                        }}).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {(0..ROWS.len()).map(|row| view! {
                        <tr>
                            <th scope="row"><Label row=row/></th>
                            {move || (0..names.with(Vec::len)).map(|column| view! {
                                <td class="num"><Figure cell=Signal::derive(move || cell(row, column))/></td>
                            }).collect_view()}
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Label(row: usize) -> impl IntoView {
    let key = ROWS[row];
    let (title, lines) = explain(key);
    view! { <Tip label=title lines=lines/> }
}

#[component]
fn Figure(cell: Signal<Cell>) -> impl IntoView {
    view! {
        <span class="figure-main" data-sign=move || cell.with(|c| c.sign) title=move || cell.with(|c| c.title)>
            {move || cell.with(|c| c.main.clone())}
        </span>
        <span class="figure-below">{move || cell.with(|c| c.below.clone())}</span>
    }
}
