//! UPX: programs that are packed and unpack themselves as they start.
mod elf;
mod method;
mod pe;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "upx",
    revision: 1,
    title: "programs packed by UPX (ELF, PE)",
    limitations: &[
        "targets of calls stay as UPX filtered them",
        "of PE files the tables of imports, resources and relocations are not put together again: what they name is text",
        "other formats, and what grows beyond 256 MiB, are gaps",
    ],
    accepts,
    unpack,
};

const MARK: &[u8] = b"UPX!";
/// How far into a program the mark of its packer stands.
const HEADERS: usize = 4096;
/// The most that is unpacked.
const MOST: usize = 256 << 20;

/// What came out, and what of it did not.
struct Unpacked {
    bytes: Vec<u8>,
    lost: usize,
}

fn accepts(head: &Head<'_>) -> bool {
    place(head.bytes).is_some()
}

/// Where the mark stands, behind the headers of a program.
fn place(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"\x7fELF") && !bytes.starts_with(b"MZ") {
        return None;
    }
    let mark = memchr::memmem::find(bytes.get(..HEADERS.min(bytes.len()))?, MARK)?;
    // The method: behind the mark, or in front of the first block.
    let method = bytes.get(mark + if bytes.starts_with(b"\x7fELF") { 28 } else { 6 })?;
    method::is_known(*method).then_some(mark)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let Some(mark) = place(source.bytes) else { return Err(Malformed::NotThis) };
    let is_elf = source.bytes.starts_with(b"\x7fELF");
    let unpacked = if is_elf { elf::unpack(source.bytes, mark) } else { pe::unpack(source.bytes, mark) };
    let gap =
        |detail: String| Unseen::new(GapReason::Packed, detail).needing("the program as it was before it was packed");
    match unpacked {
        Ok(Unpacked { bytes, lost }) => {
            let member = Member { name: b"unpacked", ..Member::default() };
            if lost > 0 {
                members.gap(gap(format!("{lost} bytes of the program that UPX packed were not found")));
            }
            if let ControlFlow::Break(()) = members.stored(&member, &bytes) {
                return Ok(());
            }
        }
        Err(why) => {
            members.gap(gap(format!("packed by UPX, and could not be unpacked: {why}")));
        }
    }
    Ok(())
}
