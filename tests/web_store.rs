//! What the page keeps, in a real browser: the database, its upgrades and refusals, and the lock between tabs.
#![cfg(target_arch = "wasm32")]

mod common;

use chainwalk::run::{Advance, Command, Past, Run};
use chainwalk::store::lease::{Active, Lease, STALE_MS};
use chainwalk::store::tables::{KeyPart, LAYOUT, of_run};
use chainwalk::store::{
    Archive, Change, Key, MemoryStore, PackRecord, Retention, Row, RunStore, Save, Saving, StoreError, Table,
};
use chainwalk::units::DAY_MS;
use chainwalk::web::idb::IdbStore;
use chainwalk::web::kept::AnyStore;
use chainwalk::web::{lock, task};
use common::runs::{resolved, started};
use common::wave::{END, START, wave};
use js_sys::{Function, Promise};
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Runs JavaScript that may `await`; its answer.
async fn js(code: &str) -> JsValue {
    let made = Function::new_no_args(&format!("return (async () => {{ {code} }})()")).call0(&JsValue::UNDEFINED);
    let promise: Promise = made.expect("it runs").dyn_into().expect("a promise");
    JsFuture::from(promise).await.unwrap_or_else(|e| panic!("{code}: {e:?}"))
}

/// Opens a database by hand, `upgrade` being what its `upgradeneeded` does with `db`; it stays in `window[name]`.
async fn by_hand(name: &str, version: u32, upgrade: &str) {
    js(&format!(
        "window[{name:?}] = await new Promise((resolve, reject) => {{
            const open = indexedDB.open({name:?}, {version});
            open.onupgradeneeded = () => {{ const db = open.result; {upgrade} }};
            open.onsuccess = () => resolve(open.result);
            open.onerror = () => reject(open.error);
        }});"
    ))
    .await;
}

async fn opened(name: &str) -> IdbStore {
    IdbStore::open(name).await.unwrap_or_else(|e| panic!("{name}: {e}"))
}

async fn all<S: RunStore>(store: &S) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    for table in Table::ALL {
        let rows = store.read(table, Key::new()).await.expect("readable");
        tables.push(rows.into_iter().map(|row| Row { fields: plain(row.fields), bytes: row.bytes }).collect());
    }
    tables
}

/// A value with its numbers as JavaScript has them: 1 and 1.0 are one number.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, plain(field))).collect(),
        other => other,
    }
}

fn put(table: Table, fields: Value) -> Change {
    Change::Put(table, Row { fields, bytes: None })
}

fn text(text: &str) -> KeyPart {
    KeyPart::Text(text.into())
}

#[wasm_bindgen_test]
async fn every_table_gives_back_what_was_written() {
    let numbers = json!([
        0.1 + 0.2,
        5e-324,
        1e300,
        -1.797_693_134_862_315_7e308,
        2.225_073_858_507_201_4e-308,
        1.0 / 3.0,
        123_456.789,
        9_007_199_254_740_992_u64,
        -9_007_199_254_740_991_i64,
        0,
        1_767_225_600_000_i64,
    ]);
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for table in Table::ALL {
        let mut fields = json!({
            "numbers": numbers, "text": "a \"quote\", \u{1F680}, \u{0}, \u{2028}",
            "nothing": null, "empty": {}, "list": [[], [true]],
            "__proto__": { "own": 1 },
        });
        for field in table.key_fields() {
            let is_number = ["unit", "from", "line"].contains(field);
            fields[*field] = if is_number { json!(7) } else { json!("20260101-000000-a") };
        }
        let row = Row { fields, bytes: (table == Table::Datasets).then(|| bytes.clone()) };
        let key = row.key(table).expect("a key");
        let store = opened("round trip").await;
        store.write(vec![Change::Put(table, row.clone())]).await.expect("written");
        drop(store);
        let rows = opened("round trip").await.read(table, key).await.expect("readable");
        assert_eq!(rows, [row], "{}", table.name());
    }
}

