//! A snapshot for people: the board of an expiry, smiles, forwards and spreads.

use super::format::{ABSENT, count, day, days, number, or_dash, percent, percent_signed, usd};
use super::lines::{Axis, Lines, Series, by_x};
use crate::market::observed::{Sides, relative_spread};
use crate::market::{Chain, Columns, Dataset, MarketSnapshot, Settlement};
use crate::pricing::{OptionKind, implied_vol};
use crate::units::Timestamp;

/// Days before an expiry below which an annualised premium says nothing.
const LEAST_DAYS: f64 = 1.0;
/// |delta| of the options whose spreads are drawn: beyond, a tick is most of the price.
const SPREAD_DELTAS: std::ops::RangeInclusive<f64> = 0.05..=0.95;
/// Tenors that are drawn before anybody chooses, days.
const TENORS: [f64; 3] = [7.0, 30.0, 90.0];
/// What an axis of deltas is called.
pub const DELTA_TITLE: &str = "Delta of the call, puts left";
/// Most smiles at once: one for each colour.
pub const MOST_SMILES: usize = 6;

/// What a smile is drawn over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Strikes, USD.
    #[default]
    Strike,
    /// `ln(K / F)`.
    Moneyness,
    /// Delta of the call, falling from left to right as the strikes rise.
    Delta,
}

impl Over {
    /// All, with their words.
    pub const ALL: [(Over, &'static str); 3] =
        [(Over::Strike, "Strike"), (Over::Moneyness, "ln(K/F)"), (Over::Delta, "Delta")];
}

/// One kind at one strike: bid, ask, mark, volatility, delta, open interest.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardSide {
    /// The figures in words.
    pub cells: [String; 6],
    /// True in the money, on the forward.
    pub is_in_the_money: bool,
}

/// Both kinds at one strike.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    /// The strike.
    pub strike: String,
    /// Call, and put.
    pub sides: [BoardSide; 2],
    /// True for the first strike from the forward on: the forward itself lies above its row.
    pub is_central: bool,
}

/// The board of one expiry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Forward, its premium over the index, days, count of options, in one sentence.
    pub words: String,
    /// Unit of prices.
    pub unit: String,
    /// Open interest is kept.
    pub has_open_interest: bool,
    /// Strikes, ascending.
    pub rows: Vec<BoardRow>,
}

/// Prices of a dataset: coins of the underlying, or USD.
pub fn unit(dataset: &Dataset) -> String {
    match dataset.settlement {
        Settlement::Inverse => dataset.underlying.clone(),
        Settlement::Linear => "USD".into(),
    }
}

/// An expiry, `2026-03-27, 17.8 d`.
pub fn expiry_words(expiry: Timestamp, now: Timestamp) -> String {
    let left = expiry.days_since(now);
    let is_whole = (left - left.round()).abs() < 0.05;
    format!("{}, {}", day(expiry), if is_whole { format!("{} d", number(left, 0)) } else { days(left) })
}

/// How near a snapshot's fit is to the quotes it was made of; `None` of what was not fitted.
pub fn fit_words(snapshot: &MarketSnapshot) -> Option<String> {
    let error = snapshot.fit_error?;
    let points = |thousandths: u32| number(f64::from(thousandths) / 1000.0, 3);
    Some(format!("median {} volatility points, 95 % under {}", points(error.median), points(error.p95)))
}

/// What a snapshot holds, and how near its fit is where it was fitted.
pub fn summary(snapshot: &MarketSnapshot, dataset: &Dataset) -> String {
    let mut sides = Sides::default();
    sides.add_snapshot(snapshot);
    let iv = snapshot.levels.atm_iv_30.map(|iv| format!(", 30-day volatility {}", percent(iv, 1)));
    let fit = fit_words(snapshot).map(|words| format!(" Fit error here: {words}."));
    format!(
        "{} index {}{}: {} expiries, {} options, {} of them with bid and ask ({}).{}",
        dataset.underlying,
        usd(snapshot.index.0),
        iv.unwrap_or_default(),
        snapshot.chains.len(),
        count(sides.options() as usize),
        count(sides.two_sided as usize),
        or_dash(sides.two_sided_share(), |share| percent(share, 1)),
        fit.unwrap_or_default()
    )
}

