//! A run as one HTML file that opens anywhere: no script, no address but the link that runs it again.

mod chart;
mod html;
mod loan;

use super::assumptions::{data_rows, proof_rows, rule_rows, setting_groups};
use super::caption::loan_sentence;
use super::costs::{LINES, MULTIPLES, NOTE, multiple_words};
use super::curves::{Curves, Money};
use super::evidence::badge;
use super::figures::{Figures, formula_sentence};
use super::format::usd_signed;
use super::key_numbers::{self, Cell, ROWS};
use super::loan_plot;
use super::months::{self, Measure};
use super::plan::plan;
use super::rows::{self, LegRow, amount};
use super::svg::escaped;
use crate::market::Settlement;
use crate::metrics::summary::{GLOSSARY, LOAN_GLOSSARY, figure};
use crate::metrics::{Evidence, Summary};
use crate::run::{ENGINE_VERSION, Run, RunState, Unit};
use html::{Column, element, list, plain, scrolling, section, table, terms, tiles};
use serde_json::Value;

/// The page's tokens, then what the report makes of them.
const STYLE: &str = concat!(include_str!("../../../assets/tokens.css"), include_str!("report.css"));

/// The report of a run as it stands: `link` opens it again, whole or as a fragment for any address of the page.
pub fn report(run: &Run, link: &str) -> String {
    let names: Vec<&str> = run.units().iter().map(|unit| unit.name.as_str()).collect();
    let title = format!("{} on {}", names.join(", "), run.resolved().dataset.underlying);
    let summaries: Vec<_> = run.units().iter().map(|unit| unit.summary(run.is_cut_short())).collect();
    let walked = run.units().iter().zip(&summaries).filter(|(unit, _)| !unit.steps.is_empty());
    let parts = [
        head(run, &title),
        section("Key numbers", &key_numbers(run, &summaries)),
        charts(run),
        walked.map(|(unit, summary)| of_unit(run, unit, summary.as_ref())).collect(),
        section("All figures", &figures(run, &summaries)),
        assumptions(run),
        section("Proof", &proof(run, link)),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"chainwalk {ENGINE_VERSION}\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n{}</main>\n<footer>{}</footer>\n</body>\n</html>\n",
        escaped(&format!("{title} · chainwalk")),
        parts.concat(),
        "Made by chainwalk. History is no promise, and this is not investment advice."
    )
}

fn settlement(run: &Run) -> (Settlement, &str) {
    let dataset = &run.resolved().dataset;
    (dataset.settlement, &dataset.underlying)
}

fn head(run: &Run, title: &str) -> String {
    let (request, dataset) = (&run.resolved().request, &run.resolved().dataset);
    let evidence = run.evidence_line();
    let mut out = element("p", "lead", &format!("chainwalk report · {}", dataset.title));
    out += &element("h1", "", title);
    if run.state() != RunState::Completed {
        let words = format!("{}: the figures are partial and end where the run ended.", run.state().label());
        out += &element("p", "state", &words);
    }
    out += &element("p", "", &plan(request));
    let (badge, words) = (escaped(badge(evidence.kind)), escaped(&evidence.words));
    out + &format!("<p><span class=\"badge\">{badge}</span>{words}</p>\n")
}

/// The titles of a table with a column for each variant.
fn by_unit<'a>(run: &'a Run, first: &'a str) -> Vec<Column<'a>> {
    std::iter::once((first, false)).chain(run.units().iter().map(|unit| (unit.name.as_str(), true))).collect()
}

/// Tiles for one variant, a table for several.
fn key_numbers(run: &Run, summaries: &[Option<Summary>]) -> String {
    let (settlement, underlying) = settlement(run);
    let title = |key: &str| figure(key).map_or("", |f| f.title);
    let cell = |key: &str, (unit, summary): (&Unit, &Option<Summary>)| {
        key_numbers::cell(key, unit.state, summary.as_ref(), settlement, underlying)
    };
    if let ([unit], [summary]) = (run.units(), summaries) {
        return tiles(ROWS.map(|key| (title(key), cell(key, (unit, summary)))));
    }
    let cells = |key| run.units().iter().zip(summaries).map(move |of| cell(key, of));
    let row = |key| std::iter::once(plain(title(key))).chain(cells(key)).collect();
    table("key", "Key numbers", &by_unit(run, "Figure"), ROWS.map(row))
}

