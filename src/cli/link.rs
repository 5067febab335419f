//! `link REQUEST.json [--data DIR]`: the versioned fragment of a request; `link '#r1=...'`: the request of a fragment.

use super::Failure;
use super::files::{FileSource, read};
use crate::market::PackSource;
use crate::run::{Run, RunRequest, resolve};
use crate::share::{self, Claim, Link};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Make or read a link.
#[derive(clap::Args)]
pub(super) struct LinkArgs {
    /// A request file, or a fragment that begins with `#r1=` or `#r2=`.
    request: String,
    /// Data folder: checks the request against its catalog and keeps only what differs from the dataset's defaults.
    #[arg(long)]
    data: Option<PathBuf>,
    /// With `--data`: runs the request, and the link carries the result's digest, so that whoever opens it can verify it.
    #[arg(long, requires = "data")]
    verify: bool,
}

impl LinkArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.request.starts_with('#') {
            let Link { written, claim } = share::decode(&self.request).map_err(Failure::input)?;
            return super::say(claim.map_or(written.clone(), |claim| with_claim(written, &claim)));
        }
        let bytes = read(Path::new(&self.request)).map_err(Failure::input)?;
        let text = String::from_utf8_lossy(&bytes);
        let written: Value = serde_json::from_str(&text).map_err(Failure::input)?;
        let link = match self.data {
            None => {
                let _: RunRequest = serde_json::from_str(&text).map_err(Failure::input)?;
                Link { written, claim: None }
            }
            Some(folder) => shortened(&text, folder, self.verify)?,
        };
        super::say(format_args!("#{}", share::encode(&link)))
    }
}

/// A request and the claim of its link, side by side.
fn with_claim(written: Value, claim: &Claim) -> Value {
    serde_json::json!({
        "request": written,
        "result": { "dataset_hash": claim.data, "engine_version": claim.engine, "digest": claim.digest },
    })
}

/// What differs from the bare request on the same dataset, and what comes of it where that is asked for.
fn shortened(text: &str, folder: PathBuf, verify: bool) -> Result<Link, Failure> {
    let source = FileSource { folder };
    let catalog = source.catalog().map_err(Failure::input)?;
    let resolved = resolve(text, &catalog).map_err(Failure::input)?;
    let bare = serde_json::json!({ "dataset": resolved.request.dataset }).to_string();
    let base = resolve(&bare, &catalog).map_err(Failure::input)?.request;
    let mut written = share::differences(&resolved.request.to_value(), &base.to_value());
    written["dataset"] = serde_json::json!(resolved.request.dataset);
    let mut run = Run::new(resolved);
    if verify {
        super::run::walk(&mut run, &source)?;
    }
    Ok(Link { written, claim: verify.then(|| Claim::of(&run)) })
}
