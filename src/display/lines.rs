//! Lines over any axis as plain values: what is drawn, what it says at a place, and the same as a table.

use super::format::{day, number, or_dash, percent, signed, usd_axis};
use super::plot::{extent, nearest, padded, union};
use crate::sort;
use crate::units::Timestamp;

/// Places of the crosshair in one unit of an axis; on an axis of time, in one millisecond.
const FINE: f64 = 10_000.0;

/// Share of the axis within which a line's point counts as being at the crosshair.
const NEAR: f64 = 0.03;

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Plain numbers.
    #[default]
    Number,
    /// USD.
    Usd,
    /// A share of one, in percent.
    Percent,
    /// A change, a share of one, in percent with a sign.
    Change,
    /// Volatility points with a sign.
    Points,
    /// Delta of the call with its sign turned, so that low strikes stand left.
    Delta,
    /// Days.
    Days,
    /// Instants, ms UTC.
    Time,
    /// Amounts of a coin with a sign.
    Coin,
    /// Things that are counted.
    Count,
}

impl Axis {
    /// A value with the decimals that neighbouring ticks need.
    pub fn words(self, value: f64, decimals: usize) -> String {
        match self {
            Axis::Number => number(value, decimals),
            Axis::Usd => usd_axis(value, decimals),
            Axis::Percent => percent(value, decimals.saturating_sub(2)),
            Axis::Change => format!("{} %", signed(value * 100.0, decimals.saturating_sub(2))),
            Axis::Points | Axis::Coin => signed(value, decimals),
            // Between whole numbers there is nothing to say.
            Axis::Count if value != value.round() => String::new(),
            Axis::Count => number(value, 0),
            Axis::Delta => number(-value, decimals.max(1)),
            Axis::Days => format!("{} d", number(value, decimals)),
            Axis::Time => day(Timestamp(value as i64)),
        }
    }

    /// A value as exactly as somebody wants to read it.
    fn exact(self, value: f64) -> String {
        if self == Axis::Usd {
            let sign = if value < 0.0 { "\u{2212}" } else { "" };
            return format!("{sign}${}", number(value.abs(), if value.abs() < 1000.0 { 2 } else { 0 }));
        }
        let decimals = match self {
            Axis::Number if value.abs() < 10.0 => 3,
            Axis::Number | Axis::Time | Axis::Count | Axis::Usd => 0,
            Axis::Percent => 4 - usize::from(value.abs() >= 1.0),
            Axis::Change | Axis::Coin => 4,
            Axis::Points | Axis::Days => 1,
            Axis::Delta => 2,
        };
        self.words(value, decimals)
    }
}

/// What a line is, which says its colour and dash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// One of several, by its place.
    #[default]
    Placed,
    /// The account without options.
    Hodl,
    /// What was won.
    Gain,
    /// What was lost.
    Loss,
}

impl Tone {
    /// The key of the legend and the style sheet, for the line at a place.
    pub fn key(self, place: usize) -> String {
        match self {
            Tone::Placed => (place % 6 + 1).to_string(),
            Tone::Hodl => "hodl".into(),
            Tone::Gain => "gain".into(),
            Tone::Loss => "loss".into(),
        }
    }
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its points, x ascending.
    pub points: Vec<(f64, f64)>,
    /// Ranges at places: x, low, high.
    pub whiskers: Vec<(f64, f64, f64)>,
    /// What it is.
    pub tone: Tone,
}

/// Lines in one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// What x is.
    pub x: Axis,
    /// Its words.
    pub x_title: &'static str,
    /// What y is.
    pub y: Axis,
    /// Its words.
    pub y_title: &'static str,
    /// The lines, in the order of their colours.
    pub series: Vec<Series>,
    /// Vertical lines: x and its word.
    pub rules: Vec<(f64, &'static str)>,
    /// y is shown from 0.
    pub has_zero: bool,
    /// Bars of this width around the points instead of lines through them.
    pub bars: Option<f64>,
}

/// Least and greatest.
pub type Range = (f64, f64);

/// The points of a line within a range of x, with one more on each side so that it reaches the edge.
pub fn inside(points: &[(f64, f64)], (from, to): Range) -> &[(f64, f64)] {
    let first = points.partition_point(|p| p.0 < from).saturating_sub(1);
    let last = (points.partition_point(|p| p.0 <= to) + 1).min(points.len());
    &points[first.min(last)..last]
}

/// Points by x.
pub fn by_x(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    sort::by(&mut points, |a, b| a.0.total_cmp(&b.0));
    points
}

impl Lines {
    /// The range of x; `None` without a point.
    pub fn x_range(&self) -> Option<Range> {
        let (from, to) = extent(self.series.iter().flat_map(|s| &s.points).map(|p| p.0))?;
        let half = self.bars.unwrap_or_default() / 2.0;
        Some(padded((from - half, to + half), 0.0))
    }

