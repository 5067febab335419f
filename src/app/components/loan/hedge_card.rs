//! A variant that hedges: its template, its legs, how much of the units and for how long.

use super::super::{FieldInput, Icon};
use super::templates::Save;
use crate::app::driver;
use crate::app::state::{App, app};
use crate::display::At;
use crate::display::fields::{self, Kind};
use crate::display::hedges::{TENORS, leg_paths, name_of, words};
use crate::strategy::templates;
use leptos::prelude::*;

fn text(app: App, place: usize, path: &'static str) -> String {
    app.draft.with(|d| d.text(At::Variant(place), path).to_owned())
}

/// Changes the draft and looks at it anew.
fn change(app: App, how: impl FnOnce(&mut crate::display::Draft)) {
    app.draft.update(how);
    driver::recheck(app);
}

/// The fields of a hedge.
#[component]
pub fn HedgeFields(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let title = move || app.draft.with(|d| d.hedge(place)).map(|hedge| words(&hedge)).unwrap_or_default();
    view! {
        <Picker place=place/>
        <details class="fold">
            <summary><span class="fold-name">"Legs"</span><span class="fold-value">{title}</span></summary>
            <div class="group">
                <KindField place=place/>
                <Legs place=place/>
                <Tenor place=place/>
                <FieldInput at=at path="hedge.coverage"/>
            </div>
        </details>
        <More place=place/>
    }
}

/// All templates, built in and one's own; what is none of them is one's own settings.
#[component]
fn Picker(place: usize) -> impl IntoView {
    let app = app();
    let id = app.own_id(&format!("hedge-template-{place}"));
    let own = move || app.own_templates.with(|own| own.iter().map(|t| t.name.clone()).collect::<Vec<_>>());
    let chosen = Memo::new(move |_| {
        let hedge = app.draft.with(|d| d.hedge(place));
        hedge.and_then(|hedge| app.own_templates.with(|own| name_of(&hedge, own))).unwrap_or_default()
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        let own = app.own_templates.get_untracked();
        change(app, |d| d.take_template(place, &name, &own));
    };
    let option = move |name: String| {
        let (mine, words) = (name.clone(), name.clone());
        view! { <option value=name prop:selected=move || chosen.get() == mine>{words}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>"Template"</label>
            <div class="input">
                <select id=id disabled=move || app.is_active() on:change=choose>
                    <option value="" disabled=true prop:selected=move || chosen.with(String::is_empty)>"Own settings"</option>
                    <optgroup label="Built in">{templates().into_iter().map(|t| option(t.name.to_owned())).collect_view()}</optgroup>
                    {move || (!own().is_empty()).then(|| view! {
                        <optgroup label="Yours">{own().into_iter().map(option).collect_view()}</optgroup>
                    })}
                </select>
            </div>
        </div>
    }
}

#[component]
fn KindField(place: usize) -> impl IntoView {
    let app = app();
    let id = app.own_id(&format!("hedge-kind-{place}"));
    let list = match fields::variant("hedge.kind").map(|f| f.kind) {
        Some(Kind::Choice(list)) => list,
        _ => &[],
    };
    let choose = move |event| change(app, |d| d.set_hedge_kind(place, &event_target_value(&event)));
    view! {
        <div class="field">
            <label for=id.clone()>"Kind"</label>
            <div class="input">
                <select id=id disabled=move || app.is_active() on:change=choose>
                    {list.iter().map(|(value, words)| view! {
                        <option value=*value prop:selected=move || text(app, place, "hedge.kind") == *value>{*words}</option>
                    }).collect_view()}
                </select>
            </div>
        </div>
    }
}

/// A row a leg; several puts can be added and taken away.
#[component]
fn Legs(place: usize) -> impl IntoView {
    let app = app();
    let shape = Memo::new(move |_| app.draft.with(|d| d.hedge_shape(place)));
    let several = move || text(app, place, "hedge.kind") != "put";
    view! {
        <For each=move || { let (puts, call) = shape.get(); 0..puts + usize::from(call) } key=|i| *i let:leg>
            <Leg place=place leg=leg shape=shape/>
        </For>
        <Show when=several>
            <div class="chips">
                <button type="button" class="chip" disabled=move || app.is_active() on:click=move |_| change(app, |d| d.change_puts(place, true))>"Add a put"</button>
                <button type="button" class="chip" disabled=move || app.is_active() on:click=move |_| change(app, |d| d.change_puts(place, false))>"Remove the last put"</button>
            </div>
        </Show>
    }
}

#[component]
fn Leg(place: usize, leg: usize, shape: Memo<(usize, bool)>) -> impl IntoView {
    let app = app();
    let (at, paths) = (At::Variant(place), leg_paths(leg));
    let is_call = Memo::new(move |_| leg >= shape.get().0);
    let by = Memo::new(move |_| text(app, place, paths.by));
    // A put on its own covers all that is covered.
    let has_weight = move || is_call.get() || shape.get().0 > 1;
    let ways = Signal::derive(move || {
        let all = [("moneyness", "% of the price"), ("delta", "Delta"), ("pays", "Pays for the puts")];
        let count = if is_call.get() { 3 } else { 2 };
        all[..count].iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    });
    let name = move || if is_call.get() { "Call sold".to_owned() } else { format!("Put {}", leg + 1) };
    view! {
        <fieldset class="leg">
            <legend>{name}</legend>
            <FieldInput at=at path=paths.by choices=ways/>
            {move || match by.get().as_str() {
                "moneyness" => view! { <FieldInput at=at path=paths.moneyness/> }.into_any(),
                "delta" => view! { <FieldInput at=at path=paths.delta/> }.into_any(),
                _ => ().into_any(),
            }}
            <Show when=has_weight><FieldInput at=at path=paths.weight/></Show>
        </fieldset>
    }
}

#[component]
fn Tenor(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let chip = move |(days, words): (&'static str, &'static str)| {
        let pressed = move || (text(app, place, "hedge.tenor_days") == days).to_string();
        view! {
            <button type="button" class="chip" aria-pressed=pressed disabled=move || app.is_active()
                on:click=move |_| change(app, |d| d.set(at, "hedge.tenor_days", days))>{words}</button>
        }
    };
    view! {
        <FieldInput at=at path="hedge.tenor_days"/>
        <div class="chips" role="group" aria-label="Tenors">{TENORS.map(chip)}</div>
    }
}

/// Name, rounding and rolling, and the template of one's own.
#[component]
fn More(place: usize) -> impl IntoView {
    let app = app();
    let at = At::Variant(place);
    let title = move || {
        let roll = text(app, place, "hedge.roll_days_before_expiry");
        let roll = if roll.is_empty() { "held to expiry".to_owned() } else { format!("rolled {roll} d before") };
        let whole = text(app, place, "hedge.whole_contracts") == "true";
        format!("{roll}{}", if whole { " · whole contracts" } else { "" })
    };
    view! {
        <details class="fold">
            <summary><span class="fold-name">"Name, roll, save"</span><span class="fold-value">{title}</span></summary>
            <FieldInput at=at path="name"/>
            <div class="pair">
                <FieldInput at=at path="hedge.roll_days_before_expiry"/>
                <FieldInput at=at path="hedge.whole_contracts"/>
            </div>
            <Save place=place/>
        </details>
    }
}

/// The sign of a thing to delete.
pub(super) fn bin() -> impl IntoView {
    view! { <Icon name="trash"/> }
}
