//! The list of kept runs as plain values: rows, filter, search, order, and what is said about storage.

use super::evidence::badge;
use super::figures::Figures;
use super::format::{self, count, minute, percent};
use super::key_numbers::{Cell, absent};
use crate::metrics::EvidenceLine;
use crate::metrics::summary::figure;
use crate::run::UnitState;
use crate::sort;
use crate::store::{Freed, Kept, Retention, UnitRecord};
use crate::units::Timestamp;
use std::cmp::Ordering;

/// The word of a run that was under way when its page closed.
pub const INTERRUPTED: &str = "INTERRUPTED";
/// Digits of a digest that a row shows.
const DIGEST_HEAD: usize = 8;

/// What a run is called: its label, else its variants and dates.
pub fn name_of(kept: &Kept) -> String {
    let run = &kept.run;
    let variants = match run.variants.as_slice() {
        [one] => one.clone(),
        several => format!("{} variants", several.len()),
    };
    if kept.label.is_empty() {
        format!("{variants}, {}, {} to {}", run.underlying, run.start, run.end)
    } else {
        kept.label.clone()
    }
}

/// The word of a run's state; `active` is the name of the run that is under way in this page.
pub fn word_of(kept: &Kept, active: Option<&str>) -> &'static str {
    if kept.run.state.is_final() || active == Some(kept.run.id.as_str()) { kept.run.state.label() } else { INTERRUPTED }
}

/// One line of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunRow {
    /// The run's name in the storage.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The label that a person gave it; empty where there is none.
    pub label: String,
    /// The word of its state.
    pub word: &'static str,
    /// It has ended.
    pub is_over: bool,
    /// Underlying.
    pub underlying: String,
    /// First and last day.
    pub dates: (String, String),
    /// Names of its variants.
    pub variants: Vec<String>,
    /// PnL vs HODL of the first variant that runs.
    pub pnl: Figure,
    /// Its return.
    pub total_return: Figure,
    /// Its largest drawdown.
    pub drawdown: Figure,
    /// Share of decisions done, 0 to 1.
    pub fraction: f64,
    /// The same in percent.
    pub progress: String,
    /// Decisions done and due.
    pub decisions: String,
    /// When it was begun, ms UTC.
    pub created_ms: i64,
    /// The same as day and minute.
    pub created: (String, String),
    /// The digest's head; empty while the run has not ended.
    pub digest: String,
    /// What the prices are, and what the premium rests on; `None` in runs of builds before this line.
    pub evidence: Option<EvidenceLine>,
}

/// A figure with the value that it is ordered by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// The value; `None` where it is absent.
    pub value: Option<f64>,
    /// As text; an en dash where it is absent.
    pub text: String,
    /// `gain`, `loss` or nothing.
    pub sign: &'static str,
    /// Why it is absent, or nothing.
    pub title: &'static str,
}

fn shown(unit: Option<&UnitRecord>, underlying: &str, key: impl Fn(&Figures<'_>) -> &'static str) -> Figure {
    let figures = unit.map(|unit| Figures::new(&unit.metrics, underlying));
    let key = figures.as_ref().map(key).unwrap_or_default();
    let cell = |f: &Figures<'_>| f.cell(key, figure(key).map_or("", |entry| entry.no_data));
    let Cell { main, sign, title, .. } = figures.as_ref().map_or_else(|| absent("every variant is switched off"), cell);
    Figure { value: figures.and_then(|f| f.value(key)), text: main, sign, title }
}

impl RunRow {
    /// The line of a run; `active` is the name of the run that is under way in this page.
    pub fn of(kept: &Kept, active: Option<&str>) -> RunRow {
        let run = &kept.run;
        let first = kept.units.iter().find(|unit| unit.state != UnitState::Skipped);
        let pnl = |f: &Figures<'_>| if f.is_linear() { "final_pnl_vs_hodl" } else { "final_pnl_vs_hodl_coin" };
        RunRow {
            id: run.id.clone(),
            name: name_of(kept),
            label: kept.label.clone(),
            word: word_of(kept, active),
            is_over: run.state.is_final(),
            underlying: run.underlying.clone(),
            dates: (run.start.clone(), run.end.clone()),
            variants: run.variants.clone(),
            pnl: shown(first, &run.underlying, pnl),
            total_return: shown(first, &run.underlying, |_| "total_return"),
            drawdown: shown(first, &run.underlying, |_| "max_drawdown"),
            fraction: run.progress,
            progress: percent(run.progress, 0),
            decisions: format!("{} / {}", count(run.decisions_done), count(run.decisions_total)),
            created_ms: run.created_ms,
            created: (Timestamp(run.created_ms).format("%Y-%m-%d"), Timestamp(run.created_ms).format("%H:%M")),
            digest: run.digest.as_deref().unwrap_or_default().chars().take(DIGEST_HEAD).collect(),
            evidence: run.evidence.clone(),
        }
    }
}

/// Which runs are asked for; empty texts ask for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Underlying.
    pub underlying: String,
    /// Word of the state.
    pub word: String,
    /// Words that all occur in label, variants, dataset, underlying or dates.
    pub search: String,
}

