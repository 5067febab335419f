//! Rows in IndexedDB: an object store for each table, one transaction for each write.
//!
//! Numbers are JavaScript's: every double comes back as it was, except that -0 is 0 and a whole one reads as an
//! integer.

use super::task::Slot;
use crate::store::tables::{Key, KeyPart, LAYOUT, UPGRADES};
use crate::store::{Change, Row, RunStore, StoreError, Table};
use idb::event::{OpenDatabaseRequestEvent, VersionChangeEvent};
use idb::request::GetAllStoreRequest;
use idb::{
    Database, DatabaseEvent, Error, Event, Factory, KeyPath, KeyRange, ObjectStoreParams, Query, Request, StoreEvent,
    Transaction, TransactionMode,
};
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomException, IdbVersionChangeEvent};

/// The page's database.
pub const NAME: &str = "chainwalk";
/// The property that holds a row's bytes, beside its fields.
const BYTES: &str = "bytes";
/// How long a browser may take to open a database before it counts as refusing.
const OPEN_MS: u32 = 10_000;

/// An open database; clones share it, and the last one closes it.
#[derive(Clone, Debug)]
pub struct IdbStore(Rc<Connection>);

#[derive(Debug)]
struct Connection {
    database: Database,
    /// Why it was closed; `None` while it is open.
    closed: Rc<RefCell<Option<StoreError>>>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.close();
    }
}

impl IdbStore {
    /// Opens a database; creates it, or brings it up to [`LAYOUT`].
    ///
    /// # Errors
    /// [`StoreError::Refused`], [`StoreError::Blocked`], [`StoreError::Newer`] or [`StoreError::Full`].
    pub async fn open(name: &str) -> Result<IdbStore, StoreError> {
        let factory = Factory::new().map_err(|_| StoreError::Refused("it has no IndexedDB".into()))?;
        let mut request = factory.open(name, Some(LAYOUT)).map_err(|e| refused(fault(e)))?;
        let answer: Slot<Result<Database, StoreError>> = Slot::default();
        request.on_upgrade_needed(upgrade);
        let opened = answer.clone();
        request.on_success(move |event: OpenDatabaseRequestEvent| {
            let database = event.database().map_err(|e| refused(fault(e)));
            if let Err(Ok(late)) = opened.put(database) {
                late.close();
            }
        });
        let failed = answer.clone();
        request.on_error(move |event: OpenDatabaseRequestEvent| {
            let error = event.target().and_then(|request| request.error()).ok().flatten();
            // Of two answers the first counts; the same below.
            drop(failed.put(Err(refused(reason(error)))));
        });
        let blocked = answer.clone();
        request.on_blocked(move |_| drop(blocked.put(Err(StoreError::Blocked))));
        answer.put_after(OPEN_MS, Err(StoreError::Refused("its storage does not answer".into())));
        let outcome = answer.take().await;
        // A request that was given up may still open the database, and must find its callbacks to close it.
        request.forget_callbacks();
        outcome.map(IdbStore::of)
    }

    fn of(mut database: Database) -> IdbStore {
        let closed: Rc<RefCell<Option<StoreError>>> = Rc::default();
        let why = Rc::clone(&closed);
        database.on_version_change(move |event| {
            let is_upgrade = event.dyn_ref::<IdbVersionChangeEvent>().is_some_and(|e| e.new_version().is_some());
            let deleted = || StoreError::Failed("another tab deleted it; reload the page".into());
            *why.borrow_mut() = Some(if is_upgrade { StoreError::Newer } else { deleted() });
            if let Some(Ok(database)) = event.target().map(Database::try_from) {
                database.close();
            }
        });
        let why = Rc::clone(&closed);
        database.on_close(move |_| {
            *why.borrow_mut() = Some(StoreError::Failed("the browser closed it; reload the page".into()));
        });
        IdbStore(Rc::new(Connection { database, closed }))
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
        let begun = self.begin(&[table], TransactionMode::ReadWrite)?;
        let mut request = begun.rows(table, &key)?;
        let decided: Rc<RefCell<Option<Result<T, StoreError>>>> = Rc::default();
        let outcome = Rc::clone(&decided);
        request.on_success(move |event| {
            let made = || {
                let row = event.result().map_err(fault)?.into_iter().next().map(|value| row_of(table, value));
                let (change, answer) = decide(row.transpose()?);
                let transaction = event.target().map_err(fault)?.transaction();
                if let (Some(change), Some(transaction)) = (change, transaction) {
                    apply(&transaction, change)?;
                }
                Ok(answer)
            };
            *outcome.borrow_mut() = Some(made());
        });
        begun.end().await?;
        let made = decided.borrow_mut().take();
        made.unwrap_or_else(|| Err(StoreError::Failed("no answer".into())))
    }

