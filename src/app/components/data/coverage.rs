//! How complete a dataset is: calendar, quotes a day, spreads.

use super::heat::HeatTable;
use crate::app::charts::{CoverageCalendar, LineChart};
use crate::app::desk::both;
use crate::app::remember;
use crate::display::caption::data_words;
use crate::display::coverage::coverage;
use crate::display::datasets::{SPREAD_COLUMNS, spread_table};
use crate::display::format::{bytes, sentence};
use crate::display::lines::{Axis, Lines, Series, by_x};
use crate::market::Dataset;
use crate::market::observed::{Observed, Sides};
use crate::units::{DAY_MS, Day};
use leptos::prelude::*;
use std::sync::Arc;

/// The calendar, what was counted by day, and the spreads; all files are read on a button.
#[component]
pub fn CoverageCard(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, desk) = both();
    let packs = dataset.packs.len();
    let drawn = {
        let dataset = Arc::clone(&dataset);
        Memo::new(move |_| desk.read.with(|read| coverage(&dataset, read)))
    };
    let seen = Memo::new(move |_| desk.place().map(|(snapshots, place)| snapshots[place].time.day()));
    // The day's last snapshot; the address then says which.
    let choose = Callback::new(move |day: Day| desk.look_at(app, day.start().plus_ms(DAY_MS - 60_000)));
    let shares = remember::flag(app, "shares");
    let by_day = Memo::new(move |_| desk.read.with(|read| day_lines(read.values().map(AsRef::as_ref), shares.get())));
    let data = data_words(&dataset);
    let drawn_data = data.clone();
    let about = Callback::new(move |()| {
        let title = if shares.get_untracked() { "Two-sided options by day" } else { "Quotes by day" };
        (title.to_owned(), data.clone())
    });
    let spreads = Memo::new(move |_| {
        let mut all = Observed::default().spreads;
        desk.read.with(|read| read.values().for_each(|seen| all.extend(&seen.spreads)));
        spread_table(&all)
    });
    let summary = move || {
        let read = desk.read.with(|read| read.len());
        format!("{read} of {packs} {} read.", if packs == 1 { "file" } else { "files" })
    };
    view! {
        <section class="card data-card" aria-labelledby="coverage-title">
            <header class="data-head">
                <h3 id="coverage-title">"Coverage"</h3>
                <ReadAll dataset=dataset/>
            </header>
            <p class="quiet-text" id="coverage-summary">{summary}</p>
            <CoverageCalendar coverage=drawn seen=seen choose=choose data=drawn_data/>
            <p class="legend calendar-legend" aria-hidden="true">
                <span data-day="quoted">"Quotes, stronger for more"</span><span data-day="gap">"Gap"</span><span data-day="unread">"Not read yet"</span><span data-day="closed">"Closed"</span>
            </p>
            <div class="data-pair">
                <div class="data-part">
                    <div class="data-head">
                        <h4>"By day"</h4>
                        <div class="segments push" role="group" aria-label="Figure by day">
                            <button type="button" aria-pressed=move || (!shares.get()).to_string() on:click=move |_| shares.set(false)>"Quotes"</button>
                            <button type="button" aria-pressed=move || shares.get().to_string() on:click=move |_| shares.set(true)>"Two-sided"</button>
                        </div>
                    </div>
                    <LineChart lines=by_day id="day-plot" label="Chart of the quotes, or of the share of options with both sides, by day. Left and right move the cursor."
                        empty="Quotes by day appear as files are read." about=about/>
                </div>
                <div class="data-part">
                    <h4>"Relative spread by |delta|, percent, and days to expiry"</h4>
                    <HeatTable label="Median relative spread by delta and days to expiry" columns=SPREAD_COLUMNS rows=spreads/>
                    <p class="help">"Median of (ask − bid) / mid over the two-sided options of the files that are read."</p>
                </div>
            </div>
        </section>
    }
}

/// Quotes a day, or the share with both sides, over the days that were read.
fn day_lines<'a>(read: impl Iterator<Item = &'a Observed>, is_share: bool) -> Lines {
    let value = |sides: &Sides| {
        if is_share { sides.two_sided_share().unwrap_or(0.0) } else { sides.quoted() as f64 }
    };
    let days = read.flat_map(|seen| &seen.days);
    let points = by_x(days.map(|(day, count)| (day.start().0 as f64, value(&count.sides))).collect());
    let (y, y_title) =
        if is_share { (Axis::Percent, "Options with both sides") } else { (Axis::Number, "Quotes a day") };
    let series = vec![Series { name: y_title.into(), points, ..Series::default() }];
    Lines { x: Axis::Time, x_title: "Day", y, y_title, series, has_zero: !is_share, ..Lines::default() }
}

/// Reads all files, with progress and a way to stop.
#[component]
pub fn ReadAll(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, desk) = both();
    let count = dataset.packs.len();
    let total = bytes(dataset.packs.iter().map(|pack| pack.bytes).sum());
    let is_whole = move || desk.read.with(|read| read.len() >= count);
    let share = move || desk.reading.get().map_or(0.0, |(done, all)| done as f64 / all.max(1) as f64);
    view! {
        <div class="push read-all" role="status">
            {move || desk.fault.get().map(|fault| view! { <span class="problem">{sentence(&fault)}</span> })}
            {move || match desk.reading.get().is_some() {
                true => view! {
                    <div class="progress" role="progressbar" aria-label="Files read" aria-valuemin="0" aria-valuemax="100"
                        aria-valuenow=move || format!("{:.0}", 100.0 * share()) style:--done=move || share().to_string()><span></span></div>
                    <span class="num">{move || format!("{:.0} %", 100.0 * share())}</span>
                    <button type="button" on:click=move |_| desk.stop_reading()>"Stop"</button>
                }.into_any(),
                false if is_whole() => view! { <span class="quiet-text">"Everything is read."</span> }.into_any(),
                false => view! {
                    <button type="button" id=app.id("read-all") on:click=move |_| desk.read_all(app)>
                        {if count == 1 { format!("Read the file ({total})") } else { format!("Read all {count} files ({total})") }}
                    </button>
                }.into_any(),
            }}
        </div>
    }
}
