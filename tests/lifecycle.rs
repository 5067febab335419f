//! The life of a run: states and commands, slices, late data, stops and failures, and what must not matter.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::engine::Step;
use chainwalk::market::{Deliveries, History, IvHistory, MarketContext};
use chainwalk::metrics::Metrics;
use chainwalk::metrics::ratios::profit_factor;
use chainwalk::run::export;
use chainwalk::run::{Advance, Checkpoint, Command, IllegalCommand, Outcome, Past, Run, RunState, Unit, UnitState};
use common::market::Market;
use common::runs::{resolved, started, walked};
use common::wave::{END, START, wave};
use serde_json::{Value, json};

/// Three variants of both styles over four weeks, a mark every four hours.
fn request() -> Value {
    json!({
        "dataset": "made", "start": START, "end": END, "timeframe": "4h", "decision_interval_hours": 8,
        "exit_style": "tp_and_roll",
        "variants": [
            { "name": "Roll", "min_dte": 2 },
            { "name": "Hold", "min_dte": 1, "target_dte": 3, "selection": "nearest", "exit": { "style": "hold_to_expiry" } },
            { "name": "Two", "max_open": 2, "size": 0.5, "exit": { "stop_loss": 2, "dte_exit": 2 } },
        ],
    })
}

/// A loan with interest that is sold off, and hedges that roll on borrowed money.
fn loan() -> Value {
    let put = |moneyness: f64| json!({ "kind": "put", "side": "long", "moneyness": moneyness, "weight": 0.5 });
    json!({
        "dataset": "made", "start": START, "end": END, "timeframe": "4h",
        "account": { "coins": 2, "loan": { "principal_usd": 145_000, "apr": 0.3, "liquidation_ltv": 0.78, "premium": "borrow" } },
        "variants": [
            { "name": "None", "hedge": { "coverage": 0 } },
            { "name": "Ladder", "hedge": { "kind": "ladder", "tenor_days": 7, "roll_days_before_expiry": 3, "legs": [put(1.0), put(0.95)] } },
        ],
    })
}

fn steps(run: &Run) -> Vec<&[Step]> {
    run.units().iter().map(|unit| unit.steps.as_slice()).collect()
}

fn metrics_text(run: &Run) -> String {
    run.units().iter().map(|unit| serde_json::to_string(&unit.metrics.summary(false)).expect("JSON")).collect()
}

fn assert_same(run: &Run, other: &Run, what: &str) {
    assert_eq!(run.digest(), other.digest(), "{what}: digest");
    assert!(steps(run) == steps(other), "{what}: steps");
    assert_eq!(metrics_text(run), metrics_text(other), "{what}: metrics");
}

/// What the table of semantics 9 says of a command: the state it leads to, or one of these.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    To(RunState),
    Resumes,
    Concludes,
    Refused,
    NewRun,
    Gone,
    Nothing,
}

#[test]
fn every_command_in_every_state() {
    use RunState::{Completed, Draft, Failed, Loading, Partial, Paused, Running, Stopped};
    use Says::{Concludes, Gone, NewRun, Nothing, Refused, Resumes, To};
    // start, data, pause, resume, single step, stop, fault, end of marks, delete
    let over = [NewRun, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Gone];
    let to = [To(Running), To(Paused), To(Stopped), To(Failed)];
    let [runs, holds, stops, fails] = to;
    let table = [
        (Draft, [To(Loading), Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Gone]),
        (Loading, [Refused, runs, holds, Nothing, Nothing, stops, fails, Nothing, Gone]),
        (Running, [Refused, runs, holds, Nothing, Nothing, stops, fails, Concludes, Gone]),
        (Paused, [Refused, holds, Nothing, Resumes, holds, stops, fails, Concludes, Gone]),
        (Stopped, over),
        (Completed, over),
        (Partial, over),
        (Failed, over),
    ];
    assert_eq!(table.map(|(state, _)| state), RunState::ALL);
    for (state, row) in table {
        for (command, says) in Command::ALL.into_iter().zip(row) {
            let found = match state.on(command) {
                Ok(Outcome::To(next)) => To(next),
                Ok(Outcome::Onward) => Resumes,
                Ok(Outcome::Concluded) => Concludes,
                Ok(Outcome::NewRun) => NewRun,
                Ok(Outcome::Gone) => Gone,
                Err(IllegalCommand::AlreadyRunning) => Refused,
                Err(e @ IllegalCommand::NoEffect { .. }) => {
                    assert!(!e.to_string().is_empty());
                    Nothing
                }
            };
            assert_eq!(found, says, "{state:?} on {command:?}");
        }
    }
}

