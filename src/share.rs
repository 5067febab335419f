//! Links: a versioned URL fragment that carries a whole request, and what came of it.
//!
//! `#r1=` is followed by the request's differences from its dataset's defaults, `#r2=` by the same with a [`Claim`]; both
//! are JSON in base64url without padding.

use crate::digest::sha256_hex;
use crate::json;
use crate::market::DataKind;
use crate::metrics::evidence::OLD_HOURS;
use crate::run::{ENGINE_VERSION, Run, RunState};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the fragment of a bare request begins with.
const REQUEST: &str = "r1=";
/// What the fragment of a request with its result begins with.
const RESULT: &str = "r2=";
/// Longest fragment that is read, characters.
const LONGEST: usize = 16_384;
/// Bytes of a hash that a link keeps.
const HASH_BYTES: usize = 16;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What is written of the request.
    pub written: Value,
    /// What came of it; `None` where the link is of a request alone.
    pub claim: Option<Claim>,
}

/// What its sender saw come of a request. Hashes are SHA-256, their first 16 bytes in base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Hash of the packs that were used.
    #[serde(rename = "d")]
    pub data: String,
    /// Version of the engine.
    #[serde(rename = "e")]
    pub engine: String,
    /// Digest of the result.
    #[serde(rename = "g")]
    pub digest: String,
    /// What its premium rests on; `None` in links of builds before it.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
}

/// What the sender's premium rests on: kind of prices, and of the premium traded the percent from two-sided quotes and from
/// snapshots older than [`OLD_HOURS`], rounded; both `None` where nothing was traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices(pub DataKind, pub Option<u8>, pub Option<u8>);

impl Prices {
    fn of(run: &Run) -> Prices {
        let evidence = run.evidence();
        let percent = |part: f64| evidence.share(part).map(|share| (100.0 * share).round() as u8);
        Prices(run.resolved().dataset.kind, percent(evidence.two_sided), percent(evidence.old))
    }

    fn is_sound(&self) -> bool {
        [self.1, self.2].into_iter().flatten().all(|percent| percent <= 100)
    }
}

impl std::fmt::Display for Prices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Prices(kind, two_sided, old) = self;
        write!(f, "{} prices", kind.word())?;
        match (two_sided, old) {
            (Some(two_sided), Some(old)) => {
                write!(f, ", {two_sided} % of premium two-sided, {old} % older than {OLD_HOURS} h")
            }
            _ => f.write_str(", no premium traded"),
        }
    }
}

impl Claim {
    /// What is claimed of a run that ended.
    pub fn of(run: &Run) -> Claim {
        Claim {
            data: short(&sha256_hex(run.pack_hashes().as_bytes())),
            engine: ENGINE_VERSION.into(),
            digest: short(&run.digest()),
            prices: Some(Prices::of(run)),
        }
    }

    /// How a run here differs from the claim, one sentence each; empty where it is verified.
    ///
    /// The same digest is the same result, whatever else moved.
    pub fn differences(&self, run: &Run) -> Vec<String> {
        let here = Claim::of(run);
        if here.digest == self.digest {
            return Vec::new();
        }
        let mut moved = Vec::new();
        if here.engine != self.engine {
            moved.push(format!("engine {} here, {} in the link", here.engine, self.engine));
        }
        if here.data != self.data {
            moved.push(format!("dataset changed: {}… here, {}… in the link", head(&here.data), head(&self.data)));
        }
        if moved.is_empty() {
            moved.push("the settings in the link were changed after the result was computed".into());
        }
        moved.push(format!("digest {}… here, {}… in the link", hex_head(&here.digest), hex_head(&self.digest)));
        moved
    }

    fn is_sound(&self) -> bool {
        let hash = |text: &str| URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == HASH_BYTES);
        let version = self.engine.len() <= 32 && self.engine.bytes().all(|b| b.is_ascii_graphic());
        let prices = self.prices.is_none_or(|prices| prices.is_sound());
        hash(&self.data) && hash(&self.digest) && version && prices
    }
}

