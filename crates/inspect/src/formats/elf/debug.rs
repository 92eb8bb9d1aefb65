//! Paths in DWARF: the folders in which a program was built, and the names of its sources and headers.
use std::collections::BTreeSet;

use goblin::elf::section_header::SHF_COMPRESSED;
use interdict_model::{FactKind, Sink};

use super::layout::Layout;
use crate::read::{clamped, span, text};

/// Sections that name files, and whether they name other things too: of these only whole paths are told.
const SECTIONS: &[(&[u8], bool)] = &[(b".debug_line_str", false), (b".debug_line", false), (b".debug_str", true)];
/// Bytes looked at of one section, and paths told of one file.
const LOOK: usize = 1 << 20;
const MOST: usize = 1024;
const LONGEST: usize = 1024;
const SHORTEST: usize = 4;

/// States each once.
pub(super) fn observe(layout: &Layout<'_>, sink: &mut Sink<'_>) {
    if !sink.wants(FactKind::DebugPath) {
        return;
    }
    let mut told = BTreeSet::new();
    for (name, is_mixed) in SECTIONS {
        let is_plain = |flags: u64| flags & u64::from(SHF_COMPRESSED) == 0;
        for section in layout.named(name).filter(|section| is_plain(section.sh_flags)) {
            let (start, data) = layout.data(section);
            let mut at = start;
            for entry in clamped(data, 0, LOOK).split(|byte| *byte == 0) {
                // Numbers stand before the first path of a unit.
                let skip = entry.iter().take_while(|byte| !byte.is_ascii_graphic()).count();
                let path = entry.get(skip..).unwrap_or_default();
                if is_path(path, *is_mixed) && told.len() < MOST && told.insert(path) {
                    sink.fact(FactKind::DebugPath, &text(path), span(at + skip, path.len()));
                }
                at += entry.len() + 1;
            }
        }
    }
}

/// A whole path, or where nothing but files and folders is named the name of one.
fn is_path(entry: &[u8], is_mixed: bool) -> bool {
    let is_whole = entry.starts_with(b"/") || entry.get(1..3).is_some_and(|root| matches!(root, b":\\" | b":/"));
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b'-' | b'+');
    (SHORTEST..=LONGEST).contains(&entry.len())
        && entry.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ' || *byte >= 0x80)
        && (is_whole || (!is_mixed && entry.iter().all(is_name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_other_names() {
        for (entry, in_lines, in_strings) in [
            (&b"/build/engine/src"[..], true, true),
            (b"C:\\b\\engine", true, true),
            (b"../include/vendor", true, false),
            (b"sdk8_unix_interface.h", true, false),
            (b"sdkunix", true, false),
            (b"GNU C17 12.2.0 -mtune=generic", false, false),
            (b"/x", false, false),
            (b"/a\x01b", false, false),
        ] {
            assert_eq!((is_path(entry, false), is_path(entry, true)), (in_lines, in_strings), "{}", text(entry));
        }
    }
}
