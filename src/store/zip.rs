//! Several files as one, for a download: a ZIP archive whose entries are stored as they are.

use rawzip::{DataDescriptorOutput, Error, ZipArchiveWriter};
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!((crc32(b"123456789"), crc32(b"")), (0xCBF4_3926, 0));
    }

    #[test]
    fn what_goes_in_comes_out() {
        let files = [("a.json".to_owned(), b"{}".to_vec()), ("b.csv".to_owned(), vec![7; 70_000])];
        let bytes = zip(&files).expect("an archive");
        assert!(bytes.starts_with(b"PK\x03\x04"));
        let archive = rawzip::ZipArchive::from_slice(&bytes).expect("readable");
        let mut entries = archive.entries();
        for (name, content) in &files {
            let entry = entries.next_entry().expect("readable").expect("an entry");
            assert_eq!(entry.file_path().try_normalize().expect("a name").as_ref(), name);
            let place = archive.get_entry(entry.wayfinder()).expect("its data");
            let mut found = Vec::new();
            place.verifying_reader(place.data()).read_to_end(&mut found).expect("the checksum fits");
            assert_eq!(&found, content);
        }
    }
}
