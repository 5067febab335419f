//! A hedge: the options that stand beside units that are held, which contracts they are, and how many.

use crate::market::catalog::TickRule;
use crate::market::{Chain, Contract, MarketSnapshot};
use crate::portfolio::{Costs, Side, Touch, Way};
use crate::pricing::OptionKind;
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// An expiry this many times the wanted tenor, and this many days, is still the wanted one.
const LONGER: f64 = 1.1;
const LONGER_DAYS: f64 = 7.0;

/// The kind of a hedge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HedgeKind {
    /// One long put.
    #[default]
    Put,
    /// Several long puts.
    Ladder,
    /// Long puts and one short call.
    Collar,
}

/// One leg of a hedge; its strike is chosen by exactly one of `moneyness`, `delta` and `pays_for_puts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HedgeLeg {
    /// Call or put.
    pub kind: OptionKind,
    /// Bought or sold.
    pub side: Side,
    /// Wanted strike over index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moneyness: Option<f64>,
    /// Wanted |delta|.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// The highest call whose sale pays for the puts, at the index or above it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pays_for_puts: bool,
    /// Share of the covered units.
    pub weight: f64,
}

impl HedgeLeg {
    /// A put that is bought at a moneyness.
    pub fn put(moneyness: f64, weight: f64) -> HedgeLeg {
        HedgeLeg {
            kind: OptionKind::Put,
            side: Side::Long,
            moneyness: Some(moneyness),
            delta: None,
            pays_for_puts: false,
            weight,
        }
    }

    /// The call that pays for the puts.
    pub fn paying_call() -> HedgeLeg {
        HedgeLeg {
            kind: OptionKind::Call,
            side: Side::Short,
            moneyness: None,
            delta: None,
            pays_for_puts: true,
            weight: 1.0,
        }
    }
}

/// The options that stand beside units that are held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hedge {
    /// Its kind.
    pub kind: HedgeKind,
    /// Its legs, all of one expiry.
    pub legs: Vec<HedgeLeg>,
    /// Wanted days to expiry: the first expiry at or after it, else the longest.
    pub tenor_days: f64,
    /// Share of the units that is hedged; 0 = none.
    pub coverage: f64,
    /// Whole contracts: puts rounded up, calls down.
    pub whole_contracts: bool,
    /// Days before expiry at which it is replaced; `None` = held to expiry, then replaced.
    pub roll_days_before_expiry: Option<f64>,
}

impl Default for Hedge {
    fn default() -> Self {
        Hedge {
            kind: HedgeKind::Put,
            legs: vec![HedgeLeg::put(0.95, 1.0)],
            tenor_days: 365.0,
            coverage: 1.0,
            whole_contracts: false,
            roll_days_before_expiry: None,
        }
    }
}

/// What a hedge is planned on.
#[derive(Clone, Copy, Debug)]
pub struct HedgeView<'a> {
    /// The step's time.
    pub t: Timestamp,
    /// The state.
    pub snapshot: &'a MarketSnapshot,
    /// What trading costs.
    pub costs: &'a Costs,
    /// Slippage is paid this many times.
    pub cost_multiple: f64,
    /// Tick rule of the quotes.
    pub tick: &'a TickRule,
    /// Units in one contract.
    pub contract_size: f64,
}

/// One option of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedLeg {
    /// The contract.
    pub contract: Contract,
    /// Bought or sold.
    pub side: Side,
    /// Coins, positive.
    pub size: f64,
}

/// The contracts of a hedge at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct HedgePlan {
    /// In the order of the hedge's legs.
    pub legs: Vec<PlannedLeg>,
    /// No expiry is as long as the wanted tenor, and the longest is taken; or the first one after it is much longer.
    pub is_off_tenor: bool,
    /// No call at the index or above it pays for the puts; the nearest one to the index is taken.
    pub is_unpaid: bool,
}

impl HedgePlan {
    /// The expiry of its legs.
    pub fn expiry(&self) -> Option<Timestamp> {
        self.legs.first().map(|leg| leg.contract.expiry)
    }
}

