//! One instant of the option market, in columns, with what does not depend on a request computed once.

use super::check::check;
use super::codec::SnapshotFitError;
use super::contract::Contract;
use crate::pricing::{Expiry, Greeks, OptionKind};
use crate::units::{Price, Timestamp};

/// Quotes of one kind on one expiry as they are read: NaN = absent, one row a strike.
///
/// Prices are in the quote currency (coin for inverse, USD for linear), `iv` is a fraction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawQuotes {
    /// Best bid.
    pub bid: Vec<f64>,
    /// Best ask.
    pub ask: Vec<f64>,
    /// Mark price.
    pub mark: Vec<f64>,
    /// Mark volatility.
    pub iv: Vec<f64>,
    /// Open interest in coins; empty where the dataset has none.
    pub open_interest: Vec<f64>,
}

/// One expiry as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct RawChain {
    /// Expiry.
    pub expiry: Timestamp,
    /// Forward in USD.
    pub forward: f64,
    /// Strikes, ascending.
    pub strikes: Vec<f64>,
    /// Calls.
    pub call: RawQuotes,
    /// Puts.
    pub put: RawQuotes,
}

/// One instant as it is read, before it is checked and priced.
#[derive(Clone, Debug, PartialEq)]
pub struct RawSnapshot {
    /// When it was taken.
    pub time: Timestamp,
    /// The venue's index, USD for one coin.
    pub index: f64,
    /// Highest index since the previous snapshot, USD; `None` where the dataset has none.
    pub high: Option<f64>,
    /// Lowest index since the previous snapshot, USD; `None` where the dataset has none.
    pub low: Option<f64>,
    /// Expiries, ascending.
    pub chains: Vec<RawChain>,
}

/// Why a snapshot is refused; `at` names the expiry, the field and the row.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{at}: found {found}, expected {expected}")]
pub struct SnapshotError {
    /// What is wrong, `expiry 2026-01-02 call.bid[3]`.
    pub at: String,
    /// What was found.
    pub found: String,
    /// What would be right.
    pub expected: String,
}

/// Levels of the surface at one instant; each is `None` where the listed expiries do not reach.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SurfaceLevels {
    /// At-the-forward volatility at 7 days.
    pub atm_iv_7: Option<f64>,
    /// At-the-forward volatility at 30 days.
    pub atm_iv_30: Option<f64>,
    /// At-the-forward volatility at 90 days.
    pub atm_iv_90: Option<f64>,
    /// iv(25-delta put) - iv(25-delta call) at 30 days.
    pub skew_30: Option<f64>,
}

/// One row of a chain; an absent figure is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quote {
    /// Best bid, quote currency.
    pub bid: Option<f64>,
    /// Best ask, quote currency.
    pub ask: Option<f64>,
    /// Mark, quote currency.
    pub mark: Option<f64>,
    /// Mark volatility, fraction.
    pub iv: Option<f64>,
    /// Open interest, coins.
    pub open_interest: Option<f64>,
    /// N(d1) on the forward (put: N(d1) - 1), from the mark volatility.
    pub delta: Option<f64>,
}

/// Quotes of one kind on one expiry, with the greeks that follow from the mark volatility.
///
/// What a scan reads of every option stands in columns; what the owner of one option reads at every mark stands in its row.
/// Invariant: every column is as long as the strikes; a delta is there where a volatility is; NaN never leaves this type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    rows: Vec<Row>,
    bid: Vec<f64>,
    delta: Vec<f64>,
    open_interest: Vec<f64>,
}

/// An option as its owner sees it, as long as a line of the processor's cache.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Row {
    strike: f64,
    mark: f64,
    ask: f64,
    iv: f64,
    /// Delta, gamma, vega, theta; the delta is the column's.
    greeks: [f64; 4],
}

impl Columns {
    /// Takes quotes that were checked; the greeks follow row by row.
    fn unpriced(strikes: &[f64], raw: RawQuotes) -> Columns {
        let RawQuotes { bid, ask, mark, iv, open_interest } = raw;
        let row = |i: usize| Row { strike: strikes[i], mark: mark[i], ask: ask[i], iv: iv[i], greeks: [f64::NAN; 4] };
        Columns { rows: (0..strikes.len()).map(row).collect(), delta: vec![f64::NAN; bid.len()], bid, open_interest }
    }

    fn set(&mut self, i: usize, greeks: &Greeks, discount: f64) {
        self.delta[i] = greeks.delta / discount;
        self.rows[i].greeks = [self.delta[i], greeks.gamma, greeks.vega, greeks.theta];
    }
}

fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

impl Columns {
    /// Best bid of row `i`, quote currency.
    #[inline]
    pub fn bid(&self, i: usize) -> Option<f64> {
        present(self.bid[i])
    }
    /// Best ask of row `i`, quote currency.
    #[inline]
    pub fn ask(&self, i: usize) -> Option<f64> {
        present(self.rows[i].ask)
    }
    /// Mark of row `i`, quote currency.
    #[inline]
    pub fn mark(&self, i: usize) -> Option<f64> {
        present(self.rows[i].mark)
    }
    /// Mark volatility of row `i`, fraction.
    pub fn iv(&self, i: usize) -> Option<f64> {
        present(self.rows[i].iv)
    }
    /// Open interest of row `i`, coins; `None` where the dataset keeps none.
    pub fn open_interest(&self, i: usize) -> Option<f64> {
        self.open_interest.get(i).copied().and_then(present)
    }
    /// Delta of row `i`; `None` without a volatility.
    #[inline]
    pub fn delta(&self, i: usize) -> Option<f64> {
        present(self.delta[i])
    }
    /// The first row from `from` up to `end` that bid and delta alone do not refuse; `end` where they refuse all.
    ///
    /// Refused is what has a bid of at least `sure_bid` and no |delta| within `deltas`.
    #[inline]
    pub fn first_unrefused(&self, from: usize, end: usize, sure_bid: f64, deltas: (f64, f64)) -> usize {
        let within = |delta: f64| delta.abs() >= deltas.0 && delta.abs() <= deltas.1;
        let rows = self.bid[from..end].iter().zip(&self.delta[from..end]);
        from + rows.take_while(|(bid, delta)| **bid >= sure_bid && !within(**delta)).count()
    }
    /// Row `i` is an option of this strike.
    #[inline]
    pub(super) fn is_of(&self, i: usize, strike: Price) -> bool {
        self.rows.get(i).is_some_and(|row| row.strike == strike.0)
    }
    /// Delta, gamma per USD, vega in USD per 1.00 of volatility, theta in USD a day of row `i`; `None` without a volatility.
    #[inline]
    pub fn greeks(&self, i: usize) -> Option<[f64; 4]> {
        Some(self.rows[i].greeks).filter(|[delta, ..]| !delta.is_nan())
    }
    /// All of row `i`.
    pub fn quote(&self, i: usize) -> Quote {
        Quote {
            bid: self.bid(i),
            ask: self.ask(i),
            mark: self.mark(i),
            iv: self.iv(i),
            open_interest: self.open_interest(i),
            delta: self.delta(i),
        }
    }
}

/// Greeks of the call and the put of every strike of an expiry, undiscounted.
pub(super) type ChainGreeks = Vec<(Greeks, Greeks)>;

/// One expiry of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Expiry.
    pub expiry: Timestamp,
    /// Forward in USD for one coin.
    pub forward: Price,
    /// Strikes in USD, ascending.
    pub strikes: Vec<f64>,
    /// Calls.
    pub call: Columns,
    /// Puts.
    pub put: Columns,
}

impl Chain {
    /// Prices an expiry that was checked: greeks of every row at `time`, continuous `rate`, unless they are `known`.
    fn new(raw: RawChain, time: Timestamp, rate: f64, known: Option<&ChainGreeks>) -> Chain {
        let RawChain { expiry, forward, strikes, call, put } = raw;
        let (mut call, mut put) = (Columns::unpriced(&strikes, call), Columns::unpriced(&strikes, put));
        match known {
            Some(known) => {
                for (i, (call_greeks, put_greeks)) in known.iter().enumerate() {
                    call.set(i, call_greeks, 1.0);
                    put.set(i, put_greeks, 1.0);
                }
            }
            None => fill_greeks(forward, expiry.years_since(time), rate, &strikes, &mut call, &mut put),
        }
        Chain { expiry, forward: Price(forward), strikes, call, put }
    }

    /// The columns of a kind.
    #[inline]
    pub fn columns(&self, kind: OptionKind) -> &Columns {
        match kind {
            OptionKind::Call => &self.call,
            OptionKind::Put => &self.put,
        }
    }
    /// The row of a strike; `None` where it is not listed.
    pub fn row(&self, strike: Price) -> Option<usize> {
        self.strikes.binary_search_by(|k| k.total_cmp(&strike.0)).ok()
    }
    /// The contract of a row.
    pub fn contract(&self, kind: OptionKind, row: usize) -> Contract {
        Contract { expiry: self.expiry, strike: Price(self.strikes[row]), kind }
    }
}

