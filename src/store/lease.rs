//! Who may run where the browser has no locks: a record that its holder renews, and that anybody may take once it is
//! stale.

use super::records::{SettingRecord, record, row};
use super::tables::{Key, KeyPart, Row, Table};
use crate::json;
use serde::{Deserialize, Serialize};

/// How often a holder renews its lease.
pub const HEARTBEAT_MS: u32 = 2_000;
/// Age from which on a lease counts for nothing.
pub const STALE_MS: i64 = 10_000;
/// Its name among the settings.
const NAME: &str = "lease";

/// The run that is under way, as other tabs show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    /// Its name in the storage.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// How far it is, as text.
    pub progress: String,
}

/// A lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The tab that holds it.
    pub holder: String,
    /// What it runs.
    pub active: Active,
    /// When it was last renewed, ms UTC of the clock on the wall.
    pub beat_ms: i64,
    /// Another tab asks the holder to stop.
    pub stop: bool,
}

/// What became of a lease at its renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It is held on.
    Held,
    /// It is held on, and another tab asks to stop.
    StopAsked,
    /// Another tab has taken it.
    Lost,
}

impl Lease {
    /// True where its holder is gone: it was not renewed for [`STALE_MS`], or its instant lies that far ahead.
    pub fn is_stale(&self, now_ms: i64) -> bool {
        now_ms.abs_diff(self.beat_ms) >= STALE_MS as u64
    }

    /// Whether this lease may be written in place of what stands there; its own instant is now.
    ///
    /// # Errors
    /// The lease that is in the way.
    pub fn may_take(&self, standing: Option<Lease>) -> Result<(), Lease> {
        match standing {
            Some(other) if other.holder != self.holder && !other.is_stale(self.beat_ms) => Err(other),
            _ => Ok(()),
        }
    }

    /// What this lease's renewal comes to, in view of what stands there.
    pub fn renewal(&self, standing: Option<&Lease>) -> Renewal {
        match standing {
            Some(other) if other.holder != self.holder => Renewal::Lost,
            Some(own) if own.stop => Renewal::StopAsked,
            _ => Renewal::Held,
        }
    }

    /// It as a row of the settings.
    pub fn row(&self) -> Row {
        row(&SettingRecord { name: NAME.into(), value: serde_json::to_value(self).unwrap_or_default() })
    }

    /// Reads a row of the settings; what cannot be read holds nobody up.
    pub fn of_row(found: Row) -> Option<Lease> {
        let setting: SettingRecord = record(Table::Settings, found).ok()?;
        json::of_value(&setting.value).ok()
    }

    /// The key of its row.
    pub fn key() -> Key {
        vec![KeyPart::Text(NAME.into())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(holder: &str, beat_ms: i64) -> Lease {
        Lease { holder: holder.into(), active: Active::default(), beat_ms, stop: false }
    }

    #[test]
    fn a_lease_is_stale_after_ten_seconds_without_a_beat() {
        let cases = [(0, false), (9_999, false), (10_000, true), (86_400_000, true), (-9_999, false), (-10_000, true)];
        for (age_ms, expected) in cases {
            assert_eq!(lease("a", 5).is_stale(5 + age_ms), expected, "{age_ms} ms");
        }
        assert!(lease("a", i64::MIN).is_stale(i64::MAX), "no overflow");
    }

    #[test]
    fn what_is_free_or_own_or_stale_may_be_taken() {
        let now = 100_000;
        let cases = [
            (None, true),
            (Some(lease("b", now)), true),
            (Some(lease("a", now)), false),
            (Some(lease("a", now - 9_999)), false),
            (Some(lease("a", now - 10_000)), true),
        ];
        for (standing, free) in cases {
            let outcome = lease("b", now).may_take(standing.clone());
            assert_eq!(outcome.as_ref().err(), standing.as_ref().filter(|_| !free), "{standing:?}");
        }
    }

    #[test]
    fn a_renewal_tells_of_a_stop_and_of_a_loss() {
        let own = lease("a", 0);
        let cases = [
            (None, Renewal::Held),
            (Some(lease("a", 0)), Renewal::Held),
            (Some(Lease { stop: true, ..lease("a", 0) }), Renewal::StopAsked),
            (Some(lease("b", 0)), Renewal::Lost),
            (Some(Lease { stop: true, ..lease("b", 0) }), Renewal::Lost),
        ];
        for (standing, expected) in cases {
            assert_eq!(own.renewal(standing.as_ref()), expected, "{standing:?}");
        }
    }

    #[test]
    fn a_lease_is_a_setting_like_others() {
        let own = Lease { stop: true, ..lease("a", 7) };
        assert_eq!(own.row().key(Table::Settings), Some(Lease::key()));
        assert_eq!(Lease::of_row(own.row()), Some(own));
        let torn = Row { fields: serde_json::json!({ "name": "lease", "value": 3 }), bytes: None };
        assert_eq!(Lease::of_row(torn), None);
    }
}
