//! The fields of the form: one table with label, help, unit and how the text becomes JSON.

/// How a field's text is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// A number; the text is shifted by this many decimal places (2 = percent on screen).
    Number(u32),
    /// The same, or empty for none.
    Optional(u32),
    /// A whole number.
    Whole,
    /// The same, or empty for none.
    OptionalWhole,
    /// Whole numbers separated by blanks or commas, or empty for none.
    List,
    /// One of (value, words); the value `""` is none.
    Choice(&'static [(&'static str, &'static str)]),
    /// A value from a list that the catalog gives; empty is none.
    Dynamic,
    /// `true` or `false`.
    Flag,
}

/// One field of the form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Path in the request, or within a variant.
    pub path: &'static str,
    /// Label.
    pub label: &'static str,
    /// Unit behind the input; empty for none.
    pub unit: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// How it is read.
    pub kind: Kind,
}

const fn field(path: &'static str, label: &'static str, unit: &'static str, kind: Kind, help: &'static str) -> Field {
    Field { path, label, unit, help, kind }
}

/// Fields of the form's first few, which make a covered call and stay in sight; a variant's name is its card's title, the
/// factor stands there wherever a dataset takes one, and the cash beside puts.
const FIRST: [&str; 12] = [
    "underlying",
    "start",
    "end",
    "decision_interval_hours",
    "exit_style",
    "name",
    "structure",
    "target_delta",
    "target_dte",
    "exit.take_profit",
    "exit.max_rolls",
    "vol_factor",
];

/// True for a field of the form's first few; `field` as the request's errors name it, or within a variant.
pub fn is_first(field: &str) -> bool {
    let within = field.strip_prefix("variants[0].").unwrap_or(field);
    within.is_empty() || FIRST.contains(&within)
}

/// Fields of the whole request.
pub const SHARED: &[Field] = &[
    field("underlying", "Underlying", "", Kind::Dynamic, "What is held."),
    field("dataset", "Dataset", "", Kind::Dynamic, "Automatic: real quotes before fitted and modelled ones."),
    field("start", "Start", "", Kind::Date, "From 00:00 UTC."),
    field("end", "End", "", Kind::Date, "Inclusive."),
    field(
        "timeframe",
        "Timeframe",
        "",
        Kind::Choice(&[("1h", "1 hour"), ("4h", "4 hours"), ("1d", "1 day")]),
        "From one mark to the next.",
    ),
    field("decision_interval_hours", "Decide every", "h", Kind::Whole, "How often a trade may open."),
    field(
        "decision_offset_hours",
        "First decision at",
        "h UTC",
        Kind::OptionalWhole,
        "Empty: 8 for daily decisions, else 0.",
    ),
    field(
        "exit_style",
        "Exit style",
        "",
        Kind::Choice(&[("hold_to_expiry", "Hold to expiry"), ("tp_and_roll", "Take profit and roll")]),
        "Take profit is tested at every mark; hold to expiry tests nothing.",
    ),
    field(
        "vol_factor",
        "Volatility factor",
        "x",
        Kind::Optional(0),
        "Modelled prices only: multiplies every volatility, 0.2 to 3. Empty: as calibrated.",
    ),
    field("account.coins", "Units", "", Kind::Number(0), "Coins or shares that are held."),
    field("account.cash_usd", "Cash", "USD", Kind::Number(0), "Secures short puts."),
    field("account.loan", "Loan against the holding", "", Kind::Flag, "The units are its collateral."),
    field("account.loan.principal_usd", "Loan", "USD", Kind::Number(0), "Owed at the start."),
    field("account.loan.margin_call_ltv", "Margin call at", "% LTV", Kind::Number(2), "Loan / collateral."),
    field("account.loan.apr", "Interest", "% a year", Kind::Number(2), "Simple, added to the debt daily."),
    field("account.loan.liquidation_ltv", "Liquidation at", "% LTV", Kind::Optional(2), "Empty: nothing is sold."),
    field(
        "account.loan.on_liquidation",
        "A liquidation",
        "",
        Kind::Choice(&[("sell", "Sells units down to the margin call"), ("end", "Ends the variant")]),
        "At the low of the day that reaches it.",
    ),
    field(
        "account.loan.premium",
        "Hedges are paid",
        "",
        Kind::Choice(&[("cash", "From cash, below zero too"), ("borrow", "By borrowing more")]),
        "What a hedge costs, and where what it pays goes.",
    ),
    field(
        "costs.fees",
        "Fees",
        "",
        Kind::Choice(&[("deribit", "Deribit schedule"), ("none", "None"), ("custom", "Custom, in basis points")]),
        "Deribit: 0.0003 coin, at most 12.5 % of the premium.",
    ),
    field("costs.fees.bps", "Custom fee", "bps", Kind::Number(0), "Of the index, capped like the venue's."),
    field(
        "costs.fill",
        "Fill price",
        "",
        Kind::Choice(&[
            ("bid_ask", "Bid / ask"),
            ("mid", "Mid"),
            ("mark", "Mark"),
            ("fraction", "Between mid and touch"),
        ]),
        "Bid / ask sells at the bid, buys at the ask.",
    ),
    field("costs.fill.fraction", "Fill fraction", "", Kind::Number(0), "0 is the mid, 1 the touch."),
    field(
        "costs.fill_at",
        "Fill time",
        "",
        Kind::Choice(&[("snapshot", "Same snapshot"), ("next_snapshot", "Next snapshot")]),
        "Next: at the first mark that sees a later snapshot.",
    ),
    field("costs.slippage_ticks", "Slippage, ticks", "", Kind::Number(0), "On every fill."),
    field("costs.slippage_bps", "Slippage, share", "bps", Kind::Number(0), "Of the price, on every fill."),
];

