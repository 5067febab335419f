//! Figures of a run, read from its steps and nothing else.

pub mod book;
pub mod costs;
pub mod drawdowns;
pub mod evidence;
pub mod identity;
pub mod loan;
pub mod ratios;
pub mod rolling;
pub mod summary;
pub mod trade;

pub use book::TradeBook;
pub use costs::{CostColumn, cost_column};
pub use evidence::{Evidence, EvidenceLine};
pub use loan::{LoanBook, LoanDay};
pub use summary::{
    Drawdown, Figure, GLOSSARY, LOAN_GLOSSARY, LoanSummary, LtvPeak, Month, RISK_GLOSSARY, Summary, figure,
};
pub use trade::{Leg, Trade};

use crate::engine::{Step, Worth};
use crate::market::Settlement;
use crate::portfolio::{EntryKind, Loan, Side};
use crate::pricing::OptionKind;
use crate::units::{Day, Timestamp, total};
use ratios::{DrawdownTracker, Ratios};

/// A valued instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EquityPoint {
    /// The mark.
    pub time: Timestamp,
    /// Equity after the fills of the mark.
    pub equity: Worth,
    /// The opening account.
    pub hodl: Worth,
}

/// Figures of one variant, kept up to date step by step: incremental equals batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    settlement: Settlement,
    day_count: f64,
    book: TradeBook,
    first: Option<EquityPoint>,
    deposited_coins: f64,
    /// The equity at the first mark of each UTC day.
    daily: Vec<Worth>,
    /// The last mark of each month so far, with its year and month.
    months: Vec<(i32, u32, EquityPoint)>,
    day: Option<Day>,
    /// The last day of the last of `months`.
    month_ends: Option<Day>,
    drawdown_usd: DrawdownTracker,
    drawdown_coin: DrawdownTracker,
    net_delta_sum: f64,
    marks: u64,
    fill_ages_ms: Vec<i64>,
    slippage: f64,
    slippage_usd: f64,
    least_coins: f64,
    least_cash: f64,
    loan: Option<LoanBook>,
}

impl Metrics {
    /// No steps yet; `day_count` annualises daily returns (365 or 252).
    pub fn new(settlement: Settlement, day_count: u32) -> Metrics {
        Metrics {
            settlement,
            day_count: f64::from(day_count),
            book: TradeBook::new(settlement),
            first: None,
            deposited_coins: 0.0,
            daily: Vec::new(),
            months: Vec::new(),
            day: None,
            month_ends: None,
            drawdown_usd: DrawdownTracker::default(),
            drawdown_coin: DrawdownTracker::default(),
            net_delta_sum: 0.0,
            marks: 0,
            fill_ages_ms: Vec::new(),
            slippage: 0.0,
            slippage_usd: 0.0,
            least_coins: f64::INFINITY,
            least_cash: f64::INFINITY,
            loan: None,
        }
    }

    /// The same with a loan to follow; `contract_size` is units in one contract.
    pub fn with_loan(self, loan: Option<&Loan>, contract_size: f64) -> Metrics {
        let loan = loan.map(|loan| LoanBook::new(*loan, contract_size, self.settlement));
        Metrics { loan, ..self }
    }

    /// The loan's days in order; none without a loan.
    pub fn loan_days(&self) -> &[LoanDay] {
        self.loan.as_ref().map_or(&[], |book| book.days())
    }

    /// Trades in opening order.
    pub fn trades(&self) -> &[Trade] {
        self.book.trades()
    }

    /// Takes a step; steps come in time order.
    pub fn update(&mut self, step: &Step) {
        let point = EquityPoint { time: step.time, equity: step.equity, hodl: step.hodl };
        self.book.update(step);
        if let Some(loan) = &mut self.loan {
            loan.update(step, self.book.trades());
        }
        if self.day != Some(step.time.day()) {
            self.begin_day(point);
        }
        if let Some(month) = self.months.last_mut() {
            month.2 = point;
        }
        self.first.get_or_insert(point);
        for entry in step.ledger.iter().filter(|entry| entry.kind == EntryKind::Deposit) {
            self.deposited_coins += entry.coins.0;
        }
        self.drawdown_usd.update(step.time, step.equity.usd.0);
        self.drawdown_coin.update(step.time, step.equity.coin.0);
        self.net_delta_sum += step.coins.0 + step.greeks.delta;
        self.marks += 1;
        lower(&mut self.least_coins, step.coins.0);
        lower(&mut self.least_cash, step.cash.0);
        for fill in &step.fills {
            self.fill_ages_ms.push(fill.age_ms);
            self.slippage += fill.slippage;
            self.slippage_usd += match self.settlement {
                Settlement::Inverse => fill.slippage * fill.index,
                Settlement::Linear => fill.slippage,
            };
        }
    }

    fn begin_day(&mut self, point: EquityPoint) {
        let day = point.time.day();
        self.day = Some(day);
        self.daily.push(point.equity);
        if self.month_ends.is_none_or(|end| day > end) {
            let (year, month) = day.year_month();
            self.months.push((year, month, point));
            self.month_ends = Some(day.month_end());
        }
    }

