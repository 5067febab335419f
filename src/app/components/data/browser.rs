//! The browser of a dataset: one snapshot's smiles, forwards, spreads and board.

use super::board::BoardCard;
use crate::app::charts::LineChart;
use crate::app::clock::your_time;
use crate::app::components::Segments;
use crate::app::desk::{Month, both};
use crate::app::remember;
use crate::display::caption::data_words;
use crate::display::chain::{self, Over, expiry_words, forwards, smile_words, smiles, spreads, summary};
use crate::display::format::{minute, sentence};
use crate::display::keys;
use crate::display::lines::Lines;
use crate::market::{Dataset, MarketSnapshot};
use crate::units::{DAY_MS, Day, Timestamp};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Which lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Smile,
    Forward,
    Spread,
}

const VIEWS: [(View, &str); 3] = [(View::Smile, "Smile"), (View::Forward, "Forward curve"), (View::Spread, "Spreads")];

/// A snapshot by day and time, walked by arrow keys, with its charts and its board.
#[component]
pub fn Browser(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, desk) = both();
    let time = Memo::new(move |_| desk.place().map(|(snapshots, place)| snapshots[place].time));
    // The minute that was asked for in vain, and what is shown in its place.
    let missed = RwSignal::new(None::<(Timestamp, Timestamp)>);
    // The address says which snapshot it is, to its minute.
    Effect::new(move |_| {
        let (Some(time), Some(minute)) = (time.get(), desk.minute.get()) else { return };
        if time.0.div_euclid(60_000) != minute.0.div_euclid(60_000) {
            missed.set(Some((minute, time)));
            desk.look_at(app, time);
        } else if missed.get_untracked().is_some_and(|(_, shown)| shown != time) {
            missed.set(None);
        }
    });
    let missed_words = move || {
        let (asked, shown) = missed.get()?;
        let which = if shown.0 < asked.0 { "nearest earlier" } else { "first" };
        (asked != end_of(asked.day()))
            .then(|| format!(" There is no snapshot of {} UTC; this is the {which} one.", minute(asked)))
    };
    let said = {
        let dataset = Arc::clone(&dataset);
        move || desk.place().map(|(snapshots, place)| summary(&snapshots[place], &dataset))
    };
    view! {
        <section class="card data-card" id="browser" aria-labelledby="browser-title">
            <h3 id="browser-title">"Chain and smile"</h3>
            <Walk dataset=Arc::clone(&dataset) time=time/>
            <p role="status" id="snapshot-words">{said}{missed_words}</p>
            <MonthWords/>
            <Show when=move || time.with(Option::is_some)>
                <Charts dataset=Arc::clone(&dataset)/>
                <BoardCard dataset=Arc::clone(&dataset)/>
            </Show>
        </section>
    }
}

/// The last minute of a day, which asks for its last snapshot.
fn end_of(day: Day) -> Timestamp {
    day.start().plus_ms(DAY_MS - 60_000)
}

/// The file of the days that are looked at, while it is not open: it is on its way, or why it is not to be had.
#[component]
pub fn MonthWords() -> impl IntoView {
    let (app, desk) = both();
    view! {
        {move || desk.month.with(|month| match month {
            Month::Failed(fault) => Some(view! {
                <div class="banner bad" role="alert">
                    <p>{sentence(fault)}</p><button type="button" on:click=move |_| desk.retry(app)>"Try again"</button>
                </div>
            }.into_any()),
            Month::Open(_) => None,
            _ => Some(view! { <p class="nothing" role="status">"Reading the file of these days …"</p> }.into_any()),
        })}
    }
}

/// Day and time; arrow keys walk where no field has them.
#[component]
fn Walk(dataset: Arc<Dataset>, time: Memo<Option<Timestamp>>) -> impl IntoView {
    let (app, desk) = both();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let tag = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).map(|e| e.tag_name());
        let is_field = matches!(tag.as_deref(), Some("INPUT" | "SELECT"));
        if let Some(way) = keys::SNAPSHOT.walk(&event.key()).filter(|_| !is_field) {
            event.prevent_default();
            desk.walk(app, if way == keys::Walk::Back { -1 } else { 1 });
        }
    };
    let choose_day = move |event| {
        if let Some(day) = Day::parse(&event_target_value(&event)) {
            desk.look_at(app, end_of(day));
        }
    };
    let choose_time = move |event| {
        if let Ok(ms) = event_target_value(&event).parse() {
            desk.look_at(app, Timestamp(ms));
        }
    };
    let times = move || {
        let (snapshots, place) = desk.place()?;
        let day = snapshots[place].time.day();
        let of_day = snapshots.iter().map(|snapshot| snapshot.time).filter(|time| time.day() == day);
        Some(of_day.collect::<Vec<Timestamp>>())
    };
    view! {
        <div class="walk" role="group" tabindex="0" id="walk" aria-label="Snapshot; left and right arrow keys walk" on:keydown=keys>
            <button type="button" class="square" aria-label="Earlier snapshot" on:click=move |_| desk.walk(app, -1)>"←"</button>
            <label class="tool"><span>"Day, UTC"</span>
                <input type="date" id="browser-day" min=dataset.first.to_string() max=dataset.last.to_string()
                    prop:value=move || time.get().map(|time| time.day().to_string()).unwrap_or_default() on:change=choose_day/>
            </label>
            <label class="tool"><span>"Time, UTC"</span>
                <select id="browser-time" on:change=choose_time prop:value=move || time.get().map(|time| time.0.to_string()).unwrap_or_default()>
                    {move || times().unwrap_or_default().into_iter().map(|at| view! {
                        <option value=at.0.to_string() prop:selected=move || time.get() == Some(at)>{at.format("%H:%M")}</option>
                    }).collect_view()}
                </select>
            </label>
            <button type="button" class="square" aria-label="Later snapshot" on:click=move |_| desk.walk(app, 1)>"→"</button>
            <span class="quiet-text" id="browser-local">{move || time.get().map(|time| your_time(time.0))}</span>
            <span class="unseen" role="status">{move || time.get().map(|time| format!("{} UTC", minute(time)))}</span>
        </div>
    }
}

