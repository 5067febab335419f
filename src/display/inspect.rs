//! Why a step went as it did: smile, candidates with their points, refusals, ledger and payoff as plain values.

use super::chain::fit_words;
use super::format::{day, number, or_dash, percent, signed};
use super::lines::{Axis, Lines, Series, Tone};
use super::payoff::{Book, held_legs};
use super::rows;
use crate::engine::Step;
use crate::market::{Contract, MarketSnapshot, Regime};
use crate::metrics::Leg;
use crate::portfolio::{Account, Side};
use crate::pricing::OptionKind;
use crate::run::{Inspection, Unit};
use crate::sort;
use crate::strategy::{HedgeLeg, Inspected, PlannedLeg, Refusal};

/// Places at which the account at expiry is computed, and the share of the index that is drawn to either side.
const PLACES: i32 = 60;
const REACH: f64 = 0.3;
/// Share of the index within which a smile is drawn.
const NEAR: f64 = 0.4;

/// One candidate with its points.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateRow {
    /// Contract.
    pub contract: String,
    /// True for the one that was chosen.
    pub chosen: bool,
    /// Days to expiry, delta, premium in percent of the index.
    pub figures: [String; 3],
    /// Bid and ask.
    pub quote: String,
    /// Points above zero by term: name, points.
    pub points: Vec<(&'static str, f64)>,
    /// Points taken away.
    pub taken: f64,
    /// The score.
    pub score: f64,
}

/// Refused options of one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedGroup {
    /// The reason in words.
    pub reason: &'static str,
    /// Their names, in contract order.
    pub contracts: Vec<String>,
}

/// One ledger entry in words.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    /// When.
    pub time: String,
    /// What for.
    pub what: &'static str,
    /// Change of the coins.
    pub coins: String,
    /// Change of the cash.
    pub cash: String,
    /// Change of the debt; `None` where it does not change.
    pub debt: Option<String>,
}

/// Which step the inspector shows.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyHead {
    /// Time of the step.
    pub time: String,
    /// Milliseconds UTC.
    pub at: i64,
    /// Contract that was traded or chosen.
    pub contract: String,
}

impl WhyHead {
    /// Of a step on options on this.
    pub fn of(step: &Step, underlying: &str) -> WhyHead {
        let contract = contract_words(filled(step), step.contract, underlying);
        WhyHead { time: super::format::minute(step.time), at: step.time.0, contract }
    }
}

/// The contract of a step's last fill.
fn filled(step: &Step) -> Option<Contract> {
    step.fills.last().map(|fill| fill.contract)
}

