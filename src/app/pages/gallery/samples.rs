//! What needs a run, by the components of the pages on states that were made up for it.

use super::Part;
use super::around::{Around, Sample, TIME, sample_of, shown, when_read};
use super::runs::kept;
use crate::app::components::{
    KeyNumbers, NewerBuild, Notice, Questions, ResultBanner, RunBar, StepLine, StepsHead, Trades, VerdictLine, WhyPanel,
};
use crate::app::state::{App, Column, Question, Status, Verdict, app};
use crate::display::inspect::{CandidateRow, LedgerRow, RefusedGroup, Why, WhyHead};
use crate::display::lines::{Axis, Lines, Series, Tone};
use crate::display::rows::{LegRow, StepRow};
use crate::metrics::{Drawdown, Summary};
use crate::run::{RunState, UnitError, UnitState};
use crate::strategy::ExitStyle;
use leptos::prelude::*;
use serde_json::json;

/// The figures of a run that is under way.
pub fn at(state: RunState) -> Status {
    Status {
        state: Some(state),
        fraction: if state == RunState::Loading { 0.0 } else { 0.4 },
        decisions: (72, 181),
        time: Some(TIME),
        seconds_left: Some(4.0),
        bytes: (state == RunState::Loading).then_some((310_000, 1_200_000)),
        ..Status::default()
    }
}

/// The run bar in every state.
#[component]
pub fn RunBars() -> impl IntoView {
    let page = app();
    view! {
        <Part title="Run bar">
            {RunState::ALL.map(|state| {
                let sample = sample_of(page);
                sample.status.set(at(state));
                view! { <Around sample=sample><RunBar/></Around> }
            })}
        </Part>
    }
}

/// What the page says above a result, and what it asks.
#[component]
pub fn Answers() -> impl IntoView {
    let shows = |set: fn(App)| {
        view! { <Sample set=set><NewerBuild/><Notice/><Questions/><VerdictLine/><ResultBanner/></Sample> }
    };
    let all: [fn(App); 15] = [
        |app| when_read(app, |app, catalog| app.shown.set(shown(json!({}), true, catalog))),
        |app| {
            when_read(app, |app, catalog| app.shown.set(shown(json!({ "exit_style": "tp_and_roll" }), false, catalog)))
        },
        |app| app.is_newer_there.set(true),
        |app| app.notice.set(Some("This link cannot be read: the link is damaged: it does not hold JSON.".into())),
        |app| app.store_fault.set(Some("the browser's storage is full".into())),
        |app| app.question.set(Some(Question::Identical(Box::new(kept(RunState::Completed))))),
        |app| app.question.set(Some(Question::Interrupted(Box::new(kept(RunState::Running))))),
        |app| {
            let why = "the checkpoint is of engine 0.0.9, this is 0.1.0".into();
            app.question.set(Some(Question::CannotResume(Box::new(kept(RunState::Running)), why)));
        },
        |app| app.question.set(Some(Question::Busy("Covered call, 72 of 181 done".into()))),
        |app| app.verdict.set(Some(Verdict::Pending)),
        |app| app.verdict.set(Some(Verdict::Verified)),
        |app| app.verdict.set(Some(Verdict::Differs(vec!["engine 0.2.0 here, 0.1.0 in the link".into()]))),
        |app| app.status.set(at(RunState::Stopped)),
        |app| {
            app.status.set(at(RunState::Partial));
            app.columns.set(columns());
        },
        |app| {
            let sentence = Some("btc-2026/2026-03.json cannot be fetched: the server answered 500".into());
            app.status.set(Status { sentence, ..at(RunState::Failed) });
        },
    ];
    view! { <Part title="Notices and questions">{all.map(shows)}</Part> }
}

