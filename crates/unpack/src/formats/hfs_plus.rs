//! HFS+ and HFSX file systems, as Apple's disk images hold them: files with both forks, also those that the system packed.
mod catalog;
mod packed;
mod trees;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::catalog::{Entry, File, entries};
use self::trees::{Fork, Leaves, Overflow, overflow};
use crate::extents::Extents;
use crate::field::{broken, u16_be, u32_be};
use crate::space::Space;
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "hfs-plus",
    revision: 1,
    title: "HFS+ and HFSX file system, with resource forks",
    limitations: &[
        "deleted files, and changes that are in the journal alone, are not seen",
        "a hard link is not offered; what it leads to is, in the system's own folder",
        "extended attributes are not offered",
    ],
    accepts,
    unpack,
};

const HEADER: u64 = 1024;

fn accepts(head: &Head<'_>) -> bool {
    is_here(head.bytes.into())
}

/// Whether such a file system is here.
pub(crate) fn is_here(space: Space<'_>) -> bool {
    Volume::read(space).is_some()
}

struct Volume<'a> {
    space: Space<'a>,
    block: u64,
    overflow: Overflow,
    catalog: Extents,
    attributes: Extents,
}

impl<'a> Volume<'a> {
    fn read(space: Space<'a>) -> Option<Self> {
        let space = wrapped(space).unwrap_or(space);
        let header = space.range(HEADER, 512)?;
        let is_known = matches!(header.get(..4)?, b"H+\0\x04" | b"HX\0\x05");
        let block = u64::from(u32_be(&header, 40)?);
        if !is_known || !block.is_power_of_two() || !(512..=1 << 20).contains(&block) {
            return None;
        }
        let fork = |at: usize| Fork::parse(header.get(at..at + 80)?);
        let none = Overflow::new();
        let overflow = overflow(space, &fork(192)?.extents(block, &none, (3, 0)));
        let catalog = fork(272)?.extents(block, &overflow, (4, 0));
        let attributes = fork(352)?.extents(block, &overflow, (8, 0));
        Some(Self { space, block, overflow, catalog, attributes })
    }

    fn extents(&self, fork: &Fork, file: u32, kind: u8) -> Extents {
        fork.extents(self.block, &self.overflow, (file, kind))
    }
}

/// Inside the older HFS, as volumes were that old systems could open.
fn wrapped(space: Space<'_>) -> Option<Space<'_>> {
    let header = space.range(HEADER, 162)?;
    if header.get(..2)? != b"BD" || header.get(124..126)? != b"H+" {
        return None;
    }
    let (block, first) = (u64::from(u32_be(&header, 20)?), u64::from(u16_be(&header, 28)?) * 512);
    let (start, count) = (u64::from(u16_be(&header, 126)?), u64::from(u16_be(&header, 128)?));
    Some(space.part(first + start * block, count * block))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.leaves_rest();
    files(source.bytes.into(), members)
}

/// The folder that everything is in.
const ROOT: u32 = 2;

/// Offers every file of the file system.
pub(crate) fn files(space: Space<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let volume = Volume::read(space).ok_or(Malformed::NotThis)?;
    let mut leaves = Leaves::new(volume.space, &volume.catalog)
        .ok_or_else(|| broken(HEADER, "the catalog's first node lies beyond the end"))?;
    let (children, fault) = entries(&mut leaves);
    let packed = packed::attributes(volume.space, &volume.attributes);
    let mut tree = Tree::new(ROOT);
    while let Some((folder, path)) = tree.next() {
        for (name, entry) in children.get(&folder).map(Vec::as_slice).unwrap_or_default() {
            let path = join(&path, name);
            match entry {
                Entry::Folder(id) => tree.enter(*id, path, members),
                Entry::File(file) => {
                    if offer(&volume, file, &path, &packed, members).is_break() {
                        return Ok(());
                    }
                }
            }
        }
    }
    fault.map_or(Ok(()), |why| Err(broken(HEADER, why)))
}

fn offer(
    volume: &Volume<'_>,
    file: &File,
    path: &[u8],
    packed: &BTreeMap<u32, Vec<u8>>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    const LINK: u16 = 0o120_000;
    if file.is_hard_link {
        return ControlFlow::Continue(());
    }
    crate::names::odd(members, path);
    let data = volume.extents(&file.data, file.id, 0);
    if file.mode & 0o170_000 == LINK {
        let to = data.range(volume.space, 0, file.data.size.min(64 * 1024)).unwrap_or_default();
        crate::names::link(members, path, &to, true);
        return ControlFlow::Continue(());
    }
    let resources = volume.extents(&file.resources, file.id, 0xff);
    if let Some(header) = packed.get(&file.id).filter(|_| file.is_packed) {
        let member = Member { name: path, stated_size: packed::size(header), ..Member::default() };
        return match packed::reader(header, volume.space, &resources, file.resources.size) {
            Ok(mut reader) => members.streamed(&member, &mut reader),
            Err(why) => {
                members.unseen(&member, Unseen::new(GapReason::Unsupported, why));
                ControlFlow::Continue(())
            }
        };
    }
    let member = Member { name: path, stated_size: Some(file.data.size), ..Member::default() };
    data.offer(volume.space, &member, file.data.size, members)?;
    if file.resources.size > 0 {
        let name = [path, b"/..namedfork/rsrc"].concat();
        let member = Member { name: &name, stated_size: Some(file.resources.size), ..Member::default() };
        resources.offer(volume.space, &member, file.resources.size, members)?;
    }
    ControlFlow::Continue(())
}
