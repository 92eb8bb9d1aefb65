//! cpio archives of all four kinds, several one after another as in an initramfs.
mod passing;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

pub(crate) use self::passing::PASSER;
use crate::field::{digits, range, u16_be, u16_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "cpio",
    revision: 1,
    title: "cpio archive (newc, crc, odc, binary)",
    limitations: &[],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    [b"070701", b"070702", b"070707"].iter().any(|magic| head.starts_with(*magic)) || binary(head.bytes, 0).is_some()
}

struct Entry<'a> {
    name: &'a [u8],
    /// Where its content begins, which may be behind the end of what there is.
    begins: u64,
    body: &'a [u8],
    is_whole: bool,
    mode: u64,
    next: u64,
    /// Whether the name ends where the header says.
    ends: bool,
    /// What tells a file of several names, which has its content under one of them alone.
    shared: Option<Shared>,
}

/// The file's number, and those of its device.
type Shared = (u64, u64, u64);

/// Files of several names: those that wait for the content, and the contents.
#[derive(Default)]
struct Names<'a> {
    waiting: BTreeMap<Shared, Vec<&'a [u8]>>,
    contents: BTreeMap<Shared, &'a [u8]>,
}

impl<'a> Names<'a> {
    /// Offers a file under its name, and under those that waited for it.
    fn offer(&mut self, entry: &Entry<'a>, members: &mut dyn Members) -> ControlFlow<()> {
        let Some(shared) = entry.shared else { return offer(entry.name, entry.body, members) };
        if !entry.body.is_empty() {
            self.contents.insert(shared, entry.body);
            let waiting = self.waiting.remove(&shared).unwrap_or_default();
            return waiting.into_iter().chain([entry.name]).try_for_each(|name| offer(name, entry.body, members));
        }
        if let Some(body) = self.contents.get(&shared) {
            return offer(entry.name, body, members);
        }
        self.waiting.entry(shared).or_default().push(entry.name);
        ControlFlow::Continue(())
    }

    /// Offers what waits to the end of its archive: files that are empty.
    fn end(&mut self, members: &mut dyn Members) -> ControlFlow<()> {
        self.contents.clear();
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_values().flatten().try_for_each(|name| offer(name, &[], members))
    }
}

fn offer(name: &[u8], body: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
    members.stored(&Member { name, stated_size: Some(body.len() as u64), ..Member::default() }, body)
}

/// Tells of what is neither a file nor a folder.
fn noted(kind: u64, name: &[u8], body: &[u8], members: &mut dyn Members) {
    match kind {
        FOLDER => {}
        LINK => crate::names::link(members, name, body, true),
        _ => members.anomaly(Some(name), "device", "a device node".to_owned()),
    }
}

/// The name that ends an archive.
const LAST: &[u8] = b"TRAILER!!!";
const KIND: u64 = 0o170_000;
const REGULAR: u64 = 0o100_000;
const LINK: u64 = 0o120_000;
const FOLDER: u64 = 0o040_000;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let mut names = Names::default();
    let told = entries(source.bytes, &mut names, members);
    let _ = names.end(members);
    members.leaves_rest();
    told
}

fn entries<'a>(bytes: &'a [u8], names: &mut Names<'a>, members: &mut dyn Members) -> Result<(), Malformed> {
    let (mut at, mut has_ended) = (0, false);
    while at < bytes.len() as u64 {
        let rest = crate::field::from(bytes, at);
        if let Some(padding) = rest.iter().position(|byte| *byte != 0).filter(|padding| *padding > 0) {
            at += padding as u64;
            continue;
        }
        if rest.iter().all(|byte| *byte == 0) {
            break;
        }
        let entry = match rest.get(..6) {
            Some(b"070701" | b"070702") => newc(bytes, at),
            Some(b"070707") => odc(bytes, at),
            _ if binary(bytes, at).is_some() => binary(bytes, at),
            _ => {
                // An early initramfs is followed by a compressed one.
                let member = Member { name: b"following", ..Member::default() };
                let _ = members.stored(&member, rest);
                if has_ended {
                    return Ok(());
                }
                let place = format!("offset {at:#x}");
                return Err(Malformed::at(place, "what follows is no cpio header, and the archive has not ended"));
            }
        };
        let entry = entry.ok_or_else(|| Malformed::at(format!("offset {at:#x}"), "a header that is no cpio header"))?;
        let header = crate::field::from(bytes, at);
        let length = usize::try_from(entry.begins.saturating_sub(at)).unwrap_or(header.len());
        members.claims(header.get(..length).unwrap_or(header));
        at = entry.next;
        has_ended = entry.name == LAST;
        members.entry(entry.name);
        if !entry.ends {
            let detail = "its name does not end where its header says; where its content begins readers will differ";
            let member = Member { name: entry.name, ..Member::default() };
            members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail).needing("an intact copy"));
        }
        let flow = match entry.mode & KIND {
            _ if has_ended => names.end(members),
            REGULAR | 0 => names.offer(&entry, members),
            other => {
                noted(other, entry.name, entry.body, members);
                ControlFlow::Continue(())
            }
        };
        if flow.is_break() {
            return Ok(());
        }
        if !entry.is_whole {
            return Err(Malformed::at(format!("offset {at:#x}"), "the archive breaks off in a member"));
        }
    }
    // Cut between two members it looks whole.
    let cut = || Malformed::at(format!("offset {at:#x}"), "the archive does not come to its end: it may be cut");
    if has_ended { Ok(()) } else { Err(cut()) }
}

