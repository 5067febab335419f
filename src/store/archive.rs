//! What is kept of runs: saving as they walk, finding them again, and clearing up.

use super::records::{
    CheckpointRecord, ChunkRecord, LogLine, PackRecord, RunRecord, SCHEMA, SettingRecord, TradesRecord, UnitRecord,
    record, row,
};
use super::steps::{read_steps, write_steps};
use super::tables::{Change, Key, KeyPart, Row, Table, of_run};
use super::{RunStore, StoreError};
use crate::engine::Step;
use crate::json;
use crate::run::{Past, Run, RunState, Unit, UnitError};
use crate::sort;
use crate::units::{DAY_MS, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The setting that lists the packs with their sizes.
pub(super) const PACKS: &str = "packs";
/// Bytes of packs that are kept at the most.
const MOST_PACK_BYTES: usize = 64 << 20;

/// A run as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The run.
    pub run: RunRecord,
    /// The label that a person gave it; empty where there is none.
    pub label: String,
    /// Its variants in request order.
    pub units: Vec<UnitRecord>,
}

/// Who a run is in the storage, and how much of it is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Saving {
    /// Its name in the storage.
    pub id: String,
    /// When it was begun, ms UTC of the clock on the wall.
    pub created_ms: i64,
    /// What was written of its request.
    pub written: Value,
    /// Steps of each variant that are kept already.
    pub kept: Vec<usize>,
}

/// All that one save writes, in one transaction; made at once, or a piece at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Save {
    id: String,
    /// Steps of each variant that were kept before it.
    from: Vec<usize>,
    changes: Vec<Change>,
    /// Steps of each variant that are kept once it is written; the next piece is of the variant after these.
    pub kept: Vec<usize>,
    /// Steps of the next variant that are in it or were kept before; `None` before its first piece.
    reached: Option<usize>,
    is_over: bool,
}

/// How long finished runs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Most finished runs.
    pub most_runs: usize,
    /// Greatest age in days; `None` = no limit.
    pub most_days: Option<u32>,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { most_runs: 100, most_days: None }
    }
}

impl Retention {
    /// Name of the setting that holds what a person chose.
    pub const SETTING: &str = "retention";

    /// What a person chose, `{most_runs, most_days}`; the default stands for what is not there.
    pub fn of(chosen: Option<&Value>) -> Retention {
        let number = |key: &str| chosen.and_then(|value| value[key].as_u64());
        let whole = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        Retention {
            most_runs: number("most_runs").map_or(Retention::default().most_runs, whole),
            most_days: number("most_days").map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
        }
    }

    /// The setting's value.
    pub fn to_value(self) -> Value {
        json!({ "most_runs": self.most_runs, "most_days": self.most_days })
    }
}

/// What a clean-up freed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    /// Runs that are gone.
    pub runs: usize,
    /// Bytes of their rows, as text.
    pub bytes: usize,
}

/// The rows of a run that was deleted, so that it can be put back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removed(pub(super) Vec<Change>);

impl Save {
    /// Most steps of one piece.
    pub const PIECE: usize = 128;

    /// What is to be written of a run: everything that is new since the last save, and where it stands.
    pub fn of(run: &Run, saving: &Saving, now_ms: i64, log: &[LogLine]) -> Save {
        let mut save = Save::begun(run, saving, now_ms, log);
        while save.add(run) {}
        save
    }

    /// The same without its variants, which [`Save::add`] adds before the run takes its next step.
    pub fn begun(run: &Run, saving: &Saving, now_ms: i64, log: &[LogLine]) -> Save {
        let id = saving.id.as_str();
        let mut changes = vec![Change::Put(Table::Runs, row(&run_record(run, saving, now_ms)))];
        changes.push(if run.state().is_final() {
            Change::Remove(Table::Checkpoints, of_run(id))
        } else {
            let record = CheckpointRecord { run: id.into(), checkpoint: run.checkpoint() };
            Change::Put(Table::Checkpoints, row(&record))
        });
        changes.extend(log.iter().map(|line| Change::Put(Table::Logs, row(line))));
        let (id, from, is_over) = (id.to_owned(), saving.kept.clone(), run.state().is_final());
        Save { id, from, changes, kept: Vec::new(), reached: None, is_over }
    }

