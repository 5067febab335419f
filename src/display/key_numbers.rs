//! The key numbers of a variant as text.

use super::format::{ABSENT, number, or_dash, percent, percent_signed, signed, usd, usd_signed};
use crate::market::Settlement;
use crate::metrics::{Drawdown, Summary};
use crate::run::UnitState;

/// A figure: main text, smaller text below, and its sign where it is a gain or a loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The figure.
    pub main: String,
    /// The smaller text.
    pub below: String,
    /// `gain`, `loss` or nothing.
    pub sign: &'static str,
    /// Why it is absent, or nothing.
    pub title: &'static str,
}

/// Their keys in the glossary, in the order of the page.
pub const ROWS: [&str; 7] =
    ["final_pnl_vs_hodl", "final_pnl", "total_return", "max_drawdown", "win_rate", "num_trades", "fees"];

/// What stands where there is no figure, with the reason.
pub fn absent(title: &'static str) -> Cell {
    Cell { main: ABSENT.into(), below: String::new(), sign: "", title }
}

/// `gain` above nought, `loss` below it, else nothing.
pub fn sign_of(value: f64) -> &'static str {
    match value {
        v if v > 0.0 => "gain",
        v if v < 0.0 => "loss",
        _ => "",
    }
}

/// A figure of a variant by its key; `summary` is `None` before its first mark.
pub fn cell(key: &str, state: UnitState, summary: Option<&Summary>, settlement: Settlement, underlying: &str) -> Cell {
    match summary {
        // What a variant had when it failed is no result.
        Some(summary) if state == UnitState::Failed => {
            Cell { sign: "", title: "Up to its failure", ..present(key, summary, settlement, underlying) }
        }
        Some(summary) => present(key, summary, settlement, underlying),
        None if state == UnitState::Skipped => absent("Switched off"),
        None => absent("No mark yet"),
    }
}

fn present(key: &str, s: &Summary, settlement: Settlement, underlying: &str) -> Cell {
    let inverse = settlement == Settlement::Inverse;
    let coin = |v: f64| format!("{} {underlying}", signed(v, 4));
    let money = |usd_value: f64, coin_value: f64| {
        let sign = sign_of(if inverse { coin_value } else { usd_value });
        let texts = (coin(coin_value), usd_signed(usd_value));
        let (main, below) = if inverse { texts } else { (texts.1, String::new()) };
        Cell { main, below, sign, title: "" }
    };
    let plain = |main: String, below: String, title| Cell { main, below, sign: "", title };
    match key {
        "final_pnl" => {
            let cell = money(s.final_pnl, s.final_pnl_coin);
            // What the account is worth is thought of in dollars, whatever it is settled in.
            let (main, below) = if inverse { (cell.below, cell.main) } else { (cell.main, cell.below) };
            Cell { main, below, sign: sign_of(s.final_pnl), title: "" }
        }
        "final_pnl_vs_hodl" => money(s.final_pnl_vs_hodl, s.final_pnl_vs_hodl_coin),
        "total_return" => Cell {
            main: percent_signed(s.total_return, 1),
            below: format!("HODL {}{}", percent_signed(s.hodl_return, 1), if inverse { ", USD" } else { "" }),
            sign: sign_of(s.total_return),
            title: "",
        },
        "max_drawdown" => {
            let depth = |d: Option<Drawdown>| or_dash(d.map(|d| -d.depth), |v| percent(v, 1));
            let below = depth(s.max_drawdown_coin);
            let below = if inverse { format!("{below} in {underlying}") } else { String::new() };
            plain(depth(s.max_drawdown), below, "")
        }
        "win_rate" => {
            let closed = s.num_trades - s.open_trades;
            let title = if s.win_rate.is_none() { "No closed trade" } else { "" };
            plain(or_dash(s.win_rate, |v| percent(v, 0)), format!("of {closed} closed"), title)
        }
        "num_trades" => {
            let open = match (s.num_trades, s.open_trades) {
                (0, _) => String::new(),
                (_, 0) => "all closed".into(),
                (_, open) => format!("{open} open"),
            };
            plain(s.num_trades.to_string(), open, "")
        }
        _ => {
            let fees = s.fees_coin.map(|v| format!("{} {underlying}", number(v, 4)));
            match fees.filter(|_| inverse) {
                Some(main) => plain(main, usd(s.fees), ""),
                None => plain(usd(s.fees), String::new(), ""),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_without_marks_has_dashes() {
        for (state, why) in [(UnitState::Skipped, "Switched off"), (UnitState::Failed, "No mark yet")] {
            for key in ROWS {
                assert_eq!(cell(key, state, None, Settlement::Inverse, "BTC"), absent(why), "{key}");
            }
        }
        let summary = Summary { num_trades: 3, ..Summary::default() };
        let trades = cell("num_trades", UnitState::Completed, Some(&summary), Settlement::Inverse, "BTC");
        assert_eq!((trades.main.as_str(), trades.below.as_str()), ("3", "all closed"));
    }
}
