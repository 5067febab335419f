//! A loan in words: the read-out while it is typed, what came of it, which hedge stands first and why, its days.

use super::draft::{At, Draft};
use super::format::{ABSENT, day, number, or_dash, percent, usd, with_dollar};
use super::key_numbers::Cell;
use crate::json;
use crate::metrics::loan::{Contender, Criterion, compare, ranking};
use crate::metrics::{LoanDay, LoanSummary, LtvPeak};
use crate::portfolio::{Account, loan_to_value, price_at_ltv};
use crate::run::undercollateralised;
use crate::units::{Coin, Day, Price};

/// The warning of a loan that is allowed but begins where the lender calls.
pub const STARTS_ABOVE: &str = "The loan starts above its margin-call level.";

/// A price of one unit, cents below 10,000.
pub fn price(value: f64) -> String {
    with_dollar(number(value, if value.abs() < 10_000.0 { 2 } else { 0 }))
}

/// A loan-to-value, a fraction; `None` = nothing stands against the debt.
pub fn ltv(value: Option<f64>) -> String {
    value.map_or_else(|| "wiped out".to_owned(), |v| percent(v, 1))
}

fn date(day_of: Day) -> String {
    day(day_of.start())
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".into() } else { format!("{count} days") }
}

/// What the form says of a loan while it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readout {
    /// Figures with their names.
    pub rows: Vec<(&'static str, String)>,
    /// Why such a loan cannot begin, one sentence.
    pub refusal: Option<String>,
    /// What is allowed but worth knowing.
    pub warning: Option<&'static str>,
}

/// The read-out of an account at the opening price of one unit, USD; without a price only what needs none.
pub fn readout(account: &Account, opening: Option<f64>) -> Readout {
    let Some(loan) = &account.loan else { return Readout::default() };
    let call = price_at_ltv(loan.principal_usd, account.coins, loan.margin_call_ltv);
    let collateral = opening.map(|price| (Coin(account.coins) * Price(price)).0);
    let ratio = collateral.and_then(|value| loan_to_value(loan.principal_usd, value));
    let below = call.zip(opening).map(|(call, opening)| 1.0 - call / opening);
    let after = "after the data is loaded";
    let known = |value: Option<f64>, show: &dyn Fn(f64) -> String| {
        value.map_or_else(|| if opening.is_some() { ABSENT.into() } else { after.to_owned() }, show)
    };
    let distance = |share: f64| {
        let side = if share < 0.0 { "above" } else { "below" };
        format!("{} {side} the opening price", percent(share.abs(), 1))
    };
    let call_words = match (call, below) {
        (Some(call), Some(below)) => format!("{}, {}", price(call), distance(below)),
        (call, _) => or_dash(call, price),
    };
    Readout {
        rows: vec![
            ("Opening price", known(opening, &price)),
            ("Opening collateral", known(collateral, &usd)),
            ("Opening LTV", known(ratio, &|v| percent(v, 1))),
            ("Margin-call price", call_words),
        ],
        refusal: opening.and_then(|price| undercollateralised(account, Price(price))).map(|refused| refused.message),
        warning: ratio.filter(|ltv| *ltv >= loan.margin_call_ltv && *ltv < 1.0).map(|_| STARTS_ABOVE),
    }
}

/// The fold's title: what is owed against what, or that nothing is.
pub fn fold_title(draft: &Draft) -> String {
    let text = |path| draft.text(At::Shared, path);
    if text("account.loan") != "true" {
        return "no loan".into();
    }
    let principal = or_dash(json::number(text("account.loan.principal_usd")), usd);
    let (units, underlying) = (text("account.coins"), text("underlying"));
    format!("{principal} on {units} {underlying} · call at {} %", text("account.loan.margin_call_ltv"))
}

/// One of the answers above the loan's charts.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What is answered.
    pub title: &'static str,
    /// The answer.
    pub main: String,
    /// What belongs to it.
    pub below: String,
    /// `gain`, `loss` or nothing.
    pub sign: &'static str,
}

