//! The example that the page shows first: a result that the command line wrote, small enough to ship.

use super::output::RunOutput;
use super::{Run, Unit};
use crate::market::Regime;
use crate::metrics::Summary;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Points of the curves an example keeps at the most.
const MOST_POINTS: usize = 800;

/// A finished run of one request, as it ships in `assets/example.json`.
///
/// `request` is what was written, so that anybody can run it again and compare the digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What was written of the request.
    pub request: Value,
    /// Digest of the run.
    pub digest: String,
    /// Engine that made it.
    pub engine_version: String,
    /// The market's regimes: from which mark on, ms UTC, and which; none in the file of an earlier build.
    #[serde(default)]
    pub regimes: Vec<(i64, Regime)>,
    /// Its variants.
    pub variants: Vec<ExampleVariant>,
}

/// One variant of an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleVariant {
    /// Its name.
    pub name: String,
    /// Its figures, by the names of the glossary.
    pub metrics: Value,
    /// Its trades, as `run` writes them.
    pub trades: Value,
    /// Thinned curves: time ms, index USD, equity coin, equity USD, HODL coin, HODL USD.
    pub curve: Vec<[f64; 6]>,
}

impl Example {
    /// The example of a finished run; `request` is what was written.
    pub fn of(run: &Run, request: Value) -> Example {
        let output = run.output();
        let variant = |(unit, out): (&Unit, &super::output::VariantOutput)| ExampleVariant {
            name: unit.name.clone(),
            metrics: to_value::<Summary>(&out.metrics),
            trades: to_value(&out.trades),
            curve: curve(unit),
        };
        let RunOutput { digest, engine_version, .. } = &output;
        Example {
            request,
            digest: digest.clone(),
            engine_version: engine_version.clone(),
            regimes: regimes(run),
            variants: run.units().iter().zip(&output.variants).map(variant).collect(),
        }
    }
}

fn to_value<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The marks at which a regime begins.
fn regimes(run: &Run) -> Vec<(i64, Regime)> {
    let steps = run.units().first().map_or(&[][..], |unit| &unit.steps);
    let known = steps.iter().filter_map(|step| Some((step.time.0, run.history().at(step.time).regime?)));
    let mut all: Vec<(i64, Regime)> = known.collect();
    all.dedup_by_key(|(_, regime)| *regime);
    all
}

/// Every n-th mark and the last.
fn curve(unit: &Unit) -> Vec<[f64; 6]> {
    let every = unit.steps.len().div_ceil(MOST_POINTS).max(1);
    let last = unit.steps.len().saturating_sub(1);
    let kept = unit.steps.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == last);
    let rounded = |x: f64, digits: f64| (x * digits).round() / digits;
    kept.map(|(_, s)| {
        [
            s.time.0 as f64,
            s.index,
            rounded(s.equity.coin.0, 1e8),
            rounded(s.equity.usd.0, 100.0),
            rounded(s.hodl.coin.0, 1e8),
            rounded(s.hodl.usd.0, 100.0),
        ]
    })
    .collect()
}
