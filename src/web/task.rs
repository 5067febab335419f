//! Time and turns of the event loop.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageChannel, MessagePort};

/// Milliseconds since the page began, monotonic.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// Milliseconds UTC of the clock on the wall.
#[allow(clippy::disallowed_methods, reason = "the page has a clock; the core is given the instant")]
pub fn wall_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// True while the tab cannot be seen.
pub fn hidden() -> bool {
    web_sys::window().and_then(|w| w.document()).is_some_and(|d| d.hidden())
}

/// Waits; the browser clamps to about 4 ms, and to a second in a hidden tab.
pub async fn sleep(ms: u32) {
    gloo_timers::future::TimeoutFuture::new(ms).await;
}

/// A flag that a future waits for and another task raises.
#[derive(Clone, Default)]
pub struct Flag(Rc<(Cell<bool>, RefCell<Option<Waker>>)>);

impl Flag {
    /// Raises the flag and wakes who waits.
    pub fn raise(&self) {
        self.0.0.set(true);
        if let Some(waker) = self.0.1.borrow_mut().take() {
            waker.wake();
        }
    }
}

impl Future for Flag {
    type Output = ();
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.0.replace(false) {
            return Poll::Ready(());
        }
        *self.0.1.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// A value that is put down once, by whoever is first, and that one task waits for.
pub struct Slot<T>(Rc<(Cell<bool>, RefCell<Option<T>>)>, Flag);

impl<T> Default for Slot<T> {
    fn default() -> Slot<T> {
        Slot(Rc::new((Cell::new(false), RefCell::new(None))), Flag::default())
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Slot<T> {
        Slot(Rc::clone(&self.0), self.1.clone())
    }
}

impl<T> Slot<T> {
    /// Puts the value down; who comes late gets it back.
    ///
    /// # Errors
    /// The value, where another was put down before.
    pub fn put(&self, value: T) -> Result<(), T> {
        if self.0.0.replace(true) {
            return Err(value);
        }
        *self.0.1.borrow_mut() = Some(value);
        self.1.raise();
        Ok(())
    }

    /// Waits for the value and takes it.
    pub async fn take(self) -> T {
        loop {
            let value = self.0.1.borrow_mut().take();
            match value {
                Some(value) => return value,
                None => self.1.clone().await,
            }
        }
    }
}

impl<T: 'static> Slot<T> {
    /// Puts a value down after a while, where nothing was before.
    pub fn put_after(&self, ms: u32, value: T) {
        let slot = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            sleep(ms).await;
            // Nobody waits for what came too late.
            drop(slot.put(value));
        });
    }
}

struct Turns {
    port: MessagePort,
    waiting: Rc<RefCell<VecDeque<Flag>>>,
}

impl Turns {
    fn open() -> Option<Turns> {
        let channel = MessageChannel::new().ok()?;
        let waiting: Rc<RefCell<VecDeque<Flag>>> = Rc::default();
        let queue = Rc::clone(&waiting);
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let next = queue.borrow_mut().pop_front();
            if let Some(flag) = next {
                flag.raise();
            }
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        Some(Turns { port: channel.port2(), waiting })
    }
}

thread_local! {
    static TURNS: Option<Turns> = Turns::open();
}

/// Gives the event loop a turn through a message channel: input and painting come first, no 4 ms clamp.
pub async fn next_turn() {
    let flag = Flag::default();
    let posted = TURNS.with(|turns| {
        turns.as_ref().is_some_and(|t| {
            t.waiting.borrow_mut().push_back(flag.clone());
            t.port.post_message(&wasm_bindgen::JsValue::NULL).is_ok()
        })
    });
    if posted { flag.await } else { sleep(0).await }
}

