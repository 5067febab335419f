//! A request in one plain sentence: when, what, how it is left.

use super::format::{count, lowered, number, plain, usd};
use super::hedges::words;
use crate::run::RunRequest;
use crate::strategy::{Cover, ExitRules, ExitStyle, Structure, Variant};
use crate::units::Day;

/// What a request will do, in a sentence that needs no manual; two variants have one each, more are named.
pub fn plan(request: &RunRequest) -> String {
    let dates = format!("{} to {}", request.start, request.end);
    let used: Vec<&Variant> = request.variants.iter().filter(|variant| variant.enabled).collect();
    match used[..] {
        [] => "No variant is switched on.".into(),
        [variant] => format!("{} {dates}.", of_variant(request, variant)),
        [_, _] => {
            let each = used.iter().map(|v| format!("{}: {}", v.name, lowered(&of_variant(request, v))));
            format!("Side by side. {} {dates}.", each.collect::<Vec<_>>().join(" "))
        }
        [first, ..] => format!("{}. {dates}.", comparison(request, first, &used)),
    }
}

/// When many variants decide, what they hold, and their names, which may have commas of their own.
fn comparison(request: &RunRequest, first: &Variant, used: &[&Variant]) -> String {
    let (every, sold) = (schedule(request, first), |v: &Variant| v.hedge.is_none().then_some(v.structure));
    let lead = if used.iter().all(|v| schedule(request, v) == every) { &every } else { "Side by side" };
    let kind = match sold(first) {
        _ if used.iter().any(|v| sold(v) != sold(first)) => "variants",
        None => "hedges",
        Some(Structure::CoveredCall) => "short calls",
        Some(Structure::CashSecuredPut) => "short puts",
    };
    let names: Vec<String> = used.iter().map(|v| format!("“{}”", v.name)).collect();
    format!("{lead}{}, compare {} {kind}: {}", holding(request, first), count(used.len()), names.join("; "))
}

/// The holding of a loan, where there is one.
fn holding(request: &RunRequest, variant: &Variant) -> String {
    match &request.account.loan {
        Some(loan) => format!(
            ", holding {} {} against a loan of {}",
            short(request.account.coins),
            request.underlying,
            usd(loan.principal_usd)
        ),
        None if variant.hedge.is_some() => format!(", holding {} {}", short(request.account.coins), request.underlying),
        None => String::new(),
    }
}

fn of_variant(request: &RunRequest, variant: &Variant) -> String {
    let every = schedule(request, variant);
    if let Some(hedge) = &variant.hedge {
        let lead = holding(request, variant);
        return match hedge.roll_days_before_expiry {
            _ if hedge.coverage == 0.0 => format!("Watch{lead}, without a hedge."),
            Some(days) => format!("{every}{lead}: own {}, replaced {} d before it expires.", words(hedge), short(days)),
            None => format!("{every}{lead}: own {}, bought anew once it expires.", words(hedge)),
        };
    }
    let kind = match variant.structure {
        Structure::CoveredCall => "call",
        Structure::CashSecuredPut => "put",
    };
    let against = match (variant.cover, variant.structure) {
        (Cover::None, _) => format!("on {}, on margin", size(request, variant)),
        (_, Structure::CashSecuredPut) => format!("against {} of cash", usd(request.account.cash_usd)),
        (_, Structure::CoveredCall) => format!("on {}", size(request, variant)),
    };
    let which = format!("of about {} days and delta {}", short(variant.target_dte), short(variant.target_delta));
    let free = match variant.max_open {
        Some(1) => ", unless one is open".to_owned(),
        Some(most) => format!(", while fewer than {most} are open"),
        None => String::new(),
    };
    let leave = match request.style_of(variant) {
        ExitStyle::HoldToExpiry => "hold it to expiry".to_owned(),
        ExitStyle::TpAndRoll => exits(&variant.exit, variant.structure),
    };
    format!("{every}{free}: sell a {kind} {against}, {which}, and {leave}.")
}

/// A plan before its dates, and the dates, within which no line is to be broken; empty where it has none.
pub fn parted(plan: &str) -> (&str, &str) {
    plan.split_at(plan.rfind(". ").map_or(plan.len(), |end| end + 2))
}

fn size(request: &RunRequest, variant: &Variant) -> String {
    let underlying = &request.underlying;
    match (variant.size, variant.cover, variant.max_open) {
        (Some(size), ..) => format!("{} {underlying}", short(size)),
        (None, Cover::None, _) => format!("one contract of {underlying}"),
        (None, _, Some(most)) if most > 1 => format!("1/{most} of {} {underlying}", short(request.account.coins)),
        _ => format!("{} {underlying}", short(request.account.coins)),
    }
}

