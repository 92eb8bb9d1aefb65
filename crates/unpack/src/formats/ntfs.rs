//! NTFS: every record of the master file table, with all names and all streams of each file.
mod lznt1;
mod record;
mod runs;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::record::{Attribute, Content, Record};
use crate::field::{broken, u16_le, u64_le};
use crate::space::Space;
use crate::tree::join;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ntfs",
    revision: 1,
    title: "NTFS file system, with streams beside the content",
    limitations: &[
        "deleted files are not seen",
        "encrypted files, and those packed by the system's image compression, are gaps",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    is_here(head.bytes.into())
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.leaves_rest();
    files(source.bytes.into(), members)
}

/// Whether such a file system is here.
pub(crate) fn is_here(space: Space<'_>) -> bool {
    space.range(3, 8).as_deref() == Some(b"NTFS    ") && Volume::read(space).is_some()
}

struct Volume<'a> {
    space: Space<'a>,
    cluster: u64,
    record: u64,
    /// Where the table is.
    table: crate::extents::Extents,
}

/// Records of the table; the root folder is the fifth.
const ROOT: u64 = 5;
/// The first that are not of the file system itself.
const FIRST: u64 = 16;
const MOST: u64 = 16 << 20;
/// Folders above one file.
const DEEPEST: usize = 1024;

impl<'a> Volume<'a> {
    fn read(space: Space<'a>) -> Option<Self> {
        let first = space.range(0, 512)?;
        let sector = u64::from(u16_le(&first, 11)?);
        let (per_cluster, per_record) = (*first.get(13)?, *first.get(64)?);
        let scaled = |count: u8, unit: u64| match count {
            0 => None,
            1..=0x80 => unit.checked_mul(u64::from(count)),
            // Numbers below zero are powers of two.
            _ => 1_u64.checked_shl(u32::from(count.wrapping_neg())),
        };
        let cluster = scaled(per_cluster, sector)?;
        let record = scaled(per_record, cluster)?;
        let is_sane =
            matches!(sector, 512 | 1024 | 2048 | 4096) && cluster <= 2 << 20 && (512..=65_536).contains(&record);
        let start = u64_le(&first, 48)?.checked_mul(cluster).filter(|_| is_sane)?;
        let own = Record::parse(space.range(start, record)?.into_owned())?;
        let attribute =
            own.attributes().find(|attribute| attribute.kind == record::DATA && attribute.name.is_empty())?;
        let Content::Runs { list, .. } = attribute.content else { return None };
        let table = runs::extents(list, cluster, 0)?;
        Some(Self { space, cluster, record, table })
    }

    fn record(&self, number: u64) -> Read {
        let raw = self.table.range(self.space, number * self.record, self.record);
        match raw.map(|raw| (raw.iter().all(|byte| *byte == 0), Record::parse(raw.into_owned()))) {
            Some((_, Some(record))) if record.is_used => Read::Used(record),
            Some((true, _) | (_, Some(_))) => Read::Free,
            _ => Read::Lost,
        }
    }

    fn count(&self) -> u64 {
        (self.table.length() / self.record).min(MOST)
    }
}

/// A record of the table.
enum Read {
    Used(Record),
    Free,
    Lost,
}

/// A folder: the folder it is in, and its name there.
type Folders = BTreeMap<u64, (u64, Vec<u8>)>;

/// Offers every file of the file system.
pub(crate) fn files(space: Space<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let volume = Volume::read(space).ok_or_else(|| broken(0, "the first record of the file table cannot be read"))?;
    let (mut folders, mut parts) = (Folders::new(), BTreeMap::<u64, Vec<u64>>::new());
    let mut lost = 0_u64;
    for number in 0..volume.count() {
        match volume.record(number) {
            Read::Used(record) if record.base != 0 => parts.entry(record.base).or_default().push(number),
            Read::Used(record) if record.is_folder => {
                if let Some((parent, name)) = record.names().next() {
                    folders.insert(number, (parent, name));
                }
            }
            Read::Used(_) | Read::Free => {}
            Read::Lost => lost += 1,
        }
    }
    for number in FIRST..volume.count() {
        let Read::Used(record) = volume.record(number) else { continue };
        if record.base != 0 || record.is_folder {
            continue;
        }
        let numbers = parts.get(&number).into_iter().flatten().take(4096);
        let others = numbers.filter_map(|number| match volume.record(*number) {
            Read::Used(record) => Some(record),
            Read::Free | Read::Lost => None,
        });
        let others: Vec<Record> = others.collect();
        if offer(&volume, &record, &others, &folders, members).is_break() {
            return Ok(());
        }
    }
    if lost > 0 {
        return Err(broken(0, format!("{lost} records of the file table cannot be read")));
    }
    Ok(())
}

