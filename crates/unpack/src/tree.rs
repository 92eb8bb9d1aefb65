//! The folders of a file system, each entered once, however its tree is knotted.
use std::collections::BTreeSet;

use interdict_model::{GapReason, Member, Members, Unseen};

/// Folders that are still to be read, with their paths.
pub(crate) struct Tree<K> {
    waiting: Vec<(K, Vec<u8>)>,
    entered: BTreeSet<K>,
}

/// Longer paths are not followed: no system opens them, and they would grow with the square of their depth.
const LONGEST: usize = 64 * 1024;
/// All paths that wait may hold this much.
const MOST: usize = 256 << 20;

impl<K: Copy + Ord> Tree<K> {
    pub(crate) fn new(root: K) -> Self {
        Self { waiting: vec![(root, Vec::new())], entered: BTreeSet::from([root]) }
    }

    pub(crate) fn next(&mut self) -> Option<(K, Vec<u8>)> {
        self.waiting.pop()
    }

    /// Notes a folder; one that was entered before is odd, and not entered again.
    pub(crate) fn enter(&mut self, key: K, path: Vec<u8>, members: &mut dyn Members) {
        members.entry(&path);
        if !self.entered.insert(key) {
            members.anomaly(
                Some(&path),
                "folder-twice",
                "a folder that stands elsewhere too; it is read once".to_owned(),
            );
        } else if path.len() > LONGEST || self.waiting.len().saturating_mul(path.len()) > MOST {
            let shown = path.get(..256).unwrap_or(&path);
            let detail = format!("a folder with a path of {} bytes was not entered", path.len());
            members.unseen(&Member { name: shown, ..Member::default() }, Unseen::new(GapReason::OverLimit, detail));
        } else {
            self.waiting.push((key, path));
        }
    }
}

/// The path of a name in a folder.
pub(crate) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}
