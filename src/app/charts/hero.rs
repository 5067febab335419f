//! The hero chart: two canvases, one shared crosshair, zoom by drag, keyboard cursor.

use super::layout::{Layout, Look};
use super::paint::{paint, paint_cursor};
use super::readout::Readout;
use super::units::{TableSwitch, Units};
use crate::app::state::{App, app};
use crate::display::format;
use crate::display::plot::nearest;
use crate::display::{Curves, Money};
use crate::units::{HOUR_MS, Timestamp};
use crate::web::canvas::{Palette, Pen};
use crate::web::observe::Resize;
use crate::web::task::Frame;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::PointerEvent;

/// Pixels that make a press a drag.
const DRAG: f64 = 6.0;

/// Equity, index with strikes and drawdown, live.
#[component]
pub fn HeroChart() -> impl IntoView {
    let app = app();
    let table = RwSignal::new(false);
    let nothing = Memo::new(move |_| {
        app.frame.track();
        app.shown.track();
        app.session.with_value(|s| s.curves.times.is_empty())
    });
    view! {
        <section class="chart card" aria-label="Chart">
            <header class="chart-head">
                <h2>"Equity against HODL"</h2>
                <Switches table=table/>
            </header>
            <Readout/>
            <Show when=move || !table.get() fallback=|| view! { <DataTable/> }>
                <div class="plot-box">
                    <Plot/>
                    <Show when=move || nothing.get()><Empty/></Show>
                </div>
            </Show>
        </section>
    }
}

/// What the chart says before there is a result.
#[component]
fn Empty() -> impl IntoView {
    let app = app();
    let words = move || {
        if app.is_active() {
            return "Fetching the first month of quotes …".to_owned();
        }
        let dataset = app.form_dataset();
        dataset.map_or_else(
            || "Reading the list of datasets …".to_owned(),
            |d| {
                format!(
                    "Press Start Backtest: the strategy walks through {} from day to day, and this chart draws itself.",
                    d.title
                )
            },
        )
    };
    view! { <p class="plot-empty">{words}</p> }
}

#[component]
fn Switches(table: RwSignal<bool>) -> impl IntoView {
    let app = app();
    let coin =
        move || app.shown.with(|s| s.as_ref().map_or_else(|| "BTC".to_owned(), |s| s.dataset().underlying.clone()));
    let zoomed = move || app.zoom.with(Option::is_some);
    view! {
        <div class="switches">
            <Show when=zoomed>
                <button type="button" class="quiet" on:click=move |_| app.zoom.set(None)>"Reset zoom"</button>
            </Show>
            <Units money=app.money percent=app.percent coin=Signal::derive(coin)/>
            <TableSwitch table=table/>
        </div>
    }
}

/// What is looked at now: the zoom, else the request's whole span, so that a live run walks into empty space.
fn look(app: App, curves: &Curves) -> Look {
    let asked = app.shown.with(|s| {
        s.as_ref().map(|s| {
            let r = &s.resolved.request;
            (r.start.start().0, r.end.next().start().0 - HOUR_MS)
        })
    });
    let span = app.zoom.get().or(asked).or(curves.span()).unwrap_or((0, 1));
    Look { money: app.money.get(), percent: app.percent.get(), span }
}

