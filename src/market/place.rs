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
        let moved = before.and_then(|place| {
            let is_chain = |at: &u32| self.chains.get(*at as usize).is_some_and(|c| c.expiry == contract.expiry);
            let chain = [place.chain, place.chain.saturating_sub(1)].into_iter().find(is_chain)?;
            let columns = self.chains[chain as usize].columns(contract.kind);
            columns.is_of(place.row as usize, contract.strike).then_some(Place { chain, ..place })
        });
        moved.filter(|place| place.kind == contract.kind).or_else(|| self.find(contract))
    }

    /// The columns and the row of a place of this snapshot.
    pub fn columns_at(&self, place: Option<Place>) -> Option<(&Columns, usize)> {
        let place = place?;
        let chain = self.chains.get(place.chain as usize)?;
        Some((chain.columns(place.kind), place.row as usize))
    }
}
