//! `link REQUEST.json [--data DIR]`: the versioned fragment of a request; `link '#r1=...'`: the request of a fragment.

use super::Failure;
use super::files::{FileSource, read};
use crate::market::PackSource;
use crate::run::{RunRequest, resolve};
use crate::share;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Make or read a link.
#[derive(clap::Args)]
pub(super) struct LinkArgs {
    /// A request file, or a fragment that begins with `#r1=`.
    request: String,
    /// Data folder: checks the request against its catalog and keeps only what differs from the dataset's defaults.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl LinkArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.request.starts_with('#') {
            let written = share::decode(&self.request).map_err(Failure::input)?;
            println!("{written}");
            return Ok(());
        }
        let bytes = read(Path::new(&self.request)).map_err(Failure::input)?;
        let text = String::from_utf8_lossy(&bytes);
        let written: Value = serde_json::from_str(&text).map_err(Failure::input)?;
        let written = match &self.data {
            None => {
                let _: RunRequest = serde_json::from_str(&text).map_err(Failure::input)?;
                written
            }
            Some(folder) => shortened(&text, folder.clone())?,
        };
        println!("#{}", share::encode(&written));
        Ok(())
    }
}

/// What differs from the bare request on the same dataset.
fn shortened(text: &str, folder: PathBuf) -> Result<Value, Failure> {
    let catalog = FileSource { folder }.catalog().map_err(Failure::input)?;
    let request = resolve(text, &catalog).map_err(Failure::input)?.request;
    let bare = serde_json::json!({ "dataset": request.dataset }).to_string();
    let base = resolve(&bare, &catalog).map_err(Failure::input)?.request;
    let mut different = share::differences(&request.to_value(), &base.to_value());
    different["dataset"] = serde_json::json!(request.dataset);
    Ok(different)
}