#[test]
fn slices_agree() {
    let market = wave(1);
    let whole = walked(&market, &request());
    let legs = |unit: &chainwalk::run::Unit| unit.trades().iter().map(|trade| trade.legs.len()).sum::<usize>();
    assert!(whole.units().iter().all(|unit| legs(unit) > 2), "the market makes trades");
    assert!(whole.units()[0].steps.iter().any(|step| step.gap), "and has gaps");
    for slice in [1, 7, 50] {
        let mut run = started(&market, &request());
        while run.advance(&market.snapshots, slice) != Advance::Complete {}
        assert_same(&run, &whole, &format!("slices of {slice}"));
    }
}

#[test]
fn data_that_come_late_change_nothing() {
    let market = wave(2);
    let whole = walked(&market, &request());
    for packs_of in [1, 9, 40] {
        let market = market.clone().in_packs(packs_of);
        let mut run = started(&market, &request());
        let (mut held, mut asked) = (0, 0);
        loop {
            match run.advance(&market.snapshots[..held], usize::MAX) {
                Advance::Complete => break,
                Advance::Continue => panic!("no limit of steps was given"),
                Advance::NeedData(pack) => {
                    assert_eq!(pack, asked, "packs are asked for in order");
                    held += market.dataset.packs[pack].snapshots as usize;
                    asked += 1;
                }
            }
        }
        assert_same(&run, &whole, &format!("packs of {packs_of}"));
    }
}

#[test]
fn pause_single_step_and_resume_change_nothing() {
    let market = wave(3);
    let whole = walked(&market, &request());
    let mut run = started(&market, &request());
    assert_eq!(run.advance(&market.snapshots, 40), Advance::Continue);
    run.command(Command::Pause).expect("it runs");
    for n in 1..=3 {
        assert_eq!(run.command(Command::SingleStep), Ok(Outcome::To(RunState::Paused)));
        assert_eq!(run.advance(&market.snapshots, 1), Advance::Continue);
        assert_eq!((run.state(), run.units()[0].steps.len()), (RunState::Paused, 40 + n));
    }
    run.command(Command::Resume).expect("it is paused");
    assert_eq!(run.advance(&market.snapshots, usize::MAX), Advance::Complete);
    assert_eq!(run.state(), RunState::Completed);
    assert_same(&run, &whole, "paused and resumed");
}

#[test]
fn a_stop_keeps_progress_and_partial_results() {
    let market = wave(4);
    let whole = walked(&market, &request());
    let mut run = started(&market, &request());
    run.advance(&market.snapshots, 62);
    let before = run.progress();
    run.command(Command::Stop).expect("it runs");
    assert_eq!((run.state(), run.progress()), (RunState::Stopped, before));
    // 62 of 168 marks: marks 0, 4, 8 ... hours, decisions every 8 hours from 0
    assert_eq!((before.decisions_done, before.decisions_total, before.fraction()), (31, 84, 31.0 / 84.0));
    assert_eq!(run.advance(&market.snapshots, usize::MAX), Advance::Continue, "a stopped run stays stopped");
    for (unit, other) in run.units().iter().zip(whole.units()) {
        assert_eq!(unit.state, UnitState::Stopped);
        assert!(unit.steps[..] == other.steps[..62]);
    }
    let output = run.output();
    assert!(output.variants.iter().all(|v| v.metrics.annualised_return.is_none() && v.metrics.days > 7.0));
    assert!(output.variants.iter().all(|v| v.metrics.final_equity > 0.0 && v.metrics.calmar.is_none()));
}

#[test]
fn a_failure_keeps_partial_results() {
    let market = wave(5).in_packs(40);
    let mut run = started(&market, &request());
    assert_eq!(run.advance(&market.snapshots[..40], usize::MAX), Advance::NeedData(1));
    assert_eq!((run.pack_wanted(40), run.pack_wanted(market.snapshots.len())), (Some(1), None));
    let made = run.units()[0].steps.len();
    run.fail("made/1.json: found no such file");
    assert_eq!(run.state(), RunState::Failed);
    for unit in run.units() {
        assert_eq!((unit.state, unit.steps.len()), (UnitState::Failed, made));
        let error = unit.error.as_ref().expect("an error");
        assert_eq!(error.message, "Data: made/1.json: found no such file");
        assert_eq!(error.date, unit.steps.last().map(|step| step.time));
        assert!(unit.metrics.summary(true).final_equity > 0.0);
    }
    let written = serde_json::to_value(run.output()).expect("JSON");
    assert_eq!(written["variants"][0]["date"], json!(run.progress().time.expect("a mark").iso()));
    assert_eq!(run.advance(&market.snapshots, usize::MAX), Advance::Continue);
    assert_eq!(run.command(Command::Start), Ok(Outcome::NewRun));
}

