//! Charts: canvas drawings of `display::curves`, at most one a frame.

mod calendar;
mod compare;
mod frame;
mod hands;
mod hero;
mod layout;
mod lines;
mod loan;
mod paint;
mod readout;
mod sheet;
mod still;
mod tools;
mod units;

pub use calendar::CoverageCalendar;
pub use compare::CompareChart;
pub use hero::{HeroChart, coin};
pub use lines::LineChart;
pub use loan::LoanChart;
pub use still::{Still, still};
pub use tools::{Save, TableSwitch};
pub use units::{AmountOrPercent, Currency};
