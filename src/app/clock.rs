//! The visitor's own clock, beside the page's UTC.

use crate::display::format;
use crate::units::Timestamp;
use crate::web::page;

/// An instant, ms UTC, by the visitor's clock, `01:00 on 1 Jul your time`; empty where that is UTC.
pub fn your_time(at: i64) -> String {
    format::your_time(Timestamp(at), page::minutes_ahead(at))
}
