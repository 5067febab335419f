//! The figures of a variant, each with its formula, sampling and "no data" answer from one table.

use crate::units::{Day, Timestamp};
use serde::{Serialize, Serializer};

/// The deepest fall from a peak of the equity after the fills of each mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Drawdown {
    /// Depth, a fraction of the peak, >= 0.
    pub depth: f64,
    /// Depth in money.
    pub amount: f64,
    /// Time of the peak, ISO UTC in JSON like the two below.
    #[serde(serialize_with = "iso")]
    pub peak: Timestamp,
    /// Time of the trough.
    #[serde(serialize_with = "iso")]
    pub trough: Timestamp,
    /// When the peak was reached again; `None` if it was not.
    #[serde(serialize_with = "iso_or_null")]
    pub recovery: Option<Timestamp>,
}

fn iso<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

fn iso_or_null<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(Timestamp::iso).serialize(serializer)
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

/// One figure's entry in the glossary: the same words as its field's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Name in JSON.
    pub key: &'static str,
    /// Title on screen.
    pub title: &'static str,
    /// How it is computed, with its unit.
    pub formula: &'static str,
    /// From which instants or rows.
    pub sampling: &'static str,
    /// When it is absent.
    pub no_data: &'static str,
}

/// A loan-to-value and its day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LtvPeak {
    /// The ratio, a fraction; `None` = wiped out.
    pub ltv: Option<f64>,
    /// Its first day; `None` before the first mark.
    pub date: Option<Day>,
}

