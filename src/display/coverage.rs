//! The coverage calendar: what a dataset has of each day, and where the day stands in a drawing.

use super::format::{ABSENT, count, day as day_words, percent};
use crate::market::observed::{DayCount, Observed};
use crate::market::{Calendar, Dataset};
use crate::units::{Day, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Room left of the weeks for the year, CSS pixels.
pub const LABEL: f64 = 36.0;
/// Room above the weeks for the months.
pub const HEAD: f64 = 16.0;
/// Height of a year with its months and the gap below it; the stylesheet has the same.
pub const BLOCK: f64 = 92.0;
/// Room between two years side by side.
const GAP: f64 = 20.0;
/// Weeks that a year can touch.
const WEEKS: f64 = 54.0;

/// What a day has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// The market is closed.
    Closed,
    /// The catalog covers it; its file was not read.
    Unread,
    /// Quotes.
    Quoted,
    /// An interval above 1.5 cadences lies in it or ends in it, or it has no snapshot.
    Gap,
}

/// What was counted in the files that were read, by their place in the catalog.
pub type Read = BTreeMap<usize, Arc<Observed>>;

/// Every day of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// The first day.
    pub first: Day,
    /// The days from the first on, with what was counted of them.
    pub days: Vec<(DayState, DayCount)>,
    /// Most quoted options a snapshot of any day.
    pub most: u64,
}

/// A month of a dataset in a table.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthRow {
    /// `2026-03`.
    pub name: String,
    /// How many days have quotes, are not read yet, are closed.
    pub days: [u32; 3],
    /// Quotes in the files that were read.
    pub quotes: String,
    /// The days of the month with a gap, `3, 14`; a dash where there is none.
    pub gaps: String,
}

/// Quoted options a snapshot of a day.
fn quotes(count: &DayCount) -> u64 {
    count.sides.quoted() / u64::from(count.snapshots.max(1))
}

/// The calendar of a dataset, as far as its files were read.
pub fn coverage(dataset: &Dataset, read: &Read) -> Coverage {
    let gaps = gap_days(dataset, read);
    let counted: BTreeMap<Day, DayCount> = read.values().flat_map(|seen| &seen.days).map(|(d, c)| (*d, *c)).collect();
    let is_read = |day: Day| {
        let at = dataset.packs.partition_point(|pack| pack.first.day() <= day);
        // Between two files a day belongs to the one before it.
        at.checked_sub(1).is_some_and(|place| read.contains_key(&place))
    };
    let is_closed = |day: Day| dataset.calendar != Calendar::Continuous && dataset.calendar.open_day_before(day) != day;
    let state = |day: Day| match counted.get(&day) {
        _ if gaps.contains(&day) => DayState::Gap,
        Some(_) => DayState::Quoted,
        None if is_closed(day) => DayState::Closed,
        None if is_read(day) => DayState::Gap,
        None => DayState::Unread,
    };
    let days = (dataset.first.0..=dataset.last.0).map(Day);
    let days: Vec<_> = days.map(|day| (state(day), counted.get(&day).copied().unwrap_or_default())).collect();
    Coverage { first: dataset.first, most: days.iter().map(|(_, count)| quotes(count)).max().unwrap_or(0), days }
}

/// The open days on which a gap lies, each gap on the day where it ends and on the days without a snapshot before it.
fn gap_days(dataset: &Dataset, read: &Read) -> BTreeSet<Day> {
    let between = dataset.packs.windows(2).map(|packs| (packs[0].last, packs[1].first));
    let within = read.values().flat_map(|seen| seen.times.windows(2)).map(|times| (times[0], times[1]));
    let is_gap = |(from, to): &(Timestamp, Timestamp)| dataset.is_gap(*from, *to);
    let days = |(from, to): (Timestamp, Timestamp)| (from.day().0 + 1..=to.day().0.max(from.day().0 + 1)).map(Day);
    let is_open = |day: &Day| dataset.calendar.open_day_before(*day) == *day;
    let missing = |(from, to): (Timestamp, Timestamp)| {
        let last = to.day();
        let only_end = from.day() == last;
        days((from, to))
            .filter(move |day| is_open(day) && *day < last)
            .chain((only_end || last.0 == from.day().0 + 1).then_some(last))
    };
    between.chain(within).filter(is_gap).flat_map(missing).collect()
}

