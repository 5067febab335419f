//! One run at a time in a browser profile: the browser's own lock, or a lease in the storage where it has none.
//!
//! Whoever holds the lock answers on a channel which run it is, and stops when asked; a lease has both in its record.

use super::kept::AnyStore;
use super::task::{self, Slot};
use crate::store::lease::{Active, HEARTBEAT_MS, Lease, Renewal};
use crate::store::{Change, Row, RunStore, Table};
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

/// The lock's name.
const LOCK: &str = "chainwalk-run";
/// The channel's name.
const CHANNEL: &str = "chainwalk";
/// How long to wait for the holder to say which run it is.
const ANSWER_MS: u32 = 500;
/// How long to wait for the holder to stop.
const STOP_MS: f64 = 10_000.0;
/// Time between two looks at whether it has.
const LOOK_MS: u32 = 50;

/// A backtest is under way already.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Backtest already running{}", told(active.as_ref()))]
pub struct Busy {
    /// The run; `None` where its tab does not answer.
    pub active: Option<Active>,
}

fn told(active: Option<&Active>) -> String {
    active.map(|run| format!(": {}, {}", run.name, run.progress)).unwrap_or_default()
}

/// What tabs say to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Message {
    /// Which run is under way?
    Who,
    /// This one.
    Active(Active),
    /// Stop it.
    Stop,
}

/// The right to run; dropping it lets go.
pub struct Held {
    active: Rc<RefCell<Active>>,
    means: Means,
}

enum Means {
    Lock { let_go: Function, gone: Promise, _channel: Option<Channel> },
    Lease { store: AnyStore, holder: String },
    Nothing,
}

impl Held {
    /// Tells other tabs what runs and how far it is; as often as one likes.
    pub fn publish(&self, active: Active) {
        *self.active.borrow_mut() = active;
    }