fn charts(run: &Run) -> String {
    let mut curves = Curves::new(run.units().iter().map(|unit| unit.name.as_str()));
    run.units().iter().enumerate().for_each(|(i, unit)| curves.extend(i, &unit.steps, Some(run.history())));
    let dataset = &run.resolved().dataset;
    let Some(drawing) = chart::chart(&curves, Money::of(dataset.settlement), &dataset.underlying) else {
        return String::new();
    };
    let mut legend: String =
        run.units().iter().enumerate().map(|(i, unit)| mark(&format!("s{}", i % 6 + 1), "━━━", &unit.name)).collect();
    legend += &mark("", "╌╌╌", "HODL");
    legend += &mark("", "───", "Index");
    legend += &mark("gain", "━━━", "strike, earned");
    legend += &mark("loss", "╌╌╌", "strike, cost");
    legend += &mark("", "┈┈┈", "strike, open");
    section("Equity against HODL", &format!("<p class=\"legend\">\n{legend}</p>\n{}", scrolling("Chart", &drawing)))
}

/// A line's mark in a legend, and its name.
fn mark(class: &str, sign: &str, words: &str) -> String {
    format!("<span><b class=\"{class}\">{sign}</b>{}</span>\n", escaped(words))
}

/// The days of a variant's loan, drawn; nothing without a loan.
fn loan_of_unit(run: &Run, unit: &Unit) -> String {
    let request = &run.resolved().request;
    let Some(terms) = &request.account.loan else { return String::new() };
    let mut curves = Curves::new([unit.name.as_str()]);
    curves.extend(0, &unit.steps, None);
    let segments = curves.units.first().map_or(&[][..], |unit| &unit.segments);
    let span = (request.start.start().0, request.end.next().start().0);
    let lines = loan_plot::lines(unit.metrics.loan_days(), terms, segments, span);
    let Some(drawing) = loan::chart(&lines) else { return String::new() };
    let legend = [
        mark("s1", "━━━", "with the hedge"),
        mark("", "╌╌╌", "without"),
        mark("loss", "╌╌╌", "margin-call price"),
        mark("s1", "┈┈┈", "strike held"),
    ];
    let words = element("p", "", &loan_sentence(&lines));
    element("h3", "", "The loan")
        + &words
        + &format!("<p class=\"legend\">\n{}</p>\n", legend.concat())
        + &scrolling("Chart of the loan", &drawing)
}

/// Trades, months and costs of a variant.
fn of_unit(run: &Run, unit: &Unit, summary: Option<&Summary>) -> String {
    let evidence = summary.filter(|_| run.units().len() > 1);
    let evidence = evidence.map(|figures| Evidence::of(figures).line(&run.resolved().dataset).words);
    let mut body = evidence.map_or_else(String::new, |words| element("p", "note", &words));
    if let Some(error) = &unit.error {
        body += &element("p", "state", &error.to_string());
    }
    body += &loan_of_unit(run, unit);
    let months = summary.map_or(&[][..], |figures| &figures.months);
    body += &element("h3", "", "Months");
    let titles = std::iter::once(("Month", false)).chain(Measure::ALL.map(|measure| (measure.title(), true)));
    let line = |(name, cells): (String, [months::Cell; 4])| {
        std::iter::once(name).chain(cells.map(|cell| cell.words)).map(plain).collect::<Vec<_>>()
    };
    body += &table("months", "Months", &titles.collect::<Vec<_>>(), months::list(months).into_iter().map(line));
    body += &element("h3", "", "Costs");
    body += &costs(run, unit);
    body += &element("h3", "", "Trades");
    body += &trades(run, unit);
    section(&unit.name, &body)
}

fn costs(run: &Run, unit: &Unit) -> String {
    let (settlement, underlying) = settlement(run);
    let columns = MULTIPLES.map(|multiple| unit.cost_column(multiple));
    let titles: Vec<String> = columns.iter().map(|column| multiple_words(column.multiple)).collect();
    let head: Vec<Column<'_>> =
        std::iter::once(("Costs", false)).chain(titles.iter().map(|title| (title.as_str(), true))).collect();
    let row = |(words, _, of): super::costs::Line| {
        let cells = columns.iter().map(|column| plain(amount(of(column), settlement, underlying)));
        std::iter::once(plain(words)).chain(cells).collect()
    };
    table("costs", "Costs", &head, LINES.map(row)) + &element("p", "note", NOTE)
}

