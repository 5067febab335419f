//! Templates of hedges: several at once as variants, and those of one's own.

use super::hedge_card::bin;
use crate::app::state::{App, app};
use crate::app::{driver, keep};
use crate::display::hedges::{COMPARED, with_own, words};
use crate::strategy::templates;
use leptos::prelude::*;

/// Adds the templates that are ticked as variants.
#[component]
pub fn CompareTemplates() -> impl IntoView {
    let app = app();
    let ticked = RwSignal::new(COMPARED.map(str::to_owned).to_vec());
    let names = move || {
        let own = app.own_templates.with(|own| own.iter().map(|t| t.name.clone()).collect::<Vec<_>>());
        templates().into_iter().map(|t| t.name.to_owned()).chain(own).collect::<Vec<_>>()
    };
    let add = move |_| {
        let own = app.own_templates.get_untracked();
        let wanted: Vec<String> =
            untrack(names).into_iter().filter(|n| ticked.with_untracked(|t| t.contains(n))).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        app.draft.update(|d| d.compare_templates(&wanted, &own));
        driver::recheck(app);
    };
    let count = move || names().iter().filter(|n| ticked.with(|t| t.contains(n))).count();
    view! {
        <details class="fold" id=app.id("compare-templates")>
            <summary>
                <span class="fold-name">"Hedges to compare"</span>
                <span class="fold-value">{move || format!("{} templates", count())}</span>
            </summary>
            <ul class="ticks">
                {move || names().into_iter().map(|name| view! { <Tick name=name ticked=ticked/> }).collect_view()}
            </ul>
            <button type="button" disabled=move || app.is_active() || count() == 0 on:click=add>"Compare templates"</button>
        </details>
    }
}

#[component]
fn Tick(name: String, ticked: RwSignal<Vec<String>>) -> impl IntoView {
    let app = app();
    let (mine, gone, shown) = (name.clone(), name.clone(), name.clone());
    let is_own = app.own_templates.with_untracked(|own| own.iter().any(|t| t.name == name));
    let about = app.own_templates.with_untracked(|own| own.iter().find(|t| t.name == name).map(|t| words(&t.hedge)));
    let toggle = move |event| {
        let on = event_target_checked(&event);
        ticked.update(|t| {
            t.retain(|other| *other != name);
            if on {
                t.push(name.clone());
            }
        });
    };
    let delete = move |_| {
        let rest = app.own_templates.get_untracked().into_iter().filter(|t| t.name != gone).collect();
        keep::keep_templates(app, rest);
    };
    view! {
        <li>
            <label class="switch">
                <input type="checkbox" prop:checked=move || ticked.with(|t| t.contains(&mine)) on:change=toggle/>
                <span>{shown.clone()}</span>
            </label>
            {about.map(|about| view! { <span class="help">{about}</span> })}
            {is_own.then(|| view! {
                <button type="button" class="quiet square small" aria-label=format!("Delete the template {shown}") on:click=delete>{bin()}</button>
            })}
        </li>
    }
}

/// Saves a variant's hedge under a name.
#[component]
pub fn Save(place: usize) -> impl IntoView {
    let app = app();
    let name = RwSignal::new(String::new());
    let said = RwSignal::new(Ok::<String, String>(String::new()));
    let save = move |_| said.set(save(app, place, &name.get_untracked()));
    let id = app.own_id(&format!("template-name-{place}"));
    let is_wrong = move || said.with(Result::is_err);
    let text = move || said.with(|said| said.as_ref().unwrap_or_else(|fault| fault).clone());
    view! {
        <div class="field" class:has-problem=is_wrong>
            <label for=id.clone()>"Save as template"</label>
            <div class="input">
                <input type="text" id=id.clone() autocomplete="off" placeholder="Name" aria-describedby=format!("{id}-said")
                    aria-invalid=move || is_wrong().then_some("true") prop:value=name on:input=move |e| name.set(event_target_value(&e))/>
                <button type="button" on:click=save>"Save"</button>
            </div>
            <p class=move || if is_wrong() { "problem" } else { "help" } id=format!("{id}-said") role="status">{text}</p>
        </div>
    }
}

fn save(app: App, place: usize, name: &str) -> Result<String, String> {
    let hedge =
        app.draft.with_untracked(|d| d.hedge(place)).ok_or("Mend the hedge first: a field of it cannot be read.")?;
    let own = app.own_templates.with_untracked(|own| with_own(own, name, &hedge))?;
    keep::keep_templates(app, own);
    Ok("Saved; it is listed under Yours.".into())
}
