//! The coverage calendar: a square a day, drawn on a canvas.

use super::frame::{Canvases, Chart, Picture, Sentence};
use super::paint::faded;
use super::tools::Tools;
use crate::app::components::on_resize;
use crate::display::caption::{Caption, source};
use crate::display::coverage::{BLOCK, Blocks, Coverage, DayState, HEAD, MonthRow};
use crate::display::span::Span;
use crate::run::ENGINE_VERSION;
use crate::units::{Day, Timestamp};
use crate::web::canvas::{Align, Dash, Palette, Pen};
use crate::web::task;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

fn paint(pen: &Pen, palette: &Palette, coverage: &Coverage, seen: Option<Day>) {
    pen.font(&palette.font);
    let blocks = Blocks::new(coverage, (pen.width, pen.height));
    for ((first, last), x, y) in blocks.corners() {
        pen.text(&year((first, last)).to_string(), (x, y + HEAD + 5.0), &palette.muted, Align::Left);
        months(pen, palette, &blocks, (first, last), y);
    }
    let side = blocks.cell - if blocks.cell > 4.0 { 1.0 } else { 0.5 };
    for (place, (state, counted)) in coverage.days.iter().enumerate() {
        let (x, y) = blocks.corner(Day(coverage.first.0 + place as i32));
        match state {
            DayState::Closed => {}
            DayState::Unread => pen.rect(x, y, side, side, &palette.grid),
            DayState::Quoted => {
                let strength = 0.35 + 0.65 * coverage.share(counted);
                pen.rect(x, y, side, side, &faded(palette.series(0), strength));
            }
            // Half a square: told from the others without its colour.
            DayState::Gap => pen.shape(&[(x, y), (x + side, y + side), (x, y + side)], &palette.loss),
        }
    }
    if let Some(day) = seen.filter(|day| coverage.at(*day).is_some()) {
        ring(pen, &blocks, day, &palette.text);
    }
}

/// The year that stands beside a block: where a block begins with the last days of one, the next.
fn year((first, last): (Day, Day)) -> i32 {
    Day((first.0 + 31).min(last.0)).year_month().0
}

/// The names of the months above their first week, as many as have room; a new year inside a block says which.
fn months(pen: &Pen, palette: &Palette, blocks: &Blocks, (first, last): (Day, Day), y: f64) {
    let every = if blocks.cell * 4.3 < 26.0 { 3 } else { 1 };
    for day in (first.0..=last.0).map(Day) {
        let date = day.start();
        let (its_year, month) = day.year_month();
        if date.format("%d") == "01" && (month - 1) % every == 0 {
            let is_new_year = month == 1 && its_year != year((first, last));
            pen.text(
                &date.format(if is_new_year { "%Y" } else { "%b" }),
                (blocks.corner(day).0, y + 7.0),
                &palette.muted,
                Align::Left,
            );
        }
    }
}

fn ring(pen: &Pen, blocks: &Blocks, day: Day, colour: &str) {
    let (x, y) = blocks.corner(day);
    let (left, top, side) = (x - 1.0, y - 1.0, blocks.cell + 1.0);
    let corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)];
    pen.line(&corners, colour, 1.5, Dash::Solid);
}

/// The calendar as it is drawn now, the day that is looked at, and the data's words.
struct Drawn(Memo<Coverage>, Memo<Option<Day>>, String);

impl Picture for Drawn {
    fn track(&self) {
        self.0.track();
        self.1.track();
    }
    fn paint(&self, pen: &Pen, palette: &Palette, _: Span) {
        self.0.with_untracked(|coverage| paint(pen, palette, coverage, self.1.get_untracked()));
    }
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, _: Span, at: i64) {
        self.0.with_untracked(|coverage| {
            let blocks = Blocks::new(coverage, (pen.width, pen.height));
            ring(pen, &blocks, Timestamp(at).day(), &palette.loss);
        });
    }
    fn place_at(&self, at: (f64, f64), size: (f64, f64), _: Span) -> Option<i64> {
        self.0.with_untracked(|coverage| {
            let day = Blocks::new(coverage, size).day_at(at)?;
            coverage.at(day).map(|_| day.start().0)
        })
    }
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        see(&self.0.with_untracked(Coverage::marks));
    }
    fn whole(&self) -> Option<Span> {
        None
    }
    fn caption(&self, _: Span) -> Option<Caption> {
        let legend = [("1", "Quotes, stronger for more"), ("loss", "Gap")].map(|(key, name)| (key.into(), name.into()));
        let (title, source) = ("Coverage by day".into(), source(&self.2, "", ENGINE_VERSION));
        Some(Caption { name: "coverage", title, legend: legend.into(), source, ..Caption::default() })
    }
    fn stride(&self, key: &str, is_shifted: bool, _: &[i64]) -> Option<isize> {
        let week = if is_shifted { 28 } else { 7 };
        match key {
            "ArrowLeft" => Some(-week),
            "ArrowRight" => Some(week),
            "ArrowUp" => Some(-1),
            "ArrowDown" => Some(1),
            _ => None,
        }
    }
}

