//! What trading costs, and the price at which an order is filled.

use crate::market::catalog::{FeePreset, TickRule};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// At which price an order is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum FillRule {
    /// Sells at the bid, buys at the ask.
    #[default]
    BidAsk,
    /// Halfway.
    Mid,
    /// At the venue's (or the model's) mark.
    Mark,
    /// Between mid (0) and touch (1).
    Fraction(f64),
}

impl Serialize for FillRule {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            FillRule::BidAsk => s.serialize_str("bid_ask"),
            FillRule::Mid => s.serialize_str("mid"),
            FillRule::Mark => s.serialize_str("mark"),
            FillRule::Fraction(x) => s.serialize_f64(*x),
        }
    }
}

impl<'de> Deserialize<'de> for FillRule {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<FillRule, D::Error> {
        use serde::de::Error;
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(s) if s == "bid_ask" => Ok(FillRule::BidAsk),
            serde_json::Value::String(s) if s == "mid" => Ok(FillRule::Mid),
            serde_json::Value::String(s) if s == "mark" => Ok(FillRule::Mark),
            serde_json::Value::Number(n) => match n.as_f64() {
                Some(x) if (0.0..=1.0).contains(&x) => Ok(FillRule::Fraction(x)),
                _ => Err(D::Error::custom(format!("{n} is not between 0 (mid) and 1 (touch)"))),
            },
            other => Err(D::Error::custom(format!(
                "{other} is not a fill rule; write \"bid_ask\", \"mid\", \"mark\" or a number from 0 (mid) to 1 (touch)"
            ))),
        }
    }
}

/// On which snapshot an order is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillAt {
    /// The one on which it was decided.
    #[default]
    Snapshot,
    /// The first later one.
    NextSnapshot,
}

/// What trading costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// Fee preset.
    pub fees: FeePreset,
    /// Fill rule.
    pub fill: FillRule,
    /// On which snapshot.
    pub fill_at: FillAt,
    /// Slippage in ticks against the trader.
    pub slippage_ticks: f64,
    /// Slippage in basis points of the price against the trader.
    pub slippage_bps: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Costs {
            fees: FeePreset::Deribit,
            fill: FillRule::BidAsk,
            fill_at: FillAt::Snapshot,
            slippage_ticks: 0.0,
            slippage_bps: 0.0,
        }
    }
}

/// Which way an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Buys: pays more.
    Buy,
    /// Sells: receives less.
    Sell,
}

impl Way {
    /// The way of an order that changes the quantity by a signed amount.
    pub fn to(quantity: f64) -> Way {
        if quantity < 0.0 { Way::Sell } else { Way::Buy }
    }
}

/// What one coin of an option is quoted at, quote currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Best bid.
    pub bid: Option<f64>,
    /// Best ask.
    pub ask: Option<f64>,
    /// Mark.
    pub mark: Option<f64>,
}

/// A price at which an order is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FillPrice {
    /// What is paid or received for one coin, on a tick.
    pub price: f64,
    /// The rule's price before slippage and rounding.
    pub base: f64,
    /// Configured slippage for one coin.
    pub slippage: f64,
}

/// Tolerance, in ticks, within which a price counts as on the tick.
const ON_TICK: f64 = 1e-6;

impl Costs {
    /// The fill of an order, or `None` where the side to be traded has no quote or a sale would round to 0.
    ///
    /// The rule's price, plus slippage (times `multiple`), rounded against the trader to the tick of that
    /// unrounded price; a buy costs at least one tick.
    pub fn fill_price(&self, touch: &Touch, way: Way, tick: &TickRule, multiple: f64) -> Option<FillPrice> {
        let side = match way {
            Way::Buy => touch.ask?,
            Way::Sell => touch.bid?,
        };
        let mid = || touch.bid.zip(touch.ask).map(|(bid, ask)| (bid + ask) / 2.0);
        let base = match self.fill {
            FillRule::BidAsk => side,
            FillRule::Mid => mid()?,
            FillRule::Mark => touch.mark?,
            FillRule::Fraction(x) => mid().map(|mid| mid + x * (side - mid))?,
        };
        self.price_from(base, way, tick, multiple)
    }

