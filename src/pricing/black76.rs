//! Black-76 on a forward: undiscounted price and greeks, and the discounted variant.
//!
//! Everything is computed on the out-of-the-money side of the strike, where price and time value are
//! one; the other kind follows by put-call parity and so is never under its intrinsic value.
//!
//! Source: F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976).

use super::OptionKind;
use super::normal::pdf;
use super::side::{Side, log_ratio};

/// What is computed here, in the words of Help: a term and its formula.
pub const FORMULAS: [(&str, &str); 9] = [
    (
        "Call",
        "F N(d1) − K N(d2), undiscounted, per coin; on coin-settled options over the index for the price in coin.",
    ),
    ("Put", "K N(−d2) − F N(−d1)."),
    (
        "d1 and d2",
        "d1 = ln(F / K) / (σ √T) + σ √T / 2, d2 = d1 − σ √T; forward F, strike K, volatility σ a year, T years of 365 days.",
    ),
    ("Delta", "N(d1), for a put −N(−d1): by the forward, not adjusted for the premium."),
    ("Gamma", "n(d1) / (F σ √T)."),
    ("Vega", "F n(d1) √T, by 1.00 of volatility."),
    ("Theta", "−F n(d1) σ / (2 √T), of a day, on the last day of what is left of it; never more than the price."),
    (
        "Implied volatility",
        "The σ whose price is the quoted one, to the last attainable digit; none at or below intrinsic value.",
    ),
    ("Source", "F. Black, The pricing of commodity contracts, Journal of Financial Economics 3 (1976)."),
];

/// Days in the ACT/365 year.
const DAYS_PER_YEAR: f64 = 365.0;

/// Price and sensitivities of one option, per coin of underlying, in USD.
///
/// With a rate every field is discounted by `D = exp(-r T)`; without one `D` is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Greeks {
    /// Option value, at least `D` times intrinsic.
    pub price: f64,
    /// Change per USD of forward, not premium-adjusted: `D N(d1)`, for a put `-D N(-d1)`.
    pub delta: f64,
    /// Change of delta per USD of forward: `D n(d1) / (F sigma sqrt T)`.
    pub gamma: f64,
    /// Change per 1.00 of volatility: `D F n(d1) sqrt T`.
    pub vega: f64,
    /// Change per day as Deribit prints it: `max(-price, theta_per_year / 365 x min(1, days))`.
    pub theta: f64,
    /// Change per year of passing time: `r price - D F n(d1) sigma / (2 sqrt T)`.
    pub theta_per_year: f64,
    /// Change of delta per 1.00 of volatility: `-D n(d1) d2 / sigma`.
    pub vanna: f64,
    /// Change of vega per 1.00 of volatility: `vega d1 d2 / sigma`.
    pub volga: f64,
    /// Change per 1.00 of rate with the forward held: `-T price`.
    pub rho: f64,
}

/// Undiscounted Black-76 price in USD; `years` ACT/365, `vol` a fraction per root year.
///
/// With `years`, `vol`, `forward` or `strike` not positive it is the intrinsic value.
///
/// ```text
/// call F N(d1) - K N(d2), put K N(-d2) - F N(-d1)
/// d1 = ln(F/K) / (sigma sqrt T) + sigma sqrt T / 2, d2 = d1 - sigma sqrt T
/// ```
pub fn price(kind: OptionKind, forward: f64, strike: f64, years: f64, vol: f64) -> f64 {
    Expiry::new(forward, years).price(kind, strike, vol)
}

/// Undiscounted price and greeks in one pass; see [`price`] for the domain.
///
/// Without time or volatility delta is the step at the strike (one half on it) and the rest is 0.
pub fn greeks(kind: OptionKind, forward: f64, strike: f64, years: f64, vol: f64) -> Greeks {
    Expiry::new(forward, years).greeks(kind, strike, vol)
}

/// Price and greeks times `exp(-rate years)`; `rate` continuously compounded, a fraction per year.
///
/// Theta alone also earns the rate: `r price` is added to it, before the venue's floor.
pub fn discounted(kind: OptionKind, forward: f64, strike: f64, years: f64, vol: f64, rate: f64) -> Greeks {
    Expiry::with_rate(forward, years, rate).greeks(kind, strike, vol)
}

/// What all options of one expiry share; prices chains without repeating it.
#[derive(Clone, Copy, Debug)]
pub struct Expiry {
    forward: f64,
    years: f64,
    sqrt_years: f64,
    /// Years per day, shortened on the last day.
    day: f64,
    rate: f64,
    discount: f64,
}

impl Expiry {
    /// Shares `forward` (USD) and `years` to expiry, undiscounted.
    pub fn new(forward: f64, years: f64) -> Self {
        Self::with_rate(forward, years, 0.0)
    }

    /// Shares `forward` (USD), `years` to expiry and the discount `exp(-rate years)`.
    pub fn with_rate(forward: f64, years: f64, rate: f64) -> Self {
        let years = if years > 0.0 { years } else { 0.0 };
        let days = years * DAYS_PER_YEAR;
        let day = if days < 1.0 { days } else { 1.0 } / DAYS_PER_YEAR;
        let discount = if rate == 0.0 { 1.0 } else { libm::exp(-(rate * years)) };
        Self { forward, years, sqrt_years: years.sqrt(), day, rate, discount }
    }

