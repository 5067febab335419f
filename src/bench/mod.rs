//! Benches: what is timed, natively and in the page alike, and the proof that it computes the right thing.
//!
//! [`Bench::new`] loads a year of daily chains and runs every backtest once; its results must be the expected ones. Each
//! timed round must then repeat the bits of that first time. The clock is the caller's.

pub mod chain;
mod rules;

pub use rules::request;

use crate::market::{Catalog, Dataset, MarketSnapshot, MemorySource, PackSource, decode_pack};
use crate::pricing::{Expiry, OptionKind, implied_vol};
use crate::run::{Advance, Command, Resolved, Run, resolve};
use chain::Priced;
use rules::Rules;
use serde::Serialize;
use std::cell::OnceCell;

/// The file beside a catalog that says what the runs must come to.
pub const EXPECTED_PATH: &str = "expected_trades.json";

/// A bench that cannot be made, or that computed something else than it must.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct BenchError(pub String);

impl BenchError {
    fn from(error: impl std::fmt::Display) -> BenchError {
        BenchError(error.to_string())
    }
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Catalog and packs to snapshots: hashes, decoding, checks, greeks and surface levels.
    Load,
    /// A run of one variant, one short call at a time: steps, metrics and summary.
    RunA,
    /// A run of one variant, a new short call every day.
    RunB,
    /// A run of 50 variants, one short option at a time each.
    RunC,
    /// The digest of B's run.
    DigestB,
    /// The digest of C's run.
    DigestC,
    /// Price and greeks, call and put of a strike together, as a chain is loaded.
    PriceChains,
    /// Price and greeks, one option after another.
    PriceOptions,
    /// Implied volatility of every option that has one.
    ImpliedVol,
}

impl Kernel {
    /// All, in the order of the table.
    pub const ALL: [Kernel; 9] = [
        Kernel::Load,
        Kernel::RunA,
        Kernel::RunB,
        Kernel::RunC,
        Kernel::DigestB,
        Kernel::DigestC,
        Kernel::PriceChains,
        Kernel::PriceOptions,
        Kernel::ImpliedVol,
    ];

    /// Short name, also criterion's.
    pub fn name(self) -> &'static str {
        match self {
            Kernel::Load => "load",
            Kernel::RunA => "run_a",
            Kernel::RunB => "run_b",
            Kernel::RunC => "run_c",
            Kernel::DigestB => "digest_b",
            Kernel::DigestC => "digest_c",
            Kernel::PriceChains => "price_chains",
            Kernel::PriceOptions => "price_options",
            Kernel::ImpliedVol => "implied_vol",
        }
    }
}

/// A year in memory with everything that the kernels need.
pub struct Bench {
    source: MemorySource,
    dataset: Dataset,
    snapshots: Vec<MarketSnapshot>,
    /// A, B and C before their first step.
    drafts: Vec<Resolved>,
    /// A, B and C at their end.
    runs: Vec<Run>,
    priced: OnceCell<Vec<Priced>>,
}

/// One kernel's times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The kernel's name.
    pub name: &'static str,
    /// Options that a round handles (decisions for runs).
    pub items: usize,
    /// Time of the very first round, before any compiler or cache was warm.
    pub first_ms: f64,
    /// Median time of a round.
    pub median_ms: f64,
    /// Shortest time of a round.
    pub least_ms: f64,
    /// Rounds in all.
    pub rounds: usize,
}

/// Time of one batch, long against the resolution of a browser's clock.
const BATCH_MS: f64 = 20.0;
/// Fewest batches of which a median is taken.
const FEWEST_BATCHES: usize = 7;

impl Bench {
    /// The seeded year that needs no file.
    ///
    /// # Errors
    /// The results are not the expected ones.
    pub fn made_up() -> Result<Bench, BenchError> {
        let files = chain::year().map_err(BenchError::from)?;
        let catalog = Catalog::of(vec![files.dataset]);
        let mut source = MemorySource::default();
        source.files.insert("catalog.json".into(), serde_json::to_vec(&catalog).map_err(BenchError::from)?);
        source.files.extend(files.packs.into_iter().map(|pack| (pack.path, pack.bytes)));
        Bench::new(source)
    }

    /// Loads the first dataset of a folder in memory and runs A, B and C on all of it.
    ///
    /// # Errors
    /// The files are refused, or the results are not the expected ones.
    pub fn new(source: MemorySource) -> Result<Bench, BenchError> {
        let catalog = source.catalog().map_err(BenchError::from)?;
        let dataset = catalog.datasets.first().ok_or_else(|| BenchError::from("the catalog is empty"))?.clone();
        let snapshots = source.snapshots(&dataset).map_err(BenchError::from)?;
        let resolved = |rules| resolve(&request(&dataset, rules), &catalog).map_err(BenchError::from);
        let drafts = [Rules::A, Rules::B, Rules::C].into_iter().map(resolved).collect::<Result<Vec<_>, _>>()?;
        let runs = drafts.iter().map(|draft| walk(draft, &snapshots)).collect();
        let bench = Bench { source, dataset, snapshots, drafts, runs, priced: OnceCell::new() };
        rules::check(&bench.dataset, &bench.runs, bench.source.files.get(EXPECTED_PATH).map(Vec::as_slice))?;
        Ok(bench)
    }

