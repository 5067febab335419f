//! Trades: chains of legs put together from fills and settlements.

use crate::engine::{RollRefusal, Trigger};
use crate::market::Contract;
use crate::portfolio::Side;
use crate::units::Timestamp;

/// One leg of a trade; prices in the quote currency for one coin.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// The contract.
    pub contract: Contract,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was closed or settled; `None` while open.
    pub closed: Option<Timestamp>,
    /// Bought or sold.
    pub side: Side,
    /// Coins, positive.
    pub size: f64,
    /// Opening fill.
    pub open_price: f64,
    /// Closing fill, or intrinsic value at delivery; `None` while open.
    pub close_price: Option<f64>,
    /// Opening and closing fees, quote currency.
    pub fee: f64,
    /// Configured slippage paid, quote currency.
    pub slippage: f64,
    /// What closed it; `None` while open.
    pub reason: Option<Trigger>,
    /// What opened it: entry or roll.
    pub opened_by: Trigger,
    /// Score of the chosen candidate.
    pub score: Option<f64>,
    /// Delta at the opening.
    pub delta: Option<f64>,
    /// Days to expiry at the opening.
    pub dte: f64,
    /// Index at the opening, USD.
    pub index_open: f64,
    /// Index at the closing, or the delivery price, USD; `None` while open.
    pub index_close: Option<f64>,
    /// Age of the snapshot at the opening fill, ms.
    pub age_ms: i64,
    /// Whether the contract was quoted on both sides at the opening.
    pub two_sided: bool,
}

/// A trade: the chain of its legs. `pnl_vs_hodl = option_pnl - fees` for every exit style.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    /// Number within the variant, from 0 in opening order.
    pub id: u32,
    /// Legs in time order; at least one.
    pub legs: Vec<Leg>,
    /// Premiums and settlements that were booked, quote currency.
    pub realised: f64,
    /// The same, each flow at the index of its time, USD.
    pub realised_usd: f64,
    /// Premiums and settlements so far, with the open leg at its last mark, quote currency.
    pub option_pnl: f64,
    /// The same, each flow at the index of its time, USD.
    pub option_pnl_usd: f64,
    /// Fees, quote currency.
    pub fees: f64,
    /// Fees, each at the index of its time, USD.
    pub fees_usd: f64,
    /// Size times index change between open and close (or the last mark), USD.
    pub spot_pnl_usd: f64,
    /// Most adverse value of `option_pnl - fees` at the marks, quote currency, <= 0.
    pub mae: f64,
    /// Most favourable value of it, >= 0.
    pub mfe: f64,
    /// Last mark of the open leg, quote currency; `None` once closed.
    pub open_mark: Option<f64>,
    /// Why the last closed leg was not rolled; `None` where no roll was due.
    pub roll_refusal: Option<RollRefusal>,
}

impl Trade {
    /// True while its last leg is open.
    pub fn is_open(&self) -> bool {
        self.legs.last().is_some_and(|leg| leg.closed.is_none())
    }
    /// Option PnL after fees, quote currency.
    pub fn pnl_vs_hodl(&self) -> f64 {
        self.option_pnl - self.fees
    }
    /// Option PnL after fees, USD at the index of each flow.
    pub fn pnl_vs_hodl_usd(&self) -> f64 {
        self.option_pnl_usd - self.fees_usd
    }
}
