//! UDF (ECMA-167): the file system of DVDs and of installation media, alone or beside ISO 9660.
mod entry;
mod volume;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::entry::{Content, File, names};
use self::volume::Volume;
use crate::field::broken;
use crate::names::odd;
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "udf",
    revision: 1,
    title: "UDF file system, alone or beside ISO 9660",
    limitations: &[
        "partitions of the kinds virtual, sparable and metadata (discs that are written in parts, Blu-ray) are a gap",
        "named streams and symbolic links are not offered",
    ],
    accepts,
    unpack,
};

/// Beside ISO 9660 the reader of that format comes here.
fn accepts(head: &Head<'_>) -> bool {
    !head.has_at(32_769, b"CD001") && (head.has_at(32_769, b"BEA01") || head.has_at(32_769, b"NSR0")) && is_marked(head)
}

/// The mark stands in one of the first blocks of 2 KiB, or of the size of the medium's.
fn is_marked(head: &Head<'_>) -> bool {
    let at = |index: usize, block: usize| head.has_at(32_769 + index * block, b"NSR0");
    [2048, 4096].into_iter().any(|block| (0..4).any(|index| at(index, block)))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.leaves_rest();
    walk(source.bytes, &|_, _| false, members).map(|_| ())
}

/// Offers every file but those that begin at a place and have a length that are known; tells how many it offered.
pub(super) fn walk(
    bytes: &[u8],
    is_known: &dyn Fn(u64, u64) -> bool,
    members: &mut dyn Members,
) -> Result<usize, Malformed> {
    let (volume, root) = match Volume::read(bytes) {
        Ok(read) => read,
        Err(unseen) => {
            members.gap(unseen);
            return Ok(0);
        }
    };
    let (mut tree, mut offered, mut fault) = (Tree::new(root), 0, None);
    while let Some((place, folder)) = tree.next() {
        let listing = File::read(&volume, place).and_then(|file| file.bytes(&volume));
        let Some(listing) = listing else {
            let at = volume.at(place).unwrap_or_default();
            fault.get_or_insert_with(|| broken(at, format!("the folder `{}` cannot be read", folder.escape_ascii())));
            continue;
        };
        let is_whole = names(&listing, &mut |name| {
            let path = join(&folder, &name.bytes);
            if name.is_folder {
                tree.enter(name.place, path, members);
                return ControlFlow::Continue(());
            }
            odd(members, &path);
            offer(&volume, &path, File::read(&volume, name.place), is_known, &mut offered, members)
        });
        match is_whole {
            ControlFlow::Continue(true) => {}
            ControlFlow::Continue(false) => {
                let at = volume.at(place).unwrap_or_default();
                fault.get_or_insert_with(|| broken(at, format!("the folder `{}` breaks off", folder.escape_ascii())));
            }
            ControlFlow::Break(()) => return Ok(offered),
        }
    }
    fault.map_or(Ok(offered), Err)
}

fn offer(
    volume: &Volume<'_>,
    path: &[u8],
    file: Option<File<'_>>,
    is_known: &dyn Fn(u64, u64) -> bool,
    offered: &mut usize,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let member = Member { name: path, ..Member::default() };
    let Some(file) = file else {
        let unseen = Unseen::new(GapReason::Malformed, "its entry is none that can be read");
        members.unseen(&member, unseen.needing("an intact copy"));
        return ControlFlow::Continue(());
    };
    if file.is_device() {
        members.anomaly(Some(path), "device", "a device node or pipe".to_owned());
    }
    // What is empty begins nowhere.
    let start = file.content.start().or((file.size == 0).then_some(0));
    if !file.has_content() || start.is_some_and(|start| is_known(start, file.size)) {
        return ControlFlow::Continue(());
    }
    *offered += 1;
    let member = Member { stated_size: Some(file.size), ..member };
    match &file.content {
        Content::Inline(held) => members.stored(&member, held),
        Content::Extents(extents) => extents.offer(volume.bytes, &member, file.size, members),
    }
}