#[test]
fn a_variant_that_is_switched_off_is_skipped() {
    let market = wave(6);
    let mut request = request();
    request["variants"][1]["enabled"] = json!(false);
    let run = walked(&market, &request);
    assert_eq!(run.state(), RunState::Completed);
    assert_eq!(run.units()[1].state, UnitState::Skipped);
    assert!(run.units()[1].steps.is_empty());
    assert_eq!(run.units()[1].summary(false), None, "no figures, rather than zeros");
    assert!(run.warnings().contains(&"Hold: skipped, as it is switched off".to_owned()));
}

/// Paths of the numbers that are -0.
fn negative_zeros(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, v)| negative_zeros(v, &format!("{path}.{key}"), found)),
        Value::Array(items) => items.iter().for_each(|v| negative_zeros(v, path, found)),
        _ if value.as_f64().is_some_and(|x| x == 0.0 && x.is_sign_negative()) => found.push(path.to_owned()),
        _ => {}
    }
}

#[test]
fn nothing_is_0_and_not_minus_0() {
    let variants = json!([{ "name": "None", "min_score": 10 }, { "name": "Bare", "min_score": 10, "cover": "none" }]);
    let run = walked(&wave(6), &json!({ "dataset": "made", "start": START, "end": END, "variants": variants }));
    let mut found = Vec::new();
    negative_zeros(&serde_json::to_value(run.output()).expect("JSON"), "output", &mut found);
    assert!(found.is_empty(), "{found:?}");
    for table in [export::steps_csv(&run), export::equity_csv(&run)] {
        let text = String::from_utf8(table).expect("text");
        assert!(text.lines().flat_map(|line| line.split(',')).all(|cell| cell != "-0"));
    }
    assert!(run.units()[1].steps.iter().all(|step| step.margin.is_some_and(f64::is_sign_positive)));
    assert_eq!(profit_factor(&[-1.0]).map(f64::is_sign_positive), Some(true));
}

#[test]
fn losses_are_said_of_what_secures_the_puts() {
    let market = Market::parse(
        r#"{"settlement": "linear", "cadence_minutes": 14400, "delivery": {"2026-01-09": 80000}, "snapshots": [
            {"t": "2026-01-01 08:00", "index": 100000,
             "expiries": {"2026-01-09": {"forward": 100000, "quotes": ["95000 P 1000 1100 1050 60"]}}},
            {"t": "2026-01-09 08:00", "index": 80000,
             "expiries": {"2026-01-23": {"forward": 80000, "quotes": ["75000 P 900 1000 950 60"]}}}]}"#,
    );
    let request = json!({
        "dataset": "made", "start": "2026-01-01", "end": "2026-01-10", "timeframe": "1d",
        "account": { "coins": 0, "cash_usd": 100_000 },
        "variants": [{ "name": "Put", "structure": "cash_secured_put", "selection": "nearest", "min_delta": 0.01 }],
    });
    let warnings = walked(&market, &request).warnings();
    let lost = "Put: cover below balance: losses and fees took some of the cash that secures the puts";
    assert!(warnings.iter().any(|warning| warning == lost), "{warnings:?}");
}

#[test]
fn metrics_of_every_prefix_are_those_of_a_fresh_count() {
    let market = wave(7);
    let mut run = started(&market, &request());
    while run.advance(&market.snapshots, 1) != Advance::Complete {
        for unit in run.units() {
            let mut fresh = Metrics::new(market.dataset.settlement, market.dataset.day_count);
            unit.steps.iter().for_each(|step| fresh.update(step));
            assert_eq!(fresh, unit.metrics);
        }
    }
}