fn called(first: Option<Day>, count: u32, peak: &LtvPeak) -> (String, String) {
    match first {
        Some(first) => (date(first), format!("on {} in all", days(count))),
        None => ("None".into(), format!("worst LTV {}", ltv(peak.ltv))),
    }
}

/// The answers in numbers: call without the hedge, with it, what it cost, where the call lies.
pub fn answers(loan: &LoanSummary, margin_call_ltv: f64) -> [Answer; 4] {
    let bare = called(loan.first_margin_call_unhedged, loan.margin_call_days_unhedged, &loan.max_ltv_unhedged_worst);
    let own = called(loan.first_margin_call_hedged, loan.margin_call_days_hedged, &loan.max_ltv_hedged_worst);
    let sign = |first: Option<Day>| if first.is_some() { "loss" } else { "gain" };
    let below = loan.opening_ltv.map(|opening| 1.0 - opening / margin_call_ltv);
    let year = or_dash(loan.hedge_cost_a_year, |share| format!("{} of the collateral a year", percent(share, 1)));
    let side = |share: f64| if share < 0.0 { "above" } else { "below" };
    let distance = or_dash(below, |share| format!("{} {} the opening price", percent(share.abs(), 1), side(share)));
    [
        Answer {
            title: "Margin call without the hedge",
            main: bare.0,
            below: bare.1,
            sign: sign(loan.first_margin_call_unhedged),
        },
        Answer { title: "Margin call with it", main: own.0, below: own.1, sign: sign(loan.first_margin_call_hedged) },
        Answer { title: "Cost of the hedge", main: usd(loan.hedge_cost), below: year, sign: "" },
        Answer { title: "Margin-call price", main: or_dash(loan.margin_call_price, price), below: distance, sign: "" },
    ]
}

/// The answers in a few sentences; `hedges` where the variant holds a hedge at all, `held_usd` is what its options are still worth.
pub fn headline(name: &str, hedges: bool, held_usd: f64, loan: &LoanSummary) -> String {
    let said = sentences(name, hedges, loan);
    if held_usd.abs() < 0.5 { said } else { format!("{said} What is still held is worth {}.", usd(held_usd)) }
}

fn sentences(name: &str, hedges: bool, loan: &LoanSummary) -> String {
    let on = |first: Day, count: u32| format!("on {}, on {} in all", date(first), days(count));
    let cost = || match loan.hedge_cost_a_year {
        Some(share) if loan.hedge_cost >= 0.0 => {
            format!("cost {}, {} of the opening collateral a year", usd(loan.hedge_cost), percent(share, 1))
        }
        _ if loan.hedge_cost < 0.0 => format!("brought {} more than it cost", usd(-loan.hedge_cost)),
        _ => format!("cost {}", usd(loan.hedge_cost)),
    };
    let bare = loan.first_margin_call_unhedged.map(|first| on(first, loan.margin_call_days_unhedged));
    let own = loan.first_margin_call_hedged.map(|first| on(first, loan.margin_call_days_hedged));
    match (bare, own) {
        (None, None) if hedges => format!("No margin call came, without the hedge either. {name} {}.", cost()),
        (None, None) => {
            format!("No margin call came: the worst loan-to-value was {}.", ltv(loan.max_ltv_unhedged_worst.ltv))
        }
        (_, Some(own)) if !hedges => format!("The margin call came {own}."),
        (Some(bare), None) if !hedges => {
            format!("The loan alone would have had its margin call {bare}; the cash beside it prevented it.")
        }
        (Some(bare), None) => {
            format!("Without a hedge the margin call would have come {bare}. {name} prevented it and {}.", cost())
        }
        (Some(bare), Some(own)) => format!(
            "Without a hedge the margin call would have come {bare}. With {name} it came {own}; the hedge {}.",
            cost()
        ),
        (None, Some(own)) => format!(
            "Without a hedge no margin call would have come. With {name} it came {own}: what was paid for the hedge weighed more than what it was worth."
        ),
    }
}

