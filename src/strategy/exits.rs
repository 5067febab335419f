//! Exit rules of an open leg, in their order.

use super::config::ExitRules;
use crate::portfolio::OpenTrade;
use crate::pricing::OptionKind;
use crate::units::Timestamp;
use serde::{Deserialize, Serialize};

/// What made an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A decision opened a trade.
    Entry,
    /// A roll opened the trade's next leg.
    Roll,
    /// The margin was used up.
    Liquidation,
    /// Stop loss.
    StopLoss,
    /// Defend.
    Defend,
    /// Take profit.
    TakeProfit,
    /// Days to expiry.
    DteExit,
    /// Longest holding time.
    MaxHold,
    /// Expiry.
    Expiry,
}

impl Trigger {
    /// The words on screen.
    pub fn title(self) -> &'static str {
        match self {
            Trigger::Entry => "entry",
            Trigger::Roll => "roll",
            Trigger::Liquidation => "margin liquidation",
            Trigger::StopLoss => "stop loss",
            Trigger::Defend => "defend",
            Trigger::TakeProfit => "take profit",
            Trigger::DteExit => "DTE exit",
            Trigger::MaxHold => "max hold",
            Trigger::Expiry => "expiry",
        }
    }
}

impl Trigger {
    /// True for the exits that roll into a next leg.
    pub fn rolls(self) -> bool {
        matches!(self, Trigger::TakeProfit | Trigger::Defend)
    }
}

/// Index over strike for a call, strike over index for a put: what `defend` looks at.
pub fn defend_ratio(kind: OptionKind, strike: f64, index: f64) -> f64 {
    match kind {
        OptionKind::Call => index / strike,
        OptionKind::Put => strike / index,
    }
}

/// The first exit rule that holds for an open short at `t`; margin liquidation is the engine's and comes before.
///
/// `mark` in the quote currency, `index` in USD. Captured = (opening fill - mark) / opening fill.
pub fn exit_trigger(rules: &ExitRules, trade: &OpenTrade, mark: f64, index: f64, t: Timestamp) -> Option<Trigger> {
    let holds =
        |rule: Option<f64>, test: &dyn Fn(f64) -> bool, trigger: Trigger| rule.filter(|x| test(*x)).map(|_| trigger);
    let contract = &trade.contract;
    let captured = || (trade.open_price - mark) / trade.open_price;
    let defended = || defend_ratio(contract.kind, contract.strike.0, index);
    holds(rules.stop_loss, &|k| mark >= k * trade.open_price, Trigger::StopLoss)
        .or_else(|| holds(rules.defend, &|x| defended() >= x, Trigger::Defend))
        .or_else(|| holds(rules.take_profit, &|x| captured() >= x, Trigger::TakeProfit))
        .or_else(|| holds(rules.dte_exit, &|n| contract.dte(t) <= n, Trigger::DteExit))
        .or_else(|| holds(rules.max_hold_days, &|n| t.days_since(trade.opened) >= n, Trigger::MaxHold))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Contract;
    use crate::portfolio::Side;
    use crate::units::{DAY_MS, Price};

    #[test]
    fn rules_in_order() {
        let expiry = Timestamp(30 * DAY_MS);
        let contract = Contract { expiry, strike: Price(110.0), kind: OptionKind::Call };
        let trade = OpenTrade {
            id: 0,
            contract,
            side: Side::Short,
            size: 1.0,
            open_price: 0.02,
            opened: Timestamp(20 * DAY_MS),
            rolls: 0,
            mark: 0.02,
            place: None,
        };
        let off = ExitRules { take_profit: None, defend: None, ..Default::default() };
        let at = |rules: &ExitRules, mark: f64, index: f64, day: i64| {
            exit_trigger(rules, &trade, mark, index, Timestamp(day * DAY_MS))
        };
        let all = ExitRules {
            stop_loss: Some(2.0),
            defend: Some(0.98),
            take_profit: Some(0.8),
            dte_exit: Some(5.0),
            max_hold_days: Some(7.0),
            ..Default::default()
        };
        assert_eq!(at(&off, 0.0, 200.0, 29), None);
        assert_eq!(at(&all, 0.04, 109.0, 21), Some(Trigger::StopLoss));
        assert_eq!(at(&all, 0.02, 108.0, 21), Some(Trigger::Defend));
        assert_eq!(at(&all, 0.003, 100.0, 21), Some(Trigger::TakeProfit));
        assert_eq!(at(&all, 0.02, 100.0, 25), Some(Trigger::DteExit));
        assert_eq!(at(&ExitRules { dte_exit: None, ..all.clone() }, 0.02, 100.0, 27), Some(Trigger::MaxHold));
        assert_eq!(at(&all, 0.02, 100.0, 21), None);
        let put = OpenTrade { contract: Contract { kind: OptionKind::Put, ..contract }, ..trade.clone() };
        assert_eq!(exit_trigger(&all, &put, 0.02, 112.0, Timestamp(21 * DAY_MS)), Some(Trigger::Defend));
        assert_eq!(exit_trigger(&all, &put, 0.02, 113.0, Timestamp(21 * DAY_MS)), None);
    }
}
