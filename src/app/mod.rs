//! The page.

pub mod bench;

/// Mounts the page on the document's body.
pub fn mount() {
    console_error_panic_hook::set_once();
    if let Some(folder) = bench::asked() {
        return bench::mount(folder);
    }
}
