//! Rows of a run as CSV text, units in the headers; the same bytes on the command line and in the page.

use super::output::{LegOutput, RunOutput};
use super::{Run, Unit};
use crate::engine::{Reason, Refusal, Step};
use crate::market::Settlement;
use crate::metrics::{Evidence, LoanDay};
use crate::units::total;
use std::borrow::Cow;

/// Writes rows of text cells as CSV (RFC 4180, a line feed after each).
///
/// By hand: the csv crate's writer can quote whatever is no number, and so brings the standard library's reader of
/// decimals with its tables into the page.
fn csv(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let line = |row: &[String]| row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\n";
    let mut out = line(header);
    out.extend(rows.map(|row| line(&row)));
    out.into_bytes()
}

fn cell(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

fn header(names: &[&str], quote: &str) -> Vec<String> {
    names.iter().map(|name| name.replace("{quote}", quote)).collect()
}

fn quote_unit(run: &Run) -> &'static str {
    match run.resolved().dataset.settlement {
        Settlement::Inverse => "coin",
        Settlement::Linear => "usd",
    }
}

/// What the prices of every row are: `recorded`, `fitted`, `modelled` or `synthetic`.
fn price_kind(run: &Run) -> String {
    run.resolved().dataset.kind.word().to_owned()
}

/// The rows of all marks and variants; each is told its variant's evidence up to its mark, too.
fn rows<'a>(
    run: &'a Run,
    row: impl Fn(&'a Unit, &'a Step, &Evidence) -> Vec<String> + 'a,
) -> impl Iterator<Item = Vec<String>> + 'a {
    let each = std::rc::Rc::new(row);
    run.units().iter().flat_map(move |unit| {
        let (row, mut so_far) = (each.clone(), Evidence::default());
        unit.steps.iter().map(move |step| {
            so_far = Evidence::sum([so_far, Evidence::of_fills(&step.fills)].into_iter());
            row(unit, step, &so_far)
        })
    })
}

/// One row a mark and variant: what was scanned, decided, filled and settled, and what the premiums of its opening fills rest on.
pub fn steps_csv(run: &Run) -> Vec<u8> {
    let underlying = &run.resolved().dataset.underlying;
    let mut names = vec!["variant", "time_utc", "snapshot_utc", "gap", "decision", "candidates"];
    let refused: Vec<String> = Refusal::ALL.iter().map(|r| format!("refused_{}", super::output::word(r))).collect();
    names.extend(refused.iter().map(String::as_str));
    names.extend(["best_score", "contract", "traded", "reason", "fills", "settlements", "fees_{quote}"]);
    names.extend(["price_kind", "premium_traded_{quote}", "premium_two_sided_{quote}", "premium_old_{quote}"]);
    let row = |unit: &Unit, step: &Step, _: &Evidence| {
        let mut cells = vec![
            unit.name.clone(),
            step.time.iso(),
            step.snapshot_time.iso(),
            step.gap.to_string(),
            step.decision.to_string(),
            step.scan.map_or_else(String::new, |scan| scan.candidates.to_string()),
        ];
        cells
            .extend((0..refused.len()).map(|i| step.scan.map_or_else(String::new, |scan| scan.refused[i].to_string())));
        let fill = |f: &crate::engine::Fill| {
            format!("{} {} {} @ {}", f.trigger.title(), f.quantity, f.contract.name(underlying), f.price)
        };
        let settled =
            |s: &crate::engine::Settled| format!("{} {} = {}", s.quantity, s.contract.name(underlying), s.value);
        let fees = total(step.fills.iter().map(|f| f.fee).chain(step.settlements.iter().map(|s| s.fee)));
        cells.extend([
            number(step.best_score),
            step.contract.map_or_else(String::new, |c| c.name(underlying)),
            if step.decision { step.traded.to_string() } else { String::new() },
            step.reason.map(Reason::title).unwrap_or_default().to_owned(),
            step.fills.iter().map(fill).collect::<Vec<_>>().join("; "),
            step.settlements.iter().map(settled).collect::<Vec<_>>().join("; "),
            fees.to_string(),
        ]);
        let opened = Evidence::of_fills(&step.fills);
        cells.push(price_kind(run));
        cells.extend([opened.traded, opened.two_sided, opened.old].map(|premium| premium.to_string()));
        cells
    };
    csv(&header(&names, quote_unit(run)), rows(run, row))
}

/// One row a leg.
pub fn trades_csv(run: &Run) -> Vec<u8> {
    trades_csv_of(&run.output(), quote_unit(run))
}

fn trades_csv_of(output: &RunOutput, quote: &str) -> Vec<u8> {
    let names = [
        "variant",
        "trade",
        "leg",
        "contract",
        "opened_utc",
        "closed_utc",
        "size_coins",
        "open_price_{quote}",
        "close_price_{quote}",
        "fee_{quote}",
        "slippage_{quote}",
        "reason",
        "score",
        "delta",
        "dte_days",
        "index_open_usd",
        "index_close_usd",
        "snapshot_age_minutes",
        "two_sided_quote",
        "price_kind",
        "trade_pnl_vs_hodl_coin",
        "trade_pnl_vs_hodl_usd",
        "trade_mae_{quote}",
        "trade_mfe_{quote}",
    ];
    let mut table = Vec::new();
    for variant in &output.variants {
        for (t, trade) in variant.trades.iter().enumerate() {
            for (l, leg) in trade.legs.iter().enumerate() {
                let mut cells = vec![variant.name.clone(), (t + 1).to_string(), (l + 1).to_string()];
                cells.extend(leg_cells(leg));
                cells.push(output.evidence.kind.word().to_owned());
                cells.extend([number(trade.pnl_vs_hodl_coin), trade.pnl_vs_hodl_usd.to_string()]);
                cells.extend([trade.mae.to_string(), trade.mfe.to_string()]);
                table.push(cells);
            }
        }
    }
    csv(&header(&names, quote), table.into_iter())
}

