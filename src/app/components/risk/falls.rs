//! The deepest drawdowns.

use super::{Part, of_unit};
use crate::app::state::app;
use crate::display::Money;
use crate::display::risk::{FALL_COLUMNS, FallRow, MOST_FALLS, fall_rows, fall_words};
use crate::metrics::drawdowns::deepest;
use leptos::prelude::*;

/// The deepest drawdowns as a table.
#[component]
pub(super) fn Falls(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let seen = Memo::new(move |_| {
        app.tables.track();
        let money = app.money.get();
        let found = of_unit(app, unit.get(), |unit, data| {
            let points = unit.steps.iter().map(|step| match money {
                Money::Usd => (step.time, step.equity.usd.0),
                Money::Coin => (step.time, step.equity.coin.0),
            });
            let falls = deepest(points, MOST_FALLS);
            (fall_words(&falls), fall_rows(&falls, money, &data.underlying))
        });
        found.unwrap_or_default()
    });
    let words = Signal::derive(move || seen.with(|seen| seen.0.clone()));
    view! {
        <Part id="falls" title="Top drawdowns" has_money=true key="top_drawdowns" words=words>
            <div class="table-box" tabindex="0" role="region" aria-label="Top drawdowns, deepest first">
                <table class="falls">
                    <thead><tr>
                        {FALL_COLUMNS.into_iter().enumerate().map(|(i, words)| view! { <th scope="col" class:num=move || !matches!(i, 0 | 3 | 4)>{words}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>{move || seen.with(|seen| seen.1.clone()).into_iter().map(|row| view! { <Line row=row/> }).collect_view()}</tbody>
                </table>
            </div>
        </Part>
    }
}

#[component]
fn Line(row: FallRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{row.start}</th>
            <td class="num tint" data-sign="loss" style:--heat=row.share.to_string()>{row.depth}</td>
            <td class="num">{row.amount}</td><td>{row.trough}</td><td>{row.end}</td><td class="num">{row.down}</td><td class="num">{row.back}</td>
        </tr>
    }
}
