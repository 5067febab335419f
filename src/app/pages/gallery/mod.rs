//! Every part of the page in every state, for those who change the style sheet; `script/screens` photographs it.

mod around;
mod checks;
mod data;
mod front;
mod runs;
mod samples;
mod tokens;
mod whole;

use crate::app::charts::{AmountOrPercent, LineChart};
use crate::app::components::data::HeatTable;
use crate::app::components::{Icon, Tip};
use crate::app::pages::Glossary;
use crate::display::datasets::{HeatCell, RESIDUAL_COLUMNS};
use crate::display::lines::{Axis, Lines, Series};
use around::Sample;
use checks::ChecksMade;
use data::{FilesRead, OwnFiles};
use front::{Before, Forms, Heads};
use leptos::prelude::*;
use runs::KeptRuns;
use samples::{Answers, Inspected, KeyFigures, RunBars, StepLines, TradeLines};
use tokens::Tokens;
use whole::{DataParts, WholeRun};

const STATES: [&str; 10] =
    ["IDLE", "LOADING", "RUNNING", "PAUSED", "STOPPED", "FINISHED", "PARTIAL", "ERROR", "INTERRUPTED", "SKIPPED"];

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <main class="page gallery" id="gallery">
            <header class="page-head">
                <h2>"Gallery"</h2>
                <p class="quiet-text">"Every part of the page in every state, from the same style sheet and components."</p>
            </header>
            <Tokens/>
            <Controls/>
            <Heads/>
            <Forms/>
            <Words/>
            <Messages/>
            <Figures/>
            <Charts/>
            <RunBars/>
            <Answers/>
            <KeyFigures/>
            <StepLines/>
            <TradeLines/>
            <Inspected/>
            <Before/>
            <WholeRun/>
            <KeptRuns/>
            <DataParts/>
            <FilesRead/>
            <OwnFiles/>
            <ChecksMade/>
            <Part title="Help"><Glossary most=1/></Part>
        </main>
    }
}

#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! { <section class="card data-card"><h3>{title}</h3>{children()}</section> }
}

#[component]
fn Controls() -> impl IntoView {
    view! {
        <Part title="Buttons, switches">
            <div class="gallery-row">
                <button type="button" class="main"><Icon name="play"/><span>"Start Backtest"</span></button>
                <button type="button" class="main stop"><Icon name="stop"/><span>"Stop Backtest"</span></button>
                <button type="button" class="main" disabled=true><Icon name="play"/><span>"Start Backtest"</span></button>
                <button type="button"><Icon name="pause"/><span>"Pause"</span></button>
                <button type="button" disabled=true><Icon name="step"/><span>"Step"</span></button>
                <button type="button" class="quiet"><Icon name="copy"/><span>"Quiet"</span></button>
                <button type="button" class="quiet square" aria-label="Remove"><Icon name="trash"/></button>
                <button type="button" class="remedy">"Set start to 2026-01-01"</button>
            </div>
            <div class="gallery-row">
                <button type="button" class="chip">"Chip"</button>
                <button type="button" class="chip" aria-pressed="true">"Pressed"</button>
                <button type="button" class="chip" disabled=true>"Disabled"</button>
                <AmountOrPercent percent=RwSignal::new(false)/>
                <input type="checkbox" aria-label="Off"/>
                <input type="checkbox" checked=true aria-label="On"/>
                <input type="checkbox" checked=true disabled=true aria-label="On, disabled"/>
            </div>
        </Part>
    }
}

#[component]
fn Words() -> impl IntoView {
    view! {
        <Part title="States, badges, progress">
            <div class="gallery-row">{STATES.map(|state| view! { <span class="word" data-state=state>{state}</span> })}</div>
            <div class="gallery-row">
                {["Recorded", "Fitted", "Modelled", "Synthetic"].map(|kind| view! { <span class="badge" data-kind=kind>{kind}</span> })}
                <Tip label="A label with an explanation" lines=vec!["What it is.".into(), "Its formula.".into()]/>
                <a href="#gallery">"A link"</a>
                <code>"code"</code>
            </div>
            <div class="data-part">{[0.0, 0.37, 1.0].map(|done| view! {
                <div class="progress" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow=(done * 100.0).to_string() style:--done=done.to_string()><span></span></div>
            })}</div>
        </Part>
    }
}

