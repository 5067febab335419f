//! The trade book: fills, settlements and marks of the steps put together into trades.

use super::trade::{Leg, Trade};
use crate::engine::{Fill, FillAction, Note, Settled, Step, Trigger};
use crate::market::Settlement;
use crate::portfolio::Side;
use crate::units::Timestamp;

/// Trades of one variant, in opening order, kept up to date step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct TradeBook {
    settlement: Settlement,
    trades: Vec<Trade>,
}

impl TradeBook {
    /// An empty book.
    pub fn new(settlement: Settlement) -> TradeBook {
        TradeBook { settlement, trades: Vec::new() }
    }

    /// All trades in opening order.
    pub fn trades(&self) -> &[Trade] {
        &self.trades
    }

    fn usd(&self, amount: f64, index: f64) -> f64 {
        match self.settlement {
            Settlement::Inverse => amount * index,
            Settlement::Linear => amount,
        }
    }

    #[inline]
    fn trade(&mut self, id: u32) -> Option<&mut Trade> {
        // Numbers ascend, and one is left out only where an entry was not executed: a trade stands at its number or before.
        let mut at = self.trades.len().min(id as usize + 1);
        while let Some(trade) = at.checked_sub(1).and_then(|last| self.trades.get(last)).filter(|trade| trade.id >= id)
        {
            at -= 1;
            if trade.id == id {
                return self.trades.get_mut(at);
            }
        }
        None
    }

    /// Takes everything that happened in a step.
    pub fn update(&mut self, step: &Step) {
        for settled in &step.settlements {
            self.settle(settled);
        }
        for fill in &step.fills {
            match fill.action {
                FillAction::Open => self.open(step.time, fill),
                FillAction::Close => self.close(step.time, fill),
            }
        }
        for note in &step.notes {
            if let Note::RollRefused { trade, why } = note
                && let Some(trade) = self.trade(*trade)
            {
                trade.roll_refusal = Some(*why);
            }
        }
        let usd_index = self.usd(1.0, step.index);
        for held in &step.held {
            if let Some(trade) = self.trade(held.trade) {
                trade.revalue(held.mark, usd_index, step.index);
            }
        }
    }

    fn open(&mut self, time: Timestamp, fill: &Fill) {
        let leg = Leg {
            contract: fill.contract,
            opened: time,
            closed: None,
            side: if fill.quantity < 0.0 { Side::Short } else { Side::Long },
            size: fill.quantity.abs(),
            open_price: fill.price,
            close_price: None,
            fee: 0.0,
            slippage: 0.0,
            reason: None,
            opened_by: fill.trigger,
            score: fill.score,
            delta: fill.delta,
            dte: fill.contract.dte(time),
            index_open: fill.index,
            index_close: None,
            age_ms: fill.age_ms,
            two_sided: fill.two_sided,
        };
        let usd_index = self.usd(1.0, fill.index);
        if self.trade(fill.trade).is_none() {
            self.trades.push(Trade::new(fill.trade));
        }
        if let Some(trade) = self.trade(fill.trade) {
            trade.legs.push(leg);
            trade.book(fill.price * -fill.quantity, fill.fee, fill.slippage, usd_index);
        }
    }

    fn close(&mut self, time: Timestamp, fill: &Fill) {
        let usd_index = self.usd(1.0, fill.index);
        if let Some(trade) = self.trade(fill.trade) {
            trade.book(-fill.price * fill.quantity, fill.fee, fill.slippage, usd_index);
            trade.end_leg(time, fill.price, fill.trigger, fill.index);
        }
    }

    fn settle(&mut self, settled: &Settled) {
        let usd_index = self.usd(1.0, settled.delivery);
        if let Some(trade) = self.trade(settled.trade) {
            trade.book(settled.quantity * settled.value, settled.fee, 0.0, usd_index);
            trade.end_leg(settled.contract.expiry, settled.value, Trigger::Expiry, settled.delivery);
        }
    }
}

impl Trade {
    fn new(id: u32) -> Trade {
        Trade {
            id,
            legs: Vec::new(),
            realised: 0.0,
            realised_usd: 0.0,
            option_pnl: 0.0,
            option_pnl_usd: 0.0,
            fees: 0.0,
            fees_usd: 0.0,
            spot_pnl_usd: 0.0,
            mae: 0.0,
            mfe: 0.0,
            open_mark: None,
            roll_refusal: None,
        }
    }

    fn book(&mut self, flow: f64, fee: f64, slippage: f64, usd_index: f64) {
        self.realised += flow;
        self.realised_usd += flow * usd_index;
        self.fees += fee;
        self.fees_usd += fee * usd_index;
        if let Some(leg) = self.legs.last_mut() {
            leg.fee += fee;
            leg.slippage += slippage;
        }
    }

    fn end_leg(&mut self, time: Timestamp, price: f64, reason: Trigger, index: f64) {
        if let Some(leg) = self.legs.last_mut() {
            leg.closed = Some(time);
            leg.close_price = Some(price);
            leg.reason = Some(reason);
            leg.index_close = Some(index);
        }
        self.open_mark = None;
        self.option_pnl = self.realised;
        self.option_pnl_usd = self.realised_usd;
        self.spot_pnl_usd = self.spot_pnl(index);
        self.follow();
    }

    /// Takes the mark of the open leg.
    fn revalue(&mut self, mark: f64, usd_index: f64, index: f64) {
        let Some(leg) = self.legs.last() else { return };
        let value = leg.side.signed(leg.size) * mark;
        self.open_mark = Some(mark);
        self.option_pnl = self.realised + value;
        self.option_pnl_usd = self.realised_usd + value * usd_index;
        self.spot_pnl_usd = self.spot_pnl(index);
        self.follow();
    }

    fn spot_pnl(&self, index: f64) -> f64 {
        self.legs.iter().map(|leg| leg.size * (leg.index_close.unwrap_or(index) - leg.index_open)).sum()
    }

    fn follow(&mut self) {
        let pnl = self.pnl_vs_hodl();
        if pnl < self.mae {
            self.mae = pnl;
        } else if pnl > self.mfe {
            self.mfe = pnl;
        }
    }
}
