//! The storage that the page has: the browser's, or memory where it gives none.

use super::idb::{self, IdbStore};
use crate::store::{Change, Key, MemoryStore, Row, RunStore, StoreError, Table};
use std::rc::Rc;

/// Where the page keeps runs; clones share it.
#[derive(Clone, Debug)]
pub enum AnyStore {
    /// As long as the tab.
    Memory(Rc<MemoryStore>),
    /// In the browser.
    Kept(IdbStore),
}

impl AnyStore {
    /// Opens the browser's storage, or takes memory with the reason to show.
    pub async fn open() -> (AnyStore, Option<StoreError>) {
        match IdbStore::open(idb::NAME).await {
            Ok(store) => (AnyStore::Kept(store), None),
            Err(reason) => (AnyStore::memory(), Some(reason)),
        }
    }

    /// An empty memory.
    pub fn memory() -> AnyStore {
        AnyStore::Memory(Rc::default())
    }

    /// True where runs outlive the tab.
    pub fn is_kept(&self) -> bool {
        matches!(self, AnyStore::Kept(_))
    }

    /// Reads the row of a key and changes its table in view of it, in one transaction: no other tab comes between.
    ///
    /// # Errors
    /// The storage's; nothing is changed then.
    pub async fn decide<T: 'static>(
        &self,
        table: Table,
        key: Key,
        decide: impl FnOnce(Option<Row>) -> (Option<Change>, T) + 'static,
    ) -> Result<T, StoreError> {
        match self {
            // Memory belongs to this tab alone and never waits.
            AnyStore::Memory(store) => {
                let (change, answer) = decide(store.read(table, key).await?.into_iter().next());
                store.write(change.into_iter().collect()).await?;
                Ok(answer)
            }
            AnyStore::Kept(store) => store.decide(table, key, decide).await,
        }
    }
}

impl RunStore for AnyStore {
    async fn read(&self, table: Table, prefix: Key) -> Result<Vec<Row>, StoreError> {
        match self {
            AnyStore::Memory(store) => store.read(table, prefix).await,
            AnyStore::Kept(store) => store.read(table, prefix).await,
        }
    }

    async fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        match self {
            AnyStore::Memory(store) => store.write(changes).await,
            AnyStore::Kept(store) => store.write(changes).await,
        }
    }
}
