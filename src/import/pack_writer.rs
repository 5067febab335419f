//! Snapshots in time order become packs one at a time, so that a stream of any length needs the memory of one pack.

use super::folder::PackFile;
use super::{ImportError, Report};
use crate::market::catalog::{Dataset, Quality};
use crate::market::codec::{Units, encode_pack, pack_entry};
use crate::market::{RawQuotes, RawSnapshot, Settlement, SnapshotError};
use crate::units::Timestamp;

/// Options after which a month is continued in another pack: about 30 MiB, under the reader's limit of 64.
const OPTIONS_A_PACK: u64 = 1_000_000;
/// Snapshots after which it is: well under the reader's limit.
const SNAPSHOTS_A_PACK: usize = 20_000;

/// Snapshots as they come, and the header as it is completed.
pub struct PackWriter {
    header: Dataset,
    open: Vec<RawSnapshot>,
    open_options: u64,
    /// Packs of the open month that are written.
    parts: u32,
    times: Option<(Timestamp, Timestamp)>,
    counted: Counted,
}

/// What the header's quality says, counted on the way.
#[derive(Default)]
struct Counted {
    options: u64,
    two_sided: u64,
    gaps: u32,
}

impl PackWriter {
    /// No snapshot yet; the header's id, settlement, calendar and cadence hold, the rest may change until the end.
    pub fn new(mut header: Dataset) -> PackWriter {
        header.packs.clear();
        PackWriter { header, open: Vec::new(), open_options: 0, parts: 0, times: None, counted: Counted::default() }
    }

    /// Takes the next snapshot, rounded to the format's units and checked as a reader would; one of the same time as the
    /// last is dropped and counted.
    ///
    /// Returns the pack before it, where this one begins another.
    ///
    /// # Errors
    /// The snapshot breaks an invariant or comes before the last.
    pub fn push(&mut self, mut snapshot: RawSnapshot, report: &mut Report) -> Result<Option<PackFile>, ImportError> {
        let time = snapshot.time;
        let refuse = |message: String| ImportError::Snapshot { time, message };
        if let Some((_, last)) = self.times {
            if time == last {
                report.drop_rows("second snapshot of one time", 1);
                return Ok(None);
            }
            if time < last {
                return Err(refuse(format!("found it after {last}, expected snapshots in time order")));
            }
        }
        self.count(&snapshot, report);
        round(&mut snapshot, self.header.settlement, report);
        snapshot.check().map_err(|e: SnapshotError| refuse(e.to_string()))?;
        let pack = self.close_before(&snapshot);
        self.open_options += rows(&snapshot);
        self.open.push(snapshot);
        Ok(pack)
    }

    /// The days of the first and the last snapshot; `None` before there is one.
    pub fn days(&self) -> Option<(crate::units::Day, crate::units::Day)> {
        self.times.map(|(first, last)| (first.day(), last.day()))
    }

    /// The header, for what is only known at the end: delivery prices, daily bars.
    pub fn header_mut(&mut self) -> &mut Dataset {
        &mut self.header
    }

    /// The last pack and the completed header: first, last, quality, entries.
    ///
    /// # Errors
    /// There was no snapshot, or the header cannot be right.
    pub fn finish(mut self) -> Result<(PackFile, Dataset), ImportError> {
        let Some((first, last)) = self.times else { return Err(ImportError::Empty) };
        let pack = self.close();
        let Counted { options, two_sided, gaps } = self.counted;
        let two_sided_pct = if options == 0 { 0.0 } else { two_sided as f64 / options as f64 };
        self.header.first = first.day();
        self.header.last = last.day();
        self.header.quality = Quality { two_sided_pct, gaps, ..Quality::default() };
        self.header.check()?;
        Ok((pack, self.header))
    }

    fn count(&mut self, snapshot: &RawSnapshot, report: &mut Report) {
        let quotes = || snapshot.chains.iter().flat_map(|c| [&c.call, &c.put]);
        let two_sided = |q: &RawQuotes| q.bid.iter().zip(&q.ask).filter(|(b, a)| !b.is_nan() && !a.is_nan()).count();
        self.counted.options += rows(snapshot);
        self.counted.two_sided += quotes().map(|q| two_sided(q) as u64).sum::<u64>();
        let time = snapshot.time;
        if let Some((_, last)) = self.times {
            let is_gap = self.header.calendar.open_ms(last, time) > self.header.gap_ms();
            self.counted.gaps += u32::from(is_gap);
        }
        self.times = Some((self.times.map_or(time, |(first, _)| first), time));
        report.kept += options(snapshot);
    }

    /// The open pack, where `next` is of another month or would make it too large.
    fn close_before(&mut self, next: &RawSnapshot) -> Option<PackFile> {
        let month = self.open.first()?.time.day().year_month();
        let is_other_month = next.time.day().year_month() != month;
        let is_full = self.open_options + rows(next) > OPTIONS_A_PACK || self.open.len() >= SNAPSHOTS_A_PACK;
        if !is_other_month && !is_full {
            return None;
        }
        let pack = self.close();
        self.parts = if is_other_month { 0 } else { self.parts + 1 };
        Some(pack)
    }

