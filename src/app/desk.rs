//! What the Data page has open: a dataset, the file around an instant, and what was counted of the files that were read.

use super::state::{App, app};
use super::{keep, loader};
use crate::display::coverage::Read;
use crate::display::{DataPlace, Route};
use crate::market::observed::Observed;
use crate::market::{Dataset, MarketSnapshot};
use crate::units::Timestamp;
use crate::web::{history, task};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Milliseconds between two looks at a progress.
const SHOW_MS: f64 = 100.0;
/// Snapshots that are counted between two turns of the event loop.
const COUNTED: usize = 20;

/// A file that is on its way, or open, or not to be had.
#[derive(Clone, Default)]
pub enum Month {
    /// Nothing is asked for.
    #[default]
    None,
    /// On its way.
    Loading,
    /// Its snapshots.
    Open(Arc<Vec<MarketSnapshot>>),
    /// Why not, one sentence.
    Failed(String),
}

/// Bytes read and bytes due; `None` while nothing is read.
pub type Progress = Option<(u64, u64)>;

/// The page's state, shared by context.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The chosen dataset.
    pub dataset: Memo<Option<Arc<Dataset>>>,
    /// The instant that is looked at; `None` for the newest.
    pub minute: Memo<Option<Timestamp>>,
    /// The file around it.
    pub month: RwSignal<Month>,
    /// What was counted of each file.
    pub read: RwSignal<Read>,
    /// Progress of reading all files.
    pub reading: RwSignal<Progress>,
    /// Why a file could not be read.
    pub fault: RwSignal<Option<String>>,
    /// Grows when what is under way is not wanted any more: of the open file, and of all files.
    generations: StoredValue<[u32; 2]>,
    /// The file that is open or on its way.
    pack: StoredValue<Option<(String, usize)>>,
}

impl Desk {
    /// Follows the address and the catalog.
    pub fn new(app: App) -> Desk {
        let place = Memo::new(move |_| match app.route.get() {
            Route::Data(place) => place,
            _ => DataPlace::default(),
        });
        let dataset = Memo::new(move |_| {
            let catalog = app.catalog_ready()?;
            place.with(|place| catalog.dataset(place.dataset.as_deref()?).cloned().map(Arc::new))
        });
        let desk = Desk {
            dataset,
            minute: Memo::new(move |_| place.with(|place| place.minute)),
            month: RwSignal::new(Month::None),
            read: RwSignal::new(Read::new()),
            reading: RwSignal::new(None),
            fault: RwSignal::new(None),
            generations: StoredValue::new([0, 0]),
            pack: StoredValue::new(None),
        };
        Effect::new(move |before: Option<Option<String>>| {
            let id = desk.dataset.with(|d| d.as_ref().map(|d| d.id.clone()));
            if before.flatten() != id {
                desk.forget();
            }
            desk.minute.track();
            desk.open(app);
            id
        });
        on_cleanup(move || desk.forget());
        desk
    }

    fn forget(self) {
        self.generations.update_value(|[month, all]| (*month, *all) = (*month + 1, *all + 1));
        self.pack.set_value(None);
        self.month.set(Month::None);
        self.read.set(Read::new());
        self.reading.set(None);
        self.fault.set(None);
    }

    /// True while the newest task of its kind is still wanted.
    fn is_current(self, kind: usize, generation: u32) -> bool {
        self.generations.try_with_value(|g| g[kind]) == Some(generation)
    }

    fn next_generation(self, kind: usize) -> u32 {
        self.generations.update_value(|g| g[kind] += 1);
        self.generations.with_value(|g| g[kind])
    }

    /// Opens the file around the instant, unless it is open or on its way.
    fn open(self, app: App) {
        let Some(dataset) = self.dataset.get_untracked() else { return };
        let place = pack_at(&dataset, self.minute.get_untracked());
        let key = Some((dataset.id.clone(), place));
        if self.pack.with_value(|open| *open == key) {
            return;
        }
        self.pack.set_value(key);
        self.month.set(Month::Loading);
        let generation = self.next_generation(0);
        spawn_local(async move {
            let mut heard = |_| self.is_current(0, generation);
            let month = match self.take(app, &dataset, place, &mut heard).await {
                Ok(Some(snapshots)) => Month::Open(snapshots),
                Ok(None) => return,
                Err(fault) => Month::Failed(fault),
            };
            if self.is_current(0, generation) {
                self.month.set(month);
            }
        });
    }

    /// Tries again what failed.
    pub fn retry(self, app: App) {
        self.pack.set_value(None);
        self.open(app);
    }

