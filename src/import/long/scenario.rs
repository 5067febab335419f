//! Made-up daily paths for stress tests: the same name and seed give the same path everywhere.
//!
//! A path is a row of segments, each with a total return that it reaches exactly and a volatility around the way there.
//! The noise is ours: splitmix64 (Steele, Lea and Flood 2014) for bits, Box and Muller's method (1958) for normals.

use super::{Beside, LongSpec, assemble_long};
use crate::import::folder::DatasetFiles;
use crate::import::{ImportError, Report};
use crate::market::catalog::DailyBar;
use crate::units::Day;

/// Index at the end of the calm quarter that every path begins with, USD.
pub const START: f64 = 100.0;
/// Days of the calm quarter.
pub const CALM_DAYS: usize = 90;
/// Days of a path: 2030 through 2032.
pub const PATH_DAYS: usize = 1_096;
/// Days in the year that volatilities are stated by.
const DAYS_PER_YEAR: f64 = 365.0;
/// Share of its distance from the segment's begin that a range-bound path falls back by a day.
const PULL: f64 = 0.06;

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Segment {
    /// Days; the last segment's are those that are left.
    days: usize,
    /// Index at its end by index at its begin.
    growth: f64,
    /// Annual volatility of the noise.
    vol: f64,
    /// Falls back to where it began instead of reaching `growth` exactly.
    is_range: bool,
}

const fn to(days: usize, growth: f64, vol: f64) -> Segment {
    Segment { days, growth, vol, is_range: false }
}

/// The days that are left.
const REST: usize = usize::MAX;

/// A named path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scenario {
    /// `crash`.
    pub name: &'static str,
    /// What happens, for a title.
    pub words: &'static str,
    segments: [Segment; 3],
}

/// The paths.
pub const SCENARIOS: [Scenario; 5] = [
    Scenario {
        name: "crash",
        words: "50 % down in three weeks",
        segments: [to(21, 0.5, 0.7), to(60, 1.04, 0.55), to(REST, 1.5, 0.3)],
    },
    Scenario {
        name: "bleed",
        words: "45 % down over a year",
        segments: [to(365, 0.55, 0.25), to(180, 1.0, 0.22), to(REST, 1.1, 0.2)],
    },
    Scenario {
        name: "v",
        words: "40 % down and back within four months",
        segments: [to(55, 0.6, 0.45), to(65, 1.0 / 0.6, 0.4), to(REST, 1.08, 0.18)],
    },
    Scenario {
        name: "melt-up",
        words: "120 % up in a year",
        segments: [to(365, 2.2, 0.25), to(120, 0.9, 0.3), to(REST, 1.05, 0.2)],
    },
    Scenario {
        name: "sideways",
        words: "within a tenth of where it began",
        segments: [Segment { days: REST, growth: 1.0, vol: 0.14, is_range: true }, to(0, 1.0, 0.0), to(0, 1.0, 0.0)],
    },
];

/// Volatility of the calm quarter.
const CALM_VOL: f64 = 0.15;

impl Scenario {
    /// The path of a name.
    pub fn named(name: &str) -> Option<&'static Scenario> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Daily bars from `first` on; each opens at the close before.
    pub fn bars(&self, first: Day, seed: u64) -> Vec<DailyBar> {
        let mut noise = Noise(seed);
        let mut logs = vec![0.0];
        let mut vols = Vec::with_capacity(PATH_DAYS);
        for segment in [to(CALM_DAYS, 1.0, CALM_VOL)].iter().chain(&self.segments) {
            let days = segment.days.min(PATH_DAYS - vols.len());
            let begin = logs[logs.len() - 1];
            logs.extend(segment.walk(days, &mut noise).into_iter().map(|way| begin + way));
            vols.resize(vols.len() + days, segment.vol);
        }
        let bar = |(i, vol): (usize, &f64)| {
            let (from, to) = (logs[i], logs[i + 1]);
            let [up, down] = [noise.uniform(), noise.uniform()].map(|u| reach(from, to, vol / DAYS_PER_YEAR.sqrt(), u));
            let usd = |log: f64| START * libm::exp(log);
            let [open, close] = [usd(from), usd(to)];
            let (high, low) = (usd(f64::max(from, to) + up), usd(f64::min(from, to) - down));
            DailyBar { date: Day(first.0 + i as i32), open, high, low, close }
        };
        vols.iter().enumerate().map(bar).collect()
    }

