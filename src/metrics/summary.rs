//! The figures of a variant, each with its formula, sampling and "no data" answer from one table.

use crate::units::Timestamp;
use serde::Serialize;

/// The deepest fall from a peak of the equity after the fills of each mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Drawdown {
    /// Depth, a fraction of the peak, >= 0.
    pub depth: f64,
    /// Depth in money.
    pub amount: f64,
    /// Time of the peak.
    pub peak: Timestamp,
    /// Time of the trough.
    pub trough: Timestamp,
    /// When the peak was reached again; `None` if it was not.
    pub recovery: Option<Timestamp>,
}

/// One month of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Return of the equity from the previous month's last mark, USD, fraction.
    pub return_usd: f64,
    /// The same in coin.
    pub return_coin: f64,
    /// Return of HODL, USD, fraction.
    pub hodl_return: f64,
    /// Change of equity - HODL, coin.
    pub pnl_vs_hodl_coin: f64,
}

/// All figures of one variant. Money without a suffix is USD, `_coin` is coin; an absent figure is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Trades, open ones included.
    pub num_trades: u32,
    /// Trades still open at the last mark.
    pub open_trades: u32,
    /// Final equity - initial equity.
    pub final_pnl: f64,
    /// The same in coin.
    pub final_pnl_coin: f64,
    /// Final equity - final HODL.
    pub final_pnl_vs_hodl: f64,
    /// The same in coin: the primary figure of an inverse dataset.
    pub final_pnl_vs_hodl_coin: f64,
    /// Premiums and settlements, each flow at the index of its time, open legs at their mark.
    pub option_pnl: f64,
    /// The same in coin; `None` for linear datasets.
    pub option_pnl_coin: Option<f64>,
    /// Fees, each at the index of its time.
    pub fees: f64,
    /// Fees in coin; `None` for linear datasets.
    pub fees_coin: Option<f64>,
    /// Configured slippage, each at the index of its time (it is inside the premium).
    pub slippage: f64,
    /// The same in coin; `None` for linear datasets.
    pub slippage_coin: Option<f64>,
    /// final_pnl_vs_hodl - (option_pnl - fees): coin PnL revalued at the last index.
    pub revaluation: f64,
    /// Opening account at the first mark, before any trade.
    pub initial_equity: f64,
    /// The same in coin.
    pub initial_equity_coin: f64,
    /// Equity at the last mark.
    pub final_equity: f64,
    /// The same in coin.
    pub final_equity_coin: f64,
    /// Final / initial equity - 1.
    pub total_return: f64,
    /// The same in coin.
    pub total_return_coin: f64,
    /// (1 + total return)^(365/days) - 1; `None` under 7 days or for a stopped run.
    pub annualised_return: Option<f64>,
    /// The same in coin.
    pub annualised_return_coin: Option<f64>,
    /// Final / initial HODL - 1.
    pub hodl_return: f64,
    /// Deepest drawdown of the equity in USD; `None` without marks.
    pub max_drawdown: Option<Drawdown>,
    /// Deepest drawdown of the equity in coin.
    pub max_drawdown_coin: Option<Drawdown>,
    /// Deviation of daily returns, annualised; `None` under 10 returns.
    pub volatility: Option<f64>,
    /// The same in coin.
    pub volatility_coin: Option<f64>,
    /// Mean / deviation of daily returns, annualised, risk-free 0; `None` under 10 returns or without deviation.
    pub sharpe: Option<f64>,
    /// The same in coin.
    pub sharpe_coin: Option<f64>,
    /// Mean / root mean square of negative daily returns over all days, annualised.
    pub sortino: Option<f64>,
    /// The same in coin.
    pub sortino_coin: Option<f64>,
    /// Annualised return / drawdown depth; `None` without either.
    pub calmar: Option<f64>,
    /// The same in coin.
    pub calmar_coin: Option<f64>,
    /// Share of closed trades with pnl_vs_hodl > 0; `None` without closed trades.
    pub win_rate: Option<f64>,
    /// Sum of winners / sum of losers; `None`: no losing trade.
    pub profit_factor: Option<f64>,
    /// Mean pnl_vs_hodl of winners, quote currency.
    pub average_winner: Option<f64>,
    /// Mean pnl_vs_hodl of losers, quote currency.
    pub average_loser: Option<f64>,
    /// Largest winner, quote currency.
    pub largest_winner: Option<f64>,
    /// Largest loser, quote currency.
    pub largest_loser: Option<f64>,
    /// Mean pnl_vs_hodl of closed trades, quote currency.
    pub expectancy: Option<f64>,
    /// Premium of all opening sales, quote currency.
    pub premium_collected: f64,
    /// Sum of pnl_vs_hodl / premium sold, closed trades; `None` without premium.
    pub premium_kept: Option<f64>,
    /// Legs that expired in the money.
    pub assignments: u32,
    /// Hours of the union of the legs' times / run hours; `None` without run hours.
    pub time_covered: Option<f64>,
    /// Sum over closed call legs of size x max(0, S_close - K) / S_close, coin.
    pub upside_given_up_coin: f64,
    /// pnl_vs_hodl coin / initial coins x 365/days; `None` under 7 days or without coins.
    pub yield_coin: Option<f64>,
    /// Mean over the marks of coins + option deltas.
    pub average_net_delta: Option<f64>,
    /// Mean days to expiry of the legs at opening.
    pub average_dte: Option<f64>,
    /// Mean |delta| of the legs at opening.
    pub average_delta: Option<f64>,
    /// Median age of the snapshot at fills, hours.
    pub median_fill_age_hours: Option<f64>,
    /// Largest age of the snapshot at a fill, hours.
    pub largest_fill_age_hours: Option<f64>,
    /// Share of the premium sold from quotes with both sides.
    pub two_sided_premium: Option<f64>,
    /// Least balance of coins.
    pub least_coins: f64,
    /// Least balance of cash.
    pub least_cash: f64,
    /// Days from the first to the last mark.
    pub days: f64,
    /// By month.
    pub months: Vec<Month>,
}
