//! Fixed bits.