    /// Adds the next piece: some steps of a variant, and after its last the variant itself; false where all is in it.
    pub fn add(&mut self, run: &Run) -> bool {
        let place = self.kept.len();
        let Some(unit) = run.units().get(place) else { return false };
        let before = self.from.get(place).copied().unwrap_or(0).min(unit.steps.len());
        let from = self.reached.unwrap_or(before);
        let to = unit.steps.len().min(from + Save::PIECE);
        if from < to {
            self.changes.extend(chunks(&self.id, place, from, &unit.steps[from..to]));
            self.reached = Some(to);
            return true;
        }
        self.changes.push(Change::Put(Table::Units, row(&unit_record(&self.id, place, unit, run))));
        // While it walks they follow from its steps.
        if self.is_over {
            let record = TradesRecord { run: self.id.clone(), unit: place as u32, trades: run.written_trades(unit) };
            self.changes.push(Change::Put(Table::Trades, row(&record)));
        }
        self.kept.push(unit.steps.len());
        self.reached = None;
        true
    }
}

fn run_record(run: &Run, saving: &Saving, now_ms: i64) -> RunRecord {
    let (request, dataset, progress) = (&run.resolved().request, &run.resolved().dataset, run.progress());
    let is_over = run.state().is_final();
    RunRecord {
        schema: SCHEMA,
        id: saving.id.clone(),
        state: run.state(),
        created_ms: saving.created_ms,
        finished_ms: is_over.then_some(now_ms),
        underlying: dataset.underlying.clone(),
        dataset: dataset.id.clone(),
        start: request.start.to_string(),
        end: request.end.to_string(),
        exit_style: name_of(&request.exit_style),
        variants: run.units().iter().map(|unit| unit.name.clone()).collect(),
        written: saving.written.clone(),
        request: request.to_value(),
        fingerprint: run.fingerprint(),
        engine_version: crate::run::ENGINE_VERSION.into(),
        digest: is_over.then(|| run.digest()),
        per_one: dataset.tick.per_one,
        progress: progress.fraction(),
        decisions_done: progress.decisions_done,
        decisions_total: progress.decisions_total,
        marks_done: progress.marks_done,
        warnings: run.warnings(),
        evidence: Some(run.evidence_line()),
    }
}

fn unit_record(id: &str, place: usize, unit: &Unit, run: &Run) -> UnitRecord {
    let (metrics, evidence) = run.figures_of(unit);
    UnitRecord {
        run: id.into(),
        unit: place as u32,
        name: unit.name.clone(),
        state: unit.state,
        error: unit.error.as_ref().map(|error| error.message.clone()),
        error_after: unit.error.as_ref().and_then(|error| error.date).map(|t| t.0),
        style: name_of(&unit.style),
        metrics: serde_json::to_value(&metrics).unwrap_or_default(),
        evidence: Some(evidence),
    }
}

/// Steps from a place on, and their equity.
fn chunks(id: &str, place: usize, from: usize, steps: &[Step]) -> [Change; 2] {
    let chunk =
        |text| ChunkRecord { run: id.into(), unit: place as u32, from: from as u32, count: steps.len() as u32, text };
    let point = |s: &Step| (s.time.0, s.equity.coin.0, s.equity.usd.0, s.hodl.coin.0, s.hodl.usd.0);
    let points: Vec<_> = steps.iter().map(point).collect();
    let points = serde_json::to_string(&points).unwrap_or_default();
    [Change::Put(Table::Steps, row(&chunk(write_steps(steps)))), Change::Put(Table::Equity, row(&chunk(points)))]
}

fn name_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn setting_key(name: &str) -> Key {
    vec![KeyPart::Text(name.to_owned())]
}

fn label_name(id: &str) -> String {
    format!("label {id}")
}

fn weight(row: &Row) -> usize {
    row.fields.to_string().len() + row.bytes.as_ref().map_or(0, Vec::len)
}

/// Runs in a storage.
#[derive(Debug, Default)]
pub struct Archive<S> {
    store: S,
}

impl<S: RunStore> Archive<S> {
    /// The runs of a storage.
    pub fn new(store: S) -> Archive<S> {
        Archive { store }
    }

