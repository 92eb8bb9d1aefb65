//! What is on a disk that is not one slice: its partitions, and their file systems read where they lie.
mod lvm;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Unseen};

use crate::formats::{LEFT, UNPACKERS, disk, ext, fat, hfs_plus, ntfs};
use crate::recognised::recognised;
use crate::space::{Piece, Space};

/// Offers all that is on a disk, which is kept in this image.
pub(crate) fn of_disk(image: &[u8], space: Space<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let partitions = disk::partitions(space);
    for partition in &partitions {
        let member = named(&partition.name);
        let part = space.part(partition.start, partition.length);
        if part.length() < partition.length {
            let detail = format!("{} bytes are stated, the disk has {} of them", partition.length, part.length());
            members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        if partition.is_for_files {
            unknown(&[], part, &member, members);
        }
        volume(part, &member, members)?;
    }
    if partitions.is_empty() {
        if is_blank(image) {
            members.entry(b"volume");
        }
        unknown(image, space, &named("volume"), members);
        return volume(space, &named("volume"), members);
    }
    ControlFlow::Continue(())
}

/// Blocks of 4 KiB that hold more than one byte over and over: tables of a disk of nothing fill a few.
const TABLES: usize = 10;

/// Whether an image holds no more than the tables of a disk to which nothing was written.
fn is_blank(image: &[u8]) -> bool {
    let is_plain = |block: &&[u8]| block.first().is_none_or(|first| block.iter().all(|byte| byte == first));
    image.chunks(4096).filter(|block| !is_plain(block)).nth(TABLES).is_none()
}

/// So much of a volume tells what it is.
const HEAD: u64 = 1 << 20;

/// Where files should be, and nothing is that anything here knows, that is said; of a disk of zeros too, whose image holds more.
pub(crate) fn unknown(image: &[u8], space: Space<'_>, member: &Member<'_>, members: &mut dyn Members) {
    let Some(bytes) = space.range(0, space.length().min(HEAD)) else { return };
    let head = Head { bytes: &bytes, name: "" };
    let is_known = || {
        // What stands somewhere inside says nothing of the whole.
        let mut readers = UNPACKERS.iter().filter(|unpacker| unpacker.id != LEFT.id);
        readers.any(|unpacker| (unpacker.accepts)(&head))
            || READERS.iter().any(|(is_here, _)| is_here(space))
            || recognised(&head).is_some()
            || kind(space).is_some()
            || !lvm::volumes(space).is_empty()
    };
    let is_blank = bytes.iter().all(|byte| *byte == 0) && is_blank(image);
    if !is_blank && !is_known() {
        let detail = format!("{} bytes that begin as no file system that is known", space.length());
        members.unseen(member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
}

fn named(name: &str) -> Member<'_> {
    Member { name: name.as_bytes(), ..Member::default() }
}

/// Whether a file system is there, and what offers its files.
type Reader = (fn(Space<'_>) -> bool, fn(Space<'_>, &mut dyn Members) -> Result<(), Malformed>);

const READERS: [Reader; 4] = [
    (ext::is_here, ext::files),
    (fat::is_here, fat::files),
    (hfs_plus::is_here, hfs_plus::files),
    (ntfs::is_here, ntfs::files),
];

/// A file system, or what else may be in a partition.
fn volume(space: Space<'_>, member: &Member<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    if let Some(slice) = space.slice(0, space.length()) {
        return members.stored(member, slice);
    }
    if let Some((_, read)) = READERS.iter().find(|(is_here, _)| is_here(space)) {
        let mut said = Ok(());
        let flow = members.inside(member, &mut |members| {
            let mut watched = Watched { members, flow: ControlFlow::Continue(()) };
            said = read(space, &mut watched);
            watched.flow
        });
        if let Err(Malformed::Broken { at, detail }) = said {
            let unseen = Unseen::new(GapReason::Malformed, format!("{at}: {detail}"));
            members.unseen(member, unseen.needing("an intact copy"));
        }
        return flow;
    }
    let logical = lvm::volumes(space);
    if !logical.is_empty() {
        return members.inside(member, &mut |members| logical.iter().try_for_each(|one| one.offer(space, members)));
    }
    other(space, member, members)
}

/// Files systems that are not read here, by their marks.
const OTHERS: &[(&str, u64, &[u8])] = &[
    ("XFS", 0, b"XFSB"),
    ("Btrfs", 0x1_0040, b"_BHRfS_M"),
    ("exFAT", 3, b"EXFAT   "),
    ("APFS", 32, b"NXSB"),
    ("HFS", 1024, b"BD"),
    ("F2FS", 1024, b"\x10\x20\xf5\xf2"),
    ("ReiserFS", 0x1_0034, b"ReIsEr"),
    ("UFS", 0x1_055c, b"\x19\x01\x54\x19"),
    ("ZFS", 0x2_0000, b"\x0c\xb1\xba\0"),
    ("BitLocker", 3, b"-FVE-FS-"),
    ("LUKS", 0, b"LUKS\xba\xbe"),
    ("Linux RAID", 4096, b"\xfc\x4e\x2b\xa9"),
    ("squashfs", 0, b"hsqs"),
    ("ISO 9660", 0x8001, b"CD001"),
    ("Linux swap", 4086, b"SWAPSPACE2"),
];
/// Formats whose content is locked.
const LOCKED: [&str; 2] = ["BitLocker", "LUKS"];
/// What is not longer is offered with its holes, so that another unpacker may read it.
const SMALL: u64 = 256 << 20;

fn kind(space: Space<'_>) -> Option<&'static str> {
    let is = |at: u64, mark: &[u8]| space.range(at, mark.len() as u64).as_deref() == Some(mark);
    OTHERS.iter().find(|(_, at, mark)| is(*at, mark)).map(|(kind, ..)| *kind)
}

fn other(space: Space<'_>, member: &Member<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let kind = kind(space);
    let mut kept = Kept { space, at: 0, is_all: space.length() <= SMALL, holes: HOLES };
    if !kept.skip_holes() {
        // Nothing was ever written there.
        return ControlFlow::Continue(());
    }
    if kind != Some("Linux swap") && !kept.is_all {
        let reason =
            if kind.is_some_and(|kind| LOCKED.contains(&kind)) { GapReason::Encrypted } else { GapReason::Unsupported };
        let kind = kind.unwrap_or("unknown content");
        let detail = format!(
            "{kind}, {} bytes, that nothing here opens; what was written of it is searched in one piece",
            space.length()
        );
        members.unseen(member, Unseen::new(reason, detail));
    }
    members.streamed(member, &mut kept)
}

/// What is kept of a space, one piece after another; small ones with the zeros between.
struct Kept<'a> {
    space: Space<'a>,
    at: u64,
    is_all: bool,
    /// Holes that may still be gone past.
    holes: u64,
}

/// Tables that overlap can describe more holes than anybody can go past.
const HOLES: u64 = 1 << 22;

impl Kept<'_> {
    /// Goes on to what is kept; false where nothing is.
    fn skip_holes(&mut self) -> bool {
        let begun = self.at;
        while self.at < self.space.length() {
            let Some(holes) = self.holes.checked_sub(1) else { return true };
            self.holes = holes;
            let Piece::Zeros(length) = self.space.find(self.at) else {
                self.at = if self.is_all { begun } else { self.at };
                return true;
            };
            self.at = self.at.saturating_add(length.max(1));
        }
        false
    }
}

