//! The page.

/// Mounts the page on the document's body.
pub fn mount() {
    console_error_panic_hook::set_once();
}
