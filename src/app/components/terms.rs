//! Titles and explanations of figures, from the one table of the metrics.

/// Title and explanation of a figure: formula, sampling, what absence means.
pub fn explain(key: &str) -> (&'static str, Vec<String>) {
    let (title, lines): (&'static str, &[&str]) = match key {
        "final_pnl" => {
            ("Net PnL", &["Final equity − opening account, USD.", "At the last mark, open options at their mark."])
        }
        "final_pnl_vs_hodl" => (
            "Against HODL",
            &[
                "Final equity − final HODL, where HODL is the opening account without options.",
                "In coin, because the options are paid in coin; USD at the last index below.",
            ],
        ),
        "total_return" => ("Return", &["Final equity / opening account − 1, in USD.", "Not annualised."]),
        "max_drawdown" => ("Max drawdown", &["Deepest fall of the equity from a peak, over all marks, after fills."]),
        "win_rate" => (
            "Win rate",
            &["Closed trades with a PnL against HODL above zero / closed trades.", "A dash: no trade has closed."],
        ),
        "num_trades" => {
            ("Trades", &["Chains of legs; a roll continues its trade.", "Open trades count here and in no ratio."])
        }
        _ => ("Fees", &["All fees of opening, closing and delivery.", "USD: each at the index of its time."]),
    };
    (title, lines.iter().map(|l| (*l).to_owned()).collect())
}
