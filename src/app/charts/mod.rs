//! Charts: canvas drawings of `display::curves`, at most one a frame.

mod compare;
mod frame;
mod hero;
mod layout;
mod loan;
mod paint;
mod readout;
mod units;

pub use compare::CompareChart;
pub use hero::HeroChart;
pub use loan::LoanChart;
