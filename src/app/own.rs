//! Datasets that somebody opened: as long as the tab, or kept in this browser.

use super::state::{App, CatalogState};
use super::{address, keep, loader};
use crate::display::{Draft, Route};
use crate::market::{Catalog, Dataset};
use crate::web::border::bytes_of_js;
use crate::web::{page, task};
use leptos::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use web_sys::Blob;

/// How long the list of datasets waits for the storage, milliseconds; what opens later is there at the next visit.
const OPEN_MS: u32 = 1_500;

/// What the tab has of them.
#[derive(Default)]
pub struct OwnData {
    /// Datasets that were opened in this tab or are kept, by the order of their opening.
    datasets: Vec<Dataset>,
    /// Packs of those opened in this tab, by hash; the browser holds them outside of the program's memory.
    packs: BTreeMap<String, Blob>,
    /// Ids of those that are kept in this browser.
    pub(super) kept: Vec<String>,
}

impl OwnData {
    /// True where a dataset is kept in this browser.
    pub fn is_kept(&self, id: &str) -> bool {
        self.kept.iter().any(|kept| kept == id)
    }
}

/// Adds what is kept in this browser, and what the tab has, to a catalog that was read.
///
/// A kept dataset whose id the catalog has by now stands back, and a sentence says so.
pub async fn add_to(app: App, catalog: &mut Catalog) {
    let mut waited = 0;
    while app.archive().is_none() && waited < OPEN_MS {
        task::sleep(5).await;
        waited += 5;
    }
    let read = match app.archive() {
        Some(archive) => archive.own().await,
        None => Ok(Vec::new()),
    };
    match read {
        Ok(datasets) => app.own.update_value(|own| {
            own.kept = datasets.iter().map(|dataset| dataset.id.clone()).collect();
            let is_new = |dataset: &Dataset| !own.datasets.iter().any(|known| known.id == dataset.id);
            let fresh: Vec<Dataset> = datasets.into_iter().filter(is_new).collect();
            own.datasets.extend(fresh);
        }),
        Err(fault) => app.store_fault.set(Some(fault.to_string())),
    }
    for dataset in app.own.with_value(|own| own.datasets.clone()) {
        if catalog.dataset(&dataset.id).is_some() {
            let id = &dataset.id;
            let text = format!("Your dataset {id} has the name of one that is offered here by now; that one is taken.");
            app.notice.set(Some(text));
        } else {
            catalog.open(dataset);
        }
    }
}

/// Changes the catalog that is on the page.
fn change(app: App, change: impl FnOnce(&mut Catalog)) {
    if let Some(catalog) = app.catalog_ready_untracked() {
        let mut catalog = Catalog::clone(&catalog);
        change(&mut catalog);
        app.catalog.set(CatalogState::Ready(Arc::new(catalog)));
    }
}

/// Takes datasets that were imported, with their packs in the catalog's order.
pub fn take(app: App, datasets: Vec<Dataset>, packs: Vec<Blob>) {
    let hashes = datasets.iter().flat_map(|dataset| &dataset.packs).map(|entry| entry.sha256.clone());
    app.own.update_value(|own| {
        own.packs.extend(hashes.zip(packs));
        own.datasets.extend(datasets.iter().cloned());
    });
    change(app, |catalog| datasets.into_iter().for_each(|dataset| catalog.open(dataset)));
}

/// A pack that was opened in this tab; `None` where it was not.
pub async fn pack(app: App, sha256: &str) -> Option<Vec<u8>> {
    let blob = app.own.with_value(|own| own.packs.get(sha256).cloned())?;
    bytes_of_js(blob.into()).await
}

/// True of a dataset that somebody opened.
pub fn is_opened(app: App, id: &str) -> bool {
    app.own.with_value(|own| own.datasets.iter().any(|known| known.id == id))
}

/// True of a pack of a dataset that somebody opened: it is on no host.
pub fn has_pack(app: App, sha256: &str) -> bool {
    app.own.with_value(|own| own.datasets.iter().flat_map(|d| &d.packs).any(|entry| entry.sha256 == sha256))
}

