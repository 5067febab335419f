//! Open trades: the leg that is open now and what it was opened at.

use crate::market::{Contract, Place};
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// Long or short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Bought.
    Long,
    /// Sold.
    #[default]
    Short,
}

impl Side {
    /// The signed quantity of a size.
    pub fn signed(self, size: f64) -> f64 {
        match self {
            Side::Long => size,
            Side::Short => -size,
        }
    }
}

/// One open trade; its single open leg is `size` coins, long or short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenTrade {
    /// Number within the variant, from 0 in opening order.
    pub id: u32,
    /// The open contract.
    pub contract: Contract,
    /// Bought or sold.
    #[serde(default)]
    pub side: Side,
    /// Coins, positive.
    pub size: f64,
    /// Opening fill of this leg, quote currency.
    pub open_price: f64,
    /// When this leg was opened.
    pub opened: Timestamp,
    /// Rolls so far.
    pub rolls: u32,
    /// Last known mark, quote currency.
    pub mark: f64,
    /// Where the current state quotes it; `None` where it does not. Found anew at every mark, so it is not kept.
    #[serde(skip)]
    pub place: Option<Place>,
}

impl OpenTrade {
    /// The signed quantity of the account.
    pub fn quantity(&self) -> f64 {
        self.side.signed(self.size)
    }
}