    /// All figures; those of a stopped run are not annualised.
    pub fn summary(&self, stopped: bool) -> Summary {
        let (Some(first), Some((_, _, last))) = (self.first, self.months.last().copied()) else {
            return Summary::default();
        };
        let days = last.time.days_since(first.time);
        let mut summary = Summary { days, ..Default::default() };
        self.account_figures(&mut summary, &first, &last);
        self.return_figures(&mut summary, (!stopped && days >= 7.0).then_some(days));
        self.trade_figures(&mut summary);
        self.leg_figures(&mut summary, &first, &last);
        summary.months = self.month_rows(&first);
        let annual_days = (!stopped && days > 0.0).then_some(days);
        summary.loan = self.loan.as_ref().and_then(|loan| loan.summary(self.trades(), annual_days));
        summary
    }

    fn account_figures(&self, s: &mut Summary, first: &EquityPoint, last: &EquityPoint) {
        let initial = first.hodl;
        s.initial_equity = initial.usd.0;
        s.initial_equity_coin = initial.coin.0;
        s.final_equity = last.equity.usd.0;
        s.final_equity_coin = last.equity.coin.0;
        s.final_pnl = (last.equity.usd - initial.usd).0;
        s.final_pnl_coin = (last.equity.coin - initial.coin).0;
        s.final_pnl_vs_hodl = (last.equity.usd - last.hodl.usd).0;
        s.final_pnl_vs_hodl_coin = (last.equity.coin - last.hodl.coin).0;
        s.total_return = last.equity.usd.0 / initial.usd.0 - 1.0;
        s.total_return_coin = last.equity.coin.0 / initial.coin.0 - 1.0;
        s.hodl_return = last.hodl.usd.0 / initial.usd.0 - 1.0;
        s.least_coins = self.least_coins;
        s.least_cash = self.least_cash;
        s.average_net_delta = (self.marks > 0).then(|| self.net_delta_sum / self.marks as f64);
    }

    fn return_figures(&self, s: &mut Summary, annual_days: Option<f64>) {
        let series = |worth: fn(&Worth) -> f64| {
            let change = |pair: &[Worth]| worth(&pair[1]) / worth(&pair[0]) - 1.0;
            self.daily.windows(2).map(change).collect::<Vec<f64>>()
        };
        let annualise = |total: f64| annual_days.and_then(|days| ratios::annualised(total, days / 365.0));
        let enough = |returns: Vec<f64>| (returns.len() >= ratios::FEWEST_RETURNS).then_some(returns);
        let calmar = |annual: Option<f64>, drawdown: &Option<Drawdown>| {
            annual.zip(drawdown.filter(|d| d.depth > 0.0)).map(|(annual, drawdown)| annual / drawdown.depth)
        };
        s.annualised_return = annualise(s.total_return);
        s.annualised_return_coin = annualise(s.total_return_coin);
        s.max_drawdown = self.drawdown_usd.worst();
        s.max_drawdown_coin = self.drawdown_coin.worst();
        s.calmar = calmar(s.annualised_return, &s.max_drawdown);
        s.calmar_coin = calmar(s.annualised_return_coin, &s.max_drawdown_coin);
        let of = |returns: Vec<f64>| Ratios::of(&returns, self.day_count);
        let usd = enough(series(|w| w.usd.0)).map(of).unwrap_or_default();
        let coin = enough(series(|w| w.coin.0)).map(of).unwrap_or_default();
        (s.volatility, s.sharpe, s.sortino) = (usd.volatility, usd.sharpe, usd.sortino);
        (s.volatility_coin, s.sharpe_coin, s.sortino_coin) = (coin.volatility, coin.sharpe, coin.sortino);
        s.yield_coin = annual_days
            .filter(|_| self.deposited_coins > 0.0)
            .map(|days| s.final_pnl_vs_hodl_coin / self.deposited_coins * 365.0 / days);
    }

    fn trade_figures(&self, s: &mut Summary) {
        let trades = self.trades();
        let of_all = |figure: fn(&Trade) -> f64| total(trades.iter().map(figure));
        let coin = |amount: f64| (self.settlement == Settlement::Inverse).then_some(amount);
        s.num_trades = trades.len() as u32;
        s.open_trades = trades.iter().filter(|trade| trade.is_open()).count() as u32;
        s.option_pnl = of_all(|t| t.option_pnl_usd);
        s.option_pnl_coin = coin(of_all(|t| t.option_pnl));
        s.fees = of_all(|t| t.fees_usd);
        s.fees_coin = coin(of_all(|t| t.fees));
        s.slippage = self.slippage_usd;
        s.slippage_coin = coin(self.slippage);
        s.revaluation = s.final_pnl_vs_hodl - (s.option_pnl - s.fees);
        let closed: Vec<f64> = trades.iter().filter(|t| !t.is_open()).map(Trade::pnl_vs_hodl).collect();
        let winners: Vec<f64> = closed.iter().copied().filter(|p| *p > 0.0).collect();
        let losers: Vec<f64> = closed.iter().copied().filter(|p| *p <= 0.0).collect();
        let average = |pnls: &[f64]| (!pnls.is_empty()).then(|| pnls.iter().sum::<f64>() / pnls.len() as f64);
        s.win_rate = ratios::win_rate(&closed);
        s.profit_factor = ratios::profit_factor(&closed);
        s.average_winner = average(&winners);
        s.average_loser = average(&losers);
        s.largest_winner = winners.iter().copied().max_by(f64::total_cmp);
        s.largest_loser = losers.iter().copied().min_by(f64::total_cmp);
        s.expectancy = average(&closed);
        let closed_premium: f64 = trades.iter().filter(|t| !t.is_open()).flat_map(|t| &t.legs).map(Leg::premium).sum();
        s.premium_kept = (closed_premium > 0.0).then(|| closed.iter().sum::<f64>() / closed_premium);
    }

