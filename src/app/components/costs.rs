//! Gross to net, and the same trades at other costs.

use super::tabs::Nothing;
use crate::app::state::app;
use crate::display::Money;
use crate::display::caption::unit_of;
use crate::display::costs::{LINES, MULTIPLES, NOTE, multiple_words};
use crate::display::key_numbers::sign_of;
use crate::display::rows;
use leptos::prelude::*;

/// One column a multiple of the costs, the trades held fixed.
#[component]
pub fn Costs(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let columns = Memo::new(move |_| {
        app.tables.track();
        app.session.with_value(|s| {
            let unit = s.run.as_ref()?.units().get(unit.get()).filter(|u| !u.steps.is_empty())?;
            Some(MULTIPLES.map(|m| unit.cost_column(m)))
        })
    });
    let table = move || {
        let columns = columns.get()?;
        let (settlement, underlying) = app.market();
        let most = columns.iter().flat_map(|c| LINES.map(|(_, _, of)| of(c).abs())).fold(1e-12, f64::max);
        Some(view! {
            <div class="table-box" tabindex="0" role="region" aria-label="Gross to net, by cost">
                <table class="cost-table">
                    <thead>
                        <tr>
                            <th scope="col">"Costs, "{unit_of(Money::of(settlement), &underlying).to_owned()}</th>
                            {columns.iter().map(|c| view! { <th scope="col" class="num">{multiple_words(c.multiple)}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {LINES.into_iter().map(|(words, help, of)| view! {
                            <tr class:sum=words == "Net">
                                <th scope="row" title=help>{words}</th>
                                {columns.iter().map(|c| {
                                    let value = of(c);
                                    view! {
                                        <td class="num bar" data-sign=sign_of(value) style:--share=(value.abs() / most).to_string()>
                                            {rows::bare_amount(value, settlement)}
                                        </td>
                                    }
                                }).collect_view()}
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="table-note">{NOTE}</p>
        })
    };
    view! { {move || table().map_or_else(|| view! { <Nothing text="Costs are told once there are trades."/> }.into_any(), IntoAny::into_any)} }
}
