//! Outside figures, retyped one by one with their citation, and how the program's own functions answer to each.

use crate::market::catalog::FeePreset;
use crate::market::{Contract, Settlement};
use crate::portfolio::FeeSchedule;
use crate::portfolio::margin::short_margin;
use crate::pricing::OptionKind::{Call, Put};
use crate::pricing::{Greeks, OptionKind, discounted, greeks, implied_vol};
use crate::units::Price;

/// One figure from outside.
#[derive(Clone, Copy)]
pub struct Published {
    /// What it is a figure of, with all inputs.
    pub what: &'static str,
    /// Where it was printed.
    pub source: &'static str,
    /// As printed; `None` where the answer is that there is none.
    pub expected: Option<f64>,
    /// Largest difference: half of the last printed digit, or what the source's own rounding of inputs leaves.
    pub tolerance: f64,
    /// What the program answers.
    pub found: fn() -> Option<f64>,
}

const HULL: &str = "Hull, Options, Futures, and Other Derivatives";
const HAUG: &str = "Haug, The Complete Guide to Option Pricing Formulas (1998)";
const QUANTLIB: &str = "QuantLib, test suite, blackcalculator.cpp";
const VOLLIB: &str = "py_vollib, doctests (MIT)";
const ISSUE: &str = "py_vollib, issue 18: a price below intrinsic";
const DIGITS: &str = "Computed with 60 digits for this project";
const TICKER: &str = "Deribit's ticker, 12 April 2023, kept by nostoz (MIT)";
const DERIBIT_OPTIONS: &str = "Deribit, documentation of inverse options, examples";
const DERIBIT_FEES: &str = "Deribit, Fees, worked example of the cap";
const DEMETER: &str = "Demeter, test of Deribit's fees (MIT)";
const DEGEN: &str = "deribit-options-strategy-engine, test of standard margin (MIT)";

/// A share or an index that pays a yield, in Black's terms: the option on its forward.
struct Spot {
    price: f64,
    rate: f64,
    yields: f64,
    years: f64,
}

/// Figures of an option on a spot price, by the chain rule from Black's on the forward.
struct OnSpot {
    price: f64,
    delta: f64,
    gamma: f64,
    vega: f64,
    theta_per_year: f64,
    rho: f64,
}

impl Spot {
    const fn new(price: f64, rate: f64, yields: f64, years: f64) -> Spot {
        Spot { price, rate, yields, years }
    }

    fn forward(&self) -> f64 {
        self.price * self.growth()
    }

    fn growth(&self) -> f64 {
        libm::exp((self.rate - self.yields) * self.years)
    }

    fn option(&self, kind: OptionKind, strike: f64, vol: f64) -> OnSpot {
        let (forward, growth) = (self.forward(), self.growth());
        let black = discounted(kind, forward, strike, self.years, vol, self.rate);
        OnSpot {
            price: black.price,
            delta: black.delta * growth,
            gamma: black.gamma * growth * growth,
            vega: black.vega,
            theta_per_year: black.theta_per_year - (self.rate - self.yields) * forward * black.delta,
            rho: black.rho + self.years * forward * black.delta,
        }
    }

    fn implied(&self, kind: OptionKind, strike: f64, price: f64) -> Option<f64> {
        implied_vol(kind, self.forward(), strike, self.years, price * libm::exp(self.rate * self.years))
    }
}

const fn row(
    what: &'static str,
    source: &'static str,
    expected: f64,
    tolerance: f64,
    found: fn() -> Option<f64>,
) -> Published {
    Published { what, source, expected: Some(expected), tolerance, found }
}

/// Hull's stock of the greek letters: 49 against a strike of 50, 5 %, volatility 20 %, 20 weeks.
fn hull() -> OnSpot {
    Spot::new(49.0, 0.05, 0.0, 0.3846).option(Call, 50.0, 0.2)
}

/// The venue's call of 29 December 2023 at 35,000.
fn year_end() -> Greeks {
    greeks(Call, 30_705.56, 35_000.0, 0.714_722_745_909_436_9, 0.5951)
}

/// The venue's call at 30,000 that had 21 hours left.
fn last_day() -> Greeks {
    greeks(Call, 30_026.467_9, 30_000.0, 0.002_397_140_315_829_528, 0.71)
}

/// Haug's futures option: strike 100, 10 %.
fn haug(kind: OptionKind, future: f64, years: f64, vol: f64) -> Option<f64> {
    Some(discounted(kind, future, 100.0, years, vol, 0.1).price)
}

/// What one coin of an option is worth at delivery, in coin.
fn delivered(contract: &str, delivery: f64) -> Option<f64> {
    let (_, contract) = Contract::parse(contract)?;
    Some(contract.payout(Price(delivery), Settlement::Inverse))
}

fn deribit() -> FeeSchedule {
    FeeSchedule::new(FeePreset::Deribit, Settlement::Inverse)
}

