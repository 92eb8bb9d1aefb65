//! tar archives: ustar, pax, GNU; where two headers state two sizes, both readings are offered.
mod header;
mod links;
mod listing;
mod passing;
mod sparse;
mod walk;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::header::{BLOCK, Header};
use self::links::Links;
pub(crate) use self::listing::Listing;
pub(crate) use self::passing::PASSER;
use self::sparse::Sparse;
use self::walk::{Found, Walk, is_header};
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
    let (mut walk, mut links) = (Walk::new(bytes, 0), None);
    members.leaves_rest();
    while let Some(found) = walk.next()? {
        for at in walk.extensions.drain(..).chain([found.at]) {
            members.claims(range(bytes, at, BLOCK).unwrap_or_default());
        }
        if odd_extensions(&mut walk, members).is_break() {
            return Ok(());
        }
        let flow = match found.header.kind {
            b'1' if !found.has_content() => {
                further(bytes, &found, links.get_or_insert_with(|| Links::of(bytes)), members)
            }
            _ => offer(bytes, &found, members),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    if odd_extensions(&mut walk, members).is_break() {
        return Ok(());
    }
    match walk.at {
        0 => unheaded(bytes, members),
        at if at < bytes.len() as u64 => behind(bytes, at, walk.ended, members),
        // Cut between two members it looks whole: the blocks of zeros at its end say that it is.
        _ if !walk.ended => Err(broken(bytes.len() as u64, "the archive does not come to its end: it may be cut")),
        _ => Ok(()),
    }
}

/// What says nothing of a next member as it should: who knows no such headers has a file there.
fn odd_extensions(walk: &mut Walk<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    for (at, body) in walk.odd.drain(..) {
        let name = format!("header-{at:#x}");
        let member = Member { name: name.as_bytes(), ..Member::default() };
        let detail = "a header for the next member that does not read as one; it was looked at as a member too";
        members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail));
        members.stored(&member, body)?;
    }
    ControlFlow::Continue(())
}

/// A first header that is none: with its mark it was one, and what lies behind it is to be had all the same.
fn unheaded(bytes: &[u8], members: &mut dyn Members) -> Result<(), Malformed> {
    if range(bytes, 257, 5) != Some(b"ustar") {
        return Err(Malformed::NotThis);
    }
    crate::frames::trailing(bytes, from(bytes, BLOCK), members);
    Err(broken(0, "the first header does not agree with its own checksum; what follows was looked at as one piece"))
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

fn offer(bytes: &[u8], found: &Found<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let name = found.name();
    noted(found.header.kind, &name, found.link(), members);
    let member = Member { name: &name, stated_size: Some(found.size), ..Member::default() };
    if found.header.kind == b'M' {
        let detail = "continues a member of an earlier volume";
        members.unseen(&member, Unseen::new(GapReason::Missing, detail).needing("the earlier volume"));
    }
    // Some write the content behind a hard link all the same.
    if found.header.is_bodiless() && !found.has_content() {
        return ControlFlow::Continue(());
    }
    content(bytes, found, &member, members)
}

/// What is odd about an entry of this kind and name.
fn noted(kind: u8, name: &[u8], to: &[u8], members: &mut dyn Members) {
    odd(members, name);
    whiteout(members, name);
    match kind {
        b'1' | b'2' => link(members, name, to, true),
        b'3' | b'4' | b'6' => members.anomaly(Some(name), "device", "a device node or pipe".to_owned()),
        _ => {}
    }
}

/// A further name of a member: its content is that member's.
fn further(bytes: &[u8], found: &Found<'_>, links: &Links, members: &mut dyn Members) -> ControlFlow<()> {
    let (name, to) = (found.name(), found.link());
    noted(found.header.kind, &name, to, members);
    let member = Member { name: &name, ..Member::default() };
    let Some(target) = links.target(bytes, to, found.from) else {
        let detail = format!("a hard link to `{}`, which is not in the archive", to.escape_ascii());
        members.unseen(&member, Unseen::new(GapReason::Missing, detail).needing("what it leads to"));
        return ControlFlow::Continue(());
    };
    if target.at > found.at {
        members.anomaly(Some(&name), "link-ahead", "a hard link to a member that stands behind it".to_owned());
    }
    if target.header.is_bodiless() && !target.has_content() {
        return ControlFlow::Continue(());
    }
    content(bytes, &target, &Member { stated_size: Some(target.size), ..member }, members)
}

fn content(bytes: &[u8], found: &Found<'_>, member: &Member<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let start = found.at + BLOCK;
    if found.header.kind == b'S' || found.own.real_size.is_some() {
        let sparse = if found.header.kind == b'S' {
            Sparse::old(bytes, found.at)
        } else {
            Sparse::pax(bytes, &found.own, start, found.held.len() as u64)
        };
        let Some(sparse) = sparse else {
            let detail = "its map of holes cannot be read; it was looked at as it is stored";
            members.unseen(member, Unseen::new(GapReason::Malformed, detail));
            return members.stored(member, found.held);
        };
        let held = found.held.len() as u64;
        if sparse.told < held {
            let detail = format!("its map of holes tells of {} of its {held} bytes; both were looked at", sparse.told);
            members.unseen(member, Unseen::new(GapReason::Ambiguous, detail));
            members.stored(member, found.held)?;
        }
        let member = Member { stated_size: Some(sparse.size), ..member.clone() };
        return sparse.extents.offer(bytes, &member, sparse.size, members);
    }
    members.stored(member, found.held)?;
    match found.other_size().filter(|_| !found.header.is_bodiless()) {
        Some(size) => other_reading(bytes, found, size, member, members),
        None => ControlFlow::Continue(()),
    }
}

/// A reader that goes by the older header sees another end of this member, and another member behind it.
fn other_reading(
    bytes: &[u8],
    found: &Found<'_>,
    size: u64,
    member: &Member<'_>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let start = found.at + BLOCK;
    let other = range(bytes, start, size).unwrap_or_else(|| from(bytes, start));
    let detail = format!("two headers state {} and {size} bytes; both were looked at", found.size);
    members.unseen(member, Unseen::new(GapReason::Ambiguous, detail));
    members.stored(&Member { stated_size: Some(size), ..member.clone() }, other)?;
    let end = start.saturating_add(found.size);
    let next = size.checked_next_multiple_of(BLOCK).and_then(|size| start.checked_add(size));
    let Some(inside) = next.filter(|next| is_header(bytes, *next) && *next < end) else {
        return ControlFlow::Continue(());
    };
    let name = [member.name, b".by-the-other-header"].concat();
    let rest = range(bytes, inside, end - inside).unwrap_or_else(|| from(bytes, inside));
    members.stored(&Member { name: &name, ..Member::default() }, rest)
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
