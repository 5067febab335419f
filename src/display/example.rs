//! The example that ships, as the page shows it: curves, key figures and trade rows from its file.

use super::curves::{Curves, Segment};
use super::format::{ABSENT, days, number, or_dash};
use super::rows::{self, LegRow};
use crate::market::{Contract, Settlement};
use crate::metrics::{Drawdown, Month, Summary};
use crate::run::example::{Example, ExampleVariant};
use crate::units::{Day, HOUR_MS, Timestamp};
use serde_json::Value;

/// What the page says of its example, in bold and after it.
pub const EXAMPLE_TITLE: &str = "An example result.";
/// The rest of what the page says of its example.
pub const EXAMPLE_WORDS: &str = "It was computed beforehand with the default settings.";
/// What there is to do beside it, once there is something to press.
pub const EXAMPLE_NEXT: &str = "Press Start Backtest to compute your own, move a slider, or choose a preset.";

/// What the page shows of an example.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExampleView {
    /// Its curves with the legs.
    pub curves: Curves,
    /// Figures by variant.
    pub summaries: Vec<Summary>,
    /// Rows of the Trades table by variant, newest first.
    pub trades: Vec<Vec<LegRow>>,
}

/// Reads an example of a dataset with this settlement.
pub fn view_of(example: &Example, settlement: Settlement) -> ExampleView {
    let mut curves = Curves::new(example.variants.iter().map(|v| v.name.as_str()));
    let marks = example.variants.iter().map(|v| v.curve.len()).min().unwrap_or(0);
    for i in 0..marks {
        let [time, index, _, _, hodl_coin, hodl_usd] = example.variants[0].curve[i];
        let equities: Vec<(f64, f64)> = example.variants.iter().map(|v| (v.curve[i][3], v.curve[i][2])).collect();
        let begun = example.regimes.partition_point(|(from, _)| *from <= time as i64);
        let regime = begun.checked_sub(1).map(|last| example.regimes[last].1);
        curves.push_mark(Timestamp(time as i64), index, (hodl_usd, hodl_coin), &equities, regime);
    }
    for (unit, variant) in curves.units.iter_mut().zip(&example.variants) {
        unit.segments = trades(variant).enumerate().flat_map(|(id, t)| segments(id as u32, t)).collect();
    }
    let rows = |v: &ExampleVariant| {
        let mut all: Vec<Vec<LegRow>> =
            trades(v).enumerate().map(|(id, t)| leg_rows(id as u32, t, settlement)).collect();
        all.reverse();
        all.concat()
    };
    ExampleView {
        curves,
        summaries: example.variants.iter().map(|v| summary(&v.metrics)).collect(),
        trades: example.variants.iter().map(rows).collect(),
    }
}

fn trades(variant: &ExampleVariant) -> impl Iterator<Item = &Value> {
    variant.trades.as_array().into_iter().flatten()
}

fn legs(trade: &Value) -> impl Iterator<Item = &Value> {
    trade["legs"].as_array().into_iter().flatten()
}

fn figure(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_default()
}

/// Reads `YYYY-MM-DDTHH:MM:SSZ`.
fn instant(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let part = |from: usize| text.get(from..from + 2)?.parse::<i64>().ok();
    let ms = part(11)? * HOUR_MS + part(14)? * 60_000 + part(17)? * 1_000;
    Some(Day::parse(text.get(..10)?)?.start().plus_ms(ms))
}

fn segments(trade: u32, value: &Value) -> Vec<Segment> {
    let segment = |leg: &Value| {
        let (_, contract) = Contract::parse(leg["contract"].as_str()?)?;
        let size = figure(leg, "size");
        Some(Segment {
            trade,
            from: instant(&leg["opened"])?.0,
            to: instant(&leg["closed"]).map(|t| t.0),
            strike: contract.strike.0,
            kind: contract.kind,
            expiry: contract.expiry.0,
            flow: size * (figure(leg, "open_price") - figure(leg, "close_price")) - figure(leg, "fee"),
        })
    };
    legs(value).filter_map(segment).collect()
}

