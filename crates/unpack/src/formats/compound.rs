//! OLE compound files: MSI packages, old Office documents, message files; every stream is a member.
mod directory;
mod installer;
mod sectors;

use std::io::Read as _;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::directory::{Entry, Kind, entries, paths};
use self::installer::Plan;
use self::sectors::Sectors;
use crate::extents::Extents;
use crate::field::{broken, u32_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "compound",
    revision: 2,
    title: "OLE compound file (MSI, MSP, DOC, XLS, MSG)",
    limitations: &[
        "the tables of a package are read, and only their strings offered as a member",
        "files in the cabinets of a patch have their keys for names",
    ],
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
    members.leaves_rest();
    let (chain, is_whole) = sectors.chain(u32_le(bytes, 48).unwrap_or(u32::MAX));
    let entries = entries(bytes, &sectors.extents(&chain));
    let Some(root) = entries.first().filter(|entry| entry.kind == Kind::Root) else {
        return Err(broken(sectors.offset(chain.first().copied().unwrap_or_default()), "no root in the directory"));
    };
    let (small, _) = sectors.chain(root.start);
    let cutoff = u64::from(u32_le(bytes, 56).unwrap_or(CUTOFF)).min(u64::from(CUTOFF));
    let paths = paths(&entries);
    let extents = |entry: &Entry| {
        if entry.size < cutoff {
            sectors.small(entry.start, entry.size, &small)
        } else {
            let (chain, ended) = sectors.chain(entry.start);
            (sectors.extents(&chain), ended)
        }
    };
    let plan = installer::plan(&|wanted| {
        let place = paths.iter().position(|path| path.as_deref() == Some(wanted))?;
        let entry = entries.get(place).filter(|entry| entry.kind == Kind::Stream && entry.size <= TABLE)?;
        let mut held = Vec::new();
        let _ = extents(entry).0.reader(bytes, entry.size).read_to_end(&mut held);
        Some(held)
    });
    let plan = plan.unwrap_or_default();
    outside(&plan, members);
    for (entry, path) in entries.iter().zip(&paths).filter(|(entry, _)| entry.kind == Kind::Stream) {
        let name = path.clone().unwrap_or_else(|| entry.name.clone());
        if plan.is_table(&name, entry.size) {
            continue;
        }
        if path.is_none() {
            members.anomaly(Some(name.as_bytes()), "orphan", "no storage lists this stream".to_owned());
        }
        let (extents, ended) = extents(entry);
        let mut start = [0; 4];
        let is_cabinet = extents.reader(bytes, 4).read_exact(&mut start).is_ok() && start == *b"MSCF";
        let renames = if is_cabinet { plan.names.as_slice() } else { &[] };
        let member = Member { name: name.as_bytes(), stated_size: Some(entry.size), renames, ..Member::default() };
        if offer(bytes, &member, entry.size, (&extents, ended), members).is_break() {
            return Ok(());
        }
    }
    if !is_whole {
        return Err(broken(bytes.len() as u64, "the directory breaks off"));
    }
    Ok(())
}

/// A table of a package is not longer.
const TABLE: u64 = 64 << 20;

/// What a package needs beside it.
fn outside(plan: &Plan, members: &mut dyn Members) {
    for cabinet in &plan.outside {
        let missing = Unseen::new(GapReason::Missing, "files of the package lie in a cabinet beside it");
        let member = Member { name: cabinet.as_bytes(), ..Member::default() };
        members.unseen(&member, missing.needing(format!("`{}` beside the package", cabinet.escape_debug())));
    }
    if plan.loose > 0 {
        let detail = format!("{} files of the package lie beside it, uncompressed", plan.loose);
        members.gap(Unseen::new(GapReason::Missing, detail).needing("the files beside the package"));
    }
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