#[wasm_bindgen_test]
async fn a_key_finds_what_begins_with_it() {
    let (kept, memory) = (opened("keys").await, MemoryStore::default());
    let step = |run: &str, unit: u32, from: u32| put(Table::Steps, json!({ "run": run, "unit": unit, "from": from }));
    let mut changes: Vec<Change> = Vec::new();
    for run in ["a", "ab", "b"] {
        changes.extend((0..12).flat_map(|unit| [0, 9, 10, 1_000].map(|from| step(run, unit, from))));
        changes.push(put(Table::Runs, json!({ "id": run })));
    }
    kept.write(changes.clone()).await.expect("written");
    memory.write(changes).await.expect("memory");
    let number = KeyPart::Number;
    let prefixes: [Key; 9] = [
        vec![],
        vec![text("a")],
        vec![text("")],
        vec![text("zz")],
        vec![text("a"), number(1)],
        vec![text("ab"), number(11)],
        vec![text("a"), number(1), number(10)],
        vec![text("a"), number(1), number(11)],
        vec![text("a"), number(1), number(10), number(0)],
    ];
    for prefix in prefixes {
        for table in [Table::Steps, Table::Runs, Table::Trades] {
            let [a, b] = [kept.read(table, prefix.clone()).await, memory.read(table, prefix.clone()).await];
            assert_eq!(a, b, "{} {prefix:?}", table.name());
        }
    }
    let remove = vec![Change::Remove(Table::Steps, vec![text("a"), number(1)]), Change::Remove(Table::Runs, vec![])];
    kept.write(remove.clone()).await.expect("written");
    memory.write(remove).await.expect("memory");
    assert_eq!(all(&kept).await, all(&memory).await);
    assert_eq!(kept.read(Table::Steps, vec![]).await.map(|rows| rows.len()), Ok(3 * 48 - 4));
}

fn request() -> Value {
    json!({
        "dataset": "made", "start": START, "end": END, "timeframe": "4h", "decision_interval_hours": 8,
        "exit_style": "tp_and_roll",
        "variants": [{ "name": "Roll", "min_dte": 2 }, { "name": "Off", "enabled": false }],
    })
}

/// One life of an archive: two runs saved in pieces, a label, a deletion that is undone, a clean-up, a pack.
async fn life<S: RunStore>(archive: &Archive<S>) -> Vec<Vec<Vec<Row>>> {
    let market = wave(3);
    let mut seen = Vec::new();
    for (id, created_ms) in [("a", 0), ("b", DAY_MS)] {
        let mut run = started(&market, &request());
        let mut saving = Saving { id: id.into(), created_ms, written: request(), kept: Vec::new() };
        loop {
            let ended = run.advance(&market.snapshots, 60) == Advance::Complete;
            let save = Save::of(&run, &saving, created_ms + 5_000, &[]);
            saving.kept = save.kept.clone();
            archive.save(save).await.expect("saved");
            seen.push(all(archive.store()).await);
            if ended {
                break;
            }
        }
    }
    archive.label("a", "mine").await.expect("kept");
    seen.push(all(archive.store()).await);
    let removed = archive.delete("a").await.expect("kept");
    seen.push(all(archive.store()).await);
    archive.put_back(removed).await.expect("written");
    seen.push(all(archive.store()).await);
    let pack = PackRecord { sha256: "ab".into(), dataset: "made".into(), used_ms: 1 };
    archive.keep_pack(&pack, vec![1, 2, 3]).await.expect("written");
    assert_eq!(archive.pack("ab").await, Ok(Some(vec![1, 2, 3])));
    let freed = archive.clean(Retention { most_runs: 1, most_days: None }, DAY_MS).await.expect("cleaned");
    assert_eq!(freed.runs, 1);
    seen.push(all(archive.store()).await);
    seen
}

