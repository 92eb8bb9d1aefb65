//! What a document says it describes, told from its own name and its subject's: which of the things it lies beside that is.
use interdict_model::Product;

/// Endings of documents.
const DOCUMENT: &[&str] = &[
    "json",
    "jsonl",
    "xml",
    "cdx",
    "cyclonedx",
    "spdx",
    "spdx2",
    "spdx3",
    "sbom",
    "bom",
    "rdf",
    "yaml",
    "yml",
    "tag",
    "txt",
    "swidtag",
    "syft",
    "jsonld",
    "pb",
    "proto",
    "textproto",
    "gz",
];
/// Endings of what is shipped.
const SHIPPED: &[&str] = &[
    "zip", "tar", "gz", "tgz", "xz", "bz2", "zst", "lz4", "7z", "rar", "jar", "war", "ear", "aar", "apk", "aab", "ipa",
    "deb", "rpm", "msi", "msix", "appx", "exe", "cab", "dmg", "pkg", "iso", "img", "oci", "whl", "egg", "gem", "crate",
    "nupkg", "vsix", "snap", "flatpak", "appimage", "bin", "run", "dll", "so", "dylib", "elf", "wasm", "squashfs",
    "vhd", "vmdk", "qcow2", "ova",
];
/// Endings of things that hold others.
const HOLDING: &[&str] = &[
    "zip", "tar", "tgz", "7z", "rar", "jar", "war", "ear", "aar", "apk", "aab", "ipa", "deb", "rpm", "msi", "msix",
    "appx", "cab", "dmg", "pkg", "iso", "img", "oci", "whl", "egg", "gem", "crate", "nupkg", "vsix", "snap", "flatpak",
    "appimage", "squashfs", "vhd", "vmdk", "qcow2", "ova",
];

/// A name in words: lower case, without what stands between them.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn without_endings(name: &str, endings: &[&str]) -> Vec<String> {
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|last| endings.contains(&last.as_str())) {
        words.pop();
    }
    words
}

/// What the name of a document speaks of; empty where it is a mere word for a document.
fn of_document(name: &str) -> Vec<String> {
    let mut words = words(name);
    words.retain(|word| !word.is_empty());
    while words.last().is_some_and(|last| DOCUMENT.contains(&last.as_str())) {
        words.pop();
    }
    let leading = words.iter().take_while(|word| ["sbom", "bom", "spdx", "cdx"].contains(&word.as_str())).count();
    words.drain(..leading);
    words
}

/// Whether it holds other things, by its ending.
pub(crate) fn is_container(name: &str) -> bool {
    words(name).iter().rev().take(2).any(|ending| HOLDING.contains(&ending.as_str()))
}

/// A product's name as it is compared.
pub(crate) fn key(name: &str) -> String {
    words(name).join(" ")
}

/// Whether one names the other: the same words, and a version behind them on one side at most.
fn names(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let is_version = |word: &String| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    !short.is_empty() && long.starts_with(short) && long.get(short.len()).is_none_or(is_version)
}

/// Whether a document of this name bears that of a thing: `tool.cdx.json` beside `tool-1.2.zip`.
pub(crate) fn bears(document: &str, thing: &str) -> bool {
    let own = of_document(document);
    names(&own, &without_endings(thing, SHIPPED)) || (!own.is_empty() && own == words(thing))
}

/// Whether a thing bears the name of a product, and no version that is not the product's.
pub(crate) fn is_subject(product: &Product, thing: &str) -> bool {
    let (bare, named) = (without_endings(thing, SHIPPED), words(&product.name));
    let versioned: Vec<String> =
        named.iter().cloned().chain(words(product.version.as_deref().unwrap_or_default())).collect();
    let fits = bare.len() <= named.len() || bare.starts_with(&versioned) || versioned.starts_with(&bare);
    names(&named, &bare) && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_bears_the_name_of_what_it_describes() {
        for (document, thing, want) in [
            ("tool.cdx.json", "tool.zip", true),
            ("tool.zip.cdx.json", "tool.zip", true),
            ("tool-1.2.spdx", "tool-1.2.tar.gz", true),
            ("tool_sbom.json", "tool-1.2.tar.gz", true),
            ("bom-tool.xml", "tool", true),
            ("tool.cdx.json", "tool-extras.zip", false),
            ("sbom.cdx.json", "sbom.zip", false),
            ("bom.json", "tool.zip", false),
        ] {
            assert_eq!(bears(document, thing), want, "{document} {thing}");
        }
        assert!(is_container("a.tar.gz") && is_container("a.jar") && !is_container("a.exe") && !is_container("a"));
    }

    #[test]
    fn a_thing_bears_the_name_of_the_subject() {
        for (name, version, thing, want) in [
            ("Tool", None, "tool.zip", true),
            ("Tool", Some("1.2"), "tool-1.2.zip", true),
            ("Tool", Some("1.2"), "tool-1.3.zip", false),
            ("Tool", Some("1.2"), "tool.zip", true),
            ("Other", Some("1.2"), "tool.zip", false),
            ("acme-gateway", Some("4.2"), "acme_gateway_4.2_amd64.deb", true),
        ] {
            let version = version.map(str::to_owned);
            let product = Product { name: name.to_owned(), version, ..Product::default() };
            assert_eq!(is_subject(&product, thing), want, "{name} {thing}");
        }
    }
}