/// The marks of a unit's steps once more, for a backtest of its own.
fn rerun(market: &Market, run: &Run, unit: usize, multiple: f64) -> Vec<Step> {
    let mut config = run.units()[unit].config().clone();
    config.cost_multiple = multiple;
    let mut backtest = chainwalk::engine::Backtest::new(config);
    let history = History::new(&market.dataset.daily, market.dataset.day_count);
    let mut deliveries = Deliveries::new(market.dataset.delivery.clone());
    let mut ivs = IvHistory::default();
    let steps = &run.units()[unit].steps;
    let mut snapshots = market.snapshots.iter().peekable();
    let mut redo = |step: &Step| {
        while let Some(snapshot) = snapshots.next_if(|snapshot| snapshot.time <= step.time) {
            deliveries.observe(snapshot.time, snapshot.index);
            ivs.observe(snapshot.time, &snapshot.levels);
        }
        let at = market.snapshots.binary_search_by_key(&step.snapshot_time, |s| s.time).expect("its snapshot");
        let snapshot = &market.snapshots[at];
        let context = MarketContext::at(step.time, snapshot, &history, Some(&ivs));
        let last = steps.last().map(|last| last.time) == Some(step.time);
        backtest.step(&chainwalk::engine::Mark {
            time: step.time,
            decision: step.decision,
            last,
            gap: step.gap,
            snapshot,
            context: &context,
            deliveries: &deliveries,
            bar: chainwalk::engine::Bar::at(snapshot.index.0),
        })
    };
    steps.iter().map(&mut redo).collect()
}

