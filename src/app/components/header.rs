//! The page's head: name, link, theme.

use super::Icon;
use crate::app::address::fragment_of;
use crate::app::state::app;
use crate::web::page;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Name, copy link, theme switch.
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
            <p class="tagline">"Walk an options strategy through real history"</p>
            <span class="head-note" role="status">{copied}</span>
            <button type="button" class="quiet" on:click=copy><Icon name="link"/><span>"Copy link"</span></button>
            <button type="button" class="quiet square" aria-label="Switch between light and dark" on:click=next_theme>
                <Icon name="theme"/>
            </button>
        </header>
    }
}
