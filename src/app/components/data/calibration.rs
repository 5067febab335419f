//! How near a model is: residuals against quotes, recorded or fitted to recorded ones, its volatility against an index, and a factor that moves both.

use super::heat::HeatTable;
use crate::app::calibrate::{Level, levels, recorded, references};
use crate::app::charts::LineChart;
use crate::app::desk::both;
use crate::app::remember;
use crate::display::caption::data_words;
use crate::display::chain::unit;
use crate::display::datasets::{
    RESIDUAL_COLUMNS, against_words, index_rows, premium_words, residual_lines, residual_table, residual_words,
};
use crate::display::format::{number, sentence};
use crate::json;
use crate::market::catalog::IndexRatio;
use crate::market::cells::Cells;
use crate::market::model::RecordedSmile;
use crate::market::model::residuals::CALL_DELTAS;
use crate::market::{Dataset, Model};
use crate::web::task::Frame;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Factors of the slider: least, greatest, step.
const FACTORS: (f64, f64, f64) = (0.5, 1.5, 0.01);

/// What is compared with the model: on its way, there, or not to be had.
#[derive(Clone)]
enum Against {
    Reading(f64),
    Ready(Arc<Vec<RecordedSmile>>),
    Failed(String),
}

/// A model with its factor moved.
fn moved(dataset: &Dataset, factor: f64) -> Option<Model> {
    dataset.model.clone().map(|model| Model { vol_factor: factor, ..model })
}

/// The calibration of a dataset that has a model.
#[component]
pub fn Calibration(dataset: Arc<Dataset>) -> impl IntoView {
    let (app, _) = both();
    let typed = remember::words(app, &format!("factor {}", dataset.id));
    let factor = Memo::new(move |_| {
        let known = typed.with(|typed| json::number(typed));
        known.filter(|factor| (FACTORS.0..=FACTORS.1).contains(factor)).unwrap_or(1.0)
    });
    let quotes = references(app, &dataset);
    let ratio = dataset.quality.index_ratio.clone();
    let is_compared = !quotes.is_empty() || ratio.is_some();
    view! {
        <section class="card data-card" id="calibration" aria-labelledby="calibration-title">
            <h3 id="calibration-title">"Calibration"</h3>
            <p class="quiet-text">"The model turns a level of realised volatility into a surface. A factor multiplies every volatility of it; 1 is as calibrated, and a run takes it as its volatility factor."</p>
            <Factor typed=typed factor=factor/>
            <Premium dataset=Arc::clone(&dataset) factor=factor/>
            {(!quotes.is_empty()).then(|| view! { <Residuals dataset=dataset quotes=quotes factor=factor/> })}
            {ratio.map(|ratio| view! { <IndexRatios ratio=ratio factor=factor/> })}
            {(!is_compared).then(|| view! { <p class="help">"Nothing was ever quoted on this underlying, so there is nothing to compare the model with."</p> })}
        </section>
    }
}

/// What the model's 30-day volatility is of a volatility index, year by year, at the factor.
#[component]
fn IndexRatios(ratio: IndexRatio, factor: Memo<f64>) -> impl IntoView {
    let (index, source) = (ratio.index.clone(), ratio.source.clone());
    view! {
        <div class="data-part">
            <h4>"The model's 30-day volatility by "{index.clone()}</h4>
            <div class="table-box" tabindex="0" role="region" aria-label="Ratio to a volatility index by year">
                <table class="index-ratio">
                    <thead><tr><th scope="col">"Year"</th><th scope="col" class="num">"Days"</th><th scope="col" class="num">"Median"</th><th scope="col" class="num">"10 to 90 %"</th></tr></thead>
                    <tbody>{move || index_rows(&ratio, factor.get()).into_iter().map(|[year, days, median, range]| view! {
                        <tr><th scope="row">{year}</th><td class="num">{days}</td><td class="num">{median}</td><td class="num">{range}</td></tr>
                    }).collect_view()}</tbody>
                </table>
            </div>
            <p class="help">"Measured on the days that both have; 1 would be the index itself, which stands above what options cost. "{index}": "{source}"."</p>
        </div>
    }
}

#[component]
fn Factor(typed: RwSignal<String>, factor: Memo<f64>) -> impl IntoView {
    let wanted = StoredValue::new(String::new());
    // At most once a frame: residuals of many options follow.
    let frame = StoredValue::new_local(Frame::new(move || typed.set(wanted.get_value())));
    let slide = move |event| {
        wanted.set_value(event_target_value(&event));
        frame.with_value(Frame::ask);
    };
    view! {
        <div class="factor">
            <label for="vol-factor">"Index-to-surface factor"</label>
            <input type="range" id="vol-factor" min=FACTORS.0.to_string() max=FACTORS.1.to_string() step=FACTORS.2.to_string()
                prop:value=move || factor.get().to_string() on:input=slide aria-valuetext=move || number(factor.get(), 2)/>
            <output for="vol-factor">{move || number(factor.get(), 2)}</output>
            <button type="button" disabled=move || factor.get() == 1.0 on:click=move |_| typed.set(String::new())>"As calibrated"</button>
        </div>
    }
}

