//! What a chart's values are written in.

use crate::app::components::Segments;
use crate::app::remember;
use crate::app::state::app;
use crate::display::Money;
use leptos::prelude::*;

/// US dollars or coins.
#[component]
pub fn Currency(
    /// The currency.
    money: RwSignal<Money>,
    /// The coin's name.
    #[prop(into)]
    coin: Signal<String>,
) -> impl IntoView {
    let words = Signal::derive(move || vec!["USD".to_owned(), coin.get()]);
    let chosen = Signal::derive(move || usize::from(money.get() == Money::Coin));
    let page = app();
    let choose = Callback::new(move |place| {
        let chosen = if place == 0 { Money::Usd } else { Money::Coin };
        // A comparison's is its own.
        if money == page.money {
            remember::set_money(chosen);
        }
        money.set(chosen);
    });
    view! { <Segments label="Currency" words=words chosen=chosen choose=choose/> }
}

/// Amounts, or percent of the opening account.
#[component]
pub fn AmountOrPercent(
    /// Percent instead of amounts.
    percent: RwSignal<bool>,
) -> impl IntoView {
    let words = Signal::stored(vec!["Amount".to_owned(), "Percent".to_owned()]);
    let chosen = Signal::derive(move || usize::from(percent.get()));
    let page = app();
    let choose = Callback::new(move |place| {
        if percent == page.percent {
            remember::set_percent(place == 1);
        }
        percent.set(place == 1);
    });
    view! { <Segments label="Scale" words=words chosen=chosen choose=choose/> }
}
