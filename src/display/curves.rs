//! What the charts draw: curves and trade segments, grown from steps as they come and never recomputed.

use super::format::{ABSENT, plain};
use crate::engine::{Fill, FillAction, Settled, Step};
use crate::market::{History, Regime, Settlement};
use crate::pricing::OptionKind;
use crate::units::Timestamp;

/// The currency of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// US dollars.
    Usd,
    /// The underlying coin.
    Coin,
}

impl Money {
    /// What a dataset's options are settled in.
    pub fn of(settlement: Settlement) -> Money {
        match settlement {
            Settlement::Inverse => Money::Coin,
            Settlement::Linear => Money::Usd,
        }
    }
}

/// How a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// After fees it earned.
    Gain,
    /// After fees it cost.
    Loss,
    /// It is open.
    Open,
}

/// One leg as a horizontal line at its strike.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Number of the trade.
    pub trade: u32,
    /// Opened, ms UTC.
    pub from: i64,
    /// Closed or settled, ms UTC; `None` while open.
    pub to: Option<i64>,
    /// Strike, USD.
    pub strike: f64,
    /// Call or put.
    pub kind: OptionKind,
    /// Expiry, ms UTC.
    pub expiry: i64,
    /// Flows so far after fees, quote currency.
    pub flow: f64,
}

/// The strikes that are held at an instant, ms UTC, `96000 C, 187.5 P`; a dash for none.
pub fn held_words(segments: &[Segment], at: i64) -> String {
    let is_held = |s: &&Segment| s.from <= at && s.to.is_none_or(|to| to > at);
    let words = |s: &Segment| format!("{} {}", plain(s.strike), if s.kind == OptionKind::Call { "C" } else { "P" });
    let all: Vec<String> = segments.iter().filter(is_held).map(words).collect();
    if all.is_empty() { ABSENT.to_owned() } else { all.join(", ") }
}

impl Segment {
    /// How the leg stands.
    pub fn outcome(&self) -> Outcome {
        match self.to {
            None => Outcome::Open,
            Some(_) if self.flow > 0.0 => Outcome::Gain,
            Some(_) => Outcome::Loss,
        }
    }
}

/// The curves of one variant, one value a mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitCurve {
    /// The variant's name.
    pub name: String,
    equity: [Vec<f64>; 2],
    drawdown: [Vec<f64>; 2],
    peak: [f64; 2],
    /// Legs in opening order.
    pub segments: Vec<Segment>,
}

fn slot(money: Money) -> usize {
    match money {
        Money::Usd => 0,
        Money::Coin => 1,
    }
}

impl UnitCurve {
    fn new(name: &str) -> UnitCurve {
        UnitCurve { name: name.to_owned(), ..UnitCurve::default() }
    }
    /// Equity after the fills of each mark.
    pub fn equity(&self, money: Money) -> &[f64] {
        &self.equity[slot(money)]
    }
    /// Equity / highest equity so far - 1, at most 0.
    pub fn drawdown(&self, money: Money) -> &[f64] {
        &self.drawdown[slot(money)]
    }
    /// Marks read so far.
    pub fn len(&self) -> usize {
        self.equity[0].len()
    }
    /// True before the first mark.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn push_equity(&mut self, usd: f64, coin: f64) {
        for (i, value) in [usd, coin].into_iter().enumerate() {
            self.peak[i] = if self.equity[i].is_empty() { value } else { self.peak[i].max(value) };
            self.equity[i].push(value);
            self.drawdown[i].push(if self.peak[i] > 0.0 { value / self.peak[i] - 1.0 } else { 0.0 });
        }
    }

    fn open(&mut self, time: i64, fill: &Fill) {
        self.segments.push(Segment {
            trade: fill.trade,
            from: time,
            to: None,
            strike: fill.contract.strike.0,
            kind: fill.contract.kind,
            expiry: fill.contract.expiry.0,
            flow: -fill.quantity * fill.price - fill.fee,
        });
    }

    fn close(&mut self, trade: u32, expiry: i64, time: i64, flow: f64) {
        let open = |s: &&mut Segment| s.trade == trade && s.to.is_none() && s.expiry == expiry;
        if let Some(segment) = self.segments.iter_mut().rev().find(open) {
            segment.to = Some(time);
            segment.flow += flow;
        }
    }

    fn push_step(&mut self, step: &Step) {
        self.push_equity(step.equity.usd.0, step.equity.coin.0);
        for Settled { trade, contract, quantity, value, fee, .. } in &step.settlements {
            self.close(*trade, contract.expiry.0, contract.expiry.0, quantity * value - fee);
        }
        for fill in &step.fills {
            match fill.action {
                FillAction::Open => self.open(step.time.0, fill),
                FillAction::Close => {
                    self.close(fill.trade, fill.contract.expiry.0, step.time.0, -fill.quantity * fill.price - fill.fee);
                }
            }
        }
    }
}

