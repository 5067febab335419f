//! What a model is compared with: its levels of volatility, and the recorded smiles of the same days.

use super::state::App;
use super::{keep, loader};
use crate::digest::sha256_hex;
use crate::market::catalog::PackEntry;
use crate::market::codec::{LEVELS_PER_ONE, ModelledSnapshot, read_modelled};
use crate::market::model::{RecordedSmile, recorded_smiles};
use crate::market::{DataKind, Dataset};
use crate::units::Timestamp;
use crate::web::task;
use std::sync::Arc;

/// A model's level of volatility at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// When.
    pub time: Timestamp,
    /// Index, USD.
    pub index: f64,
    /// Level, a fraction.
    pub level: f64,
}

/// The levels of volatility of a file of a modelled dataset.
///
/// # Errors
/// A sentence that names the file.
pub async fn levels(app: App, dataset: &Dataset, entry: &PackEntry) -> Result<Vec<Level>, String> {
    keep::opened(app).await;
    let (bytes, is_kept) = loader::pack_bytes(app, entry, &mut |_| true).await.map_err(|e| e.to_string())?;
    if sha256_hex(&bytes) != entry.sha256 {
        return Err(format!("{}: found another sha256, expected the catalog's", entry.path));
    }
    let (snapshots, _) = read_modelled(&bytes, dataset, &entry.path).map_err(|e| e.to_string())?;
    if !is_kept {
        keep::keep_pack(app, dataset, entry, bytes);
    }
    let level =
        |s: ModelledSnapshot| Level { time: s.time, index: s.index, level: f64::from(s.level) / LEVELS_PER_ONE };
    Ok(snapshots.into_iter().map(level).collect())
}

/// The datasets of quotes that a model can be compared with: the same underlying, and days in common.
pub fn references(app: App, model: &Dataset) -> Vec<Arc<Dataset>> {
    let Some(catalog) = app.catalog_ready() else { return Vec::new() };
    let is_real = |d: &&Dataset| matches!(d.kind, DataKind::Recorded | DataKind::Fitted);
    let has_common = |d: &&Dataset| d.underlying == model.underlying && d.first <= model.last && d.last >= model.first;
    catalog.datasets.iter().filter(is_real).filter(has_common).cloned().map(Arc::new).collect()
}

/// The recorded smiles of the days that a model and a dataset of quotes have in common, with the model's level at each instant.
///
/// `None` where nobody waits for them any more.
///
/// # Errors
/// A sentence that names the file.
pub async fn recorded(
    app: App,
    model: &Dataset,
    quotes: &Dataset,
    heard: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Vec<RecordedSmile>>, String> {
    let last = model.packs.last().map_or(Timestamp(0), |pack| pack.last.plus_ms(model.gap_ms()));
    let first = model.packs.first().map_or(Timestamp(0), |pack| pack.first);
    let common = |pack: &&PackEntry| pack.first <= last && pack.last >= first;
    let entries: Vec<&PackEntry> = quotes.packs.iter().filter(common).collect();
    let total: u64 = entries.iter().map(|pack| pack.bytes).sum();
    let (Some(from), Some(to)) = (entries.first(), entries.last()) else { return Ok(Some(Vec::new())) };
    let mut known = Vec::new();
    for entry in
        model.packs.iter().filter(|pack| pack.last.plus_ms(model.gap_ms()) >= from.first && pack.first <= to.last)
    {
        known.extend(levels(app, model, entry).await?);
    }
    let (mut smiles, mut done) = (Vec::new(), 0);
    for entry in entries {
        let mut some = |bytes: u64| heard(done + bytes.min(entry.bytes), total);
        let Some(snapshots) = loader::read_pack(app, quotes, entry, &mut some).await? else { return Ok(None) };
        for snapshot in &snapshots {
            let before = known.partition_point(|level| level.time <= snapshot.time).checked_sub(1);
            let newest = before.and_then(|place| known.get(place));
            if let Some(level) = newest.filter(|level| !model.is_gap(level.time, snapshot.time)) {
                smiles.extend(recorded_smiles(snapshot, level.level));
            }
        }
        done += entry.bytes;
        task::give_way().await;
    }
    Ok(Some(smiles))
}
