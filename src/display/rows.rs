//! Table rows from steps and trades.

use super::format::{ABSENT, count, days, minute, number, or_dash, percent, signed, usd};
use crate::engine::{FillAction, Note, RollRefusal, Settled, Step, Trigger};
use crate::market::Settlement;
use crate::metrics::{Leg, Trade};
use crate::units::HOUR_MS;

/// One line of the Steps table.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// Place of the step in the variant's list.
    pub step: usize,
    /// Milliseconds UTC.
    pub at: i64,
    /// Time.
    pub time: String,
    /// Candidates; a dash in a gap or without a scan.
    pub candidates: String,
    /// Best score.
    pub best_score: String,
    /// `Yes`, `No`, or a dash where the mark is no decision.
    pub traded: &'static str,
    /// Exit style.
    pub exit_style: &'static str,
    /// Contract that was traded, or chosen.
    pub contract: String,
    /// What happened, or why nothing did.
    pub reason: String,
}

/// True for the marks that the Steps table shows: decisions and marks with an event.
pub fn is_shown(step: &Step) -> bool {
    let tells = |n: &Note| !matches!(n, Note::NotQuoted { .. } | Note::CoverBelowBalance);
    step.decision || !step.fills.is_empty() || !step.settlements.is_empty() || step.notes.iter().any(tells)
}

/// The line of a step.
pub fn step_row(place: usize, step: &Step, style: &'static str, underlying: &str) -> StepRow {
    let traded = if !step.decision {
        ABSENT
    } else if step.traded {
        "Yes"
    } else {
        "No"
    };
    let event = step.fills.last().map(|f| f.contract).or(step.settlements.last().map(|s| s.contract));
    let contract = event.or(step.contract).map_or_else(|| ABSENT.into(), |c| c.name(underlying));
    StepRow {
        step: place,
        at: step.time.0,
        time: minute(step.time),
        candidates: step.scan.map_or_else(|| ABSENT.into(), |s| s.candidates.to_string()),
        best_score: or_dash(step.best_score, |s| number(s, 2)),
        traded,
        exit_style: style,
        contract,
        reason: reason(step),
    }
}

/// What happened at a step in words.
pub fn reason(step: &Step) -> String {
    let mut parts: Vec<String> = step.settlements.iter().map(settled).collect();
    for fill in &step.fills {
        let word = match fill.action {
            _ if fill.quantity < 0.0 => "sold",
            FillAction::Open => "bought",
            FillAction::Close => "bought back",
        };
        parts.push(format!("{} {word} at {}", fill.trigger.title(), price(fill.price)));
    }
    parts.extend(step.notes.iter().filter_map(note));
    if let Some(reason) = step.reason {
        parts.push(reason.title().to_owned());
    }
    parts.join("; ")
}

fn settled(s: &Settled) -> String {
    let verb = if s.quantity > 0.0 { "received" } else { "paid" };
    if s.value > 0.0 { format!("exercised: {verb} {}", price(s.value)) } else { "expired worthless".into() }
}

fn note(note: &Note) -> Option<String> {
    Some(match note {
        Note::NotExecuted { trigger, .. } => format!("{}: not executed", trigger.title()),
        Note::RollRefused { why, .. } => format!("not rolled: {}", refusal(*why)),
        Note::Liquidated => "liquidated".into(),
        Note::StartsAboveMarginCall => "the loan starts above its margin-call level".into(),
        Note::UnitsSold => "the lender sold units".into(),
        Note::LoanEnded => "the loan reached its liquidation threshold".into(),
        Note::WipedOut => "wiped out".into(),
        Note::OtherTenor { days } => format!("the expiry taken is {} days away", number(*days, 0)),
        Note::CallDoesNotPay => "the call does not pay for the puts".into(),
        Note::NotQuoted { .. } | Note::CoverBelowBalance => return None,
    })
}

fn refusal(why: RollRefusal) -> &'static str {
    match why {
        RollRefusal::NoRollsLeft => "no rolls left",
        RollRefusal::TooLate => "too few days left",
        RollRefusal::NoCandidate => "no candidate",
    }
}

/// A price in the quote currency with the digits it needs.
pub fn price(value: f64) -> String {
    number(value, if value.abs() < 1.0 { 4 } else { 2 })
}

/// An amount in the quote currency with its unit.
pub fn amount(value: f64, settlement: Settlement, underlying: &str) -> String {
    let bare = bare_amount(value, settlement);
    match settlement {
        Settlement::Inverse => format!("{bare} {underlying}"),
        Settlement::Linear => bare,
    }
}

/// An amount in the quote currency, where the head of its table names the coin.
pub fn bare_amount(value: f64, settlement: Settlement) -> String {
    match settlement {
        Settlement::Inverse => signed(value, 5),
        Settlement::Linear => super::format::usd_signed(value),
    }
}

