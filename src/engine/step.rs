//! The record of one step: everything that happened at a mark, and nothing that can be derived from it.

use super::few::Few;
use crate::market::Contract;
use crate::portfolio::{LedgerEntry, OpenTrade};
use crate::strategy::{EntryBlock, ScanCounts, Trigger};
use crate::units::{Coin, Timestamp, Usd};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

/// Why nothing was opened at a decision, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The newest snapshot is too old.
    Gap,
    /// A market condition of the entry does not hold, or its input is absent.
    EntryFilter(EntryBlock),
    /// The cover, or the number of open trades, is used up.
    FullyCovered,
    /// No option passed.
    NoCandidate,
    /// The best score is below the minimum.
    BelowMinScore,
    /// An order waits for the next snapshot (`fill_at: next_snapshot`).
    Waiting,
    /// The hedge is held.
    Hedged,
    /// The variant hedges nothing: no coverage, or no units are left.
    NothingToHedge,
    /// A leg of the hedge is not listed, or has no quote on the side to be traded.
    HedgeNotQuoted,
}

impl Reason {
    /// The words on screen.
    pub fn title(self) -> &'static str {
        match self {
            Reason::Gap => "gap: newest snapshot too old",
            Reason::EntryFilter(EntryBlock::IvPercentile) => "entry filter: IV percentile below the minimum",
            Reason::EntryFilter(EntryBlock::IvPercentileAbsent) => "entry filter: IV percentile not known yet",
            Reason::EntryFilter(EntryBlock::Weekday) => "entry filter: not an entry weekday",
            Reason::EntryFilter(EntryBlock::IvRv) => "entry filter: IV/RV below the minimum",
            Reason::EntryFilter(EntryBlock::IvRvAbsent) => "entry filter: IV/RV not known yet",
            Reason::FullyCovered => "fully covered",
            Reason::NoCandidate => "no candidate",
            Reason::BelowMinScore => "best score below the minimum",
            Reason::Waiting => "order waits for the next snapshot",
            Reason::Hedged => "hedge is held",
            Reason::NothingToHedge => "nothing to hedge",
            Reason::HedgeNotQuoted => "a leg of the hedge is not quoted",
        }
    }
}

/// Whether a fill opens or closes a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillAction {
    /// Opens.
    Open,
    /// Closes.
    Close,
}

/// One executed order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Number of the trade within the variant, from 0 in opening order.
    pub trade: u32,
    /// Opens or closes.
    pub action: FillAction,
    /// What made the order.
    pub trigger: Trigger,
    /// The contract.
    pub contract: Contract,
    /// Signed coins: a sale is negative.
    pub quantity: f64,
    /// Price of one coin in the quote currency, after slippage and rounding.
    pub price: f64,
    /// The fill rule's price before slippage and rounding.
    pub base_price: f64,
    /// Fee, quote currency, >= 0.
    pub fee: f64,
    /// Configured slippage paid, quote currency, >= 0.
    pub slippage: f64,
    /// Index of the state, USD.
    pub index: f64,
    /// Age of the snapshot at the fill, ms.
    pub age_ms: i64,
    /// Whether the contract was quoted on both sides.
    pub two_sided: bool,
    /// Delta at the fill; `None` without a volatility.
    pub delta: Option<f64>,
    /// Score of the chosen candidate; `None` for a close.
    pub score: Option<f64>,
}

/// One leg that was settled at expiry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// Number of the trade.
    pub trade: u32,
    /// The contract; the ledger's time is its expiry.
    pub contract: Contract,
    /// Signed coins that were held.
    pub quantity: f64,
    /// Delivery price, USD.
    pub delivery: f64,
    /// Intrinsic value of one coin of underlying, quote currency, >= 0.
    pub value: f64,
    /// Delivery fee, quote currency, >= 0.
    pub fee: f64,
    /// Age of the index that stood in for the delivery price, ms; `None` = the dataset's own delivery price.
    pub approximated_age_ms: Option<i64>,
}

/// A leg that is open after the step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Number of the trade.
    pub trade: u32,
    /// Last mark, quote currency.
    pub mark: f64,
    /// False when the state does not quote the contract and the mark is an older one.
    pub quoted: bool,
}

