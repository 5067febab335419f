//! Kept runs over the memory twin: what is saved comes back, whenever the tab was closed.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::run::{Advance, Command, Past, Run, RunState, UnitState};
use chainwalk::store::tables::of_run;
use chainwalk::store::zip::zip;
use chainwalk::store::{
    Archive, Bundle, BundleError, Change, Kept, Level, LogLine, MemoryStore, PackRecord, Retention, Row, RunStore,
    Save, Saving, StoreError, Table,
};
use chainwalk::units::DAY_MS;
use common::runs::{resolved, started};
use common::wave::{END, START, wave};
use serde_json::{Value, json};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The memory twin never waits.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the memory twin waited"),
    }
}

fn request() -> Value {
    json!({
        "dataset": "made", "start": START, "end": END, "timeframe": "4h", "decision_interval_hours": 8,
        "exit_style": "tp_and_roll",
        "variants": [
            { "name": "Roll", "min_dte": 2 },
            { "name": "Two", "max_open": 2, "size": 0.5, "exit": { "stop_loss": 2, "dte_exit": 2 } },
            { "name": "Off", "enabled": false },
        ],
    })
}

fn saving(id: &str, created_ms: i64) -> Saving {
    Saving { id: id.into(), created_ms, written: request(), kept: Vec::new() }
}

fn line(run: &str, line: u32, message: &str) -> LogLine {
    let (level, message) = (Level::Info, message.to_owned());
    LogLine { run: run.into(), line, time_ms: 1_000, level, variant: None, date: None, message }
}

/// Walks a run to its end, saved every `every` marks, and at its end.
fn kept_run(archive: &Archive<MemoryStore>, id: &str, created_ms: i64, every: usize) -> Run {
    let market = wave(3);
    let mut run = started(&market, &request());
    let mut saving = saving(id, created_ms);
    loop {
        let ended = run.advance(&market.snapshots, every) == Advance::Complete;
        let save = Save::of(&run, &saving, created_ms + 5_000, &[]);
        saving.kept = save.kept.clone();
        now(archive.save(save)).expect("memory");
        if ended {
            return run;
        }
    }
}

fn all_rows(archive: &Archive<MemoryStore>) -> Vec<Vec<Row>> {
    Table::ALL.map(|table| now(archive.store().read(table, Vec::new())).expect("memory")).to_vec()
}

fn find(archive: &Archive<MemoryStore>, id: &str) -> Kept {
    now(archive.find(id)).expect("kept")
}

#[test]
fn what_was_saved_in_pieces_comes_back_whole() {
    for every in [1, 7, 50, 10_000] {
        let archive = Archive::<MemoryStore>::default();
        let run = kept_run(&archive, "a", 1_000, every);
        let kept = find(&archive, "a");
        assert_eq!(kept.run.digest.as_deref(), Some(run.digest().as_str()));
        assert_eq!((kept.run.state, kept.run.finished_ms), (RunState::Completed, Some(6_000)));
        let states: Vec<UnitState> = kept.units.iter().map(|unit| unit.state).collect();
        assert_eq!(states, [UnitState::Completed, UnitState::Completed, UnitState::Skipped]);
        let past = now(archive.past("a")).expect("whole");
        let again = Run::of_past(run.resolved().clone(), kept.run.state, kept.run.marks_done, past);
        assert_eq!(again.digest(), run.digest(), "saved every {every} marks");
        assert!(again.units().iter().zip(run.units()).all(|(a, b)| a.steps == b.steps && a.metrics == b.metrics));
        assert_eq!((again.trades(), again.warnings()), (run.trades(), run.warnings()));
        assert_eq!(now(archive.checkpoint("a")), Ok(None));
        let curves = now(archive.equity("a")).expect("whole");
        assert_eq!(curves.iter().map(|(_, curve)| curve.len()).collect::<Vec<_>>(), [run.units()[0].steps.len(); 2]);
    }
}

