//! What the page knows: a few coarse signals, and the run itself outside of them.

use super::own::OwnData;
use super::remember;
use super::tape::Tape;
use crate::display::Route;
use crate::display::api::Who;
use crate::display::hedges::Own;
use crate::display::presets::{Preset, presets};
use crate::display::rows::LegRow;
use crate::display::{At, Curves, Draft, Folder, Money, Problem};
use crate::market::windows::Bar;
use crate::market::{Catalog, Dataset, Settlement};
use crate::metrics::{Evidence, EvidenceLine, Summary};
use crate::run::{Progress, Resolved, Run, RunState, UnitError, UnitState, dataset_for};
use crate::share::Claim;
use crate::store::{Archive, Kept, LogLine, Save, Saving};
use crate::strategy::ExitStyle;
use crate::units::Timestamp;
use crate::web::kept::AnyStore;
use crate::web::lock::Held;
use crate::web::{page, task::Flag};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The catalog's fate.
#[derive(Clone)]
pub enum CatalogState {
    /// On its way.
    Loading,
    /// Read.
    Ready(Arc<Catalog>),
    /// Not read, with the sentence.
    Failed(String),
}

/// Figures of the run bar, published at most once a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// The run's state; `None` before any run.
    pub state: Option<RunState>,
    /// Share of decisions done.
    pub fraction: f64,
    /// Decisions done and due.
    pub decisions: (usize, usize),
    /// The newest mark.
    pub time: Option<Timestamp>,
    /// Seconds to the end at the present pace; `None` where it cannot be told.
    pub seconds_left: Option<f64>,
    /// Bytes that came and bytes due, while something is fetched.
    pub bytes: Option<(u64, u64)>,
    /// What went wrong, or what is worth saying.
    pub sentence: Option<String>,
    /// The first prices refused the request.
    pub is_refused: bool,
}

impl Status {
    /// True from start to end.
    pub fn is_active(&self) -> bool {
        self.state.is_some_and(|s| !s.is_final() && s != RunState::Draft)
    }
}

/// How fast the run walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// A day a second.
    Slow,
    /// A week a second.
    Walk,
    /// A month a second.
    Brisk,
    /// As fast as the machine can.
    Full,
}

impl Speed {
    /// All, slowest first, with their key and words.
    pub const ALL: [(Speed, &'static str, &'static str); 4] = [
        (Speed::Slow, "slow", "1 day / s"),
        (Speed::Walk, "walk", "1 week / s"),
        (Speed::Brisk, "brisk", "1 month / s"),
        (Speed::Full, "full", "Full speed"),
    ];

    /// The speed of a key; brisk where there is none.
    pub fn of_key(key: &str) -> Speed {
        Speed::ALL.iter().find(|s| s.1 == key).map_or(Speed::Brisk, |s| s.0)
    }

    /// The speed's key.
    pub fn key(self) -> &'static str {
        Speed::ALL.iter().find(|s| s.0 == self).map_or("brisk", |s| s.1)
    }

    /// Days of history a second; `None` at full speed.
    pub fn days_a_second(self) -> Option<f64> {
        match self {
            Speed::Slow => Some(1.0),
            Speed::Walk => Some(7.0),
            Speed::Brisk => Some(30.0),
            Speed::Full => None,
        }
    }
}

/// One column of the key numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The variant's name.
    pub name: String,
    /// Its state.
    pub state: UnitState,
    /// Its exit style.
    pub style: ExitStyle,
    /// Its failure.
    pub error: Option<UnitError>,
    /// Its figures; `None` before its first mark.
    pub summary: Option<Summary>,
}

/// What the results below the form are of.
#[derive(Clone, PartialEq)]
pub struct Shown {
    /// True for the example that ships.
    pub example: bool,
    /// Milliseconds of computing, of a result that followed the dials and is not kept; `None` for every other.
    pub live_ms: Option<f64>,
    /// The request as it was written, differences only.
    pub written: Value,
    /// The request with all fields, and its dataset.
    pub resolved: Arc<Resolved>,
}

impl Shown {
    /// The dataset.
    pub fn dataset(&self) -> &Dataset {
        &self.resolved.dataset
    }
}

/// What came of recomputing a link's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The run is on its way.
    Pending,
    /// The same result.
    Verified,
    /// Another one: what moved, one sentence each.
    Differs(Vec<String>),
}

/// Something that a person must decide before a run begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The same run is kept already.
    Identical(Box<Kept>),
    /// A run was under way when its page closed.
    Interrupted(Box<Kept>),
    /// Such a run cannot go on, for this reason.
    CannotResume(Box<Kept>, String),
    /// Another tab runs: its run's name and progress.
    Busy(String),
}

