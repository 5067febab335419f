//! What every chart has beside its title: the way back from a zoom, its figures as a table, and itself as a file.

use super::frame::Chart;
use super::sheet::{save_png, save_svg};
use crate::app::state::app;
use crate::web::page;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;

/// Reset zoom, Save and, where there is one, the table.
#[component]
pub fn Tools(
    /// Of which chart.
    chart: Chart,
    /// The same figures can be shown as a table.
    #[prop(default = true)]
    has_table: bool,
) -> impl IntoView {
    let (zoom, table) = (chart.zoom, chart.table);
    view! {
        <div class="chart-tools">
            <Show when=move || zoom.with(Option::is_some)>
                <button type="button" class="quiet" on:click=move |_| zoom.set(None)>"Reset zoom"</button>
            </Show>
            <Save chart=chart/>
            {has_table.then(|| view! { <TableSwitch table=table/> })}
        </div>
    }
}

/// Between a drawing and the table of its figures.
#[component]
pub fn TableSwitch(
    /// The table is shown.
    table: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <button type="button" class="quiet table-switch" aria-pressed=move || table.get().to_string() on:click=move |_| table.update(|t| *t = !*t)>
            {move || if table.get() { "Chart" } else { "Data table" }}
        </button>
    }
}

/// A button that offers the drawing as PNG or SVG.
#[component]
pub fn Save(
    /// Of which chart.
    chart: Chart,
) -> impl IntoView {
    let app = app();
    let is_open = RwSignal::new(false);
    let id = app.own_id(&format!("{}-save", chart.id));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            event.prevent_default();
            is_open.set(false);
        }
    };
    let on_focusout = move |event: FocusEvent| {
        if page::leaves(&event) {
            is_open.set(false);
        }
    };
    let save = move |how: fn(&Chart) -> Option<()>, chart: &Chart| {
        is_open.set(false);
        if how(chart).is_none() {
            app.notice.set(Some("This browser could not draw the chart for a file; take a screenshot instead.".into()));
        }
    };
    let (of_png, of_svg) = (chart.clone(), chart);
    view! {
        <div class="menu" on:keydown=on_key on:focusout=on_focusout>
            <button type="button" class="quiet" id=id aria-expanded=move || is_open.get().to_string() on:click=move |_| is_open.update(|o| *o = !*o)>
                "Save"
            </button>
            <div class="menu-box" role="group" aria-label="Files" hidden=move || !is_open.get()>
                <button type="button" class="quiet" on:click=move |_| save(save_png, &of_png)>"PNG picture"</button>
                <button type="button" class="quiet" on:click=move |_| save(save_svg, &of_svg)>"SVG drawing"</button>
            </div>
        </div>
    }
}
