//! asar: the archive that programs built on Electron keep their code in; a table in JSON, then the files as they are.
use std::borrow::Cow;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};
use serde_json::value::RawValue;

use crate::envelope::{Object, word};
use crate::field::{broken, from, range, u32_le};
use crate::names::{link, odd};
use crate::tree::join;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "asar",
    revision: 1,
    title: "asar archive (Electron)",
    limitations: &[
        "files that lie in the folder beside the archive are looked at there; that they are is not checked",
        "folders more than 256 deep are a gap",
    ],
    accepts,
    unpack,
};

/// Four lengths, each of what is behind it.
const LENGTHS: u64 = 16;
/// Each folder's table is gone through once more inside the one around it.
const DEEPEST: usize = 256;

fn accepts(head: &Head<'_>) -> bool {
    let [Some(4), Some(size), Some(inner), Some(text)] = [0, 4, 8, 12].map(|at| u32_le(head.bytes, at)) else {
        return false;
    };
    let is_nested = Some(size) == inner.checked_add(4) && text.checked_add(4).is_some_and(|text| text <= inner);
    is_nested && head.bytes.get(16..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (Some(size), Some(length)) = (u32_le(bytes, 4), u32_le(bytes, 12)) else { return Err(Malformed::NotThis) };
    let Some(text) = range(bytes, LENGTHS, length.into()) else {
        return Err(broken(LENGTHS, "the archive breaks off in its table"));
    };
    let Some(root) = serde_json::from_slice::<&RawValue>(text).ok().and_then(Object::of) else {
        return Err(broken(LENGTHS, "the table is no JSON"));
    };
    let mut asar = Asar { bytes, heap: 8 + u64::from(size), beside: 0, short: None };
    let _ = asar.folder(&root, &[], 0, members);
    if asar.beside > 0 {
        let detail = format!("{} of its files lie in a folder beside it", asar.beside);
        members.anomaly(None, "files-beside", detail);
    }
    match asar.short {
        Some(at) => Err(broken(at, "the archive breaks off in a member")),
        None => Ok(()),
    }
}

struct Asar<'a> {
    bytes: &'a [u8],
    /// Where the files begin.
    heap: u64,
    /// How many files are said to lie elsewhere.
    beside: usize,
    /// Where the first file begins that is not all there.
    short: Option<u64>,
}

impl Asar<'_> {
    fn folder(&mut self, folder: &Object<'_>, path: &[u8], depth: usize, members: &mut dyn Members) -> ControlFlow<()> {
        for files in folder.all("files") {
            for (name, entry) in Object::of(files).map(|files| files.0).unwrap_or_default() {
                let path = join(path, name.as_bytes());
                odd(members, &path);
                match Object::of(entry) {
                    Some(entry) if !entry.has("files") => self.file(&entry, &path, members)?,
                    Some(inner) if depth < DEEPEST => self.folder(&inner, &path, depth + 1, members)?,
                    Some(_) => {
                        let detail = format!("a folder in {DEEPEST} others was not entered");
                        members.unseen(&named(&path), Unseen::new(GapReason::OverLimit, detail));
                    }
                    None => members.unseen(&named(&path), Unseen::new(GapReason::Malformed, "its entry is no object")),
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn file(&mut self, entry: &Object<'_>, path: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
        if let Some(to) = entry.all("link").find_map(word) {
            link(members, path, to.as_bytes(), false);
            return ControlFlow::Continue(());
        }
        if entry.all("unpacked").any(|is| is.get() == "true") {
            self.beside += 1;
            return ControlFlow::Continue(());
        }
        let number =
            |key| entry.all(key).find_map(|raw| word(raw).unwrap_or(Cow::Borrowed(raw.get())).parse::<u64>().ok());
        let (Some(offset), Some(size)) = (number("offset"), number("size")) else {
            members.unseen(&named(path), Unseen::new(GapReason::Malformed, "its entry says no place and size"));
            return ControlFlow::Continue(());
        };
        let start = self.heap.saturating_add(offset);
        let held = range(self.bytes, start, size);
        if held.is_none() {
            self.short.get_or_insert(start);
        }
        let held = held.unwrap_or_else(|| from(self.bytes, start));
        members.stored(&Member { stated_size: Some(size), ..named(path) }, held)
    }
}

fn named(path: &[u8]) -> Member<'_> {
    Member { name: path, ..Member::default() }
}
