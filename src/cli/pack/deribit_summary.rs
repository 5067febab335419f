//! `pack deribit-summary`.
