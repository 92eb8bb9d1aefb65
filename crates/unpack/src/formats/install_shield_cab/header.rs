//! The header: how many folders and files, where their names and entries are, and which group has which files.
use crate::field::{from, range, u16_le, u32_le, u64_le};

pub(super) struct Header<'a> {
    bytes: &'a [u8],
    pub(super) major: u32,
    /// Of the descriptor, and how long that says it is.
    pub(super) at: u64,
    length: u64,
    /// Of the table that offsets count from.
    table: u64,
    /// Of entries of version 6 and later, from the table.
    entries: u64,
    folders: u32,
    pub(super) files: u32,
    groups: Vec<Group>,
}

/// Files that are installed together.
struct Group {
    name: Vec<u8>,
    first: u32,
    last: u32,
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) flags: u16,
    pub(super) size: u64,
    pub(super) packed: u64,
    pub(super) data: u64,
    name: u32,
    folder: u32,
    /// The file whose content it has too.
    previous: Option<u32>,
    /// From 1.
    pub(super) volume: u32,
}

pub(super) const SPLIT: u16 = 1;
pub(super) const DISGUISED: u16 = 2;
pub(super) const PACKED: u16 = 4;
const INVALID: u16 = 8;

/// Lists that groups hang in.
const LISTS: u64 = 71;
const GROUPS: usize = 10_000;
/// Of an entry of version 6 and later.
const ENTRY: u64 = 0x57;
/// From here on names are UTF-16.
const WIDE: u32 = 17;
const LONGEST: usize = 4096;

/// The version that two numbers of four bytes stand for.
pub(super) fn major(version: u32) -> u32 {
    match version >> 24 {
        1 => version >> 12 & 0xf,
        2 | 4 => (version & 0xffff) / 100,
        _ => 0,
    }
}

/// Whether a header or a volume may begin so: what it says of a descriptor lies in it.
pub(super) fn is_head(bytes: &[u8]) -> bool {
    let stated = u32_le(bytes, 12).zip(u32_le(bytes, 16));
    stated.is_some_and(|(at, length)| u64::from(at) + u64::from(length) <= bytes.len() as u64)
}

impl<'a> Header<'a> {
    /// Nothing inside where this is a volume whose header is another file.
    #[expect(clippy::option_option, reason = "broken, or not here")]
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Option<Self>> {
        let (version, at, length) = (u32_le(bytes, 4)?, u64::from(u32_le(bytes, 12)?), u64::from(u32_le(bytes, 16)?));
        if length == 0 || at == 0 {
            return Some(None);
        }
        let descriptor = from(bytes, at);
        let word = |at| u32_le(descriptor, at);
        let table = at.checked_add(u64::from(word(0xc)?))?;
        let mut header = Self {
            bytes,
            major: major(version),
            at,
            length,
            table,
            entries: u64::from(word(0x2c)?),
            folders: word(0x1c)?,
            files: word(0x28)?,
            groups: Vec::new(),
        };
        header.read_groups();
        Some(Some(header))
    }

    /// Whether nothing is in it but the header: the files are in volumes beside it.
    pub(super) fn is_alone(&self) -> bool {
        self.at.saturating_add(self.length) >= self.bytes.len() as u64
    }

    pub(super) fn file(&self, index: u32) -> Option<File> {
        if self.major > 5 {
            let at = self.table.checked_add(self.entries)?.checked_add(u64::from(index).checked_mul(ENTRY)?)?;
            let entry = range(self.bytes, at, ENTRY)?;
            let previous = (entry.get(0x54)? & 1 != 0).then(|| u32_le(entry, 0x4c)).flatten();
            return Some(File {
                flags: u16_le(entry, 0)?,
                size: u64_le(entry, 2)?,
                packed: u64_le(entry, 0xa)?,
                data: u64_le(entry, 0x12)?,
                name: u32_le(entry, 0x3a)?,
                folder: u32::from(u16_le(entry, 0x3e)?),
                previous,
                volume: u32::from(u16_le(entry, 0x55)?),
            });
        }
        let entry = from(self.bytes, self.table.checked_add(self.offset(self.folders.checked_add(index)?)?)?);
        Some(File {
            name: u32_le(entry, 0)?,
            folder: u32_le(entry, 4)?,
            flags: u16_le(entry, 8)?,
            size: u64::from(u32_le(entry, 0xa)?),
            packed: u64::from(u32_le(entry, 0xe)?),
            data: u64::from(u32_le(entry, 0x26)?),
            previous: None,
            volume: 1,
        })
    }

