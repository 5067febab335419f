//! From what somebody wrote to a request that can run: dataset chosen, its defaults merged, every field checked.

use super::loan;
use super::request::{RunRequest, Timeframe};
use crate::market::catalog::{Catalog, DataKind, Dataset, ExerciseStyle};
use crate::market::model::VOL_FACTORS;
use crate::sort;
use crate::strategy::{Cover, ExitStyle, Structure, Variant};
use crate::units::Day;
use serde_json::Value;

/// A change of the request that would mend it, for a button.
#[derive(Clone, Debug, PartialEq)]
pub enum Remedy {
    /// Set the start date.
    SetStart(Day),
    /// Set the end date.
    SetEnd(Day),
}

/// Why a request is refused: the field, and one sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct RequestError {
    /// Path of the field, `variants[0].min_dte`; empty where the whole text is meant.
    pub field: String,
    /// One sentence with what was found and what would be right.
    pub message: String,
    /// A change that would mend it.
    pub remedy: Option<Remedy>,
}

impl RequestError {
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> RequestError {
        RequestError { field: field.into(), message: message.into(), remedy: None }
    }
    /// `field: message`, the field named in front.
    pub(super) fn named(field: impl Into<String>, message: impl std::fmt::Display) -> RequestError {
        let field = field.into();
        let message = format!("{field}: {message}");
        RequestError { field, message, remedy: None }
    }
}

/// A request that can run, with the dataset it runs on.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// All fields; `dataset` and `decision_offset_hours` are filled in.
    pub request: RunRequest,
    /// The catalog entry.
    pub dataset: Dataset,
    /// What the person should know, one sentence each.
    pub warnings: Vec<String>,
}

/// Reads a request of JSON text against a catalog.
///
/// # Errors
/// One sentence that names the field, what was found and what would be right.
pub fn resolve(text: &str, catalog: &Catalog) -> Result<Resolved, RequestError> {
    let written: Value = serde_json::from_slice(text.as_bytes())
        .map_err(|e| RequestError::new("", format!("the request is not JSON: {e}")))?;
    if !written.is_object() {
        return Err(RequestError::new("", "the request is not a JSON object"));
    }
    let first_reading = read(&written)?;
    let dataset = choose_dataset(&first_reading, &written, catalog)?;
    let merged = merge_defaults(&written, dataset);
    let mut request = read(&merged)?;
    request.dataset = Some(dataset.id.clone());
    request.underlying = dataset.underlying.clone();
    check_dates(&request, dataset)?;
    check_grid(&request)?;
    check_account(&request)?;
    loan::check_loan(&request.account)?;
    for (i, variant) in request.variants.iter().enumerate() {
        check_variant(&format!("variants[{i}]"), variant, dataset)?;
        check_size(&format!("variants[{i}].size"), variant, request.account.coins)?;
        loan::check_hedge(&format!("variants[{i}].hedge"), variant, request.account.coins)?;
    }
    check_names(&request)?;
    request.decision_offset_hours = Some(request.offset_hours());
    let warnings = warnings(&request, &written, dataset);
    let dataset = with_vol_factor(dataset, request.vol_factor)?;
    Ok(Resolved { request, dataset, warnings })
}

/// The dataset whose model has the request's factor on its volatility.
fn with_vol_factor(dataset: &Dataset, factor: Option<f64>) -> Result<Dataset, RequestError> {
    let mut dataset = dataset.clone();
    let Some(factor) = factor else { return Ok(dataset) };
    let (least, most) = VOL_FACTORS;
    if !(factor > least && factor <= most) {
        let text = format!("{factor} is not above {least} and at most {most}");
        return Err(RequestError::named("vol_factor", text));
    }
    let Some(model) = &mut dataset.model else {
        let text =
            format!("{} is {}; only a modelled or synthetic dataset takes a factor", dataset.id, dataset.kind.word());
        return Err(RequestError::named("vol_factor", text));
    };
    model.vol_factor = factor;
    Ok(dataset)
}

fn read(value: &Value) -> Result<RunRequest, RequestError> {
    let text = value.to_string();
    crate::json::read(text.as_bytes()).map_err(|e| RequestError { message: e.to_string(), field: e.path, remedy: None })
}

/// The dataset that a request would run on; `None` where it cannot be read, or names none that is there.
pub fn dataset_for<'a>(written: &Value, catalog: &'a Catalog) -> Option<&'a Dataset> {
    let request = read(written).ok()?;
    choose_dataset(&request, written, catalog).ok()
}