#[test]
fn a_save_made_a_piece_at_a_time_writes_the_same() {
    let market = wave(3);
    let mut run = started(&market, &request());
    for state in [RunState::Running, RunState::Completed] {
        let (at_once, in_turns) = (Archive::<MemoryStore>::default(), Archive::<MemoryStore>::default());
        let steps = if state.is_final() { 10_000 } else { 60 };
        run.advance(&market.snapshots, steps);
        assert_eq!(run.state(), state);
        now(at_once.save(Save::of(&run, &saving("a", 1_000), 2_000, &[]))).expect("memory");
        let mut save = Save::begun(&run, &saving("a", 1_000), 2_000, &[]);
        let steps = |unit: &chainwalk::run::Unit| unit.steps.len().div_ceil(Save::PIECE);
        let pieces = run.units().iter().map(steps).sum::<usize>() + run.units().len();
        assert!(pieces > run.units().len() + 2 || !state.is_final(), "steps of more than one piece");
        assert_eq!((0..).take_while(|_| save.add(&run)).count(), pieces, "some steps a turn, then their variant");
        assert_eq!(save.kept, Save::of(&run, &saving("a", 1_000), 2_000, &[]).kept);
        now(in_turns.save(save)).expect("memory");
        let trades = if state.is_final() { run.trades() } else { Vec::new() };
        assert_eq!(now(in_turns.trades("a")), Ok(trades), "they follow from the steps while it walks");
        assert_eq!(all_rows(&in_turns), all_rows(&at_once), "{state:?}");
    }
}

#[test]
fn a_run_goes_on_from_every_save() {
    let market = wave(5);
    let mut whole = started(&market, &request());
    while whole.advance(&market.snapshots, 500) != Advance::Complete {}
    let archive = Archive::<MemoryStore>::default();
    let mut run = started(&market, &request());
    let mut saving = saving("a", 1_000);
    while run.advance(&market.snapshots, 9) == Advance::Continue {
        let save = Save::of(&run, &saving, 2_000, &[]);
        saving.kept = save.kept.clone();
        now(archive.save(save)).expect("memory");
        // the tab is closed here, after marks that were not saved
        let mut lost = run.clone();
        lost.advance(&market.snapshots, 5);
        let kept = find(&archive, "a");
        assert_eq!((kept.run.state, kept.run.digest), (RunState::Running, None));
        let (checkpoint, past) = (now(archive.checkpoint("a")), now(archive.past("a")).expect("whole"));
        let checkpoint = checkpoint.expect("readable").expect("under way").checkpoint;
        let mut resumed = Run::resume(resolved(&market, &kept.run.written), checkpoint, past).expect("the same data");
        resumed.command(Command::Resume).expect("paused");
        resumed.command(Command::Data).expect("waiting");
        while resumed.advance(&market.snapshots, 500) != Advance::Complete {}
        assert_eq!(resumed.digest(), whole.digest(), "resumed at mark {}", run.progress().marks_done);
    }
}

#[test]
fn a_label_outlives_later_saves() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "a", 1_000, 40);
    now(archive.label("a", "my income run")).expect("kept");
    kept_run(&archive, "a", 1_000, 1_000);
    assert_eq!(find(&archive, "a").label, "my income run");
    assert_eq!(now(archive.label("b", "x")), Err(StoreError::NotFound("b".into())));
}

#[test]
fn a_deleted_run_can_be_put_back() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "a", 1_000, 60);
    kept_run(&archive, "b", 2_000, 60);
    now(archive.label("a", "mine")).expect("kept");
    let before = all_rows(&archive);
    let removed = now(archive.delete("a")).expect("kept");
    assert_eq!(now(archive.find("a")), Err(StoreError::NotFound("a".into())));
    for table in Table::OF_RUN {
        assert_eq!(now(archive.store().read(table, of_run("a"))), Ok(Vec::new()), "{}", table.name());
    }
    assert_eq!(find(&archive, "b").run.created_ms, 2_000);
    now(archive.put_back(removed)).expect("memory");
    assert_eq!(all_rows(&archive), before);
}

#[test]
fn the_oldest_finished_runs_make_room() {
    let archive = Archive::<MemoryStore>::default();
    for (i, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
        kept_run(&archive, id, DAY_MS * i as i64, 1_000);
    }
    let under_way = Save::of(&started(&wave(3), &request()), &saving("old", -DAY_MS), 0, &[]);
    now(archive.save(under_way)).expect("memory");
    let ids = || now(archive.list()).expect("memory").0.into_iter().map(|kept| kept.run.id).collect::<Vec<_>>();
    assert_eq!(now(archive.clean(Retention::default(), 10 * DAY_MS)).map(|freed| freed.runs), Ok(0));
    let freed = now(archive.clean(Retention { most_runs: 3, most_days: None }, 10 * DAY_MS)).expect("memory");
    assert_eq!((freed.runs, ids()), (1, vec!["d".to_string(), "c".into(), "b".into(), "old".into()]));
    assert!(freed.bytes > 20_000, "{freed:?}");
    let freed = now(archive.clean(Retention { most_runs: 3, most_days: Some(8) }, 10 * DAY_MS)).expect("memory");
    assert_eq!((freed.runs, ids()), (1, vec!["d".to_string(), "c".into(), "old".into()]));
}

