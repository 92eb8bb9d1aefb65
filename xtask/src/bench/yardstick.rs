//! Yardsticks of our own: what must be done with the bytes at the least.
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;

/// `yardstick skip FILE` passes over a document of JSON; `yardstick read PATH` adds up the bytes of all files there.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let [what, path] = words else { return Err("yardstick skip|read PATH".to_owned()) };
    let told = |why: &dyn std::fmt::Display| format!("`{path}`: {why}");
    if what == "skip" {
        let bytes = fs::read(path).map_err(|why| told(&why))?;
        let _: IgnoredAny = serde_json::from_slice(&bytes).map_err(|why| told(&why))?;
        return Ok(());
    }
    let mut sum = 0_u64;
    for file in files(Path::new(path)) {
        let bytes = fs::read(&file).map_err(|why| told(&why))?;
        let (words, rest) = bytes.as_chunks::<8>();
        sum = words.iter().fold(sum, |sum, word| sum.wrapping_add(u64::from_le_bytes(*word)));
        sum = rest.iter().fold(sum, |sum, byte| sum.wrapping_add(u64::from(*byte)));
    }
    println!("{sum}");
    Ok(())
}

/// Every regular file at or below a place, without following links, in the order of their names.
pub(super) fn files(place: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![place.to_owned()]);
    while let Some(path) = open.pop() {
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if metadata.is_file() {
            found.push(path);
        } else if metadata.is_dir() {
            open.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        }
    }
    found.sort();
    found
}
