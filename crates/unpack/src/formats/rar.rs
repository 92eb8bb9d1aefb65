//! RAR archives: listed by a reader of our own, which decides what is there; compressed members are decoded beside it.
mod version4;
mod version5;
mod volumes;

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read};
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};
use rars::{ArchiveReadOptions, ArchiveReader, ErrorKind, ExtractionDecision, ExtractionErrorAction};

use crate::field::{broken, from, range};
use crate::pump::{Outlet, pump};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "rar",
    revision: 1,
    title: "RAR archive (1.5 to 7)",
    limitations: &[
        "encrypted members and headers are gaps",
        "members that continue in a volume that is not there are gaps",
        "a dictionary of more than 256 MiB is a gap, as are compressed members of an archive of more than 512 MiB",
        "archives of RAR 1.4 and earlier are not read",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(version5::MARK) || head.starts_with(version4::MARK)
}

/// One member, or a stream that belongs to one.
struct Entry<'a> {
    /// Of its header.
    start: u64,
    name: Cow<'a, [u8]>,
    is_service: bool,
    kind: Kind,
    is_stored: bool,
    data: u64,
    packed: u64,
    /// Where it goes on in later volumes, and how much of it lies there.
    further: Vec<(u64, u64)>,
    /// Whether it begins in an earlier volume, and whether it ends in a later one.
    split: (bool, bool),
    size: Option<u64>,
    link: Option<Cow<'a, [u8]>>,
}

impl Entry<'_> {
    /// Takes up its next piece, from the volume behind.
    fn absorb(&mut self, piece: &Self) {
        self.further.push((piece.data, piece.packed));
        self.split.1 = piece.split.1;
        self.size = self.size.or(piece.size);
        if self.kind == Kind::Split && self.split == (false, false) {
            self.kind = Kind::Whole;
        }
    }

    fn goes_on_in(&self, piece: &Self) -> bool {
        self.split.1 && piece.split.0 && self.is_service == piece.is_service && self.name == piece.name
    }

    /// All of it, as far as it is there.
    fn pieces<'b>(&self, bytes: &'b [u8]) -> Vec<&'b [u8]> {
        let all = [(self.data, self.packed)].into_iter().chain(self.further.iter().copied());
        all.map(|(at, length)| range(bytes, at, length).unwrap_or_else(|| from(bytes, at))).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    Whole,
    /// Begins in an earlier volume, or ends in a later one.
    Split,
    Encrypted,
}

impl Kind {
    fn new(is_folder: bool, is_encrypted: bool, is_split: bool) -> Self {
        match (is_folder, is_encrypted, is_split) {
            (true, ..) => Self::Folder,
            (_, true, _) => Self::Encrypted,
            (.., true) => Self::Split,
            _ => Self::Whole,
        }
    }
}

#[derive(Default)]
struct Listing<'a> {
    entries: Vec<Entry<'a>>,
    /// Later members are compressed with what came before them.
    is_solid: bool,
    /// Its headers are encrypted.
    is_locked: bool,
    /// Another volume follows.
    goes_on: bool,
    /// Where volumes begin behind the first.
    volumes: Vec<u64>,
}

impl<'a> Listing<'a> {
    fn add(&mut self, entry: Entry<'a>) {
        match self.entries.iter_mut().rev().find(|last| last.is_service == entry.is_service) {
            Some(last) if last.goes_on_in(&entry) => last.absorb(&entry),
            _ => self.entries.push(entry),
        }
    }
}

/// What was listed, and how far that went.
struct Walk<'a> {
    listing: Listing<'a>,
    end: u64,
    /// The first that was met, and where.
    fault: Option<(u64, &'static str)>,
}

