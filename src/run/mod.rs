//! A run: one request, one dataset, its variants stepped together over the same snapshots.

pub mod request;
pub mod resolve;
pub mod state;

pub use request::{RunRequest, Timeframe};
pub use resolve::{Remedy, RequestError, Resolved, resolve};
pub use state::{Command, IllegalCommand, RunState, UnitState};
