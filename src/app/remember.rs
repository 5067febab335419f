//! How a result was looked at, for the next time the page opens.

use super::state::{App, Shown};
use crate::display::Money;
use crate::market::Settlement;
use crate::run::Resolved;
use crate::web::page;
use leptos::prelude::*;

const MONEY: &str = "money";
const PERCENT: &str = "percent";
const ZOOM: &str = "zoom";
/// What a preference says for yes.
const YES: &str = "1";

/// The currency that a person last chose; coins before that.
fn money() -> Money {
    if page::preference(MONEY).as_deref() == Some("usd") { Money::Usd } else { Money::Coin }
}

/// Remembers a chosen currency.
pub fn set_money(money: Money) {
    page::set_preference(MONEY, if money == Money::Usd { "usd" } else { "coin" });
}

/// The currency of a result: the chosen one, but dollars where it is counted or owed in them.
pub fn money_of(resolved: &Resolved) -> Money {
    match (resolved.dataset.settlement, &resolved.request.account.loan) {
        (Settlement::Inverse, None) => money(),
        _ => Money::Usd,
    }
}

/// True where percent were chosen.
pub fn percent() -> bool {
    page::preference(PERCENT).as_deref() == Some(YES)
}

/// Remembers percent or amounts.
pub fn set_percent(is_percent: bool) {
    page::set_preference(PERCENT, if is_percent { YES } else { "" });
}

/// What a zoom is a part of: one of another dataset or other dates means nothing.
fn whole(shown: &Shown) -> String {
    let request = &shown.resolved.request;
    format!("{} {} {}", shown.dataset().id, request.start, request.end)
}

/// Remembers the zoom of what is shown; tracked.
pub fn zoom(app: App) {
    let zoom = app.zoom.get();
    app.shown.with_untracked(|shown| {
        if let Some(shown) = shown.as_ref().filter(|shown| !shown.example) {
            let text = zoom.map(|(from, to)| format!("{} {from} {to}", whole(shown))).unwrap_or_default();
            page::set_preference(ZOOM, &text);
        }
    });
}

/// The zoom that was last seen of what is shown now; `None` where it was of something else.
pub fn zoom_of(shown: &Shown) -> Option<(i64, i64)> {
    let text = page::preference(ZOOM)?;
    let (from, to) = text.strip_prefix(&whole(shown))?.trim_start().split_once(' ')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}
