//! "How to trust this": checks that anybody can let run, each with what outside truth expects and what came of it here.

mod published;

use super::format::{bytes, count};
use crate::json;
use crate::market::Dataset;
use crate::metrics::identity::largest_error;
use crate::pricing::OptionKind::{Call, Put};
use crate::pricing::discounted;
use crate::run::Run;
use crate::run::example::Example;
use published::{GREEKS, IMPLIED, PRICES, Published, VENUE};

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked, with its inputs.
    pub what: String,
    /// Who says so.
    pub source: String,
    /// What must come out.
    pub expected: String,
    /// What came out.
    pub found: String,
    /// Between the two; nothing where they are no numbers.
    pub difference: String,
    /// The largest difference that passes; nothing where they are no numbers.
    pub tolerance: String,
    /// It came out.
    pub passed: bool,
}

/// Checks of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: &'static str,
    /// In order.
    pub checks: Vec<Check>,
}

/// Largest error of put-call parity, as a share of the forward.
const PARITY: f64 = 1e-14;
/// Largest relative error of the ledger identity.
const IDENTITY: f64 = 1e-9;

/// Everything that needs no data: published figures, and put-call parity.
pub fn without_data() -> Vec<Section> {
    let section = |title, rows: &[Published]| Section { title, checks: rows.iter().map(published_check).collect() };
    vec![
        section("Option prices", PRICES),
        section("Greeks", GREEKS),
        section("Implied volatility", IMPLIED),
        section("Settlement, fees and margin", VENUE),
        Section { title: "Put-call parity", checks: vec![parity()] },
    ]
}

fn published_check(row: &Published) -> Check {
    let none = || "no solution".to_owned();
    let found = (row.found)();
    let expected = row.expected.map_or_else(none, |value| value.to_string().replace('-', "\u{2212}"));
    Check {
        what: row.what.replace(" %", "\u{a0}%"),
        source: row.source.into(),
        found: found.map_or_else(none, |value| figure(value, &expected)),
        expected,
        difference: row
            .expected
            .zip(found)
            .map_or_else(String::new, |(expected, found)| small((found - expected).abs())),
        tolerance: if row.expected.is_some() { small(row.tolerance) } else { String::new() },
        passed: match (row.expected, found) {
            (Some(expected), Some(found)) => (found - expected).abs() <= row.tolerance,
            (None, None) => true,
            _ => false,
        },
    }
}

/// A figure whose truth is nought within a tolerance.
fn vanishing(what: String, source: &str, found: f64, tolerance: f64) -> Check {
    Check {
        what,
        source: source.into(),
        expected: "0".into(),
        found: small(found),
        difference: small(found),
        tolerance: small(tolerance),
        passed: found <= tolerance,
    }
}

/// Two texts that must be the same.
fn same(what: String, source: &str, expected: &str, found: String) -> Check {
    let passed = expected == found;
    let none = String::new;
    Check {
        what,
        source: source.into(),
        expected: expected.into(),
        found,
        difference: none(),
        tolerance: none(),
        passed,
    }
}

/// Call less put against the discounted forward less strike, on a grid of strikes, times, volatilities and rates.
fn parity() -> Check {
    let (mut pairs, mut worst) = (0_usize, 0.0_f64);
    for strike in [0.01, 0.25, 0.5, 0.8, 0.95, 1.0, 1.05, 1.25, 2.0, 4.0, 10.0] {
        for years in [1.0 / 8_760.0, 1.0 / 365.0, 7.0 / 365.0, 30.0 / 365.0, 0.5, 1.0, 10.0] {
            for vol in [0.01, 0.2, 0.6, 1.0, 3.0] {
                for rate in [0.0, 0.05] {
                    let price = |kind| discounted(kind, 1.0, strike, years, vol, rate).price;
                    let error = price(Call) - price(Put) - libm::exp(-rate * years) * (1.0 - strike);
                    pairs += 1;
                    // NaN must not be lost
                    worst = if error.abs() <= worst { worst } else { error.abs() };
                }
            }
        }
    }
    let what = format!(
        "Call less put against forward less strike: largest error of {} pairs, shares of the forward",
        count(pairs)
    );
    vanishing(what, "An identity of every model without arbitrage", worst, PARITY)
}

