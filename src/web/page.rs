//! The page itself: address, theme, stored preferences, clipboard, downloads, focus.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Url};

/// The address's fragment without its `#`.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Names the page, for the tab, the history and bookmarks.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|w| w.document()) {
        document.set_title(title);
    }
}

/// The whole address.
pub fn address() -> String {
    web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default()
}

/// A stored preference; `None` where there is none or storage is closed.
pub fn preference(key: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(&format!("chainwalk.{key}")).ok()?
}

/// Stores a preference; where storage is closed it lasts as long as the page.
pub fn set_preference(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|w| w.local_storage()) {
        drop(storage.set_item(&format!("chainwalk.{key}"), value));
    }
}

/// How this tab looked at something before a reload; `None` where it did not, or storage is closed.
pub fn view(key: &str) -> Option<String> {
    web_sys::window()?.session_storage().ok()??.get_item(&format!("chainwalk.{key}")).ok()?
}

/// Stores how this tab looks at something; other tabs and later ones begin without it.
pub fn set_view(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|w| w.session_storage()) {
        drop(storage.set_item(&format!("chainwalk.{key}"), value));
    }
}

/// Marks the document's root with `data-{flag}` for the style sheet. A rule by what stands in the page (`:has`) would be tried at each of its
/// changes, and might style all of it anew.
pub fn mark(flag: &str, is_on: bool) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    // it is a valid name
    drop(root.map(|root| root.toggle_attribute_with_force(&format!("data-{flag}"), is_on)));
}

/// Sets the theme, and the colour of the browser's own frame with it: `light`, `dark`, or empty for the system's.
pub fn set_theme(theme: &str) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    if let Some(root) = root {
        let set = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
        drop(set);
    }
    for scheme in ["light", "dark"] {
        let media = match theme {
            "" => format!("(prefers-color-scheme: {scheme})"),
            chosen => (if chosen == scheme { "all" } else { "not all" }).to_owned(),
        };
        let document = web_sys::window().and_then(|w| w.document());
        let meta =
            document.and_then(|d| d.query_selector(&format!("meta[name=theme-color][data-scheme={scheme}]")).ok()?);
        drop(meta.map(|meta| meta.set_attribute("media", &media)));
    }
}

/// True where the system prefers dark.
pub fn system_is_dark() -> bool {
    let query = web_sys::window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|q| q.matches())
}

/// Puts text on the clipboard; false where the browser refuses.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if clipboard.is_undefined() {
        return false;
    }
    let clipboard: web_sys::Clipboard = clipboard.unchecked_into();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Offers bytes as a file of a media type.
pub fn download(name: &str, media_type: &str, bytes: &[u8]) {
    if let Some(blob) = blob(media_type, bytes) {
        offer(name, &blob);
    }
}

/// Bytes as a blob of a media type; `None` where the browser has no room for them.
pub fn blob(media_type: &str, bytes: &[u8]) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options).ok()
}

/// Offers a blob as a file.
pub fn offer(name: &str, blob: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
    let anchor = web_sys::window().and_then(|w| w.document()).and_then(|d| d.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|a| a.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    drop(Url::revoke_object_url(&url));
}

/// Bytes that the browser keeps for this site and bytes that it grants; `None` where it does not say.
pub async fn storage_estimate() -> Option<(u64, u64)> {
    let navigator = web_sys::window()?.navigator();
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let estimate: Function = Reflect::get(&storage, &"estimate".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = estimate.call0(&storage).ok()?.dyn_into().ok()?;
    let found = JsFuture::from(promise).await.ok()?;
    let number = |key: &str| Reflect::get(&found, &key.into()).ok()?.as_f64().map(|bytes| bytes as u64);
    number("usage").zip(number("quota"))
}

/// Moves the focus to an element by id, and opens the fold that it stands in; nothing happens where there is none.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id));
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        if let Ok(Some(fold)) = element.closest("details.fold") {
            drop(fold.set_attribute("open", ""));
        }
        drop(element.focus());
    }
}

/// Presses a button by its id; false where it is not there or cannot be pressed.
pub fn press(id: &str) -> bool {
    let element = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id));
    let Some(button) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return false };
    let can = !button.has_attribute("disabled");
    if can {
        button.click();
    }
    can
}

/// Presses what a selector finds first within an element.
pub fn press_in(within: &web_sys::Element, selector: &str) {
    let found = within.query_selector(selector).ok().flatten();
    if let Some(button) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

/// True where an element of this id is on the page.
pub fn has(id: &str) -> bool {
    web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id)).is_some()
}

/// The tag of the element that has the focus, in capitals; empty where none has it, or only a slider. A check box, into which nothing
/// is typed, is a button.
pub fn focused_tag() -> String {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    let tag = |element: web_sys::Element| match element.get_attribute("type").as_deref() {
        Some("checkbox") => "BUTTON".into(),
        Some("range") => String::new(),
        _ => element.tag_name(),
    };
    active.map(tag).unwrap_or_default()
}