    /// Lets go, and waits until another may take it.
    pub async fn release(mut self) {
        match std::mem::replace(&mut self.means, Means::Nothing) {
            Means::Lock { let_go, gone, .. } => {
                // Nothing is thrown by settling a promise, and however it ends, the lock is free.
                drop(let_go.call0(&JsValue::UNDEFINED));
                drop(JsFuture::from(gone).await);
            }
            Means::Lease { store, holder } => give_back(store, holder).await,
            Means::Nothing => {}
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        match std::mem::replace(&mut self.means, Means::Nothing) {
            Means::Lock { let_go, .. } => drop(let_go.call0(&JsValue::UNDEFINED)),
            Means::Lease { store, holder } => spawn_local(give_back(store, holder)),
            Means::Nothing => {}
        }
    }
}

/// Takes the right to run; `stop` is called when another tab asks to stop, or has taken a lease that was not renewed in
/// time.
///
/// # Errors
/// The run that is under way.
pub async fn acquire(store: &AnyStore, active: Active, stop: impl Fn() + 'static) -> Result<Held, Busy> {
    let active = Rc::new(RefCell::new(active));
    match browser_lock().await {
        Lock::Granted { let_go, gone } => {
            let said = Rc::clone(&active);
            let channel = Channel::open(move |channel, message| match message {
                Message::Who => say(channel, &Message::Active(said.borrow().clone())),
                Message::Stop => stop(),
                Message::Active(_) => {}
            });
            Ok(Held { active, means: Means::Lock { let_go, gone, _channel: channel } })
        }
        Lock::Taken => Err(Busy { active: who().await }),
        Lock::Missing => lease(store.clone(), active, stop).await,
    }
}

/// Asks the tab that runs to stop, waits until it has, and takes the right to run.
///
/// # Errors
/// The run that is still under way after ten seconds.
pub async fn take_over(store: &AnyStore, active: Active, stop: impl Fn() + 'static) -> Result<Held, Busy> {
    request_stop(store).await;
    let begun = task::now_ms();
    while is_held(store).await && task::now_ms() - begun < STOP_MS {
        task::sleep(LOOK_MS).await;
    }
    acquire(store, active, stop).await
}

/// The run that is under way in any tab, this one too; `None` where there is none.
pub async fn running(store: &AnyStore) -> Option<Busy> {
    match lock_is_held().await {
        Some(false) => None,
        Some(true) => Some(Busy { active: who().await }),
        None => standing(store).await.map(|lease| Busy { active: Some(lease.active) }),
    }
}

/// Asks the tab that runs to stop; it may take a moment.
pub async fn request_stop(store: &AnyStore) {
    if lock_is_held().await.is_some() {
        if let Some(channel) = Channel::open(|_, _| {}) {
            say(&channel.channel, &Message::Stop);
        }
        return;
    }
    let ask = |row: Option<_>| (row.and_then(Lease::of_row).map(|lease| put(&Lease { stop: true, ..lease })), ());
    // A storage that fails holds no lease that could be heard.
    drop(store.decide(Table::Settings, Lease::key(), ask).await);
}

async fn is_held(store: &AnyStore) -> bool {
    match lock_is_held().await {
        Some(held) => held,
        None => standing(store).await.is_some(),
    }
}

/// Asks on the channel which run is under way.
async fn who() -> Option<Active> {
    let answer: Slot<Option<Active>> = Slot::default();
    let heard = answer.clone();
    let channel = Channel::open(move |_, message| {
        if let Message::Active(active) = message {
            // The first answer counts.
            drop(heard.put(Some(active)));
        }
    })?;
    say(&channel.channel, &Message::Who);
    answer.put_after(ANSWER_MS, None);
    answer.take().await
}

/// An end of the channel between tabs, until it is dropped.
struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the channel; `None` where the browser has none. What is heard may be answered on the channel.
    fn open(heard: impl Fn(&BroadcastChannel, Message) + 'static) -> Option<Channel> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let back = channel.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Another build may say what this one does not know.
            if let Ok(message) = crate::json::of_text(event.data().as_string().unwrap_or_default().as_bytes()) {
                heard(&back, message);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Channel { channel, _heard: heard })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

fn say(channel: &BroadcastChannel, message: &Message) {
    // A text is always clonable, and a channel that was closed has nobody to hear.
    drop(channel.post_message(&serde_json::to_string(message).unwrap_or_default().into()));
}

enum Lock {
    Granted { let_go: Function, gone: Promise },
    Taken,
    Missing,
}

/// True where the browser itself has locks; elsewhere a lease in the storage stands in.
pub fn is_native() -> bool {
    lock_manager().is_some()
}

fn lock_manager() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

/// Asks the browser for the lock, which it gives until a promise of ours is settled.
async fn browser_lock() -> Lock {
    let answer: Slot<Option<Option<Function>>> = Slot::default();
    let granted = answer.clone();
    let callback = Closure::once_into_js(move |lock: JsValue| {
        if lock.is_null() {
            drop(granted.put(Some(None)));
            return JsValue::UNDEFINED;
        }
        let mut let_go = None;
        let until = Promise::new(&mut |settle, _| let_go = Some(settle));
        drop(granted.put(Some(let_go)));
        until.into()
    });
    let asked = || {
        let (locks, options) = (lock_manager()?, Object::new());
        Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
        let promise = method(&locks, "request")?.call3(&locks, &LOCK.into(), &options, &callback).ok()?;
        promise.dyn_into::<Promise>().ok()
    };
    let Some(gone) = asked() else { return Lock::Missing };
    let (ended, refused) = (gone.clone(), answer.clone());
    spawn_local(async move {
        // Where the browser refuses, the callback is never called.
        if JsFuture::from(ended).await.is_err() {
            drop(refused.put(None));
        }
    });
    match answer.take().await {
        Some(Some(let_go)) => Lock::Granted { let_go, gone },
        Some(None) => Lock::Taken,
        None => Lock::Missing,
    }
}

/// Whether any tab has the lock; `None` where the browser has no locks.
async fn lock_is_held() -> Option<bool> {
    let locks = lock_manager()?;
    let promise: Promise = method(&locks, "query")?.call0(&locks).ok()?.dyn_into().ok()?;
    let held = Reflect::get(&JsFuture::from(promise).await.ok()?, &"held".into()).ok()?;
    let is_ours = |lock: JsValue| Reflect::get(&lock, &"name".into()).is_ok_and(|name| name == LOCK);
    Some(Array::from(&held).iter().any(is_ours))
}

fn put(lease: &Lease) -> Change {
    Change::Put(Table::Settings, lease.row())
}

/// The lease that counts now.
async fn standing(store: &AnyStore) -> Option<Lease> {
    let rows = store.read(Table::Settings, Lease::key()).await.ok()?;
    rows.into_iter().find_map(Lease::of_row).filter(|lease| !lease.is_stale(task::wall_ms()))
}

async fn lease(store: AnyStore, active: Rc<RefCell<Active>>, stop: impl Fn() + 'static) -> Result<Held, Busy> {
    let holder = holder_name();
    let fresh = fresh_lease(&holder, &active);
    let take = move |row: Option<Row>| match fresh.may_take(row.and_then(Lease::of_row)) {
        Ok(()) => (Some(put(&fresh)), None),
        Err(other) => (None, Some(other.active)),
    };
    // A storage that fails keeps nobody from running.
    if let Ok(Some(other)) = store.decide(Table::Settings, Lease::key(), take).await {
        return Err(Busy { active: Some(other) });
    }
    spawn_local(beat(store.clone(), holder.clone(), Rc::downgrade(&active), stop));
    Ok(Held { active, means: Means::Lease { store, holder } })
}

/// Renews a lease until its [`Held`] is gone or another tab has taken it.
async fn beat(store: AnyStore, holder: String, active: Weak<RefCell<Active>>, stop: impl Fn()) {
    loop {
        task::sleep(HEARTBEAT_MS).await;
        let Some(active) = active.upgrade() else { return };
        let fresh = fresh_lease(&holder, &active);
        drop(active);
        let renew = move |row: Option<Row>| {
            let renewal = fresh.renewal(row.and_then(Lease::of_row).as_ref());
            ((renewal != Renewal::Lost).then(|| put(&fresh)), renewal)
        };
        match store.decide(Table::Settings, Lease::key(), renew).await {
            Ok(Renewal::StopAsked) => stop(),
            Ok(Renewal::Lost) => return stop(),
            // What could not be renewed now may be at the next beat.
            Ok(Renewal::Held) | Err(_) => {}
        }
    }
}

/// Takes a lease out of the storage, where it is still this holder's.
async fn give_back(store: AnyStore, holder: String) {
    let remove = move |row: Option<Row>| {
        let is_own = row.and_then(Lease::of_row).is_some_and(|lease| lease.holder == holder);
        (is_own.then(|| Change::Remove(Table::Settings, Lease::key())), ())
    };
    // One that stays is stale in ten seconds.
    drop(store.decide(Table::Settings, Lease::key(), remove).await);
}

fn fresh_lease(holder: &str, active: &RefCell<Active>) -> Lease {
    Lease { holder: holder.into(), active: active.borrow().clone(), beat_ms: task::wall_ms(), stop: false }
}

/// A name that no other tab has.
#[allow(clippy::disallowed_methods, reason = "names of holders differ by chance, and no result depends on them")]
fn holder_name() -> String {
    format!("{}-{}", task::wall_ms(), js_sys::Math::random())
}
