//! What was recognised, its first rows, and the fields that an import needs.

use super::talk::{import, put_away};
use super::{Opening, opening};
use crate::app::state::app;
use crate::import::open::{Field, Form};
use crate::json;
use leptos::prelude::*;
use std::sync::Arc;

/// The DOM id of a field.
pub(super) fn id_of(key: &str) -> String {
    format!("open-{}", key.replace('.', "-"))
}

/// The form of an import.
#[component]
pub(super) fn Fields(form: Arc<Form>) -> impl IntoView {
    let (app, opening) = (app(), opening());
    let mut sections: Vec<(String, Vec<Field>)> = Vec::new();
    for field in &form.fields {
        match sections.iter_mut().find(|(name, _)| *name == field.section) {
            Some((_, fields)) => fields.push(field.clone()),
            None => sections.push((field.section.clone(), vec![field.clone()])),
        }
    }
    let section = move |(name, fields): (String, Vec<Field>)| {
        view! {
            <fieldset class="open-section">
                <legend>{name}</legend>
                <div class="open-fields">{fields.into_iter().map(|field| input(opening, field)).collect_view()}</div>
            </fieldset>
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        import(app, opening);
    };
    view! {
        <form class="open-form" on:submit=submit novalidate=true>
            <h4 id="open-found" tabindex="-1"><span class="badge">{form.format.clone()}</span>" "{form.files.clone()}</h4>
            <div class="open-notes">{form.notes.iter().map(|note| view! { <p class="help">{note.clone()}</p> }).collect_view()}</div>
            {preview(&form.preview)}
            {sections.into_iter().map(section).collect_view()}
            <p class="open-buttons">
                <button type="submit" class="main" id="open-import">"Import"</button>
                <button type="button" class="quiet" on:click=move |_| put_away(opening)>"Leave it"</button>
            </p>
        </form>
    }
}

/// The first rows as they stand in the file.
fn preview(rows: &[Vec<String>]) -> Option<AnyView> {
    let (heads, rows) = rows.split_first()?;
    // Numbers stand at the right, and so do their heads.
    let class = |text: &String| if json::number(text).is_some() { "num" } else { "" };
    let head = |(head, text): (&String, &String)| view! { <th scope="col" class=class(text)>{head.clone()}</th> };
    let heads = heads.iter().zip(rows.first()?).map(head).collect_view();
    let row = |row: &Vec<String>| {
        let cells = row.iter().map(|text| view! { <td class=class(text)>{text.clone()}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    };
    let rows = rows.iter().map(row).collect_view();
    let table = view! {
        <div class="table-box" role="region" aria-label="First rows" tabindex="0">
            <table class="open-preview"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    };
    Some(table.into_any())
}

fn input(opening: Opening, field: Field) -> AnyView {
    let Field { key, label, help, required, choices, .. } = field;
    let (id, at, of) = (id_of(&key), key.clone(), key.clone());
    let problem = Memo::new(move |_| {
        opening.problems.with(|all| all.iter().find(|problem| problem.key == at).map(|problem| problem.text.clone()))
    });
    let text = move || opening.values.with(|values| values.get(&of).cloned().unwrap_or_default());
    let write = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event);
        opening.values.update(|values| drop(values.insert(key.clone(), typed)));
        opening.problems.update(|all| all.retain(|problem| problem.key != key));
    };
    let is_wrong = move || problem.with(|p| p.is_some().then_some("true"));
    let described = format!("{id}-help");
    let control = if choices.is_empty() {
        view! {
            <input type="text" id=id.clone() autocomplete="off" spellcheck="false" aria-required=required.then_some("true")
                aria-invalid=is_wrong aria-describedby=described.clone() prop:value=text on:change=write/>
        }
        .into_any()
    } else {
        let chosen = text();
        let option = |(value, words): (String, String)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        };
        view! {
            <select id=id.clone() aria-required=required.then_some("true") aria-invalid=is_wrong aria-describedby=described.clone() on:change=write>
                {choices.into_iter().map(option).collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <div class="field" class:has-problem=move || problem.with(Option::is_some)>
            <label for=id>{label}{(!required).then(|| view! { <span class="help">" optional"</span> })}</label>
            {control}
            <p class=move || if problem.with(Option::is_some) { "problem" } else { "help" } id=described>
                {move || problem.get().unwrap_or_else(|| help.clone())}
            </p>
        </div>
    }
    .into_any()
}
