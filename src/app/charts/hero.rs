//! The hero chart: equity, index with strikes and drawdown of the run, live.

use super::frame::{Canvases, Chart, Picture, Sentence, Spoken};
use super::layout::{Look, shown};
use super::paint::{evidence_of, paint, paint_cursor, source_of};
use super::readout::{Readout, words_now};
use super::tools::Tools;
use super::units::{AmountOrPercent, Currency};
use crate::app::state::{App, app};
use crate::display::caption::{Caption, curves_sentence, legend, unit_of};
use crate::display::curves::held_words;
use crate::display::format;
use crate::display::span::Span;
use crate::display::{Curves, Money};
use crate::units::{DAY_MS, HOUR_MS, Timestamp};
use crate::web::canvas::{Palette, Pen};
use crate::web::task;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Within this time a second press makes a double one.
const DOUBLE_MS: u32 = 300;
/// Days in the table of the chart while a run is under way: a press does not wait for years of them.
const LIVE_DAYS: i64 = 20;

/// The run's curves as they are drawn now.
struct Drawn(App);

impl Drawn {
    fn with(&self, span: Span, draw: impl FnOnce(&Curves, Look)) {
        let look = Look { money: self.0.money.get_untracked(), percent: self.0.percent.get_untracked(), span };
        self.0.session.with_value(|s| draw(&s.curves, look));
    }
}

impl Picture for Drawn {
    fn track(&self) {
        self.0.frame.track();
        self.0.money.track();
        self.0.percent.track();
        self.0.shown.track();
    }
    fn paint(&self, pen: &Pen, palette: &Palette, span: Span) {
        self.with(span, |curves, look| paint(pen, palette, curves, look, &untrack(|| coin(self.0))));
    }
    fn paint_cursor(&self, pen: &Pen, palette: &Palette, span: Span, at: i64) {
        self.with(span, |curves, look| paint_cursor(pen, palette, curves, look, at));
    }
    fn marks(&self, see: &mut dyn FnMut(&[i64])) {
        self.0.session.with_value(|s| see(&s.curves.times));
    }
    /// Says why, unless it is one of two presses: those show all of the chart again.
    fn press(&self, at: i64) {
        let (app, now) = (self.0, task::now_ms());
        let before = app.pressed_ms.get_value();
        app.pressed_ms.set_value(now);
        if now - before < f64::from(DOUBLE_MS) {
            return;
        }
        leptos::task::spawn_local(async move {
            task::sleep(DOUBLE_MS).await;
            if app.pressed_ms.try_get_value() == Some(now) {
                inspect(app, at);
            }
        });
    }
    /// The request's whole span, so that a live run walks into empty space.
    fn whole(&self) -> Option<Span> {
        let drawn = self.0.session.with_value(|s| s.curves.span())?;
        let asked = self.0.shown.with_untracked(|s| {
            let r = &s.as_ref()?.resolved.request;
            Some((r.start.start().0, r.end.next().start().0 - HOUR_MS))
        });
        asked.or(Some(drawn))
    }
    fn caption(&self, span: Span) -> Option<Caption> {
        let names: Vec<String> = self.0.session.with_value(|s| s.curves.units.iter().map(|u| u.name.clone()).collect());
        let legend = legend(names, &[("hodl", "HODL"), ("index", "Index")]);
        let (evidence, source) = (evidence_of(self.0, None), source_of(self.0, span));
        let title = "Equity against HODL".into();
        Some(Caption { name: "equity", title, legend, evidence, source, ..Caption::default() })
    }
}

