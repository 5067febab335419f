//! The form rail: dataset and dates, how it decides, the variants, account and costs.

use super::loan::{CompareTemplates, LoanFold};
use super::run_bar::PlanWords;
use super::variant_card::VariantCards;
use super::{FieldInput, Later, Presets, after_a_frame, unbroken};
use crate::app::state::{App, CatalogState, app};
use crate::app::{address, driver};
use crate::display::datasets::cadence_words;
use crate::display::evidence::kind_words;
use crate::display::{At, fields, format};
use crate::market::Dataset;
use crate::run::Remedy;
use crate::units::Day;
use crate::web::page;
use leptos::prelude::*;
use serde_json::json;

/// The whole form; Enter starts.
#[component]
pub fn Form() -> impl IntoView {
    let app = app();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !app.is_active() {
            driver::start(app);
        }
    };
    let ready = move || app.catalog.with(|c| matches!(c, CatalogState::Ready(_)));
    // What the first few fields cannot show, or what is wrong with another, is never out of sight.
    let needs_all = Memo::new(move |_| {
        app.draft.with(|d| d.needs_all() || app.problems.with(|all| all.iter().any(|p| !d.is_first(&p.field))))
    });
    // The press is seen first, and the fields after it.
    let is_built = RwSignal::new(app.all_settings.get_untracked());
    Effect::new(move |_| {
        if !app.all_settings.get() {
            is_built.set(false);
        } else if !is_built.get_untracked() {
            after_a_frame(is_built);
        }
    });
    let is_whole = Memo::new(move |_| needs_all.get() || app.all_settings.get() && is_built.get());
    provide_context(Whole { is_whole, needs_all });
    view! {
        <form class="form" novalidate on:submit=submit aria-label="Backtest settings">
            <Problems/>
            <Show when=ready fallback=|| view! { <p class="quiet-text" role="status">"Reading the list of datasets …"</p> }>
                <section class="group">
                    <div class="group-head"><h2>"Presets"</h2><Reset/></div>
                    <Presets/>
                </section>
                <FormFold/>
                <Later part=|| view! { <MarketGroup/> <Beyond><LoanFold/></Beyond> }.into_any()/>
                <Later part=|| view! { <StrategyGroup/> <Beyond><AccountFold/><AdvancedFold/></Beyond> <AllSettings/> }.into_any()/>
                // Where the form stands apart from the sentence about it, it has that with it.
                <p class="form-plan" aria-hidden="true"><PlanWords/></p>
                // Enter in a field submits only where the form has a button of its own.
                <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">"Start Backtest"</button>
            </Show>
        </form>
    }
}

/// The form shows all settings, or the first few; and whether it has to show all.
#[derive(Clone, Copy)]
struct Whole {
    is_whole: Memo<bool>,
    needs_all: Memo<bool>,
}

/// What stands in the form only while it shows all settings.
#[component]
pub fn Beyond(children: ChildrenFn) -> impl IntoView {
    let Whole { is_whole, .. } = expect_context();
    view! { <Show when=move || is_whole.get()>{children()}</Show> }
}

#[component]
fn MarketGroup() -> impl IntoView {
    view! { <section class="group"><h2>"Market"</h2><MarketFields/></section> }
}

#[component]
fn StrategyGroup() -> impl IntoView {
    let sells_puts = sells_puts(app());
    view! {
        <section class="group">
            <h2>"Strategy"</h2>
            <FieldInput at=At::Shared path="exit_style"/>
            <VariantCards/>
            <Show when=move || sells_puts.get()><FieldInput at=At::Shared path="account.cash_usd"/></Show>
            <Beyond><CompareTemplates/></Beyond>
        </section>
    }
}

/// Puts are sold, and the cash that secures them stands beside them.
fn sells_puts(app: App) -> Memo<bool> {
    Memo::new(move |_| app.draft.with(|d| d.sells_puts()))
}

