//! tar archives: ustar, pax, GNU; where two headers state two sizes, both readings are offered.
mod header;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::header::{BLOCK, Extended, Header};
use crate::field::{from, range};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "tar",
    revision: 1,
    title: "tar archive (ustar, pax, GNU)",
    limitations: &["sparse members are offered as they are stored, with a gap"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.has_at(257, b"ustar")
        || Header::parse(head.bytes, 0).is_some_and(|header| header.sum_agrees && header.looks_old())
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let (mut at, mut extended) = (0, Extended::default());
    while at < source.bytes.len() as u64 {
        let Some(header) = Header::parse(source.bytes, at) else {
            return Err(broken(at, "the archive breaks off in a header"));
        };
        if header.is_blank {
            at += BLOCK;
            continue;
        }
        if !header.sum_agrees {
            if at == 0 {
                return Err(Malformed::NotThis);
            }
            let member = Member { name: b"trailing", ..Member::default() };
            let _ = members.stored(&member, from(source.bytes, at));
            return Err(broken(at, "what follows is no tar header; it was looked at as one piece"));
        }
        let size = extended.size.filter(|_| !header.is_extension()).unwrap_or(header.size);
        let start = at + BLOCK;
        let body = range(source.bytes, start, size);
        let held = body.unwrap_or_else(|| from(source.bytes, start));
        if header.is_extension() {
            extended.read(&header, held);
        } else {
            let flow = offer(&header, &std::mem::take(&mut extended), held, source.bytes, start, members);
            if flow.is_break() {
                return Ok(());
            }
        }
        if body.is_none() {
            return Err(broken(at, "the archive breaks off in a member"));
        }
        let Some(next) = size.checked_next_multiple_of(BLOCK).and_then(|size| start.checked_add(size)) else { break };
        at = next;
    }
    Ok(())
}

fn offer(
    header: &Header<'_>,
    extended: &Extended,
    held: &[u8],
    archive: &[u8],
    start: u64,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let name = extended.path.clone().unwrap_or_else(|| header.name());
    if name.starts_with(b"/") || name.split(|byte| *byte == b'/').any(|part| part == b"..") {
        members.anomaly(Some(&name), "path-traversal", "an absolute path, or one that climbs out".to_owned());
    }
    let member = Member { name: &name, stated_size: Some(held.len() as u64), link: None };
    match header.kind {
        b'1' | b'2' => link(members, &name, extended.link.as_deref().unwrap_or(header.link)),
        b'3' | b'4' | b'6' => members.anomaly(Some(&name), "device", "a device node or pipe".to_owned()),
        b'5' => {}
        _ => {
            if header.kind == b'S' || extended.sparse {
                let detail = "a sparse member, looked at as it is stored, without its holes";
                members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
            }
            members.stored(&member, held)?;
            if extended.size.is_some_and(|size| size != header.size && header.size != 0) {
                let other = range(archive, start, header.size).unwrap_or_else(|| from(archive, start));
                let detail = format!("two headers state {} and {} bytes; both were looked at", held.len(), header.size);
                members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail));
                members.stored(&Member { stated_size: Some(header.size), ..member }, other)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// A link is never followed; one that leaves its container is odd.
pub(super) fn link(members: &mut dyn Members, name: &[u8], to: &[u8]) {
    if to.starts_with(b"/") || to.starts_with(b"../") {
        let detail = format!("a link to `{}`", String::from_utf8_lossy(to).escape_debug());
        members.anomaly(Some(name), "link-out", detail);
    }
}

fn broken(at: u64, detail: &str) -> Malformed {
    Malformed::at(format!("offset {at:#x}"), detail)
}
