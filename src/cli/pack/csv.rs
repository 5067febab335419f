//! `pack csv`.