#[component]
fn Plot() -> impl IntoView {
    let app = app();
    let (ink, above, frame_box) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let palette = StoredValue::new_local(Palette::default());
    let drag: Rc<Cell<Option<(f64, f64)>>> = Rc::default();
    let draw_cursor = {
        let drag = Rc::clone(&drag);
        Frame::new(move || {
            let Some(pen) = above.get_untracked().and_then(|c| Pen::on(&c)) else { return };
            let cursor = app.cursor.get_untracked();
            app.session.with_value(|s| {
                let look = untrack(|| look(app, &s.curves));
                palette.with_value(|p| paint_cursor(&pen, p, &s.curves, look, cursor, drag.get()));
            });
        })
    };
    let draw = Frame::new(move || {
        let Some(pen) = ink.get_untracked().and_then(|c| Pen::on(&c)) else { return };
        app.session.with_value(|s| {
            let look = untrack(|| look(app, &s.curves));
            palette.with_value(|p| paint(&pen, p, &s.curves, look));
        });
    });
    let both = {
        let (draw, draw_cursor) = (draw.clone(), draw_cursor.clone());
        move || {
            draw.ask();
            draw_cursor.ask();
        }
    };
    {
        let both = both.clone();
        Effect::new(move |_| {
            app.theme.track();
            app.system_theme.track();
            palette.set_value(Palette::read());
            both();
        });
    }
    {
        let both = both.clone();
        Effect::new(move |_| {
            app.frame.track();
            app.money.track();
            app.percent.track();
            app.zoom.track();
            app.shown.track();
            both();
        });
    }
    {
        let draw_cursor = draw_cursor.clone();
        Effect::new(move |_| {
            app.cursor.track();
            draw_cursor.ask();
        });
    }
    let resize = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        if let Some(element) = frame_box.get() {
            let both = both.clone();
            resize.set_value(Resize::watch(&element, both));
        }
    });
    let moved = {
        let (drag, draw_cursor) = (Rc::clone(&drag), draw_cursor.clone());
        move |event: PointerEvent| {
            let x = f64::from(event.offset_x());
            if let Some((from, _)) = drag.get() {
                drag.set(Some((from, x)));
                draw_cursor.ask();
            }
            app.cursor.set(time_at(app, above, x));
        }
    };
    let pressed = {
        let drag = Rc::clone(&drag);
        move |event: PointerEvent| {
            if event.button() == 0 && event.pointer_type() == "mouse" {
                let x = f64::from(event.offset_x());
                drag.set(Some((x, x)));
            }
        }
    };
    let released = {
        let (drag, draw_cursor) = (Rc::clone(&drag), draw_cursor.clone());
        move |_: PointerEvent| {
            let range = drag.take().filter(|(a, b)| (a - b).abs() >= DRAG);
            let ends = range.and_then(|(a, b)| time_at(app, above, a.min(b)).zip(time_at(app, above, a.max(b))));
            if let Some((from, to)) = ends.filter(|(from, to)| to - from > 3 * HOUR_MS) {
                app.zoom.set(Some((from, to)));
            }
            draw_cursor.ask();
        }
    };
    let left = {
        let drag = Rc::clone(&drag);
        move |_: PointerEvent| {
            drag.set(None);
            app.cursor.set(None);
        }
    };
    view! {
        <div class="plot" node_ref=frame_box tabindex="0" role="group" id="plot"
            aria-label="Chart of equity, index and drawdown. Left and right move the cursor, shift by days, plus and minus zoom, Enter asks why, Escape resets."
            on:keydown=move |e| keys(app, &e)
            on:pointermove=moved on:pointerdown=pressed on:pointerup=released on:pointerleave=left
            on:dblclick=move |_| app.zoom.set(None)>
            <canvas class="ink" node_ref=ink aria-hidden="true"></canvas>
            <canvas class="above" node_ref=above aria-hidden="true"></canvas>
            <p class="unseen" role="status">{move || spoken(app)}</p>
        </div>
    }
}

