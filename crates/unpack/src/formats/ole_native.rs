//! Files that were put into documents as packages: the stream `\x01Ole10Native` of OLE objects (MS-OLEDS §2.2).
use std::borrow::Cow;
use std::ops::ControlFlow;

use encoding_rs::{UTF_16LE, WINDOWS_1252};
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use crate::field::{broken, from, range, u16_le, u32_le};
use crate::frames::trailing;
use crate::names::{odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ole-native",
    revision: 1,
    title: "files in documents (OLE packages)",
    limitations: &["what other programs than the packager keep as their object is offered as it is"],
    accepts,
    unpack,
};

const STREAM: &str = "\x01Ole10Native";
/// A stream may be padded to its sector.
const PADDING: u64 = 4096;
const LONGEST: usize = 4096;

fn accepts(head: &Head<'_>) -> bool {
    let length = head.bytes.len() as u64;
    let is_sized = u32_le(head.bytes, 0).map(u64::from).is_some_and(|stated| stated > 0 && stated + 4 <= length);
    let is_exact = u32_le(head.bytes, 0).is_some_and(|stated| length - u64::from(stated).min(length) <= PADDING + 4);
    (head.name == STREAM && head.bytes.len() > 4)
        || (is_sized && is_exact && package(head.bytes).is_some_and(|p| p.is_whole()))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let stated = u32_le(bytes, 0).map(u64::from).ok_or_else(|| broken(0, "the object breaks off in its length"))?;
    let Some(package) = package(bytes) else {
        let held = range(bytes, 4, stated).unwrap_or_else(|| from(bytes, 4));
        let _ = offer(b"object", held, stated, members);
        return Ok(());
    };
    let name = package.name(bytes);
    odd(members, &name);
    if package.size > 0 && offer(&name, package.held(bytes), package.size, members).is_continue() {
        trailing(bytes, from(bytes, stated.saturating_add(4)), members);
    }
    Ok(())
}

fn offer(name: &[u8], held: &[u8], stated: u64, members: &mut dyn Members) -> ControlFlow<()> {
    let member = Member { name, stated_size: Some(stated), ..Member::default() };
    if (held.len() as u64) < stated {
        let detail = format!("{stated} bytes are stated, {} are there", held.len());
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    members.stored(&member, held)
}

/// What the packager writes before a file.
struct Package<'a> {
    label: &'a [u8],
    path: &'a [u8],
    start: u64,
    size: u64,
    total: u64,
}

fn package(bytes: &[u8]) -> Option<Package<'_>> {
    const IS_FILE: u32 = 3;
    let total = u64::from(u32_le(bytes, 0)?);
    u16_le(bytes, 4).filter(|version| *version == 2)?;
    let (label, at) = text(bytes, 6)?;
    let (path, at) = text(bytes, at)?;
    // Of a link there is no content: only the letter that says which it is.
    u32_le(bytes, at).filter(|kind| kind >> 16 == IS_FILE)?;
    let place = usize::try_from(u32_le(bytes, at + 4)?).ok().filter(|length| *length <= LONGEST)?;
    let start = at + 8 + place;
    let size = u64::from(u32_le(bytes, start)?);
    let is_printable = |text: &[u8]| text.iter().all(|byte| *byte >= b' ');
    (is_printable(label) && is_printable(path)).then_some(Package { label, path, start: start as u64 + 4, size, total })
}

/// Up to a zero; and where the next begins.
fn text(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().take(LONGEST).position(|byte| *byte == 0)?;
    Some((rest.get(..length)?, at + length + 1))
}

impl<'a> Package<'a> {
    fn is_whole(&self) -> bool {
        self.start.saturating_add(self.size) <= self.total.saturating_add(4)
    }

    fn held(&self, bytes: &'a [u8]) -> &'a [u8] {
        range(bytes, self.start, self.size).unwrap_or_else(|| from(bytes, self.start))
    }

    /// The label in Unicode, which newer packagers write behind the content, else as the old letters have it.
    fn name(&self, bytes: &[u8]) -> Vec<u8> {
        let wide = || {
            let behind = from(bytes, self.start.checked_add(self.size)?);
            let place = usize::try_from(u32_le(behind, 0)?).ok()?.checked_mul(2)?;
            let at = place.checked_add(4)?;
            let length = usize::try_from(u32_le(behind, at)?).ok().filter(|length| *length <= LONGEST)?;
            let label = behind.get(at + 4..at + 4 + length * 2).filter(|label| !label.is_empty())?;
            Some(UTF_16LE.decode_without_bom_handling(label).0)
        };
        let narrow = if self.label.is_empty() { self.path } else { self.label };
        let name = wide().unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(narrow).0);
        let name = slashed(Cow::Borrowed(name.trim_end_matches('\0').as_bytes()));
        if name.is_empty() { b"object".to_vec() } else { name.into_owned() }
    }
}
