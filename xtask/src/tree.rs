//! The files of the workspace, as the checks see them.
use std::collections::BTreeMap;
use std::path::Path;

/// Above this a file is data, and no check reads it.
const LARGEST: u64 = 4 << 20;

/// Every file by its path from the root, with its text where it has one.
#[derive(Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads the workspace: all of it but what `.gitignore` names and what build tools mark as a cache.
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self::default();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let full = root.join(&folder);
            for entry in std::fs::read_dir(&full).map_err(|error| format!("`{folder}`: {error}"))? {
                let entry = entry.map_err(|error| format!("`{folder}`: {error}"))?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                let kind = entry.file_type().map_err(|error| format!("`{path}`: {error}"))?;
                if kind.is_dir() {
                    let ignored = matches!(path.as_str(), ".git" | "target" | "out");
                    if !ignored && !entry.path().join("CACHEDIR.TAG").exists() {
                        folders.push(path);
                    }
                } else if kind.is_file() && path != ".git" {
                    let small = entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST);
                    let text = small.then(|| std::fs::read(entry.path()).ok()).flatten();
                    tree.files.insert(path, text.and_then(|bytes| String::from_utf8(bytes).ok()));
                }
            }
        }
        Ok(tree)
    }

    /// A tree of these files.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), Some((*text).to_owned()));
        Self { files: files.iter().map(own).collect() }
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Every file that is text, with its path, sorted.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Every Rust file.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| extension(path) == Some("rs") && !path.starts_with("fixtures/"))
    }

    /// The names that stand directly in a folder: files with `true`, folders with `false`.
    pub(crate) fn names_in(&self, folder: &str) -> BTreeMap<&str, bool> {
        let below = self.files.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        below.map(|rest| rest.split_once('/').map_or((rest, true), |(name, _)| (name, false))).collect()
    }
}

/// What follows the last dot of a file's name.
pub(crate) fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

/// A file's name without its extension.
pub(crate) fn stem(path: &str) -> &str {
    Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_what_stands_in_it() {
        let tree = Tree::of(&[("a/b.rs", ""), ("a/c/d.rs", ""), ("ab/e.rs", "")]);
        assert_eq!(tree.names_in("a").into_iter().collect::<Vec<_>>(), [("b.rs", true), ("c", false)]);
        assert_eq!(tree.names_in("none").len(), 0);
    }
}
