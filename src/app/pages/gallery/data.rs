//! The Data page in its states: files of a dataset that are read, and own files that are opened.

use super::Part;
use super::around::{Around, Sample, sample_of};
use crate::app::components::data::{MonthWords, ReadAll};
use crate::app::components::open::{Opening, OwnList, Stage, Stands};
use crate::app::desk::{Desk, Month};
use crate::app::state::{App, CatalogState, app};
use crate::import::open::{Done, Field, Form, Part as Summed, Problem, Progress};
use crate::market::{Catalog, Dataset};
use leptos::context::Provider;
use leptos::prelude::*;
use std::sync::Arc;

/// What is said where a file is on its way or cannot be read, and while all files are read.
#[component]
pub fn FilesRead() -> impl IntoView {
    let page = app();
    let fault = || "btc-2026/2026-03.json cannot be fetched: the server answered 500".to_owned();
    let reads = move |dataset: &Dataset, month: Month, reading: Option<(u64, u64)>, fault: Option<String>| {
        let sample = sample_of(page);
        let desk = Desk::new(sample);
        desk.month.set(month);
        desk.reading.set(reading);
        desk.fault.set(fault);
        let dataset = Arc::new(dataset.clone());
        view! { <Around sample=sample><Provider value=desk><MonthWords/><ReadAll dataset=dataset/></Provider></Around> }
    };
    let both = move |catalog: Arc<Catalog>| {
        catalog.datasets.first().map(|dataset| {
            view! {
                {reads(dataset, Month::Loading, Some((310_000, 1_200_000)), None)}
                {reads(dataset, Month::Failed(fault()), None, Some(fault()))}
            }
        })
    };
    view! { <Part title="Files of a dataset">{move || page.catalog_ready().map(both)}</Part> }
}

/// What was recognised of a file, with a guess that is wrong.
fn recognised() -> Form {
    let columns = ["quote_time", "expiry", "strike", "type", "bid", "ask"];
    let choices: Vec<_> = columns.map(|name| (name.to_owned(), name.to_owned())).to_vec();
    let field = |section: &str, key: &str, label: &str, value: &str, help: &str| Field {
        key: key.into(),
        section: section.into(),
        label: label.into(),
        help: help.into(),
        value: value.into(),
        required: true,
        choices: Vec::new(),
    };
    let column = |key: &str, label: &str, value: &str| Field {
        choices: choices.clone(),
        ..field("Columns", key, label, value, "")
    };
    let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
    Form {
        format: "CSV".into(),
        files: "quotes.csv, 1.2 MB".into(),
        notes: vec!["Times are taken as UTC.".into()],
        refused: Vec::new(),
        fields: vec![
            column("columns.time", "Quoted at", "quote_time"),
            column("columns.strike", "Strike", "strike"),
            Field { required: false, ..column("columns.bid", "Bid", "bid") },
            field("The dataset", "underlying", "Underlying", "", "BTC, SPY and so on."),
            field("The dataset", "rate", "Rate per year", "0.04", "Continuous, a fraction; 0.04 is 4 %."),
        ],
        preview: vec![
            row(columns),
            row(["2026-03-14 12:00", "2026-03-20", "76000", "C", "0.0061", "0.0068"]),
            row(["2026-03-14 12:00", "2026-03-20", "76000", "P", "0.0752", "0.0771"]),
        ],
    }
}

/// What came of an import.
fn imported() -> Done {
    let part = |title: &str, rows: &[(&str, &str)], lines: &[&str]| Summed {
        title: title.into(),
        rows: rows.iter().map(|(name, figure)| ((*name).to_owned(), (*figure).to_owned())).collect(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    Done {
        catalog: String::new(),
        parts: vec![
            part("Rows", &[("Read", "12,480"), ("Kept", "12,402"), ("Dropped", "78")], &[]),
            part("Dropped", &[("No bid and no ask", "78")], &["quotes.csv, line 17: found no price, expected one."]),
        ],
    }
}

/// An opening at each of its stages, what is said of it, and own datasets with one that was removed just now.
#[component]
pub fn OwnFiles() -> impl IntoView {
    let page = app();
    let stands = |stage: Stage, set: fn(Opening)| {
        let opening = Opening::at(stage);
        set(opening);
        view! { <Provider value=opening><Sample><div class="card open"><Stands/></div></Sample></Provider> }
    };
    let form = Arc::new(recognised());
    let guessed = |opening: Opening| {
        opening.values.set(recognised().fields.into_iter().map(|field| (field.key, field.value)).collect());
        let text = "Found nothing, expected a name, BTC or SPY.".into();
        opening.problems.set(vec![Problem { key: "underlying".into(), text }]);
    };
    let half = |opening: Opening| opening.progress.set(Progress { done: 480_000, total: 1_200_000, rows: 5_100 });
    let said = |opening: Opening| {
        opening.said.set(vec![
            (true, "Saved my-quotes.zip: unpack it on any static host, or drop it here again.".into()),
            (false, "photo.png: found no data, expected a file of options or prices.".into()),
        ]);
    };
    let own = move |catalog: Arc<Catalog>| {
        let dataset = |id: &str| catalog.datasets.first().map(|first| Dataset { id: id.into(), ..first.clone() });
        let mut mine = Catalog::clone(&catalog);
        ["my-quotes", "my-prices"].into_iter().filter_map(dataset).for_each(|dataset| mine.open(dataset));
        let sample = App { catalog: RwSignal::new(CatalogState::Ready(Arc::new(mine))), ..sample_of(page) };
        sample.own.update_value(|own| own.kept.push("my-quotes".into()));
        let opening = Opening::new();
        opening.removed.set(Some("my-old-quotes".into()));
        let done = Stage::Done(Arc::new(imported()), Arc::new(dataset("my-quotes").into_iter().collect()));
        view! {
            {stands(done, |_| ())}
            <Provider value=opening><Around sample=sample><div class="card open"><OwnList/></div></Around></Provider>
        }
    };
    view! {
        <Part title="Own files">
            {stands(Stage::Busy("Looking at the files …"), said)}
            {stands(Stage::Form(form), guessed)}
            {stands(Stage::Importing, half)}
            {move || page.catalog_ready().map(own)}
        </Part>
    }
}
