//! What a chart says in words: its sentence, its legend and where its figures come from.

use super::curves::{Curves, Money};
use super::format::{day, number, percent, percent_signed, usd};
use super::loan::ltv;
use super::loan_plot::LoanLines;
use super::span::Span;
use crate::market::Dataset;
use crate::metrics::EvidenceLine;
use crate::units::Timestamp;

/// What stands around an exported drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caption {
    /// What is drawn, in one word of a file name.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// Its sentence.
    pub summary: String,
    /// The lines: their key in the palette and their name.
    pub legend: Vec<(String, String)>,
    /// What the premium of the results that are drawn rests on; empty where no result is drawn.
    pub evidence: String,
    /// Data, dates and engine.
    pub source: String,
}

/// The last line of an exported drawing: what it was computed from, over which dates, by which engine.
pub fn source(data: &str, when: &str, engine: &str) -> String {
    let parts = ["chainwalk", data, when].into_iter().filter(|part| !part.is_empty());
    format!("{} · engine {engine}", parts.collect::<Vec<&str>>().join(" · "))
}

/// What several results rest on, each by its name; once where all rest on the same.
pub fn evidence_words<'a>(results: impl Iterator<Item = (&'a str, &'a EvidenceLine)>) -> String {
    let all: Vec<(&str, &EvidenceLine)> = results.collect();
    match all.split_first() {
        Some(((_, line), others)) if others.iter().all(|(_, other)| other == line) => line.words.clone(),
        _ => all.iter().map(|(name, line)| format!("{name}: {}", line.words)).collect::<Vec<_>>().join(" "),
    }
}

/// A dataset's title and what its prices are, where the title does not say so itself.
pub fn data_words(dataset: &Dataset) -> String {
    let kind = format!("({})", dataset.kind.word());
    if dataset.title.contains(&kind) { dataset.title.clone() } else { format!("{} {kind}", dataset.title) }
}

/// A legend: lines with colours of their own in order, then those that have one by what they stand for (key and name).
pub fn legend(names: impl IntoIterator<Item = String>, others: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = names.into_iter().enumerate().map(|(place, name)| ((place + 1).to_string(), name));
    own.chain(others.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned()))).collect()
}

/// The dates of a span of time, ms UTC.
pub fn dates((from, to): Span) -> String {
    let (from, to) = (day(Timestamp(from)), day(Timestamp(to)));
    if from == to { from } else { format!("{from} to {to}") }
}

/// What the pane of the equity is called.
pub fn equity_title(unit: &str, is_percent: bool) -> String {
    format!("Equity, {}{unit}", if is_percent { "change in " } else { "" })
}

/// What a currency is called: the coin by its name.
pub fn unit_of(money: Money, coin: &str) -> &str {
    match money {
        Money::Usd => "USD",
        Money::Coin => coin,
    }
}

/// What the lowest pane is called.
pub fn drawdown_title(unit: &str) -> String {
    format!("Drawdown in {unit}")
}

/// What the pane below it is called.
pub const INDEX_TITLE: &str = "Index and strikes, USD: ▲ earned ▼ cost ○ open";

/// Equity as the charts write it: a share with its sign, dollars, or coins.
pub fn equity_value(value: f64, money: Money, is_percent: bool, coin: &str) -> String {
    match (is_percent, money) {
        (true, _) => percent_signed(value, 2),
        (false, Money::Usd) => usd(value),
        (false, Money::Coin) => format!("{} {coin}", number(value, 4)),
    }
}

/// One line of equity as it is drawn: an amount a mark, or a change against the opening account.
#[derive(Clone, Debug, PartialEq)]
pub struct EquityLine<'a> {
    /// Its name.
    pub name: &'a str,
    /// The marks, ms UTC.
    pub times: &'a [i64],
    /// Its values.
    pub values: Vec<f64>,
}

/// The deepest fall from a peak, a share of the peak above 0, and when; `None` where nothing fell.
fn deepest(line: &EquityLine, is_percent: bool) -> Option<(f64, i64)> {
    let base = if is_percent { 1.0 } else { 0.0 };
    let (mut peak, mut found) = (f64::NEG_INFINITY, None::<(f64, i64)>);
    for (time, value) in line.times.iter().zip(&line.values) {
        let value = value + base;
        peak = peak.max(value);
        let fall = if peak > 0.0 { 1.0 - value / peak } else { 0.0 };
        if fall > found.map_or(0.0, |(deepest, _)| deepest) {
            found = Some((fall, *time));
        }
    }
    found
}

