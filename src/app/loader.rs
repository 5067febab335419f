//! Fetches the catalog and the packs of a run, one after the other, whole or not at all.

use super::driver::{self, publish};
use super::reopen::Again;
use super::state::{App, CatalogState, Column, Shown};
use super::{keep, own, remember, reopen};
use crate::display::example::view_of;
use crate::display::format::bytes;
use crate::display::{Draft, Folder, Problem, Route};
use crate::market::catalog::PackEntry;
use crate::market::codec::{PackError, PackReader, verify};
use crate::market::{Catalog, Dataset, MarketSnapshot};
use crate::run::example::Example;
use crate::run::{Command, Run, UnitState, resolve};
use crate::share::{Claim, Link};
use crate::store::Level;
use crate::web::fetch::{FetchError, fetch_bytes};
use crate::web::page;
use crate::web::task::{self, Slot};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;

/// Most that is read of a catalog, and of the example.
const MOST_BYTES: u64 = 8 << 20;
/// Milliseconds of decoding between two turns of the event loop.
const DECODE_MS: f64 = 6.0;
const EXAMPLE: &str = "example.json";

/// Loads the catalog, then the form that the address asks for.
pub fn load_catalog(app: App) {
    app.catalog.set(CatalogState::Loading);
    if app.archive().is_none() {
        spawn_local(keep::open(app));
    }
    spawn_local(async move {
        let state = match fetch_catalog(app).await {
            Ok(mut catalog) => {
                own::add_to(app, &mut catalog).await;
                CatalogState::Ready(Arc::new(catalog))
            }
            Err(text) => CatalogState::Failed(text),
        };
        // The form is filled before anybody can press Start.
        app.catalog.set(state);
        // The page is built a part at a time, with turns for the browser in between.
        task::next_turn().await;
        // Another page that the address asks for has the front page behind it.
        let catalog = app.catalog_ready_untracked().filter(|_| app.addressed.with_value(Option::is_none));
        if let Some(draft) = catalog.and_then(|catalog| Draft::of_request(&serde_json::json!({}), &catalog)) {
            super::address::fill_form(app, draft);
        }
        keep::follow_address(app);
        task::next_turn().await;
        let is_front = app.route.with_untracked(|route| *route == Route::Backtest);
        let is_back = is_front && app.is_idle() && reopen::show_same(app, Again::Any).await;
        // After it: what comes on screen takes an earlier question away.
        spawn_local(keep::offer_interrupted(app));
        if !is_back && app.is_idle() && app.folder.with_value(Folder::is_own) {
            // Without its example the page explains itself; a missing file is no fault.
            let _ = show_example(app).await;
        }
        task::next_frame().await;
        super::reveal();
    });
}

/// The result that ships.
///
/// # Errors
/// A sentence that names the file.
pub async fn fetch_example() -> Result<Example, String> {
    let bytes = fetch_bytes(EXAMPLE, MOST_BYTES, |_| true).await.map_err(|e| e.to_string())?;
    crate::json::of_text(&bytes).map_err(|e| format!("{EXAMPLE}: {e}"))
}

/// Shows the result that ships, unless a run has begun meanwhile.
async fn show_example(app: App) -> Option<()> {
    let example = fetch_example().await.ok()?;
    task::next_turn().await;
    let resolved = resolve(&example.request.to_string(), app.catalog_ready_untracked()?.as_ref()).ok()?;
    if app.shown.with_untracked(Option::is_some) {
        return None;
    }
    let view = view_of(&example, resolved.dataset.settlement);
    task::next_turn().await;
    let columns = example.variants.iter().zip(&resolved.request.variants).zip(&view.summaries);
    let columns = columns.map(|((v, variant), summary)| Column {
        name: v.name.clone(),
        state: UnitState::Completed,
        style: resolved.request.style_of(variant),
        error: None,
        summary: Some(summary.clone()),
    });
    app.columns.set(columns.collect());
    app.session.update_value(|s| {
        s.curves = view.curves;
        s.example_trades = view.trades;
    });
    app.money.set(remember::money_of(&resolved));
    let shown = Shown { example: true, live_ms: None, written: example.request, resolved: Arc::new(resolved) };
    app.zoom.set(remember::zoom_of(&shown));
    app.shown.set(Some(shown));
    app.frame.update(|n| *n += 1);
    app.tables.update(|n| *n += 1);
    Some(())
}

