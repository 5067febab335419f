//! Properties over a wide box of inputs.
#![allow(clippy::disallowed_methods, reason = "boxes of inputs need no equal bits")]

use chainwalk::pricing::OptionKind::{self, Call, Put};
use chainwalk::pricing::{Expiry, Greeks, discounted, greeks, implied_vol, price};
use proptest::prelude::*;

/// Log-uniform numbers.
fn between(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

prop_compose! {
    /// Forward, strike, years and volatility, from a second to decades and from still to wild.
    fn option()(forward in between(1e-3, 1e6), moneyness in -4.0..4.0_f64, nearness in -12.0..6.0_f64,
                years in between(3e-8, 30.0), vol in between(1e-4, 10.0)) -> (f64, f64, f64, f64) {
        (forward, forward * f64::exp(moneyness * 10_f64.powf(nearness.min(0.0))), years, vol)
    }
}

fn bits(greeks: Greeks) -> [u64; 9] {
    let Greeks { price, delta, gamma, vega, theta, theta_per_year, vanna, volga, rho } = greeks;
    [price, delta, gamma, vega, theta, theta_per_year, vanna, volga, rho].map(f64::to_bits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn put_call_parity((forward, strike, years, vol) in option(), rate in -0.1..0.5_f64) {
        let [call, put] = [Call, Put].map(|kind| discounted(kind, forward, strike, years, vol, rate));
        let discount = libm::exp(-(rate * years));
        let scale = 4e-16 * discount * (forward + strike) * 2.0;
        prop_assert!((call.price - put.price - discount * (forward - strike)).abs() <= scale);
        prop_assert!((call.delta - put.delta - discount).abs() <= 4e-16 * discount);
        prop_assert_eq!(bits(call)[2..4].to_vec(), bits(put)[2..4].to_vec());
    }

    #[test]
    fn price_stays_within_its_bounds((forward, strike, years, vol) in option()) {
        for (kind, bound) in [(Call, forward), (Put, strike)] {
            let black = greeks(kind, forward, strike, years, vol);
            prop_assert!(black.price >= kind.intrinsic(forward, strike) && black.price <= bound * (1.0 + 4e-16));
            prop_assert!(black.delta.abs() <= 1.0 && black.gamma >= 0.0 && black.vega >= 0.0);
            prop_assert!(black.theta >= -black.price && black.theta <= 0.0);
            prop_assert!(bits(black).iter().all(|&field| f64::from_bits(field).is_finite()));
        }
    }

    #[test]
    fn price_rises_with_volatility_and_time((forward, strike, years, vol) in option(), more in 1.0001..3.0_f64) {
        for kind in [Call, Put] {
            let slack = 1e-15 * (forward + strike);
            let here = price(kind, forward, strike, years, vol) - slack;
            prop_assert!(price(kind, forward, strike, years, vol * more) >= here);
            prop_assert!(price(kind, forward, strike, years * more, vol) >= here);
        }
    }

    #[test]
    fn price_is_monotone_and_convex_in_strike((forward, strike, years, vol) in option(), gap in 0.001..0.9_f64) {
        let strikes = [strike * (1.0 - gap), strike, strike * (1.0 + gap)];
        let slack = 1e-14 * (forward + strike);
        let [low, middle, high] = strikes.map(|strike| price(Call, forward, strike, years, vol));
        prop_assert!(low >= middle - slack && middle >= high - slack && low + high >= 2.0 * middle - slack);
        let [low, middle, high] = strikes.map(|strike| price(Put, forward, strike, years, vol));
        prop_assert!(low <= middle + slack && middle <= high + slack && low + high >= 2.0 * middle - slack);
    }

    #[test]
    fn greeks_are_slopes((forward, moneyness) in (1.0..1e5_f64, -1.5..1.5_f64), years in 0.02..2.0_f64, vol in 0.1..2.0_f64) {
        let strike = forward * f64::exp(moneyness * vol * years.sqrt());
        for kind in [Call, Put] {
            let black = discounted(kind, forward, strike, years, vol, 0.03);
            let at = |df: f64, dt: f64, dv: f64| discounted(kind, forward + df, strike, years + dt, vol + dv, 0.03);
            let slope = |up: f64, down: f64, step: f64| (up - down) / (2.0 * step);
            let (df, dt, dv) = (1e-5 * forward, 1e-5 * years, 1e-5 * vol);
            let is_near = |got: f64, expected: f64, scale: f64| (got - expected).abs() <= 1e-6 * scale;
            prop_assert!(is_near(slope(at(df, 0.0, 0.0).price, at(-df, 0.0, 0.0).price, df), black.delta, 1.0));
            prop_assert!(is_near(slope(at(df, 0.0, 0.0).delta, at(-df, 0.0, 0.0).delta, df), black.gamma, 10.0 * black.gamma));
            prop_assert!(is_near(slope(at(0.0, 0.0, dv).price, at(0.0, 0.0, -dv).price, dv), black.vega, forward));
            prop_assert!(is_near(-slope(at(0.0, dt, 0.0).price, at(0.0, -dt, 0.0).price, dt), black.theta_per_year, 10.0 * forward));
            prop_assert!(is_near(slope(at(0.0, 0.0, dv).delta, at(0.0, 0.0, -dv).delta, dv), black.vanna, 10.0));
            prop_assert!(is_near(slope(at(0.0, 0.0, dv).vega, at(0.0, 0.0, -dv).vega, dv), black.volga, 10.0 * forward));
        }
    }

    /// One implementation: chain, single option and price alone agree to the bit.
    #[test]
    fn chains_give_the_same_bits((forward, strike, years, vol) in option(), rate in -0.1..0.5_f64) {
        let expiry = Expiry::with_rate(forward, years, rate);
        let (call, put) = expiry.call_put(strike, vol);
        for (kind, shared) in [(Call, call), (Put, put)] {
            prop_assert_eq!(bits(discounted(kind, forward, strike, years, vol, rate)), bits(shared));
            prop_assert_eq!(expiry.price(kind, strike, vol).to_bits(), shared.price.to_bits());
        }
        prop_assert_eq!(bits(Expiry::new(forward, years).greeks(Put, strike, vol)),
                        bits(discounted(Put, forward, strike, years, vol, 0.0)));
    }

    /// The volatility comes back as far as the price's own last bits can tell it.
    #[test]
    fn implied_volatility_inverts_the_price((forward, strike, years, vol) in option(), is_call: bool) {
        let kind = if is_call { Call } else { Put };
        let black = greeks(kind, forward, strike, years, vol);
        let Some(implied) = implied_vol(kind, forward, strike, years, black.price) else {
            return check_unsolvable(kind, forward, strike, black.price);
        };
        // An out-of-the-money price under the smallest normal double has lost digits.
        prop_assume!(black.price > 1e-290);
        let rounding = 4.0 * f64::EPSILON * black.price / black.vega;
        prop_assert!((implied - vol).abs() <= 1e-12 * vol + rounding, "{} for {}", implied, vol);
    }

    /// Any price between the bounds has a volatility, and it gives the price back.
    #[test]
    fn every_price_between_the_bounds_inverts((forward, strike, years, _) in option(), is_call: bool, share in between(1e-250, 0.999)) {
        let kind = if is_call { Call } else { Put };
        let (intrinsic, bound) = (kind.intrinsic(forward, strike), if is_call { forward } else { strike });
        let premium = intrinsic + share * (bound - intrinsic);
        match implied_vol(kind, forward, strike, years, premium) {
            None => check_unsolvable(kind, forward, strike, premium)?,
            Some(vol) => {
                let again = greeks(kind, forward, strike, years, vol);
                let tolerance = 1e-12 * premium + 1e-14 * vol * again.vega;
                prop_assert!((again.price - premium).abs() <= tolerance, "{} for {}", again.price, premium);
            }
        }
    }
}

fn check_unsolvable(kind: OptionKind, forward: f64, strike: f64, premium: f64) -> Result<(), TestCaseError> {
    let bound = if kind == Call { forward } else { strike };
    prop_assert!(premium <= kind.intrinsic(forward, strike) || premium >= bound, "no volatility for {}", premium);
    Ok(())
}
