//! What the page shows, as plain values: numbers to text, the form's draft, table rows, curves and plot geometry.

pub mod api;
pub mod api_examples;
pub mod compare;
pub mod curves;
pub mod draft;
pub mod example;
pub mod fields;
pub mod figures;
pub mod folder;
pub mod format;
pub mod grid;
pub mod help;
pub mod inspect;
pub mod key_numbers;
pub mod log;
pub mod plot;
pub mod route;
pub mod rows;
pub mod runs;

pub use curves::{Curves, Money, Outcome, Segment, UnitCurve};
pub use draft::{At, Draft, Problem};
pub use folder::Folder;
pub use route::{Route, Side};
