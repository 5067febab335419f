//! The board of one expiry: calls left, puts right, strikes between.

use crate::app::clock::utc_and_yours;
use crate::app::desk::both;
use crate::display::chain::{Board, BoardRow, BoardSide, board, expiry_near, expiry_words};
use crate::market::Dataset;
use crate::units::Timestamp;
use crate::web::{page, task};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Height of a row in rem; the stylesheet has the same.
const ROW: f64 = 1.75;
/// Days to the expiry that is shown before anybody chooses.
const DAYS: f64 = 30.0;
/// Columns of a call from the strike outward; the words of the table's head.
const COLUMNS: [&str; 6] = ["Bid", "Ask", "Mark", "IV", "Δ", "OI"];

/// A choice of expiries and the board of the chosen one, which scrolls inside itself.
#[component]
pub fn BoardCard(dataset: Arc<Dataset>) -> impl IntoView {
    let (_, desk) = both();
    let wanted = RwSignal::new(None::<Timestamp>);
    let expiry = Memo::new(move |_| {
        let (snapshots, place) = desk.place()?;
        let is_listed = |wanted: &Timestamp| snapshots[place].chain(*wanted).is_some();
        wanted.get().filter(is_listed).or_else(|| expiry_near(&snapshots[place], DAYS))
    });
    let shown = Memo::new(move |_| {
        let seen = desk.place().zip(expiry.get());
        seen.map(|((snapshots, place), expiry)| board(&snapshots[place], expiry, &dataset)).unwrap_or_default()
    });
    let choices = move || {
        let (snapshots, place) = desk.place()?;
        let snapshot = &snapshots[place];
        let words = |chain: &crate::market::Chain| (chain.expiry, expiry_words(chain.expiry, snapshot.time));
        Some(snapshot.chains.iter().map(words).collect::<Vec<_>>())
    };
    let choose = move |event| wanted.set(event_target_value(&event).parse().ok().map(Timestamp));
    let scroller = NodeRef::<Div>::new();
    // Opens at the forward; where the window is narrow, at the strikes.
    Effect::new(move |_| {
        expiry.track();
        let central = shown.with_untracked(|board| board.rows.iter().position(|row| row.is_central));
        if let (Some(div), Some(row)) = (scroller.get(), central) {
            let below = (row as f64 + 2.0) * ROW * page::rem();
            // Once its size is known.
            spawn_local(async move {
                task::next_frame().await;
                div.set_scroll_top((below as i32 - div.client_height() / 2).max(0));
                div.set_scroll_left((div.scroll_width() - div.client_width()) / 2);
            });
        }
    });
    view! {
        <div class="data-part">
            <div class="data-head">
                <h4>"Board"</h4>
                <label class="pace"><span>"Expiry"</span>
                    <select id="board-expiry" on:change=choose>
                        {move || choices().unwrap_or_default().into_iter().map(|(at, words)| view! {
                            <option value=at.0.to_string() prop:selected=move || expiry.get() == Some(at)>{words}</option>
                        }).collect_view()}
                    </select>
                </label>
            </div>
            <p class="help" id="board-words">{move || shown.with(|board| format!("Expires {}, {} Prices in {}, strikes in USD; shaded options are in the money.", expiry.get().map(|at| utc_and_yours(at.0)).unwrap_or_default(), board.words, board.unit))}</p>
            <div class="table-box tall" tabindex="0" role="region" aria-label="Board" node_ref=scroller>
                {move || view! { <BoardTable board=shown.get()/> }}
            </div>
        </div>
    }
}

#[component]
fn BoardTable(board: Board) -> impl IntoView {
    let Board { rows, has_open_interest, .. } = board;
    let columns = if has_open_interest { 6 } else { 5 };
    let head = move |name: &'static str| view! { <th scope="col" class="num">{name}</th> };
    view! {
        <table class="board">
            <thead>
                <tr><th scope="colgroup" colspan=columns.to_string()>"Calls"</th><td></td><th scope="colgroup" colspan=columns.to_string()>"Puts"</th></tr>
                <tr>
                    {COLUMNS[..columns].iter().rev().map(|name| head(name)).collect_view()}
                    <th scope="col" class="strike">"Strike"</th>
                    {COLUMNS[..columns].iter().map(|name| head(name)).collect_view()}
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| line(row, columns)).collect_view()}</tbody>
        </table>
    }
}

fn line(row: BoardRow, columns: usize) -> impl IntoView {
    let BoardRow { strike, sides: [call, put], is_central } = row;
    let cells = move |side: BoardSide, is_reversed: bool| {
        let mut cells: Vec<String> = side.cells.into_iter().take(columns).collect();
        if is_reversed {
            cells.reverse();
        }
        let is_in = side.is_in_the_money;
        cells.into_iter().map(|cell| view! { <td class="num" class:itm=is_in>{cell}</td> }).collect_view()
    };
    view! {
        <tr class:central=is_central>{cells(call, true)}<th scope="row" class="strike">{strike}</th>{cells(put, false)}</tr>
    }
}
