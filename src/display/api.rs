//! The values of the page's JSON API: what a script is given of runs, records and datasets.
//!
//! Times are ISO UTC; shares and percentages are fractions; money without a suffix is USD, `_coin` is coin; absent is `null`.
//! `assets/chainwalk.d.ts` says the same to TypeScript.

use super::rows;
use crate::engine::Step;
use crate::json;
use crate::market::{Catalog, Dataset, Settlement};
use crate::metrics::Trade;
use crate::run::{Run, RunState, Unit, UnitState};
use crate::store::{BundleError, Kept, StoreError, UnitRecord};
use crate::units::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// Steps that `status` gives at the most.
const RECENT_STEPS: usize = 100;
/// Runs that `runs` gives where no limit is asked for.
const LIMIT: usize = 50;

/// A method of `window.chainwalk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Begins a run.
    Start,
    /// Where the run on screen stands.
    Status,
    /// Holds it.
    Pause,
    /// Lets it go on.
    Resume,
    /// Makes one mark of a paused run.
    Step,
    /// Ends it.
    Stop,
    /// Kept runs.
    Runs,
    /// One kept run.
    Run,
    /// A kept run as a file.
    Export,
    /// Keeps the run of a file.
    Import,
    /// Labels a kept run.
    Label,
    /// Deletes a kept run.
    Delete,
    /// The catalog.
    Datasets,
    /// What works and what does not.
    Health,
}

impl Method {
    /// All methods.
    pub const ALL: [Method; 14] = [
        Method::Start,
        Method::Status,
        Method::Pause,
        Method::Resume,
        Method::Step,
        Method::Stop,
        Method::Runs,
        Method::Run,
        Method::Export,
        Method::Import,
        Method::Label,
        Method::Delete,
        Method::Datasets,
        Method::Health,
    ];

    /// How it is called, and what its promise gives.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Method::Start => (
                "start(request)",
                "Begins a run, sets the form to it, and gives {run_id}. Only what differs from the defaults need be written.",
            ),
            Method::Status => {
                ("status()", "Where the run on screen stands: state, progress, figures, newest steps, positions.")
            }
            Method::Pause => ("pause()", "Holds the run. A command without effect says why in message."),
            Method::Resume => ("resume()", "Lets a paused run go on."),
            Method::Step => ("step()", "Makes one mark of a paused run, and waits for its data."),
            Method::Stop => ("stop()", "Ends the run; what there is of it stays."),
            Method::Runs => {
                ("runs({underlying, state, search, limit, offset})", "Kept runs, newest first: {total, items}.")
            }
            Method::Run => ("run(id)", "One kept run with its request, and the figures and trades of each variant."),
            Method::Export => (
                "export(id, format)",
                "A kept run as \"json\" (a text that import reads), \"csv\" (the texts of steps, trades, equity) or \"zip\" (bytes).",
            ),
            Method::Import => (
                "import(file)",
                "Checks the digest of an exported run and keeps it: {run_id}. Takes a File, its bytes or its text.",
            ),
            Method::Label => ("label(id, text)", "Labels a kept run; an empty text takes the label away."),
            Method::Delete => ("delete(id)", "Deletes a run; one that is under way is stopped first."),
            Method::Datasets => ("datasets()", "The datasets with their days, prices, quality and licence."),
            Method::Health => {
                ("health()", "Whether data and storage are there: {status, storage, locks, version, datasets}.")
            }
        }
    }

    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        self.words().0.split('(').next().unwrap_or_default()
    }
}

/// The codes of refused calls, with what each means.
pub const CODES: [(&str, &str); 5] = [
    ("already_running", "A run is under way, here or in another tab."),
    ("invalid_request", "An argument cannot be read, or the request cannot run."),
    ("not_found", "No such run is kept here."),
    ("storage", "The browser's storage failed."),
    ("data", "Data are missing, or a file is not what it says."),
];

