//! Pricing: known values, properties, fixed bits and outside values.

mod common;

#[path = "pricing/bits.rs"]
mod bits;
#[path = "pricing/known.rs"]
mod known;
#[path = "pricing/properties.rs"]
mod properties;
#[path = "pricing/smile.rs"]
mod smile;
#[path = "pricing/truth.rs"]
mod truth;
