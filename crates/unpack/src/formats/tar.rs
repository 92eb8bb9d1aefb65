//! tar archives: ustar, pax, GNU; where two headers state two sizes, both readings are offered.
mod header;
mod listing;
mod sparse;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::header::{BLOCK, Extended, Header};
pub(crate) use self::listing::{Listed, Listing};
use self::sparse::Sparse;
use crate::field::{broken, from, range};
use crate::names::{link, odd};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "tar",
    revision: 1,
    title: "tar archive (ustar, pax, GNU)",
    limitations: &["members that continue in another volume are a gap"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.has_at(257, b"ustar")
        || Header::parse(head.bytes, 0).is_some_and(|header| header.sum_agrees && header.looks_old())
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (mut at, mut global, mut extended) = (0, Extended::default(), Extended::default());
    let mut ended = false;
    while at < bytes.len() as u64 {
        let header = match Header::parse(bytes, at) {
            Some(header) if header.is_blank => {
                (at, ended) = (at + BLOCK, true);
                continue;
            }
            Some(header) if header.sum_agrees => header,
            _ if at == 0 => return Err(Malformed::NotThis),
            _ => return behind(bytes, at, ended, members),
        };
        let size = extended.size.filter(|_| !header.is_extension()).unwrap_or(header.size);
        let start = at + BLOCK;
        let body = range(bytes, start, size);
        let mut entry = Entry { bytes, at, size, held: body.unwrap_or_else(|| from(bytes, start)), map_blocks: 0 };
        let mut is_empty = false;
        if header.kind == b'g' {
            global.read(&header, entry.held);
            extended = global.clone();
        } else if header.is_extension() {
            extended.read(&header, entry.held);
        } else {
            let extended = std::mem::replace(&mut extended, global.clone());
            let is_end = body.is_none() && from(bytes, start).iter().all(|byte| *byte == 0);
            is_empty = header.is_bodiless() && size > 0 && (is_end || is_header(bytes, start));
            if entry.offer(&header, &extended, is_empty, members).is_break() {
                return Ok(());
            }
        }
        if body.is_none() && !is_empty {
            return Err(broken(at, "the archive breaks off in a member"));
        }
        let length = if is_empty { 0 } else { size };
        let next = length.checked_next_multiple_of(BLOCK).and_then(|length| start.checked_add(length));
        let Some(next) = next.and_then(|next| next.checked_add(entry.map_blocks * BLOCK)) else { break };
        at = next;
    }
    Ok(())
}

fn is_header(bytes: &[u8], at: u64) -> bool {
    Header::parse(bytes, at).is_some_and(|header| header.sum_agrees && !header.is_blank)
}

/// What stands where a header should: behind the end of the archive it is odd, within it the archive is broken.
fn behind(bytes: &[u8], at: u64, ended: bool, members: &mut dyn Members) -> Result<(), Malformed> {
    let rest = from(bytes, at);
    crate::frames::trailing(bytes, rest, members);
    if ended || rest.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    Err(broken(at, "what follows is no tar header; it was looked at as one piece"))
}

/// One member: its header's place, and as many of its bytes as are there.
struct Entry<'a> {
    bytes: &'a [u8],
    at: u64,
    size: u64,
    held: &'a [u8],
    map_blocks: u64,
}

impl Entry<'_> {
    fn offer(
        &mut self,
        header: &Header<'_>,
        extended: &Extended,
        is_empty: bool,
        members: &mut dyn Members,
    ) -> ControlFlow<()> {
        let name = extended.path.clone().unwrap_or_else(|| header.name());
        odd(members, &name);
        whiteout(members, &name);
        let to = extended.link.as_deref().unwrap_or(header.link);
        let member = Member { name: &name, stated_size: Some(self.size), ..Member::default() };
        match header.kind {
            // Inside the archive a hard link names another member.
            b'1' | b'2' => link(members, &name, to, true),
            b'3' | b'4' | b'6' => members.anomaly(Some(&name), "device", "a device node or pipe".to_owned()),
            b'M' => {
                let detail = "continues a member of an earlier volume";
                members.unseen(&member, Unseen::new(GapReason::Missing, detail).needing("the earlier volume"));
            }
            _ => {}
        }
        if header.is_bodiless() {
            // Some write the content behind a hard link all the same.
            return if is_empty || self.held.is_empty() {
                ControlFlow::Continue(())
            } else {
                members.stored(&member, self.held)
            };
        }
        if header.kind == b'S' || extended.real_size.is_some() {
            return self.sparse(header, extended, &member, members);
        }
        members.stored(&member, self.held)?;
        if extended.size.is_some_and(|size| size != header.size && header.size != 0) {
            return self.other_reading(header.size, &member, members);
        }
        ControlFlow::Continue(())
    }

    fn sparse(
        &mut self,
        header: &Header<'_>,
        extended: &Extended,
        member: &Member<'_>,
        members: &mut dyn Members,
    ) -> ControlFlow<()> {
        let start = self.at + BLOCK;
        let sparse = if header.kind == b'S' {
            Sparse::old(self.bytes, self.at)
        } else {
            Sparse::pax(self.bytes, extended, start, self.held.len() as u64)
        };
        let Some(sparse) = sparse else {
            let detail = "its map of holes cannot be read; it was looked at as it is stored";
            members.unseen(member, Unseen::new(GapReason::Malformed, detail));
            return members.stored(member, self.held);
        };
        self.map_blocks = sparse.map_blocks;
        let member = Member { stated_size: Some(sparse.size), ..member.clone() };
        sparse.extents.offer(self.bytes, &member, sparse.size, members)
    }

    /// A reader that goes by the older header sees another end of this member, and another member behind it.
    fn other_reading(&self, size: u64, member: &Member<'_>, members: &mut dyn Members) -> ControlFlow<()> {
        let start = self.at + BLOCK;
        let other = range(self.bytes, start, size).unwrap_or_else(|| from(self.bytes, start));
        let detail = format!("two headers state {} and {size} bytes; both were looked at", self.size);
        members.unseen(member, Unseen::new(GapReason::Ambiguous, detail));
        members.stored(&Member { stated_size: Some(size), ..member.clone() }, other)?;
        let next = size.checked_next_multiple_of(BLOCK).and_then(|size| start.checked_add(size));
        let inside = next.filter(|next| is_header(self.bytes, *next) && *next < start.saturating_add(self.size));
        let Some(inside) = inside else { return ControlFlow::Continue(()) };
        let name = [member.name, b".by-the-other-header"].concat();
        let rest = range(self.bytes, inside, start.saturating_add(self.size) - inside);
        let rest = rest.unwrap_or_else(|| from(self.bytes, inside));
        members.stored(&Member { name: &name, ..Member::default() }, rest)
    }
}

/// In a layer of a container image, a name that deletes what lower layers hold: it is still shipped.
fn whiteout(members: &mut dyn Members, name: &[u8]) {
    let last = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    if let Some(hidden) = last.strip_prefix(b".wh.") {
        let detail = match hidden.strip_prefix(b".wh.") {
            Some(_) => "hides all that lower layers have in this folder; it is still shipped in them".to_owned(),
            None => format!("hides `{}` of lower layers; it is still shipped in them", hidden.escape_ascii()),
        };
        members.anomaly(Some(name), "whiteout", detail);
    }
}
