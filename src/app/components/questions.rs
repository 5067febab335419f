//! What a person must decide, and what came of a link.

use super::unbroken;
use crate::app::clock::utc_and_yours;
use crate::app::state::{Question, Verdict, app};
use crate::app::{driver, keep, reopen};
use crate::display::Route;
use crate::display::format::sentence;
use crate::display::help::{DIFFERS, VERIFIED};
pub use crate::display::runs::name_of;
use crate::store::Kept;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The storage's state, and a question with its answers; nothing where all is clear.
#[component]
pub fn Questions() -> impl IntoView {
    let app = app();
    view! {
        <StoreFault/>
        {move || app.question.get().map(|question| match question {
            Question::Identical(kept) => view! { <Identical kept=*kept/> }.into_any(),
            Question::Interrupted(kept) => view! { <Interrupted kept=*kept/> }.into_any(),
            Question::CannotResume(kept, reason) => view! { <CannotResume kept=*kept reason=reason/> }.into_any(),
            Question::Busy(who) => view! { <Busy who=who/> }.into_any(),
        })}
    }
}

/// Why nothing is kept; nothing while all is well.
#[component]
pub fn StoreFault() -> impl IntoView {
    let app = app();
    view! {
        {move || app.store_fault.get().map(|text| view! {
            <div class="banner warn" role="status" id=app.id("store-fault")><p><strong>"Not kept. "</strong>{sentence(&text)}</p></div>
        })}
    }
}

fn put_away(app: crate::app::state::App) {
    app.question.set(None);
}

#[component]
fn Identical(kept: Kept) -> impl IntoView {
    let app = app();
    let (name, id) = (name_of(&kept), kept.run.id.clone());
    let when = utc_and_yours(kept.run.created_ms);
    view! {
        <div class="banner calm" role="alert" id=app.id("question")>
            <p><strong>"Identical run exists. "</strong>{format!("{name} is up to date, computed {when}.")}</p>
            <button type="button" on:click=move |_| { put_away(app); open(app, &id); }>"Open it"</button>
            <button type="button" on:click=move |_| driver::start_again(app)>"Run again"</button>
        </div>
    }
}

/// Shows a kept run on the front page.
pub fn open(app: crate::app::state::App, id: &str) {
    let route = Route::Kept(id.to_owned());
    keep::go(app, route);
    keep::follow_address(app);
}

#[component]
fn Interrupted(kept: Kept) -> impl IntoView {
    let app = app();
    let (name, id) = (name_of(&kept), kept.run.id.clone());
    let done = format!("{} of {} done", kept.run.decisions_done, kept.run.decisions_total);
    let resume = move |_| {
        let kept = kept.clone();
        put_away(app);
        spawn_local(reopen::resume(app, kept));
    };
    let discard = move |_| spawn_local(keep::discard(app, id.clone()));
    view! {
        <div class="banner calm" role="alert" id=app.id("question")>
            <p><strong>"Interrupted when the page closed: "</strong>{unbroken(&format!("{done}. {name}."))}</p>
            <button type="button" id=app.id("resume-interrupted") on:click=resume>"Resume"</button>
            <button type="button" id=app.id("discard-interrupted") on:click=discard>"Discard"</button>
        </div>
    }
}

#[component]
fn CannotResume(kept: Kept, reason: String) -> impl IntoView {
    let app = app();
    let id = kept.run.id.clone();
    let name = name_of(&kept);
    let again = move |_| {
        let kept = kept.clone();
        put_away(app);
        reopen::run_again(app, &kept);
    };
    let discard = move |_| spawn_local(keep::discard(app, id.clone()));
    view! {
        <div class="banner warn" role="alert" id=app.id("question")>
            <p><strong>"This run cannot go on. "</strong>{unbroken(&format!("{name}: {reason}."))}</p>
            <button type="button" on:click=again>"Run again"</button>
            <button type="button" on:click=discard>"Discard"</button>
        </div>
    }
}

#[component]
fn Busy(who: String) -> impl IntoView {
    let app = app();
    view! {
        <div class="banner warn" role="alert" id=app.id("question")>
            <p><strong>"Backtest already running "</strong>{format!("in another tab: {who}.")}</p>
            <button type="button" id=app.id("stop-and-start") on:click=move |_| driver::stop_and_start(app)>"Stop and start"</button>
            <button type="button" on:click=move |_| put_away(app)>"Let it run"</button>
        </div>
    }
}

/// What came of recomputing a link's result; nothing where no link said any.
#[component]
pub fn VerdictLine() -> impl IntoView {
    let app = app();
    view! {
        {move || app.verdict.get().map(|verdict| {
            let (class, strong, text) = match verdict {
                Verdict::Pending => ("banner calm", "Recomputing ".to_owned(), "the result that this link claims.".to_owned()),
                Verdict::Verified => ("banner good", format!("{}: ", VERIFIED.0), VERIFIED.1.to_owned()),
                Verdict::Differs(moved) => ("banner warn", format!("{DIFFERS}: "), format!("{}. The result below is this page's; Assumptions has its digest.", moved.join("; "))),
            };
            view! { <div class=class role="status" id=app.id("verdict")><p><strong>{strong}</strong>{text}</p></div> }
        })}
    }
}
