//! The core in a browser: the same answers as natively.
#![cfg(target_arch = "wasm32")]

use chainwalk::units::{Day, Timestamp};
use chainwalk::web::observe::note_presses;
use chainwalk::web::task::{give_way, now_ms};
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
    js(count).as_f64().expect("a count")
}

/// What a piece of JavaScript returns.
fn js(code: &str) -> wasm_bindgen::JsValue {
    js_sys::Function::new_no_args(code).call0(&wasm_bindgen::JsValue::UNDEFINED).expect("it runs")
}

#[wasm_bindgen_test]
async fn work_of_many_pieces_waits_until_a_press_is_painted() {
    note_presses();
    frames();
    js("window.dispatchEvent(new Event('keydown'))");
    let (pressed, begun) = (frames(), now_ms());
    give_way().await;
    // its frame has begun, and the next one, too; a machine that is too busy for frames is not waited for
    assert!(frames() - pressed >= 2.0 || now_ms() - begun >= 150.0);
    // a key that is held presses again and again: the work goes on
    js("window.held = setInterval(() => window.dispatchEvent(new Event('keydown')), 4)");
    let begun = now_ms();
    for _ in 0..3 {
        give_way().await;
    }
    js("clearInterval(window.held)");
    assert!(now_ms() - begun < 3.0 * 2.0 * 150.0 + 500.0, "three pieces are done in {} ms", now_ms() - begun);
    give_way().await;
    let calm = frames();
    for _ in 0..50 {
        give_way().await;
    }
    assert!(frames() - calm < 50.0, "without a press nothing waits for a frame");
}