    /// A bid from which on a sale has a fill price for certain, so that a scan need not compute it.
    ///
    /// The widest step of the tick rule; infinite where more than the bid and the tick decide.
    pub fn sure_bid(&self, tick: &TickRule) -> f64 {
        let is_bid = self.fill == FillRule::BidAsk && self.slippage_ticks == 0.0 && self.slippage_bps == 0.0;
        let widest = tick.steps.iter().map(|row| row.step).max().filter(|_| is_bid);
        widest.map_or(f64::INFINITY, |step| f64::from(step) / f64::from(tick.per_one))
    }

    /// The fill that a rule's price gives: slippage `multiple` times, then rounding against the trader.
    pub fn price_from(&self, base: f64, way: Way, tick: &TickRule, multiple: f64) -> Option<FillPrice> {
        let ticks = self.slippage_ticks * f64::from(tick.step_at(base)) / f64::from(tick.per_one);
        let slippage = (ticks + self.slippage_bps / 10_000.0 * base) * multiple;
        let unrounded = match way {
            Way::Buy => base + slippage,
            Way::Sell => base - slippage,
        };
        let price = round_against(unrounded, way, tick);
        (price > 0.0).then_some(FillPrice { price, base, slippage })
    }
}

/// Rounds to the tick of the unrounded price: a sale down, a buy up and to one tick at least.
fn round_against(unrounded: f64, way: Way, tick: &TickRule) -> f64 {
    let step = f64::from(tick.step_at(unrounded));
    let steps = unrounded * f64::from(tick.per_one) / step;
    let whole = match way {
        Way::Buy => (steps - ON_TICK).ceil().max(1.0),
        Way::Sell => (steps + ON_TICK).floor(),
    };
    whole * step / f64::from(tick.per_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(bid: f64, ask: f64, mark: f64) -> Touch {
        let some = |x: f64| (x > 0.0).then_some(x);
        Touch { bid: some(bid), ask: some(ask), mark: some(mark) }
    }

    #[test]
    fn fills_by_rule_and_tick() {
        let tick = TickRule::deribit_inverse();
        let t = touch(0.0145, 0.0150, 0.014_712);
        let price = |costs: &Costs, t: &Touch, way| costs.fill_price(t, way, &tick, 1.0).map(|f| f.price);
        let rule = |fill| Costs { fill, ..Default::default() };
        let rows = [
            (FillRule::BidAsk, Way::Sell, 0.0145),
            (FillRule::BidAsk, Way::Buy, 0.0150),
            (FillRule::Mid, Way::Sell, 0.0145),
            (FillRule::Mid, Way::Buy, 0.0150),
            (FillRule::Mark, Way::Sell, 0.0145),
            (FillRule::Mark, Way::Buy, 0.0150),
            (FillRule::Fraction(0.0), Way::Sell, 0.0145),
            (FillRule::Fraction(1.0), Way::Buy, 0.0150),
        ];
        for (fill, way, expected) in rows {
            assert_eq!(price(&rule(fill), &t, way), Some(expected), "{fill:?} {way:?}");
        }
        let low = touch(0.0, 0.0004, 0.000_05);
        assert_eq!(price(&rule(FillRule::BidAsk), &low, Way::Sell), None, "no bid");
        assert_eq!(price(&rule(FillRule::Mid), &low, Way::Buy), None, "mid needs both sides");
        assert_eq!(price(&rule(FillRule::Mark), &low, Way::Buy), Some(0.0001), "a buy costs a tick at least");
        let tiny = touch(0.0001, 0.0004, 0.000_05);
        assert_eq!(price(&rule(FillRule::Mark), &tiny, Way::Sell), None, "a sale that rounds to 0 is no quote");
        let slipping = Costs { slippage_ticks: 1.0, ..Default::default() };
        assert_eq!(price(&slipping, &t, Way::Sell), Some(0.0140));
        assert_eq!(
            price(&slipping, &touch(0.0051, 0.0055, 0.0053), Way::Sell),
            Some(0.0046),
            "tick of the unrounded price"
        );
        assert_eq!(price(&slipping, &tiny, Way::Sell), None);
        assert_eq!((rule(FillRule::BidAsk).sure_bid(&tick), slipping.sure_bid(&tick)), (0.0005, f64::INFINITY));
        assert_eq!(price(&rule(FillRule::BidAsk), &touch(0.0005, 0.0, 0.0), Way::Sell), Some(0.0005));
    }
}
