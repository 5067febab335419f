//! Which files of a folder are looked at: people drop folders with much else in them.

use crate::display::format::count;

/// Endings of the formats, each plain or in gzip.
const ENDINGS: [&str; 6] = [".csv", ".txt", ".json", ".jsonl", ".ndjson", ".zip"];
/// Most files of a folder; a year of hourly snapshots is 8,784.
pub const MOST_FILES: usize = 10_000;

/// The places of the files that may hold data, and one sentence where something is left out.
pub fn sift(names: &[String]) -> (Vec<usize>, Option<String>) {
    let may_be = |name: &str| {
        let name = name.to_lowercase();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        !name.starts_with('.') && ENDINGS.iter().any(|ending| plain.ends_with(ending))
    };
    let all: Vec<usize> = (0..names.len()).filter(|place| may_be(&names[*place])).collect();
    let other = (0..names.len()).find(|place| !may_be(&names[*place]));
    let kept: Vec<usize> = all.iter().copied().take(MOST_FILES).collect();
    let others = names.len() - all.len();
    let said = match other.map(|place| (&names[place], others)) {
        _ if all.len() > kept.len() => {
            let (most, found) = (count(MOST_FILES), count(all.len()));
            Some(format!("Found {found} files in the folder, expected at most {most}: the first {most} are taken."))
        }
        Some((name, 1)) => {
            Some(format!("{name} of the folder is left out: expected .csv, .txt, .json, .jsonl, .ndjson, .gz or .zip."))
        }
        Some((name, n)) => Some(format!(
            "{name} and {} more of the folder are left out: expected .csv, .txt, .json, .jsonl, .ndjson, .gz or .zip.",
            count(n - 1)
        )),
        None => None,
    };
    (kept, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sifted(names: &[&str]) -> (Vec<usize>, Option<String>) {
        sift(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_may_be_data_is_kept_and_the_rest_is_told() {
        let endings = ": expected .csv, .txt, .json, .jsonl, .ndjson, .gz or .zip.";
        assert_eq!(sifted(&["a.csv", "b.CSV.gz", "catalog.json"]), (vec![0, 1, 2], None));
        let (kept, said) = sifted(&["README.md", "a.csv"]);
        assert_eq!((kept, said), (vec![1], Some(format!("README.md of the folder is left out{endings}"))));
        let (kept, said) = sifted(&[".DS_Store", "a.txt", "b.parquet", ".hidden.csv"]);
        assert_eq!((kept, said), (vec![1], Some(format!(".DS_Store and 2 more of the folder are left out{endings}"))));
        let (kept, said) = sift(&vec!["a.csv".to_owned(); MOST_FILES + 1]);
        assert_eq!(kept.len(), MOST_FILES);
        let right = "Found 10,001 files in the folder, expected at most 10,000: the first 10,000 are taken.";
        assert_eq!(said.as_deref(), Some(right));
    }
}