    fn leg_figures(&self, s: &mut Summary, first: &EquityPoint, last: &EquityPoint) {
        let legs = || self.trades().iter().flat_map(|trade| &trade.legs);
        let count = legs().count() as f64;
        let some_legs = |x: f64| (count > 0.0).then_some(x);
        s.premium_collected = total(legs().map(Leg::premium));
        let evidence = Evidence::of_legs(legs());
        s.premium_traded = evidence.traded;
        s.two_sided_premium = evidence.share(evidence.two_sided);
        s.old_premium = evidence.share(evidence.old);
        s.assignments = legs().filter(|leg| leg.is_assigned()).count() as u32;
        s.upside_given_up_coin = total(legs().map(Leg::upside_given_up_coin));
        s.average_dte = some_legs(legs().map(|leg| leg.dte).sum::<f64>() / count);
        let deltas: Vec<f64> = legs().filter_map(|leg| leg.delta).map(f64::abs).collect();
        s.average_delta = (!deltas.is_empty()).then(|| deltas.iter().sum::<f64>() / deltas.len() as f64);
        let mut ages = self.fill_ages_ms.clone();
        ages.sort_unstable();
        let hours = |ms: f64| ms / crate::units::HOUR_MS as f64;
        s.median_fill_age_hours = median(&ages).map(hours);
        s.largest_fill_age_hours = ages.last().map(|ms| hours(*ms as f64));
        let run_ms = last.time.ms_since(first.time);
        s.time_covered = (run_ms > 0).then(|| covered_ms(legs(), last.time) as f64 / run_ms as f64);
    }

    fn month_rows(&self, first: &EquityPoint) -> Vec<Month> {
        let opening = EquityPoint { equity: first.equity, ..*first };
        let starts = std::iter::once(&opening).chain(self.months.iter().map(|(_, _, end)| end));
        let pair = |(start, (year, month, end)): (&EquityPoint, &(i32, u32, EquityPoint))| Month {
            year: *year,
            month: *month,
            return_usd: end.equity.usd.0 / start.equity.usd.0 - 1.0,
            return_coin: end.equity.coin.0 / start.equity.coin.0 - 1.0,
            hodl_return: end.hodl.usd.0 / start.hodl.usd.0 - 1.0,
            pnl_vs_hodl_coin: ((end.equity.coin - end.hodl.coin) - (start.equity.coin - start.hodl.coin)).0,
        };
        starts.zip(&self.months).map(pair).collect()
    }
}

impl Leg {
    /// Premium of the opening sale, quote currency; 0 of what was bought.
    pub fn premium(&self) -> f64 {
        if self.side == Side::Short { self.open_price * self.size } else { 0.0 }
    }
    /// Sold, and expired in the money.
    pub fn is_assigned(&self) -> bool {
        self.side == Side::Short
            && self.reason == Some(crate::engine::Trigger::Expiry)
            && self.close_price.is_some_and(|value| value > 0.0)
    }
    /// size x max(0, S_close - K) / S_close of a closed call that was sold, coin.
    pub fn upside_given_up_coin(&self) -> f64 {
        let above = |close: f64| (close - self.contract.strike.0).max(0.0) / close;
        let sold_call = self.contract.kind == OptionKind::Call && self.side == Side::Short;
        self.index_close.filter(|_| sold_call).map_or(0.0, |close| self.size * above(close))
    }
}

fn median(sorted: &[i64]) -> Option<f64> {
    let n = sorted.len();
    (n > 0).then(|| (sorted[(n - 1) / 2] + sorted[n / 2]) as f64 / 2.0)
}

/// Takes a lower value; unlike `f64::min` it is one comparison in WebAssembly.
fn lower(least: &mut f64, value: f64) {
    if value < *least {
        *least = value;
    }
}

/// Milliseconds of the union of the legs' times; an open leg lasts until `end`.
fn covered_ms<'a>(legs: impl Iterator<Item = &'a Leg>, end: Timestamp) -> i64 {
    let mut spans: Vec<(i64, i64)> = legs.map(|leg| (leg.opened.0, leg.closed.unwrap_or(end).0)).collect();
    spans.sort_unstable();
    let mut covered = 0;
    let mut reached = i64::MIN;
    for (from, to) in spans {
        covered += (to - from.max(reached)).max(0);
        reached = reached.max(to);
    }
    covered
}
