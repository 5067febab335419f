//! Files on disk: plain or gzip inputs, a data folder as a source, whole files written at once.

use super::Failure;
use crate::import::folder::{DatasetFiles, PackFile, merge};
use crate::market::source::CATALOG_PATH;
use crate::market::{Catalog, Dataset, PackSource, SourceError, is_safe_path};
use anyhow::Context;
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// A data folder: `catalog.json` and the packs beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSource {
    /// The folder.
    pub folder: PathBuf,
}

impl PackSource for FileSource {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let refuse = |message: String| SourceError::File { path: path.to_string(), message };
        if !is_safe_path(path) {
            return Err(refuse("found a path that leaves the folder, expected a relative one".into()));
        }
        fs::read(self.folder.join(path)).map_err(|e| refuse(e.to_string()))
    }
}

/// Opens a file for reading, through gzip where its name ends so.
pub(super) fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let is_gzip = path.extension().is_some_and(|e| e == "gz");
    let buffered = BufReader::with_capacity(1 << 16, file);
    Ok(if is_gzip { Box::new(MultiGzDecoder::new(buffered)) } else { Box::new(buffered) })
}

/// All bytes of a file, through gzip where its name ends so.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).with_context(|| path.display().to_string())?;
    Ok(bytes)
}

/// The name that errors call a file by.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// The inputs with folders replaced by their files that end in one of `endings`, by name.
pub(super) fn expand(inputs: &[PathBuf], endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            files.push(input.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(input).with_context(|| input.display().to_string())? {
            let path = entry.with_context(|| input.display().to_string())?.path();
            let is_wanted = path.is_file() && endings.iter().any(|e| name(&path).ends_with(e));
            inside.extend(is_wanted.then_some(path));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// A bar on a terminal's stderr; nothing in a pipe.
pub(super) fn progress(steps: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(steps).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Writes the packs, then the catalog with this dataset added or replaced, the others kept.
pub(super) fn write_dataset(folder: &Path, files: DatasetFiles) -> Result<(), Failure> {
    let mut stage = PackStage::new(folder);
    for pack in &files.packs {
        stage.add(pack)?;
    }
    stage.commit(files.dataset)
}

/// Packs that are written beside their places one by one, and moved there together when the dataset is whole.
pub(super) struct PackStage {
    folder: PathBuf,
    written: Vec<PathBuf>,
}

impl PackStage {
    /// Nothing written yet.
    pub(super) fn new(folder: &Path) -> PackStage {
        PackStage { folder: folder.to_path_buf(), written: Vec::new() }
    }

    /// Writes a pack beside its place.
    pub(super) fn add(&mut self, pack: &PackFile) -> anyhow::Result<()> {
        let place = self.folder.join(&pack.path);
        let context = || place.display().to_string();
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).with_context(context)?;
        }
        self.written.push(place.clone());
        fs::write(staged(&place), &pack.bytes).with_context(context)
    }

    /// Removes all packs again.
    pub(super) fn forget(&mut self) {
        for place in self.written.drain(..) {
            let _ = fs::remove_file(staged(&place));
        }
    }

    /// Moves all packs to their places, then writes the catalog with this dataset added or replaced, the others kept.
    pub(super) fn commit(mut self, dataset: Dataset) -> Result<(), Failure> {
        let path = self.folder.join(CATALOG_PATH);
        let catalog = merge(old_catalog(&self.folder)?, dataset).encode().map_err(anyhow::Error::from)?;
        for place in self.written.drain(..) {
            fs::rename(staged(&place), &place).with_context(|| place.display().to_string())?;
        }
        write(&path, &catalog)?;
        Ok(())
    }
}

impl Drop for PackStage {
    /// An import that fails leaves nothing behind.
    fn drop(&mut self) {
        self.forget();
    }
}

fn staged(place: &Path) -> PathBuf {
    place.with_extension("part")
}

/// The catalog of a folder; `None` where there is none yet.
///
/// # Errors
/// A catalog that is there and cannot be read, or is not one: nothing may be written over it.
pub(super) fn old_catalog(folder: &Path) -> Result<Option<Catalog>, Failure> {
    let path = folder.join(CATALOG_PATH);
    match fs::read(&path) {
        Ok(bytes) => match Catalog::parse(&bytes) {
            Ok(catalog) => Ok(Some(catalog)),
            Err(fault) => Err(Failure::BadInput(format!("{}: {fault}", path.display()))),
        },
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(Failure::Failed(anyhow::Error::from(fault).context(path.display().to_string()))),
    }
}

/// Writes a file beside its place and moves it there, so that a reader never sees half of it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let context = || path.display().to_string();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(context)?;
    }
    let part = staged(path);
    let mut file = fs::File::create(&part).with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    // On the disk before it takes the place of what was there, so that a power cut leaves one or the other.
    file.sync_all().with_context(context)?;
    fs::rename(&part, path).with_context(context)
}
