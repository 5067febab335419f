//! A storage that lasts as long as the program: for tests, and for browsers that keep nothing.

use super::tables::{Change, Key, Row, Table};
use super::{RunStore, StoreError};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Rows in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: RefCell<BTreeMap<(Table, Key), Row>>,
}

impl RunStore for MemoryStore {
    async fn read(&self, table: Table, prefix: Key) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows.borrow();
        let from = rows.range((table, prefix.clone())..);
        Ok(from
            .take_while(|((t, key), _)| *t == table && key.starts_with(&prefix))
            .map(|(_, row)| row.clone())
            .collect())
    }

    async fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let keyless =
            |table: &Table, row: &Row| StoreError::Failed(format!("{}: no key in {}", table.name(), row.fields));
        let mut rows = self.rows.borrow_mut();
        for change in &changes {
            if let Change::Put(table, row) = change {
                row.key(*table).ok_or_else(|| keyless(table, row))?;
            }
        }
        for change in changes {
            match change {
                Change::Put(table, row) => {
                    if let Some(key) = row.key(table) {
                        rows.insert((table, key), row);
                    }
                }
                Change::Remove(table, prefix) => rows.retain(|(t, key), _| *t != table || !key.starts_with(&prefix)),
            }
        }
        Ok(())
    }
}