/// Everything the inspector says of one step below its head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// What happened.
    pub reason: String,
    /// Market figures: name and value.
    pub market: Vec<(&'static str, String)>,
    /// Account figures: name and value.
    pub account: Vec<(&'static str, String)>,
    /// Title of the smile.
    pub smile_title: String,
    /// The smile of the expiry that matters; without a line where there is none.
    pub smile: Lines,
    /// Candidates, best score first.
    pub candidates: Vec<CandidateRow>,
    /// Refused options by reason.
    pub refused: Vec<RefusedGroup>,
    /// The hedge that the state would give, in words; empty for a variant that does not hedge.
    pub hedge: Vec<String>,
    /// Ledger entries of the step.
    pub ledger: Vec<LedgerRow>,
    /// Value of the account at the nearest expiry of what is held; `None` while nothing is.
    pub payoff: Option<Lines>,
    /// What is held, in words.
    pub held: Vec<String>,
}

/// Puts together what the inspector says below its head.
pub fn why(unit: &Unit, step: &Step, seen: &Inspection, underlying: &str) -> Why {
    let filled = filled(step);
    let chosen = filled.or(step.contract);
    let held: Vec<&Leg> = held_legs(unit, step).map(|(leg, _)| leg).collect();
    let planned = seen.hedge.as_ref().and_then(|plan| plan.legs.first()).map(|leg| leg.contract);
    let focus = chosen.or(held.first().map(|l| l.contract)).or(planned).or(nearest_to_target(unit, seen));
    let smile = focus
        .map(|c| {
            (
                smile_title(c, step),
                smile(seen.snapshot, c, (chosen, if filled.is_some() { "traded" } else { "best" }), underlying),
            )
        })
        .unwrap_or_default();
    Why {
        reason: reason_words(step),
        market: market(seen),
        account: rows::account_words(step, underlying),
        smile_title: smile.0,
        smile: smile.1,
        candidates: if step.decision { candidates(seen, chosen, underlying) } else { Vec::new() },
        refused: if step.decision { refused(seen, underlying) } else { Vec::new() },
        hedge: hedge_words(unit, seen, underlying),
        ledger: ledger(step),
        payoff: Book::of(unit, step, seen.snapshot).map(|book| payoff(step, &book, &unit.config().account)),
        held: held.iter().map(|leg| held_words(leg, step, underlying)).collect(),
    }
}

/// What happened at a step, or that nothing was traded and why.
fn reason_words(step: &Step) -> String {
    let reason = rows::reason(step);
    let is_refusal = step.decision && !step.traded && step.fills.is_empty() && step.reason.is_some();
    if is_refusal { format!("Not traded: {reason}") } else { reason }
}

/// The contract that was traded, else the one that stood first.
fn contract_words(filled: Option<Contract>, first: Option<Contract>, underlying: &str) -> String {
    match (filled, first) {
        (Some(contract), _) => contract.name(underlying),
        (None, Some(contract)) => format!("Best: {}", contract.name(underlying)),
        (None, None) => String::new(),
    }
}

fn held_words(leg: &Leg, step: &Step, underlying: &str) -> String {
    let days = number(leg.contract.dte(step.time), 1);
    let verb = if leg.side == Side::Long { "bought" } else { "sold" };
    format!(
        "{} × {} · {verb} at {} · {days} d left",
        signed(leg.side.signed(leg.size), 2),
        leg.contract.name(underlying),
        rows::price(leg.open_price)
    )
}

/// Wanted tenor and strikes, and what the chain has for them.
fn hedge_words(unit: &Unit, seen: &Inspection, underlying: &str) -> Vec<String> {
    let Some(hedge) = &unit.config().variant.hedge else { return Vec::new() };
    let Some(plan) = &seen.hedge else { return vec!["The chain lists nothing for this hedge.".into()] };
    let days = plan.expiry().map_or(0.0, |expiry| expiry.days_since(seen.snapshot.time));
    let note = match plan.is_off_tenor {
        true if days < hedge.tenor_days => ", the longest listed",
        true => ", the first listed after it",
        false => "",
    };
    let tenor = format!("Wanted {} days: an expiry in {} days{note}.", number(hedge.tenor_days, 0), number(days, 1));
    let leg = |(wanted, planned): (&HedgeLeg, &PlannedLeg)| {
        let target = match (wanted.moneyness, wanted.delta) {
            (Some(m), _) => format!("{} of the index = {}", percent(m, 1), number(m * seen.snapshot.index.0, 2)),
            (_, Some(delta)) => format!("delta {}", number(delta, 2)),
            _ if plan.is_unpaid => "no call pays for the puts".to_owned(),
            _ => "the highest that pays for the puts".to_owned(),
        };
        let size = signed(planned.side.signed(planned.size), 2);
        let touch = touch_words(seen.snapshot, &planned.contract);
        format!("{size} × {}: {target}; {touch}.", planned.contract.name(underlying))
    };
    std::iter::once(tenor).chain(hedge.legs.iter().zip(&plan.legs).map(leg)).collect()
}

fn touch_words(snapshot: &MarketSnapshot, contract: &Contract) -> String {
    let quote = snapshot.columns_at(snapshot.find(contract)).map(|(columns, row)| columns.quote(row));
    let price = |side: Option<f64>| or_dash(side, rows::price);
    format!("bid {} / ask {}", price(quote.and_then(|q| q.bid)), price(quote.and_then(|q| q.ask)))
}

fn nearest_to_target(unit: &Unit, seen: &Inspection) -> Option<Contract> {
    let target = unit.config().variant.target_dte;
    let distance = |o: &&Inspected| (o.dte - target).abs();
    seen.options.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|o| o.contract)
}

fn smile_title(contract: Contract, step: &Step) -> String {
    format!("Smile of {}, {} days", day(contract.expiry), number(contract.dte(step.time), 1))
}

fn market(seen: &Inspection) -> Vec<(&'static str, String)> {
    let c = &seen.context;
    let share = |v: Option<f64>| or_dash(v, |v| percent(v, 1));
    let regime = match c.daily.regime {
        Some(Regime::Bull) => "bull",
        Some(Regime::Bear) => "bear",
        Some(Regime::Sideways) => "sideways",
        None => super::format::ABSENT,
    };
    let mut figures = vec![
        ("IV 30 d", share(c.atm_iv_30)),
        ("RV 30 d", share(c.daily.rv30)),
        ("IV percentile", share(c.iv_percentile)),
        ("Skew 25 Δ", share(c.skew)),
        ("Term slope", share(c.term_slope)),
        ("Return 7 d", share(c.daily.r7)),
        ("Return 30 d", share(c.daily.r30)),
        ("Regime", regime.to_owned()),
    ];
    figures.extend(fit_words(seen.snapshot).map(|words| ("Fit error", words)));
    figures
}

fn candidates(seen: &Inspection, traded: Option<Contract>, underlying: &str) -> Vec<CandidateRow> {
    let row = |o: &Inspected| {
        let terms = o.terms?;
        let named = terms.named();
        Some(CandidateRow {
            contract: o.contract.name(underlying),
            chosen: traded == Some(o.contract),
            figures: [
                number(o.dte, 1),
                or_dash(o.quote.delta, |d| number(d, 3)),
                or_dash(o.premium_pct, |p| number(p, 2)),
            ],
            quote: format!("{} / {}", or_dash(o.quote.bid, rows::price), or_dash(o.quote.ask, rows::price)),
            points: named.iter().copied().filter(|(_, p)| *p > 0.0).collect(),
            taken: named.iter().map(|(_, p)| p.min(0.0)).sum(),
            score: terms.total(),
        })
    };
    let passed = seen.options.iter().filter(|o| o.refusal.is_none());
    let mut found: Vec<CandidateRow> = passed.filter_map(row).collect();
    sort::by(&mut found, |a, b| b.score.total_cmp(&a.score));
    found
}

