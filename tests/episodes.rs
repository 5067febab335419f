//! Loans through what really happened, every built-in hedge beside them; `-- --nocapture` prints the tables of docs/LOAN.md.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::metrics::LoanSummary;
use chainwalk::metrics::loan::{Contender, ranking};
use chainwalk::run::Run;
use chainwalk::strategy::templates;
use chainwalk::units::Usd;
use common::shipped::walked_on_shipped;
use serde_json::{Value, json};

/// The page whose tables these are.
const PAGE: &str = include_str!("../docs/LOAN.md");

/// Name, dataset, first and last day, units, loan; the first unhedged margin call, and who stands first and last.
type Episode = (&'static str, &'static str, [&'static str; 2], f64, f64, [&'static str; 3]);

const EPISODES: [Episode; 5] = [
    (
        "Gold, 2020",
        "gld-long",
        ["2020-01-02", "2020-12-30"],
        1000.0,
        105_000.0,
        ["2020-03-16", "Put 95 %, 1 month", "No hedge"],
    ),
    (
        "Gold, 2013",
        "gld-long",
        ["2012-10-01", "2013-09-30"],
        1000.0,
        105_000.0,
        ["2013-04-15", "Collar 95 %, 12 months", "No hedge"],
    ),
    (
        "BTC, 2022",
        "btc-long",
        ["2021-11-15", "2022-11-14"],
        1.0,
        32_000.0,
        ["2021-12-04", "Collar 95 %, 12 months", "No hedge"],
    ),
    (
        "BTC, March 2020",
        "btc-long",
        ["2020-02-13", "2021-02-12"],
        10.0,
        60_000.0,
        ["2020-03-09", "Collar 95 %, 12 months", "No hedge"],
    ),
    (
        "BTC, 2026",
        "btc-2026",
        ["2026-01-01", "2026-06-30"],
        1.0,
        55_000.0,
        ["2026-02-03", "Collar 95 %, 12 months", "No hedge"],
    ),
];

fn run_of((_, dataset, [start, end], units, loan, _): &Episode) -> Run {
    let variants: Vec<Value> =
        templates().iter().map(|template| serde_json::to_value(template.variant()).expect("a variant")).collect();
    let request = json!({
        "dataset": dataset, "start": start, "end": end, "variants": variants,
        "account": { "coins": units, "loan": { "principal_usd": loan } },
    });
    walked_on_shipped(&request)
}

fn line(name: &str, loan: &LoanSummary) -> String {
    let call = loan.first_margin_call_hedged.map_or("none".to_owned(), |day| day.to_string());
    let worst = loan.max_ltv_hedged_worst.ltv.map_or("wiped out".into(), |ltv| format!("{:.1} %", 100.0 * ltv));
    let a_year = 100.0 * loan.hedge_cost_a_year.unwrap_or(0.0);
    let whole = |usd: f64| Usd(usd.round()).to_string().replace('$', "").replace(".00", "");
    format!("| {name} | {call} | {worst} | {} | {a_year:.1} % | {} |", whole(loan.hedge_cost), whole(loan.end_value))
}

#[test]
fn the_ranking_through_five_episodes() {
    for episode in &EPISODES {
        let run = run_of(episode);
        let figures: Vec<(String, LoanSummary)> = run
            .units()
            .iter()
            .map(|unit| (unit.name.clone(), unit.summary(false).and_then(|s| s.loan).expect("a loan")))
            .collect();
        let contenders: Vec<Contender> = figures.iter().map(|(name, loan)| Contender { name, loan }).collect();
        let places = ranking(&contenders);
        println!("\n{}: {} units, loan {}", episode.0, episode.3, episode.4);
        for i in &places {
            let row = line(contenders[*i].name, contenders[*i].loan);
            println!("{row}");
            assert!(PAGE.contains(&row), "docs/LOAN.md has no line {row}");
        }
        let unhedged = figures[0].1.first_margin_call_unhedged.map(|day| day.to_string());
        let [first, last] = [places[0], places[places.len() - 1]].map(|i| contenders[i].name);
        let found = [unhedged.as_deref().unwrap_or("none"), first, last];
        assert_eq!(found, episode.5, "{}", episode.0);
    }
}
