//! zip archives: the directory and the local headers are both read; where they disagree, both readings are offered.
mod directory;
mod local;
mod member;
mod placed;
mod signed;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::directory::Directory;
use self::local::Local;
use self::member::offer;
use self::placed::placed;
use self::signed::Signed;
use crate::field::{broken, range};
use crate::names::odd;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zip",
    revision: 1,
    title: "zip archive and everything built on it (jar, apk, nupkg, whl, docx, self-extracting)",
    limitations: &[
        "the methods PPMd, IMPLODE, SHRINK and REDUCE are gaps",
        "the digests that the manifest of a signed JAR states are compared with its members, not what its certificate signed",
        "members of an archive in volumes that begin in one that is not there are gaps",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"PK\x03\x04")
        || head.starts_with(b"PK\x07\x08PK\x03\x04")
        || (Directory::find(head.bytes).is_some() && !is_last_member(head))
}

/// Whether the directory at the end may be that of the last member of an archive that stores its members as they are, and
/// says of every byte what it is: it is opened there.
fn is_last_member(head: &Head<'_>) -> bool {
    [super::tar::ENTRY, super::ar::ENTRY, super::cpio::ENTRY].iter().any(|other| (other.accepts)(head))
}

/// One member by one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    /// Of the content; nothing where it follows the data.
    crc: Option<u32>,
    /// Of the local header.
    header: u64,
    /// A symbolic link, by the attributes of Unix.
    is_link: bool,
    /// The volume in which it begins, from 0.
    disk: u16,
}

const ENCRYPTED: u16 = 1;
const LATER: u16 = 8;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let directory = Directory::find(bytes);
    let (mut listed, is_whole) = directory.as_ref().map(|directory| directory.entries(bytes)).unwrap_or_default();
    let next = crate::split::next(source.name).filter(|_| directory.is_none());
    if let Some(next) = next {
        let detail = format!("the archive goes on in another volume, `{next}`");
        members.gap(Unseen::new(GapReason::Missing, detail).needing("all volumes, side by side"));
    }
    if let Some(directory) = directory.as_ref().filter(|directory| directory.disks.0 > 0) {
        if let Some(lacking) = crate::split::lacking(source.name, directory.disks.0.into()) {
            let detail =
                format!("the archive is in {} volumes; `{lacking}` is not there", u32::from(directory.disks.0) + 1);
            members.gap(Unseen::new(GapReason::Missing, detail).needing("all volumes, side by side"));
        }
        placed(bytes, directory, &mut listed, members);
    }
    if both(bytes, directory.as_ref(), &listed, members).is_break() {
        return Ok(());
    }
    if listed.is_empty() && directory.as_ref().is_some_and(|directory| directory.at == 0) {
        members.entry(b"");
    }
    if let Some(directory) = &directory {
        directory.claim(bytes, members);
    }
    members.leaves_rest();
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

/// How many volumes lie before this one, as the archive says at its end.
pub(crate) fn disks(bytes: &[u8]) -> u16 {
    Directory::find(bytes).map_or(0, |directory| directory.disks.0)
}

/// Where members lie, from their headers to the ends of their data.
type Covered = BTreeMap<u64, u64>;

/// Reads by the directory, then by the local headers that it does not lead to, then what lies between.
fn both(
    bytes: &[u8],
    directory: Option<&Directory>,
    listed: &[Entry<'_>],
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let mut covered = Covered::new();
    let mut names: BTreeMap<&[u8], u32> = BTreeMap::new();
    let mut signed = Signed::read(bytes, listed, members);
    for entry in listed {
        *names.entry(entry.name).or_default() += 1;
        overlap(members, entry, &covered);
        odd(members, entry.name);
        let Some(local) = Local::parse(bytes, entry.header) else {
            let member = Member { name: entry.name, stated_size: Some(entry.size), ..Member::default() };
            let detail = format!("no local header at {:#x}", entry.header);
            members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
            continue;
        };
        covered.insert(entry.header, local.data.saturating_add(entry.packed));
        local.claim(bytes, entry.packed, members);
        offer(bytes, entry, local.data, signed.as_mut(), members)?;
        compare(bytes, entry, &local, members)?;
    }
    if let Some(signed) = signed {
        signed.end(members);
    }
    for (name, _) in names.iter().filter(|(_, count)| **count > 1) {
        members.anomaly(Some(name), "duplicate-name", "several members of one name; all were looked at".to_owned());
    }
    hidden(bytes, &mut covered, directory.is_some(), members)?;
    slack(bytes, directory.map_or(bytes.len() as u64, |directory| directory.at), &covered, members)
}

/// What lies between members and before the directory: signatures of Android packages, or something that hides there.
fn slack(bytes: &[u8], end: u64, covered: &Covered, members: &mut dyn Members) -> ControlFlow<()> {
    /// A data descriptor is not longer.
    const NOTED: u64 = 32;
    let mut spans = covered.iter().map(|(start, end)| (*start, *end)).chain([(end, end)]);
    let Some((_, mut until)) = spans.next() else { return ControlFlow::Continue(()) };
    for (start, stop) in spans {
        let gap = start.checked_sub(until).filter(|gap| *gap > NOTED).and_then(|gap| range(bytes, until, gap));
        if let Some(gap) = gap.filter(|gap| gap.iter().any(|byte| *byte != 0)) {
            let name = format!("between-members-{until:#x}");
            members.stored(&Member { name: name.as_bytes(), ..Member::default() }, gap)?;
        }
        until = until.max(stop);
    }
    ControlFlow::Continue(())
}

/// Members that only local headers know: between or behind those that the directory lists.
fn hidden(bytes: &[u8], covered: &mut Covered, has_directory: bool, members: &mut dyn Members) -> ControlFlow<()> {
    let mut until = 0;
    for at in memchr::memmem::find_iter(bytes, b"PK\x03\x04").map(|at| at as u64) {
        let inside = covered.range(..=at).next_back().is_some_and(|(start, end)| *start == at || at < *end);
        if inside || at < until {
            continue;
        }
        let Some(local) = Local::parse(bytes, at).filter(|local| local.is_plausible(bytes)) else { continue };
        let entry = local.entry(bytes);
        if has_directory {
            let detail = "a member that the directory does not list; it was looked at all the same";
            let member = Member { name: entry.name, ..Member::default() };
            members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail).over(at, local.data));
        }
        until = local.data.saturating_add(entry.packed);
        odd(members, entry.name);
        covered.insert(at, until);
        local.claim(bytes, entry.packed, members);
        offer(bytes, &entry, local.data, None, members)?;
    }
    ControlFlow::Continue(())
}

/// What the local header says differently is a second reading.
fn compare(bytes: &[u8], entry: &Entry<'_>, local: &Local<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let other = local.entry(bytes);
    let sizes_differ = local.flags & LATER == 0 && other.packed != entry.packed;
    let differs = other.name != entry.name || other.method != entry.method || sizes_differ;
    if !differs {
        return ControlFlow::Continue(());
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
    offer(bytes, &other, local.data, None, members)
}

fn overlap(members: &mut dyn Members, entry: &Entry<'_>, covered: &Covered) {
    let before = covered.range(..=entry.header).next_back();
    if before.is_some_and(|(_, end)| entry.header < *end) {
        members.anomaly(Some(entry.name), "overlapping-members", "lies inside another member".to_owned());
    }
}
