//! Shortcuts: a key does what its button does.

use super::keep;
use super::state::App;
use crate::display::Route;
use crate::display::keys::{Shortcut, shortcut};
use crate::web::{page, task};
use leptos::ev::{KeyboardEvent, focusin, keydown};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often, and how many milliseconds apart, a place on a page that is gone to is looked for.
const TURNS: usize = 50;
const TURN_MS: u32 = 20;

/// Hears the page's keys for its life; what a component used is not heard.
pub fn hear(app: App) {
    let heard = move |event: KeyboardEvent| {
        let with_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
        let found = shortcut(&event.key(), &page::focused_tag(), with_modifier);
        if let Some(shortcut) = found.filter(|_| !event.default_prevented())
            && follow(app, shortcut)
        {
            event.prevent_default();
        }
    };
    // After the components' own listeners, which were there first.
    Effect::new(move |_| drop(window_event_listener(keydown, heard)));
    drop(window_event_listener(focusin, |event| page::show_reached(&event)));
}

/// Does what the key stands for; false where it has nothing to do here.
fn follow(app: App, shortcut: Shortcut) -> bool {
    let is_front = app.route.with_untracked(Route::is_front);
    let press = |id: &str| is_front && page::press(id);
    match shortcut {
        Shortcut::RunOrPause => press(if app.is_active() { "pause" } else { "start" }),
        Shortcut::Step => press("step"),
        Shortcut::Stop => app.is_active() && press("start"),
        Shortcut::Compare if app.route.get_untracked() == Route::Runs => page::press("compare-selected"),
        Shortcut::Compare => is_front && (page::press("compare-variants") || tell_of_one(app)),
        Shortcut::Share => press("copy-link"),
        Shortcut::Search => go(app, Route::Runs, "run-search"),
        Shortcut::Help => go(app, Route::Help("keys".into()), "help-keys"),
    }
}

/// Says why there is nothing to compare.
fn tell_of_one(app: App) -> bool {
    let text = "There is one variant here, or none was run yet: add another and run both, or choose two runs on the Runs page.";
    app.notice.set(Some(text.into()));
    true
}

/// Goes to a page, and to a place on it once it is there.
fn go(app: App, route: Route, place: &'static str) -> bool {
    if app.route.get_untracked() != route {
        keep::go(app, route);
    }
    spawn_local(async move {
        // The kept runs are read before their page has its tools.
        for _ in 0..TURNS {
            task::sleep(TURN_MS).await;
            if page::has(place) {
                return page::scroll_to(place);
            }
        }
    });
    true
}
