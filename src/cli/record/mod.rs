//! `record`: one snapshot of the venue's public API at the end of a dataset folder that is whole at every moment.

mod api;

use super::Failure;
use super::files::{FileSource, old_catalog, write};
use crate::import::Report;
use crate::import::append::{Appended, append, census};
use crate::import::deribit_api::{self, Results};
use crate::import::deribit_months::header;
use crate::import::folder::merge;
use crate::market::catalog::Dataset;
use crate::market::source::CATALOG_PATH;
use crate::market::{Catalog, RawSnapshot, is_dataset_id};
use crate::units::{Day, Timestamp};
use anyhow::Context;
use api::Api;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Fewest options of a board that is believed to be whole.
const FEWEST_OPTIONS: usize = 20;
/// Last snapshots that a board is compared with.
const COMPARED: usize = 8;
/// Delivery prices that are asked for: the last ones.
const DELIVERIES: usize = 20;

/// Record one snapshot of Deribit's options from its public API.
#[derive(clap::Args)]
pub(super) struct Record {
    /// Data folder to append to; made where there is none.
    #[arg(long)]
    out: PathBuf,
    /// The coin.
    #[arg(long, default_value = "BTC")]
    underlying: String,
    /// Dataset id; `btc-live` for BTC.
    #[arg(long)]
    id: Option<String>,
    /// Declared minutes between snapshots; a second one within half of it is not taken.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    cadence_minutes: u32,
    /// Least share of the usual number of options, the middle of the last 8 snapshots; a smaller board is not taken. 0 takes any.
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    least_share: f64,
    /// Where the API is.
    #[arg(long, default_value = "https://www.deribit.com")]
    base: String,
    /// Seconds to wait for one answer.
    #[arg(long, default_value_t = 20.0)]
    timeout: f64,
    /// How often each question is asked at the most.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=20))]
    attempts: u32,
    /// Seconds before the second attempt; doubled each time.
    #[arg(long, default_value_t = 2.0)]
    pause: f64,
}

impl Record {
    pub(super) fn run(self) -> Result<(), Failure> {
        let id = self.id.clone().unwrap_or_else(|| format!("{}-live", self.underlying.to_lowercase()));
        if !is_dataset_id(&id) {
            return Err(Failure::BadInput(format!("--id: {id:?} is not an id; write letters, digits and dashes")));
        }
        fs::create_dir_all(&self.out).with_context(|| self.out.display().to_string())?;
        let _lock = lock(&self.out)?;
        let source = FileSource { folder: self.out.clone() };
        let catalog = known(&self.out, &id)?;
        if catalog.is_none() {
            // From the first moment on the folder is one that `check` passes.
            let empty = Catalog::of(Vec::new()).encode().map_err(anyhow::Error::from)?;
            write(&self.out.join(CATALOG_PATH), &empty)?;
        }
        let dataset = catalog.as_ref().and_then(|catalog| catalog.dataset(&id).cloned());
        let mut dataset = dataset.unwrap_or_else(|| self.new_dataset(id));
        let seen = census(&dataset, &source).map_err(Failure::input)?;
        let mut report = Report::default();
        let (snapshot, deliveries) = self.fetch(&mut report)?;
        if let Some(last) = seen.times.last()
            && snapshot.time.ms_since(*last) * 2 < i64::from(self.cadence_minutes) * 60_000
        {
            return super::say(format!("{}: there is a snapshot of {last} already; nothing recorded", dataset.id));
        }
        if let Some(usual) = seen.usual_options(COMPARED)
            && (options(&snapshot) as f64) < self.least_share * usual as f64
        {
            return Err(Failure::Skipped(format!(
                "{}: found {} options, expected about {usual} as in the last snapshots; nothing recorded (--least-share {})",
                dataset.id,
                options(&snapshot),
                self.least_share
            )));
        }
        dataset.delivery.extend(deliveries);
        let time = snapshot.time;
        let appended = append(dataset, seen, snapshot, &source, &mut report).map_err(Failure::input)?;
        let said = format!(
            "{}: recorded {time}, {} snapshots in {}",
            appended.dataset.id,
            snapshots(&appended),
            appended.pack.path
        );
        keep(&self.out, catalog, appended)?;
        super::say(format!("{said}\n{report}"))
    }

    fn new_dataset(&self, id: String) -> Dataset {
        Dataset {
            title: format!("Deribit {} options, recorded live", self.underlying),
            cadence_minutes: self.cadence_minutes,
            source: "Deribit public API, book summary and index".into(),
            licence: "Deribit's terms of service hold for its data; look there before you publish them".into(),
            ..header(id, &self.underlying)
        }
    }

