//! Which page an address's fragment means.

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
    /// Help.
    Help,
}

/// One column of a comparison: a run, or one of its variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The run's name in the storage.
    pub run: String,
    /// The variant's place; `None` = all of its variants.
    pub unit: Option<usize>,
}

/// Most columns side by side.
pub const MOST_SIDES: usize = 4;

impl Route {
    /// The page of a fragment without its `#`; everything unknown is the front page's, which explains a broken link.
    pub fn of(fragment: &str) -> Route {
        match fragment.split_once('=').unwrap_or((fragment, "")) {
            ("runs", "") => Route::Runs,
            ("help", _) => Route::Help,
            ("run", id) if is_id(id) => Route::Kept(id.to_owned()),
            ("compare", sides) => Route::Compare(sides.split(',').filter_map(Side::of).take(MOST_SIDES).collect()),
            _ => Route::Backtest,
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
            Route::Help => "help".into(),
        }
    }

    /// True where this page belongs to a place of the navigation: comparisons belong to the runs.
    pub fn belongs_to(&self, place: &Route) -> bool {
        match self {
            Route::Backtest | Route::Kept(_) => place.is_front(),
            Route::Runs | Route::Compare(_) => matches!(place, Route::Runs),
            Route::Help => matches!(place, Route::Help),
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
        for route in [
            Route::Backtest,
            Route::Kept("20260101-120000-abcd".into()),
            Route::Runs,
            Route::Help,
            Route::Compare(vec![side("a", None), side("b", Some(2))]),
        ] {
            assert_eq!(Route::of(&route.fragment()), route);
        }
    }

    #[test]
    fn every_page_has_its_place() {
        let places = |route: Route| [Route::Backtest, Route::Runs, Route::Help].map(|place| route.belongs_to(&place));
        assert_eq!(places(Route::Kept("a".into())), [true, false, false]);
        assert_eq!(places(Route::Compare(Vec::new())), [false, true, false]);
        assert_eq!(places(Route::Help), [false, false, true]);
        assert_eq!(Route::Runs.link(), "#runs");
    }

    #[test]
    fn anything_else_is_the_front_page() {
        for fragment in ["r1=abc", "run=", "run=<script>", "runs=1", "nonsense", "run=a/b"] {
            assert_eq!(Route::of(fragment), Route::Backtest, "{fragment}");
        }
        assert_eq!(Route::of("compare=a,,<b>,c.x"), Route::Compare(vec![Side { run: "a".into(), unit: None }]));
    }
}
