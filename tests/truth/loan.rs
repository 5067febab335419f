//! Rows of `loan.json`: loan-to-value as lenders publish it. Its health-factor rows follow another protocol (several tokens, a
//! liquidation bonus, a close factor, compounding by the second), which the contract does not have.

use crate::{Verdict, not_applicable, same, text};
use chainwalk::portfolio::{Loan, loan_to_value, price_at_ltv};
use serde_json::Value;

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{}: {key}", row["id"]))
}

/// Judges a row of the health-factor cases.
pub fn case(row: &Value) -> Verdict {
    assert!(text(row, "source").contains("aave"), "{row}");
    not_applicable("a health factor of another protocol: bonus, close factor, several tokens")
}

/// Judges a published example.
pub fn example(row: &Value) -> Verdict {
    match text(row, "id") {
        "L06" => {
            let loan = number(row, "loan_usd");
            let values = row["collateral_usd"].as_array().expect("values");
            let expected = row["expect_ltv"].as_array().expect("ratios");
            let figure = |(value, expected)| {
                let value: &Value = value;
                ("ltv", loan_to_value(loan, value.as_f64().expect("a value")), expected, number(row, "abs_tol"))
            };
            same(&values.iter().zip(expected).map(figure).collect::<Vec<_>>())
        }
        "L07" => {
            let (loan, units) = (number(row, "loan_usd"), number(row, "collateral_btc"));
            let ltv = loan_to_value(loan, units * number(row, "btc_price"));
            let price = price_at_ltv(loan, units, number(row, "liquidation_ltv"));
            let grown = loan + Loan { apr: number(row, "apr"), ..Loan::default() }.interest(loan, 365);
            assert!(price_at_ltv(grown, units, 0.86) > price, "the price grows with the interest");
            same(&[
                ("ltv", ltv, &row["expect_ltv"], 1e-12),
                ("price", price, &row["derived_liquidation_price_day0"], 0.005),
            ])
        }
        "L08" => {
            let loan = number(row, "loan_usd");
            let at = |key: &str| loan_to_value(loan, number(row, key));
            same(&[
                ("initial", at("collateral_usd"), &row["expect_initial_ltv"], 1e-12),
                ("margin call", at("margin_call_at_collateral_usd"), &row["expect_margin_call_ltv"], 1e-6),
            ])
        }
        _ => not_applicable("no figures"),
    }
}
