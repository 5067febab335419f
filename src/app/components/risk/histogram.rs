//! The PnL of closed trades in bins.

use super::{Part, of_unit};
use crate::app::charts::{Save, Still, TableSwitch, still};
use crate::app::state::app;
use crate::display::Money;
use crate::display::histogram::{Bars, bars};
use leptos::prelude::*;

/// Closed trades by their PnL, as bars or as a table of bins.
#[component]
pub(super) fn Spread(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let table = RwSignal::new(false);
    let seen = Memo::new(move |_| {
        app.tables.track();
        let money = app.money.get();
        of_unit(app, unit.get(), |unit, data| {
            bars(unit.trades(), money == Money::Usd, data.settlement, &data.underlying)
        })
        .unwrap_or_default()
    });
    let words = Signal::derive(move || seen.with(|seen| seen.words.clone()));
    let title = Signal::stored("PnL of closed trades".to_owned());
    let drawn = Signal::derive(move || Still::Bars(seen.get()));
    let chart = still(app, ("spread-bars", "trades-pnl"), title, words, drawn);
    view! {
        <Part id="spread" title="PnL of closed trades" has_money=true key="pnl_histogram" words=words>
            <Show when=move || seen.with(|seen| !seen.bins.is_empty())>
                <div class="part-head">
                    <p class="legend">
                        <span data-bin="loss">"Loss"</span><span data-bin="gain">"Win"</span>
                        <span data-bin="mean">"Mean"</span><span data-bin="median">"Median"</span>
                    </p>
                    <div class="chart-tools"><Save chart=chart.clone()/><TableSwitch table=table/></div>
                </div>
                {move || if table.get() { view! { <Bins seen=seen/> }.into_any() } else { view! { <Picture seen=seen/> }.into_any() }}
            </Show>
        </Part>
    }
}

#[component]
fn Picture(seen: Memo<Bars>) -> impl IntoView {
    view! {
        {move || {
            let Bars { bins, mean, median, ticks, words, .. } = seen.get();
            view! {
                <div class="bars" role="img" aria-label=words>
                    {bins.into_iter().map(|bin| view! {
                        <span class="bin" data-sign=bin.sign style:--share=bin.share.to_string() title=bin.title>
                            <span class="bin-count">{(bin.trades > 0).then_some(bin.trades)}</span>
                        </span>
                    }).collect_view()}
                    <span class="bin-mark" data-mark="mean" style:--at=mean.to_string()></span>
                    <span class="bin-mark" data-mark="median" style:--at=median.to_string()></span>
                </div>
                <div class="bar-axis" aria-hidden="true">
                    {ticks.into_iter().map(|(at, words)| view! { <span style:--at=at.to_string()>{words}</span> }).collect_view()}
                </div>
            }
        }}
    }
}

#[component]
fn Bins(seen: Memo<Bars>) -> impl IntoView {
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Bins of the PnL of closed trades">
            <table class="bins">
                <thead><tr>
                    <th scope="col" class="num">"Above"</th><th scope="col" class="num">"Up to"</th>
                    <th scope="col">"Outcome"</th><th scope="col" class="num">"Trades"</th>
                </tr></thead>
                <tbody>{move || seen.get().bins.into_iter().map(|bin| view! {
                    <tr>
                        <td class="num">{bin.from}</td><td class="num">{bin.to}</td>
                        <td>{if bin.sign == "gain" { "win" } else { "loss" }}</td><td class="num">{bin.trades}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        </div>
    }
}
