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

/// Fields of the whole request.
pub const SHARED: &[Field] = &[
    field("underlying", "Underlying", "", Kind::Dynamic, "What is held, and what the options are written on."),
    field("dataset", "Dataset", "", Kind::Dynamic, "Automatic takes recorded before fitted before modelled data."),
    field("start", "Start", "", Kind::Date, "First day, UTC, from 00:00."),
    field("end", "End", "", Kind::Date, "Last day, UTC, inclusive."),
    field(
        "timeframe",
        "Timeframe",
        "",
        Kind::Choice(&[("1h", "1 hour"), ("4h", "4 hours"), ("1d", "1 day")]),
        "Distance between marks; exits are tested at every mark.",
    ),
    field("decision_interval_hours", "Decide every", "h", Kind::Whole, "Hours between decisions to open a trade."),
    field(
        "decision_offset_hours",
        "First decision at",
        "h UTC",
        Kind::OptionalWhole,
        "Empty: 8 h for daily decisions, just after the venue's expiry; else 0 h.",
    ),
    field(
        "exit_style",
        "Exit style",
        "",
        Kind::Choice(&[("hold_to_expiry", "Hold to expiry"), ("tp_and_roll", "Take profit and roll")]),
        "Hold: only expiry ends a trade. Take profit and roll: exit rules are tested at every mark.",
    ),
    field(
        "account.coins",
        "Coins",
        "",
        Kind::Number(0),
        "Deposited at the first mark; this is the cover of short calls.",
    ),
    field("account.cash_usd", "Cash", "USD", Kind::Number(0), "Deposited at the first mark; this secures short puts."),
    field(
        "costs.fees",
        "Fees",
        "",
        Kind::Choice(&[("deribit", "Deribit schedule"), ("none", "None"), ("custom", "Custom, in basis points")]),
        "Deribit: 0.0003 coin, at most 12.5 % of the premium; delivery 0.00015 coin.",
    ),
    field(
        "costs.fees.bps",
        "Custom fee",
        "bps",
        Kind::Number(0),
        "Basis points of the index, capped like the venue's.",
    ),
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
        "Bid / ask sells at the bid and buys at the ask.",
    ),
    field("costs.fill.fraction", "Fill fraction", "", Kind::Number(0), "0 is the mid, 1 the touch."),
    field(
        "costs.fill_at",
        "Fill time",
        "",
        Kind::Choice(&[("snapshot", "Same snapshot"), ("next_snapshot", "Next snapshot")]),
        "Next snapshot fills at the first mark that sees a later snapshot.",
    ),
    field("costs.slippage_ticks", "Slippage", "ticks", Kind::Number(0), "Against the trader, on every fill."),
    field("costs.slippage_bps", "Slippage", "bps", Kind::Number(0), "Of the price, against the trader, on every fill."),
];

/// Fields of one variant.
pub const VARIANT: &[Field] = &[
    field("name", "Name", "", Kind::Text, "Unique within the run."),
    field("enabled", "Runs", "", Kind::Flag, "A variant that is switched off is skipped."),
    field(
        "structure",
        "Structure",
        "",
        Kind::Choice(&[("covered_call", "Covered call"), ("cash_secured_put", "Cash-secured put")]),
        "A short call on coins that are held, or a short put against cash.",
    ),
    field(
        "selection",
        "Selection",
        "",
        Kind::Choice(&[("score", "Best score"), ("nearest", "Nearest to target")]),
        "Score: the best of all candidates, if it reaches the minimum. Nearest: the target's expiry, then its delta.",
    ),
    field(
        "target_delta",
        "Target delta",
        "",
        Kind::Number(0),
        "|delta| that earns full points; 0.25 is roughly a one-in-four option.",
    ),
    field("min_delta", "Least delta", "", Kind::Number(0), "Options below are refused."),
    field("max_delta", "Greatest delta", "", Kind::Number(0), "Options above are refused."),
    field("target_dte", "Target days", "d", Kind::Number(0), "Days to expiry that earn full points."),
    field("min_dte", "Fewest days", "d", Kind::Number(0), "Expiries nearer than this are refused."),
    field("max_dte", "Most days", "d", Kind::Number(0), "Expiries further than this are refused."),
    field(
        "min_score",
        "Least score",
        "of 10",
        Kind::Number(0),
        "Nothing is opened below it; the classic score reaches 8.5.",
    ),
    field("min_open_interest", "Least open interest", "coins", Kind::Number(0), "Recorded datasets only."),
    field("max_spread", "Widest spread", "%", Kind::Optional(2), "(ask - bid) / mark; empty: off."),
    field("min_premium", "Least premium", "% of index", Kind::Optional(0), "Empty: off."),
    field("size", "Size", "coins", Kind::Optional(0), "Of one trade; empty: the whole holding."),
    field("max_open", "Open trades", "", Kind::OptionalWhole, "At the same time, at the most; empty: no limit."),
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
        "Least IV percentile",
        "%",
        Kind::Optional(2),
        "Of the last 180 days; empty: off.",
    ),
    field(
        "entry.min_iv_rv",
        "Least IV / RV",
        "",
        Kind::Optional(0),
        "30-day implied over realised volatility; empty: off.",
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
    field(
        "exit.take_profit",
        "Take profit",
        "%",
        Kind::Optional(2),
        "Share of the opening premium that is captured; empty: off.",
    ),
    field(
        "exit.defend",
        "Defend",
        "index / strike",
        Kind::Optional(0),
        "Rolls a call when index / strike reaches this; empty: off.",
    ),
    field(
        "exit.stop_loss",
        "Stop loss",
        "x premium",
        Kind::Optional(0),
        "Closes when the mark is this multiple of the opening fill; empty: off.",
    ),
    field("exit.dte_exit", "Days exit", "d", Kind::Optional(0), "Closes when so few days are left; empty: off."),
    field("exit.max_hold_days", "Longest hold", "d", Kind::Optional(0), "Closes a leg after so many days; empty: off."),
    field("exit.max_rolls", "Rolls", "", Kind::Whole, "Of one trade, at the most; 0 only takes profit."),
    field(
        "exit.min_dte_to_roll",
        "Roll above",
        "d left",
        Kind::Number(0),
        "A leg rolls only with more days than this left.",
    ),
];

/// The field of a path within the request.
pub fn shared(path: &str) -> Option<&'static Field> {
    SHARED.iter().find(|f| f.path == path)
}

/// The field of a path within a variant.
pub fn variant(path: &str) -> Option<&'static Field> {
    VARIANT.iter().find(|f| f.path == path)
}