/// Prices of options.
pub const PRICES: &[Published] = &[
    row("Call on a stock: 42, strike 40, 10 %, volatility 20 %, 6 months", HULL, 4.76, 0.005, || {
        Some(Spot::new(42.0, 0.1, 0.0, 0.5).option(Call, 40.0, 0.2).price)
    }),
    row("Put on the same stock", HULL, 0.81, 0.005, || {
        Some(Spot::new(42.0, 0.1, 0.0, 0.5).option(Put, 40.0, 0.2).price)
    }),
    row("Put on a future: 20, strike 20, 9 %, volatility 25 %, 4 months", HULL, 1.12, 0.005, || {
        Some(discounted(Put, 20.0, 20.0, 4.0 / 12.0, 0.25, 0.09).price)
    }),
    row("Call on a stock: 60, strike 65, 8 %, volatility 30 %, 3 months", HAUG, 2.1334, 5e-5, || {
        Some(Spot::new(60.0, 0.08, 0.0, 0.25).option(Call, 65.0, 0.3).price)
    }),
    row("Call on a currency: 1.56, strike 1.60, 6 % and 8 %, volatility 12 %, 6 months", HAUG, 0.0291, 5e-5, || {
        Some(Spot::new(1.56, 0.06, 0.08, 0.5).option(Call, 1.6, 0.12).price)
    }),
    row("Call with a yield of 8 %: 42, strike 40, 4 %, volatility 35 %, 9 months", HAUG, 5.0975, 5e-5, || {
        Some(Spot::new(42.0, 0.04, 0.08, 0.75).option(Call, 40.0, 0.35).price)
    }),
    row("Put on a future: 19, strike 19, 10 %, volatility 28 %, 9 months", HAUG, 1.7011, 5e-5, || {
        Some(discounted(Put, 19.0, 19.0, 0.75, 0.28, 0.1).price)
    }),
    row("Call on a future: 90, strike 100, 10 %, volatility 15 %, 0.1 years", HAUG, 0.0205, 5e-5, || {
        haug(Call, 90.0, 0.1, 0.15)
    }),
    row("Call on a future: 100, strike 100, 10 %, volatility 35 %, 0.5 years", HAUG, 9.3679, 5e-5, || {
        haug(Call, 100.0, 0.5, 0.35)
    }),
    row("Put on a future: 90, strike 100, 10 %, volatility 25 %, 0.5 years", HAUG, 12.2149, 5e-5, || {
        haug(Put, 90.0, 0.5, 0.25)
    }),
    row(
        "Call on a forward: 100, strike 90, no rate, volatility 20 %, a year",
        QUANTLIB,
        13.589_108_116_054_803,
        1e-9,
        || Some(greeks(Call, 100.0, 90.0, 1.0, 0.2).price),
    ),
    row(
        "Call on a forward: 100, strike 100, no rate, volatility 200 %, a year",
        QUANTLIB,
        68.268_949_213_708_6,
        1e-10,
        || Some(greeks(Call, 100.0, 100.0, 1.0, 2.0).price),
    ),
    row(
        "Call on a forward: 100, strike 100, 2 %, volatility 20 %, 6 months",
        VOLLIB,
        5.581_106_724_604_812,
        1e-12,
        || Some(discounted(Call, 100.0, 100.0, 0.5, 0.2, 0.02).price),
    ),
    row("Mark in BTC of BTC-29DEC23-35000-C: forward 30,705.56, volatility 59.51 %", TICKER, 0.1496, 5e-5, || {
        Some(year_end().price / 30_705.56)
    }),
    row(
        "Mark in BTC of BTC-13APR23-30000-C: forward 30,026.47, volatility 71 %, 21 hours",
        TICKER,
        0.0143,
        5e-5,
        || Some(last_day().price / 30_026.467_9),
    ),
];

/// Sensitivities.
pub const GREEKS: &[Published] = &[
    row("Delta of a call on a stock: 49, strike 50, 5 %, volatility 20 %, 20 weeks", HULL, 0.522, 5e-4, || {
        Some(hull().delta)
    }),
    row("Gamma of it", HULL, 0.066, 5e-4, || Some(hull().gamma)),
    row("Vega of it, for 100 points of volatility", HULL, 12.1, 0.05, || Some(hull().vega)),
    row("Theta of it, a year", HULL, -4.31, 0.005, || Some(hull().theta_per_year)),
    row("Rho of it, for 100 points of rate", HULL, 8.91, 0.005, || Some(hull().rho)),
    row("Delta of a put on a future: 105, strike 100, 10 %, volatility 36 %, 6 months", HAUG, -0.3566, 5e-5, || {
        Some(discounted(Put, 105.0, 100.0, 0.5, 0.36, 0.1).delta)
    }),
    row("Gamma of a call on a stock: 55, strike 60, 10 %, volatility 30 %, 9 months", HAUG, 0.0278, 5e-5, || {
        Some(Spot::new(55.0, 0.1, 0.0, 0.75).option(Call, 60.0, 0.3).gamma)
    }),
    row("Vega of it, for 100 points of volatility", HAUG, 18.9358, 5e-5, || {
        Some(Spot::new(55.0, 0.1, 0.0, 0.75).option(Call, 60.0, 0.3).vega)
    }),
    row(
        "Theta of a put with a yield of 5 %: 430, strike 405, 7 %, volatility 20 %, a month",
        HAUG,
        -31.1924,
        5e-5,
        || Some(Spot::new(430.0, 0.07, 0.05, 1.0 / 12.0).option(Put, 405.0, 0.2).theta_per_year),
    ),
    row("Rho of a call on a stock: 72, strike 75, 9 %, volatility 19 %, a year", HAUG, 38.7325, 5e-5, || {
        Some(Spot::new(72.0, 0.09, 0.0, 1.0).option(Call, 75.0, 0.19).rho)
    }),
    row("Delta of BTC-29DEC23-35000-C", TICKER, 0.49657, 1e-4, || Some(year_end().delta)),
    row("Vega of it, USD for a point of volatility", TICKER, 103.55704, 0.01, || Some(year_end().vega / 100.0)),
    row("Theta of it, USD a day", TICKER, -11.81232, 0.01, || Some(year_end().theta)),
    row("Theta of BTC-13APR23-30000-C on its last day, USD", TICKER, -208.03039, 0.2, || Some(last_day().theta)),
];

