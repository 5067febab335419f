//! What a chart's values are written in.

use crate::display::Money;
use leptos::prelude::*;

/// Switches between US dollars and coins, and between amounts and percent.
#[component]
pub fn Units(
    /// The currency.
    money: RwSignal<Money>,
    /// Percent of the opening account instead of amounts.
    percent: RwSignal<bool>,
    /// The coin's name.
    coin: Signal<String>,
) -> impl IntoView {
    let is = move |m: Money| (money.get() == m).to_string();
    view! {
        <div class="segments" role="group" aria-label="Currency">
            <button type="button" aria-pressed=move || is(Money::Usd) on:click=move |_| money.set(Money::Usd)>"USD"</button>
            <button type="button" aria-pressed=move || is(Money::Coin) on:click=move |_| money.set(Money::Coin)>{coin}</button>
        </div>
        <div class="segments" role="group" aria-label="Scale">
            <button type="button" aria-pressed=move || (!percent.get()).to_string() on:click=move |_| percent.set(false)>"Amount"</button>
            <button type="button" aria-pressed=move || percent.get().to_string() on:click=move |_| percent.set(true)>"Percent"</button>
        </div>
    }
}
