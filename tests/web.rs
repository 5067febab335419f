//! The core in a browser: the same answers as natively.
#![cfg(target_arch = "wasm32")]

use chainwalk::units::{Day, Timestamp};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn instants_print_as_they_do_natively() {
    let expiry = Day::parse("2026-01-02").expect("a date").start().plus_ms(8 * 3_600_000);
    assert_eq!(expiry.iso(), "2026-01-02T08:00:00Z");
    assert_eq!(Timestamp(-1).iso(), "1969-12-31T23:59:59.999Z");
}

mod parity_cases;

#[wasm_bindgen_test]
fn pinned_digests() {
    parity_cases::check();
}
