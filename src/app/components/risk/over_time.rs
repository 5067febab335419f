//! Greeks and margin of what is held, and rolling figures, over time.

use super::super::segments::Segments;
use super::{Part, about, of_unit};
use crate::app::charts::LineChart;
use crate::app::remember;
use crate::app::state::app;
use crate::display::risk::{Gauge, Rolling, WINDOWS, gauge_lines, gauge_words, is_margined, offered, rolling_lines};
use crate::metrics::rolling::daily_closes;
use leptos::prelude::*;

/// One greek, or the margin, day by day.
#[component]
pub(super) fn Greeks(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let wanted = remember::place(app, "greek", Gauge::ALL.len());
    let offers = Memo::new(move |_| {
        app.tables.track();
        offered(of_unit(app, unit.get(), |unit, _| is_margined(&unit.steps)).unwrap_or_default())
    });
    // Another variant may not be margined.
    let place = Signal::derive(move || wanted.get().min(offers.with(Vec::len) - 1));
    let gauge = move || Gauge::ALL[place.get()];
    let lines = Memo::new(move |_| {
        app.tables.track();
        of_unit(app, unit.get(), |unit, data| gauge_lines(&unit.steps, gauge(), data.settlement)).unwrap_or_default()
    });
    let words = Signal::derive(move || {
        app.tables.track();
        of_unit(app, unit.get(), |unit, _| gauge_words(&unit.steps, gauge())).unwrap_or_default()
    });
    view! {
        <Part id="greeks" title="Greeks over time" key=Signal::derive(move || gauge().key()) words=words>
            <div class="part-head"><Segments label="Greek" words=offers chosen=place choose=Callback::new(move |at| wanted.set(at))/></div>
            <LineChart lines=lines id="greeks-plot" empty="No mark yet." of_unit=unit with_run=true about=about("Greeks over time")
                label="The chosen greek of what is held, the last mark of each day. Left and right move the cursor by days."/>
        </Part>
    }
}

/// One figure of the last so many days, day by day, beside HODL's.
#[component]
pub(super) fn RollingFigures(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let figure = remember::place(app, "rolling", Rolling::ALL.len());
    let window = remember::place(app, "window", WINDOWS.len());
    let chosen = move || Rolling::ALL[figure.get()];
    let lines = Memo::new(move |_| {
        app.tables.track();
        let (figure, days, money) = (chosen(), WINDOWS[window.get()], app.money.get());
        of_unit(app, unit.get(), |unit, data| {
            let closes = daily_closes(&unit.steps);
            rolling_lines(&closes, figure, days, f64::from(data.day_count), (&unit.name, money))
        })
        .unwrap_or_default()
    });
    let words = Signal::derive(move || {
        let days = WINDOWS[window.get()];
        format!("Over the last {days} days at each daily close; nothing before the first {days} days are full.")
    });
    let figures = Signal::stored(Rolling::ALL.map(|f| f.title().to_owned()).to_vec());
    let windows = Signal::stored(WINDOWS.map(|days| format!("{days} days")).to_vec());
    view! {
        <Part id="rolling" title="Rolling figures" has_money=true key=Signal::derive(move || chosen().key()) words=words>
            <div class="part-head">
                <Segments label="Rolling figure" words=figures chosen=figure choose=Callback::new(move |at| figure.set(at))/>
                <Segments label="Window" words=windows chosen=window choose=Callback::new(move |at| window.set(at))/>
            </div>
            <LineChart lines=lines id="rolling-plot" empty="The window is not full yet, or the figure does not exist in this currency." of_unit=unit with_run=true about=about("Rolling figures")
                label="The chosen rolling figure of the variant and of HODL. Left and right move the cursor by days."/>
        </Part>
    }
}
