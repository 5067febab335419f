//! Where a loan is tried out: made-up paths, and the worst dates to begin.

use super::draft::{At, Draft};
use super::format::{day, number, percent, plain};
use crate::json;
use crate::market::Dataset;
use crate::market::catalog::{Catalog, DataKind};
use crate::market::windows::WorstStart;
use crate::units::Day;

/// Shortest run on a made-up path, days: what happens on it takes so long.
const LEAST_DAYS: i32 = 365;
/// How many worst start dates are offered.
pub const WORST: usize = 5;

/// The made-up paths of the catalog.
pub fn synthetic(catalog: &Catalog) -> Vec<&Dataset> {
    catalog.datasets.iter().filter(|dataset| dataset.kind == DataKind::Synthetic).collect()
}

/// Days from a draft's first day to its last; `None` where one of them cannot be read.
pub fn length_days(draft: &Draft) -> Option<i32> {
    let at = |path| Day::parse(draft.text(At::Shared, path));
    Some(at("end")?.0 - at("start")?.0).filter(|days| *days > 0)
}

/// Lets a draft begin on a day and last as long as before, within the dataset.
pub fn begin_on(draft: &mut Draft, start: Day, dataset: &Dataset) {
    let end = Day(start.0 + length_days(draft).unwrap_or(365)).min(dataset.last);
    draft.set(At::Shared, "start", start.to_string());
    draft.set(At::Shared, "end", end.to_string());
}

/// Moves a draft to a made-up path: as many units as make the same opening collateral, the same loan and hedges.
///
/// `opening` is what one unit costs where the draft begins now, `first` what it costs at the path's beginning, USD.
pub fn move_to(draft: &mut Draft, dataset: &Dataset, opening: f64, first: f64) {
    let units = json::number(draft.text(At::Shared, "account.coins"));
    let length = length_days(draft).unwrap_or(0).max(LEAST_DAYS);
    draft.rebase(dataset, true);
    if let Some(units) = units {
        draft.set(At::Shared, "account.coins", plain(units * opening / first));
    }
    draft.set(At::Shared, "underlying", dataset.underlying.clone());
    draft.set(At::Shared, "dataset", dataset.id.clone());
    draft.set(At::Shared, "start", dataset.first.to_string());
    draft.set(At::Shared, "end", Day(dataset.first.0 + length).min(dataset.last).to_string());
}

/// A worst start in words: its day, and how far the price fell after it.
pub fn start_words(start: &WorstStart) -> (String, String) {
    let fall = percent(start.ratio - 1.0, 1);
    let low = number(start.low, if start.low < 10_000.0 { 2 } else { 0 });
    (day(start.date.start()), format!("{fall} to ${low} on {}", day(start.low_date.start())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::parse(include_bytes!("../../assets/data/catalog.json")).expect("a catalog")
    }

    #[test]
    fn a_window_keeps_its_length_inside_the_data() {
        let catalog = catalog();
        let dataset = &catalog.datasets[0];
        let mut draft = Draft::new(dataset);
        let days = length_days(&draft).expect("a length");
        begin_on(&mut draft, Day(dataset.first.0 + 1), dataset);
        assert_eq!(draft.text(At::Shared, "start"), Day(dataset.first.0 + 1).to_string());
        assert!(length_days(&draft).is_some_and(|now| now <= days));
        begin_on(&mut draft, Day(dataset.last.0 - 10), dataset);
        assert_eq!((draft.text(At::Shared, "end"), length_days(&draft)), (dataset.last.to_string().as_str(), Some(10)));
    }

    #[test]
    fn a_made_up_path_keeps_the_opening_collateral() {
        let catalog = catalog();
        let dataset = Dataset { id: "scenario-crash".into(), underlying: "SYN".into(), ..catalog.datasets[0].clone() };
        let mut draft = Draft::new(&catalog.datasets[0]);
        draft.set(At::Shared, "account.coins", "2");
        draft.set(At::Shared, "account.loan", "true");
        move_to(&mut draft, &dataset, 50_000.0, 100.0);
        assert_eq!(
            (draft.text(At::Shared, "account.coins"), draft.text(At::Shared, "dataset")),
            ("1000", "scenario-crash")
        );
        assert_eq!(draft.text(At::Shared, "account.loan"), "true");
    }

    #[test]
    fn a_worst_start_says_how_far_it_fell() {
        let date = |text| Day::parse(text).expect("a date");
        let start = WorstStart {
            date: date("2021-11-10"),
            close: 68_000.0,
            low: 17_000.0,
            low_date: date("2022-06-18"),
            ratio: 0.25,
        };
        assert_eq!(start_words(&start), ("2021-11-10".into(), "−75.0 % to $17,000 on 2022-06-18".into()));
    }
}
