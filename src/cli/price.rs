//! `price`.