/// What was last saved of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Saved {
    /// When.
    pub at_ms: f64,
    /// At which mark.
    pub marks: usize,
    /// In which state; `None` before the first save.
    pub state: Option<RunState>,
}

/// The price that a run of the form would begin at.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The dataset's id.
    pub dataset: String,
    /// The first mark.
    pub time: Timestamp,
    /// Index of its state, USD.
    pub price: f64,
}

/// The run and what grows with it; never cloned, never in a signal.
#[derive(Default)]
pub struct Session {
    /// The run.
    pub run: Option<Run>,
    /// Loaded snapshots.
    pub tape: Tape,
    /// Curves of what is shown.
    pub curves: Curves,
    /// Places of the steps that the table shows, one list a unit.
    pub rows: Vec<Vec<u32>>,
    /// Rows of the example's trades, one list a variant.
    pub example_trades: Vec<Vec<LegRow>>,
    /// Counts runs, so that tasks of an earlier one end.
    pub generation: u64,
    /// Wakes the driver.
    pub wake: Flag,
    /// Milliseconds of running so far.
    pub active_ms: f64,
    /// Marks that the pace allows and that were not made yet.
    pub credit: f64,
    /// When signals were last set.
    pub published_ms: f64,
    /// When the tables were last refreshed.
    pub tables_ms: f64,
    /// Who the run is; `None` before any run.
    pub who: Option<Who>,
    /// Who the run is in the storage; `None` where it is not kept.
    pub saving: Option<Saving>,
    /// What was last saved.
    pub saved: Saved,
    /// A save is being made or on its way.
    pub is_saving: bool,
    /// The save that is being made, and lines of the log that are kept once it is written; the run takes no step meanwhile.
    pub composing: Option<(Save, u32)>,
    /// Another is to follow it at once.
    pub save_again: bool,
    /// The run was kept by another engine or on other data than are here: nothing is claimed of it.
    pub is_foreign: bool,
    /// The right to walk, of a run that is under way.
    pub lock: Option<Held>,
    /// The right is being given back.
    pub is_unlocking: bool,
    /// What its sender saw come of the link that is shown.
    pub claim: Option<Claim>,
    /// The log, newest last.
    pub log: Vec<LogLine>,
    /// Lines before this one are kept.
    pub logged: u32,
    /// States of the variants that the log knows of.
    pub told: Vec<UnitState>,
}

impl Session {
    /// The run's progress; zeros without a run.
    pub fn progress(&self) -> Progress {
        self.run.as_ref().map(Run::progress).unwrap_or_default()
    }

    /// Adds a piece to the save that is being made; false where none is, or it is whole.
    pub fn compose(&mut self) -> bool {
        let (Some((save, _)), Some(run)) = (&mut self.composing, &self.run) else { return false };
        save.add(run)
    }

    /// The next mark waits for data.
    pub fn is_starved(&self) -> bool {
        let snapshots = |run: &Run| self.tape.from_pack(run.packs().start).len();
        self.run.as_ref().is_some_and(|run| run.pack_wanted(snapshots(run)).is_some())
    }

    /// The state on screen: a running run that waits for data is loading; a draft before any run.
    pub fn state(&self) -> RunState {
        match self.run.as_ref().map(Run::state) {
            Some(RunState::Running) if self.is_starved() => RunState::Loading,
            state => state.unwrap_or(RunState::Draft),
        }
    }
}

