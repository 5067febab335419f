//! A request in one plain sentence: when, what, how it is left.

use super::format::{count, number, usd};
use super::hedges::words;
use crate::run::RunRequest;
use crate::strategy::{Cover, ExitRules, ExitStyle, Structure, Variant};

/// What a request will do, in a sentence that needs no manual; two variants have one each, more are named.
pub fn plan(request: &RunRequest) -> String {
    let dates = format!("{} to {}", request.start, request.end);
    let mut used = request.variants.iter().filter(|variant| variant.enabled);
    match (used.next(), used.count()) {
        (None, _) => "No variant is switched on.".into(),
        (Some(variant), 0) => format!("{} {dates}.", of_variant(request, variant)),
        (Some(_), 1) => {
            let each = request.variants.iter().filter(|v| v.enabled);
            let each: Vec<String> = each.map(|v| format!("{}: {}", v.name, lowered(&of_variant(request, v)))).collect();
            format!("Side by side. {} {dates}.", each.join(" "))
        }
        (Some(first), more) => {
            let names: Vec<&str> = request.variants.iter().filter(|v| v.enabled).map(|v| v.name.as_str()).collect();
            let lead = holding(request, first);
            format!("Side by side{lead}: {} variants, {}. {dates}.", count(more + 1), names.join(", "))
        }
    }
}

/// A sentence that goes on behind a colon.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The holding of a loan, where there is one.
fn holding(request: &RunRequest, variant: &Variant) -> String {
    match &request.account.loan {
        Some(loan) => format!(
            ", {} {} against a loan of {}",
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
        let lead = lead.trim_start_matches(", ");
        let lead = if request.account.loan.is_some() { format!("holding {lead}") } else { lead.to_owned() };
        return match hedge.roll_days_before_expiry {
            _ if hedge.coverage == 0.0 => format!("Watch, {lead}, without a hedge."),
            Some(days) => {
                format!("{every}, {lead}: own {}, replaced {} d before it expires.", words(hedge), short(days))
            }
            None => format!("{every}, {lead}: own {}, bought anew once it expires.", words(hedge)),
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
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let (hours, at) = (request.decision_interval_hours, request.offset_hours() % 24);
    let name = |day: &u8| DAYS.get(usize::from(*day).wrapping_sub(1)).copied().unwrap_or_default();
    let days = variant.entry.weekdays.as_ref().filter(|_| variant.hedge.is_none());
    let mut text = match (hours, days) {
        (24, Some(days)) => format!("Every {} at {at:02}:00 UTC", days.iter().map(name).collect::<Vec<_>>().join(", ")),
        (24, None) => format!("Every day at {at:02}:00 UTC"),
        (168, None) => format!("Every week, {at:02}:00 UTC"),
        (hours, _) if hours % 24 == 0 => format!("Every {} days at {at:02}:00 UTC", hours / 24),
        (1, _) => "Every hour".into(),
        (hours, _) => format!("Every {hours} hours"),
    };
    if variant.hedge.is_none() {
        if let Some(least) = variant.entry.min_iv_percentile {
            text += &format!(", where volatility is above {} % of its year", short(100.0 * least));
        }
        if let Some(least) = variant.entry.min_iv_rv {
            text += &format!(", where implied volatility is {} times the realised or more", short(least));
        }
    }
    text
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

/// A number with the decimals it needs, at most four; one beyond every account by its power of ten.
fn short(value: f64) -> String {
    if value.abs() >= 1e15 {
        return format!("some 1e{}", libm::floor(libm::log10(value.abs())));
    }
    let text = number(value, 4);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::plan;
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
                "Every 4 hours, unless one is open: sell a call on 2.5 BTC, of about 7 days and delta 0.25, and buy it back within 2 % of the strike or once 80 % of the premium is earned, rolling up to 3 times. 2026-01-01 to 2026-06-30.",
            ),
            (
                json!({ "account": { "coins": 0, "cash_usd": 50_000 }, "variants": [{
                    "structure": "cash_secured_put", "target_dte": 30, "max_open": 2, "entry": { "weekdays": [1, 5], "min_iv_percentile": 0.5 } }] }),
                "Every Monday, Friday at 08:00 UTC, where volatility is above 50 % of its year, while fewer than 2 are open: sell a put against $50,000 of cash, of about 30 days and delta 0.25, and hold it to expiry. 2026-01-01 to 2026-06-30.",
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
                "Side by side: 3 variants, A, B, C. 2026-01-01 to 2026-06-30.",
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
}
