//! A dataset folder that was dropped: as an archive, or as its files, whose packs are found by their hashes.

use crate::digest::sha256_hex;
use crate::market::source::CATALOG_PATH;
use crate::market::{Catalog, Dataset};
use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};
use std::io::Read;

/// Most bytes that an archive may hold.
const MOST_BYTES: u64 = 2 << 30;

/// Files by name: plain or packed entries of an archive.
///
/// # Errors
/// One sentence: the archive, found, right.
pub fn unzip(name: &str, bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    unzip_at_most(MOST_BYTES, name, bytes)
}

/// The same of an archive that holds at most `most_bytes`.
fn unzip_at_most(most_bytes: u64, name: &str, bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let refuse = |found: String, right: &str| format!("{name}: found {found}, expected {right}");
    let broken = |e: rawzip::Error| refuse(format!("a damaged archive ({e})"), "a whole zip");
    let archive = ZipArchive::from_slice(bytes).map_err(broken)?;
    let (mut files, mut left) = (Vec::new(), most_bytes);
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(broken)? {
        let path = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        if !path.ends_with(".json") {
            continue;
        }
        let place = archive.get_entry(entry.wayfinder()).map_err(broken)?;
        let mut file = Vec::new();
        // What an archive says of its sizes is a claim: no more is read than what is left, and one byte to know of more.
        let most = left + 1;
        let read = match entry.compression_method() {
            CompressionMethod::STORE => place.verifying_reader(place.data()).take(most).read_to_end(&mut file),
            CompressionMethod::DEFLATE => {
                place.verifying_reader(DeflateDecoder::new(place.data())).take(most).read_to_end(&mut file)
            }
            other => return Err(refuse(format!("{path} packed as {other:?}"), "plain or deflated files")),
        };
        read.map_err(|e| refuse(format!("{path} damaged ({e})"), "a whole zip"))?;
        left = left
            .checked_sub(file.len() as u64)
            .ok_or_else(|| refuse(format!("more than {most_bytes} bytes inside"), "a dataset folder"))?;
        files.push((path, file));
    }
    Ok(files)
}

/// The datasets of a folder's files with their packs, those apart that cannot be taken.
///
/// `ids` are those of datasets that are there; a dataset of one of them is refused in a sentence, and so is one that lacks a pack.
///
/// # Errors
/// There is no catalog, it is refused, or nothing of it can be taken: one sentence each.
pub fn open(files: Vec<(String, Vec<u8>)>, ids: &[String]) -> Result<Opened, Vec<String>> {
    let is_catalog = |(path, _): &&(String, Vec<u8>)| path.rsplit('/').next() == Some(CATALOG_PATH);
    let (path, bytes) = files
        .iter()
        .find(is_catalog)
        .ok_or_else(|| vec![format!("Found packs without {CATALOG_PATH}, expected the whole dataset folder.")])?;
    let catalog = Catalog::parse(bytes).map_err(|e| vec![format!("{path}: {e}.")])?;
    let mut opened = Opened::default();
    let hashed: Vec<(String, &Vec<u8>)> = files.iter().map(|(_, bytes)| (sha256_hex(bytes), bytes)).collect();
    for dataset in catalog.datasets {
        if ids.contains(&dataset.id) {
            opened
                .refused
                .push(format!("{}: found an id that a dataset here already has, expected another.", dataset.id));
            continue;
        }
        let found = |entry: &crate::market::catalog::PackEntry| {
            let pack = hashed.iter().find(|(hash, _)| *hash == entry.sha256);
            pack.map(|(_, bytes)| (*bytes).clone()).ok_or_else(|| entry.path.clone())
        };
        match dataset.packs.iter().map(found).collect::<Result<Vec<_>, _>>() {
            Ok(packs) => opened.datasets.push((dataset, packs)),
            Err(path) => opened.refused.push(format!(
                "{}: found no file with the hash of {path}, expected every pack of the catalog.",
                dataset.id
            )),
        }
    }
    if opened.datasets.is_empty() { Err(opened.refused) } else { Ok(opened) }
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opened {
    /// Datasets with their packs in the catalog's order.
    pub datasets: Vec<(Dataset, Vec<Vec<u8>>)>,
    /// Datasets that are left out, one sentence each.
    pub refused: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

    /// An archive of one packed file whose sizes say `claimed`.
    fn lying(text: &[u8], claimed: u32) -> Vec<u8> {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text).expect("bytes");
        let packed = packed.finish().expect("bytes");
        let mut sum = flate2::Crc::new();
        sum.update(text);
        let name = b"catalog.json";
        // Version, flags, method, time, date, sum, both sizes, length of the name, of more.
        let mut common = Vec::new();
        [20_u16, 0, 8, 0, 0].iter().for_each(|n| common.extend(n.to_le_bytes()));
        [sum.sum(), packed.len() as u32, claimed].iter().for_each(|n| common.extend(n.to_le_bytes()));
        [name.len() as u16, 0].iter().for_each(|n| common.extend(n.to_le_bytes()));
        let mut zip = [&b"PK\x03\x04"[..], &common, name, &packed].concat();
        let at = zip.len() as u32;
        let central = [&b"PK\x01\x02\x14\0"[..], &common, &[0; 14], name].concat();
        zip.extend(&central);
        zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        zip.extend((central.len() as u32).to_le_bytes());
        zip.extend(at.to_le_bytes());
        zip.extend([0, 0]);
        zip
    }

    #[test]
    fn an_archive_that_lies_about_its_size_is_cut_off() {
        let text = vec![b' '; 100_000];
        let honest = unzip_at_most(100_000, "x.zip", &lying(&text, 100_000)).expect("all of it");
        assert_eq!(honest[0].1.len(), 100_000);
        for claimed in [0, 10, 100_000] {
            let refused = unzip_at_most(99_999, "x.zip", &lying(&text, claimed)).expect_err("too much");
            let sentences = [
                "x.zip: found more than 99999 bytes inside, expected a dataset folder",
                "x.zip: found catalog.json damaged",
            ];
            assert!(sentences.iter().any(|sentence| refused.starts_with(sentence)), "{refused}");
        }
    }
}
