//! Every figure of the glossary as text: its unit, which way is better, and its difference to another one.

use super::format::{ABSENT, days, number, percent, percent_signed, sentence, signed, usd, usd_signed};
use super::key_numbers::{Cell, sign_of};
use crate::metrics::summary::figure;
use serde_json::Value;

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// US dollars.
    Usd,
    /// Coins.
    Coin,
    /// The quote currency: coins on inverse datasets, US dollars on linear ones.
    Quote,
    /// A fraction of one, as percent.
    Share,
    /// A pure number.
    Ratio,
    /// A count.
    Count,
    /// Days.
    Days,
    /// Hours.
    Hours,
}

/// What a larger figure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Larger {
    /// A better result.
    Better,
    /// A worse one.
    Worse,
    /// Neither.
    Other,
}
use Larger::{Better, Other, Worse};

/// Unit, whether it carries its sign, and what more of it means; `None` for a key that is no figure.
fn nature(key: &str) -> Option<(Unit, bool, Larger)> {
    Some(match key {
        "final_pnl" | "final_pnl_vs_hodl" | "option_pnl" => (Unit::Usd, true, Better),
        "revaluation" => (Unit::Usd, true, Other),
        "final_pnl_coin" | "final_pnl_vs_hodl_coin" | "option_pnl_coin" => (Unit::Coin, true, Better),
        "fees" | "slippage" => (Unit::Usd, false, Worse),
        "fees_coin" | "slippage_coin" | "upside_given_up_coin" => (Unit::Coin, false, Worse),
        "initial_equity" | "least_cash" => (Unit::Usd, false, Other),
        "initial_equity_coin" | "least_coins" => (Unit::Coin, false, Other),
        "final_equity" => (Unit::Usd, false, Better),
        "final_equity_coin" => (Unit::Coin, false, Better),
        "total_return" | "total_return_coin" | "annualised_return" | "annualised_return_coin" | "yield_coin" => {
            (Unit::Share, true, Better)
        }
        "hodl_return" => (Unit::Share, true, Other),
        "max_drawdown" | "max_drawdown_coin" | "win_rate" | "premium_kept" => (Unit::Share, false, Better),
        "volatility" | "volatility_coin" | "time_covered" | "two_sided_premium" | "old_premium" => {
            (Unit::Share, false, Other)
        }
        "sharpe" | "sharpe_coin" | "sortino" | "sortino_coin" | "calmar" | "calmar_coin" | "profit_factor" => {
            (Unit::Ratio, false, Better)
        }
        "average_net_delta" | "average_delta" => (Unit::Ratio, false, Other),
        "average_winner" | "average_loser" | "largest_winner" | "largest_loser" | "expectancy" => {
            (Unit::Quote, true, Better)
        }
        "premium_collected" | "premium_traded" => (Unit::Quote, false, Other),
        "num_trades" | "open_trades" | "assignments" => (Unit::Count, false, Other),
        "average_dte" | "days" => (Unit::Days, false, Other),
        "median_fill_age_hours" | "largest_fill_age_hours" => (Unit::Hours, false, Other),
        _ => return None,
    })
}

/// The kept figures of one variant.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    metrics: &'a Value,
    underlying: &'a str,
}

impl<'a> Figures<'a> {
    /// Figures as they are kept, by their names in the glossary.
    pub fn new(metrics: &'a Value, underlying: &'a str) -> Figures<'a> {
        Figures { metrics, underlying }
    }

    /// True where the variant made a mark; before it, all figures are absent.
    pub fn has_marks(&self) -> bool {
        !self.metrics["max_drawdown"].is_null()
    }

    /// True where all flows are in US dollars.
    pub fn is_linear(&self) -> bool {
        self.metrics["option_pnl_coin"].is_null()
    }

    /// A figure, drawdowns as the negative depth; `None` where it is absent.
    pub fn value(&self, key: &str) -> Option<f64> {
        let found = &self.metrics[key];
        let depth = || found["depth"].as_f64().map(|depth| 0.0 - depth);
        found.as_f64().or_else(depth).filter(|_| self.has_marks())
    }

    fn money(&self, value: f64, is_coin: bool, with_sign: bool, decimals: usize) -> String {
        match (is_coin, with_sign) {
            (true, true) => format!("{} {}", signed(value, decimals), self.underlying),
            (true, false) => format!("{} {}", number(value, decimals), self.underlying),
            (false, true) => usd_signed(value),
            (false, false) => usd(value),
        }
    }

    fn text(&self, unit: Unit, with_sign: bool, value: f64) -> String {
        let plain = |decimals| if with_sign { signed(value, decimals) } else { number(value, decimals) };
        match unit {
            Unit::Usd => self.money(value, false, with_sign, 0),
            Unit::Coin => self.money(value, true, with_sign, 4),
            Unit::Quote => self.money(value, !self.is_linear(), with_sign, 5),
            Unit::Share if with_sign => percent_signed(value, 1),
            Unit::Share => percent(value, 1),
            Unit::Ratio => plain(2),
            Unit::Count => plain(0),
            Unit::Days if with_sign => format!("{} d", signed(value, 1)),
            Unit::Days => days(value),
            Unit::Hours => format!("{} h", plain(1)),
        }
    }

    /// A figure as text; an en dash with its reason where it is absent.
    pub fn cell(&self, key: &str, no_data: &'static str) -> Cell {
        let Some(((unit, with_sign, larger), value)) = nature(key).zip(self.value(key)) else {
            let title = if self.has_marks() { no_data } else { "no mark yet" };
            return Cell { main: ABSENT.into(), below: String::new(), sign: "", title };
        };
        let sign = if with_sign && larger == Better { sign_of(value) } else { "" };
        Cell { main: self.text(unit, with_sign, value), below: String::new(), sign, title: "" }
    }

    /// The difference to another variant's figure; `None` where one of the two is absent or in another unit.
    pub fn difference(&self, key: &str, other: Figures<'_>) -> Option<Difference> {
        let (unit, _, larger) = nature(key)?;
        let has_one_unit = match unit {
            Unit::Coin => self.underlying == other.underlying,
            Unit::Quote => self.is_linear() == other.is_linear() && self.underlying == other.underlying,
            _ => true,
        };
        let apart = self.value(key)? - other.value(key).filter(|_| has_one_unit)?;
        let text = match unit {
            _ if apart == 0.0 => "same".to_owned(),
            Unit::Share => format!("{} pp", signed(apart * 100.0, 1)),
            _ => self.text(unit, true, apart),
        };
        let sign = match larger {
            Better => sign_of(apart),
            Worse => sign_of(-apart),
            Other => "",
        };
        Some(Difference { text, sign })
    }
}

