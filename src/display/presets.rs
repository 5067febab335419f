//! Presets: whole requests that one press fills in and starts.

use super::Draft;
use crate::market::catalog::Catalog;
use crate::strategy::templates;
use serde_json::{Value, json};

/// A run that one press fills in and starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// On its button.
    pub title: &'static str,
    /// What it is, one sentence.
    pub words: &'static str,
    /// The request, differences from the defaults only.
    pub written: Value,
    /// The same as a form that is filled with it writes it; `None` where no form can be.
    pub typed: Option<Value>,
}

fn loan(dataset: &str, underlying: &str, dates: (&str, &str), units: f64, principal_usd: f64) -> Value {
    let compared = ["No hedge", "Put ATM, 12 months", "Put 95 %, 12 months", "Put 90 %, 12 months"];
    let variant = |name: &&str| {
        let hedge = templates().into_iter().find(|t| t.name == *name)?.hedge;
        Some(json!({ "name": name, "hedge": hedge }))
    };
    json!({
        "dataset": dataset, "underlying": underlying, "start": dates.0, "end": dates.1, "timeframe": "1d",
        "account": { "coins": units, "loan": { "principal_usd": principal_usd } },
        "variants": compared.iter().filter_map(variant).collect::<Vec<_>>(),
    })
}

fn call(name: &str, delta: [f64; 3], days: [f64; 3]) -> Value {
    let [least, target, most] = delta;
    let [fewest, wanted, longest] = days;
    json!({
        "name": name, "min_delta": least, "target_delta": target, "max_delta": most,
        "min_dte": fewest, "target_dte": wanted, "max_dte": longest,
    })
}

/// The presets whose data the catalog has.
pub fn presets(catalog: &Catalog) -> Vec<Preset> {
    let calm = json!({ "variants": [call("Calm call", [0.08, 0.15, 0.22], [21.0, 30.0, 45.0])] });
    let income = call("Income call", [0.25, 0.35, 0.45], [3.0, 7.0, 14.0]);
    let income = json!({ "exit_style": "tp_and_roll", "variants": [income] });
    let bitcoin = loan("btc-long", "BTC", ("2022-01-03", "2022-12-30"), 1.0, 20_000.0);
    let gold = loan("gld-long", "GLD", ("2020-01-02", "2020-12-31"), 1000.0, 105_000.0);
    let all = [
        ("Covered call, 2026", "A weekly 25-delta call on one bitcoin, held to expiry: the default.", json!({})),
        ("Calm call", "A monthly 15-delta call on one bitcoin: little premium, seldom reached.", calm),
        (
            "Income call",
            "A weekly 35-delta call on one bitcoin, bought back at four fifths of its premium and rolled.",
            income,
        ),
        (
            "MSFT call, real quotes",
            "A call on 100 Microsoft shares over a month of recorded bids and asks.",
            json!({ "dataset": "msft-2026" }),
        ),
        (
            "BTC loan, 2022",
            "A dollar loan against one bitcoin through 2022, without a hedge and with three puts.",
            bitcoin,
        ),
        ("Gold loan, 2020", "A dollar loan against gold through 2020, without a hedge and with three puts.", gold),
    ];
    let is_there = |written: &Value| written["dataset"].as_str().is_none_or(|id| catalog.dataset(id).is_some());
    let there = all.into_iter().filter(|(_, _, written)| is_there(written));
    let typed = |written: &Value| Draft::of_request(written, catalog)?.to_request().ok();
    there.map(|(title, words, written)| Preset { title, words, typed: typed(&written), written }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_can_run_on_the_data_that_ship() {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog");
        let all = presets(&catalog);
        let titles: Vec<&str> = all.iter().map(|preset| preset.title).collect();
        let expected = [
            "Covered call, 2026",
            "Calm call",
            "Income call",
            "MSFT call, real quotes",
            "BTC loan, 2022",
            "Gold loan, 2020",
        ];
        assert_eq!(titles, expected, "their data ship");
        for loan in &all[4..] {
            assert_eq!(
                loan.written["variants"].as_array().map(Vec::len),
                Some(4),
                "{}: its hedges are there",
                loan.title
            );
        }
        for preset in all {
            let resolved = crate::run::resolve(&preset.written.to_string(), &catalog);
            assert!(resolved.is_ok(), "{}: {resolved:?}", preset.title);
            let typed = preset.typed.expect("a form says it");
            let again = crate::run::resolve(&typed.to_string(), &catalog).expect("it runs");
            assert_eq!(Some(again.request), resolved.ok().map(|r| r.request), "{}", preset.title);
        }
    }
}
