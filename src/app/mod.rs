//! The page: mounts, shares its state by context, hears the address and the theme.

#[cfg(feature = "bench")]
pub mod bench;
pub mod charts;
pub mod components;
pub mod driver;
pub mod link;
pub mod loader;
pub mod pages;
pub mod state;
pub mod tape;

use crate::web::{observe, page};
use leptos::prelude::*;
use state::App;

/// Mounts the page on the document's body and takes the skeleton away.
pub fn mount() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "bench")]
    if let Some(folder) = bench::asked() {
        return bench::mount(folder);
    }
    mount_to_body(Root);
    page::remove("skeleton");
}

#[component]
fn Root() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    page::set_theme(&app.theme.get_untracked());
    Effect::new(move |_| app.theme.with(|theme| page::set_theme(theme)));
    observe::on_address(move || loader::read_address(app));
    loader::load_catalog(app);
    view! { <pages::Backtest/> }
}
