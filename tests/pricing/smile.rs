//! The SVI smile: derivatives, domain and the no-butterfly condition.

use chainwalk::pricing::{Svi, SviError};

/// A week of bitcoin, by eye.
const WEEK: Svi = Svi { a: 0.001, b: 0.03, rho: -0.2, m: 0.01, sigma: 0.08 };

/// A. Vogt's smile: every parameter in its domain, yet with butterfly arbitrage near k = 0.8
/// (Gatheral and Jacquier 2014, example 3.1).
const VOGT: Svi = Svi { a: -0.0410, b: 0.1331, rho: 0.3060, m: 0.3586, sigma: 0.4153 };

#[test]
fn vogt_smile_has_a_butterfly() {
    assert_eq!(VOGT.checked(), Ok(VOGT));
    assert!(!VOGT.is_butterfly_free(-1.5, 1.5, 301));
    assert!(VOGT.durrleman(0.8).is_some_and(|density| density < 0.0));
    assert!(WEEK.is_butterfly_free(-1.5, 1.5, 301));
}

#[test]
fn derivatives_are_slopes() {
    let step = 1e-5;
    for point in -20..=20 {
        let k = 0.05 * f64::from(point);
        let slope = (WEEK.total_variance(k + step) - WEEK.total_variance(k - step)) / (2.0 * step);
        let curvature = (WEEK.slope(k + step) - WEEK.slope(k - step)) / (2.0 * step);
        assert!((slope - WEEK.slope(k)).abs() < 1e-9, "slope at {k}");
        assert!((curvature - WEEK.curvature(k)).abs() < 1e-8, "curvature at {k}");
    }
}

#[test]
fn gradient_is_the_slope_by_parameter() {
    let (k, step) = (0.07, 1e-6);
    let values = [WEEK.a, WEEK.b, WEEK.rho, WEEK.m, WEEK.sigma];
    for (index, expected) in WEEK.gradient(k).into_iter().enumerate() {
        let at = |shift: f64| {
            let mut shifted = values;
            shifted[index] += shift;
            let [a, b, rho, m, sigma] = shifted;
            Svi { a, b, rho, m, sigma }.total_variance(k)
        };
        let slope = (at(step) - at(-step)) / (2.0 * step);
        assert!((slope - expected).abs() < 1e-8, "parameter {index}: {slope} for {expected}");
    }
}

#[test]
fn volatility_of_total_variance() {
    let years = 7.0 / 365.0;
    let vol = WEEK.vol(0.0, years).expect("positive variance");
    assert!((vol * vol * years - WEEK.total_variance(0.0)).abs() < 1e-16);
    assert_eq!(WEEK.vol(0.0, 0.0), None);
    assert_eq!(Svi { a: -1.0, ..WEEK }.vol(0.0, years), None);
}

#[test]
fn parameters_outside_their_domain() {
    let cases = [
        (Svi { a: f64::NAN, ..WEEK }, "svi parameters must be finite"),
        (Svi { b: -0.1, ..WEEK }, "svi b: -0.1 is negative"),
        (Svi { rho: 1.0, ..WEEK }, "svi rho: 1 is not between -1 and 1"),
        (Svi { sigma: 0.0, ..WEEK }, "svi sigma: 0 is not positive"),
        (Svi { a: -0.5, b: 0.0, ..WEEK }, "svi least total variance: -0.5 is negative"),
        (Svi { b: 2.0, rho: -0.5, ..WEEK }, "svi wing slope b (1 + |rho|): 3 is above 2"),
    ];
    for (smile, message) in cases {
        assert_eq!(smile.checked().map_err(|error: SviError| error.to_string()), Err(message.to_string()));
    }
}
