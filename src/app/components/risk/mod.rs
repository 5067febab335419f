//! The Risk tab: what is held now, its greeks over time, rolling figures, drawdowns, and how trades' PnL is spread.

mod falls;
mod histogram;
mod over_time;
mod payoff;

use super::Tip;
use super::tabs::Nothing;
use crate::app::charts::{Currency, coin};
use crate::app::state::{App, app};
use crate::display::caption::{data_words, dates};
use crate::display::figures::explain;
use crate::market::Dataset;
use crate::run::Unit;
use falls::Falls;
use histogram::Spread;
use leptos::prelude::*;
use over_time::{Greeks, RollingFigures};
use payoff::Payoff;

/// The Risk tab of one variant.
#[component]
pub fn Risk(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let has_any = Memo::new(move |_| {
        app.tables.track();
        of_unit(app, unit.get(), |unit, _| !unit.steps.is_empty()).unwrap_or_default()
    });
    view! {
        <Show when=move || has_any.get() fallback=|| view! { <Nothing text="Risk appears here as a run walks: press Start Backtest."/> }>
            <div class="risk">
                <Payoff unit=unit/>
                <Greeks unit=unit/>
                <RollingFigures unit=unit/>
                <Falls unit=unit/>
                <Spread unit=unit/>
            </div>
        </Show>
    }
}

/// What is asked of a variant of the run and its dataset; `None` without a run.
fn of_unit<T>(app: App, unit: usize, ask: impl FnOnce(&Unit, &Dataset) -> T) -> Option<T> {
    app.session.with_value(|s| {
        let run = s.run.as_ref()?;
        run.units().get(unit).map(|unit| ask(unit, &run.resolved().dataset))
    })
}

/// A part of the tab: its title with the explanation of its figure, and a sentence that says what is seen.
#[component]
fn Part(
    /// Unique id; that of its sentence ends in `-words`.
    id: &'static str,
    /// Title.
    title: &'static str,
    /// The figure's key in the glossary.
    #[prop(into)]
    key: Signal<&'static str>,
    /// The sentence.
    #[prop(into)]
    words: Signal<String>,
    /// Its figures are in the currency of the page, which is chosen beside the title.
    #[prop(optional)]
    has_money: bool,
    /// What there is to see.
    children: Children,
) -> impl IntoView {
    let app = app();
    view! {
        <section class="risk-part" id=id aria-labelledby=format!("{id}-title")>
            <div class="part-head first">
                <h3 id=format!("{id}-title")>{title}</h3>
                {move || {
                    let (figure, mut lines) = explain(key.get());
                    lines.insert(0, format!("{figure}:"));
                    view! { <Tip label="How it is computed" lines=lines/> }
                }}
                {has_money.then(|| view! { <Currency money=app.money coin=Signal::derive(move || coin(app))/> })}
            </div>
            <p class="part-words" id=format!("{id}-words")>{words}</p>
            {children()}
        </section>
    }
}

/// What an exported chart of the run says of itself: its title, and what the run is of.
pub fn about(title: impl Into<String>) -> Callback<(), (String, String)> {
    let title = title.into();
    let app = app();
    Callback::new(move |()| {
        let data = app.shown.with_untracked(|shown| {
            let shown = shown.as_ref()?;
            let request = &shown.resolved.request;
            let span = (request.start.start().0, request.end.start().0);
            Some(format!("{} · {}", data_words(shown.dataset()), dates(span)))
        });
        (title.clone(), data.unwrap_or_default())
    })
}
