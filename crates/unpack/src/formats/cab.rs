//! Microsoft cabinets: the members of a folder are one stream, cut by offsets.
mod folder;

use std::borrow::Cow;
use std::io::Read as _;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::folder::{Blocks, Folder};
use crate::field::{broken, range, u16_le, u32_le};
use crate::names::{odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "cab",
    revision: 1,
    title: "Microsoft cabinet (stored, MSZIP, LZX)",
    limitations: &["the Quantum method is a gap", "members that continue in another cabinet of a set are a gap"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"MSCF\0\0\0\0") && head.bytes.get(25) == Some(&1)
}

struct File<'a> {
    name: Cow<'a, [u8]>,
    size: u64,
    start: u64,
    folder: u16,
}

/// Folders of members that begin in an earlier cabinet, end in a later one, or both.
const FROM_EARLIER: u16 = 0xfffd;
const TO_LATER: u16 = 0xfffe;
/// A folder is decoded anew this often for members that lie before others.
const RESTARTS: u32 = 4;
/// So much is decoded in all only to come to a member: between members of honest cabinets there is nothing.
const SKIPPED: u64 = 256 << 20;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let header = header(bytes).ok_or_else(|| broken(0, "the cabinet breaks off in its header"))?;
    let mut folders = Vec::new();
    for index in 0..u64::from(header.folders) {
        let at = header.folders_at + index * (8 + header.folder_reserve);
        let folder = Folder::parse(bytes, at, header.data_reserve);
        folders.push(folder.ok_or_else(|| broken(at, "the cabinet breaks off in its list of folders"))?);
    }
    let (mut files, mut fault) = (Vec::new(), None);
    let mut at = header.files_at;
    for _ in 0..header.files {
        let Some((file, next)) = file(bytes, at) else {
            fault = Some(broken(at, "the cabinet breaks off in its list of members"));
            break;
        };
        odd(members, &file.name);
        files.push(file);
        at = next;
    }
    files.sort_by_key(|file| (file.folder, file.start));
    let in_folder = |number: u16| {
        let from = files.partition_point(|file| file.folder < number);
        let until = files.partition_point(|file| file.folder <= number);
        files.get(from..until).unwrap_or_default()
    };
    let mut skips = SKIPPED;
    for (folder, number) in folders.iter().zip(0..FROM_EARLIER) {
        // What ends in a later cabinet begins in the last folder.
        let beyond = if usize::from(number) + 1 == folders.len() { in_folder(TO_LATER) } else { &[] };
        let inside = in_folder(number).iter().chain(beyond);
        if offer(folder, inside, bytes, &mut skips, members).is_break() {
            return Ok(());
        }
    }
    for file in files.iter().filter(|file| usize::from(file.folder) >= folders.len()) {
        let unseen = if file.folder >= FROM_EARLIER {
            Unseen::new(GapReason::Missing, "continues in another cabinet of its set").needing(header.others())
        } else {
            Unseen::new(GapReason::Malformed, format!("in folder {}, which is not there", file.folder))
        };
        members.unseen(&member(file), unseen);
    }
    let stated = u64::from(u32_le(bytes, 8).unwrap_or_default());
    if fault.is_none() && stated > bytes.len() as u64 {
        fault = Some(broken(bytes.len() as u64, format!("{stated} bytes are stated, {} are there", bytes.len())));
    }
    if fault.is_none() && stated >= 36 {
        crate::frames::trailing(bytes, crate::field::from(bytes, stated), members);
    }
    fault.map_or(Ok(()), Err)
}

const TOO_OFTEN: &str = "overlaps others, or leaves out too much before it, to be decoded again";

