//! stand-in

use crate::store::{Change, Key, MemoryStore, Row, RunStore, StoreError, Table};

/// A
pub enum AnyStore {
    /// M
    Memory(MemoryStore),
}

impl RunStore for AnyStore {
    async fn read(&self, table: Table, prefix: Key) -> Result<Vec<Row>, StoreError> {
        match self {
            AnyStore::Memory(m) => m.read(table, prefix).await,
        }
    }
    async fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        match self {
            AnyStore::Memory(m) => m.write(changes).await,
        }
    }
}

/// O
pub async fn open() -> (AnyStore, Option<StoreError>) {
    (AnyStore::Memory(MemoryStore::default()), None)
}
