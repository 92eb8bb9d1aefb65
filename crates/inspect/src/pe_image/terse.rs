//! Terse images: firmware modules whose headers were cut down to what firmware asks for.
use goblin::pe::section_table::SectionTable;
use interdict_model::Malformed;

use super::{Directory, Image, MOST_SECTIONS, section};
use crate::read::{le16, le32, le64, unread};

const HEADER: usize = 40;
/// x86, x86-64, ARM and its kin, RISC-V.
const MACHINES: &[u16] = &[0x14c, 0x8664, 0x1c0, 0x1c2, 0x1c4, 0xaa64, 0x5032, 0x5064];

/// Whether these bytes begin as one: for the firmware, of a machine that has such, with some sections.
pub(crate) fn is_terse(bytes: &[u8]) -> bool {
    let [b'V', b'Z', _, _, sections @ 1..=32, 10..=13, ..] = bytes else { return false };
    let is_machine = le16(bytes, 2).is_some_and(|machine| MACHINES.contains(&machine));
    // Headers of so many bytes were taken off: a DOS header, at least, and a few hundred more at most.
    let is_stripped = le16(bytes, 6).is_some_and(|stripped| (0x40..0x1000).contains(&stripped));
    is_machine && is_stripped && HEADER + usize::from(*sections) * 40 <= bytes.len()
}

impl<'a> Image<'a> {
    /// Reads such headers; places count from where the image would begin with what was taken off.
    pub(super) fn read_terse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let broken = || Malformed::at("offset 0x0", "the terse header is cut short");
        let count = bytes.get(4).copied().map(usize::from).ok_or_else(broken)?;
        let stripped = le16(bytes, 6).map(usize::from).ok_or_else(broken)?;
        let moved = stripped.saturating_sub(HEADER);
        let mut directories = vec![(0, 0); Directory::Debug as usize + 1];
        let debug = (le32(bytes, 32).ok_or_else(broken)?, le32(bytes, 36).ok_or_else(broken)?);
        if let Some(entry) = directories.get_mut(Directory::Debug as usize) {
            *entry = debug;
        }
        let mut image = Self {
            bytes,
            is_wide: true,
            base: le64(bytes, 16).unwrap_or(0),
            sections: Vec::new(),
            headers: 0,
            is_flat: false,
            directories,
            optional: 0,
            symbols: None,
            faults: Vec::new(),
        };
        let mut at = HEADER;
        for _ in 0..count.min(MOST_SECTIONS) {
            let header_at = at;
            let Ok(table) = SectionTable::parse(bytes, &mut at, bytes.len()) else {
                let end = bytes.len() as u64;
                image.faults.push(unread("the sections of the terse image cannot be read", header_at as u64, end));
                break;
            };
            // Nothing rounds places down here.
            let mut section = section(&table, header_at, true);
            section.start = section.start.saturating_sub(moved);
            // What pads the last one is often not there.
            section.stored = section.used();
            image.sections.push(section);
        }
        image.report_cut();
        Ok(image)
    }
}