#[component]
fn Messages() -> impl IntoView {
    let banner = |class: &'static str, strong: &'static str, words: &'static str| {
        view! {
            <div class=class><p><strong>{strong}" "</strong>{words}</p>
                <button type="button">"Do it"</button>
                <button type="button" class="quiet square" aria-label="Put away"><Icon name="close"/></button></div>
        }
    };
    view! {
        <Part title="Messages">
            {banner("banner", "A note.", "Something that is worth knowing.")}
            {banner("banner calm", "Previous settings.", "The form was edited since.")}
            {banner("banner good", "Verified.", "Recomputed here, same result.")}
            {banner("banner warn", "Some variants failed.", "The others are whole.")}
            {banner("banner bad", "The run ended with an error.", "btc-2026/2026-03.json could not be read: 500 Internal Server Error.")}
            <p class="nothing">"Nothing to show yet: this appears once the run has walked."</p>
        </Part>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let tile = |label: &'static str, sign: &'static str, main: &'static str, below: &'static str| {
        view! {
            <div class="tile"><dt>{label}</dt><dd><span class="figure-main" data-sign=sign>{main}</span><span class="figure-below">{below}</span></dd></div>
        }
    };
    let row = |name: &'static str, sign: &'static str, heat: &'static str, words: &'static str| {
        view! { <tr><th scope="row">{name}</th><td class="num">"12"</td><td class="num tint" data-sign=sign style:--heat=heat>{words}</td></tr> }
    };
    let cells = |base: f64| {
        (0..7)
            .map(|place| {
                let heat = base - f64::from(place) * 0.25;
                HeatCell { words: crate::display::format::signed(heat * 4.0, 1), title: "12 options".into(), heat }
            })
            .collect()
    };
    let heat = Memo::new(move |_| vec![("7 to 14".into(), cells(1.0)), ("14 to 30".into(), cells(0.5))]);
    view! {
        <Part title="Figures">
            <dl class="tiles">
                {tile("A gain", "gain", "+0.1604 BTC", "+$9,409")}
                {tile("A loss", "loss", "−$19,524", "+0.1604 BTC")}
                {tile("Neither", "", "26", "24 won")}
                {tile("Absent", "", "–", "too short a run")}
            </dl>
            <div class="table-box" tabindex="0" role="region" aria-label="A table">
                <table><thead><tr><th scope="col">"Month"</th><th scope="col" class="num">"Trades"</th><th scope="col" class="num">"Return"</th></tr></thead>
                <tbody>{row("Jan 2026", "gain", "1", "+20.1 %")}{row("Feb 2026", "loss", "0.5", "−10.2 %")}{row("Mar 2026", "", "0", "0.0 %")}</tbody></table>
            </div>
            <HeatTable label="A heat map" columns=RESIDUAL_COLUMNS rows=heat/>
        </Part>
    }
}

#[component]
fn Charts() -> impl IntoView {
    let wave = |name: &str, phase: f64| Series {
        name: name.into(),
        points: (0..60).map(|i| (f64::from(i), 50.0 + 8.0 * libm::sin(f64::from(i) / 8.0 + phase))).collect(),
        ..Series::default()
    };
    let lines = |series: Vec<Series>| Lines {
        x: Axis::Days,
        x_title: "Days to expiry",
        y: Axis::Number,
        y_title: "Something",
        series,
        ..Lines::default()
    };
    let six = Memo::new(move |_| lines((0..6).map(|i| wave(&format!("Line {}", i + 1), f64::from(i))).collect()));
    let smile = Memo::new(move |_| {
        let points: Vec<(f64, f64)> = (8..=12)
            .map(|k| (f64::from(k) * 10.0, 0.5 + 0.0002 * libm::pow(f64::from(k) - 10.0, 2.0) * 10.0))
            .collect();
        let whiskers = points.iter().map(|(x, y)| (*x, y - 0.004, y + 0.004)).collect();
        Lines {
            rules: vec![(101.0, "index")],
            ..lines(vec![Series { name: "A smile".into(), points, whiskers, ..Series::default() }])
        }
    });
    let none = Memo::new(move |_| Lines::default());
    let about = Callback::new(|()| ("Gallery".to_owned(), "made up".to_owned()));
    view! {
        <Part title="Charts">
            <LineChart lines=six id="g-six" label="Six lines" empty="" about=about/>
            <div class="data-pair">
                <section class="data-part" aria-label="Points">
                    <LineChart lines=smile id="g-smile" label="Points with ranges" empty="" about=about/>
                </section>
                <section class="data-part" aria-label="No points">
                    <LineChart lines=none id="g-none" label="Nothing" empty="Nothing is drawn before there is something to draw." about=about/>
                </section>
            </div>
            <Sample press="[aria-pressed]"><LineChart lines=smile id="g-table" label="Points with ranges, as a table" empty="" about=about/></Sample>
            <Sample press="[aria-expanded]"><LineChart lines=smile id="g-save" label="Points with ranges, to be saved" empty="" about=about/></Sample>
        </Part>
    }
}
