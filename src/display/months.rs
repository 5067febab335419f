//! The months of a variant as a heat map, a row a year, and as a list.

use super::format::{ABSENT, percent_signed, signed};
use super::key_numbers::sign_of;
use crate::metrics::Month;
use crate::units::Day;

/// Which figure of the months is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Return of the equity in USD.
    ReturnUsd,
    /// Return of HODL in USD.
    Hodl,
    /// Return of the equity in coin.
    ReturnCoin,
    /// Change of equity - HODL, coin.
    AgainstHodl,
}

impl Measure {
    /// All, in the order of the list's columns.
    pub const ALL: [Measure; 4] = [Measure::ReturnUsd, Measure::Hodl, Measure::ReturnCoin, Measure::AgainstHodl];

    /// Its name, unit included.
    pub fn title(self) -> &'static str {
        match self {
            Measure::ReturnUsd => "Return, USD",
            Measure::Hodl => "HODL, USD",
            Measure::ReturnCoin => "Return, coin",
            Measure::AgainstHodl => "Against HODL, coin",
        }
    }

    fn of(self, month: &Month) -> f64 {
        match self {
            Measure::ReturnUsd => month.return_usd,
            Measure::Hodl => month.hodl_return,
            Measure::ReturnCoin => month.return_coin,
            Measure::AgainstHodl => month.pnl_vs_hodl_coin,
        }
    }

    /// What several months come to: returns compound, amounts add up.
    fn total(self, months: &[Month]) -> f64 {
        match self {
            Measure::AgainstHodl => months.iter().map(|m| self.of(m)).sum(),
            _ => months.iter().map(|m| 1.0 + self.of(m)).product::<f64>() - 1.0,
        }
    }

    /// A value with its unit.
    fn words(self, value: f64) -> String {
        match self {
            Measure::AgainstHodl => signed(value, 4),
            Measure::ReturnCoin => percent_signed(value, 2),
            _ => percent_signed(value, 1),
        }
    }
}

/// One value: its words, and how strongly it is tinted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The value with its sign; a dash where there was no month.
    pub words: String,
    /// `gain`, `loss` or nothing.
    pub sign: &'static str,
    /// Size against the largest month of the same measure, 0 to 1.
    pub heat: f64,
}

impl Cell {
    fn of(measure: Measure, value: f64, largest: f64) -> Cell {
        let heat = if largest > 0.0 { (value.abs() / largest).min(1.0) } else { 0.0 };
        Cell { words: measure.words(value), sign: sign_of(value), heat }
    }

    fn absent() -> Cell {
        Cell { words: ABSENT.into(), ..Cell::default() }
    }
}

/// One year of the heat map.
#[derive(Clone, Debug, PartialEq)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// January to December.
    pub months: Vec<Cell>,
    /// What its months come to; never tinted more than the months are.
    pub total: Cell,
}

fn largest(measure: Measure, months: &[Month]) -> f64 {
    months.iter().map(|m| measure.of(m).abs()).fold(0.0, f64::max)
}

/// The heat map of months in time order, newest year first.
pub fn years(months: &[Month], measure: Measure) -> Vec<Year> {
    let largest = largest(measure, months);
    let of_year = |all: &[Month]| {
        let cell = |month: u32| {
            let found = all.iter().find(|m| m.month == month);
            found.map_or_else(Cell::absent, |m| Cell::of(measure, measure.of(m), largest))
        };
        Year {
            year: all[0].year,
            months: (1..=12).map(cell).collect(),
            total: Cell::of(measure, measure.total(all), largest),
        }
    };
    months.chunk_by(|a, b| a.year == b.year).rev().map(of_year).collect()
}

/// The list: name of the month, then a cell a measure, in time order.
pub fn list(months: &[Month]) -> Vec<(String, [Cell; 4])> {
    let scales = Measure::ALL.map(|measure| (measure, largest(measure, months)));
    let row = |m: &Month| (month_name(m), scales.map(|(measure, largest)| Cell::of(measure, measure.of(m), largest)));
    months.iter().map(row).collect()
}

