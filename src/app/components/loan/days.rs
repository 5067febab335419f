//! The loan day by day, newest first, in a window, with its CSV.

use crate::app::state::{App, app};
use crate::display::loan::{DAY_COLUMNS, day_cells};
use crate::run::export::loan_csv;
use crate::web::page;
use crate::web::task::Frame;
use leptos::prelude::*;

/// Height of a row in rem; the stylesheet has the same.
const ROW: f64 = 2.0;
/// Rows in the document.
const WINDOW: usize = 48;

/// Days of one variant's loan.
#[component]
pub(super) fn Days(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let first = RwSignal::new(0usize);
    let total = Memo::new(move |_| {
        app.tables.track();
        app.session.with_value(|s| {
            let unit = s.run.as_ref().and_then(|run| run.units().get(unit.get()));
            unit.map_or(0, |unit| unit.metrics.loan_days().len())
        })
    });
    let window = Memo::new(move |_| {
        app.tables.track();
        rows(app, unit.get(), first.get())
    });
    let scroller = NodeRef::<leptos::html::Div>::new();
    let frame = StoredValue::new_local(Frame::new(move || {
        if let Some(div) = scroller.get_untracked() {
            let wanted = ((f64::from(div.scroll_top()) / (ROW * page::rem())) as usize).saturating_sub(12) / 12 * 12;
            if wanted != first.get_untracked() {
                first.set(wanted);
            }
        }
    }));
    let above = move || first.get().min(total.get()) as f64 * ROW;
    let below = move || total.get().saturating_sub(first.get() + WINDOW) as f64 * ROW;
    let save = move |_| {
        if let Some(csv) = app.session.with_value(|s| s.run.as_ref().map(loan_csv)) {
            page::download("chainwalk-loan.csv", "text/csv;charset=utf-8", &csv);
        }
    };
    view! {
        <section class="loan-part">
            <h3>"Day by day"</h3>
            <div class="table-box tall" tabindex="0" role="region" aria-label="The loan day by day, newest first" node_ref=scroller
                on:scroll=move |_| frame.with_value(Frame::ask)>
                <table class="loan-days">
                    <thead><tr>
                        {DAY_COLUMNS.into_iter().enumerate().map(|(i, words)| view! { <th scope="col" class:num=is_number(i)>{words}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>
                        <tr class="spacer" aria-hidden="true" style:--height=move || format!("{}rem", above())><td colspan="14"></td></tr>
                        <For each=move || window.get() key=|cells| cells.clone() let:cells><DayLine cells=cells/></For>
                        <tr class="spacer" aria-hidden="true" style:--height=move || format!("{}rem", below())><td colspan="14"></td></tr>
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

fn rows(app: App, unit: usize, first: usize) -> Vec<[String; 14]> {
    app.session.with_value(|s| {
        let unit = s.run.as_ref().and_then(|run| run.units().get(unit));
        let days = unit.map_or(&[][..], |unit| unit.metrics.loan_days());
        days.iter().rev().skip(first).take(WINDOW).map(day_cells).collect()
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