fn leg_rows(id: u32, trade: &Value, settlement: Settlement) -> Vec<LegRow> {
    let pnl = match settlement {
        Settlement::Inverse => figure(trade, "pnl_vs_hodl_coin"),
        Settlement::Linear => figure(trade, "pnl_vs_hodl_usd"),
    };
    let row = |(i, leg): (usize, &Value)| LegRow {
        trade: (i == 0).then_some(id + 1),
        contract: leg["contract"].as_str().unwrap_or(ABSENT).to_owned(),
        opened: instant(&leg["opened"]).map_or_else(|| ABSENT.into(), super::format::minute),
        closed: instant(&leg["closed"]).map_or_else(|| "open".into(), super::format::minute),
        at_open: format!("{} · Δ {}", days(figure(leg, "dte")), or_dash(leg["delta"].as_f64(), |d| number(d, 2))),
        quote: rows::quote_words(leg["two_sided"] == true, figure(leg, "snapshot_age_minutes") / 60.0),
        open_price: rows::price(figure(leg, "open_price")),
        close_price: or_dash(leg["close_price"].as_f64(), rows::price),
        reason: rows::closing_words(leg["reason"].as_str().unwrap_or_default(), leg["close_price"].as_f64()),
        pnl: (i == 0).then_some(pnl),
        pnl_usd: figure(trade, "pnl_vs_hodl_usd"),
        mae_mfe: (i == 0).then(|| (figure(trade, "mae"), figure(trade, "mfe"))),
    };
    legs(trade).enumerate().map(row).collect()
}

/// The figures that the page shows, from the names of the glossary.
fn summary(m: &Value) -> Summary {
    let drawdown = |key: &str| m[key]["depth"].as_f64().map(|depth| Drawdown { depth, ..Drawdown::default() });
    let month = |v: &Value| Month {
        year: figure(v, "year") as i32,
        month: figure(v, "month") as u32,
        return_usd: figure(v, "return_usd"),
        return_coin: figure(v, "return_coin"),
        hodl_return: figure(v, "hodl_return"),
        pnl_vs_hodl_coin: figure(v, "pnl_vs_hodl_coin"),
    };
    Summary {
        num_trades: figure(m, "num_trades") as u32,
        open_trades: figure(m, "open_trades") as u32,
        final_pnl: figure(m, "final_pnl"),
        final_pnl_coin: figure(m, "final_pnl_coin"),
        final_pnl_vs_hodl: figure(m, "final_pnl_vs_hodl"),
        final_pnl_vs_hodl_coin: figure(m, "final_pnl_vs_hodl_coin"),
        fees: figure(m, "fees"),
        fees_coin: m["fees_coin"].as_f64(),
        total_return: figure(m, "total_return"),
        total_return_coin: figure(m, "total_return_coin"),
        hodl_return: figure(m, "hodl_return"),
        max_drawdown: drawdown("max_drawdown"),
        max_drawdown_coin: drawdown("max_drawdown_coin"),
        win_rate: m["win_rate"].as_f64(),
        premium_traded: figure(m, "premium_traded"),
        two_sided_premium: m["two_sided_premium"].as_f64(),
        old_premium: m["old_premium"].as_f64(),
        months: m["months"].as_array().map(|a| a.iter().map(month).collect()).unwrap_or_default(),
        ..Summary::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::curves::Band;
    use crate::market::Regime;
    use serde_json::json;

    #[test]
    fn an_example_becomes_curves_and_rows() {
        let leg = json!({"contract": "BTC-3JUL26-63000-C", "opened": "2026-06-26T08:00:00Z", "closed": null, "open_price": 0.007,
            "close_price": null, "size": 1.0, "reason": "open_at_end", "fee": 0.0003, "delta": 0.221, "dte": 7.0});
        let example = Example {
            request: json!({}),
            digest: String::new(),
            engine_version: String::new(),
            regimes: vec![(1, Regime::Bear)],
            variants: vec![ExampleVariant {
                name: "Covered call".into(),
                metrics: json!({"num_trades": 1, "win_rate": null, "max_drawdown": {"depth": 0.3}}),
                trades: json!([{"legs": [leg], "pnl_vs_hodl_coin": 0.001, "pnl_vs_hodl_usd": 60.0, "mae": 0.0, "mfe": 0.002}]),
                curve: [0.0, 1.0, 2.0].map(|time| [time, 60_000.0, 1.0, 60_000.0, 1.0, 60_000.0]).to_vec(),
            }],
        };
        let view = view_of(&example, Settlement::Inverse);
        assert_eq!((view.curves.times.len(), view.curves.units[0].segments.len()), (3, 1));
        assert_eq!(view.curves.bands, [Band { from: 1, to: 2, regime: Regime::Bear }]);
        assert_eq!(view.trades[0][0].opened, "2026-06-26 08:00");
        assert_eq!((view.trades[0][0].reason, view.trades[0][0].pnl), ("open at end", Some(0.001)));
        assert_eq!(view.summaries[0].max_drawdown.map(|d| d.depth), Some(0.3));
    }
}
