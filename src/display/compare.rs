//! Two to four runs or variants side by side: what differs in their settings, their curves, and every figure.

use super::curves::Money;
use super::fields::{self, Field, Kind, SHARED, VARIANT};
use super::figures::{Difference, Figures};
use super::format::{ABSENT, plain};
use super::hedges;
use super::key_numbers::Cell;
use super::plot::{cut, extent, nearest, union, window};
use super::route::{MOST_SIDES, Side};
use super::runs::{ending, unit_word, word_of};
use super::span::Span;
use crate::metrics::EvidenceLine;
use crate::metrics::summary::GLOSSARY;
use crate::store::{Kept, UnitRecord};
use crate::strategy::HedgeLeg;
use serde_json::Value;
use std::collections::BTreeMap;

/// The equity of one variant, one value a mark, in USD and in coin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// The marks, ms UTC, ascending.
    pub times: Vec<i64>,
    equity: [Vec<f64>; 2],
    hodl: [Vec<f64>; 2],
}

impl Curve {
    /// A curve of kept points: ms UTC, coin, USD, HODL coin, HODL USD.
    pub fn of(points: &[[f64; 5]]) -> Curve {
        let column = |i: usize| points.iter().map(|point| point[i]).collect();
        Curve {
            times: points.iter().map(|point| point[0] as i64).collect(),
            equity: [column(2), column(1)],
            hodl: [column(4), column(3)],
        }
    }
}

/// One column of the comparison: a variant of a kept run.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Which.
    pub side: Side,
    /// Its title.
    pub title: String,
    /// Underlying and dates.
    pub below: String,
    /// The word of its run's state.
    pub word: &'static str,
    /// How it ended, where that is not simply finished.
    pub ending: Option<String>,
    /// What its prices are and what its premium rests on; `None` in runs of builds before this line.
    pub evidence: Option<EvidenceLine>,
    /// Underlying.
    pub underlying: String,
    /// Its equity; empty before its first mark.
    pub curve: Curve,
    /// Its dataset, with what its prices are where that is kept.
    pub data: String,
    /// Version of the engine that computed it.
    pub engine: String,
    metrics: Value,
    settings: BTreeMap<Place, Value>,
}

impl Column {
    /// Its figures.
    pub fn figures(&self) -> Figures<'_> {
        Figures::new(&self.metrics, &self.underlying)
    }
}

/// A kept run with the equity of its variants: variant's place, then points.
pub type KeptRun = (Kept, Vec<(u32, Vec<[f64; 5]>)>);

/// The columns of what is asked for, at the most [`MOST_SIDES`], and how many more there would be.
pub fn columns(sides: &[Side], runs: &[KeptRun], active: Option<&str>) -> (Vec<Column>, usize) {
    let mut all = Vec::new();
    for side in sides {
        let Some(run) = runs.iter().find(|(kept, _)| kept.run.id == side.run) else { continue };
        let asked = |unit: &&UnitRecord| side.unit.is_none_or(|place| place == unit.unit as usize);
        all.extend(run.0.units.iter().filter(asked).map(|unit| column(run, unit, active)));
    }
    let more = all.len().saturating_sub(MOST_SIDES);
    all.truncate(MOST_SIDES);
    (all, more)
}

fn column((kept, equity): &KeptRun, unit: &UnitRecord, active: Option<&str>) -> Column {
    let run = &kept.run;
    let title = match (kept.label.as_str(), run.variants.len()) {
        ("", _) => unit.name.clone(),
        (label, 0 | 1) => label.to_owned(),
        (label, _) => format!("{label}: {}", unit.name),
    };
    let points = equity.iter().find(|(place, _)| *place == unit.unit).map(|(_, points)| points.as_slice());
    let ending = ending(unit);
    Column {
        side: Side { run: run.id.clone(), unit: Some(unit.unit as usize) },
        title,
        below: format!("{}, {} to {}", run.underlying, run.start, run.end),
        word: word_of(kept, active),
        ending: (ending != unit_word(crate::run::UnitState::Completed)).then_some(ending),
        evidence: run
            .evidence
            .as_ref()
            .zip(unit.evidence.clone())
            .map(|(line, words)| EvidenceLine { kind: line.kind, words }),
        underlying: run.underlying.clone(),
        curve: Curve::of(points.unwrap_or_default()),
        data: match &run.evidence {
            Some(evidence) => format!("{} ({})", run.dataset, evidence.kind.word()),
            None => run.dataset.clone(),
        },
        engine: run.engine_version.clone(),
        metrics: unit.metrics.clone(),
        settings: settings(kept, unit.unit as usize),
    }
}

