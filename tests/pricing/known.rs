//! Single figures retyped from textbooks, and the edges of the domain.

use chainwalk::pricing::OptionKind::{Call, Put};
use chainwalk::pricing::{cdf, discounted, greeks, implied_vol, mills, price};

#[track_caller]
fn assert_close(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "expected {expected} within {tolerance}, found {got}");
}

/// Hull, Options, Futures, and Other Derivatives: a put on a futures price of 20 is worth 1.12.
#[test]
fn hull_futures_put() {
    assert_close(discounted(Put, 20.0, 20.0, 4.0 / 12.0, 0.25, 0.09).price, 1.12, 0.005);
}

/// Hull: S = 42, K = 40, r = 10 %, sigma = 20 %, six months: call 4.76, put 0.81.
#[test]
fn hull_stock_options() {
    let forward = 42.0 * libm::exp(0.1 * 0.5);
    assert_close(discounted(Call, forward, 40.0, 0.5, 0.2, 0.1).price, 4.76, 0.005);
    assert_close(discounted(Put, forward, 40.0, 0.5, 0.2, 0.1).price, 0.81, 0.005);
}

/// Haug, The Complete Guide to Option Pricing Formulas: Black-76 on F = K = 19 is worth 1.7011.
#[test]
fn haug_black_76() {
    for kind in [Call, Put] {
        assert_close(discounted(kind, 19.0, 19.0, 0.75, 0.28, 0.1).price, 1.7011, 5e-5);
    }
}

/// Hull, the greek letters: S = 49, K = 50, r = 5 %, sigma = 20 %, T = 0.3846.
#[test]
fn hull_greek_letters() {
    let growth = libm::exp(0.05 * 0.3846);
    let black = discounted(Call, 49.0 * growth, 50.0, 0.3846, 0.2, 0.05);
    assert_close(black.delta * growth, 0.522, 5e-4);
    assert_close(black.gamma * growth * growth, 0.066, 5e-4);
    assert_close(black.vega, 12.1, 0.05);
    assert_close(black.theta_per_year - 0.05 * 49.0 * growth * black.delta, -4.31, 0.005);
}

/// Without time or volatility an option is its payoff and delta a step, one half on the strike.
#[test]
fn dead_options_are_their_payoff() {
    for (years, vol) in [(0.0, 0.5), (-1.0, 0.5), (1.0, 0.0), (1.0, -0.5), (f64::NAN, 0.5), (1.0, f64::NAN)] {
        let at = |strike| (greeks(Call, 100.0, strike, years, vol), greeks(Put, 100.0, strike, years, vol));
        let ((low_call, low_put), (call, put), (high_call, high_put)) = (at(90.0), at(100.0), at(130.0));
        assert_eq!([low_call.price, call.price, high_call.price], [10.0, 0.0, 0.0]);
        assert_eq!([low_put.price, put.price, high_put.price], [0.0, 0.0, 30.0]);
        assert_eq!([low_call.delta, call.delta, high_call.delta], [1.0, 0.5, 0.0]);
        assert_eq!([low_put.delta, put.delta, high_put.delta], [0.0, -0.5, -1.0]);
        assert_eq!([call.gamma, call.vega, call.theta, put.vanna, put.volga], [0.0; 5]);
    }
}

/// Endless volatility makes the call worth the forward and the put the strike.
#[test]
fn endless_volatility() {
    for kind in [Call, Put] {
        let black = greeks(kind, 100.0, 120.0, 1.0, f64::INFINITY);
        assert_eq!(black.price, if kind == Call { 100.0 } else { 120.0 });
        assert!([black.vega, black.gamma, black.vanna, black.volga].iter().all(|greek| greek.is_finite()));
    }
}

/// An option cannot lose more than its value in a day: the venue's floor under theta.
#[test]
fn theta_floor() {
    let black = greeks(Call, 30_000.0, 30_000.0, 0.25 / 365.0, 0.6);
    assert!(black.theta_per_year / 365.0 < -black.price);
    assert_close(black.theta, black.theta_per_year / 365.0 * 0.25, 1e-9);
    let far = greeks(Call, 30_000.0, 33_000.0, 1.0 / 365.0, 0.6);
    assert_eq!(far.theta, -far.price);
}

/// No price outside the bounds, and none of no option, has a volatility.
#[test]
fn no_implied_volatility() {
    let cases = [
        (Call, 100.0, 90.0, 1.0, 10.0),
        (Call, 100.0, 90.0, 1.0, 9.0),
        (Call, 100.0, 90.0, 1.0, 100.0),
        (Put, 100.0, 90.0, 1.0, 90.0),
        (Put, 100.0, 90.0, 1.0, 0.0),
        (Put, 100.0, 120.0, 1.0, 20.0),
        (Call, 100.0, 90.0, 0.0, 12.0),
        (Call, -100.0, 90.0, 1.0, 12.0),
        (Call, 100.0, 0.0, 1.0, 12.0),
        (Call, f64::INFINITY, 90.0, 1.0, 12.0),
        (Call, 100.0, 90.0, 1.0, f64::NAN),
        (Call, 100.0, 90.0, f64::INFINITY, 12.0),
    ];
    for (kind, forward, strike, years, premium) in cases {
        assert_eq!(implied_vol(kind, forward, strike, years, premium), None, "{kind:?} {strike} {premium}");
    }
}

/// The smallest doubles still invert: the log price decides, not the price.
#[test]
fn the_smallest_prices_invert() {
    for premium in [1e-60, 1e-300, 5e-324] {
        let vol = implied_vol(Call, 1e5, 4e5, 0.1, premium).expect("between the bounds");
        assert!(vol > 0.1 && vol < 0.7, "{premium}: {vol}");
        let again = price(Call, 1e5, 4e5, 0.1, vol);
        assert!(premium < 1e-300 || (again / premium - 1.0).abs() < 1e-11, "{premium}: {again}");
    }
}

/// A strike one bit above the forward, from a price of a few forwards' bits down to nothing.
#[test]
fn adjacent_doubles_invert() {
    let (forward, strike) = (380_284.626_687_737_3, 380_284.626_687_737_4);
    for premium in [1e-3, 1e-9, 1e-12, 1e-60, 1e-250] {
        let vol = implied_vol(Call, forward, strike, 1.0, premium).expect("between the bounds");
        let again = price(Call, forward, strike, 1.0, vol);
        assert!((again / premium - 1.0).abs() < 1e-11, "{premium:e}: {vol:e} gives {again:e}");
    }
}

/// Abramowitz and Stegun, table 26.1: N(1) = 0.841344746068543, N(-4) = 3.167124183312e-5.
#[test]
fn normal_distribution() {
    assert_close(cdf(1.0), 0.841_344_746_068_543, 1e-15);
    assert_close(cdf(-4.0), 3.167_124_183_312e-5, 1e-17);
    assert_eq!(cdf(0.0), 0.5);
    assert_eq!([cdf(f64::NEG_INFINITY), cdf(f64::INFINITY)], [0.0, 1.0]);
    assert_close(mills(1e12) * 1e12, 1.0, 1e-15);
}