impl Walk<'_> {
    /// How far the archive is beyond doubt.
    fn sound(&self, bytes: &[u8]) -> u64 {
        let cut = self.listing.entries.last().filter(|_| self.end > bytes.len() as u64).map(|entry| entry.start);
        self.fault.map(|(at, _)| at).into_iter().chain(cut).min().unwrap_or(bytes.len() as u64)
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (walk, last) = match bytes {
        _ if bytes.starts_with(version5::MARK) => (version5::list(bytes), version5::LAST),
        _ if bytes.starts_with(version4::MARK) => (version4::list(bytes), version4::LAST),
        _ => return Err(Malformed::NotThis),
    };
    let Walk { listing, end, fault } = &walk;
    if listing.is_locked {
        let locked = Unseen::new(GapReason::Encrypted, "the list of members is encrypted, and so are they");
        members.gap(locked.over(0, bytes.len() as u64).needing("the archive's password"));
        return Ok(());
    }
    if listing.goes_on || listing.entries.iter().any(|entry| entry.split.1) {
        let next = crate::split::next(source.name).map(|name| format!(", `{name}`")).unwrap_or_default();
        let detail = format!("the archive continues in another volume{next}");
        let missing = Unseen::new(GapReason::Missing, detail);
        members.gap(missing.needing("the other volumes, joined or beside it"));
    }
    let Ok(packed) = plain(bytes, listing, members) else { return Ok(()) };
    if !packed.is_empty() {
        let sound = range(bytes, 0, walk.sound(bytes)).unwrap_or(bytes);
        let whole = if sound.len() < bytes.len() { Cow::Owned([sound, last].concat()) } else { Cow::Borrowed(bytes) };
        if decoded(&whole, listing, packed, members).is_break() {
            return Ok(());
        }
    }
    if let Some((at, detail)) = fault {
        return Err(broken(*at, *detail));
    }
    let length = bytes.len() as u64;
    if *end > length {
        return Err(broken(length, format!("the archive breaks off; {} bytes are missing", end - length)));
    }
    crate::frames::trailing(bytes, from(bytes, *end), members);
    Ok(())
}

/// Offers what lies in the archive as it is, tells what cannot be had, and leaves what is to be decoded.
fn plain(bytes: &[u8], listing: &Listing<'_>, members: &mut dyn Members) -> Result<BTreeSet<usize>, ()> {
    let (mut packed, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let entries = listing.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Folder);
    // Recovery data and second copies of headers.
    for (index, entry) in entries.filter(|(_, entry)| !(entry.is_service && matches!(&*entry.name, b"RR" | b"QO"))) {
        let member = member(entry);
        if !entry.is_service {
            crate::names::odd(members, &entry.name);
            if !seen.insert(&entry.name) {
                members.anomaly(Some(&entry.name), "duplicate-name", "several members of one name".to_owned());
            }
        }
        let data = range(bytes, entry.data, entry.packed);
        let over = |unseen: Unseen| unseen.over(entry.data, entry.data.saturating_add(entry.packed));
        if entry.kind == Kind::Encrypted {
            let locked = Unseen::new(GapReason::Encrypted, format!("encrypted, {} bytes packed", entry.packed));
            members.unseen(&member, over(locked).needing("the archive's password"));
        } else if entry.kind == Kind::Split {
            let missing = Unseen::new(GapReason::Missing, "continues in another volume");
            members.unseen(&member, over(missing).needing("the other volumes"));
            if let Some(part) = data.filter(|_| entry.is_stored) {
                members.stored(&member, part).is_continue().then_some(()).ok_or(())?;
            }
        } else if let Some(link) = entry.link.as_deref() {
            crate::names::link(members, &entry.name, link, false);
            members.stored(&member, &[]).is_continue().then_some(()).ok_or(())?;
        } else if entry.is_stored && !entry.further.is_empty() {
            let pieces = entry.pieces(bytes);
            for piece in &pieces {
                members.covers(piece);
            }
            let mut content = Pieces(pieces.into());
            members.streamed(&member, &mut content).is_continue().then_some(()).ok_or(())?;
        } else if entry.is_stored {
            if data.is_none() {
                let detail = format!("{} bytes are stated, fewer are there", entry.packed);
                members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
            }
            let data = data.unwrap_or_else(|| from(bytes, entry.data));
            members.stored(&member, data).is_continue().then_some(()).ok_or(())?;
        } else if !entry.is_service {
            packed.insert(index);
        }
    }
    Ok(packed)
}

/// What lies in several volumes.
struct Pieces<'b>(VecDeque<&'b [u8]>);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.0.front().is_some_and(|piece| piece.is_empty()) {
            self.0.pop_front();
        }
        self.0.front_mut().map_or(Ok(0), |piece| piece.read(buffer))
    }
}

/// Whether this is a volume of an archive in several.
pub(crate) fn is_volume(bytes: &[u8]) -> bool {
    version5::is_volume(bytes) || version4::is_volume(bytes)
}

