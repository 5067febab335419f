//! Several files as one, for a download: a ZIP archive whose entries are stored as they are.

use rawzip::{CompressionMethod, DataDescriptorOutput, Error, ZipArchive, ZipArchiveWriter};
use std::io::Write;

/// CRC-32 of ISO 3309 as ZIP uses it. Bit by bit: a table would weigh 16 kB in the page.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

/// A ZIP archive of files by name.
///
/// # Errors
/// A name that an archive cannot hold.
pub fn zip(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in files {
        let (mut entry, _) = archive.new_file(name.as_str()).start()?;
        entry.write_all(bytes)?;
        entry.finish(DataDescriptorOutput::new(crc32(bytes), bytes.len() as u64))?;
    }
    archive.finish()
}

/// The first file of an archive whose name ends so; `None` without one, or where it is packed or damaged.
pub fn stored(bytes: &[u8], ending: &str) -> Option<Vec<u8>> {
    let archive = ZipArchive::from_slice(bytes).ok()?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().ok()? {
        if entry.file_path().as_ref().ends_with(ending.as_bytes()) {
            let is_stored = entry.compression_method() == CompressionMethod::STORE;
            let place = archive.get_entry(entry.wayfinder()).ok().filter(|_| is_stored)?;
            let found = place.data();
            let is_whole = crc32(found) == entry.crc32() && found.len() as u64 == entry.uncompressed_size_hint();
            return is_whole.then(|| found.to_vec());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!((crc32(b"123456789"), crc32(b"")), (0xCBF4_3926, 0));
    }

    #[test]
    fn what_goes_in_comes_out() {
        let files = [("a.json".to_owned(), b"{}".to_vec()), ("b.csv".to_owned(), vec![7; 70_000])];
        let bytes = zip(&files).expect("an archive");
        assert!(bytes.starts_with(b"PK\x03\x04"));
        for (name, content) in &files {
            assert_eq!(stored(&bytes, name).as_ref(), Some(content));
        }
        assert_eq!(stored(&bytes, ".txt"), None);
        let mut damaged = bytes.clone();
        damaged[bytes.len() / 2] ^= 1;
        assert_eq!(stored(&damaged, "b.csv"), None, "the checksum does not fit");
        assert_eq!(stored(&bytes[..bytes.len() - 40], "a.json"), None, "half an archive");
    }
}