    /// Options of the year.
    pub fn options(&self) -> usize {
        self.snapshots.iter().flat_map(|s| &s.chains).map(|chain| 2 * chain.strikes.len()).sum()
    }

    /// Digests of A, B and C.
    pub fn digests(&self) -> Vec<String> {
        self.runs.iter().map(Run::digest).collect()
    }

    /// The dataset.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// What a kernel's round handles: options, or decisions of all variants.
    pub fn items(&self, kernel: Kernel) -> usize {
        let decisions = |run: &Run| run.progress().decisions_total * run.units().len();
        match kernel {
            Kernel::Load | Kernel::PriceChains | Kernel::PriceOptions => self.options(),
            Kernel::RunA => decisions(&self.runs[0]),
            Kernel::RunB | Kernel::DigestB => decisions(&self.runs[1]),
            Kernel::RunC | Kernel::DigestC => decisions(&self.runs[2]),
            Kernel::ImpliedVol => self.priced().len(),
        }
    }

    /// One round of a kernel; what it returns depends on every result of the round and is the same every time.
    ///
    /// # Errors
    /// The packs are refused.
    pub fn round(&self, kernel: Kernel) -> Result<u64, BenchError> {
        let walked = |i: usize| mark_of(&walk(&self.drafts[i], &self.snapshots));
        Ok(match kernel {
            Kernel::Load => self.load()?,
            Kernel::RunA => walked(0),
            Kernel::RunB => walked(1),
            Kernel::RunC => walked(2),
            Kernel::DigestB => head(&self.runs[1].digest()),
            Kernel::DigestC => head(&self.runs[2].digest()),
            Kernel::PriceChains => self.price_chains().to_bits(),
            Kernel::PriceOptions => self.price_options().to_bits(),
            Kernel::ImpliedVol => self.implied_vols().to_bits(),
        })
    }

    fn load(&self) -> Result<u64, BenchError> {
        let file = |path: &str| {
            let bytes = self.source.files.get(path).map(Vec::as_slice);
            bytes.ok_or_else(|| BenchError(format!("{path} is missing")))
        };
        let catalog = Catalog::parse(file("catalog.json")?).map_err(BenchError::from)?;
        let dataset = &catalog.datasets[0];
        let mut snapshots = Vec::new();
        for entry in &dataset.packs {
            snapshots.extend(decode_pack(file(&entry.path)?, dataset, entry).map_err(BenchError::from)?);
        }
        let levels = snapshots.iter().filter_map(|s| s.levels.atm_iv_30).sum::<f64>();
        Ok(levels.to_bits() ^ snapshots.len() as u64)
    }

    fn price_chains(&self) -> f64 {
        let mut sum = 0.0;
        for (snapshot, chain) in self.snapshots.iter().flat_map(|s| s.chains.iter().map(move |c| (s, c))) {
            let expiry = Expiry::new(chain.forward.0, chain.expiry.years_since(snapshot.time));
            for (row, strike) in chain.strikes.iter().enumerate() {
                let Some(iv) = chain.call.iv(row) else { continue };
                let (call, put) = expiry.call_put(*strike, iv);
                sum += call.price + call.delta + call.gamma + call.vega + call.theta;
                sum += put.price + put.delta + put.gamma + put.vega + put.theta;
            }
        }
        sum
    }

    fn price_options(&self) -> f64 {
        let mut sum = 0.0;
        for option in self.priced() {
            let greeks = crate::pricing::greeks(option.kind, option.forward, option.strike, option.years, option.vol);
            sum += greeks.price + greeks.delta + greeks.gamma + greeks.vega + greeks.theta;
        }
        sum
    }

    fn implied_vols(&self) -> f64 {
        let vol = |o: &Priced| implied_vol(o.kind, o.forward, o.strike, o.years, o.price);
        self.priced().iter().filter_map(vol).sum()
    }

    /// Every option whose price, as the figure it is, has a volatility.
    fn priced(&self) -> &[Priced] {
        self.priced.get_or_init(|| {
            let mut all = Vec::new();
            for (snapshot, chain) in self.snapshots.iter().flat_map(|s| s.chains.iter().map(move |c| (s, c))) {
                let (forward, years) = (chain.forward.0, chain.expiry.years_since(snapshot.time));
                let expiry = Expiry::new(forward, years);
                for kind in [OptionKind::Call, OptionKind::Put] {
                    for (row, strike) in chain.strikes.iter().copied().enumerate() {
                        let Some(vol) = chain.columns(kind).iv(row) else { continue };
                        let price = expiry.price(kind, strike, vol);
                        all.push(Priced { kind, forward, strike, years, price, vol });
                    }
                }
            }
            all.retain(|o| implied_vol(o.kind, o.forward, o.strike, o.years, o.price).is_some());
            all
        })
    }