/// The page's state, shared by context.
#[derive(Clone, Copy)]
pub struct App {
    /// The catalog.
    pub catalog: RwSignal<CatalogState>,
    /// The presets of the catalog; none before it is read.
    pub presets: Memo<Vec<Preset>>,
    /// Where the data come from.
    pub folder: StoredValue<Folder>,
    /// Datasets that somebody opened; the catalog has them too.
    pub own: StoredValue<OwnData, LocalStorage>,
    /// The page that is shown.
    pub route: RwSignal<Route>,
    /// The form's request as the address has it; `None` until the address was read.
    pub addressed: StoredValue<Option<Value>>,
    /// Kept runs; `None` until the storage is open.
    pub archive: StoredValue<Option<Rc<Archive<AnyStore>>>, LocalStorage>,
    /// Why nothing is kept; `None` while all is well.
    pub store_fault: RwSignal<Option<String>>,
    /// A newer build of the page is there whole and waits.
    pub is_newer_there: RwSignal<bool>,
    /// Grows when kept runs changed, and once the storage is open.
    pub kept: RwSignal<u32>,
    /// Grows when the log has a new line.
    pub log: RwSignal<u32>,
    /// What a person must decide.
    pub question: RwSignal<Option<Question>>,
    /// What came of a link's claim; `None` where there is none.
    pub verdict: RwSignal<Option<Verdict>>,
    /// A start is on its way; another is not taken.
    pub starting: RwSignal<bool>,
    /// A result that follows the dials is on its way.
    pub is_following: RwSignal<bool>,
    /// The form.
    pub draft: RwSignal<Draft>,
    /// The request that the form writes, differences only; `None` while something in it cannot be read.
    pub written: Memo<Option<Value>>,
    /// The form shows all settings, not the first few alone.
    pub all_settings: RwSignal<bool>,
    /// The form is unfolded where a narrow window has it between the results and the tabs.
    pub unfolded: RwSignal<bool>,
    /// What a run of the form would begin at; `None` where that is not known yet.
    pub opening: RwSignal<Option<Opening>>,
    /// Prices by pack that were read for the form, by the pack's path.
    pub bars: StoredValue<BTreeMap<String, Arc<Vec<Bar>>>>,
    /// Hedges that a person saved.
    pub own_templates: RwSignal<Vec<Own>>,
    /// What is wrong with the form, as last checked.
    pub problems: RwSignal<Vec<Problem>>,
    /// A sentence for the whole page.
    pub notice: RwSignal<Option<String>>,
    /// The run bar.
    pub status: RwSignal<Status>,
    /// What the results are of.
    pub shown: RwSignal<Option<Shown>>,
    /// Grows when curves changed; at most once a frame.
    pub frame: RwSignal<u32>,
    /// Grows when tables may change; at most four times a second, at full speed twice.
    pub tables: RwSignal<u32>,
    /// The key numbers.
    pub columns: RwSignal<Vec<Column>>,
    /// The chart's currency.
    pub money: RwSignal<Money>,
    /// Percent of the opening account instead of amounts.
    pub percent: RwSignal<bool>,
    /// The shared crosshair, ms UTC.
    pub cursor: RwSignal<Option<i64>>,
    /// The zoomed range, ms UTC.
    pub zoom: RwSignal<Option<(i64, i64)>>,
    /// When the run's chart was last pressed.
    pub pressed_ms: StoredValue<f64>,
    /// The step under inspection: unit and step.
    pub inspected: RwSignal<Option<(usize, usize)>>,
    /// The pace.
    pub speed: RwSignal<Speed>,
    /// The theme: `light`, `dark` or empty for the system's.
    pub theme: RwSignal<String>,
    /// Grows when the system's theme changed.
    pub system_theme: RwSignal<u32>,
    /// The run.
    pub session: StoredValue<Session, LocalStorage>,
    /// 0 for the page itself, else the number of a sample of its parts beside it, in the gallery.
    pub sample: u32,
}

impl App {
    /// What the premium of a variant that is shown rests on, or that of all together; `None` before the first figure.
    pub fn evidence(&self, unit: Option<usize>) -> Option<EvidenceLine> {
        let evidence = self.columns.with(|columns| {
            let of = |(place, _): &(usize, &Column)| unit.is_none_or(|unit| unit == *place);
            let figures = columns.iter().enumerate().filter(of).filter_map(|(_, column)| column.summary.as_ref());
            figures.clone().next().is_some().then(|| Evidence::sum(figures.map(Evidence::of)))
        })?;
        self.shown.with(|shown| Some(evidence.line(shown.as_ref()?.dataset())))
    }

    /// A page that knows nothing yet.
    pub fn new() -> App {
        let (catalog, draft) = (RwSignal::new(CatalogState::Loading), RwSignal::new(Draft::default()));
        App {
            catalog,
            presets: Memo::new(move |_| ready(catalog).map(|catalog| presets(&catalog)).unwrap_or_default()),
            folder: StoredValue::new(Folder::default()),
            own: StoredValue::new_local(OwnData::default()),
            route: RwSignal::new(Route::of(&page::fragment())),
            addressed: StoredValue::new(None),
            archive: StoredValue::new_local(None),
            store_fault: RwSignal::new(None),
            is_newer_there: RwSignal::new(false),
            kept: RwSignal::new(0),
            log: RwSignal::new(0),
            question: RwSignal::new(None),
            verdict: RwSignal::new(None),
            starting: RwSignal::new(false),
            is_following: RwSignal::new(false),
            draft,
            written: Memo::new(move |_| draft.with(|d| d.to_request().ok())),
            all_settings: RwSignal::new(page::preference("settings").is_some_and(|text| text == "all")),
            unfolded: RwSignal::new(page::view("form").is_some_and(|text| text == "open")),
            opening: RwSignal::new(None),
            bars: StoredValue::new(BTreeMap::new()),
            own_templates: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            status: RwSignal::new(Status::default()),
            shown: RwSignal::new(None),
            frame: RwSignal::new(0),
            tables: RwSignal::new(0),
            columns: RwSignal::new(Vec::new()),
            money: RwSignal::new(Money::Coin),
            percent: RwSignal::new(remember::percent()),
            cursor: RwSignal::new(None),
            zoom: RwSignal::new(None),
            pressed_ms: StoredValue::new(f64::NEG_INFINITY),
            inspected: RwSignal::new(None),
            speed: RwSignal::new(Speed::of_key(&page::preference("speed").unwrap_or_default())),
            theme: RwSignal::new(page::preference("theme").unwrap_or_default()),
            system_theme: RwSignal::new(0),
            session: StoredValue::new_local(Session::default()),
            sample: 0,
        }
    }