/// Where a setting stands: the request's before the variant's, each in the order of the form, unknown ones last.
type Place = (bool, usize, String);

fn settings(kept: &Kept, unit: usize) -> BTreeMap<Place, Value> {
    let mut settings = BTreeMap::new();
    let mut keep = |is_of_variant, path: &str, value: &Value| {
        settings.insert(place(is_of_variant, path), value.clone());
    };
    let request = &kept.run.request;
    for (key, value) in request.as_object().into_iter().flatten() {
        if key != "variants" && key != "schema" {
            flatten(key, value, &mut |path, value| keep(false, path, value));
        }
    }
    for (key, value) in request["variants"][unit].as_object().into_iter().flatten() {
        if key != "name" {
            flatten(key, value, &mut |path, value| keep(true, path, value));
        }
    }
    keep(true, "engine", &kept.run.engine_version.clone().into());
    settings
}

fn place(is_of_variant: bool, path: &str) -> Place {
    let fields = if is_of_variant { VARIANT } else { SHARED };
    let order = fields.iter().position(|field| field.path == path).unwrap_or(fields.len());
    (is_of_variant, order, path.to_owned())
}

/// Calls `found` for every value that is no object, with its path.
fn flatten(path: &str, value: &Value, found: &mut impl FnMut(&str, &Value)) {
    match value.as_object() {
        Some(map) if !map.is_empty() => {
            for (key, value) in map {
                flatten(&format!("{path}.{key}"), value, found);
            }
        }
        _ => found(path, value),
    }
}

/// One setting of all columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Path in the request or in the variant.
    pub path: String,
    /// What the form calls it; the path where it has no field.
    pub title: String,
    /// As text, one a column; a dash where a column has no such setting.
    pub values: Vec<String>,
}

/// The settings that differ, then those that are the same, each in the order of the form.
pub fn settings_of(columns: &[Column]) -> (Vec<Setting>, Vec<Setting>) {
    let mut places: Vec<&Place> = columns.iter().flat_map(|column| column.settings.keys()).collect();
    places.sort_unstable();
    places.dedup();
    let (mut differing, mut same) = (Vec::new(), Vec::new());
    for place in places {
        let found: Vec<Option<&Value>> = columns.iter().map(|column| column.settings.get(place)).collect();
        let list = if found.windows(2).all(|pair| pair[0] == pair[1]) { &mut same } else { &mut differing };
        list.push(setting(place, &found));
    }
    (differing, same)
}

fn setting((is_of_variant, _, path): &Place, found: &[Option<&Value>]) -> Setting {
    let field = if *is_of_variant { fields::variant(path) } else { fields::shared(path) };
    let title = match (field, path.as_str()) {
        (Some(field), _) if field.unit.is_empty() => field.label.to_owned(),
        (Some(field), _) => format!("{}, {}", field.label, field.unit),
        (None, "engine") => "Engine version".into(),
        (None, "hedge.legs") => "Legs".into(),
        (None, "weights") => "Score weights".into(),
        (None, path) => path.rsplit('.').next().unwrap_or(path).replace('_', " "),
    };
    let text = |value: &Option<&Value>| value.map_or_else(|| ABSENT.to_owned(), |value| value_text(value, field));
    Setting { path: path.clone(), title, values: found.iter().map(text).collect() }
}