/// The board of an expiry; empty where it is not listed.
pub fn board(snapshot: &MarketSnapshot, expiry: Timestamp, dataset: &Dataset) -> Board {
    let Some(chain) = snapshot.chain(expiry) else { return Board::default() };
    let forward = chain.forward.0;
    let central = chain.strikes.iter().position(|strike| *strike >= forward);
    let row = |i: usize| BoardRow {
        strike: strike_words(chain.strikes[i]),
        sides: [OptionKind::Call, OptionKind::Put].map(|kind| BoardSide {
            cells: cells(chain.columns(kind), i, dataset.settlement),
            is_in_the_money: kind.intrinsic(forward, chain.strikes[i]) > 0.0,
        }),
        is_central: Some(i) == central,
    };
    Board {
        words: format!(
            "in {}. Forward {}, {} against the index.",
            days(expiry.days_since(snapshot.time)),
            usd(forward),
            percent_signed(forward / snapshot.index.0 - 1.0, 2)
        ),
        unit: unit(dataset),
        has_open_interest: (0..chain.strikes.len())
            .any(|i| chain.call.open_interest(i).or(chain.put.open_interest(i)).is_some()),
        rows: (0..chain.strikes.len()).map(row).collect(),
    }
}

fn strike_words(strike: f64) -> String {
    number(strike, if strike.fract() == 0.0 { 0 } else { 2 })
}

fn cells(columns: &Columns, row: usize, settlement: Settlement) -> [String; 6] {
    let (ticks, marks) = if settlement == Settlement::Inverse { (4, 5) } else { (2, 2) };
    let quote = columns.quote(row);
    [
        or_dash(quote.bid, |v| number(v, ticks)),
        or_dash(quote.ask, |v| number(v, ticks)),
        or_dash(quote.mark, |v| number(v, marks)),
        or_dash(quote.iv, |v| percent(v, 1)),
        or_dash(quote.delta, |v| number(v, 2)),
        or_dash(quote.open_interest, |v| number(v, if v.fract() == 0.0 { 0 } else { 1 })),
    ]
}

/// The expiry nearest to a number of days; `None` of an empty snapshot.
pub fn expiry_near(snapshot: &MarketSnapshot, days: f64) -> Option<Timestamp> {
    let distance = |chain: &&Chain| (chain.expiry.days_since(snapshot.time) - days).abs();
    snapshot.chains.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|chain| chain.expiry)
}

/// The chosen expiries that a snapshot lists, at most as many as there are colours; where none is left, some of its own.
pub fn chosen(snapshot: &MarketSnapshot, wanted: &[Timestamp]) -> Vec<Timestamp> {
    let is_wanted = |chain: &&Chain| wanted.contains(&chain.expiry);
    let listed: Vec<Timestamp> = snapshot.chains.iter().filter(is_wanted).map(|c| c.expiry).collect();
    if !listed.is_empty() {
        return listed.into_iter().take(MOST_SMILES).collect();
    }
    let mut own: Vec<Timestamp> = TENORS.iter().filter_map(|days| expiry_near(snapshot, *days)).collect();
    own.dedup();
    own
}

/// The chains of chosen expiries.
fn chains<'a>(snapshot: &'a MarketSnapshot, expiries: &'a [Timestamp]) -> impl Iterator<Item = &'a Chain> {
    expiries.iter().filter_map(|expiry| snapshot.chain(*expiry))
}

/// The kind that is out of the money at a strike.
fn outside(chain: &Chain, row: usize) -> OptionKind {
    if chain.strikes[row] >= chain.forward.0 { OptionKind::Call } else { OptionKind::Put }
}

