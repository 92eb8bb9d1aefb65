//! squashfs 4 with every compression.
mod content;
mod inode;
mod metadata;
mod packing;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::content::{Content, Fragments};
use self::inode::Inode;
use self::metadata::Cursor;
use self::packing::Packing;
use crate::field::{broken, u16_le, u32_le, u64_le};
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "squashfs",
    revision: 1,
    title: "squashfs image (gzip, LZMA, LZO, XZ, LZ4, Zstandard)",
    limitations: &["images of versions before 4, and of big-endian machines, are a gap"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"hsqs") || head.starts_with(b"sqsh") || head.starts_with(b"shsq") || head.starts_with(b"qshs")
}

/// The image, and what its first block says of it.
struct Image<'a> {
    bytes: &'a [u8],
    packing: Packing,
    block: u64,
    inodes_at: u64,
    folders_at: u64,
}

impl<'a> Image<'a> {
    /// Nothing where it is of a kind that is not read here.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let block = u64::from(u32_le(bytes, 12)?);
        let is_known = bytes.starts_with(b"hsqs") && u16_le(bytes, 28)? == 4 && (4096..=1 << 20).contains(&block);
        let packing = Packing::of(u16_le(bytes, 20)?).filter(|_| is_known)?;
        Some(Self { bytes, packing, block, inodes_at: u64_le(bytes, 64)?, folders_at: u64_le(bytes, 72)? })
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if bytes.len() < 96 {
        return Err(broken(bytes.len() as u64, "the image breaks off in its first block"));
    }
    let Some(image) = Image::read(bytes) else {
        let (version, method) = (u16_le(bytes, 28).unwrap_or_default(), u16_le(bytes, 20).unwrap_or_default());
        let detail = format!("squashfs of version {version}, compression {method}, {} bytes", bytes.len());
        members.gap(Unseen::new(GapReason::Unsupported, detail));
        return Ok(());
    };
    let stated = u64_le(bytes, 40).unwrap_or_default();
    members.claims(crate::field::range(bytes, 0, stated).unwrap_or(bytes));
    members.leaves_rest();
    let root = u64_le(bytes, 32).unwrap_or_default();
    let mut walk =
        Walk { cursor: Cursor::new(&image), fragments: Fragments::new(&image), image, tree: Tree::new(root) };
    let ControlFlow::Continue(fault) = walk.run(members) else { return Ok(()) };
    match fault {
        Some(why) => Err(broken(walk.image.inodes_at, why)),
        None if stated > bytes.len() as u64 => {
            Err(broken(bytes.len() as u64, format!("{stated} bytes are stated, {} are there", bytes.len())))
        }
        None => {
            crate::frames::trailing(bytes, crate::field::from(bytes, stated), members);
            Ok(())
        }
    }
}

struct Walk<'a> {
    image: Image<'a>,
    cursor: Cursor<'a>,
    fragments: Fragments<'a>,
    tree: Tree<u64>,
}

impl Walk<'_> {
    /// Goes through all folders; tells the first fault among them.
    fn run(&mut self, members: &mut dyn Members) -> ControlFlow<(), Option<String>> {
        let mut fault = None;
        while let Some((at, folder)) = self.tree.next() {
            let (entries, why) = match Inode::read(&self.image, &mut self.cursor, at) {
                Ok(inode) => inode::list(&inode, &self.image, &mut self.cursor),
                Err(why) => (Vec::new(), Some(why)),
            };
            if entries.is_empty() && why.is_none() {
                members.entry(&folder);
            }
            for (name, at) in entries {
                self.entry(join(&folder, &name), at, members)?;
            }
            if let Some(why) = why {
                fault.get_or_insert(format!("the folder `{}` cannot be read: {why}", folder.escape_ascii()));
            }
        }
        ControlFlow::Continue(fault)
    }

    fn entry(&mut self, path: Vec<u8>, at: u64, members: &mut dyn Members) -> ControlFlow<()> {
        match Inode::read(&self.image, &mut self.cursor, at) {
            Ok(Inode::Folder { .. }) => self.tree.enter(at, path, members),
            Ok(Inode::File(file)) => {
                let member = Member { name: &path, stated_size: Some(file.size), ..Member::default() };
                let mut content = Content::new(&self.image, &file, &mut self.fragments);
                return members.streamed(&member, &mut content);
            }
            Ok(Inode::Link(to)) => crate::names::link(members, &path, &to, true),
            Ok(Inode::Other) => members.anomaly(Some(&path), "device", "a device node, pipe or socket".to_owned()),
            Err(why) => {
                let unseen = Unseen::new(GapReason::Malformed, format!("its inode cannot be read: {why}"));
                members.unseen(&Member { name: &path, ..Member::default() }, unseen.needing("an intact copy"));
            }
        }
        ControlFlow::Continue(())
    }
}
