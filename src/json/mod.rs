//! JSON that is refused by name: where in a text a reader stumbled.

mod objects;

use objects::Objects;
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_json::Value;
use std::marker::PhantomData;

/// Why a JSON text is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct Misread {
    /// Where, `variants[0].exit.take_profit`; empty for the whole text.
    pub path: String,
    /// What was found and expected.
    pub message: String,
}

/// Reads a value from a whole JSON text.
///
/// # Errors
/// The place and the reason of the first thing that does not fit.
pub fn read<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, Misread> {
    of_text(text).map_err(|error| {
        let whole = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        Misread { path: path_of(text, &error), message: whole.strip_suffix(&position).unwrap_or(&whole).to_owned() }
    })
}

/// Reads a typed value out of an untyped one, by its text: one reader a type in the program, and not one a source.
///
/// # Errors
/// What does not fit.
pub fn of_value<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    of_text(value.to_string().as_bytes())
}

/// Reads a value from a whole JSON text; a structure is an object, never a list.
///
/// # Errors
/// What does not fit.
pub fn of_text<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, serde_json::Error> {
    with_seed(text, PhantomData)
}

/// As [`of_text`], for a reader with a state.
///
/// # Errors
/// What does not fit.
pub fn with_seed<'a, S: DeserializeSeed<'a>>(text: &'a [u8], seed: S) -> Result<S::Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = seed.deserialize(Objects(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// A decimal to the nearest double: a sign, digits with a point among, before or after them, an exponent; `None` for all else.
///
/// JSON's reader, so that the page carries one reader of decimals with its tables, and not the standard library's beside it.
pub fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.len() == digits.matches('.').count() || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    // JSON wants a digit on either side of the point
    serde_json::from_slice(format!("{sign}{:0>1}.{part:0<1}e{exponent}", whole).as_bytes()).ok()
}

/// The path of the value at which `error` arose in `text`; empty for the whole text.
pub fn path_of(text: &[u8], error: &serde_json::Error) -> String {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line - 2).map_or(0, |(at, _)| at + 1),
    };
    path_at(text, before_bracket(text, (line_start + error.column()).min(text.len()), error))
}

/// Where the refused value was, given where the reader stood when it told of it.
///
/// The reader has taken one bracket too many when a list or object stands where it must not, and when the last value of
/// a container is refused; only a missing field belongs to the container itself.
fn before_bracket(text: &[u8], end: usize, error: &serde_json::Error) -> usize {
    let last = text[..end].iter().rposition(|byte| !byte.is_ascii_whitespace());
    let is_own = error.to_string().starts_with("missing field");
    match last {
        Some(at) if !is_own && matches!(text[at], b'{' | b'[' | b'}' | b']') => at,
        _ => end,
    }
}

/// A container that is open at a place of a text.
enum Level {
    /// An object and its current key; `None` before the key.
    Object(Option<String>),
    /// An array and its current position.
    Array(usize),
}

/// The path of the value that is being read after `end` bytes.
fn path_at(text: &[u8], end: usize) -> String {
    let mut open = Vec::new();
    let mut at = 0;
    while at < end {
        match (text[at], open.last_mut()) {
            (b'"', last) => {
                let close = string_end(text, at);
                if let Some(Level::Object(key @ None)) = last {
                    *key = Some(String::from_utf8_lossy(&text[at + 1..close]).into_owned());
                }
                at = close;
            }
            (b'{', _) => open.push(Level::Object(None)),
            (b'[', _) => open.push(Level::Array(0)),
            (b'}' | b']', _) => drop(open.pop()),
            (b',', Some(Level::Object(key))) => *key = None,
            (b',', Some(Level::Array(position))) => *position += 1,
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    for level in open {
        match level {
            Level::Object(Some(key)) if path.is_empty() => path = key,
            Level::Object(Some(key)) => path = format!("{path}.{key}"),
            Level::Object(None) => {}
            Level::Array(position) => path = format!("{path}[{position}]"),
        }
    }
    path
}

/// The closing quote of the string that opens at `start`, or the text's end.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_read_as_the_standard_library_reads_it() {
        for text in [
            "0",
            "-0",
            "7",
            "007",
            "1.",
            ".5",
            "-.5",
            "+2.50",
            "1e3",
            "1E-7",
            "1.5e+2",
            "0.1",
            "0.333e-2",
            "123456789.123456789",
            "9007199254740993",
            "2.2250738585072011e-308",
            "4.9e-324",
            "1.7976931348623157e308",
            "0.1000000000000000055511151231257827",
        ] {
            let expected: f64 = text.parse().expect("a number");
            assert_eq!(number(text).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
        for text in [
            "", ".", "-", "+", "--1", "+-1", "1e", "e5", "1.2.3", "1,5", " 1", "1 ", "0x10", "inf", "NaN", "1e1.5", "١",
        ] {
            assert_eq!(number(text), None, "{text:?}");
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[allow(dead_code, reason = "read, not used")]
        a: Vec<u32>,
    }

    #[test]
    fn the_place_is_named() {
        let reason = |text: &str| read::<Vec<Row>>(text.as_bytes()).expect_err(text).to_string();
        assert_eq!(
            reason(r#"[{"a":[1]},{"a":[1,"x,}\"]"]}]"#),
            "[1].a[1]: invalid type: string \"x,}\\\"]\", expected u32"
        );
        assert_eq!(reason("[{\"a\":[]},\n {\"b\":1}]"), "[1].b: unknown field `b`, expected `a`");
        assert_eq!(reason("[{\"a\":[]}, {}]"), "[1]: missing field `a`");
        assert_eq!(reason("[{\"a\":[1"), "[0].a[0]: EOF while parsing a list");
        assert_eq!(reason(r#"[{"a":[1,"x"]}]"#), "[0].a[1]: invalid type: string \"x\", expected u32");
        assert_eq!(reason(r#"[{"a":{"b":1}}]"#), "[0].a: invalid type: map, expected a sequence");
        assert_eq!(reason(""), "EOF while parsing a value");
        assert_eq!(reason(r#"[{"a":[1]},[[2]]]"#), "[1]: invalid type: sequence, expected struct Row");
    }
}
