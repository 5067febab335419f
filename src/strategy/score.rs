//! The score of a candidate, 0 to 10, as a sum of named terms.

use super::config::ScoreWeights;
use crate::market::{MarketContext, Regime};
use serde::Serialize;

/// Greatest weight of a term; the score itself ends at 10.
const MOST_POINTS: f64 = 100.0;

impl ScoreWeights {
    /// The first figure that gives no score, by name, with what would be right; `None` where all do.
    pub fn fault(&self) -> Option<(&'static str, f64, &'static str)> {
        let widths = [
            ("delta_width", self.delta_width),
            ("dte_width", self.dte_width),
            ("premium_full_pct", self.premium_full_pct),
        ];
        let points = [
            ("iv_rv", self.iv_rv),
            ("iv_rv_absent", self.iv_rv_absent),
            ("delta", self.delta),
            ("dte", self.dte),
            ("premium", self.premium),
            ("bull_near", self.bull_near),
            ("bull_run", self.bull_run),
            ("bear_fall", self.bear_fall),
            ("low_vol", self.low_vol),
            ("stretched", self.stretched),
        ];
        let width = widths.into_iter().find(|(_, x)| !(x.is_finite() && *x > 0.0)).map(|(n, x)| (n, x, "positive"));
        let point = points.into_iter().find(|(_, x)| x.is_nan() || x.abs() > MOST_POINTS);
        width.or(point.map(|(name, x)| (name, x, "between -100 and 100")))
    }
}

/// What the score looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoreInput {
    /// |delta|.
    pub abs_delta: f64,
    /// Days to expiry.
    pub dte: f64,
    /// Volatility / realised volatility of 30 days; `None` when either is absent.
    pub iv_rv: Option<f64>,
    /// Premium in percent of the index; `None` without a mark.
    pub premium_pct: Option<f64>,
    /// Percent out of the money, against the index.
    pub otm_pct: f64,
}

/// Points by term, in the order of the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ScoreTerms {
    /// Volatility over realised volatility.
    pub iv_rv: f64,
    /// Closeness to the target delta.
    pub delta: f64,
    /// Closeness to the target DTE.
    pub dte: f64,
    /// Premium.
    pub premium: f64,
    /// Bull regime.
    pub bull: f64,
    /// Bear regime.
    pub bear: f64,
    /// Low volatility.
    pub low_vol: f64,
    /// Far from the 200-day mean.
    pub stretched: f64,
}

impl ScoreTerms {
    /// Names and points, in the order of the sum.
    pub fn named(&self) -> [(&'static str, f64); 8] {
        let names = ["IV/RV", "delta", "DTE", "premium", "bull regime", "bear regime", "low vol", "stretched"];
        let points = self.points();
        std::array::from_fn(|i| (names[i], points[i]))
    }

    fn points(&self) -> [f64; 8] {
        let ScoreTerms { iv_rv, delta, dte, premium, bull, bear, low_vol, stretched } = *self;
        [iv_rv, delta, dte, premium, bull, bear, low_vol, stretched]
    }

    /// The score: the terms summed in order, clamped to [0, 10].
    pub fn total(&self) -> f64 {
        self.points().iter().fold(0.0_f64, |sum, points| sum + points).clamp(0.0, 10.0)
    }
}

/// The parts of the score that are the same for every candidate of a scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scorer {
    weights: ScoreWeights,
    target_delta: f64,
    target_dte: f64,
    regime: Option<Regime>,
    bull_run: f64,
    bear: f64,
    low_vol: f64,
    stretched: f64,
}

impl Scorer {
    /// Prepares the score for a market context and the variant's targets.
    pub fn new(weights: ScoreWeights, target_delta: f64, target_dte: f64, context: &MarketContext) -> Scorer {
        let daily = &context.daily;
        let when = |condition: bool, points: f64| if condition { points } else { 0.0 };
        let bull = daily.regime == Some(Regime::Bull);
        let bear = daily.regime == Some(Regime::Bear);
        Scorer {
            weights,
            target_delta,
            target_dte,
            regime: daily.regime,
            bull_run: when(bull && daily.r30.is_some_and(|r| r > weights.bull_run_r30), weights.bull_run),
            bear: when(bear && daily.r7.is_some_and(|r| r < weights.bear_fall_r7), weights.bear_fall),
            low_vol: when(daily.rv7.is_some_and(|v| v > 0.0 && v < weights.low_vol_rv7), weights.low_vol),
            stretched: when(daily.from200.is_some_and(|d| d.abs() > weights.stretched_from200), weights.stretched),
        }
    }

    /// The terms of one candidate.
    #[inline]
    pub fn terms(&self, input: &ScoreInput) -> ScoreTerms {
        let w = &self.weights;
        // `f64::max` is a call in WebAssembly, a comparison is none
        let closeness = |distance: f64, width: f64| {
            let near = 1.0 - distance.abs() / width;
            if near > 0.0 { near } else { 0.0 }
        };
        let near = self.regime == Some(Regime::Bull) && input.otm_pct < w.bull_near_pct;
        ScoreTerms {
            iv_rv: input.iv_rv.map_or(w.iv_rv_absent, |x| w.iv_rv * (x.clamp(1.0, 1.5) - 1.0) / 0.5),
            delta: w.delta * closeness(input.abs_delta - self.target_delta, w.delta_width),
            dte: w.dte * closeness(input.dte - self.target_dte, w.dte_width),
            premium: input
                .premium_pct
                .map_or(0.0, |x| w.premium * x.clamp(0.0, w.premium_full_pct) / w.premium_full_pct),
            bull: if near { w.bull_near + self.bull_run } else { self.bull_run },
            bear: self.bear,
            low_vol: self.low_vol,
            stretched: self.stretched,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::context::DailyContext;

    #[test]
    fn published_vectors() {
        use Regime::{Bear, Bull, Sideways};
        type Row = (f64, f64, f64, f64, f64, Regime, f64, f64, f64, f64, f64);
        // delta, dte, iv/rv, premium %, otm %, regime, r7, r30, rv7, from200, score
        let rows: [Row; 5] = [
            (0.25, 7.0, 1.5, 1.5, 8.0, Sideways, 0.0, 0.0, 0.5, 0.0, 8.5),
            (0.25, 7.0, 1.0, 0.0, 8.0, Sideways, 0.0, 0.0, 0.5, 0.0, 3.5),
            (0.30, 6.0, 1.2, 0.9, 4.0, Bull, 0.0, 0.30, 0.5, 0.0, 2.65),
            (0.20, 8.0, 1.25, 0.75, 6.0, Bear, -0.12, 0.0, 0.25, -0.25, 2.75),
            (0.50, 10.0, 0.9, 0.0, 1.0, Bull, 0.0, 0.30, 0.2, 0.30, 0.0),
        ];
        for (delta, dte, iv_rv, premium, otm, regime, r7, r30, rv7, from200, expected) in rows {
            let daily = DailyContext {
                r7: Some(r7),
                r30: Some(r30),
                rv7: Some(rv7),
                from200: Some(from200),
                regime: Some(regime),
                ..Default::default()
            };
            let context = MarketContext { daily, ..Default::default() };
            let input =
                ScoreInput { abs_delta: delta, dte, iv_rv: Some(iv_rv), premium_pct: Some(premium), otm_pct: otm };
            let score = Scorer::new(ScoreWeights::default(), 0.25, 7.0, &context).terms(&input).total();
            assert!((score - expected).abs() < 1e-12, "{score} is not {expected}");
        }
    }
}
