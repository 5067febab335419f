//! The Trades table, one line a leg, with its CSV.

use super::Tip;
use super::tabs::Nothing;
use crate::app::clock::your_clock_beside;
use crate::app::state::{App, app};
use crate::display::Money;
use crate::display::caption::unit_of;
use crate::display::figures::explain;
use crate::display::format::count;
use crate::display::key_numbers::sign_of;
use crate::display::rows::{self, LegRow};
use crate::market::Settlement;
use crate::run::{RunState, export};
use crate::web::page;
use leptos::prelude::*;

/// Trades shown at most; the file has all.
const MOST: usize = 200;
/// The same while a run is under way.
const LIVE: usize = 12;

/// Trades of one variant, newest first.
#[component]
pub fn Trades(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let lines = Memo::new(move |_| {
        app.tables.track();
        lines_of(app, unit.get())
    });
    let market = Memo::new(move |_| app.market());
    // How many there are, and how many of them stand here.
    let counts = move || {
        app.tables.track();
        let all = trades_of(app, unit.get());
        let here = all.min(most_of(app));
        match all {
            _ if here < all => format!("The newest {here} of {} trades. ", count(all)),
            1 => "1 trade. ".into(),
            _ => format!("{} trades. ", count(all)),
        }
    };
    let unit = move || market.with(|(settlement, coin)| unit_of(Money::of(*settlement), coin).to_owned());
    let save = move |_| {
        if let Some(csv) = app.session.with_value(|s| s.run.as_ref().map(export::trades_csv)) {
            page::download("chainwalk-trades.csv", "text/csv;charset=utf-8", &csv);
        }
    };
    let is_over = Memo::new(move |_| app.status.with(|s| s.state.is_some_and(RunState::is_final)));
    let nothing = move || view! { <Nothing text=if is_over.get() { "No trade." } else { "No trade yet." }/> };
    view! {
        <Show when=move || lines.with(|l| !l.is_empty()) fallback=nothing>
            <div class="table-box tall" tabindex="0" role="region" aria-label="Trades, newest first">
                <table class="trades">
                    <colgroup>
                        <col class="c-tiny"/><col class="c-contract"/><col class="c-pnl"/><col class="c-time"/><col class="c-reason"/>
                        <col class="c-open"/><col class="c-price"/><col class="c-price"/><col class="c-money"/>
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col" class="num">"#"</th><th scope="col">"Leg"</th><th scope="col" class="num">"PnL vs HODL"</th>
                            <th scope="col" class="zoned">"Open to close, UTC"</th><th scope="col">"Exit"</th>
                            <th scope="col" title="Days to expiry, delta, sides and age of the quote">"At opening"</th><th scope="col" class="num">"Opened at"</th><th scope="col" class="num">"Closed at"</th>
                            <th scope="col" class="num">{
                                let (title, lines) = explain("mae_mfe");
                                view! { <Tip label=title lines=lines/> }
                            }</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || lines.get() key=|l| (l.contract.clone(), l.opened.clone(), l.closed.clone(), l.pnl.map(f64::to_bits)) let:line>
                            <TradeLine line=line settlement=market.get_untracked().0 underlying=market.get_untracked().1/>
                        </For>
                    </tbody>
                </table>
            </div>
            <p class="table-note">
                <Show when=move || app.shown.with(|s| s.as_ref().is_some_and(|s| !s.example))>
                    <button type="button" on:click=save>"Download CSV"</button>
                </Show>
                <span>{counts}"Prices in "{unit}". One line a leg; PnL, MAE and MFE belong to the whole trade, after fees. The file has all variants."</span>
            </p>
        </Show>
    }
}

/// How many trades a variant has.
fn trades_of(app: App, unit: usize) -> usize {
    app.session.with_value(|s| match &s.run {
        Some(run) => run.units().get(unit).map_or(0, |u| u.trades().len()),
        None => s.example_trades.get(unit).map_or(0, |legs| legs.iter().filter(|leg| leg.trade.is_some()).count()),
    })
}

/// How many of them are shown at most.
fn most_of(app: App) -> usize {
    if app.is_active() { LIVE } else { MOST }
}

fn lines_of(app: App, unit: usize) -> Vec<LegRow> {
    let most = most_of(app);
    app.session.with_value(|s| {
        let Some(run) = s.run.as_ref() else { return s.example_trades.get(unit).cloned().unwrap_or_default() };
        let trades = run.units().get(unit).map(|u| u.trades()).unwrap_or_default();
        let underlying = &run.resolved().dataset.underlying;
        trades.iter().rev().take(most).flat_map(|t| rows::trade_rows(t, underlying)).collect()
    })
}

/// A UTC minute, `2026-01-05 08:00`, and the visitor's clock behind it; other words stay as they are.
fn when(minute: String) -> impl IntoView {
    let yours = your_clock_beside(&minute);
    view! { {minute}<span class="yours">{yours}</span> }
}

fn two_lines(above: impl IntoView, below: impl IntoView) -> impl IntoView {
    view! { <span class="two-lines"><span>{above}</span>" "<span>{below}</span></span> }
}

#[component]
fn TradeLine(line: LegRow, settlement: Settlement, underlying: String) -> impl IntoView {
    let amount = |v: f64| rows::amount(v, settlement, &underlying);
    let sign = line.pnl.map_or("", sign_of);
    let usd = line
        .pnl
        .filter(|_| settlement == Settlement::Inverse)
        .map(|_| crate::display::format::usd_signed(line.pnl_usd));
    let (worst, best) = line.mae_mfe.map_or_else(Default::default, |(a, b)| (rows::price(a), rows::price(b)));
    let range = if line.mae_mfe.is_some() { format!("{worst} / {best}") } else { String::new() };
    view! {
        <tr class:first=line.trade.is_some()>
            <td class="num">{line.trade.map(|t| t.to_string()).unwrap_or_default()}</td>
            <td class="cut" title=line.contract.clone()>{line.contract.clone()}</td>
            <td class="num" data-sign=sign title=usd>{line.pnl.map(amount).unwrap_or_default()}</td>
            <td>{two_lines(when(line.opened), when(line.closed))}</td>
            <td class="cut" title=line.reason>{line.reason}</td>
            <td>{two_lines(line.at_open, line.quote)}</td>
            <td class="num">{line.open_price}</td>
            <td class="num">{line.close_price}</td>
            <td class="num">{range}</td>
        </tr>
    }
}
