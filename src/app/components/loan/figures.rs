//! The figures of a loan: answers, ranking, and the summary with its glossary.

use super::super::Tip;
use crate::display::figures::explain;
use crate::display::loan::{Answer, Place, cell};
use crate::metrics::{LOAN_GLOSSARY, LoanSummary};
use leptos::prelude::*;

/// Name and figures of a variant, by its place in the request.
pub(super) type Figures = Vec<(usize, String, LoanSummary)>;

/// One answer as a tile.
#[component]
pub(super) fn AnswerTile(answer: Answer) -> impl IntoView {
    view! {
        <div class="tile">
            <dt>{answer.title}</dt>
            <dd>
                <span class="figure-main" data-sign=answer.sign>{answer.main}</span>
                <span class="figure-below">{answer.below}</span>
            </dd>
        </div>
    }
}

/// All variants, best first; a press looks at one.
#[component]
pub(super) fn Ranking(
    /// Best first.
    places: Vec<Place>,
    /// Why the first one stands there.
    why: String,
    /// The variant that is looked at.
    unit: RwSignal<usize>,
) -> impl IntoView {
    let line = move |(rank, place): (usize, Place)| {
        let at = place.unit;
        view! {
            <tr class="line" class:marked=move || unit.get() == at on:click=move |_| unit.set(at) data-series=at % 6 + 1>
                <td class="num">{rank + 1}</td>
                <th scope="row"><button type="button" class="row-link"><span class="swatch" aria-hidden="true"></span>{place.name}</button></th>
                {place.cells.into_iter().map(|cell| view! { <td class="num">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <section class="loan-part" id="loan-ranking">
            <h3>"Ranking"</h3>
            {(!why.is_empty()).then(|| view! { <p id="loan-why">{why}</p> })}
            <div class="table-box" tabindex="0" role="region" aria-label="Ranking of the variants">
                <table class="ranking">
                    <thead><tr>
                        <th scope="col" class="num c-tiny">"#"</th><th scope="col">"Variant"</th><th scope="col" class="num">"Call days"</th>
                        <th scope="col" class="num">"Worst LTV"</th><th scope="col" class="num">"Cost, USD"</th><th scope="col" class="num">"End value, USD"</th>
                    </tr></thead>
                    <tbody>{places.into_iter().enumerate().map(line).collect_view()}</tbody>
                </table>
            </div>
            <p class="help">"No margin call first, then the lower worst loan-to-value, the lower cost, the higher end value."</p>
        </section>
    }
}

/// The whole glossary of the loan, one column a variant.
#[component]
pub(super) fn Summaries(figures: Memo<Figures>) -> impl IntoView {
    let heads =
        move || figures.with(|all| all.iter().map(|(place, name, _)| (*place, name.clone())).collect::<Vec<_>>());
    let cells =
        move |key: &'static str| figures.with(|all| all.iter().map(|(.., loan)| cell(key, loan)).collect::<Vec<_>>());
    view! {
        <section class="loan-part">
            <h3>"Summary"</h3>
            <div class="table-box loan-summary" tabindex="0" role="region" aria-label="Summary of the loan" style:--columns=move || figures.with(Vec::len).to_string()>
                <table class="side-by-side figures">
                    <thead><tr>
                        <th scope="col"><span class="unseen">"Figure"</span></th>
                        {move || heads().into_iter().map(|(place, name)| view! {
                            <th scope="col" class="num" data-series=place % 6 + 1 title=name.clone()><span class="swatch" aria-hidden="true"></span>{name.clone()}</th>
                        }).collect_view()}
                    </tr></thead>
                    <tbody>
                        {LOAN_GLOSSARY.iter().map(|figure| {
                            let (title, lines) = explain(figure.key);
                            view! {
                                <tr>
                                    <th scope="row"><Tip label=title lines=lines/></th>
                                    {move || cells(figure.key).into_iter().map(|cell| view! {
                                        <td class="num"><span class="figure-main">{cell.main}</span><span class="apart">{cell.below}</span></td>
                                    }).collect_view()}
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}