/// Figures of three variants, one of which failed.
pub fn columns() -> Vec<Column> {
    let summary = |pnl: f64| Summary {
        final_pnl_vs_hodl_coin: pnl,
        final_pnl_vs_hodl: pnl * 60_000.0,
        final_pnl_coin: pnl,
        final_pnl: pnl * 60_000.0 - 12_000.0,
        total_return_coin: pnl,
        total_return: pnl - 0.2,
        hodl_return: -0.18,
        max_drawdown: Some(Drawdown { depth: 0.316, ..Drawdown::default() }),
        max_drawdown_coin: Some(Drawdown { depth: 0.037, ..Drawdown::default() }),
        win_rate: Some(0.92),
        num_trades: 26,
        fees_coin: Some(0.0027),
        ..Summary::default()
    };
    let column = |name: &str, state, summary| Column {
        name: name.into(),
        state,
        style: ExitStyle::HoldToExpiry,
        error: None,
        summary,
    };
    let failure =
        UnitError { message: "Arithmetic: the account's figures left the range of numbers".into(), date: Some(TIME) };
    vec![
        column("Covered call, hold", UnitState::Completed, Some(summary(0.0859))),
        column("Covered call, roll", UnitState::Completed, Some(summary(-0.0122))),
        Column { error: Some(failure), ..column("Endless", UnitState::Failed, None) },
    ]
}

/// The key numbers of one variant, and of several.
#[component]
pub fn KeyFigures() -> impl IntoView {
    view! {
        <Part title="Key numbers">
            <Sample set=|app| app.columns.set(columns().into_iter().take(1).collect())><KeyNumbers/></Sample>
            <Sample set=|app| app.columns.set(columns())><KeyNumbers/></Sample>
        </Part>
    }
}

/// Lines of the Steps table: a trade, a refusal, an expiry, a gap.
#[component]
pub fn StepLines() -> impl IntoView {
    let row = |step: usize, candidates: &str, traded: &'static str, contract: &str, reason: &str| StepRow {
        step,
        at: TIME.0,
        time: format!("2026-03-{:02} 08:00", 14 - step),
        candidates: candidates.into(),
        best_score: if candidates == "–" { "–".into() } else { "7.41".into() },
        traded,
        exit_style: "Hold to expiry",
        contract: contract.into(),
        reason: reason.into(),
    };
    let rows = [
        row(0, "12", "Yes", "BTC-20MAR26-76000-C", "sold at 0.0061"),
        row(1, "12", "No", "", "fully covered"),
        row(2, "9", "Yes", "BTC-20MAR26-74000-C", "expired worthless; entry sold at 0.0066"),
        row(3, "–", "–", "", "gap: the newest snapshot is too old"),
    ];
    let unit = RwSignal::new(0);
    let marked = Memo::new(|_| None);
    view! {
        <Part title="Steps">
            <Sample>
                <div class="table-box"><table class="steps"><StepsHead/>
                    <tbody>{rows.map(|row| view! { <StepLine row=row unit=unit marked=marked/> })}</tbody>
                </table></div>
            </Sample>
        </Part>
    }
}

/// The Trades table: a gain, a loss of two legs, one that is open.
#[component]
pub fn TradeLines() -> impl IntoView {
    let leg = |trade: Option<u32>, reason: &'static str, pnl: Option<f64>| LegRow {
        trade,
        contract: "BTC-20MAR26-76000-C".into(),
        opened: "2026-03-13 08:00".into(),
        closed: if reason.is_empty() { "open".into() } else { "2026-03-20 08:00".into() },
        at_open: "7.0 d · Δ 0.25".into(),
        quote: "two-sided, 1.0 h".into(),
        open_price: "0.0066".into(),
        close_price: if reason.is_empty() { "–".into() } else { "0.0000".into() },
        reason,
        pnl,
        pnl_usd: pnl.unwrap_or_default() * 70_000.0,
        mae_mfe: trade.map(|_| (-0.0021, 0.0064)),
    };
    let rows = vec![
        leg(Some(3), "", None),
        leg(Some(2), "exercised", Some(-0.0122)),
        leg(None, "rolled", None),
        leg(Some(1), "expired worthless", Some(0.0063)),
    ];
    let unit = RwSignal::new(0);
    let sample = sample_of(app());
    sample.session.update_value(|s| s.example_trades = vec![rows]);
    view! {
        <Part title="Trades">
            <Around sample=sample><Trades unit=unit/></Around>
        </Part>
    }
}