/// One line of the ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The variant's place in the request.
    pub unit: usize,
    /// Its name.
    pub name: String,
    /// Margin calls, worst loan-to-value, cost and end value as text.
    pub cells: [String; 4],
}

/// Variants with a loan, best first, and why the first one stands there.
pub fn ranked(variants: &[(usize, &str, &LoanSummary)]) -> (Vec<Place>, String) {
    let contenders: Vec<Contender> = variants.iter().map(|(_, name, loan)| Contender { name, loan }).collect();
    let order = ranking(&contenders);
    let place = |at: &usize| {
        let (unit, name, loan) = variants[*at];
        let calls = match loan.first_margin_call_hedged {
            Some(first) => format!("{} from {}", days(loan.margin_call_days_hedged), date(first)),
            None => "none".into(),
        };
        let worst = ltv(loan.max_ltv_hedged_worst.ltv);
        Place { unit, name: name.to_owned(), cells: [calls, worst, usd(loan.hedge_cost), usd(loan.end_value)] }
    };
    let why = match order.as_slice() {
        [first, second, ..] => why_first(&contenders[*first], &contenders[*second]),
        _ => String::new(),
    };
    (order.iter().map(place).collect(), why)
}

/// Two loan-to-values with the decimals that tell them apart.
fn apart(one: Option<f64>, other: Option<f64>) -> (String, String) {
    let words = |decimals| [one, other].map(|v| v.map_or_else(|| ltv(None), |v| percent(v, decimals)));
    let [one, other] = (1..5).map(words).find(|[one, other]| one != other).unwrap_or_else(|| words(5));
    (one, other)
}

/// Why one hedge stands before the next, by the first thing in which they differ.
fn why_first(first: &Contender, second: &Contender) -> String {
    let (one, other) = (first.name, second.name);
    let (a, b) = (first.loan, second.loan);
    let both =
        if a.first_margin_call_hedged.is_none() { "Neither has a margin call" } else { "Both have a margin call" };
    match compare(first, second).1 {
        Criterion::NoMarginCall => format!("{one} stands first: it has no margin call, {other} has one."),
        Criterion::WorstLtv => {
            let (low, high) = apart(a.max_ltv_hedged_worst.ltv, b.max_ltv_hedged_worst.ltv);
            format!(
                "{one} stands first. {both}, and its worst loan-to-value, {low}, is lower than the {high} of {other}."
            )
        }
        Criterion::Cost => format!(
            "{one} stands first: as safe as {other}, it costs {} and not {}.",
            usd(a.hedge_cost),
            usd(b.hedge_cost)
        ),
        Criterion::EndValue => format!(
            "{one} stands first: as safe and as dear as {other}, it ends with {} and not {}.",
            usd(a.end_value),
            usd(b.end_value)
        ),
        Criterion::Name => format!("{one} and {other} came to the same; the order is that of their names."),
    }
}

