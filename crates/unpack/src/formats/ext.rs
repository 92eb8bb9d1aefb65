//! ext2, ext3 and ext4 file systems.
mod inode;

use std::borrow::Cow;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::inode::{Inode, Kind};
use crate::field::{broken, u16_le, u32_le};
use crate::space::Space;
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ext",
    revision: 1,
    title: "ext2, ext3, ext4 file system",
    limitations: &[
        "deleted files, and changes that are in the journal alone, are not seen",
        "encrypted files are a gap",
    ],
    accepts,
    unpack,
};

const SUPER: u64 = 1024;
const ROOT: u32 = 2;

fn accepts(head: &Head<'_>) -> bool {
    Volume::read(head.bytes.into()).is_some()
}

struct Volume<'a> {
    space: Space<'a>,
    block: u64,
    inode_size: u64,
    per_group: u32,
    inodes: u32,
    /// Where the descriptors of groups begin, how long each is.
    groups_at: u64,
    group_size: u64,
}

impl<'a> Volume<'a> {
    fn read(space: Space<'a>) -> Option<Self> {
        const WIDE: u32 = 0x80;
        let first = space.range(SUPER, 1024)?;
        if first.get(56..58) != Some(b"\x53\xef") {
            return None;
        }
        let field = |at| u32_le(&first, at);
        let shift = field(24).filter(|shift| *shift <= 6)?;
        let block = 1024_u64 << shift;
        let is_wide = field(96)? & WIDE != 0;
        let group_size = if is_wide { u64::from(u16_le(&first, 254)?) } else { 32 };
        let inode_size = if field(76)? == 0 { 128 } else { u64::from(u16_le(&first, 88)?) };
        let per_group = field(40).filter(|count| *count > 0)?;
        let is_sane = inode_size >= 128 && inode_size <= block && group_size >= 32 && group_size <= block;
        // Behind the block that the first 1 KiB of these is in: what is stated as the first block is 0 where blocks are clusters.
        let groups_at = (SUPER / block + 1) * block;
        is_sane.then_some(Self { space, block, inode_size, per_group, inodes: field(0)?, groups_at, group_size })
    }

    /// The bytes of an inode.
    fn inode(&self, number: u32) -> Option<Cow<'a, [u8]>> {
        let index = number.checked_sub(1).filter(|_| number <= self.inodes)?;
        let group = u64::from(index / self.per_group);
        let descriptor = self.space.range(self.groups_at + group * self.group_size, self.group_size)?;
        let high = if self.group_size >= 64 { u32_le(&descriptor, 40)? } else { 0 };
        let table = u64::from(u32_le(&descriptor, 8)?) | u64::from(high) << 32;
        let at = table.checked_mul(self.block)?.checked_add(u64::from(index % self.per_group) * self.inode_size)?;
        self.space.range(at, self.inode_size)
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.leaves_rest();
    files(source.bytes.into(), members)
}

/// Whether such a file system is here.
pub(crate) fn is_here(space: Space<'_>) -> bool {
    Volume::read(space).is_some()
}

/// Offers every file of the file system.
pub(crate) fn files(space: Space<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let volume = Volume::read(space).ok_or_else(|| broken(SUPER, "no sane first block"))?;
    let mut tree = Tree::new(ROOT);
    let mut fault = None;
    while let Some((number, folder)) = tree.next() {
        let read = volume.inode(number).and_then(|raw| Inode::parse(&raw)).filter(|inode| inode.kind == Kind::Folder);
        let Some(inode) = read else {
            let detail = format!("inode {number} of the folder `{}` cannot be read", folder.escape_ascii());
            fault.get_or_insert(broken(volume.groups_at, detail));
            continue;
        };
        let (entries, is_whole) = inode.list(&volume);
        for (name, number) in entries {
            if entry(&volume, join(&folder, &name), number, &mut tree, members).is_break() {
                return Ok(());
            }
        }
        if !is_whole {
            let detail = format!("the folder `{}` breaks off", folder.escape_ascii());
            fault.get_or_insert(broken(space.length(), detail));
        }
    }
    fault.map_or(Ok(()), Err)
}

fn entry(
    volume: &Volume<'_>,
    path: Vec<u8>,
    number: u32,
    tree: &mut Tree<u32>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let Some(inode) = volume.inode(number).and_then(|raw| Inode::parse(&raw)) else {
        let unseen = Unseen::new(GapReason::Malformed, format!("its inode {number} cannot be read"));
        members.unseen(&Member { name: &path, ..Member::default() }, unseen.needing("an intact copy"));
        return ControlFlow::Continue(());
    };
    let member = Member { name: &path, stated_size: Some(inode.size), ..Member::default() };
    match inode.kind {
        Kind::Folder => tree.enter(number, path, members),
        _ if inode.is_encrypted() => {
            members
                .unseen(&member, Unseen::new(GapReason::Encrypted, "encrypted by the file system").needing("its key"));
        }
        Kind::File => return inode.offer(volume, &member, members),
        Kind::Link => crate::names::link(members, &path, &inode.link(volume), true),
        Kind::Other => members.anomaly(Some(&path), "device", "a device node, pipe or socket".to_owned()),
    }
    ControlFlow::Continue(())
}
