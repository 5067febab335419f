//! What to trade and when: structures, candidates with refusal reasons, the score, entry filters, exits.

pub mod config;

pub use config::{Cover, EntryFilters, ExitRules, ExitStyle, Scan, ScoreProfile, ScoreWeights, Selection, Structure, Variant};
