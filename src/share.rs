//! Links: a versioned URL fragment that carries a whole request.
//!
//! `#r1=` is followed by the request's differences from its dataset's defaults, as JSON in base64url without padding.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// What a fragment of this version begins with.
const PREFIX: &str = "r1=";
/// Longest fragment that is read, characters.
const LONGEST: usize = 16_384;

/// Why a link is not read: one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No fragment of a known form.
    #[error("the link carries no request: expected #r1=...")]
    NoRequest,
    /// A version that this build does not know.
    #[error("the link is of version {0}, made by a newer chainwalk; this one reads version 1")]
    Version(String),
    /// Longer than is read.
    #[error("the link has {0} characters, more than {LONGEST}")]
    TooLong(usize),
    /// Not base64url, not UTF-8 or not a JSON object: cut off or changed on the way.
    #[error("the link is damaged: {0}")]
    Damaged(String),
}

/// The parts of `request` that differ from `base`; an array of objects is compared item by item with the base's first.
pub fn differences(request: &Value, base: &Value) -> Value {
    match (request, base) {
        (Value::Object(request), Value::Object(base)) => {
            let mut different = Map::new();
            for (key, value) in request {
                match base.get(key) {
                    Some(same) if same == value => {}
                    Some(other) => drop(different.insert(key.clone(), differences(value, other))),
                    None => drop(different.insert(key.clone(), value.clone())),
                }
            }
            Value::Object(different)
        }
        (Value::Array(items), Value::Array(base)) if base.first().is_some_and(Value::is_object) => {
            Value::Array(items.iter().map(|item| differences(item, &base[0])).collect())
        }
        (request, _) => request.clone(),
    }
}

/// The fragment of what is written of a request, without the `#`.
pub fn encode(written: &Value) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(written.to_string()))
}

/// Reads a fragment, with or without its `#`: what is written of a request.
///
/// # Errors
/// One sentence that says what is wrong with the link.
pub fn decode(fragment: &str) -> Result<Value, LinkError> {
    let fragment = fragment.trim().trim_start_matches('#');
    if fragment.len() > LONGEST {
        return Err(LinkError::TooLong(fragment.len()));
    }
    let Some(payload) = fragment.strip_prefix(PREFIX) else {
        let version = fragment.split_once('=').map(|(name, _)| name).and_then(|name| name.strip_prefix('r'));
        return Err(match version.filter(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit())) {
            Some(version) => LinkError::Version(version.to_owned()),
            None => LinkError::NoRequest,
        });
    };
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| damaged("its letters are not base64url"))?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| damaged("it does not hold JSON"))?;
    if value.is_object() { Ok(value) } else { Err(damaged("it does not hold a request")) }
}

fn damaged(what: &str) -> LinkError {
    LinkError::Damaged(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_round_trip() {
        let written = json!({"start": "2026-02-01", "variants": [{"target_delta": 0.3}, {"name": "B"}]});
        assert_eq!(decode(&format!("#{}", encode(&written))), Ok(written));
    }

    #[test]
    fn a_stored_link_stays_readable() {
        let stored = "#r1=eyJleGl0X3N0eWxlIjoidHBfYW5kX3JvbGwifQ";
        assert_eq!(decode(stored), Ok(json!({"exit_style": "tp_and_roll"})));
    }

    #[test]
    fn bad_links_explain_themselves() {
        for (link, sentence) in [
            ("", "the link carries no request: expected #r1=..."),
            ("#foo", "the link carries no request: expected #r1=..."),
            ("#r7=abc", "the link is of version 7, made by a newer chainwalk; this one reads version 1"),
            ("#r1=!!", "the link is damaged: its letters are not base64url"),
            ("#r1=eyJh", "the link is damaged: it does not hold JSON"),
            ("#r1=MQ", "the link is damaged: it does not hold a request"),
        ] {
            assert_eq!(decode(link).expect_err(link).to_string(), sentence);
        }
        assert_eq!(decode(&"x".repeat(20_000)), Err(LinkError::TooLong(20_000)));
    }

    #[test]
    fn differences_are_all_that_is_kept() {
        let base = json!({"a": 1, "o": {"x": 1, "y": 2}, "v": [{"n": "A", "k": 1}]});
        let request = json!({"a": 1, "o": {"x": 1, "y": 3}, "v": [{"n": "A", "k": 2}, {"n": "B", "k": 1}]});
        assert_eq!(differences(&request, &base), json!({"o": {"y": 3}, "v": [{"k": 2}, {"n": "B"}]}));
        assert_eq!(differences(&base, &base), json!({}));
    }
}