fn time_at(app: App, canvas: NodeRef<Canvas>, x: f64) -> Option<i64> {
    let canvas = canvas.get_untracked()?;
    app.session.with_value(|s| {
        let look = untrack(|| look(app, &s.curves));
        let layout = Layout::new(&s.curves, look, f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let wanted = layout.time_at(x.clamp(layout.x.from_px, layout.x.to_px));
        nearest(&s.curves.times, wanted).map(|i| s.curves.times[i])
    })
}

/// Words for screen readers, only while the keyboard moves the cursor.
fn spoken(app: App) -> String {
    let Some(at) = app.cursor.get() else { return String::new() };
    app.session.with_value(|s| {
        let Some(i) = nearest(&s.curves.times, at) else { return String::new() };
        let equity = s.curves.units.first().and_then(|u| u.equity(Money::Usd).get(i)).copied().unwrap_or_default();
        format!(
            "{}: equity {}, index {}",
            format::minute(Timestamp(at)),
            format::usd(equity),
            format::usd(s.curves.index[i])
        )
    })
}

fn keys(app: App, event: &leptos::ev::KeyboardEvent) {
    let key = event.key();
    let moved = app.session.with_value(|s| {
        let times = &s.curves.times;
        let last = times.len().checked_sub(1)?;
        let here = app.cursor.get_untracked().and_then(|t| nearest(times, t)).unwrap_or(last);
        let stride = if event.shift_key() { 24 } else { 1 };
        let to = match key.as_str() {
            "ArrowLeft" => here.saturating_sub(stride),
            "ArrowRight" => (here + stride).min(last),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(times[to])
    });
    match (moved, key.as_str()) {
        (Some(time), _) => app.cursor.set(Some(time)),
        (None, "Escape") => {
            app.zoom.set(None);
            app.cursor.set(None);
        }
        (None, "+" | "=") => zoom(app, 0.5),
        (None, "-") => zoom(app, 2.0),
        (None, "Enter") => inspect(app),
        _ => return,
    }
    event.prevent_default();
}

fn zoom(app: App, factor: f64) {
    let next = app.session.with_value(|s| {
        let (first, last) = s.curves.span()?;
        let (from, to) = untrack(|| look(app, &s.curves)).span;
        let centre = app.cursor.get_untracked().unwrap_or((from + to) / 2);
        let half = ((to - from) as f64 / 2.0 * factor) as i64;
        let half = half.max(2 * HOUR_MS);
        let start = (centre - half).min(last - 2 * half).max(first);
        (half * 2 < last - first).then_some((start, start + 2 * half))
    });
    app.zoom.set(next);
}

/// Opens the inspector at the newest row at or before the cursor.
fn inspect(app: App) {
    let Some(at) = app.cursor.get_untracked() else { return };
    let found = app.session.with_value(|s| {
        let steps = &s.run.as_ref()?.units().first()?.steps;
        s.rows.first()?.iter().rev().map(|p| *p as usize).find(|p| steps.get(*p).is_some_and(|step| step.time.0 <= at))
    });
    if let Some(step) = found {
        app.inspected.set(Some((0, step)));
    }
}

/// The same figures as text, one line a day.
#[component]
fn DataTable() -> impl IntoView {
    let app = app();
    let lines = Memo::new(move |_| {
        app.tables.track();
        let money = app.money.get();
        app.session.with_value(|s| daily(&s.curves, money))
    });
    let names = Memo::new(move |_| {
        app.session.with_value(|s| s.curves.units.iter().map(|u| u.name.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Figures of the chart by day">
            <table>
                <thead><tr>
                    <th scope="col">"Day"</th><th scope="col" class="num">"Index, USD"</th><th scope="col" class="num">"HODL"</th>
                    {move || names.get().into_iter().map(|n| view! { <th scope="col" class="num">{n}</th> }).collect_view()}
                </tr></thead>
                <tbody>
                    {move || lines.get().into_iter().map(|line| view! {
                        <tr>{line.into_iter().enumerate().map(|(i, t)| view! { <td class:num=i != 0>{t}</td> }).collect_view()}</tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

fn daily(curves: &Curves, money: Money) -> Vec<Vec<String>> {
    let decimals = if money == Money::Usd { 0 } else { 5 };
    let show = |v: Option<&f64>| format::or_dash(v.copied(), |v| format::number(v, decimals));
    let mut day = None;
    let mut lines = Vec::new();
    for (i, t) in curves.times.iter().enumerate() {
        let this = Timestamp(*t).day();
        if day.replace(this) != Some(this) {
            let mut line = vec![this.to_string(), format::number(curves.index[i], 0), show(curves.hodl(money).get(i))];
            line.extend(curves.units.iter().map(|u| show(u.equity(money).get(i))));
            lines.push(line);
        }
    }
    lines
}