/// The dataset that is named, else the best of the underlying that covers the dates.
fn choose_dataset<'a>(
    request: &RunRequest,
    written: &Value,
    catalog: &'a Catalog,
) -> Result<&'a Dataset, RequestError> {
    if let Some(id) = &request.dataset {
        let known = || catalog.datasets.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
        let dataset = catalog.dataset(id).ok_or_else(|| {
            RequestError::named("dataset", format!("{id:?} is not in the catalog; it has {}", known()))
        })?;
        if written.get("underlying").is_some() && request.underlying != dataset.underlying {
            let text =
                format!("{:?} is not the underlying of {id}, which is {:?}", request.underlying, dataset.underlying);
            return Err(RequestError::named("underlying", text));
        }
        return Ok(dataset);
    }
    let of = |datasets: &'a [Dataset]| -> Vec<&'a Dataset> {
        datasets.iter().filter(|d| d.underlying == request.underlying).collect()
    };
    let mut of_underlying = of(catalog.shipped());
    if of_underlying.is_empty() {
        of_underlying = of(catalog.own());
    }
    if of_underlying.is_empty() {
        let text = format!("there is no dataset of {:?}", request.underlying);
        return Err(RequestError::named("underlying", text));
    }
    if request.start > request.end {
        return Err(RequestError::new("start", "start date must be before end date"));
    }
    sort::by(&mut of_underlying, |a, b| (a.kind, a.cadence_minutes).cmp(&(b.kind, b.cadence_minutes)));
    // Where one date is written, the other is the dataset's own; a request without dates is for the printed ones.
    let is_dated = written.get("start").is_some() || written.get("end").is_some();
    let date = |d: &Dataset, path: &str, of_request: Day| {
        let own = d.defaults.get(path).and_then(Value::as_str).and_then(Day::parse);
        own.filter(|_| is_dated && written.get(path).is_none()).unwrap_or(of_request)
    };
    let span = |d: &Dataset| (date(d, "start", request.start), date(d, "end", request.end));
    let covers = |d: &&&Dataset| d.first <= span(d).0 && span(d).0 <= span(d).1 && span(d).1 <= d.last;
    if let Some(dataset) = of_underlying.iter().find(covers) {
        return Ok(dataset);
    }
    let outside = |d: &&&Dataset| {
        let (start, end) = span(d);
        // A dataset of one instant is for those who name it or its day.
        (end < start, d.first == d.last, (d.first.0 - start.0).max(0) + (end.0 - d.last.0).max(0))
    };
    let nearest = of_underlying.iter().min_by_key(outside);
    nearest.copied().ok_or_else(|| RequestError::named("underlying", "no dataset"))
}

/// The dataset's own defaults beneath what was written; a variant's defaults beneath every written variant.
fn merge_defaults(written: &Value, dataset: &Dataset) -> Value {
    let mut merged = dataset.defaults.clone();
    if !merged.is_object() {
        merged = Value::Object(serde_json::Map::new());
    }
    let fees = serde_json::to_value(dataset.fees).unwrap_or(Value::Null);
    if merged.pointer("/costs/fees").is_none() {
        overlay(&mut merged, &serde_json::json!({ "costs": { "fees": fees } }));
    }
    let variant_defaults = merged.pointer("/variants/0").cloned();
    overlay(&mut merged, written);
    if let (Some(defaults), Some(Value::Array(variants))) = (variant_defaults, written.get("variants")) {
        let under = |v: &Value| {
            let mut whole = defaults.clone();
            overlay(&mut whole, v);
            whole
        };
        merged["variants"] = Value::Array(variants.iter().map(under).collect());
    }
    merged
}

