//! Every row of the outside values whose model is Black's.

use crate::common::{fixture, shared};
use chainwalk::pricing::{Greeks, OptionKind, discounted, greeks, implied_vol, price};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

/// A row of any of the four files; each has its own subset of fields.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Case {
    #[serde(alias = "instrument")]
    id: String,
    model: Option<String>,
    flag: String,
    #[serde(alias = "F", alias = "underlying_price")]
    underlying: f64,
    #[serde(alias = "K")]
    strike: f64,
    #[serde(alias = "t_years_act365")]
    t_years: f64,
    r: f64,
    q: f64,
    vol: f64,
    mark_iv_pct: f64,
    settlement: String,
    price: f64,
    x: f64,
    beta: f64,
    expect: BTreeMap<String, Number>,
    expect_iv: Option<Number>,
    expect_s: Option<f64>,
    abs_tol: Option<f64>,
    abs_tol_mark: f64,
    attainable_rel_precision: f64,
}

/// A number, or twenty digits of one in a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Double(f64),
    Digits(String),
}

impl Number {
    fn value(&self) -> f64 {
        match self {
            Number::Double(value) => *value,
            Number::Digits(digits) => digits.parse().expect("digits"),
        }
    }
}

impl Case {
    fn kind(&self) -> OptionKind {
        match self.flag.as_str() {
            "c" => OptionKind::Call,
            "p" => OptionKind::Put,
            other => panic!("{}: flag {other}", self.id),
        }
    }

    /// Forward of the row's underlying, and its slope by the underlying.
    fn forward(&self) -> (f64, f64) {
        let growth = match self.model.as_deref() {
            Some("bs" | "bsm") => libm::exp((self.r - self.q) * self.t_years),
            Some("black76") | None => 1.0,
            Some(other) => panic!("{}: model {other}", self.id),
        };
        (self.underlying * growth, growth)
    }

    /// Black's greeks by the chain rule in the variables of the row's model.
    fn published(&self, field: &str) -> Option<f64> {
        let (forward, growth) = self.forward();
        let on_spot = matches!(self.model.as_deref(), Some("bs" | "bsm"));
        let black = discounted(self.kind(), forward, self.strike, self.t_years, self.vol, self.r);
        let carry = if on_spot { (self.r - self.q) * forward * black.delta } else { 0.0 };
        let theta = black.theta_per_year - carry;
        let rho = black.rho + if on_spot { self.t_years * forward * black.delta } else { 0.0 };
        Some(match field {
            "price" => black.price,
            "price_in_coin" => black.price / forward,
            "delta" => black.delta * growth,
            "gamma" => black.gamma * growth * growth,
            "vega" => black.vega,
            "vega_per_point" => black.vega / 100.0,
            "theta_per_year" => theta,
            "theta_per_day" => theta / 365.0,
            "rho" => rho,
            "rho_per_point" => rho / 100.0,
            "vanna" => black.vanna * growth,
            "volga" => black.volga,
            "itm_cash_prob_d2" => self.exercise_probability(&black, forward),
            _ => return None,
        })
    }

    /// `N(d2)` of a call, `N(-d2)` of a put, out of price and delta.
    fn exercise_probability(&self, black: &Greeks, forward: f64) -> f64 {
        let cash = (forward * black.delta - black.price) * libm::exp(self.r * self.t_years);
        (cash / self.strike).abs()
    }
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str::<Cases>(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).cases
}

