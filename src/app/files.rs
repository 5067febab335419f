//! Kept runs as files: what a person takes away, and what comes back.

use super::state::App;
use super::{export, keep};
use crate::display::api::ApiError;
use crate::display::runs::name_of;
use crate::store::Bundle;
use crate::web::{files, page};
use web_sys::File;

/// Largest file that is read back, bytes.
const MOST_BYTES: f64 = 256e6;

/// The media type of a report.
pub const REPORT_TYPE: &str = "text/html;charset=utf-8";

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
    /// One page for people, which opens anywhere.
    Report,
}

impl Form {
    /// All, with the words of their buttons.
    pub const ALL: [(Form, &'static str); 6] = [
        (Form::Report, "Report"),
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
            Form::Report => REPORT_TYPE,
            _ => "text/csv;charset=utf-8",
        }
    }
}

/// The file of a kept run: its name and its bytes.
///
/// # Errors
/// The run or its data are not there, or the storage failed.
async fn file_of(app: App, id: &str, form: Form) -> Result<(String, Vec<u8>), ApiError> {
    Ok(match form {
        Form::Json => (format!("chainwalk-{id}.json"), export::json_of(app, id).await?.into_bytes()),
        Form::Zip => (format!("chainwalk-{id}.zip"), export::zip_of(app, id).await?),
        Form::Report => (format!("chainwalk-{id}.html"), export::report_of(app, id).await?.into_bytes()),
        Form::Steps | Form::Trades | Form::Equity => {
            let wanted = match form {
                Form::Steps => "steps",
                Form::Trades => "trades",
                _ => "equity",
            };
            let found = export::csv_of(app, id).await?.into_iter().find(|(part, _)| *part == wanted);
            (export::csv_name(id, wanted), found.map(|(_, bytes)| bytes).unwrap_or_default())
        }
    })
}

/// Offers a kept run as a file.
///
/// # Errors
/// As [`file_of`].
pub async fn offer(app: App, id: &str, form: Form) -> Result<(), String> {
    let (name, bytes) = file_of(app, id, form).await.map_err(|fault| fault.to_string())?;
    page::download(&name, form.media_type(), &bytes);
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