fn value_text(value: &Value, field: Option<&Field>) -> String {
    match (value, field.map(|field| field.kind)) {
        (Value::Null, _) => "not set".into(),
        (Value::Bool(yes), _) => if *yes { "yes" } else { "no" }.into(),
        (Value::String(text), Some(Kind::Choice(list))) => {
            list.iter().find(|(key, _)| key == text).map_or(text.as_str(), |(_, words)| words).to_owned()
        }
        (Value::String(text), _) => text.clone(),
        (Value::Number(n), Some(Kind::Number(shift) | Kind::Optional(shift))) if shift > 0 => {
            n.as_f64().map_or_else(|| n.to_string(), |v| plain(v * libm::pow(10.0, f64::from(shift))))
        }
        (Value::Number(n), _) => n.as_f64().map_or_else(|| n.to_string(), plain),
        (Value::Array(list), _) if list.is_empty() => "none".into(),
        (Value::Array(list), _) if list[0].is_object() => legs_text(value).unwrap_or_else(|| value.to_string()),
        (Value::Array(list), _) => list.iter().map(|v| value_text(v, None)).collect::<Vec<_>>().join(", "),
        (Value::Object(_), _) => value.to_string(),
    }
}

/// The legs of a hedge in words; `None` of another list.
fn legs_text(value: &Value) -> Option<String> {
    let legs: Vec<HedgeLeg> = crate::json::of_value(value).ok()?;
    Some(legs.iter().map(hedges::leg_words).collect::<Vec<_>>().join(" + "))
}

/// One figure of all columns.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureRow {
    /// Its name in the glossary.
    pub key: &'static str,
    /// One a column, with its difference to the first column; `None` there, and where one of the two is absent.
    pub cells: Vec<(Cell, Option<Difference>)>,
}

/// Every figure of the glossary.
pub fn figure_rows(columns: &[Column]) -> Vec<FigureRow> {
    let row = |figure: &crate::metrics::summary::Figure| {
        let cell = |(place, column): (usize, &Column)| {
            let figures = column.figures();
            let first = columns.first().filter(|_| place > 0);
            let apart = first.and_then(|first| figures.difference(figure.key, first.figures()));
            (figures.cell(figure.key, figure.no_data), apart)
        };
        FigureRow { key: figure.key, cells: columns.iter().enumerate().map(cell).collect() }
    };
    GLOSSARY.iter().map(row).collect()
}

/// How the curves are best looked at first: in coin where all columns have one coin, in percent where they began apart.
pub fn first_look(columns: &[Column]) -> (Money, bool) {
    let one = |same: fn(&Column, &Column) -> bool| columns.windows(2).all(|pair| same(&pair[0], &pair[1]));
    let is_linear = |column: &Column| column.figures().has_marks() && column.figures().is_linear();
    let in_coin = one(|a, b| a.underlying == b.underlying) && !columns.iter().any(is_linear);
    let money = if in_coin { Money::Coin } else { Money::Usd };
    let begun: Vec<f64> = columns.iter().filter_map(|column| column.curve.hodl[slot(money)].first().copied()).collect();
    (money, begun.windows(2).any(|pair| pair[0] != pair[1]))
}

fn slot(money: Money) -> usize {
    match money {
        Money::Usd => 0,
        Money::Coin => 1,
    }
}

/// The lines of one column as they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// The marks, ms UTC.
    pub times: Vec<i64>,
    /// Equity, or its change against the opening account.
    pub equity: Vec<f64>,
    /// HODL in the same way; empty where another column's line goes through all of it.
    pub hodl: Vec<f64>,
    /// Equity - HODL, or its share of the opening account.
    pub apart: Vec<f64>,
}

