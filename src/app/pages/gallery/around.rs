//! A state beside the page's own, and the parts of the page around it.

use crate::app::state::{App, Shown, app};
use crate::market::Catalog;
use crate::run::resolve;
use crate::store::Archive;
use crate::units::Timestamp;
use crate::web::kept::AnyStore;
use crate::web::{page, task};
use leptos::context::Provider;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// 14 March 2026, 12:00 UTC.
pub const TIME: Timestamp = Timestamp(1_773_489_600_000);

/// A state beside the page's own, which knows the same datasets and keeps nothing.
pub fn sample_of(page: App) -> App {
    /// How many there were so far: fields of each have names of their own.
    static SAMPLES: AtomicU32 = AtomicU32::new(0);
    let (theme, system_theme) = (page.theme, page.system_theme);
    let sample = App {
        catalog: page.catalog,
        presets: page.presets,
        theme,
        system_theme,
        sample: 1 + SAMPLES.fetch_add(1, Ordering::Relaxed),
        ..App::new()
    };
    sample.archive.set_value(Some(Rc::new(Archive::new(AnyStore::memory()))));
    sample
}

/// Parts of the page around a state of their own. They are looked at, not used: no press reaches them, and nothing reads them out.
#[component]
pub fn Around(
    /// The state.
    sample: App,
    /// What is pressed in them once they are there, as the style sheet would find it.
    #[prop(optional)]
    press: &'static str,
    /// How often: what was pressed may be found no more, and the next one is.
    #[prop(default = 1)]
    times: usize,
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get().filter(|_| !press.is_empty()) {
            spawn_local(async move {
                // Some of them come a frame later, others in a turn of their own that is waited for already.
                task::next_frame().await;
                task::next_turn().await;
                (0..times).for_each(|_| page::press_in(&place, press));
            });
        }
    });
    view! { <Provider value=sample><div class="gallery-sample" inert=true node_ref=place>{children()}</div></Provider> }
}

/// The same around a state that is made for them.
#[component]
pub fn Sample(
    /// Makes the state; without it nothing is known yet.
    #[prop(default = |_| ())]
    set: fn(App),
    /// As around a state that is there.
    #[prop(optional)]
    press: &'static str,
    children: Children,
) -> impl IntoView {
    let sample = sample_of(app());
    set(sample);
    view! { <Around sample=sample press=press>{children()}</Around> }
}

/// Changes a sample once the list of datasets is there.
pub fn when_read(sample: App, set: impl Fn(App, &Catalog) + 'static) {
    Effect::new(move |_| {
        if let Some(catalog) = sample.catalog_ready() {
            untrack(|| set(sample, &catalog));
        }
    });
}

/// What results are of that a request led to.
pub fn shown(written: Value, example: bool, catalog: &Catalog) -> Option<Shown> {
    let resolved = Arc::new(resolve(&written.to_string(), catalog).ok()?);
    Some(Shown { example, live_ms: None, written, resolved })
}
