//! The Log tab: what happened in the run, newest first, to be filtered and taken as a file.

use super::row_window::RowWindow;
use super::runs::Choices;
use super::tabs::Nothing;
use crate::app::clock::{utc_and_yours, your_clock, your_clock_beside};
use crate::app::remember;
use crate::app::state::{App, app};
use crate::display::format;
use crate::display::log::{Filter, json_lines};
use crate::store::{Level, LogLine};
use crate::units::Timestamp;
use crate::web::page;
use leptos::prelude::*;

/// Rows in the document at most.
const MOST: usize = 48;
/// Rows above what is seen, and by how many the window moves.
const SPARE: usize = 12;

/// The log of the run on screen.
#[component]
pub fn Log() -> impl IntoView {
    let app = app();
    let [level, variant, text] = ["log-level", "log-variant", "log-text"].map(|key| remember::words(app, key));
    let names = Memo::new(move |_| app.columns.with(|c| c.iter().map(|c| c.name.clone()).collect::<Vec<_>>()));
    let filter = Signal::derive(move || Filter {
        least: Level::ALL.into_iter().find(|least| level.with(|l| l == least.title())).unwrap_or(Level::Info),
        // Another run has other variants.
        variant: Some(variant.get()).filter(|name| names.with(|names| names.contains(name))),
        text: text.get(),
    });
    let counts = Memo::new(move |_| {
        app.log.track();
        let shown = filter.with(|f| app.session.with_value(|s| s.log.iter().filter(|line| f.takes(line)).count()));
        (shown, app.session.with_value(|s| s.log.len()))
    });
    let is_empty = Memo::new(move |_| counts.with(|c| c.1 == 0));
    view! {
        <Show when=move || !is_empty.get() fallback=|| view! { <Nothing text="What happens in a run is written down here: data read, commands, warnings, variants that end early."/> }>
            <Filters level=level variant=variant names=names text=text/>
            <Lines filter=filter counts=counts/>
            <p class="table-note">
                <span role="status">{move || counts.with(|(shown, all)| format!("{shown} of {all} lines."))}</span>
                <button type="button" class="chip" id="log-download" disabled=move || counts.with(|c| c.0 == 0)
                    on:click=move |_| download(app, &filter.get_untracked())>"Download as JSON lines"</button>
            </p>
        </Show>
    }
}

#[component]
fn Filters(
    level: RwSignal<String>,
    variant: RwSignal<String>,
    names: Memo<Vec<String>>,
    text: RwSignal<String>,
) -> impl IntoView {
    let option = move |word: &'static str| {
        view! { <option value=word selected=level.with_untracked(|level| level == word)>{word}</option> }
    };
    view! {
        <div class="log-filters" role="search" aria-label="Log">
            <label class="pace"><span>"From level"</span>
                <select id="log-level" on:change=move |e| level.set(event_target_value(&e))>
                    {Level::ALL.map(|level| option(level.title()))}
                </select>
            </label>
            <label class="pace"><span>"Variant"</span>
                <select id="log-variant" on:change=move |e| variant.set(event_target_value(&e))>
                    <Choices all="All" values=names chosen=variant.into()/>
                </select>
            </label>
            <label class="pace grow"><span>"Text"</span>
                <input id="log-text" type="search" prop:value=text on:input=move |e| text.set(event_target_value(&e))/>
            </label>
        </div>
    }
}

#[component]
fn Lines(filter: Signal<Filter>, counts: Memo<(usize, usize)>) -> impl IntoView {
    let app = app();
    let window = RowWindow::new(Signal::derive(move || counts.with(|c| c.0)), MOST, SPARE);
    let rows = Memo::new(move |_| {
        app.log.track();
        let first = window.first.get();
        filter.with(|f| {
            app.session.with_value(|s| {
                let newest_first = s.log.iter().rev().filter(|line| f.takes(line));
                newest_first.skip(first).take(MOST).cloned().collect::<Vec<_>>()
            })
        })
    });
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Log, newest first" node_ref=window.scroller
            on:scroll=move |_| window.follow()>
            <table class="log">
                <colgroup><col class="c-written"/><col class="c-yes"/><col/><col class="c-style"/><col class="c-time"/></colgroup>
                <thead>
                    <tr>
                        <th scope="col" class="zoned">"Time, UTC"</th><th scope="col">"Level"</th><th scope="col">"Message"</th>
                        <th scope="col">"Variant"</th><th scope="col" class="zoned">"Mark, UTC"</th>
                    </tr>
                </thead>
                <tbody>
                    {window.above("5")}
                    <For each=move || rows.get() key=|line| (line.run.clone(), line.line) let:line>
                        <Line line=line/>
                    </For>
                    {window.below("5")}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(line: LogLine) -> impl IntoView {
    let time = Timestamp(line.time_ms);
    let variant = line.variant.unwrap_or_else(|| format::ABSENT.into());
    let date = line.date.as_deref().and_then(|date| date.get(..16)).map(|date| date.replace('T', " "));
    view! {
        <tr data-level=line.level.title()>
            <td title=utc_and_yours(line.time_ms)><span class="written-day">{time.format("%Y-%m-%d ")}</span>{time.format("%H:%M:%S")}<span class="yours">{your_clock(line.time_ms)}</span></td>
            <td class="level">{line.level.title()}</td>
            <td class="cut" title=line.message.clone()>{line.message.clone()}</td>
            <td class="cut" title=variant.clone()>{variant.clone()}</td>
            <td>{date.clone().unwrap_or_else(|| format::ABSENT.into())}<span class="yours">{date.as_deref().map(your_clock_beside)}</span></td>
        </tr>
    }
}

/// Offers the lines that the filter takes as a file, oldest first.
fn download(app: App, filter: &Filter) {
    app.session.with_value(|s| {
        let run = s.log.last().map(|line| line.run.as_str()).filter(|run| !run.is_empty()).unwrap_or("run");
        page::download(
            &format!("{run}-log.jsonl"),
            "application/jsonl",
            json_lines(s.log.iter().filter(|line| filter.takes(line))).as_bytes(),
        );
    });
}