fn overlay(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                match below.get_mut(key) {
                    Some(slot) => overlay(slot, value),
                    None => {
                        below.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (below, above) => *below = above.clone(),
    }
}

fn check_dates(request: &RunRequest, dataset: &Dataset) -> Result<(), RequestError> {
    if request.schema != 1 {
        return Err(RequestError::named(
            "schema",
            format!("{} is not a version that is read here; write 1", request.schema),
        ));
    }
    if request.start > request.end {
        return Err(RequestError::new("start", "start date must be before end date"));
    }
    let outside = |field: &str, bound: Day, side: &str, verb: &str, remedy: Remedy| RequestError {
        field: field.into(),
        message: format!("Data not available {side} {bound}. Set the {field} date to {bound} or {verb}."),
        remedy: Some(remedy),
    };
    for (field, day) in [("start", request.start), ("end", request.end)] {
        let remedy = |day| {
            if field == "start" { Remedy::SetStart(day) } else { Remedy::SetEnd(day) }
        };
        if day < dataset.first {
            return Err(outside(field, dataset.first, "before", "later", remedy(dataset.first)));
        }
        if day > dataset.last {
            return Err(outside(field, dataset.last, "after", "earlier", remedy(dataset.last)));
        }
    }
    Ok(())
}

fn check_grid(request: &RunRequest) -> Result<(), RequestError> {
    let interval = request.decision_interval_hours;
    let frame = request.timeframe;
    if interval <= 0 {
        return Err(RequestError::named("decision_interval_hours", format!("{interval} is not positive")));
    }
    if interval > 24 * 366 {
        return Err(RequestError::named("decision_interval_hours", format!("{interval} is more than a year (8784)")));
    }
    if interval % frame.hours() != 0 {
        let text = format!("decision interval {interval} h is not a multiple of the timeframe {}", frame.label());
        return Err(RequestError::new("decision_interval_hours", text));
    }
    let offset = request.offset_hours();
    let latest = interval.max(24) - 1;
    if !(0..=latest).contains(&offset) {
        let text = format!("{offset} is not between 0 and {latest}");
        return Err(RequestError::named("decision_offset_hours", text));
    }
    if frame != Timeframe::Day && offset % frame.hours() != 0 {
        let text = format!("decision offset {offset} h is not a multiple of the timeframe {}", frame.label());
        return Err(RequestError::new("decision_offset_hours", text));
    }
    Ok(())
}

pub(super) fn at_least(field: String, value: f64, least: f64) -> Result<(), RequestError> {
    if value.is_finite() && value >= least {
        return Ok(());
    }
    Err(RequestError::named(field, format!("{value} is not a number of at least {least}")))
}

pub(super) fn positive(field: String, value: f64) -> Result<(), RequestError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(RequestError::named(field, format!("{value} is not positive")))
}

fn check_account(request: &RunRequest) -> Result<(), RequestError> {
    at_least("account.coins".into(), request.account.coins, 0.0)?;
    at_least("account.cash_usd".into(), request.account.cash_usd, 0.0)?;
    at_least("costs.slippage_ticks".into(), request.costs.slippage_ticks, 0.0)?;
    at_least("costs.slippage_bps".into(), request.costs.slippage_bps, 0.0)?;
    if let crate::market::catalog::FeePreset::Custom { bps } = request.costs.fees {
        at_least("costs.fees.bps".into(), bps, 0.0)?;
    }
    if request.variants.is_empty() {
        return Err(RequestError::named("variants", "there is none; write at least one"));
    }
    if request.variants.len() > 500 {
        return Err(RequestError::named("variants", format!("{} are more than 500", request.variants.len())));
    }
    if request.account.coins == 0.0 && request.account.cash_usd == 0.0 {
        return Err(RequestError::named("account", "coins and cash_usd are both 0; deposit something"));
    }
    Ok(())
}

fn range(at: &str, low: (&str, f64), high: (&str, f64), most: f64) -> Result<(), RequestError> {
    at_least(format!("{at}.{}", low.0), low.1, 0.0)?;
    at_least(format!("{at}.{}", high.0), high.1, 0.0)?;
    if high.1 > most {
        return Err(RequestError::named(format!("{at}.{}", high.0), format!("{} is above {most}", high.1)));
    }
    if low.1 > high.1 {
        let text = format!("{} is above {} {}", low.1, high.0, high.1);
        return Err(RequestError::named(format!("{at}.{}", low.0), text));
    }
    Ok(())
}

