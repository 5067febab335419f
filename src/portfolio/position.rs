//! Open trades: the leg that is open now and what it was sold for.

use crate::market::{Contract, Place};
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// One open trade; its single open leg is a short of `size` coins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenTrade {
    /// Number within the variant, from 0 in opening order.
    pub id: u32,
    /// The open contract.
    pub contract: Contract,
    /// Coins sold, positive.
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
        -self.size
    }
}
