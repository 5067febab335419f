//! What came of a loan: the answers, the charts, the ranking, the summary and the days.

use super::super::tabs::Nothing;
use super::super::unbroken;
use super::days::Days;
use super::figures::{AnswerTile, Figures, Ranking, Summaries};
use crate::app::charts::LoanChart;
use crate::app::state::{App, app};
use crate::display::loan::{Place, answers, headline, ranked};
use crate::display::loan_plot::{LoanLines, lines};
use crate::run::RunState;
use crate::web::page;
use leptos::prelude::*;

/// The Loan tab.
#[component]
pub fn LoanResult(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let figures = Memo::new(move |_| {
        app.columns.with(|columns| {
            let loan = |(place, c): (usize, &crate::app::state::Column)| {
                Some((place, c.name.clone(), c.summary.as_ref()?.loan.clone()?))
            };
            columns.iter().enumerate().filter_map(loan).collect::<Figures>()
        })
    });
    let has_any = Memo::new(move |_| figures.with(|figures| !figures.is_empty()));
    view! {
        <Show when=move || has_any.get() fallback=|| view! { <Nothing text="What the loan goes through appears here as the run walks."/> }>
            <div class="loan-result">
                <Answers unit=unit figures=figures/>
                <Charts unit=unit/>
                {move || {
                    let (places, why) = figures.with(standing);
                    (places.len() > 1).then(|| view! { <Ranking places=places why=why unit=unit/> })
                }}
                <Summaries figures=figures/>
                <Days unit=unit/>
            </div>
        </Show>
    }
}

/// The ranking of figures, and why its first stands there.
pub(super) fn standing(figures: &Figures) -> (Vec<Place>, String) {
    let named: Vec<_> = figures.iter().map(|(place, name, loan)| (*place, name.as_str(), loan)).collect();
    ranked(&named)
}

/// The variant that stands first; `None` without a loan.
pub fn best(app: App) -> Option<usize> {
    let figures: Figures = app.columns.with_untracked(|columns| {
        let loan = |(place, c): (usize, &crate::app::state::Column)| {
            Some((place, c.name.clone(), c.summary.as_ref()?.loan.clone()?))
        };
        columns.iter().enumerate().filter_map(loan).collect()
    });
    standing(&figures).0.first().map(|place| place.unit)
}

/// The answer in a sentence above the charts of the page, with the way to the rest of it.
#[component]
pub fn LoanBanner() -> impl IntoView {
    let app = app();
    let said = Memo::new(move |_| {
        let is_over = app.status.with(|s| s.state.is_some_and(RunState::is_final));
        app.columns.track();
        let unit = best(app).filter(|_| is_over)?;
        let (_, hedges) = terms(app, unit)?;
        app.columns.with(|columns| {
            let column = columns.get(unit)?;
            Some(headline(&column.name, hedges, held(app, unit), column.summary.as_ref()?.loan.as_ref()?))
        })
    });
    let show = move |_| {
        page::scroll_to("tab-loan");
    };
    view! {
        {move || said.get().map(|text| view! {
            <div class="banner calm" id=app.id("loan-banner")>
                <p>{unbroken(&text)}</p>
                <button type="button" on:click=show>"Show the loan"</button>
            </div>
        })}
    }
}

/// What a variant's options are worth at the newest mark, USD.
fn held(app: App, unit: usize) -> f64 {
    app.session.with_value(|s| {
        let unit = s.run.as_ref().and_then(|run| run.units().get(unit));
        unit.and_then(|unit| unit.metrics.loan_days().last()).map_or(0.0, |day| day.option_value)
    })
}

/// What the variant's request says: its margin call, and whether it hedges at all.
fn terms(app: App, unit: usize) -> Option<(f64, bool)> {
    app.shown.with(|shown| {
        let request = &shown.as_ref()?.resolved.request;
        let hedge = request.variants.get(unit).and_then(|variant| variant.hedge.as_ref());
        Some((request.account.loan.as_ref()?.margin_call_ltv, hedge.is_some_and(|hedge| hedge.coverage > 0.0)))
    })
}

#[component]
fn Answers(unit: RwSignal<usize>, figures: Memo<Figures>) -> impl IntoView {
    let app = app();
    let said = Memo::new(move |_| {
        let place = unit.get();
        let (margin_call, hedges) = terms(app, place)?;
        figures.with(|all| {
            let (_, name, loan) = all.iter().find(|(at, ..)| *at == place)?;
            Some((headline(name, hedges, held(app, place), loan), answers(loan, margin_call)))
        })
    });
    view! {
        {move || said.get().map(|(text, answers)| view! {
            <section class="loan-part" aria-label="What came of the loan">
                <p class="headline" id="loan-headline" role="status">{unbroken(&text)}</p>
                <dl class="tiles">{answers.into_iter().map(|answer| view! { <AnswerTile answer=answer/> }).collect_view()}</dl>
            </section>
        })}
    }
}

#[component]
fn Charts(unit: RwSignal<usize>) -> impl IntoView {
    let app = app();
    let drawn = Memo::new(move |_| {
        app.tables.track();
        lines_of(app, unit.get()).unwrap_or_default()
    });
    view! { <section class="loan-part" aria-label="Charts of the loan"><LoanChart lines=drawn/></section> }
}

fn lines_of(app: App, unit: usize) -> Option<LoanLines> {
    app.session.with_value(|s| {
        let run = s.run.as_ref()?;
        let request = &run.resolved().request;
        let segments = s.curves.units.get(unit).map_or(&[][..], |curve| curve.segments.as_slice());
        let span = (request.start.start().0, request.end.next().start().0);
        Some(lines(run.units().get(unit)?.metrics.loan_days(), request.account.loan.as_ref()?, segments, span))
    })
}
