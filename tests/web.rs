//! The core in a browser: the same answers as natively.
#![cfg(target_arch = "wasm32")]

use chainwalk::units::{Day, Timestamp};
use chainwalk::web::task::{give_way, note_press};
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

/// Counts the frames from the first call on.
fn frames() -> f64 {
    let count = "if (!('counted' in window)) {
            window.counted = 0;
            const next = () => { window.counted += 1; requestAnimationFrame(next); };
            requestAnimationFrame(next);
        }
        return window.counted;";
    let counted = js_sys::Function::new_no_args(count).call0(&wasm_bindgen::JsValue::UNDEFINED);
    counted.expect("it runs").as_f64().expect("a count")
}

#[wasm_bindgen_test]
async fn work_of_many_pieces_waits_until_a_press_is_painted() {
    frames();
    note_press();
    let pressed = frames();
    give_way().await;
    assert!(frames() - pressed >= 2.0, "its frame has begun and the next one, too");
    // a key that is held presses again and again: the work goes on
    for _ in 0..3 {
        note_press();
        give_way().await;
    }
    let calm = frames();
    for _ in 0..50 {
        give_way().await;
    }
    assert!(frames() - calm < 50.0, "without a press nothing waits for a frame");
}