/// Volatilities from prices.
pub const IMPLIED: &[Published] = &[
    row("Call on a stock at 1.875: 21, strike 20, 10 %, 3 months", HULL, 0.235, 5e-4, || {
        Spot::new(21.0, 0.1, 0.0, 0.25).implied(Call, 20.0, 1.875)
    }),
    row("Call on a forward at 6.54635543387: 100, strike 100, 6 months", VOLLIB, 0.232_323_232, 1e-9, || {
        implied_vol(Call, 100.0, 100.0, 0.5, 6.546_355_433_87)
    }),
    row("Normalised call of Jäckel at 0.0796556745541, on the money", VOLLIB, 0.2, 1e-11, || {
        implied_vol(Call, 1.0, 1.0, 1.0, 0.079_655_674_554_1)
    }),
    row("Call at 3.06e-30: forward 100, strike 1,000, a year", DIGITS, 0.2, 1e-12, || {
        implied_vol(Call, 100.0, 1_000.0, 1.0, 3.058_670_112_605_406e-30)
    }),
    row("Call at 8.46e-60: forward 100,000, strike 400,000, a week", DIGITS, 0.6, 1e-12, || {
        implied_vol(Call, 100_000.0, 400_000.0, 0.019_178_082_191_780_823, 8.458_418_150_716_346e-60)
    }),
    row("Put at 99.84: forward 100, strike 100, ten years", DIGITS, 2.0, 1e-12, || {
        implied_vol(Put, 100.0, 100.0, 10.0, 99.843_459_774_199_74)
    }),
    Published {
        what: "Call at 1,529.75: spot 4,127.83, strike 2,600, 1 %, 0.528 years",
        source: ISSUE,
        expected: None,
        tolerance: 0.0,
        found: || Spot::new(4_127.83, 0.01, 0.0, 0.527_777_777_777_777_8).implied(Call, 2_600.0, 1_529.75),
    },
];

/// Settlement, fees and margin.
pub const VENUE: &[Published] = &[
    row(
        "BTC that the seller of a call pays: strike 10,000, delivery price 12,500",
        DERIBIT_OPTIONS,
        0.2,
        1e-12,
        || delivered("BTC-27DEC19-10000-C", 12_500.0),
    ),
    row("BTC that a put at 10,000 pays: delivery price 10,001", DERIBIT_OPTIONS, 0.0, 1e-12, || {
        delivered("BTC-27DEC19-10000-P", 10_001.0)
    }),
    row("BTC that a call pays: strike 100,000, delivery price 125,000", DERIBIT_OPTIONS, 0.2, 1e-12, || {
        delivered("BTC-27DEC24-100000-C", 125_000.0)
    }),
    row("Fee in BTC of an option at 0.0001: 12.5 % of it", DERIBIT_FEES, 0.000_012_5, 1e-12, || {
        Some(deribit().trade(0.0001, 60_000.0))
    }),
    row("Fee in ETH of two options at 0.05", DEMETER, 0.0006, 1e-12, || Some(2.0 * deribit().trade(0.05, 2_000.0))),
    row("Initial margin in BTC of a short put at 60,000: index 70,000, mark 0.01", DEGEN, 0.11, 1e-12, || {
        Some(short_margin(Put, 60_000.0, 70_000.0, 0.01, Settlement::Inverse).initial)
    }),
    row("Maintenance margin of it", DEGEN, 0.085, 1e-12, || {
        Some(short_margin(Put, 60_000.0, 70_000.0, 0.01, Settlement::Inverse).maintenance)
    }),
    row("Initial margin in USDC of a short call at 80,000: index 70,000, mark 700", DEGEN, 7_700.0, 1e-8, || {
        Some(short_margin(Call, 80_000.0, 70_000.0, 700.0, Settlement::Linear).initial)
    }),
];
