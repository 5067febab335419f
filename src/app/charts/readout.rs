//! The words above the chart: what each line is and what it says at the crosshair.

use super::hero::{coin, inspect};
use super::layout::shown;
use crate::app::clock::utc_and_yours;
use crate::app::state::{App, app};
use crate::display::caption::equity_value;
use crate::display::format::{percent, percent_signed, signed, usd, usd_signed};
use crate::display::plot::nearest;
use crate::display::{Curves, Money};
use leptos::prelude::*;

/// One line's name and words.
#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    name: String,
    /// `1`.. for variants, `hodl`, `index`.
    series: String,
    value: String,
    beside: String,
}

/// All words of an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words {
    time: String,
    entries: Vec<Entry>,
}

impl Words {
    /// All of it, to be heard.
    pub(super) fn spoken(&self) -> String {
        let entries = self.entries.iter().map(|e| format!("{} {} {}", e.name, e.value, e.beside).trim_end().to_owned());
        format!("{}: {}", self.time, entries.collect::<Vec<_>>().join(", "))
    }
}

/// The words at the crosshair, or at the newest mark; tracked.
pub(super) fn words_now(app: App) -> Words {
    let (money, share, cursor) = (app.money.get(), app.percent.get(), app.cursor.get());
    app.session.with_value(|s| words_at(&s.curves, cursor, money, share, &coin(app)))
}

/// The legend with values at the crosshair, or at the newest mark.
#[component]
pub fn Readout() -> impl IntoView {
    let app = app();
    let words = Memo::new(move |_| {
        app.frame.track();
        words_now(app)
    });
    let count = Memo::new(move |_| words.with(|w| w.entries.len()));
    let entry = move |i: usize| words.with(|w| w.entries.get(i).cloned().unwrap_or_default());
    view! {
        <div class="readout">
            <span class="readout-time">{move || words.with(|w| w.time.clone())}</span>
            <For each=move || 0..count.get() key=|i| *i let:i>
                <span class="readout-entry" data-series=move || entry(i).series>
                    <span class="swatch" aria-hidden="true"></span>
                    <span class="readout-name">{move || entry(i).name}</span>
                    <span class="readout-value">{move || entry(i).value}</span>
                    <span class="readout-beside">{move || entry(i).beside}</span>
                </span>
            </For>
            // A finger has no click beside the one that moves the crosshair.
            {move || app.cursor.get().map(|at| view! {
                <button type="button" class="quiet why-here" on:click=move |_| inspect(app, at)>"Why?"</button>
            })}
        </div>
    }
}

fn words_at(curves: &Curves, cursor: Option<i64>, money: Money, share: bool, coin: &str) -> Words {
    let Some(last) = curves.times.len().checked_sub(1) else { return Words::default() };
    let i = cursor.and_then(|t| nearest(&curves.times, t)).unwrap_or(last);
    let opening = curves.opening(money);
    let show = |v: f64| equity_value(shown(v, opening, share), money, share && opening.is_some(), coin);
    let apart = |v: f64| match (opening.filter(|_| share), money) {
        (Some(opening), _) => percent_signed(v / opening, 2),
        (None, Money::Usd) => usd_signed(v),
        (None, Money::Coin) => format!("{} {coin}", signed(v, 4)),
    };
    let hodl = curves.hodl(money).get(i).copied().unwrap_or_default();
    let mut entries: Vec<Entry> = Vec::new();
    for (k, unit) in curves.units.iter().enumerate() {
        if let Some(v) = unit.equity(money).get(i) {
            let fall = unit.drawdown(money).get(i).map_or(String::new(), |d| format!(" · drawdown {}", percent(*d, 1)));
            entries.push(Entry {
                name: unit.name.clone(),
                series: (k % 6 + 1).to_string(),
                value: show(*v),
                beside: format!("{} vs HODL{fall}", apart(v - hodl)),
            });
        }
    }
    entries.push(Entry { name: "HODL".into(), series: "hodl".into(), value: show(hodl), beside: String::new() });
    let index = curves.index.get(i).copied().unwrap_or_default();
    entries.push(Entry { name: "Index".into(), series: "index".into(), value: usd(index), beside: String::new() });
    Words { time: utc_and_yours(curves.times[i]), entries }
}