/// The catalog of the folder that the address names, else of the site's own.
async fn fetch_catalog(app: App) -> Result<Catalog, String> {
    let folder =
        page::asked("catalog").map_or_else(|| Ok(Folder::default()), |address| Folder::of_catalog(&address))?;
    let path = folder.catalog();
    app.folder.set_value(folder);
    let bytes = fetch_bytes(&path, MOST_BYTES, |_| true).await.map_err(|e| e.to_string())?;
    Catalog::parse(&bytes).map_err(|e| format!("{path}: {e}"))
}

/// Fills the form from the address; a link with a result is recomputed at once, an unreadable one explains itself.
pub fn read_address(app: App) {
    let Some(catalog) = app.catalog_ready_untracked() else { return };
    let defaults = Link { written: serde_json::json!({}), claim: None };
    let Link { written, claim } = super::address::link_of(&page::fragment()).unwrap_or_else(|text| {
        app.notice.set(Some(format!("{text} The form shows the defaults.")));
        defaults
    });
    if let Some(draft) = Draft::of_request(&written, &catalog) {
        super::address::fill_form(app, draft);
    }
    app.verdict.set(None);
    let is_frame = page::is_asked("embed") && !page::fragment().is_empty();
    if claim.is_some() || is_frame {
        recompute(app, &catalog, written, claim);
    }
}

/// Computes a link by itself, and what it claims; data that only its sender has are named in a sentence.
fn recompute(app: App, catalog: &Catalog, written: Value, claim: Option<Claim>) {
    match resolve(&written.to_string(), catalog) {
        Ok(resolved) => {
            spawn_local(async move { drop(driver::begin_link(app, written, resolved, claim).await) });
        }
        Err(refused) => {
            let prices = claim.and_then(|claim| claim.prices);
            let prices = prices.map_or_else(String::new, |prices| format!(" Its sender saw {prices}."));
            let why = Problem::from(refused).message;
            app.notice.set(Some(format!("The result of this link cannot be computed here: {why}.{prices}")));
        }
    }
}

/// Fetches the packs that the run of a generation needs and does not have yet.
pub fn load(app: App, generation: u64) {
    spawn_local(async move {
        let wanted = app.session.try_with_value(|s| {
            let run = s.run.as_ref()?;
            Some((run.packs(), run.resolved().dataset.clone()))
        });
        let Some(Some((packs, dataset))) = wanted else { return };
        let next = app.session.try_with_value(|s| s.tape.next()).unwrap_or(packs.start);
        let heard = move |bytes: Option<(u64, u64)>| {
            if bytes.is_some() {
                publish(app, bytes, false);
            }
            is_current(app, generation)
        };
        match read_packs(app, &dataset, next..packs.end, heard, |entry| take_news(app, entry)).await {
            Ok(()) if is_current(app, generation) => {
                app.status.update(|s| s.bytes = None);
                // What looks at the data, a step under inspection above all, looks again.
                app.tables.update(|n| *n = n.wrapping_add(1));
            }
            Ok(()) => {}
            Err(text) => fail(app, generation, &text),
        }
    });
}

/// What the run does with a pack that came.
fn take_news(app: App, entry: &PackEntry) {
    let walks = app.session.try_update_value(|s| {
        s.wake.raise();
        // A paused run takes the news at its resume.
        s.run.as_mut().is_some_and(|run| run.command(Command::Data).is_ok())
    });
    // The log of a run that is only looked at stays as it was kept.
    if walks == Some(true) {
        let path = app.folder.with_value(|folder| folder.file(&entry.path));
        keep::log(app, Level::Info, None, format!("Read {path}, {}.", bytes(entry.bytes)));
    }
}

/// Reads packs onto the tape, in order; the next one comes while one is decoded. `heard` learns how many bytes of how many have come, where some came, and
/// answers whether to go on, `took` hears of each pack.
///
/// # Errors
/// A sentence that names the file.
pub async fn read_packs(
    app: App,
    dataset: &Dataset,
    packs: Range<usize>,
    heard: impl Fn(Option<(u64, u64)>) -> bool + Clone + 'static,
    took: impl Fn(&PackEntry),
) -> Result<(), String> {
    let (key, first) = (dataset.snapshots_key(), packs.start);
    let entries = dataset.packs.get(packs).unwrap_or_default();
    let total: u64 = entries.iter().map(|p| p.bytes).sum();
    let fetch = |entry: &PackEntry, done: u64| {
        let (coming, entry, heard) = (Slot::default(), entry.clone(), heard.clone());
        let (slot, most) = (coming.clone(), entry.bytes);
        spawn_local(async move {
            let mut heard = |bytes: u64| heard(Some((done + bytes.min(most), total)));
            // The slot is this task's own.
            drop(slot.put(pack_bytes(app, &entry, &mut heard).await));
        });
        coming
    };
    let mut done = 0;
    let mut coming = entries.first().map(|entry| fetch(entry, done));
    for (place, entry) in entries.iter().enumerate() {
        let Some(slot) = coming.take() else { break };
        let fetched = slot.take().await;
        done += entry.bytes;
        if fetched.is_ok() {
            coming = entries.get(place + 1).map(|entry| fetch(entry, done));
        }
        let mut is_wanted = || heard(None);
        let Some(snapshots) = sound(app, dataset, entry, fetched, &mut is_wanted).await? else { break };
        // Somebody else may have read it meanwhile.
        let is_taken =
            is_wanted() && app.session.try_update_value(|s| s.tape.push(&key, first + place, snapshots)) == Some(true);
        if !is_taken {
            break;
        }
        took(entry);
        task::give_way().await;
    }
    Ok(())
}

