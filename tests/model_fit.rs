//! How far the models of btc-long and gld-long are from outside figures; `-- --nocapture` prints the tables of docs/DATA.md.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::cli::FileSource;
use chainwalk::import::Report;
use chainwalk::import::closes::daily_bars;
use chainwalk::import::fit::Deviations;
use chainwalk::import::long::{LevelRule, LongSpec};
use chainwalk::market::catalog::{DailyBar, FitError, YearRatio};
use chainwalk::market::cells::{Cells, DAYS};
use chainwalk::market::model::recorded_smiles;
use chainwalk::market::surface::{ExpiryGrid, QuoteRule};
use chainwalk::market::{Chain, Dataset, MarketSnapshot, Model, PackSource};
use chainwalk::units::{Day, Timestamp};
use common::{month, shared};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

fn read(path: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(shared(path)?).expect(path);
    if !path.ends_with(".gz") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).expect(path);
    Some(plain)
}

fn bars(path: &str) -> Option<Vec<DailyBar>> {
    let all = (Day(0), Day(40_000));
    Some(daily_bars(read(path)?.as_slice(), path, all, &mut Report::default()).expect(path))
}

/// A CSV of `date, value` rows: the columns of these places.
fn series(path: &str, value: usize) -> Option<BTreeMap<Day, f64>> {
    let text = String::from_utf8(read(path)?).expect(path);
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Some((Day::parse(fields[0].get(..10)?)?, fields.get(value)?.trim().parse::<f64>().ok()?))
    };
    Some(text.lines().skip(1).filter_map(row).collect())
}

fn spec(id: &str) -> LongSpec {
    LongSpec::shipped(id).expect("a shipped specification").expect("it reads")
}

/// The level after each close by its day.
fn levels(rule: &LevelRule, bars: &[DailyBar], from: Day, day_count: u32) -> BTreeMap<Day, f64> {
    let bars: Vec<&DailyBar> = bars.iter().filter(|bar| bar.date >= from).collect();
    let closes: Vec<f64> = bars.iter().map(|bar| bar.close).collect();
    bars.iter().map(|bar| bar.date).zip(rule.levels(&closes, day_count)).collect()
}

/// The BTC closes of the package that ships, continued by those of the hourly series.
fn btc_bars() -> Option<Vec<DailyBar>> {
    let mut bars = bars("data/registry/brk_oracle/btcusd_daily_ohlc_2010-2026.csv")?;
    let last = bars.last().expect("bars").date;
    let later = self::bars("data/spot/BTCUSDT_1h.csv.gz")?;
    bars.extend(later.into_iter().filter(|bar| bar.date > last));
    Some(bars)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

fn print(cells: &Cells, title: &str) {
    println!("{title}: median of model - recorded, and of its size, volatility points; columns by call delta");
    println!("| days | {} |", ["10p", "10-35p", "35-45p+", "atm", "35-20c", "20-10c", "10c"].join(" | "));
    let (rows, columns) = cells.size();
    for row in 0..rows {
        let bound = |i: usize| DAYS.get(i).map_or("...".into(), f64::to_string);
        let from = row.checked_sub(1).map_or("0".into(), bound);
        let cell = |column: usize| match cells.median(row, column).zip(cells.median_size(row, column)) {
            Some((signed, size)) => format!("{signed:+.1} ({size:.1})"),
            None => "-".into(),
        };
        let cells: Vec<String> = (0..columns).map(cell).collect();
        println!("| {from} to {} | {} |", bound(row), cells.join(" | "));
    }
}

fn sizes(cells: &Cells) -> Vec<f64> {
    cells.all().map(|v| f64::from(v.abs())).collect()
}

/// The modelled quotes on the recorded grid, against what was recorded.
fn deviate(dataset: &Dataset, model: &Model, level: f64, snapshot: &MarketSnapshot, all: &mut Deviations) {
    let rule = QuoteRule { settlement: dataset.settlement, tick: &dataset.tick, rate: 0.0 };
    let curve = model.curve(level);
    let deviate = |chain: &Chain| {
        let grid = ExpiryGrid { expiry: chain.expiry, forward: chain.forward.0, strikes: chain.strikes.clone() };
        let fit = curve.fit(chain.expiry.ms_since(snapshot.time), chain.strikes.len(), f64::from(dataset.tick.per_one));
        fit.quotes(grid, snapshot.time, rule)
    };
    let per_one = f64::from(dataset.tick.per_one);
    for chain in &snapshot.chains {
        if let Ok(quotes) = deviate(chain) {
            all.add(chain, &quotes, |price| f64::from(dataset.tick.step_at(price)) / per_one);
        }
    }
}

/// The level at which the model's 30-day volatility is the recorded one.
fn implied_level(model: &Model, wanted: f64) -> f64 {
    let (mut low, mut high) = (0.01, 10.0);
    for _ in 0..60 {
        let middle = f64::sqrt(low * high);
        if model.curve(middle).vol(30.0) < wanted { low = middle } else { high = middle }
    }
    f64::sqrt(low * high)
}

fn newest(levels: &BTreeMap<Day, f64>, t: Timestamp) -> f64 {
    *levels.range(..t.day()).next_back().expect("a close before").1
}

#[test]
fn btc_against_the_recorded_months() {
    let Some(bars) = btc_bars() else { return };
    let spec = spec("btc-long");
    let model = spec.dataset.model.clone().expect("a model");
    let levels = levels(&spec.level, &bars, spec.warm_up_from, 365);
    let (mut whole, mut shape) = (Vec::new(), Vec::new());
    let (mut deviations, mut report) = (Deviations::default(), Report::default());
    for name in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
        let path = format!("data/deribit/BTC-{name}.json.gz");
        let Some(bytes) = read(&path) else { return };
        for raw in month(&bytes, &path, &mut report) {
            let snapshot = raw.price(0.0).expect("a sound snapshot");
            let level = newest(&levels, snapshot.time);
            whole.extend(recorded_smiles(&snapshot, level));
            deviate(&spec.dataset, &model, level, &snapshot, &mut deviations);
            if let Some(recorded) = snapshot.levels.atm_iv_30 {
                shape.extend(recorded_smiles(&snapshot, implied_level(&model, recorded)));
            }
        }
    }
    let (whole, shape) = (model.residuals(&whole), model.residuals(&shape));
    print(&whole, "whole model, level from realised volatility");
    print(&shape, "smile and term structure alone, level such that the 30-day volatility is the recorded one");
    let (mut a, mut b) = (sizes(&whole), sizes(&shape));
    println!(
        "all: median {:.2}, p95 {:.2}; smile and term structure alone: median {:.2}, p95 {:.2}",
        median(&mut a),
        percentile(&mut a, 0.95),
        median(&mut b),
        percentile(&mut b, 0.95)
    );
    let found: FitError = deviations.fit_error();
    println!("quality.fit_error: {}", serde_json::to_string(&found).expect("JSON"));
    assert!(median(&mut b) < 3.0 && median(&mut a) < 8.0);
    assert_eq!(spec.dataset.quality.fit_error, Some(found), "what the catalog says of the model's error");
}