/// What a variant may sell.
pub const STRUCTURES: [(&str, &str); 2] = [("covered_call", "Covered call"), ("cash_secured_put", "Cash-secured put")];

/// Fields of one variant.
pub const VARIANT: &[Field] = &[
    field("name", "Name", "", Kind::Text, "Unique within the run."),
    field("enabled", "Runs", "", Kind::Flag, "A variant that is switched off is skipped."),
    field("structure", "Structure", "", Kind::Choice(&STRUCTURES), "What is sold against the holding."),
    field(
        "selection",
        "Selection",
        "",
        Kind::Choice(&[("score", "Best score"), ("nearest", "Nearest to target")]),
        "The best score, or the nearest expiry, then delta.",
    ),
    field("target_delta", "Target delta", "", Kind::Number(0), "0.25 is exercised about one time in four."),
    field("min_delta", "Minimum delta", "", Kind::Number(0), "Below: refused."),
    field("max_delta", "Maximum delta", "", Kind::Number(0), "Above: refused."),
    field("target_dte", "Target days", "d", Kind::Number(0), "To expiry."),
    field("min_dte", "Minimum days", "d", Kind::Number(0), "Nearer: refused."),
    field("max_dte", "Maximum days", "d", Kind::Number(0), "Further: refused."),
    field("min_score", "Minimum score", "of 10", Kind::Number(0), "Below: no trade."),
    field("min_open_interest", "Minimum open interest", "coins", Kind::Number(0), "Recorded data only."),
    field("max_spread", "Maximum spread", "%", Kind::Optional(2), "(ask − bid) / mark."),
    field("min_premium", "Minimum premium", "% of index", Kind::Optional(0), "Empty: off."),
    field("size", "Size", "coins", Kind::Optional(0), "Empty: the holding."),
    field("max_open", "Open trades", "", Kind::OptionalWhole, "At once; empty: no limit."),
    field(
        "cover",
        "Cover",
        "",
        Kind::Choice(&[("deposited", "Deposited coins or cash"), ("none", "None (margined)")]),
        "Short calls never exceed the coins that were deposited.",
    ),
    field(
        "scan",
        "Scan",
        "",
        Kind::Choice(&[("always", "At every decision"), ("when_free", "Only when an entry is possible")]),
        "Candidates are counted at every decision, covered or not.",
    ),
    field(
        "entry.min_iv_percentile",
        "Minimum IV percentile",
        "%",
        Kind::Optional(2),
        "Today's volatility among the last 180 days; empty: off.",
    ),
    field(
        "entry.min_iv_rv",
        "Minimum IV / RV",
        "",
        Kind::Optional(0),
        "Implied over realised volatility, 30 days; empty: off.",
    ),
    field("entry.weekdays", "Weekdays", "", Kind::List, "1 Monday to 7 Sunday, e.g. 1 3 5; empty: every day."),
    field(
        "exit.style",
        "Exit style",
        "",
        Kind::Choice(&[
            ("", "The run's"),
            ("hold_to_expiry", "Hold to expiry"),
            ("tp_and_roll", "Take profit and roll"),
        ]),
        "This variant's own style.",
    ),
    field("exit.take_profit", "Take profit", "%", Kind::Optional(2), "Of the premium."),
    field(
        "exit.defend",
        "Defend",
        "index / strike",
        Kind::Optional(0),
        "Rolls a call when the index comes this near; empty: off.",
    ),
    field(
        "exit.stop_loss",
        "Stop loss",
        "x premium",
        Kind::Optional(0),
        "Closes where the mark is so many opening premiums.",
    ),
    field("exit.dte_exit", "Days exit", "d", Kind::Optional(0), "Closes with so few left."),
    field("exit.max_hold_days", "Maximum hold", "d", Kind::Optional(0), "Then a leg closes."),
    field("exit.max_rolls", "Rolls", "", Kind::Whole, "At most so many of one trade."),
    field(
        "exit.min_dte_to_roll",
        "Roll above",
        "d left",
        Kind::Number(0),
        "With fewer days left it closes and does not roll.",
    ),
    field("hedge", "Hedge", "", Kind::Flag, "Options beside the units, in place of a short option."),
    field(
        "hedge.kind",
        "Kind",
        "",
        Kind::Choice(&[("put", "Put"), ("ladder", "Ladder of puts"), ("collar", "Collar")]),
        "What is bought, and whether a call is sold.",
    ),
    field("hedge.tenor_days", "Tenor", "d", Kind::Number(0), "The first expiry from here on."),
    field("hedge.coverage", "Coverage", "% of units", Kind::Number(2), "0: no hedge."),
    field("hedge.whole_contracts", "Whole contracts", "", Kind::Flag, "Rounded up."),
    field("hedge.roll_days_before_expiry", "Roll", "d before", Kind::Optional(0), "Empty: at expiry."),
];