macro_rules! figures {
    (
        $(#[$about:meta])* $name:ident, $glossary:ident, { $($(#[$more:meta])* $also:ident: $also_type:ty,)* };
        $($key:ident: $type:ty, $title:literal, $formula:literal, $sampling:literal, $no_data:literal;)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $(
                #[doc = concat!($title, ": ", $formula, ". Sampling: ", $sampling, ". Absent: ", $no_data, ".")]
                pub $key: $type,
            )*
            $($(#[$more])* pub $also: $also_type,)*
        }

        #[doc = concat!("The glossary of all figures, in the order of [`", stringify!($name), "`].")]
        pub const $glossary: &[Figure] = &[$(Figure {
            key: stringify!($key),
            title: $title,
            formula: $formula,
            sampling: $sampling,
            no_data: $no_data,
        },)*];
    };
}

figures! {
    /// All figures of one variant. Money without a suffix is USD, `_coin` is coin; an absent figure is `None`.
    Summary, GLOSSARY, {
        /// By month, from the previous month's last mark.
        months: Vec<Month>,
        /// What the loan went through; `None` without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        loan: Option<LoanSummary>,
    };
    num_trades: u32, "Trades", "trades opened, open ones included", "all steps", "never absent";
    open_trades: u32, "Open trades", "trades whose last leg is open at the last mark", "last mark", "never absent";
    final_pnl: f64, "Net PnL", "final equity - initial equity, USD", "last mark and opening account", "never absent";
    final_pnl_coin: f64, "Net PnL in coin", "final equity - initial equity, coin", "last mark and opening account", "never absent";
    final_pnl_vs_hodl: f64, "PnL vs HODL", "final equity - final HODL, USD; HODL = the opening account without options", "last mark", "never absent";
    final_pnl_vs_hodl_coin: f64, "PnL vs HODL in coin", "final equity - final HODL, coin: the primary figure of an inverse dataset", "last mark", "never absent";
    option_pnl: f64, "Option PnL", "premiums and settlements, each flow at the index of its time, open legs at their mark, USD", "all fills and settlements", "never absent";
    option_pnl_coin: Option<f64>, "Option PnL in coin", "premiums and settlements in coin, open legs at their mark", "all fills and settlements", "linear datasets flow in USD";
    fees: f64, "Fees", "trading and delivery fees, each at the index of its time, USD", "all fills and settlements", "never absent";
    fees_coin: Option<f64>, "Fees in coin", "trading and delivery fees, coin", "all fills and settlements", "linear datasets pay in USD";
    slippage: f64, "Slippage", "configured slippage (not the spread), each at the index of its time, USD; it is inside the premium", "all fills", "never absent";
    slippage_coin: Option<f64>, "Slippage in coin", "configured slippage (not the spread), coin", "all fills", "linear datasets pay in USD";
    revaluation: f64, "Revaluation of coin PnL", "PnL vs HODL - (option PnL - fees), USD: coin PnL valued at the last index instead of the index of its time", "last mark", "never absent";
    initial_equity: f64, "Initial equity", "the opening account at the first mark, before any trade, USD", "first mark", "never absent";
    initial_equity_coin: f64, "Initial equity in coin", "the opening account at the first mark, before any trade, coin", "first mark", "never absent";
    final_equity: f64, "Final equity", "account and open options at their mark, USD", "last mark", "never absent";
    final_equity_coin: f64, "Final equity in coin", "account and open options at their mark, coin", "last mark", "never absent";
    total_return: f64, "Return", "final / initial equity - 1, USD", "opening account and last mark", "never absent";
    total_return_coin: f64, "Return in coin", "final / initial equity - 1, coin", "opening account and last mark", "never absent";
    annualised_return: Option<f64>, "Annualised return", "(1 + return)^(365/days) - 1, USD; days = last - first mark", "opening account and last mark", "under 7 days, or the run was stopped";
    annualised_return_coin: Option<f64>, "Annualised return in coin", "(1 + return)^(365/days) - 1, coin", "opening account and last mark", "under 7 days, or the run was stopped";
    hodl_return: f64, "HODL return", "final / initial HODL - 1, USD", "first and last mark", "never absent";
    max_drawdown: Option<Drawdown>, "Max drawdown", "largest (peak - equity) / peak, USD", "equity after the fills of every mark", "no marks";
    max_drawdown_coin: Option<Drawdown>, "Max drawdown in coin", "largest (peak - equity) / peak, coin", "equity after the fills of every mark", "no marks";
    volatility: Option<f64>, "Volatility", "sample deviation (n-1) of daily returns x sqrt(365 or 252), USD", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns";
    volatility_coin: Option<f64>, "Volatility in coin", "sample deviation (n-1) of daily returns x sqrt(365 or 252), coin", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns";
    sharpe: Option<f64>, "Sharpe", "mean / sample deviation of daily returns x sqrt(365 or 252), risk-free 0, USD", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns, or they do not vary";
    sharpe_coin: Option<f64>, "Sharpe in coin", "mean / sample deviation of daily returns x sqrt(365 or 252), risk-free 0, coin", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns, or they do not vary";
    sortino: Option<f64>, "Sortino", "mean / root mean square of negative daily returns over all days x sqrt(365 or 252), USD", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns, or none is negative";
    sortino_coin: Option<f64>, "Sortino in coin", "mean / root mean square of negative daily returns over all days x sqrt(365 or 252), coin", "equity at the first mark at or after each 00:00 UTC", "under 10 daily returns, or none is negative";
    calmar: Option<f64>, "Calmar", "annualised return / max drawdown, USD", "drawdown on all marks", "no annualised return or no drawdown";
    calmar_coin: Option<f64>, "Calmar in coin", "annualised return / max drawdown, coin", "drawdown on all marks", "no annualised return or no drawdown";
    win_rate: Option<f64>, "Win rate", "closed trades with PnL vs HODL > 0 / closed trades", "closed trades", "no closed trade";
    profit_factor: Option<f64>, "Profit factor", "sum of winners / sum of losers", "closed trades", "no losing trade";
    average_winner: Option<f64>, "Average winner", "mean PnL vs HODL of winners, quote currency", "closed trades", "no winning trade";
    average_loser: Option<f64>, "Average loser", "mean PnL vs HODL of the others, quote currency", "closed trades", "no losing trade";
    largest_winner: Option<f64>, "Largest winner", "largest PnL vs HODL of a trade, quote currency", "closed trades", "no winning trade";
    largest_loser: Option<f64>, "Largest loser", "smallest PnL vs HODL of a trade, quote currency", "closed trades", "no losing trade";
    expectancy: Option<f64>, "Expectancy", "mean PnL vs HODL of a trade, quote currency", "closed trades", "no closed trade";
    premium_collected: f64, "Premium collected", "sum of opening sales x size, quote currency", "all opening fills", "never absent";
    premium_kept: Option<f64>, "Premium kept", "sum of PnL vs HODL / premium sold", "closed trades", "no premium was sold";
    assignments: u32, "Assignments", "legs that expired in the money", "all settlements", "never absent";
    time_covered: Option<f64>, "Time covered", "hours of the union of the legs' times / run hours", "all legs, open ones until the last mark", "the run has a single mark";
    upside_given_up_coin: f64, "Upside given up", "sum over closed call legs of size x max(0, S_close - K) / S_close, coin", "closed legs", "never absent";
    yield_coin: Option<f64>, "Yield in coin", "PnL vs HODL in coin / deposited coins x 365/days", "last mark", "under 7 days, the run was stopped, or no coins";
    average_net_delta: Option<f64>, "Average net delta", "mean of coins + option deltas, coins", "every mark", "no marks";
    average_dte: Option<f64>, "Average DTE", "mean days to expiry at the opening", "all legs", "no legs";
    average_delta: Option<f64>, "Average delta", "mean |delta| at the opening", "all legs with a volatility", "no legs";
    median_fill_age_hours: Option<f64>, "Median fill age", "median age of the snapshot at a fill, hours", "all fills", "no fills";
    largest_fill_age_hours: Option<f64>, "Largest fill age", "largest age of the snapshot at a fill, hours", "all fills", "no fills";
    premium_traded: f64, "Premium traded", "sum of opening fills x size, sold or bought, quote currency", "all opening fills", "never absent";
    two_sided_premium: Option<f64>, "Two-sided premium", "premium of opening fills on quotes with both sides / premium traded", "all opening fills", "no premium was traded";
    old_premium: Option<f64>, "Premium of old quotes", "premium of opening fills on snapshots older than 12 h / premium traded", "all opening fills", "no premium was traded";
    least_coins: f64, "Lowest balance in coin", "smallest coin balance", "every mark", "never absent";
    least_cash: f64, "Lowest cash", "smallest cash balance, USD", "every mark", "never absent";
    days: f64, "Days", "last mark - first mark, days", "first and last mark", "never absent";
}

figures! {
    /// The figures of a loan and its hedge. Money is USD; a loan-to-value without a number means that nothing stood against the debt.
    LoanSummary, LOAN_GLOSSARY, {};
    opening_ltv: Option<f64>, "Opening LTV", "debt / (units x index)", "first mark", "no units";
    start_value: f64, "Start value", "units x index + cash - debt, USD", "first mark, before the hedge is paid", "never absent";
    end_value: f64, "End value", "units x index + options + cash - debt, USD", "last mark", "never absent";
    hedge_cost: f64, "Hedge cost", "premiums and fees paid - payoffs and sales received, USD; what is still held is not counted", "all fills and settlements", "never absent";
    hedge_cost_a_year: Option<f64>, "Hedge cost a year", "hedge cost x 365/days / opening collateral", "all fills and settlements", "the run has a single mark, or was stopped";
    payoff_realised: f64, "Payoff realised", "what long options paid at expiry, USD", "all settlements", "never absent";
    max_ltv_hedged_close: LtvPeak, "Max LTV hedged, close", "highest debt / (coins x index + options + cash)", "the index of every mark", "wiped out";
    max_ltv_hedged_worst: LtvPeak, "Max LTV hedged, worst", "the same at the low of the mark's bar, options priced again at it with their volatility", "the low of every mark", "wiped out";
    max_ltv_unhedged_close: LtvPeak, "Max LTV unhedged, close", "highest debt of the loan alone / (units x index)", "the index of every mark", "no units are left";
    max_ltv_unhedged_worst: LtvPeak, "Max LTV unhedged, worst", "highest debt of the loan alone / (units x low)", "the low of every mark", "no units are left";
    margin_call_days_hedged: u32, "Margin-call days hedged", "days with a worst LTV hedged at the margin call or above", "the low of every day", "never absent";
    margin_call_days_unhedged: u32, "Margin-call days unhedged", "days with a worst LTV unhedged at the margin call or above", "the low of every day", "never absent";
    first_margin_call_hedged: Option<Day>, "First margin call hedged", "first such day", "the low of every day", "there was none";
    first_margin_call_unhedged: Option<Day>, "First margin call unhedged", "first such day", "the low of every day", "there was none";
    margin_call_price: Option<f64>, "Margin-call price", "debt / (margin-call LTV x units), USD", "first mark", "no units";
    least_headroom: Option<f64>, "Lowest headroom", "1 - worst LTV hedged / margin-call LTV", "the low of every day", "wiped out";
    units_sold: f64, "Units sold", "units that the lender sold", "all liquidations", "never absent";
}

/// The glossary of what tabs, charts and the inspector show beside the figures of a variant.
pub const RISK_GLOSSARY: &[Figure] = &[
    risk(
        "month",
        "Month",
        "equity at the month's last mark / equity at the last mark of the month before - 1; a year compounds its months; against HODL: change of equity - HODL, coin",
        "last mark of each month",
        "never absent",
    ),
    risk(
        "net_delta",
        "Net delta",
        "coins of the account + sum over open options of quantity x delta, coins",
        "last mark of each day",
        "an option that the snapshot does not quote adds nothing",
    ),
    risk(
        "net_gamma",
        "Net gamma",
        "sum over open options of quantity x gamma x index / 100: coins of delta for 1 % of the index",
        "last mark of each day",
        "an option that the snapshot does not quote adds nothing",
    ),
    risk(
        "net_vega",
        "Net vega",
        "sum over open options of quantity x vega / 100: USD for one volatility point",
        "last mark of each day",
        "an option that the snapshot does not quote adds nothing",
    ),
    risk(
        "net_theta",
        "Net theta",
        "sum over open options of quantity x theta: USD a day",
        "last mark of each day",
        "an option that the snapshot does not quote adds nothing",
    ),
    risk(
        "margin",
        "Maintenance margin",
        "what the venue asks for the uncovered shorts, quote currency, beside the equity",
        "last mark of each day",
        "nothing is margined",
    ),
    risk(
        "rolling_return",
        "Rolling return",
        "close / close at the beginning of the window - 1; a window begins at the last close at least so many days earlier",
        "equity at the first mark at or after each 00:00 UTC",
        "the window is not full",
    ),
    risk(
        "rolling_volatility",
        "Rolling volatility",
        "sample deviation (n-1) of the window's daily returns x sqrt(365 or 252)",
        "equity at the first mark at or after each 00:00 UTC",
        "the window is not full, or has under 10 daily returns",
    ),
    risk(
        "rolling_sharpe",
        "Rolling Sharpe",
        "mean / sample deviation of the window's daily returns x sqrt(365 or 252), risk-free 0",
        "equity at the first mark at or after each 00:00 UTC",
        "the window is not full, has under 10 daily returns, or they do not vary",
    ),
    risk(
        "rolling_vs_hodl",
        "Rolling return against HODL",
        "rolling return - rolling return of HODL",
        "equity at the first mark at or after each 00:00 UTC",
        "the window is not full",
    ),
    risk(
        "top_drawdowns",
        "Top drawdowns",
        "falls from a peak to the mark at which it is reached again, by (peak - trough) / peak; the first is the max drawdown",
        "equity after the fills of every mark",
        "the equity never fell",
    ),
    risk(
        "pnl_histogram",
        "PnL histogram",
        "closed trades by PnL vs HODL; width of a bin 2 x interquartile range / cube root of the count (Freedman and Diaconis), kept within 5 to 24 bins and rounded up to 1, 2 or 5; a bin holds its upper edge, and 0 is an edge",
        "closed trades",
        "no closed trade",
    ),
    risk(
        "payoff",
        "Payoff of what is held",
        "premiums of the opening fills - their fees + value of the open options, USD at that index, coins kept as coins; now: each priced at its volatility and its forward / index; at expiry: intrinsic, later expiries priced so",
        "the newest mark, or the one under the chart's crosshair",
        "nothing is held",
    ),
    risk(
        "mae_mfe",
        "MAE / MFE",
        "lowest and highest value of a trade's PnL vs HODL while it ran, from 0, quote currency",
        "every mark while a leg is open, and each closing",
        "never absent",
    ),
    risk(
        "skew",
        "Skew 25 Δ",
        "volatility of the put with delta −0.25 - that of the call with delta 0.25, at 30 days: linear in delta between listed strikes, in time between the variances of two expiries",
        "the step's snapshot",
        "nothing is listed on both sides",
    ),
    risk(
        "term_slope",
        "Term slope",
        "volatility at the forward at 90 days - at 7 days",
        "the step's snapshot",
        "nothing is listed on both sides",
    ),
    risk(
        "regime",
        "Regime",
        "bull: last close more than 5 % above the mean of the last 200 and more than 10 % above that of 30 days before; bear: as far below both; else sideways",
        "daily closes before the mark's day; it shades the index in the chart",
        "under 200 closes",
    ),
];

const fn risk(
    key: &'static str,
    title: &'static str,
    formula: &'static str,
    sampling: &'static str,
    no_data: &'static str,
) -> Figure {
    Figure { key, title, formula, sampling, no_data }
}

/// The glossary's entry of a key; `None` for a key that is no figure.
pub fn figure(key: &str) -> Option<&'static Figure> {
    GLOSSARY.iter().chain(LOAN_GLOSSARY).chain(RISK_GLOSSARY).find(|figure| figure.key == key)
}