/// Why a call is refused; one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// A run is under way, here or in another tab.
    #[error("{0}")]
    AlreadyRunning(String),
    /// What was asked cannot be read or cannot run.
    #[error("{0}")]
    InvalidRequest(String),
    /// There is no such run.
    #[error("{0}")]
    NotFound(String),
    /// The browser's storage failed.
    #[error("{0}")]
    Storage(String),
    /// Data are missing, or a file is not what it says.
    #[error("{0}")]
    Data(String),
}

impl ApiError {
    /// The word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ApiError::AlreadyRunning(_) => "already_running",
            ApiError::InvalidRequest(_) => "invalid_request",
            ApiError::NotFound(_) => "not_found",
            ApiError::Storage(_) => "storage",
            ApiError::Data(_) => "data",
        }
    }

    /// What the promise rejects with: `{error, code}`.
    pub fn to_value(&self) -> Value {
        json!({ "error": self.to_string(), "code": self.code() })
    }

    /// A text argument that is none.
    pub fn not_text(name: &str) -> ApiError {
        ApiError::InvalidRequest(format!("{name}: expected a text"))
    }
}

impl From<StoreError> for ApiError {
    fn from(fault: StoreError) -> ApiError {
        match fault {
            StoreError::NotFound(_) => ApiError::NotFound(fault.to_string()),
            _ => ApiError::Storage(fault.to_string()),
        }
    }
}

impl From<BundleError> for ApiError {
    fn from(fault: BundleError) -> ApiError {
        match fault {
            BundleError::Store(fault) => fault.into(),
            _ => ApiError::Data(fault.to_string()),
        }
    }
}

/// Who the run on screen is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Its name in the storage.
    pub id: String,
    /// When it was begun, ms UTC of the clock on the wall.
    pub started_ms: i64,
    /// When it ended; `None` while it has not.
    pub finished_ms: Option<i64>,
}

/// What a unit shows of itself beside others: the first that is switched on.
fn leading(run: &Run) -> Option<&Unit> {
    run.units().iter().find(|unit| unit.state != UnitState::Skipped).or(run.units().first())
}

fn iso(ms: Option<i64>) -> Option<String> {
    ms.map(|ms| Timestamp(ms).iso())
}

fn word<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The value of `status()`.
///
/// `state` is the state on screen, which is `loading` while a running run waits for data. Metrics, steps, positions, equity
/// and HODL are those of the first variant that is switched on.
pub fn status(run: Option<&Run>, who: Option<&Who>, state: RunState) -> Value {
    let unit = run.and_then(leading);
    let last = unit.and_then(|unit| unit.steps.last());
    let request = run.map(|run| &run.resolved().request);
    let progress = run.map(Run::progress).unwrap_or_default();
    json!({
        "running": run.is_some() && !state.is_final() && state != RunState::Draft,
        "state": state,
        "run_id": who.map(|who| &who.id),
        "started_at": iso(who.map(|who| who.started_ms)),
        "finished_at": iso(who.and_then(|who| who.finished_ms)),
        "progress_pct": run.map_or(0.0, |_| progress.fraction()),
        "current_time": progress.time.map(Timestamp::iso),
        "decisions_processed": progress.decisions_done,
        "total_decisions": progress.decisions_total,
        "exit_style": request.map(|request| request.exit_style),
        "underlying": request.map(|request| &request.underlying),
        "start_date": request.map(|request| request.start),
        "end_date": request.map(|request| request.end),
        "metrics": run.zip(unit).and_then(|(run, unit)| unit.summary(run.is_cut_short())),
        "recent_steps": run.zip(unit).map(|(run, unit)| recent_steps(run, unit)).unwrap_or_default(),
        "positions": run.zip(unit).map(|(run, unit)| positions(run, unit)).unwrap_or_default(),
        "equity": last.map(|step| step.equity.usd),
        "hodl": last.map(|step| step.hodl.usd),
        "error": run.and_then(error),
        "units": run.map(|run| run.units().iter().map(unit_value).collect::<Vec<_>>()).unwrap_or_default(),
        "warnings": run.map(Run::warnings).unwrap_or_default(),
        "evidence": run.map(Run::evidence_line),
    })
}

