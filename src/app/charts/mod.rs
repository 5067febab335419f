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
mod tools;
mod units;
mod years;

pub use calendar::CoverageCalendar;
pub use compare::CompareChart;
pub use hero::{HeroChart, coin};
pub use lines::LineChart;
pub use loan::LoanChart;
pub use tools::{Save, TableSwitch};
pub use units::{AmountOrPercent, Currency};
pub use years::years_chart;