/// Lines of equity in one sentence: dates, where each begins and ends, HODL's end, and the deepest drawdown. Empty without a mark.
pub fn equity_sentence(
    lines: &[EquityLine],
    hodl: Option<f64>,
    is_percent: bool,
    unit: &str,
    words: &dyn Fn(f64) -> String,
) -> String {
    let ends = |l: &EquityLine| l.times.first().copied().zip(l.times.last().copied());
    let Some(span) = lines.iter().filter_map(ends).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
        return String::new();
    };
    let told = |l: &EquityLine| {
        let (first, last) = l.values.first().zip(l.values.last())?;
        let end = ends(l).map_or(span.1, |(_, end)| end);
        let until = if Timestamp(end).day() < Timestamp(span.1).day() {
            format!(", where it ends on {}", day(Timestamp(end)))
        } else {
            String::new()
        };
        Some(match is_percent {
            true => format!("{} {}{until}", l.name, words(*last)),
            false => format!("{} from {} to {}{until}", l.name, words(*first), words(*last)),
        })
    };
    let mut parts: Vec<String> = lines.iter().filter_map(told).collect();
    parts.extend(hodl.map(|v| format!("HODL {}{}", if is_percent { "" } else { "to " }, words(v))));
    let falls = lines.iter().filter_map(|l| deepest(l, is_percent).map(|(fall, at)| (fall, at, l.name)));
    let worst = falls.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(fall, at, name)| {
        let whose = if lines.len() > 1 { format!(" ({name})") } else { String::new() };
        format!("; deepest drawdown in {unit} {} on {}{whose}", percent(-fall, 1), day(Timestamp(at)))
    });
    format!("{}: {}{}.", dates(span), parts.join("; "), worst.unwrap_or_else(|| "; no drawdown".into()))
}

/// A run's curves in one sentence; empty before the first mark.
pub fn curves_sentence(curves: &Curves, money: Money, is_percent: bool, coin: &str) -> String {
    let opening = curves.opening(money).filter(|_| is_percent);
    let shown = |v: f64| opening.map_or(v, |opening| v / opening - 1.0);
    let line = |unit: &'_ super::UnitCurve| unit.equity(money).iter().map(|v| shown(*v)).collect();
    let lines: Vec<EquityLine> = curves
        .units
        .iter()
        .filter(|unit| !unit.is_empty())
        .map(|unit| EquityLine {
            name: &unit.name,
            times: &curves.times[..unit.len().min(curves.times.len())],
            values: line(unit),
        })
        .collect();
    let hodl = curves.hodl(money).last().map(|v| shown(*v));
    equity_sentence(&lines, hodl, opening.is_some(), unit_of(money, coin), &|v| {
        equity_value(v, money, opening.is_some(), coin)
    })
}

/// A loan's days in one sentence: the worst loan-to-value with and without the hedge, and the margin calls. Empty without a day.
pub fn loan_sentence(lines: &LoanLines) -> String {
    let on = |place: usize| day(Timestamp(lines.times[place] - 1));
    let worst = |values: &[f64]| {
        let place = (0..values.len().min(lines.times.len())).max_by(|a, b| values[*a].total_cmp(&values[*b]))?;
        Some(format!("{} on {}", ltv(Some(values[place]).filter(|v| v.is_finite())), on(place)))
    };
    let Some((hedged, unhedged)) = worst(&lines.hedged).zip(worst(&lines.unhedged)) else { return String::new() };
    let call =
        |place: Option<usize>| place.map_or_else(|| "never".to_owned(), |place| format!("first on {}", on(place)));
    format!(
        "Highest loan-to-value: {hedged} with the hedge, {unhedged} without; margin call at {}: {} with the hedge, {} without.",
        percent(lines.margin_call, 1),
        call(lines.breaches[0]),
        call(lines.breaches[1])
    )
}

