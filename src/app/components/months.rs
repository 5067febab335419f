//! Months of a variant.

use super::tabs::Nothing;
use crate::app::state::app;
use crate::display::format::{percent_signed, signed};
use crate::metrics::Month;
use crate::units::Day;
use leptos::prelude::*;

/// Returns by month, tinted by their sign and size.
#[component]
pub fn Months(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let months = Memo::new(move |_| {
        app.columns
            .with(|c| c.get(unit.get()).and_then(|c| c.summary.as_ref()).map(|s| s.months.clone()).unwrap_or_default())
    });
    view! {
        <Show when=move || months.with(|m| !m.is_empty()) fallback=|| view! { <Nothing text="Months appear as the run passes them."/> }>
            <div class="table-box" tabindex="0" role="region" aria-label="Returns by month">
                <table class="months">
                    <thead>
                        <tr>
                            <th scope="col">"Month"</th><th scope="col" class="num">"Return, USD"</th><th scope="col" class="num">"HODL, USD"</th>
                            <th scope="col" class="num">"Return, coin"</th><th scope="col" class="num">"Against HODL, coin"</th>
                        </tr>
                    </thead>
                    <tbody>{move || months.get().into_iter().map(|m| view! { <MonthLine month=m/> }).collect_view()}</tbody>
                </table>
            </div>
            <p class="table-note">"From the previous month's last mark to this month's."</p>
        </Show>
    }
}

#[component]
fn MonthLine(month: Month) -> impl IntoView {
    let name = Day::from_ymd(month.year, month.month, 1).map(|d| d.start().format("%b %Y")).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">{name}</th>
            <Tinted value=month.return_usd full=0.2 text=percent_signed(month.return_usd, 1)/>
            <Tinted value=month.hodl_return full=0.2 text=percent_signed(month.hodl_return, 1)/>
            <Tinted value=month.return_coin full=0.05 text=percent_signed(month.return_coin, 2)/>
            <Tinted value=month.pnl_vs_hodl_coin full=0.05 text=signed(month.pnl_vs_hodl_coin, 4)/>
        </tr>
    }
}

#[component]
fn Tinted(value: f64, full: f64, text: String) -> impl IntoView {
    let sign = if value > 0.0 {
        "gain"
    } else if value < 0.0 {
        "loss"
    } else {
        ""
    };
    view! { <td class="num tint" data-sign=sign style:--heat=(value.abs() / full).min(1.0).to_string()>{text}</td> }
}
