//! Opening one's own data: files are chosen or dropped, looked at, imported by the worker, and used.

mod fields;
mod list;
mod result;
mod talk;

use crate::app::own;
use crate::app::state::app;
use crate::display::format::{bytes, count};
use crate::import::open::{Done, Form, Problem, Progress, Values};
use crate::market::Dataset;
use crate::web::files::{carries_files, chosen, dropped};
use crate::web::folders;
use crate::web::worker::Worker;
use fields::Fields;
use leptos::ev;
use leptos::prelude::*;
pub use list::OwnList;
use result::Outcome;
use std::sync::Arc;
use talk::{begin, begin_folder, begin_sifted, cancel};
use web_sys::Blob;

/// Where an opening stands.
#[derive(Clone)]
pub(in crate::app) enum Stage {
    /// Nothing is open.
    Idle,
    /// Files are looked at, or an archive is made: the sentence that says so.
    Busy(&'static str),
    /// What was recognised.
    Form(Arc<Form>),
    /// Under way.
    Importing,
    /// What came of it.
    Done(Arc<Done>, Arc<Vec<Dataset>>),
}

/// The state of an opening; it outlives a look at another page.
#[derive(Clone, Copy)]
pub struct Opening {
    stage: RwSignal<Stage>,
    /// What the form says.
    pub(in crate::app) values: RwSignal<Values>,
    /// What is wrong with it.
    pub(in crate::app) problems: RwSignal<Vec<Problem>>,
    pub(in crate::app) progress: RwSignal<Progress>,
    /// What is to be said: whether it is good, and a sentence.
    pub(in crate::app) said: RwSignal<Vec<(bool, String)>>,
    /// Name of the dataset that was removed just now and can be put back.
    pub(in crate::app) removed: RwSignal<Option<String>>,
    at_work: StoredValue<AtWork, LocalStorage>,
}

/// The worker and what it is given.
#[derive(Default)]
struct AtWork {
    worker: Option<Worker>,
    /// It listens.
    is_ready: bool,
    /// What waits until it listens.
    waiting: Option<(String, Vec<Blob>)>,
    files: Vec<Blob>,
    /// The form to go back to.
    form: Option<Arc<Form>>,
    /// Name of the archive that is made.
    archive: String,
    /// An archive is being made.
    is_saving: bool,
    /// What can be put back, and which removal that was.
    gone: (u32, Option<own::Removed>),
}

impl Opening {
    /// Nothing is open.
    pub fn new() -> Opening {
        Opening::at(Stage::Idle)
    }

    /// It stands somewhere, and nothing is at work.
    pub(in crate::app) fn at(stage: Stage) -> Opening {
        Opening {
            stage: RwSignal::new(stage),
            values: RwSignal::new(Values::new()),
            problems: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Progress::default()),
            said: RwSignal::new(Vec::new()),
            removed: RwSignal::new(None),
            at_work: StoredValue::new_local(AtWork::default()),
        }
    }

    fn say(&self, good: bool, text: String) {
        self.said.update(|said| said.push((good, text)));
    }
}

impl Default for Opening {
    fn default() -> Opening {
        Opening::new()
    }
}

fn opening() -> Opening {
    expect_context::<Opening>()
}

/// The section of the Data page: drop or choose files anywhere on it.
#[component]
pub fn OpenData() -> impl IntoView {
    let (app, opening) = (app(), opening());
    let is_above = RwSignal::new(false);
    let over = window_event_listener(ev::dragover, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            is_above.set(true);
        }
    });
    let left = window_event_listener(ev::dragleave, move |event| {
        // Only what leaves the window goes nowhere.
        if event.related_target().is_none() {
            is_above.set(false);
        }
    });
    let fell = window_event_listener(ev::drop, move |event| {
        is_above.set(false);
        if carries_files(&event) {
            event.prevent_default();
            match folders::dropped(&event) {
                entries if entries.is_empty() => begin(app, opening, dropped(&event)),
                entries => begin_folder(app, opening, entries),
            }
        }
    });
    on_cleanup(move || {
        over.remove();
        left.remove();
        fell.remove();
    });
    view! {
        <section class="card open" id="open-data" aria-labelledby="open-title">
            <header class="page-head">
                <h3 id="open-title">"Open your own data"</h3>
                <p class="quiet-text">"Files are read in this browser; nothing of them leaves it."</p>
            </header>
            <div class="drop" class:above=is_above>
                <p><strong>"Drop files or folders anywhere on this page"</strong>", or"</p>
                <label class="file-button">
                    <span>"Choose files"</span>
                    <input type="file" id="open-pick" class="unseen" multiple=true on:change=move |event| begin(app, opening, chosen(&event))/>
                </label>
                <label class="file-button">
                    <span>"Choose a folder"</span>
                    <input type="file" id="open-pick-folder" class="unseen" prop:webkitdirectory=true multiple=true
                        on:change=move |event| begin_sifted(app, opening, chosen(&event))/>
                </label>
                <p class="help">"Tardis.dev options_chain, OptionsDX, Deribit's API or book summaries, any CSV with a row an option, each also in gzip; delivery prices or daily bars beside them; a price series, perhaps with a volatility, whose options a model computes; or a dataset folder, also as zip."</p>
            </div>
            <Stands/>
            <OwnList/>
        </section>
    }
}

/// Where the opening stands, below what is to be said of it.
#[component]
pub fn Stands() -> impl IntoView {
    let opening = opening();
    view! {
        <Said/>
        {move || match opening.stage.get() {
            Stage::Idle => ().into_any(),
            Stage::Busy(words) => view! { <p class="quiet-text" role="status">{words}</p> }.into_any(),
            Stage::Form(form) => view! { <Fields form=form/> }.into_any(),
            Stage::Importing => view! { <Under/> }.into_any(),
            Stage::Done(done, datasets) => view! { <Outcome done=done datasets=datasets/> }.into_any(),
        }}
    }
}

/// What was said, until it is put away.
#[component]
fn Said() -> impl IntoView {
    let opening = opening();
    view! {
        <div role="status" aria-live="polite" id=app().id("open-said")>
            {move || opening.said.with(|said| (!said.is_empty()).then(|| {
                let class = if said.iter().all(|line| line.0) { "banner calm" } else { "banner warn" };
                view! {
                    <div class=class>
                        <div class="lines">{said.iter().map(|(_, text)| view! { <p>{text.clone()}</p> }).collect_view()}</div>
                        <button type="button" class="quiet" on:click=move |_| opening.said.set(Vec::new())>"Put away"</button>
                    </div>
                }
            }))}
        </div>
    }
}

/// An import under way.
#[component]
fn Under() -> impl IntoView {
    let opening = opening();
    let share =
        move || opening.progress.with(|p| if p.total == 0 { 0.0 } else { (p.done as f64 / p.total as f64).min(1.0) });
    let words = move || {
        opening.progress.with(|p| match p.total {
            0 => "Beginning …".to_owned(),
            total if p.done >= total => format!("{} rows read; checking …", count(p.rows as usize)),
            total => format!("{} of {}, {} rows", bytes(p.done), bytes(total), count(p.rows as usize)),
        })
    };
    view! {
        <div class="open-under">
            <div class="progress" role="progressbar" aria-label="Import" aria-valuemin="0" aria-valuemax="100"
                aria-valuenow=move || format!("{:.0}", 100.0 * share())>
                <span style:--done=move || share().to_string()></span>
            </div>
            <span class="figure" id="open-progress">{words}</span>
            <button type="button" id="open-cancel" on:click=move |_| cancel(opening)>"Cancel"</button>
        </div>
    }
}