impl Coverage {
    fn last(&self) -> Day {
        Day(self.first.0 + self.days.len() as i32 - 1)
    }

    /// First and last day of each block of the drawing: the calendar years, or all where a year's weeks hold it.
    pub fn blocks(&self) -> Vec<(Day, Day)> {
        if f64::from(self.last().0 - monday(self.first)) < WEEKS * 7.0 {
            return vec![(self.first, self.last())];
        }
        let span = |year| Some((Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?));
        (self.first.year_month().0..=self.last().year_month().0).filter_map(span).collect()
    }

    /// The days, as instants ms UTC.
    pub fn marks(&self) -> Vec<i64> {
        (0..self.days.len() as i32).map(|i| Day(self.first.0 + i).start().0).collect()
    }

    /// A day's state and counts; `None` outside the dataset.
    pub fn at(&self, day: Day) -> Option<&(DayState, DayCount)> {
        usize::try_from(day.0 - self.first.0).ok().and_then(|place| self.days.get(place))
    }

    /// How dark a day is drawn, 0 to 1: its quotes a snapshot against the most.
    pub fn share(&self, counted: &DayCount) -> f64 {
        quotes(counted) as f64 / self.most.max(1) as f64
    }

    /// A day in words.
    pub fn words(&self, day: Day) -> String {
        let name = day_words(day.start());
        let Some((state, counted)) = self.at(day) else { return format!("{name}: not in this dataset") };
        let sides = counted.sides;
        let held = || {
            format!(
                "{} {}, {} quotes, {} of options with both sides",
                counted.snapshots,
                if counted.snapshots == 1 { "snapshot" } else { "snapshots" },
                count(sides.quoted() as usize),
                percent(sides.two_sided_share().unwrap_or(0.0), 1)
            )
        };
        match state {
            DayState::Closed => format!("{name}: closed"),
            DayState::Unread => format!("{name}: in the catalog, not read yet"),
            DayState::Quoted => format!("{name}: {}", held()),
            DayState::Gap if counted.snapshots > 0 => format!("{name}: gap; {}", held()),
            DayState::Gap => format!("{name}: gap, no snapshot"),
        }
    }

    /// The months that the days lie in, ascending.
    pub fn by_month(&self) -> Vec<MonthRow> {
        let days: Vec<(Day, &(DayState, DayCount))> =
            self.days.iter().zip(self.first.0..).map(|(is, day)| (Day(day), is)).collect();
        days.chunk_by(|a, b| a.0.year_month() == b.0.year_month())
            .map(|month| {
                let of = |wanted: DayState| month.iter().filter(|(_, is)| is.0 == wanted).count() as u32;
                let gaps = month.iter().filter(|(_, is)| is.0 == DayState::Gap);
                let gaps: Vec<String> = gaps.map(|(day, _)| day.start().format("%-d")).collect();
                MonthRow {
                    name: month[0].0.start().format("%Y-%m"),
                    days: [DayState::Quoted, DayState::Unread, DayState::Closed].map(of),
                    quotes: count(month.iter().map(|(_, is)| is.1.sides.quoted() as usize).sum()),
                    gaps: if gaps.is_empty() { ABSENT.to_owned() } else { gaps.join(", ") },
                }
            })
            .collect()
    }

    /// All of it in one sentence.
    pub fn summary(&self) -> String {
        let of = |wanted: DayState| self.days.iter().filter(|(state, _)| *state == wanted).count();
        let mut parts =
            vec![format!("{} {}", count(self.days.len()), if self.days.len() == 1 { "day" } else { "days" })];
        let words = [
            (DayState::Quoted, "with quotes"),
            (DayState::Gap, "with a gap"),
            (DayState::Closed, "closed"),
            (DayState::Unread, "not read yet"),
        ];
        parts.extend(
            words
                .iter()
                .map(|(state, words)| (of(*state), words))
                .filter(|p| p.0 > 0)
                .map(|(n, words)| format!("{} {words}", count(n))),
        );
        format!("{}.", parts.join(", "))
    }
}