impl Query {
    /// True where everything is asked for.
    pub fn is_empty(&self) -> bool {
        self.underlying.is_empty() && self.word.is_empty() && self.search.trim().is_empty()
    }

    /// True for a run that is asked for.
    pub fn fits(&self, kept: &Kept, active: Option<&str>) -> bool {
        let run = &kept.run;
        let fits = |asked: &str, found: &str| asked.is_empty() || asked == found;
        fits(&self.underlying, &run.underlying) && fits(&self.word, word_of(kept, active)) && self.finds(kept)
    }

    fn finds(&self, kept: &Kept) -> bool {
        let run = &kept.run;
        let mut text = [kept.label.as_str(), &run.dataset, &run.underlying, &run.start, &run.end].join("\n");
        for variant in &run.variants {
            text.push('\n');
            text.push_str(variant);
        }
        let text = text.to_lowercase();
        self.search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// A column that the list can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Label or name.
    Name,
    /// State.
    State,
    /// Underlying.
    Underlying,
    /// First day, then last.
    Dates,
    /// How many variants, then their names.
    Variants,
    /// PnL vs HODL.
    Pnl,
    /// Return.
    Return,
    /// Drawdown.
    Drawdown,
    /// Progress.
    Progress,
    /// When it was begun.
    Created,
    /// Digest.
    Digest,
}

impl Column {
    /// All, in the order of the page, with their titles and whether they hold numbers.
    pub const ALL: [(Column, &'static str, bool); 11] = [
        (Column::Name, "Run", false),
        (Column::State, "State", false),
        (Column::Underlying, "Underlying", false),
        (Column::Dates, "Dates", false),
        (Column::Variants, "Variants", false),
        (Column::Pnl, "PnL vs HODL", true),
        (Column::Return, "Return", true),
        (Column::Drawdown, "Drawdown", true),
        (Column::Progress, "Done", true),
        (Column::Created, "Created, UTC", false),
        (Column::Digest, "Digest", false),
    ];

    fn compare(self, a: &RunRow, b: &RunRow) -> Ordering {
        let text = |a: &str, b: &str| a.to_lowercase().cmp(&b.to_lowercase());
        match self {
            Column::Name => text(&a.name, &b.name),
            Column::State => a.word.cmp(b.word),
            Column::Underlying => a.underlying.cmp(&b.underlying),
            Column::Dates => a.dates.cmp(&b.dates),
            Column::Variants => (a.variants.len(), &a.variants).cmp(&(b.variants.len(), &b.variants)),
            Column::Progress => a.fraction.total_cmp(&b.fraction),
            Column::Created => a.created_ms.cmp(&b.created_ms),
            Column::Digest => a.digest.cmp(&b.digest),
            Column::Pnl | Column::Return | Column::Drawdown => {
                self.figure(a).unwrap_or_default().total_cmp(&self.figure(b).unwrap_or_default())
            }
        }
    }

    fn figure(self, row: &RunRow) -> Option<f64> {
        match self {
            Column::Pnl => row.pnl.value,
            Column::Return => row.total_return.value,
            _ => row.drawdown.value,
        }
    }

    /// True where there is nothing to order by; such rows come last, whichever way.
    fn is_absent(self, row: &RunRow) -> bool {
        match self {
            Column::Pnl | Column::Return | Column::Drawdown => self.figure(row).is_none(),
            Column::Digest => row.digest.is_empty(),
            _ => false,
        }
    }
}

/// How the list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: Column,
    /// Largest, newest or last letter first.
    pub descends: bool,
}

impl Default for Order {
    fn default() -> Order {
        Order { by: Column::Created, descends: true }
    }
}

impl Order {
    /// The order after a press on a column's title: turned round, or that column's own, numbers and dates largest first.
    pub fn pressed(self, column: Column) -> Order {
        let is_text = matches!(column, Column::Name | Column::State | Column::Underlying | Column::Digest);
        let descends = if self.by == column { !self.descends } else { !is_text };
        Order { by: column, descends }
    }

