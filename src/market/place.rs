//! Where a snapshot holds a contract, found once and read many times.

use super::contract::Contract;
use super::snapshot::{Columns, MarketSnapshot};
use crate::pricing::OptionKind;

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

    /// As [`Self::find`], quicker where the contract stands as it did in an earlier snapshot, at `before`.
    ///
    /// From snapshot to snapshot the nearest expiries go and strikes are rarely added.
    pub fn find_again(&self, contract: &Contract, before: Option<Place>) -> Option<Place> {
        let Some(place) = before else { return self.find(contract) };
        if self.holds(contract, place) {
            return before;
        }
        let earlier = Place { chain: place.chain.saturating_sub(1), ..place };
        if self.holds(contract, earlier) { Some(earlier) } else { self.find(contract) }
    }

    /// Whether a place is a contract's.
    #[inline]
    fn holds(&self, contract: &Contract, place: Place) -> bool {
        let Some(chain) = self.chains.get(place.chain as usize) else { return false };
        let is_it = chain.expiry == contract.expiry && place.kind == contract.kind;
        is_it && chain.columns(place.kind).is_of(place.row as usize, contract.strike)
    }

    /// The columns and the row of a place of this snapshot.
    #[inline]
    pub fn columns_at(&self, place: Option<Place>) -> Option<(&Columns, usize)> {
        let place = place?;
        let chain = self.chains.get(place.chain as usize)?;
        Some((chain.columns(place.kind), place.row as usize))
    }
}