/// Waits until what is on the page now was painted: the frame after the next one begins.
pub async fn next_frame() {
    for _ in 0..2 {
        let flag = Flag::default();
        let begun = flag.clone();
        let frame = Closure::once_into_js(move || begun.raise());
        let asked = web_sys::window().map(|w| w.request_animation_frame(frame.unchecked_ref()));
        // A hidden tab paints nothing.
        if hidden() || !matches!(asked, Some(Ok(_))) {
            return;
        }
        flag.await;
    }
}

/// Waits as [`next_frame`] does, but no longer than `ms`: a tab that is hidden meanwhile paints nothing.
async fn next_frame_within(ms: u32) {
    let seen = Slot::default();
    seen.put_after(ms, ());
    let painted = seen.clone();
    wasm_bindgen_futures::spawn_local(async move {
        next_frame().await;
        // it was waited for long enough
        let _ = painted.put(());
    });
    seen.take().await;
}

/// Milliseconds that work waits at most for the frame of a press, and again for that of its release.
const PRESS_MS: u32 = 150;

/// What the visitor has pressed, and who waits until it is painted.
#[derive(Default)]
struct Presses {
    count: Cell<u32>,
    /// `None` while all that was pressed is painted.
    waiting: RefCell<Option<Vec<Flag>>>,
}

thread_local! {
    static PRESSES: Presses = Presses::default();
}

/// Notes that the visitor has pressed something, for [`give_way`].
pub fn note_press() {
    let is_first = PRESSES.with(|presses| {
        presses.count.set(presses.count.get().wrapping_add(1));
        let waiting = &mut *presses.waiting.borrow_mut();
        let is_first = waiting.is_none();
        waiting.get_or_insert_default();
        is_first
    });
    if is_first {
        wasm_bindgen_futures::spawn_local(async {
            // Press and release are often a frame apart: both are waited for, but no third one, since a key that is held presses on.
            for _ in 0..2 {
                let known = PRESSES.with(|presses| presses.count.get());
                next_frame_within(PRESS_MS).await;
                if PRESSES.with(|presses| presses.count.get()) == known {
                    break;
                }
            }
            let waiting = PRESSES.with(|presses| presses.waiting.take());
            waiting.iter().flatten().for_each(Flag::raise);
        });
    }
}

/// A turn for work of many pieces: what the visitor has pressed is painted before the next piece takes the processor.
pub async fn give_way() {
    next_turn().await;
    after_press().await;
}

/// Waits until what the visitor has pressed is painted.
pub async fn after_press() {
    let seen = Flag::default();
    let is_due =
        PRESSES.with(|presses| presses.waiting.borrow_mut().as_mut().map(|waiting| waiting.push(seen.clone())));
    if is_due.is_some() {
        seen.await;
    }
}

/// Runs a function at most once a frame, however often it is asked for; what is still due goes with the last clone.
#[derive(Clone)]
pub struct Frame(Rc<Due>);

struct Due {
    /// The browser's number of the frame that was asked for.
    asked: Rc<Cell<Option<i32>>>,
    callback: Closure<dyn FnMut()>,
}

impl Drop for Due {
    fn drop(&mut self) {
        if let (Some(frame), Some(window)) = (self.asked.get(), web_sys::window()) {
            // A frame that is not cancelled would call what is gone.
            drop(window.cancel_animation_frame(frame));
        }
    }
}

impl Frame {
    /// Wraps what is to be done.
    pub fn new(mut paint: impl FnMut() + 'static) -> Frame {
        let asked = Rc::new(Cell::new(None));
        let due = Rc::clone(&asked);
        let callback = Closure::new(move || {
            due.set(None);
            paint();
        });
        Frame(Rc::new(Due { asked, callback }))
    }

    /// Asks for the next frame.
    pub fn ask(&self) {
        if self.0.asked.get().is_some() {
            return;
        }
        if let Some(window) = web_sys::window() {
            // A refusal only costs this frame; the next change asks again.
            let frame = window.request_animation_frame(self.0.callback.as_ref().unchecked_ref());
            self.0.asked.set(frame.ok());
        }
    }
}
