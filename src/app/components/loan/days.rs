//! The loan day by day, newest first, in a window, with its CSV.

use super::super::row_window::RowWindow;
use crate::app::state::{App, app};
use crate::display::loan::{DAY_COLUMNS, day_cells};
use crate::run::export::loan_csv;
use crate::web::page;
use leptos::prelude::*;

/// Rows in the document at most.
const MOST: usize = 48;
/// Rows above what is seen, and by how many the window moves.
const SPARE: usize = 12;

/// Days of one variant's loan.
#[component]
pub(super) fn Days(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let total = Memo::new(move |_| {
        app.tables.track();
        app.session.with_value(|s| {
            let unit = s.run.as_ref().and_then(|run| run.units().get(unit.get()));
            unit.map_or(0, |unit| unit.metrics.loan_days().len())
        })
    });
    let window = RowWindow::new(total.into(), MOST, SPARE);
    let rows = Memo::new(move |_| {
        app.tables.track();
        window_rows(app, unit.get(), window.first.get())
    });
    let save = move |_| {
        if let Some(csv) = app.session.with_value(|s| s.run.as_ref().map(loan_csv)) {
            page::download("chainwalk-loan.csv", "text/csv;charset=utf-8", &csv);
        }
    };
    view! {
        <section class="loan-part">
            <h3>"Day by day"</h3>
            <div class="table-box tall" tabindex="0" role="region" aria-label="The loan day by day, newest first" node_ref=window.scroller
                on:scroll=move |_| window.follow()>
                <table class="loan-days">
                    <thead><tr>
                        {DAY_COLUMNS.into_iter().enumerate().map(|(i, words)| view! { <th scope="col" class:num=is_number(i)>{words}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>
                        {window.above("14")}
                        <For each=move || rows.get() key=|cells| cells.clone() let:cells><DayLine cells=cells/></For>
                        {window.below("14")}
                    </tbody>
                </table>
            </div>
            <p class="table-note">
                <button type="button" id="loan-download" on:click=save>"Download CSV"</button>
                <span>{move || format!("{} days, prices and values in USD; at worst is at the day's low, options priced again. The file has all variants.", total.get())}</span>
            </p>
        </section>
    }
}

fn is_number(column: usize) -> bool {
    column != 0 && column + 1 != DAY_COLUMNS.len()
}

fn window_rows(app: App, unit: usize, first: usize) -> Vec<[String; 14]> {
    app.session.with_value(|s| {
        let unit = s.run.as_ref().and_then(|run| run.units().get(unit));
        let days = unit.map_or(&[][..], |unit| unit.metrics.loan_days());
        days.iter().rev().skip(first).take(MOST).map(day_cells).collect()
    })
}

#[component]
fn DayLine(cells: [String; 14]) -> impl IntoView {
    let call = cells.last().map_or("", String::as_str);
    let (is_called, is_saved) = (matches!(call, "both" | "hedged only"), call == "unhedged only");
    view! {
        <tr class:called=is_called class:saved=is_saved>
            {cells.into_iter().enumerate().map(|(i, cell)| view! { <td class:num=is_number(i)>{cell}</td> }).collect_view()}
        </tr>
    }
}
