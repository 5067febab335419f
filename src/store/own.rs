//! Datasets that somebody opened and keeps: their catalog is a setting, their packs stand by hash beside those that are only cached.

use super::archive::{PACKS, setting_key};
use super::records::{PackRecord, SettingRecord, row};
use super::{Archive, Change, Row, RunStore, StoreError, Table};
use crate::market::{Catalog, Dataset};
use serde_json::{Value, json};

/// The setting that holds their catalog.
const OWN: &str = "own data";

impl<S: RunStore> Archive<S> {
    /// The datasets that are kept, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where their catalog is refused, or the storage's.
    pub async fn own(&self) -> Result<Vec<Dataset>, StoreError> {
        let Some(Value::String(text)) = self.setting(OWN).await? else { return Ok(Vec::new()) };
        let catalog = Catalog::parse(text.as_bytes()).map_err(|e| StoreError::Corrupt(format!("own data: {e}")))?;
        Ok(catalog.datasets)
    }

    /// Keeps a dataset with its packs in the catalog's order, in place of one of its id; whole or not at all.
    ///
    /// # Errors
    /// The storage's.
    pub async fn keep_own(&self, dataset: Dataset, packs: Vec<Vec<u8>>, now_ms: i64) -> Result<(), StoreError> {
        let record = |sha256: &str| PackRecord { sha256: sha256.into(), dataset: dataset.id.clone(), used_ms: now_ms };
        let put = |(bytes, sha256): (Vec<u8>, &str)| {
            Change::Put(Table::Datasets, Row { bytes: Some(bytes), ..row(&record(sha256)) })
        };
        let hashes = dataset.packs.iter().map(|entry| entry.sha256.as_str());
        let mut changes: Vec<Change> = packs.into_iter().zip(hashes).map(put).collect();
        // What is kept is no cache any more: nothing else pushes it out.
        let mut cached = self.pack_sizes().await?;
        cached.retain(|(_, sha256, _)| !dataset.packs.iter().any(|entry| entry.sha256 == *sha256));
        changes.push(setting(PACKS, json!(cached)));
        let mut all = self.own().await?;
        all.retain(|kept| kept.id != dataset.id);
        all.push(dataset);
        changes.push(listed(all)?);
        self.store().write(changes).await
    }

    /// Removes a kept dataset, with the packs that no other one has.
    ///
    /// # Errors
    /// The storage's.
    pub async fn remove_own(&self, id: &str) -> Result<(), StoreError> {
        let (gone, left): (Vec<Dataset>, Vec<Dataset>) = self.own().await?.into_iter().partition(|kept| kept.id == id);
        let hashes = |datasets: &[Dataset]| -> Vec<String> {
            datasets.iter().flat_map(|dataset| &dataset.packs).map(|entry| entry.sha256.clone()).collect()
        };
        let needed = hashes(&left);
        let unneeded = hashes(&gone).into_iter().filter(|sha256| !needed.contains(sha256));
        let mut changes: Vec<Change> =
            unneeded.map(|sha256| Change::Remove(Table::Datasets, setting_key(&sha256))).collect();
        changes.push(listed(left)?);
        self.store().write(changes).await
    }
}

fn setting(name: &str, value: Value) -> Change {
    Change::Put(Table::Settings, row(&SettingRecord { name: name.into(), value }))
}

fn listed(datasets: Vec<Dataset>) -> Result<Change, StoreError> {
    let bytes = Catalog::of(datasets).encode().map_err(|e| StoreError::Failed(e.to_string()))?;
    Ok(setting(OWN, Value::String(String::from_utf8_lossy(&bytes).into_owned())))
}
