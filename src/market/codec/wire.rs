//! Reading a pack's JSON straight into columns, within limits.

use super::{MAX_SNAPSHOTS, PackError, SCHEMA};
use crate::json;
use crate::market::catalog::{DataKind, Dataset};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, de};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A list of at most `N` values.
pub(super) struct Limited<T, const N: usize>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Limited<T, N> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct List<T, const N: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for List<T, N> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a list of at most {N}")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    if values.len() == N {
                        return Err(A::Error::custom(format!("found more than {N}, expected at most {N}")));
                    }
                    values.push(value);
                }
                Ok(values)
            }
        }
        d.deserialize_seq(List::<T, N>(PhantomData)).map(Limited)
    }
}

/// A column of at most `N` numbers; `null` reads as NaN, and fractions are refused unless `FRACTIONS`.
#[derive(Default)]
pub(super) struct Column<const N: usize, const FRACTIONS: bool>(pub(super) Vec<f64>);

/// One figure of a column.
struct Figure<const FRACTIONS: bool>;

/// Largest whole number that a double holds exactly with all below it.
const MAX_WHOLE: u64 = 1 << 53;

impl<const FRACTIONS: bool> Visitor<'_> for Figure<FRACTIONS> {
    type Value = f64;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(if FRACTIONS { "a number or null" } else { "an integer or null" })
    }
    fn visit_u64<E: de::Error>(self, v: u64) -> Result<f64, E> {
        if v > MAX_WHOLE { Err(E::invalid_value(Unexpected::Unsigned(v), &self)) } else { Ok(v as f64) }
    }
    fn visit_i64<E: de::Error>(self, v: i64) -> Result<f64, E> {
        if v.unsigned_abs() > MAX_WHOLE { Err(E::invalid_value(Unexpected::Signed(v), &self)) } else { Ok(v as f64) }
    }
    fn visit_f64<E: de::Error>(self, v: f64) -> Result<f64, E> {
        if FRACTIONS { Ok(v) } else { Err(E::invalid_type(Unexpected::Float(v), &self)) }
    }
    fn visit_unit<E: de::Error>(self) -> Result<f64, E> {
        Ok(f64::NAN)
    }
}

impl<'de, const FRACTIONS: bool> DeserializeSeed<'de> for Figure<FRACTIONS> {
    type Value = f64;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<f64, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de, const N: usize, const FRACTIONS: bool> Deserialize<'de> for Column<N, FRACTIONS> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Figures<const N: usize, const FRACTIONS: bool>;
        impl<'de, const N: usize, const FRACTIONS: bool> Visitor<'de> for Figures<N, FRACTIONS> {
            type Value = Vec<f64>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a list of at most {N} numbers")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<f64>, A::Error> {
                let mut values = Vec::with_capacity(48);
                while let Some(value) = seq.next_element_seed(Figure::<FRACTIONS>)? {
                    if values.len() == N {
                        return Err(A::Error::custom(format!("found more than {N} figures, expected at most {N}")));
                    }
                    values.push(value);
                }
                Ok(values)
            }
        }
        d.deserialize_seq(Figures::<N, FRACTIONS>).map(Column)
    }
}

/// Reads the snapshots of a pack whose header must name `dataset`.
pub(super) fn read<'de, S: Deserialize<'de>>(
    bytes: &'de [u8],
    dataset: &Dataset,
    path: &str,
) -> Result<Vec<S>, PackError> {
    json::with_seed(bytes, Pack::<S>::of(dataset)).map_err(|error| {
        let place = json::path_of(bytes, &error);
        let at = if place.is_empty() { "pack".to_string() } else { place };
        PackError::Shape { path: path.to_string(), at, message: error.to_string() }
    })
}

/// The outermost object: header fields first, then the snapshots.
struct Pack<'a, S> {
    dataset: &'a str,
    kind: DataKind,
    snapshots: PhantomData<S>,
}

impl<'a, S> Pack<'a, S> {
    fn of(dataset: &'a Dataset) -> Pack<'a, S> {
        Pack { dataset: &dataset.id, kind: dataset.kind, snapshots: PhantomData }
    }
}

impl<'de, S: Deserialize<'de>> DeserializeSeed<'de> for Pack<'_, S> {
    type Value = Vec<S>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Vec<S>, D::Error> {
        d.deserialize_map(self)
    }
}

/// Names of the header's fields and of the snapshots.
const FIELDS: &[&str] = &["schema", "dataset", "kind", "snapshots"];

impl<'de, S: Deserialize<'de>> Visitor<'de> for Pack<'_, S> {
    type Value = Vec<S>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a pack: an object of schema, dataset, kind and snapshots")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<S>, A::Error> {
        let (mut schema, mut dataset, mut kind) = (false, false, false);
        while let Some(key) = map.next_key::<Cow<str>>()? {
            match key.as_ref() {
                "schema" => {
                    expect("schema", &map.next_value::<u32>()?, &SCHEMA)?;
                    schema = true;
                }
                "dataset" => {
                    expect("dataset", &map.next_value::<Cow<str>>()?.as_ref(), &self.dataset)?;
                    dataset = true;
                }
                "kind" => {
                    expect("kind", &map.next_value::<DataKind>()?, &self.kind)?;
                    kind = true;
                }
                "snapshots" if schema && dataset && kind => {
                    let snapshots = map.next_value::<Limited<S, MAX_SNAPSHOTS>>()?.0;
                    return match map.next_entry::<Cow<str>, IgnoredAny>()? {
                        None => Ok(snapshots),
                        Some((key, _)) => {
                            Err(A::Error::custom(format!("found {key:?} after snapshots, expected no more")))
                        }
                    };
                }
                "snapshots" => {
                    return Err(A::Error::custom("found snapshots first, expected schema, dataset and kind before"));
                }
                other => return Err(A::Error::unknown_field(other, FIELDS)),
            }
        }
        Err(A::Error::missing_field("snapshots"))
    }
}

fn expect<T: PartialEq + fmt::Debug, E: de::Error>(field: &str, found: &T, expected: &T) -> Result<(), E> {
    if found == expected { Ok(()) } else { Err(E::custom(format!("found {field} {found:?}, expected {expected:?}"))) }
}