/// What the chart draws: the lines of every column in order.
pub fn lines(columns: &[Column], money: Money, is_percent: bool) -> Vec<Lines> {
    let mut all: Vec<Lines> = columns.iter().map(|column| lines_of(&column.curve, money, is_percent)).collect();
    let is_told = |i: usize| {
        let better = |j: usize| (all[j].times.len(), i) > (all[i].times.len(), j);
        (0..all.len()).any(|j| i != j && better(j) && has_hodl_of(&all[j], &all[i]))
    };
    let told: Vec<bool> = (0..all.len()).map(is_told).collect();
    for (line, _) in all.iter_mut().zip(told).filter(|(_, told)| *told) {
        line.hodl.clear();
    }
    all
}

fn lines_of(curve: &Curve, money: Money, is_percent: bool) -> Lines {
    let (equity, hodl) = (&curve.equity[slot(money)], &curve.hodl[slot(money)]);
    let opening = hodl.first().copied().filter(|first| is_percent && *first > 0.0);
    let shown = |v: &f64| opening.map_or(*v, |first| v / first - 1.0);
    let apart = |(a, b): (&f64, &f64)| (a - b) / opening.unwrap_or(1.0);
    Lines {
        times: curve.times.clone(),
        equity: equity.iter().map(shown).collect(),
        hodl: hodl.iter().map(shown).collect(),
        apart: equity.iter().zip(hodl).map(apart).collect(),
    }
}

/// True where every mark of `part` has the same HODL in `whole`.
fn has_hodl_of(whole: &Lines, part: &Lines) -> bool {
    let at = |t: i64| whole.times.binary_search(&t).ok().and_then(|i| whole.hodl.get(i));
    part.times.iter().zip(&part.hodl).all(|(t, hodl)| at(*t) == Some(hodl))
}

/// First and last mark of all lines, ms UTC; `None` without one.
pub fn time_of(lines: &[Lines]) -> Option<Span> {
    let ends = |l: &Lines| l.times.first().copied().zip(l.times.last().copied());
    lines.iter().filter_map(ends).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// What the chart's panes span over a time in ms UTC: equity, and equity - HODL; `None` without a mark there.
pub fn ranges(lines: &[Lines], (from, to): Span) -> Option<Ranges> {
    let seen = |l: &Lines, of: fn(&Lines) -> &Vec<f64>| extent(cut(of(l), &window(&l.times, from, to)).iter().copied());
    let equity = lines.iter().map(|l| union(seen(l, |l| &l.equity), seen(l, |l| &l.hodl))).fold(None, union)?;
    let apart = lines.iter().map(|l| seen(l, |l| &l.apart)).fold(Some((0.0, 0.0)), union)?;
    Some(Ranges { equity, apart })
}

/// What the panes span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranges {
    /// Least and greatest of equity and HODL.
    pub equity: (f64, f64),
    /// Least and greatest of equity - HODL, with zero.
    pub apart: (f64, f64),
}

/// The value of a line at the mark nearest to an instant; `None` beyond a day of its marks.
pub fn value_at(times: &[i64], values: &[f64], at: i64) -> Option<f64> {
    let i = nearest(times, at).filter(|i| (times[*i] - at).abs() <= crate::units::DAY_MS)?;
    values.get(i).copied()
}

