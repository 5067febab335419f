//! Dials below the chart: turned, and the result follows at once.

use super::field::own_id;
use crate::app::state::app;
use crate::app::{live, remember};
use crate::display::At;
use crate::display::dials::{Dial, dials, first_of_effect};
use crate::display::format::{count, number};
use crate::run::RunState;
use crate::web::task::Frame;
use leptos::prelude::*;

/// The dials of one variant, and how long the last result took.
#[component]
pub fn Dials() -> impl IntoView {
    let app = app();
    let chosen = remember::words(app, "dials");
    let variants = Memo::new(move |_| {
        let used = |d: &crate::display::Draft, at| d.text(At::Variant(at), "enabled") != "false";
        app.draft.with(|d| {
            let places = (0..d.variant_count()).filter(|at| used(d, *at));
            places.map(|at| (at, d.text(At::Variant(at), "name").to_owned())).collect::<Vec<_>>()
        })
    });
    // A variant that is gone or off is none to turn.
    let turned = Memo::new(move |_| {
        variants.with(|list| {
            let places = || list.iter().map(|(at, _)| *at);
            let begin = || app.draft.with_untracked(|d| first_of_effect(d, places()));
            chosen.with(|at| places().find(|place| place.to_string() == *at)).or_else(begin).unwrap_or_default()
        })
    });
    let list = Memo::new(move |_| app.draft.with(|d| dials(d, turned.get())));
    let is_ready = Memo::new(move |_| app.is_following.get() || live::is_ready(app));
    let words = Memo::new(move |_| {
        let took = app.shown.with(|shown| shown.as_ref().and_then(|shown| shown.live_ms));
        let marks = app.session.with_value(|s| s.progress().marks_total);
        match (is_ready.get(), took) {
            (true, Some(ms)) => {
                format!("{} marks computed in {} ms. Not kept: Start Backtest keeps it.", count(marks), number(ms, 0))
            }
            (true, None) => "Move a slider: the whole history is computed again at once.".to_owned(),
            (false, _) if app.is_active() => "Sliders work again after the run.".to_owned(),
            (false, _) if app.problems.with(|problems| !problems.is_empty()) => {
                "Sliders work once the settings can run.".to_owned()
            }
            (false, _) if app.status.with(|s| s.state == Some(RunState::Failed)) => {
                "Sliders work once a run has read its data.".to_owned()
            }
            (false, _) => "Sliders work once the data of these dates are read: in a moment, or with a run.".to_owned(),
        }
    });
    view! {
        <section class="dials card" aria-label="Dials" id=app.id("dials")>
            <div class="dials-row">
                {move || { let at = At::Variant(turned.get()); list.get().into_iter().map(|dial| view! { <Turn at=at dial=dial is_ready=is_ready/> }).collect_view() }}
            </div>
            <div class="dials-foot">
                <p class="quiet-text" role="status" id=app.id("dials-words")>{words}</p>
                <Show when=move || { variants.with(Vec::len) > 1 }>
                    <label class="pace"><span>"Variant"</span>
                        <select id=app.id("dials-variant") on:change=move |e| chosen.set(event_target_value(&e))>
                            {move || variants.get().into_iter().map(|(at, name)| view! {
                                <option value=at.to_string() prop:selected=move || turned.get() == at>{name}</option>
                            }).collect_view()}
                        </select>
                    </label>
                </Show>
            </div>
        </section>
    }
}

/// One dial: the field of the form, as far as it reaches.
#[component]
fn Turn(at: At, dial: Dial, is_ready: Memo<bool>) -> impl IntoView {
    let app = app();
    let Dial { path, label, unit, least, greatest, step } = dial;
    let id = format!("dial-{}", own_id(app, path));
    let text = Memo::new(move |_| app.draft.with(|d| d.text(at, path).to_owned()));
    let said = move || text.with(|text| if unit.is_empty() { text.clone() } else { format!("{text} {unit}") });
    let wanted = StoredValue::new(String::new());
    // At most once a frame: a whole run follows.
    let frame = StoredValue::new_local(Frame::new(move || {
        live::turn(app, || app.draft.update(|d| d.set(at, path, wanted.get_value())));
    }));
    let slide = move |event| {
        wanted.set_value(event_target_value(&event));
        frame.with_value(Frame::ask);
    };
    view! {
        <div class="dial">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{said}</output>
            <input type="range" id=id min=least.to_string() max=greatest.to_string() step=step.to_string()
                disabled=move || !is_ready.get() prop:value=text on:input=slide aria-valuetext=said/>
        </div>
    }
}
