//! A fitted expiry: smile, half-spreads and quoted rows as whole numbers, and the quotes that follow from them.
//!
//! The engine never sees these: a pack of kind `fitted` or `modelled` is turned into the same columns as
//! recorded quotes when it is loaded.

use super::catalog::{Settlement, TickRule};
use super::snapshot::{ChainGreeks, RawChain, RawQuotes};
use crate::pricing::{Expiry, Greeks, OptionKind, Smile, Svi, SviError};
use crate::units::Timestamp;

/// Whole numbers in one unit of each of a smile's parameters: `a`, `b`, `rho`, `m`, `s`, four corrections.
pub const SMILE_SCALE: [f64; 9] = [1e5, 1e5, 1e4, 1e4, 1e4, 1e4, 1e4, 1e4, 1e4];

/// |delta| of the nodes between which a half-spread is linear; beyond the outer two it is constant.
pub const SPREAD_NODES: [f64; 6] = [0.05, 0.15, 0.25, 0.35, 0.60, 0.95];

/// Half-spread units in one unit of the tick rule.
pub const HALF_SPREADS_PER_UNIT: f64 = 2.0;

/// Steps of the least mark increment in one unit of the tick rule: 0.000001 coin, 0.0001 USD.
const MARKS_PER_UNIT: f64 = 100.0;

/// The four touches of a strike, in the order of [`ExpiryFit::spread`] and [`ExpiryFit::quoted`].
pub const TOUCHES: [(OptionKind, Side); 4] = [
    (OptionKind::Call, Side::Bid),
    (OptionKind::Call, Side::Ask),
    (OptionKind::Put, Side::Bid),
    (OptionKind::Put, Side::Ask),
];

/// A side of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The price at which one can sell.
    Bid,
    /// The price at which one can buy.
    Ask,
}

/// The parameters of one expiry at one instant, as whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryFit {
    /// The nine numbers of [`Smile`] times [`SMILE_SCALE`].
    pub smile: [i32; 9],
    /// Distance of each touch from the mark at [`SPREAD_NODES`], half of the least tick each.
    pub spread: [[i32; 6]; 4],
    /// Rows of the strike list, from the first up to but not including the second, that have each touch.
    pub quoted: [[u16; 2]; 4],
}

/// How the venue of a dataset states prices.
#[derive(Clone, Copy, Debug)]
pub struct QuoteRule<'a> {
    /// Quoted in coin or in USD.
    pub settlement: Settlement,
    /// The tick rule.
    pub tick: &'a TickRule,
    /// Annual rate, continuous; 0 for inverse.
    pub rate: f64,
}

/// One expiry without its parameters: where the quotes of a fit are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpiryGrid {
    /// Expiry.
    pub expiry: Timestamp,
    /// Forward in USD.
    pub forward: f64,
    /// Strikes in USD, ascending.
    pub strikes: Vec<f64>,
}

/// Mark, volatility and |delta| of one kind at one strike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FairValue {
    /// Mark in the quote currency, rounded like the venue's.
    pub mark: f64,
    /// |N(d1)| of the kind.
    pub abs_delta: f64,
}

impl ExpiryFit {
    /// The smile of the nine numbers; refused where they are out of their domain.
    pub fn smile(&self) -> Result<Smile, SviError> {
        smile_of(&self.smile)
    }

    /// All quotes of a grid at `time`; refused where the smile is not positive at one of its strikes.
    ///
    /// ```text
    /// mark = Black-76(forward, strike, T, sigma(y)) (inverse: / forward), rounded to the venue's mark increment
    /// bid  = mark - half-spread(|delta|), ask = mark + half-spread(|delta|), each rounded to the nearest tick
    /// ```
    ///
    /// A bid that rounds to 0 is absent, an ask is at least one tick and above the bid.
    pub fn quotes(&self, grid: ExpiryGrid, time: Timestamp, rule: QuoteRule) -> Result<RawChain, SviError> {
        self.quotes_and_greeks(grid, time, rule).map(|(chain, _)| chain)
    }

    /// The quotes, and the greeks that they were made from.
    pub(super) fn quotes_and_greeks(
        &self,
        grid: ExpiryGrid,
        time: Timestamp,
        rule: QuoteRule,
    ) -> Result<(RawChain, ChainGreeks), SviError> {
        let smile = self.smile()?;
        let years = grid.expiry.years_since(time);
        let (mut call, mut put) = (columns(grid.strikes.len()), columns(grid.strikes.len()));
        let mut greeks = Vec::with_capacity(grid.strikes.len());
        let pricer = Pricer::new(grid.forward, years, rule);
        for (row, strike) in grid.strikes.iter().copied().enumerate() {
            let vol = smile.vol(pricer.scaled_moneyness(strike));
            if !(vol > 0.0 && vol.is_finite()) {
                return Err(SviError::NegativeVariance(vol));
            }
            let pair = pricer.black.call_put(strike, vol);
            greeks.push(pair);
            for (kind, columns, greeks) in [(0, &mut call, pair.0), (1, &mut put, pair.1)] {
                let value = pricer.fair_value(&greeks);
                let [bid, ask] = self.touches(kind, row, value, rule.tick);
                columns.bid.push(bid);
                columns.ask.push(ask);
                columns.mark.push(value.mark);
                columns.iv.push(vol);
            }
        }
        let ExpiryGrid { expiry, forward, strikes } = grid;
        Ok((RawChain { expiry, forward, strikes, call, put }, greeks))
    }

