//! The Steps table: the newest first, the last hundred live, all in a window once the run is over.

use super::row_window::RowWindow;
use super::tabs::Nothing;
use crate::app::clock::{your_clock, your_time};
use crate::app::state::{App, app};
use crate::display::keys::{self, Walk};
use crate::display::rows::{self, StepRow};
use leptos::prelude::*;

/// Rows in the document at most: five above, fourteen that are seen, and one.
const MOST: usize = 20;
/// Rows above what is seen, and by how many the window moves.
const SPARE: usize = 3;
/// Rows shown while a run is under way.
const LIVE: usize = 100;

/// Decisions and marks with an event of one variant. Tab reaches the table once; within it the arrow keys move the crosshair from row to
/// row and Enter asks why, so that nobody has to pass every row, and none that has the focus can leave the window.
#[component]
pub fn Steps(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let total = Memo::new(move |_| {
        app.tables.track();
        let all = app.session.with_value(|s| s.rows.get(unit.get()).map_or(0, Vec::len));
        if app.is_active() { all.min(LIVE) } else { all }
    });
    let window = RowWindow::new(total.into(), MOST, SPARE);
    let rows = Memo::new(move |_| {
        app.tables.track();
        window_rows(app, unit.get(), window.first.get(), total.get())
    });
    let marked = Memo::new(move |_| {
        let cursor = app.cursor.get()?;
        rows.with(|rows| rows.iter().filter(|r| r.at <= cursor).map(|r| r.at).max())
    });
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let newest = total.get_untracked().saturating_sub(1);
        let here = row_at(app, unit.get_untracked()).map(|place| place.min(newest));
        if event.key() == "Enter" {
            let step = here.and_then(|place| step_at(app, unit.get_untracked(), place));
            app.inspected.set(step.map(|(step, _)| (unit.get_untracked(), step)));
            return event.prevent_default();
        }
        let next = match keys::STEPS.walk(&event.key()) {
            Some(Walk::On) => here.map_or(0, |place| (place + 1).min(newest)),
            Some(Walk::Back) => here.map_or(0, |place| place.saturating_sub(1)),
            Some(Walk::First) => 0,
            Some(Walk::Last) => newest,
            None => return,
        };
        event.prevent_default();
        if let Some((_, at)) = step_at(app, unit.get_untracked(), next) {
            app.cursor.set(Some(at));
        }
        window.show(next);
    };
    view! {
        <Show when=move || 0 < total.get() fallback=|| view! { <Nothing text="Decisions and trades appear here as a run walks."/> }>
            <div class="table-box tall" tabindex="0" role="region" aria-label="Steps, newest first" node_ref=window.scroller on:keydown=walk
                on:scroll=move |_| window.follow() on:mouseleave=move |_| app.cursor.set(None)>
                <table class="steps">
                    <StepsHead/>
                    <tbody>
                        {window.above("7")}
                        <For each=move || rows.get() key=|r| r.step let:row>
                            <StepLine row=row unit=unit marked=marked/>
                        </For>
                        {window.below("7")}
                    </tbody>
                </table>
            </div>
            <p class="table-note">
                {move || {
                    let all = app.session.with_value(|s| s.rows.get(unit.get()).map_or(0, Vec::len));
                    app.tables.track();
                    if all > total.get() { format!("The newest {} of {all} rows; all of them once the run is over.", total.get()) }
                    else { format!("{all} rows. Choose one to see why; by keyboard with the arrows and Enter.") }
                }}
            </p>
        </Show>
    }
}

/// The row of the crosshair, counted from the newest; `None` without a crosshair, and before the first row.
fn row_at(app: App, unit: usize) -> Option<usize> {
    let cursor = app.cursor.get_untracked()?;
    app.session.with_value(|s| {
        let (places, steps) = (s.rows.get(unit)?, &s.run.as_ref()?.units().get(unit)?.steps);
        let after =
            places.partition_point(|place| steps.get(*place as usize).is_some_and(|step| step.time.0 <= cursor));
        (after > 0).then(|| places.len() - after)
    })
}

/// The step of a row counted from the newest, and its time, ms UTC.
fn step_at(app: App, unit: usize, row: usize) -> Option<(usize, i64)> {
    app.session.with_value(|s| {
        let places = s.rows.get(unit)?;
        let step = *places.get(places.len().checked_sub(row + 1)?)? as usize;
        Some((step, s.run.as_ref()?.units().get(unit)?.steps.get(step)?.time.0))
    })
}

fn window_rows(app: App, unit: usize, first: usize, total: usize) -> Vec<StepRow> {
    app.session.with_value(|s| {
        let (Some(places), Some(run)) = (s.rows.get(unit), s.run.as_ref()) else { return Vec::new() };
        let Some(u) = run.units().get(unit) else { return Vec::new() };
        let underlying = &run.resolved().dataset.underlying;
        let newest_first = places.iter().rev().take(total).skip(first).take(MOST);
        newest_first
            .filter_map(|p| {
                u.steps.get(*p as usize).map(|step| rows::step_row(*p as usize, step, u.style_title(), underlying))
            })
            .collect()
    })
}

/// Widths and titles of the table's columns.
#[component]
pub fn StepsHead() -> impl IntoView {
    view! {
        <colgroup><col class="c-time"/><col class="c-num"/><col class="c-num"/><col class="c-yes"/><col class="c-style"/><col class="c-contract"/><col/></colgroup>
        <thead>
            <tr>
                <th scope="col" class="zoned">"Time, UTC"</th><th scope="col" class="num">"Candidates"</th><th scope="col" class="num">"Best score"</th>
                <th scope="col">"Traded?"</th><th scope="col">"Exit style"</th><th scope="col">"Contract"</th><th scope="col">"Reason"</th>
            </tr>
        </thead>
    }
}

/// One line; a press asks why, the pointer moves the crosshair there.
#[component]
pub fn StepLine(row: StepRow, unit: RwSignal<usize>, marked: Memo<Option<i64>>) -> impl IntoView {
    let app = app();
    let (step, at) = (row.step, row.at);
    let inspect = move |_| app.inspected.set(Some((unit.get_untracked(), step)));
    let yes = row.traded == "Yes";
    view! {
        <tr class="line" class:marked=move || marked.get() == Some(at) class:traded=yes
            on:click=inspect on:mouseenter=move |_| app.cursor.set(Some(at))>
            <td title=your_time(at)><button type="button" class="row-link" tabindex="-1" aria-label=format!("Why, at {}", row.time.clone())>{row.time.clone()}</button><span class="yours">{your_clock(at)}</span></td>
            <td class="num">{row.candidates}</td>
            <td class="num">{row.best_score}</td>
            <td>{row.traded}</td>
            <td>{row.exit_style}</td>
            <td class="cut" title=row.contract.clone()>{row.contract.clone()}</td>
            <td class="cut" title=row.reason.clone()>{row.reason.clone()}</td>
        </tr>
    }
}