/// The plan of a hedge of `units`; `None` where nothing is listed, or where a call that must pay is not quoted.
pub fn plan(hedge: &Hedge, units: f64, view: &HedgeView) -> Option<HedgePlan> {
    let chain = expiry_of(hedge.tenor_days, view)?;
    let days = chain.expiry.days_since(view.t);
    let is_off_tenor = days < hedge.tenor_days || days > hedge.tenor_days * LONGER + LONGER_DAYS;
    let mut legs = Vec::with_capacity(hedge.legs.len());
    let mut is_unpaid = false;
    for leg in &hedge.legs {
        let size = size_of(units * hedge.coverage * leg.weight, leg.side, hedge, view.contract_size);
        if size == 0.0 {
            continue;
        }
        let row = if leg.pays_for_puts {
            let (row, pays) = paying_row(chain, size, cost_of(&legs, chain, view)?, view)?;
            is_unpaid |= !pays;
            row
        } else {
            row_of(leg, chain, view.snapshot.index.0)?
        };
        legs.push(PlannedLeg { contract: chain.contract(leg.kind, row), side: leg.side, size });
    }
    Some(HedgePlan { legs, is_off_tenor, is_unpaid })
}

/// The first expiry at or after the wanted tenor, else the longest.
fn expiry_of<'a>(tenor_days: f64, view: &HedgeView<'a>) -> Option<&'a Chain> {
    let mut later = view.snapshot.chains.iter().filter(|chain| chain.expiry > view.t);
    later.clone().find(|chain| chain.expiry.days_since(view.t) >= tenor_days).or_else(|| later.next_back())
}

/// Whole contracts, where they are asked for: puts rounded up, calls down, so that units cover them.
fn size_of(wanted: f64, side: Side, hedge: &Hedge, contract_size: f64) -> f64 {
    let contracts = wanted / contract_size;
    match side {
        _ if !hedge.whole_contracts => wanted,
        Side::Long => (contracts - 1e-9).ceil().max(0.0) * contract_size,
        Side::Short => (contracts + 1e-9).floor().max(0.0) * contract_size,
    }
}

/// The row nearest to a leg's moneyness (ties: puts up, calls down) or |delta| (ties: the lower strike).
fn row_of(leg: &HedgeLeg, chain: &Chain, index: f64) -> Option<usize> {
    let columns = chain.columns(leg.kind);
    let distance = |row: usize| match (leg.moneyness, leg.delta) {
        (Some(moneyness), _) => Some((chain.strikes[row] - moneyness * index).abs()),
        (_, Some(delta)) => columns.delta(row).map(|own| (own.abs() - delta).abs()),
        _ => None,
    };
    let upwards = leg.moneyness.is_some() && leg.kind == OptionKind::Put;
    let mut nearest: Option<(usize, f64)> = None;
    for row in 0..chain.strikes.len() {
        let Some(found) = distance(row) else { continue };
        if nearest.is_none_or(|(_, least)| found < least || (upwards && found == least)) {
            nearest = Some((row, found));
        }
    }
    nearest.map(|(row, _)| row)
}

fn fill_price(chain: &Chain, kind: OptionKind, row: usize, way: Way, view: &HedgeView) -> Option<f64> {
    let quote = chain.columns(kind).quote(row);
    let touch = Touch { bid: quote.bid, ask: quote.ask, mark: quote.mark };
    view.costs.fill_price(&touch, way, view.tick, view.cost_multiple).map(|filled| filled.price)
}

/// What the puts of a plan cost, quote currency; `None` where one cannot be bought.
fn cost_of(legs: &[PlannedLeg], chain: &Chain, view: &HedgeView) -> Option<f64> {
    let cost = |leg: &PlannedLeg| {
        let row = chain.row(leg.contract.strike)?;
        fill_price(chain, leg.contract.kind, row, Way::Buy, view).map(|price| price * leg.size)
    };
    legs.iter().map(cost).try_fold(0.0, |sum, cost| Some(sum + cost?))
}

/// The highest call from the index up whose sale brings `cost`, else the quoted one nearest to the index; and whether it pays.
fn paying_row(chain: &Chain, size: f64, cost: f64, view: &HedgeView) -> Option<(usize, bool)> {
    let from = chain.strikes.partition_point(|strike| *strike < view.snapshot.index.0);
    let price = |row: usize| fill_price(chain, OptionKind::Call, row, Way::Sell, view);
    let pays = |row: &usize| price(*row).is_some_and(|price| price * size >= cost);
    let rows = from..chain.strikes.len();
    let paying = rows.clone().rev().find(pays).map(|row| (row, true));
    paying.or_else(|| rows.clone().find(|row| price(*row).is_some()).map(|row| (row, false)))
}