#[test]
fn the_chosen_retention_is_read_and_written() {
    let rows = [
        (None, Retention::default()),
        (Some(json!({})), Retention::default()),
        (Some(json!({ "most_runs": 3 })), Retention { most_runs: 3, most_days: None }),
        (Some(json!({ "most_runs": -1, "most_days": 30 })), Retention { most_runs: 100, most_days: Some(30) }),
    ];
    for (chosen, expected) in rows {
        assert_eq!(Retention::of(chosen.as_ref()), expected);
        assert_eq!(Retention::of(Some(&expected.to_value())), expected);
    }
}

#[test]
fn an_identical_run_is_found_by_its_fingerprint() {
    let archive = Archive::<MemoryStore>::default();
    let run = kept_run(&archive, "a", 1_000, 1_000);
    let found = now(archive.identical(&run.fingerprint())).expect("memory");
    assert_eq!(found.map(|kept| kept.run.id), Some("a".into()));
    assert_eq!(now(archive.identical("0")), Ok(None));
}

#[test]
fn the_last_run_is_a_whole_one_before_a_stopped_one_and_never_one_that_failed() {
    let archive = Archive::<MemoryStore>::default();
    let market = wave(3);
    let ended = |id: &str, at: i64, marks: usize, end: &dyn Fn(&mut Run)| {
        let mut run = started(&market, &request());
        run.advance(&market.snapshots, marks);
        end(&mut run);
        now(archive.save(Save::of(&run, &saving(id, at), at, &[]))).expect("memory");
        run.fingerprint()
    };
    let stop = |run: &mut Run| {
        run.command(Command::Stop).expect("a run under way");
    };
    let last = |fingerprint: &str| now(archive.last(fingerprint)).expect("memory").map(|kept| kept.run.id);
    let fingerprint = ended("failed", 9_000, 30, &|run| run.fail("refused by the test"));
    assert_eq!(last(&fingerprint), None);
    ended("empty", 8_000, 0, &stop);
    assert_eq!(last(&fingerprint), None, "nothing was made of it");
    ended("stopped", 1_000, 30, &stop);
    assert_eq!(last(&fingerprint).as_deref(), Some("stopped"));
    ended("later", 2_000, 40, &stop);
    assert_eq!(last(&fingerprint).as_deref(), Some("later"), "the newest");
    kept_run(&archive, "whole", 500, 500);
    assert_eq!(last(&fingerprint).as_deref(), Some("whole"));
}

#[test]
fn an_interrupted_run_is_offered_and_a_finished_one_is_not() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "done", 1_000, 1_000);
    let market = wave(3);
    let mut run = started(&market, &request());
    run.advance(&market.snapshots, 30);
    now(archive.save(Save::of(&run, &saving("going", 2_000), 3_000, &[]))).expect("memory");
    let offered = |active| now(archive.interrupted(active)).expect("memory").into_iter().map(|kept| kept.run.id);
    assert_eq!(offered(None).collect::<Vec<_>>(), ["going"]);
    assert_eq!(offered(Some("going")).count(), 0);
}

