//! Opening one's own data: files are chosen or dropped, looked at, imported by the worker, and used.

mod fields;
mod list;
mod result;

use crate::app::own;
use crate::app::state::{App, app};
use crate::display::format::{bytes, count};
use crate::import::open::{Ask, Done, Form, PROTOCOL, Problem, Progress, Tell, Values};
use crate::market::{Catalog, Dataset};
use crate::web::files::{carries_files, chosen, dropped};
use crate::web::worker::{Heard, Worker};
use crate::web::{page, task};
use fields::Fields;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use list::OwnList;
use result::Outcome;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

/// The worker's script, beside the page.
const SCRIPT: &str = "chainwalk-import_loader.js";

/// Where an opening stands.
#[derive(Clone)]
enum Stage {
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
    values: RwSignal<Values>,
    /// What is wrong with it.
    problems: RwSignal<Vec<Problem>>,
    progress: RwSignal<Progress>,
    /// What is to be said: whether it is good, and a sentence.
    said: RwSignal<Vec<(bool, String)>>,
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
}

impl Opening {
    /// Nothing is open.
    pub fn new() -> Opening {
        Opening {
            stage: RwSignal::new(Stage::Idle),
            values: RwSignal::new(Values::new()),
            problems: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Progress::default()),
            said: RwSignal::new(Vec::new()),
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

/// Asks the worker, which is started where there is none.
fn ask(app: App, opening: Opening, asked: &Ask, files: Vec<Blob>) {
    let text = serde_json::to_string(asked).unwrap_or_default();
    let has_worker = opening.at_work.try_update_value(|at| {
        if at.worker.is_none() {
            at.is_ready = false;
            at.worker = Worker::start(SCRIPT, move |heard| hear(app, opening, heard));
        }
        match &at.worker {
            Some(worker) if at.is_ready => worker.tell(&text, &files),
            _ => at.waiting = Some((text, files)),
        }
        at.worker.is_some()
    });
    if has_worker != Some(true) {
        fail(opening, vec!["This browser starts no workers, and files are read by one.".into()]);
    }
}

/// Ends the worker with all that it holds; the form stays.
fn end_worker(opening: Opening) {
    let Some(worker) = opening.at_work.try_update_value(|at| at.worker.take()).flatten() else { return };
    worker.end();
    // It is dropped in a turn of its own: it may be what is calling.
    spawn_local(async move {
        task::next_turn().await;
        drop(worker);
    });
}

fn hear(app: App, opening: Opening, heard: Heard) {
    let broken = || Tell::Failed(vec!["The import broke off: reload the page and try again.".into()]);
    let (told, blobs) = match heard {
        Heard::Said(text, blobs) => (serde_json::from_slice(text.as_bytes()).unwrap_or_else(|_| broken()), blobs),
        Heard::Broken => (broken(), Vec::new()),
    };
    match told {
        Tell::Ready(PROTOCOL) => opening.at_work.update_value(|at| {
            at.is_ready = true;
            if let (Some(worker), Some((text, files))) = (&at.worker, at.waiting.take()) {
                worker.tell(&text, &files);
            }
        }),
        Tell::Ready(_) => fail(opening, vec!["The worker is of another build than the page: reload the page.".into()]),
        Tell::Found(form) => show_form(opening, Arc::new(form)),
        Tell::Problems(problems) => {
            let first = problems.first().map(|problem| fields::id_of(&problem.key));
            opening.problems.set(problems);
            back_to_form(opening);
            focus_soon(first.unwrap_or_default());
        }
        Tell::Progress(progress) => opening.progress.set(progress),
        Tell::Done(done) => take(app, opening, done, blobs),
        Tell::Zipped => {
            let name = opening.at_work.with_value(|at| at.archive.clone());
            blobs.iter().for_each(|blob| page::offer(&name, blob));
            opening.say(true, format!("Saved {name}: unpack it on any static host, or drop it here again."));
            end_worker(opening);
        }
        Tell::Failed(lines) => fail(opening, lines),
    }
}

fn fail(opening: Opening, lines: Vec<String>) {
    lines.into_iter().for_each(|line| opening.say(false, line));
    end_worker(opening);
    back_to_form(opening);
    focus_soon("open-pick".into());
}

/// Shows the form that there was, or nothing; a result stays.
fn back_to_form(opening: Opening) {
    if opening.stage.with_untracked(|stage| matches!(stage, Stage::Done(..))) {
        return;
    }
    let form = opening.at_work.with_value(|at| at.form.clone());
    opening.stage.set(form.map_or(Stage::Idle, Stage::Form));
}

fn show_form(opening: Opening, form: Arc<Form>) {
    form.refused.iter().for_each(|line| opening.say(false, line.clone()));
    opening.values.set(form.fields.iter().map(|field| (field.key.clone(), field.value.clone())).collect());
    opening.problems.set(Vec::new());
    opening.at_work.update_value(|at| at.form = Some(Arc::clone(&form)));
    opening.stage.set(Stage::Form(form));
    focus_soon("open-found".into());
}

/// Moves the focus once what was set is on the page.
fn focus_soon(id: String) {
    spawn_local(async move {
        task::next_turn().await;
        page::focus(&id);
    });
}

fn take(app: App, opening: Opening, done: Done, blobs: Vec<Blob>) {
    match Catalog::parse(done.catalog.as_bytes()) {
        Ok(catalog) => {
            opening.at_work.update_value(|at| (at.form, at.files) = (None, Vec::new()));
            own::take(app, catalog.datasets.clone(), blobs);
            opening.stage.set(Stage::Done(Arc::new(done), Arc::new(catalog.datasets)));
            end_worker(opening);
            focus_soon("open-result".into());
        }
        Err(fault) => fail(opening, vec![format!("The dataset cannot be used: {fault}.")]),
    }
}

/// Ids that a new dataset cannot have.
fn taken(app: App) -> Vec<String> {
    let ids = |catalog: Arc<Catalog>| catalog.datasets.iter().map(|dataset| dataset.id.clone()).collect();
    app.catalog_ready_untracked().map(ids).unwrap_or_default()
}

/// True while an import is under way, and says that it must be over first.
fn is_importing(opening: Opening) -> bool {
    let is_under_way = opening.stage.with_untracked(|stage| matches!(stage, Stage::Importing));
    if is_under_way {
        opening.say(false, "An import is under way: cancel it, or let it finish first.".into());
    }
    is_under_way
}

/// Looks at files that were chosen or dropped.
fn begin(app: App, opening: Opening, files: Vec<File>) {
    if files.is_empty() {
        return;
    }
    if is_importing(opening) {
        return;
    }
    let files: Vec<Blob> = files.into_iter().map(JsCast::unchecked_into).collect();
    opening.said.set(Vec::new());
    opening.at_work.update_value(|at| (at.form, at.files) = (None, files.clone()));
    opening.stage.set(Stage::Busy("Looking at the files …"));
    ask(app, opening, &Ask::Look { taken: taken(app) }, files);
}

/// Imports what the form says.
fn import(app: App, opening: Opening) {
    let files = opening.at_work.with_value(|at| at.files.clone());
    opening.said.set(Vec::new());
    opening.problems.set(Vec::new());
    opening.progress.set(Progress::default());
    opening.stage.set(Stage::Importing);
    ask(app, opening, &Ask::Import { values: opening.values.get_untracked(), taken: taken(app) }, files);
    focus_soon("open-cancel".into());
}

fn cancel(opening: Opening) {
    end_worker(opening);
    back_to_form(opening);
    opening.say(true, "Cancelled; nothing was kept of it.".into());
    focus_soon("open-import".into());
}

fn put_away(opening: Opening) {
    end_worker(opening);
    opening.at_work.update_value(|at| (at.form, at.files) = (None, Vec::new()));
    opening.stage.set(Stage::Idle);
    opening.said.set(Vec::new());
    focus_soon("open-pick".into());
}

/// Saves a dataset as the archive of a dataset folder.
fn save_folder(app: App, opening: Opening, dataset: Dataset) {
    if is_importing(opening) {
        return;
    }
    spawn_local(async move {
        let catalog = Catalog::of(vec![dataset.clone()]).encode().unwrap_or_default();
        match own::packs(app, &dataset).await {
            Ok(packs) => {
                let names =
                    std::iter::once("catalog.json".to_owned()).chain(dataset.packs.iter().map(|p| p.path.clone()));
                let blobs =
                    std::iter::once(catalog).chain(packs).filter_map(|bytes| page::blob("application/json", &bytes));
                opening.at_work.update_value(|at| at.archive = format!("{}.zip", dataset.id));
                ask(app, opening, &Ask::Zip { names: names.collect() }, blobs.collect());
            }
            Err(text) => opening.say(false, format!("{} is not saved: {text}.", dataset.id)),
        }
    });
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
            begin(app, opening, dropped(&event));
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
                <p><strong>"Drop files anywhere on this page"</strong>", or"</p>
                <label class="file-button">
                    <span>"Choose files"</span>
                    <input type="file" id="open-pick" class="unseen" multiple=true on:change=move |event| begin(app, opening, chosen(&event))/>
                </label>
                <p class="help">"Tardis.dev options_chain, OptionsDX, Deribit's API or book summaries, any CSV with a row an option, each also in gzip; delivery prices or daily bars beside them; or a dataset folder as zip."</p>
            </div>
            <Said/>
            {move || match opening.stage.get() {
                Stage::Idle => ().into_any(),
                Stage::Busy(words) => view! { <p class="quiet-text" role="status">{words}</p> }.into_any(),
                Stage::Form(form) => view! { <Fields form=form/> }.into_any(),
                Stage::Importing => view! { <Under/> }.into_any(),
                Stage::Done(done, datasets) => view! { <Outcome done=done datasets=datasets/> }.into_any(),
            }}
            <OwnList/>
        </section>
    }
}

/// What was said, until it is put away.
#[component]
fn Said() -> impl IntoView {
    let opening = opening();
    view! {
        <div role="status" aria-live="polite" id="open-said">
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
    let share = move || opening.progress.with(|p| if p.total == 0 { 0.0 } else { p.done as f64 / p.total as f64 });
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