/// Equity, index with strikes and drawdown, live.
#[component]
pub fn HeroChart() -> impl IntoView {
    let app = app();
    let nothing = Memo::new(move |_| {
        app.frame.track();
        app.shown.track();
        app.session.with_value(|s| s.curves.times.is_empty())
    });
    let summary = Signal::derive(move || {
        app.tables.track();
        app.shown.track();
        let (money, is_percent, coin) = (app.money.get(), app.percent.get(), coin(app));
        app.session.with_value(|s| curves_sentence(&s.curves, money, is_percent, &coin))
    });
    let own = Chart::new(
        Drawn(app),
        summary,
        "plot",
        "Chart of equity, index and drawdown. Left and right move the cursor, shift by days, plus and minus zoom, Enter asks why, Escape resets.",
    );
    let chart = Chart { cursor: app.cursor, zoom: app.zoom, ..own };
    let (table, curves) = (chart.table, chart.clone());
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            if let Some(at) = app.cursor.get_untracked() {
                inspect(app, at);
            }
            event.prevent_default();
        }
    };
    view! {
        <section class="chart card" aria-label="Chart">
            <header class="chart-head">
                <h2>"Equity against HODL"</h2>
                <div class="switches">
                    <Currency money=app.money coin=Signal::derive(move || coin(app))/>
                    <AmountOrPercent percent=app.percent/>
                    <Tools chart=chart.clone()/>
                </div>
            </header>
            <Readout/>
            <Show when=move || !table.get() fallback=|| view! { <DataTable/> }>
                <div class="plot-box" on:keydown=on_key>
                    <Canvases chart=curves.clone()/>
                    <Show when=move || nothing.get()><Empty/></Show>
                </div>
            </Show>
            <Spoken chart=chart.clone() words=Signal::derive(move || words_now(app).spoken())/>
            <Sentence chart=chart/>
        </section>
    }
}

/// The coin of the run on screen; tracked.
pub fn coin(app: App) -> String {
    app.shown.with(|s| s.as_ref().map_or_else(|| "BTC".to_owned(), |s| s.dataset().underlying.clone()))
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

/// Opens the inspector at the newest row at or before an instant, ms UTC.
pub(super) fn inspect(app: App, at: i64) {
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
        let (money, is_percent) = (app.money.get(), app.percent.get());
        let most = if app.is_active() { LIVE_DAYS } else { i64::MAX };
        app.session.with_value(|s| daily(&s.curves, money, is_percent, most))
    });
    let names = Memo::new(move |_| {
        app.tables.track();
        let (is_percent, money, coin) = (app.percent.get(), app.money.get(), coin(app));
        let unit = if is_percent { "change" } else { unit_of(money, &coin) };
        let own = app.session.with_value(|s| s.curves.units.iter().map(|u| u.name.clone()).collect::<Vec<_>>());
        let own = own
            .into_iter()
            .flat_map(|name| [format!("{name}, {unit}"), format!("{name}, drawdown"), format!("{name}, held")]);
        ["Index, USD".to_owned(), format!("HODL, {unit}")].into_iter().chain(own).collect::<Vec<_>>()
    });
    view! {
        <div class="table-box tall" tabindex="0" role="region" aria-label="Figures of the chart by day">
            <table>
                <thead><tr>
                    <th scope="col">"Day"</th>
                    {move || names.get().into_iter().map(|n| view! { <th scope="col" class="num">{n}</th> }).collect_view()}
                </tr></thead>
                <tbody>
                    {move || lines.get().into_iter().map(|(day, line)| view! {
                        <tr><th scope="row">{day}</th>{line.into_iter().map(|t| view! { <td class="num">{t}</td> }).collect_view()}</tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        <Show when=move || app.is_active()>
            <p class="table-note">{format!("The newest {LIVE_DAYS} days while the run walks; all of them after it.")}</p>
        </Show>
    }
}

/// The first mark of each of the newest so many days: index, HODL, then equity, drawdown and held strikes of each variant.
fn daily(curves: &Curves, money: Money, is_percent: bool, most: i64) -> Vec<(String, Vec<String>)> {
    let newest = curves.times.last().map_or(0, |t| t.div_euclid(DAY_MS));
    let first = curves.times.partition_point(|t| t.div_euclid(DAY_MS) <= newest.saturating_sub(most));
    let (opening, decimals) = (curves.opening(money), if money == Money::Usd { 0 } else { 5 });
    let show = |v: Option<&f64>| {
        format::or_dash(v.copied(), |v| match is_percent {
            true => format::percent_signed(shown(v, opening, true), 2),
            false => format::number(v, decimals),
        })
    };
    let fall = |v: Option<&f64>| format::or_dash(v.copied(), |v| format::percent(v, 2));
    let mut day = None;
    let mut lines = Vec::new();
    for (i, t) in curves.times.iter().enumerate().skip(first) {
        let this = Timestamp(*t).day();
        if day.replace(this) != Some(this) {
            let mut line = vec![format::number(curves.index[i], 0), show(curves.hodl(money).get(i))];
            line.extend(curves.units.iter().flat_map(|u| {
                [show(u.equity(money).get(i)), fall(u.drawdown(money).get(i)), held_words(&u.segments, *t)]
            }));
            lines.push((this.to_string(), line));
        }
    }
    lines
}
