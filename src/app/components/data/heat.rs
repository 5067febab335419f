//! A table of medians by days to expiry and delta, tinted by size.

use crate::display::datasets::{HeatCell, HeatRow};
use leptos::prelude::*;

/// Rows of days, columns of delta; each cell says in its title how many values it stands for.
#[component]
pub fn HeatTable(
    /// What a screen reader calls it.
    label: &'static str,
    /// Words of the columns.
    columns: [&'static str; 7],
    /// The rows.
    rows: Memo<Vec<HeatRow>>,
) -> impl IntoView {
    let cell = |cell: HeatCell| {
        let sign = if cell.heat < 0.0 { "loss" } else { "gain" };
        view! { <td class="num tint" data-sign=sign style:--heat=cell.heat.abs().to_string() title=cell.title>{cell.words}</td> }
    };
    let line = move |(days, cells): HeatRow| {
        view! { <tr><th scope="row">{days}</th>{cells.into_iter().map(cell).collect_view()}</tr> }
    };
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label=label>
            <table class="heat">
                <thead><tr>
                    <th scope="col">"Days"</th>
                    {columns.map(|name| view! { <th scope="col" class="num">{name}</th> })}
                </tr></thead>
                <tbody>{move || rows.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
