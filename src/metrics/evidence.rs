//! What the premiums of a result rest on: quotes with both sides or one, fresh or old, or no quotes at all.

use super::summary::Summary;
use super::trade::Leg;
use crate::engine::{Fill, FillAction};
use crate::market::catalog::FitError;
use crate::market::{DataKind, Dataset};
use crate::units::HOUR_MS;
use serde::Serialize;

/// A snapshot that is older than this at a fill gives old quotes, hours.
pub const OLD_HOURS: i64 = 12;
/// The same, ms.
pub const OLD_MS: i64 = OLD_HOURS * HOUR_MS;

/// Premium of opening fills, sold or bought, by what it rests on; quote currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// All of it.
    pub traded: f64,
    /// Where the contract was quoted on both sides.
    pub two_sided: f64,
    /// Where the snapshot was older than [`OLD_HOURS`].
    pub old: f64,
}

/// The evidence of a result in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct EvidenceLine {
    /// What the prices are.
    pub kind: DataKind,
    /// One sentence.
    pub words: String,
}

impl Evidence {
    /// Of one opening fill.
    fn of_opening(price: f64, size: f64, two_sided: bool, age_ms: i64) -> Evidence {
        let traded = price * size;
        let part = |holds: bool| if holds { traded } else { 0.0 };
        Evidence { traded, two_sided: part(two_sided), old: part(age_ms > OLD_MS) }
    }

    /// Of the legs' opening fills.
    pub fn of_legs<'a>(legs: impl Iterator<Item = &'a Leg>) -> Evidence {
        Evidence::sum(legs.map(|leg| Evidence::of_opening(leg.open_price, leg.size, leg.two_sided, leg.age_ms)))
    }

    /// Of those fills of a step that open a leg.
    pub fn of_fills(fills: &[Fill]) -> Evidence {
        let opening = fills.iter().filter(|fill| fill.action == FillAction::Open);
        Evidence::sum(
            opening.map(|fill| Evidence::of_opening(fill.price, fill.quantity.abs(), fill.two_sided, fill.age_ms)),
        )
    }

    /// Of a variant's figures.
    pub fn of(figures: &Summary) -> Evidence {
        let part = |share: Option<f64>| share.unwrap_or_default() * figures.premium_traded;
        Evidence {
            traded: figures.premium_traded,
            two_sided: part(figures.two_sided_premium),
            old: part(figures.old_premium),
        }
    }

    /// Of several variants together.
    pub fn sum(all: impl Iterator<Item = Evidence>) -> Evidence {
        all.fold(Evidence::default(), |sum, one| Evidence {
            traded: sum.traded + one.traded,
            two_sided: sum.two_sided + one.two_sided,
            old: sum.old + one.old,
        })
    }

    /// A part of the premium, a fraction; `None` where none was traded.
    pub fn share(&self, part: f64) -> Option<f64> {
        (self.traded > 0.0).then(|| part / self.traded)
    }

    /// The line of a result on a dataset.
    pub fn line(&self, dataset: &Dataset) -> EvidenceLine {
        EvidenceLine { kind: dataset.kind, words: self.words(dataset.kind, dataset.quality.fit_error.as_ref()) }
    }

    /// One sentence: how much of the premium rests on what.
    pub fn words(&self, kind: DataKind, fit: Option<&FitError>) -> String {
        let (Some(two_sided), Some(old)) = (self.share(self.two_sided), self.share(self.old)) else {
            return "No premium traded.".into();
        };
        let (two_sided, old) = (percent(two_sided), percent(old));
        let misses = |against: &str, digits: usize| {
            let points = |fit: &FitError| {
                format!("; median error {:.digits$} volatility points against {against}", fit.median_vol_points)
            };
            fit.map_or_else(String::new, points)
        };
        match kind {
            DataKind::Recorded => {
                format!("{two_sided} of premium from two-sided quotes, {old} from quotes older than {OLD_HOURS} h.")
            }
            DataKind::Fitted => format!(
                "{two_sided} of premium where the fit has both sides, {old} from snapshots older than {OLD_HOURS} h{}.",
                misses("the quotes", 2)
            ),
            DataKind::Modelled => format!("All premium is the model's, none was quoted{}.", misses("real quotes", 1)),
            DataKind::Synthetic => "All premium is the model's, on a made-up path.".into(),
        }
    }
}

/// A fraction in whole percent; what is not quite nothing or all says so.
fn percent(share: f64) -> String {
    match (100.0 * share).round() {
        0.0 if share > 0.0 => "under 1 %".into(),
        100.0 if share < 1.0 => "over 99 %".into(),
        whole => format!("{whole} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::summary::figure;

    const FIT: FitError = FitError { median_vol_points: 0.047, p95_vol_points: 0.2, inside_bid_ask: 0.96, quotes: 10 };

    #[test]
    fn a_line_says_what_the_premium_rests_on() {
        let some = Evidence { traded: 200.0, two_sided: 142.0, old: 4.0 };
        let nearly = Evidence { traded: 1000.0, two_sided: 999.0, old: 1.0 };
        for (evidence, kind, fit, words) in [
            (some, DataKind::Recorded, None, "71 % of premium from two-sided quotes, 2 % from quotes older than 12 h."),
            (
                nearly,
                DataKind::Recorded,
                None,
                "over 99 % of premium from two-sided quotes, under 1 % from quotes older than 12 h.",
            ),
            (
                some,
                DataKind::Fitted,
                Some(&FIT),
                "71 % of premium where the fit has both sides, 2 % from snapshots older than 12 h; median error 0.05 volatility points against the quotes.",
            ),
            (
                some,
                DataKind::Modelled,
                Some(&FIT),
                "All premium is the model's, none was quoted; median error 0.0 volatility points against real quotes.",
            ),
            (some, DataKind::Modelled, None, "All premium is the model's, none was quoted."),
            (some, DataKind::Synthetic, None, "All premium is the model's, on a made-up path."),
            (Evidence::default(), DataKind::Recorded, None, "No premium traded."),
        ] {
            assert_eq!(evidence.words(kind, fit), words);
        }
        let glossary = figure("old_premium").expect("a figure").formula;
        assert!(glossary.contains(&format!("older than {OLD_HOURS} h")), "{glossary}");
    }

    #[test]
    fn variants_weigh_by_their_premium() {
        let one = Evidence { traded: 100.0, two_sided: 100.0, old: 0.0 };
        let other = Evidence { traded: 300.0, two_sided: 0.0, old: 300.0 };
        let both = Evidence::sum([one, other, Evidence::default()].into_iter());
        assert_eq!((both.share(both.two_sided), both.share(both.old)), (Some(0.25), Some(0.75)));
    }
}
