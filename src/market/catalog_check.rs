//! Reading a catalog with the same care as a pack: limits, then every figure that the core relies on.

use super::catalog::{Catalog, DailyBar, DataKind, Dataset, PackEntry, TickRule};
use super::codec::{MAX_PACK_BYTES, MAX_SNAPSHOTS, SCHEMA};
use crate::units::{Day, Timestamp};

/// Largest catalog that is read, bytes.
pub const MAX_CATALOG_BYTES: usize = 32 << 20;
/// Most datasets of a catalog.
pub const MAX_DATASETS: usize = 500;
/// First instant after the years that the format covers, 2200-01-01 00:00 UTC.
pub(super) const END_OF_TIME: Timestamp = Timestamp(7_258_118_400_000);

/// Why a catalog is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// The file is too large to be read.
    #[error("catalog: found {found} bytes, expected at most {MAX_CATALOG_BYTES}")]
    TooLarge {
        /// Its size.
        found: usize,
    },
    /// No JSON, an unknown or missing field, a wrong type.
    #[error("catalog: {at}: {message}")]
    Shape {
        /// Path of the field, `datasets[0].packs[2].sha256`.
        at: String,
        /// What was found and what was expected.
        message: String,
    },
    /// A figure that cannot be right.
    #[error("catalog: {at}: found {found}, expected {expected}")]
    Value {
        /// The dataset and the field, `btc-2026 packs[2].sha256`.
        at: String,
        /// What was found.
        found: String,
        /// What would be right.
        expected: String,
    },
}

/// One figure of a catalog: refused unless it holds. What is said of it is put into words only then (`format_args!`).
fn require(holds: bool, at: impl FnOnce() -> String, found: impl ToString, expected: &str) -> Result<(), CatalogError> {
    if holds {
        return Ok(());
    }
    Err(CatalogError::Value { at: at(), found: found.to_string(), expected: expected.to_string() })
}

fn is_positive(value: f64) -> bool {
    value > 0.0 && value < f64::INFINITY
}

/// True for a relative path of plain names that stays below the catalog: no `..`, no scheme, no root.
pub fn is_safe_path(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain);
    path.len() <= 200 && path.split('/').all(is_name)
}

/// True for a dataset id: lower-case letters, digits and hyphens, at most 64.
pub fn is_dataset_id(id: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty() && id.len() <= 64 && !id.starts_with('-') && id.chars().all(is_plain)
}

impl Catalog {
    /// Reads `catalog.json`, or refuses it with one sentence that names the dataset and the field.
    pub fn parse(bytes: &[u8]) -> Result<Catalog, CatalogError> {
        if bytes.len() > MAX_CATALOG_BYTES {
            return Err(CatalogError::TooLarge { found: bytes.len() });
        }
        let catalog: Catalog =
            crate::json::read(bytes).map_err(|e| CatalogError::Shape { at: e.path, message: e.message })?;
        catalog.check()?;
        Ok(catalog)
    }

    /// Writes `catalog.json`, one dataset a line; the same catalog gives the same bytes.
    pub fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        let lines: Vec<String> = self.datasets.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        Ok(format!("{{\"schema\":{},\"datasets\":[\n{}\n]}}\n", self.schema, lines.join(",\n")).into_bytes())
    }

    fn check(&self) -> Result<(), CatalogError> {
        require(self.schema == SCHEMA, || "schema".into(), self.schema, "1")?;
        let n = self.datasets.len();
        require(n <= MAX_DATASETS, || "datasets".into(), n, &format!("at most {MAX_DATASETS}"))?;
        for (i, dataset) in self.datasets.iter().enumerate() {
            let is_new = !self.datasets[..i].iter().any(|d| d.id == dataset.id);
            require(is_new, || format!("datasets[{i}].id"), &dataset.id, "an id of its own")?;
            dataset.check()?;
        }
        Ok(())
    }
}

impl Dataset {
    /// Refuses the first figure that the core could not rely on.
    pub fn check(&self) -> Result<(), CatalogError> {
        let at = |field: &str| format!("{} {field}", self.id);
        require(is_dataset_id(&self.id), || "id".into(), &self.id, "lower-case letters, digits and hyphens")?;
        require(self.first <= self.last, || at("first"), self.first, "a day that is not after last")?;
        require(self.cadence_minutes > 0, || at("cadence_minutes"), 0, "a positive number")?;
        require(matches!(self.day_count, 1..=366), || at("day_count"), self.day_count, "365 or 252")?;
        for (field, value) in [("contract_size", self.contract_size), ("lot", self.lot)] {
            require(is_positive(value), || at(field), value, "a positive number")?;
        }
        require(self.rate.abs() <= 1.0, || at("rate"), self.rate, "a fraction between -1 and 1")?;
        require(self.expiry_minute_utc < 1440, || at("expiry_minute_utc"), self.expiry_minute_utc, "below 1440")?;
        self.check_tick(&self.tick)?;
        self.check_model()?;
        for (day, price) in &self.delivery {
            require(is_positive(*price), || at(&format!("delivery {day}")), price, "a positive number")?;
        }
        let mut before = None;
        for bar in &self.daily {
            self.check_bar(bar, before)?;
            before = Some(bar.date);
        }
        let mut before = None;
        for (i, entry) in self.packs.iter().enumerate() {
            self.check_entry(i, entry, before)?;
            before = Some(entry.last);
        }
        Ok(())
    }

