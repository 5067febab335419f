//! The list of the catalog's datasets.

use crate::app::desk::both;
use crate::app::state::CatalogState;
use crate::display::datasets::{DatasetRow, FIGURES, row};
use crate::display::{DataPlace, Route};
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// All datasets with what the catalog knows of them; a link each.
#[component]
pub fn DatasetList() -> impl IntoView {
    let (app, _) = both();
    let rows = move || app.catalog_ready().map(|catalog| catalog.datasets.iter().map(row).collect::<Vec<_>>());
    let waiting = move || match app.catalog.get() {
        CatalogState::Failed(text) => format!("The list of datasets cannot be read: {text}."),
        _ => "Reading the list of datasets …".to_owned(),
    };
    view! {
        <section class="card data-card" aria-labelledby="datasets-title">
            <h3 id="datasets-title">"Datasets"</h3>
            {move || match rows() {
                None => view! { <p class="nothing" role="status">{waiting()}</p> }.into_any(),
                Some(rows) => view! {
                    <div class="table-box" tabindex="0" role="region" aria-label="List of datasets">
                        <table class="datasets">
                            <thead><tr>
                                <th scope="col">"Dataset"</th><th scope="col" class="c-kind">"Kind"</th><th scope="col" class="c-span">"Days"</th>
                                {FIGURES.map(|name| view! { <th scope="col" class="num">{name}</th> })}
                            </tr></thead>
                            <tbody>{rows.into_iter().map(|row| view! { <Row row=row/> }).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Row(row: DatasetRow) -> impl IntoView {
    let (_, desk) = both();
    let DatasetRow { id, title, kind: (kind, words), span, figures } = row;
    let link = Route::Data(DataPlace::dataset(&id)).link();
    let is_chosen = Memo::new(move |_| desk.dataset.with(|d| d.as_ref().is_some_and(|d| d.id == id)));
    // The link itself moves the page; what it opens stands below the list.
    let show = move |_| {
        spawn_local(async {
            task::sleep(60).await;
            page::scroll_to("dataset");
        });
    };
    view! {
        <tr class:marked=move || is_chosen.get()>
            <th scope="row"><a href=link title=title.clone() aria-current=move || is_chosen.get().then_some("true") on:click=show>{title.clone()}</a></th>
            <td><span class="badge" data-kind=kind title=words>{kind}</span></td>
            <td>{span}</td>
            {figures.into_iter().map(|figure| view! { <td class="num">{figure}</td> }).collect_view()}
        </tr>
    }
}
