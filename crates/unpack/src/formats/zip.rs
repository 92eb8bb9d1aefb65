//! zip archives: the directory and the local headers are both read; where they disagree, both readings are offered.
mod directory;
mod local;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use flate2::bufread::DeflateDecoder;
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::directory::Directory;
use self::local::Local;
use crate::field::{from, range};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zip",
    revision: 1,
    title: "zip archive and everything built on it (jar, apk, nupkg, whl, docx, self-extracting)",
    limitations: &[
        "methods other than stored and deflate are stated as gaps",
        "parts of split archives are not joined",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"PK\x03\x04")
        || head.starts_with(b"PK\x07\x08PK\x03\x04")
        || Directory::find(head.bytes).is_some()
}

/// One member by one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    /// Of the local header.
    header: u64,
}

const ENCRYPTED: u16 = 1;
const LATER: u16 = 8;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let directory = Directory::find(bytes);
    let (listed, is_whole) = directory.as_ref().map(|directory| directory.entries(bytes)).unwrap_or_default();
    let mut covered: BTreeMap<u64, u64> = BTreeMap::new();
    let mut names: BTreeMap<&[u8], u32> = BTreeMap::new();
    for entry in &listed {
        *names.entry(entry.name).or_default() += 1;
        let local = Local::parse(bytes, entry.header);
        let data = local.as_ref().map_or(entry.header.saturating_add(30), |local| local.data);
        overlap(members, entry, &covered);
        covered.insert(entry.header, data.saturating_add(entry.packed));
        odd_name(members, entry.name);
        offer(bytes, entry, data, members)?;
        if let Some(local) = local {
            compare(bytes, entry, &local, members)?;
        }
    }
    for (name, _) in names.iter().filter(|(_, count)| **count > 1) {
        members.anomaly(Some(name), "duplicate-name", "several members of one name; all were looked at".to_owned());
    }
    hidden(bytes, &covered, directory.is_some(), members)?;
    match directory {
        Some(directory) if !is_whole => {
            Err(broken(directory.at, "the directory breaks off; local headers were read instead"))
        }
        Some(_) => Ok(()),
        None => Err(broken(
            bytes.len() as u64,
            "the archive breaks off before its directory; local headers were read instead",
        )),
    }
}

/// Members that only local headers know: between or behind those that the directory lists.
fn hidden(
    bytes: &[u8],
    covered: &BTreeMap<u64, u64>,
    has_directory: bool,
    members: &mut dyn Members,
) -> Result<(), Malformed> {
    let mut until = 0;
    for at in memchr::memmem::find_iter(bytes, b"PK\x03\x04").map(|at| at as u64) {
        let inside = covered.range(..=at).next_back().is_some_and(|(start, end)| *start == at || at < *end);
        if inside || at < until {
            continue;
        }
        let Some(local) = Local::parse(bytes, at).filter(Local::is_plausible) else { continue };
        let entry = local.entry(bytes);
        if has_directory {
            let detail = "a member that the directory does not list; it was looked at all the same";
            let member = Member { name: entry.name, ..Member::default() };
            members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail).over(at, local.data));
        }
        until = local.data.saturating_add(entry.packed);
        odd_name(members, entry.name);
        offer(bytes, &entry, local.data, members)?;
    }
    Ok(())
}

/// Offers a member; a break of the receiver ends the archive without fault.
fn offer(bytes: &[u8], entry: &Entry<'_>, data: u64, members: &mut dyn Members) -> Result<(), Malformed> {
    if entry.name.ends_with(b"/") && entry.size == 0 {
        return Ok(());
    }
    let member = Member { name: entry.name, stated_size: Some(entry.size), link: None };
    if entry.flags & ENCRYPTED != 0 {
        let unseen = Unseen::new(GapReason::Encrypted, format!("encrypted, {} bytes packed", entry.packed));
        members.unseen(&member, unseen.over(data, data.saturating_add(entry.packed)).needing("the archive's password"));
        return Ok(());
    }
    let whole = range(bytes, data, entry.packed);
    let packed = whole.unwrap_or_else(|| from(bytes, data));
    if whole.is_none() {
        members.unseen(&member, Unseen::new(GapReason::Malformed, "the archive breaks off in this member"));
    }
    let flow = match entry.method {
        0 => members.stored(&member, packed),
        8 => members.streamed(&member, &mut DeflateDecoder::new(packed)),
        method => {
            let detail = format!("packed by method {method}, which nothing here decodes; {} bytes", entry.packed);
            members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
            members.stored(&member, packed)
        }
    };
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(broken(entry.header, "the rest of the archive was not looked at")),
    }
}

/// What the local header says differently is a second reading.
fn compare(bytes: &[u8], entry: &Entry<'_>, local: &Local<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let other = local.entry(bytes);
    let sizes_differ = local.flags & LATER == 0 && other.packed != entry.packed;
    let differs = other.name != entry.name || other.method != entry.method || sizes_differ;
    if !differs {
        return Ok(());
    }
    let (ours, theirs) = (String::from_utf8_lossy(entry.name), String::from_utf8_lossy(other.name));
    let detail = format!(
        "the directory says `{}`, method {}, {} bytes; the local header `{}`, method {}, {} bytes; both were looked at",
        ours.escape_debug(),
        entry.method,
        entry.packed,
        theirs.escape_debug(),
        other.method,
        other.packed
    );
    let member = Member { name: entry.name, ..Member::default() };
    members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail));
    offer(bytes, &other, local.data, members)
}

fn overlap(members: &mut dyn Members, entry: &Entry<'_>, covered: &BTreeMap<u64, u64>) {
    let before = covered.range(..=entry.header).next_back();
    if before.is_some_and(|(_, end)| entry.header < *end) {
        members.anomaly(Some(entry.name), "overlapping-members", "lies inside another member".to_owned());
    }
}

fn odd_name(members: &mut dyn Members, name: &[u8]) {
    let climbs = name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
    if climbs || name.starts_with(b"/") || name.get(1) == Some(&b':') {
        members.anomaly(Some(name), "path-traversal", "an absolute path, or one that climbs out".to_owned());
    }
}

fn broken(at: u64, detail: &str) -> Malformed {
    Malformed::at(format!("offset {at:#x}"), detail)
}
