//! A step as it is kept: the same facts as [`Step`] under names that stay readable for ever.
//!
//! Times are ms UTC, prices and values in the quote currency, pairs are coin and USD. What is empty or false is left out.

use crate::engine::{
    Fill, FillAction, Happenings, Held, LoanMark, Ltv, NetGreeks, Note, Reason, Settled, Step, Trigger, Worth,
};
use crate::market::Contract;
use crate::portfolio::{EntryKind, LedgerEntry};
use crate::pricing::OptionKind;
use crate::strategy::ScanCounts;
use crate::units::{Coin, Price, Timestamp, Usd};
use serde::{Deserialize, Serialize};

/// Expiry in ms UTC, strike in USD, kind.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct ContractRow(i64, f64, KindRow);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum KindRow {
    C,
    P,
}

/// One step as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepRow {
    time: i64,
    snapshot: i64,
    index: f64,
    #[serde(default, skip_serializing_if = "is_false")]
    gap: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    decision: bool,
    /// Candidates, then refusals by reason in the order of the scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scan: Option<Vec<u32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best_score: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contract: Option<ContractRow>,
    #[serde(default, skip_serializing_if = "is_false")]
    traded: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fills: Vec<FillRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    settlements: Vec<SettledRow>,
    /// Time, kind, trade, coins, cash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ledger: Vec<(i64, EntryKind, Option<u32>, f64, f64)>,
    /// Of the ledger's entries that change the debt: place and change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    debts: Vec<(usize, f64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
    /// Trade, mark, quoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    held: Vec<(u32, f64, bool)>,
    /// Coins and cash of the account.
    balance: (f64, f64),
    options: (f64, f64),
    liquidation: (f64, f64),
    equity: (f64, f64),
    hodl: (f64, f64),
    /// Delta, gamma, vega, theta.
    greeks: (f64, f64, f64, f64),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    margin: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    loan: Option<LoanRow>,
}

/// Debt, the loan's own part of it, units, high, low; loan-to-value at the close and at worst, unhedged and hedged.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct LoanRow(f64, f64, f64, f64, f64, [Option<f64>; 4]);

impl From<&LoanMark> for LoanRow {
    fn from(loan: &LoanMark) -> LoanRow {
        let LoanMark { debt, own_debt, units, high, low, unhedged, hedged } = *loan;
        LoanRow(debt.0, own_debt.0, units.0, high, low, [unhedged.close, unhedged.worst, hedged.close, hedged.worst])
    }
}

