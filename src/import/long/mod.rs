//! `pack long`: years of daily prices become a modelled dataset, an index and a level of volatility a day.

mod day_values;
mod level;
mod own;
pub mod scenario;

pub use day_values::{DayValues, VolColumns, read_vol, read_yields};
pub use level::LevelRule;
pub use own::{Files, Hours, Own};

use super::folder::{DatasetFiles, PackFile, count_gaps};
use super::{ImportError, Report};
use crate::market::catalog::{Calendar, DailyBar, Dataset, PackEntry};
use crate::market::codec::{LEVELS_PER_ONE, ModelledSnapshot, RATES_PER_ONE, decode_pack, encode_modelled, sha256_hex};
use crate::market::model::{Listing, Model};
use crate::market::observed::Sides;
use crate::units::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The specifications that ship, by id.
const SHIPPED: [(&str, &str); 2] =
    [("btc-long", include_str!("btc-long.json")), ("gld-long", include_str!("gld-long.json"))];
/// Days after which a volatility is too old for a snapshot: a holiday and some.
const MOST_VOL_AGE: i32 = 10;

/// What stands beside a price series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Yearly yields, fractions with yearly compounding; `None` = the dataset's rate.
    pub yields: Option<DayValues>,
    /// Level of volatility, fractions; `None` = realised, from the closes.
    pub vol: Option<DayValues>,
}

/// How a price series becomes a modelled dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongSpec {
    /// Day of the first snapshot, at the earliest.
    pub first: Day,
    /// First day whose close counts for the level of volatility.
    pub warm_up_from: Day,
    /// Minutes from a day's 00:00 UTC to its close; 1440 is the next day's 00:00.
    pub close_minute_utc: u32,
    /// UTC years of a pack.
    pub years_a_pack: i32,
    /// The level of volatility.
    pub level: LevelRule,
    /// The catalog entry with its model; days, holidays, counted quality and packs are completed.
    pub dataset: Dataset,
}

impl LongSpec {
    /// Reads a specification; `name` is what errors call it.
    ///
    /// # Errors
    /// The field that does not fit.
    pub fn parse(text: &[u8], name: &str) -> Result<LongSpec, ImportError> {
        let spec: LongSpec = crate::json::read(text).map_err(|e| ImportError::format(name, e))?;
        spec.level.check().map_err(|e| ImportError::format(name, e))?;
        spec.dataset.check()?;
        let minutes = spec.close_minute_utc;
        if minutes > 1440 {
            return Err(ImportError::format(name, format!("found close_minute_utc {minutes}, expected at most 1440")));
        }
        let years = spec.years_a_pack;
        if !(1..=100).contains(&years) {
            return Err(ImportError::format(name, format!("found years_a_pack {years}, expected 1 to 100")));
        }
        Ok(spec)
    }

    /// The specification of a dataset that ships.
    pub fn shipped(id: &str) -> Option<Result<LongSpec, ImportError>> {
        let (id, text) = SHIPPED.iter().find(|(name, _)| *name == id)?;
        Some(LongSpec::parse(text.as_bytes(), id))
    }

    fn model(&self) -> Result<&Model, ImportError> {
        let missing = || ImportError::format(&self.dataset.id, "found no dataset.model, expected one");
        self.dataset.model.as_ref().ok_or_else(missing)
    }

    /// When a day closes.
    fn close_of(&self, day: Day) -> Timestamp {
        day.start().plus_ms(i64::from(self.close_minute_utc) * 60_000)
    }

    /// The snapshots of daily bars, ascending, with the level of volatility of each close.
    ///
    /// Bars before the warm-up and, on a calendar of weekdays, those of weekends are dropped and counted, and so are days whose
    /// volatility is not known. A high or low that does not hold open and close is moved to do so, and counted.
    pub fn snapshots(&self, bars: &[DailyBar], beside: &Beside, report: &mut Report) -> Vec<ModelledSnapshot> {
        let bars = self.sound(bars, report);
        let closes: Vec<f64> = bars.iter().map(|bar| bar.close).collect();
        let realised = self.level.levels(&closes, self.dataset.day_count);
        let mut snapshots = Vec::new();
        for (bar, realised) in bars.iter().zip(realised) {
            let time = self.close_of(bar.date);
            if time.day() < self.first {
                report.note("day of warm-up", 1);
                continue;
            }
            let level = match &beside.vol {
                None => realised,
                Some(vol) => match known_vol(vol, bar.date, report) {
                    Some(level) => level,
                    None => continue,
                },
            };
            let rate = beside.yields.as_ref().and_then(|yields| yield_of(yields, bar.date, report));
            let level = (level * LEVELS_PER_ONE).round().max(1.0) as u32;
            let (high, low) = (Some(bar.high), Some(bar.low));
            snapshots.push(ModelledSnapshot { time, index: bar.close, high, low, level, rate });
        }
        snapshots
    }

