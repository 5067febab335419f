//! Which folder the data come from: the site's own, or one that the address names.

/// Name of a folder's catalog.
const CATALOG: &str = "catalog.json";
/// The site's own folder.
const OWN: &str = "data/";

/// A data folder as the page reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    base: String,
}

impl Default for Folder {
    fn default() -> Folder {
        Folder { base: OWN.into() }
    }
}

impl Folder {
    /// The folder of a catalog's address, absolute or relative to the page.
    ///
    /// # Errors
    /// One sentence: what was found, and what would be right.
    pub fn of_catalog(address: &str) -> Result<Folder, String> {
        let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        let is_relative = !address.contains(':') && !address.starts_with("//");
        let base = address.strip_suffix(CATALOG).filter(|base| base.is_empty() || base.ends_with('/'));
        match base.filter(|_| (is_web || is_relative) && address.is_ascii() && !address.contains(['?', '#', '@', ' ']))
        {
            Some(base) => Ok(Folder { base: base.to_owned() }),
            None => Err(format!(
                "catalog: {address:?} is not the address of a catalog; write https://host/folder/{CATALOG}"
            )),
        }
    }

    /// The address of its catalog.
    pub fn catalog(&self) -> String {
        self.file(CATALOG)
    }

    /// The address of one of its files.
    pub fn file(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// It is the site's own.
    pub fn is_own(&self) -> bool {
        self.base == OWN
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn addresses_of_catalogs() {
        for (address, pack) in [
            ("https://example.org/a/catalog.json", "https://example.org/a/x/1.json"),
            ("http://127.0.0.1:8080/catalog.json", "http://127.0.0.1:8080/x/1.json"),
            ("history/catalog.json", "history/x/1.json"),
            ("/data/catalog.json", "/data/x/1.json"),
            ("catalog.json", "x/1.json"),
        ] {
            let folder = Folder::of_catalog(address).expect(address);
            assert_eq!((folder.catalog().as_str(), folder.file("x/1.json").as_str()), (address, pack));
            assert!(!folder.is_own());
        }
        assert!(Folder::default().is_own() && Folder::of_catalog("data/catalog.json").expect("own").is_own());
        for address in [
            "",
            "https://example.org/",
            "https://example.org/data.json",
            "https://example.org/mycatalog.json",
            "ftp://example.org/catalog.json",
            "javascript:x/catalog.json",
            "//example.org/catalog.json",
            "https://me@example.org/catalog.json",
            "https://example.org/?x=/catalog.json",
        ] {
            let refused = Folder::of_catalog(address).expect_err(address);
            assert!(refused.starts_with(&format!("catalog: {address:?} is not the address of a catalog")), "{refused}");
        }
    }
}
