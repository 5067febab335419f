//! The page's head: name, pages, link, theme.

use super::Icon;
use crate::app::state::{App, app};
use crate::app::{address, keep, own};
use crate::display::{DataPlace, Route};
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Name, pages, copy link, theme switch.
#[component]
pub fn Header() -> impl IntoView {
    let app = app();
    let copied = RwSignal::new("");
    let copy = move |_| {
        let link = address::to_share(app);
        spawn_local(async move {
            let done = page::copy(&link).await;
            let is_own = app.form_dataset_untracked().is_some_and(|dataset| own::is_opened(app, &dataset.id));
            let words = match done {
                true if is_own => "Link copied; it opens where the data are: send its dataset folder too",
                true => "Link copied",
                false => "Copy the address from the address bar",
            };
            copied.set(words);
            crate::web::task::sleep(if is_own { 8_000 } else { 2_500 }).await;
            copied.set("");
        });
    };
    let next_theme = move |_| {
        let dark = match app.theme.get_untracked().as_str() {
            "dark" => true,
            "light" => false,
            _ => page::system_is_dark(),
        };
        // What the system has anyway is not chosen: the page follows the system again.
        let theme = match (dark, page::system_is_dark()) {
            (true, true) => "light",
            (false, false) => "dark",
            _ => "",
        };
        page::set_preference("theme", theme);
        app.theme.set(theme.into());
    };
    view! {
        <header class="head">
            <h1 class="name">"chainwalk"</h1>
            <nav class="pages" aria-label="Pages">
                <PageLink route=Route::Backtest words="Backtest"/>
                <PageLink route=Route::Runs words="Runs"/>
                <PageLink route=Route::Data(DataPlace::default()) words="Data"/>
                <PageLink route=Route::Help(String::new()) words="Help"/>
            </nav>
            <span class="head-note" role="status">{copied}</span>
            <Show when=move || app.route.with(Route::is_front)>
                <button type="button" class="quiet" id=app.id("copy-link") aria-label="Copy link" on:click=copy><Icon name="link"/><span>"Copy link"</span></button>
            </Show>
            <button type="button" class="quiet square" aria-label="Switch between light and dark" on:click=next_theme>
                <Icon name="theme"/>
            </button>
        </header>
    }
}

/// A page's link; a press moves there without a reload.
#[component]
fn PageLink(route: Route, words: &'static str) -> impl IntoView {
    let app = app();
    let (here, there) = (route.clone(), route.clone());
    let current = move || app.route.with(|now| now.belongs_to(&here)).then_some("page");
    let go = move |event: leptos::ev::MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            leave_for(app, there.clone());
        }
    };
    view! { <a href=route.link() aria-current=current on:click=go>{words}</a> }
}

/// The front page is gone back to as it stands; the others begin at their top.
fn leave_for(app: App, route: Route) {
    if app.route.get_untracked().is_front() && route.is_front() {
        return;
    }
    keep::go(app, route);
    page::scroll_to_top();
}
