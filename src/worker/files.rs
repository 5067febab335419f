//! Files of a worker as readers, a piece at a time, and packs as blobs, which the browser holds outside of the program's memory.

use crate::import::ImportError;
use crate::import::folder::PackFile;
use crate::import::job::Out;
use crate::import::open::{HEAD_BYTES, Head, Progress, Tell};
use crate::market::{PackSource, SourceError};
use flate2::read::MultiGzDecoder;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::io::{Error, Read};
use std::rc::Rc;
use web_sys::{Blob, FileReaderSync};

/// Bytes of a file that are in memory at a time.
const PIECE: f64 = 1_048_576.0;
/// Rows in no order that a worker collects; a program in the browser has 4 GiB at the most.
const MOST_COLLECTED: u64 = 5_000_000;
/// The beginning of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How much was read of all files; what it says goes to the page.
#[derive(Debug, Default)]
pub(super) struct Tally(RefCell<Progress>);

impl Tally {
    /// Nothing read yet.
    pub(super) fn of(files: &[Blob]) -> Tally {
        let total = files.iter().map(|blob| blob.size() as u64).sum();
        Tally(RefCell::new(Progress { total, ..Progress::default() }))
    }

    fn read(&self, bytes: usize) {
        let mut progress = self.0.borrow_mut();
        progress.done += bytes as u64;
        // A look at the beginning is no progress.
        if progress.total > 0 {
            super::tell(&Tell::Progress(progress.clone()), &[]);
        }
    }

    fn lines(&self, lines: usize) {
        self.0.borrow_mut().rows += lines as u64;
    }

    fn begin_anew(&self) {
        let mut progress = self.0.borrow_mut();
        (progress.done, progress.rows) = (0, 0);
    }
}

/// A slice of a blob; the worker waits for it.
fn slice(blob: &Blob, from: f64, to: f64) -> std::io::Result<Uint8Array> {
    let unreadable = |_| Error::other("found a file that the browser cannot read, expected one that is still there");
    let part = blob.slice_with_f64_and_f64(from, to).map_err(unreadable)?;
    let buffer = FileReaderSync::new().and_then(|reader| reader.read_as_array_buffer(&part)).map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer))
}

/// All bytes of a blob.
pub(super) fn bytes_of(blob: &Blob) -> std::io::Result<Vec<u8>> {
    Ok(slice(blob, 0.0, blob.size())?.to_vec())
}

/// A blob of bytes.
pub(super) fn blob_of(bytes: &[u8]) -> Result<Blob, ImportError> {
    let full = |_| ImportError::Setting("found no room for the packs, expected more memory for this browser".into());
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).map_err(full)
}

/// A blob as a reader.
struct Pieces {
    blob: Blob,
    at: f64,
    piece: Vec<u8>,
    taken: usize,
    tally: Rc<Tally>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.taken == self.piece.len() && self.at < self.blob.size() {
            let end = (self.at + PIECE).min(self.blob.size());
            let part = slice(&self.blob, self.at, end)?;
            self.piece.resize(part.length() as usize, 0);
            part.copy_to(&mut self.piece);
            (self.at, self.taken) = (end, 0);
            self.tally.read(self.piece.len());
        }
        let size = buffer.len().min(self.piece.len() - self.taken);
        buffer[..size].copy_from_slice(&self.piece[self.taken..self.taken + size]);
        self.taken += size;
        Ok(size)
    }
}

/// A reader whose lines are counted.
struct Lines<R> {
    inner: R,
    tally: Rc<Tally>,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.inner.read(buffer)?;
        self.tally.lines(buffer[..size].iter().filter(|byte| **byte == b'\n').count());
        Ok(size)
    }
}

/// Opens a file, through gzip where it begins so.
pub(super) fn open(name: &str, blob: &Blob, tally: &Rc<Tally>) -> Result<Box<dyn Read>, ImportError> {
    let begins = slice(blob, 0.0, 2.0).map_err(|e| ImportError::format(name, e))?.to_vec();
    let pieces = Pieces { blob: blob.clone(), at: 0.0, piece: Vec::new(), taken: 0, tally: Rc::clone(tally) };
    let tally = Rc::clone(tally);
    Ok(if begins == GZIP {
        Box::new(Lines { inner: MultiGzDecoder::new(pieces), tally })
    } else {
        Box::new(Lines { inner: pieces, tally })
    })
}

/// The beginning of a file, up to the end of a line where there is more.
pub(super) fn head_of(name: &str, blob: &Blob) -> Result<Head, ImportError> {
    let mut bytes = Vec::new();
    let reader = open(name, blob, &Rc::default())?;
    reader.take(HEAD_BYTES as u64).read_to_end(&mut bytes).map_err(|e| ImportError::format(name, e))?;
    if bytes.len() == HEAD_BYTES
        && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n')
    {
        bytes.truncate(end + 1);
    }
    Ok(Head { name: name.to_owned(), size: blob.size() as u64, bytes })
}

/// Packs as they come, by path.
pub(super) struct Packs {
    blobs: Vec<(String, Blob)>,
    tally: Rc<Tally>,
}

impl Packs {
    /// No pack yet.
    pub(super) fn new(tally: Rc<Tally>) -> Packs {
        Packs { blobs: Vec::new(), tally }
    }

    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), ImportError> {
        self.blobs.push((path.to_owned(), blob_of(bytes)?));
        Ok(())
    }

    pub(super) fn blob(&self, path: &str) -> Option<Blob> {
        self.blobs.iter().find(|(known, _)| known == path).map(|(_, blob)| blob.clone())
    }
}

impl Out for Packs {
    fn keep(&mut self, pack: PackFile) -> Result<(), ImportError> {
        self.add(&pack.path, &pack.bytes)
    }

    fn forget(&mut self) {
        self.blobs.clear();
        self.tally.begin_anew();
    }

    fn most_collected(&self) -> u64 {
        MOST_COLLECTED
    }
}

impl PackSource for Packs {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let missing = |message: String| SourceError::File { path: path.to_owned(), message };
        let blob = self.blob(path).ok_or_else(|| missing("found no such file".into()))?;
        bytes_of(&blob).map_err(|e| missing(e.to_string()))
    }
}