/// The calendar with the words of the day under the cursor; Enter or a click looks at that day.
#[component]
pub fn CoverageCalendar(
    /// What is drawn.
    coverage: Memo<Coverage>,
    /// The day that is looked at.
    seen: Memo<Option<Day>>,
    /// Takes a day that was chosen.
    choose: Callback<Day>,
    /// What the days are of, for a saved drawing.
    data: String,
) -> impl IntoView {
    let chart = Chart::new(
        Drawn(coverage, seen, data),
        Signal::derive(move || coverage.with(Coverage::summary)),
        "calendar",
        "Coverage calendar, a square a day. Up and down move by days, left and right by weeks, Enter looks at the day.",
    );
    let cursor = chart.cursor;
    let words = move || {
        let day = cursor.get().map(|at| Timestamp(at).day()).or(seen.get());
        coverage.with(|coverage| day.map(|day| coverage.words(day)).unwrap_or_default())
    };
    let take = move || {
        if let Some(at) = cursor.get_untracked() {
            choose.run(Timestamp(at).day());
        }
    };
    // The keyboard begins at the day that is looked at.
    let begin = move |_| {
        if cursor.get_untracked().is_none() {
            cursor.set(seen.get_untracked().map(|day| day.start().0));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            take();
        }
    };
    let scroller = NodeRef::<Div>::new();
    let keep_in_sight = move |day: Option<Day>| {
        let (Some(Some(div)), Some(day)) = (scroller.try_get_untracked(), day) else { return };
        let size = (f64::from(div.client_width()), f64::from(div.scroll_height()));
        let top = coverage.with_untracked(|coverage| Blocks::new(coverage, size).block_top(day));
        let (from, room) = (f64::from(div.scroll_top()), f64::from(div.client_height()));
        if top < from || top + BLOCK > from + room {
            div.set_scroll_top((top + BLOCK - room).max(0.0) as i32);
        }
    };
    Effect::new(move |_| keep_in_sight(cursor.get().map(|at| Timestamp(at).day())));
    Effect::new(move |_| {
        let day = seen.get();
        // Once its height is known.
        spawn_local(async move {
            task::next_frame().await;
            keep_in_sight(day);
        });
    });
    // A width sets the months in other rows.
    on_resize(scroller, move |_| keep_in_sight(seen.get_untracked()));
    let blocks = move || coverage.with(|coverage| coverage.blocks().len());
    let height = move |across: usize| format!("{}px", blocks().div_ceil(across) as f64 * BLOCK);
    let (table, drawn) = (chart.table, chart.clone());
    view! {
        <div class="line-head">
            <p class="calendar-words" role="status" id="calendar-words">{words}</p>
            <Tools chart=chart.clone()/>
        </div>
        <Show when=move || !table.get() fallback=move || view! { <Table coverage=coverage/> }>
            <div class="calendar-box" node_ref=scroller>
                <div class="calendar" on:click=move |_| take() on:keydown=on_key on:focusin=begin
                    style:--tall=move || height(1) style:--middle=move || height(2) style:--low=move || height(3)>
                    <Canvases chart=drawn.clone()/>
                </div>
            </div>
        </Show>
        <Sentence chart=chart/>
    }
}

/// The months' days by what they have, and which days have a gap.
#[component]
fn Table(coverage: Memo<Coverage>) -> impl IntoView {
    let line = |month: MonthRow| {
        view! {
            <tr>
                <th scope="row">{month.name}</th>
                {month.days.map(|days| view! { <td class="num">{days}</td> })}
                <td class="num">{month.quotes}</td><td>{month.gaps}</td>
            </tr>
        }
    };
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Coverage by month">
            <table>
                <thead><tr>
                    <th scope="col">"Month"</th>
                    {["Days with quotes", "Not read", "Closed"].map(|title| view! { <th scope="col" class="num">{title}</th> })}
                    <th scope="col" class="num">"Quotes"</th><th scope="col">"Days with a gap"</th>
                </tr></thead>
                <tbody>{move || coverage.with(Coverage::by_month).into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