fn offer(
    volume: &Volume<'_>,
    record: &Record,
    others: &[Record],
    folders: &Folders,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let all = || std::iter::once(record).chain(others);
    let mut streams: BTreeMap<Vec<u8>, Vec<Attribute<'_>>> = BTreeMap::new();
    for attribute in all().flat_map(Record::attributes).filter(|attribute| attribute.kind == record::DATA) {
        streams.entry(attribute.name.clone()).or_default().push(attribute);
    }
    let is_packed = streams.contains_key(b"WofCompressedData".as_slice());
    for (parent, name) in all().flat_map(Record::names) {
        let path = join(&path_of(parent, folders, members), &name);
        for (stream, pieces) in &mut streams {
            pieces.sort_by_key(Attribute::first_cluster);
            let full = if stream.is_empty() { path.clone() } else { [&path, b":".as_slice(), stream].concat() };
            let member = Member { name: &full, ..Member::default() };
            if is_packed && stream.is_empty() {
                let detail = "packed by the system's image compression; its packed form was looked at";
                members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
            } else {
                content(volume, pieces, &member, members)?;
            }
        }
    }
    ControlFlow::Continue(())
}

fn content(
    volume: &Volume<'_>,
    pieces: &[Attribute<'_>],
    member: &Member<'_>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let Some(first) = pieces.first() else { return ControlFlow::Continue(()) };
    if first.is_encrypted() {
        members.unseen(member, Unseen::new(GapReason::Encrypted, "encrypted by the file system").needing("its key"));
        return ControlFlow::Continue(());
    }
    let (size, valid) = match first.content {
        Content::Inside(bytes) => {
            let member = Member { stated_size: Some(bytes.len() as u64), ..member.clone() };
            return members.stored(&member, bytes);
        }
        Content::Runs { size, valid, .. } => (size, valid),
    };
    let mut extents = crate::extents::Extents::default();
    let mut is_whole = true;
    for piece in pieces {
        let Content::Runs { list, .. } = piece.content else { continue };
        is_whole &= runs::add(list, volume.cluster, piece.first_cluster(), &mut extents).is_some();
    }
    let member = Member { stated_size: Some(size), ..member.clone() };
    if !is_whole {
        members.unseen(
            &member,
            Unseen::new(GapReason::Malformed, "its list of clusters breaks off").needing("an intact copy"),
        );
    }
    if first.is_compressed() {
        let mut unpacked = lznt1::Units::new(volume.space, &extents, volume.cluster, first.unit(), size);
        return members.streamed(&member, &mut unpacked);
    }
    // Behind what was ever written stand zeros, whatever is in the clusters.
    let mut held = extents.cut(valid.min(size));
    held.push_hole(size.saturating_sub(valid.min(size)).min(extents.length().saturating_sub(held.length())));
    held.offer(volume.space, &member, size, members)
}

/// The path of a folder, from the root down; one that leads nowhere is told.
fn path_of(mut folder: u64, folders: &Folders, members: &mut dyn Members) -> Vec<u8> {
    let mut names: Vec<&[u8]> = Vec::new();
    while folder != ROOT {
        let Some((parent, name)) = folders.get(&folder).filter(|_| names.len() < DEEPEST) else {
            members.anomaly(None, "folder-without-root", format!("the folder of record {folder} leads to no root"));
            names.push(b"orphaned");
            break;
        };
        names.push(name);
        folder = *parent;
    }
    names.reverse();
    names.join(&b'/')
}