impl From<&OpenTrade> for Held {
    fn from(trade: &OpenTrade) -> Held {
        Held { trade: trade.id, mark: trade.mark, quoted: trade.place.is_some() }
    }
}

/// Something worth knowing that is neither a fill nor a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// An order could not be filled; a close is tested again.
    NotExecuted {
        /// The trade, or the number the trade would have had.
        trade: u32,
        /// What made the order.
        trigger: Trigger,
    },
    /// A held contract that the state does not quote.
    NotQuoted {
        /// The trade.
        trade: u32,
    },
    /// A closed leg was not rolled and the trade ended.
    RollRefused {
        /// The trade.
        trade: u32,
        /// Why.
        why: RollRefusal,
    },
    /// The coins or the cash fell below what the open shorts need.
    CoverBelowBalance,
    /// The equity fell below the maintenance margin, or to nothing.
    Liquidated,
    /// The loan opened at or above its margin call.
    StartsAboveMarginCall,
    /// The lender sold units.
    UnitsSold,
    /// The loan reached its liquidation threshold, which ends the variant.
    LoanEnded,
    /// Nothing stands against the debt any more, which ends the variant.
    WipedOut,
    /// The expiry of a hedge is shorter than its tenor, or much longer.
    OtherTenor {
        /// Days to the expiry that was taken.
        days: f64,
    },
    /// No call at the index or above it pays for the hedge's puts.
    CallDoesNotPay,
}

/// Why a closed leg was not rolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollRefusal {
    /// No rolls are left.
    NoRollsLeft,
    /// The leg had too few days left.
    TooLate,
    /// Nothing in the chain passed, fitted the cover and reached the score.
    NoCandidate,
}

/// An amount in both currencies at the mark's index.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// In coin.
    pub coin: Coin,
    /// In USD.
    pub usd: Usd,
}

/// Net greeks of the open options: delta in coins, gamma in coins per USD, vega in USD per 1.00 of volatility, theta in USD a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NetGreeks {
    /// Coins.
    pub delta: f64,
    /// Coins per USD.
    pub gamma: f64,
    /// USD per 1.00 of volatility.
    pub vega: f64,
    /// USD a day.
    pub theta: f64,
}

/// A loan-to-value at a mark; `None` = nothing stands against the debt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ltv {
    /// At the index of the mark, after its fills.
    pub close: Option<f64>,
    /// The higher of that and the one at the low of the mark's bar, before its fills.
    pub worst: Option<f64>,
}

/// Where a loan stands at a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoanMark {
    /// Principal and interest owed.
    pub debt: Usd,
    /// The same without what was borrowed for options and its interest.
    pub own_debt: Usd,
    /// Units of collateral.
    pub units: Coin,
    /// Highest index since the mark before, USD; the index where nothing higher is known.
    pub high: f64,
    /// Lowest index since the mark before, USD; the index where nothing lower is known.
    pub low: f64,
    /// own debt / (units x price).
    pub unhedged: Ltv,
    /// debt / (coins x price + options + cash).
    pub hedged: Ltv,
}

/// What most marks have none of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Happenings {
    /// What the scan counted; `None` without a scan.
    pub scan: Option<ScanCounts>,
    /// The highest candidate's score; `None` without a candidate.
    pub best_score: Option<f64>,
    /// The chosen candidate, opened or not; `None` without one.
    pub contract: Option<Contract>,
    /// Executed orders, in order.
    pub fills: Vec<Fill>,
    /// Settled legs, in order.
    pub settlements: Vec<Settled>,
    /// Ledger entries, in order.
    pub ledger: Vec<LedgerEntry>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

/// Nothing at all.
static NOTHING: Happenings = Happenings {
    scan: None,
    best_score: None,
    contract: None,
    fills: Vec::new(),
    settlements: Vec::new(),
    ledger: Vec::new(),
    notes: Vec::new(),
};

/// The happenings of a mark, which take no room where there are none: there are very many steps.
#[derive(Clone, Debug, Default)]
pub struct Happened(Option<Box<Happenings>>);

