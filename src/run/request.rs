//! The request of a run with every default in one place, and its canonical form.

use crate::engine::{Account, Costs};
use crate::strategy::{ExitStyle, Variant};
use crate::units::{Day, HOUR_MS};
use serde::{Deserialize, Serialize};

/// Distance between marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timeframe {
    /// One hour.
    #[default]
    #[serde(rename = "1h")]
    Hour,
    /// Four hours.
    #[serde(rename = "4h")]
    FourHours,
    /// One day, at the decision offset.
    #[serde(rename = "1d")]
    Day,
}

impl Timeframe {
    /// Hours between marks.
    pub fn hours(self) -> i64 {
        match self {
            Timeframe::Hour => 1,
            Timeframe::FourHours => 4,
            Timeframe::Day => 24,
        }
    }
    /// Milliseconds between marks.
    pub fn ms(self) -> i64 {
        self.hours() * HOUR_MS
    }
    /// As it is written in a request.
    pub fn label(self) -> &'static str {
        match self {
            Timeframe::Hour => "1h",
            Timeframe::FourHours => "4h",
            Timeframe::Day => "1d",
        }
    }
}

/// A whole request; what is not written has the default printed here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// Version of the request's form; 1.
    pub schema: u32,
    /// Dataset id; `None` = the best dataset of the underlying that covers the dates.
    pub dataset: Option<String>,
    /// Underlying.
    pub underlying: String,
    /// First UTC day.
    pub start: Day,
    /// Last UTC day, inclusive.
    pub end: Day,
    /// Distance between marks.
    pub timeframe: Timeframe,
    /// Hours between decisions.
    pub decision_interval_hours: i64,
    /// Hours after the start's 00:00 UTC of the first decision; `None` = 8 for intervals of a day and more, else 0.
    pub decision_offset_hours: Option<i64>,
    /// How trades are left.
    pub exit_style: ExitStyle,
    /// Multiplies the volatility of a modelled or synthetic dataset, above 0.2 and at most 3; `None` = as calibrated (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vol_factor: Option<f64>,
    /// The opening account.
    pub account: Account,
    /// What trading costs.
    pub costs: Costs,
    /// The strategies.
    pub variants: Vec<Variant>,
}

impl Default for RunRequest {
    fn default() -> Self {
        RunRequest {
            schema: 1,
            dataset: None,
            underlying: "BTC".into(),
            start: Day(20_454),
            end: Day(20_634),
            timeframe: Timeframe::Hour,
            decision_interval_hours: 24,
            decision_offset_hours: None,
            exit_style: ExitStyle::HoldToExpiry,
            vol_factor: None,
            account: Account::default(),
            costs: Costs::default(),
            variants: vec![Variant::default()],
        }
    }
}

impl RunRequest {
    /// The offset that holds, hours.
    pub fn offset_hours(&self) -> i64 {
        self.decision_offset_hours.unwrap_or(if self.decision_interval_hours >= 24 { 8 } else { 0 })
    }

    /// The exit style of a variant.
    pub fn style_of(&self, variant: &Variant) -> ExitStyle {
        variant.exit.style.unwrap_or(self.exit_style)
    }

    /// The request as one JSON value: all fields; `serde_json` maps sort their keys.
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
    }

    /// All fields, sorted keys, no white space.
    pub fn canonical(&self) -> String {
        self.to_value().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_printed_ones() {
        let request = RunRequest::default();
        assert_eq!((request.start.to_string(), request.end.to_string()), ("2026-01-01".into(), "2026-06-30".into()));
        let back: RunRequest = serde_json::from_str(&request.canonical()).expect("canonical form reads");
        assert_eq!(back, request);
        let empty: RunRequest = serde_json::from_str("{}").expect("an empty request is the default");
        assert_eq!(empty, request);
    }
}
