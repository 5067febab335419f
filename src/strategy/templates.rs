//! Hedges that are known by name.

use super::config::Variant;
use super::hedge::{Hedge, HedgeKind, HedgeLeg};

/// A hedge with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Unique among the built-in ones.
    pub name: &'static str,
    /// The hedge.
    pub hedge: Hedge,
}

impl Template {
    /// A variant that hedges by it.
    pub fn variant(&self) -> Variant {
        Variant { name: self.name.into(), hedge: Some(self.hedge.clone()), ..Variant::default() }
    }
}

fn template(name: &'static str, kind: HedgeKind, legs: Vec<HedgeLeg>, tenor_days: f64) -> Template {
    Template { name, hedge: Hedge { kind, legs, tenor_days, ..Hedge::default() } }
}

fn put(name: &'static str, moneyness: f64, tenor_days: f64) -> Template {
    template(name, HedgeKind::Put, vec![HedgeLeg::put(moneyness, 1.0)], tenor_days)
}

/// The built-in hedges: puts at the money, at 95 % and 90 % for twelve months, other tenors, a ladder, a collar, and none.
pub fn templates() -> Vec<Template> {
    let none = template("No hedge", HedgeKind::Put, vec![HedgeLeg::put(1.0, 1.0)], 365.0);
    let ladder = vec![HedgeLeg::put(1.0, 0.5), HedgeLeg::put(0.9, 0.5)];
    let collar = vec![HedgeLeg::put(0.95, 1.0), HedgeLeg::paying_call()];
    vec![
        Template { hedge: Hedge { coverage: 0.0, ..none.hedge }, ..none },
        put("Put ATM, 12 months", 1.0, 365.0),
        put("Put 95 %, 12 months", 0.95, 365.0),
        put("Put 90 %, 12 months", 0.9, 365.0),
        template("Ladder 100/90 %, 12 months", HedgeKind::Ladder, ladder, 365.0),
        template("Collar 95 %, 12 months", HedgeKind::Collar, collar, 365.0),
        put("Put 95 %, 1 month", 0.95, 30.0),
        put("Put 95 %, 3 months", 0.95, 91.0),
        put("Put 95 %, 6 months", 0.95, 182.0),
        put("Put 95 %, 18 months", 0.95, 547.0),
        put("Put 95 %, 24 months", 0.95, 730.0),
    ]
}
