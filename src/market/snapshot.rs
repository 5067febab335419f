//! One instant of the option market, in columns, with what does not depend on a request computed once.

use super::contract::Contract;
use crate::pricing::OptionKind;
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
/// Invariant: every column is as long as the strikes; NaN never leaves this type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    raw: RawQuotes,
    pub(super) delta: Vec<f64>,
    pub(super) gamma: Vec<f64>,
    pub(super) vega: Vec<f64>,
    pub(super) theta: Vec<f64>,
}

fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

impl Columns {
    /// Best bid of row `i`, quote currency.
    pub fn bid(&self, i: usize) -> Option<f64> {
        present(self.raw.bid[i])
    }
    /// Best ask of row `i`, quote currency.
    pub fn ask(&self, i: usize) -> Option<f64> {
        present(self.raw.ask[i])
    }
    /// Mark of row `i`, quote currency.
    pub fn mark(&self, i: usize) -> Option<f64> {
        present(self.raw.mark[i])
    }
    /// Mark volatility of row `i`, fraction.
    pub fn iv(&self, i: usize) -> Option<f64> {
        present(self.raw.iv[i])
    }
    /// Open interest of row `i`, coins; `None` where the dataset keeps none.
    pub fn open_interest(&self, i: usize) -> Option<f64> {
        self.raw.open_interest.get(i).copied().and_then(present)
    }
    /// Delta of row `i`; `None` without a volatility.
    pub fn delta(&self, i: usize) -> Option<f64> {
        present(self.delta[i])
    }
    /// Gamma per USD, vega in USD per 1.00 of volatility, theta in USD a day of row `i`; `None` without a volatility.
    pub fn gamma_vega_theta(&self, i: usize) -> Option<[f64; 3]> {
        present(self.gamma[i]).map(|gamma| [gamma, self.vega[i], self.theta[i]])
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
    /// The columns of a kind.
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
    /// Expiries, ascending.
    pub chains: Vec<Chain>,
    /// Levels of the surface.
    pub levels: SurfaceLevels,
}

/// Where a snapshot holds a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    chain: u32,
    row: u32,
    kind: OptionKind,
}

impl MarketSnapshot {
    /// Where a contract is listed; `None` where it is not.
    pub fn find(&self, contract: &Contract) -> Option<Place> {
        let chain = self.chains.binary_search_by(|chain| chain.expiry.cmp(&contract.expiry)).ok()?;
        let row = self.chains[chain].row(contract.strike)?;
        Some(Place { chain: chain as u32, row: row as u32, kind: contract.kind })
    }

    /// The columns and the row of a place of this snapshot.
    pub fn columns_at(&self, place: Option<Place>) -> Option<(&Columns, usize)> {
        let place = place?;
        let chain = self.chains.get(place.chain as usize)?;
        Some((chain.columns(place.kind), place.row as usize))
    }
}