/// A figure of the loan's glossary as text.
pub fn cell(key: &str, s: &LoanSummary) -> Cell {
    let plain = |main: String| Cell { main, below: String::new(), sign: "", title: "" };
    let peak = |peak: &LtvPeak| Cell { below: peak.date.map(date).unwrap_or_default(), ..plain(ltv(peak.ltv)) };
    let first = |first: Option<Day>| plain(first.map_or_else(|| "none".to_owned(), date));
    match key {
        "opening_ltv" => plain(or_dash(s.opening_ltv, |v| percent(v, 1))),
        "start_value" => plain(usd(s.start_value)),
        "end_value" => plain(usd(s.end_value)),
        "hedge_cost" => plain(usd(s.hedge_cost)),
        "hedge_cost_a_year" => plain(or_dash(s.hedge_cost_a_year, |v| percent(v, 2))),
        "payoff_realised" => plain(usd(s.payoff_realised)),
        "max_ltv_hedged_close" => peak(&s.max_ltv_hedged_close),
        "max_ltv_hedged_worst" => peak(&s.max_ltv_hedged_worst),
        "max_ltv_unhedged_close" => peak(&s.max_ltv_unhedged_close),
        "max_ltv_unhedged_worst" => peak(&s.max_ltv_unhedged_worst),
        "margin_call_days_hedged" => plain(s.margin_call_days_hedged.to_string()),
        "margin_call_days_unhedged" => plain(s.margin_call_days_unhedged.to_string()),
        "first_margin_call_hedged" => first(s.first_margin_call_hedged),
        "first_margin_call_unhedged" => first(s.first_margin_call_unhedged),
        "margin_call_price" => plain(or_dash(s.margin_call_price, price)),
        "least_headroom" => plain(or_dash(s.least_headroom, |v| percent(v, 1))),
        "units_sold" => plain(number(s.units_sold, if s.units_sold.fract() == 0.0 { 0 } else { 4 })),
        _ => plain(ABSENT.into()),
    }
}

/// Headers of the daily table; all but the first and the last are numbers.
pub const DAY_COLUMNS: [&str; 14] = [
    "Day",
    "Low, USD",
    "High, USD",
    "Close, USD",
    "Collateral, USD",
    "Options, USD",
    "Cash, USD",
    "Net value, USD",
    "Contracts",
    "LTV unhedged",
    "at worst",
    "LTV hedged",
    "at worst",
    "Margin call",
];