fn refused(seen: &Inspection, underlying: &str) -> Vec<RefusedGroup> {
    let of = |refusal: Refusal| {
        let contracts = seen.options.iter().filter(|o| o.refusal == Some(refusal));
        RefusedGroup { reason: refusal.title(), contracts: contracts.map(|o| o.contract.name(underlying)).collect() }
    };
    Refusal::ALL.into_iter().map(of).filter(|g| !g.contracts.is_empty()).collect()
}

fn ledger(step: &Step) -> Vec<LedgerRow> {
    use crate::portfolio::EntryKind;
    let what = |kind| match kind {
        EntryKind::Deposit => "deposit",
        EntryKind::Premium => "premium",
        EntryKind::Fee => "fee",
        EntryKind::Settlement => "settlement",
        EntryKind::Interest => "interest",
        EntryKind::Liquidation => "liquidation",
    };
    let row = |e: &crate::portfolio::LedgerEntry| LedgerRow {
        time: super::format::minute(e.time),
        what: what(e.kind),
        coins: signed(e.coins.0, 6),
        cash: signed(e.cash.0, 2),
        debt: (e.debt.0 != 0.0).then(|| signed(e.debt.0, 2)),
    };
    step.ledger.iter().map(row).collect()
}

/// Implied volatility over strike of one expiry, within 40 % of the index; what was traded, or stood first, is a point of its own.
fn smile(
    snapshot: &MarketSnapshot,
    focus: Contract,
    (chosen, word): (Option<Contract>, &'static str),
    underlying: &str,
) -> Lines {
    let Some(chain) = snapshot.chain(focus.expiry) else { return Lines::default() };
    let index = snapshot.index.0;
    let columns = chain.columns(focus.kind);
    let near = |k: f64| (k / index - 1.0).abs() < NEAR || k == focus.strike.0;
    let rows = chain.strikes.iter().enumerate().filter(|(_, k)| near(**k));
    let points: Vec<(f64, f64)> = rows.filter_map(|(i, k)| columns.iv(i).map(|iv| (*k, iv))).collect();
    let chosen = chosen.filter(|c| c.expiry == focus.expiry);
    let point = chosen.and_then(|c| points.iter().find(|(k, _)| *k == c.strike.0).map(|point| (c, *point)));
    let name = match focus.kind {
        OptionKind::Call => "Calls",
        OptionKind::Put => "Puts",
    };
    let mut series = vec![Series { name: name.into(), points, ..Series::default() }];
    series.extend(point.map(|(c, point)| Series {
        name: c.name(underlying),
        points: vec![point],
        ..Series::default()
    }));
    // The crosshair rests there.
    let rules = point.map(|(_, (k, _))| (k, word)).into_iter().chain([(index, "index")]).collect();
    Lines {
        x: Axis::Usd,
        x_title: "Strike, USD",
        y: Axis::Percent,
        y_title: "Volatility",
        series,
        rules,
        ..Lines::default()
    }
}

/// Account value in USD at the nearest expiry of what is held against the index then, beside the opening account.
fn payoff(step: &Step, book: &Book, opening: &Account) -> Lines {
    let debt = step.loan.as_ref().map_or(0.0, |loan| loan.debt.0);
    let expiry = book.next_expiry();
    let value = |s: f64| step.coins.0 * s + step.cash.0 - debt + book.value(s, expiry);
    let hodl = |s: f64| step.hodl.usd.0 + opening.coins * (s - step.index);
    let even = |i: i32| step.index * (1.0 + REACH * f64::from(i) / f64::from(PLACES / 2));
    let mut places: Vec<f64> = (-PLACES / 2..=PLACES / 2).map(even).collect();
    let (low, high) = (places[0], places[places.len() - 1]);
    let strikes = book.options.iter().map(|o| o.contract.strike.0).filter(|k| (low..=high).contains(k));
    places.extend(strikes.clone());
    places.sort_unstable_by(f64::total_cmp);
    places.dedup();
    let series = |name: &str, tone, value: &dyn Fn(f64) -> f64| Series {
        name: name.into(),
        points: places.iter().map(|s| (*s, value(*s))).collect(),
        tone,
        ..Series::default()
    };
    Lines {
        x: Axis::Usd,
        x_title: "Index, USD",
        y: Axis::Usd,
        y_title: "Account, USD",
        series: vec![series("Account", Tone::Placed, &value), series("HODL", Tone::Hodl, &hodl)],
        rules: strikes.take(1).map(|k| (k, "strike")).chain([(step.index, "index")]).collect(),
        ..Lines::default()
    }
}
