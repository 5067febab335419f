//! One line of the list: a run, its label, and what can be done with it.

use super::{delete, resume, shelf, tell};
use crate::app::clock::{and_yours, your_clock, your_time};
use crate::app::components::{Icon, open};
use crate::app::files::{self, Form};
use crate::app::state::app;
use crate::display::Route;
use crate::display::evidence::badge;
use crate::display::runs::{Figure, INTERRUPTED, RunRow, facts};
use crate::web::{page, task};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Columns of the list, for the line that spans them all.
const COLUMNS: &str = "13";

/// A run's line, and below it its details while they are open.
#[component]
pub fn Line(id: String, row: Memo<RunRow>) -> impl IntoView {
    let shelf = shelf();
    let (picked, pick, unfolded, below) = (id.clone(), id.clone(), id.clone(), id.clone());
    let is_picked = Memo::new(move |_| shelf.selected.with(|ids| ids.contains(&picked)));
    let is_open = Memo::new(move |_| shelf.unfolded.with(|open| open.as_ref() == Some(&unfolded)));
    let toggle = move |_| {
        shelf.selected.update(|ids| match ids.iter().position(|id| *id == pick) {
            Some(place) => drop(ids.remove(place)),
            None => ids.push(pick.clone()),
        });
    };
    let figure = move |of: fn(&RunRow) -> &Figure| view! { <FigureCell figure=Memo::new(move |_| row.with(|r| of(r).clone()))/> };
    let pair = move |of: fn(&RunRow) -> &(String, String)| {
        view! {
            <span class="two-lines">
                <span>{move || row.with(|r| of(r).0.clone())}</span>" "<span>{move || row.with(|r| of(r).1.clone())}</span>
            </span>
        }
    };
    view! {
        <tr class="run-line" class:marked=is_picked>
            <td>
                <input type="checkbox" aria-label=move || row.with(|r| format!("Select {}", r.name)) prop:checked=is_picked on:change=toggle/>
            </td>
            <td><Name id=id.clone() row=row/></td>
            <td><span class="word" data-state=move || row.with(|r| r.word)>{move || row.with(|r| r.word)}</span></td>
            <td>
                <span class="two-lines">
                    <span>{move || row.with(|r| r.underlying.clone())}</span>" "
                    {move || row.with(|r| r.evidence.clone()).map(|line| {
                        let kind = badge(line.kind);
                        view! { <span class="badge small" data-kind=kind title=line.words>{kind}</span> }
                    })}
                </span>
            </td>
            <td>{pair(|r| &r.dates)}</td>
            <td class="cut" title=move || row.with(|r| r.variants.join(", "))>{move || row.with(variants)}</td>
            {figure(|r| &r.pnl)}
            {figure(|r| &r.total_return)}
            {figure(|r| &r.drawdown)}
            <td class="num" title=move || row.with(|r| format!("{} decisions", r.decisions))>{move || row.with(|r| r.progress.clone())}</td>
            <td title=move || row.with(|r| your_time(r.created_ms))>
                <span class="two-lines">
                    <span>{move || row.with(|r| r.created.0.clone())}</span>" "
                    <span>{move || row.with(|r| r.created.1.clone())}<span class="yours">{move || row.with(|r| your_clock(r.created_ms))}</span></span>
                </span>
            </td>
            <td><code>{move || row.with(|r| r.digest.clone())}</code></td>
            <td class="acts"><Acts id=id.clone() row=row is_open=is_open/></td>
        </tr>
        <Show when=move || is_open.get()>
            <tr class="run-more"><td colspan=COLUMNS><More id=below.clone() row=row/></td></tr>
        </Show>
    }
}

/// One variant by name, several by their count and names.
fn variants(row: &RunRow) -> String {
    match row.variants.as_slice() {
        [one] => one.clone(),
        several => format!("{}: {}", several.len(), several.join(", ")),
    }
}

#[component]
fn FigureCell(figure: Memo<Figure>) -> impl IntoView {
    view! {
        <td class="num" data-sign=move || figure.with(|f| f.sign) title=move || figure.with(|f| f.title)>
            {move || figure.with(|f| f.text.clone())}
        </td>
    }
}

