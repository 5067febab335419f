//! Entries of the browser's history: what their addresses say, and how far their pages were scrolled. The browser itself would scroll a
//! page that is not built yet, so `index.html` asks it to leave that to this.

use super::{page, task};
use js_sys::Array;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{History, Window};

/// Longest wait for a page to become as tall as it was, ms.
const MOST_MS: f64 = 5_000.0;
/// Time between two looks at it, ms.
const LOOK_MS: u32 = 30;

thread_local! {
    /// The fragment of the present entry, as it was last written or followed.
    static HERE: RefCell<String> = const { RefCell::new(String::new()) };
    /// How far the page is to be scrolled, and until when it may become tall enough; `None` where nobody waits for that.
    static DUE: Cell<Option<(f64, f64)>> = const { Cell::new(None) };
    /// The browser was asked to go back and is not there yet.
    static LEAVES: Cell<bool> = const { Cell::new(false) };
}

/// Hears the page's scrolling and presses for its life, and goes on where the page was before a reload.
pub fn hear() {
    HERE.set(page::fragment());
    super::observe::on_window(&["scrollend"], false, keep_scroll);
    super::observe::on_window(&["keydown", "pointerdown", "wheel"], false, || DUE.set(None));
    // Who has scrolled the first paint is ahead of this.
    if scrolled() == 0.0 {
        scroll_back();
    }
}

/// Follows the browser to another entry; false where that has the same address.
pub fn follow() -> bool {
    LEAVES.set(false);
    let fragment = page::fragment();
    let is_other = HERE.replace(fragment.clone()) != fragment;
    if is_other {
        scroll_back();
    }
    is_other
}

/// Writes the fragment, as a new entry of the history or in place of the present one.
pub fn set_fragment(text: &str, new_entry: bool) {
    if new_entry {
        keep_scroll();
        DUE.set(None);
    }
    write(Some(text), new_entry, false);
    HERE.set(page::fragment());
}

/// True where the present entry is of something that lies over the page, which Back takes away.
pub fn is_over() -> bool {
    kept().is_some_and(|(_, is_over)| is_over)
}

/// Adds an entry of the same address for what lies over the page now, unless the present one is it.
pub fn lay_over() {
    if !is_over() {
        keep_scroll();
        write(None, true, true);
    }
}

/// Goes back over the entry of what lies over the page; false where there is none, or where the browser was asked already and did not.
pub fn take_off() -> bool {
    is_over() && !LEAVES.replace(true) && window_and_history().is_some_and(|(_, history)| history.back().is_ok())
}

/// Keeps in the present entry how far its page is scrolled.
pub fn keep_scroll() {
    if DUE.get().is_none() {
        write(None, false, is_over());
    }
}

/// Scrolls to where the page of the present entry was left, once it is tall enough; who presses something meanwhile stays there.
fn scroll_back() {
    DUE.set(kept().map(|(y, _)| (y, task::now_ms() + MOST_MS)));
    keep_scroll();
    spawn_local(async {
        // What the address says is built first.
        task::next_turn().await;
        while let Some((y, until)) = DUE.get() {
            let is_there = !page::has("skeleton") && room() + 1.0 >= y;
            if is_there && let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, y);
            }
            if is_there || task::now_ms() > until {
                DUE.set(None);
            } else {
                task::sleep(LOOK_MS).await;
            }
        }
    });
}

/// How far the page can be scrolled.
fn room() -> f64 {
    let root = web_sys::window().and_then(|w| w.document()?.document_element());
    root.map_or(0.0, |root| f64::from(root.scroll_height() - root.client_height()))
}

fn scrolled() -> f64 {
    web_sys::window().and_then(|w| w.scroll_y().ok()).unwrap_or_default()
}

fn window_and_history() -> Option<(Window, History)> {
    let window = web_sys::window()?;
    let history = window.history().ok()?;
    Some((window, history))
}

/// What the present entry keeps beside its address: how far its page was scrolled, and whether it is of something that lies over it.
fn kept() -> Option<(f64, bool)> {
    let state: Array = window_and_history()?.1.state().ok()?.dyn_into().ok()?;
    Some((state.get(0).as_f64()?, state.get(1).is_truthy()))
}

/// Writes an entry, the present one or a new one; without a fragment its address stays the same.
fn write(fragment: Option<&str>, is_new: bool, is_over: bool) {
    let Some((window, history)) = window_and_history() else { return };
    let base = window.location().pathname().unwrap_or_default() + &window.location().search().unwrap_or_default();
    let url = fragment.map(|text| if text.is_empty() { base } else { format!("{base}#{text}") });
    let state = Array::of2(&scrolled().into(), &is_over.into());
    let written = if is_new {
        history.push_state_with_url(&state, "", url.as_deref())
    } else {
        history.replace_state_with_url(&state, "", url.as_deref())
    };
    // A browser that refuses (a file: address, too many writes) leaves the page as usable as before.
    drop(written);
}