    /// What `aria-sort` says of a column.
    pub fn aria(self, column: Column) -> &'static str {
        match (self.by == column, self.descends) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    }
}

/// The lines that are asked for, in order; equal ones newest first.
pub fn rows(runs: &[Kept], query: &Query, order: Order, active: Option<&str>) -> Vec<RunRow> {
    let fitting = runs.iter().filter(|kept| query.fits(kept, active));
    let mut rows: Vec<RunRow> = fitting.map(|kept| RunRow::of(kept, active)).collect();
    sort::by(&mut rows, |a, b| {
        let last = order.by.is_absent(a).cmp(&order.by.is_absent(b));
        let turned = order.by.compare(a, b);
        let turned = if order.descends { turned.reverse() } else { turned };
        last.then(turned).then(b.created_ms.cmp(&a.created_ms)).then(a.id.cmp(&b.id))
    });
    rows
}

/// What runs have in a place, each once, in alphabetical order: the choices of a filter.
pub fn choices<'a>(runs: &'a [Kept], of: impl Fn(&'a Kept) -> &'a str) -> Vec<String> {
    let mut all: Vec<&str> = runs.iter().map(of).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(str::to_owned).collect()
}

/// How many runs are shown of how many.
pub fn count_words(shown: usize, all: usize) -> String {
    if all == 0 {
        return String::new(); // what stands in place of the list says so
    }
    let runs = if all == 1 { "run" } else { "runs" };
    if shown == all { format!("{} {runs}", count(all)) } else { format!("{} of {} {runs}", count(shown), count(all)) }
}

/// The word of a variant's state.
pub fn unit_word(state: UnitState) -> &'static str {
    match state {
        UnitState::Pending => "not begun",
        UnitState::Running => "under way",
        UnitState::Completed => "finished",
        UnitState::Failed => "failed",
        UnitState::Skipped => "switched off",
        UnitState::Stopped => "stopped",
        UnitState::Liquidated => "liquidated",
    }
}

/// How a variant ended, in a sentence: its state, and why it failed where it did.
pub fn ending(unit: &UnitRecord) -> String {
    let after = unit.error_after.map(|t| format!(", after {}", minute(Timestamp(t)))).unwrap_or_default();
    let error = unit.error.as_ref().map(|error| format!(": {error}{after}")).unwrap_or_default();
    format!("{}{error}", unit_word(unit.state))
}

