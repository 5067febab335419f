//! A worker: another program of the site, which is told and tells texts with blobs beside them.

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Event, MessageEvent};

/// What comes from a worker.
#[derive(Debug)]
pub enum Heard {
    /// A text, and blobs beside it.
    Said(String, Vec<Blob>),
    /// It could not be loaded, or broke off.
    Broken,
}

/// A worker under way; it ends when this is dropped.
pub struct Worker {
    worker: web_sys::Worker,
    _said: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(Event)>,
}

impl Worker {
    /// Starts the program of a script, an address relative to the page; `None` where the browser gives no workers.
    pub fn start(script: &str, heard: impl Fn(Heard) + Clone + 'static) -> Option<Worker> {
        let worker = web_sys::Worker::new(script).ok()?;
        let hear = heard.clone();
        let said = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let parts = Array::from(&event.data());
            let blobs = parts.iter().skip(1).filter_map(|blob| blob.dyn_into().ok()).collect();
            hear(Heard::Said(parts.get(0).as_string().unwrap_or_default(), blobs));
        });
        let broken = Closure::<dyn FnMut(Event)>::new(move |_| heard(Heard::Broken));
        worker.set_onmessage(Some(said.as_ref().unchecked_ref()));
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Some(Worker { worker, _said: said, _broken: broken })
    }

    /// Tells it a text with blobs or files beside it.
    pub fn tell(&self, text: &str, beside: &[Blob]) {
        let message = Array::of1(&JsValue::from_str(text));
        for blob in beside {
            message.push(blob);
        }
        // Texts and blobs can always be sent.
        drop(self.worker.post_message(&message));
    }
}

impl Worker {
    /// Ends it at once: nothing of it is heard any more.
    pub fn end(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}
