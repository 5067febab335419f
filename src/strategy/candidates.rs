//! The scan of a chain: every option of the structure's kind is a candidate or is refused by the first reason that holds.

use super::config::{Selection, Variant};
use super::exits::defend_ratio;
use super::refusal::{Refusal, ScanCounts};
use super::score::{ScoreInput, ScoreTerms, Scorer};
use crate::market::{Chain, Contract, MarketContext, MarketSnapshot, Quote, Settlement, TickRule};
use crate::portfolio::{Costs, Touch, Way};
use crate::pricing::OptionKind;
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// What a scan looks at.
#[derive(Clone, Copy, Debug)]
pub struct ScanView<'a> {
    /// The step's time.
    pub t: Timestamp,
    /// The state.
    pub snapshot: &'a MarketSnapshot,
    /// Its context.
    pub context: &'a MarketContext,
    /// Inverse or linear.
    pub settlement: Settlement,
    /// Tick rule of the quotes.
    pub tick: &'a TickRule,
}

/// By which rules it judges.
#[derive(Clone, Copy, Debug)]
pub struct ScanRules<'a> {
    /// The variant.
    pub variant: &'a Variant,
    /// What trading costs (the fill rule decides whether a sale is possible).
    pub costs: &'a Costs,
    /// The defend level that a candidate must not meet; `None` under hold_to_expiry.
    pub defend: Option<f64>,
    /// Contracts closed in this step.
    pub just_closed: &'a [Contract],
    /// Expiries of open trades, where they must be distinct.
    pub taken: &'a [Timestamp],
    /// The highest strike that a roll's cash secures; options above it are passed over uncounted. `None` = any.
    pub highest_strike: Option<f64>,
}

/// A candidate that a scan chose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The contract.
    pub contract: Contract,
    /// Its score.
    pub score: f64,
}

/// The outcome of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scanned {
    /// Candidates and refusals by reason.
    pub counts: ScanCounts,
    /// The highest candidate's score under either selection.
    pub best_score: Option<f64>,
    /// The chosen candidate, whatever its score.
    pub chosen: Option<Candidate>,
}

/// One option with everything the scan saw, for the inspector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inspected {
    /// The contract.
    pub contract: Contract,
    /// Its quote.
    pub quote: Quote,
    /// Days to expiry.
    pub dte: f64,
    /// Percent out of the money.
    pub otm_pct: f64,
    /// Premium in percent of the index.
    pub premium_pct: Option<f64>,
    /// Score terms; `None` when refused.
    pub terms: Option<ScoreTerms>,
    /// Why it is not a candidate; `None` = it is.
    pub refusal: Option<Refusal>,
}

/// A scan in progress: the view, the rules and what they share.
struct Scanner<'a> {
    view: ScanView<'a>,
    rules: ScanRules<'a>,
    kind: OptionKind,
    scorer: Scorer,
    rv30: Option<f64>,
    /// See [`Costs::sure_bid`].
    sure_bid: f64,
}

impl<'a> Scanner<'a> {
    fn new(view: ScanView<'a>, rules: ScanRules<'a>) -> Scanner<'a> {
        let variant = rules.variant;
        let scorer = Scorer::new(variant.weights.weights(), variant.target_delta, variant.target_dte, view.context);
        let rv30 = view.context.daily.rv30.filter(|rv| *rv > 0.0);
        let sure_bid = rules.costs.sure_bid(view.tick);
        Scanner { view, rules, kind: variant.structure.kind(), scorer, rv30, sure_bid }
    }

    fn dte_refused(&self, dte: f64) -> bool {
        dte <= 0.0 || dte < self.rules.variant.min_dte || dte > self.rules.variant.max_dte
    }

    fn premium_pct(&self, chain: &Chain, mark: Option<f64>) -> Option<f64> {
        let index = self.view.snapshot.index.0;
        mark.map(|mark| match self.view.settlement {
            Settlement::Inverse => 100.0 * mark * chain.forward.0 / index,
            Settlement::Linear => 100.0 * mark / index,
        })
    }

    fn otm_pct(&self, strike: f64) -> f64 {
        let index = self.view.snapshot.index.0;
        match self.kind {
            OptionKind::Call => (strike / index - 1.0) * 100.0,
            OptionKind::Put => (1.0 - strike / index) * 100.0,
        }
    }

    /// The first reason that holds after DTE, or the |delta| and volatility of a candidate.
    fn judge(&self, chain: &Chain, row: usize) -> Result<(f64, f64), Refusal> {
        let (columns, variant) = (chain.columns(self.kind), self.rules.variant);
        let bid = columns.bid(row);
        let touch = || Touch { bid, ask: columns.ask(row), mark: columns.mark(row) };
        let is_sure = bid.is_some_and(|bid| bid >= self.sure_bid);
        if !is_sure && self.rules.costs.fill_price(&touch(), Way::Sell, self.view.tick, 1.0).is_none() {
            return Err(Refusal::NoQuote);
        }
        let in_range = |delta: &f64| (variant.min_delta..=variant.max_delta).contains(delta);
        let Some(abs_delta) = columns.delta(row).map(f64::abs).filter(in_range) else {
            return Err(Refusal::Delta);
        };
        let iv = columns.iv(row).ok_or(Refusal::Delta)?;
        if variant.min_open_interest > 0.0 && columns.open_interest(row).unwrap_or(0.0) < variant.min_open_interest {
            return Err(Refusal::OpenInterest);
        }
        if let Some(most) = variant.max_spread
            && let Touch { bid: Some(bid), ask: Some(ask), mark: Some(mark) } = touch()
            && (ask - bid) / mark > most
        {
            return Err(Refusal::Spread);
        }
        if let Some(least) = variant.min_premium
            && self.premium_pct(chain, columns.mark(row)).is_none_or(|premium| premium < least)
        {
            return Err(Refusal::Premium);
        }
        if self.rules.just_closed.contains(&chain.contract(self.kind, row)) {
            return Err(Refusal::JustClosed);
        }
        let ratio = || defend_ratio(self.kind, chain.strikes[row], self.view.snapshot.index.0);
        if self.rules.defend.is_some_and(|level| ratio() >= level) {
            return Err(Refusal::Defend);
        }
        if self.rules.taken.contains(&chain.expiry) {
            return Err(Refusal::ExpiryTaken);
        }
        Ok((abs_delta, iv))
    }

    fn terms(&self, chain: &Chain, row: usize, dte: f64, abs_delta: f64, iv: f64) -> ScoreTerms {
        self.scorer.terms(&ScoreInput {
            abs_delta,
            dte,
            iv_rv: self.rv30.map(|rv| iv / rv),
            premium_pct: self.premium_pct(chain, chain.columns(self.kind).mark(row)),
            otm_pct: self.otm_pct(chain.strikes[row]),
        })
    }

    /// Of the expiries in range that the chain lists, the nearest to the target; the earlier of two.
    fn nearest_expiry(&self) -> Option<Timestamp> {
        let mut best: Option<(f64, Timestamp)> = None;
        for chain in self.view.snapshot.chains.iter().filter(|chain| !chain.strikes.is_empty()) {
            let dte = chain.expiry.days_since(self.view.t);
            let distance = (dte - self.rules.variant.target_dte).abs();
            if !self.dte_refused(dte) && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, chain.expiry));
            }
        }
        best.map(|(_, expiry)| expiry)
    }
}