/// Numbers of eight hexadecimal digits; name and content padded to four bytes.
fn newc(bytes: &[u8], at: u64) -> Option<Entry<'_>> {
    let header = range(bytes, at, 110)?;
    let field = |index: usize| header.get(6 + index * 8..14 + index * 8).and_then(|field| digits(field, 16));
    let (mode, size, name_size) = (field(1)?, field(6)?, field(11)?);
    let name_at = at.checked_add(110)?;
    let body_at = name_at.checked_add(name_size)?.checked_next_multiple_of(4)?;
    let next = body_at.checked_add(size)?.checked_next_multiple_of(4)?;
    let shared = (field(0)?, field(7)?, field(8)?);
    let shared = (field(4)? > 1 && matches!(mode & KIND, REGULAR | 0)).then_some(shared);
    Some(Entry { shared, ..entry(bytes, mode, (name_at, name_size), (body_at, size), next)? })
}

/// Numbers of six or eleven octal digits; no padding.
fn odc(bytes: &[u8], at: u64) -> Option<Entry<'_>> {
    let header = range(bytes, at, 76)?;
    let field = |from: usize, to: usize| header.get(from..to).and_then(|field| digits(field, 8));
    let (mode, name_size, size) = (field(18, 24)?, field(59, 65)?, field(65, 76)?);
    let name_at = at.checked_add(76)?;
    let body_at = name_at.checked_add(name_size)?;
    entry(bytes, mode, (name_at, name_size), (body_at, size), body_at.checked_add(size)?)
}

/// Thirteen words of two bytes, in the order of the machine that wrote them; long numbers have their high word first.
/// Name and content are padded to two bytes. The magic is short, so the name's end must be where it is said to be.
fn binary(bytes: &[u8], at: u64) -> Option<Entry<'_>> {
    let header = range(bytes, at, 26)?;
    let word: fn(&[u8], usize) -> Option<u16> = match header {
        [0xc7, 0x71, ..] => u16_le,
        [0x71, 0xc7, ..] => u16_be,
        _ => return None,
    };
    let field = |index: usize| word(header, index * 2).map(u64::from);
    let (mode, name_size, size) = (field(3)?, field(10)?, field(11)? << 16 | field(12)?);
    let name_at = at.checked_add(26)?;
    let (end, _) = range(bytes, name_at, name_size)?.split_last()?;
    let is_kind = matches!(mode >> 12, 0 | 1 | 2 | 4 | 6 | 8 | 9 | 10 | 12);
    if *end != 0 || !is_kind {
        return None;
    }
    let body_at = name_at.checked_add(name_size)?.checked_next_multiple_of(2)?;
    let next = body_at.checked_add(size)?.checked_next_multiple_of(2)?;
    entry(bytes, mode, (name_at, name_size), (body_at, size), next)
}

fn entry(bytes: &[u8], mode: u64, name: (u64, u64), body: (u64, u64), next: u64) -> Option<Entry<'_>> {
    let name = range(bytes, name.0, name.1)?;
    let ends = name.iter().position(|byte| *byte == 0).is_some_and(|end| end + 1 == name.len());
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let (begins, whole) = (body.0, range(bytes, body.0, body.1));
    let body = whole.unwrap_or_else(|| crate::field::from(bytes, begins));
    Some(Entry { name, begins, body, is_whole: whole.is_some(), ends, mode, next, shared: None })
}
