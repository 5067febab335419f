//! The result of a run as it leaves the program: one JSON object, and rows for CSV files.

use super::{ENGINE_VERSION, Run, RunState, Unit, UnitState};
use crate::market::Settlement;
use crate::metrics::{Evidence, EvidenceLine, Leg, Summary, Trade};
use crate::portfolio::Side;
use crate::units::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The result of a run.
#[derive(Clone, Debug, Serialize)]
pub struct RunOutput {
    /// Digest of the steps.
    pub digest: String,
    /// Where the run stands.
    pub state: RunState,
    /// Fingerprint of request, data and engine.
    pub fingerprint: String,
    /// The engine that made it.
    pub engine_version: String,
    /// One sentence each.
    pub warnings: Vec<String>,
    /// What the prices are, and what the premium of all variants rests on.
    pub evidence: EvidenceLine,
    /// In request order.
    pub variants: Vec<VariantOutput>,
}

/// One variant.
#[derive(Clone, Debug, Serialize)]
pub struct VariantOutput {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: UnitState,
    /// The last mark before it failed, ISO UTC; `None` where it did not fail, or before its first mark.
    pub date: Option<String>,
    /// Why it failed, "Kind: message".
    pub error: Option<String>,
    /// What its premium rests on.
    pub evidence: String,
    /// Its figures.
    pub metrics: Summary,
    /// Its trades in opening order.
    pub trades: Vec<TradeOutput>,
}

/// One trade; `_coin` figures are `None` on linear datasets.
#[derive(Clone, Debug, Serialize)]
pub struct TradeOutput {
    /// ISO UTC.
    pub opened: String,
    /// ISO UTC; `None` while open.
    pub closed: Option<String>,
    /// In time order.
    pub legs: Vec<LegOutput>,
    /// Premiums and settlements, the open leg at its mark.
    pub option_pnl_coin: Option<f64>,
    /// The same, each flow at the index of its time.
    pub option_pnl_usd: f64,
    /// Fees.
    pub fees_coin: Option<f64>,
    /// Fees, each at the index of its time.
    pub fees_usd: f64,
    /// option_pnl - fees.
    pub pnl_vs_hodl_coin: Option<f64>,
    /// option_pnl - fees.
    pub pnl_vs_hodl_usd: f64,
    /// Size x index change, apart.
    pub spot_pnl_usd: f64,
    /// Most adverse option_pnl - fees at the marks, quote currency.
    pub mae: f64,
    /// Most favourable one.
    pub mfe: f64,
    /// Its last leg expires after the last mark.
    pub open_at_end: bool,
}

/// One leg; prices for one coin in the quote currency, `fee` opening and closing together.
#[derive(Clone, Debug, Serialize)]
pub struct LegOutput {
    /// Venue name.
    pub contract: String,
    /// ISO UTC.
    pub opened: String,
    /// ISO UTC; `None` while open.
    pub closed: Option<String>,
    /// Opening fill.
    pub open_price: f64,
    /// Closing fill or intrinsic value at delivery; `None` while open.
    pub close_price: Option<f64>,
    /// Bought or sold.
    pub side: Side,
    /// Coins, positive.
    pub size: f64,
    /// What closed it; `open_at_end` while open.
    pub reason: String,
    /// Opening and closing fees, quote currency.
    pub fee: f64,
    /// Configured slippage, quote currency.
    pub slippage: f64,
    /// Score at the opening.
    pub score: Option<f64>,
    /// Delta at the opening.
    pub delta: Option<f64>,
    /// Days to expiry at the opening.
    pub dte: f64,
    /// Index at the opening.
    pub index_open: f64,
    /// Index at the closing or delivery price.
    pub index_close: Option<f64>,
    /// Age of the snapshot at the opening fill, minutes.
    pub snapshot_age_minutes: f64,
    /// The contract was quoted on both sides at the opening fill.
    pub two_sided: bool,
}

