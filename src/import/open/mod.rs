//! Opening one's own files in the page: what they are, what must be said of them before they are read, and what came of it.
//!
//! The page shows and sends texts; all that knows a format is here and runs in the page's worker.

mod csv_form;
pub mod folder;
mod form;
mod recognise;
mod series_form;
mod sift;
mod summary;
mod values;

pub use form::{Taken, look, plan};
pub use recognise::{Kind, recognise};
pub use sift::{MOST_FILES, sift};
pub use summary::summary;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of what the page and the worker say to one another; files of two builds in one cache are told apart by it.
pub const PROTOCOL: u32 = 1;
/// Bytes of a file that are looked at, as read: enough for a guess.
pub const HEAD_BYTES: usize = 1 << 19;

/// The beginning of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// The whole file's size, bytes.
    pub size: u64,
    /// Its first bytes, out of gzip where the name ends so.
    pub bytes: Vec<u8>,
}

/// What the fields of a form say, by key.
pub type Values = BTreeMap<String, String>;

/// What the page asks of the worker; files go beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// What are these files?
    Look {
        /// Ids of datasets that are there.
        taken: Vec<String>,
    },
    /// Import them.
    Import {
        /// What the form says.
        values: Values,
        /// Ids of datasets that are there.
        taken: Vec<String>,
    },
    /// Put files into one archive under these names.
    Zip {
        /// The names.
        names: Vec<String>,
    },
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    /// It listens, and speaks this version.
    Ready(u32),
    /// What the files are.
    Found(Form),
    /// What the form must still say.
    Problems(Vec<Problem>),
    /// How far an import is.
    Progress(Progress),
    /// The import is done; the packs go beside it in the catalog's order.
    Done(Done),
    /// The archive goes beside it.
    Zipped,
    /// Nothing came of it, one sentence each.
    Failed(Vec<String>),
}

/// What was recognised, and what an import needs to know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The format, in words.
    pub format: String,
    /// The files that belong to it, in words.
    pub files: String,
    /// What is to be known of the format, and what was guessed: sentences.
    pub notes: Vec<String>,
    /// Files that are left out, one sentence each.
    pub refused: Vec<String>,
    /// The fields; none where the files say everything.
    pub fields: Vec<Field>,
    /// The first rows, the first of them the columns' names.
    pub preview: Vec<Vec<String>>,
}

/// A field of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// The heading it stands under.
    pub section: String,
    /// Its label.
    pub label: String,
    /// A sentence below it.
    pub help: String,
    /// What it says at first.
    pub value: String,
    /// An import needs it.
    pub required: bool,
    /// Value and words of each choice; none of a text.
    pub choices: Vec<(String, String)>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field.
    pub key: String,
    /// One sentence.
    pub text: String,
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes that were read, as the files have them.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Lines that were read.
    pub rows: u64,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// `catalog.json` of the datasets.
    pub catalog: String,
    /// What was kept and dropped, and what is in it.
    pub parts: Vec<Part>,
}

/// One part of a summary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// Names with their figures.
    pub rows: Vec<(String, String)>,
    /// Sentences.
    pub lines: Vec<String>,
}