/// One line of the Trades table: a leg, the trade's figures on its first line only.
#[derive(Clone, Debug, PartialEq)]
pub struct LegRow {
    /// Number of the trade from 1, on its first leg.
    pub trade: Option<u32>,
    /// Contract.
    pub contract: String,
    /// Opened.
    pub opened: String,
    /// Closed, or `open`.
    pub closed: String,
    /// Days to expiry and delta at the opening.
    pub at_open: String,
    /// What its opening price rests on: sides of the quote and its age.
    pub quote: String,
    /// Opening fill.
    pub open_price: String,
    /// Closing fill.
    pub close_price: String,
    /// What closed it.
    pub reason: &'static str,
    /// Trade's PnL against HODL, quote currency; on the first leg.
    pub pnl: Option<f64>,
    /// The same in USD.
    pub pnl_usd: f64,
    /// Worst and best of the trade so far, quote currency.
    pub mae_mfe: Option<(f64, f64)>,
}

/// The lines of a trade.
pub fn trade_rows(trade: &Trade, underlying: &str) -> Vec<LegRow> {
    let line = |(i, leg): (usize, &Leg)| LegRow {
        trade: (i == 0).then_some(trade.id + 1),
        contract: leg.contract.name(underlying),
        opened: minute(leg.opened),
        closed: leg.closed.map_or_else(|| "open".into(), minute),
        at_open: format!("{} · Δ {}", days(leg.dte), or_dash(leg.delta, |d| number(d, 2))),
        quote: quote_words(leg.two_sided, leg.age_ms as f64 / HOUR_MS as f64),
        open_price: price(leg.open_price),
        close_price: or_dash(leg.close_price, price),
        reason: leg_words(leg),
        pnl: (i == 0).then(|| trade.pnl_vs_hodl()),
        pnl_usd: trade.pnl_vs_hodl_usd(),
        mae_mfe: (i == 0).then_some((trade.mae, trade.mfe)),
    };
    trade.legs.iter().enumerate().map(line).collect()
}

/// What an opening price rests on: sides of the quote, and its age in hours.
pub fn quote_words(two_sided: bool, hours: f64) -> String {
    let sides = if two_sided { "two-sided" } else { "one-sided" };
    format!("{sides}, {} h", number(hours, if hours < 10.0 { 1 } else { 0 }))
}

/// How a leg ended, from the word that the output writes (`take_profit`) and its closing price.
pub fn closing_words(reason: &str, close_price: Option<f64>) -> &'static str {
    match (reason, close_price) {
        ("expiry", Some(p)) if p > 0.0 => "exercised",
        ("expiry", _) => "expired worthless",
        ("liquidation", _) => "margin liquidation",
        ("stop_loss", _) => "stop loss",
        ("defend", _) => "defend",
        ("take_profit", _) => "take profit",
        ("dte_exit", _) => "days exit",
        ("max_hold", _) => "maximum hold",
        _ => "open at end",
    }
}

fn leg_words(leg: &Leg) -> &'static str {
    match leg.reason {
        None => closing_words("", None),
        Some(Trigger::Expiry) => closing_words("expiry", leg.close_price),
        Some(reason) => reason.title(),
    }
}

/// What a step's account holds, in words, for the inspector.
pub fn account_words(step: &Step, underlying: &str) -> Vec<(&'static str, String)> {
    let ltv = |ltv: Option<f64>| ltv.map_or_else(|| "wiped out".into(), |ltv| percent(ltv, 1));
    let loan = step.loan.as_ref().map(|loan| {
        [("Debt", usd(loan.debt.0)), ("LTV hedged", ltv(loan.hedged.close)), ("LTV unhedged", ltv(loan.unhedged.close))]
    });
    let mut words = vec![
        ("Index", usd(step.index)),
        ("Coins", format!("{} {underlying}", number(step.coins.0, 5))),
        ("Cash", usd(step.cash.0)),
        ("Options at mark", format!("{} {underlying}", signed(step.option_value.coin.0, 5))),
        ("Equity", format!("{} {underlying} · {}", number(step.equity.coin.0, 5), usd(step.equity.usd.0))),
        ("HODL", format!("{} {underlying} · {}", number(step.hodl.coin.0, 5), usd(step.hodl.usd.0))),
        ("Snapshot age", format!("{} h", number(step.time.ms_since(step.snapshot_time) as f64 / 3.6e6, 1))),
        ("Open legs", count(step.held.len())),
    ];
    words.extend(loan.into_iter().flatten());
    words
}

/// A share of one as text with its bar's share in percent, clamped.
pub fn share(value: f64) -> (String, f64) {
    (percent(value, 0), (value * 100.0).clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_names_its_coin_unless_the_head_of_its_table_does() {
        assert_eq!(bare_amount(-0.00125, Settlement::Inverse), "−0.00125");
        assert_eq!(amount(-0.00125, Settlement::Inverse, "BTC"), "−0.00125 BTC");
        assert_eq!(bare_amount(12.5, Settlement::Linear), amount(12.5, Settlement::Linear, "GLD"));
        assert!(bare_amount(12.5, Settlement::Linear).starts_with("+$12"));
    }
}
