//! How far the models of btc-long and gld-long are from outside figures; `-- --nocapture` prints the tables of docs/DATA.md.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::cli::FileSource;
use chainwalk::import::closes::daily_bars;
use chainwalk::import::fit::Deviations;
use chainwalk::import::long::{LevelRule, LongSpec};
use chainwalk::import::{Report, deribit_months};
use chainwalk::market::catalog::{DailyBar, FitError};
use chainwalk::market::surface::{ExpiryGrid, QuoteRule};
use chainwalk::market::{Chain, Dataset, MarketSnapshot, Model, PackSource};
use chainwalk::units::{Day, Timestamp};
use common::shared;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Bounds of the tenor rows, days.
const TENORS: [f64; 7] = [2.0, 10.0, 21.0, 45.0, 135.0, 270.0, 400.0];
/// Bounds of the columns: delta of the call.
const DELTAS: [f64; 6] = [0.90, 0.65, 0.45, 0.35, 0.20, 0.10];

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

/// Model minus recorded volatility in points, by tenor row and delta column.
#[derive(Default)]
struct Table(BTreeMap<(usize, usize), Vec<f64>>);

impl Table {
    fn add(&mut self, days: f64, call_delta: f64, points: f64) {
        let row = TENORS.iter().position(|bound| days < *bound).unwrap_or(TENORS.len());
        let column = DELTAS.iter().position(|bound| call_delta > *bound).unwrap_or(DELTAS.len());
        self.0.entry((row, column)).or_default().push(points);
    }

    fn print(&mut self, title: &str) {
        println!("{title}: median of model - recorded, and of its size, volatility points; columns by call delta");
        let columns = ["10p", "10-35p", "35-45p+", "atm", "35-20c", "20-10c", "10c"];
        println!("| days | {} |", columns.join(" | "));
        for row in 0..=TENORS.len() {
            let bound = |i: usize| TENORS.get(i).map_or("...".into(), f64::to_string);
            let from = row.checked_sub(1).map_or("0".into(), bound);
            let cell = |column: usize| {
                let Some(values) = self.0.get(&(row, column)) else { return "-".into() };
                let (mut signed, mut size) = (values.clone(), values.iter().map(|v| v.abs()).collect::<Vec<_>>());
                format!("{:+.1} ({:.1})", median(&mut signed), median(&mut size))
            };
            let cells: Vec<String> = (0..=DELTAS.len()).map(cell).collect();
            println!("| {from} to {} | {} |", bound(row), cells.join(" | "));
        }
    }

    fn all(&self) -> Vec<f64> {
        self.0.values().flatten().map(|v| v.abs()).collect()
    }
}

/// The model's volatility at the recorded strikes against the recorded ones, out of the money.
fn compare(model: &Model, level: f64, snapshot: &MarketSnapshot, table: &mut Table) {
    let curve = model.curve(level);
    for chain in &snapshot.chains {
        let (ms, years) = (chain.expiry.ms_since(snapshot.time), chain.expiry.years_since(snapshot.time));
        let Ok(smile) = curve.fit(ms, 1, 1.0).smile() else { continue };
        for (row, strike) in chain.strikes.iter().enumerate() {
            let columns = if *strike >= chain.forward.0 { &chain.call } else { &chain.put };
            let (Some(iv), Some(delta)) = (columns.iv(row), chain.call.delta(row)) else { continue };
            let vol = smile.vol(libm::log(strike / chain.forward.0) / years.sqrt());
            table.add(chain.expiry.days_since(snapshot.time), delta, 100.0 * (vol - iv));
        }
    }
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
    let (mut whole, mut shape) = (Table::default(), Table::default());
    let (mut deviations, mut report) = (Deviations::default(), Report::default());
    for month in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
        let path = format!("data/deribit/BTC-{month}.json.gz");
        let Some(bytes) = read(&path) else { return };
        for raw in deribit_months::read(&bytes, &path, &mut report).expect("a month").snapshots {
            let snapshot = raw.price(0.0).expect("a sound snapshot");
            let level = newest(&levels, snapshot.time);
            compare(&model, level, &snapshot, &mut whole);
            deviate(&spec.dataset, &model, level, &snapshot, &mut deviations);
            if let Some(recorded) = snapshot.levels.atm_iv_30 {
                compare(&model, implied_level(&model, recorded), &snapshot, &mut shape);
            }
        }
    }
    whole.print("whole model, level from realised volatility");
    shape.print("smile and term structure alone, level such that the 30-day volatility is the recorded one");
    let (mut a, mut b) = (whole.all(), shape.all());
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

/// Ratio of the model's 30-day volatility to an index by year: median, 10th and 90th percentile of the days.
fn ratios(title: &str, model: &Model, levels: &BTreeMap<Day, f64>, index: &BTreeMap<Day, f64>) -> Vec<f64> {
    println!("{title}: model's 30-day volatility / index; median, 10th and 90th percentile of the days");
    let mut years: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for (day, index) in index {
        if let Some(level) = levels.get(day) {
            years.entry(day.year_month().0).or_default().push(100.0 * model.curve(*level).vol(30.0) / index);
        }
    }
    let mut all: Vec<f64> = years.values().flatten().copied().collect();
    for (year, ratios) in &mut years {
        let [p10, p90] = [0.1, 0.9].map(|share| percentile(ratios, share));
        println!("| {year} | {} | {:.2} | {p10:.2} to {p90:.2} |", ratios.len(), median(ratios));
    }
    let [p10, p90] = [0.1, 0.9].map(|share| percentile(&mut all, share));
    println!("| all | {} | {:.2} | {p10:.2} to {p90:.2} |", all.len(), median(&mut all));
    all
}

#[test]
fn btc_against_dvol() {
    let Some(bars) = btc_bars() else { return };
    let spec = spec("btc-long");
    let levels = levels(&spec.level, &bars, spec.warm_up_from, 365);
    let Some(dvol) = series("data/spot/btc_dvol_daily.csv.gz", 4) else { return };
    let mut all = ratios("BTC against DVOL", spec.dataset.model.as_ref().expect("a model"), &levels, &dvol);
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
    let mut all = ratios("gold against GVZ", &model, &levels, &gvz);
    assert!((0.73..0.97).contains(&median(&mut all)), "the range in which premiums were found");
}