/// What a line unfolds to: label and text.
pub fn facts(kept: &Kept) -> Vec<(String, String)> {
    let run = &kept.run;
    let done = format!(
        "{} of {} decisions, {} marks",
        count(run.decisions_done),
        count(run.decisions_total),
        count(run.marks_done)
    );
    let digest = run.digest.clone().unwrap_or_else(|| "none before the run has ended".into());
    let mut facts = vec![
        ("Dataset".to_owned(), run.dataset.clone()),
        ("Progress".to_owned(), done),
        ("Engine".to_owned(), run.engine_version.clone()),
        ("Digest".to_owned(), digest),
        ("Fingerprint".to_owned(), run.fingerprint.clone()),
    ];
    let prices =
        run.evidence.as_ref().map(|line| ("Prices".to_owned(), format!("{}. {}", badge(line.kind), line.words)));
    facts.extend(prices);
    facts.extend(kept.units.iter().map(|unit| (unit.name.clone(), ending(unit))));
    facts.extend(run.warnings.iter().map(|warning| ("Note".to_owned(), warning.clone())));
    facts
}

/// What a clean-up did.
pub fn freed_words(freed: Freed) -> String {
    match freed.runs {
        0 => "Nothing to clear up: no run is beyond these limits.".into(),
        n => format!("{} cleared up, {} freed.", count_words(n, n), format::bytes(freed.bytes as u64)),
    }
}

/// How much the browser keeps for this page; bytes used and granted.
pub fn storage_words(estimate: Option<(u64, u64)>) -> String {
    match estimate {
        Some((used, granted)) => {
            format!("{} used of {} that this browser grants.", format::bytes(used), format::bytes(granted))
        }
        None => "This browser does not say how much is used.".into(),
    }
}