#[test]
fn a_cost_column_is_a_real_run_at_that_multiple() {
    let market = wave(8);
    let mut request = request();
    request["costs"] = json!({ "slippage_ticks": 1, "slippage_bps": 20 });
    // exits look at opening fills, which costs move; held to expiry the trades stay the same
    request["exit_style"] = json!("hold_to_expiry");
    let run = walked(&market, &request);
    let mut compared = 0;
    for (i, unit) in run.units().iter().enumerate() {
        if unit.style != chainwalk::strategy::ExitStyle::HoldToExpiry {
            continue;
        }
        assert!(rerun(&market, &run, i, 1.0) == unit.steps, "{}: the run itself", unit.name);
        for multiple in [0.0, 1.0, 2.0, 3.0] {
            let real = rerun(&market, &run, i, multiple);
            let last = real.last().expect("steps");
            let column = unit.cost_column(multiple);
            let fees: f64 = real.iter().flat_map(|s| &s.fills).map(|f| f.fee).sum();
            let delivered: f64 = real.iter().flat_map(|s| &s.settlements).map(|s| s.fee).sum();
            assert!((column.fees - fees - delivered).abs() < 1e-12, "{} x {multiple}: fees", unit.name);
            let net = (last.equity.coin - last.hodl.coin).0;
            assert!((column.net - net).abs() < 1e-12, "{} x {multiple}: {} is not {net}", unit.name, column.net);
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
}

#[test]
fn one_bid_changes_the_digest_and_a_name_does_not() {
    let market = wave(9);
    let run = walked(&market, &request());
    let sold = run.units()[0].trades()[1].legs[0].clone();
    let mut other = market.clone();
    let step = run.units()[0].steps.iter().find(|step| step.time == sold.opened).expect("its step");
    let raw = other.raw.iter_mut().find(|raw| raw.time == step.snapshot_time).expect("its snapshot");
    let chain = raw.chains.iter_mut().find(|chain| chain.expiry == sold.contract.expiry).expect("its expiry");
    let row = chain.strikes.iter().position(|k| *k == sold.contract.strike.0).expect("its strike");
    chain.call.bid[row] -= if chain.call.bid[row] > 0.005 { 0.0005 } else { 0.0001 };
    other.price();
    assert_ne!(walked(&other, &request()).digest(), run.digest());
    let mut renamed = request();
    for (i, name) in ["Lilac", "Blue", "Green"].into_iter().enumerate() {
        renamed["variants"][i]["name"] = json!(name);
    }
    let renamed = walked(&market, &renamed);
    assert_eq!(renamed.digest(), run.digest());
    assert_ne!(renamed.fingerprint(), run.fingerprint(), "the fingerprint is that of the request");
}

#[test]
fn progress_counts_decisions() {
    let market = wave(10);
    let run = Run::new(resolved(&market, &request()));
    assert_eq!((run.state(), run.progress().fraction()), (RunState::Draft, 0.0));
    let run = walked(&market, &request());
    let progress = run.progress();
    assert_eq!((progress.decisions_done, progress.marks_done, progress.fraction()), (84, 168, 1.0));
}

#[test]
fn one_variant_that_fails_stops_no_other() {
    let mut request = request();
    let endless = json!({ "name": "Endless", "cover": "none", "max_open": null, "size": 1e308, "min_dte": 1, "entry": { "weekdays": [1] } });
    request["variants"].as_array_mut().expect("variants").insert(1, endless);
    let market = wave(4);
    let run = walked(&market, &request);
    assert_eq!(run.state(), RunState::Partial);
    let states: Vec<UnitState> = run.units().iter().map(|unit| unit.state).collect();
    use UnitState::{Completed, Failed};
    assert_eq!(states, [Completed, Failed, Completed, Completed]);
    let unit = &run.units()[1];
    let error = unit.error.as_ref().expect("a reason");
    assert_eq!(error.message, "Arithmetic: the account's figures left the range of numbers");
    assert_eq!(error.date, unit.steps.last().map(|step| step.time));
    assert!(!unit.steps.is_empty() && unit.steps.iter().all(Step::is_finite), "partial results are kept");
    request["variants"].as_array_mut().expect("variants").remove(1);
    let alone = walked(&market, &request);
    for (with, without) in [0, 2, 3].into_iter().zip(alone.units()) {
        assert_eq!(run.units()[with].steps, without.steps, "the others are as they are alone");
    }
}

/// What a run leaves behind at the moment.
fn past(run: &Run) -> Vec<Past> {
    let left = |unit: &Unit| Past { state: unit.state, error: unit.error.clone(), steps: unit.steps.clone() };
    run.units().iter().map(left).collect()
}

#[test]
fn a_checkpoint_at_every_mark_leads_to_the_same_run() {
    for (fill_at, mut request) in
        [("snapshot", request()), ("next_snapshot", request()), ("snapshot", loan()), ("next_snapshot", loan())]
    {
        request["costs"] = json!({ "fill_at": fill_at, "slippage_ticks": 1 });
        let market = wave(1);
        let (whole, snapshots) = (walked(&market, &request), &market.snapshots);
        let mut run = started(&market, &request);
        while run.advance(snapshots, 1) == Advance::Continue {
            let written = serde_json::to_string(&run.checkpoint()).expect("JSON");
            let checkpoint = serde_json::from_str(&written).expect("a checkpoint");
            let mut resumed =
                Run::resume(run.resolved().clone(), checkpoint, past(&run)).expect("a fitting checkpoint");
            assert_eq!(resumed.state(), RunState::Paused);
            assert_eq!(resumed.progress(), run.progress());
            resumed.command(Command::Resume).expect("paused");
            resumed.command(Command::Data).expect("loading or running");
            while resumed.advance(snapshots, 64) == Advance::Continue {}
            assert_same(&resumed, &whole, &format!("{fill_at}, resumed at mark {}", run.progress().marks_done));
        }
    }
}

#[test]
fn a_strange_checkpoint_is_refused_with_its_reason() {
    let (market, request) = (wave(1), request());
    let mut run = started(&market, &request);
    run.advance(&market.snapshots, 20);
    let (checkpoint, resolved) = (run.checkpoint(), run.resolved().clone());
    let refusal = |checkpoint, past| Run::resume(resolved.clone(), checkpoint, past).expect_err("refused").to_string();
    let older = Checkpoint { engine_version: "0.0.9".into(), ..checkpoint.clone() };
    let here = chainwalk::run::ENGINE_VERSION;
    assert_eq!(
        refusal(older, past(&run)),
        format!("it was begun by engine 0.0.9, and this is engine {here}: run it again")
    );
    let other = Checkpoint { fingerprint: "0".repeat(64), ..checkpoint.clone() };
    assert_eq!(refusal(other, past(&run)), "its dataset has changed since it was begun: run it again");
    let mut short = past(&run);
    short[1].steps.pop();
    assert_eq!(
        refusal(checkpoint.clone(), short),
        "its record is damaged ([20, 19, 20] steps, expected [20, 20, 20]): run it again"
    );
    assert_eq!(
        refusal(checkpoint, Vec::new()),
        "its record is damaged ([] steps, expected [20, 20, 20]): run it again"
    );
}

#[test]
fn a_run_of_the_past_shows_what_it_showed() {
    let (market, request) = (wave(1), request());
    let mut run = started(&market, &request);
    run.advance(&market.snapshots, 30);
    run.command(Command::Stop).expect("running");
    let again = Run::of_past(run.resolved().clone(), run.state(), run.progress().marks_done, past(&run));
    assert_same(&again, &run, "of the past");
    assert_eq!((again.progress(), again.state()), (run.progress(), RunState::Stopped));
    assert_eq!(serde_json::to_string(&again.output()).ok(), serde_json::to_string(&run.output()).ok());
}