/// One line of the daily table.
pub fn day_cells(d: &LoanDay) -> [String; 14] {
    let call = match (d.call_unhedged, d.call_hedged) {
        (true, true) => "both",
        (true, false) => "unhedged only",
        (false, true) => "hedged only",
        _ => ABSENT,
    };
    let decimals = if d.contracts.fract() == 0.0 { 0 } else { 2 };
    let bare = |price: f64| number(price, if price < 10_000.0 { 2 } else { 0 });
    let whole = |value: f64| number(value, 0);
    [
        d.date.to_string(),
        bare(d.low),
        bare(d.high),
        bare(d.close),
        whole(d.collateral),
        whole(d.option_value),
        whole(d.cash),
        whole(d.net_value),
        number(d.contracts, decimals),
        ltv(d.unhedged.close),
        ltv(d.unhedged.worst),
        ltv(d.hedged.close),
        ltv(d.hedged.worst),
        call.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::Loan;

    fn account(principal_usd: f64) -> Account {
        Account { coins: 1000.0, loan: Some(Loan { principal_usd, ..Loan::default() }), ..Account::default() }
    }

    #[test]
    fn the_read_out_follows_what_is_typed() {
        let words = |principal, opening| readout(&account(principal), opening);
        let typed = words(68_000.0, Some(100.0));
        let expected = ["$100.00", "$100,000", "68.0 %", "$90.67, 9.3 % below the opening price"];
        assert_eq!(typed.rows.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!((typed.refusal, typed.warning), (None, None));
        let unknown = words(68_000.0, None);
        assert_eq!((unknown.rows[0].1.as_str(), unknown.rows[3].1.as_str()), ("after the data is loaded", "$90.67"));
        assert_eq!(words(80_000.0, Some(100.0)).warning, Some(STARTS_ABOVE));
        let refused = words(120_000.0, Some(100.0));
        assert!(
            refused
                .refusal
                .is_some_and(|text| text.starts_with("Historical scenario starts undercollateralised: loan "))
        );
        assert_eq!(refused.warning, None, "one sentence is enough");
        assert_eq!(readout(&Account::default(), Some(1.0)), Readout::default());
    }

    fn summary(call: Option<i32>, worst: f64, cost: f64, end: f64) -> LoanSummary {
        LoanSummary {
            opening_ltv: Some(0.68),
            hedge_cost: cost,
            hedge_cost_a_year: Some(cost / 100_000.0),
            end_value: end,
            first_margin_call_hedged: call.map(Day),
            margin_call_days_hedged: u32::from(call.is_some()),
            first_margin_call_unhedged: Some(Day(18_337)),
            margin_call_days_unhedged: 3,
            max_ltv_hedged_worst: LtvPeak { ltv: Some(worst), date: Some(Day(18_337)) },
            margin_call_price: Some(90.666),
            ..LoanSummary::default()
        }
    }

    #[test]
    fn the_headline_answers_when_whether_and_at_what_cost() {
        let saved = summary(None, 0.7, 5000.0, 1.0);
        let text = headline("Put ATM", true, 0.0, &saved);
        assert_eq!(
            text,
            "Without a hedge the margin call would have come on 2020-03-16, on 3 days in all. \
             Put ATM prevented it and cost $5,000, 5.0 % of the opening collateral a year."
        );
        let [bare, own, cost, at] = answers(&saved, 0.75);
        assert_eq!(
            (bare.main.as_str(), bare.below.as_str(), own.main.as_str()),
            ("2020-03-16", "on 3 days in all", "None")
        );
        assert_eq!((cost.main.as_str(), at.main.as_str()), ("$5,000", "$90.67"));
        assert_eq!(at.below, "9.3 % below the opening price");
        let late = headline("Put 90 %", true, 26_000.0, &summary(Some(18_338), 0.76, -20.0, 1.0));
        assert!(
            late.ends_with("it came on 2020-03-17, on 1 day in all; the hedge brought $20.00 more than it cost. What is still held is worth $26,000."),
            "{late}"
        );
        assert_eq!(
            headline("No hedge", false, 0.0, &summary(Some(18_337), 0.8, 0.0, 1.0)),
            "The margin call came on 2020-03-16, on 1 day in all."
        );
        assert_eq!(
            headline("No hedge", false, 0.0, &summary(None, 0.7, 0.0, 1.0)),
            "The loan alone would have had its margin call on 2020-03-16, on 3 days in all; the cash beside it prevented it."
        );
        let above = LoanSummary { opening_ltv: Some(0.81), ..saved };
        assert_eq!(answers(&above, 0.75)[3].below, "8.0 % above the opening price");
    }

    #[test]
    fn the_first_one_has_its_reason() {
        let none = summary(Some(18_337), 0.8, 0.0, 9.0);
        let (dear, cheap) = (summary(None, 0.7, 900.0, 5.0), summary(None, 0.72, 500.0, 6.0));
        let (places, why) = ranked(&[(0, "No hedge", &none), (1, "A", &cheap), (2, "B", &dear)]);
        assert_eq!(places.iter().map(|p| p.unit).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(
            why,
            "B stands first. Neither has a margin call, and its worst loan-to-value, 70.0 %, is lower than the 72.0 % of A."
        );
        let near = summary(None, 0.70004, 1.0, 1.0);
        assert!(ranked(&[(0, "A", &near), (1, "B", &dear)]).1.contains("70.000 %, is lower than the 70.004 % of A"));
        let (_, why) = ranked(&[(0, "No hedge", &none), (1, "A", &cheap)]);
        assert_eq!(why, "A stands first: it has no margin call, No hedge has one.");
        let same = LoanSummary { hedge_cost: 400.0, ..cheap.clone() };
        assert!(ranked(&[(0, "A", &cheap), (1, "B", &same)]).1.contains("as safe as A, it costs $400 and not $500"));
        assert_eq!(ranked(&[(0, "A", &cheap)]).1, "");
    }

    #[test]
    fn every_figure_of_the_loan_has_words() {
        for figure in crate::metrics::LOAN_GLOSSARY {
            assert!(!cell(figure.key, &summary(None, 0.7, 1.0, 1.0)).main.is_empty(), "{}", figure.key);
        }
    }
}