impl From<Happenings> for Happened {
    fn from(all: Happenings) -> Happened {
        Happened((all != NOTHING).then(|| Box::new(all)))
    }
}

/// To write is to make room.
impl DerefMut for Happened {
    fn deref_mut(&mut self) -> &mut Happenings {
        self.0.get_or_insert_default()
    }
}

impl Deref for Happened {
    type Target = Happenings;
    #[inline]
    fn deref(&self) -> &Happenings {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl PartialEq for Happened {
    fn eq(&self, other: &Happened) -> bool {
        **self == **other
    }
}

impl Deref for Step {
    type Target = Happenings;
    #[inline]
    fn deref(&self) -> &Happenings {
        &self.happened
    }
}

/// Everything that happened at one mark of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The mark.
    pub time: Timestamp,
    /// The state's snapshot.
    pub snapshot_time: Timestamp,
    /// Index of the state, USD.
    pub index: f64,
    /// The state is too old to trade on.
    pub gap: bool,
    /// The mark is a decision.
    pub decision: bool,
    /// Something was opened by the decision.
    pub traded: bool,
    /// Why nothing was opened; `None` where something was, or where the mark is no decision.
    pub reason: Option<Reason>,
    /// Scan, orders, settlements, entries and notes; a step reads as they do, `step.fills`.
    pub happened: Happened,
    /// Legs open after the step, in opening order.
    pub held: Few<Held>,
    /// Coins of the account.
    pub coins: Coin,
    /// Cash of the account.
    pub cash: Usd,
    /// Value of the open options at the mark; short is negative.
    pub option_value: Worth,
    /// The same at the touch that would close them (mark where there is none).
    pub liquidation_value: Worth,
    /// Account and options.
    pub equity: Worth,
    /// The opening account without options.
    pub hodl: Worth,
    /// Net greeks of the options.
    pub greeks: NetGreeks,
    /// Maintenance margin of uncovered shorts, quote currency; `None` where nothing is margined.
    pub margin: Option<f64>,
    /// Where the loan stands; `None` without one.
    pub loan: Option<Box<LoanMark>>,
}

impl Step {
    /// Contracts that were closed in this step.
    pub fn closed_contracts(&self) -> impl Iterator<Item = Contract> + '_ {
        closed_contracts(&self.fills)
    }

    /// Every figure of the account is a number; false after sizes beyond the range of numbers.
    #[inline]
    pub fn is_finite(&self) -> bool {
        let is_number = |worth: Worth| worth.coin.0.is_finite() && worth.usd.0.is_finite();
        let worths = [self.option_value, self.liquidation_value, self.equity];
        worths.into_iter().all(is_number)
            && [self.coins.0, self.cash.0, self.greeks.delta].iter().all(|x| x.is_finite())
    }

    /// Something happened at this mark: a decision, a fill, a settlement or a note.
    pub fn is_eventful(&self) -> bool {
        self.decision || !self.fills.is_empty() || !self.settlements.is_empty() || !self.notes.is_empty()
    }
}

/// What happened at a mark so far, while it is stepped; the fields of [`Step`].
#[derive(Default)]
pub(super) struct Events {
    pub(super) happened: Happened,
    pub(super) traded: bool,
    pub(super) reason: Option<Reason>,
    pub(super) at_low: Option<AtLow>,
    pub(super) loan: Option<Box<LoanMark>>,
}

/// Loan-to-value at the low of a mark's bar, before anything is traded.
#[derive(Clone, Copy)]
pub(super) struct AtLow {
    pub(super) unhedged: Option<f64>,
    pub(super) hedged: Option<f64>,
}

impl Events {
    /// Contracts that were closed so far.
    pub(super) fn closed_contracts(&self) -> impl Iterator<Item = Contract> + '_ {
        closed_contracts(&self.happened.fills)
    }
}

fn closed_contracts(fills: &[Fill]) -> impl Iterator<Item = Contract> + '_ {
    fills.iter().filter(|fill| fill.action == FillAction::Close).map(|fill| fill.contract)
}
