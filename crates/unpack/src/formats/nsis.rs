//! NSIS installers: the files that their script puts into place.
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};
use nsis::installer::NsisInstaller;

use crate::field::{broken, u32_le};
use crate::names::{odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "nsis",
    revision: 1,
    title: "NSIS installer",
    limitations: &["of a solid installer no more than 256 MiB are decoded; the rest is a gap"],
    accepts,
    unpack,
};

pub(crate) const MARK: &[u8] = b"\xef\xbe\xad\xdeNullsoftInst";
const MOST: usize = 256 << 20;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"MZ") && memchr::memmem::find(head.bytes, MARK).is_some()
}

/// What is opened under its own names: from where to where.
pub(super) fn data(bytes: &[u8]) -> Option<(usize, usize)> {
    let at = memchr::memmem::find(bytes, MARK)?;
    let length = usize::try_from(u32_le(bytes, at + 20)?).ok()?;
    let start = at.checked_sub(4)?;
    Some((start, start.saturating_add(length)))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let at = memchr::memmem::find(source.bytes, MARK).unwrap_or_default() as u64;
    let installer = NsisInstaller::builder(source.bytes)
        .max_decompressed_size(MOST)
        .parse()
        .map_err(|why| broken(at, format!("the installer's header cannot be read: {why}")))?;
    let mut count = 0_u64;
    for file in installer.files() {
        count += 1;
        let file = match file {
            Ok(file) => file,
            Err(why) => {
                members.gap(Unseen::new(GapReason::Malformed, format!("file {count} of the script: {why}")));
                continue;
            }
        };
        let name = file.dest_path().map_or_else(|_| format!("file-{count}"), |path| path.to_string());
        let name = slashed(name.into_bytes().into());
        odd(members, &name);
        let member = Member { name: &name, ..Member::default() };
        match file.decompress() {
            Ok(content) => {
                if let ControlFlow::Break(()) = members.streamed(&member, &mut content.as_slice()) {
                    return Ok(());
                }
            }
            Err(why) => members.unseen(&member, Unseen::new(GapReason::Malformed, why.to_string())),
        }
    }
    Ok(())
}