    /// The forward, USD.
    pub fn forward(&self) -> f64 {
        self.forward
    }

    /// Price of one option in USD.
    pub fn price(&self, kind: OptionKind, strike: f64, vol: f64) -> f64 {
        let time_value = self.terms(strike, vol).map_or(0.0, |terms| terms.time_value);
        self.discount * (kind.intrinsic(self.forward, strike) + time_value)
    }

    /// Price and greeks of one option.
    pub fn greeks(&self, kind: OptionKind, strike: f64, vol: f64) -> Greeks {
        let (call, put) = self.call_put(strike, vol);
        match kind {
            OptionKind::Call => call,
            OptionKind::Put => put,
        }
    }

    /// Price and greeks of the call and the put of one strike, for little more than the cost of one.
    #[inline]
    pub fn call_put(&self, strike: f64, vol: f64) -> (Greeks, Greeks) {
        let terms = self.terms(strike, vol).unwrap_or_else(|| Terms::at_expiry(self.forward, strike));
        let shared = self.shared(&terms, vol);
        let call = self.one(OptionKind::Call, strike, &terms, shared);
        let put = self.one(OptionKind::Put, strike, &terms, shared);
        (call, put)
    }

    /// The Black terms of a strike; `None` where only intrinsic value is left.
    #[inline]
    fn terms(&self, strike: f64, vol: f64) -> Option<Terms> {
        let deviation = vol * self.sqrt_years;
        let is_alive = deviation > 0.0 && self.forward > 0.0 && strike > 0.0;
        is_alive.then(|| Terms::new(self.forward, strike, deviation))
    }

    /// The sensitivities that the call and the put of a strike have in common.
    #[inline]
    fn shared(&self, terms: &Terms, vol: f64) -> Greeks {
        // No density, no sensitivity; this also keeps 0 x infinity out of the products below.
        if terms.density == 0.0 {
            return Greeks::default();
        }
        let density = self.discount * terms.density;
        let vega = density * self.forward * self.sqrt_years;
        let skew = terms.d2 / vol;
        Greeks {
            gamma: density / (self.forward * vol * self.sqrt_years),
            vega,
            theta_per_year: -(density * self.forward * vol / (2.0 * self.sqrt_years)),
            vanna: -(density * skew),
            volga: vega * terms.d1 * skew,
            ..Greeks::default()
        }
    }

    /// Completes the shared sensitivities with those of one kind.
    #[inline]
    fn one(&self, kind: OptionKind, strike: f64, terms: &Terms, shared: Greeks) -> Greeks {
        let price = self.discount * (kind.intrinsic(self.forward, strike) + terms.time_value);
        let delta = match kind {
            OptionKind::Call => self.discount * terms.above,
            OptionKind::Put => -(self.discount * terms.below),
        };
        let theta_per_year = shared.theta_per_year + self.rate * price;
        let decay = theta_per_year * self.day;
        let theta = if decay < -price { 0.0 - price } else { decay };
        Greeks { price, delta, theta, theta_per_year, rho: 0.0 - self.years * price, ..shared }
    }
}

/// The terms of Black's formula for one strike.
struct Terms {
    d1: f64,
    d2: f64,
    /// `n(d1)`.
    density: f64,
    /// `N(d1)`.
    above: f64,
    /// `N(-d1)`.
    below: f64,
    /// Price of the out-of-the-money option.
    time_value: f64,
}

impl Terms {
    /// The limit without time or volatility: a step at the strike, one half on it.
    fn at_expiry(forward: f64, strike: f64) -> Self {
        let above = if forward > strike {
            1.0
        } else if forward < strike {
            0.0
        } else {
            0.5
        };
        Self { d1: 0.0, d2: 0.0, density: 0.0, above, below: 1.0 - above, time_value: 0.0 }
    }

    /// Black's terms for positive arguments; `deviation = sigma sqrt T`.
    ///
    /// Call and put trade places with forward and strike, so one side is computed, in
    /// `near = |ln(F/K)| / deviation - deviation / 2` and `far = near + deviation`.
    #[inline]
    fn new(forward: f64, strike: f64, deviation: f64) -> Self {
        let is_call = forward <= strike;
        let (low, high) = if is_call { (forward, strike) } else { (strike, forward) };
        let side = Side::new(log_ratio(low, high) / deviation, 0.5 * deviation);
        let density = pdf(side.near);
        let tail = density * side.near_mills;
        let time_value = low * if side.is_inside { 1.0 - density * side.spread } else { density * side.spread };
        if is_call {
            let (above, below) = if side.near < 0.0 { (1.0 - tail, tail) } else { (tail, 1.0 - tail) };
            Self { d1: -side.near, d2: -side.far, density, above, below, time_value }
        } else {
            let density = density * (low / high);
            let below = density * side.far_mills;
            Self { d1: side.far, d2: side.near, density, above: 1.0 - below, below, time_value }
        }
    }
}
