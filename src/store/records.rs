//! Records: what the rows of a storage hold. They are readable for ever; a change of shape raises [`SCHEMA`] and adds an upgrade.

use super::StoreError;
use super::tables::{Row, Table};
use crate::json;
use crate::metrics::EvidenceLine;
use crate::run::{Checkpoint, RunState, UnitState};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Shape of the records that this build writes.
pub const SCHEMA: u32 = 2;

/// One run, without its variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`SCHEMA`] of the build that wrote it.
    pub schema: u32,
    /// Its name in the storage.
    pub id: String,
    /// Where it stood when it was last kept.
    pub state: RunState,
    /// When it was begun, ms UTC of the clock on the wall.
    pub created_ms: i64,
    /// When it ended; `None` while it has not.
    pub finished_ms: Option<i64>,
    /// Underlying.
    pub underlying: String,
    /// Dataset.
    pub dataset: String,
    /// First day.
    pub start: String,
    /// Last day.
    pub end: String,
    /// Exit style that its variants share.
    pub exit_style: String,
    /// Names of its variants.
    pub variants: Vec<String>,
    /// What was written of the request.
    pub written: Value,
    /// The request, all fields.
    pub request: Value,
    /// Fingerprint of request, data and engine.
    pub fingerprint: String,
    /// Engine that made it.
    pub engine_version: String,
    /// Digest of its steps; `None` while it has not ended.
    pub digest: Option<String>,
    /// Units of price in one (ticks) that the digest counts in.
    pub per_one: u32,
    /// Share of decisions done, 0 to 1.
    pub progress: f64,
    /// Decisions done.
    pub decisions_done: usize,
    /// Decisions in all.
    pub decisions_total: usize,
    /// Marks passed.
    pub marks_done: usize,
    /// One sentence each.
    pub warnings: Vec<String>,
    /// What the prices are and what the premium rests on; `None` in runs of builds before this line.
    #[serde(default)]
    pub evidence: Option<EvidenceLine>,
}

/// One variant of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitRecord {
    /// Its run.
    pub run: String,
    /// Its place in the request.
    pub unit: u32,
    /// Its name.
    pub name: String,
    /// Where it stood.
    pub state: UnitState,
    /// Why it failed, "Kind: message"; `None` otherwise.
    pub error: Option<String>,
    /// The last mark before it failed, ms UTC; `None` before the first, and where it did not fail.
    #[serde(default)]
    pub error_after: Option<i64>,
    /// Its exit style.
    pub style: String,
    /// Its figures by their names in the glossary.
    pub metrics: Value,
    /// What its premium rests on, one sentence; `None` in runs of builds before this line.
    #[serde(default)]
    pub evidence: Option<String>,
}

/// Rows of a variant from a mark on; `text` is JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChunkRecord {
    /// Its run.
    pub run: String,
    /// Its variant's place.
    pub unit: u32,
    /// Place of the first step.
    pub from: u32,
    /// How many there are.
    pub count: u32,
    /// Steps as [`super::steps`] writes them, or points of the equity: ms UTC, coin, USD, HODL coin, HODL USD.
    pub text: String,
}

/// Trades of a variant; `trades` is as `run` writes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradesRecord {
    /// Its run.
    pub run: String,
    /// Its variant's place.
    pub unit: u32,
    /// The trades; written once its run is over.
    pub trades: Value,
}

/// Where a run that is under way stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointRecord {
    /// Its run.
    pub run: String,
    /// The checkpoint; another build's may not be readable, and is then refused.
    pub checkpoint: Checkpoint,
}

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What happened.
    Info,
    /// What a person should know.
    Warning,
    /// What went wrong.
    Error,
}

impl Level {
    /// All levels, least first.
    pub const ALL: [Level; 3] = [Level::Info, Level::Warning, Level::Error];

    /// The word on screen.
    pub fn title(self) -> &'static str {
        match self {
            Level::Info => "Info",
            Level::Warning => "Warning",
            Level::Error => "Error",
        }
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// Its run; empty for the page's own lines.
    pub run: String,
    /// Its place, from 0.
    pub line: u32,
    /// When, ms UTC of the clock on the wall.
    pub time_ms: i64,
    /// How much it matters.
    pub level: Level,
    /// The variant's name; `None` for the whole run.
    pub variant: Option<String>,
    /// The mark, ISO UTC; `None` where it belongs to none.
    pub date: Option<String>,
    /// One sentence.
    pub message: String,
}

/// A pack's bytes, kept so that it need not be fetched again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackRecord {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Its dataset.
    pub dataset: String,
    /// When it was kept, ms UTC of the clock on the wall.
    pub used_ms: i64,
}

/// What a person chose, under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingRecord {
    /// The name.
    pub name: String,
    /// The choice.
    pub value: Value,
}

/// Writes a record as a row.
pub fn row<T: Serialize>(record: &T) -> Row {
    // records have text keys and finite numbers: writing them does not fail
    Row { fields: serde_json::to_value(record).unwrap_or_default(), bytes: None }
}

/// Reads a row of a table as a record, whatever build wrote it.
///
/// # Errors
/// [`StoreError::Corrupt`] with table, key and reason.
pub fn record<T: DeserializeOwned>(table: Table, row: Row) -> Result<T, StoreError> {
    let key = row.key(table).unwrap_or_default();
    let fields = if table == Table::Runs { upgraded(row.fields) } else { row.fields };
    json::of_value(&fields).map_err(|e| StoreError::Corrupt(format!("{} {key:?}: {e}", table.name())))
}

/// A run's fields in today's shape.
fn upgraded(mut fields: Value) -> Value {
    // schema 1 had no warnings, and called the share of decisions by the interface's name
    if fields["schema"] == 1
        && let Some(map) = fields.as_object_mut()
    {
        let progress = map.remove("progress_pct").unwrap_or_default();
        map.insert("progress".into(), progress);
        map.insert("warnings".into(), Value::Array(Vec::new()));
        map.insert("schema".into(), SCHEMA.into());
    }
    fields
}
