//! One field of the form: label, input, unit, help, problem.

use super::unbroken;
use crate::app::clock::{daily_and_yours, your_daily};
use crate::app::driver;
use crate::app::state::{App, app};
use crate::display::At;
use crate::display::fields::{self, Field, Kind};
use crate::display::format::sentence;
use leptos::prelude::*;

/// The DOM id of a field.
pub fn field_id(path: &str) -> String {
    let safe: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("f-{safe}")
}

/// The same on this page or on a sample of it: one id stands once in a document.
pub fn own_id(app: App, path: &str) -> String {
    app.own_id(&field_id(path))
}

/// A labelled input of the draft.
#[component]
pub fn FieldInput(
    /// The request, or one of its variants.
    at: At,
    /// The field's path.
    path: &'static str,
    /// Choices of a dynamic field: value and words.
    #[prop(optional, into)]
    choices: Option<Signal<Vec<(String, String)>>>,
    /// Least and greatest value of a date.
    #[prop(optional, into)]
    bounds: Option<Signal<(String, String)>>,
) -> impl IntoView {
    let app = app();
    let found = match at {
        At::Shared => fields::shared(path),
        At::Variant(_) => fields::variant(path),
    };
    let Some(field) = found else { return ().into_any() };
    let full = at.path(path);
    let id = own_id(app, &full);
    let (help_id, problem_id) = (format!("{id}-help"), format!("{id}-problem"));
    let problem =
        Memo::new(move |_| app.problems.with(|ps| ps.iter().find(|p| p.field == full).map(|p| p.message.clone())));
    let described = {
        let problem_id = problem_id.clone();
        let help_id = help_id.clone();
        move || if problem.with(Option::is_some) { format!("{problem_id} {help_id}") } else { help_id.clone() }
    };
    // An hour of UTC is another one on the visitor's clock.
    let yours = move || {
        let hour: u32 = app.draft.with(|d| d.text(at, path).parse().ok())?;
        let words = your_daily(&format!("{:02}:00", hour % 24));
        (!words.is_empty()).then(|| format!(" {}", sentence(&words)))
    };
    let yours = (field.unit == "h UTC").then_some(yours);
    let input = input_of(at, field, id.clone(), problem.into(), Signal::derive(described), choices, bounds);
    view! {
        <div class="field" class:has-problem=move || problem.with(Option::is_some)>
            <label for=id>{field.label}</label>
            <div class="input">{input}{(!field.unit.is_empty()).then(|| view! { <span class="unit">{field.unit}</span> })}</div>
            {move || problem.get().map(|text| view! { <p class="problem" id=problem_id.clone()>{unbroken(&text)}</p> })}
            <p class="help" id=help_id>{daily_and_yours(field.help.to_owned())}{yours}</p>
        </div>
    }
    .into_any()
}

fn input_of(
    at: At,
    field: &'static Field,
    id: String,
    problem: Signal<Option<String>>,
    described: Signal<String>,
    choices: Option<Signal<Vec<(String, String)>>>,
    bounds: Option<Signal<(String, String)>>,
) -> AnyView {
    let app = app();
    let path = field.path;
    let text = Memo::new(move |_| app.draft.with(|d| d.text(at, path).to_owned()));
    let closed = Memo::new(move |_| app.is_active());
    let wrong = move || problem.with(|p| p.is_some().then_some("true"));
    let write = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event);
        if field.kind == Kind::Date && typed.is_empty() {
            return;
        }
        app.draft.update(|d| d.set(at, path, typed));
        if app.problems.with_untracked(|p| !p.is_empty()) {
            driver::recheck(app);
        }
    };
    let commit = move |_| driver::recheck(app);
    match field.kind {
        Kind::Choice(_) | Kind::Dynamic => {
            let fixed = match field.kind {
                Kind::Choice(list) => list.iter().map(|(v, w)| ((*v).to_owned(), (*w).to_owned())).collect(),
                _ => Vec::new(),
            };
            let list = move || choices.map_or_else(|| fixed.clone(), |c| c.get());
            view! {
                <select id=id disabled=closed aria-invalid=wrong aria-describedby=described on:change=write>
                    {move || list().into_iter().map(|(value, words)| {
                        let mine = value.clone();
                        view! { <option value=value prop:selected=move || text.get() == mine>{words}</option> }
                    }).collect_view()}
                </select>
            }
            .into_any()
        }
        Kind::Date => {
            let low = move || bounds.map(|b| b.get().0);
            let high = move || bounds.map(|b| b.get().1);
            view! {
                <input type="date" id=id disabled=closed min=low max=high aria-invalid=wrong aria-describedby=described
                    prop:value=text on:input=write on:change=commit/>
            }
            .into_any()
        }
        Kind::Flag => {
            let toggle = move |event| {
                let on = event_target_checked(&event);
                app.draft.update(|d| d.set(at, path, on.to_string()));
                driver::recheck(app);
            };
            view! {
                <input type="checkbox" id=id disabled=closed aria-describedby=described
                    prop:checked=move || text.get() == "true" on:change=toggle/>
            }
            .into_any()
        }
        kind => {
            let mode = if kind == Kind::Text || kind == Kind::List { "text" } else { "decimal" };
            view! {
                <input type="text" inputmode=mode id=id disabled=closed autocomplete="off" spellcheck="false"
                    class:wide=kind == Kind::Text aria-invalid=wrong aria-describedby=described
                    prop:value=text on:input=write on:change=commit/>
            }
            .into_any()
        }
    }
}