#[wasm_bindgen_test]
async fn the_database_and_the_memory_live_the_same_life() {
    let kept = Archive::new(opened("life").await);
    let memory = Archive::<MemoryStore>::default();
    let (a, b) = (life(&kept).await, life(&memory).await);
    assert_eq!(a.len(), b.len());
    for (place, (a, b)) in a.iter().zip(&b).enumerate() {
        assert!(a == b, "they differ after the write of place {place}");
    }
    let past = kept.past("b").await.expect("whole");
    assert_eq!(past, memory.past("b").await.expect("whole"));
    let (run, marks) = (kept.find("b").await.expect("kept").run, wave(3));
    let again = Run::of_past(resolved(&marks, &run.written), run.state, run.marks_done, past);
    assert_eq!(Some(again.digest()), run.digest);
}

#[wasm_bindgen_test]
async fn a_run_goes_on_from_the_database() {
    let market = wave(5);
    let mut whole = started(&market, &request());
    while whole.advance(&market.snapshots, 500) != Advance::Complete {}
    let mut run = started(&market, &request());
    run.advance(&market.snapshots, 70);
    let saving = Saving { id: "a".into(), created_ms: 0, written: request(), kept: Vec::new() };
    Archive::new(opened("resume").await).save(Save::of(&run, &saving, 1, &[])).await.expect("saved");
    let archive = Archive::new(opened("resume").await);
    let kept = archive.interrupted(None).await.expect("readable").pop().expect("one");
    let checkpoint = archive.checkpoint("a").await.expect("readable").expect("under way").checkpoint;
    assert_eq!(checkpoint, run.checkpoint());
    let past = archive.past("a").await.expect("whole");
    let mut resumed = Run::resume(resolved(&market, &kept.run.written), checkpoint, past).expect("the same data");
    for command in [Command::Resume, Command::Data] {
        resumed.command(command).expect("paused");
    }
    while resumed.advance(&market.snapshots, 500) != Advance::Complete {}
    assert_eq!(resumed.digest(), whole.digest());
}

/// The database as version 1 made it, with the rows of the first layout.
async fn first_layout(name: &str) -> BTreeMap<String, Vec<Value>> {
    let rows = include_str!("store/layout-1.json");
    by_hand(
        name,
        1,
        &format!(
            "const keys = {{ runs: 'id', units: ['run', 'unit'], steps: ['run', 'unit', 'from'],
                trades: ['run', 'unit'], equity: ['run', 'unit', 'from'], checkpoints: 'run', settings: 'name' }};
            const rows = {rows};
            for (const [name, keyPath] of Object.entries(keys)) {{
                const store = db.createObjectStore(name, {{ keyPath }});
                const indexed = name == 'runs' ? ['state', 'created_ms', 'fingerprint'] : [];
                for (const field of indexed) store.createIndex(field, field);
                for (const row of rows[name] ?? []) store.put(row);
            }}"
        ),
    )
    .await;
    serde_json::from_str(rows).expect("JSON")
}

#[wasm_bindgen_test]
async fn a_database_of_the_first_layout_is_brought_up() {
    let rows = first_layout("first").await;
    js("window.first.close()").await;
    let archive = Archive::new(opened("first").await);
    let (runs, faults) = archive.list().await.expect("readable");
    assert_eq!(faults, []);
    assert_eq!(
        (runs[0].run.id.as_str(), runs[0].label.as_str(), runs[0].run.progress),
        ("20260101-000000-first", "from the first layout", 1.0)
    );
    let past: Vec<Past> = archive.past(&runs[0].run.id).await.expect("whole");
    let run = &runs[0].run;
    let again = Run::of_past(resolved(&wave(3), &run.written), run.state, run.marks_done, past);
    assert_eq!(Some(again.digest()), run.digest);
    for (name, rows) in rows {
        let kept = archive.store().read(Table::of_name(&name).expect("a table"), Key::new()).await.expect("readable");
        assert_eq!(kept.len(), rows.len(), "{name}");
    }
    let pack = PackRecord { sha256: "ab".into(), dataset: "made".into(), used_ms: 1 };
    archive.keep_pack(&pack, vec![1]).await.expect("the new table takes rows");
}