/// Why variants failed, each reason once.
fn error(run: &Run) -> Option<String> {
    let mut reasons: Vec<&str> = Vec::new();
    for error in run.units().iter().filter_map(|unit| unit.error.as_ref()) {
        if !reasons.contains(&error.message.as_str()) {
            reasons.push(&error.message);
        }
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

fn unit_value(unit: &Unit) -> Value {
    json!({
        "variant": unit.name,
        "state": unit.state,
        "date": unit.steps.last().map(|step| step.time.iso()),
        "error": unit.error.as_ref().map(|error| &error.message),
    })
}

/// The newest decisions and marks with an event, newest first.
fn recent_steps(run: &Run, unit: &Unit) -> Vec<Value> {
    let underlying = &run.resolved().dataset.underlying;
    let step = |step: &Step| {
        let event = step.fills.last().map(|f| f.contract).or(step.settlements.last().map(|s| s.contract));
        let reason = rows::reason(step);
        json!({
            "time": step.time.iso(),
            "candidates": step.scan.map(|scan| scan.candidates),
            "best_score": step.best_score,
            "traded": step.decision.then_some(step.traded),
            "exit_style": unit.style,
            "contract": event.or(step.contract).map(|contract| contract.name(underlying)),
            "reason": (!reason.is_empty()).then_some(reason),
        })
    };
    unit.steps.iter().rev().filter(|step| rows::is_shown(step)).take(RECENT_STEPS).map(step).collect()
}

/// Open legs, in opening order.
fn positions(run: &Run, unit: &Unit) -> Vec<Value> {
    let dataset = &run.resolved().dataset;
    let usd = match (dataset.settlement, unit.steps.last()) {
        (Settlement::Inverse, Some(step)) => step.index,
        _ => 1.0,
    };
    let position = |trade: &Trade| {
        let leg = trade.legs.last().filter(|leg| leg.closed.is_none())?;
        let mark = trade.open_mark.unwrap_or(leg.open_price);
        let quantity = leg.side.signed(leg.size);
        let gain = (mark - leg.open_price) * quantity;
        let paid = leg.open_price * leg.size;
        Some(json!({
            "contract": leg.contract.name(&dataset.underlying),
            "side": leg.side,
            "quantity": quantity,
            "entry_price": leg.open_price,
            "mark_price": mark,
            "unrealized_pnl": gain * usd,
            "unrealized_pnl_pct": (paid > 0.0).then(|| gain / paid),
        }))
    };
    unit.trades().iter().filter_map(position).collect()
}

/// Which kept runs are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Underlying; `None` = all.
    pub underlying: Option<String>,
    /// State; `None` = all.
    pub state: Option<RunState>,
    /// Part of label, name, dataset or a variant's name, in either case; empty = all.
    pub search: String,
    /// Most runs.
    pub limit: usize,
    /// Runs that are passed over.
    pub offset: usize,
}

impl Default for Query {
    fn default() -> Query {
        Query { underlying: None, state: None, search: String::new(), limit: LIMIT, offset: 0 }
    }
}

impl Query {
    /// Reads the argument of `runs`; `null` asks for all.
    ///
    /// # Errors
    /// The field that is unknown or cannot be read.
    pub fn of(value: &Value) -> Result<Query, ApiError> {
        let mut query = Query::default();
        let fields = match value {
            Value::Null => return Ok(query),
            Value::Object(fields) => fields,
            _ => return Err(ApiError::InvalidRequest("runs: expected an object".into())),
        };
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let text = || value.as_str().map(str::to_owned).ok_or_else(|| ApiError::not_text(name));
            let whole = || {
                let refused = || ApiError::InvalidRequest(format!("{name}: {value} is not a whole number from 0"));
                value.as_u64().map(|n| n as usize).ok_or_else(refused)
            };
            match name.as_str() {
                "underlying" => query.underlying = Some(text()?),
                "state" => query.state = Some(state_of(value)?),
                "search" => query.search = text()?.trim().to_lowercase(),
                "limit" => query.limit = whole()?,
                "offset" => query.offset = whole()?,
                _ => {
                    let known = "underlying, state, search, limit, offset";
                    return Err(ApiError::InvalidRequest(format!("{name}: unknown field, expected one of {known}")));
                }
            }
        }
        Ok(query)
    }

    fn takes(&self, kept: &Kept) -> bool {
        let run = &kept.run;
        let holds = |text: &str| text.to_lowercase().contains(&self.search);
        self.underlying.as_ref().is_none_or(|wanted| run.underlying.eq_ignore_ascii_case(wanted))
            && self.state.is_none_or(|wanted| run.state == wanted)
            && (holds(&kept.label)
                || holds(&run.id)
                || holds(&run.dataset)
                || run.variants.iter().any(|name| holds(name)))
    }
}