/// The first bytes of a hash in hexadecimal digits.
fn short(hex: &str) -> String {
    let byte = |i: usize| hex.get(2 * i..2 * i + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    URL_SAFE_NO_PAD.encode((0..HASH_BYTES).filter_map(byte).collect::<Vec<u8>>())
}

fn head(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

/// The first digits of a digest, as the page writes it; the text's own where it is none.
fn hex_head(digest: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(digest).unwrap_or_default();
    let hex: String = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    if hex.is_empty() { head(digest).to_owned() } else { hex }
}

/// Why a link is not read: one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No fragment of a known form.
    #[error("the link carries no request: expected #r1=...")]
    NoRequest,
    /// A version that this build does not know.
    #[error("the link is of version {0}, made by a newer chainwalk; this one reads versions 1 and 2")]
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

/// An address that opens a request, with what came of it where its run is given and whole.
///
/// `site` is the page's address without a fragment; empty, the address is the fragment alone.
pub fn address(site: &str, written: Value, run: Option<&Run>) -> String {
    let claim = run.filter(|run| run.state() == RunState::Completed).map(Claim::of);
    format!("{site}#{}", encode(&Link { written, claim }))
}

/// The fragment of a link, without the `#`.
pub fn encode(link: &Link) -> String {
    match &link.claim {
        None => format!("{REQUEST}{}", URL_SAFE_NO_PAD.encode(link.written.to_string())),
        Some(claim) => {
            // three short texts: writing them does not fail
            let mut all = serde_json::to_value(claim).unwrap_or_default();
            all["q"] = link.written.clone();
            format!("{RESULT}{}", URL_SAFE_NO_PAD.encode(all.to_string()))
        }
    }
}

/// Reads a fragment, with or without its `#`.
///
/// # Errors
/// One sentence that says what is wrong with the link.
pub fn decode(fragment: &str) -> Result<Link, LinkError> {
    let fragment = fragment.trim().trim_start_matches('#');
    if fragment.len() > LONGEST {
        return Err(LinkError::TooLong(fragment.len()));
    }
    if let Some(payload) = fragment.strip_prefix(REQUEST) {
        let written = object(payload)?;
        return Ok(Link { written: Value::Object(written), claim: None });
    }
    let Some(payload) = fragment.strip_prefix(RESULT) else {
        let version = fragment.split_once('=').map(|(name, _)| name).and_then(|name| name.strip_prefix('r'));
        return Err(match version.filter(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit())) {
            Some(version) => LinkError::Version(version.to_owned()),
            None => LinkError::NoRequest,
        });
    };
    let mut all = object(payload)?;
    let written = all.remove("q").filter(Value::is_object).ok_or_else(|| damaged("it does not hold a request"))?;
    let claim: Claim =
        json::of_value(&Value::Object(all)).map_err(|_| damaged("it does not say what came of its request"))?;
    if !claim.is_sound() {
        return Err(damaged("what it says of its result is no digest"));
    }
    Ok(Link { written, claim: Some(claim) })
}

fn object(payload: &str) -> Result<Map<String, Value>, LinkError> {
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| damaged("its letters are not base64url"))?;
    match serde_json::from_slice(&bytes).map_err(|_| damaged("it does not hold JSON"))? {
        Value::Object(map) => Ok(map),
        _ => Err(damaged("it does not hold a request")),
    }
}

