//! The variants of the strategy as cards.

use super::form::Beyond;
use super::loan::HedgeFields;
use super::{FieldInput, Icon, Segments};
use crate::app::driver;
use crate::app::state::{App, app};
use crate::display::At;
use leptos::prelude::*;

/// The hedge that a variant begins with.
const FIRST_HEDGE: &str = "Put 95 %, 12 months";

/// All cards and the button that adds one.
#[component]
pub fn VariantCards() -> impl IntoView {
    let app = app();
    let count = Memo::new(move |_| app.draft.with(|d| d.variant_count()));
    let add = move |_| {
        app.draft.update(|d| {
            let last = d.variant_count().checked_sub(1);
            d.add_variant(last);
        });
        driver::recheck(app);
    };
    let both = move |_| {
        app.draft.update(|d| d.both_exit_styles(0));
        driver::recheck(app);
    };
    view! {
        <For each=move || 0..count.get() key=|i| *i let:place>
            <VariantCard place=place only=Signal::derive(move || count.get() == 1)/>
        </For>
        <Beyond>
            <Show when=move || count.get() == 1 && app.draft.with(|d| !d.is_hedge(0))>
                <button type="button" class="quiet add" id=app.id("both-styles") disabled=move || app.is_active() on:click=both>
                    <Icon name="copy"/><span>"Both exit styles side by side"</span>
                </button>
            </Show>
            <button type="button" class="quiet add" disabled=move || app.is_active() on:click=add>
                <Icon name="plus"/><span>"Add a variant to compare"</span>
            </button>
        </Beyond>
    }
}

fn text(app: App, place: usize, path: &'static str) -> String {
    app.draft.with(|d| d.text(At::Variant(place), path).to_owned())
}

#[component]
fn VariantCard(place: usize, only: Signal<bool>) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let get = move |path| text(app, place, path);
    let rolls = Memo::new(move |_| app.draft.with(|d| d.style_of(place) == "tp_and_roll"));
    let hedges = Memo::new(move |_| app.draft.with(|d| d.is_hedge(place)));
    let off = move || get("enabled") == "false";
    let switch = move |_| {
        app.draft.update(|d| d.set(at, "enabled", if off() { "true" } else { "false" }));
        driver::recheck(app);
    };
    let copy = move |_| {
        app.draft.update(|d| {
            d.add_variant(Some(place));
        });
        driver::recheck(app);
    };
    let remove = move |_| {
        app.draft.update(|d| d.remove_variant(place));
        driver::recheck(app);
    };
    view! {
        <article class="variant" class:off=off aria-label=move || format!("Variant {}", get("name")) data-series=place % 6 + 1>
            <div class="variant-head">
                <span class="swatch" aria-hidden="true"></span>
                <span class="variant-name">{move || get("name")}</span>
                <Beyond>
                    <button type="button" class="quiet square" aria-label="Duplicate this variant" disabled=move || app.is_active() on:click=copy>
                        <Icon name="copy"/>
                    </button>
                </Beyond>
                <Show when=move || !only.get()>
                    <input type="checkbox" role="switch" aria-label="Include this variant" title="Include this variant in the run"
                        prop:checked=move || !off() disabled=move || app.is_active() on:change=switch/>
                    <button type="button" class="quiet square" aria-label="Remove this variant" disabled=move || app.is_active() on:click=remove>
                        <Icon name="trash"/>
                    </button>
                </Show>
            </div>
            <Beyond><KindSwitch place=place hedges=hedges/></Beyond>
            <Show when=move || hedges.get() fallback=move || view! { <ShortFields place=place rolls=rolls/> }>
                <HedgeFields place=place/>
            </Show>
        </article>
    }
}

/// A variant sells an option, or hedges.
#[component]
fn KindSwitch(place: usize, hedges: Memo<bool>) -> impl IntoView {
    let app = app();
    let set = move |hedge: bool| {
        app.draft.update(|d| {
            if hedge {
                d.take_template(place, FIRST_HEDGE, &[]);
            } else {
                d.drop_hedge(place);
            }
        });
        driver::recheck(app);
    };
    let words = Signal::stored(vec!["Short option".to_owned(), "Hedge".to_owned()]);
    let chosen = Signal::derive(move || usize::from(hedges.get()));
    let disabled = Signal::derive(move || app.is_active());
    view! { <Segments label="Kind of variant" words=words chosen=chosen choose=Callback::new(move |place| set(place == 1)) disabled=disabled/> }
}