    /// The storage.
    pub fn store(&self) -> &S {
        &self.store
    }

    async fn records<T: DeserializeOwned>(&self, table: Table, prefix: Key) -> Result<Vec<T>, StoreError> {
        self.store.read(table, prefix).await?.into_iter().map(|row| record(table, row)).collect()
    }

    /// All rows of a table that can be read; the others' faults are added.
    async fn readable<T: DeserializeOwned>(
        &self,
        table: Table,
        faults: &mut Vec<StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.store.read(table, Key::new()).await?.into_iter();
        Ok(rows.filter_map(|row| record(table, row).map_err(|fault| faults.push(fault)).ok()).collect())
    }

    /// Writes a save, whole or not at all.
    ///
    /// # Errors
    /// The storage's.
    pub async fn save(&self, save: Save) -> Result<(), StoreError> {
        self.store.write(save.changes).await
    }

    /// All runs, newest first, and what could not be read, one sentence each.
    ///
    /// # Errors
    /// The storage's; a record that cannot be read hides only its own run.
    pub async fn list(&self) -> Result<(Vec<Kept>, Vec<StoreError>), StoreError> {
        let mut faults = Vec::new();
        let units: Vec<UnitRecord> = self.readable(Table::Units, &mut faults).await?;
        let settings: Vec<SettingRecord> = self.readable(Table::Settings, &mut faults).await?;
        let records: Vec<RunRecord> = self.readable(Table::Runs, &mut faults).await?;
        let kept = |run: RunRecord| {
            let label = settings.iter().find(|s| s.name == label_name(&run.id)).and_then(|s| s.value.as_str());
            let label = label.unwrap_or_default().to_owned();
            let units = units.iter().filter(|unit| unit.run == run.id).cloned().collect();
            Kept { run, label, units }
        };
        let mut runs: Vec<Kept> = records.into_iter().map(kept).collect();
        sort::by(&mut runs, |a, b| (b.run.created_ms, &b.run.id).cmp(&(a.run.created_ms, &a.run.id)));
        Ok((runs, faults))
    }

    /// One run.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the storage's.
    pub async fn find(&self, id: &str) -> Result<Kept, StoreError> {
        let run = self.records::<RunRecord>(Table::Runs, of_run(id)).await?.into_iter().find(|run| run.id == id);
        let run = run.ok_or_else(|| StoreError::NotFound(id.to_owned()))?;
        let label = self.setting(&label_name(id)).await?.and_then(|v| v.as_str().map(str::to_owned));
        Ok(Kept { run, label: label.unwrap_or_default(), units: self.records(Table::Units, of_run(id)).await? })
    }

    /// The newest run that ended whole with this fingerprint; `None` where there is none.
    ///
    /// # Errors
    /// The storage's.
    pub async fn identical(&self, fingerprint: &str) -> Result<Option<Kept>, StoreError> {
        let whole = |run: &RunRecord| run.fingerprint == fingerprint && run.state == RunState::Completed;
        Ok(self.list().await?.0.into_iter().find(|kept| whole(&kept.run)))
    }

    /// The newest run of this fingerprint that made marks and ended, whole rather than stopped or partial; `None` where there is none.
    ///
    /// # Errors
    /// The storage's.
    pub async fn last(&self, fingerprint: &str) -> Result<Option<Kept>, StoreError> {
        let mut runs = self.list().await?.0;
        let ended = |run: &RunRecord| run.state.is_final() && run.state != RunState::Failed && run.marks_done > 0;
        runs.retain(|kept| kept.run.fingerprint == fingerprint && ended(&kept.run));
        let whole = runs.iter().position(|kept| kept.run.state == RunState::Completed);
        Ok((!runs.is_empty()).then(|| runs.swap_remove(whole.unwrap_or(0))))
    }

    /// Runs that were under way when their page closed, newest first; `active` is the one under way now.
    ///
    /// # Errors
    /// The storage's.
    pub async fn interrupted(&self, active: Option<&str>) -> Result<Vec<Kept>, StoreError> {
        let mut runs = self.list().await?.0;
        runs.retain(|kept| !kept.run.state.is_final() && Some(kept.run.id.as_str()) != active);
        Ok(runs)
    }