/// In a narrow window the fields stand folded between the results and the tabs, until they are asked for or one of them is wrong.
#[component]
fn FormFold() -> impl IntoView {
    let app = app();
    Effect::new(move |_| {
        if app.problems.with(|all| !all.is_empty()) {
            app.unfolded.set(true);
        }
    });
    let turn = move |_| {
        app.unfolded.update(|open| *open = !*open);
        page::set_view("form", if app.unfolded.get_untracked() { "open" } else { "" });
    };
    let words = move || {
        let [coin, start, end] =
            app.draft.with(|d| ["underlying", "start", "end"].map(|path| d.text(At::Shared, path).to_owned()));
        format!("{coin}, {start} to {end}")
    };
    view! {
        <button type="button" class="all-settings form-fold" id=app.id("form-fold") aria-expanded=move || app.unfolded.get().to_string() on:click=turn>
            <span class="fold-name">"Settings"</span><span class="fold-value">{words}</span>
        </button>
    }
}

/// Between the first few settings and all of them; says how many of those out of sight are changed.
#[component]
fn AllSettings() -> impl IntoView {
    let (app, Whole { needs_all, .. }) = (app(), expect_context());
    let changed = Memo::new(move |_| app.draft.with(|d| d.changed_beyond()));
    let words = move || match (app.all_settings.get(), changed.with(Vec::len)) {
        (true, _) => String::new(),
        (false, 0) => "loan, hedges, costs, selection, …".to_owned(),
        (false, n) => format!("{n} of them changed"),
    };
    let turn = move |_| {
        app.all_settings.update(|all| *all = !*all);
        page::set_preference("settings", if app.all_settings.get_untracked() { "all" } else { "" });
    };
    view! {
        <Show when=move || !needs_all.get()>
            <button type="button" class="all-settings" id=app.id("all-settings") aria-expanded=move || app.all_settings.get().to_string()
                title=move || changed.with(|all| all.join(", ")) on:click=turn>
                <span class="fold-name">"All settings"</span><span class="fold-value">{words}</span>
            </button>
        </Show>
    }
}

/// The way back to an untouched form; the browser's Back undoes it.
#[component]
fn Reset() -> impl IntoView {
    let app = app();
    let is_untouched = Memo::new(move |_| app.written.with(|written| *written == Some(json!({}))));
    let reset = move |_| address::take_request(app, &json!({}));
    view! {
        <button type="button" class="quiet" id=app.id("reset") disabled=move || app.is_active() || is_untouched.get() on:click=reset>
            "Reset to defaults"
        </button>
    }
}