/// What a variant sells, and how it is left.
#[component]
fn ShortFields(place: usize, rolls: Memo<bool>) -> impl IntoView {
    let at = At::Variant(place);
    view! {
        <FieldInput at=at path="structure"/>
        <div class="pair">
            <FieldInput at=at path="target_delta"/>
            <FieldInput at=at path="target_dte"/>
        </div>
        <Show when=move || rolls.get()>
            <div class="pair">
                <FieldInput at=at path="exit.take_profit"/>
                <FieldInput at=at path="exit.max_rolls"/>
            </div>
            <Beyond><FieldInput at=at path="exit.defend"/></Beyond>
        </Show>
        <Beyond>
            <SelectionFold place=place/>
            <Show when=move || rolls.get()><ExitFold place=place/></Show>
            <EntryFold place=place/>
        </Beyond>
    }
}

#[component]
fn SelectionFold(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let get = move |path| text(app, place, path);
    let title = move || {
        let score = if get("selection") == "nearest" {
            "nearest".to_owned()
        } else {
            format!("score ≥ {}", get("min_score"))
        };
        format!("Δ {}–{} · {}–{} d · {score}", get("min_delta"), get("max_delta"), get("min_dte"), get("max_dte"))
    };
    view! {
        <details class="fold">
            <summary><span class="fold-name">"Selection"</span><span class="fold-value">{title}</span></summary>
            <FieldInput at=at path="selection"/>
            <div class="pair">
                <FieldInput at=at path="min_delta"/>
                <FieldInput at=at path="max_delta"/>
            </div>
            <div class="pair">
                <FieldInput at=at path="min_dte"/>
                <FieldInput at=at path="max_dte"/>
            </div>
            <div class="pair">
                <FieldInput at=at path="min_score"/>
                <FieldInput at=at path="max_spread"/>
            </div>
            <div class="pair">
                <FieldInput at=at path="min_premium"/>
                <FieldInput at=at path="min_open_interest"/>
            </div>
        </details>
    }
}

#[component]
fn ExitFold(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let get = move |path| text(app, place, path);
    let title = move || {
        let part = |words: &str, path: &'static str| {
            let value = get(path);
            (!value.is_empty()).then(|| format!("{words} {value}"))
        };
        let parts = [part("stop", "exit.stop_loss"), part("days", "exit.dte_exit"), part("hold", "exit.max_hold_days")];
        let on: Vec<String> = parts.into_iter().flatten().collect();
        if on.is_empty() { "no other rule".to_owned() } else { on.join(" · ") }
    };
    view! {
        <details class="fold">
            <summary><span class="fold-name">"More exit rules"</span><span class="fold-value">{title}</span></summary>
            <div class="pair">
                <FieldInput at=at path="exit.stop_loss"/>
                <FieldInput at=at path="exit.dte_exit"/>
            </div>
            <div class="pair">
                <FieldInput at=at path="exit.max_hold_days"/>
                <FieldInput at=at path="exit.min_dte_to_roll"/>
            </div>
        </details>
    }
}

#[component]
fn EntryFold(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let get = move |path| text(app, place, path);
    let title = move || {
        let size = get("size");
        let size = if size.is_empty() { "whole holding".to_owned() } else { format!("{size} coins") };
        let filters = ["entry.min_iv_percentile", "entry.min_iv_rv", "entry.weekdays"];
        let on = filters.iter().filter(|p| !get(p).is_empty()).count();
        let filters = match on {
            0 => "no entry filter".to_owned(),
            1 => "1 entry filter".to_owned(),
            n => format!("{n} entry filters"),
        };
        format!("{size} · {filters}")
    };
    view! {
        <details class="fold">
            <summary><span class="fold-name">"Name, size and entry"</span><span class="fold-value">{title}</span></summary>
            <FieldInput at=at path="name"/>
            <FieldInput at=at path="exit.style"/>
            <div class="pair">
                <FieldInput at=at path="size"/>
                <FieldInput at=at path="max_open"/>
            </div>
            <FieldInput at=at path="cover"/>
            <div class="pair">
                <FieldInput at=at path="entry.min_iv_percentile"/>
                <FieldInput at=at path="entry.min_iv_rv"/>
            </div>
            <FieldInput at=at path="entry.weekdays"/>
            <FieldInput at=at path="scan"/>
        </details>
    }
}
