//! The address's fragment: which request it carries.

use crate::share::{self, Link};
use serde_json::{Map, Value};

/// The fragment of a request; empty for the empty request.
pub fn fragment_of(written: &Value) -> String {
    if written.as_object().is_some_and(Map::is_empty) {
        String::new()
    } else {
        share::encode(&Link { written: written.clone(), claim: None })
    }
}

/// The link of a fragment; an empty one is the empty request.
///
/// # Errors
/// Why the fragment cannot be read, one sentence.
pub fn link_of(fragment: &str) -> Result<Link, String> {
    if fragment.is_empty() {
        return Ok(Link { written: Value::Object(Map::new()), claim: None });
    }
    share::decode(fragment).map_err(|e| format!("{e}."))
}
