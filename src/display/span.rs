//! What of an axis is looked at: zooming and panning, never beyond the data and never closer than a few marks.

use super::plot::Scale;

/// First and last place of an axis, in its own units: ms UTC, or [`Lines::mark_of`](super::lines::Lines::mark_of).
pub type Span = (i64, i64);

/// Marks that the closest look still has in view.
const FEWEST: i64 = 4;
/// Pixels between two fingers below which their distance says nothing.
const CLOSEST_PX: f64 = 24.0;

/// How far zooming and panning may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The whole axis.
    pub whole: Span,
    /// Least width.
    pub least: i64,
}

impl Bounds {
    /// Bounds of an axis with these marks, ascending.
    pub fn new(whole: Span, marks: &[i64]) -> Bounds {
        let reach = marks.first().zip(marks.last()).map_or(0, |(first, last)| last - first);
        let gaps = marks.len().saturating_sub(1).max(1) as i64;
        Bounds { whole, least: (FEWEST * (reach / gaps)).max(1) }
    }

    /// The nearest allowed span, as wide as asked for where that is allowed; `None` for the whole axis.
    pub fn fit(&self, (from, to): Span) -> Option<Span> {
        let (first, last) = self.whole;
        let width = (to - from).max(self.least);
        if width >= last - first {
            return None;
        }
        // What is widened keeps its middle.
        let from = from - (width - (to - from)) / 2;
        let from = from.clamp(first, last - width);
        Some((from, from + width))
    }

    /// A span a factor as wide, whose place `at` stays where it is on the screen.
    pub fn scaled(&self, (from, to): Span, at: i64, factor: f64) -> Option<Span> {
        let now = (to - from) as f64;
        let width = (now * factor).max(self.least as f64);
        let share = ((at - from) as f64 / now.max(1.0)).clamp(0.0, 1.0);
        let start = at.clamp(from, to) - (share * width) as i64;
        self.fit((start, start + width as i64))
    }

    /// A span moved along the axis.
    pub fn shifted(&self, (from, to): Span, by: i64) -> Option<Span> {
        self.fit((from + by, to + by))
    }

    /// A span moved no further than it takes to show a place.
    pub fn showing(&self, (from, to): Span, at: i64) -> Option<Span> {
        self.shifted((from, to), (at - to).max(0) + (at - from).min(0))
    }

    /// The span that keeps what was beneath two fingers beneath them, before and after a move, pixels.
    pub fn pinched(&self, x: &Scale, before: (f64, f64), after: (f64, f64)) -> Option<Span> {
        let is_far = |(a, b): (f64, f64)| (b - a).abs() >= CLOSEST_PX;
        let is_turned = (before.1 - before.0) * (after.1 - after.0) <= 0.0;
        if is_turned || !is_far(before) || !is_far(after) {
            return self.fit((x.from as i64, x.to as i64));
        }
        let (a, b) = (x.value(before.0), x.value(before.1));
        let a_pixel = (b - a) / (after.1 - after.0);
        let from = a - (after.0 - x.from_px) * a_pixel;
        self.fit((from as i64, (from + (x.to_px - x.from_px) * a_pixel) as i64))
    }
}

/// How many marks a leap of about this length is: at least two, so that it is none of a single mark; ten where a mark is as long.
pub fn leap(marks: &[i64], length: i64) -> isize {
    let reach = marks.first().zip(marks.last()).map_or(0, |(first, last)| last - first);
    let gap = reach / marks.len().saturating_sub(1).max(1) as i64;
    let count = if gap > 0 { (length + gap / 2) / gap } else { 0 };
    if count < 2 { 10 } else { count as isize }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { whole: (0, 1000), least: 40 };

    #[test]
    fn a_span_stays_within_the_axis_and_above_its_least_width() {
        for (asked, expected) in [
            ((100, 300), Some((100, 300))),
            ((-50, 150), Some((0, 200))),
            ((900, 1200), Some((700, 1000))),
            ((-10, 990), None),
            ((500, 500), Some((480, 520))),
            ((995, 999), Some((960, 1000))),
        ] {
            assert_eq!(BOUNDS.fit(asked), expected, "{asked:?}");
        }
        let marks: Vec<i64> = (0..=100).map(|i| i * 10).collect();
        assert_eq!(Bounds::new((0, 1000), &marks), BOUNDS);
        assert_eq!(Bounds::new((0, 0), &[]).fit((3, 5)), None);
    }

    #[test]
    fn zooming_keeps_the_place_under_the_pointer() {
        assert_eq!(BOUNDS.scaled((0, 1000), 250, 0.5), Some((125, 625)));
        assert_eq!(BOUNDS.scaled((125, 625), 250, 2.0), None, "back to the whole axis");
        assert_eq!(BOUNDS.scaled((100, 200), 100, 0.1), Some((100, 140)), "no closer than the least width");
        assert_eq!(BOUNDS.scaled((100, 200), 900, 0.5), Some((150, 200)), "a place out of view is at the edge");
    }

    #[test]
    fn panning_stops_at_the_ends() {
        assert_eq!(BOUNDS.shifted((100, 300), 50), Some((150, 350)));
        assert_eq!(BOUNDS.shifted((100, 300), -500), Some((0, 200)));
        assert_eq!(BOUNDS.shifted((100, 300), 5000), Some((800, 1000)));
        for (at, expected) in [(200, (100, 300)), (310, (110, 310)), (40, (40, 240))] {
            assert_eq!(BOUNDS.showing((100, 300), at), Some(expected), "{at}");
        }
    }

    #[test]
    fn two_fingers_hold_what_is_beneath_them() {
        let x = Scale { from: 0.0, to: 1000.0, from_px: 0.0, to_px: 100.0 };
        assert_eq!(BOUNDS.pinched(&x, (40.0, 60.0), (20.0, 80.0)), None, "too near to tell");
        assert_eq!(BOUNDS.pinched(&x, (25.0, 75.0), (0.0, 100.0)), Some((250, 750)));
        assert_eq!(BOUNDS.pinched(&x, (0.0, 50.0), (0.0, 100.0)), Some((0, 500)));
        assert_eq!(BOUNDS.pinched(&x, (75.0, 25.0), (100.0, 0.0)), Some((250, 750)), "whichever came first");
        let near = Scale { from: 200.0, to: 400.0, ..x };
        assert_eq!(BOUNDS.pinched(&near, (20.0, 60.0), (40.0, 80.0)), Some((160, 360)), "both moved: a pan");
        assert_eq!(BOUNDS.pinched(&near, (20.0, 60.0), (60.0, 20.0)), Some((200, 400)), "crossed fingers say nothing");
    }

    #[test]
    fn a_leap_is_a_day_or_ten_marks() {
        let hours: Vec<i64> = (0..100).collect();
        assert_eq!((leap(&hours, 24), leap(&[0, 24, 48], 24), leap(&[7], 24), leap(&[], 24)), (24, 10, 10, 10));
    }
}
