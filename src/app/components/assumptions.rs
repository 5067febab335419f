//! Every rule and default that shaped the result.

use super::tabs::Nothing;
use crate::app::clock::daily_and_yours;
use crate::app::state::app;
use crate::display::Route;
use crate::display::assumptions::{Rows, data_rows, proof_rows, rule_rows, setting_groups};
use crate::display::labels::in_labels;
use crate::run::RunState;
use leptos::prelude::*;

/// Settings, data, engine, digest and warnings of what is shown.
#[component]
pub fn Assumptions() -> impl IntoView {
    let app = app();
    let over = Memo::new(move |_| app.status.with(|s| s.state.is_some_and(RunState::is_final)));
    let warnings = Memo::new(move |_| {
        app.tables.track();
        app.session.with_value(|s| s.run.as_ref().map(|r| r.warnings()).unwrap_or_default())
    });
    let proof = Memo::new(move |_| {
        app.shown.track();
        over.get().then(|| app.session.with_value(|s| s.run.as_ref().map(proof_rows))).flatten()
    });
    let body = move || {
        app.shown.get().map(|shown| view! {
            <div class="assumptions">
                {move || (!warnings.with(Vec::is_empty)).then(|| view! {
                    <section>
                        <h3>"Worth knowing"</h3>
                        <ul>{warnings.get().into_iter().map(|w| view! { <li>{in_labels(&w)}</li> }).collect_view()}</ul>
                    </section>
                })}
                {move || proof.get().map(|rows| view! {
                    <Group title="Proof".to_owned() rows=rows>
                        <p><a href=Route::Verify.link()>"Check pricing, data and this engine in this browser"</a></p>
                    </Group>
                })}
                <Group title="Data".to_owned() rows=data_rows(shown.dataset())/>
                <Group title="Rules".to_owned() rows=rule_rows()/>
                {setting_groups(&shown.resolved).into_iter().map(|(title, rows)| view! { <Group title=title rows=rows/> }).collect_view()}
            </div>
        })
    };
    view! { {move || body().map_or_else(|| view! { <Nothing text="Every rule and default that shapes a result is listed here once there is one."/> }.into_any(), IntoAny::into_any)} }
}

#[component]
fn Group(title: String, rows: Rows, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <section>
            <h3>{title}</h3>
            <dl class="rows">
                {rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{daily_and_yours(value)}</dd></div> }).collect_view()}
            </dl>
            {children.map(|children| children())}
        </section>
    }
}
