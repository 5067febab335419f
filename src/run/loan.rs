//! What a request may ask of a loan and a hedge.

use super::resolve::{RequestError, at_least, positive};
use crate::portfolio::{Account, Side};
use crate::pricing::OptionKind;
use crate::strategy::{Hedge, HedgeKind, HedgeLeg, Variant};
use crate::units::{Coin, Price, Usd};

/// Tolerance within which weights sum to 1.
const SUM: f64 = 1e-9;

fn refused<T>(field: String, message: impl std::fmt::Display) -> Result<T, RequestError> {
    Err(RequestError::named(field, message))
}

pub(super) fn check_loan(account: &Account) -> Result<(), RequestError> {
    let Some(loan) = &account.loan else { return Ok(()) };
    let at = |field: &str| format!("account.loan.{field}");
    if account.coins <= 0.0 {
        return refused("account.coins".into(), format!("{} is not positive; a loan needs units", account.coins));
    }
    at_least(at("principal_usd"), loan.principal_usd, 0.0)?;
    at_least(at("apr"), loan.apr, 0.0)?;
    if loan.apr > 10.0 {
        return refused(at("apr"), format!("{} is above 10; it is a fraction, 0.08 is 8 % a year", loan.apr));
    }
    let threshold = loan.margin_call_ltv;
    if !(threshold > 0.0 && threshold < 1.0) {
        return refused(at("margin_call_ltv"), format!("{threshold} is not between 0 and 1"));
    }
    match loan.liquidation_ltv {
        Some(ltv) if !(ltv >= threshold && ltv <= 1.0) => {
            refused(at("liquidation_ltv"), format!("{ltv} is not between margin_call_ltv {threshold} and 1"))
        }
        _ => Ok(()),
    }
}

/// The refusal of a loan that the first prices do not cover; `None` where they do.
pub fn undercollateralised(account: &Account, index: Price) -> Option<RequestError> {
    let loan = Usd(account.loan.as_ref()?.principal_usd);
    let collateral = Coin(account.coins) * index;
    let message = format!(
        "Historical scenario starts undercollateralised: loan {loan} exceeds the opening collateral {collateral} at {}. \
         Reduce the loan or add units.",
        Usd(index.0)
    );
    (loan >= collateral).then(|| RequestError::new("account.loan.principal_usd", message))
}

pub(super) fn check_hedge(at: &str, variant: &Variant, coins: f64) -> Result<(), RequestError> {
    let Some(hedge) = &variant.hedge else { return Ok(()) };
    if coins <= 0.0 {
        return refused("account.coins".into(), format!("{coins} is not positive; a hedge needs units"));
    }
    check_rules(at, hedge)
}

/// What is wrong with a hedge by itself; `None` where it can run.
pub fn hedge_fault(hedge: &Hedge) -> Option<RequestError> {
    check_rules("hedge", hedge).err()
}

fn check_rules(at: &str, hedge: &Hedge) -> Result<(), RequestError> {
    positive(format!("{at}.tenor_days"), hedge.tenor_days)?;
    at_least(format!("{at}.coverage"), hedge.coverage, 0.0)?;
    let most = if hedge.kind == HedgeKind::Collar { 1.0 } else { 2.0 };
    if hedge.coverage > most {
        return refused(
            format!("{at}.coverage"),
            format!("{} is above {most}; it is a share of the units", hedge.coverage),
        );
    }
    if let Some(days) = hedge.roll_days_before_expiry {
        at_least(format!("{at}.roll_days_before_expiry"), days, 0.0)?;
        if days >= hedge.tenor_days {
            let text = format!("{days} is not below tenor_days {}", hedge.tenor_days);
            return refused(format!("{at}.roll_days_before_expiry"), text);
        }
    }
    for (i, leg) in hedge.legs.iter().enumerate() {
        check_leg(&format!("{at}.legs[{i}]"), leg)?;
    }
    check_shape(&format!("{at}.legs"), hedge)
}

fn check_leg(at: &str, leg: &HedgeLeg) -> Result<(), RequestError> {
    positive(format!("{at}.weight"), leg.weight)?;
    let right_side = match leg.kind {
        OptionKind::Put => Side::Long,
        OptionKind::Call => Side::Short,
    };
    if leg.side != right_side {
        return refused(format!("{at}.side"), "a hedge buys puts and sells calls");
    }
    let ways = [leg.moneyness.is_some(), leg.delta.is_some(), leg.pays_for_puts].iter().filter(|set| **set).count();
    if ways != 1 {
        return refused(at.into(), "write exactly one of moneyness, delta and pays_for_puts");
    }
    if leg.pays_for_puts && leg.kind == OptionKind::Put {
        return refused(format!("{at}.pays_for_puts"), "only a call can pay for the puts");
    }
    if let Some(moneyness) = leg.moneyness.filter(|m| !(*m > 0.0 && *m <= 10.0)) {
        return refused(
            format!("{at}.moneyness"),
            format!("{moneyness} is not between 0 and 10; 0.95 is 95 % of the index"),
        );
    }
    match leg.delta.filter(|d| !(*d > 0.0 && *d < 1.0)) {
        Some(delta) => refused(format!("{at}.delta"), format!("{delta} is not between 0 and 1")),
        None => Ok(()),
    }
}

/// Each kind has its legs, puts before the call, and the weights of the puts sum to 1.
fn check_shape(at: &str, hedge: &Hedge) -> Result<(), RequestError> {
    let puts = hedge.legs.iter().filter(|leg| leg.kind == OptionKind::Put);
    let (count, sum) = (puts.clone().count(), puts.map(|leg| leg.weight).sum::<f64>());
    let calls = hedge.legs.len() - count;
    let expected = match hedge.kind {
        HedgeKind::Put if (count, calls) != (1, 0) => Some("a put hedge has one put"),
        HedgeKind::Ladder if count < 2 || calls > 0 => Some("a ladder has two puts or more"),
        HedgeKind::Collar if count < 1 || calls != 1 => Some("a collar has one put or more and one call"),
        _ => None,
    };
    if let Some(expected) = expected {
        return refused(at.into(), format!("{expected}; found {count} puts and {calls} calls"));
    }
    if hedge.legs.iter().skip(count).any(|leg| leg.kind == OptionKind::Put) {
        return refused(at.into(), "write the puts before the call");
    }
    if (sum - 1.0).abs() > SUM {
        return refused(at.into(), format!("the weights of the puts sum to {sum}, expected 1"));
    }
    match hedge.legs.iter().find(|leg| leg.kind == OptionKind::Call && leg.weight > 1.0) {
        Some(call) => {
            refused(at.into(), format!("the call's weight {} is above 1: more calls than units", call.weight))
        }
        None => Ok(()),
    }
}
