//! The Compare page: two to four runs or variants side by side.

use crate::app::charts::CompareChart;
use crate::app::components::compare::{CompareFigures, CompareHeads, CompareSettings};
use crate::app::components::runs::{Shelf, active, shelf};
use crate::app::state::{App, app};
use crate::display::compare::{Column, KeptRun, columns};
use crate::display::format::sentence;
use crate::display::route::MOST_SIDES;
use crate::display::{Route, Side};
use crate::store::StoreError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What was read of the runs.
#[derive(Clone, Default, PartialEq)]
struct Read {
    is_done: bool,
    columns: Arc<Vec<Column>>,
    /// Columns beyond the most that fit.
    more: usize,
    /// What could not be read, one sentence each.
    faults: Vec<String>,
}

/// Reads every run once; one that is gone or torn is a sentence, and the others are compared.
async fn read(app: App, shelf: Shelf, sides: &[Side]) -> Read {
    let Some(archive) = app.archive() else { return Read::default() };
    let mut runs: Vec<KeptRun> = Vec::new();
    let mut faults = Vec::new();
    for side in sides {
        if runs.iter().any(|(kept, _)| kept.run.id == side.run) {
            continue;
        }
        let run = async { Ok::<_, StoreError>((archive.find(&side.run).await?, archive.equity(&side.run).await?)) };
        match run.await {
            Ok(run) => runs.push(run),
            Err(fault) => faults.push(sentence(&fault.to_string())),
        }
    }
    faults.dedup();
    let (columns, more) = columns(sides, &runs, untrack(|| active(app, shelf)).as_deref());
    Read { is_done: true, columns: Arc::new(columns), more, faults }
}

/// The Compare page.
#[component]
pub fn Compare(sides: Vec<Side>) -> impl IntoView {
    let (app, shelf) = (app(), shelf());
    let found = RwSignal::new(Read::default());
    Effect::new(move |_| {
        app.kept.track();
        let sides = sides.clone();
        spawn_local(async move {
            let new = read(app, shelf, &sides).await;
            drop(found.try_set(new));
        });
    });
    let columns = Memo::new(move |_| found.with(|found| Arc::clone(&found.columns)));
    let has_columns = Memo::new(move |_| columns.with(|columns| !columns.is_empty()));
    let is_done = Memo::new(move |_| found.with(|found| found.is_done));
    view! {
        <main class="page" id="compare">
            <header class="page-head">
                <h2>"Compare"</h2>
                <p class="quiet-text"><a href=Route::Runs.link()>"Choose other runs"</a></p>
            </header>
            {move || found.with(notes)}
            <Show when=move || has_columns.get() fallback=move || view! { <Nothing is_done=is_done/> }>
                <CompareHeads columns=columns/>
                <CompareSettings columns=columns/>
                <CompareChart columns=columns/>
                <CompareFigures columns=columns/>
            </Show>
        </main>
    }
}

/// What is left out, and why.
fn notes(found: &Read) -> Option<impl IntoView + use<>> {
    let mut lines = found.faults.clone();
    if found.more > 0 {
        let variants = if found.more == 1 { "variant is" } else { "variants are" };
        lines.push(format!("{} more {variants} left out: at most {MOST_SIDES} stand side by side.", found.more));
    }
    (!lines.is_empty()).then(|| {
        view! {
            <div class="banner warn" role="status">
                <div class="lines">{lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</div>
            </div>
        }
    })
}

/// Says that the runs are being read, or that there is nothing to compare.
#[component]
fn Nothing(is_done: Memo<bool>) -> impl IntoView {
    view! {
        <section class="card nothing">
            <Show when=move || is_done.get() fallback=|| view! { <p role="status">"Reading the runs …"</p> }>
                <p>"There is nothing to compare here. Select two to four runs on the Runs page."</p>
                <a href=Route::Runs.link()>"Go to Runs"</a>
            </Show>
        </section>
    }
}