    /// The dataset of this path.
    ///
    /// # Errors
    /// The specification that ships does not fit, which a test rules out.
    pub fn dataset(&self, seed: u64, report: &mut Report) -> Result<DatasetFiles, ImportError> {
        let mut spec = LongSpec::parse(include_bytes!("scenario.json"), "scenario.json")?;
        let dataset = &mut spec.dataset;
        dataset.id = format!("scenario-{}", self.name);
        dataset.title = format!("Synthetic: {}, {}", self.name, self.words);
        dataset.source = format!("synthetic: a path of this project, seed {seed}");
        let bars = self.bars(spec.first, seed);
        let snapshots = spec.snapshots(&bars, &Beside::default(), report);
        assemble_long(&spec, &snapshots, report)
    }
}

impl Segment {
    /// Logarithms of the index by that at the begin, after each day.
    fn walk(&self, days: usize, noise: &mut Noise) -> Vec<f64> {
        let daily = self.vol / DAYS_PER_YEAR.sqrt();
        let mut way = 0.0;
        let mut walked: Vec<f64> = Vec::with_capacity(days);
        for _ in 0..days {
            way += daily * noise.normal() - if self.is_range { PULL * way } else { 0.0 };
            walked.push(way);
        }
        if !self.is_range {
            let miss = libm::log(self.growth) - way;
            let shift = |(i, way): (usize, &mut f64)| *way += miss * ((i + 1) as f64 / days as f64);
            walked.iter_mut().enumerate().for_each(shift);
        }
        walked
    }
}

/// How far beyond the farther of its ends a Brownian bridge from `from` to `to` reaches, by a uniform number.
///
/// ```text
/// P(max <= m) = 1 - exp(-2 (m - from)(m - to) / deviation^2)
/// ```
fn reach(from: f64, to: f64, deviation: f64, uniform: f64) -> f64 {
    let width = (to - from).abs();
    0.5 * ((width * width - 2.0 * deviation * deviation * libm::log(uniform)).sqrt() - width)
}

/// A stream of random numbers by splitmix64.
#[derive(Clone, Debug)]
struct Noise(u64);

impl Noise {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Above 0, at most 1.
    fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u64 = 1;

    fn closes(name: &str, seed: u64) -> Vec<f64> {
        let first = Day::parse("2030-01-01").expect("a day");
        Scenario::named(name).expect("a scenario").bars(first, seed).iter().map(|bar| bar.close).collect()
    }

    #[test]
    fn the_noise_is_splitmix64() {
        let mut noise = Noise(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([noise.bits(), noise.bits(), noise.bits()], expected);
    }

    #[test]
    fn a_path_does_what_its_name_says() {
        let event = CALM_DAYS - 1;
        for (name, days, growth) in [("crash", 21, 0.5), ("bleed", 365, 0.55), ("v", 55, 0.6), ("melt-up", 365, 2.2)] {
            for seed in [SEED, 2, 77] {
                let closes = closes(name, seed);
                assert_eq!(closes.len(), PATH_DAYS);
                assert!((closes[event] - START).abs() < 1e-9, "{name} begins at {}", closes[event]);
                assert!((closes[event + days] / START - growth).abs() < 1e-9, "{name}, seed {seed}");
            }
        }
        assert!((closes("v", SEED)[event + 120] - START).abs() < 1e-9, "it is back within four months");
        let range = |part: &[f64]| part.iter().fold((f64::MAX, 0.0_f64), |(a, b), c| (a.min(*c), b.max(*c)));
        let (low, high) = range(&closes("sideways", SEED)[event..]);
        assert!(low > 90.0 && high < 110.0, "sideways is between {low} and {high}");
        for name in ["crash", "bleed", "v", "melt-up", "sideways"] {
            let (low, high) = range(&closes(name, SEED)[..=event]);
            assert!(low > 85.0 && high < 117.0, "{name}: the calm quarter is between {low} and {high}");
        }
    }

    #[test]
    fn bars_hold_their_closes() {
        for scenario in &SCENARIOS {
            let bars = scenario.bars(Day(0), SEED);
            for bar in &bars {
                assert!(bar.low <= bar.open.min(bar.close) && bar.open.max(bar.close) <= bar.high, "{bar:?}");
                assert!(bar.high / bar.low < 1.5, "{bar:?}");
            }
            assert_eq!(bars, scenario.bars(Day(0), SEED), "the same seed gives the same path");
            assert_ne!(bars, scenario.bars(Day(0), SEED + 1));
        }
    }
}