/// Most legs of a hedge in the form.
pub const MOST_LEGS: usize = 5;
const STRIKE_BY: Kind =
    Kind::Choice(&[("moneyness", "% of the price"), ("delta", "Delta"), ("pays", "Pays for the puts")]);

/// The paths of a leg's texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LegPaths {
    /// How its strike is chosen: `moneyness`, `delta` or `pays`.
    pub by: &'static str,
    /// Strike over price.
    pub moneyness: &'static str,
    /// Wanted delta.
    pub delta: &'static str,
    /// Share of the covered units.
    pub weight: &'static str,
}

macro_rules! legs {
    ($($place:literal)*) => {
        /// Paths of the legs' texts, by their place among the legs.
        pub const LEG_PATHS: [LegPaths; MOST_LEGS] = [$(LegPaths {
            by: concat!("hedge.legs[", $place, "].by"),
            moneyness: concat!("hedge.legs[", $place, "].moneyness"),
            delta: concat!("hedge.legs[", $place, "].delta"),
            weight: concat!("hedge.legs[", $place, "].weight"),
        }),*];
        /// Fields of the legs of a hedge.
        pub const LEGS: &[Field] = &[$(
            field(LEG_PATHS[$place].by, "Strike by", "", STRIKE_BY, "How the strike is chosen."),
            field(LEG_PATHS[$place].moneyness, "Strike", "% of price", Kind::Number(2), "Nearest listed."),
            field(LEG_PATHS[$place].delta, "Delta", "", Kind::Number(0), "Nearest listed."),
            field(LEG_PATHS[$place].weight, "Weight", "%", Kind::Number(2), "Puts: 100 in all."),
        )*];
    };
}
legs!(0 1 2 3 4);

/// The field of a path within the request.
pub fn shared(path: &str) -> Option<&'static Field> {
    SHARED.iter().find(|f| f.path == path)
}

/// The field of a path within a variant.
pub fn variant(path: &str) -> Option<&'static Field> {
    VARIANT.iter().chain(LEGS).find(|f| f.path == path)
}