/// The inspector at a step, with a fold open and one closed.
#[component]
pub fn Inspected() -> impl IntoView {
    let candidate = |contract: &str, chosen: bool, score: f64, taken: f64| CandidateRow {
        contract: contract.into(),
        chosen,
        figures: ["6.0".into(), "0.25".into(), "0.66".into()],
        quote: "0.0061 / 0.0068".into(),
        points: vec![("IV/RV", score * 0.3), ("delta", score * 0.4), ("DTE", score * 0.2), ("premium", score * 0.1)],
        taken,
        score: score + taken,
    };
    let refused = |reason, contract: &str| RefusedGroup { reason, contracts: vec![contract.into()] };
    let line = |name: &str, tone, points: &[(f64, f64)]| Series {
        name: name.into(),
        points: points.to_vec(),
        tone,
        ..Series::default()
    };
    let over = |x_title, y, y_title, series| Lines { x: Axis::Usd, x_title, y, y_title, series, ..Lines::default() };
    let smile = over(
        "Strike, USD",
        Axis::Percent,
        "Volatility",
        vec![
            line("Calls", Tone::Placed, &[(64e3, 0.7), (68e3, 0.62), (72e3, 0.58), (76e3, 0.57), (80e3, 0.6)]),
            line("BTC-20MAR26-76000-C", Tone::Placed, &[(76e3, 0.57)]),
        ],
    );
    let account = over(
        "Index, USD",
        Axis::Usd,
        "Account, USD",
        vec![
            line("Account", Tone::Placed, &[(50e3, 50.4e3), (76e3, 76.4e3), (92e3, 76.4e3)]),
            line("HODL", Tone::Hodl, &[(50e3, 50e3), (92e3, 92e3)]),
        ],
    );
    let head = WhyHead { time: "2026-03-14 12:00".into(), at: TIME.0, contract: "BTC-20MAR26-76000-C".into() };
    let why = Why {
        reason: "sold at 0.0061".into(),
        market: vec![("Index", "$70,512".into()), ("Regime", "bull".into()), ("Snapshot", "1.0 h old".into())],
        account: vec![("Equity", "1.0061 BTC".into()), ("Open legs", "1".into())],
        smile_title: "Smile of 2026-03-20".into(),
        smile: Lines { rules: vec![(76e3, "traded"), (70_512.0, "index")], ..smile },
        candidates: vec![
            candidate("BTC-20MAR26-76000-C", true, 7.4, 0.0),
            candidate("BTC-27MAR26-78000-C", false, 6.9, -1.2),
        ],
        refused: vec![
            refused("delta outside the range", "BTC-20MAR26-70000-C"),
            refused("spread too wide", "BTC-20MAR26-99000-C"),
        ],
        ledger: vec![LedgerRow {
            time: "2026-03-14 12:00".into(),
            what: "premium",
            coins: "+0.0061".into(),
            cash: "–".into(),
            debt: None,
        }],
        payoff: Some(Lines { rules: vec![(76e3, "strike"), (70_512.0, "index")], ..account }),
        held: vec!["1 BTC-20MAR26-76000-C, sold at 0.0061.".into()],
        ..Why::default()
    };
    view! {
        <Part title="Why">
            <Sample press="summary">
                <WhyPanel head=Memo::new(move |_| Some(head.clone())) why=Memo::new(move |_| Some(why.clone())) close=Callback::new(|()| ())/>
            </Sample>
        </Part>
    }
}
