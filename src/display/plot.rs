//! Plot geometry: scales, ticks, decimation to pixel columns, segments and hit tests. No drawing.

use crate::units::{DAY_MS, Day, HOUR_MS, Timestamp};

/// A linear map from a domain to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Domain at `from_px`.
    pub from: f64,
    /// Domain at `to_px`.
    pub to: f64,
    /// First pixel.
    pub from_px: f64,
    /// Last pixel; below `from_px` for an axis that points up.
    pub to_px: f64,
}

impl Scale {
    /// The pixel of a value; an empty domain maps to the middle.
    pub fn px(&self, value: f64) -> f64 {
        let span = self.to - self.from;
        let share = if span == 0.0 { 0.5 } else { (value - self.from) / span };
        self.from_px + share * (self.to_px - self.from_px)
    }
    /// The value at a pixel.
    pub fn value(&self, px: f64) -> f64 {
        let span = self.to_px - self.from_px;
        let share = if span == 0.0 { 0.5 } else { (px - self.from_px) / span };
        self.from + share * (self.to - self.from)
    }
}

/// The least and greatest of finite values; `None` without one.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

/// The union of two extents.
pub fn union(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// An extent with air above and below; a flat one is widened so that it can be drawn.
pub fn padded((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let span = high - low;
    let least = high.abs().max(low.abs()).max(1e-9) * 1e-4;
    let air = if span < least { least } else { span * share };
    (low - air, high + air)
}

/// Round values inside a range, about `wanted` of them, and the decimals they need.
pub fn nice_ticks(low: f64, high: f64, wanted: usize) -> (Vec<f64>, usize) {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 || wanted == 0 {
        return (vec![low], 2);
    }
    let raw = span / wanted as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|m| m * power).find(|s| *s >= raw * 0.7).unwrap_or(raw);
    let first = libm::ceil(low / step - 1e-9) as i64;
    let last = libm::floor(high / step + 1e-9) as i64;
    let whole = |d: i32| {
        let scaled = step * libm::pow(10.0, f64::from(d));
        (scaled - scaled.round()).abs() < 1e-6
    };
    let decimals = (0..9).find(|d| whole(*d));
    ((first..=last).map(|i| i as f64 * step).collect(), decimals.unwrap_or(2) as usize)
}

/// One mark of the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTick {
    /// Milliseconds UTC.
    pub time: i64,
    /// Its words.
    pub label: String,
}

/// Marks of a time range at round hours, days, months or years, at most `most` of them.
pub fn time_ticks(from: i64, to: i64, most: usize) -> Vec<TimeTick> {
    if to <= from || most == 0 {
        return Vec::new();
    }
    let hours = [1, 3, 6, 12];
    let days = [1, 2, 7, 14];
    let fits = |step: i64| (to - from) / step <= most as i64;
    if let Some(step) = hours.iter().map(|h| h * HOUR_MS).find(|s| fits(*s)) {
        return every(from, to, step, 0, |t| if t.0 % DAY_MS == 0 { t.format("%-d %b") } else { t.format("%H:%M") });
    }
    if let Some(step) = days.iter().map(|d| d * DAY_MS).find(|s| fits(*s)) {
        let monday = if step >= 7 * DAY_MS { 4 * DAY_MS } else { 0 };
        return every(from, to, step, monday, |t| t.format("%-d %b"));
    }
    let months = [1, 2, 3, 6, 12, 24, 60].into_iter().find(|m| fits(m * 30 * DAY_MS)).unwrap_or(120);
    month_ticks(from, to, months)
}

fn every(from: i64, to: i64, step: i64, phase: i64, label: impl Fn(Timestamp) -> String) -> Vec<TimeTick> {
    let first = (from - phase + step - 1).div_euclid(step) * step + phase;
    (0..)
        .map(|k| first + k * step)
        .take_while(|t| *t <= to)
        .map(|t| TimeTick { time: t, label: label(Timestamp(t)) })
        .collect()
}

fn month_ticks(from: i64, to: i64, months: i64) -> Vec<TimeTick> {
    let year = |t: i64| Timestamp(t).format("%Y").parse::<i64>().unwrap_or(1970);
    let first = (year(from) * 12 / months) * months;
    let start = |k: i64| Day::from_ymd((k / 12) as i32, (k % 12) as u32 + 1, 1).map(|d| d.start());
    (0..)
        .map_while(|i| start(first + i * months))
        .take_while(|t| t.0 <= to)
        .filter(|t| t.0 >= from)
        .map(|t| {
            let january = t.format("%m") == "01";
            TimeTick { time: t.0, label: t.format(if january { "%b %Y" } else { "%b" }) }
        })
        .collect()
}

/// The index of the time nearest to `time`; `None` of an empty slice. Times ascend.
pub fn nearest(times: &[i64], time: i64) -> Option<usize> {
    let after = times.partition_point(|t| *t < time);
    let candidates = [after.checked_sub(1), (after < times.len()).then_some(after)];
    candidates.into_iter().flatten().min_by_key(|i| (times[*i] - time).abs())
}

/// The indices whose times lie in a range, one more on each side so that lines reach the edge.
pub fn window(times: &[i64], from: i64, to: i64) -> std::ops::Range<usize> {
    let first = times.partition_point(|t| *t < from).saturating_sub(1);
    let last = (times.partition_point(|t| *t <= to) + 1).min(times.len());
    first.min(last)..last
}