    fn check_model(&self) -> Result<(), CatalogError> {
        let Some(model) = &self.model else { return Ok(()) };
        let takes = matches!(self.kind, DataKind::Modelled | DataKind::Synthetic);
        require(
            takes,
            || format!("{} model", self.id),
            self.kind.word(),
            "a model only where kind is modelled or synthetic",
        )?;
        let value =
            |(at, found, expected)| CatalogError::Value { at: format!("{} model.{at}", self.id), found, expected };
        model.check().map_err(value)
    }

    fn check_tick(&self, tick: &TickRule) -> Result<(), CatalogError> {
        let at = || format!("{} tick", self.id);
        require(tick.per_one > 0, at, tick.per_one, "a positive per_one")?;
        require(tick.steps.iter().all(|s| s.step > 0), at, "a step of 0", "positive steps")?;
        let bounds: Vec<Option<u32>> = tick.steps.iter().map(|s| s.up_to).collect();
        let is_last_open = bounds.last().is_some_and(|b| b.is_none());
        let is_ascending = bounds.windows(2).all(|w| w[0].is_some() && w[1].is_none_or(|b| w[0] < Some(b)));
        require(is_last_open && is_ascending, at, "other steps", "steps by price, only the last without a bound")
    }

    fn check_bar(&self, bar: &DailyBar, before: Option<Day>) -> Result<(), CatalogError> {
        let at = || format!("{} daily {}", self.id, bar.date);
        require(before.is_none_or(|d| d < bar.date), at, "it out of order", "days in ascending order")?;
        let prices = [bar.open, bar.high, bar.low, bar.close];
        require(prices.into_iter().all(is_positive), at, format_args!("{prices:?}"), "positive prices")?;
        let is_inside = |p: f64| bar.low <= p && p <= bar.high;
        let expected = "open and close between low and high";
        require(is_inside(bar.open) && is_inside(bar.close), at, format_args!("{prices:?}"), expected)
    }

    fn check_entry(&self, i: usize, entry: &PackEntry, before: Option<Timestamp>) -> Result<(), CatalogError> {
        let at = |field: &str| format!("{} packs[{i}].{field}", self.id);
        require(is_safe_path(&entry.path), || at("path"), &entry.path, "a relative path of plain names")?;
        let is_hex = entry.sha256.len() == 64 && entry.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        require(is_hex, || at("sha256"), &entry.sha256, "64 lower-case hexadecimal digits")?;
        let expected = format!("at most {MAX_PACK_BYTES}");
        require(entry.bytes <= MAX_PACK_BYTES, || at("bytes"), entry.bytes, &expected)?;
        let is_counted = entry.snapshots > 0 && entry.snapshots as usize <= MAX_SNAPSHOTS;
        require(is_counted, || at("snapshots"), entry.snapshots, &format!("1 to {MAX_SNAPSHOTS}"))?;
        require(before.is_none_or(|t| t < entry.first), || at("first"), entry.first, "packs in ascending order")?;
        require(entry.first <= entry.last, || at("last"), entry.last, "a time that is not before first")?;
        let is_covered = self.first.start() <= entry.first && entry.last < self.last.next().start();
        let expected = format!("times within {} to {}", self.first, self.last);
        require(is_covered, || at("first"), format_args!("{} to {}", entry.first, entry.last), &expected)?;
        require(entry.first.0 >= 0 && entry.last < END_OF_TIME, || at("last"), entry.last, "years 1970 to 2199")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_catalog() {
        for good in ["a.json", "btc-2026/2026-01.json", "a/b/c_d.json"] {
            assert!(is_safe_path(good), "{good}");
        }
        for bad in ["", "/a", "../a", "a/../b", "a//b", "a\\b", "http://x/a", "a/.b", "a b", "c:/a", "a/", "%2e%2e/a"] {
            assert!(!is_safe_path(bad), "{bad}");
        }
    }
}