/// The id of the element that has the focus; empty where it has none, or nothing has the focus.
pub fn focused_id() -> String {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    active.map(|element| element.id()).unwrap_or_default()
}

/// Brings an element to the top of the window and moves the focus there; nothing happens where there is none.
pub fn scroll_to(id: &str) {
    focus(id);
    if let Some(element) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Scrolls the row that an element stands in sideways until all of the element is in sight; the page stays where it is.
pub fn show_across(id: &str) {
    let found = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id));
    let Some((element, row)) = found.and_then(|element| element.parent_element().map(|row| (element, row))) else {
        return;
    };
    let (seen, place) = (row.get_bounding_client_rect(), element.get_bounding_client_rect());
    // A part of the next one stays in sight, but the whole of this one first.
    let next = 2.0 * rem();
    let right = (place.right() + next - seen.right()).min(place.left() - seen.left());
    let beyond = if right > 0.0 { right } else { (place.left() - next - seen.left()).min(0.0) };
    row.set_scroll_left(row.scroll_left() + beyond as i32);
}

/// True where an element has the focus.
pub fn has_focus(id: &str) -> bool {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    active.is_some_and(|element| element.id() == id)
}

/// True where the focus is in an element that a selector finds.
pub fn is_focus_within(selector: &str) -> bool {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    active.and_then(|element| element.closest(selector).ok().flatten()).is_some()
}

/// A few random lower-case letters.
#[allow(clippy::disallowed_methods, reason = "names of kept runs are no part of a result")]
pub fn random_letters(count: usize) -> String {
    let letter = || char::from(b'a' + (js_sys::Math::random() * 26.0) as u8);
    (0..count).map(|_| letter()).collect()
}

/// The value of a key in the address's query; `None` without the key, or where it is not text.
pub fn asked(key: &str) -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(name, _)| *name == key).map(|(_, value)| value).next()?;
    js_sys::decode_uri_component(value).ok().map(String::from)
}

/// A query of one key; what an address does not allow is escaped.
pub fn query_of(key: &str, value: &str) -> String {
    format!("?{key}={}", String::from(js_sys::encode_uri_component(value)))
}

/// True where the address's query has a key with the value 1.
pub fn is_asked(key: &str) -> bool {
    asked(key).as_deref() == Some("1")
}

/// Scrolls to the page's beginning.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The address without its query and fragment.
pub fn base_address() -> String {
    let address = address();
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// True where the visitor's browser is asked to save data.
pub fn saves_data() -> bool {
    let connection = web_sys::window().and_then(|w| Reflect::get(&w.navigator(), &"connection".into()).ok());
    connection.and_then(|c| Reflect::get(&c, &"saveData".into()).ok()).is_some_and(|saves| saves.is_truthy())
}

/// Removes an element by id.
pub fn remove(id: &str) {
    if let Some(element) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id)) {
        element.remove();
    }
}

/// Brings what Tab has just reached into view, whole: where part of it is seen already, browsers leave it at that.
pub fn show_reached(event: &web_sys::FocusEvent) {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
    if element.matches(":focus-visible").unwrap_or(false) {
        let how = js_sys::Object::new();
        for side in ["block", "inline"] {
            // a plain object takes every property
            drop(Reflect::set(&how, &side.into(), &"nearest".into()));
        }
        let scroll =
            Reflect::get(&element, &"scrollIntoView".into()).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok());
        drop(scroll.map(|scroll| scroll.call1(&element, &how)));
    }
}

/// The height of a rem in CSS pixels: 16, and more where the visitor's type is larger.
pub fn rem() -> f64 {
    let window = web_sys::window();
    let root = window.as_ref().and_then(|w| w.document()?.document_element());
    let style = window.zip(root).and_then(|(w, root)| w.get_computed_style(&root).ok().flatten());
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.map(|size| js_sys::parse_float(&size)).filter(|size| size.is_finite()).unwrap_or(16.0)
}

/// Takes the focus from whatever has it.
pub fn blur() {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    if let Some(element) = active.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        drop(element.blur());
    }
}

/// How many minutes the visitor's clock is ahead of UTC at an instant, ms UTC.
pub fn minutes_ahead(at: i64) -> i32 {
    -(js_sys::Date::new(&(at as f64).into()).get_timezone_offset() as i32)
}

/// True where the focus goes from an element to what does not stand in it.
pub fn leaves(event: &web_sys::FocusEvent) -> bool {
    let inside = event.current_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    !inside.is_some_and(|inside| next.is_some_and(|next| inside.contains(Some(&next))))
}
