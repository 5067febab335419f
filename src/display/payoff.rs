//! What the options that are held earn over the index: now, and at the next expiry.

use super::format::{day, number, usd, usd_signed};
use super::lines::{Axis, Lines, Series};
use crate::engine::{Fill, FillAction, Held, Step};
use crate::market::{Contract, MarketSnapshot, Settlement};
use crate::metrics::Leg;
use crate::pricing::{Expiry, OptionKind};
use crate::run::Unit;
use crate::units::{Price, Timestamp};

/// Even places of the index at which a curve is computed, strikes apart.
const PLACES: usize = 120;
/// Share of the index that is drawn to either side.
const REACH: f64 = 0.3;

/// An amount that was booked at the opening, some of it in coins, which are worth what the index is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow {
    /// Coins.
    pub coin: f64,
    /// USD.
    pub usd: f64,
}

/// How an option is priced before its expiry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Priced {
    /// At its own volatility, a fraction, with this forward for one USD of index: both stand whatever the index does.
    Volatility(f64, f64),
    /// At its last mark, quote currency, where the snapshot has no volatility of it.
    Mark(f64),
}

/// One option that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOption {
    /// The contract.
    pub contract: Contract,
    /// Coins, a sale negative.
    pub quantity: f64,
    /// Premium and fee of its opening fill; what was received is positive.
    pub flow: Flow,
    /// How it is priced before its expiry.
    pub priced: Priced,
}

/// The options that a step holds, with what pricing them again needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// The instant that is now.
    pub time: Timestamp,
    /// Index now, USD.
    pub index: f64,
    /// Annual rate, continuous.
    pub rate: f64,
    /// What options settle in.
    pub settlement: Settlement,
    /// What is held, in opening order; at least one.
    pub options: Vec<HeldOption>,
}

/// The legs that are open after a step with their marks, in opening order.
pub fn held_legs<'a>(unit: &'a Unit, step: &'a Step) -> impl Iterator<Item = (&'a Leg, &'a Held)> {
    let open = |leg: &&Leg| leg.opened <= step.time && leg.closed.is_none_or(|t| t > step.time);
    let trade = |id: u32| unit.trades().binary_search_by_key(&id, |t| t.id).ok().map(|at| &unit.trades()[at]);
    step.held.iter().filter_map(move |held| Some((trade(held.trade)?.legs.iter().rfind(open)?, held)))
}

impl Book {
    /// What a step of a variant holds; `None` where it holds nothing.
    pub fn of(unit: &Unit, step: &Step, snapshot: &MarketSnapshot) -> Option<Book> {
        let settlement = unit.config().settlement;
        let option = |(leg, held): (&Leg, &Held)| HeldOption {
            contract: leg.contract,
            quantity: leg.side.signed(leg.size),
            flow: opening_flow(unit, leg),
            priced: priced(&leg.contract, snapshot).unwrap_or(Priced::Mark(held.mark)),
        };
        let options: Vec<HeldOption> = held_legs(unit, step).map(option).collect();
        let (time, index, rate) = (step.time, step.index, snapshot.rate);
        (!options.is_empty()).then_some(Book { time, index, rate, settlement, options })
    }

    /// The nearest expiry of what is held.
    pub fn next_expiry(&self) -> Timestamp {
        self.options.iter().map(|o| o.contract.expiry).min().unwrap_or(self.time)
    }

    /// Value of the options in USD at an index and an instant: intrinsic once expired, else priced again.
    pub fn value(&self, price: f64, at: Timestamp) -> f64 {
        self.options.iter().map(|o| o.quantity * self.unit_value(o, price, at)).sum()
    }

    fn unit_value(&self, option: &HeldOption, price: f64, at: Timestamp) -> f64 {
        let years = option.contract.expiry.years_since(at);
        match (option.priced, self.settlement) {
            _ if years <= 0.0 => option.contract.intrinsic_usd(Price(price)),
            (Priced::Volatility(vol, basis), _) if price > 0.0 => {
                let expiry = Expiry::with_rate(price * basis, years, self.rate);
                option.contract.usd_at(price, &expiry, vol, self.settlement)
            }
            (Priced::Volatility(..), _) => option.contract.intrinsic_usd(Price(price)),
            (Priced::Mark(mark), Settlement::Inverse) => mark * price,
            (Priced::Mark(mark), Settlement::Linear) => mark,
        }
    }

    /// PnL in USD of what is held since each was opened, after opening fees: against HODL, as coins are kept as coins.
    pub fn pnl(&self, price: f64, at: Timestamp) -> f64 {
        let flows: f64 = self.options.iter().map(|o| o.flow.coin * price + o.flow.usd).sum();
        flows + self.value(price, at)
    }

    /// Where a curve may bend, and even places between the ends.
    fn places(&self, from: f64, to: f64) -> Vec<f64> {
        let strikes = self.options.iter().map(|o| o.contract.strike.0).chain([self.index]);
        let even = (0..=PLACES).map(|i| from + (to - from) * i as f64 / PLACES as f64);
        let mut places: Vec<f64> = strikes.filter(|k| (from..=to).contains(k)).chain(even).collect();
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        places
    }