/// Where the days of a calendar stand in a drawing: a block a year, a column a week, Monday above; one block where its weeks hold all.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// First and last day of each block.
    spans: Vec<(Day, Day)>,
    across: usize,
    width: f64,
    /// Side of a day, with the gap to the next.
    pub cell: f64,
}

impl Blocks {
    /// Places the blocks in a drawing; its height says how many stand side by side.
    pub fn new(coverage: &Coverage, (width, height): (f64, f64)) -> Blocks {
        let spans = coverage.blocks();
        let down = ((height / BLOCK).round() as usize).clamp(1, spans.len());
        let across = spans.len().div_ceil(down);
        let width = (width + GAP) / across as f64;
        let weeks = spans.iter().map(|span| (span.1.0 - monday(span.0)) / 7 + 1).max().unwrap_or(1);
        let cell = ((width - GAP - LABEL) / f64::from(weeks)).clamp(2.0, (BLOCK - HEAD - 6.0) / 7.0);
        Blocks { spans, across, width, cell }
    }

    /// The blocks: first and last day, and the left upper corner.
    pub fn corners(&self) -> impl Iterator<Item = ((Day, Day), f64, f64)> + '_ {
        self.spans.iter().enumerate().map(|(place, span)| (*span, self.left(place), self.top(place)))
    }

    fn left(&self, place: usize) -> f64 {
        (place % self.across) as f64 * self.width
    }

    fn top(&self, place: usize) -> f64 {
        (place / self.across) as f64 * BLOCK
    }

    /// The block of a day; the last for days beyond.
    fn place(&self, day: Day) -> usize {
        self.spans.partition_point(|span| span.1 < day).min(self.spans.len() - 1)
    }

    /// Upper edge of the block of a day.
    pub fn block_top(&self, day: Day) -> f64 {
        self.top(self.place(day))
    }

    /// The left upper corner of a day.
    pub fn corner(&self, day: Day) -> (f64, f64) {
        let place = self.place(day);
        let week = (day.0 - monday(self.spans[place].0)).div_euclid(7);
        let (x, y) = (f64::from(week) * self.cell, f64::from(day.weekday()) * self.cell);
        (self.left(place) + LABEL + x, self.top(place) + HEAD + y)
    }

    /// The day at a place; `None` between the blocks.
    pub fn day_at(&self, (x, y): (f64, f64)) -> Option<Day> {
        let (column, row) = ((x / self.width) as usize, (y / BLOCK) as usize);
        let place = row * self.across + column;
        let span = self.spans.get(place).filter(|_| x >= 0.0 && y >= 0.0 && column < self.across)?;
        let week = ((x - self.left(place) - LABEL) / self.cell).floor();
        let weekday = ((y - self.top(place) - HEAD) / self.cell).floor();
        let day = Day(monday(span.0) + week as i32 * 7 + weekday as i32);
        let is_inside = week >= 0.0 && (0.0..7.0).contains(&weekday) && span.0 <= day && day <= span.1;
        is_inside.then_some(day)
    }
}