fn damaged(what: &str) -> LinkError {
    LinkError::Damaged(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bare(written: Value) -> Link {
        Link { written, claim: None }
    }

    fn claim() -> Claim {
        Claim {
            data: short(&sha256_hex(b"packs")),
            engine: "0.1.0".into(),
            digest: short(&sha256_hex(b"steps")),
            prices: None,
        }
    }

    fn with_prices() -> Claim {
        Claim { prices: Some(Prices(DataKind::Recorded, Some(71), Some(2))), ..claim() }
    }

    #[test]
    fn a_link_says_what_its_prices_are() {
        let link = Link { written: json!({}), claim: Some(with_prices()) };
        let read = decode(&encode(&link)).expect("a link").claim.and_then(|claim| claim.prices).expect("prices");
        assert_eq!(read.to_string(), "recorded prices, 71 % of premium two-sided, 2 % older than 12 h");
        assert_eq!(Prices(DataKind::Modelled, None, None).to_string(), "modelled prices, no premium traded");
        let beyond = Claim { prices: Some(Prices(DataKind::Recorded, Some(101), Some(0))), ..claim() };
        assert!(decode(&encode(&Link { written: json!({}), claim: Some(beyond) })).is_err());
    }

    #[test]
    fn links_round_trip() {
        let written = json!({"start": "2026-02-01", "variants": [{"target_delta": 0.3}, {"name": "B"}]});
        let whole = Link { written: written.clone(), claim: Some(with_prices()) };
        for link in [bare(written), whole] {
            assert_eq!(decode(&format!("#{}", encode(&link))), Ok(link));
        }
    }

    #[test]
    fn stored_links_stay_readable() {
        let request = "#r1=eyJleGl0X3N0eWxlIjoidHBfYW5kX3JvbGwifQ";
        assert_eq!(decode(request), Ok(bare(json!({"exit_style": "tp_and_roll"}))));
        let result = "#r2=eyJkIjoiMjlHdjZlLWhMRERzMlRvX1lzLWRHUSIsImUiOiIwLjEuMCIsImciOiJ0MWxlS29ZNVZfeHNJbDdWUU5NMTNRIiwicSI6eyJleGl0X3N0eWxlIjoidHBfYW5kX3JvbGwifX0";
        let link = Link { written: json!({"exit_style": "tp_and_roll"}), claim: Some(claim()) };
        assert_eq!(decode(result), Ok(link));
    }

    #[test]
    fn one_variant_with_its_result_is_short() {
        let written = json!({
            "dataset": "btc-2026", "start": "2026-02-01", "end": "2026-05-31", "exit_style": "tp_and_roll",
            "variants": [{"target_delta": 0.3, "min_delta": 0.2, "max_delta": 0.4, "target_dte": 14, "exit": {"take_profit": 0.6}}],
        });
        let fragment = encode(&Link { written, claim: Some(with_prices()) });
        assert!(fragment.len() < 400, "{} characters", fragment.len());
    }

    #[test]
    fn bad_links_explain_themselves() {
        for (link, sentence) in [
            ("", "the link carries no request: expected #r1=..."),
            ("#foo", "the link carries no request: expected #r1=..."),
            ("#r7=abc", "the link is of version 7, made by a newer chainwalk; this one reads versions 1 and 2"),
            ("#r1=!!", "the link is damaged: its letters are not base64url"),
            ("#r1=eyJh", "the link is damaged: it does not hold JSON"),
            ("#r1=MQ", "the link is damaged: it does not hold a request"),
            ("#r2=e30", "the link is damaged: it does not hold a request"),
        ] {
            assert_eq!(decode(link).expect_err(link).to_string(), sentence);
        }
        let hostile = |claim: Value| {
            let mut all = claim;
            all["q"] = json!({});
            decode(&format!("#r2={}", URL_SAFE_NO_PAD.encode(all.to_string()))).expect_err("hostile").to_string()
        };
        let good = serde_json::to_value(claim()).expect("texts");
        for (field, value, sentence) in [
            ("g", json!("<script>"), "the link is damaged: what it says of its result is no digest"),
            ("e", json!("x".repeat(33)), "the link is damaged: what it says of its result is no digest"),
            ("d", json!(7), "the link is damaged: it does not say what came of its request"),
            ("z", json!(7), "the link is damaged: it does not say what came of its request"),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            assert_eq!(hostile(bad), sentence, "{field}");
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