    fn close(&mut self) -> PackFile {
        let snapshots = std::mem::take(&mut self.open);
        self.open_options = 0;
        let month = snapshots.first().map_or_else(String::new, |s| s.time.format("%Y-%m"));
        let part = if self.parts == 0 { String::new() } else { format!("-{}", self.parts + 1) };
        let path = format!("{}/{month}{part}.json", self.header.id);
        let bytes = encode_pack(&self.header, &snapshots);
        self.header.packs.push(pack_entry(path.clone(), &bytes, &snapshots));
        PackFile { path, bytes }
    }
}

/// Listed options of a snapshot.
fn rows(snapshot: &RawSnapshot) -> u64 {
    snapshot.chains.iter().map(|c| 2 * c.strikes.len() as u64).sum()
}

/// Options of a snapshot with at least one figure.
pub(super) fn options(snapshot: &RawSnapshot) -> u64 {
    let has_figure = |q: &RawQuotes, i: usize| ![&q.bid, &q.ask, &q.mark, &q.iv].into_iter().all(|c| c[i].is_nan());
    let quotes = snapshot.chains.iter().flat_map(|c| [&c.call, &c.put]);
    quotes.map(|q| (0..q.bid.len()).filter(|i| has_figure(q, *i)).count() as u64).sum()
}

/// Rounds bids, asks and marks to the format's units and counts those that change; a bid of 0 units is none.
///
/// Volatilities are rounded too, to hundredths of a point, which is not counted.
pub(super) fn round(snapshot: &mut RawSnapshot, settlement: Settlement, report: &mut Report) {
    let units = Units::of(settlement);
    let mut changed = [0, 0];
    for quotes in snapshot.chains.iter_mut().flat_map(|c| [&mut c.call, &mut c.put]) {
        for bid in &mut quotes.bid {
            let is_nothing = (*bid * units.quote).round() == 0.0;
            report.note("bid under half a unit, set to none", u64::from(is_nothing));
            if is_nothing {
                *bid = f64::NAN;
            }
        }
        let columns = [
            (&mut quotes.bid, units.quote, 0),
            (&mut quotes.ask, units.quote, 0),
            (&mut quotes.mark, units.mark, 1),
            (&mut quotes.iv, units.iv, 2),
        ];
        for (column, unit, which) in columns {
            for value in column.iter_mut().filter(|v| !v.is_nan()) {
                let whole = (*value * unit).round();
                if let Some(count) = changed.get_mut(which) {
                    *count += u64::from((*value * unit - whole).abs() > 1e-6 * whole.max(1.0));
                }
                *value = whole / unit;
            }
        }
    }
    report.note("bid or ask rounded to the format's unit", changed[0]);
    report.note("mark rounded to the format's unit", changed[1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::deribit_months;
    use crate::market::RawChain;

    fn snapshot(iso_day: &str, hour: i64, strikes: usize) -> RawSnapshot {
        let time = crate::units::Day::parse(iso_day).expect("a day").start().plus_ms(hour * 3_600_000);
        let none = || vec![f64::NAN; strikes];
        let quotes =
            || RawQuotes { bid: none(), ask: vec![0.01; strikes], mark: none(), iv: none(), open_interest: vec![] };
        let strikes = (1..=strikes).map(|k| k as f64).collect();
        let chain =
            RawChain { expiry: time.plus_ms(86_400_000), forward: 10.0, strikes, call: quotes(), put: quotes() };
        RawSnapshot { time, index: 10.0, high: None, low: None, chains: vec![chain] }
    }

    #[test]
    fn a_month_ends_a_pack_and_so_does_its_size() {
        let mut writer = PackWriter::new(deribit_months::header("x".into(), "BTC"));
        let mut report = Report::default();
        let mut paths = Vec::new();
        let wide = |hour| {
            let mut wide = snapshot("2026-01-30", hour, 3_000);
            for day in 2..=60 {
                let mut chain = wide.chains[0].clone();
                chain.expiry = wide.time.plus_ms(day * 86_400_000);
                wide.chains.push(chain);
            }
            wide
        };
        for s in [wide(0), wide(1), wide(2), snapshot("2026-02-01", 0, 1), snapshot("2026-02-01", 0, 1)] {
            paths.extend(writer.push(s, &mut report).expect("a snapshot").map(|p| p.path));
        }
        let refused = writer.push(snapshot("2026-01-01", 0, 1), &mut report).expect_err("out of order").to_string();
        assert!(refused.contains("expected snapshots in time order"), "{refused}");
        let (last, header) = writer.finish().expect("a dataset");
        paths.push(last.path);
        assert_eq!(paths, ["x/2026-01.json", "x/2026-01-2.json", "x/2026-02.json"]);
        assert_eq!(header.packs.iter().map(|p| p.snapshots).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!((header.quality.gaps, report.dropped["second snapshot of one time"]), (1, 1));
    }

    #[test]
    fn nothing_is_no_dataset() {
        let writer = PackWriter::new(deribit_months::header("x".into(), "BTC"));
        assert_eq!((writer.days(), writer.finish().expect_err("nothing")), (None, ImportError::Empty));
    }
}