    fn sound(&self, bars: &[DailyBar], report: &mut Report) -> Vec<DailyBar> {
        let is_weekday_market = self.dataset.calendar != Calendar::Continuous;
        let mut sound = Vec::with_capacity(bars.len());
        for bar in bars {
            if bar.date < self.warm_up_from {
                report.drop_rows("day before the warm-up", 1);
                continue;
            }
            if is_weekday_market && bar.date.weekday() >= 5 {
                report.drop_rows("day of a weekend", 1);
                continue;
            }
            let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(cents);
            let (top, bottom) = (high.max(open).max(close), low.min(open).min(close));
            report.note("high or low moved to hold open and close", u64::from(top > high || bottom < low));
            sound.push(DailyBar { date: bar.date, open, high: top, low: bottom, close });
        }
        sound
    }
}

/// A price to the nearest cent, under 2 USD to the nearest millionth: series kept as 32-bit floats carry digits that no market had.
fn cents(price: f64) -> f64 {
    let per_usd = if price < 2.0 { 1e6 } else { 100.0 };
    (price * per_usd).round() / per_usd
}

/// The volatility that was known at a day's close; `None` where there was none of the last days, which is counted.
fn known_vol(vol: &DayValues, day: Day, report: &mut Report) -> Option<f64> {
    let known = vol.newest(day).filter(|(of, _)| day.0 - of.0 <= MOST_VOL_AGE);
    report.drop_rows("day without a volatility of its own or the ten days before", u64::from(known.is_none()));
    let (of, level) = known?;
    report.note("day with the volatility of a day before", u64::from(of != day));
    Some(level)
}

/// The continuous rate of a day as packs hold it.
fn yield_of(yields: &DayValues, day: Day, report: &mut Report) -> Option<i32> {
    let yearly = yields.at(day)?;
    report.note("day after the last yield, with the last one", u64::from(yields.is_after(day)));
    Some((libm::log1p(yearly) * RATES_PER_ONE).round() as i32)
}

/// Writes a modelled dataset from its snapshots: packs of whole UTC years and a completed catalog entry.
///
/// # Errors
/// No snapshot is left, or the specification gives a dataset that a reader would refuse.
pub fn assemble_long(
    spec: &LongSpec,
    snapshots: &[ModelledSnapshot],
    report: &mut Report,
) -> Result<DatasetFiles, ImportError> {
    let (Some(first), Some(last)) = (snapshots.first(), snapshots.last()) else { return Err(ImportError::Empty) };
    let model = spec.model()?;
    let mut dataset = spec.dataset.clone();
    (dataset.first, dataset.last) = (first.time.day(), last.time.day());
    dataset.calendar = calendar(&dataset.calendar, snapshots);
    let times: Vec<Timestamp> = snapshots.iter().map(|s| s.time).collect();
    dataset.quality.gaps = count_gaps(&dataset, &times);
    let mut years: BTreeMap<i32, Vec<ModelledSnapshot>> = BTreeMap::new();
    for snapshot in snapshots {
        let (year, _) = snapshot.time.day().year_month();
        let begun = (year - dataset.first.year_month().0).rem_euclid(spec.years_a_pack);
        years.entry(year - begun).or_default().push(*snapshot);
    }
    let (mut packs, mut listing) = (Vec::new(), Listing::default());
    for (year, snapshots) in years {
        let refused =
            |e: crate::market::SnapshotError| ImportError::Snapshot { time: snapshots[0].time, message: e.to_string() };
        let bytes = encode_modelled(&dataset, model, &snapshots, &mut listing).map_err(refused)?;
        let path = format!("{}/{year}.json", dataset.id);
        dataset.packs.push(PackEntry {
            path: path.clone(),
            first: snapshots[0].time,
            last: snapshots[snapshots.len() - 1].time,
            snapshots: snapshots.len() as u32,
            bytes: bytes.len() as u64,
            sha256: sha256_hex(&bytes),
        });
        packs.push(PackFile { path, bytes });
    }
    dataset.quality.two_sided_pct = two_sided(&dataset, &packs, report)?;
    dataset.check()?;
    Ok(DatasetFiles { dataset, packs })
}

/// The same calendar; weekdays without a snapshot are its holidays.
fn calendar(calendar: &Calendar, snapshots: &[ModelledSnapshot]) -> Calendar {
    if *calendar == Calendar::Continuous {
        return Calendar::Continuous;
    }
    let days: Vec<Day> = snapshots.iter().map(|s| s.time.plus_ms(-1).day()).collect();
    let (first, last) = (days.first().map_or(0, |d| d.0), days.last().map_or(0, |d| d.0));
    let is_missing = |day: &Day| day.weekday() < 5 && days.binary_search(day).is_err();
    Calendar::Weekdays { holidays: (first..=last).map(Day).filter(is_missing).collect() }
}

/// Reads the packs back as the engine would: the share of options with both sides, of 10,000.
fn two_sided(dataset: &Dataset, packs: &[PackFile], report: &mut Report) -> Result<f64, ImportError> {
    let mut sides = Sides::default();
    for (pack, entry) in packs.iter().zip(&dataset.packs) {
        let read = decode_pack(&pack.bytes, dataset, entry).map_err(|e| ImportError::format(&dataset.id, e))?;
        read.iter().for_each(|snapshot| sides.add_snapshot(snapshot));
    }
    report.kept += sides.options();
    Ok((1e4 * sides.two_sided_share().unwrap_or(0.0)).round() / 1e4)
}