fn trades(run: &Run, unit: &Unit) -> String {
    let (settlement, underlying) = settlement(run);
    let legs = unit.trades().iter().flat_map(|trade| rows::trade_rows(trade, underlying));
    let columns = [
        ("#", false),
        ("Leg", false),
        ("Open to close, UTC", false),
        ("At opening", false),
        ("Opened at", true),
        ("Closed at", true),
        ("Exit", false),
        ("PnL vs HODL", true),
        ("MAE / MFE", true),
    ];
    let note = "One line a leg; PnL, MAE and MFE belong to the whole trade, after fees.";
    table("trades", "Trades", &columns, legs.map(|leg| leg_cells(leg, settlement, underlying)))
        + &element("p", "note", note)
}

fn leg_cells(leg: LegRow, settlement: Settlement, underlying: &str) -> Vec<Cell> {
    let pair = |main: String, below: String| Cell { main, below, sign: "", title: "" };
    let usd = if settlement == Settlement::Inverse { usd_signed(leg.pnl_usd) } else { String::new() };
    let pnl = leg.pnl.map(|pnl| Cell {
        main: amount(pnl, settlement, underlying),
        below: usd,
        sign: key_numbers::sign_of(pnl),
        title: "",
    });
    let range = leg.mae_mfe.map(|(worst, best)| pair(rows::price(worst), rows::price(best)));
    vec![
        plain(leg.trade.map(|trade| trade.to_string()).unwrap_or_default()),
        plain(leg.contract),
        pair(leg.opened, leg.closed),
        pair(leg.at_open, leg.quote),
        plain(leg.open_price),
        plain(leg.close_price),
        plain(leg.reason),
        pnl.unwrap_or_else(|| plain("")),
        range.unwrap_or_else(|| plain("")),
    ]
}

fn figures(run: &Run, summaries: &[Option<Summary>]) -> String {
    let (_, underlying) = settlement(run);
    // figures are plain numbers, which always have a value
    let values: Vec<Value> =
        summaries.iter().map(|summary| serde_json::to_value(summary).unwrap_or(Value::Null)).collect();
    let row = |key: &'static str, title: &str, formula: &str, no_data: &'static str| {
        let mut cells = vec![plain(title)];
        cells.extend(values.iter().map(|metrics| Figures::new(metrics, underlying).cell(key, no_data)));
        cells.push(plain(formula_sentence(formula)));
        cells
    };
    let mut columns = by_unit(run, "Figure");
    columns.push(("Formula", false));
    let rows = GLOSSARY.iter().map(|f| row(f.key, f.title, f.formula, f.no_data));
    let mut out = table("figures", "All figures", &columns, rows);
    let loans: Vec<_> = summaries.iter().map(|summary| summary.as_ref().and_then(|s| s.loan.as_ref())).collect();
    if loans.iter().any(Option::is_some) {
        let row = |f: &'static crate::metrics::Figure| {
            let mut cells = vec![plain(f.title)];
            cells.extend(
                loans.iter().map(|loan| loan.map_or_else(|| plain("–"), |loan| super::loan::cell(f.key, loan))),
            );
            cells.push(plain(formula_sentence(f.formula)));
            cells
        };
        out += &element("h3", "", "The loan");
        out += &table("figures", "The loan", &columns, LOAN_GLOSSARY.iter().map(row));
    }
    out
}

fn assumptions(run: &Run) -> String {
    let warnings = run.warnings();
    let mut out = if warnings.is_empty() { String::new() } else { section("Worth knowing", &list(&warnings)) };
    for (title, rows) in setting_groups(run.resolved()) {
        let title = if title == "Settings" { title } else { format!("Settings of {title}") };
        out += &section(&title, &terms(&rows));
    }
    out += &section("Rules", &terms(&rule_rows()));
    out + &section("Data", &terms(&data_rows(&run.resolved().dataset)))
}

fn proof(run: &Run, link: &str) -> String {
    let mut out = terms(&proof_rows(run));
    out += &match link.strip_prefix('#') {
        None => format!("<p>Recompute it in your browser: <a href=\"{0}\">{0}</a></p>\n", escaped(link)),
        Some(_) => format!(
            "<p>Recompute it: put this behind the address of any chainwalk page. <code>{}</code></p>\n",
            escaped(link)
        ),
    };
    out
}