    /// PnL now and at the next expiry, within 30 % of the index.
    pub fn lines(&self) -> Lines {
        let expiry = self.next_expiry();
        let places = self.places(self.index * (1.0 - REACH), self.index * (1.0 + REACH));
        let series = |name: String, at: Timestamp| Series {
            name,
            points: places.iter().map(|price| (*price, self.pnl(*price, at))).collect(),
            ..Series::default()
        };
        Lines {
            x: Axis::Usd,
            x_title: "Index, USD",
            y: Axis::Usd,
            y_title: "PnL of what is held, USD",
            series: vec![series("Now".into(), self.time), series(format!("At expiry, {}", day(expiry)), expiry)],
            rules: vec![(self.index, "index")],
            has_zero: true,
            ..Lines::default()
        }
    }

    /// Index prices at which the PnL at the next expiry is 0, ascending, up to far above every strike.
    pub fn break_evens(&self) -> Vec<f64> {
        let at = self.next_expiry();
        let points: Vec<(f64, f64)> = self.far_places().into_iter().map(|p| (p, self.pnl(p, at))).collect();
        let crossing = |pair: &[(f64, f64)]| {
            let ((a, left), (b, right)) = (pair[0], pair[1]);
            ((left < 0.0) != (right < 0.0)).then(|| a + (b - a) * left / (left - right))
        };
        points.windows(2).filter_map(crossing).filter(|price| *price > 0.0).collect()
    }

    /// From nothing to four times whatever is highest.
    fn far_places(&self) -> Vec<f64> {
        let highest = self.options.iter().map(|o| o.contract.strike.0).fold(self.index, f64::max);
        self.places(0.0, 4.0 * highest)
    }

    /// Least and greatest PnL at the next expiry with their index; `None` where it has no bound.
    pub fn extremes(&self) -> [Option<(f64, f64)>; 2] {
        let at = self.next_expiry();
        let points = || self.far_places().into_iter().map(|p| (p, self.pnl(p, at)));
        let by = |a: &(f64, f64), b: &(f64, f64)| a.1.total_cmp(&b.1);
        let slope = self.slope_above();
        // a rounding of coins is no slope
        let least = points().min_by(by).filter(|_| slope > -1e-9);
        let greatest = points().max_by(by).filter(|_| slope < 1e-9);
        [least, greatest]
    }

    /// What the PnL gains in USD for each USD that the index rises far above every strike.
    fn slope_above(&self) -> f64 {
        let of = |o: &HeldOption| match o.contract.kind {
            OptionKind::Call => o.quantity + o.flow.coin,
            OptionKind::Put => o.flow.coin,
        };
        self.options.iter().map(of).sum()
    }

    /// Break-evens, greatest gain and greatest loss at the next expiry, in a sentence; `coins` is what the account holds.
    pub fn words(&self, coins: f64) -> String {
        let expiry = day(self.next_expiry());
        let even: Vec<String> = self.break_evens().into_iter().map(|p| usd(p.round())).collect();
        let even = match even.len() {
            0 => "no break-even".to_owned(),
            _ => format!("breaks even at {}", even.join(" and ")),
        };
        let [least, greatest] = self.extremes();
        let bound = |found: Option<(f64, f64)>, what: &str| match found {
            Some((price, pnl)) => format!("maximum {what} {} at {}", usd_signed(pnl), usd(price.round())),
            None => format!("the {what} has no bound above"),
        };
        let calls: f64 = self.options.iter().filter(|o| o.contract.kind == OptionKind::Call).map(|o| o.quantity).sum();
        let is_covered = least.is_none() && calls + coins >= -1e-9;
        let cover = if is_covered { ", which the account's coins cover" } else { "" };
        format!("At expiry on {expiry}: {even}; {}; {}{cover}.", bound(greatest, "gain"), bound(least, "loss"))
    }

    /// PnL now in a sentence, with the index.
    pub fn now_words(&self) -> String {
        let count = self.options.len();
        let noun = if count == 1 { "option" } else { "options" };
        let pnl = usd_signed(self.pnl(self.index, self.time));
        format!("{} {noun} held at an index of {}: {pnl} now.", number(count as f64, 0), usd(self.index))
    }
}

/// Volatility and forward of a contract as the snapshot quotes it.
fn priced(contract: &Contract, snapshot: &MarketSnapshot) -> Option<Priced> {
    let (columns, row) = snapshot.columns_at(snapshot.find(contract))?;
    let forward = snapshot.chain(contract.expiry)?.forward;
    Some(Priced::Volatility(columns.iv(row)?, forward.0 / snapshot.index.0))
}

