//! The page's second program: it imports files in a worker, so that the page neither waits for it nor downloads it before it is needed.
//!
//! A worker may read files synchronously, so that the importers are the command line's: they take a reader. It is ended from outside
//! where somebody cancels, and remembers nothing between two questions.

mod files;

use crate::import::check::check;
use crate::import::job::{self, Inputs, Source};
use crate::import::open::{Ask, Done, Head, PROTOCOL, Problem, Tell, Values, folder, look, plan, summary};
use crate::import::{ImportError, Report};
use crate::market::{Catalog, Dataset};
use crate::store::zip::zip;
use files::{Packs, Tally, blob_of, bytes_of, head_of, open};
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, File, MessageEvent};

/// Listens to the page, and says that it does.
pub fn main() {
    console_error_panic_hook::set_once();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let (said, beside) = answer(&event.data()).unwrap_or_else(|lines| (Tell::Failed(lines), Vec::new()));
        tell(&said, &beside);
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    tell(&Tell::Ready(PROTOCOL), &[]);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Says something to the page, with blobs beside it.
fn tell(said: &Tell, beside: &[Blob]) {
    let message = Array::of1(&serde_json::to_string(said).unwrap_or_default().into());
    for blob in beside {
        message.push(blob);
    }
    // A page that is gone hears nothing; the worker goes with it.
    drop(scope().post_message(&message));
}

type Answer = Result<(Tell, Vec<Blob>), Vec<String>>;

/// Answers a message: a question as JSON, and its files.
fn answer(message: &JsValue) -> Answer {
    let parts = Array::from(message);
    let asked = parts.get(0).as_string().unwrap_or_default();
    let asked: Ask = serde_json::from_str(&asked).map_err(|e| vec![format!("The worker was not understood ({e}).")])?;
    let blobs: Vec<Blob> = parts.iter().skip(1).filter_map(|blob| blob.dyn_into().ok()).collect();
    match asked {
        Ask::Look { taken } => Ok((Tell::Found(look(&heads(&blobs)?, &taken)?), Vec::new())),
        Ask::Import { values, taken } => import(&blobs, &values, &taken),
        Ask::Zip { names } => archive(names, &blobs),
    }
}

/// The name of a file; a blob has none.
fn name_of(blob: &Blob) -> String {
    blob.dyn_ref::<File>().map(File::name).unwrap_or_default()
}

fn heads(files: &[Blob]) -> Result<Vec<Head>, Vec<String>> {
    let head = |blob: &Blob| head_of(&name_of(blob), blob).map_err(|e| vec![format!("{e}.")]);
    files.iter().map(head).collect()
}

fn import(files: &[Blob], values: &Values, ids: &[String]) -> Answer {
    let (taken, plan) = match plan(&heads(files)?, values, ids) {
        Ok(planned) => planned,
        Err(problems) if problems.iter().all(|p| p.key.is_empty()) => {
            return Err(problems.into_iter().map(|Problem { text, .. }| text).collect());
        }
        Err(problems) => return Ok((Tell::Problems(problems), Vec::new())),
    };
    let Some(plan) = plan else { return open_folder(files, &taken.options, ids) };
    let tally = Rc::new(Tally::of(files));
    let source = |place: usize| {
        let (name, blob, tally) = (name_of(&files[place]), files[place].clone(), Rc::clone(&tally));
        let called = name.clone();
        Source { name, open: Box::new(move || open(&called, &blob, &tally)) }
    };
    let inputs = Inputs {
        options: taken.options.iter().map(|place| source(*place)).collect(),
        delivery: taken.delivery.map(source),
        closes: taken.closes.map(source),
        vol: taken.vol.map(source),
        yields: None,
    };
    let (mut packs, mut report) = (Packs::new(Rc::clone(&tally)), Report::default());
    let dataset = job::run(&plan, &inputs, &mut packs, &mut report).map_err(|e| {
        vec![match e {
            ImportError::Empty => format!("{}.", report.nothing_kept()),
            other => format!("{other}."),
        }]
    })?;
    done(vec![(dataset, Some(report))], &packs)
}

/// The answer of datasets whose packs are there.
fn done(datasets: Vec<(Dataset, Option<Report>)>, packs: &Packs) -> Answer {
    let (mut parts, mut beside) = (Vec::new(), Vec::new());
    for (dataset, report) in &datasets {
        parts.extend(summary(dataset, report.as_ref(), &check(packs, dataset, || ())));
        beside.extend(dataset.packs.iter().filter_map(|entry| packs.blob(&entry.path)));
    }
    let catalog = Catalog::of(datasets.into_iter().map(|(dataset, _)| dataset).collect());
    let catalog = catalog.encode().map_err(|e| vec![format!("The catalog cannot be written ({e}).")])?;
    Ok((Tell::Done(Done { catalog: String::from_utf8_lossy(&catalog).into_owned(), parts }), beside))
}

fn open_folder(files: &[Blob], places: &[usize], ids: &[String]) -> Answer {
    let mut inside = Vec::new();
    for place in places {
        let (name, blob) = (name_of(&files[*place]), &files[*place]);
        let bytes = bytes_of(blob).map_err(|e| vec![format!("{name}: {e}.")])?;
        match bytes.starts_with(b"PK") {
            true => inside.extend(folder::unzip(&name, &bytes).map_err(|line| vec![format!("{line}.")])?),
            false => inside.push((name, bytes)),
        }
    }
    let opened = folder::open(inside, ids)?;
    let mut packs = Packs::new(Rc::default());
    let mut datasets = Vec::new();
    for (dataset, bytes) in opened.datasets {
        for (entry, bytes) in dataset.packs.iter().zip(bytes) {
            packs.add(&entry.path, &bytes).map_err(|e| vec![format!("{e}.")])?;
        }
        datasets.push((dataset, None));
    }
    let (told, beside) = done(datasets, &packs)?;
    let Tell::Done(mut done) = told else { return Ok((told, beside)) };
    if let Some(first) = done.parts.first_mut() {
        first.lines.extend(opened.refused);
    }
    Ok((Tell::Done(done), beside))
}

fn archive(names: Vec<String>, blobs: &[Blob]) -> Answer {
    let mut files = Vec::new();
    for (name, blob) in names.into_iter().zip(blobs) {
        files.push((name, bytes_of(blob).map_err(|e| vec![format!("{e}.")])?));
    }
    let bytes = zip(&files).map_err(|e| vec![format!("The archive cannot be written ({e}).")])?;
    Ok((Tell::Zipped, vec![blob_of(&bytes).map_err(|e| vec![format!("{e}.")])?]))
}
