//! Charts: canvas drawings of `display::curves`, at most one a frame.

mod hero;
mod layout;
mod paint;
mod readout;

pub use hero::HeroChart;