    /// The board, and the delivery prices of the last days where the venue gives them.
    fn fetch(&self, report: &mut Report) -> Result<(RawSnapshot, Vec<(Day, f64)>), Failure> {
        let seconds = |value: f64, name: &str| {
            let refused = || Failure::BadInput(format!("--{name}: {value} is not a number of seconds from 0 to 3600"));
            Duration::try_from_secs_f64(value).ok().filter(|d| d.as_secs() <= 3600).ok_or_else(refused)
        };
        let (timeout, pause) = (seconds(self.timeout, "timeout")?, seconds(self.pause, "pause")?);
        let api = Api { base: self.base.clone(), timeout, attempts: self.attempts, pause };
        let failed = |e: String| Failure::Failed(anyhow::anyhow!("{e}"));
        let index_name = format!("{}_usd", self.underlying.to_lowercase());
        let index = api.ask("get_index_price", &format!("index_name={index_name}")).map_err(failed)?;
        let query = format!("currency={}&kind=option", self.underlying);
        let board = api.ask("get_book_summary_by_currency", &query).map_err(failed)?;
        let snapshot = snapshot(&index.result, &board, &self.underlying, report).map_err(failed)?;
        let query = format!("index_name={index_name}&count={DELIVERIES}");
        let prices = api.ask("get_delivery_prices", &query).map(|answer| deliveries(&answer.result));
        if let Err(why) = &prices {
            report.note(&format!("no delivery prices ({why}); the index at the expiry stands in"), 1);
        }
        Ok((snapshot, prices.unwrap_or_default()))
    }
}

fn snapshots(appended: &Appended) -> u32 {
    appended.dataset.packs.last().map_or(0, |entry| entry.snapshots)
}

/// Lets one recorder at a time into a folder; the lock goes with the process.
fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join(".record.lock");
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::Failed(anyhow::anyhow!("another recorder is at work in {}", folder.display()))),
    }
}

/// The catalog of the history in a folder; packs that no catalog names are somebody's, and are not written over.
///
/// # Errors
/// A share, 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let right = || format!("found {text}, expected a share from 0 to 1");
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(right)
}

/// A catalog that cannot be read, or that does not name the dataset beside packs of it.
fn known(folder: &Path, id: &str) -> Result<Option<Catalog>, Failure> {
    let catalog = old_catalog(folder)?;
    // A first recording that was killed leaves a pack of one snapshot.
    let is_pack = |file: &fs::DirEntry| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.ends_with(".json") && !name.ends_with("-0001.json")
    };
    let packs = fs::read_dir(folder.join(id)).map_or(0, |files| files.filter_map(Result::ok).filter(is_pack).count());
    let is_named = catalog.as_ref().is_some_and(|catalog| catalog.dataset(id).is_some());
    if !is_named && packs > 0 {
        return Err(Failure::BadInput(format!(
            "{}: found no catalog that names {id} beside {packs} packs of it, expected the one that does; put it back, or record into another folder",
            folder.join(CATALOG_PATH).display()
        )));
    }
    Ok(catalog)
}

/// Writes the month under its new name, then the catalog, and only then removes what no catalog names any more.
fn keep(folder: &Path, catalog: Option<Catalog>, appended: Appended) -> Result<(), Failure> {
    let Appended { dataset, pack } = appended;
    let id = dataset.id.clone();
    write(&folder.join(&pack.path), &pack.bytes)?;
    let named: Vec<String> = dataset.packs.iter().map(|entry| entry.path.clone()).collect();
    let catalog = merge(catalog, dataset).encode().map_err(anyhow::Error::from)?;
    write(&folder.join(CATALOG_PATH), &catalog)?;
    let inside = fs::read_dir(folder.join(&id)).with_context(|| id.clone())?;
    for file in inside.filter_map(Result::ok) {
        let name = format!("{id}/{}", file.file_name().to_string_lossy());
        if !named.contains(&name) {
            fs::remove_file(file.path()).with_context(|| name)?;
        }
    }
    Ok(())
}

/// The board of one answer; its time is the answer's, its index the one that was asked for.
fn snapshot(index: &Value, board: &api::Answer, underlying: &str, report: &mut Report) -> Result<RawSnapshot, String> {
    let index =
        positive(&index["index_price"]).ok_or_else(|| format!("found index {index}, expected a positive price"))?;
    let rows = board.result.as_array().ok_or("found no list of options, expected one")?.len();
    let mut results = Results::default();
    let text = board.result.to_string();
    deribit_api::read(text.as_bytes(), "get_book_summary_by_currency", underlying, &mut results, report)
        .map_err(|e| e.to_string())?;
    let snapshot = results.finish(report).pop().ok_or("found no option, expected a board")?;
    let options = options(&snapshot);
    if options < FEWEST_OPTIONS || report.dropped_rows() * 2 > rows as u64 {
        return Err(format!("found {options} options, {} rows dropped, expected a whole board", report.dropped_rows()));
    }
    Ok(RawSnapshot { time: Timestamp(board.given_us / 1000), index, ..snapshot })
}

fn options(snapshot: &RawSnapshot) -> usize {
    snapshot.chains.iter().map(|chain| chain.strikes.len() * 2).sum()
}

fn positive(value: &Value) -> Option<f64> {
    value.as_f64().filter(|price| *price > 0.0 && price.is_finite())
}

fn deliveries(result: &Value) -> Vec<(Day, f64)> {
    let price = |row: &Value| Some((Day::parse(row["date"].as_str()?)?, positive(&row["delivery_price"])?));
    result["data"].as_array().map_or_else(Vec::new, |rows| rows.iter().filter_map(price).collect())
}