    fn begin(&self, tables: &[Table], mode: TransactionMode) -> Result<Begun, StoreError> {
        if let Some(why) = self.0.closed.borrow().clone() {
            return Err(why);
        }
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        let mut transaction = self.0.database.transaction(&names, mode).map_err(fault)?;
        let ended: Slot<Result<(), StoreError>> = Slot::default();
        let completed = ended.clone();
        transaction.on_complete(move |_| drop(completed.put(Ok(()))));
        let aborted = ended.clone();
        transaction.on_abort(move |event| {
            let transaction = event.target().and_then(|target| Transaction::try_from(target).ok());
            drop(aborted.put(Err(reason(transaction.and_then(|t| t.error())))));
        });
        Ok(Begun { transaction, ended })
    }
}

impl RunStore for IdbStore {
    async fn read(&self, table: Table, prefix: Key) -> Result<Vec<Row>, StoreError> {
        let begun = self.begin(&[table], TransactionMode::ReadOnly)?;
        let request = begun.rows(table, &prefix)?;
        begun.end().await?;
        let values = request.result().map_err(fault)?;
        Array::from(&values).iter().map(|value| row_of(table, value)).collect()
    }

    async fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut tables: Vec<Table> = changes.iter().map(table_of).collect();
        tables.sort();
        tables.dedup();
        if tables.is_empty() {
            return Ok(());
        }
        let begun = self.begin(&tables, TransactionMode::ReadWrite)?;
        for change in changes {
            if let Err(why) = apply(&begun.transaction, change) {
                begun.undo().await;
                return Err(why);
            }
        }
        begun.end().await
    }
}

/// A transaction under way; the browser ends it when nothing more is asked of it.
struct Begun {
    transaction: Transaction,
    ended: Slot<Result<(), StoreError>>,
}

impl Begun {
    /// Asks for the rows whose key begins with `prefix`.
    fn rows(&self, table: Table, prefix: &[KeyPart]) -> Result<GetAllStoreRequest, StoreError> {
        let range = range(table, prefix)?.map(Query::from);
        self.transaction.object_store(table.name()).and_then(|store| store.get_all(range, None)).map_err(fault)
    }

    /// Waits until everything is kept, or nothing.
    async fn end(self) -> Result<(), StoreError> {
        let Begun { transaction, ended } = self;
        let outcome = ended.take().await;
        drop(transaction);
        outcome
    }

    /// Takes everything back.
    async fn undo(self) {
        if let Ok(_transaction) = self.transaction.abort() {
            // That it was aborted is known.
            drop(self.ended.take().await);
        }
    }
}

/// Adds the tables that a database of an older version lacks.
fn upgrade(event: VersionChangeEvent) {
    let add = || {
        let database = event.database()?;
        for table in UPGRADES.iter().skip(event.old_version()? as usize).copied().flatten() {
            let mut params = ObjectStoreParams::new();
            params.key_path(Some(match table.key_fields() {
                [field] => KeyPath::new_single(field),
                fields => KeyPath::new_array(fields.iter().copied()),
            }));
            let store = database.create_object_store(table.name(), params)?;
            for field in table.indexes() {
                store.create_index(field, KeyPath::new_single(field), None)?;
            }
        }
        Ok::<(), Error>(())
    };
    if add().is_err()
        && let Some(transaction) = event.target().ok().and_then(|request| request.transaction())
    {
        // The request then fails, and says so.
        drop(transaction.abort());
    }
}

fn apply(transaction: &Transaction, change: Change) -> Result<(), StoreError> {
    let table = table_of(&change);
    let store = transaction.object_store(table.name()).map_err(fault)?;
    match change {
        Change::Put(_, row) => store.put(&value_of(row)?, None).map(drop),
        Change::Remove(_, prefix) => match range(table, &prefix)? {
            Some(range) => store.delete(range).map(drop),
            None => store.clear().map(drop),
        },
    }
    .map_err(fault)
}

