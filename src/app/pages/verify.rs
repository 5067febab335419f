//! The page of checks: outside truth, run in front of the visitor.

use crate::app::state::{CatalogState, app};
use crate::app::verify::check_all;
use crate::display::verify::{Check, Section, verdict};
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whether this tab has made the checks: a reload makes them again.
const MADE: &str = "checks";

/// The checks that this tab has made; they outlive a look at another page.
#[derive(Clone, Copy)]
pub struct Checked {
    sections: RwSignal<Vec<Section>>,
    is_busy: RwSignal<bool>,
}

impl Checked {
    /// Nothing is checked yet.
    pub fn new() -> Checked {
        Checked { sections: RwSignal::new(Vec::new()), is_busy: RwSignal::new(false) }
    }
}

impl Default for Checked {
    fn default() -> Checked {
        Checked::new()
    }
}

/// A button, the verdict, and a table of checks for each kind.
#[component]
pub fn Verify() -> impl IntoView {
    let app = app();
    let Checked { sections, is_busy } = expect_context::<Checked>();
    let waits = move || app.catalog.with(|state| matches!(state, CatalogState::Loading));
    let begin = move || {
        sections.set(Vec::new());
        is_busy.set(true);
        page::set_view(MADE, "1");
        spawn_local(async move {
            check_all(app, sections).await;
            is_busy.set(false);
        });
    };
    Effect::new(move |_| {
        let is_due = !waits() && page::view(MADE).is_some() && !is_busy.get_untracked();
        if is_due && sections.with_untracked(Vec::is_empty) {
            begin();
        }
    });
    view! {
        <main class="page verify" id="verify">
            <header class="page-head">
                <h2>"How to trust this"</h2>
                <p class="quiet-text">"Figures that others printed, beside what this page makes of the same inputs. Nothing in the column Here was computed beforehand."</p>
            </header>
            <section class="card verify-lead">
                <p>
                    "The checks price options from textbooks, read volatilities back, settle and charge as the venue's pages say, walk the example of the
                    front page again to its digest, add up every entry of its ledger, and hash every data file. The same rows run in the project's own tests."
                </p>
                <div class="verify-bar">
                    <button type="button" class="main" id="verify-run" disabled=move || is_busy.get() || waits() on:click=move |_| begin()>"Run all checks"</button>
                    <CheckWords sections=sections is_busy=is_busy/>
                    <a href="#help=trust">"What this does and does not prove"</a>
                </div>
            </section>
            {move || sections.get().into_iter().map(|section| view! { <Checks section=section/> }).collect_view()}
        </main>
    }
}

/// How many of the checks pass, or that they are being made.
#[component]
pub fn CheckWords(sections: RwSignal<Vec<Section>>, is_busy: RwSignal<bool>) -> impl IntoView {
    let words = move || {
        sections.with(|all| match (all.is_empty(), is_busy.get()) {
            (true, false) => (true, "Nothing is checked yet.".to_owned()),
            (_, true) => (true, "Checking …".to_owned()),
            _ => verdict(all),
        })
    };
    view! {
        <p role="status" id=app().id("checks-words") class="checks-words" data-passed=move || words().0.to_string() data-busy=move || is_busy.get().to_string()>
            {move || words().1}
        </p>
    }
}

/// The checks of one kind as a table.
#[component]
pub fn Checks(section: Section) -> impl IntoView {
    view! {
        <section class="card verify-card">
            <h3>{section.title}</h3>
            <div class="table-box" tabindex="0" role="region" aria-label=section.title>
                <table class="checks">
                    <thead>
                        <tr>
                            <th scope="col">"Result"</th><th scope="col">"Check"</th><th scope="col">"Source"</th><th scope="col" class="num">"Expected"</th>
                            <th scope="col" class="num">"Here"</th><th scope="col" class="num">"Difference"</th>
                            <th scope="col" class="num">"Tolerance"</th>
                        </tr>
                    </thead>
                    <tbody>{section.checks.into_iter().map(|check| view! { <Line check=check/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Line(check: Check) -> impl IntoView {
    let result = if check.passed { "✓ pass" } else { "✕ fail" };
    view! {
        <tr data-passed=check.passed.to_string()>
            <td class="result">{result}</td>
            <th scope="row">{check.what}</th>
            <td>{check.source}</td>
            <td class="num">{check.expected}</td>
            <td class="num">{check.found}</td>
            <td class="num">{check.difference}</td>
            <td class="num">{check.tolerance}</td>
        </tr>
    }
}