impl From<LoanRow> for LoanMark {
    fn from(LoanRow(debt, own_debt, units, high, low, [close, worst, hedged, hedged_worst]): LoanRow) -> LoanMark {
        let (unhedged, hedged) = (Ltv { close, worst }, Ltv { close: hedged, worst: hedged_worst });
        LoanMark { debt: Usd(debt), own_debt: Usd(own_debt), units: Coin(units), high, low, unhedged, hedged }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FillRow {
    trade: u32,
    action: FillAction,
    trigger: Trigger,
    contract: ContractRow,
    quantity: f64,
    price: f64,
    base_price: f64,
    fee: f64,
    slippage: f64,
    index: f64,
    age_ms: i64,
    two_sided: bool,
    delta: Option<f64>,
    score: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct SettledRow {
    trade: u32,
    contract: ContractRow,
    quantity: f64,
    delivery: f64,
    value: f64,
    fee: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approximated_age_ms: Option<i64>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<Contract> for ContractRow {
    fn from(contract: Contract) -> ContractRow {
        let kind = match contract.kind {
            OptionKind::Call => KindRow::C,
            OptionKind::Put => KindRow::P,
        };
        ContractRow(contract.expiry.0, contract.strike.0, kind)
    }
}

impl From<ContractRow> for Contract {
    fn from(ContractRow(expiry, strike, kind): ContractRow) -> Contract {
        let kind = match kind {
            KindRow::C => OptionKind::Call,
            KindRow::P => OptionKind::Put,
        };
        Contract { expiry: Timestamp(expiry), strike: Price(strike), kind }
    }
}

impl From<&Fill> for FillRow {
    fn from(fill: &Fill) -> FillRow {
        let Fill { trade, action, trigger, contract, quantity, price, base_price, fee, slippage, index, .. } = *fill;
        let Fill { age_ms, two_sided, delta, score, .. } = *fill;
        let contract = contract.into();
        FillRow {
            trade,
            action,
            trigger,
            contract,
            quantity,
            price,
            base_price,
            fee,
            slippage,
            index,
            age_ms,
            two_sided,
            delta,
            score,
        }
    }
}

impl From<FillRow> for Fill {
    fn from(row: FillRow) -> Fill {
        let FillRow { trade, action, trigger, contract, quantity, price, base_price, fee, slippage, index, .. } = row;
        let FillRow { age_ms, two_sided, delta, score, .. } = row;
        let contract = contract.into();
        Fill {
            trade,
            action,
            trigger,
            contract,
            quantity,
            price,
            base_price,
            fee,
            slippage,
            index,
            age_ms,
            two_sided,
            delta,
            score,
        }
    }
}

impl From<&Settled> for SettledRow {
    fn from(settled: &Settled) -> SettledRow {
        let Settled { trade, contract, quantity, delivery, value, fee, approximated_age_ms } = *settled;
        SettledRow { trade, contract: contract.into(), quantity, delivery, value, fee, approximated_age_ms }
    }
}

impl From<SettledRow> for Settled {
    fn from(row: SettledRow) -> Settled {
        let SettledRow { trade, contract, quantity, delivery, value, fee, approximated_age_ms } = row;
        Settled { trade, contract: contract.into(), quantity, delivery, value, fee, approximated_age_ms }
    }
}

fn pair(worth: Worth) -> (f64, f64) {
    (worth.coin.0, worth.usd.0)
}

fn worth((coin, usd): (f64, f64)) -> Worth {
    Worth { coin: Coin(coin), usd: Usd(usd) }
}

fn counts(numbers: &[u32]) -> ScanCounts {
    let mut counts = ScanCounts::default();
    if let Some((candidates, refused)) = numbers.split_first() {
        counts.candidates = *candidates;
        counts.refused.iter_mut().zip(refused).for_each(|(count, kept)| *count = *kept);
    }
    counts
}

impl From<&Step> for StepRow {
    fn from(step: &Step) -> StepRow {
        let entry = |e: &LedgerEntry| (e.time.0, e.kind, e.trade, e.coins.0, e.cash.0);
        StepRow {
            time: step.time.0,
            snapshot: step.snapshot_time.0,
            index: step.index,
            gap: step.gap,
            decision: step.decision,
            scan: step.scan.map(|scan| std::iter::once(scan.candidates).chain(scan.refused).collect()),
            best_score: step.best_score,
            contract: step.contract.map(ContractRow::from),
            traded: step.traded,
            reason: step.reason,
            fills: step.fills.iter().map(FillRow::from).collect(),
            settlements: step.settlements.iter().map(SettledRow::from).collect(),
            ledger: step.ledger.iter().map(entry).collect(),
            debts: step
                .ledger
                .iter()
                .enumerate()
                .filter(|(_, e)| e.debt.0 != 0.0)
                .map(|(i, e)| (i, e.debt.0))
                .collect(),
            notes: step.notes.clone(),
            held: step.held.iter().map(|held| (held.trade, held.mark, held.quoted)).collect(),
            balance: (step.coins.0, step.cash.0),
            options: pair(step.option_value),
            liquidation: pair(step.liquidation_value),
            equity: pair(step.equity),
            hodl: pair(step.hodl),
            greeks: (step.greeks.delta, step.greeks.gamma, step.greeks.vega, step.greeks.theta),
            margin: step.margin,
            loan: step.loan.as_deref().map(LoanRow::from),
        }
    }
}

impl From<StepRow> for Step {
    fn from(row: StepRow) -> Step {
        let entry = |(time, kind, trade, coins, cash)| LedgerEntry {
            time: Timestamp(time),
            kind,
            trade,
            coins: Coin(coins),
            cash: Usd(cash),
            debt: Usd(0.0),
        };
        let mut ledger: Vec<LedgerEntry> = row.ledger.into_iter().map(entry).collect();
        for (at, debt) in row.debts {
            ledger.iter_mut().skip(at).take(1).for_each(|entry| entry.debt = Usd(debt));
        }
        let happened = Happenings {
            scan: row.scan.map(|numbers| counts(&numbers)),
            best_score: row.best_score,
            contract: row.contract.map(Contract::from),
            fills: row.fills.into_iter().map(Fill::from).collect(),
            settlements: row.settlements.into_iter().map(Settled::from).collect(),
            ledger,
            notes: row.notes,
        };
        let (delta, gamma, vega, theta) = row.greeks;
        Step {
            time: Timestamp(row.time),
            snapshot_time: Timestamp(row.snapshot),
            index: row.index,
            gap: row.gap,
            decision: row.decision,
            traded: row.traded,
            reason: row.reason,
            happened: happened.into(),
            held: row.held.into_iter().map(|(trade, mark, quoted)| Held { trade, mark, quoted }).collect(),
            coins: Coin(row.balance.0),
            cash: Usd(row.balance.1),
            option_value: worth(row.options),
            liquidation_value: worth(row.liquidation),
            equity: worth(row.equity),
            hodl: worth(row.hodl),
            greeks: NetGreeks { delta, gamma, vega, theta },
            margin: row.margin,
            loan: row.loan.map(|loan| Box::new(loan.into())),
        }
    }
}

/// Steps as text, a JSON array.
pub fn write_steps(steps: &[Step]) -> String {
    let rows: Vec<StepRow> = steps.iter().map(StepRow::from).collect();
    // numbers of a run are finite and its names are plain: writing them does not fail
    serde_json::to_string(&rows).unwrap_or_default()
}

/// Reads what [`write_steps`] wrote.
///
/// # Errors
/// Where and why the text is not a list of steps.
pub fn read_steps(text: &str) -> Result<Vec<Step>, String> {
    let rows: Vec<StepRow> = crate::json::of_text(text.as_bytes()).map_err(|e| e.to_string())?;
    Ok(rows.into_iter().map(Step::from).collect())
}
