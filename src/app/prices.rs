//! Prices that the form needs before a run: what it would begin at, and the worst dates to begin.

use super::state::{App, Opening};
use super::{keep, loader};
use crate::digest::sha256_hex;
use crate::display::scenarios::{WORST, length_days};
use crate::market::catalog::PackEntry;
use crate::market::codec::read_bars;
use crate::market::windows::{Bar, WorstStart, worst_starts};
use crate::market::{Catalog, Dataset};
use crate::run::{RequestError, Resolved, resolve, undercollateralised};
use crate::units::{Price, Timestamp};
use crate::web::task;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Why the form's loan cannot begin, as far as the opening price is known.
pub fn refusal(app: App, resolved: &Resolved) -> Option<RequestError> {
    let time = first_mark(resolved)?;
    let opening = app.opening.get_untracked()?;
    let is_its_own = opening.dataset == resolved.dataset.id && opening.time == time;
    undercollateralised(&resolved.request.account, Price(opening.price)).filter(|_| is_its_own)
}

fn first_mark(resolved: &Resolved) -> Option<Timestamp> {
    let grid = resolved.grid();
    (!grid.is_empty()).then(|| grid.time(0))
}

/// Keeps the form's opening price known while it has a loan.
pub fn follow(app: App) {
    let beginning = Memo::new(move |_| {
        let catalog = app.catalog_ready()?;
        let has_loan = app.draft.with(|draft| draft.text(crate::display::At::Shared, "account.loan") == "true");
        let written = app.written.get().filter(|_| has_loan)?;
        let resolved = resolve(&written.to_string(), &catalog).ok()?;
        Some((resolved.dataset.id.clone(), first_mark(&resolved)?))
    });
    Effect::new(move |_| {
        let Some((id, time)) = beginning.get() else { return };
        let is_known = |o: &Option<Opening>| o.as_ref().is_some_and(|o| o.dataset == id && o.time == time);
        if app.opening.with_untracked(is_known) {
            return;
        }
        app.opening.set(None);
        let Some(catalog) = app.catalog_ready_untracked() else { return };
        spawn_local(async move {
            let price = price_at(app, &catalog, &id, time).await;
            if beginning.try_get_untracked().flatten() == Some((id.clone(), time)) {
                app.opening.set(price.map(|price| Opening { dataset: id, time, price }));
            }
        });
    });
}

/// The newest index of a dataset at or before an instant, USD.
async fn price_at(app: App, catalog: &Catalog, id: &str, time: Timestamp) -> Option<f64> {
    let dataset = catalog.dataset(id)?;
    let place = dataset.packs.partition_point(|pack| pack.first <= time).checked_sub(1)?;
    let bars = bars(app, dataset, &dataset.packs[place]).await?;
    bars.iter().rev().find(|bar| bar.time <= time).map(|bar| bar.close)
}

/// The prices of a pack, from memory, the storage or the server; `None` where they cannot be had.
async fn bars(app: App, dataset: &Dataset, entry: &PackEntry) -> Option<Arc<Vec<Bar>>> {
    if let Some(known) = app.bars.with_value(|bars| bars.get(&entry.path).cloned()) {
        return Some(known);
    }
    let (bytes, is_kept) = loader::pack_bytes(app, entry, &mut |_| true).await.ok()?;
    let is_sound = sha256_hex(&bytes) == entry.sha256;
    let read = Arc::new(read_bars(&bytes, dataset, &entry.path).ok().filter(|_| is_sound)?);
    if !is_kept {
        keep::keep_pack(app, dataset, entry, bytes);
    }
    app.bars.update_value(|bars| drop(bars.insert(entry.path.clone(), Arc::clone(&read))));
    Some(read)
}

/// The first index of a dataset, USD; `None` where it cannot be had.
pub async fn first_price(app: App, dataset: &Dataset) -> Option<f64> {
    bars(app, dataset, dataset.packs.first()?).await?.first().map(|bar| bar.close)
}

/// The worst dates for the form's loan to begin, worst first; `None` where the prices cannot be had.
pub async fn worst(app: App, dataset: &Dataset) -> Option<Vec<WorstStart>> {
    let days = app.draft.with_untracked(length_days).unwrap_or(365);
    let mut all = Vec::new();
    for entry in &dataset.packs {
        all.extend_from_slice(&bars(app, dataset, entry).await?);
        task::give_way().await;
    }
    all.retain(|bar| dataset.first <= bar.time.day());
    Some(worst_starts(&all, days.unsigned_abs(), WORST))
}