/// Every mark of any column, ms UTC, ascending: where the crosshair can stand.
pub fn marks(lines: &[Lines]) -> Vec<i64> {
    let mut all: Vec<i64> = lines.iter().flat_map(|l| l.times.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Summary;
    use crate::metrics::summary::figure;
    use crate::run::{RunRequest, RunState, UnitState};
    use crate::store::RunRecord;
    use serde_json::json;

    fn metrics(pnl: f64) -> Value {
        json!({ "final_pnl_vs_hodl_coin": pnl, "option_pnl_coin": pnl, "max_drawdown": { "depth": 0.1 }, "num_trades": 0 })
    }

    fn unit(run: &str, place: u32, state: UnitState, metrics: Value) -> UnitRecord {
        let error = (state == UnitState::Failed).then(|| "Data: a pack is missing".to_owned());
        let name = format!("Variant {place}");
        UnitRecord {
            run: run.into(),
            unit: place,
            name,
            state,
            error,
            error_after: None,
            style: String::new(),
            metrics,
            evidence: None,
        }
    }

    fn kept(id: &str, change: impl Fn(&mut Value), units: Vec<UnitRecord>, state: RunState) -> KeptRun {
        let mut request = RunRequest::default().to_value();
        let variant = request["variants"][0].clone();
        request["variants"] = vec![variant; units.len()].into();
        change(&mut request);
        let run = RunRecord {
            schema: 2,
            id: id.into(),
            state,
            created_ms: 0,
            finished_ms: Some(0),
            underlying: "BTC".into(),
            dataset: "btc-2026".into(),
            start: "2026-01-01".into(),
            end: "2026-06-30".into(),
            exit_style: "hold_to_expiry".into(),
            variants: units.iter().map(|unit| unit.name.clone()).collect(),
            written: json!({}),
            request,
            fingerprint: String::new(),
            engine_version: "0.1.0".into(),
            digest: None,
            per_one: 10_000,
            progress: 1.0,
            decisions_done: 1,
            decisions_total: 1,
            marks_done: 2,
            warnings: Vec::new(),
            evidence: None,
        };
        let points =
            |unit: &UnitRecord| (unit.unit, vec![[0.0, 1.0, 100.0, 1.0, 100.0], [3.6e6, 1.5, 120.0, 1.0, 90.0]]);
        let equity = units.iter().filter(|unit| unit.state == UnitState::Completed).map(points).collect();
        (Kept { run, label: String::new(), units }, equity)
    }

    fn side(run: &str, unit: Option<usize>) -> Side {
        Side { run: run.into(), unit }
    }

    fn two() -> Vec<Column> {
        let a = kept("a", |_| {}, vec![unit("a", 0, UnitState::Completed, metrics(0.25))], RunState::Completed);
        let change = |request: &mut Value| {
            request["decision_interval_hours"] = 4.into();
            request["costs"]["fees"] = json!({ "bps": 5 });
            request["variants"][0]["exit"]["take_profit"] = 0.5.into();
            request["variants"][0]["name"] = "Other".into();
            request["variants"][0]["hedge"] = json!({ "kind": "put" });
        };
        let b = kept("b", change, vec![unit("b", 0, UnitState::Completed, metrics(0.5))], RunState::Completed);
        columns(&[side("a", None), side("b", None)], &[a, b], None).0
    }

    #[test]
    fn differing_settings_come_with_the_words_of_the_form() {
        let (differing, same) = settings_of(&two());
        let rows: Vec<(&str, &str, &str, &str)> = differing
            .iter()
            .map(|s| (s.path.as_str(), s.title.as_str(), s.values[0].as_str(), s.values[1].as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("decision_interval_hours", "Decide every, h", "24", "4"),
                ("costs.fees", "Fees", "Deribit schedule", "–"),
                ("costs.fees.bps", "Custom fee, bps", "–", "5"),
                ("exit.take_profit", "Take profit, %", "80", "50"),
                ("hedge", "Hedge", "not set", "–"),
                ("hedge.kind", "Kind", "–", "Put"),
            ]
        );
        assert!(same.iter().any(|s| s.title == "Engine version" && s.values == ["0.1.0", "0.1.0"]));
        assert!(settings_of(&two()[..1]).0.is_empty());
    }

    #[test]
    fn a_run_gives_all_its_variants_up_to_four_columns() {
        let units =
            |id: &str, n: u32| (0..n).map(|i| unit(id, i, UnitState::Completed, metrics(0.0))).collect::<Vec<_>>();
        let runs = [
            kept("a", |_| {}, units("a", 3), RunState::Completed),
            kept("b", |_| {}, units("b", 2), RunState::Completed),
        ];
        let (all, more) = columns(&[side("a", None), side("b", None)], &runs, None);
        let sides: Vec<(&str, Option<usize>)> = all.iter().map(|c| (c.side.run.as_str(), c.side.unit)).collect();
        assert_eq!((sides, more), (vec![("a", Some(0)), ("a", Some(1)), ("a", Some(2)), ("b", Some(0))], 1));
        let (some, more) = columns(&[side("b", Some(1)), side("gone", None), side("a", Some(9))], &runs, None);
        assert_eq!((some.len(), some[0].title.as_str(), more), (1, "Variant 1", 0));
    }

    #[test]
    fn every_figure_has_its_difference_to_the_first() {
        let rows = figure_rows(&two());
        assert_eq!(rows.len(), GLOSSARY.len());
        let row = rows.iter().find(|row| row.key == "final_pnl_vs_hodl_coin").expect("a row");
        assert_eq!((row.cells[0].0.main.as_str(), &row.cells[0].1), ("+0.2500 BTC", &None));
        assert_eq!(row.cells[1].1, Some(Difference { text: "+0.2500 BTC".into(), sign: "gain" }));
        assert!(rows.iter().all(|row| figure(row.key).is_some()));
    }

    #[test]
    fn a_failed_and_a_partial_run_have_dashes_and_say_why() {
        let nothing = serde_json::to_value(Summary::default()).expect("figures are plain");
        let units = vec![unit("a", 0, UnitState::Completed, metrics(0.5)), unit("a", 1, UnitState::Failed, nothing)];
        let runs = [kept("a", |_| {}, units, RunState::Partial)];
        let (all, _) = columns(&[side("a", None)], &runs, None);
        assert_eq!((all[1].word, all[1].ending.as_deref()), ("PARTIAL", Some("failed: Data: a pack is missing")));
        assert_eq!((all[0].ending.as_deref(), all[1].curve.times.len()), (None, 0));
        assert!(figure_rows(&all).iter().all(|row| row.cells[1].0.main == ABSENT && row.cells[1].1.is_none()));
        let drawn = lines(&all, Money::Coin, true);
        assert_eq!(time_of(&drawn), Some((0, 3_600_000)));
        assert_eq!((time_of(&drawn[1..]), ranges(&drawn[1..], (0, 1))), (None, None), "no marks, no chart");
        assert!(!first_look(&all).1);
    }

    #[test]
    fn lines_are_amounts_or_shares_and_one_hodl_is_drawn_once() {
        let columns = two();
        assert_eq!(first_look(&columns), (Money::Coin, false));
        let amounts = lines(&columns, Money::Usd, false);
        assert_eq!(
            (amounts[0].equity.as_slice(), amounts[0].apart.as_slice()),
            ([100.0, 120.0].as_slice(), [0.0, 30.0].as_slice())
        );
        assert_eq!((amounts[0].hodl.len(), amounts[1].hodl.len()), (2, 0));
        let mut longer = columns.clone();
        longer[1].curve =
            Curve::of(&[[0.0, 1.0, 9.0, 1.0, 100.0], [3.6e6, 1.0, 9.0, 1.0, 90.0], [7.2e6, 1.0, 9.0, 1.0, 80.0]]);
        let drawn = lines(&longer, Money::Usd, false);
        assert_eq!((drawn[0].hodl.len(), drawn[1].hodl.len()), (0, 3), "the longer one goes through the shorter");
        longer[1].curve = Curve::of(&[[0.0, 1.0, 9.0, 1.0, 200.0]]);
        let drawn = lines(&longer, Money::Usd, false);
        assert_eq!((drawn[0].hodl.len(), drawn[1].hodl.len()), (2, 1), "accounts of two sizes");
        let shares = lines(&columns, Money::Coin, true);
        assert_eq!(
            (shares[0].equity.as_slice(), shares[0].apart.as_slice()),
            ([0.0, 0.5].as_slice(), [0.0, 0.5].as_slice())
        );
        assert_eq!(ranges(&amounts, (0, 3_600_000)).map(|r| r.equity), Some((90.0, 120.0)));
        assert_eq!(marks(&amounts), [0, 3_600_000]);
        assert_eq!(
            (value_at(&amounts[0].times, &amounts[0].equity, 1), value_at(&[0], &[1.0], 90_000_000)),
            (Some(100.0), None)
        );
    }
}
