//! The page: mounts, shares its state by context, hears the address and the theme.

#[cfg(feature = "bench")]
pub mod bench;
pub mod address;
pub mod ahead;
pub mod api;
pub mod calibrate;
pub mod charts;
pub mod clock;
pub mod components;
pub mod desk;
pub mod driver;
pub mod export;
pub mod files;
pub mod keep;
pub mod keys;
pub mod live;
pub mod loader;
pub mod own;
pub mod pages;
pub mod prices;
pub mod remember;
pub mod reopen;
pub mod state;
pub mod tape;
pub mod verify;

use crate::display::Route;
use crate::web::{history, observe, offline, page, task};
use leptos::context::Provider;
use leptos::prelude::*;
use state::App;

/// What stands below every page; `index.html` has it for who waits.
const ADVICE: &str = "History is no promise, and this is not investment advice.";

/// Longest wait of the first paint for what takes its place, ms.
const REVEAL_MS: u32 = 4_000;

/// Mounts the page on the document's body, unseen: the first paint stays until the front page has something to show in its place.
pub fn mount() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "bench")]
    if let Some(folder) = bench::asked() {
        bench::mount(folder);
        return reveal();
    }
    // Leptos has no tasks before it has a page.
    wasm_bindgen_futures::spawn_local(async {
        // The program has just been started, which took a turn's time.
        task::next_turn().await;
        mount_to_body(Root);
        if Route::of(&page::fragment()).is_front() {
            task::sleep(REVEAL_MS).await;
        }
        reveal();
    });
}

/// Shows the page in place of its first paint; nothing happens the second time.
pub fn reveal() {
    page::remove("skeleton");
}

#[component]
fn Root() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    let shelf = components::runs::Shelf::new();
    remember::runs_page(shelf);
    provide_context(shelf);
    provide_context(pages::Checked::new());
    provide_context(components::open::Opening::new());
    page::set_theme(&app.theme.get_untracked());
    Effect::new(move |_| app.theme.with(|theme| page::set_theme(theme)));
    Effect::new(move |_| {
        app.draft.track();
        address::follow_form(app, false);
    });
    Effect::new(move |_| {
        app.route.with(|route| {
            page::set_title(route.title());
            page::mark("page", !route.is_front() && !matches!(route, Route::Help(_)));
        })
    });
    Effect::new(move |_| remember::zoom(app));
    Effect::new(move |_| remember::inspected(app));
    Effect::new(move |_| {
        // A form that was changed does not ask for it any more.
        app.written.track();
        if matches!(app.question.get_untracked(), Some(state::Question::Identical(_))) {
            app.question.set(None);
        }
    });
    observe::on_system_theme(move || app.system_theme.update(|n| *n += 1));
    history::hear();
    observe::note_presses();
    observe::on_address(move || {
        if !history::follow() {
            return;
        }
        keep::follow_address(app);
        // Back brings the result that was there, too.
        if app.route.with_untracked(|route| *route == Route::Backtest) && app.is_free() {
            leptos::task::spawn_local(async move {
                let _ = reopen::show_same(app, reopen::Again::Any).await;
            });
        }
    });
    observe::on_hide(move || {
        keep::save_at_once(app);
        history::keep_scroll();
    });
    prices::follow(app);
    loader::load_catalog(app);
    api::offer(app);
    if page::is_asked("embed") {
        return view! { <pages::Embed/> }.into_any();
    }
    keys::hear(app);
    ahead::follow(app);
    // The address is read more than once; a page is built once.
    let route = Memo::new(move |_| app.route.get());
    let elsewhere = move || match route.get() {
        Route::Backtest | Route::Kept(_) | Route::Data(_) | Route::Help(_) => ().into_any(),
        Route::Runs => view! { <pages::Runs/> }.into_any(),
        Route::Compare(sides) => view! { <pages::Compare sides=sides/> }.into_any(),
        Route::Gallery => view! { <pages::Gallery/> }.into_any(),
        Route::Verify => view! { <pages::Verify/> }.into_any(),
    };
    let is_front = Memo::new(move |_| app.route.with(Route::is_front));
    // What is out of sight has no focus.
    Effect::new(move |_| {
        if !is_front.get() && page::is_focus_within(".front") {
            page::blur();
        }
    });
    // These stay while their own places change.
    let is_data = Memo::new(move |_| app.route.with(|route| matches!(route, Route::Data(_))));
    let is_help = Memo::new(move |_| app.route.with(|route| matches!(route, Route::Help(_))));
    leptos::task::spawn_local(offline::keep(move || app.is_newer_there.set(true)));
    view! {
        <Show when=move || is_front.get()>
            <a class="skip" href="#run" on:click=skip>"Skip to the results"</a>
        </Show>
        <components::Header/>
        <components::NewerBuild/>
        // The front page stays while another is looked at: its run walks on.
        <div class="front" class:away=move || !is_front.get()>
            <Provider value=components::InSight(is_front)>
                <components::Later part=|| view! { <pages::Backtest/> }.into_any()/>
            </Provider>
        </div>
        <Show when=move || is_data.get()><pages::Data/></Show>
        <Show when=move || is_help.get()><pages::Help/></Show>
        {elsewhere}
        <footer class="foot">
            "Computed in this tab; nothing leaves it. "{ADVICE}
        </footer>
    }
    .into_any()
}

/// Keeps the fragment, which belongs to the request.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    page::focus("run");
}
