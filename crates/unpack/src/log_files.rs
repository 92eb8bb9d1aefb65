//! File systems that are logs of flash memory: nodes that say something of a name or of a part of a file, of which the latest counts.
mod content;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Member, Members, Unseen};

use self::content::Content;
pub(crate) use self::content::{Method, Piece};
use crate::names::{link, odd};
use crate::tree::{Tree, join};

/// What the nodes of an image say.
#[derive(Default)]
pub(crate) struct Log<'a> {
    /// By folder and name: since which version, which file, and whether that is one.
    names: BTreeMap<u64, BTreeMap<&'a [u8], (u64, u64)>>,
    files: BTreeMap<u64, File<'a>>,
}

#[derive(Default)]
struct File<'a> {
    /// The latest that said how large it is, and of which kind.
    version: u64,
    size: u64,
    mode: u32,
    /// What a link means, where that stands with the file itself.
    link: &'a [u8],
    pieces: Vec<Piece<'a>>,
}

/// The folder in which all lie, for both kinds.
const ROOT: u64 = 1;
const KIND: u32 = 0o170_000;

impl<'a> Log<'a> {
    /// A name; of no file where it was taken away.
    pub(crate) fn name(&mut self, folder: u64, name: &'a [u8], version: u64, file: u64) {
        let held = self.names.entry(folder).or_default().entry(name).or_insert((version, file));
        if version >= held.0 {
            *held = (version, file);
        }
    }

    pub(crate) fn file(&mut self, number: u64, version: u64, size: u64, mode: u32, link: &'a [u8]) {
        let file = self.files.entry(number).or_default();
        if version >= file.version {
            (file.version, file.size, file.mode) = (version, size, mode);
            file.link = link;
        }
    }

    pub(crate) fn piece(&mut self, number: u64, piece: Piece<'a>) {
        self.files.entry(number).or_default().pieces.push(piece);
    }

    /// Offers what has a name in the end.
    pub(crate) fn offer(mut self, members: &mut dyn Members) -> ControlFlow<()> {
        let mut tree = Tree::new(ROOT);
        while let Some((folder, path)) = tree.next() {
            for (name, (_, number)) in self.names.remove(&folder).unwrap_or_default() {
                if number == 0 || matches!(name, b"." | b"..") {
                    continue;
                }
                let path = join(&path, name);
                odd(members, &path);
                let Some(file) = self.files.get(&number) else {
                    let detail = "a name of something that is not there";
                    let unseen = Unseen::new(GapReason::Malformed, detail).needing("an intact copy");
                    members.unseen(&Member { name: &path, ..Member::default() }, unseen);
                    continue;
                };
                match file.mode & KIND {
                    0o040_000 => tree.enter(number, path, members),
                    0o100_000 => file.offer(&path, members)?,
                    0o120_000 => {
                        let first = file.pieces.iter().max_by_key(|piece| piece.version).map(|piece| piece.packed);
                        link(
                            members,
                            &path,
                            if file.link.is_empty() { first.unwrap_or_default() } else { file.link },
                            true,
                        );
                    }
                    _ => members.anomaly(Some(&path), "device", "a device node, pipe or socket".to_owned()),
                }
            }
        }
        ControlFlow::Continue(())
    }
}

impl File<'_> {
    fn offer(&self, path: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
        let member = Member { name: path, stated_size: Some(self.size), ..Member::default() };
        match Content::new(&self.pieces, self.size) {
            Ok(mut content) => members.streamed(&member, &mut content),
            Err(detail) => {
                members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
                ControlFlow::Continue(())
            }
        }
    }
}
