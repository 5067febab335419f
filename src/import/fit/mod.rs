//! `pack fit`: a recorded dataset is reduced to index, forwards, strike lists, smiles and spreads.
//!
//! Same input, same bytes: fixed starting points, fixed order, `libm` only.

mod linear;
mod measure;
mod smile;
mod spread;

pub use measure::{Deviations, share};
pub use smile::{Repair, SmileTarget, fit_smile};
pub use spread::{TouchTarget, fit_distances, quoted_rows};

use super::Report;
use super::folder::{DatasetFiles, PackFile};
use crate::market::catalog::{DataKind, Dataset, PackEntry};
use crate::market::codec::{FittedSnapshot, encode_fitted, sha256_hex};
use crate::market::surface::{ExpiryFit, ExpiryGrid, HALF_SPREADS_PER_UNIT, Pricer, QuoteRule, Side, TOUCHES};
use crate::market::{Chain, MarketSnapshot, PackSource, SnapshotError, SourceError};
use crate::pricing::{OptionKind, pdf};
use crate::units::Timestamp;

/// Fewest volatilities of an expiry that is fitted.
const LEAST_VOLS: usize = 5;
/// Price error that counts as much as one tick, as a share of the option's price.
const PRICE_TOLERANCE: f64 = 0.02;
/// Least weight of a strike beside the heaviest one.
const LEAST_WEIGHT: f64 = 0.02;

/// Why a dataset is not fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitFailure {
    /// The input cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The input is not what a fit starts from.
    #[error("{id}: found a dataset of kind {found:?}, expected recorded")]
    Kind {
        /// The dataset.
        id: String,
        /// Its kind.
        found: DataKind,
    },
    /// The fitted parameters do not give a snapshot that a reader would take.
    #[error("snapshot {time}: {source}")]
    Snapshot {
        /// The snapshot.
        time: Timestamp,
        /// Field, found, expected.
        source: SnapshotError,
    },
}

/// The fit of one month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthFit {
    /// The pack.
    pub path: String,
    /// Its size, bytes.
    pub bytes: u64,
    /// Its deviations from what was recorded.
    pub deviations: Deviations,
}

/// Fits all packs of a recorded dataset; `header` is the fitted dataset's entry, completed here.
///
/// First and last day, packs and quality are taken over or measured; `on_snapshot` hears of each one fitted.
pub fn fit_dataset(
    source: &impl PackSource,
    recorded: &Dataset,
    mut header: Dataset,
    report: &mut Report,
    mut on_snapshot: impl FnMut(),
) -> Result<(DatasetFiles, Vec<MonthFit>), FitFailure> {
    if recorded.kind != DataKind::Recorded {
        return Err(FitFailure::Kind { id: recorded.id.clone(), found: recorded.kind });
    }
    header.packs.clear();
    let (mut files, mut months, mut all) = (Vec::new(), Vec::new(), Deviations::default());
    for entry in &recorded.packs {
        let mut month = Deviations::default();
        let mut fitted = Vec::new();
        for snapshot in source.pack(recorded, entry)? {
            let (fit, deviations) = fit_snapshot(&snapshot, rule(&header), report)?;
            month.extend(&deviations);
            fitted.push(fit);
            on_snapshot();
        }
        let bytes = encode_fitted(&header, &fitted);
        let path = format!("{}/{}.json", header.id, entry.first.format("%Y-%m"));
        let (length, sha256) = (bytes.len() as u64, sha256_hex(&bytes));
        let (first, last, snapshots) = (entry.first, entry.last, entry.snapshots);
        header.packs.push(PackEntry { path: path.clone(), first, last, snapshots, bytes: length, sha256 });
        files.push(PackFile { path: path.clone(), bytes });
        all.extend(&month);
        months.push(MonthFit { path, bytes: length, deviations: month });
    }
    report.kept = all.options;
    header.quality = recorded.quality.clone();
    header.quality.two_sided_pct = (1e4 * share(all.two_sided_fitted, all.options)).round() / 1e4;
    header.quality.fit_error = Some(all.fit_error());
    Ok((DatasetFiles { dataset: header, packs: files }, months))
}

fn rule(dataset: &Dataset) -> QuoteRule<'_> {
    QuoteRule { settlement: dataset.settlement, tick: &dataset.tick, rate: dataset.rate }
}

