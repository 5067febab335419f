//! The page's head: name, pages, link, theme.

use super::Icon;
use crate::app::address::fragment_of;
use crate::app::keep;
use crate::app::state::app;
use crate::display::Route;
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Name, pages, copy link, theme switch.
#[component]
pub fn Header() -> impl IntoView {
    let app = app();
    let copied = RwSignal::new("");
    let copy = move |_| {
        if let Ok(written) = app.draft.with_untracked(|d| d.to_request()) {
            page::set_fragment(&fragment_of(&written), false);
        }
        spawn_local(async move {
            let done = page::copy(&page::address()).await;
            copied.set(if done { "Link copied" } else { "Copy the address from the address bar" });
            crate::web::task::sleep(2_500).await;
            copied.set("");
        });
    };
    let next_theme = move |_| {
        let dark = match app.theme.get_untracked().as_str() {
            "dark" => true,
            "light" => false,
            _ => page::system_is_dark(),
        };
        let theme = if dark { "light" } else { "dark" };
        page::set_preference("theme", theme);
        app.theme.set(theme.into());
    };
    view! {
        <header class="head">
            <h1 class="name">"chainwalk"</h1>
            <Places/>
            <p class="tagline">"Walk an options strategy through real history"</p>
            <span class="head-note" role="status">{copied}</span>
            <button type="button" class="quiet" on:click=copy><Icon name="link"/><span>"Copy link"</span></button>
            <button type="button" class="quiet square" aria-label="Switch between light and dark" on:click=next_theme>
                <Icon name="theme"/>
            </button>
        </header>
    }
}

/// The pages, the present one marked.
#[component]
fn Places() -> impl IntoView {
    let app = app();
    let place = move |route: Route, words: &'static str| {
        let (own, to) = (route.clone(), route.clone());
        let current = move || app.route.with(|here| here.belongs_to(&own)).then_some("page");
        let follow = move |event: leptos::ev::MouseEvent| {
            if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
                event.prevent_default();
                keep::go(app, to.clone());
            }
        };
        view! { <a href=route.link() aria-current=current on:click=follow>{words}</a> }
    };
    view! {
        <nav class="places" aria-label="Pages">
            {place(Route::Backtest, "Backtest")}
            {place(Route::Runs, "Runs")}
            {place(Route::Help, "Help")}
        </nav>
    }
}