    /// What a run's variants left behind, in request order.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where rows are missing or unreadable, or the storage's.
    pub async fn past(&self, id: &str) -> Result<Vec<Past>, StoreError> {
        let units: Vec<UnitRecord> = self.records(Table::Units, of_run(id)).await?;
        let left = |unit: UnitRecord| {
            let date = unit.error_after.map(Timestamp);
            let error = unit.error.map(|message| UnitError { message, date });
            Past { state: unit.state, error, steps: Vec::new() }
        };
        let mut past: Vec<Past> = units.into_iter().map(left).collect();
        for chunk in self.records::<ChunkRecord>(Table::Steps, of_run(id)).await? {
            let torn = |why: String| StoreError::Corrupt(format!("steps of run {id} from mark {}: {why}", chunk.from));
            let unit = past.get_mut(chunk.unit as usize).ok_or_else(|| torn("no such variant".into()))?;
            let steps = read_steps(&chunk.text).map_err(torn)?;
            if unit.steps.len() != chunk.from as usize || steps.len() != chunk.count as usize {
                return Err(torn(format!("{} come before it, and it holds {}", unit.steps.len(), steps.len())));
            }
            unit.steps.extend(steps);
        }
        Ok(past)
    }

    /// Trades of the variants of a run that is over as `run` writes them, in request order.
    ///
    /// # Errors
    /// The storage's.
    pub async fn trades(&self, id: &str) -> Result<Vec<Value>, StoreError> {
        let rows = self.records::<TradesRecord>(Table::Trades, of_run(id)).await?;
        Ok(rows.into_iter().map(|row| row.trades).collect())
    }

    /// The checkpoint of a run; `None` where it has none.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where another build wrote it, or the storage's.
    pub async fn checkpoint(&self, id: &str) -> Result<Option<CheckpointRecord>, StoreError> {
        Ok(self.records(Table::Checkpoints, of_run(id)).await?.pop())
    }

    /// Points of a run's equity: variant's place, then ms UTC, coin, USD, HODL coin, HODL USD.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], or the storage's.
    pub async fn equity(&self, id: &str) -> Result<Vec<(u32, Vec<[f64; 5]>)>, StoreError> {
        let mut curves: Vec<(u32, Vec<[f64; 5]>)> = Vec::new();
        for chunk in self.records::<ChunkRecord>(Table::Equity, of_run(id)).await? {
            let points: Vec<[f64; 5]> = json::of_text(chunk.text.as_bytes())
                .map_err(|e| StoreError::Corrupt(format!("equity of run {id} from mark {}: {e}", chunk.from)))?;
            match curves.last_mut().filter(|(unit, _)| *unit == chunk.unit) {
                Some((_, curve)) => curve.extend(points),
                None => curves.push((chunk.unit, points)),
            }
        }
        Ok(curves)
    }

    /// The log of a run.
    ///
    /// # Errors
    /// The storage's.
    pub async fn log(&self, id: &str) -> Result<Vec<LogLine>, StoreError> {
        self.records(Table::Logs, of_run(id)).await
    }

    /// Labels a run; an empty text takes the label away. Later saves leave it alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the storage's.
    pub async fn label(&self, id: &str, text: &str) -> Result<(), StoreError> {
        self.find(id).await?;
        self.set(&label_name(id), json!(text)).await
    }

    /// What a person chose under a name; `None` where nothing was.
    ///
    /// # Errors
    /// The storage's.
    pub async fn setting(&self, name: &str) -> Result<Option<Value>, StoreError> {
        let kept: Vec<SettingRecord> = self.records(Table::Settings, setting_key(name)).await?;
        Ok(kept.into_iter().next().map(|setting| setting.value))
    }

    /// Keeps a choice.
    ///
    /// # Errors
    /// The storage's.
    pub async fn set(&self, name: &str, value: Value) -> Result<(), StoreError> {
        let setting = SettingRecord { name: name.into(), value };
        self.store.write(vec![Change::Put(Table::Settings, row(&setting))]).await
    }