/// When it decides, with the conditions of an entry.
fn schedule(request: &RunRequest, variant: &Variant) -> String {
    let (hours, offset) = (request.decision_interval_hours, request.offset_hours());
    let first = Day(request.start.0.saturating_add((offset / 24) as i32));
    let at = format!("{:02}:00 UTC", offset % 24);
    let days = variant.entry.weekdays.as_deref().filter(|_| variant.hedge.is_none()).and_then(weekdays);
    let mut text = match (hours, &days) {
        (1, _) => "Every hour".into(),
        (24, Some(days)) => format!("Every {days} at {at}"),
        (24, None) => format!("Every day at {at}"),
        (168, _) => format!("Every {} at {at}", DAYS[usize::from(first.weekday())]),
        (hours, _) if hours % 24 == 0 => format!("Every {} days at {at}", hours / 24),
        (hours, _) => format!("Every {hours} hours from {at}"),
    };
    if first > request.start && hours != 168 {
        text += &format!(", first on {first}");
    }
    if let Some(days) = days.filter(|_| hours != 24) {
        text += &format!(", only on {days}{}", if days == WEEKDAY { "s" } else { "" });
    }
    if variant.hedge.is_none() {
        if let Some(least) = variant.entry.min_iv_percentile {
            text += &format!(", where volatility is above {} % of its last 180 days", short(100.0 * least));
        }
        if let Some(least) = variant.entry.min_iv_rv {
            text += &format!(", where implied volatility is {} times the realised or more", short(least));
        }
    }
    text
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAY: &str = "weekday";

/// Days of the week in words, each once, `Monday, Wednesday and Friday`; `None` where they are all of them.
fn weekdays(allowed: &[u8]) -> Option<String> {
    let names: Vec<&str> = (1..).zip(DAYS).filter(|(day, _)| allowed.contains(day)).map(|(_, name)| name).collect();
    match names[..] {
        [_, _, _, _, _, _, _] => None,
        [_, _, _, _, "Friday"] => Some(WEEKDAY.into()),
        [ref before @ .., last] if !before.is_empty() => Some(format!("{} and {last}", before.join(", "))),
        _ => Some(names.concat()),
    }
}

/// The exit rules that are on, in the order of their test.
fn exits(rules: &ExitRules, structure: Structure) -> String {
    let beyond = |defend: f64| match (100.0 * (1.0 - defend), structure) {
        (gap, _) if gap > 0.0 => format!("within {} % of the strike", short(gap)),
        (gap, Structure::CoveredCall) => format!("{} % above the strike", short(-gap)),
        (gap, Structure::CashSecuredPut) => format!("{} % below the strike", short(-gap)),
    };
    let on: Vec<String> = [
        rules.stop_loss.map(|times| format!("at {} times its price", short(times))),
        rules.defend.map(beyond),
        rules.take_profit.map(|share| format!("once {} % of the premium is earned", short(100.0 * share))),
        rules.dte_exit.map(|days| format!("{} d before expiry", short(days))),
        rules.max_hold_days.map(|days| format!("after {} d", short(days))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if on.is_empty() {
        return "hold it to expiry".into();
    }
    let rolls = match rules.max_rolls {
        0 => String::new(),
        1 => ", rolling once".into(),
        most => format!(", rolling up to {most} times"),
    };
    format!("buy it back {}{rolls}", on.join(" or "))
}

/// A number with the decimals it needs; one beyond every account by its power of ten.
fn short(value: f64) -> String {
    let power = libm::floor(libm::log10(value.abs()));
    if power.is_finite() && !(-9.0..15.0).contains(&power) {
        return format!("some 1e{power}");
    }
    number(value, plain(value).split_once('.').map_or(0, |(_, decimals)| decimals.len()))
}

#[cfg(test)]
mod tests {
    use super::{plan, short};
    use crate::run::RunRequest;
    use serde_json::{Value, json};

    fn plan_of(written: Value) -> String {
        plan(&serde_json::from_value::<RunRequest>(written).expect("a request"))
    }

    #[test]
    fn a_request_in_words() {
        for (written, words) in [
            (
                json!({}),
                "Every day at 08:00 UTC, unless one is open: sell a call on 1 BTC, of about 7 days and delta 0.25, and hold it to expiry. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "exit_style": "tp_and_roll", "decision_interval_hours": 4, "account": { "coins": 2.5 } }),
                "Every 4 hours from 00:00 UTC, unless one is open: sell a call on 2.5 BTC, of about 7 days and delta 0.25, and buy it back within 2 % of the strike or once 80 % of the premium is earned, rolling up to 3 times. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "account": { "coins": 0, "cash_usd": 50_000 }, "variants": [{
                    "structure": "cash_secured_put", "target_dte": 30, "max_open": 2, "entry": { "weekdays": [1, 5], "min_iv_percentile": 0.5 } }] }),
                "Every Monday and Friday at 08:00 UTC, where volatility is above 50 % of its last 180 days, while fewer than 2 are open: sell a put against $50,000 of cash, of about 30 days and delta 0.25, and hold it to expiry. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "underlying": "GLD", "account": { "coins": 1000, "loan": { "principal_usd": 105_000 } },
                    "variants": [{ "hedge": { "kind": "put", "roll_days_before_expiry": 30 } }] }),
                "Every day at 08:00 UTC, holding 1,000 GLD against a loan of $105,000: own put 95 % · 365 d, replaced 30 d before it expires. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "variants": [{ "name": "A" }, { "name": "B", "enabled": false }, { "name": "C" }] }),
                "Side by side. A: every day at 08:00 UTC, unless one is open: sell a call on 1 BTC, of about 7 days and delta 0.25, and hold it to expiry. C: every day at 08:00 UTC, unless one is open: sell a call on 1 BTC, of about 7 days and delta 0.25, and hold it to expiry. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "variants": [{ "name": "A" }, { "name": "B" }, { "name": "C" }] }),
                "Every day at 08:00 UTC, compare 3 short calls: “A”; “B”; “C”. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "underlying": "GLD", "account": { "coins": 1000, "loan": { "principal_usd": 105_000 } }, "variants": [
                    { "name": "No hedge", "hedge": { "coverage": 0 } }, { "name": "Put ATM, 12 months", "hedge": {} }, { "name": "b", "hedge": {} }] }),
                "Every day at 08:00 UTC, holding 1,000 GLD against a loan of $105,000, compare 3 hedges: “No hedge”; “Put ATM, 12 months”; “b”. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "variants": [{ "name": "A" }, { "name": "B", "entry": { "weekdays": [1] } }, { "name": "C", "structure": "cash_secured_put" }] }),
                "Side by side, compare 3 variants: “A”; “B”; “C”. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "variants": [{ "size": 1e308, "max_open": null, "cover": "none" }] }),
                "Every day at 08:00 UTC: sell a call on some 1e308 BTC, on margin, of about 7 days and delta 0.25, and hold it to expiry. 2026-01-01 to 2026-06-30.",
            ),
            (json!({ "variants": [{ "enabled": false }] }), "No variant is switched on."),
        ] {
            assert_eq!(plan_of(written), words);
        }
    }

    #[test]
    fn the_plan_says_when_it_decides() {
        for (hours, offset, weekdays, words) in [
            (1, json!(3), json!(null), "Every hour,"),
            (4, json!(null), json!([1, 1, 5]), "Every 4 hours from 00:00 UTC, only on Monday and Friday,"),
            (12, json!(15), json!(null), "Every 12 hours from 15:00 UTC,"),
            (24, json!(20), json!([5, 4, 3, 2, 1, 1]), "Every weekday at 20:00 UTC,"),
            (24, json!(null), json!([6, 3, 1]), "Every Monday, Wednesday and Saturday at 08:00 UTC,"),
            (24, json!(null), json!([7, 6, 5, 4, 3, 2, 1]), "Every day at 08:00 UTC,"),
            (36, json!(30), json!(null), "Every 36 hours from 06:00 UTC, first on 2026-01-02,"),
            (48, json!(null), json!([1, 5]), "Every 2 days at 08:00 UTC, only on Monday and Friday,"),
            (
                48,
                json!(30),
                json!([1, 2, 3, 4, 5]),
                "Every 2 days at 06:00 UTC, first on 2026-01-02, only on weekdays,",
            ),
            (168, json!(null), json!(null), "Every Thursday at 08:00 UTC,"),
            (168, json!(4 * 24 + 9), json!(null), "Every Monday at 09:00 UTC,"),
            (168, json!(null), json!([1]), "Every Thursday at 08:00 UTC, only on Monday,"),
        ] {
            let written = json!({ "decision_interval_hours": hours, "decision_offset_hours": offset,
                "variants": [{ "entry": { "weekdays": weekdays } }] });
            let found = plan_of(written);
            assert_eq!(found.split_once(" unless").map(|(schedule, _)| schedule), Some(words), "{found}");
        }
    }

    #[test]
    fn numbers_have_the_digits_that_they_need() {
        for (value, text) in [
            (0.0, "0"),
            (0.000_01, "0.00001"),
            (1.000_01, "1.00001"),
            (100.0 * (1.0 - 0.98), "2"),
            (12_345.5, "12,345.5"),
            (1e-300, "some 1e-300"),
            (1e15, "some 1e15"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
