//! The catalog's datasets as rows and facts, and tables of medians by tenor and delta.

use super::chain::DELTA_TITLE;
use super::evidence::kind_words;
use super::format::{ABSENT, bytes, count, day, number, or_dash, percent, plain, signed};
use super::lines::{Axis, Lines, Series};
use crate::market::catalog::{ExerciseStyle, IndexRatio, YearRatio};
use crate::market::cells::{Cells, DAYS, quantile};
use crate::market::model::ExampleCall;
use crate::market::{DataKind, Dataset, Model, Settlement};
use crate::units::Timestamp;

/// Words of the columns of relative spreads, by |delta|.
pub const SPREAD_COLUMNS: [&str; 7] = ["under 5", "5 to 10", "10 to 20", "20 to 35", "35 to 65", "65 to 90", "over 90"];
/// Words of the columns of residuals, from deep puts to far calls, out of the money.
pub const RESIDUAL_COLUMNS: [&str; 7] = [
    "put under 10",
    "put 10 to 35",
    "put 35 to 45",
    "near the forward",
    "call 35 to 20",
    "call 20 to 10",
    "call under 10",
];
/// Delta of the call in the middle of each column of residuals.
pub const RESIDUAL_DELTAS: [f64; 7] = [0.95, 0.775, 0.55, 0.40, 0.275, 0.15, 0.05];

/// One dataset in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its kind in one word, and what that means.
    pub kind: (&'static str, String),
    /// First and last day.
    pub span: String,
    /// Snapshots, cadence, size, share of two-sided options, gaps, error of the fit.
    pub figures: [String; 6],
}

/// Heads of the figures in the list.
pub const FIGURES: [&str; 6] = ["Snapshots", "Every", "Size", "Two-sided", "Gaps", "Fit error"];

/// Time between snapshots.
pub fn cadence_words(dataset: &Dataset) -> String {
    match dataset.cadence_minutes {
        m if m % 60 == 0 => format!("{} h", m / 60),
        m => format!("{m} min"),
    }
}

/// A dataset's row.
pub fn row(dataset: &Dataset) -> DatasetRow {
    let quality = &dataset.quality;
    let total = |of: fn(&crate::market::catalog::PackEntry) -> u64| dataset.packs.iter().map(of).sum::<u64>();
    let decimals = if dataset.kind == DataKind::Fitted { 2 } else { 1 };
    DatasetRow {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        kind: kind_words(dataset),
        span: format!("{} to {}", day(dataset.first.start()), day(dataset.last.start())),
        figures: [
            count(total(|pack| u64::from(pack.snapshots)) as usize),
            cadence_words(dataset),
            bytes(total(|pack| pack.bytes)),
            percent(quality.two_sided_pct, 1),
            count(quality.gaps as usize),
            quality
                .fit_error
                .as_ref()
                .map_or_else(|| ABSENT.to_owned(), |fit| format!("{} pts", number(fit.median_vol_points, decimals))),
        ],
    }
}

/// What else the catalog knows of a dataset.
pub fn facts(dataset: &Dataset) -> Vec<(&'static str, String)> {
    let settlement = match dataset.settlement {
        Settlement::Inverse => format!("in {} (inverse)", dataset.underlying),
        Settlement::Linear => "in USD (linear)".to_owned(),
    };
    let exercise = match dataset.exercise {
        ExerciseStyle::European => "European",
        ExerciseStyle::American => "American, treated as European",
    };
    let minute = dataset.expiry_minute_utc;
    let mut facts = vec![
        ("Prices", settlement),
        ("Exercise", exercise.to_owned()),
        ("Expiry", format!("{:02}:{:02} UTC", minute / 60, minute % 60)),
        (
            "Contract",
            format!("{} {}, lots of {}", plain(dataset.contract_size), dataset.underlying, plain(dataset.lot)),
        ),
        ("Rate", percent(dataset.rate, 1)),
    ];
    if let Some(fit) = &dataset.quality.fit_error {
        facts.push(("Fit error, median", format!("{} points", number(fit.median_vol_points, 3))));
        facts.push(("Fit error, 95 %", format!("{} points", number(fit.p95_vol_points, 3))));
        facts.push((
            "Inside bid and ask",
            format!("{} of {} quotes", percent(fit.inside_bid_ask, 1), count(fit.quotes as usize)),
        ));
    }
    facts
}

