//! ar archives: static libraries, Debian packages; System V and BSD names.
mod passing;

use std::ops::ControlFlow;

use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

pub(crate) use self::passing::PASSER;
use crate::field::{digits, range};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ar",
    revision: 1,
    title: "ar archive, static library, Debian package",
    limitations: &["members of thin archives lie outside the file and are not opened"],
    accepts,
    unpack,
};

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: u64 = 60;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    if source.bytes == MAGIC {
        members.entry(b"");
    }
    let (mut at, mut long_names) = (MAGIC.len() as u64, &[][..]);
    while at < source.bytes.len() as u64 {
        let header = range(source.bytes, at, HEADER).ok_or_else(|| broken(at, "the archive breaks off in a header"))?;
        if header.get(58..60) != Some(b"`\n") {
            crate::frames::trailing(source.bytes, crate::field::from(source.bytes, at), members);
            return Err(broken(at, "a member's header does not end in its mark"));
        }
        let size = header.get(48..58).and_then(|field| digits(field, 10)).ok_or_else(|| broken(at, "no size"))?;
        let start = at + HEADER;
        let held = range(source.bytes, start, size).unwrap_or_else(|| crate::field::from(source.bytes, start));
        members.claims(header);
        let raw = header.get(..16).unwrap_or_default().trim_ascii_end();
        if raw == b"//" {
            long_names = held;
        } else if !is_index(raw) {
            let (name, body) = named(raw, long_names, held);
            let member = Member { name, stated_size: Some(size), ..Member::default() };
            if let ControlFlow::Break(()) = members.stored(&member, body) {
                return Ok(());
            }
        }
        if (held.len() as u64) < size {
            return Err(broken(at, "the archive breaks off in a member"));
        }
        at = start + size + size % 2;
    }
    members.leaves_rest();
    Ok(())
}

/// Whether a member of this name lists symbols.
fn is_index(raw: &[u8]) -> bool {
    matches!(raw, b"/" | b"/SYM64/" | b"__.SYMDEF" | b"__.SYMDEF SORTED")
}

/// The name and the bytes that are left: BSD keeps long names at the head of the content.
fn named<'a>(raw: &'a [u8], long_names: &'a [u8], held: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    if let Some(length) =
        raw.strip_prefix(b"#1/").and_then(|text| digits(text, 10)).and_then(|n| usize::try_from(n).ok())
        && let Some((name, body)) = held.split_at_checked(length)
    {
        let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
        return (name.get(..end).unwrap_or(name), body);
    }
    let offset = raw.strip_prefix(b"/").and_then(|text| digits(text, 10)).and_then(|n| usize::try_from(n).ok());
    if let Some(rest) = offset.and_then(|offset| long_names.get(offset..)) {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | 0)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or(rest);
        return (name.strip_suffix(b"/").unwrap_or(name), held);
    }
    (raw.strip_suffix(b"/").filter(|name| !name.is_empty()).unwrap_or(raw), held)
}

fn broken(at: u64, detail: &str) -> Malformed {
    Malformed::at(format!("offset {at:#x}"), detail)
}
