//! What the page shows, as plain values: numbers to text, the form's draft, table rows, curves and plot geometry.

pub mod api;
pub mod api_examples;
pub mod chain;
pub mod compare;
pub mod coverage;
pub mod curves;
pub mod datasets;
pub mod draft;
pub mod evidence;
pub mod example;
pub mod fields;
pub mod figures;
pub mod folder;
pub mod format;
pub mod grid;
mod groups;
pub mod hedges;
pub mod help;
pub mod inspect;
pub mod key_numbers;
pub mod keys;
pub mod lines;
pub mod loan;
pub mod loan_plot;
pub mod log;
pub mod plan;
pub mod plot;
pub mod route;
pub mod rows;
pub mod runs;
pub mod scenarios;
pub mod stages;

pub use curves::{Curves, Money, Outcome, Segment, UnitCurve};
pub use draft::{At, Draft, Problem};
pub use folder::Folder;
pub use route::{DataPlace, Route, Side};
