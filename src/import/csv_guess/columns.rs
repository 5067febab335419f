//! Which column is which, by names and by values.

use super::Evidence;
use super::sample::Sample;
use std::collections::BTreeMap;

/// The usual names of each field, in lower case with underscores, the most telling first.
const NAMES: [(&str, &[&str]); 11] = [
    (
        "time",
        &[
            "quote_datetime",
            "quote_time",
            "quote_unixtime",
            "snapshot_ts",
            "snapshot_time",
            "timestamp",
            "datetime",
            "quote_ts",
            "quote_date",
            "quotedate",
            "trade_date",
            "data_date",
            "as_of",
            "time",
            "ts",
            "date",
            "day",
        ],
    ),
    (
        "expiry",
        &[
            "expiration_ts",
            "expiry_datetime",
            "expiration_datetime",
            "expiry_unix",
            "expire_unix",
            "expiration",
            "expiry",
            "expiration_date",
            "expiry_date",
            "expire_date",
            "exdate",
            "exp_date",
            "maturity",
            "exp",
        ],
    ),
    ("strike", &["strike", "strike_price", "strikeprice", "k"]),
    (
        "kind",
        &["option_type", "option_right", "cp_flag", "call_put", "callput", "put_call", "right", "cp", "type", "kind"],
    ),
    ("bid", &["bid_price", "bid", "best_bid_price", "best_bid", "bid_close", "b"]),
    ("ask", &["ask_price", "ask", "best_ask_price", "best_ask", "best_offer", "offer", "ask_close", "a"]),
    ("mark", &["mark_price", "mark", "mid_price", "mid", "theoretical_price", "fair_value"]),
    ("iv", &["mark_iv", "implied_volatility", "implied_vol", "impl_volatility", "iv", "vol", "sigma"]),
    (
        "underlying_price",
        &[
            "index_price",
            "spot_price",
            "spot",
            "underlying_last",
            "underlying_price",
            "stock_price",
            "und_price",
            "underlying_close",
            "underlying",
            "s",
        ],
    ),
    // Where another column is the spot price, Deribit's underlying_price is the expiry's forward.
    ("forward", &["forward", "forward_price", "futures_price", "future_price", "fwd", "underlying_price"]),
    ("open_interest", &["open_interest", "openinterest", "oi"]),
];
/// The columns that were found, by field.
pub(super) struct Found {
    pub(super) columns: BTreeMap<&'static str, (usize, Evidence)>,
}

impl Found {
    pub(super) fn of(sample: &Sample) -> Found {
        let mut found = Found { columns: BTreeMap::new() };
        for (field, names) in NAMES {
            let at = |name: &&str| sample.names.iter().position(|n| n == *name);
            let named = names.iter().filter_map(at).find(|i| !found.is_taken(*i) && sample.fits(field, *i));
            if let Some(column) = named {
                found.columns.insert(field, (column, Evidence::NameAndValues));
            }
        }
        for field in ["kind", "time", "expiry"] {
            found.by_values(field, sample);
        }
        found
    }

    /// A column whose values can only be this field's, where no name told.
    fn by_values(&mut self, field: &'static str, sample: &Sample) {
        let is_free = |i: &usize| !self.is_taken(*i) && sample.fits(field, *i) && !is_plain_number(field, *i, sample);
        let free = (0..sample.headers.len()).find(is_free);
        if let (false, Some(column)) = (self.columns.contains_key(field), free) {
            self.columns.insert(field, (column, Evidence::Values));
        }
    }

    fn is_taken(&self, column: usize) -> bool {
        self.columns.values().any(|(taken, _)| *taken == column)
    }

    pub(super) fn at(&self, field: &str) -> Option<usize> {
        self.columns.get(field).map(|(column, _)| *column)
    }
}

/// Numbers may be unix times by chance: without a name they are none.
fn is_plain_number(field: &str, column: usize, sample: &Sample) -> bool {
    field != "kind" && sample.time_format(column).is_some_and(|format| format.starts_with("unix"))
}
