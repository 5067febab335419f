//! Where the panes of the hero chart stand and how data map to them.

use crate::display::plot::{Scale, extent, padded, union, window};
use crate::display::{Curves, Money};
use std::ops::Range;

/// What of the curves is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Currency.
    pub money: Money,
    /// Percent of the opening account.
    pub percent: bool,
    /// First and last instant, ms UTC.
    pub span: (i64, i64),
}

/// A pane's place and scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pane {
    /// Upper edge, CSS pixels.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Values to pixels.
    pub y: Scale,
}

/// The three panes over one time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Time to pixels.
    pub x: Scale,
    /// Places of the marks in view.
    pub view: Range<usize>,
    /// Equity against HODL.
    pub equity: Pane,
    /// Index and strikes.
    pub index: Pane,
    /// Drawdown.
    pub drawdown: Pane,
}

/// Room right of the panes for the values' words.
pub const RIGHT: f64 = 64.0;
/// Room left of the panes.
pub const LEFT: f64 = 8.0;
const AXIS: f64 = 24.0;
const GAP: f64 = 26.0;

/// A value as it is shown: as it is, or as change against the opening account.
pub fn shown(value: f64, opening: Option<f64>, percent: bool) -> f64 {
    match opening.filter(|_| percent) {
        Some(opening) => value / opening - 1.0,
        None => value,
    }
}

impl Layout {
    /// Places panes in a drawing of this size.
    pub fn new(curves: &Curves, look: Look, width: f64, height: f64) -> Layout {
        let x = Scale {
            from: look.span.0 as f64,
            to: look.span.1 as f64,
            from_px: LEFT,
            to_px: (width - RIGHT).max(LEFT + 10.0),
        };
        let view = window(&curves.times, look.span.0, look.span.1);
        let room = (height - AXIS - 2.0 * GAP - 18.0).max(60.0);
        let tops = [18.0, 18.0 + room * 0.5 + GAP, 18.0 + room * 0.84 + 2.0 * GAP];
        let heights = [room * 0.5, room * 0.34, room * 0.16];
        let pane = |i: usize, range: Option<(f64, f64)>, air: f64| {
            let (low, high) = padded(range.unwrap_or((0.0, 1.0)), air);
            let (top, bottom) = (tops[i], tops[i] + heights[i]);
            Pane { top, bottom, y: Scale { from: low, to: high, from_px: bottom, to_px: top } }
        };
        let mut drawdown = pane(2, drawdown_range(curves, look, &view), 0.08);
        drawdown.y.to = 0.0;
        if drawdown.y.from >= -0.001 {
            drawdown.y.from = -0.01;
        }
        Layout {
            equity: pane(0, equity_range(curves, look, &view), 0.08),
            index: pane(1, index_range(curves, look, &view), 0.1),
            drawdown,
            x,
            view,
        }
    }

    /// The instant at a pixel.
    pub fn time_at(&self, px: f64) -> i64 {
        self.x.value(px) as i64
    }
}

fn cut<'a>(values: &'a [f64], view: &Range<usize>) -> &'a [f64] {
    values.get(view.start.min(values.len())..view.end.min(values.len())).unwrap_or_default()
}

fn equity_range(curves: &Curves, look: Look, view: &Range<usize>) -> Option<(f64, f64)> {
    let opening = curves.opening(look.money);
    let of = |values: &[f64]| extent(cut(values, view).iter().map(|v| shown(*v, opening, look.percent)));
    curves.units.iter().map(|u| of(u.equity(look.money))).fold(of(curves.hodl(look.money)), union)
}

fn index_range(curves: &Curves, look: Look, view: &Range<usize>) -> Option<(f64, f64)> {
    let segments = curves.units.iter().flat_map(|u| &u.segments);
    let seen = segments.filter(|s| s.from <= look.span.1 && s.to.is_none_or(|to| to >= look.span.0));
    union(extent(cut(&curves.index, view).iter().copied()), extent(seen.map(|s| s.strike)))
}

fn drawdown_range(curves: &Curves, look: Look, view: &Range<usize>) -> Option<(f64, f64)> {
    let of = |values: &[f64]| extent(cut(values, view).iter().copied());
    curves.units.iter().map(|u| of(u.drawdown(look.money))).fold(Some((0.0, 0.0)), union)
}
