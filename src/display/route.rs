//! Which page an address's fragment means.

use super::help::SECTIONS;
use crate::market::is_dataset_id;
use crate::units::Timestamp;

/// A page of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The front page, with the request of a link or without.
    #[default]
    Backtest,
    /// The front page with a kept run.
    Kept(String),
    /// The kept runs.
    Runs,
    /// Two to four runs or variants side by side.
    Compare(Vec<Side>),
    /// The datasets, with what is looked at.
    Data(DataPlace),
    /// Help at one of its sections; empty for its beginning.
    Help(String),
    /// Every part of the page in every state, for those who change it.
    Gallery,
    /// Checks against outside truth.
    Verify,
}

/// What the Data page looks at: nothing chosen, a dataset, or one of its instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataPlace {
    /// The dataset's id; `None` before one is chosen.
    pub dataset: Option<String>,
    /// The instant, to the minute; `None` for the newest, and without a dataset.
    pub minute: Option<Timestamp>,
}

/// One column of a comparison: a run, or one of its variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The run's name in the storage.
    pub run: String,
    /// The variant's place; `None` = all of its variants.
    pub unit: Option<usize>,
}

/// The front page's title, which `index.html` has too.
pub const TITLE: &str = "chainwalk: an options backtester in a browser tab";

/// Most columns side by side.
pub const MOST_SIDES: usize = 4;

impl Route {
    /// The page of a fragment without its `#`; everything unknown is the front page's, which says so.
    pub fn of(fragment: &str) -> Route {
        if let Some(place) = fragment.strip_prefix("data/") {
            return DataPlace::of(place).map_or(Route::Backtest, Route::Data);
        }
        match fragment.split_once('=').unwrap_or((fragment, "")) {
            ("runs", "") => Route::Runs,
            ("data", "") => Route::Data(DataPlace::default()),
            ("help", section) => {
                let is_known = SECTIONS.iter().any(|(id, _)| *id == section);
                Route::Help(if is_known { section.to_owned() } else { String::new() })
            }
            ("gallery", "") => Route::Gallery,
            ("verify", "") => Route::Verify,
            ("run", id) if is_id(id) => Route::Kept(id.to_owned()),
            ("compare", sides) => Route::Compare(sides.split(',').filter_map(Side::of).take(MOST_SIDES).collect()),
            _ => Route::Backtest,
        }
    }

    /// The page's title.
    pub fn title(&self) -> &'static str {
        match self {
            Route::Backtest | Route::Kept(_) => TITLE,
            Route::Runs => "Runs · chainwalk",
            Route::Compare(_) => "Compare · chainwalk",
            Route::Data(_) => "Data · chainwalk",
            Route::Help(_) => "Help · chainwalk",
            Route::Gallery => "Gallery · chainwalk",
            Route::Verify => "Verify · chainwalk",
        }
    }

    /// The fragment without its `#`; the front page's is the link of its request and none of this.
    pub fn fragment(&self) -> String {
        match self {
            Route::Backtest => String::new(),
            Route::Kept(id) => format!("run={id}"),
            Route::Runs => "runs".into(),
            Route::Compare(sides) => {
                format!("compare={}", sides.iter().map(Side::text).collect::<Vec<_>>().join(","))
            }
            Route::Data(place) => place.text(),
            Route::Help(section) if section.is_empty() => "help".into(),
            Route::Help(section) => format!("help={section}"),
            Route::Gallery => "gallery".into(),
            Route::Verify => "verify".into(),
        }
    }

    /// True where this page belongs to a place of the navigation: comparisons belong to the runs, checks to the help.
    pub fn belongs_to(&self, place: &Route) -> bool {
        match self {
            Route::Backtest | Route::Kept(_) => place.is_front(),
            Route::Runs | Route::Compare(_) => matches!(place, Route::Runs),
            Route::Data(_) => matches!(place, Route::Data(_)),
            Route::Help(_) | Route::Verify => matches!(place, Route::Help(_)),
            Route::Gallery => false,
        }
    }

    /// The fragment as a link within the page.
    pub fn link(&self) -> String {
        format!("#{}", self.fragment())
    }

    /// True where the form and the results are.
    pub fn is_front(&self) -> bool {
        matches!(self, Route::Backtest | Route::Kept(_))
    }
}

