//! What to trade and when: structures, candidates with refusal reasons, the score, entry filters, exits.

pub mod candidates;
pub mod config;
pub mod entry;
pub mod exits;
pub mod hedge;
pub mod refusal;
pub mod score;
pub mod templates;

pub use candidates::{Candidate, Inspected, ScanRules, ScanView, Scanned, inspect, scan};
pub use config::{
    Cover, EntryFilters, ExitRules, ExitStyle, Scan, ScoreProfile, ScoreWeights, Selection, Structure, Variant,
};
pub use entry::{EntryBlock, entry_block};
pub use exits::{Trigger, exit_trigger};
pub use hedge::{Hedge, HedgeKind, HedgeLeg, HedgePlan, HedgeView, PlannedLeg};
pub use refusal::{Refusal, ScanCounts};
pub use score::{ScoreInput, ScoreTerms, Scorer};
pub use templates::{Template, templates};
