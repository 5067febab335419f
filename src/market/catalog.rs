//! The catalog: which datasets there are and every fact about them that the core must not hard-code.

use super::model::Model;
use crate::units::{DAY_MS, Day, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The catalog file, `catalog.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The format's version; 1.
    pub schema: u32,
    /// The datasets in order of preference, then those that somebody opened.
    pub datasets: Vec<Dataset>,
    /// How many of the last datasets somebody opened; a file has none of them.
    #[serde(skip)]
    pub opened: usize,
}

/// How the option is quoted, paid and settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settlement {
    /// In coin (Deribit BTC and ETH).
    Inverse,
    /// In USD.
    Linear,
}

/// What the prices of a dataset are; recorded before fitted before modelled before synthetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataKind {
    /// Real quotes.
    Recorded,
    /// Real forwards and strikes, smiles and spreads fitted to real quotes.
    Fitted,
    /// A model on a price series.
    Modelled,
    /// The same model on a made-up price series.
    Synthetic,
}

impl DataKind {
    /// As it is written in a pack.
    pub fn word(self) -> &'static str {
        match self {
            DataKind::Recorded => "recorded",
            DataKind::Fitted => "fitted",
            DataKind::Modelled => "modelled",
            DataKind::Synthetic => "synthetic",
        }
    }
}

/// When the market is open: a gap counts session time only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// Open at all times.
    #[default]
    Continuous,
    /// Closed on Saturdays, Sundays and the listed days.
    Weekdays {
        /// Closed days that are not weekends.
        holidays: Vec<Day>,
    },
}

impl Calendar {
    /// Milliseconds from `from` to `to` that lie in open days; 0 where `to` is not later.
    pub fn open_ms(&self, from: Timestamp, to: Timestamp) -> i64 {
        let elapsed = to.ms_since(from).max(0);
        let Calendar::Weekdays { holidays } = self else {
            return elapsed;
        };
        let closed = |day: Day| is_closed(day, holidays);
        let mut open = 0;
        let mut day = from.day();
        while day.start() < to {
            if !closed(day) {
                open += to.0.min(day.start().0 + DAY_MS) - from.0.max(day.start().0);
            }
            day = day.next();
        }
        open
    }

    /// The day itself where the market is open on it, else the newest open day before.
    pub fn open_day_before(&self, mut day: Day) -> Day {
        if let Calendar::Weekdays { holidays } = self {
            // A market that closes for more than a month at a time is none.
            let earliest = day.0 - 31;
            while day.0 > earliest && is_closed(day, holidays) {
                day = Day(day.0 - 1);
            }
        }
        day
    }
}

fn is_closed(day: Day, holidays: &[Day]) -> bool {
    day.weekday() >= 5 || holidays.contains(&day)
}

/// One row of a tick rule: prices up to and including `up_to` units move in `step` units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TickStep {
    /// Upper bound in units; `null` = no bound.
    pub up_to: Option<u32>,
    /// Step in units.
    pub step: u32,
}

/// The venue's tick rule in whole units of `1/per_one` of the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TickRule {
    /// Units in one coin (inverse) or one USD (linear).
    pub per_one: u32,
    /// Steps by price, lowest first, the last without a bound.
    pub steps: Vec<TickStep>,
}

impl TickRule {
    /// Deribit since 2023-07-06: 0.0001 coin up to and including 0.005, 0.0005 above.
    pub fn deribit_inverse() -> TickRule {
        TickRule {
            per_one: 10_000,
            steps: vec![TickStep { up_to: Some(50), step: 1 }, TickStep { up_to: None, step: 5 }],
        }
    }
    /// Whole cents.
    pub fn cents() -> TickRule {
        TickRule { per_one: 100, steps: vec![TickStep { up_to: None, step: 1 }] }
    }
    /// The step in units that holds at an unrounded price in the quote currency.
    pub fn step_at(&self, price: f64) -> u32 {
        let units = price * f64::from(self.per_one);
        let holds = |s: &&TickStep| s.up_to.is_none_or(|bound| units <= f64::from(bound) + 1e-6);
        self.steps.iter().find(holds).map_or(1, |s| s.step)
    }
}

/// The fee preset of a dataset or a request.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FeePreset {
    /// The venue's schedule for the dataset's settlement.
    Deribit,
    /// No fees.
    None,
    /// Basis points of the index for one coin, capped like the venue's.
    #[serde(untagged)]
    Custom {
        /// Basis points of the index.
        bps: f64,
    },
}

impl<'de> Deserialize<'de> for FeePreset {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<FeePreset, D::Error> {
        use serde_json::Value;
        let value = Value::deserialize(d)?;
        let bps = value.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.get("bps")?.as_f64());
        match (value.as_str(), bps) {
            (Some("deribit"), _) => Ok(FeePreset::Deribit),
            (Some("none"), _) => Ok(FeePreset::None),
            (_, Some(bps)) => Ok(FeePreset::Custom { bps }),
            _ => Err(serde::de::Error::custom(format!(
                "{value} is not a fee preset; write \"deribit\", \"none\" or {{\"bps\": 3}}"
            ))),
        }
    }
}

/// Exercise style; American options are treated as European, with a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExerciseStyle {
    /// At expiry only.
    #[default]
    European,
    /// At any time.
    American,
}

/// A daily bar of the underlying, USD.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyBar {
    /// UTC day of the bar; its close is known from the next day's 00:00 UTC on.
    pub date: Day,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
}

/// The measured error of a fitted dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitError {
    /// Median absolute error in volatility points (0.01 = one hundredth of a point) between 10 and 90 delta.
    pub median_vol_points: f64,
    /// 95th percentile of the same.
    pub p95_vol_points: f64,
    /// Share of two-sided quotes whose recorded bid-ask holds the fitted price, a fraction.
    pub inside_bid_ask: f64,
    /// Quotes that were compared.
    pub quotes: u64,
}

/// What is known of a dataset's quality.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Share of quotes with both sides, a fraction.
    pub two_sided_pct: f64,
    /// Intervals between snapshots above 1.5 times the cadence.
    pub gaps: u32,
    /// `None` for recorded data.
    pub fit_error: Option<FitError>,
    /// What a model's volatility was measured against besides quotes; `None` where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_ratio: Option<IndexRatio>,
}

/// A model's 30-day volatility as a share of a volatility index, day by day, by calendar year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexRatio {
    /// The index, `GVZ`.
    pub index: String,
    /// Where its figures come from.
    pub source: String,
    /// The years, ascending.
    pub years: Vec<YearRatio>,
}

/// The days of a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearRatio {
    /// Calendar year.
    pub year: i32,
    /// Days that both have.
    pub days: u32,
    /// Median of the ratio.
    pub median: f64,
    /// 10th percentile.
    pub p10: f64,
    /// 90th percentile.
    pub p90: f64,
}

/// One file of a dataset: a month of snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackEntry {
    /// Path relative to the catalog.
    pub path: String,
    /// Time of the first snapshot.
    pub first: Timestamp,
    /// Time of the last snapshot.
    pub last: Timestamp,
    /// Number of snapshots.
    pub snapshots: u32,
    /// File size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A catalog entry: everything the engine needs to know of a dataset besides its snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Short name, `btc-2026`.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// `BTC`, `ETH`, `MSFT`...
    pub underlying: String,
    /// `deribit`, `cboe`...
    pub venue: String,
    /// Inverse or linear.
    pub settlement: Settlement,
    /// What the prices are.
    pub kind: DataKind,
    /// Declared minutes between snapshots; age above 1.5 times of it is a gap.
    pub cadence_minutes: u32,
    /// Session calendar.
    #[serde(default)]
    pub calendar: Calendar,
    /// First UTC day with data.
    pub first: Day,
    /// Last UTC day with data.
    pub last: Day,
    /// Days in a year of daily returns: 365 or 252.
    pub day_count: u32,
    /// Coins in one contract.
    pub contract_size: f64,
    /// Least increment of an order in coins.
    pub lot: f64,
    /// Tick rule of the quote currency.
    pub tick: TickRule,
    /// Fee preset a bare request uses.
    pub fees: FeePreset,
    /// Annual rate, continuous; 0 for inverse. A snapshot of a modelled dataset may have its own.
    pub rate: f64,
    /// Expiry time of day, minutes after 00:00 UTC (480 for Deribit).
    pub expiry_minute_utc: u32,
    /// Exercise style.
    #[serde(default)]
    pub exercise: ExerciseStyle,
    /// Parts of a request that differ from the printed defaults on this dataset.
    #[serde(default)]
    pub defaults: serde_json::Value,
    /// Delivery prices by UTC date of expiry, USD.
    #[serde(default)]
    pub delivery: BTreeMap<Day, f64>,
    /// Daily bars, warm-up history included, by date.
    #[serde(default)]
    pub daily: Vec<DailyBar>,
    /// Where the figures come from.
    pub source: String,
    /// Licence of the figures.
    pub licence: String,
    /// Notes for people.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Measured quality.
    pub quality: Quality,
    /// How a level of volatility becomes quotes; `None` where packs hold quotes or smiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// The files, by time.
    pub packs: Vec<PackEntry>,
}

impl Dataset {
    /// Age in milliseconds above which a snapshot is a gap.
    pub fn gap_ms(&self) -> i64 {
        i64::from(self.cadence_minutes) * 90_000
    }

    /// True where the daily closes are those of the daily snapshots, since the entry lists none.
    pub fn closes_are_snapshots(&self) -> bool {
        self.model.is_some() && self.daily.is_empty()
    }

    /// What snapshots in memory are known by: the id, and the factor on their volatility where it is not 1.
    pub fn snapshots_key(&self) -> String {
        match &self.model {
            Some(model) if model.vol_factor != 1.0 => format!("{} x {}", self.id, model.vol_factor),
            _ => self.id.clone(),
        }
    }
}

impl Catalog {
    /// A catalog of datasets in order of preference.
    pub fn of(datasets: Vec<Dataset>) -> Catalog {
        Catalog { schema: super::codec::SCHEMA, datasets, opened: 0 }
    }

    /// Adds a dataset that somebody opened: a request that names none is never for it while another of its underlying is there,
    /// so that opening a file changes no link.
    pub fn open(&mut self, dataset: Dataset) {
        self.datasets.push(dataset);
        self.opened += 1;
    }

    /// Takes a dataset away that somebody opened.
    pub fn close(&mut self, id: &str) {
        if self.own().iter().any(|dataset| dataset.id == id) {
            self.datasets.retain(|dataset| dataset.id != id);
            self.opened -= 1;
        }
    }

    /// The datasets that the catalog's file has.
    pub fn shipped(&self) -> &[Dataset] {
        &self.datasets[..self.datasets.len().saturating_sub(self.opened)]
    }

    /// The datasets that somebody opened.
    pub fn own(&self) -> &[Dataset] {
        &self.datasets[self.shipped().len()..]
    }

    /// The dataset of an id.
    pub fn dataset(&self, id: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|d| d.id == id)
    }
}