fn member<'e>(entry: &'e Entry<'_>) -> Member<'e> {
    Member { name: &entry.name, stated_size: entry.size, link: entry.link.as_deref(), ..Member::default() }
}

/// The decoder keeps a copy of the archive.
const LARGEST: usize = 512 << 20;
const DICTIONARY: u64 = 256 << 20;
const WORKSPACE: u64 = 512 << 20;

/// Decodes what is compressed, and tells of what could not be.
fn decoded(
    bytes: &[u8],
    listing: &Listing<'_>,
    mut left: BTreeSet<usize>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let files: Vec<usize> = (0..listing.entries.len())
        .filter(|index| listing.entries.get(*index).is_some_and(|entry| !entry.is_service))
        .collect();
    let wanted = left.clone();
    let find = |nth: usize, packed: u64| {
        let index = *files.get(nth)?;
        (wanted.contains(&index) && listing.entries.get(index)?.packed == packed).then_some(index)
    };
    let (flow, told) = if bytes.len() > LARGEST {
        let detail = format!("the archive is longer than the {LARGEST} bytes that are decoded");
        (ControlFlow::Continue(()), Err((GapReason::OverLimit, detail)))
    } else if !listing.volumes.is_empty() {
        pump(|outlet| volumes::decode(bytes, listing, &wanted, &outlet), &mut |index, content| {
            let Some(entry) = listing.entries.get(index) else { return ControlFlow::Continue(()) };
            left.remove(&index);
            members.streamed(&member(entry), content)
        })
    } else {
        pump(|outlet| decode(bytes, listing.is_solid, &find, &outlet), &mut |index, content| {
            let Some(entry) = listing.entries.get(index) else { return ControlFlow::Continue(()) };
            left.remove(&index);
            members.streamed(&member(entry), content)
        })
    };
    flow?;
    let (reason, detail) = told.err().unwrap_or((GapReason::Malformed, "the decoder did not come to it".to_owned()));
    for entry in left.iter().filter_map(|index| listing.entries.get(*index)) {
        let unseen = Unseen::new(reason, format!("compressed, {} bytes packed: {detail}", entry.packed));
        let unseen = unseen.over(entry.data, entry.data.saturating_add(entry.packed));
        members.unseen(&member(entry), unseen);
    }
    ControlFlow::Continue(())
}

fn decode(
    bytes: &[u8],
    is_solid: bool,
    find: &dyn Fn(usize, u64) -> Option<usize>,
    outlet: &Outlet,
) -> Result<(), (GapReason, String)> {
    let archive = ArchiveReader::read(bytes).map_err(|why| fault(&why))?;
    let options = options();
    let (mut nth, is_open) = (0, std::cell::Cell::new(false));
    let close = |fault: Option<String>| {
        if is_open.replace(false) {
            outlet.end(fault);
        }
    };
    let told = archive.extract_with_control_and_errors(
        options,
        |member| {
            close(None);
            let found = find(nth, member.meta.packed_size);
            nth += 1;
            Ok(match found {
                _ if member.meta.is_directory || member.meta.is_redirection => ExtractionDecision::Skip,
                Some(index) if outlet.begin(index).is_ok() => {
                    is_open.set(true);
                    ExtractionDecision::Extract(Box::new(outlet.clone()))
                }
                Some(_) => ExtractionDecision::Stop,
                None if is_solid => ExtractionDecision::Extract(Box::new(io::sink())),
                None => ExtractionDecision::Skip,
            })
        },
        |_, why| {
            close(Some(why.to_string()));
            Ok(ExtractionErrorAction::Continue)
        },
    );
    close(told.as_ref().err().map(ToString::to_string));
    told.map(|_| ()).map_err(|why| fault(&why))
}

fn options() -> ArchiveReadOptions<'static> {
    ArchiveReadOptions::new()
        .with_rar50_dictionary_size_limit(DICTIONARY)
        .with_rar50_buffered_decode_limit(16 << 20)
        .with_max_reader_workspace_bytes(WORKSPACE)
}

fn fault(why: &rars::Error) -> (GapReason, String) {
    let reason = match why.kind() {
        ErrorKind::ResourceLimit => GapReason::OverLimit,
        ErrorKind::UnsupportedFeature | ErrorKind::UnsupportedFormat => GapReason::Unsupported,
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => GapReason::Encrypted,
        _ => GapReason::Malformed,
    };
    (reason, why.to_string())
}
