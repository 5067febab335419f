//! The Why inspector: what a step saw, chose and booked.

use super::risk::about;
use super::{Icon, Tip};
use crate::app::charts::LineChart;
use crate::app::clock::{your_clock_beside, your_time};
use crate::app::remember;
use crate::app::state::{App, app};
use crate::display::Route;
use crate::display::figures::explain;
use crate::display::inspect::{self, CandidateRow, RefusedGroup, Why, WhyHead};
use crate::display::keys::{self, Walk};
use crate::display::lines::Lines;
use crate::metrics::RISK_GLOSSARY;
use crate::web::{history, page, task};
use leptos::ev::popstate;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Candidates shown before the rest is asked for.
const FEW: usize = 8;
/// Letters of a value that take a line of their own.
const LONG: usize = 20;

/// A side panel for the step under inspection; Escape closes, arrow keys walk.
#[component]
pub fn Inspector() -> impl IntoView {
    let app = app();
    let head = Memo::new(move |_| {
        let (unit, step) = app.inspected.get()?;
        let found = head_of(app, unit, step);
        if found.is_none() {
            // Its data are on their way.
            app.tables.track();
        }
        found
    });
    let open = Memo::new(move |_| head.with(Option::is_some));
    // Asked for by the open panel alone, a frame after its head.
    let why = Memo::new(move |_| {
        open.get().then(|| app.inspected.get()).flatten().and_then(|(unit, step)| look(app, unit, step))
    });
    // The page makes room for it.
    Effect::new(move |_| page::mark("why", open.get() && app.route.with(Route::is_front)));
    // Where the focus goes back to.
    let from = StoredValue::new(String::new());
    let close = move || close(app, &from.get_value());
    // An entry of the history stands for the open panel: Back closes it, and what closes it goes back over the entry.
    let asked = Memo::new(move |_| app.inspected.with(Option::is_some));
    Effect::new(move |was| {
        let is_asked = asked.get();
        if is_asked {
            history::lay_over();
        } else if was == Some(true) {
            history::take_off();
        }
        is_asked
    });
    drop(window_event_listener(popstate, move |_| {
        if asked.get_untracked() && !history::is_over() && app.route.with_untracked(Route::is_front) {
            close();
        }
    }));
    Effect::new(move |_| {
        if open.get() {
            from.set_value(page::focused_id());
            spawn_local(async {
                task::next_turn().await;
                page::focus("why");
            });
        }
    });
    Effect::new(move |_| {
        // Another result takes the cursor away, though its step has the same head.
        app.inspected.track();
        if let Some(at) = head.with(|head| head.as_ref().map(|head| head.at)) {
            app.cursor.set(Some(at));
        }
    });
    let leave = Callback::new(move |()| {
        if !history::take_off() {
            close();
        }
    });
    view! { <Show when=move || open.get()><WhyPanel head=head why=why close=leave/></Show> }
}

/// The panel of a step: its head, and what is said of the step.
#[component]
pub fn WhyPanel(
    /// The step.
    head: Memo<Option<WhyHead>>,
    /// What is said of it.
    why: Memo<Option<Why>>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let app = app();
    // What it saw follows a frame after the head, so that a press does not wait for all of it; presses meanwhile share that frame.
    let looked = RwSignal::new(0u32);
    let is_due = StoredValue::new(false);
    Effect::new(move |_| {
        app.inspected.track();
        head.track();
        if is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        spawn_local(async move {
            task::next_frame().await;
            // a panel that is closed meanwhile looks at nothing
            let _ = is_due.try_set_value(false);
            let _ = looked.try_update(|n| *n += 1);
        });
    });
    let body = Memo::new(move |_| (looked.get() > 0).then(|| why.get_untracked()).flatten());
    let keys = move |event: leptos::ev::KeyboardEvent| {
        // A chart in the panel took it.
        if event.default_prevented() {
            return;
        }
        if event.key() == "Escape" {
            event.prevent_default();
            return close.run(());
        }
        if let Some(way) = keys::WHY.walk(&event.key()) {
            event.prevent_default();
            walk(app, if way == Walk::Back { -1 } else { 1 });
        }
    };
    view! {
        <div class="why" id=app.id("why") role="dialog" aria-label="Why" tabindex="-1" on:keydown=keys>
            <div class="why-head">
                <div>
                    <h2>{move || head.with(|h| h.as_ref().map(|h| h.time.clone()))}" UTC"</h2>
                    <p class="quiet-text">{move || head.with(|h| h.as_ref().map(|h| your_time(h.at)))}</p>
                    <p class="why-contract">{move || head.with(|h| h.as_ref().map(|h| h.contract.clone()))}</p>
                </div>
                <button type="button" class="quiet" aria-label="Earlier step" on:click=move |_| walk(app, -1)>"←"</button>
                <button type="button" class="quiet" aria-label="Later step" on:click=move |_| walk(app, 1)>"→"</button>
                <button type="button" class="quiet square" aria-label="Close" on:click=move |_| close.run(())><Icon name="close"/></button>
            </div>
            {move || body.get().map(|w| view! { <WhyBody why=w/> })}
        </div>
    }
}