/// A stretch of one regime, ms UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// First instant.
    pub from: i64,
    /// Last mark so far.
    pub to: i64,
    /// The regime.
    pub regime: Regime,
}

/// All curves of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The marks, ms UTC.
    pub times: Vec<i64>,
    /// The index, USD.
    pub index: Vec<f64>,
    hodl: [Vec<f64>; 2],
    /// One a variant that runs, in request order.
    pub units: Vec<UnitCurve>,
    /// Regimes of the marks.
    pub bands: Vec<Band>,
}

impl Curves {
    /// Empty curves of variants by name.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Curves {
        Curves { units: names.into_iter().map(UnitCurve::new).collect(), ..Curves::default() }
    }

    /// The opening account without options.
    pub fn hodl(&self, money: Money) -> &[f64] {
        &self.hodl[slot(money)]
    }

    /// What percentages refer to: the opening account; `None` before the first mark.
    pub fn opening(&self, money: Money) -> Option<f64> {
        self.hodl(money).first().copied().filter(|v| *v > 0.0)
    }

    /// Reads the steps of a unit that are new since the last call.
    pub fn extend(&mut self, unit: usize, steps: &[Step], history: Option<&History>) {
        let Some(curve) = self.units.get_mut(unit) else { return };
        for step in &steps[curve.len().min(steps.len())..] {
            if curve.len() == self.times.len() {
                self.times.push(step.time.0);
                self.index.push(step.index);
                self.hodl[0].push(step.hodl.usd.0);
                self.hodl[1].push(step.hodl.coin.0);
                let regime = history.and_then(|h| h.at(step.time).regime);
                push_band(&mut self.bands, step.time, regime);
            }
            curve.push_step(step);
        }
    }

    /// Adds one mark that was read from a file: equities as (USD, coin), one a unit, and the regime, where one is known.
    pub fn push_mark(
        &mut self,
        time: Timestamp,
        index: f64,
        hodl: (f64, f64),
        equities: &[(f64, f64)],
        regime: Option<Regime>,
    ) {
        self.times.push(time.0);
        self.index.push(index);
        self.hodl[0].push(hodl.0);
        self.hodl[1].push(hodl.1);
        push_band(&mut self.bands, time, regime);
        for (unit, (usd, coin)) in self.units.iter_mut().zip(equities) {
            unit.push_equity(*usd, *coin);
        }
    }

    /// First and last mark, ms UTC; `None` before the first.
    pub fn span(&self) -> Option<(i64, i64)> {
        self.times.first().copied().zip(self.times.last().copied())
    }
}

fn push_band(bands: &mut Vec<Band>, time: Timestamp, regime: Option<Regime>) {
    let Some(regime) = regime else { return };
    match bands.last_mut() {
        Some(last) if last.regime == regime => last.to = time.0,
        Some(last) => {
            last.to = time.0;
            bands.push(Band { from: time.0, to: time.0, regime });
        }
        None => bands.push(Band { from: time.0, to: time.0, regime }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_said_by_its_strikes() {
        let leg = |from, to, strike, kind| Segment { trade: 1, from, to, strike, kind, expiry: 9, flow: 0.0 };
        let legs = [leg(1, Some(5), 96_000.0, OptionKind::Call), leg(3, None, 187.5, OptionKind::Put)];
        let said = [0, 1, 3, 5].map(|at| held_words(&legs, at));
        assert_eq!(said, [ABSENT, "96000 C", "96000 C, 187.5 P", "187.5 P"]);
    }

    #[test]
    fn drawdown_follows_the_peak() {
        let mut curves = Curves::new(["a"]);
        for (t, usd) in [100.0, 120.0, 90.0, 130.0].into_iter().enumerate() {
            curves.push_mark(Timestamp(t as i64), 1.0, (100.0, 1.0), &[(usd, 1.0)], None);
        }
        assert_eq!(curves.units[0].drawdown(Money::Usd), [0.0, 0.0, -0.25, 0.0]);
        assert_eq!(curves.span(), Some((0, 3)));
        assert_eq!(curves.opening(Money::Usd), Some(100.0));
    }
}
