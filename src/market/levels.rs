//! Levels of the surface at one instant: at-the-forward volatility by tenor, and the 25-delta skew.

use super::snapshot::{Chain, Columns, SurfaceLevels};
use crate::units::Timestamp;

/// Delta of the skew's put (negative) and call.
const SKEW_DELTA: f64 = 0.25;

impl SurfaceLevels {
    /// The levels of chains in ascending order of expiry, all later than `time`.
    ///
    /// ```text
    /// per expiry: atm = iv linear in strike between the listed strikes around the forward (call iv, else put iv)
    ///             p25, c25 = iv linear in delta between the neighbouring strikes around delta -0.25 and 0.25
    /// at T days:  iv = sqrt(w / T), w linear in time between the total variances iv^2 t of the expiries around T
    /// skew_30     = p25 at 30 days - c25 at 30 days
    /// ```
    ///
    /// Expiries without the volatility in question are passed over; nothing is extrapolated.
    pub fn of(time: Timestamp, chains: &[Chain]) -> SurfaceLevels {
        let curve = |iv: fn(&Chain) -> Option<f64>| -> Vec<(f64, f64)> {
            chains.iter().filter_map(|c| Some((c.expiry.days_since(time), iv(c)?))).collect()
        };
        let atm = curve(atm_iv);
        let (put, call) = (curve(put_wing), curve(call_wing));
        SurfaceLevels {
            atm_iv_7: at_tenor(&atm, 7.0),
            atm_iv_30: at_tenor(&atm, 30.0),
            atm_iv_90: at_tenor(&atm, 90.0),
            skew_30: at_tenor(&put, 30.0).zip(at_tenor(&call, 30.0)).map(|(put, call)| put - call),
        }
    }
}

/// The volatility at a tenor from `(days, iv)` by time; `None` outside them.
fn at_tenor(curve: &[(f64, f64)], days: f64) -> Option<f64> {
    let after = curve.partition_point(|(d, _)| *d < days);
    let (far_days, far_iv) = *curve.get(after)?;
    if far_days == days {
        return Some(far_iv);
    }
    let (near_days, near_iv) = *curve.get(after.checked_sub(1)?)?;
    let (near, far) = (near_iv * near_iv * near_days, far_iv * far_iv * far_days);
    let variance = near + (far - near) * (days - near_days) / (far_days - near_days);
    Some((variance / days).sqrt())
}

fn atm_iv(chain: &Chain) -> Option<f64> {
    let forward = chain.forward.0;
    let iv = |i: usize| chain.call.iv(i).or_else(|| chain.put.iv(i));
    let above = chain.strikes.partition_point(|k| *k < forward);
    let strike_above = *chain.strikes.get(above)?;
    if strike_above == forward {
        return iv(above);
    }
    let below = above.checked_sub(1)?;
    let (iv_below, iv_above) = (iv(below)?, iv(above)?);
    let strike_below = chain.strikes[below];
    Some(iv_below + (iv_above - iv_below) * (forward - strike_below) / (strike_above - strike_below))
}

fn put_wing(chain: &Chain) -> Option<f64> {
    iv_at_delta(&chain.put, chain.strikes.len(), -SKEW_DELTA)
}

fn call_wing(chain: &Chain) -> Option<f64> {
    iv_at_delta(&chain.call, chain.strikes.len(), SKEW_DELTA)
}

/// The volatility at a delta, between the first neighbouring rows around it; deltas fall as strikes rise.
fn iv_at_delta(columns: &Columns, rows: usize, delta: f64) -> Option<f64> {
    let mut before: Option<(f64, f64)> = None;
    for i in 0..rows {
        let Some(here) = columns.delta(i).zip(columns.iv(i)) else { continue };
        if here.0 == delta {
            return Some(here.1);
        }
        if let Some((above, iv)) = before.filter(|(above, _)| *above > delta && here.0 < delta) {
            return Some(iv + (here.1 - iv) * (delta - above) / (here.0 - above));
        }
        before = Some(here);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{MarketSnapshot, RawChain, RawQuotes};
    use crate::units::{DAY_MS, Price};

    fn chain(days: i64, ivs: [f64; 5]) -> RawChain {
        let quotes = RawQuotes {
            bid: vec![f64::NAN; 5],
            ask: vec![f64::NAN; 5],
            mark: vec![f64::NAN; 5],
            iv: ivs.to_vec(),
            open_interest: Vec::new(),
        };
        let strikes = vec![60.0, 90.0, 110.0, 140.0, 200.0];
        RawChain { expiry: Timestamp(days * DAY_MS), forward: 100.0, strikes, call: quotes.clone(), put: quotes }
    }

    fn levels(chains: Vec<RawChain>) -> SurfaceLevels {
        MarketSnapshot::new(Timestamp(0), Price(100.0), None, None, chains, 0.0).expect("a snapshot").levels
    }

    #[test]
    fn tenors_are_linear_in_total_variance() {
        let found = levels(vec![chain(20, [0.5; 5]), chain(40, [0.5; 5])]);
        assert_eq!((found.atm_iv_7, found.atm_iv_90), (None, None), "nothing is extrapolated");
        assert!(found.atm_iv_30.is_some_and(|iv| (iv - 0.5).abs() < 1e-15));
        assert!(found.skew_30.is_some_and(|skew| skew.abs() < 1e-15));
        let found = levels(vec![chain(10, [0.4; 5]), chain(40, [0.6; 5])]);
        let variance: f64 = 0.16 * 10.0 + (0.36 * 40.0 - 0.16 * 10.0) * 20.0 / 30.0;
        assert!(found.atm_iv_30.is_some_and(|iv| (iv - (variance / 30.0).sqrt()).abs() < 1e-15));
    }

    #[test]
    fn the_forward_is_between_its_strikes() {
        let found = levels(vec![chain(30, [0.9, 0.6, 0.5, 0.4, 0.4])]);
        assert_eq!(found.atm_iv_30, Some(0.55));
        assert!(found.skew_30.is_some_and(|skew| skew > 0.05), "{found:?}");
        assert_eq!(levels(vec![chain(30, [0.9, f64::NAN, 0.5, 0.4, 0.4])]).atm_iv_30, None);
        let outside = RawChain { forward: 250.0, ..chain(30, [0.5; 5]) };
        assert_eq!(levels(vec![outside]).atm_iv_30, None);
    }
}
