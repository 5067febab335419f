//! The Data page's parts: the list, a dataset's facts, its calendar and spreads, the browser, the calibration.

mod board;
mod browser;
mod calibration;
mod coverage;
mod dataset;
mod heat;
mod list;

pub use browser::{Browser, MonthWords};
pub use calibration::Calibration;
pub use coverage::{CoverageCard, ReadAll};
pub use dataset::DatasetHead;
pub use heat::HeatTable;
pub use list::DatasetList;