    /// The range of y over a range of x, with air; `None` without a point there.
    pub fn y_range(&self, xs: Range) -> Option<Range> {
        let seen = extent(self.series.iter().flat_map(|s| inside(&s.points, xs)).map(|p| p.1))?;
        let whiskers = self.series.iter().flat_map(|s| &s.whiskers).filter(|w| w.0 >= xs.0 && w.0 <= xs.1);
        let ys = union(Some(seen), whisker_range(seen, whiskers.flat_map(|w| [w.1, w.2])))?;
        let ys = if self.has_zero { (ys.0.min(0.0), ys.1.max(0.0)) } else { ys };
        // Above a bar stands its number, and beside it the words of a rule.
        let (low, high) = padded(ys, if self.bars.is_some() { 0.3 } else { 0.08 });
        let is_positive = self.has_zero && ys.0 >= 0.0;
        Some((if is_positive { 0.0 } else { low }, high))
    }

    /// All of it in one sentence: the axes, and between what each line lies (what bars come to). Empty without a point.
    pub fn sentence(&self) -> String {
        let Some((first, last)) = self.x_range() else { return String::new() };
        let between = |series: &Series| {
            if self.bars.is_some() {
                let sum = series.points.iter().map(|p| p.1).sum();
                return Some(format!("{} {}", series.name, self.y.exact(sum)));
            }
            let (low, high) = extent(series.points.iter().map(|p| p.1))?;
            let (low, high) = (self.y.exact(low), self.y.exact(high));
            let range = if low == high { format!("at {low}") } else { format!("between {low} and {high}") };
            let is_told = series.name == self.y_title;
            Some(if is_told { range } else { format!("{} {range}", series.name) })
        };
        let all: Vec<String> = self.series.iter().filter_map(between).collect();
        let (first, last) = (self.x.exact(first), self.x.exact(last));
        format!("{} ({} {first} to {last}): {}.", self.y_title, self.x_title, all.join("; "))
    }