/// Closes the panel; the focus goes back to where it came from, or to the steps.
fn close(app: App, from: &str) {
    app.inspected.set(None);
    app.cursor.set(None);
    let is_there = !from.is_empty() && page::has(from);
    page::focus(if is_there { from } else { "tab-steps" });
}

fn head_of(app: App, unit: usize, step: usize) -> Option<WhyHead> {
    app.session.with_value(|s| {
        let run = s.run.as_ref()?;
        let (_, step, _) = run.step_and_snapshot(unit, step, s.tape.from_pack(run.packs().start))?;
        Some(WhyHead::of(step, &run.resolved().dataset.underlying))
    })
}

fn look(app: App, unit: usize, step: usize) -> Option<Why> {
    app.session.with_value(|s| {
        let run = s.run.as_ref()?;
        let seen = run.inspect(unit, step, s.tape.from_pack(run.packs().start))?;
        let u = run.units().get(unit)?;
        Some(inspect::why(u, u.steps.get(step)?, &seen, &run.resolved().dataset.underlying))
    })
}

/// Moves to the earlier or later row of the Steps table.
fn walk(app: App, go: i64) {
    let Some((unit, step)) = app.inspected.get_untracked() else { return };
    let next = app.session.with_value(|s| {
        let places = s.rows.get(unit)?;
        let here = places.partition_point(|p| (*p as usize) < step) as i64;
        usize::try_from(here + go).ok().and_then(|i| places.get(i)).map(|p| *p as usize)
    });
    if let Some(next) = next {
        app.inspected.set(Some((unit, next)));
    }
}

/// What the panel says of a step, below its head.
#[component]
fn WhyBody(why: Why) -> impl IntoView {
    let Why { reason, market, account, smile_title, smile, candidates, refused, hedge, ledger, payoff, held } = why;
    let owes = ledger.iter().any(|entry| entry.debt.is_some());
    let refused_total: usize = refused.iter().map(|g| g.contracts.len()).sum();
    view! {
        <p class="why-reason">{if reason.is_empty() { "Nothing happened at this mark.".to_owned() } else { reason }}</p>
        <Pairs pairs=market/>
        {(!smile.series.is_empty()).then(|| view! {
            <Drawing lines=smile title=smile_title id="why-smile" label="Implied volatility over strike. Left and right move the cursor."/>
        })}
        {(!hedge.is_empty()).then(|| view! {
            <section>
                <h3>"Hedge"</h3>
                {hedge.into_iter().map(|line| view! { <p class="help">{line}</p> }).collect_view()}
            </section>
        })}
        {(!candidates.is_empty()).then(|| view! { <Candidates rows=candidates/> })}
        {(refused_total > 0).then(|| view! {
            <section>
                <h3>{refused_total}" refused"</h3>
                {refused.into_iter().map(|g| view! { <Refused group=g/> }).collect_view()}
            </section>
        })}
        {(!ledger.is_empty()).then(|| view! {
            <section>
                <h3>"Ledger"</h3>
                <table class="ledger">
                    <thead><tr><th scope="col" class="zoned">"Time, UTC"</th><th scope="col">"For"</th><th scope="col" class="num">"Coins"</th><th scope="col" class="num">"USD"</th>{owes.then(|| view! { <th scope="col" class="num">"Debt"</th> })}</tr></thead>
                    <tbody>{ledger.into_iter().map(|e| view! {
                        <tr><td>{e.time.clone()}<span class="yours">{your_clock_beside(&e.time)}</span></td><td>{e.what}</td><td class="num">{e.coins}</td><td class="num">{e.cash}</td>{owes.then(|| view! { <td class="num">{e.debt}</td> })}</tr>
                    }).collect_view()}</tbody>
                </table>
            </section>
        })}
        {payoff.map(|plot| view! {
            <Drawing lines=plot title="Account at the next expiry".to_owned() id="why-account"
                label="Account value at the next expiry over the index, beside HODL. Left and right move the cursor."/>
            <section>{held.into_iter().map(|h| view! { <p class="help">{h}</p> }).collect_view()}</section>
        })}
        <section><h3>"Account after the step"</h3><Pairs pairs=account/></section>
    }
}

