//! What the charts of a loan draw: its days as lines, thresholds, breaches and strikes. No drawing.

use super::curves::Segment;
use super::plot::{cut, extent, union, window};
use super::span::Span;
use crate::metrics::LoanDay;
use crate::portfolio::Loan;
use crate::pricing::OptionKind;

/// A put that was held, as a line at its strike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldPut {
    /// Bought, ms UTC.
    pub from: i64,
    /// Sold or settled, ms UTC; `None` while held.
    pub to: Option<i64>,
    /// Strike, USD.
    pub strike: f64,
}

/// The lines of one variant's loan; one value a day, at the day's end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoanLines {
    /// Ends of the days, ms UTC.
    pub times: Vec<i64>,
    /// The first mark's span is not cut off: first and last instant of the request.
    pub span: (i64, i64),
    /// Price at the close, USD.
    pub close: Vec<f64>,
    /// Price at the low, USD.
    pub low: Vec<f64>,
    /// Worst loan-to-value of the account; infinite where nothing stands against the debt.
    pub hedged: Vec<f64>,
    /// Worst loan-to-value of the units alone.
    pub unhedged: Vec<f64>,
    /// Price at which the units alone are called, USD.
    pub call_price: Vec<f64>,
    /// Margin-call threshold.
    pub margin_call: f64,
    /// Liquidation threshold.
    pub liquidation: Option<f64>,
    /// Places of the first margin call: hedged, unhedged.
    pub breaches: [Option<usize>; 2],
    /// Puts that were held.
    pub puts: Vec<HeldPut>,
}

/// Highest loan-to-value that is drawn.
const HIGHEST: f64 = 1.6;

/// The lines of a loan's days over a span of time, ms UTC.
pub fn lines(days: &[LoanDay], loan: &Loan, segments: &[Segment], span: (i64, i64)) -> LoanLines {
    let put = |s: &Segment| HeldPut { from: s.from, to: s.to, strike: s.strike };
    let of = |value: fn(&LoanDay) -> f64| days.iter().map(value).collect::<Vec<f64>>();
    LoanLines {
        times: days.iter().map(|d| d.date.next().start().0).collect(),
        span,
        close: of(|d| d.close),
        low: of(|d| d.low),
        hedged: of(|d| d.hedged.worst.unwrap_or(f64::INFINITY)),
        unhedged: of(|d| d.unhedged.worst.unwrap_or(f64::INFINITY)),
        call_price: of(|d| d.call_price.unwrap_or(f64::NAN)),
        margin_call: loan.margin_call_ltv,
        liquidation: loan.liquidation_ltv,
        breaches: [days.iter().position(|d| d.call_hedged), days.iter().position(|d| d.call_unhedged)],
        puts: segments.iter().filter(|s| s.kind == OptionKind::Put).map(put).collect(),
    }
}

impl LoanLines {
    /// Least and greatest loan-to-value over a span of time, thresholds included.
    pub fn ltv_range(&self, (from, to): Span) -> (f64, f64) {
        let view = window(&self.times, from, to);
        let of = |values: &[f64]| extent(cut(values, &view).iter().filter(|v| v.is_finite()).map(|v| v.min(HIGHEST)));
        let levels = extent([self.margin_call].into_iter().chain(self.liquidation));
        union(union(of(&self.hedged), of(&self.unhedged)), levels).unwrap_or((0.0, 1.0))
    }

    /// Least and greatest price over a span of time: of the units, of the margin call, of the strikes.
    pub fn price_range(&self, (from, to): Span) -> (f64, f64) {
        let view = window(&self.times, from, to);
        let of = |values: &[f64]| extent(cut(values, &view).iter().copied());
        let seen = self.puts.iter().filter(|put| put.from <= to && put.to.is_none_or(|end| end >= from));
        let strikes = extent(seen.map(|put| put.strike));
        union(union(of(&self.close), of(&self.low)), union(of(&self.call_price), strikes)).unwrap_or((0.0, 1.0))
    }

    /// The day that an instant lies in; the last one after all, `None` without days.
    pub fn day_at(&self, time: i64) -> Option<usize> {
        let last = self.times.len().checked_sub(1)?;
        Some(self.times.partition_point(|end| *end < time).min(last))
    }

    /// The highest strike of the puts held at an instant.
    pub fn strike_at(&self, time: i64) -> Option<f64> {
        let held = self.puts.iter().filter(|put| put.from <= time && put.to.is_none_or(|to| time <= to));
        held.map(|put| put.strike).reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Ltv;
    use crate::metrics::Evidence;
    use crate::units::{DAY_MS, Day};

    fn day(date: i32, low: f64, unhedged: Option<f64>) -> LoanDay {
        let ltv = Ltv { close: unhedged, worst: unhedged };
        LoanDay {
            date: Day(date),
            low,
            high: 101.0,
            close: 100.0,
            units: 1000.0,
            collateral: 100_000.0,
            option_value: 0.0,
            cash: 0.0,
            debt: 68_000.0,
            net_value: 32_000.0,
            contracts: 0.0,
            unhedged: ltv,
            hedged: Ltv { close: Some(0.6), worst: Some(0.6) },
            call_unhedged: unhedged.is_none_or(|v| v >= 0.75),
            call_hedged: false,
            call_price: Some(90.67),
            evidence: Evidence::default(),
        }
    }

    #[test]
    fn lines_mark_the_breach_and_hold_what_is_wiped_out_in_range() {
        let loan = Loan { liquidation_ltv: Some(0.9), ..Loan::default() };
        let segment =
            Segment { trade: 0, from: 0, to: None, strike: 95.0, kind: OptionKind::Put, expiry: 0, flow: 0.0 };
        let days = [day(0, 99.0, Some(0.7)), day(1, 90.0, Some(0.76)), day(2, 1.0, None)];
        let lines = lines(&days, &loan, &[segment], (0, 3 * DAY_MS));
        assert_eq!(lines.breaches, [None, Some(1)]);
        let whole = (0, 3 * DAY_MS);
        assert_eq!((lines.ltv_range(whole), lines.price_range(whole)), ((0.6, 0.9), (1.0, 100.0)));
        assert_eq!(lines.price_range((0, DAY_MS)).0, 90.0, "the day beyond the edge too, and no further");
        assert_eq!((lines.day_at(0), lines.day_at(DAY_MS), lines.day_at(DAY_MS + 1)), (Some(0), Some(0), Some(1)));
        assert_eq!((lines.day_at(i64::MAX), lines.strike_at(5)), (Some(2), Some(95.0)));
        assert_eq!(LoanLines::default().day_at(0), None);
    }
}