impl DataPlace {
    /// A dataset where nothing else is chosen.
    pub fn dataset(id: &str) -> DataPlace {
        DataPlace { dataset: Some(id.to_owned()), minute: None }
    }

    /// Reads `ID` or `ID/2026-03-14T12:00`; an instant that cannot be read is the newest.
    fn of(text: &str) -> Option<DataPlace> {
        let (id, minute) = text.split_once('/').unwrap_or((text, ""));
        is_dataset_id(id).then(|| DataPlace { dataset: Some(id.to_owned()), minute: Timestamp::parse_minute(minute) })
    }

    fn text(&self) -> String {
        let id = self.dataset.iter().map(|id| format!("/{id}"));
        let minute = self.minute.iter().map(|minute| minute.format("/%Y-%m-%dT%H:%M"));
        std::iter::once("data".to_owned()).chain(id).chain(minute).collect()
    }
}

impl Side {
    fn of(text: &str) -> Option<Side> {
        let (run, unit) = text.split_once('.').map_or((text, None), |(run, unit)| (run, Some(unit)));
        let unit = unit.map(str::parse).transpose().ok()?;
        is_id(run).then(|| Side { run: run.to_owned(), unit })
    }

    fn text(&self) -> String {
        self.unit.map_or_else(|| self.run.clone(), |unit| format!("{}.{unit}", self.run))
    }
}

/// Names of kept runs are letters, digits and hyphens.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_round_trip() {
        let side = |run: &str, unit| Side { run: run.into(), unit };
        let noon = Timestamp::parse_minute("2026-03-14T12:00").expect("a minute");
        for route in [
            Route::Backtest,
            Route::Kept("20260101-120000-abcd".into()),
            Route::Runs,
            Route::Help(String::new()),
            Route::Help("glossary".into()),
            Route::Gallery,
            Route::Verify,
            Route::Compare(vec![side("a", None), side("b", Some(2))]),
            Route::Data(DataPlace::default()),
            Route::Data(DataPlace::dataset("btc-2026")),
            Route::Data(DataPlace { minute: Some(noon), ..DataPlace::dataset("btc-2026") }),
        ] {
            assert_eq!(Route::of(&route.fragment()), route);
        }
    }

    #[test]
    fn every_page_has_its_place() {
        let all = [Route::Backtest, Route::Runs, Route::Data(DataPlace::default()), Route::Help(String::new())];
        let places = |route: Route| all.each_ref().map(|place| route.belongs_to(place));
        assert_eq!(places(Route::Kept("a".into())), [true, false, false, false]);
        assert_eq!(places(Route::Compare(Vec::new())), [false, true, false, false]);
        assert_eq!(places(Route::Data(DataPlace::dataset("a"))), [false, false, true, false]);
        assert_eq!(places(Route::Help("keys".into())), [false, false, false, true]);
        assert_eq!(places(Route::Verify), [false, false, false, true]);
        assert_eq!(Route::Runs.link(), "#runs");
    }

    #[test]
    fn anything_else_is_the_front_page() {
        for fragment in ["r1=abc", "run=", "run=<script>", "runs=1", "nonsense", "run=a/b"] {
            assert_eq!(Route::of(fragment), Route::Backtest, "{fragment}");
        }
        assert_eq!(Route::of("data/<b>"), Route::Backtest);
        assert_eq!(Route::of("help=nowhere"), Route::Help(String::new()));
        assert_eq!(Route::of("data/btc-2026/soon"), Route::Data(DataPlace::dataset("btc-2026")));
        assert_eq!(Route::of("compare=a,,<b>,c.x"), Route::Compare(vec![Side { run: "a".into(), unit: None }]));
    }
}
