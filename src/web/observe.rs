//! What the browser tells: sizes, theme, address.

use super::task;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, MediaQueryList, ResizeObserver};

/// Watches an element's size until it is dropped.
pub struct Resize {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Resize {
    /// Calls `heard` now and whenever the element's size changes; `None` where the browser cannot tell.
    pub fn watch(element: &Element, heard: impl FnMut() + 'static) -> Option<Resize> {
        let callback = Closure::<dyn FnMut()>::new(heard);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Resize { observer, _callback: callback })
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `heard` when the system's theme changes, for the life of the page.
pub fn on_system_theme(heard: impl FnMut() + 'static) {
    let query: Option<MediaQueryList> =
        web_sys::window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten());
    if let Some(query) = query {
        let callback = Closure::<dyn FnMut()>::new(heard);
        query.set_onchange(Some(callback.as_ref().unchecked_ref()));
        callback.forget();
    }
}

/// Calls `heard` when the page is hidden or left, for its life.
pub fn on_hide(heard: impl FnMut() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let callback = Closure::<dyn FnMut()>::new(heard);
    let listener = callback.as_ref().unchecked_ref();
    // A browser without these events saves by its clock alone.
    drop(window.add_event_listener_with_callback("pagehide", listener));
    if let Some(document) = window.document() {
        drop(document.add_event_listener_with_callback("visibilitychange", listener));
    }
    callback.forget();
}

/// Calls `heard` at the first movement, press, key or scroll of whoever sits before the page.
pub fn on_presence(heard: impl FnOnce() + 'static) {
    let mut heard = Some(heard);
    let events = ["pointermove", "pointerdown", "keydown", "wheel", "scroll"];
    on_window(&events, true, move || {
        if let Some(heard) = heard.take() {
            heard();
        }
    });
}

/// Lets work of many pieces wait from now on until what the visitor presses is seen; see [`super::task::give_way`].
pub fn note_presses() {
    on_window(&["pointerdown", "pointerup", "keydown", "keyup", "click"], false, task::note_press);
}

/// Calls `heard` at events of the window, each once or for the life of the page; it cannot refuse them.
pub fn on_window(events: &[&str], is_once: bool, heard: impl FnMut() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let callback = Closure::<dyn FnMut()>::new(heard);
    let options = web_sys::AddEventListenerOptions::new();
    options.set_once(is_once);
    options.set_passive(true);
    for event in events {
        let listener = callback.as_ref().unchecked_ref();
        // without one of them the others are heard
        drop(window.add_event_listener_with_callback_and_add_event_listener_options(event, listener, &options));
    }
    callback.forget();
}

/// Calls `heard` when the address changes by back, forward or hand, for the life of the page.
pub fn on_address(heard: impl FnMut() + 'static) {
    if let Some(window) = web_sys::window() {
        let callback = Closure::<dyn FnMut()>::new(heard);
        window.set_onpopstate(Some(callback.as_ref().unchecked_ref()));
        callback.forget();
    }
}
