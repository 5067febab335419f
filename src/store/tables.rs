//! The tables of a storage, their keys and what changes them.

use serde_json::Value;

/// Version of the layout: how many of [`UPGRADES`] a storage has had.
pub const LAYOUT: u32 = UPGRADES.len() as u32;

/// What each version added, oldest first; a storage of version n is brought up by those after the n-th.
pub const UPGRADES: [&[Table]; 2] = [
    &[Table::Runs, Table::Units, Table::Steps, Table::Trades, Table::Equity, Table::Checkpoints, Table::Settings],
    &[Table::Datasets, Table::Logs],
];

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// One row a run.
    Runs,
    /// One row a variant of a run.
    Units,
    /// Steps of a variant, one row a save.
    Steps,
    /// Trades of a variant, one row.
    Trades,
    /// Equity of a variant, one row a save.
    Equity,
    /// One row a run that is under way.
    Checkpoints,
    /// What a person chose.
    Settings,
    /// Packs by their hash.
    Datasets,
    /// What happened in a run, one row a line.
    Logs,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 9] = [
        Table::Runs,
        Table::Units,
        Table::Steps,
        Table::Trades,
        Table::Equity,
        Table::Checkpoints,
        Table::Settings,
        Table::Datasets,
        Table::Logs,
    ];
    /// Tables whose rows belong to a run and go with it.
    pub const OF_RUN: [Table; 7] =
        [Table::Runs, Table::Units, Table::Steps, Table::Trades, Table::Equity, Table::Checkpoints, Table::Logs];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Table::Runs => "runs",
            Table::Units => "units",
            Table::Steps => "steps",
            Table::Trades => "trades",
            Table::Equity => "equity",
            Table::Checkpoints => "checkpoints",
            Table::Settings => "settings",
            Table::Datasets => "datasets",
            Table::Logs => "logs",
        }
    }

    /// The table of a name; `None` where there is none.
    pub fn of_name(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The fields that make up a row's key.
    pub fn key_fields(self) -> &'static [&'static str] {
        match self {
            Table::Runs => &["id"],
            Table::Checkpoints => &["run"],
            Table::Units | Table::Trades => &["run", "unit"],
            Table::Steps | Table::Equity => &["run", "unit", "from"],
            Table::Settings => &["name"],
            Table::Datasets => &["sha256"],
            Table::Logs => &["run", "line"],
        }
    }

    /// Fields that a person may search by in the storage itself.
    pub fn indexes(self) -> &'static [&'static str] {
        match self {
            Table::Runs => &["state", "created_ms", "fingerprint"],
            _ => &[],
        }
    }
}

/// One part of a key; numbers come before texts, as in IndexedDB.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPart {
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
}

/// A key, or the beginning of one.
pub type Key = Vec<KeyPart>;

/// The key of a run's rows.
pub fn of_run(id: &str) -> Key {
    vec![KeyPart::Text(id.to_owned())]
}

/// One row: named fields, and bytes where it carries a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its fields; an object that holds the key's fields.
    pub fields: Value,
    /// The file's bytes; `None` in all tables but the datasets.
    pub bytes: Option<Vec<u8>>,
}

impl Row {
    /// The row's key in a table; `None` where a field of it is missing.
    pub fn key(&self, table: Table) -> Option<Key> {
        let part = |field: &&str| match &self.fields[*field] {
            Value::String(text) => Some(KeyPart::Text(text.clone())),
            Value::Number(number) => number.as_u64().or_else(|| number.as_f64().map(|f| f as u64)).map(KeyPart::Number),
            _ => None,
        };
        table.key_fields().iter().map(part).collect()
    }
}

/// One change of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Writes a row, in place of one of the same key.
    Put(Table, Row),
    /// Removes every row whose key begins with this.
    Remove(Table, Key),
}