    /// Checks prices, greeks and volatilities against each other and against the chain's marks.
    ///
    /// A volatility may miss by 1e-9, and by what one rounding of the price is worth where that is more.
    ///
    /// # Errors
    /// The first figure that is off.
    pub fn check_pricing(&self) -> Result<(), BenchError> {
        for option in self.priced() {
            let Priced { kind, forward, strike, years, price, vol } = *option;
            let greeks = crate::pricing::greeks(kind, forward, strike, years, vol);
            let found = implied_vol(kind, forward, strike, years, price).unwrap_or(f64::NAN);
            let allowed = 1e-9 + 4.0 * f64::EPSILON * price.max(1.0) / greeks.vega;
            let is_right = (found - vol).abs() <= allowed && (greeks.price - price).abs() <= 1e-12 * forward;
            if !is_right {
                return Err(BenchError(format!("{option:?}: found volatility {found} and {greeks:?}")));
            }
        }
        let chains = self.snapshots.iter().flat_map(|s| s.chains.iter().map(move |c| (s, c)));
        for (snapshot, chain) in chains {
            let expiry = Expiry::new(chain.forward.0, chain.expiry.years_since(snapshot.time));
            for kind in [OptionKind::Call, OptionKind::Put] {
                for (row, strike) in chain.strikes.iter().copied().enumerate() {
                    let columns = chain.columns(kind);
                    let (Some(mark), Some(iv)) = (columns.mark(row), columns.iv(row)) else { continue };
                    let price = expiry.price(kind, strike, iv) / chain.forward.0;
                    if (price - mark).abs() > 2e-6 {
                        return Err(BenchError(format!("{}: price {price}, mark {mark}", snapshot.time)));
                    }
                }
            }
        }
        Ok(())
    }

    /// Times a kernel for about `budget_ms`, in batches; `clock` gives milliseconds.
    ///
    /// # Errors
    /// A round came to something else than the first one.
    pub fn time(&self, kernel: Kernel, clock: &dyn Fn() -> f64, budget_ms: f64) -> Result<Figure, BenchError> {
        let items = self.items(kernel);
        let timed = |rounds: usize, right: Option<u64>| {
            let begin = clock();
            let mut last = 0;
            for _ in 0..rounds {
                last = std::hint::black_box(self).round(kernel)?;
                if right.is_some_and(|right| right != last) {
                    return Err(BenchError(format!("{}: a round came to something else", kernel.name())));
                }
            }
            Ok(((clock() - begin) / rounds as f64, last))
        };
        let (first_ms, right) = timed(1, None)?;
        let mut rounds = 1;
        loop {
            let ms = timed(rounds, Some(right))?.0 * rounds as f64;
            if ms >= BATCH_MS {
                break;
            }
            rounds = if ms > 1.0 { (rounds as f64 * 1.2 * BATCH_MS / ms).ceil() as usize } else { rounds * 8 };
        }
        let (begin, mut times) = (clock(), Vec::new());
        while times.len() < FEWEST_BATCHES || clock() - begin < budget_ms {
            times.push(timed(rounds, Some(right))?.0);
        }
        times.sort_by(f64::total_cmp);
        let (median_ms, least_ms) = (times[times.len() / 2], times[0]);
        Ok(Figure { name: kernel.name(), items, first_ms, median_ms, least_ms, rounds: rounds * times.len() })
    }
}

/// A whole run, from its draft to its last mark.
fn walk(draft: &Resolved, snapshots: &[MarketSnapshot]) -> Run {
    let mut run = Run::new(draft.clone());
    // A draft starts, and its data are all there.
    let _ = run.command(Command::Start).and_then(|_| run.command(Command::Data));
    while run.advance(snapshots, 64) == Advance::Continue {}
    run
}

/// What a run came to, in one number: summaries and all.
fn mark_of(run: &Run) -> u64 {
    let summaries = run.units().iter().map(|unit| unit.metrics.summary(false));
    summaries.fold(0, |mark, s| mark.rotate_left(1) ^ s.final_pnl_coin.to_bits() ^ u64::from(s.num_trades))
}

/// The first eight bytes of a digest.
fn head(digest: &str) -> u64 {
    u64::from_str_radix(&digest[..16], 16).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_year_is_right() {
        let bench = Bench::made_up().expect("the pinned results");
        bench.check_pricing().expect("prices and volatilities agree");
        assert!((180_000..260_000).contains(&bench.options()), "{} options", bench.options());
    }
}
