//! The input's own BOM, read once more to be written upon: the same bytes that were looked at, or none.
#![expect(clippy::disallowed_methods, reason = "the roof hands an input to a writer (invariant 2)")]
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use interdict_model::{Digest, Report};
use interdict_report::MOST;
use interdict_scan::Target;

/// What a run was given to look at.
#[derive(Clone, Copy, Default)]
pub(crate) struct Given<'a> {
    pub(crate) targets: &'a [Target],
    pub(crate) documents: &'a [PathBuf],
}

/// The bytes of the one document that a BOM can be written upon, or why there are none.
pub(crate) fn bytes(report: &Report, formats: &[&str], given: Given<'_>) -> Result<Vec<u8>, String> {
    let input = interdict_report::original(report, formats)?;
    let Some(digest) = &input.digest else { return Err("its digest is not known".to_owned()) };
    let same = |bytes: &[u8]| Digest::of(bytes) == *digest;
    let Some(name) = input.locator.steps().into_iter().next() else { return Err("it has no name".to_owned()) };
    let handed = given.targets.iter().find_map(|target| match target {
        Target::Bytes(_, bytes) => Some(bytes).filter(|bytes| same(bytes)),
        Target::Path(_) => None,
    });
    if let Some(bytes) = handed {
        return Ok(bytes.clone());
    }
    let Ok(name) = String::from_utf8(name) else { return Err("its name is not UTF-8".to_owned()) };
    let mut why = "it is not where it was".to_owned();
    for path in places(Path::new(&name), given) {
        match read(&path) {
            Ok(bytes) if same(&bytes) => return Ok(bytes),
            Ok(_) => "it is not what it was when it was looked at".clone_into(&mut why),
            Err(Some(fault)) => why = fault,
            Err(None) => {}
        }
    }
    Err(why)
}

/// Where a file of this name may lie: a report calls an absolute target by its last names only.
fn places(name: &Path, given: Given<'_>) -> Vec<PathBuf> {
    let mut places = vec![name.to_owned()];
    let targets = given.targets.iter().filter_map(|target| match target {
        Target::Path(path) => Some(path),
        Target::Bytes(..) => None,
    });
    for path in targets.chain(given.documents) {
        let parts: Vec<_> = path.components().collect();
        for from in 0..parts.len() {
            let tail: PathBuf = parts.get(from..).unwrap_or_default().iter().collect();
            if let Ok(rest) = name.strip_prefix(&tail) {
                places.push(if rest.as_os_str().is_empty() { path.clone() } else { path.join(rest) });
            }
        }
        // The root and the folder itself have no name to begin with.
        if let Ok(rest) = name.strip_prefix(".") {
            places.push(path.join(rest));
        }
    }
    places
}

/// A regular file's bytes; nothing to say of one that is not there.
fn read(path: &Path) -> Result<Vec<u8>, Option<String>> {
    let is_file = fs::metadata(path).is_ok_and(|about| about.is_file());
    let file = File::open(path).ok().filter(|_| is_file).ok_or(None)?;
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|fault| Some(format!("it could not be read ({fault})")))?;
    if bytes.len() as u64 > MOST { Err(Some(format!("it is larger than {} MiB", MOST >> 20))) } else { Ok(bytes) }
}