    /// The file that holds the content of this one.
    pub(super) fn original(&self, index: u32, file: &File) -> Option<(u32, File)> {
        const FAR: usize = 1000;
        let (mut index, mut file) = (index, file.clone());
        for _ in 0..FAR {
            let Some(previous) = file.previous else { return Some((index, file)) };
            (index, file) = (previous, self.file(previous).filter(|_| previous < self.files)?);
        }
        None
    }

    /// Group, folder and name.
    pub(super) fn name(&self, index: u32, file: &File) -> Vec<u8> {
        let group = self.groups.iter().find(|group| (group.first..=group.last).contains(&index));
        let folder = if file.folder < self.folders { self.offset(file.folder) } else { None };
        let folder = folder.and_then(|at| self.text(self.table.checked_add(at)?)).unwrap_or_default();
        let name = self.text(self.table.saturating_add(u64::from(file.name))).unwrap_or_default();
        let mut path = group.map(|group| group.name.clone()).unwrap_or_default();
        for part in [folder, name].into_iter().filter(|part| !part.is_empty()) {
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend(crate::names::slashed(part.into()).iter());
        }
        path
    }

    fn offset(&self, index: u32) -> Option<u64> {
        let at = self.table.checked_add(u64::from(index).checked_mul(4)?)?;
        u32_le(range(self.bytes, at, 4)?, 0).map(u64::from)
    }

    fn text(&self, at: u64) -> Option<Vec<u8>> {
        let bytes = range(self.bytes, at, 1).map(|_| from(self.bytes, at))?;
        if self.major < WIDE {
            let end = bytes.iter().take(LONGEST).position(|byte| *byte == 0)?;
            return bytes.get(..end).map(<[u8]>::to_vec);
        }
        let units: Vec<u16> = (0..LONGEST).map_while(|at| u16_le(bytes, at * 2).filter(|unit| *unit != 0)).collect();
        Some(String::from_utf16_lossy(&units).into_bytes())
    }

    /// Each list is of three numbers: a name, a group, the next of the list.
    fn read_groups(&mut self) {
        let lists = self.at.saturating_add(0x3e);
        // A list that leads back into itself ends too, whatever hangs in it.
        let mut links = 0;
        for list in 0..LISTS {
            let mut next = range(self.bytes, lists + list * 4, 4).and_then(|word| u32_le(word, 0)).unwrap_or_default();
            while next != 0 && links < GROUPS {
                links += 1;
                let link = from(self.bytes, self.at.saturating_add(u64::from(next)));
                let (Some(of), Some(behind)) = (u32_le(link, 4), u32_le(link, 8)) else { break };
                self.groups.extend(self.group(u64::from(of)));
                next = behind;
            }
        }
    }

    fn group(&self, at: u64) -> Option<Group> {
        let group = from(self.bytes, self.at.checked_add(at)?);
        let name = self.text(self.at.checked_add(u64::from(u32_le(group, 0)?))?).unwrap_or_default();
        let numbers = if self.major > 5 { 4 + 0x12 } else { 4 + 0x48 };
        Some(Group { name, first: u32_le(group, numbers)?, last: u32_le(group, numbers + 4)? })
    }
}

impl File {
    /// Whether anything of it is there: places of files that were taken out stay in the list.
    pub(super) fn is_listed(&self) -> bool {
        self.flags & INVALID == 0 && self.name != 0 && (self.data != 0 || self.previous.is_some())
    }

    /// Whether it lies in the volume as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.flags & (DISGUISED | PACKED) == 0
    }

    /// In the volumes.
    pub(super) fn length(&self) -> u64 {
        if self.flags & PACKED == 0 { self.size } else { self.packed }
    }
}
