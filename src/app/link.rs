//! The address's fragment: which request it carries.

use serde_json::Value;

/// The fragment of a request; empty for the empty request.
pub fn fragment_of(written: &Value) -> String {
    if written.as_object().is_some_and(serde_json::Map::is_empty) { String::new() } else { share::encode(written) }
}

/// The request of a fragment; an empty one is the empty request.
///
/// # Errors
/// Why the fragment cannot be read, one sentence.
pub fn request_of(fragment: &str) -> Result<Value, String> {
    if fragment.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    share::decode(fragment).map_err(|e| format!("{e}."))
}

mod share {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::Value;

    pub fn encode(written: &Value) -> String {
        format!("r1={}", URL_SAFE_NO_PAD.encode(written.to_string()))
    }

    pub fn decode(fragment: &str) -> Result<Value, String> {
        let coded = fragment.strip_prefix("r1=").ok_or("it is no link of this version")?;
        let bytes = URL_SAFE_NO_PAD.decode(coded).map_err(|_| "it is damaged")?;
        serde_json::from_slice(&bytes).map_err(|_| "it is damaged".to_owned())
    }
}
