//! `WiX` bundles (Burn): the cabinets behind the engine, with the names that the bundle's manifest gives their files.
mod manifest;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::manifest::Manifest;
use super::cab;
use crate::field::{broken, from, range, u16_le, u32_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "burn",
    revision: 1,
    title: "WiX bundle (Burn)",
    limitations: &["packages that the bundle downloads, or expects beside it, are gaps"],
    accepts,
    unpack,
};

const MAGIC: u32 = 0x00f1_4300;
/// How many containers there are.
const COUNT: usize = 44;
/// No bundle has more.
const MOST: usize = 256;
/// A longer manifest is not read.
const LONGEST: u64 = 64 << 20;
/// The first file of the first container.
const MANIFEST: &[u8] = b"0";

fn accepts(head: &Head<'_>) -> bool {
    places(head.bytes).is_some()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let Some(places) = places(bytes) else { return Err(Malformed::NotThis) };
    let held = |(start, length): (u64, u64)| range(bytes, start, length).unwrap_or_else(|| from(bytes, start));
    let first = places.first().copied().unwrap_or_default();
    let text = cab::content(held(first), MANIFEST, LONGEST);
    let manifest = text.as_deref().map(Manifest::read).unwrap_or_default();
    if text.is_none() {
        let detail = "the bundle's manifest cannot be read: its files have their keys for names, and what lies beside it is not known";
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    for (index, place) in places.iter().enumerate().filter(|(_, (_, length))| *length > 0) {
        let (name, renames) = manifest.container(index);
        let member = Member { name: &name, stated_size: Some(place.1), renames: &renames, ..Member::default() };
        let held = held(*place);
        if (held.len() as u64) < place.1 {
            let detail = format!("{} bytes are stated, {} are there", place.1, held.len());
            members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        }
        if members.stored(&member, held).is_break() {
            return Ok(());
        }
    }
    for outside in &manifest.outside {
        let member = Member { name: &outside.name, ..Member::default() };
        let mut unseen = Unseen::new(GapReason::Missing, outside.detail());
        unseen = unseen.needing(format!("`{}` beside the bundle", outside.name.escape_ascii()));
        members.unseen(&member, unseen);
    }
    let stated = section(bytes).and_then(|section| u32_le(section, COUNT)).unwrap_or_default();
    if places.is_empty() || u64::from(stated) != places.len() as u64 {
        let detail = format!("the bundle states {stated} containers, and says of {} where they are", places.len());
        return Err(broken(0, detail));
    }
    Ok(())
}

/// Where the containers are and how long: the first behind the engine, the others behind the engine's signature.
fn places(bytes: &[u8]) -> Option<Vec<(u64, u64)>> {
    let section = section(bytes)?;
    u32_le(section, 0).filter(|magic| *magic == MAGIC)?;
    let number = |at: usize| u32_le(section, at).map(u64::from);
    let (stub, signature, signed) = (number(24)?, number(32)?, number(36)?);
    let count = usize::try_from(u32_le(section, COUNT)?).ok()?;
    let (mut places, mut at) = (Vec::new(), stub);
    // The section has room for few: what it says beyond is no number of its own.
    for index in 0..count.min(MOST) {
        let Some(length) = number(48 + index * 4) else { break };
        places.push((at, length));
        at = if index == 0 && signature != 0 { signature + signed } else { at.saturating_add(length) };
    }
    Some(places)
}

/// The section `.wixburn` of an executable.
fn section(bytes: &[u8]) -> Option<&[u8]> {
    let header = usize::try_from(u32_le(bytes, 0x3c)?).ok().filter(|_| bytes.starts_with(b"MZ"))?;
    let held = bytes.get(header..).filter(|held| held.starts_with(b"PE\0\0"))?;
    let table = 24 + usize::from(u16_le(held, 20)?);
    let sections =
        (0..usize::from(u16_le(held, 6)?)).map_while(|index| held.get(table + index * 40..table + index * 40 + 40));
    let section = sections.into_iter().find(|section| section.starts_with(b".wixburn"))?;
    range(bytes, u64::from(u32_le(section, 20)?), u64::from(u32_le(section, 16)?))
}

/// What is opened under its own names: from where to where.
pub(crate) fn containers(bytes: &[u8]) -> Vec<(usize, usize)> {
    let ends =
        |(start, length): (u64, u64)| Some((usize::try_from(start).ok()?, usize::try_from(start + length).ok()?));
    places(bytes).unwrap_or_default().into_iter().filter_map(ends).collect()
}