impl std::io::Read for Kept<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.space.length() || (!self.is_all && !self.skip_holes()) {
            return Ok(0);
        }
        if self.holes == 0 {
            return Err(std::io::Error::other(format!("more than {HOLES} holes")));
        }
        let piece = self.space.find(self.at);
        let left = self.space.length() - self.at;
        let read =
            piece.copy(buffer, left).map_err(|why| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, why))?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Remembers whether the reader was told to stop.
struct Watched<'m> {
    members: &'m mut dyn Members,
    flow: ControlFlow<()>,
}

impl Watched<'_> {
    fn note(&mut self, flow: ControlFlow<()>) -> ControlFlow<()> {
        self.flow = flow;
        flow
    }
}

impl Members for Watched<'_> {
    fn stored(&mut self, member: &Member<'_>, bytes: &[u8]) -> ControlFlow<()> {
        let flow = self.members.stored(member, bytes);
        self.note(flow)
    }

    fn streamed(&mut self, member: &Member<'_>, bytes: &mut dyn std::io::Read) -> ControlFlow<()> {
        let flow = self.members.streamed(member, bytes);
        self.note(flow)
    }

    fn inside(
        &mut self,
        member: &Member<'_>,
        go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let flow = self.members.inside(member, go);
        self.note(flow)
    }

    fn unseen(&mut self, member: &Member<'_>, gap: Unseen) {
        self.members.unseen(member, gap);
    }

    fn gap(&mut self, gap: Unseen) {
        self.members.gap(gap);
    }

    fn entry(&mut self, name: &[u8]) {
        self.members.entry(name);
    }

    fn covers(&mut self, piece: &[u8]) {
        self.members.covers(piece);
    }

    fn anomaly(&mut self, member: Option<&[u8]>, kind: &'static str, detail: String) {
        self.members.anomaly(member, kind, detail);
    }

    fn claims(&mut self, piece: &[u8]) {
        self.members.claims(piece);
    }
}
