//! A long table that scrolls: only rows near those that are seen are in the document, the others are space above and below them.

use crate::web::page;
use crate::web::task::Frame;
use leptos::html::Div;
use leptos::prelude::*;

/// Height of a row in rem: `--row` of the stylesheet.
const ROW: f64 = 2.0;

/// The rows of a table that are in the document.
#[derive(Clone, Copy)]
pub struct RowWindow {
    /// The box that scrolls.
    pub scroller: NodeRef<Div>,
    /// The first row.
    pub first: RwSignal<usize>,
    /// How many there are at most.
    pub most: usize,
    total: Signal<usize>,
    frame: StoredValue<Frame, LocalStorage>,
}

impl RowWindow {
    /// At most so many of all rows; `spare` of them stand above what is seen, which is also by how many the window moves.
    pub fn new(total: Signal<usize>, most: usize, spare: usize) -> RowWindow {
        let (scroller, first) = (NodeRef::<Div>::new(), RwSignal::new(0));
        let frame = Frame::new(move || {
            if let Some(div) = scroller.get_untracked() {
                let top = (f64::from(div.scroll_top()) / (ROW * page::rem())) as usize;
                let wanted = top.saturating_sub(spare) / spare * spare;
                if wanted != first.get_untracked() {
                    first.set(wanted);
                }
            }
        });
        RowWindow { scroller, first, most, total, frame: StoredValue::new_local(frame) }
    }

    /// Moves the window after what is seen, at the next frame.
    pub fn follow(self) {
        self.frame.with_value(Frame::ask);
    }

    /// Scrolls so far that a row is seen below the head.
    pub fn show(self, row: usize) {
        if let Some(div) = self.scroller.get_untracked() {
            let height = ROW * page::rem();
            let room = (f64::from(div.client_height()) - height).max(height); // below the head
            let (top, place) = (f64::from(div.scroll_top()), row as f64 * height);
            div.set_scroll_top(top.clamp((place + height - room).max(0.0), place) as i32);
        }
    }

    /// The space of the rows above.
    pub fn above(self, columns: &'static str) -> impl IntoView {
        spacer(columns, Signal::derive(move || self.first.get().min(self.total.get())))
    }

    /// The space of the rows below.
    pub fn below(self, columns: &'static str) -> impl IntoView {
        spacer(columns, Signal::derive(move || self.total.get().saturating_sub(self.first.get() + self.most)))
    }
}

fn spacer(columns: &'static str, rows: Signal<usize>) -> impl IntoView {
    view! {
        <tr class="spacer" aria-hidden="true" style:--rows=move || rows.get().to_string()><td colspan=columns></td></tr>
    }
}