/// What the factor does to one premium, at the snapshot that is looked at.
#[component]
fn Premium(dataset: Arc<Dataset>, factor: Memo<f64>) -> impl IntoView {
    let (app, desk) = both();
    let level = RwSignal::new(None::<Level>);
    let time = Memo::new(move |_| desk.place().map(|(snapshots, place)| snapshots[place].time));
    let known = StoredValue::new((String::new(), Vec::<Level>::new()));
    let of_model = Arc::clone(&dataset);
    Effect::new(move |_| {
        let Some(time) = time.get() else { return };
        let place = of_model.packs.partition_point(|pack| pack.first <= time).saturating_sub(1);
        let Some(entry) = of_model.packs.get(place).cloned() else { return };
        let show = move || {
            let found = known.try_with_value(|(_, levels)| levels.iter().find(|level| level.time == time).copied());
            level.try_set(found.flatten());
        };
        if known.with_value(|(path, _)| *path == entry.path) {
            return show();
        }
        let dataset = Arc::clone(&of_model);
        spawn_local(async move {
            if let Ok(levels) = levels(app, &dataset, &entry).await {
                known.try_set_value((entry.path, levels));
                show();
            }
        });
    });
    let words = move || {
        let level = level.get()?;
        let model = moved(&dataset, factor.get())?;
        premium_words(&dataset, &model, level.time, level.index, level.level, &unit(&dataset))
    };
    view! { <p role="status" id="premium-words">{words}</p> }
}

/// Model minus recorded or fitted volatility, by tenor and delta.
#[component]
fn Residuals(dataset: Arc<Dataset>, mut quotes: Vec<Arc<Dataset>>, factor: Memo<f64>) -> impl IntoView {
    let (app, desk) = both();
    // What has the most snapshots comes first.
    let most = |d: &Arc<Dataset>| d.packs.iter().map(|pack| pack.snapshots).sum::<u32>();
    let first = (0..quotes.len()).max_by_key(|place| most(&quotes[*place])).unwrap_or(0);
    quotes.swap(0, first);
    let chosen = remember::place(app, &format!("against {}", dataset.id), quotes.len());
    let quotes = StoredValue::new(quotes);
    let reference = move || quotes.with_value(|quotes| Arc::clone(&quotes[chosen.get()]));
    let against = RwSignal::new(Against::Reading(0.0));
    let generation = StoredValue::new(0_u32);
    let model = Arc::clone(&dataset);
    Effect::new(move |_| {
        let quotes = reference();
        // The browser's file comes first.
        if desk.place().is_none() {
            return;
        }
        let key = chosen.get_untracked() as u32 + 1;
        if generation.get_value() == key {
            return;
        }
        generation.set_value(key);
        against.set(Against::Reading(0.0));
        let model = Arc::clone(&model);
        spawn_local(async move {
            let mut heard = |done: u64, total: u64| {
                against.try_set(Against::Reading(done as f64 / total.max(1) as f64));
                generation.try_get_value() == Some(key)
            };
            let found = match recorded(app, &model, &quotes, &mut heard).await {
                Ok(Some(smiles)) => Against::Ready(Arc::new(smiles)),
                Ok(None) => return,
                Err(fault) => Against::Failed(fault),
            };
            if generation.try_get_value() == Some(key) {
                against.try_set(found);
            }
        });
    });
    let of_model = data_words(&dataset);
    let about = Callback::new(move |()| {
        let reference = untrack(reference);
        let title = format!("Model minus {} volatility, points", reference.kind.word());
        (title, format!("{of_model} against {}, factor {}", data_words(&reference), number(factor.get_untracked(), 2)))
    });
    let cells = Memo::new(move |_| {
        against.with(|against| match against {
            Against::Ready(smiles) => moved(&dataset, factor.get()).map(|model| model.residuals(smiles.iter())),
            _ => None,
        })
    });
    let table = Memo::new(move |_| cells.with(|cells| cells.as_ref().map(residual_table).unwrap_or_default()));
    let lines = Memo::new(move |_| {
        cells.with(|cells| residual_lines(cells.as_ref().unwrap_or(&Cells::new(&CALL_DELTAS)), reference().kind))
    });
    let said = move || {
        against.with(|against| match against {
            Against::Reading(share) => format!("Reading {}, {:.0} % …", reference().id, 100.0 * share),
            Against::Failed(fault) => sentence(fault),
            Against::Ready(_) => cells.with(|cells| cells.as_ref().map(residual_words).unwrap_or_default()),
        })
    };
    let choose = move |event| {
        let place = event_target_value(&event).parse().ok();
        place.filter(|place| *place < quotes.with_value(Vec::len)).into_iter().for_each(|place| chosen.set(place));
    };
    view! {
        <div class="data-part">
            <div class="data-head">
                <h4>"Model minus "{move || reference().kind.word()}" volatility, points"</h4>
                <label class="pace"><span>"Against"</span>
                    <select id="against" on:change=choose>
                        {quotes.get_value().into_iter().enumerate().map(|(place, dataset)| view! {
                            <option value=place.to_string() title=dataset.title.clone() selected=place == chosen.get_untracked()>{dataset.id.clone()}</option>
                        }).collect_view()}
                    </select>
                </label>
            </div>
            <p role="status" id="residual-words">{said}</p>
            <div class="data-pair">
                <div class="data-part">
                    <LineChart lines=lines id="residual-plot" label="Chart of the median residual by delta, a line a tenor. Left and right move the cursor."
                        empty="Residuals appear once the months of the other dataset are read." about=about/>
                </div>
                <div class="data-part">
                    <HeatTable label="Median residual by delta and days to expiry" columns=RESIDUAL_COLUMNS rows=table/>
                    <p class="help">{move || against_words(&reference())}" Median over the out-of-the-money options of the days that both datasets have; plus means that the model is dearer."</p>
                </div>
            </div>
        </div>
    }
}
