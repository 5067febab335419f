//! The checks of `#verify`, made in front of the visitor: figures at once, then the example's run, then every file.

use super::live::{CHUNK, to_end};
use super::loader;
use super::state::App;
use crate::digest::sha256_hex;
use crate::display::Folder;
use crate::display::verify::{EXAMPLE, FILES, Section, files, recomputed, unmade, without_data};
use crate::market::Dataset;
use crate::run::{Advance, Command, Run, resolve};
use crate::web::task;
use leptos::prelude::*;

/// Makes every check; sections appear as they are made. Ends early where the page is left.
pub async fn check_all(app: App, shown: RwSignal<Vec<Section>>) {
    task::next_turn().await;
    if shown.try_set(without_data()).is_some() {
        return;
    }
    task::next_turn().await;
    // The example is of this site's data; another host's folder has none.
    if app.folder.with_value(Folder::is_own) {
        let failed = |reason| Section { title: EXAMPLE, checks: vec![unmade("The run", reason)] };
        let example = rerun(app).await.unwrap_or_else(failed);
        if shown.try_update(|sections| sections.push(example)).is_none() {
            return;
        }
    }
    let Some(catalog) = app.catalog_ready_untracked() else {
        let checks = vec![unmade("The list of datasets", "it could not be read".into())];
        let _ = shown.try_update(|sections| sections.push(Section { title: FILES, checks }));
        return;
    };
    let mut checks = Vec::new();
    for dataset in &catalog.datasets {
        checks.push(files(dataset, &faults_of(app, dataset).await));
        let section = Section { title: FILES, checks: checks.clone() };
        let show = |sections: &mut Vec<Section>| {
            sections.retain(|section| section.title != FILES);
            sections.push(section);
        };
        if shown.try_update(show).is_none() {
            return;
        }
    }
}

/// The example's request, run again on the files that are served.
async fn rerun(app: App) -> Result<Section, String> {
    let example = loader::fetch_example().await?;
    let catalog = app.catalog_ready_untracked().ok_or("the list of datasets is not there")?;
    let resolved = resolve(&example.request.to_string(), &catalog).map_err(|e| e.to_string())?;
    let mut run = Run::new(resolved);
    let dataset = run.resolved().dataset.clone();
    let mut snapshots = Vec::new();
    for entry in &dataset.packs[run.packs()] {
        snapshots.extend(loader::read_pack(app, &dataset, entry, &mut |_| true).await?.unwrap_or_default());
    }
    run.command(Command::Start).map_err(|e| e.to_string())?;
    run.command(Command::Data).map_err(|e| e.to_string())?;
    match to_end(&mut run, |run| Some(run.advance(&snapshots, CHUNK))).await {
        Some(Advance::NeedData(pack)) => Err(format!("{} is missing", dataset.packs[pack].path)),
        _ => Ok(recomputed(&example, &run)),
    }
}

/// What is wrong with the files of a dataset, one sentence each.
async fn faults_of(app: App, dataset: &Dataset) -> Vec<String> {
    let mut faults = Vec::new();
    for entry in &dataset.packs {
        match loader::pack_bytes(app, entry, &mut |_| true).await {
            Ok((bytes, _)) if sha256_hex(&bytes) == entry.sha256 => {}
            Ok(_) => faults.push(format!("{} has another SHA-256", entry.path)),
            Err(fault) => faults.push(fault.to_string()),
        }
        task::give_way().await;
    }
    faults
}
