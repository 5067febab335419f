//! What is asked of the worker, and what is done with its answers.

use super::{Opening, Stage, fields};
use crate::app::own;
use crate::app::state::App;
use crate::import::open::{Ask, Done, Form, MOST_FILES, PROTOCOL, Progress, Tell, sift};
use crate::market::{Catalog, Dataset};
use crate::web::folders::{Entry, walk};
use crate::web::worker::{Heard, Worker};
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

/// The worker's script, beside the page.
const SCRIPT: &str = "chainwalk-import_loader.js";
/// Most files that a folder is walked to: as many as are taken, and some that are left out.
const MOST_WALKED: usize = 2 * MOST_FILES;

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
    let ended = opening.at_work.try_update_value(|at| {
        at.is_saving = false;
        at.worker.take()
    });
    let Some(worker) = ended.flatten() else { return };
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
        Heard::Said(text, blobs) => (crate::json::of_text(text.as_bytes()).unwrap_or_else(|_| broken()), blobs),
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

/// True while the worker is at something, and says that it must be over first.
fn is_at_work(opening: Opening) -> bool {
    let is_importing = opening.stage.with_untracked(|stage| matches!(stage, Stage::Importing));
    let is_saving = opening.at_work.with_value(|at| at.is_saving);
    if is_importing {
        opening.say(false, "An import is under way: cancel it, or let it finish first.".into());
    } else if is_saving {
        opening.say(false, "A dataset is being saved: that takes a moment.".into());
    }
    is_importing || is_saving
}

/// Looks at files that were chosen or dropped.
pub(super) fn begin(app: App, opening: Opening, files: Vec<File>) {
    if files.is_empty() {
        return;
    }
    if is_at_work(opening) {
        return;
    }
    let files: Vec<Blob> = files.into_iter().map(JsCast::unchecked_into).collect();
    opening.said.set(Vec::new());
    opening.at_work.update_value(|at| (at.form, at.files) = (None, files.clone()));
    opening.stage.set(Stage::Busy("Looking at the files …"));
    ask(app, opening, &Ask::Look { taken: taken(app) }, files);
}

/// Looks at the files of a folder that may hold data, and says what is left out.
pub(super) fn begin_sifted(app: App, opening: Opening, files: Vec<File>) {
    let names: Vec<String> = files.iter().map(File::name).collect();
    let (kept, left_out) = sift(&names);
    if kept.is_empty() {
        let none = "Found no file of data in the folder, expected .csv, .txt, .json, .jsonl, .ndjson, .gz or .zip.";
        return opening.said.set(vec![(false, none.into())]);
    }
    begin(app, opening, kept.into_iter().map(|place| files[place].clone()).collect());
    left_out.into_iter().for_each(|sentence| opening.say(false, sentence));
}

/// Looks at folders that were dropped.
pub(super) fn begin_folder(app: App, opening: Opening, entries: Vec<Entry>) {
    spawn_local(async move { begin_sifted(app, opening, walk(entries, MOST_WALKED).await) });
}

/// Imports what the form says.
pub(super) fn import(app: App, opening: Opening) {
    if is_at_work(opening) {
        return;
    }
    let files = opening.at_work.with_value(|at| at.files.clone());
    opening.said.set(Vec::new());
    opening.problems.set(Vec::new());
    opening.progress.set(Progress::default());
    opening.stage.set(Stage::Importing);
    ask(app, opening, &Ask::Import { values: opening.values.get_untracked(), taken: taken(app) }, files);
    focus_soon("open-cancel".into());
}

pub(super) fn cancel(opening: Opening) {
    end_worker(opening);
    back_to_form(opening);
    opening.say(true, "Cancelled; nothing was kept of it.".into());
    focus_soon("open-import".into());
}

pub(super) fn put_away(opening: Opening) {
    end_worker(opening);
    opening.at_work.update_value(|at| (at.form, at.files) = (None, Vec::new()));
    opening.stage.set(Stage::Idle);
    opening.said.set(Vec::new());
    focus_soon("open-pick".into());
}

/// Saves a dataset as the archive of a dataset folder.
pub(super) fn save_folder(app: App, opening: Opening, dataset: Dataset) {
    if is_at_work(opening) {
        return;
    }
    opening.at_work.update_value(|at| at.is_saving = true);
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
            Err(text) => {
                opening.at_work.update_value(|at| at.is_saving = false);
                opening.say(false, format!("{} is not saved: {text}.", dataset.id));
            }
        }
    });
}