#[wasm_bindgen_test]
async fn a_new_database_has_the_tables_keys_and_indexes() {
    let store = opened("shape").await;
    for table in Table::ALL {
        let (name, fields, indexes) = (table.name(), json!(table.key_fields()), json!(table.indexes()));
        let found = js(&format!(
            "const db = await new Promise(resolve => {{
                const open = indexedDB.open('shape');
                open.onsuccess = () => resolve(open.result);
            }});
            const store = db.transaction({name:?}).objectStore({name:?});
            db.close();
            const named = [...store.indexNames].map(name => store.index(name));
            const plain = named.filter(index => index.keyPath == index.name && !index.unique);
            const indexes = plain.map(index => index.name);
            return JSON.stringify([db.version, store.keyPath, indexes, store.autoIncrement]);"
        ))
        .await;
        let found: Value = serde_json::from_str(&found.as_string().expect("JSON")).expect("JSON");
        let fields = if table.key_fields().len() == 1 { fields[0].clone() } else { fields };
        let mut indexes: Vec<String> = serde_json::from_value(indexes).expect("names");
        indexes.sort();
        assert_eq!(found, json!([LAYOUT, fields, indexes, false]), "{name}");
    }
    drop(store);
}

#[wasm_bindgen_test]
async fn a_transaction_that_fails_midway_leaves_nothing() {
    let store = opened("midway").await;
    store.write(vec![put(Table::Runs, json!({ "id": "a", "state": "old" }))]).await.expect("written");
    let before = all(&store).await;
    for torn in [json!({ "state": "no key" }), json!({ "id": true }), json!({ "id": null }), json!(3), json!([])] {
        let changes = vec![
            put(Table::Runs, json!({ "id": "a", "state": "new" })),
            put(Table::Settings, json!({ "name": "x", "value": 1 })),
            Change::Remove(Table::Runs, of_run("a")),
            put(Table::Runs, torn.clone()),
            put(Table::Runs, json!({ "id": "b" })),
        ];
        let outcome = store.write(changes).await;
        let is_refused = matches!(&outcome, Err(StoreError::Failed(said)) if said.starts_with("DataError"));
        assert!(is_refused, "{torn}: {outcome:?}");
        assert_eq!(all(&store).await, before, "{torn}");
    }
    assert_eq!(store.write(Vec::new()).await, Ok(()));
    let twice = vec![Change::Remove(Table::Runs, vec![]), put(Table::Runs, json!({ "id": "c" }))];
    store.write(twice).await.expect("written");
    assert_eq!(all(&store).await[0].len(), 1, "changes are made in order");
}

#[wasm_bindgen_test]
async fn a_full_storage_says_so_and_keeps_what_it_had() {
    let store = opened("full").await;
    store.write(vec![put(Table::Runs, json!({ "id": "a" }))]).await.expect("written");
    let row = || vec![put(Table::Runs, json!({ "id": "b" })), put(Table::Runs, json!({ "id": "c" }))];
    // Chromium tells at the end of the transaction, by an abortion; others where the row is put.
    let ways = [
        "const put = real.apply(this, [row]); if (row.id == 'c') {
            Object.defineProperty(this.transaction, 'error', { value: full }); this.transaction.abort();
         } return put;",
        "if (row.id == 'c') throw full; return real.apply(this, [row]);",
    ];
    for way in ways {
        js(&format!(
            "const real = IDBObjectStore.prototype.put, full = new DOMException('no space', 'QuotaExceededError');
            window.restore = () => {{ IDBObjectStore.prototype.put = real; }};
            IDBObjectStore.prototype.put = function (row) {{ {way} }};"
        ))
        .await;
        let outcome = store.write(row()).await;
        js("window.restore()").await;
        assert_eq!(outcome, Err(StoreError::Full), "{way}");
        assert_eq!(all(&store).await[0].len(), 1, "{way}");
    }
    assert_eq!(store.write(row()).await, Ok(()), "it goes on when there is space");
}

