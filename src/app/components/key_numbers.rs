//! The key numbers: one column a variant, each with its formula.

use super::Tip;
use crate::app::state::{Column, app};
use crate::display::format::{self, ABSENT, or_dash, percent, percent_signed, signed, usd_signed};
use crate::market::Settlement;
use leptos::prelude::*;

/// A figure: main text, smaller text below, and its sign where it is a gain or a loss.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    main: String,
    below: String,
    sign: &'static str,
    title: &'static str,
}

/// Key of the glossary and how a column shows it.
const ROWS: [&str; 7] =
    ["final_pnl_vs_hodl", "final_pnl", "total_return", "max_drawdown", "win_rate", "num_trades", "fees"];

/// Tiles for one variant, a table for several.
#[component]
pub fn KeyNumbers() -> impl IntoView {
    let app = app();
    let unit = Memo::new(move |_| {
        app.shown.with(|s| s.as_ref().map(|s| (s.dataset().settlement, s.dataset().underlying.clone())))
    });
    let several = Memo::new(move |_| app.columns.with(|c| c.len() > 1));
    let cell = move |row: usize, column: usize| {
        let (settlement, underlying) = unit.get().unwrap_or((Settlement::Inverse, "BTC".into()));
        app.columns.with(|c| c.get(column).map_or_else(empty_cell, |c| cell_of(ROWS[row], c, settlement, &underlying)))
    };
    view! {
        <section class="numbers" aria-label="Key numbers">
            <Show
                when=move || several.get()
                fallback=move || view! {
                    <dl class="tiles">
                        {(0..ROWS.len()).map(|row| view! {
                            <div class="tile">
                                <dt><Label row=row/></dt>
                                <dd><Figure cell=Signal::derive(move || cell(row, 0))/></dd>
                            </div>
                        }).collect_view()}
                    </dl>
                }
            >
                <NumbersTable cell=cell/>
            </Show>
        </section>
    }
}

#[component]
fn NumbersTable(cell: impl Fn(usize, usize) -> Cell + Copy + Send + Sync + 'static) -> impl IntoView {
    let app = app();
    let names = Memo::new(move |_| app.columns.with(|c| c.iter().map(|c| c.name.clone()).collect::<Vec<_>>()));
    view! {
        <div class="table-box">
            <table class="compare">
                <thead>
                    <tr>
                        <th scope="col"><span class="unseen">"Figure"</span></th>
                        {move || names.get().into_iter().enumerate().map(|(i, name)| view! {
                            <th scope="col" class="num" data-series=i % 6 + 1><span class="swatch" aria-hidden="true"></span>{name}</th>
                        }).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {(0..ROWS.len()).map(|row| view! {
                        <tr>
                            <th scope="row"><Label row=row/></th>
                            {move || (0..names.with(Vec::len)).map(|column| view! {
                                <td class="num"><Figure cell=Signal::derive(move || cell(row, column))/></td>
                            }).collect_view()}
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Label(row: usize) -> impl IntoView {
    let key = ROWS[row];
    let (title, lines) = super::terms::explain(key);
    view! { <Tip id=format!("tip-{key}") label=title lines=lines/> }
}

#[component]
fn Figure(cell: Signal<Cell>) -> impl IntoView {
    view! {
        <span class="figure-main" data-sign=move || cell.with(|c| c.sign) title=move || cell.with(|c| c.title)>
            {move || cell.with(|c| c.main.clone())}
        </span>
        <span class="figure-below">{move || cell.with(|c| c.below.clone())}</span>
    }
}

fn empty_cell() -> Cell {
    Cell { main: ABSENT.into(), below: String::new(), sign: "", title: "No run yet" }
}

fn sign_of(value: f64) -> &'static str {
    match value {
        v if v > 0.0 => "gain",
        v if v < 0.0 => "loss",
        _ => "",
    }
}

fn cell_of(key: &str, column: &Column, settlement: Settlement, underlying: &str) -> Cell {
    let s = &column.summary;
    let inverse = settlement == Settlement::Inverse;
    let coin = |v: f64| format!("{} {underlying}", signed(v, 4));
    let money = |usd_value: f64, coin_value: f64| {
        let sign = sign_of(if inverse { coin_value } else { usd_value });
        let texts = (coin(coin_value), usd_signed(usd_value));
        let (main, below) = if inverse { texts } else { (texts.1, String::new()) };
        Cell { main, below, sign, title: "" }
    };
    let plain = |main: String, below: String, title| Cell { main, below, sign: "", title };
    match key {
        "final_pnl" => {
            let cell = money(s.final_pnl, s.final_pnl_coin);
            // What the account is worth is thought of in dollars, whatever it is settled in.
            let (main, below) = if inverse { (cell.below, cell.main) } else { (cell.main, cell.below) };
            Cell { main, below, sign: sign_of(s.final_pnl), title: "" }
        }
        "final_pnl_vs_hodl" => money(s.final_pnl_vs_hodl, s.final_pnl_vs_hodl_coin),
        "total_return" => Cell {
            main: percent_signed(s.total_return, 1),
            below: format!("HODL {}", percent_signed(s.hodl_return, 1)),
            sign: sign_of(s.total_return),
            title: "",
        },
        "max_drawdown" => {
            let depth = |d: Option<crate::metrics::Drawdown>| or_dash(d.map(|d| -d.depth), |v| percent(v, 1));
            let below = if inverse { format!("in {underlying} {}", depth(s.max_drawdown_coin)) } else { String::new() };
            plain(depth(s.max_drawdown), below, "")
        }
        "win_rate" => {
            let closed = s.num_trades - s.open_trades;
            let title = if s.win_rate.is_none() { "No closed trade" } else { "" };
            plain(or_dash(s.win_rate, |v| percent(v, 0)), format!("of {closed} closed"), title)
        }
        "num_trades" => {
            let open = if s.open_trades > 0 { format!("{} open", s.open_trades) } else { "all closed".into() };
            plain(s.num_trades.to_string(), open, "")
        }
        _ => {
            let fees = s.fees_coin.map(|v| format!("{} {underlying}", format::number(v, 4)));
            match fees.filter(|_| inverse) {
                Some(main) => plain(main, format::usd(s.fees), ""),
                None => plain(format::usd(s.fees), String::new(), ""),
            }
        }
    }
}