/// Fits one snapshot and measures the fit; expiries with too few volatilities are dropped.
pub fn fit_snapshot(
    snapshot: &MarketSnapshot,
    rule: QuoteRule,
    report: &mut Report,
) -> Result<(FittedSnapshot, Deviations), FitFailure> {
    let time = snapshot.time;
    let (mut chains, mut deviations) = (Vec::new(), Deviations::default());
    for chain in &snapshot.chains {
        let Some((fit, repair)) = fit_chain(chain, time, rule) else {
            report.drop_rows("expiry with fewer than 5 volatilities", 2 * chain.strikes.len() as u64);
            continue;
        };
        match repair {
            Repair::None => {}
            Repair::PulledCorrections => report.note("smile with smaller corrections, to be free of butterflies", 1),
            Repair::FlattenedWings => report.note("smile with flatter wings, to be free of butterflies", 1),
        }
        let grid = ExpiryGrid { expiry: chain.expiry, forward: chain.forward.0, strikes: chain.strikes.clone() };
        let quotes = fit.quotes(grid.clone(), time, rule).map_err(|error| {
            let at = format!("expiry {} smile", chain.expiry.day());
            let source = SnapshotError { at, found: error.to_string(), expected: "a positive smile".into() };
            FitFailure::Snapshot { time, source }
        })?;
        let per_one = f64::from(rule.tick.per_one);
        deviations.add(chain, &quotes, |price| f64::from(rule.tick.step_at(price)) / per_one);
        chains.push((grid, fit));
    }
    let error = Some(deviations.snapshot_error());
    let (high, low) = (snapshot.high.map(|p| p.0), snapshot.low.map(|p| p.0));
    Ok((FittedSnapshot { time, index: snapshot.index.0, high, low, error, chains }, deviations))
}

/// Smile, half-spreads and quoted rows of one expiry, and what was done to its smile.
fn fit_chain(chain: &Chain, time: Timestamp, rule: QuoteRule) -> Option<(ExpiryFit, Repair)> {
    let years = chain.expiry.years_since(time);
    let pricer = Pricer::new(chain.forward.0, years, rule);
    let targets = smile_targets(chain, years, &pricer, rule);
    if targets.len() < LEAST_VOLS {
        return None;
    }
    let (numbers, repair) = fit_smile(&targets, years);
    let mut fit = ExpiryFit { smile: numbers, spread: [[0; 6]; 4], quoted: [[0; 2]; 4] };
    let smile = fit.smile().ok()?;
    let values: Vec<_> = chain
        .strikes
        .iter()
        .map(|strike| pricer.fair_values(*strike, smile.vol(pricer.scaled_moneyness(*strike))))
        .collect();
    let units = HALF_SPREADS_PER_UNIT * f64::from(rule.tick.per_one);
    for (touch, (kind, side)) in TOUCHES.into_iter().enumerate() {
        let columns = chain.columns(kind);
        let price = |row: usize| match side {
            Side::Bid => columns.bid(row),
            Side::Ask => columns.ask(row),
        };
        let target = |row: usize| {
            let price = price(row)?;
            let value = values[row][usize::from(kind == OptionKind::Put)];
            let below_mark = (value.mark - price) * units;
            let distance = if side == Side::Bid { below_mark } else { -below_mark };
            let tick = HALF_SPREADS_PER_UNIT * f64::from(rule.tick.step_at(price));
            Some(TouchTarget { abs_delta: value.abs_delta, distance, tick })
        };
        let touches: Vec<TouchTarget> = (0..values.len()).filter_map(target).collect();
        fit.spread[touch] = fit_distances(&touches);
        fit.quoted[touch] = quoted_rows((0..values.len()).map(|row| price(row).is_some()));
    }
    Some((fit, repair))
}

/// Mark volatilities of the out-of-the-money options, each as heavy as its vega makes it in ticks.
///
/// ```text
/// weight = vega / (tick + 2 % of the price), the heaviest 1, plus 0.02
/// ```
fn smile_targets(chain: &Chain, years: f64, pricer: &Pricer, rule: QuoteRule) -> Vec<SmileTarget> {
    let tick = pricer.relative(1.0 / f64::from(rule.tick.per_one));
    let target = |row: usize| {
        let strike = chain.strikes[row];
        let (near, far) = if strike >= chain.forward.0 { (&chain.call, &chain.put) } else { (&chain.put, &chain.call) };
        let vol = near.iv(row).or_else(|| far.iv(row)).filter(|vol| *vol > 0.0)?;
        let y = pricer.scaled_moneyness(strike);
        let [call, put] = pricer.fair_values(strike, vol);
        let price = pricer.relative(call.mark.min(put.mark));
        let vega = pdf(y / vol) * years.sqrt();
        Some(SmileTarget { y, vol, weight: vega / (tick + PRICE_TOLERANCE * price) })
    };
    let mut targets: Vec<SmileTarget> = (0..chain.strikes.len()).filter_map(target).collect();
    let heaviest = targets.iter().map(|t| t.weight).fold(f64::MIN_POSITIVE, f64::max);
    targets.iter_mut().for_each(|t| t.weight = t.weight / heaviest + LEAST_WEIGHT);
    targets
}