/// Reads the folder's stream once, and cuts its members out of it.
fn offer<'f>(
    folder: &Folder,
    files: impl Iterator<Item = &'f File<'f>>,
    bytes: &[u8],
    skips: &mut u64,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let (mut stream, mut at, mut restarts) = (None, 0, 0);
    for file in files {
        if stream.is_none() || file.start < at {
            restarts += u32::from(stream.is_some());
            match Blocks::new(folder, bytes) {
                Ok(fresh) if restarts <= RESTARTS => (stream, at) = (Some(fresh), 0),
                Ok(_) => {
                    members.unseen(&member(file), Unseen::new(GapReason::OverLimit, TOO_OFTEN));
                    continue;
                }
                Err(unseen) => {
                    members.unseen(&member(file), unseen);
                    continue;
                }
            }
        }
        let Some(reader) = stream.as_mut() else { continue };
        let Some(left) = skips.checked_sub(file.start - at) else {
            members.unseen(&member(file), Unseen::new(GapReason::OverLimit, TOO_OFTEN));
            continue;
        };
        *skips = left;
        let skipped = std::io::copy(&mut reader.by_ref().take(file.start - at), &mut std::io::sink());
        at += skipped.as_ref().copied().unwrap_or_default();
        let mut part = reader.by_ref().take(file.size);
        let flow = if at == file.start {
            members.streamed(&member(file), &mut part)
        } else {
            let detail = skipped.map_or_else(|why| why.to_string(), |_| "the folder's data ends before it".to_owned());
            members.unseen(&member(file), Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
            ControlFlow::Continue(())
        };
        let read = file.size - part.limit();
        if at == file.start && reader.has_ended() && read < file.size {
            let detail = format!("{} bytes are stated, {read} are there", file.size);
            members.unseen(&member(file), Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        at += if at == file.start { read } else { 0 };
        flow?;
        if let Some(block) = reader.bad.take() {
            let detail = format!("block {block} of its folder does not agree with its checksum");
            members.unseen(&member(file), Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
    }
    ControlFlow::Continue(())
}

fn member<'f>(file: &'f File<'_>) -> Member<'f> {
    Member { name: &file.name, stated_size: Some(file.size), ..Member::default() }
}

struct Header<'a> {
    folders_at: u64,
    folders: u16,
    files_at: u64,
    files: u16,
    folder_reserve: u64,
    data_reserve: usize,
    /// The cabinets before and after this one in its set.
    neighbours: Vec<&'a [u8]>,
}

impl Header<'_> {
    fn others(&self) -> String {
        let names: Vec<String> = self.neighbours.iter().map(|name| format!("`{}`", name.escape_ascii())).collect();
        if names.is_empty() { "the other cabinets of its set".to_owned() } else { names.join(" and ") }
    }
}

fn header(bytes: &[u8]) -> Option<Header<'_>> {
    const PREVIOUS: u16 = 1;
    const NEXT: u16 = 2;
    const RESERVE: u16 = 4;
    let flags = u16_le(bytes, 30)?;
    let (mut at, mut folder_reserve, mut data_reserve) = (36, 0, 0);
    if flags & RESERVE != 0 {
        folder_reserve = u64::from(*bytes.get(38)?);
        data_reserve = usize::from(*bytes.get(39)?);
        at = 40 + usize::from(u16_le(bytes, 36)?);
    }
    let neighbours = u8::from(flags & PREVIOUS != 0) + u8::from(flags & NEXT != 0);
    let mut names = Vec::new();
    // The name of each, and that of its disk.
    for text in 0..2 * neighbours {
        let length = bytes.get(at..)?.iter().take(512).position(|byte| *byte == 0)?;
        names.extend(bytes.get(at..at + length).filter(|_| text % 2 == 0));
        at += length + 1;
    }
    Some(Header {
        folders_at: at as u64,
        folders: u16_le(bytes, 26)?,
        files_at: u64::from(u32_le(bytes, 16)?),
        files: u16_le(bytes, 28)?,
        folder_reserve,
        data_reserve,
        neighbours: names,
    })
}

/// The content of the member of this name, where it is no longer than `most`.
pub(crate) fn content(bytes: &[u8], name: &[u8], most: u64) -> Option<Vec<u8>> {
    let header = header(bytes)?;
    let mut at = header.files_at;
    for _ in 0..header.files {
        let (file, next) = file(bytes, at)?;
        at = next;
        if *file.name != *name || file.size > most || file.start > SKIPPED {
            continue;
        }
        let place = header.folders_at + u64::from(file.folder) * (8 + header.folder_reserve);
        let folder = Folder::parse(bytes, place, header.data_reserve).filter(|_| file.folder < header.folders)?;
        let mut stream = Blocks::new(&folder, bytes).ok()?;
        std::io::copy(&mut stream.by_ref().take(file.start), &mut std::io::sink()).ok()?;
        let mut held = Vec::new();
        let _ = stream.take(file.size).read_to_end(&mut held);
        return Some(held);
    }
    None
}

fn file(bytes: &[u8], at: u64) -> Option<(File<'_>, u64)> {
    let fixed = range(bytes, at, 16)?;
    let rest = crate::field::from(bytes, at + 16);
    let length = rest.iter().take(64 * 1024).position(|byte| *byte == 0)?;
    let file = File {
        name: slashed(rest.get(..length)?.into()),
        size: u64::from(u32_le(fixed, 0)?),
        start: u64::from(u32_le(fixed, 4)?),
        folder: u16_le(fixed, 8)?,
    };
    Some((file, at + 17 + length as u64))
}