/// What a finished run of the example's request must be: its digest, and the ledger identity at every mark.
pub fn recomputed(example: &Example, run: &Run) -> Section {
    let resolved = run.resolved();
    let steps: usize = run.units().iter().map(|unit| unit.steps.len()).sum();
    let what = format!("Digest of the example, recomputed: {} steps over {}", count(steps), resolved.dataset.title);
    let mut checks = vec![same(what, "The command line, when the example was made", &example.digest, run.digest())];
    checks.extend(run.units().iter().map(|unit| {
        let error = largest_error(&unit.steps, resolved.dataset.settlement, &resolved.request.account);
        let what = format!(
            "{}: equity less HODL against option flows, open value, fees and interest; largest relative error at {} marks",
            unit.name,
            count(unit.steps.len())
        );
        vanishing(what, "Two separate computations, from balances and from the ledger", error, IDENTITY)
    }));
    Section { title: EXAMPLE, checks }
}

/// The title of what is recomputed.
pub const EXAMPLE: &str = "The example, recomputed";
/// The title of the files.
pub const FILES: &str = "The data";

/// What the files of a dataset must be; `faults` are their sentences.
pub fn files(dataset: &Dataset, faults: &[String]) -> Check {
    let all = dataset.packs.len();
    let total = dataset.packs.iter().map(|pack| pack.bytes).sum();
    let words = |sound: usize| format!("{sound} of {all} {}", if all == 1 { "file" } else { "files" });
    let fault = faults.first().map(|fault| format!("; {fault}")).unwrap_or_default();
    let what = format!("{}: SHA-256 of every file, {}{fault}", dataset.title, bytes(total));
    same(what, "The catalog", &words(all), words(all - faults.len().min(all)))
}

/// A check that could not be made.
pub fn unmade(what: &str, reason: String) -> Check {
    same(what.into(), "", "an answer", reason)
}

/// How many of the checks pass, in words: `58 of 58 checks pass.`, else with the first that fails.
pub fn verdict(sections: &[Section]) -> (bool, String) {
    let all = || sections.iter().flat_map(|section| &section.checks);
    let (passed, total) = (all().filter(|check| check.passed).count(), all().count());
    let failed = all().find(|check| !check.passed).map(|check| format!(" First to fail: {}.", check.what));
    (passed == total, format!("{} of {} checks pass.{}", count(passed), count(total), failed.unwrap_or_default()))
}

/// At most twelve significant digits, and all of them where more were printed: the difference beside it is of all.
fn figure(value: f64, printed: &str) -> String {
    let is_long = printed.bytes().filter(u8::is_ascii_digit).count() > 12;
    let text = if is_long { value.to_string() } else { super::format::plain(value) };
    text.replace('-', "\u{2212}")
}

/// A difference or its limit: two digits where it is small.
fn small(value: f64) -> String {
    match value {
        0.0 => "0".into(),
        1e-4.. => super::format::plain(json::number(&format!("{value:.2e}")).unwrap_or(value)),
        _ => {
            let text = format!("{value:.1e}").replace(".0e", "e");
            text.replace('-', "\u{2212}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_figure_comes_out() {
        let sections = without_data();
        for check in sections.iter().flat_map(|section| &section.checks) {
            println!("{check:?}");
            assert!(check.passed, "{check:?}");
            assert!(!check.what.is_empty() && !check.source.is_empty());
        }
        let (all, words) = verdict(&sections);
        assert!(all && words.ends_with(" checks pass."), "{words}");
    }

    #[test]
    fn what_is_wrong_fails() {
        let base = PRICES[0];
        assert!(published_check(&base).passed);
        assert!(!published_check(&Published { expected: Some(4.75), ..base }).passed);
        assert!(!published_check(&Published { found: || Some(f64::NAN), ..base }).passed);
        assert!(!published_check(&Published { found: || None, ..base }).passed);
        assert!(!published_check(&Published { expected: None, ..base }).passed);
        assert!(!vanishing(String::new(), "", f64::NAN, 1.0).passed);
        assert!(!same(String::new(), "", "a", "b".into()).passed);
        let section = Section { title: "", checks: vec![same("a row".into(), "", "a", "b".into())] };
        assert_eq!(verdict(&[section]), (false, "0 of 1 checks pass. First to fail: a row.".into()));
    }

    #[test]
    fn figures_read_as_they_were_printed() {
        assert_eq!(
            [figure(4.76, "4.76"), figure(-31.1924, ""), figure(0.0000125, ""), figure(0.0, "")].join(" "),
            "4.76 −31.1924 0.0000125 0"
        );
        assert_eq!(figure(13.589_108_116_054_8, "13.589108116054803"), "13.5891081160548");
        assert_eq!([small(1e-12), small(0.005), small(3.4e-9), small(0.0)].join(" "), "1e−12 0.005 3.4e−9 0");
    }
}