/// A serde name as plain text (`take_profit`).
pub(super) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl LegOutput {
    fn new(leg: &Leg, underlying: &str) -> LegOutput {
        LegOutput {
            contract: leg.contract.name(underlying),
            opened: leg.opened.iso(),
            closed: leg.closed.map(|t| t.iso()),
            open_price: leg.open_price,
            close_price: leg.close_price,
            side: leg.side,
            size: leg.size,
            reason: leg.reason.map_or_else(|| "open_at_end".into(), |reason| word(&reason)),
            fee: leg.fee,
            slippage: leg.slippage,
            score: leg.score,
            delta: leg.delta,
            dte: leg.dte,
            index_open: leg.index_open,
            index_close: leg.index_close,
            snapshot_age_minutes: leg.age_ms as f64 / 60_000.0,
            two_sided: leg.two_sided,
        }
    }
}

impl TradeOutput {
    fn new(trade: &Trade, underlying: &str, settlement: Settlement) -> TradeOutput {
        let coin = |amount: f64| (settlement == Settlement::Inverse).then_some(amount);
        TradeOutput {
            opened: trade.legs.first().map(|leg| leg.opened.iso()).unwrap_or_default(),
            closed: trade.legs.last().and_then(|leg| leg.closed).map(|t| t.iso()),
            legs: trade.legs.iter().map(|leg| LegOutput::new(leg, underlying)).collect(),
            option_pnl_coin: coin(trade.option_pnl),
            option_pnl_usd: trade.option_pnl_usd,
            fees_coin: coin(trade.fees),
            fees_usd: trade.fees_usd,
            pnl_vs_hodl_coin: coin(trade.pnl_vs_hodl()),
            pnl_vs_hodl_usd: trade.pnl_vs_hodl_usd(),
            spot_pnl_usd: trade.spot_pnl_usd,
            mae: trade.mae,
            mfe: trade.mfe,
            open_at_end: trade.is_open(),
        }
    }
}

impl Run {
    /// Figures and trades of every variant so far.
    pub fn variant_outputs(&self) -> Vec<VariantOutput> {
        let variant = |unit: &Unit| {
            let (metrics, evidence) = self.figures_of(unit);
            VariantOutput {
                name: unit.name.clone(),
                state: unit.state,
                date: unit.error.as_ref().and_then(|error| error.date).map(Timestamp::iso),
                error: unit.error.as_ref().map(|error| error.message.clone()),
                evidence,
                metrics,
                trades: self.trades_of(unit),
            }
        };
        self.units().iter().map(variant).collect()
    }

    /// A variant's figures so far, and what its premium rests on in words.
    pub fn figures_of(&self, unit: &Unit) -> (Summary, String) {
        let metrics = unit.summary(self.is_cut_short()).unwrap_or_default();
        let evidence = Evidence::of(&metrics).line(&self.resolved().dataset).words;
        (metrics, evidence)
    }

    /// A variant's trades so far.
    pub fn trades_of(&self, unit: &Unit) -> Vec<TradeOutput> {
        let dataset = &self.resolved().dataset;
        unit.trades().iter().map(|trade| TradeOutput::new(trade, &dataset.underlying, dataset.settlement)).collect()
    }

    /// The trades of every variant so far, in request order, as they are written.
    pub fn trades(&self) -> Vec<Value> {
        self.units().iter().map(|unit| self.written_trades(unit)).collect()
    }

    /// The trades of one variant so far, as they are written.
    pub fn written_trades(&self, unit: &Unit) -> Value {
        serde_json::to_value(self.trades_of(unit)).unwrap_or_default()
    }

    /// What the premium of all variants rests on.
    pub fn evidence(&self) -> Evidence {
        let legs = |unit: &Unit| Evidence::of_legs(unit.trades().iter().flat_map(|trade| &trade.legs));
        Evidence::sum(self.units().iter().map(legs))
    }

    /// The same in words, with what the prices are.
    pub fn evidence_line(&self) -> EvidenceLine {
        self.evidence().line(&self.resolved().dataset)
    }

    /// The result so far.
    pub fn output(&self) -> RunOutput {
        RunOutput {
            digest: self.digest(),
            state: self.state(),
            fingerprint: self.fingerprint(),
            engine_version: ENGINE_VERSION.into(),
            warnings: self.warnings(),
            evidence: self.evidence_line(),
            variants: self.variant_outputs(),
        }
    }
}
