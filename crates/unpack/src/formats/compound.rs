//! OLE compound files: MSI packages, old Office documents, message files; every stream is a member.
mod directory;
mod sectors;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::directory::{Kind, entries, paths};
use self::sectors::Sectors;
use crate::extents::Extents;
use crate::field::{broken, u32_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "compound",
    revision: 1,
    title: "OLE compound file (MSI, MSP, DOC, XLS, MSG)",
    limitations: &["tables of an MSI are offered as streams, under their own names"],
    accepts,
    unpack,
};

/// Shorter streams lie in small sectors.
const CUTOFF: u32 = 4096;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let sectors = Sectors::read(bytes).ok_or_else(|| broken(0, "the header is not that of a compound file"))?;
    let (chain, is_whole) = sectors.chain(u32_le(bytes, 48).unwrap_or(u32::MAX));
    let entries = entries(bytes, &sectors.extents(&chain));
    let Some(root) = entries.first().filter(|entry| entry.kind == Kind::Root) else {
        return Err(broken(sectors.offset(chain.first().copied().unwrap_or_default()), "no root in the directory"));
    };
    let (small, _) = sectors.chain(root.start);
    let cutoff = u64::from(u32_le(bytes, 56).unwrap_or(CUTOFF)).min(u64::from(CUTOFF));
    let paths = paths(&entries);
    for (entry, path) in entries.iter().zip(&paths).filter(|(entry, _)| entry.kind == Kind::Stream) {
        let name = path.clone().unwrap_or_else(|| entry.name.clone());
        if path.is_none() {
            members.anomaly(Some(name.as_bytes()), "orphan", "no storage lists this stream".to_owned());
        }
        let (extents, ended) = if entry.size < cutoff {
            sectors.small(entry.start, entry.size, &small)
        } else {
            let (chain, ended) = sectors.chain(entry.start);
            (sectors.extents(&chain), ended)
        };
        let member = Member { name: name.as_bytes(), stated_size: Some(entry.size), link: None };
        if offer(bytes, &member, entry.size, (&extents, ended), members).is_break() {
            return Ok(());
        }
    }
    if !is_whole {
        return Err(broken(bytes.len() as u64, "the directory breaks off"));
    }
    Ok(())
}

fn offer(
    bytes: &[u8],
    member: &Member<'_>,
    size: u64,
    (extents, ended): (&Extents, bool),
    members: &mut dyn Members,
) -> ControlFlow<()> {
    if !ended && extents.length() >= size && size > 0 {
        let unseen = Unseen::new(GapReason::Malformed, "its chain of sectors does not end");
        members.unseen(member, unseen.needing("an intact copy"));
    }
    extents.offer(bytes, member, size, members)
}