/// The values of these indices, as far as there are any.
pub fn cut<'a, T>(values: &'a [T], view: &std::ops::Range<usize>) -> &'a [T] {
    let end = view.end.min(values.len());
    &values[view.start.min(end)..end]
}

/// Pixels of the scale within which a column's values are one point.
const FLAT: f64 = 0.5;

/// A path of pixels: at most the first, lowest, highest and last value of each pixel column, in time order; the first alone where they are
/// within half a pixel of the scale.
pub fn decimate(times: &[i64], values: &[f64], x: &Scale, y: &Scale) -> Vec<(f64, f64)> {
    let n = times.len().min(values.len());
    let columns = (x.to_px - x.from_px).abs().max(1.0);
    let point = |i: usize| (x.px(times[i] as f64), y.px(values[i]));
    if (n as f64) < columns * 2.0 {
        return (0..n).filter(|i| values[*i].is_finite()).map(point).collect();
    }
    let mut path = Vec::with_capacity(columns as usize * 4);
    let column = |i: usize| libm::floor(x.px(times[i] as f64)) as i64;
    let mut start = 0;
    while start < n {
        let here = column(start);
        let end = (start..n).find(|i| column(*i) != here).unwrap_or(n);
        push_column(&mut path, start..end, values, point);
        start = end;
    }
    path
}

fn push_column(
    path: &mut Vec<(f64, f64)>,
    run: std::ops::Range<usize>,
    values: &[f64],
    point: impl Fn(usize) -> (f64, f64),
) {
    let finite = || run.clone().filter(|i| values[*i].is_finite());
    let low = finite().min_by(|a, b| values[*a].total_cmp(&values[*b]));
    let high = finite().max_by(|a, b| values[*a].total_cmp(&values[*b]));
    let tall = low.zip(high).map_or(0.0, |(low, high)| (point(low).1 - point(high).1).abs());
    let ascending = [finite().next(), low.min(high), low.max(high), finite().next_back()];
    let mut picked: Vec<usize> = ascending.into_iter().take(if tall < FLAT { 1 } else { 4 }).flatten().collect();
    picked.dedup();
    path.extend(picked.into_iter().map(point));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let (ticks, decimals) = nice_ticks(0.93, 1.07, 5);
        assert_eq!((ticks.len(), decimals), (7, 2));
        assert!((ticks[0] - 0.94).abs() < 1e-12 && (ticks[6] - 1.06).abs() < 1e-12);
        let (ticks, decimals) = nice_ticks(61_000.0, 98_000.0, 4);
        assert_eq!((ticks, decimals), (vec![70_000.0, 80_000.0, 90_000.0], 0));
    }

    #[test]
    fn time_ticks_fall_on_months_and_days() {
        let at = |text: &str| Day::parse(text).map(|d| d.start().0).unwrap_or_default();
        let labels = |a: &str, b: &str, n| time_ticks(at(a), at(b), n).into_iter().map(|t| t.label).collect::<Vec<_>>();
        assert_eq!(labels("2025-12-30", "2026-06-30", 8), ["Jan 2026", "Feb", "Mar", "Apr", "May", "Jun"]);
        assert_eq!(labels("2026-01-01", "2026-01-05", 6), ["1 Jan", "2 Jan", "3 Jan", "4 Jan", "5 Jan"]);
        assert_eq!(labels("2026-01-01", "2026-02-01", 6).first().map(String::as_str), Some("5 Jan"));
    }

    #[test]
    fn decimation_keeps_extremes_of_every_column() {
        let times: Vec<i64> = (0..10_000).collect();
        let values: Vec<f64> = times.iter().map(|t| if *t == 5_003 { 9.0 } else { (*t % 7) as f64 / 7.0 }).collect();
        let x = Scale { from: 0.0, to: 9_999.0, from_px: 0.0, to_px: 100.0 };
        let y = Scale { from: 0.0, to: 9.0, from_px: 100.0, to_px: 0.0 };
        let path = decimate(&times, &values, &x, &y);
        assert!(path.len() <= 404);
        assert!(path.iter().any(|p| p.1 == 0.0), "the spike survives");
        assert!(path.windows(2).all(|w| w[0].0 <= w[1].0));

        let flat: Vec<f64> =
            times.iter().map(|t| if *t < 5_003 { 3.0 } else { 6.0 + (*t % 2) as f64 * 0.01 }).collect();
        let path = decimate(&times, &flat, &x, &y);
        assert_eq!(path.len(), 102, "a point a column, and the other side of the step");
        let step = path.iter().position(|p| p.1 < 50.0).expect("the step");
        assert!(path[step].0 - path[step - 1].0 < 1.0, "it is as steep as it was");
    }

    #[test]
    fn nearest_and_window_hold_at_the_edges() {
        let times = [10, 20, 30];
        assert_eq!(
            (nearest(&times, 0), nearest(&times, 24), nearest(&times, 99), nearest(&[], 5)),
            (Some(0), Some(1), Some(2), None)
        );
        assert_eq!(window(&times, 15, 25), 0..3);
        assert_eq!(window(&times, 40, 50), 2..3);
    }
}
