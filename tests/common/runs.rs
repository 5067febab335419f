//! Walking a request over a made market.

use super::market::Market;
use chainwalk::run::{Advance, Command, Resolved, Run, resolve};
use serde_json::Value;

pub fn resolved(market: &Market, request: &Value) -> Resolved {
    resolve(&request.to_string(), &market.catalog()).unwrap_or_else(|e| panic!("{e}"))
}

/// A run that is about to make its first step.
pub fn started(market: &Market, request: &Value) -> Run {
    started_on(resolved(market, request))
}

pub fn started_on(resolved: Resolved) -> Run {
    let mut run = Run::new(resolved);
    for command in [Command::Start, Command::Data] {
        run.command(command).expect("a draft starts");
    }
    run
}

/// A run at its last mark.
pub fn walked(market: &Market, request: &Value) -> Run {
    let mut run = started(market, request);
    assert_eq!(run.advance(&market.snapshots, usize::MAX), Advance::Complete);
    run
}
