//! No-arbitrage counts: quotes against their bounds, marks across strikes and expiries.

use crate::market::catalog::{Dataset, Settlement};
use crate::market::{Chain, MarketSnapshot};
use crate::pricing::OptionKind;
use crate::units::Timestamp;
use serde::Serialize;

/// Counts over a dataset; the first three are of quotes and marks, the others of neighbouring marks.
#[derive(Default, Serialize)]
pub struct Bounds {
    /// Bid above the forward (call) or the strike (put), by more than a tick.
    pub bid_above_upper_bound: u64,
    /// Ask below the intrinsic value on the forward, by more than a tick.
    pub ask_below_intrinsic: u64,
    /// Mark outside the same bounds, by more than ten units of marks (0.00001 coin, 0.001 USD).
    pub mark_outside_bounds: u64,
    /// Three neighbouring strikes whose middle mark is too high by more than ten units of marks.
    pub butterfly: u64,
    /// Triples of strikes that were compared.
    pub butterfly_checked: u64,
    /// Total variance at one moneyness that falls by more than 1 % from an expiry to the next, 10 to 90 delta.
    pub calendar: u64,
    /// Pairs of expiries at a strike that were compared.
    pub calendar_checked: u64,
}

/// Fall of total variance that is put down to rounding and to marks of different instants.
const CALENDAR_TOLERANCE: f64 = 0.01;

impl Bounds {
    pub(super) fn observe(&mut self, snapshot: &MarketSnapshot, dataset: &Dataset) {
        for chain in &snapshot.chains {
            let usd = Usd::of(chain, snapshot, dataset);
            for kind in [OptionKind::Call, OptionKind::Put] {
                self.observe_quotes(chain, kind, &usd);
                self.observe_butterflies(chain, kind, &usd);
            }
        }
        for pair in snapshot.chains.windows(2) {
            self.observe_calendar(&pair[0], &pair[1], snapshot.time);
        }
    }

    fn observe_quotes(&mut self, chain: &Chain, kind: OptionKind, usd: &Usd) {
        let (columns, forward) = (chain.columns(kind), chain.forward.0);
        for (i, strike) in chain.strikes.iter().copied().enumerate() {
            let upper = if kind == OptionKind::Call { forward } else { strike };
            let lower = kind.intrinsic(forward, strike);
            let bid_above = columns.bid(i).is_some_and(|bid| bid * usd.one > upper + usd.tick);
            let ask_below = columns.ask(i).is_some_and(|ask| ask * usd.one < lower - usd.tick);
            let is_outside = |mark: f64| mark * usd.one > upper + usd.mark || mark * usd.one < lower - usd.mark;
            self.bid_above_upper_bound += u64::from(bid_above);
            self.ask_below_intrinsic += u64::from(ask_below);
            self.mark_outside_bounds += u64::from(columns.mark(i).is_some_and(is_outside));
        }
    }

    fn observe_butterflies(&mut self, chain: &Chain, kind: OptionKind, usd: &Usd) {
        let columns = chain.columns(kind);
        for (i, k) in chain.strikes.windows(3).enumerate() {
            let (Some(low), Some(middle), Some(high)) = (columns.mark(i), columns.mark(i + 1), columns.mark(i + 2))
            else {
                continue;
            };
            let weight = (k[2] - k[1]) / (k[2] - k[0]);
            let excess = middle - (weight * low + (1.0 - weight) * high);
            self.butterfly_checked += 1;
            self.butterfly += u64::from(excess * usd.one > usd.mark);
        }
    }

    fn observe_calendar(&mut self, near: &Chain, far: &Chain, time: Timestamp) {
        let (near_years, far_years) = (near.expiry.years_since(time), far.expiry.years_since(time));
        for (i, strike) in near.strikes.iter().copied().enumerate() {
            let is_central = near.call.delta(i).is_some_and(|d| (0.1..=0.9).contains(&d));
            let Some(near_iv) = near.call.iv(i).filter(|_| is_central) else { continue };
            let Some(far_iv) = iv_at(far, strike / near.forward.0 * far.forward.0) else { continue };
            let (near_w, far_w) = (near_iv * near_iv * near_years, far_iv * far_iv * far_years);
            self.calendar_checked += 1;
            self.calendar += u64::from(far_w < near_w * (1.0 - CALENDAR_TOLERANCE));
        }
    }
}

/// The call volatility at a strike, linear between the listed ones; `None` outside them.
fn iv_at(chain: &Chain, strike: f64) -> Option<f64> {
    let above = chain.strikes.partition_point(|k| *k < strike);
    let (iv_above, k_above) =
        (chain.call.iv(above.min(chain.strikes.len().checked_sub(1)?))?, *chain.strikes.get(above)?);
    if k_above == strike {
        return Some(iv_above);
    }
    let below = above.checked_sub(1)?;
    let (iv_below, k_below) = (chain.call.iv(below)?, chain.strikes[below]);
    Some(iv_below + (iv_above - iv_below) * (strike - k_below) / (k_above - k_below))
}

/// What one unit of the quote currency, a tick and ten units of marks are in undiscounted USD.
struct Usd {
    one: f64,
    tick: f64,
    mark: f64,
}

impl Usd {
    fn of(chain: &Chain, snapshot: &MarketSnapshot, dataset: &Dataset) -> Usd {
        match dataset.settlement {
            Settlement::Inverse => {
                let one = chain.forward.0;
                Usd { one, tick: one / f64::from(dataset.tick.per_one), mark: 1e-5 * one }
            }
            Settlement::Linear => {
                let one = libm::exp(snapshot.rate * chain.expiry.years_since(snapshot.time));
                Usd { one, tick: one / f64::from(dataset.tick.per_one), mark: 1e-3 * one }
            }
        }
    }
}
