//! Folders that are dropped on the page, walked to the files in them.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};

#[wasm_bindgen]
extern "C" {
    type Dropped;
    #[wasm_bindgen(method, getter)]
    fn items(this: &Dropped) -> JsValue;

    type Item;
    #[wasm_bindgen(method, js_name = webkitGetAsEntry)]
    fn entry(this: &Item) -> Option<Entry>;

    /// A dropped file or folder.
    pub type Entry;
    #[wasm_bindgen(method, getter, js_name = isDirectory)]
    fn is_folder(this: &Entry) -> bool;
    #[wasm_bindgen(method, js_name = createReader)]
    fn reader(this: &Entry) -> Reader;
    #[wasm_bindgen(method)]
    fn file(this: &Entry, done: &Function, failed: &Function);

    type Reader;
    #[wasm_bindgen(method, js_name = readEntries)]
    fn read(this: &Reader, done: &Function, failed: &Function);
}

/// What was dropped, where a folder is among it; empty where there is none. Only in the drop itself can it be asked for.
pub fn dropped(event: &DragEvent) -> Vec<Entry> {
    let Some(data) = event.data_transfer() else { return Vec::new() };
    let items = data.unchecked_into::<Dropped>().items();
    let entries: Vec<Entry> =
        Array::from(&items).iter().filter_map(|item| item.unchecked_into::<Item>().entry()).collect();
    if entries.iter().any(Entry::is_folder) { entries } else { Vec::new() }
}

/// The files of folders and of the folders in them, at most `most` of them; what the browser cannot read is left out.
pub async fn walk(mut entries: Vec<Entry>, most: usize) -> Vec<File> {
    let mut files = Vec::new();
    entries.reverse();
    while let Some(entry) = entries.pop().filter(|_| files.len() < most) {
        if entry.is_folder() {
            let reader = entry.reader();
            // A reader gives some of a folder at a time, and at last nothing.
            loop {
                let part = JsFuture::from(Promise::new(&mut |done, failed| reader.read(&done, &failed))).await;
                let part = part.map_or_else(|_| Array::new(), |part| Array::from(&part));
                if part.length() == 0 {
                    break;
                }
                entries.extend(part.iter().map(JsCast::unchecked_into::<Entry>));
            }
        } else if let Ok(file) = JsFuture::from(Promise::new(&mut |done, failed| entry.file(&done, &failed))).await {
            files.push(file.unchecked_into());
        }
    }
    files
}