/// A text broken between words into lines of a width, as measured; a word that is wider stands alone.
pub fn wrapped(text: &str, width: f64, measure: &dyn Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure(&format!("{line} {word}")) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Where entries of these widths stand: left edge and row, in rows of a width with a gap between two.
pub fn flowed(widths: &[f64], width: f64, gap: f64) -> Vec<(f64, usize)> {
    let (mut left, mut row) = (0.0, 0);
    let place = |own: &f64| {
        if left > 0.0 && left + own > width {
            (left, row) = (0.0, row + 1);
        }
        let at = (left, row);
        left += own + gap;
        at
    };
    widths.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::DAY_MS;

    /// 1 February 2026.
    const FEBRUARY: i64 = 20_485 * DAY_MS;

    fn curves() -> Curves {
        let mut curves = Curves::new(["Hold"]);
        for (i, usd) in [100_000.0, 110_000.0, 96_800.0, 104_300.0].into_iter().enumerate() {
            let hodl = 100_000.0 - 100.0 * i as f64;
            curves.push_mark(Timestamp(FEBRUARY + i as i64 * DAY_MS), 1.0, (hodl, 1.0), &[(usd, 1.0)], None);
        }
        curves
    }

    #[test]
    fn a_run_is_one_sentence() {
        let said = |money, is_percent| curves_sentence(&curves(), money, is_percent, "BTC");
        for (found, expected) in [
            (
                said(Money::Usd, false),
                "2026-02-01 to 2026-02-04: Hold from $100,000 to $104,300; HODL to $99,700; deepest drawdown in USD −12.0 % on 2026-02-03.",
            ),
            (
                said(Money::Usd, true),
                "2026-02-01 to 2026-02-04: Hold +4.30 %; HODL −0.30 %; deepest drawdown in USD −12.0 % on 2026-02-03.",
            ),
            (
                said(Money::Coin, false),
                "2026-02-01 to 2026-02-04: Hold from 1.0000 BTC to 1.0000 BTC; HODL to 1.0000 BTC; no drawdown.",
            ),
            (curves_sentence(&Curves::new(["Hold"]), Money::Usd, false, "BTC"), ""),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn of_several_lines_the_deepest_is_named() {
        let times = [FEBRUARY, FEBRUARY + DAY_MS];
        let line = |name, values: [f64; 2]| EquityLine { name, times: &times, values: values.to_vec() };
        let lines = [
            line("a", [10.0, 9.0]),
            line("b", [20.0, 15.0]),
            EquityLine { name: "c", times: &[], values: vec![] },
            EquityLine { name: "d", times: &times[..1], values: vec![5.0] },
        ];
        assert_eq!(
            equity_sentence(&lines, None, false, "USD", &|v| number(v, 0)),
            "2026-02-01 to 2026-02-02: a from 10 to 9; b from 20 to 15; d from 5 to 5, where it ends on 2026-02-01; deepest drawdown in USD −25.0 % on 2026-02-02 (b)."
        );
    }

    #[test]
    fn a_loan_is_one_sentence() {
        let lines = LoanLines {
            times: vec![FEBRUARY + DAY_MS, FEBRUARY + 2 * DAY_MS],
            hedged: vec![0.6, 0.712],
            unhedged: vec![0.7, f64::INFINITY],
            margin_call: 0.75,
            breaches: [None, Some(1)],
            ..LoanLines::default()
        };
        assert_eq!(
            loan_sentence(&lines),
            "Highest loan-to-value: 71.2 % on 2026-02-02 with the hedge, wiped out on 2026-02-02 without; margin call at 75.0 %: never with the hedge, first on 2026-02-02 without."
        );
        assert_eq!(loan_sentence(&LoanLines::default()), "");
    }

    #[test]
    fn the_source_says_data_dates_and_engine() {
        let when = dates((FEBRUARY, FEBRUARY + 3 * DAY_MS));
        assert_eq!(
            source("Bitcoin 2026 (recorded)", &when, "0.1.0"),
            "chainwalk · Bitcoin 2026 (recorded) · 2026-02-01 to 2026-02-04 · engine 0.1.0"
        );
        assert_eq!(source("", "", "0.1.0"), "chainwalk · engine 0.1.0");
        assert_eq!(dates((FEBRUARY, FEBRUARY + 5)), "2026-02-01");
        let legend = legend(["a".to_owned(), "b".to_owned()], &[("hodl", "HODL")]);
        assert_eq!(
            legend.iter().map(|(key, name)| format!("{key} {name}")).collect::<Vec<_>>(),
            ["1 a", "2 b", "hodl HODL"]
        );
    }

    #[test]
    fn evidence_is_said_once_where_it_is_the_same() {
        let line = |words: &str| EvidenceLine { kind: crate::market::DataKind::Recorded, words: words.to_owned() };
        let (one, other) = (line("71 % of premium."), line("No premium traded."));
        for (results, words) in [
            (vec![], ""),
            (vec![("a", &one)], "71 % of premium."),
            (vec![("a", &one), ("b", &one)], "71 % of premium."),
            (vec![("a", &one), ("b", &other)], "a: 71 % of premium. b: No premium traded."),
        ] {
            assert_eq!(evidence_words(results.into_iter()), words);
        }
    }

    #[test]
    fn words_and_entries_flow_into_rows() {
        let measure = |text: &str| text.chars().count() as f64;
        assert_eq!(wrapped("one two three overlong", 8.0, &measure), ["one two", "three", "overlong"]);
        assert_eq!(wrapped("", 8.0, &measure), Vec::<String>::new());
        assert_eq!(flowed(&[40.0, 30.0, 50.0, 200.0], 90.0, 10.0), [(0.0, 0), (50.0, 0), (0.0, 1), (0.0, 2)]);
    }
}
