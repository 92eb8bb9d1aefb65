//! ISO 9660 images with Rock Ridge and Joliet: every tree of the image is read, every file offered once.
mod record;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::record::{Record, records};
use crate::extents::Extents;
use crate::field::{broken, range, u16_le};
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "iso9660",
    revision: 1,
    title: "ISO 9660 image (Rock Ridge, Joliet)",
    limitations: &["interleaved files are a gap"],
    accepts,
    unpack,
};

pub(super) const BLOCK: u64 = 2048;
/// The volume descriptors begin here.
const FIRST: u64 = 16;

fn accepts(head: &Head<'_>) -> bool {
    head.has_at(32_769, b"CD001")
}

/// One tree: its root, its block size, how its names are written.
struct Volume<'a> {
    root: Record<'a>,
    block: u64,
    is_joliet: bool,
}

/// A file by where it begins and how long it is.
type Key = (u64, u64);
/// The files of one tree, each by one of its paths.
type Files = BTreeMap<Key, Vec<u8>>;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (volumes, has_udf) = volumes(bytes);
    members.leaves_rest();
    if volumes.is_empty() {
        return Err(broken(FIRST * BLOCK, "no volume descriptor could be read"));
    }
    let mut by_volume: Vec<Files> = Vec::new();
    let mut fault = None;
    for volume in &volumes {
        let mut files = Files::new();
        match walk(bytes, volume, &mut files, &by_volume, members) {
            Ok(ControlFlow::Continue(())) => by_volume.push(files),
            Ok(ControlFlow::Break(())) => return Ok(()),
            Err(why) => fault = Some(why),
        }
    }
    differing(&by_volume, members);
    if has_udf {
        // Its files are the same ones, or the image's own and only those that read ISO 9660 alone see others.
        let is_known = |start: u64, size: u64| {
            size == 0 || by_volume.iter().any(|files| files.contains_key(&(start / BLOCK, size)))
        };
        match super::udf::walk(bytes, &is_known, members) {
            Ok(0) => {}
            Ok(only) => {
                let detail = format!("{only} files stand in the image's UDF file system alone; they were looked at");
                members.anomaly(None, "hidden-in-one-tree", detail);
            }
            Err(why) => fault = fault.or(Some(why)),
        }
    }
    fault.map_or(Ok(()), Err)
}

fn volumes(bytes: &[u8]) -> (Vec<Volume<'_>>, bool) {
    const PRIMARY: u8 = 1;
    const SUPPLEMENTARY: u8 = 2;
    let (mut volumes, mut has_udf) = (Vec::new(), false);
    for index in FIRST..FIRST + 64 {
        let Some(descriptor) = range(bytes, index * BLOCK, BLOCK) else { break };
        match (descriptor.first(), descriptor.get(1..6)) {
            (_, Some(b"NSR02" | b"NSR03")) => has_udf = true,
            (Some(&kind), Some(b"CD001")) => {
                let root = descriptor.get(156..).and_then(Record::parse);
                let block = u16_le(descriptor, 128).map(u64::from).filter(|block| block.is_power_of_two());
                let escape = descriptor.get(88..91);
                let is_joliet = matches!(escape, Some(b"%/@" | b"%/C" | b"%/E"));
                if let (PRIMARY | SUPPLEMENTARY, Some(root)) = (kind, root) {
                    volumes.push(Volume {
                        root,
                        block: block.unwrap_or(BLOCK),
                        is_joliet: kind == SUPPLEMENTARY && is_joliet,
                    });
                }
            }
            (_, Some(b"BEA01" | b"TEA01" | b"BOOT2")) => {}
            _ => break,
        }
    }
    (volumes, has_udf)
}

fn walk(
    bytes: &[u8],
    volume: &Volume<'_>,
    files: &mut Files,
    earlier: &[Files],
    members: &mut dyn Members,
) -> Result<ControlFlow<()>, Malformed> {
    let mut tree = Tree::new((volume.root.extent, volume.root.size));
    let mut fault = None;
    while let Some(((extent, size), folder)) = tree.next() {
        let at = extent.saturating_mul(volume.block);
        let Some(listing) = range(bytes, at, size) else {
            fault = Some(broken(at, format!("the folder `{}` lies beyond the end", folder.escape_ascii())));
            continue;
        };
        let mut pieces = Extents::default();
        // A folder begins with itself.
        if listing.first().is_some_and(|length| *length >= 34) {
            members.entry(&folder);
        }
        for record in records(listing) {
            let path = join(&folder, &record.name(bytes, volume.block, volume.is_joliet));
            if record.is_folder() {
                tree.enter((record.extent, record.size), path, members);
                continue;
            }
            pieces.push(record.extent.saturating_mul(volume.block), record.size);
            if record.is_continued() {
                continue;
            }
            let extents = std::mem::take(&mut pieces);
            let key = (record.extent, extents.length());
            files.insert(key, path.clone());
            if let Some(link) = record.link(bytes, volume.block) {
                crate::names::link(members, &path, &link, true);
            } else if !earlier.iter().any(|files| files.contains_key(&key))
                && offer(bytes, &record, &path, &extents, members).is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    fault.map_or(Ok(ControlFlow::Continue(())), Err)
}

fn offer(
    bytes: &[u8],
    record: &Record<'_>,
    path: &[u8],
    extents: &Extents,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let member = Member { name: path, stated_size: Some(extents.length()), ..Member::default() };
    if record.is_interleaved() {
        members.unseen(&member, Unseen::new(GapReason::Unsupported, "an interleaved file"));
        return ControlFlow::Continue(());
    }
    extents.offer(bytes, &member, extents.length(), members)
}

/// Files that one tree of the image lists and another does not.
fn differing(by_volume: &[Files], members: &mut dyn Members) {
    for files in by_volume {
        for (key, path) in files.iter().filter(|(key, _)| key.1 > 0) {
            if by_volume.iter().any(|other| !other.contains_key(key)) {
                let detail = "stands in one tree of the image and not in the other; it was looked at";
                members.anomaly(Some(path), "hidden-in-one-tree", detail.to_owned());
            }
        }
    }
}
