//! A price series, perhaps with one of volatility and one of yields: a modelled dataset.

use super::{Inputs, Out, Source};
use crate::import::closes::{BarColumns, named_bars};
use crate::import::csv_guess::series::Series;
use crate::import::long::{Beside, Files, LongSpec, Own, VolColumns, assemble_long, read_vol, read_yields};
use crate::import::{ImportError, Report};
use crate::market::catalog::{DailyBar, Dataset};
use crate::units::Day;

/// Days of which prices are read.
const ALL_DAYS: (Day, Day) = (Day(0), Day(80_000));

/// How a price series becomes a modelled dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Modelled {
    /// The specification; of an own series, the one whose model it takes.
    pub spec: LongSpec,
    /// What is said of a series of one's own; `None` = the specification is of this very series.
    pub own: Option<Own>,
    /// Columns of the prices; `None` = those that are guessed, file by file.
    pub prices: Option<BarColumns>,
    /// Columns of the volatility; `None` = those that are guessed.
    pub vol: Option<VolColumns>,
    /// Column of the yields.
    pub rate_column: String,
}

pub(super) fn modelled(
    series: &Modelled,
    inputs: &Inputs<'_>,
    out: &mut dyn Out,
    report: &mut Report,
) -> Result<Dataset, ImportError> {
    let bars = bars(series, inputs, report)?;
    let yields = match &inputs.yields {
        Some(Source { name, open }) => Some(read_yields(open()?, name, &series.rate_column, report)?),
        None => None,
    };
    let vol = match &inputs.vol {
        Some(source) => {
            let guess = || Ok(Series::read((source.open)()?, &source.name)?.vol());
            let columns = series.vol.clone().map_or_else(guess, Ok::<_, ImportError>)?;
            Some(read_vol((source.open)()?, &source.name, &columns, report)?)
        }
        None => None,
    };
    let spec = match &series.own {
        Some(own) => {
            let prices = inputs.options.iter().map(|source| source.name.clone()).collect();
            own.spec(&series.spec, &Files { prices, vol: inputs.vol.as_ref().map(|source| source.name.clone()) })?
        }
        None => series.spec.clone(),
    };
    let snapshots = spec.snapshots(&bars, &Beside { yields, vol }, report);
    let files = assemble_long(&spec, &snapshots, report)?;
    files.packs.into_iter().try_for_each(|pack| out.keep(pack))?;
    Ok(files.dataset)
}

/// The files' bars, one after the other: a later file replaces the earlier ones from its first day on.
fn bars(series: &Modelled, inputs: &Inputs<'_>, report: &mut Report) -> Result<Vec<DailyBar>, ImportError> {
    let mut bars: Vec<DailyBar> = Vec::new();
    for Source { name, open } in &inputs.options {
        let guess = || Ok(Series::read(open()?, name)?.bars());
        let columns = series.prices.clone().map_or_else(guess, Ok::<_, ImportError>)?;
        let later = named_bars(open()?, name, &columns, ALL_DAYS, report)?;
        let Some(first) = later.first().map(|bar| bar.date) else { continue };
        let kept = bars.partition_point(|bar| bar.date < first);
        report.note("day replaced by a later file", (bars.len() - kept) as u64);
        bars.truncate(kept);
        bars.extend(later);
    }
    Ok(bars)
}