/// The name as a link, or the label as a field while it is edited.
#[component]
fn Name(id: String, row: Memo<RunRow>) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let id = StoredValue::new(id);
    let is_edited = RwSignal::new(false);
    let field = move || format!("label-{}", id.get_value());
    let pencil = move || format!("edit-{}", id.get_value());
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // an input that cannot take the focus can still be pressed
            drop(input.focus());
            input.select();
        }
    });
    let leave = move || {
        is_edited.set(false);
        spawn_local(async move {
            task::next_turn().await;
            page::focus(&pencil());
        });
    };
    let keep_label = move |text: String| {
        if !is_edited.get_untracked() {
            return;
        }
        is_edited.set(false);
        let (text, Some(archive)) = (text.trim().to_owned(), app.archive()) else { return };
        if row.with_untracked(|r| r.label == text) {
            return;
        }
        spawn_local(async move {
            if let Err(fault) = archive.label(&id.get_value(), &text).await {
                tell(shelf, Err(format!("The label is not kept: {fault}.")));
            }
            app.kept.update(|n| *n += 1);
        });
    };
    let press = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            keep_label(event_target_value(&event));
            leave();
        }
        "Escape" => leave(),
        _ => {}
    };
    let follow = move |event: leptos::ev::MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            open(app, &id.get_value());
        }
    };
    view! {
        <Show
            when=move || is_edited.get()
            fallback=move || view! {
                <span class="run-name">
                    <a href=Route::Kept(id.get_value()).link() on:click=follow title=move || row.with(|r| r.name.clone())>
                        // What it is of and its dates stand in columns of their own.
                        {move || row.with(|r| if r.label.is_empty() { variants(r) } else { r.label.clone() })}
                    </a>
                    <button type="button" class="quiet square small" id=pencil() title="Edit the label"
                        aria-label=move || row.with(|r| format!("Edit the label of {}", r.name)) on:click=move |_| is_edited.set(true)>
                        <Icon name="edit"/>
                    </button>
                </span>
            }
        >
            <input type="text" node_ref=input id=field() maxlength="120" autocomplete="off" placeholder="Label; empty takes it away"
                aria-label=move || row.with(|r| format!("Label of {}", r.name)) prop:value=row.with_untracked(|r| r.label.clone())
                on:keydown=press on:blur=move |e| keep_label(event_target_value(&e))/>
        </Show>
    }
}

/// Resume and discard of an interrupted run; otherwise details and delete.
#[component]
fn Acts(id: String, row: Memo<RunRow>, is_open: Memo<bool>) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let id = StoredValue::new(id);
    let is_interrupted = Memo::new(move |_| row.with(|r| r.word == INTERRUPTED));
    let busy = Memo::new(move |_| app.is_active());
    let is_elsewhere = Memo::new(move |_| shelf.elsewhere.with(|other| other.as_ref() == Some(&id.get_value())));
    let delete_title =
        move || if is_elsewhere.get() { "It is under way in another tab: stop it there first" } else { "Delete" };
    let named = move |verb: &str| row.with(|r| format!("{verb} {}", r.name));
    let remove = move |_| delete(app, shelf, id.get_value());
    let unfold = move |_| shelf.unfolded.set((!is_open.get_untracked()).then(|| id.get_value()));
    view! {
        <Show
            when=move || is_interrupted.get()
            fallback=move || view! {
                <button type="button" class="quiet" aria-expanded=move || is_open.get().to_string()
                    aria-label=move || named(if is_open.get() { "Less: files and details of" } else { "More: files and details of" }) on:click=unfold>
                    {move || if is_open.get() { "Less" } else { "More" }}
                </button>
                <button type="button" class="quiet square" title=delete_title disabled=is_elsewhere aria-label=move || named("Delete") on:click=remove>
                    <Icon name="trash"/>
                </button>
            }
        >
            <button type="button" disabled=busy aria-label=move || named("Resume") on:click=move |_| resume(app, shelf, &id.get_value())>
                "Resume"
            </button>
            <button type="button" class="quiet square" title="Discard" aria-label=move || named("Discard") on:click=remove>
                <Icon name="trash"/>
            </button>
        </Show>
    }
}

/// What is kept of a run, and the files that it can be taken away as.
#[component]
fn More(id: String, row: Memo<RunRow>) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let id = StoredValue::new(id);
    let lines = Memo::new(move |_| {
        shelf.with_runs(|runs| runs.iter().find(|kept| kept.run.id == id.get_value()).map(facts).unwrap_or_default())
    });
    let take = move |form: Form| {
        spawn_local(async move {
            if let Err(reason) = files::offer(app, &id.get_value(), form).await {
                tell(shelf, Err(format!("The file cannot be made: {reason}.")));
            }
        });
    };
    let button = move |(form, words): (Form, &'static str)| {
        view! { <button type="button" on:click=move |_| take(form)>{words}</button> }
    };
    view! {
        <div class="run-details">
            <Show when=move || row.with(|r| r.is_over) fallback=|| view! { <p class="help">"Files can be taken once the run has ended."</p> }>
                <div class="chips" role="group" aria-label="Files">{Form::ALL.map(button)}</div>
            </Show>
            <dl class="rows">
                {move || lines.get().into_iter().map(|(label, text)| view! { <div><dt>{label}</dt><dd>{and_yours(&text)}</dd></div> }).collect_view()}
            </dl>
        </div>
    }
}