fn state_of(value: &Value) -> Result<RunState, ApiError> {
    json::of_value(value).map_err(|_| {
        let known: Vec<String> =
            RunState::ALL.iter().map(|s| word(s).as_str().unwrap_or_default().to_owned()).collect();
        ApiError::InvalidRequest(format!("state: {value} is not one of {}", known.join(", ")))
    })
}

/// The value of `runs()`; `kept` is newest first.
pub fn runs(kept: &[Kept], query: &Query) -> Value {
    let found: Vec<&Kept> = kept.iter().filter(|kept| query.takes(kept)).collect();
    let items: Vec<Value> = found.iter().skip(query.offset).take(query.limit).map(|kept| item(kept)).collect();
    json!({ "total": found.len(), "items": items })
}

fn text_or_null(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A variant's figures; `None` where it made no mark.
fn metrics<'a>(kept: &Kept, unit: &'a UnitRecord) -> Option<&'a Value> {
    (kept.run.marks_done > 0 && unit.state != UnitState::Skipped).then_some(&unit.metrics)
}

fn item(kept: &Kept) -> Value {
    let run = &kept.run;
    json!({
        "id": run.id,
        "label": text_or_null(&kept.label),
        "state": run.state,
        "underlying": run.underlying,
        "start": run.start,
        "end": run.end,
        "variants": run.variants,
        "created_at": iso(Some(run.created_ms)),
        "progress_pct": run.progress,
        "metrics": kept.units.iter().find(|unit| unit.state != UnitState::Skipped).and_then(|unit| metrics(kept, unit)),
        "digest": run.digest,
        "evidence": run.evidence,
    })
}

/// The value of `run(id)`; `trades` has each variant's, in request order.
pub fn run(kept: &Kept, trades: &[Value]) -> Value {
    let run = &kept.run;
    let unit = |(place, unit): (usize, &UnitRecord)| {
        json!({
            "variant": unit.name,
            "state": unit.state,
            "date": iso(unit.error_after),
            "error": unit.error,
            "exit_style": unit.style,
            "metrics": metrics(kept, unit),
            "trades": trades.get(place).cloned().unwrap_or_else(|| json!([])),
        })
    };
    let mut value = item(kept);
    value["finished_at"] = json!(iso(run.finished_ms));
    value["dataset"] = json!(run.dataset);
    value["exit_style"] = json!(run.exit_style);
    value["decisions_processed"] = json!(run.decisions_done);
    value["total_decisions"] = json!(run.decisions_total);
    value["fingerprint"] = json!(run.fingerprint);
    value["engine_version"] = json!(run.engine_version);
    value["warnings"] = json!(run.warnings);
    value["written"] = run.written.clone();
    value["request"] = run.request.clone();
    value["units"] = kept.units.iter().enumerate().map(unit).collect();
    value
}

/// The value of `datasets()`: the catalog without its files and series.
pub fn datasets(catalog: &Catalog) -> Value {
    let dataset = |d: &Dataset| {
        json!({
            "id": d.id,
            "title": d.title,
            "underlying": d.underlying,
            "venue": d.venue,
            "kind": d.kind,
            "settlement": d.settlement,
            "first": d.first,
            "last": d.last,
            "cadence_minutes": d.cadence_minutes,
            "contract_size": d.contract_size,
            "lot": d.lot,
            "quality": d.quality,
            "source": d.source,
            "licence": d.licence,
            "notes": d.notes,
            "bytes": d.packs.iter().map(|pack| pack.bytes).sum::<u64>(),
        })
    };
    catalog.datasets.iter().map(dataset).collect()
}