/// One cell of a table of medians.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// The median in words.
    pub words: String,
    /// How strongly it is tinted, with its sign, -1 to 1.
    pub heat: f64,
    /// Count of values, and what else is to be said of them.
    pub title: String,
}

/// A row of such a table: its days, and its cells.
pub type HeatRow = (String, Vec<HeatCell>);

/// Days to expiry of a row.
pub fn days_words(row: usize) -> String {
    let bound = |place: usize| DAYS.get(place).map(|days| number(*days, 0));
    match (row.checked_sub(1).and_then(bound), bound(row)) {
        (None, Some(to)) => format!("under {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (from, None) => format!("{} and more", from.unwrap_or_default()),
    }
}

/// Medians of cells, rows that hold none left out; `full` is the size that is tinted whole.
fn heat(
    cells: &Cells,
    full: f64,
    words: impl Fn(f64) -> String,
    title: impl Fn(usize, usize) -> String,
) -> Vec<HeatRow> {
    let (rows, columns) = cells.size();
    let cell = |row: usize, column: usize| {
        let median = cells.median(row, column);
        HeatCell {
            words: or_dash(median, &words),
            heat: median.map_or(0.0, |median| (median / full).clamp(-1.0, 1.0)),
            title: median.map(|_| title(row, column)).unwrap_or_default(),
        }
    };
    let held = (0..rows).filter(|row| (0..columns).any(|column| cells.count(*row, column) > 0));
    held.map(|row| (days_words(row), (0..columns).map(|column| cell(row, column)).collect())).collect()
}

/// Median relative spreads by days to expiry and |delta|.
pub fn spread_table(cells: &Cells) -> Vec<HeatRow> {
    let title = |row, column| format!("{} quotes", count(cells.count(row, column)));
    heat(cells, 0.5, |share| percent(share, if share < 0.1 { 1 } else { 0 }), title)
}

/// Median residuals in volatility points by days to expiry and delta.
pub fn residual_table(cells: &Cells) -> Vec<HeatRow> {
    let title = |row, column| {
        let size = or_dash(cells.median_size(row, column), |size| number(size, 1));
        format!("{} options; median size {size} points", count(cells.count(row, column)))
    };
    heat(cells, 8.0, |points| signed(points, 1), title)
}

/// Median residuals against quotes of a kind over delta, a line a tenor; the first and the last tenors are in the table alone.
pub fn residual_lines(cells: &Cells, against: DataKind) -> Lines {
    let line = |row: usize| {
        let point = |column: usize| Some((-RESIDUAL_DELTAS[column], cells.median(row, column)?));
        let points = (0..RESIDUAL_DELTAS.len()).filter_map(point).collect();
        Series { name: format!("{} d", days_words(row)), points, ..Series::default() }
    };
    let series = (1..DAYS.len()).map(line).filter(|series| !series.points.is_empty()).collect();
    let y_title = if against == DataKind::Fitted { "Model − fitted, points" } else { "Model − recorded, points" };
    Lines { x: Axis::Delta, x_title: DELTA_TITLE, y: Axis::Points, y_title, series, has_zero: true, ..Lines::default() }
}

/// Residuals of all options in one sentence.
pub fn residual_words(cells: &Cells) -> String {
    let share = |share: f64| or_dash(quantile(cells.all().map(f32::abs), share), |points| number(points, 1));
    let bias = or_dash(quantile(cells.all(), 0.5), |points| signed(points, 1));
    format!(
        "{} out-of-the-money options: median {bias} points, median size {}, 95 % under {}.",
        count(cells.all().count()),
        share(0.5),
        share(0.95)
    )
}

/// What a model is compared with: a fit to recorded months is not the months.
pub fn against_words(quotes: &Dataset) -> String {
    format!("Against {}. {}", quotes.id, kind_words(quotes).1)
}

/// A model's 30-day volatility by an index: year, days, median, 10th to 90th percentile, at a factor.
pub fn index_rows(ratio: &IndexRatio, factor: f64) -> Vec<[String; 4]> {
    let show = |value: f64| number(value * factor, 2);
    let row = |year: &YearRatio| {
        let range = format!("{} to {}", show(year.p10), show(year.p90));
        [year.year.to_string(), count(year.days as usize), show(year.median), range]
    };
    ratio.years.iter().map(row).collect()
}

/// The 30-day call of 25 delta at a model's factor and as calibrated, one sentence; `None` where the model has no smile there.
pub fn premium_words(
    dataset: &Dataset,
    model: &Model,
    time: Timestamp,
    index: f64,
    level: f64,
    unit: &str,
) -> Option<String> {
    let call = |vol_factor: f64| Model { vol_factor, ..model.clone() }.call_of_delta(level, 30.0, 0.25);
    let (now, calibrated) = (call(model.vol_factor)?, call(1.0)?);
    // A month's carry is left out: the forward is taken as the index.
    let price = |call: ExampleCall| match dataset.settlement {
        Settlement::Inverse => format!("{} {unit}", number(call.premium, 4)),
        Settlement::Linear => format!("{} {unit}", number(call.premium * index, 2)),
    };
    let strike = number(now.strike * index, if index < 1000.0 { 2 } else { 0 });
    Some(format!(
        "30-day call of 25 delta on {}, index {}: strike {strike}, volatility {}, premium {} ({} of the index); as calibrated {}, {}.",
        day(time),
        number(index, if index < 1000.0 { 2 } else { 0 }),
        percent(now.vol, 1),
        price(now),
        percent(now.premium, 2),
        percent(calibrated.vol, 1),
        price(calibrated),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Catalog;
    use crate::market::model::residuals::CALL_DELTAS;
    use crate::market::observed::SPREAD_DELTAS;

    #[test]
    fn rows_say_what_the_catalog_knows() {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("the catalog");
        let found = row(catalog.dataset("btc-2026").expect("btc-2026"));
        assert_eq!(found.span, "2025-12-30 to 2026-06-30");
        assert_eq!(found.figures, ["722", "6 h", "2.0 MB", "91.7 %", "26", "0.05 pts"]);
        let found = row(catalog.dataset("msft-2026").expect("msft-2026"));
        assert_eq!((found.kind.0, &found.figures[5]), ("Recorded", &ABSENT.to_owned()));
        let quotes = ["btc-2026", "btc-board-2024-12-31"].map(|id| against_words(catalog.dataset(id).expect(id)));
        let expected = [
            "Against btc-2026. Real index, forwards and strikes; smiles and spreads are fitted to recorded quotes. Median error 0.05 volatility points, 95 % under 0.22.",
            "Against btc-board-2024-12-31. Real quotes of a venue: some may be left out, none is changed.",
        ];
        assert_eq!(quotes, expected);
        let gold = catalog.dataset("gld-long").expect("gld-long");
        assert!(facts(gold).contains(&("Prices", "in USD (linear)".into())));
    }

    #[test]
    fn columns_have_their_words() {
        assert_eq!((SPREAD_COLUMNS.len(), RESIDUAL_COLUMNS.len()), (SPREAD_DELTAS.len() + 1, CALL_DELTAS.len() + 1));
        for (place, delta) in RESIDUAL_DELTAS.iter().enumerate() {
            assert_eq!(CALL_DELTAS.partition_point(|bound| *bound <= -delta), place, "{delta}");
        }
        let mut cells = Cells::new(&CALL_DELTAS);
        for points in [4.0, -2.0, -4.0] {
            cells.add(30.0, -0.4, points);
        }
        let titles = [DataKind::Fitted, DataKind::Recorded].map(|kind| residual_lines(&cells, kind).y_title);
        assert_eq!(titles, ["Model − fitted, points", "Model − recorded, points"]);
        let table = residual_table(&cells);
        assert_eq!((table.len(), table[0].0.as_str()), (1, "21 to 45"));
        let cell = &table[0].1[3];
        assert_eq!(
            (cell.words.as_str(), cell.heat, cell.title.as_str()),
            ("−2.0", -0.25, "3 options; median size 4.0 points")
        );
        assert_eq!(table[0].1[0].words, "–");
        assert_eq!((days_words(0), days_words(7)), ("under 2".into(), "400 and more".into()));
    }
}
