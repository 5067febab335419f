//! The PnL of closed trades in bins.

use super::{Part, about, of_unit};
use crate::app::charts::LineChart;
use crate::app::state::app;
use crate::display::Money;
use crate::display::histogram::bars;
use leptos::prelude::*;

/// Closed trades by their PnL.
#[component]
pub(super) fn Spread(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let seen = Memo::new(move |_| {
        app.tables.track();
        let money = app.money.get();
        of_unit(app, unit.get(), |unit, data| {
            bars(unit.trades(), money == Money::Usd, data.settlement, &data.underlying)
        })
        .unwrap_or_default()
    });
    let words = Signal::derive(move || seen.with(|seen| seen.0.clone()));
    let lines = Memo::new(move |_| seen.with(|seen| seen.1.clone()));
    view! {
        <Part id="spread" title="PnL of closed trades" has_money=true key="pnl_histogram" words=words>
            <Show when=move || lines.with(|lines| !lines.series.is_empty())>
                <LineChart lines=lines id="trades-pnl" empty="" of_unit=unit about=about("PnL of closed trades")
                    label="Closed trades by their PnL in bins. Left and right move from bin to bin."/>
            </Show>
        </Part>
    }
}