    /// Where the crosshair can stand, ascending.
    pub fn marks(&self) -> Vec<i64> {
        let mut marks: Vec<i64> = self.series.iter().flat_map(|s| &s.points).map(|p| Lines::mark_of(p.0)).collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// The place of the crosshair at an x.
    pub fn mark_of(x: f64) -> i64 {
        (x * FINE).round() as i64
    }

    /// The x of a place of the crosshair.
    pub fn x_of(mark: i64) -> f64 {
        mark as f64 / FINE
    }

    /// What x and each line say at a place of the crosshair, else at the vertical line, else at the last point: words of x, then of the lines.
    pub fn words_at(&self, cursor: Option<i64>) -> (String, Vec<String>) {
        let last = || self.series.iter().flat_map(|s| s.points.last()).map(|p| Lines::mark_of(p.0)).max();
        let marks = self.marks();
        let ruled = || nearest(&marks, Lines::mark_of(self.rules.first()?.0)).map(|place| marks[place]);
        let Some(at) = cursor.or_else(ruled).or_else(last) else { return (String::new(), Vec::new()) };
        let values = self.series.iter().map(|series| {
            let Some(place) = self.point_near(series, at) else { return or_dash(None, |_| String::new()) };
            let (x, y) = series.points[place];
            let range = series.whiskers.iter().find(|w| w.0 == x);
            let range = range.map(|w| format!(" ({} to {})", self.y.exact(w.1), self.y.exact(w.2)));
            format!("{}{}", self.y.exact(y), range.unwrap_or_default())
        });
        (self.x_words(at), values.collect())
    }

    /// A place of the crosshair: its x, or the edges of its bar.
    fn x_words(&self, at: i64) -> String {
        let x = Lines::x_of(at);
        let edges = |wide: f64| format!("{} to {}", self.x.exact(x - wide / 2.0), self.x.exact(x + wide / 2.0));
        self.bars.map_or_else(|| self.x.exact(x), edges)
    }

    /// The point of a line at a place of the crosshair, where it has one near it.
    pub fn point_near(&self, series: &Series, at: i64) -> Option<usize> {
        let (from, to) = self.x_range()?;
        let marks: Vec<i64> = series.points.iter().map(|p| Lines::mark_of(p.0)).collect();
        let place = nearest(&marks, at)?;
        let is_near = (marks[place] - at).abs() as f64 <= (to - from) * FINE * NEAR;
        is_near.then_some(place)
    }

    /// The same figures as rows: x, then each line's y.
    pub fn rows(&self) -> Vec<(String, Vec<String>)> {
        let exact = |series: &Series, at: i64| {
            let found = series.points.iter().find(|p| Lines::mark_of(p.0) == at).map(|p| p.1);
            or_dash(found, |y| self.y.exact(y))
        };
        let row = |at: i64| (self.x_words(at), self.series.iter().map(|s| exact(s, at)).collect());
        self.marks().into_iter().map(row).collect()
    }
}

/// Whiskers are seen as far as the lines reach and half as far again: one wild quote does not flatten a smile.
fn whisker_range((low, high): (f64, f64), ends: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let room = 0.5 * (high - low).max(high.abs() * 0.1);
    extent(ends.map(|end| end.clamp(low - room, high + room)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        let series = |name: &str, points: &[(f64, f64)]| Series {
            name: name.into(),
            points: points.to_vec(),
            whiskers: vec![(points[0].0, points[0].1 - 0.1, 90.0)],
            ..Series::default()
        };
        let series = vec![series("a", &[(80.0, 0.6), (100.0, 0.5), (120.0, 0.55)]), series("b", &[(100.0, 0.4)])];
        Lines { x: Axis::Usd, y: Axis::Percent, series, ..Lines::default() }
    }

    #[test]
    fn a_place_says_what_each_line_is_there() {
        let lines = lines();
        let mark = |x: f64| Some(Lines::mark_of(x));
        assert_eq!(
            lines.words_at(mark(80.0)),
            ("$80.00".into(), vec!["60.00 % (50.00 % to 9,000.0 %)".into(), "–".into()])
        );
        assert_eq!(lines.words_at(mark(100.0)).1, ["50.00 %", "40.00 % (30.00 % to 9,000.0 %)"]);
        assert_eq!(lines.words_at(None).0, "$120.00", "the last point");
        let ruled = Lines { rules: vec![(97.0, "index")], ..lines.clone() };
        assert_eq!(ruled.words_at(None).0, "$100.00");
        assert_eq!(Lines::default().words_at(None), (String::new(), Vec::new()));
        assert_eq!(lines.marks().len(), 3);
        assert_eq!(lines.rows()[0], ("$80.00".into(), vec!["60.00 %".into(), "–".into()]));
    }

    #[test]
    fn a_wild_whisker_does_not_flatten_the_lines() {
        let lines = lines();
        let x = lines.x_range().expect("points");
        let y = lines.y_range(x).expect("points");
        assert_eq!(x, (80.0, 120.0));
        assert!(y.1 < 0.8 && y.0 > 0.2, "{y:?}");
        let from_zero = Lines { has_zero: true, ..lines };
        assert_eq!(from_zero.y_range(x).map(|y| y.0), Some(0.0));
        assert_eq!((Lines::default().x_range(), Lines::default().y_range(x)), (None, None));
    }

    #[test]
    fn a_closer_look_has_a_range_of_its_own() {
        let points: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i), f64::from(i))).collect();
        assert_eq!(inside(&points, (10.5, 12.0)), [(10.0, 10.0), (11.0, 11.0), (12.0, 12.0), (13.0, 13.0)]);
        assert_eq!(inside(&points, (500.0, 600.0)), [(99.0, 99.0)]);
        let series = vec![Series { points, ..Series::default() }];
        let y = Lines { series, ..Lines::default() }.y_range((10.5, 12.0)).expect("points");
        assert!(y.0 > 9.0 && y.1 < 14.0, "{y:?}");
    }

    #[test]
    fn bars_are_told_by_their_edges() {
        let series = |name: &str, tone, points: &[(f64, f64)]| Series {
            name: name.into(),
            points: points.to_vec(),
            tone,
            ..Series::default()
        };
        let bars = Lines {
            x: Axis::Coin,
            x_title: "PnL",
            y: Axis::Count,
            y_title: "Trades",
            series: vec![
                series("Loss", Tone::Loss, &[(-0.15, 2.0), (-0.05, 1.0)]),
                series("Win", Tone::Gain, &[(0.05, 4.0)]),
            ],
            bars: Some(0.1),
            has_zero: true,
            ..Lines::default()
        };
        assert_eq!(
            bars.x_range().map(|(from, to)| (number(from, 3), number(to, 3))),
            Some(("−0.200".into(), "0.100".into()))
        );
        assert_eq!(
            bars.words_at(Some(Lines::mark_of(-0.15))),
            ("−0.2000 to −0.1000".into(), vec!["2".into(), "–".into()])
        );
        assert_eq!(bars.rows()[2], ("0.0000 to +0.1000".into(), vec!["–".into(), "4".into()]));
        assert_eq!(bars.sentence(), "Trades (PnL −0.2000 to +0.1000): Loss 3; Win 4.");
        assert_eq!((Axis::Count.words(0.5, 1), Axis::Count.words(2.0, 1)), (String::new(), "2".into()));
        assert_eq!((Tone::Placed.key(7), Tone::Hodl.key(1)), ("2".into(), "hodl".into()));
    }

    #[test]
    fn lines_are_one_sentence() {
        let named = Lines { x_title: "Strike", y_title: "Volatility", ..lines() };
        assert_eq!(
            named.sentence(),
            "Volatility (Strike $80.00 to $120.00): a between 50.00 % and 60.00 %; b at 40.00 %."
        );
        assert_eq!(Lines::default().sentence(), "");
    }
}
