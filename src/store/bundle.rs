//! A run as a file: everything that is kept of it, to be taken elsewhere and read back.

use super::archive::Archive;
use super::records::{ChunkRecord, RunRecord, record};
use super::steps::read_steps;
use super::tables::{Change, Row, Table};
use super::zip::stored;
use super::{RunStore, StoreError};
use crate::digest::RunDigest;
use crate::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Version of the file's form.
const FORM: u32 = 1;

/// A run as a file, JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// Version of its form; 1.
    pub chainwalk_run: u32,
    /// Rows by the name of their table.
    pub tables: BTreeMap<String, Vec<Value>>,
}

/// Why a file is not a run; one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not such a file.
    #[error("this file is not a run that chainwalk exported: {0}")]
    Unreadable(String),
    /// A newer form.
    #[error("this file has form {0}, and this chainwalk reads form {FORM}: use a newer one")]
    Newer(u32),
    /// The steps do not give the digest that the file says.
    #[error("this file was changed: its steps give the digest {found}…, and it says {said}…")]
    Changed {
        /// First digits of what the steps give.
        found: String,
        /// First digits of what it says.
        said: String,
    },
    /// The storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bundle {
    /// Reads a file: a run's JSON, or the archive that it is exported in.
    ///
    /// # Errors
    /// Why it is not a run.
    pub fn parse(bytes: &[u8]) -> Result<Bundle, BundleError> {
        if bytes.starts_with(b"PK") {
            let inside = stored(bytes, ".json").filter(|inside| !inside.starts_with(b"PK"));
            let refusal =
                || BundleError::Unreadable("it is a zip without a stored run; import the .json file in it".into());
            return Bundle::parse(&inside.ok_or_else(refusal)?);
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|e| BundleError::Unreadable(e.to_string()))?;
        match value["chainwalk_run"].as_u64() {
            Some(form) if form == u64::from(FORM) => {}
            Some(form) => return Err(BundleError::Newer(form as u32)),
            None => return Err(BundleError::Unreadable("it has no field chainwalk_run".into())),
        }
        json::of_text(bytes).map_err(|e| BundleError::Unreadable(e.to_string()))
    }

    fn rows(&self, table: Table) -> impl Iterator<Item = Row> + '_ {
        let rows = self.tables.get(table.name()).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|fields| Row { fields: fields.clone(), bytes: None })
    }

    /// The run in it.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn run(&self) -> Result<RunRecord, BundleError> {
        let row = self.rows(Table::Runs).next();
        Ok(record(Table::Runs, row.ok_or_else(|| BundleError::Unreadable("it holds no run".into()))?)?)
    }

    /// Computes the digest of its steps anew and compares.
    fn check(&self, run: &RunRecord) -> Result<(), BundleError> {
        let mut steps = vec![Vec::new(); run.variants.len()];
        for row in self.rows(Table::Steps) {
            let chunk: ChunkRecord = record(Table::Steps, row)?;
            let unit = steps.get_mut(chunk.unit as usize);
            let unit = unit.ok_or_else(|| BundleError::Unreadable(format!("it has no variant {}", chunk.unit)))?;
            unit.extend(read_steps(&chunk.text).map_err(BundleError::Unreadable)?);
        }
        let mut states = vec![None; steps.len()];
        for row in self.rows(Table::Units) {
            let unit: super::UnitRecord = record(Table::Units, row)?;
            if let Some(state) = states.get_mut(unit.unit as usize) {
                *state = Some(unit.state);
            }
        }
        let mut digest = RunDigest::default();
        for (place, (steps, state)) in steps.iter().zip(states).enumerate() {
            let state = state.ok_or_else(|| BundleError::Unreadable(format!("it has no variant {place}")))?;
            digest.variant(steps, run.per_one, state as u8);
        }
        let (found, said) = (digest.finish(), run.digest.clone().unwrap_or_default());
        let head = |digest: &str| digest.chars().take(12).collect();
        if found == said { Ok(()) } else { Err(BundleError::Changed { found: head(&found), said: head(&said) }) }
    }
}

impl<S: RunStore> Archive<S> {
    /// A kept run as a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the storage's.
    pub async fn export(&self, id: &str) -> Result<Bundle, StoreError> {
        self.find(id).await?;
        let mut tables: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (table, row) in self.rows(id).await? {
            tables.entry(table.name().into()).or_default().push(row.fields);
        }
        Ok(Bundle { chainwalk_run: FORM, tables })
    }

    /// Keeps the run of a file; the name under which it is kept, `fresh_id` where its own is taken by another.
    ///
    /// # Errors
    /// The file was changed or cannot be read, or the storage fails.
    pub async fn import(&self, bundle: &Bundle, fresh_id: &str) -> Result<String, BundleError> {
        let run = bundle.run()?;
        if !run.state.is_final() {
            return Err(BundleError::Unreadable("its run has not ended".into()));
        }
        bundle.check(&run)?;
        let id = match self.find(&run.id).await {
            Ok(kept) if kept.run.digest == run.digest => return Ok(run.id),
            Ok(_) => fresh_id.to_owned(),
            Err(StoreError::NotFound(_)) => run.id.clone(),
            Err(other) => return Err(other.into()),
        };
        let mut changes = Vec::new();
        for table in Table::OF_RUN.into_iter().filter(|table| *table != Table::Checkpoints) {
            for mut row in bundle.rows(table) {
                row.fields[table.key_fields()[0]] = id.clone().into();
                changes.push(Change::Put(table, row));
            }
        }
        self.store().write(changes).await?;
        if let Some(label) =
            bundle.rows(Table::Settings).next().and_then(|row| row.fields["value"].as_str().map(str::to_owned))
        {
            self.label(&id, &label).await?;
        }
        Ok(id)
    }
}
