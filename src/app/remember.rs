//! How things were looked at: what a person prefers, for the next time the page opens, and what a tab shows, for its reload.

use super::components::runs::Shelf;
use super::state::{App, Shown};
use crate::display::Money;
use crate::display::runs::{Column, Order, Query};
use crate::market::Settlement;
use crate::run::Resolved;
use crate::web::page;
use leptos::prelude::*;
use std::fmt::Display;
use std::str::FromStr;

const MONEY: &str = "money";
const PERCENT: &str = "percent";
const ZOOM: &str = "zoom";
const VARIANT: &str = "variant";
const WHY: &str = "why";
const RUNS: &str = "runs";
/// What a preference says for yes.
const YES: &str = "1";

/// The currency that a person last chose; coins before that.
fn money() -> Money {
    if page::preference(MONEY).as_deref() == Some("usd") { Money::Usd } else { Money::Coin }
}

/// Remembers a chosen currency.
pub fn set_money(money: Money) {
    page::set_preference(MONEY, if money == Money::Usd { "usd" } else { "coin" });
}

/// The currency of a result: the chosen one, but dollars where it is counted or owed in them.
pub fn money_of(resolved: &Resolved) -> Money {
    match (resolved.dataset.settlement, &resolved.request.account.loan) {
        (Settlement::Inverse, None) => money(),
        _ => Money::Usd,
    }
}

/// True where percent were chosen.
pub fn percent() -> bool {
    page::preference(PERCENT).as_deref() == Some(YES)
}

/// Remembers percent or amounts.
pub fn set_percent(is_percent: bool) {
    page::set_preference(PERCENT, if is_percent { YES } else { "" });
}

/// What a zoom is a part of: one of another dataset or other dates means nothing.
fn whole(shown: &Shown) -> String {
    let request = &shown.resolved.request;
    format!("{} {} {}", shown.dataset().id, request.start, request.end)
}

/// Remembers the zoom of what is shown; tracked.
pub fn zoom(app: App) {
    let zoom = app.zoom.get();
    app.shown.with_untracked(|shown| {
        if let Some(shown) = shown.as_ref().filter(|shown| !shown.example) {
            let text = zoom.map(|(from, to)| format!("{} {from} {to}", whole(shown))).unwrap_or_default();
            page::set_preference(ZOOM, &text);
        }
    });
}

/// The zoom that was last seen of what is shown now; `None` where it was of something else.
pub fn zoom_of(shown: &Shown) -> Option<(i64, i64)> {
    let text = page::preference(ZOOM)?;
    let (from, to) = text.strip_prefix(&whole(shown))?.trim_start().split_once(' ')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Remembers the variant of what is shown whose details a person chose.
pub fn set_variant(app: App, place: usize) {
    app.shown.with_untracked(|shown| {
        if let Some(shown) = shown
            && let Some(variant) = shown.resolved.request.variants.get(place)
        {
            page::set_view(VARIANT, &format!("{} {}", whole(shown), variant.name));
        }
    });
}

/// The variant that was last chosen of what is shown now; `None` where none was, or where it has no variant of that name.
pub fn variant_of(shown: &Shown) -> Option<usize> {
    let text = page::view(VARIANT)?;
    let name = text.strip_prefix(&whole(shown))?.strip_prefix(' ')?;
    shown.resolved.request.variants.iter().position(|variant| variant.name == name)
}

/// Remembers the step under inspection; tracked.
pub fn inspected(app: App) {
    let inspected = app.inspected.get();
    app.shown.with_untracked(|shown| {
        if let Some(shown) = shown.as_ref().filter(|shown| !shown.example) {
            let text = inspected.map(|(unit, step)| format!("{} {unit} {step}", whole(shown))).unwrap_or_default();
            page::set_view(WHY, &text);
        }
    });
}

/// The step of what is shown now that was last under inspection: unit and step; `None` where there was none.
pub fn inspected_of(shown: &Shown) -> Option<(usize, usize)> {
    let text = page::view(WHY)?;
    let (unit, step) = text.strip_prefix(&whole(shown))?.trim_start().split_once(' ')?;
    Some((unit.parse().ok()?, step.parse().ok()?))
}

/// One of `count` choices by its place, as this tab last had it; the first before that.
pub fn place(app: App, key: &str, count: usize) -> RwSignal<usize> {
    kept(app, key, move |place| *place < count)
}

/// Yes or no, as this tab last had it; no before that.
pub fn flag(app: App, key: &str) -> RwSignal<bool> {
    kept(app, key, |_| true)
}

/// Words, as this tab last had them; none before that.
pub fn words(app: App, key: &str) -> RwSignal<String> {
    kept(app, key, |_| true)
}

/// What a tab has over a reload, where it can be; a sample of the page's parts begins anew.
fn kept<T>(app: App, key: &str, can_be: impl Fn(&T) -> bool) -> RwSignal<T>
where
    T: Clone + Default + Display + FromStr + Send + Sync + 'static,
{
    if app.is_sample() {
        return RwSignal::new(T::default());
    }
    let before = page::view(key).and_then(|text| text.parse().ok()).filter(can_be);
    let signal = RwSignal::new(before.unwrap_or_default());
    keep(key, Signal::derive(move || signal.get().to_string()));
    signal
}

/// Remembers what a tab has from now on, whatever it is: the page carries this once.
fn keep(key: &str, words: Signal<String>) {
    let key = key.to_owned();
    Effect::new(move |_| page::set_view(&key, &words.get()));
}

/// The search, order, selection and open line of the Runs page, as this tab last had them, from now on remembered.
pub fn runs_page(shelf: Shelf) {
    let before = page::view(RUNS).unwrap_or_default();
    if let Ok::<[&str; 7], _>([search, underlying, word, by, descends, unfolded, selected]) =
        before.split('\n').collect::<Vec<_>>().try_into()
    {
        shelf.query.set(Query { search: search.into(), underlying: underlying.into(), word: word.into() });
        if let Some((by, ..)) = Column::ALL.into_iter().find(|(_, title, _)| *title == by) {
            shelf.order.set(Order { by, descends: descends == YES });
        }
        shelf.unfolded.set(Some(unfolded.to_owned()).filter(|id| !id.is_empty()));
        shelf.selected.set(selected.split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect());
    }
    Effect::new(move |_| {
        let (query, order) = (shelf.query.get(), shelf.order.get());
        let by = Column::ALL.into_iter().find(|(column, ..)| *column == order.by).map_or("", |(_, title, _)| title);
        let (unfolded, selected) = (shelf.unfolded.get().unwrap_or_default(), shelf.selected.get().join(" "));
        let descends = if order.descends { YES } else { "" };
        let all = [&query.search, &query.underlying, &query.word, by, descends, &unfolded, &selected];
        page::set_view(RUNS, &all.join("\n"));
    });
}
