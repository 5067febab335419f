//! Components: each shows what it is given and sends commands.

mod assumptions;
pub mod compare;
mod costs;
pub mod data;
mod dials;
mod evidence;
mod field;
mod form;
mod header;
mod icon;
mod inspector;
mod key_numbers;
mod loan;
mod log;
mod months;
mod notice;
mod presets;
pub mod open;
mod questions;
mod risk;
mod row_window;
mod run_bar;
pub mod runs;
mod segments;
mod steps;
mod tabs;
mod tip;
mod trades;
mod unbroken;
mod unit_grid;
mod variant_card;

use crate::web::observe::Resize;
use crate::web::task;
use leptos::html::Div;
use leptos::prelude::*;

pub use assumptions::Assumptions;
pub use costs::Costs;
pub use dials::Dials;
pub use field::FieldInput;
pub use form::Form;
pub use header::Header;
pub use icon::Icon;
pub use inspector::{Inspector, WhyPanel};
pub use key_numbers::KeyNumbers;
pub use loan::{LoanBanner, LoanResult};
pub use log::Log;
pub use months::Months;
pub use notice::{NewerBuild, Notice, ResultBanner};
pub use presets::Presets;
pub use questions::{Questions, StoreFault, VerdictLine, name_of, open};
pub use risk::Risk;
pub use run_bar::{Plan, RunBar};
pub use segments::Segments;
pub use steps::{StepLine, Steps, StepsHead};
pub use tabs::Tabs;
pub use tip::Tip;
pub use trades::Trades;
pub use unbroken::unbroken;
pub use unit_grid::UnitGrid;

/// Makes a signal true once what stands on the page now was painted: for what a press need not wait for.
pub fn after_a_frame(is_due: RwSignal<bool>) {
    leptos::task::spawn_local(async move {
        task::next_frame().await;
        // what is gone meanwhile needs no more
        let _ = is_due.try_set(true);
    });
}

/// Tells of an element once it is there and whenever its size changes.
pub fn on_resize(node: NodeRef<Div>, heard: impl FnMut(&web_sys::HtmlDivElement) + Clone + 'static) {
    let watch = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let (watched, mut heard) = (element.clone(), heard.clone());
        watch.set_value(Resize::watch(&element, move || heard(&watched)));
    });
}

/// Whether what stands around a part is on screen: where it is not, its drawings wait. A part without one always is.
#[derive(Clone, Copy)]
pub struct InSight(pub Memo<bool>);

/// A part of the page that is built in a turn of its own, so that no turn takes long on a slow machine.
#[component]
pub fn Later(
    /// What is built.
    part: fn() -> AnyView,
) -> impl IntoView {
    let is_due = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        task::next_turn().await;
        // a page that is gone meanwhile needs no part
        let _ = is_due.try_set(true);
    });
    view! { <Show when=move || is_due.get()>{part()}</Show> }
}
