//! The pinned digests, natively; `tests/web.rs` checks the same ones in a browser.
#![cfg(not(target_arch = "wasm32"))]

mod parity_cases;

#[test]
fn pinned_digests() {
    parity_cases::check();
}