#[wasm_bindgen_test]
async fn a_row_that_json_cannot_hold_is_corrupt() {
    let store = opened("corrupt").await;
    by_hand("corrupt", LAYOUT, "").await;
    js("const write = window.corrupt.transaction('runs', 'readwrite');
        write.objectStore('runs').put({ id: 'a', created_ms: 1n });
        await new Promise(resolve => { write.oncomplete = resolve; });
        window.corrupt.close();")
    .await;
    let outcome = store.read(Table::Runs, Key::new()).await;
    assert!(matches!(&outcome, Err(StoreError::Corrupt(said)) if said.starts_with("runs: ")), "{outcome:?}");
    let kept = js("const db = await new Promise(resolve => {
            const open = indexedDB.open('corrupt');
            open.onsuccess = () => resolve(open.result);
        });
        const read = db.transaction('runs').objectStore('runs').count();
        await new Promise(resolve => { read.onsuccess = resolve; });
        db.close();
        return read.result;")
    .await;
    assert_eq!(kept.as_f64(), Some(1.0), "it is left as it is");
}

#[wasm_bindgen_test]
async fn an_older_tab_that_stays_open_blocks_an_upgrade() {
    first_layout("blocked").await;
    assert_eq!(IdbStore::open("blocked").await.err(), Some(StoreError::Blocked));
    js("window.blocked.close()").await;
    assert_eq!(Archive::new(opened("blocked").await).list().await.map(|(runs, _)| runs.len()), Ok(1));
}

#[wasm_bindgen_test]
async fn a_newer_database_is_left_alone() {
    by_hand("newer", LAYOUT + 1, "db.createObjectStore('future');").await;
    js("window.newer.close()").await;
    assert_eq!(IdbStore::open("newer").await.err(), Some(StoreError::Newer));
}

#[wasm_bindgen_test]
async fn a_tab_makes_way_for_a_newer_one() {
    let store = opened("way").await;
    by_hand("way", LAYOUT + 1, "").await;
    assert_eq!(store.read(Table::Runs, Key::new()).await, Err(StoreError::Newer));
    assert_eq!(store.write(vec![put(Table::Runs, json!({ "id": "a" }))]).await, Err(StoreError::Newer));
    js("window.way.close()").await;
    let store = opened("gone").await;
    js("await new Promise((resolve, reject) => { const gone = indexedDB.deleteDatabase('gone');
        gone.onsuccess = resolve; gone.onblocked = reject; });")
    .await;
    let outcome = store.read(Table::Runs, Key::new()).await;
    assert!(matches!(&outcome, Err(StoreError::Failed(said)) if said.contains("deleted")), "{outcome:?}");
}

#[wasm_bindgen_test]
async fn where_nothing_is_kept_memory_takes_over_and_says_why() {
    let refusals = [
        ("undefined", "it has no IndexedDB"),
        ("{ open() { throw new DOMException('not here', 'SecurityError'); } }", "SecurityError: not here"),
        ("{ open() { throw new DOMException('broken', 'UnknownError'); } }", "UnknownError: broken"),
    ];
    for (factory, said) in refusals {
        // The library asks whether it is an IDBFactory.
        js(&format!(
            "const fake = {factory};
            const value = fake && Object.setPrototypeOf(fake, IDBFactory.prototype);
            const own = Object.getOwnPropertyDescriptor(window, 'indexedDB');
            window.restore = () => {{
                delete window.indexedDB;
                if (own) Object.defineProperty(window, 'indexedDB', own);
            }};
            Object.defineProperty(window, 'indexedDB', {{ value, configurable: true }});"
        ))
        .await;
        let (store, reason) = AnyStore::open().await;
        js("window.restore()").await;
        assert_eq!(reason, Some(StoreError::Refused(said.into())));
        assert!(!store.is_kept());
        store.write(vec![put(Table::Runs, json!({ "id": "a" }))]).await.expect("memory");
        assert_eq!(store.read(Table::Runs, of_run("a")).await.map(|rows| rows.len()), Ok(1));
    }
    let (store, reason) = AnyStore::open().await;
    assert!(store.is_kept() && reason.is_none());
}