#[component]
fn Charts(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, desk) = both();
    let (view_at, over_at) =
        (remember::place(app, "chain", VIEWS.len()), remember::place(app, "over", Over::ALL.len()));
    let view = move || VIEWS[view_at.get()].0;
    let wanted = RwSignal::new(Vec::<Timestamp>::new());
    let settlement = dataset.settlement;
    let drawn = Memo::new(move |_| {
        let Some((snapshots, place)) = desk.place() else { return Lines::default() };
        let snapshot = &snapshots[place];
        let expiries = wanted.with(|wanted| chain::chosen(snapshot, wanted));
        match view() {
            View::Smile => smiles(snapshot, &expiries, Over::ALL[over_at.get()].0, settlement),
            View::Forward => forwards(snapshot),
            View::Spread => spreads(snapshot, &expiries),
        }
    });
    let data = data_words(&dataset);
    let about = Callback::new(move |()| {
        let title = VIEWS[view_at.get_untracked()].1;
        let time =
            untrack(|| desk.place()).map(|(snapshots, place)| format!(" · {} UTC", minute(snapshots[place].time)));
        (title.to_owned(), format!("{data}{}", time.unwrap_or_default()))
    });
    let words = move || {
        let (snapshots, place) = desk.place()?;
        Some(wanted.with(|wanted| smile_words(&snapshots[place], &chain::chosen(&snapshots[place], wanted))))
    };
    view! {
        <div class="data-part">
            <div class="switches">
                <OneOf label="Chart" words=VIEWS.map(|(_, words)| words) chosen=view_at/>
                <Show when=move || view() == View::Smile><OneOf label="Over" words=Over::ALL.map(|(_, words)| words) chosen=over_at/></Show>
            </div>
            <Show when=move || view() != View::Forward><Expiries wanted=wanted/></Show>
            <LineChart lines=drawn id="chain-plot" label="Chart of this snapshot. Left and right move the cursor, plus and minus zoom, Escape resets." empty="This snapshot has nothing of this kind." about=about/>
            <p class="help" id="smile-words">"At the forward: "{words}</p>
        </div>
    }
}

/// Buttons for a few choices of which one holds.
#[component]
fn OneOf<const N: usize>(
    /// What a screen reader calls the choice.
    label: &'static str,
    /// The words of the choices.
    words: [&'static str; N],
    /// The place of the one that holds.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let words = Signal::stored(words.map(str::to_owned).to_vec());
    view! { <Segments label=label words=words chosen=chosen choose=Callback::new(move |at| chosen.set(at))/> }
}

/// The expiries as buttons, at most one for each colour pressed.
#[component]
fn Expiries(wanted: RwSignal<Vec<Timestamp>>) -> impl IntoView {
    let (_, desk) = both();
    let listed = move || {
        let (snapshots, place) = desk.place()?;
        let snapshot: &MarketSnapshot = &snapshots[place];
        let pressed = wanted.with(|wanted| chain::chosen(snapshot, wanted));
        let words = |expiry: Timestamp| (expiry, expiry_words(expiry, snapshot.time), pressed.contains(&expiry));
        Some((snapshot.chains.iter().map(|chain| words(chain.expiry)).collect::<Vec<_>>(), pressed))
    };
    let press = move |expiry: Timestamp, pressed: &[Timestamp]| {
        let mut next = pressed.to_vec();
        match next.iter().position(|own| *own == expiry) {
            // The last one stays.
            Some(place) if next.len() > 1 => drop(next.remove(place)),
            Some(_) => {}
            None => next.push(expiry),
        }
        if next.len() > chain::MOST_SMILES {
            next.remove(0);
        }
        wanted.set(next);
    };
    view! {
        <div class="chips expiries" role="group" aria-label="Expiries">
            {move || listed().map(|(all, pressed)| all.into_iter().map(|(expiry, words, is_pressed)| {
                let pressed = pressed.clone();
                view! { <button type="button" class="chip" aria-pressed=is_pressed.to_string() on:click=move |_| press(expiry, &pressed)>{words}</button> }
            }).collect_view())}
        </div>
    }
}
