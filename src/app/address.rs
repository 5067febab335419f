//! The address's fragment: which request it carries, and the link that is sent to somebody else.

use super::state::App;
use crate::display::{Draft, Route};
use crate::share::{self, Link, LinkError};
use crate::web::{history, page};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The fragment of a request; empty for the empty request.
pub fn fragment_of(written: &Value) -> String {
    if written.as_object().is_some_and(Map::is_empty) {
        String::new()
    } else {
        share::encode(&Link { written: written.clone(), claim: None })
    }
}

/// The address to send: the form's request, with its result where that is on screen.
pub fn to_share(app: App) -> String {
    let written = app.written.get_untracked();
    let shown = app.shown.get_untracked().filter(|shown| !shown.example);
    let Some(written) = written.or_else(|| shown.as_ref().map(|shown| shown.written.clone())) else {
        return page::address();
    };
    let is_shown = shown.is_some_and(|shown| shown.written == written);
    app.session
        .with_value(|s| share::address(&site(app), written, s.run.as_ref().filter(|_| is_shown && !s.is_foreign)))
}

/// The page's address without a fragment, with the folder that its data come from.
pub fn site(app: App) -> String {
    let query =
        app.folder.with_value(|folder| (!folder.is_own()).then(|| page::query_of("catalog", &folder.catalog())));
    page::base_address() + &query.unwrap_or_default()
}

/// Writes a request into the address of the front page.
pub fn write(app: App, written: &Value, new_entry: bool) {
    let fragment = fragment_of(written);
    history::set_fragment(&fragment, new_entry && page::fragment() != fragment);
    app.addressed.set_value(Some(written.clone()));
    app.route.set(Route::Backtest);
}

/// Lets the address carry what a sound form says, unless it does already: as a link, or as the name of a kept run.
pub fn follow_form(app: App, new_entry: bool) {
    let is_front = app.route.with_untracked(Route::is_front);
    if let Some(written) = app.written.get_untracked()
        && is_front
        && app.addressed.with_value(|addressed| addressed.as_ref().is_some_and(|before| *before != written))
    {
        write(app, &written, new_entry);
    }
}

/// Fills the form with a whole request, and lets the address say it: Back brings what was there before.
pub fn take_request(app: App, written: &Value) {
    let filled = app.catalog_ready_untracked().and_then(|catalog| Draft::of_request(written, &catalog));
    if let Some(draft) = filled {
        write(app, written, true);
        fill_form(app, draft);
    }
}

/// Fills the form; the address already says the same.
pub fn fill_form(app: App, draft: Draft) {
    app.addressed.set_value(draft.to_request().ok());
    app.draft.set(draft);
    app.problems.set(Vec::new());
}

/// The link of a fragment; an empty one is the empty request.
///
/// # Errors
/// Why the address cannot be read, one sentence.
pub fn link_of(fragment: &str) -> Result<Link, String> {
    if fragment.is_empty() {
        return Ok(Link { written: Value::Object(Map::new()), claim: None });
    }
    share::decode(fragment).map_err(|e| match e {
        LinkError::NoRequest => "This address is no page and no link of chainwalk.".into(),
        e => format!("This link cannot be read: {e}."),
    })
}