/// Where a row stands on the axis.
fn place(chain: &Chain, row: usize, over: Over) -> Option<f64> {
    match over {
        Over::Strike => Some(chain.strikes[row]),
        Over::Moneyness => Some(libm::log(chain.strikes[row] / chain.forward.0)),
        Over::Delta => {
            let delta = chain.call.delta(row).or_else(|| chain.put.delta(row).map(|delta| 1.0 + delta))?;
            Some(-delta)
        }
    }
}

/// Volatilities of the out-of-the-money options of expiries; where one alone is drawn, with those of its bid and ask.
///
/// Shown are the strikes with a delta between 1 and 99.
pub fn smiles(snapshot: &MarketSnapshot, expiries: &[Timestamp], over: Over, settlement: Settlement) -> Lines {
    let line = |chain: &Chain| {
        let is_seen = |row: &usize| chain.call.delta(*row).is_none_or(|delta| (0.01..=0.99).contains(&delta));
        let rows: Vec<(f64, usize)> =
            (0..chain.strikes.len()).filter(is_seen).filter_map(|row| Some((place(chain, row, over)?, row))).collect();
        let iv = |row: usize| chain.columns(outside(chain, row)).iv(row);
        let points = by_x(rows.iter().filter_map(|(x, row)| Some((*x, iv(*row)?))).collect());
        let whisker = |(x, row): &(f64, usize)| {
            let [bid, ask] = touch_vols(snapshot, chain, *row, settlement)?;
            Some((*x, bid, ask))
        };
        let whiskers = if expiries.len() == 1 { rows.iter().filter_map(whisker).collect() } else { Vec::new() };
        Series { name: expiry_words(chain.expiry, snapshot.time), points, whiskers, ..Series::default() }
    };
    let (x, x_title, rules) = match over {
        Over::Strike => (Axis::Usd, "Strike, USD", vec![(snapshot.index.0, "index")]),
        Over::Moneyness => (Axis::Number, "ln(strike / forward)", vec![(0.0, "forward")]),
        Over::Delta => (Axis::Delta, DELTA_TITLE, Vec::new()),
    };
    let series = chains(snapshot, expiries).map(line).collect();
    Lines { x, x_title, y: Axis::Percent, y_title: "Volatility", series, rules, ..Lines::default() }
}

/// Volatilities of the bid and the ask of a row's out-of-the-money option; `None` where one of them has none.
fn touch_vols(snapshot: &MarketSnapshot, chain: &Chain, row: usize, settlement: Settlement) -> Option<[f64; 2]> {
    let kind = outside(chain, row);
    let (forward, years) = (chain.forward.0, chain.expiry.years_since(snapshot.time));
    let one = match settlement {
        Settlement::Inverse => forward,
        Settlement::Linear => libm::exp(snapshot.rate * years),
    };
    let vol = |price: Option<f64>| implied_vol(kind, forward, chain.strikes[row], years, price? * one);
    let columns = chain.columns(kind);
    Some([vol(columns.bid(row))?, vol(columns.ask(row))?])
}

/// Premium of the forwards over the index by days to expiry, as it is and a year.
pub fn forwards(snapshot: &MarketSnapshot) -> Lines {
    let index = snapshot.index.0;
    let of = |name: &str, value: fn(f64, f64) -> f64| {
        let point = |chain: &Chain| {
            let days = chain.expiry.days_since(snapshot.time);
            (days >= LEAST_DAYS).then(|| (days, value(chain.forward.0 / index, days / 365.0)))
        };
        let points = snapshot.chains.iter().filter_map(point).collect();
        Series { name: name.into(), points, ..Series::default() }
    };
    let series = vec![
        of("Forward / index − 1", |ratio, _| ratio - 1.0),
        of("A year, ln(forward / index) / years", |ratio, years| libm::log(ratio) / years),
    ];
    let (x_title, y_title) = ("Days to expiry", "Forward against the index");
    Lines { x: Axis::Days, x_title, y: Axis::Change, y_title, series, has_zero: true, ..Lines::default() }
}