fn leg_cells(leg: &LegOutput) -> [String; 16] {
    [
        leg.contract.clone(),
        leg.opened.clone(),
        leg.closed.clone().unwrap_or_default(),
        leg.size.to_string(),
        leg.open_price.to_string(),
        number(leg.close_price),
        leg.fee.to_string(),
        leg.slippage.to_string(),
        leg.reason.clone(),
        number(leg.score),
        number(leg.delta),
        leg.dte.to_string(),
        leg.index_open.to_string(),
        number(leg.index_close),
        leg.snapshot_age_minutes.to_string(),
        leg.two_sided.to_string(),
    ]
}

/// One row a mark and variant: balances and values, how old the quotes behind them are, and what the premium traded up to then rests on.
pub fn equity_csv(run: &Run) -> Vec<u8> {
    let names = [
        "variant",
        "time_utc",
        "index_usd",
        "coins",
        "cash_usd",
        "option_value_coin",
        "option_value_usd",
        "liquidation_value_coin",
        "equity_coin",
        "equity_usd",
        "hodl_coin",
        "hodl_usd",
        "net_delta_coins",
        "gamma_coins_per_usd",
        "vega_usd_per_1.00_vol",
        "theta_usd_per_day",
        "price_kind",
        "snapshot_age_minutes",
        "premium_two_sided_share",
        "premium_old_share",
    ];
    let row = |unit: &Unit, step: &Step, so_far: &Evidence| {
        let mut cells = vec![unit.name.clone(), step.time.iso()];
        let figures = [
            step.index,
            step.coins.0,
            step.cash.0,
            step.option_value.coin.0,
            step.option_value.usd.0,
            step.liquidation_value.coin.0,
            step.equity.coin.0,
            step.equity.usd.0,
            step.hodl.coin.0,
            step.hodl.usd.0,
            step.coins.0 + step.greeks.delta,
            step.greeks.gamma,
            step.greeks.vega,
            step.greeks.theta,
        ];
        cells.extend(figures.iter().map(f64::to_string));
        cells.extend([price_kind(run), (step.time.ms_since(step.snapshot_time) as f64 / 60_000.0).to_string()]);
        cells.extend([so_far.two_sided, so_far.old].map(|part| number(so_far.share(part))));
        cells
    };
    csv(&header(&names, ""), rows(run, row))
}

/// One row a day and variant: the loan's path, and what the premium traded up to then rests on. Only the header without a loan.
pub fn loan_csv(run: &Run) -> Vec<u8> {
    let names = [
        "variant",
        "date_utc",
        "low_usd",
        "high_usd",
        "close_usd",
        "units",
        "collateral_usd",
        "option_value_usd",
        "cash_usd",
        "debt_usd",
        "net_value_usd",
        "contracts",
        "ltv_hedged_close",
        "ltv_hedged_worst",
        "ltv_unhedged_close",
        "ltv_unhedged_worst",
        "margin_call_hedged",
        "margin_call_unhedged",
        "margin_call_price_usd",
        "price_kind",
        "premium_two_sided_share",
        "premium_old_share",
    ];
    let row = |unit: &Unit, day: &LoanDay| {
        let figures = [
            day.low,
            day.high,
            day.close,
            day.units,
            day.collateral,
            day.option_value,
            day.cash,
            day.debt,
            day.net_value,
            day.contracts,
        ];
        let ratios = [day.hedged.close, day.hedged.worst, day.unhedged.close, day.unhedged.worst];
        let mut cells = vec![unit.name.clone(), day.date.to_string()];
        cells.extend(figures.iter().map(f64::to_string));
        cells.extend(ratios.map(|ltv| ltv.map_or_else(|| "wiped out".into(), |ltv| ltv.to_string())));
        cells.extend([
            day.call_hedged.to_string(),
            day.call_unhedged.to_string(),
            number(day.call_price),
            price_kind(run),
        ]);
        cells.extend([day.evidence.two_sided, day.evidence.old].map(|part| number(day.evidence.share(part))));
        cells
    };
    let rows = run.units().iter().flat_map(|unit| unit.metrics.loan_days().iter().map(move |day| row(unit, day)));
    csv(&header(&names, ""), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_the_csv_crate_writes_them() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows =
            [row(["", "1.5", "plain"]), row(["a, b", "say \"so\"", "two\nlines"]), row(["\r", " spaced ", "−1 €"])];
        let mut writer = csv::Writer::from_writer(Vec::new());
        for cells in &rows {
            writer.write_record(cells).expect("memory takes it");
        }
        let expected = writer.into_inner().expect("memory takes it");
        assert_eq!(csv(&rows[0], rows[1..].iter().cloned()), expected);
    }
}