    /// Every row of a run, as changes that would write them.
    pub(super) async fn rows(&self, id: &str) -> Result<Vec<(Table, Row)>, StoreError> {
        let mut rows = Vec::new();
        for table in Table::OF_RUN {
            rows.extend(self.store.read(table, of_run(id)).await?.into_iter().map(|row| (table, row)));
        }
        let label = self.store.read(Table::Settings, setting_key(&label_name(id))).await?;
        rows.extend(label.into_iter().map(|row| (Table::Settings, row)));
        Ok(rows)
    }

    /// Deletes a run with everything that belongs to it; what comes back puts it back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the storage's.
    pub async fn delete(&self, id: &str) -> Result<Removed, StoreError> {
        let rows = self.rows(id).await?;
        if rows.is_empty() {
            return Err(StoreError::NotFound(id.to_owned()));
        }
        let mut changes: Vec<Change> = Table::OF_RUN.map(|table| Change::Remove(table, of_run(id))).to_vec();
        changes.push(Change::Remove(Table::Settings, setting_key(&label_name(id))));
        self.store.write(changes).await?;
        Ok(Removed(rows.into_iter().map(|(table, row)| Change::Put(table, row)).collect()))
    }

    /// Undoes a deletion.
    ///
    /// # Errors
    /// The storage's.
    pub async fn put_back(&self, removed: Removed) -> Result<(), StoreError> {
        self.store.write(removed.0).await
    }

    /// Deletes the oldest finished runs beyond the limits.
    ///
    /// # Errors
    /// The storage's.
    pub async fn clean(&self, retention: Retention, now_ms: i64) -> Result<Freed, StoreError> {
        let finished = self.list().await?.0.into_iter().filter(|kept| kept.run.state.is_final());
        let too_old = |kept: &Kept| {
            let age_ms = now_ms - kept.run.finished_ms.unwrap_or(kept.run.created_ms);
            retention.most_days.is_some_and(|days| age_ms > i64::from(days) * DAY_MS)
        };
        let going = finished.enumerate().filter(|(place, kept)| *place >= retention.most_runs || too_old(kept));
        let mut freed = Freed::default();
        for (_, kept) in going {
            let Removed(rows) = self.delete(&kept.run.id).await?;
            freed.runs += 1;
            freed.bytes +=
                rows.iter().map(|change| if let Change::Put(_, row) = change { weight(row) } else { 0 }).sum::<usize>();
        }
        Ok(freed)
    }

    /// A pack's bytes by their hash; `None` where they are not kept.
    ///
    /// # Errors
    /// The storage's.
    pub async fn pack(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.store.read(Table::Datasets, setting_key(sha256)).await?;
        Ok(rows.into_iter().next().and_then(|row| row.bytes))
    }

    /// Keeps a pack's bytes; the ones kept longest make room.
    ///
    /// # Errors
    /// The storage's.
    pub async fn keep_pack(&self, pack: &PackRecord, bytes: Vec<u8>) -> Result<(), StoreError> {
        let mut sizes = self.pack_sizes().await?;
        sizes.retain(|(_, sha256, _)| *sha256 != pack.sha256);
        let mut total: usize = bytes.len() + sizes.iter().map(|(_, _, size)| size).sum::<usize>();
        sizes.sort();
        let mut changes = Vec::new();
        while total > MOST_PACK_BYTES && !sizes.is_empty() {
            let (_, sha256, size) = sizes.remove(0);
            total -= size;
            changes.push(Change::Remove(Table::Datasets, setting_key(&sha256)));
        }
        sizes.push((pack.used_ms, pack.sha256.clone(), bytes.len()));
        let sizes = SettingRecord { name: PACKS.into(), value: json!(sizes) };
        changes.push(Change::Put(Table::Settings, row(&sizes)));
        changes.push(Change::Put(Table::Datasets, Row { bytes: Some(bytes), ..row(pack) }));
        self.store.write(changes).await
    }

    /// When each kept pack was kept, its hash and its bytes; reading the packs themselves would fill the memory.
    pub(super) async fn pack_sizes(&self) -> Result<Vec<(i64, String, usize)>, StoreError> {
        let kept = self.setting(PACKS).await?.unwrap_or_default();
        Ok(json::of_value(&kept).unwrap_or_default())
    }
}
