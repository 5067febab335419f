//! The service worker that keeps one build of the page whole, and the next build that waits for its turn.

use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

/// What the page says to a build that waits.
const TAKE_OVER: &str = "take-over";

/// Where the built page names its service worker; `None` in a build that is not kept, and in browsers without them.
fn worker() -> Option<(ServiceWorkerContainer, String)> {
    let window = web_sys::window()?;
    let script = window.document()?.query_selector("meta[name=offline]").ok()??.get_attribute("content")?;
    // Without a secure context there is no container, whatever the declared type says.
    let navigator = window.navigator();
    let container = js_sys::Reflect::get(&navigator, &"serviceWorker".into()).ok()?.dyn_into().ok()?;
    Some((container, script))
}

/// Keeps the page for use without a network, and tells of a newer build once it is there whole.
pub async fn keep(newer: impl Fn() + 'static) {
    let Some((container, script)) = worker() else { return };
    let Ok(registration) = JsFuture::from(container.register(&script)).await else { return };
    // A browser or a test that blocks them answers with nothing at all.
    let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else { return };
    let newer: Rc<dyn Fn()> = Rc::new(newer);
    // Another tab put a newer build in charge: this one must not mix its own files with those.
    if container.controller().is_some() {
        let newer = newer.clone();
        container
            .set_oncontrollerchange(Some(Closure::<dyn FnMut()>::new(move || newer()).into_js_value().unchecked_ref()));
    }
    // The first build that is kept is the one on screen: only one beside a build that is in charge is newer.
    if registration.waiting().is_some() && container.controller().is_some() {
        newer();
    }
    let found = {
        let registration = registration.clone();
        move || {
            if let Some(coming) = registration.installing() {
                follow(&coming, &container, newer.clone());
            }
        }
    };
    registration.set_onupdatefound(Some(Closure::<dyn FnMut()>::new(found).into_js_value().unchecked_ref()));
}

fn follow(coming: &ServiceWorker, container: &ServiceWorkerContainer, newer: Rc<dyn Fn()>) {
    let (worker, container) = (coming.clone(), container.clone());
    let changed = move || {
        if worker.state() == ServiceWorkerState::Installed && container.controller().is_some() {
            newer();
        }
    };
    coming.set_onstatechange(Some(Closure::<dyn FnMut()>::new(changed).into_js_value().unchecked_ref()));
}

/// Puts the build that waits in charge and loads the page anew from it.
pub async fn take_over() {
    let Some((container, _)) = worker() else { return };
    let reload = || {
        if let Some(window) = web_sys::window() {
            // a page that cannot reload itself goes on as it was
            drop(window.location().reload());
        }
    };
    container.set_oncontrollerchange(Some(Closure::once_into_js(reload).unchecked_ref()));
    let Ok(registration) = JsFuture::from(container.get_registration()).await else { return };
    match registration.dyn_into::<ServiceWorkerRegistration>().ok().and_then(|registration| registration.waiting()) {
        // a worker that went meanwhile needs no word
        Some(waiting) => drop(waiting.post_message(&TAKE_OVER.into())),
        None => reload(),
    }
}