/// Scans the state for the variant's structure.
pub fn scan(view: ScanView, rules: ScanRules) -> Scanned {
    let scanner = Scanner::new(view, rules);
    let variant = rules.variant;
    let nearest = match variant.selection {
        Selection::Nearest => scanner.nearest_expiry(),
        Selection::Score => None,
    };
    let mut scanned = Scanned::default();
    let mut least_distance = f64::INFINITY;
    let deltas = (variant.min_delta, variant.max_delta);
    for chain in &view.snapshot.chains {
        let dte = chain.expiry.days_since(view.t);
        if scanner.dte_refused(dte) {
            scanned.counts.refused[Refusal::Dte as usize] += chain.strikes.len() as u32;
            continue;
        }
        let within = |most: f64| chain.strikes.partition_point(|strike| *strike <= most);
        let (columns, rows) = (chain.columns(scanner.kind), rules.highest_strike.map_or(chain.strikes.len(), within));
        let mut looked_at = 0;
        loop {
            // most rows end here: quoted well, and nowhere near the delta
            let row = columns.first_unrefused(looked_at, rows, scanner.sure_bid, deltas);
            scanned.counts.refused[Refusal::Delta as usize] += (row - looked_at) as u32;
            if row == rows {
                break;
            }
            looked_at = row + 1;
            let (abs_delta, iv) = match scanner.judge(chain, row) {
                Ok(passed) => passed,
                Err(refusal) => {
                    scanned.counts.refused[refusal as usize] += 1;
                    continue;
                }
            };
            scanned.counts.candidates += 1;
            let score = scanner.terms(chain, row, dte, abs_delta, iv).total();
            let best = scanned.best_score.is_none_or(|best| score > best);
            if best {
                scanned.best_score = Some(score);
            }
            let distance = (abs_delta - variant.target_delta).abs();
            let chosen = match variant.selection {
                Selection::Score => best,
                Selection::Nearest => nearest == Some(chain.expiry) && distance < least_distance,
            };
            if chosen {
                least_distance = distance;
                scanned.chosen = Some(Candidate { contract: chain.contract(scanner.kind, row), score });
            }
        }
    }
    scanned
}

/// Every option of the structure's kind as the scan saw it, in contract order.
pub fn inspect(view: ScanView, rules: ScanRules) -> Vec<Inspected> {
    let scanner = Scanner::new(view, rules);
    let mut all = Vec::new();
    for chain in &view.snapshot.chains {
        let dte = chain.expiry.days_since(view.t);
        for row in 0..chain.strikes.len() {
            let quote = chain.columns(scanner.kind).quote(row);
            let judged = if scanner.dte_refused(dte) { Err(Refusal::Dte) } else { scanner.judge(chain, row) };
            all.push(Inspected {
                contract: chain.contract(scanner.kind, row),
                quote,
                dte,
                otm_pct: scanner.otm_pct(chain.strikes[row]),
                premium_pct: scanner.premium_pct(chain, quote.mark),
                terms: judged.ok().map(|(abs_delta, iv)| scanner.terms(chain, row, dte, abs_delta, iv)),
                refusal: judged.err(),
            });
        }
    }
    all
}