/// Prints how many rows and figures of a file were checked, and fails with the rows that differ.
fn report(file: &Path, rows: usize, figures: usize, faults: &[String]) {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    println!(
        "{name:28} rows read {rows:4}  checked {rows:4}  not applicable 0  figures {figures:4}  faults {}",
        faults.len()
    );
    assert!(rows > 0 && figures >= rows, "{name}: {figures} figures of {rows} rows");
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

/// Keeps a fault where `got` is not within `tolerance` of `expected`; NaN never is.
fn compare(faults: &mut Vec<String>, id: &str, field: &str, got: f64, expected: f64, tolerance: f64) {
    let is_close = (got - expected).abs() <= tolerance;
    if !is_close {
        faults.push(format!("{id} {field}: expected {expected:e} within {tolerance:e}, found {got:e}"));
    }
}

#[test]
fn published_prices_and_greeks() {
    let Some(file) = shared("truth/pricing_published.json") else { return };
    let (cases, mut figures, mut faults) = (read(&file), 0, Vec::new());
    for case in &cases {
        for (field, expected) in &case.expect {
            let got = case.published(field).unwrap_or_else(|| panic!("{}: field {field}", case.id));
            compare(&mut faults, &case.id, field, got, expected.value(), case.abs_tol.expect("abs_tol"));
            figures += 1;
        }
    }
    report(&file, cases.len(), figures, &faults);
}

fn check_extreme(file: &Path) {
    let (cases, mut figures, mut faults) = (read(file), 0, Vec::new());
    for case in &cases {
        let black = discounted(case.kind(), case.underlying, case.strike, case.t_years, case.vol, case.r);
        let discount = libm::exp(-(case.r * case.t_years));
        let floor = discount * case.kind().intrinsic(case.underlying, case.strike) - 1e-12 * case.underlying;
        assert!(black.price >= floor, "{}: {} is under intrinsic {floor}", case.id, black.price);
        for (field, expected) in &case.expect {
            let expected = expected.value();
            // d1 and d2 are not printed; the premium-adjusted delta follows from price and delta.
            let got = match field.as_str() {
                "d1" | "d2" => continue,
                "delta_premium_adjusted" => black.delta - black.price / case.underlying,
                _ => case.published(field).unwrap_or_else(|| panic!("{}: field {field}", case.id)),
            };
            let tolerance = match field.as_str() {
                "price" | "rho" => 1e-12 * case.underlying,
                "price_in_coin" | "delta_premium_adjusted" => 1e-12,
                _ if expected.abs() <= 1e-12 => 1e-12,
                _ => 1e-10 * expected.abs(),
            };
            compare(&mut faults, &case.id, field, got, expected, tolerance);
            figures += 1;
        }
    }
    report(file, cases.len(), figures, &faults);
}

#[test]
fn extreme_prices_and_greeks() {
    check_extreme(&fixture("pricing/black76_extreme.json"));
    if let Some(file) = shared("truth/black76_extreme.json") {
        check_extreme(&file);
    }
}

fn check_implied(file: &Path) {
    let (cases, mut faults) = (read(file), Vec::new());
    for case in &cases {
        if let Some(expected) = case.expect_s {
            let got = implied_vol(case.kind(), libm::exp(case.x / 2.0), libm::exp(-case.x / 2.0), 1.0, case.beta);
            compare(&mut faults, &case.id, "s", got.expect("s"), expected, case.abs_tol.expect("abs_tol"));
            continue;
        }
        let undiscounted = case.price * libm::exp(case.r * case.t_years);
        let got = implied_vol(case.kind(), case.forward().0, case.strike, case.t_years, undiscounted);
        match (&case.expect_iv, got) {
            (None, None) => {}
            (Some(expected), Some(got)) => {
                let relative = (4.0 * case.attainable_rel_precision).max(1e-12);
                let tolerance = case.abs_tol.unwrap_or(relative * expected.value());
                compare(&mut faults, &case.id, "iv", got, expected.value(), tolerance);
            }
            (expected, got) => {
                faults.push(format!("{}: expected {:?}, found {got:?}", case.id, expected.as_ref().map(Number::value)))
            }
        }
    }
    report(file, cases.len(), cases.len(), &faults);
}

#[test]
fn implied_volatilities() {
    check_implied(&fixture("pricing/implied_vol_computed.json"));
    if let Some(file) = shared("truth/implied_vol.json") {
        check_implied(&file);
    }
}

/// The venue prints five decimals, volatility to .01 point and a small coin's forward to four digits,
/// which gamma feels most; `rho` is Black-Scholes', per point.
#[test]
fn deribit_marks() {
    let Some(file) = shared("truth/deribit_marks.json") else { return };
    let (cases, mut figures, mut faults) = (read(&file), 0, Vec::new());
    for case in &cases {
        let forward = case.underlying;
        let black = greeks(case.kind(), forward, case.strike, case.t_years, case.mark_iv_pct / 100.0);
        let is_inverse = case.settlement.starts_with("inverse");
        for (field, expected) in &case.expect {
            let expected = expected.value();
            let (got, tolerance) = match field.as_str() {
                "mark_price" if is_inverse => (black.price / forward, case.abs_tol_mark),
                "mark_price" => (black.price, case.abs_tol_mark),
                "delta" => (black.delta, 1e-4),
                "gamma" => (black.gamma, 1e-5 + 3e-3 * expected),
                "vega_per_point" => (black.vega / 100.0, 0.01),
                "theta_per_day" => (black.theta, 0.2),
                "rho_per_point" => (case.t_years * (forward * black.delta - black.price) / 100.0, 0.005),
                other => panic!("{}: field {other}", case.id),
            };
            compare(&mut faults, &case.id, field, got, expected, tolerance);
            figures += 1;
        }
        let alone = price(case.kind(), forward, case.strike, case.t_years, case.mark_iv_pct / 100.0);
        assert_eq!(alone.to_bits(), black.price.to_bits(), "{}", case.id);
    }
    report(&file, cases.len(), figures, &faults);
}
