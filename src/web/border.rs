//! The border to JavaScript: an object of the window whose methods give promises, and the values that cross.

use js_sys::{ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_wasm_bindgen::{Deserializer, Serializer};
use std::future::Future;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Blob;

/// An object that scripts call.
#[derive(Debug, Default)]
pub struct Interface(Object);

impl Interface {
    fn set(&self, name: &str, value: &JsValue) {
        // A plain object takes every property.
        drop(Reflect::set(&self.0, &name.into(), value));
    }

    /// A text property.
    pub fn constant(&self, name: &str, text: &str) {
        self.set(name, &text.into());
    }

    /// A method of at most two arguments; its promise is kept or broken by what `answer` gives.
    pub fn method<F>(&self, name: &str, answer: impl Fn(JsValue, JsValue) -> F + 'static)
    where
        F: Future<Output = Result<JsValue, JsValue>> + 'static,
    {
        let call = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(move |a, b| future_to_promise(answer(a, b)));
        self.set(name, &call.into_js_value());
    }

    /// Puts the object on the window for the life of the page.
    pub fn publish(self, name: &str) {
        if let Some(window) = web_sys::window() {
            drop(Reflect::set(&window, &name.into(), &Object::freeze(&self.0)));
        }
    }
}

/// A JSON value for JavaScript: plain objects, `null` for what is absent.
pub fn to_js(value: &Value) -> JsValue {
    // JSON has no value that JavaScript lacks
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

/// A JSON value from JavaScript; `undefined` is `null`.
///
/// # Errors
/// What JSON cannot hold.
pub fn of_js(value: JsValue) -> Result<Value, String> {
    Value::deserialize(Deserializer::from(value)).map_err(|e| e.to_string())
}

/// Bytes for JavaScript.
pub fn bytes_to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The bytes of a file, a blob, a buffer or a text; `None` for anything else, and for a file that cannot be read.
pub async fn bytes_of_js(value: JsValue) -> Option<Vec<u8>> {
    if let Some(text) = value.as_string() {
        return Some(text.into_bytes());
    }
    let value = match value.dyn_into::<Blob>() {
        Ok(blob) => JsFuture::from(blob.array_buffer()).await.ok()?,
        Err(value) => value,
    };
    match value.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => Some(Uint8Array::new(&buffer).to_vec()),
        Err(value) => value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec()),
    }
}