fn check_variant(at: &str, v: &Variant, dataset: &Dataset) -> Result<(), RequestError> {
    if v.name.trim().is_empty() || v.name.len() > 80 {
        return Err(RequestError::named(format!("{at}.name"), "write a name of 1 to 80 characters"));
    }
    range(at, ("min_delta", v.min_delta), ("max_delta", v.max_delta), 1.0)?;
    range(at, ("min_dte", v.min_dte), ("max_dte", v.max_dte), 3660.0)?;
    range(at, ("target_delta", v.target_delta), ("target_delta", v.target_delta), 1.0)?;
    at_least(format!("{at}.target_dte"), v.target_dte, 0.0)?;
    range(at, ("min_score", v.min_score), ("min_score", v.min_score), 10.0)?;
    if let Some((name, found, right)) = v.weights.weights().fault() {
        return Err(RequestError::named(format!("{at}.weights.{name}"), format!("{found} is not {right}")));
    }
    at_least(format!("{at}.min_open_interest"), v.min_open_interest, 0.0)?;
    if v.min_open_interest > 0.0 && dataset.kind != DataKind::Recorded {
        return Err(RequestError::named(
            format!("{at}.min_open_interest"),
            format!("{} keeps no open interest; set it to 0 or choose a recorded dataset", dataset.id),
        ));
    }
    let optional = [
        ("max_spread", v.max_spread),
        ("min_premium", v.min_premium),
        ("size", v.size),
        ("exit.take_profit", v.exit.take_profit),
        ("exit.stop_loss", v.exit.stop_loss),
        ("exit.defend", v.exit.defend),
        ("exit.max_hold_days", v.exit.max_hold_days),
    ];
    for (field, value) in optional {
        value.map_or(Ok(()), |x| positive(format!("{at}.{field}"), x))?;
    }
    v.exit.dte_exit.map_or(Ok(()), |x| at_least(format!("{at}.exit.dte_exit"), x, 0.0))?;
    at_least(format!("{at}.exit.min_dte_to_roll"), v.exit.min_dte_to_roll, 0.0)?;
    if let Some(share) = v.exit.take_profit.filter(|x| *x > 1.0) {
        let text = format!("{share} is above 1; it is a share of the premium");
        return Err(RequestError::named(format!("{at}.exit.take_profit"), text));
    }
    if v.max_open == Some(0) {
        return Err(RequestError::named(format!("{at}.max_open"), "0 is not positive; write null for no limit"));
    }
    if v.max_open.is_none() && v.cover == Cover::Deposited {
        let text = "no limit needs cover \"none\"; write a number or declare the structure uncovered";
        return Err(RequestError::named(format!("{at}.max_open"), text));
    }
    if let Some(days) = &v.entry.weekdays
        && (days.is_empty() || days.iter().any(|d| !(1..=7).contains(d)))
    {
        return Err(RequestError::named(format!("{at}.entry.weekdays"), "write days from 1 (Monday) to 7 (Sunday)"));
    }
    if let Some(x) = v.entry.min_iv_percentile
        && !(0.0..=1.0).contains(&x)
    {
        return Err(RequestError::named(
            format!("{at}.entry.min_iv_percentile"),
            format!("{x} is not between 0 and 1"),
        ));
    }
    v.entry.min_iv_rv.map_or(Ok(()), |x| at_least(format!("{at}.entry.min_iv_rv"), x, 0.0))
}

fn check_size(at: &str, variant: &Variant, coins: f64) -> Result<(), RequestError> {
    let covered_call = variant.cover == Cover::Deposited && variant.structure == Structure::CoveredCall;
    match variant.size {
        Some(size) if covered_call && size > coins => {
            let text = format!("{size} is more than the {coins} that is deposited to cover it");
            Err(RequestError::named(at, text))
        }
        _ => Ok(()),
    }
}

fn check_names(request: &RunRequest) -> Result<(), RequestError> {
    for (i, v) in request.variants.iter().enumerate() {
        if request.variants[..i].iter().any(|other| other.name == v.name) {
            let text = format!("{:?} is the name of another variant; names are unique", v.name);
            return Err(RequestError::named(format!("variants[{i}].name"), text));
        }
    }
    Ok(())
}

fn warnings(request: &RunRequest, written: &Value, dataset: &Dataset) -> Vec<String> {
    let mut warnings = Vec::new();
    for (i, v) in request.variants.iter().enumerate() {
        let writes_rule =
            |rules: &Value| rules.as_object().is_some_and(|o| o.iter().any(|(k, v)| k != "style" && !v.is_null()));
        let wrote = written.pointer(&format!("/variants/{i}/exit")).is_some_and(writes_rule);
        if wrote && request.style_of(v) == ExitStyle::HoldToExpiry {
            warnings.push(format!("{}: hold_to_expiry ignores the exit rules that are written for it", v.name));
        }
        for (what, target, least, most) in
            [("delta", v.target_delta, v.min_delta, v.max_delta), ("dte", v.target_dte, v.min_dte, v.max_dte)]
        {
            if !(least..=most).contains(&target) {
                warnings.push(format!(
                    "{}: target_{what} {target} is not between min_{what} {least} and max_{what} {most}",
                    v.name
                ));
            }
        }
        if v.cover == Cover::None {
            warnings.push(format!("{}: uncovered; margin is the venue's standard margin before August 2026", v.name));
        }
        if v.structure == Structure::CashSecuredPut && v.cover == Cover::Deposited && request.account.cash_usd == 0.0 {
            warnings.push(format!("{}: no cash is deposited, so no put can be secured", v.name));
        }
    }
    if dataset.exercise == ExerciseStyle::American {
        warnings.push(format!("{}: American options are treated as European", dataset.id));
    }
    warnings
}
