//! 7z archives, also behind a stub that extracts itself.
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use crate::field::{broken, range, u64_le};
use crate::names::odd;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "seven-zip",
    revision: 1,
    title: "7z archive (with the methods of the forks too: Zstandard, Brotli, LZ4)",
    limitations: &[
        "encrypted members and headers are gaps",
        "of methods that are not 7-Zip's own, Zstandard, Brotli and LZ4 are read; Lizard and others are gaps",
        "a dictionary of more than 512 MiB is a gap",
    ],
    accepts,
    unpack,
};

const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";
/// What one decoder may take, in KiB.
const MEMORY: usize = 512 << 10;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (Some(next), Some(length)) = (u64_le(bytes, 12), u64_le(bytes, 20)) else {
        return Err(broken(0, "the archive breaks off in its first header"));
    };
    if length == 0 && bytes.len() == 32 {
        return Ok(());
    }
    let end = next.checked_add(length).and_then(|end| end.checked_add(32));
    if end.is_none_or(|end| range(bytes, 0, end).is_none()) {
        if let Some(next) = crate::split::next(source.name) {
            let detail = format!("the archive goes on in another volume, `{next}`");
            members.gap(Unseen::new(GapReason::Missing, detail).needing("all volumes, side by side"));
        }
        return Err(broken(32, "the archive breaks off before its list of members, or a further volume is missing"));
    }
    members.claims(end.and_then(|end| range(bytes, 0, end)).unwrap_or_default());
    members.leaves_rest();
    let password = Password::empty();
    let archive = match Archive::read_with_memory_limit(&mut Cursor::new(bytes), &password, MEMORY) {
        Ok(archive) => archive,
        Err(why) => return Err(refused(&why, bytes, members)),
    };
    for file in &archive.files {
        odd(members, file.name.as_bytes());
    }
    let blocks = &archive.stream_map.block_first_file_index;
    for block in 0..archive.blocks.len() {
        let first = blocks.get(block).copied().unwrap_or_default();
        if archive.is_file_encrypted(first) {
            let locked = || Unseen::new(GapReason::Encrypted, "encrypted").needing("the archive's password");
            unseen(&archive, block, 0, members, &locked);
        } else if decode(&archive, block, bytes, members).is_break() {
            return Ok(());
        }
    }
    for (file, block) in archive.files.iter().zip(&archive.stream_map.file_block_index) {
        if block.is_none() && !file.is_directory && members.stored(&member(file), &[]).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// Offers the members of one block; those behind a fault or a limit are stated as not seen.
fn decode(archive: &Archive, block: usize, bytes: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
    let (password, mut source) = (Password::empty(), Cursor::new(bytes));
    let decoder = BlockDecoder::new_with_memory_limit(1, MEMORY, block, archive, &password, &mut source);
    let (mut offered, mut flow, mut cut) = (0, ControlFlow::Continue(()), None);
    let told = decoder.for_each_entries(&mut |entry, reader| {
        offered += 1;
        if entry.is_directory {
            return Ok(true);
        }
        let mut counted = Counted { inner: reader, read: 0, fault: None };
        flow = members.streamed(&member(entry), &mut counted);
        // What the receiver left is not decoded on its behalf: it may be endless.
        cut = match counted.fault {
            Some(why) => Some(Unseen::new(GapReason::Malformed, format!("packed behind a fault: {why}"))),
            None if counted.read < entry.size => {
                Some(Unseen::new(GapReason::OverLimit, "packed behind a member that a limit cut"))
            }
            None => None,
        };
        Ok(flow.is_continue() && cut.is_none())
    });
    if flow.is_break() {
        return flow;
    }
    if let Some(gap) = cut {
        unseen(archive, block, offered, members, &|| gap.clone());
    } else if let Err(why) = told {
        unseen(archive, block, offered, members, &|| gap(&why));
        members.gap(gap(&why));
    }
    ControlFlow::Continue(())
}

/// The members of a block from the `from`th on could not be seen.
fn unseen(archive: &Archive, block: usize, from: usize, members: &mut dyn Members, gap: &dyn Fn() -> Unseen) {
    let files = archive.files.iter().zip(&archive.stream_map.file_block_index);
    for (file, _) in files.filter(|(file, of)| **of == Some(block) && !file.is_directory).skip(from) {
        members.unseen(&member(file), gap());
    }
}

fn member(file: &ArchiveEntry) -> Member<'_> {
    Member { name: file.name.as_bytes(), stated_size: Some(file.size), ..Member::default() }
}

/// Knows how much was read, and whether it ended in a fault.
struct Counted<'a> {
    inner: &'a mut dyn Read,
    read: u64,
    fault: Option<String>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).inspect_err(|why| self.fault = Some(why.to_string()))?;
        self.read += read as u64;
        Ok(read)
    }
}

fn refused(why: &Error, bytes: &[u8], members: &mut dyn Members) -> Malformed {
    let at = u64_le(bytes, 12).unwrap_or_default().saturating_add(32);
    if is_encrypted(why) {
        members.gap(gap(why).over(32, at));
    }
    broken(at, format!("its list of members cannot be read: {why}"))
}

fn is_encrypted(why: &Error) -> bool {
    matches!(why, Error::PasswordRequired | Error::MaybeBadPassword(_))
        || matches!(why, Error::UnsupportedCompressionMethod(name) if name.contains("AES"))
}

fn gap(why: &Error) -> Unseen {
    let detail = why.to_string();
    match why {
        _ if is_encrypted(why) => Unseen::new(GapReason::Encrypted, "encrypted").needing("the archive's password"),
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) => Unseen::new(GapReason::Unsupported, detail),
        Error::MaxMemLimited { .. } => Unseen::new(GapReason::OverLimit, detail),
        _ => Unseen::new(GapReason::Malformed, detail).needing("an intact copy"),
    }
}