/// Title and explanation of a figure: formula, sampling, what absence means.
pub fn explain(key: &str) -> (&'static str, Vec<String>) {
    let Some(f) = figure(key) else { return ("", Vec::new()) };
    let mut lines = vec![formula_sentence(f.formula), format!("From {}.", f.sampling)];
    if f.no_data != "never absent" {
        lines.push(format!("A dash: {}.", f.no_data));
    }
    (f.title, lines)
}

/// A formula as a sentence; a hyphen between blanks is a minus.
pub fn formula_sentence(text: &str) -> String {
    sentence(&text.replace(" - ", " − "))
}

/// How far a figure is from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// With its sign and unit; shares in percentage points.
    pub text: String,
    /// `gain` where it is better, `loss` where it is worse, nothing where it is neither.
    pub sign: &'static str,
}

impl Difference {
    /// What the colour says, in a word; nothing where it says nothing.
    pub fn word(&self) -> &'static str {
        match self.sign {
            "gain" => "better",
            "loss" => "worse",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Summary;
    use crate::metrics::summary::GLOSSARY;
    use serde_json::json;

    fn metrics(pnl: f64, depth: f64) -> Value {
        let depth = json!({ "depth": depth });
        json!({ "final_pnl_vs_hodl_coin": pnl, "option_pnl_coin": pnl, "fees": 12.0 - pnl, "max_drawdown": depth, "win_rate": null })
    }

    #[test]
    fn every_figure_of_the_glossary_has_a_unit() {
        for figure in GLOSSARY {
            assert!(nature(figure.key).is_some(), "{}", figure.key);
        }
        assert_eq!(nature("months"), None);
    }

    #[test]
    fn figures_read_like_the_key_numbers() {
        let metrics = metrics(0.25, 0.125);
        let figures = Figures::new(&metrics, "BTC");
        let text = |key| figures.cell(key, "no closed trade");
        assert_eq!(
            (text("final_pnl_vs_hodl_coin").main.as_str(), text("final_pnl_vs_hodl_coin").sign),
            ("+0.2500 BTC", "gain")
        );
        assert_eq!((text("max_drawdown").main.as_str(), text("max_drawdown").sign), ("−12.5 %", ""));
        assert_eq!((text("win_rate").main.as_str(), text("win_rate").title), ("–", "no closed trade"));
    }

    #[test]
    fn a_difference_says_which_way_is_better() {
        let (first, second) = (metrics(0.25, 0.125), metrics(0.2, 0.1));
        let difference = |key| Figures::new(&second, "BTC").difference(key, Figures::new(&first, "BTC"));
        let expect = |text: &str, sign| Some(Difference { text: text.into(), sign });
        assert_eq!(difference("final_pnl_vs_hodl_coin"), expect("−0.0500 BTC", "loss"));
        assert_eq!(difference("max_drawdown"), expect("+2.5 pp", "gain"));
        assert_eq!(difference("fees"), expect("+$0.05", "loss"));
        assert_eq!(difference("win_rate"), None);
        let other = Figures::new(&first, "ETH");
        assert_eq!(
            Figures::new(&second, "BTC").difference("final_pnl_vs_hodl_coin", other),
            None,
            "coins of two kinds"
        );
        assert_eq!(Figures::new(&first, "BTC").difference("fees", Figures::new(&first, "BTC")), expect("same", ""));
    }

    #[test]
    fn without_a_mark_everything_is_absent() {
        let metrics = serde_json::to_value(Summary::default()).expect("figures are plain");
        let figures = Figures::new(&metrics, "BTC");
        for figure in GLOSSARY {
            assert_eq!(figures.cell(figure.key, "").main, ABSENT, "{}", figure.key);
        }
    }
}