/// All figures of a month, 1 to 12, or of a year where no month is named, in a sentence; empty where there is none.
pub fn words_at(months: &[Month], year: i32, month: Option<u32>) -> String {
    let is_in = |m: &&Month| m.year == year && month.is_none_or(|month| m.month == month);
    let found: Vec<Month> = months.iter().filter(is_in).cloned().collect();
    let Some(first) = found.first() else { return String::new() };
    let name = match month {
        Some(_) => month_name(first),
        None => year.to_string(),
    };
    let figure = |measure: Measure| format!("{} {}", measure.title(), measure.words(measure.total(&found)));
    format!("{name}: {}.", Measure::ALL.map(figure).join("; "))
}

fn month_name(m: &Month) -> String {
    Day::from_ymd(m.year, m.month, 1).map(|d| d.start().format("%b %Y")).unwrap_or_default()
}

/// Best, worst and share of months above zero, in a sentence; empty without months.
pub fn summary(months: &[Month], measure: Measure) -> String {
    let by = |a: &&Month, b: &&Month| measure.of(a).total_cmp(&measure.of(b));
    let (Some(best), Some(worst)) = (months.iter().max_by(by), months.iter().min_by(by)) else { return String::new() };
    let above = months.iter().filter(|m| measure.of(m) > 0.0).count();
    format!(
        "{above} of {} months above zero; best {} in {}, worst {} in {}.",
        months.len(),
        measure.words(measure.of(best)),
        month_name(best),
        measure.words(measure.of(worst)),
        month_name(worst)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(year: i32, month: u32, value: f64) -> Month {
        Month { year, month, return_usd: value, return_coin: value, hodl_return: value, pnl_vs_hodl_coin: value }
    }

    #[test]
    fn a_year_compounds_returns_and_adds_amounts() {
        let months = [month(2025, 12, -0.05), month(2026, 1, 0.1), month(2026, 2, -0.1)];
        let map = years(&months, Measure::ReturnUsd);
        assert_eq!(map.iter().map(|y| y.year).collect::<Vec<_>>(), [2026, 2025]);
        assert_eq!((map[0].months[0].words.as_str(), map[0].months[1].words.as_str()), ("+10.0 %", "−10.0 %"));
        assert_eq!((map[0].months[0].sign, map[0].months[1].sign), ("gain", "loss"));
        assert_eq!(map[0].total.words, "−1.0 %", "1.1 x 0.9 - 1");
        assert_eq!((map[0].months[2].words.as_str(), map[0].months[2].sign), (ABSENT, ""));
        assert!((map[1].months[11].heat - 0.5).abs() < 1e-12, "half of the largest");
        assert_eq!(years(&months, Measure::AgainstHodl)[0].total.words, "0.0000");
        assert_eq!(years(&[], Measure::Hodl), []);
    }

    #[test]
    fn the_list_has_every_measure_and_the_sentence_the_extremes() {
        let months = [month(2026, 1, 0.1), month(2026, 2, -0.2), month(2026, 3, 0.0)];
        let rows = list(&months);
        assert_eq!((rows[1].0.as_str(), rows[1].1[2].words.as_str()), ("Feb 2026", "−20.00 %"));
        assert_eq!(
            summary(&months, Measure::ReturnUsd),
            "1 of 3 months above zero; best +10.0 % in Jan 2026, worst −20.0 % in Feb 2026."
        );
        assert_eq!(summary(&[], Measure::Hodl), "");
        let said =
            "Feb 2026: Return, USD −20.0 %; HODL, USD −20.0 %; Return, coin −20.00 %; Against HODL, coin −0.2000.";
        assert_eq!(words_at(&months, 2026, Some(2)), said);
        assert!(words_at(&months, 2026, None).starts_with("2026: "), "a year is what its months come to");
        assert_eq!(words_at(&months, 2025, None), "");
    }
}