/// What is wrong, in one place, with a button for what one click can mend.
#[component]
fn Problems() -> impl IntoView {
    let app = app();
    let any = move || app.problems.with(|p| !p.is_empty());
    let mend = move |remedy: Remedy| {
        let (path, day) = match remedy {
            Remedy::SetStart(day) => ("start", day),
            Remedy::SetEnd(day) => ("end", day),
        };
        app.draft.update(|d| d.set(At::Shared, path, day.to_string()));
        driver::recheck(app);
        if app.problems.with_untracked(Vec::is_empty) {
            crate::web::page::focus("start");
        }
    };
    view! {
        <Show when=any>
            <div class="problems" id="problems" role="alert" tabindex="-1">
                <p class="problems-title">"The run cannot start"</p>
                <ul>
                    {move || app.problems.get().into_iter().map(|p| {
                        let remedy = p.remedy.clone();
                        let target = super::field::field_id(&p.field);
                        let go = move |event: leptos::ev::MouseEvent| {
                            event.prevent_default();
                            crate::web::page::focus(&target);
                        };
                        view! {
                            <li>
                                {if p.field.is_empty() {
                                    view! { <span>{unbroken(&p.message)}</span> }.into_any()
                                } else {
                                    view! { <a href="#problems" on:click=go>{unbroken(&p.message)}</a> }.into_any()
                                }}
                                {remedy.map(|r| {
                                    let words = remedy_words(&r);
                                    view! { <button type="button" class="remedy" on:click=move |_| mend(r.clone())>{words}</button> }
                                })}
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

fn remedy_words(remedy: &Remedy) -> String {
    match remedy {
        Remedy::SetStart(day) => format!("Set start to {day}"),
        Remedy::SetEnd(day) => format!("Set end to {day}"),
    }
}

#[component]
fn MarketFields() -> impl IntoView {
    let app = app();
    let underlyings = Signal::derive(move || {
        let mut names: Vec<String> = Vec::new();
        for dataset in app.catalog_ready().iter().flat_map(|catalog| &catalog.datasets) {
            if !names.contains(&dataset.underlying) {
                names.push(dataset.underlying.clone());
            }
        }
        names.into_iter().map(|n| (n.clone(), n)).collect::<Vec<_>>()
    });
    let chosen = Memo::new(move |_| app.draft.with(|d| d.text(At::Shared, "underlying").to_owned()));
    let datasets = Signal::derive(move || dataset_choices(app, &chosen.get()));
    let dataset = Memo::new(move |_| app.form_dataset());
    let bounds = Signal::derive(move || {
        dataset.with(|d| d.as_ref().map(|d| (d.first.to_string(), d.last.to_string())).unwrap_or_default())
    });
    // A factor that was written stays in sight where the dataset takes none, beside the refusal.
    let is_written = Memo::new(move |_| app.draft.with(|d| !d.text(At::Shared, "vol_factor").is_empty()));
    let takes_factor =
        Memo::new(move |_| is_written.get() || dataset.with(|d| d.as_ref().is_some_and(|d| d.model.is_some())));
    let named = Memo::new(move |_| {
        app.draft.with(|d| ["underlying", "dataset"].map(|path| d.text(At::Shared, path).to_owned()))
    });
    // Another dataset brings its own defaults for what nobody changed.
    Effect::new(move |before: Option<(Option<String>, [String; 2])>| {
        let (id, names) = (dataset.with(|d| d.as_ref().map(|d| d.id.clone())), named.get());
        if let Some((Some(old), old_names)) = before
            && id.as_ref() != Some(&old)
            && let Some(d) = dataset.get_untracked()
        {
            app.draft.update(|draft| draft.rebase(&d, names != old_names));
        }
        (id, names)
    });
    view! {
        <FieldInput at=At::Shared path="underlying" choices=underlyings/>
        <Beyond><FieldInput at=At::Shared path="dataset" choices=datasets/></Beyond>
        {move || dataset.get().map(|d| view! { <Coverage dataset=d/> })}
        {move || takes_factor.get().then(|| view! { <FieldInput at=At::Shared path="vol_factor"/> })}
        <div class="pair">
            <FieldInput at=At::Shared path="start" bounds=bounds/>
            <FieldInput at=At::Shared path="end" bounds=bounds/>
        </div>
        <QuickRanges/>
        <div class="pair">
            <Beyond><FieldInput at=At::Shared path="timeframe"/></Beyond>
            <FieldInput at=At::Shared path="decision_interval_hours"/>
        </div>
    }
}

fn dataset_choices(app: App, underlying: &str) -> Vec<(String, String)> {
    let auto = (String::new(), "Automatic".to_owned());
    let named = app.catalog_ready().map(|c| {
        let of = c.datasets.iter().filter(|d| d.underlying == underlying);
        of.map(|d| (d.id.clone(), d.title.clone())).collect::<Vec<_>>()
    });
    std::iter::once(auto).chain(named.unwrap_or_default()).collect()
}

#[component]
fn Coverage(dataset: Dataset) -> impl IntoView {
    let app = app();
    let (kind, words) = kind_words(&dataset);
    let (first, last) = (dataset.first, dataset.last);
    let span = f64::from((last.0 - first.0).max(1));
    let share = move |path: &'static str, fallback: Day| {
        let day = app.draft.with(|d| Day::parse(d.text(At::Shared, path))).unwrap_or(fallback);
        (f64::from(day.0 - first.0) / span).clamp(0.0, 1.0)
    };
    let years = format!("{} – {}", format::day(first.start()), format::day(last.start()));
    view! {
        <div class="coverage">
            <p class="coverage-words">
                <span class="badge" data-kind=kind>{kind}</span>
                // The badge says the kind.
                <span>{dataset.title.replace(&format!(" ({})", kind.to_lowercase()), "")}", every "{cadence_words(&dataset)}</span>
            </p>
            <div
                class="strip" role="img" aria-label=format!("Data from {years}; the chosen days are marked")
                style:--from=move || share("start", first).to_string()
                style:--to=move || share("end", last).to_string()
            >
                <span></span>
            </div>
            <p class="strip-ends"><span>{format::day(first.start())}</span><span>{format::day(last.start())}</span></p>
            <p class="help">{words}</p>
            {app.folder.with_value(|folder| (!folder.is_own()).then(|| folder.catalog())).map(|catalog| view! {
                <p class="help" id=app.id("data-from")>"From "{catalog}". "<a href=page::base_address()>"Use this site's data"</a></p>
            })}
        </div>
    }
}

#[component]
fn QuickRanges() -> impl IntoView {
    let app = app();
    let set = move |days: Option<i32>| {
        let Some(dataset) = app.form_dataset_untracked() else { return };
        let start = days.map_or(dataset.first, |n| Day((dataset.last.0 - n + 1).max(dataset.first.0)));
        let start = if days.is_none() { year_start(start, dataset.last) } else { start };
        app.draft.update(|d| {
            d.set(At::Shared, "start", start.to_string());
            d.set(At::Shared, "end", dataset.last.to_string());
        });
        driver::recheck(app);
    };
    let button = move |words: &'static str, days: Option<i32>| {
        view! { <button type="button" class="chip" disabled=move || app.is_active() on:click=move |_| set(days)>{words}</button> }
    };
    view! {
        <div class="chips" role="group" aria-label="Quick ranges">
            {button("All", None)}{button("3 months", Some(91))}{button("1 month", Some(30))}{button("1 week", Some(7))}
        </div>
    }
}

/// A few days of warm-up before New Year are no reason to start in the old year.
fn year_start(first: Day, last: Day) -> Day {
    let next_year = first.start().format("%Y").parse::<i32>().ok().and_then(|y| Day::from_ymd(y + 1, 1, 1));
    next_year.filter(|d| d.0 - first.0 <= 7 && *d < last).unwrap_or(first)
}

/// The label of a choice's present text.
fn words_of(app: App, path: &'static str) -> String {
    let text = app.draft.with(|d| d.text(At::Shared, path).to_owned());
    let found = fields::shared(path).and_then(|f| match f.kind {
        fields::Kind::Choice(list) => list.iter().find(|(v, _)| *v == text).map(|(_, w)| (*w).to_owned()),
        _ => None,
    });
    found.unwrap_or(text)
}

#[component]
fn AccountFold() -> impl IntoView {
    let app = app();
    let text = move |path| app.draft.with(|d| d.text(At::Shared, path).to_owned());
    let title = move || {
        let cash = text("account.cash_usd");
        let cash = if cash == "0" { String::new() } else { format!(" + ${cash}") };
        format!(
            "{} {}{cash} · {} · {}",
            text("account.coins"),
            text("underlying"),
            words_of(app, "costs.fees"),
            words_of(app, "costs.fill")
        )
    };
    let sells_puts = sells_puts(app);
    let fees_own = move || text("costs.fees") == "custom";
    let fill_own = move || text("costs.fill") == "fraction";
    view! {
        <details class="fold">
            <summary><span class="fold-name">"Account and costs"</span><span class="fold-value">{title}</span></summary>
            <div class="pair">
                <Show when=move || text("account.loan") != "true"><FieldInput at=At::Shared path="account.coins"/></Show>
                <Show when=move || !sells_puts.get()><FieldInput at=At::Shared path="account.cash_usd"/></Show>
            </div>
            <FieldInput at=At::Shared path="costs.fees"/>
            <Show when=fees_own><FieldInput at=At::Shared path="costs.fees.bps"/></Show>
            <FieldInput at=At::Shared path="costs.fill"/>
            <Show when=fill_own><FieldInput at=At::Shared path="costs.fill.fraction"/></Show>
            <div class="pair">
                <FieldInput at=At::Shared path="costs.slippage_ticks"/>
                <FieldInput at=At::Shared path="costs.slippage_bps"/>
            </div>
        </details>
    }
}

#[component]
fn AdvancedFold() -> impl IntoView {
    let app = app();
    let title = move || {
        let offset = app.draft.with(|d| d.text(At::Shared, "decision_offset_hours").to_owned());
        let offset = if offset.is_empty() {
            "automatic first decision".to_owned()
        } else {
            format!("first decision {offset} h UTC")
        };
        format!("{} fill · {offset}", words_of(app, "costs.fill_at").to_lowercase())
    };
    view! {
        <details class="fold">
            <summary><span class="fold-name">"Advanced"</span><span class="fold-value">{title}</span></summary>
            <FieldInput at=At::Shared path="costs.fill_at"/>
            <FieldInput at=At::Shared path="decision_offset_hours"/>
        </details>
    }
}