/// The generation's run is on screen, and was not stopped while its data were on their way.
fn is_current(app: App, generation: u64) -> bool {
    let wants = |run: &Run| !run.state().is_final() || run.progress().marks_done > 0;
    app.session.try_with_value(|s| s.generation == generation && s.run.as_ref().is_some_and(wants)) == Some(true)
}

/// The bytes of a pack, and whether they were kept; `heard` learns how many have come and answers whether to go on.
///
/// # Errors
/// They cannot be had, or nobody waits for them any more.
pub async fn pack_bytes(
    app: App,
    entry: &PackEntry,
    heard: &mut dyn FnMut(u64) -> bool,
) -> Result<(Vec<u8>, bool), FetchError> {
    if let Some(bytes) = keep::pack(app, entry).await {
        return Ok((bytes, true));
    }
    if own::has_pack(app, &entry.sha256) {
        return Err(FetchError::Gone { path: entry.path.clone() });
    }
    let path = app.folder.with_value(|folder| folder.file(&entry.path));
    Ok((fetch_bytes(&path, entry.bytes, heard).await?, false))
}

/// A whole pack, which is kept once it is found sound; `None` where nobody waits for it any more.
///
/// # Errors
/// A sentence that names the file.
pub async fn read_pack(
    app: App,
    dataset: &Dataset,
    entry: &PackEntry,
    heard: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<Vec<MarketSnapshot>>, String> {
    let fetched = pack_bytes(app, entry, heard).await;
    sound(app, dataset, entry, fetched, &mut || heard(entry.bytes)).await
}

/// The snapshots of what was fetched, which is kept once it is found sound; `None` where nobody waits for them any more.
async fn sound(
    app: App,
    dataset: &Dataset,
    entry: &PackEntry,
    fetched: Result<(Vec<u8>, bool), FetchError>,
    is_wanted: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<MarketSnapshot>>, String> {
    let (bytes, is_kept) = match fetched {
        Ok(read) => read,
        Err(FetchError::Cancelled { .. }) => return Ok(None),
        Err(e) => return Err(e.to_string()),
    };
    task::give_way().await;
    let snapshots = decode(&bytes, dataset, entry, is_wanted).await.map_err(|e| e.to_string())?;
    if !is_kept && snapshots.is_some() {
        keep::keep_pack(app, dataset, entry, bytes);
    }
    Ok(snapshots)
}

/// Decodes a pack in turns of a few milliseconds, so that no frame waits for a whole month; `None` where it is not wanted any more.
async fn decode(
    bytes: &[u8],
    dataset: &Dataset,
    entry: &PackEntry,
    is_wanted: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<MarketSnapshot>>, PackError> {
    let verified = verify(bytes, entry)?;
    task::give_way().await;
    let mut reader = PackReader::new(verified, dataset, entry)?;
    let mut begun = task::now_ms();
    while reader.price()? {
        if task::now_ms() - begun > DECODE_MS {
            task::give_way().await;
            if !is_wanted() {
                return Ok(None);
            }
            begun = task::now_ms();
        }
    }
    reader.finish().map(Some)
}

fn fail(app: App, generation: u64, text: &str) {
    if !is_current(app, generation) {
        return;
    }
    app.session.update_value(|s| {
        if let Some(run) = s.run.as_mut() {
            run.fail(text);
        }
        s.wake.raise();
    });
    keep::log(app, Level::Error, None, text);
    publish(app, None, true);
    app.status.update(|s| {
        s.bytes = None;
        s.sentence = Some(text.to_owned());
    });
}
