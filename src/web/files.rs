//! Files that a person chooses or drops on the page.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

fn listed(list: Option<FileList>) -> Vec<File> {
    list.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|i| list.get(i)).collect())
}

/// The files of a file input, which is emptied so that the same file can be chosen again.
pub fn chosen(event: &Event) -> Vec<File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = listed(input.files());
    input.set_value("");
    files
}

/// True where what is dragged holds files.
pub fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// The files that were dropped.
pub fn dropped(event: &DragEvent) -> Vec<File> {
    listed(event.data_transfer().and_then(|data| data.files()))
}

/// A file's bytes; `None` where the browser cannot read it.
pub async fn bytes_of(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
