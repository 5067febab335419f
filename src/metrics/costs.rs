//! Costs times 0, 1, 2, 3: the same trades priced again.

use crate::engine::{BacktestConfig, Step};
use crate::portfolio::{FeeSchedule, Way};

/// The variant's result if fees and slippage had been charged `multiple` times, trades held fixed; quote currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CostColumn {
    /// How many times.
    pub multiple: f64,
    /// Premiums at the rule's price before slippage and rounding, less what was paid at closing and settlement.
    pub gross: f64,
    /// What slippage and rounding took.
    pub slippage: f64,
    /// Fees.
    pub fees: f64,
    /// Value of what is open at the end, at the mark.
    pub open_value: f64,
    /// gross - slippage - fees + open value.
    pub net: f64,
}

/// Prices the fills of a variant's steps again at a multiple of its costs.
pub fn cost_column(steps: &[Step], config: &BacktestConfig, multiple: f64) -> CostColumn {
    let schedule = FeeSchedule::new(config.costs.fees, config.settlement);
    let mut column = CostColumn { multiple, ..Default::default() };
    for step in steps {
        for settled in &step.settlements {
            column.gross += settled.quantity * settled.value;
            let daily = settled.contract.is_daily();
            column.fees +=
                schedule.delivery(settled.value, settled.delivery, daily) * settled.quantity.abs() * multiple;
        }
        for fill in &step.fills {
            let priced = config.costs.price_from(fill.base_price, Way::to(fill.quantity), &config.tick, multiple);
            let price = priced.map_or(0.0, |filled| filled.price);
            column.gross -= fill.quantity * fill.base_price;
            column.slippage += fill.quantity * (price - fill.base_price);
            column.fees += schedule.trade(price, fill.index) * fill.quantity.abs() * multiple;
        }
    }
    column.open_value = steps.last().map_or(0.0, |last| match config.settlement {
        crate::market::Settlement::Inverse => last.option_value.coin.0,
        crate::market::Settlement::Linear => last.option_value.usd.0,
    });
    column.net = column.gross - column.slippage - column.fees + column.open_value;
    column
}