fn table_of(change: &Change) -> Table {
    match change {
        Change::Put(table, _) | Change::Remove(table, _) => *table,
    }
}

/// Keys that begin with a prefix; `None` means all.
fn range(table: Table, prefix: &[KeyPart]) -> Result<Option<KeyRange>, StoreError> {
    let part = |part: &KeyPart| match part {
        KeyPart::Number(number) => JsValue::from_f64(*number as f64),
        KeyPart::Text(text) => JsValue::from_str(text),
    };
    let whole: Array = prefix.iter().map(part).collect();
    let range = match (prefix, table.key_fields().len()) {
        ([], _) => return Ok(None),
        ([only], 1) => KeyRange::only(&part(only)),
        (_, fields) if prefix.len() >= fields => KeyRange::only(&whole),
        _ => {
            // A list stands after every number and text, and a longer list after its own beginning.
            let end = whole.concat(&Array::of1(&Array::new()));
            KeyRange::bound(&whole, &end, None, None)
        }
    };
    range.map(Some).map_err(fault)
}

/// Bytes from which a text is handed over as it is: as JSON it would be escaped here and read again there.
const LONG: usize = 1_000;

fn value_of(mut row: Row) -> Result<JsValue, StoreError> {
    let unwritable = |e: JsValue| StoreError::Failed(format!("a row cannot be written: {e:?}"));
    let mut texts = Vec::new();
    for (name, field) in row.fields.as_object_mut().into_iter().flatten() {
        if field.as_str().is_some_and(|text| text.len() >= LONG) {
            texts.push((JsValue::from_str(name), field.take()));
        }
    }
    let value = JSON::parse(&row.fields.to_string()).map_err(unwritable)?;
    for (name, text) in texts {
        Reflect::set(&value, &name, &JsValue::from_str(text.as_str().unwrap_or_default())).map_err(unwritable)?;
    }
    if let Some(bytes) = &row.bytes {
        Reflect::set(&value, &BYTES.into(), &Uint8Array::from(bytes.as_slice())).map_err(unwritable)?;
    }
    Ok(value)
}

fn row_of(table: Table, value: JsValue) -> Result<Row, StoreError> {
    let unreadable = |why: String| StoreError::Corrupt(format!("{}: {why}", table.name()));
    let bytes = Reflect::get(&value, &BYTES.into()).ok().and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok());
    if bytes.is_some() {
        Reflect::delete_property(value.unchecked_ref::<Object>(), &BYTES.into())
            .map_err(|e| unreadable(format!("{e:?}")))?;
    }
    let text = JSON::stringify(&value).map_err(|e| unreadable(format!("{e:?}")))?;
    let fields = serde_json::from_slice(String::from(text).as_bytes()).map_err(|e| unreadable(e.to_string()))?;
    Ok(Row { fields, bytes: bytes.map(|bytes| bytes.to_vec()) })
}

/// What an error of the library means.
fn fault(error: Error) -> StoreError {
    let exception = match &error {
        Error::DomException(exception) => Some(exception.clone()),
        Error::ClearFailed(thrown)
        | Error::DeleteFailed(thrown)
        | Error::GetAllKeysFailed(thrown)
        | Error::IndexedDbOpenFailed(thrown)
        | Error::ObjectStoreNotFound(thrown)
        | Error::RequestResultNotFound(thrown)
        | Error::TransactionOpenFailed(thrown)
        | Error::UpdateFailed(thrown) => thrown.dyn_ref::<DomException>().cloned(),
        _ => None,
    };
    exception.map_or_else(|| StoreError::Failed(error.to_string()), |exception| reason(Some(exception)))
}

/// What the browser's own error means.
fn reason(error: Option<DomException>) -> StoreError {
    let Some(error) = error else { return StoreError::Failed("the browser gave no reason".into()) };
    let said = format!("{}: {}", error.name(), error.message());
    match error.name().as_str() {
        "QuotaExceededError" => StoreError::Full,
        "VersionError" => StoreError::Newer,
        "SecurityError" => StoreError::Refused(said),
        "NotReadableError" => StoreError::Corrupt(said),
        _ => StoreError::Failed(said),
    }
}

/// A database that does not open for any other reason is refused.
fn refused(error: StoreError) -> StoreError {
    match error {
        StoreError::Failed(said) | StoreError::Corrupt(said) => StoreError::Refused(said),
        other => other,
    }
}
