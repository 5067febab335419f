//! A run as one JSON value, and the comparison of a hand-written part of it.

use chainwalk::engine::{Fill, LoanMark, Settled, Step};
use chainwalk::run::Run;
use chainwalk::strategy::Refusal;
use serde_json::{Map, Value, json};

/// The command line's output, with the steps of each variant by time.
pub fn view(run: &Run) -> Value {
    let mut view = serde_json::to_value(run.output()).expect("output is JSON");
    for (i, unit) in run.units().iter().enumerate() {
        let underlying = &run.resolved().dataset.underlying;
        let steps = unit.steps.iter().map(|s| (s.time.iso(), step(s, underlying)));
        view["variants"][i]["steps"] = Value::Object(steps.collect());
        view["variants"][i]["marks"] = json!(unit.steps.len());
    }
    view
}

fn step(step: &Step, underlying: &str) -> Value {
    let refused = |counts: [u32; 9]| -> Map<String, Value> {
        let word =
            |refusal: Refusal| serde_json::to_value(refusal).expect("a word").as_str().expect("a word").to_owned();
        Refusal::ALL.iter().zip(counts).filter(|(_, n)| *n > 0).map(|(r, n)| (word(*r), json!(n))).collect()
    };
    json!({
        "snapshot": step.snapshot_time.iso(), "gap": step.gap, "decision": step.decision,
        "candidates": step.scan.map(|s| s.candidates), "refused": step.scan.map(|s| refused(s.refused)),
        "best_score": step.best_score, "contract": step.contract.map(|c| c.name(underlying)),
        "traded": step.traded, "reason": step.reason.map(|r| r.title()), "notes": step.notes,
        "fills": step.fills.iter().map(|f| fill(f, underlying)).collect::<Vec<_>>(),
        "settled": step.settlements.iter().map(|s| settled(s, underlying)).collect::<Vec<_>>(),
        "coins": step.coins.0, "cash": step.cash.0, "margin": step.margin,
        "option_value_coin": step.option_value.coin.0, "option_value_usd": step.option_value.usd.0,
        "equity_coin": step.equity.coin.0, "equity_usd": step.equity.usd.0, "hodl_usd": step.hodl.usd.0,
        "loan": step.loan.as_deref().map(loan),
    })
}

fn loan(loan: &LoanMark) -> Value {
    json!({
        "debt": loan.debt.0, "units": loan.units.0, "high": loan.high, "low": loan.low,
        "hedged": [loan.hedged.close, loan.hedged.worst], "unhedged": [loan.unhedged.close, loan.unhedged.worst],
    })
}

fn fill(fill: &Fill, underlying: &str) -> Value {
    json!({
        "way": if fill.quantity < 0.0 { "sell" } else { "buy" }, "size": fill.quantity.abs(),
        "contract": fill.contract.name(underlying), "price": fill.price, "fee": fill.fee, "trigger": fill.trigger,
        "age_minutes": fill.age_ms as f64 / 60_000.0,
    })
}

fn settled(settled: &Settled, underlying: &str) -> Value {
    json!({
        "contract": settled.contract.name(underlying), "quantity": settled.quantity, "delivery": settled.delivery,
        "value": settled.value, "fee": settled.fee,
    })
}

/// Where `actual` differs from what is written: every written key, lists of equal length, numbers to 1e-12
/// (relative above 1), `{"about": x, "within": y}` to `y`.
pub fn differences(written: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (written, actual) {
        (Value::Object(about), _) if about.contains_key("about") => {
            let (about, within) = (about["about"].as_f64().expect("about"), about["within"].as_f64().expect("within"));
            if actual.as_f64().is_none_or(|x| (x - about).abs() > within) {
                found.push(format!("{path}: {actual} is not within {within} of {about}"));
            }
        }
        (Value::Object(fields), _) => {
            for (key, value) in fields {
                differences(value, actual.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), found);
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (i, (item, other)) in items.iter().zip(others).enumerate() {
                differences(item, other, &format!("{path}[{i}]"), found);
            }
        }
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().expect("a double"), y.as_f64().expect("a double"));
            if (x - y).abs() > 1e-12 * x.abs().max(1.0) {
                found.push(format!("{path}: {y}, by hand {x}"));
            }
        }
        _ if written == actual => {}
        _ => found.push(format!("{path}: {actual}, by hand {written}")),
    }
}