#[test]
fn an_exported_run_is_imported_with_the_same_digest() {
    let (archive, other) = (Archive::<MemoryStore>::default(), Archive::<MemoryStore>::default());
    let run = kept_run(&archive, "a", 1_000, 60);
    now(archive.label("a", "mine")).expect("kept");
    let file = serde_json::to_vec(&now(archive.export("a")).expect("kept")).expect("JSON");
    let bundle = Bundle::parse(&file).expect("a run");
    let zipped = zip(&[("a.csv".into(), vec![1]), ("run.json".into(), file.clone())]).expect("an archive");
    assert_eq!(Bundle::parse(&zipped).expect("the run in it"), bundle);
    let empty = zip(&[("a.csv".into(), vec![1])]).expect("an archive");
    let refused = Bundle::parse(&empty).expect_err("no run in it").to_string();
    assert!(refused.contains("it is a zip without a stored run; import the .json file in it"), "{refused}");
    assert_eq!(now(other.import(&bundle, "fresh")), Ok("a".into()));
    assert_eq!(now(other.import(&bundle, "fresh")), Ok("a".into()), "twice is once");
    let kept = find(&other, "a");
    assert_eq!((kept.label.as_str(), kept.run.digest), ("mine", Some(run.digest())));
    assert_eq!(all_rows(&other), all_rows(&archive));
    let past = now(other.past("a")).expect("whole");
    assert_eq!(Run::of_past(run.resolved().clone(), kept.run.state, kept.run.marks_done, past).digest(), run.digest());
}

#[test]
fn a_run_whose_name_is_taken_gets_another() {
    let (archive, other) = (Archive::<MemoryStore>::default(), Archive::<MemoryStore>::default());
    kept_run(&archive, "a", 1_000, 60);
    let mut stopped = started(&wave(3), &request());
    stopped.command(Command::Stop).expect("running");
    now(other.save(Save::of(&stopped, &saving("a", 5), 6, &[]))).expect("memory");
    let bundle = now(archive.export("a")).expect("kept");
    assert_eq!(now(other.import(&bundle, "fresh")), Ok("fresh".into()));
    assert_eq!(
        (find(&other, "a").run.state, find(&other, "fresh").run.state),
        (RunState::Stopped, RunState::Completed)
    );
}

#[test]
fn a_changed_file_is_not_imported() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "a", 1_000, 60);
    let bundle = now(archive.export("a")).expect("kept");
    let other = Archive::<MemoryStore>::default();
    let import = |text: String| Bundle::parse(text.as_bytes()).and_then(|bundle| now(other.import(&bundle, "fresh")));
    let text = serde_json::to_string(&bundle).expect("JSON");
    let changed = text.replacen(r#"\"hodl\":[1.0,"#, r#"\"hodl\":[1.5,"#, 1);
    assert_ne!(changed, text);
    assert!(matches!(import(changed), Err(BundleError::Changed { .. })));
    let newer = text.replace(r#""chainwalk_run":1"#, r#""chainwalk_run":9"#);
    assert_eq!(import(newer), Err(BundleError::Newer(9)));
    for bad in ["", "[]", "{}", &text[..text.len() / 2], r#"{"chainwalk_run":1,"tables":{}}"#] {
        assert!(matches!(import(bad.into()), Err(BundleError::Unreadable(_))), "{bad:.40}");
    }
    assert_eq!(all_rows(&other), vec![Vec::<Row>::new(); Table::ALL.len()], "nothing half-kept");
}

#[test]
fn a_record_that_cannot_be_read_hides_only_itself() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "a", 1_000, 60);
    let torn = Row { fields: json!({ "id": "torn", "schema": 2, "state": "who knows" }), bytes: None };
    now(archive.store().write(vec![Change::Put(Table::Runs, torn.clone())])).expect("memory");
    let (runs, faults) = now(archive.list()).expect("memory");
    assert_eq!(runs.iter().map(|kept| kept.run.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].to_string().starts_with("a stored record cannot be read (runs"), "{}", faults[0]);
    assert!(all_rows(&archive)[0].contains(&torn), "it is left as it is");
}

#[test]
fn missing_steps_are_noticed() {
    let archive = Archive::<MemoryStore>::default();
    kept_run(&archive, "a", 1_000, 60);
    let rows = now(archive.store().read(Table::Steps, of_run("a"))).expect("memory");
    let key = rows[1].key(Table::Steps).expect("a key");
    now(archive.store().write(vec![Change::Remove(Table::Steps, key)])).expect("memory");
    assert!(matches!(now(archive.past("a")), Err(StoreError::Corrupt(_))));
}

#[test]
fn the_log_is_kept_with_its_run() {
    let archive = Archive::<MemoryStore>::default();
    let (run, lines) = (started(&wave(3), &request()), [line("a", 0, "begun"), line("a", 1, "first pack")]);
    now(archive.save(Save::of(&run, &saving("a", 1), 2, &lines[..1]))).expect("memory");
    now(archive.save(Save::of(&run, &saving("a", 1), 2, &lines[1..]))).expect("memory");
    assert_eq!(now(archive.log("a")), Ok(lines.to_vec()));
}

