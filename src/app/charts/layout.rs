//! Where the panes of the hero chart stand and how data map to them.

use crate::display::plot::{Scale, cut, extent, padded, union, window};
use crate::display::span::Span;
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
    pub span: Span,
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
/// Room below the last pane.
const AXIS: f64 = 24.0;
/// Room above the first pane, and between two.
const HEAD: f64 = 18.0;
const GAP: f64 = 26.0;

/// A span of the axis across a drawing of this width.
pub fn across(span: Span, width: f64) -> Scale {
    Scale { from: span.0 as f64, to: span.1 as f64, from_px: LEFT, to_px: (width - RIGHT).max(LEFT + 10.0) }
}

/// Panes below one another in a drawing of this height: each with its share of the room and its range, padded by `air`.
pub fn stacked<const N: usize>(height: f64, panes: [(f64, (f64, f64)); N], air: f64) -> [Pane; N] {
    let room = (height - HEAD - GAP * (N as f64 - 1.0) - AXIS).max(60.0);
    let mut top = HEAD;
    panes.map(|(share, range)| {
        let ((low, high), bottom) = (padded(range, air), top + room * share);
        let pane = Pane { top, bottom, y: Scale { from: low, to: high, from_px: bottom, to_px: top } };
        top = bottom + GAP;
        pane
    })
}

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
        let view = window(&curves.times, look.span.0, look.span.1);
        let of = |range: Option<(f64, f64)>| range.unwrap_or((0.0, 1.0));
        let panes = [
            (0.5, of(equity_range(curves, look, &view))),
            (0.34, of(index_range(curves, look, &view))),
            (0.16, of(drawdown_range(curves, look, &view))),
        ];
        let [equity, index, mut drawdown] = stacked(height, panes, 0.08);
        drawdown.y.to = 0.0;
        if drawdown.y.from >= -0.001 {
            drawdown.y.from = -0.01;
        }
        Layout { x: across(look.span, width), view, equity, index, drawdown }
    }
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
