//! `price`: JSON lines of options in, JSON lines of prices and greeks, or of implied volatilities, out.

use super::Failure;
use crate::pricing::{OptionKind, discounted, implied_vol};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};

/// Price JSON lines from stdin: {kind, forward, strike, years, vol[, rate]} or {.., price} instead of vol.
#[derive(clap::Args)]
pub(super) struct Price {}

/// One line; either `vol` or `price`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    kind: OptionKind,
    forward: f64,
    strike: f64,
    years: f64,
    vol: Option<f64>,
    price: Option<f64>,
    #[serde(default)]
    rate: f64,
}

/// The answer to a line.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Answer {
    /// USD a coin; delta is N(d1) without the discount, the others carry it.
    Price { price: f64, delta: f64, gamma: f64, vega: f64, theta: f64 },
    /// `None` where no volatility gives the price.
    Iv { iv: Option<f64> },
}

impl Price {
    pub(super) fn run(self) -> Result<(), Failure> {
        let failed = |e: std::io::Error| Failure::Failed(e.into());
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut has_bad_line = false;
        for (i, line) in std::io::stdin().lock().lines().enumerate() {
            let line = line.map_err(failed)?;
            if line.trim().is_empty() {
                continue;
            }
            match answer(&line) {
                Ok(answer) => {
                    let text = serde_json::to_string(&answer).map_err(anyhow::Error::from)?;
                    writeln!(out, "{text}").map_err(failed)?;
                }
                Err(message) => {
                    has_bad_line = true;
                    eprintln!("line {}: {message}", i + 1);
                }
            }
        }
        out.flush().map_err(failed)?;
        if has_bad_line { Err(Failure::BadLines) } else { Ok(()) }
    }
}

fn answer(line: &str) -> Result<Answer, String> {
    let q: Question = crate::json::read(line.as_bytes()).map_err(|e| e.to_string())?;
    for (name, value) in [("forward", q.forward), ("strike", q.strike)] {
        if value <= 0.0 {
            return Err(format!("{name}: found {value}, expected a positive number"));
        }
    }
    if q.years < 0.0 {
        return Err(format!("years: found {}, expected a number of 0 or more", q.years));
    }
    let discount = libm::exp(-(q.rate * q.years));
    match (q.vol, q.price) {
        (Some(vol), None) if vol < 0.0 => Err(format!("vol: found {vol}, expected a number of 0 or more")),
        (Some(vol), None) => {
            let g = discounted(q.kind, q.forward, q.strike, q.years, vol, q.rate);
            Ok(Answer::Price {
                price: g.price,
                delta: g.delta / discount,
                gamma: g.gamma,
                vega: g.vega,
                theta: g.theta,
            })
        }
        (None, Some(price)) => {
            Ok(Answer::Iv { iv: implied_vol(q.kind, q.forward, q.strike, q.years, price / discount) })
        }
        _ => Err("found both or neither of vol and price, expected one".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_answered_or_refused_by_name() {
        let line = r#"{"kind":"call","forward":100,"strike":100,"years":1,"vol":0.2,"rate":0.05}"#;
        let Ok(Answer::Price { price, delta, .. }) = answer(line) else { panic!("no price") };
        let back = format!(r#"{{"kind":"call","forward":100,"strike":100,"years":1,"price":{price},"rate":0.05}}"#);
        let Ok(Answer::Iv { iv: Some(iv) }) = answer(&back) else { panic!("no volatility") };
        assert!((iv - 0.2).abs() < 1e-12 && (delta - 0.539_827_837).abs() < 1e-8, "{iv} {delta}");
        let none = r#"{"kind":"put","forward":100,"strike":120,"years":1,"price":10}"#;
        assert_eq!(answer(none), Ok(Answer::Iv { iv: None }));
        for (bad, expected) in [
            (r#"{"kind":"call","forward":100,"strike":100,"years":1}"#, "found both or neither of vol and price"),
            (r#"{"kind":"call","forward":0,"strike":100,"years":1,"vol":1}"#, "forward: found 0, expected a positive"),
            (r#"{"kind":"call","forward":1,"strike":100,"years":1,"sigma":1}"#, "sigma"),
        ] {
            let message = answer(bad).expect_err(bad);
            assert!(message.contains(expected), "{message}");
        }
    }
}