    /// Bid and ask of a kind (0 call, 1 put) in the quote currency, NaN where absent.
    fn touches(&self, kind: usize, row: usize, value: FairValue, tick: &TickRule) -> [f64; 2] {
        let per_one = f64::from(tick.per_one);
        let touch = |touch: usize, sign: f64| {
            let [first, end] = self.quoted[touch];
            let half = interpolate(&self.spread[touch], value.abs_delta) / (HALF_SPREADS_PER_UNIT * per_one);
            (usize::from(first)..usize::from(end)).contains(&row).then(|| nearest_tick(value.mark + sign * half, tick))
        };
        let bid = touch(2 * kind, -1.0).filter(|units| *units > 0.0);
        let ask = touch(2 * kind + 1, 1.0).map(|units| {
            let least = bid.unwrap_or(0.0);
            if units > least { units } else { least + f64::from(tick.step_at((least + 0.5) / per_one)) }
        });
        [bid.map_or(f64::NAN, |units| units / per_one), ask.map_or(f64::NAN, |units| units / per_one)]
    }
}

/// The smile of nine whole numbers; refused where they are out of their domain.
pub fn smile_of(numbers: &[i32; 9]) -> Result<Smile, SviError> {
    let mut values = [0.0; 9];
    for (value, (number, scale)) in values.iter_mut().zip(numbers.iter().zip(SMILE_SCALE)) {
        *value = f64::from(*number) / scale;
    }
    let [a, b, rho, m, sigma, corrections @ ..] = values;
    Smile::new(Svi { a, b, rho, m, sigma }, corrections)
}

/// What all strikes of an expiry share.
#[derive(Clone, Copy, Debug)]
pub struct Pricer<'a> {
    black: Expiry,
    forward: f64,
    root_years: f64,
    discount: f64,
    marks_per_one: f64,
    rule: QuoteRule<'a>,
}

impl<'a> Pricer<'a> {
    /// Prices an expiry `years` ahead by the venue's rule.
    pub fn new(forward: f64, years: f64, rule: QuoteRule<'a>) -> Pricer<'a> {
        let discount = if rule.rate == 0.0 { 1.0 } else { libm::exp(-(rule.rate * years)) };
        let marks_per_one = f64::from(rule.tick.per_one) * MARKS_PER_UNIT;
        Pricer { black: Expiry::new(forward, years), forward, root_years: years.sqrt(), discount, marks_per_one, rule }
    }

    /// `y = ln(K/F) / sqrt T`, the argument of [`Smile`].
    pub fn scaled_moneyness(&self, strike: f64) -> f64 {
        libm::log(strike / self.forward) / self.root_years
    }

    /// Call and put at a strike.
    pub fn fair_values(&self, strike: f64, vol: f64) -> [FairValue; 2] {
        let (call, put) = self.black.call_put(strike, vol);
        [call, put].map(|greeks| self.fair_value(&greeks))
    }

    fn fair_value(&self, greeks: &Greeks) -> FairValue {
        let quoted = match self.rule.settlement {
            Settlement::Inverse => greeks.price / self.forward,
            Settlement::Linear => greeks.price * self.discount,
        };
        let mark = (quoted * self.marks_per_one).round() / self.marks_per_one;
        FairValue { mark, abs_delta: greeks.delta.abs() }
    }

    /// A price in the quote currency as a share of the forward.
    pub fn relative(&self, price: f64) -> f64 {
        match self.rule.settlement {
            Settlement::Inverse => price,
            Settlement::Linear => price / self.forward,
        }
    }
}

/// Linear between nodes, constant outside of them.
fn interpolate(nodes: &[i32; 6], abs_delta: f64) -> f64 {
    let (node, share) = place(abs_delta);
    f64::from(nodes[node]) * (1.0 - share) + f64::from(nodes[node + 1]) * share
}

/// The node at or under an |delta|, 0 to 4, and the share of the next one.
pub fn place(abs_delta: f64) -> (usize, f64) {
    let last = SPREAD_NODES.len() - 2;
    let node = (1..=last).rev().find(|node| SPREAD_NODES[*node] <= abs_delta).unwrap_or(0);
    let share = (abs_delta - SPREAD_NODES[node]) / (SPREAD_NODES[node + 1] - SPREAD_NODES[node]);
    (node, share.clamp(0.0, 1.0))
}

/// The tick nearest to a price in units of the rule, at least 0; halves go up.
fn nearest_tick(price: f64, tick: &TickRule) -> f64 {
    let step = f64::from(tick.step_at(price));
    let ticks = (price * f64::from(tick.per_one) / step).round();
    if ticks > 0.0 { ticks * step } else { 0.0 }
}

fn columns(rows: usize) -> RawQuotes {
    let column = || Vec::with_capacity(rows);
    RawQuotes { bid: column(), ask: column(), mark: column(), iv: column(), open_interest: Vec::new() }
}
