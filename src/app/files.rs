//! Kept runs as files: what a person takes away, and what comes back.

use super::keep;
use super::state::App;
use crate::display::runs::name_of;
use crate::run::export::{equity_csv, steps_csv, trades_csv};
use crate::store::Bundle;
use crate::store::zip::zip;
use crate::web::{files, page};
use web_sys::File;

/// Largest file that is read back, bytes.
const MOST_BYTES: f64 = 256e6;

/// What a run can be taken away as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Everything that is kept of it; the form that is read back.
    Json,
    /// One row a mark and variant.
    Steps,
    /// One row a leg.
    Trades,
    /// One row a mark and variant: balances and values.
    Equity,
    /// All of the above in one archive.
    Zip,
}

impl Form {
    /// All, with the words of their buttons.
    pub const ALL: [(Form, &'static str); 5] = [
        (Form::Json, "Run as JSON"),
        (Form::Steps, "Steps as CSV"),
        (Form::Trades, "Trades as CSV"),
        (Form::Equity, "Equity as CSV"),
        (Form::Zip, "All as one zip"),
    ];

    fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Zip => "application/zip",
            _ => "text/csv;charset=utf-8",
        }
    }
}

async fn json_of(app: App, id: &str) -> Result<Vec<u8>, String> {
    let archive = app.archive().ok_or("the storage is not open")?;
    let bundle = archive.export(id).await.map_err(|fault| fault.to_string())?;
    serde_json::to_vec(&bundle).map_err(|fault| fault.to_string())
}

/// The file of a kept run: its name and its bytes.
///
/// # Errors
/// One sentence: the run or its data are not there, or the storage failed.
pub async fn file_of(app: App, id: &str, form: Form) -> Result<(String, Vec<u8>), String> {
    if form == Form::Json {
        return Ok((format!("chainwalk-{id}.json"), json_of(app, id).await?));
    }
    let (run, _) = keep::past_run(app, id).await?;
    let csv = |part: &str, bytes| (format!("chainwalk-{id}-{part}.csv"), bytes);
    Ok(match form {
        Form::Steps => csv("steps", steps_csv(&run)),
        Form::Trades => csv("trades", trades_csv(&run)),
        Form::Equity => csv("equity", equity_csv(&run)),
        Form::Json | Form::Zip => {
            let json = (format!("chainwalk-{id}.json"), json_of(app, id).await?);
            let tables =
                [csv("steps", steps_csv(&run)), csv("trades", trades_csv(&run)), csv("equity", equity_csv(&run))];
            let all: Vec<(String, Vec<u8>)> = std::iter::once(json).chain(tables).collect();
            (format!("chainwalk-{id}.zip"), zip(&all).map_err(|fault| fault.to_string())?)
        }
    })
}

/// Offers a kept run as a file.
///
/// # Errors
/// As [`file_of`].
pub async fn offer(app: App, id: &str, form: Form) -> Result<(), String> {
    let (name, bytes) = file_of(app, id, form).await?;
    page::download_bytes(&name, form.media_type(), &bytes);
    Ok(())
}

/// Keeps the run of a file: what is to be said of it.
///
/// # Errors
/// Why it is not kept, one sentence.
pub async fn take(app: App, file: &File) -> Result<String, String> {
    let archive = app.archive().ok_or("the storage is not open")?;
    if file.size() > MOST_BYTES {
        return Err("it is larger than any exported run".into());
    }
    let bytes = files::bytes_of(file).await.ok_or("the browser cannot read this file")?;
    let bundle = Bundle::parse(&bytes).map_err(|fault| fault.to_string())?;
    let before = match bundle.run() {
        Ok(run) => archive.find(&run.id).await.ok().filter(|kept| kept.run.digest == run.digest),
        Err(fault) => return Err(fault.to_string()),
    };
    let id = archive.import(&bundle, &keep::fresh_id()).await.map_err(|fault| fault.to_string())?;
    let kept = archive.find(&id).await.map_err(|fault| fault.to_string())?;
    let name = name_of(&kept);
    Ok(if before.is_some() { format!("{name} is kept already.") } else { format!("Imported {name}.") })
}