/// Options that were refused for one reason, folded away; the next step leaves the fold as it is.
#[component]
fn Refused(group: RefusedGroup) -> impl IntoView {
    let open = remember::flag(app(), group.reason);
    let toggle = move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <details class="refused" open=open.get_untracked() on:toggle=toggle>
            <summary><span class="num">{group.contracts.len()}</span>" "{group.reason}</summary>
            <p>{group.contracts.join(", ")}</p>
        </details>
    }
}

#[component]
fn Pairs(pairs: Vec<(&'static str, String)>) -> impl IntoView {
    view! {
        <dl class="facts">
            {pairs.into_iter().map(|(name, value)| {
                let class = (value.chars().count() > LONG).then_some("wide");
                let label = match RISK_GLOSSARY.iter().find(|figure| figure.title == name) {
                    Some(figure) => view! { <Tip label=name lines=explain(figure.key).1/> }.into_any(),
                    None => name.into_any(),
                };
                view! { <div class=class><dt>{label}</dt><dd>{value}</dd></div> }
            }).collect_view()}
        </dl>
    }
}

#[component]
fn Candidates(rows: Vec<CandidateRow>) -> impl IntoView {
    let all = RwSignal::new(false);
    let count = rows.len();
    let rows = StoredValue::new(rows);
    let shown = move || rows.with_value(|r| r[..if all.get() { count } else { count.min(FEW) }].to_vec());
    view! {
        <section>
            <h3>{count}" candidates"</h3>
            <p class="legend" aria-hidden="true">
                <span data-term="IV/RV">"IV/RV"</span><span data-term="delta">"delta"</span><span data-term="DTE">"DTE"</span>
                <span data-term="premium">"premium"</span><span data-term="taken">"taken away"</span>
            </p>
            <table class="candidates">
                <thead><tr>
                    <th scope="col">"Contract"</th><th scope="col" class="num">"Days"</th><th scope="col" class="num">"Δ"</th>
                    <th scope="col" class="num">"Prem. %"</th><th scope="col">"Points"</th><th scope="col" class="num">"Score"</th>
                </tr></thead>
                <tbody>{move || shown().into_iter().map(|r| view! { <CandidateLine row=r/> }).collect_view()}</tbody>
            </table>
            {(count > FEW).then(|| view! {
                <button type="button" class="quiet" on:click=move |_| all.update(|a| *a = !*a)>
                    {move || if all.get() { "Show fewer".to_owned() } else { format!("Show all {count}") }}
                </button>
            })}
        </section>
    }
}

#[component]
fn CandidateLine(row: CandidateRow) -> impl IntoView {
    let words = row.points.iter().map(|(n, p)| format!("{n} {p:.2}")).collect::<Vec<_>>().join(", ");
    let words = if row.taken < 0.0 { format!("{words}; taken away {:.2}", -row.taken) } else { words };
    let [days, delta, premium] = row.figures;
    view! {
        <tr class:chosen=row.chosen title=format!("bid / ask {}", row.quote)>
            <td class="cut">{row.contract}</td><td class="num">{days}</td><td class="num">{delta}</td><td class="num">{premium}</td>
            <td>
                <span class="stack" role="img" aria-label=words.clone() title=words.clone()>
                    {row.points.into_iter().map(|(name, p)| view! { <span data-term=name style:--points=p.to_string()></span> }).collect_view()}
                    {(row.taken < 0.0).then(|| view! { <span data-term="taken" style:--points=(-row.taken).to_string()></span> })}
                </span>
            </td>
            <td class="num">{format!("{:.2}", row.score)}</td>
        </tr>
    }
}

/// A chart under its title.
#[component]
fn Drawing(lines: Lines, title: String, id: &'static str, label: &'static str) -> impl IntoView {
    let about = about(title.clone());
    let unit = RwSignal::new(app().inspected.with_untracked(|place| place.map_or(0, |(unit, _)| unit)));
    view! {
        <section>
            <h3>{title}</h3>
            <LineChart lines=Memo::new(move |_| lines.clone()) id=id label=label empty="" of_unit=unit about=about/>
        </section>
    }
}