fn active(name: &str) -> Active {
    Active { id: format!("id of {name}"), name: name.into(), progress: "37 %".into() }
}

#[wasm_bindgen_test]
async fn one_run_at_a_time() {
    let store = AnyStore::memory();
    assert_eq!(lock::running(&store).await, None);
    let held = lock::acquire(&store, active("first"), || {}).await.unwrap_or_else(|busy| panic!("{busy}"));
    assert_eq!(lock::running(&store).await.and_then(|busy| busy.active), Some(active("first")));
    held.publish(Active { progress: "38 %".into(), ..active("first") });
    let busy = lock::acquire(&store, active("second"), || {}).await.err().expect("taken");
    assert_eq!(busy.to_string(), "Backtest already running: first, 38 %");
    held.release().await;
    assert_eq!(lock::running(&store).await, None);
    let held = lock::acquire(&store, active("second"), || {}).await.unwrap_or_else(|busy| panic!("{busy}"));
    drop(held);
    let again = lock::take_over(&store, active("third"), || {}).await.unwrap_or_else(|busy| panic!("{busy}"));
    again.release().await;
}

#[wasm_bindgen_test]
async fn another_tab_can_have_the_run_stopped() {
    let store = AnyStore::memory();
    stop_and_start(&store).await;
}

/// The holder lets go when it is asked to, and whoever asked runs.
async fn stop_and_start(store: &AnyStore) {
    let asked = task::Flag::default();
    let raise = asked.clone();
    let held = lock::acquire(store, active("first"), move || raise.raise()).await.unwrap_or_else(|b| panic!("{b}"));
    let stopped = Rc::new(Cell::new(false));
    let done = Rc::clone(&stopped);
    wasm_bindgen_futures::spawn_local(async move {
        asked.await;
        done.set(true);
        held.release().await;
    });
    let second = lock::take_over(store, active("second"), || {}).await.unwrap_or_else(|busy| panic!("{busy}"));
    assert!(stopped.get());
    assert_eq!(lock::running(store).await.and_then(|busy| busy.active), Some(active("second")));
    second.release().await;
    assert_eq!(lock::running(store).await, None);
}

#[wasm_bindgen_test]
async fn a_lease_does_where_locks_are_missing() {
    js("Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })").await;
    let store = AnyStore::Kept(opened("lease").await);
    let held = lock::acquire(&store, active("first"), || {}).await.unwrap_or_else(|busy| panic!("{busy}"));
    let other_tab = AnyStore::Kept(opened("lease").await);
    let busy = lock::acquire(&other_tab, active("second"), || {}).await.err().expect("taken");
    assert_eq!(busy.active, Some(active("first")));
    assert_eq!(lock::running(&other_tab).await, Some(busy));
    held.release().await;
    assert_eq!(lock::running(&other_tab).await, None);
    stop_and_start(&other_tab).await;

    let now = task::wall_ms();
    for (age_ms, free) in [(STALE_MS / 2, false), (STALE_MS, true)] {
        let left = Lease { holder: "killed".into(), active: active("killed"), beat_ms: now - age_ms, stop: false };
        store.write(vec![Change::Put(Table::Settings, left.row())]).await.expect("written");
        assert_eq!(lock::running(&store).await.is_none(), free, "{age_ms} ms");
        let held = lock::acquire(&store, active("next"), || {}).await;
        assert_eq!(held.is_ok(), free, "{age_ms} ms");
        if let Ok(held) = held {
            held.release().await;
        }
    }
    // two tabs in the same moment: one of them
    let first = task::Slot::default();
    let (answer, own) = (first.clone(), store.clone());
    wasm_bindgen_futures::spawn_local(async move {
        assert!(answer.put(lock::acquire(&own, active("a"), || {}).await).is_ok());
    });
    let second = lock::acquire(&other_tab, active("b"), || {}).await;
    let first = first.take().await;
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|held| **held).count(), 1);
    drop((first, second));
    js("delete navigator.locks").await;
}