/// What the opening fill of a leg booked: a hedge pays in USD, other options in the quote currency.
fn opening_flow(unit: &Unit, leg: &Leg) -> Flow {
    let config = unit.config();
    let at = unit.steps.partition_point(|step| step.time < leg.opened);
    let opens = |fill: &&Fill| fill.action == FillAction::Open && fill.contract == leg.contract;
    let fee = unit.steps.get(at).and_then(|step| step.fills.iter().find(opens)).map_or(leg.fee, |fill| fill.fee);
    let amount = -leg.side.signed(leg.size) * leg.open_price - fee;
    match config.settlement {
        Settlement::Inverse if config.variant.hedge.is_some() => Flow { coin: 0.0, usd: amount * leg.index_open },
        Settlement::Inverse => Flow { coin: amount, usd: 0.0 },
        Settlement::Linear => Flow { coin: 0.0, usd: amount },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::DAY_MS;

    fn option(kind: OptionKind, strike: f64, quantity: f64, flow: Flow, days: i64) -> HeldOption {
        let contract = Contract { expiry: Timestamp(days * DAY_MS), strike: Price(strike), kind };
        HeldOption { contract, quantity, flow, priced: Priced::Volatility(0.5, 1.0) }
    }

    fn book(settlement: Settlement, options: Vec<HeldOption>) -> Book {
        Book { time: Timestamp(0), index: 100.0, rate: 0.0, settlement, options }
    }

    fn dollars(usd: f64) -> Flow {
        Flow { coin: 0.0, usd }
    }

    #[test]
    fn a_bought_put_by_hand() {
        let book = book(Settlement::Linear, vec![option(OptionKind::Put, 90.0, 2.0, dollars(-6.0), 30)]);
        let expiry = book.next_expiry();
        assert_eq!((book.pnl(80.0, expiry), book.pnl(100.0, expiry)), (14.0, -6.0));
        let even = book.break_evens();
        assert!(even.len() == 1 && (even[0] - 87.0).abs() < 1e-9, "{even:?}");
        let [least, greatest] = book.extremes();
        assert_eq!((least.map(|l| l.1), greatest), (Some(-6.0), Some((0.0, 174.0))));
        assert_eq!(
            book.words(0.0),
            "At expiry on 1970-01-31: breaks even at $87.00; maximum gain +$174 at $0.00; maximum loss −$6.00 at $90.00."
        );
        assert!(book.pnl(90.0, book.time) > book.pnl(90.0, expiry), "time is worth something");
    }

    #[test]
    fn a_sold_call_in_coin_keeps_its_premium_in_coin() {
        // 0.02 coins for a call at 110: at S above, 0.02 S - (S - 110) = 0 at 110 / 0.98
        let sold = option(OptionKind::Call, 110.0, -1.0, Flow { coin: 0.02, usd: 0.0 }, 7);
        let book = book(Settlement::Inverse, vec![sold]);
        let expiry = book.next_expiry();
        assert!((book.pnl(110.0, expiry) - 2.2).abs() < 1e-12);
        let even = book.break_evens();
        assert!(even.len() == 1 && (even[0] - 110.0 / 0.98).abs() < 1e-9, "{even:?}");
        let [least, greatest] = book.extremes();
        assert_eq!(least, None);
        let (at, gain) = greatest.expect("a bound");
        assert!(at == 110.0 && (gain - 2.2).abs() < 1e-12);
        assert!(book.words(1.0).ends_with("; the loss has no bound above, which the account's coins cover."));
        assert!(book.words(0.5).ends_with("; the loss has no bound above."));
    }

    #[test]
    fn what_expires_later_is_priced_at_the_next_expiry() {
        let near = option(OptionKind::Call, 110.0, -1.0, dollars(1.0), 7);
        let far = option(OptionKind::Call, 110.0, 1.0, dollars(-3.0), 60);
        let book = book(Settlement::Linear, vec![near, far]);
        let at = book.next_expiry();
        assert_eq!(at, Timestamp(7 * DAY_MS));
        let left = Expiry::with_rate(110.0, 53.0 / 365.0, 0.0).price(OptionKind::Call, 110.0, 0.5);
        assert!((book.pnl(110.0, at) - (left - 2.0)).abs() < 1e-9);
        assert_eq!(book.break_evens().len(), 2, "a calendar spread earns around its strike");
    }

    #[test]
    fn lines_reach_around_the_index_and_through_the_strike() {
        let book = book(Settlement::Linear, vec![option(OptionKind::Put, 95.5, 1.0, dollars(-1.0), 30)]);
        let lines = book.lines();
        assert_eq!(lines.series.len(), 2);
        let xs: Vec<f64> = lines.series[1].points.iter().map(|p| p.0).collect();
        assert!(xs.contains(&95.5) && xs.contains(&100.0));
        assert!((xs[0] - 70.0).abs() < 1e-9 && (xs[xs.len() - 1] - 130.0).abs() < 1e-9);
        let marked = HeldOption { priced: Priced::Mark(4.0), ..book.options[0] };
        let unpriced = Book { options: vec![marked], ..book };
        assert_eq!(unpriced.pnl(70.0, unpriced.time), 3.0, "the mark stands where there is no volatility");
    }
}