/// Fills the greeks of an expiry; a venue that marks call and put of a strike at one volatility pays for one.
///
/// Delta is N(d1) without the discount; gamma, vega and theta carry it.
fn fill_greeks(forward: f64, years: f64, rate: f64, strikes: &[f64], call: &mut Columns, put: &mut Columns) {
    let expiry = Expiry::with_rate(forward, years, rate);
    let discount = if rate == 0.0 { 1.0 } else { libm::exp(-(rate * years)) };
    for (i, strike) in strikes.iter().copied().enumerate() {
        let (call_iv, put_iv) = (call.rows[i].iv, put.rows[i].iv);
        if call_iv == put_iv {
            let (call_greeks, put_greeks) = expiry.call_put(strike, call_iv);
            call.set(i, &call_greeks, discount);
            put.set(i, &put_greeks, discount);
            continue;
        }
        for (columns, kind, iv) in [(&mut *call, OptionKind::Call, call_iv), (&mut *put, OptionKind::Put, put_iv)] {
            if let Some(iv) = present(iv) {
                columns.set(i, &expiry.greeks(kind, strike, iv), discount);
            }
        }
    }
}

/// One instant of the option market.
///
/// Invariant: chains ascend by expiry, all later than `time`; strikes ascend; every present figure is finite.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketSnapshot {
    /// When it was taken.
    pub time: Timestamp,
    /// The venue's index, USD for one coin.
    pub index: Price,
    /// Highest index since the previous snapshot; `None` where the dataset has none.
    pub high: Option<Price>,
    /// Lowest index since the previous snapshot; `None` where the dataset has none.
    pub low: Option<Price>,
    /// Annual rate that discounts its options, continuous; 0 for inverse.
    pub rate: f64,
    /// Expiries, ascending.
    pub chains: Vec<Chain>,
    /// Levels of the surface.
    pub levels: SurfaceLevels,
    /// How far the fit of this snapshot is from the quotes it was made of; `None` where nothing was fitted.
    pub fit_error: Option<SnapshotFitError>,
}

impl MarketSnapshot {
    /// Checks what was read and computes greeks and levels once; `rate` is annual, continuous, 0 for inverse.
    ///
    /// Refused: a forward, index or strike that is not positive, expiries or strikes out of order, an expiry that
    /// is not after `time`, columns of another length than the strikes, negative or infinite figures, bid above ask.
    pub fn new(
        time: Timestamp,
        index: Price,
        high: Option<Price>,
        low: Option<Price>,
        chains: Vec<RawChain>,
        rate: f64,
    ) -> Result<MarketSnapshot, SnapshotError> {
        let (high, low) = (high.map(|p| p.0), low.map(|p| p.0));
        RawSnapshot { time, index: index.0, high, low, chains }.price(rate)
    }

    /// The chain of an expiry; `None` where it is not listed.
    pub fn chain(&self, expiry: Timestamp) -> Option<&Chain> {
        let at = self.chains.binary_search_by(|c| c.expiry.cmp(&expiry)).ok()?;
        self.chains.get(at)
    }
}

impl RawSnapshot {
    /// Refuses the first figure that breaks an invariant; see [`MarketSnapshot::new`].
    pub fn check(&self) -> Result<(), SnapshotError> {
        check(self)
    }

    /// Checks and prices the snapshot; see [`MarketSnapshot::new`].
    pub fn price(self, rate: f64) -> Result<MarketSnapshot, SnapshotError> {
        self.check()?;
        Ok(self.price_checked(rate, &[]))
    }

    /// Prices a snapshot that passed [`check`]; `known` has the greeks of every expiry, or nothing.
    pub(super) fn price_checked(self, rate: f64, known: &[ChainGreeks]) -> MarketSnapshot {
        let RawSnapshot { time, index, high, low, chains } = self;
        let priced = chains.into_iter().enumerate().map(|(i, raw)| Chain::new(raw, time, rate, known.get(i)));
        let chains: Vec<Chain> = priced.collect();
        let levels = SurfaceLevels::of(time, &chains);
        let (high, low) = (high.map(Price), low.map(Price));
        MarketSnapshot { time, index: Price(index), high, low, rate, chains, levels, fit_error: None }
    }
}