    /// How what is shown settles, and its underlying; Bitcoin's before anything is shown; tracked.
    pub fn market(&self) -> (Settlement, String) {
        self.shown.with(|shown| {
            let dataset = shown.as_ref().map(Shown::dataset);
            dataset.map_or((Settlement::Inverse, "BTC".into()), |d| (d.settlement, d.underlying.clone()))
        })
    }

    /// The id of a part that stands once on a page; `None` for a sample of it, which would be the second.
    pub fn id(&self, name: &'static str) -> Option<&'static str> {
        (!self.is_sample()).then_some(name)
    }

    /// The same of a part that others refer to by it: a sample has one of its own.
    pub fn own_id(&self, name: &str) -> String {
        if self.is_sample() { format!("{name}-{}", self.sample) } else { name.to_owned() }
    }

    /// True for a sample of the page's parts.
    pub fn is_sample(&self) -> bool {
        self.sample > 0
    }

    /// The kept runs, once the storage is open.
    pub fn archive(&self) -> Option<Rc<Archive<AnyStore>>> {
        self.archive.try_with_value(Clone::clone).flatten()
    }

    /// The catalog, where it is read; tracked.
    pub fn catalog_ready(&self) -> Option<Arc<Catalog>> {
        ready(self.catalog)
    }

    /// The catalog, where it is read; not tracked.
    pub fn catalog_ready_untracked(&self) -> Option<Arc<Catalog>> {
        untrack(|| self.catalog_ready())
    }

    /// True while the form is closed because a run is under way; tracked.
    pub fn is_active(&self) -> bool {
        self.status.with(Status::is_active)
    }

    /// True where runs outlive the tab.
    pub fn is_storage_kept(&self) -> bool {
        self.archive().is_some_and(|archive| archive.store().is_kept())
    }

    /// True before the first result of any kind, while nothing is about to make one; not tracked.
    pub fn is_idle(&self) -> bool {
        self.shown.with_untracked(Option::is_none) && self.is_free()
    }

    /// True while no run is under way or about to be; not tracked.
    pub fn is_free(&self) -> bool {
        !self.is_active_untracked() && !self.starting.get_untracked()
    }

    /// The same as `is_active`, not tracked.
    pub fn is_active_untracked(&self) -> bool {
        self.status.with_untracked(Status::is_active)
    }

    /// The same as `form_dataset`, not tracked.
    pub fn form_dataset_untracked(&self) -> Option<Dataset> {
        untrack(|| self.form_dataset())
    }

    /// The dataset that the form would run on; while something in it cannot be read, the named one or the first of the underlying.
    pub fn form_dataset(&self) -> Option<Dataset> {
        let catalog = self.catalog_ready()?;
        let chosen = self.written.with(|written| dataset_for(written.as_ref()?, &catalog));
        self.draft.with(|d| {
            let named = || catalog.dataset(d.text(At::Shared, "dataset"));
            let underlying = d.text(At::Shared, "underlying");
            let first = || catalog.datasets.iter().find(|dataset| dataset.underlying == underlying);
            chosen.or_else(named).or_else(first).cloned()
        })
    }
}

impl Default for App {
    fn default() -> App {
        App::new()
    }
}

fn ready(catalog: RwSignal<CatalogState>) -> Option<Arc<Catalog>> {
    catalog.with(|c| match c {
        CatalogState::Ready(catalog) => Some(Arc::clone(catalog)),
        _ => None,
    })
}

/// The page's state; every component stands below the one that provides it.
pub fn app() -> App {
    expect_context::<App>()
}