/// All packs of a dataset in the catalog's order, from the tab or from the storage.
///
/// # Errors
/// One of them is not there any more.
pub async fn packs(app: App, dataset: &Dataset) -> Result<Vec<Vec<u8>>, String> {
    let mut all = Vec::new();
    for entry in &dataset.packs {
        let (bytes, _) = loader::pack_bytes(app, entry, &mut |_| true).await.map_err(|fault| fault.to_string())?;
        all.push(bytes);
    }
    Ok(all)
}

/// Puts a dataset into the form, with all of its days.
pub fn choose(app: App, dataset: &Dataset) {
    if app.is_active_untracked() {
        let text = "A backtest is under way here: stop it, or let it finish, before another dataset is chosen.";
        app.notice.set(Some(text.into()));
    } else if let Some(catalog) = app.catalog_ready_untracked() {
        let Dataset { id, underlying, first, last, .. } = dataset;
        let written = json!({"underlying": underlying, "dataset": id, "start": first, "end": last});
        if let Some(draft) = Draft::of_request(&written, &catalog) {
            address::fill_form(app, draft);
        }
    }
    keep::go(app, Route::Backtest);
}

/// Keeps a dataset in this browser.
///
/// # Errors
/// Why not, one sentence.
pub async fn keep(app: App, dataset: Dataset) -> Result<(), String> {
    let archive = keep::opened(app).await.ok_or("the storage is not open")?;
    if !archive.store().is_kept() {
        return Err("this browser keeps nothing for this page; save it as a folder instead".into());
    }
    let (id, packs) = (dataset.id.clone(), packs(app, &dataset).await?);
    archive.keep_own(dataset, packs, task::wall_ms()).await.map_err(|fault| fault.to_string())?;
    app.own.update_value(|own| own.kept.push(id));
    app.kept.update(|n| *n += 1);
    Ok(())
}

/// A dataset that was removed, for as long as it can be put back.
pub struct Removed {
    dataset: Dataset,
    /// Its packs in the catalog's order; the browser holds them outside of the program's memory.
    packs: Vec<Blob>,
    is_kept: bool,
}

/// The packs of a dataset as blobs; `None` where one cannot be had any more.
async fn blobs(app: App, dataset: &Dataset) -> Option<Vec<Blob>> {
    let mut all = Vec::new();
    for entry in &dataset.packs {
        let held = app.own.with_value(|own| own.packs.get(&entry.sha256).cloned());
        let blob = match held {
            Some(blob) => Some(blob),
            None => {
                let (bytes, _) = loader::pack_bytes(app, entry, &mut |_| true).await.ok()?;
                page::blob("application/json", &bytes)
            }
        };
        all.push(blob?);
    }
    Some(all)
}

/// Removes a dataset from this browser and this tab; runs on it stay. `None` where it cannot be put back: a pack is broken.
///
/// # Errors
/// Why not, one sentence.
pub async fn remove(app: App, dataset: &Dataset) -> Result<Option<Removed>, String> {
    let id = dataset.id.as_str();
    let uses = app.shown.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.dataset().id == id));
    if uses && app.is_active_untracked() {
        return Err("a backtest on it is under way: stop it first".into());
    }
    let packs = blobs(app, dataset).await;
    let is_kept = app.own.with_value(|own| own.is_kept(id));
    if is_kept {
        let archive = keep::opened(app).await.ok_or("the storage is not open")?;
        archive.remove_own(id).await.map_err(|fault| fault.to_string())?;
    }
    app.own.update_value(|own| {
        own.kept.retain(|kept| kept != id);
        own.datasets.retain(|dataset| dataset.id != id);
        let datasets = &own.datasets;
        own.packs.retain(|sha256, _| datasets.iter().flat_map(|d| &d.packs).any(|entry| entry.sha256 == *sha256));
    });
    change(app, |catalog| catalog.close(id));
    app.kept.update(|n| *n += 1);
    Ok(packs.map(|packs| Removed { dataset: dataset.clone(), packs, is_kept }))
}

/// Puts a removed dataset back to where it was: into this tab, and into this browser if it was kept.
///
/// # Errors
/// Why it is not kept; it is in this tab.
pub async fn put_back(app: App, removed: Removed) -> Result<(), String> {
    let Removed { dataset, packs, is_kept } = removed;
    take(app, vec![dataset.clone()], packs);
    if is_kept { keep(app, dataset).await } else { Ok(()) }
}