/// The Monday of a day's week, as a count of days.
fn monday(day: Day) -> i32 {
    day.0 - i32::from(day.weekday())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::observed::Sides;
    use crate::market::{Catalog, catalog::PackEntry};

    fn dataset() -> Dataset {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("the catalog");
        let mut dataset = catalog.dataset("msft-2026").expect("msft-2026").clone();
        let day = |text: &str| Day::parse(text).expect("a day");
        let entry = |first: &str, last: &str| PackEntry {
            first: day(first).start(),
            last: day(last).start(),
            ..dataset.packs[0].clone()
        };
        dataset.packs = vec![entry("2026-03-30", "2026-04-01"), entry("2026-04-06", "2026-04-13")];
        (dataset.first, dataset.last) = (day("2026-03-30"), day("2026-04-13"));
        dataset
    }

    fn seen(days: &[&str]) -> Arc<Observed> {
        let mut seen = Observed::default();
        for text in days {
            let day = Day::parse(text).expect("a day");
            seen.times.push(day.start());
            let sides = Sides { two_sided: 90, unquoted: 10, ..Sides::default() };
            seen.days.insert(day, DayCount { snapshots: 1, sides });
        }
        Arc::new(seen)
    }

    fn states(coverage: &Coverage) -> String {
        let letter = |(state, _): &(DayState, DayCount)| match state {
            DayState::Closed => 'c',
            DayState::Unread => 'u',
            DayState::Quoted => 'q',
            DayState::Gap => 'g',
        };
        coverage.days.iter().map(letter).collect()
    }

    #[test]
    fn days_are_read_closed_or_gaps() {
        let dataset = dataset();
        // Monday 30 March to Monday 13 April; Friday 3 April is a holiday, and 2 April is missing.
        assert_eq!(states(&coverage(&dataset, &Read::new())), "uuugcccuuuuuccu");
        let mut read = Read::from([(1, seen(&["2026-04-06", "2026-04-07", "2026-04-08", "2026-04-10", "2026-04-13"]))]);
        assert_eq!(states(&coverage(&dataset, &read)), "uuugcccqqqgqccq");
        read.insert(0, seen(&["2026-03-30", "2026-03-31", "2026-04-01"]));
        let all = coverage(&dataset, &read);
        assert_eq!(states(&all), "qqqgcccqqqgqccq");
        assert_eq!(all.summary(), "15 days, 8 with quotes, 2 with a gap, 5 closed.");
        let row = |name: &str, days, quotes: &str, gaps: &str| MonthRow {
            name: name.into(),
            days,
            quotes: quotes.into(),
            gaps: gaps.into(),
        };
        assert_eq!(
            all.by_month(),
            [row("2026-03", [2, 0, 0], "180", ABSENT), row("2026-04", [6, 0, 5], "540", "2, 9")],
            "a month's row agrees with its days"
        );
        let day = |text: &str| Day::parse(text).expect("a day");
        assert_eq!(
            all.words(day("2026-03-31")),
            "2026-03-31: 1 snapshot, 90 quotes, 90.0 % of options with both sides"
        );
        assert_eq!(all.words(day("2026-04-02")), "2026-04-02: gap, no snapshot");
        assert_eq!(
            (all.words(day("2026-04-05")), all.words(day("2027-01-01"))),
            ("2026-04-05: closed".into(), "2027-01-01: not in this dataset".into())
        );
    }

    #[test]
    fn every_day_is_found_where_it_stands() {
        let long = Coverage {
            first: Day::from_ymd(2004, 11, 18).expect("a day"),
            days: vec![(DayState::Unread, DayCount::default()); 7_348],
            most: 0,
        };
        assert_eq!(long.blocks().len(), 21);
        for size in [(358.0, 21.0 * BLOCK), (1_360.0, 7.0 * BLOCK)] {
            let blocks = Blocks::new(&long, size);
            for mark in long.marks() {
                let day = Timestamp(mark).day();
                let (x, y) = blocks.corner(day);
                assert_eq!(blocks.day_at((x + 1.0, y + 1.0)), Some(day));
                assert!(x + blocks.cell <= size.0 + 0.01 && y < size.1, "{day} at {x} {y}");
            }
            assert_eq!(blocks.day_at((2.0, 2.0)), None);
        }
        let half = Coverage { days: long.days[..200].to_vec(), ..long };
        assert_eq!(half.blocks(), [(half.first, half.last())], "over the turn of the year in one block");
        let blocks = Blocks::new(&half, (358.0, BLOCK));
        for day in [half.first, half.last()] {
            let (x, y) = blocks.corner(day);
            assert_eq!(blocks.day_at((x + 1.0, y + 1.0)), Some(day));
        }
        let (x, y) = blocks.corner(half.last());
        assert_eq!(blocks.day_at((x + blocks.cell + 1.0, y + 1.0)), None);
    }
}
