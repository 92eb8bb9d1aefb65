//! Setup programs of `InstallShield` that extract themselves: what lies behind the program is encoded, and said to be there.
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{from, u16_le, u32_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "install-shield",
    revision: 1,
    title: "InstallShield setup program",
    limitations: &["the files behind the program are encoded; they are a gap that says how many they are"],
    accepts,
    unpack,
};

/// The stream that newer setup programs carry, and what older ones do.
const MARKS: [&[u8]; 2] = [b"ISSetupStream\0", b"InstallShield\0"];

fn accepts(head: &Head<'_>) -> bool {
    stream(head.bytes).is_some()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let Some(stream) = stream(source.bytes) else { return Err(Malformed::NotThis) };
    let length = stream.len();
    let start = source.bytes.len() - length;
    let files = u16_le(stream, MARKS[0].len())
        .map_or_else(|| "its header breaks off".to_owned(), |files| format!("{files} files are stated"));
    let detail = format!("an InstallShield stream of {length} bytes behind the program, encoded; {files}");
    let unseen = Unseen::new(GapReason::Unsupported, detail).over(start as u64, source.bytes.len() as u64);
    members.gap(unseen.needing("the files that the setup program extracts"));
    Ok(())
}

/// What stands behind the last section of an executable, where it is such a stream.
fn stream(bytes: &[u8]) -> Option<&[u8]> {
    let header = usize::try_from(u32_le(bytes, 0x3c)?).ok().filter(|_| bytes.starts_with(b"MZ"))?;
    let held = bytes.get(header..).filter(|held| held.starts_with(b"PE\0\0"))?;
    let table = 24 + usize::from(u16_le(held, 20)?);
    let end = |index: usize| {
        let section = held.get(table + index * 40..table + index * 40 + 40)?;
        Some(u64::from(u32_le(section, 20)?) + u64::from(u32_le(section, 16)?))
    };
    let behind = from(bytes, (0..usize::from(u16_le(held, 6)?)).map_while(end).max()?);
    MARKS.iter().any(|mark| behind.starts_with(mark)).then_some(behind)
}
