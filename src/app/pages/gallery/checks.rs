//! The checks of `#verify` in their states.

use super::Part;
use super::around::Sample;
use crate::app::pages::{CheckWords, Checks};
use crate::display::verify::{Check, Section, unmade};
use leptos::prelude::*;

/// The verdict while nothing is checked, while checks are made, and when all pass; then with one that fails, above its rows.
#[component]
pub fn ChecksMade() -> impl IntoView {
    let passing = Check {
        what: "Call, index 100, strike 100, a year, volatility 20\u{a0}%".into(),
        source: "A textbook".into(),
        expected: "7.9656".into(),
        found: "7.96556745541".into(),
        difference: "3.3e-5".into(),
        tolerance: "5.0e-5".into(),
        passed: true,
    };
    let section = |checks: Vec<Check>| Section { title: "Option prices", checks };
    let good = section(vec![passing.clone()]);
    let bad = section(vec![passing, unmade("The run", "btc-2026/2026-03.json cannot be fetched".into())]);
    let says = |sections: Vec<Section>, is_busy: bool| {
        view! { <CheckWords sections=RwSignal::new(sections) is_busy=RwSignal::new(is_busy)/> }
    };
    view! {
        <Part title="Checks">
            <Sample>
                {says(Vec::new(), false)}{says(Vec::new(), true)}{says(vec![good], false)}{says(vec![bad.clone()], false)}
                <Checks section=bad/>
            </Sample>
        </Part>
    }
}