#[test]
fn packs_come_back_and_those_kept_longest_make_room() {
    let archive = Archive::<MemoryStore>::default();
    let pack = |i: i64| PackRecord { sha256: format!("hash{i}"), dataset: "made".into(), used_ms: i };
    for i in 0..5 {
        now(archive.keep_pack(&pack(i), vec![i as u8; 20 << 20])).expect("memory");
    }
    let kept: Vec<bool> = (0..5).map(|i| now(archive.pack(&format!("hash{i}"))).expect("memory").is_some()).collect();
    assert_eq!(kept, [false, false, true, true, true]);
    assert_eq!(now(archive.pack("hash4")), Ok(Some(vec![4; 20 << 20])));
}

#[test]
fn a_run_of_the_first_layout_reads() {
    let text = include_str!("store/layout-1.json");
    let rows: std::collections::BTreeMap<String, Vec<Value>> = serde_json::from_str(text).expect("JSON");
    let archive = Archive::<MemoryStore>::default();
    let mut changes = Vec::new();
    for (name, rows) in rows {
        let table = Table::of_name(&name).expect("a table");
        changes.extend(rows.into_iter().map(|fields| Change::Put(table, Row { fields, bytes: None })));
    }
    now(archive.store().write(changes)).expect("memory");
    let (runs, faults) = now(archive.list()).expect("memory");
    assert_eq!(faults, []);
    let kept = &runs[0];
    assert_eq!(
        (kept.run.id.as_str(), kept.label.as_str(), kept.run.progress),
        ("20260101-000000-first", "from the first layout", 1.0)
    );
    let past: Vec<Past> = now(archive.past(&kept.run.id)).expect("whole");
    let run = Run::of_past(resolved(&wave(3), &kept.run.written), kept.run.state, kept.run.marks_done, past);
    assert_eq!(Some(run.digest()), kept.run.digest);
}

/// A dataset of a made-up market with one pack of these bytes.
fn owned(id: &str, bytes: &[u8]) -> chainwalk::market::Dataset {
    let mut dataset = wave(1).dataset;
    dataset.id = id.into();
    let times = (dataset.first.start(), dataset.last.start());
    dataset.packs = vec![chainwalk::market::catalog::PackEntry {
        path: format!("{id}/1.json"),
        first: times.0,
        last: times.1,
        snapshots: 1,
        bytes: bytes.len() as u64,
        sha256: chainwalk::digest::sha256_hex(bytes),
    }];
    dataset
}

#[test]
fn ones_own_data_stay_until_they_are_removed() {
    let archive = Archive::new(MemoryStore::default());
    let (a, b) = (owned("a", b"same"), owned("b", b"same"));
    assert_eq!(now(archive.own()), Ok(Vec::new()));
    // a pack that was only cached before
    let cached = PackRecord { sha256: a.packs[0].sha256.clone(), dataset: "x".into(), used_ms: 1 };
    now(archive.keep_pack(&cached, b"same".to_vec())).expect("cached");
    now(archive.keep_own(a.clone(), vec![b"same".to_vec()], 2)).expect("kept");
    now(archive.keep_own(b.clone(), vec![b"same".to_vec()], 3)).expect("kept");
    assert_eq!(now(archive.own()), Ok(vec![a.clone(), b.clone()]));
    // other packs fill the cache and push nothing of it out
    for n in 0..3u8 {
        let pack = PackRecord { sha256: format!("{n}"), dataset: "y".into(), used_ms: 4 };
        now(archive.keep_pack(&pack, vec![n; 40 << 20])).expect("cached");
    }
    assert_eq!(now(archive.pack(&a.packs[0].sha256)), Ok(Some(b"same".to_vec())));
    now(archive.remove_own("a")).expect("removed");
    assert_eq!(now(archive.pack(&a.packs[0].sha256)), Ok(Some(b"same".to_vec())), "the other one needs it");
    now(archive.remove_own("b")).expect("removed");
    assert_eq!((now(archive.own()), now(archive.pack(&b.packs[0].sha256))), (Ok(Vec::new()), Ok(None)));
    now(archive.set("own data", json!("{}"))).expect("set");
    assert!(matches!(now(archive.own()), Err(StoreError::Corrupt(text)) if text.starts_with("own data: catalog: ")));
}