/// `(ask - bid) / mid` of the out-of-the-money options of expiries by delta of the call.
pub fn spreads(snapshot: &MarketSnapshot, expiries: &[Timestamp]) -> Lines {
    let line = |chain: &Chain| {
        let point = |row: usize| {
            let quote = chain.columns(outside(chain, row)).quote(row);
            let delta = place(chain, row, Over::Delta).filter(|delta| SPREAD_DELTAS.contains(&-delta))?;
            Some((delta, relative_spread(quote.bid, quote.ask)?))
        };
        let points = by_x((0..chain.strikes.len()).filter_map(point).collect());
        Series { name: expiry_words(chain.expiry, snapshot.time), points, ..Series::default() }
    };
    let series = chains(snapshot, expiries).map(line).collect();
    let y_title = "(Ask − bid) / mid";
    Lines {
        x: Axis::Delta,
        x_title: DELTA_TITLE,
        y: Axis::Percent,
        y_title,
        series,
        has_zero: true,
        ..Lines::default()
    }
}

/// What the lines of a smile say at their middle, for who cannot see them.
pub fn smile_words(snapshot: &MarketSnapshot, expiries: &[Timestamp]) -> String {
    let words = |chain: &Chain| {
        let near = |row: &usize| (chain.strikes[*row] - chain.forward.0).abs();
        let row = (0..chain.strikes.len()).min_by(|a, b| near(a).total_cmp(&near(b)))?;
        let iv = chain.columns(outside(chain, row)).iv(row)?;
        let strike = strike_words(chain.strikes[row]);
        Some(format!("{}: {} at {strike}", expiry_words(chain.expiry, snapshot.time), percent(iv, 1)))
    };
    let all: Vec<String> = chains(snapshot, expiries).filter_map(words).collect();
    if all.is_empty() { ABSENT.to_owned() } else { format!("{}.", all.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::codec::SnapshotFitError;
    use crate::market::{Catalog, RawChain, RawQuotes};
    use crate::units::{DAY_MS, Price};

    fn dataset() -> Dataset {
        let catalog = Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("the catalog");
        catalog.dataset("btc-2026").expect("btc-2026").clone()
    }

    /// Two expiries at 50 %, quoted a tick around their marks; the far one has no ask at its highest strike.
    fn snapshot() -> MarketSnapshot {
        let chain = |days: i64, forward: f64| {
            let strikes = vec![80.0, 100.0, 125.5];
            let years = days as f64 / 365.0;
            let quotes = |kind: OptionKind| {
                let price = |k: &f64| crate::pricing::price(kind, forward, *k, years, 0.5) / forward;
                let mark: Vec<f64> = strikes.iter().map(price).collect();
                let mut ask: Vec<f64> = mark.iter().map(|m| m * 1.1).collect();
                if days > 20 {
                    ask[2] = f64::NAN;
                }
                let open_interest = vec![1.0, 2.5, f64::NAN];
                RawQuotes { bid: mark.iter().map(|m| m * 0.9).collect(), ask, iv: vec![0.5; 3], mark, open_interest }
            };
            let (call, put) = (quotes(OptionKind::Call), quotes(OptionKind::Put));
            RawChain { expiry: Timestamp(days * DAY_MS), forward, strikes, call, put }
        };
        let chains = vec![chain(10, 101.0), chain(73, 105.0)];
        MarketSnapshot::new(Timestamp(0), Price(100.0), None, None, chains, 0.0).expect("a snapshot")
    }

    #[test]
    fn a_board_has_both_kinds_of_every_strike() {
        let (snapshot, dataset) = (snapshot(), dataset());
        let board = board(&snapshot, Timestamp(10 * DAY_MS), &dataset);
        assert_eq!((board.rows.len(), board.unit.as_str(), board.has_open_interest), (3, "BTC", true));
        assert_eq!(board.words, "in 10.0 d. Forward $101, +1.00 % against the index.");
        let inside = |row: usize| board.rows[row].sides.each_ref().map(|side| side.is_in_the_money);
        assert_eq!([inside(0), inside(1), inside(2)], [[true, false], [true, false], [false, true]]);
        assert_eq!(board.rows.iter().map(|row| row.is_central).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(board.rows[2].strike, "125.50");
        let [bid, _, mark, iv, delta, interest] = &board.rows[1].sides[0].cells;
        assert_eq!((iv.as_str(), delta.as_str(), interest.as_str()), ("50.0 %", "0.56", "2.5"));
        assert!(bid.len() == 6 && mark.len() == 7, "ticks and marks of a coin: {bid}, {mark}");
        assert_eq!(board.rows[2].sides[0].cells[5], ABSENT);
        assert_eq!(super::board(&snapshot, Timestamp(1), &dataset), Board::default());
        let fit_error = Some(SnapshotFitError { median: 47, p95: 219, inside: 965 });
        let fitted = summary(&MarketSnapshot { fit_error, ..snapshot.clone() }, &dataset);
        assert!(fitted.ends_with(" Fit error here: median 0.047 volatility points, 95 % under 0.219."), "{fitted}");
        let words = summary(&snapshot, &dataset);
        assert!(!words.contains("Fit error"), "{words}");
        assert!(
            words.starts_with("BTC index $100, 30-day volatility 50.0 %: 2 expiries, 12 options, 10 of them"),
            "{words}"
        );
    }

    #[test]
    fn smiles_are_of_what_is_out_of_the_money() {
        let snapshot = snapshot();
        let both = chosen(&snapshot, &[]);
        assert_eq!(both.len(), 2, "7 and 30 days are nearest to the first: {both:?}");
        assert_eq!(chosen(&snapshot, &[both[1], Timestamp(5)]), [both[1]]);
        let lines = smiles(&snapshot, &both, Over::Strike, Settlement::Inverse);
        assert_eq!(
            lines.series.iter().map(|s| (s.points.len(), s.whiskers.len())).collect::<Vec<_>>(),
            [(1, 0), (3, 0)],
            "ten days ahead only one strike is between 1 and 99 delta"
        );
        let one = smiles(&snapshot, &both[1..], Over::Delta, Settlement::Inverse);
        let series = &one.series[0];
        assert_eq!(series.whiskers.len(), 2, "without an ask there is no whisker");
        assert!(series.points.windows(2).all(|w| w[0].0 < w[1].0), "deltas ascend");
        assert!(series.whiskers.iter().all(|(_, low, high)| *low < 0.5 && 0.5 < *high));
        let moneyness = smiles(&snapshot, &both[1..], Over::Moneyness, Settlement::Inverse);
        assert!((moneyness.series[0].points[1].0 - libm::log(100.0 / 105.0)).abs() < 1e-12);
        assert!(smile_words(&snapshot, &both).contains("50.0 % at 100"));
        assert_eq!(smile_words(&snapshot, &[]), ABSENT);
    }

    #[test]
    fn forwards_and_spreads_are_relative() {
        let snapshot = snapshot();
        let [premium, yearly] = &forwards(&snapshot).series[..] else { panic!("two lines") };
        assert!((premium.points[1].1 - 0.05).abs() < 1e-12);
        assert!((yearly.points[1].1 - libm::log(1.05) * 5.0).abs() < 1e-12);
        let spreads = spreads(&snapshot, &chosen(&snapshot, &[]));
        let far: Vec<f64> = spreads.series[1].points.iter().map(|p| p.1).collect();
        assert_eq!(far.len(), 2);
        assert!(far.iter().all(|spread| (spread - 0.2).abs() < 1e-9), "{far:?}");
    }
}