    /// Reads a file and counts what is in it.
    async fn take(
        self,
        app: App,
        dataset: &Dataset,
        place: usize,
        heard: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<Arc<Vec<MarketSnapshot>>>, String> {
        let Some(entry) = dataset.packs.get(place) else { return Ok(None) };
        keep::opened(app).await;
        let Some(snapshots) = loader::read_pack(app, dataset, entry, heard).await? else { return Ok(None) };
        let is_counted = self.read.try_with_untracked(|read| read.contains_key(&place)) != Some(false);
        if !is_counted {
            let mut seen = Observed::default();
            for some in snapshots.chunks(COUNTED) {
                some.iter().for_each(|snapshot| seen.add(snapshot));
                task::give_way().await;
            }
            if heard(entry.bytes) {
                self.read.update(|read| drop(read.insert(place, Arc::new(seen))));
            }
        }
        Ok(Some(Arc::new(snapshots)))
    }

    /// Reads and counts every file of the dataset that was not read yet.
    pub fn read_all(self, app: App) {
        let Some(dataset) = self.dataset.get_untracked() else { return };
        let generation = self.next_generation(1);
        let total: u64 = dataset.packs.iter().map(|pack| pack.bytes).sum();
        self.fault.set(None);
        self.reading.set(Some((0, total)));
        spawn_local(async move {
            let mut shown = task::now_ms();
            let mut done = 0;
            for (place, entry) in dataset.packs.iter().enumerate() {
                let mut heard = |bytes: u64| {
                    let is_wanted = self.is_current(1, generation);
                    if is_wanted && task::now_ms() - shown > SHOW_MS {
                        shown = task::now_ms();
                        self.reading.set(Some((done + bytes.min(entry.bytes), total)));
                    }
                    is_wanted
                };
                let is_read = self.read.try_with_untracked(|read| read.contains_key(&place)) == Some(true);
                if !is_read && let Err(fault) = self.take(app, &dataset, place, &mut heard).await {
                    self.fault.set(Some(fault));
                    break;
                }
                if !self.is_current(1, generation) {
                    return;
                }
                done += entry.bytes;
            }
            self.reading.set(None);
        });
    }

    /// Stops reading all files; what was read stays.
    pub fn stop_reading(self) {
        self.next_generation(1);
        self.reading.set(None);
    }

    /// The snapshot that is looked at, in its file: the newest up to the end of the minute, else the first.
    pub fn place(self) -> Option<(Arc<Vec<MarketSnapshot>>, usize)> {
        let minute = self.minute.get();
        let dataset = self.dataset.get()?;
        // The file of another month may be open still.
        let key = Some((dataset.id.clone(), pack_at(&dataset, minute)));
        let is_its = self.pack.with_value(|open| *open == key);
        self.month.with(|month| match month {
            Month::Open(snapshots) if is_its => {
                let end = minute.map_or(i64::MAX, |minute| minute.0 + 59_999);
                let place = snapshots.partition_point(|snapshot| snapshot.time.0 <= end).saturating_sub(1);
                (!snapshots.is_empty()).then(|| (Arc::clone(snapshots), place))
            }
            _ => None,
        })
    }

    /// Moves to an instant, in place of the present entry of the history.
    pub fn look_at(self, app: App, time: Timestamp) {
        let Some(id) = self.dataset.with_untracked(|d| d.as_ref().map(|d| d.id.clone())) else { return };
        let minute = Timestamp(time.0.div_euclid(60_000) * 60_000);
        let route = Route::Data(DataPlace { minute: Some(minute), ..DataPlace::dataset(&id) });
        history::set_fragment(&route.fragment(), false);
        app.route.set(route);
    }

    /// Moves to the next snapshot, or to the one before where `by` is negative, over the ends of files.
    pub fn walk(self, app: App, by: i64) {
        let Some((snapshots, place)) = untrack(|| self.place()) else { return };
        let next = place.checked_add_signed(by as isize).and_then(|next| snapshots.get(next));
        let beyond = || {
            let dataset = self.dataset.get_untracked()?;
            let packs = &dataset.packs;
            let here = snapshots.get(place)?.time;
            if by > 0 {
                packs.iter().find(|pack| pack.first > here).map(|pack| pack.first)
            } else {
                packs.iter().rev().find(|pack| pack.last < here).map(|pack| pack.last)
            }
        };
        if let Some(time) = next.map(|snapshot| snapshot.time).or_else(beyond) {
            self.look_at(app, time);
        }
    }
}

/// The page's state; its parts stand below the one that provides it.
pub fn desk() -> Desk {
    expect_context::<Desk>()
}

/// The page's state and the app's.
pub fn both() -> (App, Desk) {
    (app(), desk())
}

/// The file that holds an instant to the minute, else the one before it; the last for `None`.
fn pack_at(dataset: &Dataset, minute: Option<Timestamp>) -> usize {
    let end = minute.map_or(i64::MAX, |minute| minute.0 + 59_999);
    dataset.packs.partition_point(|pack| pack.first.0 <= end).saturating_sub(1)
}
