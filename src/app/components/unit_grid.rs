//! Dates by variants: how each variant stands while they walk together.

use crate::app::state::{App, app};
use crate::display::grid::{self, Cell};
use leptos::prelude::*;

/// One variant's line.
#[derive(Clone, PartialEq)]
struct Line {
    name: String,
    state: &'static str,
    trades: usize,
    cells: Vec<Cell>,
}

/// A line of cells a variant; nothing where there is only one.
#[component]
pub fn UnitGrid() -> impl IntoView {
    let app = app();
    let lines = Memo::new(move |_| {
        app.tables.track();
        lines_of(app)
    });
    let several = Memo::new(move |_| lines.with(Vec::len) > 1);
    // The cells stay while a run walks, and only change.
    let size = Memo::new(move |_| lines.with(|l| (l.len(), l.first().map_or(0, |line| line.cells.len()))));
    view! {
        <Show when=move || several.get()>
            <section class="card unit-grid" aria-label="Variants over time">
                <table>
                    <tbody>{move || {
                        let (count, cells) = size.get();
                        (0..count).map(|place| view! { <GridLine place=place cells=cells lines=lines/> }).collect_view()
                    }}</tbody>
                </table>
                <p class="legend" aria-hidden="true">
                    {[Cell::Opened, Cell::Held, Cell::Idle, Cell::Pending, Cell::Ended, Cell::Skipped].map(|cell| view! {
                        <span><i class="cell" data-cell=cell.key()></i>{words_of(cell)}</span>
                    })}
                </p>
            </section>
        </Show>
    }
}

fn lines_of(app: App) -> Vec<Line> {
    app.session.with_value(|s| {
        let Some(run) = s.run.as_ref() else { return Vec::new() };
        let progress = run.progress();
        let line = |unit: &crate::run::Unit| Line {
            name: unit.name.clone(),
            state: grid::state_words(unit.state),
            trades: unit.trades().len(),
            cells: grid::cells(unit, progress.marks_done, progress.marks_total),
        };
        run.units().iter().map(line).collect()
    })
}

fn words_of(cell: Cell) -> &'static str {
    match cell {
        Cell::Pending => "to come",
        Cell::Idle => "nothing held",
        Cell::Held => "option held",
        Cell::Opened => "opened",
        Cell::Ended => "ended before",
        Cell::Skipped => "off",
    }
}

#[component]
fn GridLine(place: usize, cells: usize, lines: Memo<Vec<Line>>) -> impl IntoView {
    let name = move || lines.with(|l| l.get(place).map(|line| line.name.clone()));
    let state = move || lines.with(|l| l.get(place).map(|line| line.state));
    let spoken = move || lines.with(|l| l.get(place).map(|line| format!("{}, {} trades", line.state, line.trades)));
    let cell = move |at: usize| lines.with(|l| l.get(place).and_then(|line| line.cells.get(at)).map(|cell| cell.key()));
    view! {
        <tr data-series=place % 6 + 1>
            <th scope="row"><span class="swatch" aria-hidden="true"></span>{name}</th>
            <td class="state">{state}</td>
            <td class="cells" role="img" aria-label=spoken>
                <div>{(0..cells).map(|at| view! { <i class="cell" data-cell=move || cell(at)></i> }).collect_view()}</div>
            </td>
        </tr>
    }
}