/// Ratio of the model's 30-day volatility to an index: median, 10th and 90th percentile of the days by year, as the catalog has
/// them, and every day's.
fn ratios(
    title: &str,
    model: &Model,
    levels: &BTreeMap<Day, f64>,
    index: &BTreeMap<Day, f64>,
) -> (Vec<YearRatio>, Vec<f64>) {
    println!("{title}: model's 30-day volatility / index; median, 10th and 90th percentile of the days");
    let mut years: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for (day, index) in index {
        if let Some(level) = levels.get(day) {
            years.entry(day.year_month().0).or_default().push(100.0 * model.curve(*level).vol(30.0) / index);
        }
    }
    let mut all: Vec<f64> = years.values().flatten().copied().collect();
    let hundredths = |ratio: f64| (100.0 * ratio).round() / 100.0;
    let mut found = Vec::new();
    for (year, ratios) in &mut years {
        let [p10, p90] = [0.1, 0.9].map(|share| hundredths(percentile(ratios, share)));
        let (days, median) = (ratios.len() as u32, hundredths(median(ratios)));
        println!("| {year} | {days} | {median:.2} | {p10:.2} to {p90:.2} |");
        found.push(YearRatio { year: *year, days, median, p10, p90 });
    }
    let [p10, p90] = [0.1, 0.9].map(|share| percentile(&mut all, share));
    println!("| all | {} | {:.2} | {p10:.2} to {p90:.2} |", all.len(), median(&mut all));
    (found, all)
}

/// What the specification of a dataset says of its model and an index, which is what the catalog will say.
fn stated(id: &str) -> Vec<YearRatio> {
    spec(id).dataset.quality.index_ratio.map(|ratio| ratio.years).unwrap_or_default()
}

#[test]
fn btc_against_dvol() {
    let Some(bars) = btc_bars() else { return };
    let spec = spec("btc-long");
    let levels = levels(&spec.level, &bars, spec.warm_up_from, 365);
    let Some(dvol) = series("data/spot/btc_dvol_daily.csv.gz", 4) else { return };
    let (found, mut all) = ratios("BTC against DVOL", spec.dataset.model.as_ref().expect("a model"), &levels, &dvol);
    assert_eq!(stated("btc-long"), found);
    assert!((0.8..1.1).contains(&median(&mut all)));
}

#[test]
fn gold_against_gvz() {
    let Some(gvz) = series("data/spot/GVZCLS.csv", 1) else { return };
    let dataset = FileSource { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/data") };
    let catalog = dataset.catalog().expect("the shipped catalog");
    let gold = catalog.dataset("gld-long").expect("gld-long");
    let mut model = gold.model.clone().expect("a model");
    model.vol_factor = 1.0;
    let Some(mut bars) = bars("data/registry/pandas-ml-quant-rl/GLD.csv.gz") else { return };
    let Some(later) = self::bars("data/registry/tiportfolio/gld_2018_2024_yf.csv") else { return };
    bars.retain(|bar| bar.date < later[0].date);
    bars.extend(later);
    let levels = levels(&spec("gld-long").level, &bars, Day(0), 252);
    let (found, mut all) = ratios("gold against GVZ", &model, &levels, &gvz);
    assert_eq!(stated("gld-long"), found);
    assert!((0.73..0.97).contains(&median(&mut all)), "the range in which premiums were found");
}