/// Reads the limits that a person typed: most runs, and most days where there is a limit.
///
/// # Errors
/// The place of the wrong one, 0 or 1, with a sentence.
pub fn retention_of(runs: &str, days: &str) -> Result<Retention, (usize, &'static str)> {
    let whole = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n > 0);
    let most_runs = whole(runs).ok_or((0, "A whole number above 0."))?;
    let most_days = match days.trim() {
        "" => None,
        text => Some(whole(text).ok_or((1, "A whole number above 0, or nothing."))?),
    };
    Ok(Retention { most_runs: most_runs as usize, most_days })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::RunState;
    use crate::store::RunRecord;
    use serde_json::{Value, json};

    fn kept(id: &str, state: RunState, created_ms: i64, pnl: Option<f64>) -> Kept {
        let run = RunRecord {
            schema: 2,
            id: id.into(),
            state,
            created_ms,
            finished_ms: state.is_final().then_some(created_ms),
            underlying: if id == "c" { "ETH" } else { "BTC" }.into(),
            dataset: "btc-2026".into(),
            start: "2026-01-01".into(),
            end: "2026-06-30".into(),
            exit_style: "hold_to_expiry".into(),
            variants: vec!["Covered call".into()],
            written: json!({}),
            request: json!({}),
            fingerprint: String::new(),
            engine_version: "0.1.0".into(),
            digest: state.is_final().then(|| "0123456789abcdef".into()),
            per_one: 10_000,
            progress: 0.37,
            decisions_done: 67,
            decisions_total: 181,
            marks_done: 1_600,
            warnings: Vec::new(),
            evidence: None,
        };
        let drawdown = if pnl.is_some() { json!({ "depth": 0.2 }) } else { Value::Null };
        let metrics = json!({ "final_pnl_vs_hodl_coin": pnl, "option_pnl_coin": pnl, "total_return": -0.1, "max_drawdown": drawdown });
        let unit = UnitRecord {
            run: id.into(),
            unit: 0,
            name: "Covered call".into(),
            state: UnitState::Completed,
            error: None,
            error_after: None,
            style: "hold_to_expiry".into(),
            metrics,
            evidence: None,
        };
        Kept { run, label: String::new(), units: vec![unit] }
    }

    fn some() -> Vec<Kept> {
        let mut runs = vec![
            kept("a", RunState::Completed, 1_000, Some(0.5)),
            kept("b", RunState::Running, 2_000, None),
            kept("c", RunState::Failed, 3_000, Some(-0.25)),
        ];
        runs[0].label = "Weekly, higher delta".into();
        runs
    }

    fn ids(query: &Query, order: Order) -> String {
        rows(&some(), query, order, None).iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn newest_first_unless_asked_otherwise() {
        let all = Query::default();
        assert_eq!(ids(&all, Order::default()), "cba");
        let by_pnl = Order::default().pressed(Column::Pnl);
        assert_eq!((ids(&all, by_pnl).as_str(), ids(&all, by_pnl.pressed(Column::Pnl)).as_str()), ("acb", "cab"));
        let by_name = Order::default().pressed(Column::Name);
        assert_eq!((by_name.aria(Column::Name), by_name.aria(Column::Pnl)), ("ascending", "none"));
        assert_eq!(ids(&all, by_name), "bca", "names, equal ones newest first");
        for (column, ..) in Column::ALL {
            assert_eq!(ids(&all, Order::default().pressed(column)).len(), 3);
        }
    }

    #[test]
    fn filters_and_words_narrow_the_list() {
        let rows = [
            (Query { underlying: "ETH".into(), ..Query::default() }, "c"),
            (Query { word: INTERRUPTED.into(), ..Query::default() }, "b"),
            (Query { word: "ERROR".into(), ..Query::default() }, "c"),
            (Query { search: " HIGHER weekly".into(), ..Query::default() }, "a"),
            (Query { search: "btc-2026 covered 2026-01-01".into(), ..Query::default() }, "cba"),
            (Query { search: "nothing of this".into(), ..Query::default() }, ""),
        ];
        for (query, expected) in rows {
            assert_eq!(ids(&query, Order::default()), expected, "{query:?}");
            assert!(!query.is_empty());
        }
        assert!(Query { search: "  ".into(), ..Query::default() }.is_empty());
        assert_eq!(choices(&some(), |kept| &kept.run.underlying), ["BTC", "ETH"]);
    }

    #[test]
    fn a_row_says_what_the_run_is() {
        let row = RunRow::of(&some()[0], None);
        assert_eq!(
            (row.name.as_str(), row.word, row.pnl.text.as_str()),
            ("Weekly, higher delta", "FINISHED", "+0.5000 BTC")
        );
        assert_eq!(
            (row.progress.as_str(), row.decisions.as_str(), row.digest.as_str()),
            ("37 %", "67 / 181", "01234567")
        );
        let row = RunRow::of(&some()[1], Some("b"));
        assert_eq!((row.word, row.pnl.text.as_str(), row.pnl.title), ("RUNNING", "–", "no mark yet"));
        assert_eq!(row.name, "Covered call, BTC, 2026-01-01 to 2026-06-30");
        let off = Kept { units: Vec::new(), ..some()[0].clone() };
        assert_eq!(RunRow::of(&off, None).pnl.title, "every variant is switched off");
    }

    #[test]
    fn what_is_said_reads_like_words() {
        assert_eq!(
            [(0, 0), (1, 1), (2, 40)].map(|(shown, all)| count_words(shown, all)),
            ["", "1 run", "2 of 40 runs"]
        );
        assert_eq!(freed_words(Freed { runs: 3, bytes: 1_200_000 }), "3 runs cleared up, 1.2 MB freed.");
        assert_eq!(freed_words(Freed::default()), "Nothing to clear up: no run is beyond these limits.");
        assert_eq!(storage_words(Some((1_400_000, 2_000_000_000))), "1.4 MB used of 2.0 GB that this browser grants.");
        let mut failed = some()[0].units[0].clone();
        failed.state = UnitState::Failed;
        failed.error = Some("Data: a pack is missing".into());
        failed.error_after = Some(0);
        assert_eq!(ending(&failed), "failed: Data: a pack is missing, after 1970-01-01 00:00");
    }

    #[test]
    fn limits_are_whole_numbers() {
        assert_eq!(retention_of("5", " "), Ok(Retention { most_runs: 5, most_days: None }));
        assert_eq!(retention_of("5", "30"), Ok(Retention { most_runs: 5, most_days: Some(30) }));
        assert_eq!(retention_of("0", "").map_err(|e| e.0), Err(0));
        assert_eq!(retention_of("1", "-2").map_err(|e| e.0), Err(1));
    }
}
