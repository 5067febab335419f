//! The payoff of what is held at the newest mark, or at the one under the chart's crosshair.

use super::{Part, about, of_unit};
use crate::app::charts::LineChart;
use crate::app::clock::utc_and_yours;
use crate::app::state::{App, app};
use crate::display::lines::Lines;
use crate::display::payoff::Book;
use crate::units::Timestamp;
use leptos::prelude::*;

/// PnL of the held options over the index, now and at the next expiry.
#[component]
pub(super) fn Payoff(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let seen = Memo::new(move |_| {
        app.tables.track();
        look(app, unit.get(), app.cursor.get().map(Timestamp))
    });
    let lines = Memo::new(move |_| seen.with(|seen| seen.1.clone()));
    let words = Signal::derive(move || seen.with(|seen| seen.0.clone()));
    view! {
        <Part id="payoff" title="Payoff of what is held" key="payoff" words=words>
            <LineChart lines=lines id="payoff-plot" empty="Nothing is held at this mark." of_unit=unit about=about("Payoff of what is held")
                label="PnL of the options that are held over the index, now and at the next expiry. Left and right move the cursor."/>
        </Part>
    }
}

/// The sentence and the lines of the step at or before an instant, else of the newest.
fn look(app: App, unit: usize, at: Option<Timestamp>) -> (String, Lines) {
    let found = of_unit(app, unit, |unit, _| {
        let place = at.map_or(unit.steps.len(), |at| unit.steps.partition_point(|step| step.time <= at));
        let step = unit.steps.get(place.checked_sub(1)?)?;
        let book = app.session.with_value(|s| {
            let snapshots = s.tape.from_pack(s.run.as_ref()?.packs().start);
            let at = snapshots.binary_search_by(|snapshot| snapshot.time.cmp(&step.snapshot_time)).ok()?;
            Book::of(unit, step, &snapshots[at])
        });
        let said = book.as_ref().map_or_else(
            || format!("{}: nothing is held.", utc_and_yours(step.time.0)),
            |book| format!("{}: {} {}", utc_and_yours(step.time.0), book.now_words(), book.words(step.coins.0)),
        );
        Some((said, book.map(|book| book.lines()).unwrap_or_default()))
    });
    found.flatten().unwrap_or_default()
}
